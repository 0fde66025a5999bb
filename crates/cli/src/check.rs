//! `docmill check`.

use std::io::Write as _;

use docmill_core::Registry;

use crate::arguments::{CheckArguments, PipelineArguments};
use crate::builtin::builtin;
use crate::exit;
use crate::load;
use crate::terminal;

/// Checks a pipeline, and prints it with everything written out where that is asked for.
pub(crate) fn check(registry: &Registry, arguments: &CheckArguments) -> anyhow::Result<u8> {
    let pipeline = PipelineArguments { pipeline: Some(arguments.pipeline.clone()), set: arguments.set.clone() };
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let (found, code) = match load::load_quietly(registry, &pipeline, &[])? {
            Ok(loaded) => (loaded.warnings.to_json(), exit::DONE),
            Err(diagnostics) => (diagnostics.to_json(), exit::WRONG),
        };
        writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?;
        return Ok(code);
    }
    let loaded = load::load(registry, &pipeline, &[])?;
    if arguments.expand {
        write!(out, "{}", loaded.expanded())?;
    } else {
        let place = if builtin(&arguments.pipeline).is_some() { "built-in pipeline " } else { "" };
        terminal::say(&format!("{place}{}: nothing wrong", arguments.pipeline));
    }
    Ok(exit::DONE)
}
