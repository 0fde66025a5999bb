//! From the command line to a checked pipeline.

use std::path::Path;

use docmill_config::{Diagnostics, Loaded, Loader};
use docmill_core::Registry;

use crate::arguments::PipelineArguments;
use crate::builtin::builtin;
use crate::exit::Wrong;
use crate::terminal;

/// What a pipeline file is mostly called.
pub(crate) const USUAL: &str = "pipeline.yaml";

/// The pipeline that runs where none is named.
const DEFAULT: &str = "briefing";

/// Loads the pipeline that the arguments name, over `documents` where there are any, or over its own input. Warnings go to
/// standard error; where something is wrong, the error says all of it.
pub(crate) fn load(registry: &Registry, arguments: &PipelineArguments, documents: &[String]) -> anyhow::Result<Loaded> {
    let loaded = load_quietly(registry, arguments, documents)?;
    let loaded = loaded.map_err(|diagnostics| Wrong(diagnostics.render(terminal::colours())))?;
    if !loaded.warnings.is_empty() {
        terminal::say(loaded.warnings.render(terminal::colours()).trim_end());
    }
    Ok(loaded)
}

/// The same, without a word to standard error.
pub(crate) fn load_quietly(
    registry: &Registry,
    arguments: &PipelineArguments,
    documents: &[String],
) -> anyhow::Result<Result<Loaded, Diagnostics>> {
    let name = arguments.pipeline.as_deref().unwrap_or(DEFAULT);
    let mut loader = Loader::new(registry);
    for assignment in &arguments.set {
        let Some((name, value)) = assignment.split_once('=') else {
            return Err(Wrong(format!("error: --set {assignment}: expected NAME=VALUE")).into());
        };
        loader = match loader.set(name, value) {
            Ok(loader) => loader,
            Err(diagnostics) => return Ok(Err(diagnostics)),
        };
    }
    if !documents.is_empty() {
        loader = loader.inputs(documents);
    }
    Ok(match builtin(name) {
        Some(text) => loader.load_str(name, text),
        None => loader.load(name),
    })
}

/// The registry with the plugins of the pipeline file `pipeline`, or of the one that stands in the current folder under the usual
/// name.
pub(crate) fn with_plugins(registry: &Registry, pipeline: Option<&str>) -> anyhow::Result<Registry> {
    let file = pipeline.or_else(|| Path::new(USUAL).is_file().then_some(USUAL));
    let Some(file) = file else { return Ok(registry.clone()) };
    let registry = Loader::new(registry).registry(file);
    registry.map_err(|diagnostics| Wrong(diagnostics.render(terminal::colours())).into())
}

/// Whether an argument names a pipeline file rather than a document. A pipeline is read from no address.
pub(crate) fn is_pipeline(argument: &str) -> bool {
    if argument.contains("://") {
        return false;
    }
    let extension = Path::new(argument).extension();
    let is_yaml = extension.is_some_and(|extension| extension == "yaml" || extension == "yml");
    is_yaml || builtin(argument).is_some()
}
