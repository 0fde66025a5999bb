//! `docmill plugin`: what authors of plugins need.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;
use docmill_core::{BuildContext, BuildError, Limits, Registry, TimeSpan};
use docmill_plugin::{Check, Outcome, Trial, conformance};
use serde_json::{Value, json};

use crate::arguments::{PipelineArguments, PluginCommand, PluginTestArguments};
use crate::exit::{self, Wrong};
use crate::load;

/// What the file of a plugin is called in the suite.
const NAME: &str = "plugin";

/// How a file is a plugin: its extension, the key of its kind, and the program that runs it, if it is none itself.
const FILES: [(&str, &str, Option<&str>); 6] = [
    ("wasm", "wasm", None),
    ("rhai", "script", None),
    ("py", "process", Some("python3")),
    ("mjs", "process", Some("node")),
    ("js", "process", Some("node")),
    ("sh", "process", Some("bash")),
];

/// Runs a command of `docmill plugin`.
pub(crate) fn plugin(registry: &Registry, command: &PluginCommand) -> anyhow::Result<u8> {
    match command {
        PluginCommand::Test(arguments) => test(registry, arguments),
    }
}

fn test(registry: &Registry, arguments: &PluginTestArguments) -> anyhow::Result<u8> {
    let wrong = |message: String| anyhow::Error::from(Wrong(format!("error: {message}")));
    let time: TimeSpan = arguments.time.parse().map_err(|error| wrong(format!("--time: {error}")))?;
    let options = arguments.options.as_deref().map(serde_json::from_str::<Value>).transpose();
    let options = options.map_err(|error| wrong(format!("--options is no JSON: {error}")))?;
    let texts = arguments.documents.iter().map(|path| {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        anyhow::Ok((path.display().to_string(), text))
    });
    let texts = texts.collect::<anyhow::Result<_>>().map_err(|error| wrong(format!("{error:#}")))?;
    let (registry, name, of_pipeline) = found(registry, arguments)?;
    let options = options.or(of_pipeline).unwrap_or_default();
    let trial = Trial { options, texts, limits: Limits { time, ..Limits::default() } };
    let checks = conformance(&registry, &name, &trial).map_err(wrong)?;
    let failed = checks.iter().filter(|check| matches!(check.outcome, Outcome::Failed(_))).count();
    let mut out = io::stdout().lock();
    if arguments.json {
        let entry = registry.get(&name).map(|entry| json!({"version": entry.version(), "kind": entry.plugin()}));
        let report = json!({"plugin": arguments.plugin, "described": entry, "failed": failed, "checks": checks});
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        report(&mut out, &checks)?;
    }
    Ok(if failed == 0 { exit::DONE } else { exit::FAILED })
}

/// The registry with the plugin that is meant, what it is called there, and its options in the pipeline.
fn found(registry: &Registry, arguments: &PluginTestArguments) -> anyhow::Result<(Registry, String, Option<Value>)> {
    let plugin = &arguments.plugin;
    let mut with_plugins = load::with_plugins(registry, arguments.pipeline.as_deref())?;
    if with_plugins.get(plugin).is_some() {
        let options = options_in_pipeline(registry, arguments);
        return Ok((with_plugins, plugin.clone(), options));
    }
    let path = Path::new(plugin);
    if !path.is_file() {
        let message = format!("there is no stage `{plugin}`, and no file of this name");
        return Err(Wrong(format!("error: {message}: `--pipeline FILE` says whose plugins are meant")).into());
    }
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let file = FILES.iter().find(|(of, _, _)| *of == extension);
    let (key, definition) = match file {
        Some((_, key, None)) => (*key, json!({*key: plugin})),
        Some((_, key, Some(program))) => (*key, json!({*key: [program, plugin]})),
        None => ("process", json!({"process": [std::path::absolute(path)?]})),
    };
    let opener = registry.openers().iter().find(|opener| opener.key() == key);
    let opener = opener.ok_or_else(|| Wrong(format!("error: this build has no plugins of the kind `{key}`")))?;
    let entry = opener.open(NAME, &definition, &BuildContext::new("", Limits::default())).map_err(|errors| {
        let error = BuildError::Options { name: plugin.clone(), errors };
        Wrong(format!("error: {error}"))
    })?;
    with_plugins.add(entry)?;
    Ok((with_plugins, NAME.to_owned(), None))
}

/// The options of the first stage of this name, where the pipeline is right.
fn options_in_pipeline(registry: &Registry, arguments: &PluginTestArguments) -> Option<Value> {
    let pipeline = Some(arguments.pipeline.clone().unwrap_or_else(|| load::USUAL.to_owned()));
    let loaded = load::load_quietly(registry, &PipelineArguments { pipeline, set: Vec::new() }, &[]).ok()?.ok()?;
    let step = loaded.pipeline.steps().iter().find(|step| step.built.name == arguments.plugin)?;
    Some(step.built.options.clone())
}

fn report(out: &mut dyn Write, checks: &[Check]) -> io::Result<()> {
    let mut counts = [0, 0, 0];
    for check in checks {
        let (at, word, detail) = match &check.outcome {
            Outcome::Passed(detail) => (0, "ok", detail),
            Outcome::Failed(detail) => (1, "FAILED", detail),
            Outcome::Unseen(detail) => (2, "not seen", detail),
        };
        counts[at] += 1;
        writeln!(out, "{word:8}  {}: {detail}", check.name)?;
    }
    let [passed, failed, unseen] = counts;
    let unseen = if unseen > 0 { format!(", {unseen} not seen") } else { String::new() };
    writeln!(out, "\n{passed} passed, {failed} failed{unseen}")
}
