//! `docmill stages`: what there is to make pipelines of, from the structs that hold the options.

use std::io::{self, Write};

use docmill_core::{Entry, Field, Registry, RoleKind, nearest};
use serde_json::{Map, Value, json};

use crate::arguments::StagesArguments;
use crate::exit::{self, Wrong};
use crate::load;

/// Lists all components, those of a family, or shows one with its options.
pub(crate) fn stages(registry: &Registry, arguments: &StagesArguments) -> anyhow::Result<u8> {
    let registry = &load::with_plugins(registry, arguments.pipeline.as_deref())?;
    let shown = match arguments.name.as_deref() {
        None => registry.entries().collect(),
        Some(name) => named(registry, name)?,
    };
    let mut out = io::stdout().lock();
    let one = arguments.name.as_deref().is_some_and(|name| registry.get(name).is_some());
    if arguments.json {
        let all: Vec<Value> = shown.iter().map(|entry| described(entry)).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
    } else if arguments.pages || one {
        shown.iter().try_for_each(|entry| page(&mut out, entry))?;
    } else {
        list(&mut out, &shown)?;
    }
    Ok(exit::DONE)
}

fn named<'r>(registry: &'r Registry, name: &str) -> anyhow::Result<Vec<&'r Entry>> {
    if let Some(entry) = registry.get(name) {
        return Ok(vec![entry]);
    }
    let family: Vec<_> = registry.entries().filter(|entry| entry.family() == name).collect();
    if !family.is_empty() {
        return Ok(family);
    }
    let names: Vec<&str> = registry.entries().flat_map(|entry| [entry.name(), entry.family()]).collect();
    let help = nearest(name, &names).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    Err(Wrong(format!("error: there is no stage or family `{name}`{help}")).into())
}

fn role(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Input => "input",
        RoleKind::Reader => "reader",
        RoleKind::Stage => "stage",
        RoleKind::Filter => "filter",
        RoleKind::Corpus => "corpus-wide stage",
        RoleKind::Output => "output",
    }
}

fn list(out: &mut dyn Write, entries: &[&Entry]) -> io::Result<()> {
    let width = entries.iter().map(|entry| entry.name().len()).max().unwrap_or(0);
    let mut family = "";
    for entry in entries {
        if entry.family() != family && !family.is_empty() {
            writeln!(out)?;
        }
        family = entry.family();
        let mark = if entry.recommended() { '*' } else { ' ' };
        writeln!(out, "{mark} {:width$}  {}", entry.name(), entry.summary())?;
    }
    writeln!(
        out,
        "\n* belongs to what the bare name of its family stands for. `docmill stages NAME` shows a stage's options."
    )
}

/// A component's page, in Markdown: what it does, what it needs and gives, and its options.
fn page(out: &mut dyn Write, entry: &Entry) -> io::Result<()> {
    let schema = entry.schema();
    let recommended = if entry.recommended() { ", recommended" } else { "" };
    let role = entry.plugin().map_or_else(|| role(entry.kind()).to_owned(), |kind| format!("plugin ({kind})"));
    writeln!(out, "## {}\n\n*{role}, version {}{recommended}*\n", entry.name(), entry.version())?;
    let described = schema["description"].as_str().unwrap_or_default().trim_end();
    if !described.is_empty() {
        writeln!(out, "{described}\n")?;
    }
    let fields = |fields: &[Field]| fields.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    for (word, of) in [("Needs", entry.needs()), ("Gives", entry.gives())] {
        if !of.is_empty() {
            writeln!(out, "{word}: {}\n", fields(of))?;
        }
    }
    options(out, schema["properties"].as_object().unwrap_or(&Map::new()), &schema)
}

fn options(out: &mut dyn Write, options: &Map<String, Value>, root: &Value) -> io::Result<()> {
    if options.is_empty() {
        return Ok(());
    }
    writeln!(out, "Options:\n")?;
    for (name, option) in options {
        write!(out, "- `{name}` ({}", kind_of(option, root))?;
        if let Some(default) = option.get("default") {
            write!(out, "; default `{default}`")?;
        }
        let description = option["description"].as_str().or_else(|| resolved(option, root)["description"].as_str());
        writeln!(out, "): {}", description.unwrap_or_default().replace('\n', "\n  "))?;
    }
    writeln!(out)
}

fn resolved<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str().and_then(|reference| root.pointer(reference.trim_start_matches('#')));
    reference.unwrap_or(schema)
}

/// What an option may be, in a few words.
fn kind_of(option: &Value, root: &Value) -> String {
    let option = resolved(option, root);
    if let Some(choices) = option["oneOf"].as_array().or_else(|| option["anyOf"].as_array()) {
        let mut kinds: Vec<String> = choices.iter().map(|choice| kind_of(choice, root)).collect();
        kinds.dedup();
        return kinds.join(" | ");
    }
    if let Some(constant) = option.get("const") {
        return constant.as_str().map_or_else(|| constant.to_string(), ToOwned::to_owned);
    }
    if let Some(values) = option["enum"].as_array() {
        return values.iter().map(|value| value.as_str().unwrap_or("null")).collect::<Vec<_>>().join(" | ");
    }
    let kind = match &option["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        _ => "any".to_owned(),
    };
    let kind = match kind.as_str() {
        "array" => format!("list of {}", kind_of(&option["items"], root)),
        _ => kind,
    };
    match (&option["minimum"], &option["maximum"]) {
        (Value::Null, Value::Null) => kind,
        (low, Value::Null) => format!("{kind}, at least {low}"),
        (Value::Null, high) => format!("{kind}, at most {high}"),
        (low, high) => format!("{kind}, {low} to {high}"),
    }
}

fn described(entry: &Entry) -> Value {
    let fields = |fields: &[Field]| fields.iter().map(ToString::to_string).collect::<Vec<_>>();
    json!({
        "name": entry.name(),
        "role": entry.kind(),
        "plugin": entry.plugin(),
        "version": entry.version(),
        "recommended": entry.recommended(),
        "summary": entry.summary(),
        "needs": fields(entry.needs()),
        "gives": fields(entry.gives()),
        "options": entry.schema(),
    })
}
