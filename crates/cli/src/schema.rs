//! `docmill schema`.

use std::io::Write as _;

use docmill_core::Registry;
use docmill_core::contract::{Answer, Descriptor};
use docmill_engine::{LedgerEntry, Manifest, QuarantineEntry};

use crate::arguments::{Schema, SchemaArguments};
use crate::exit;
use crate::load;

/// Prints a JSON Schema (2020-12).
pub(crate) fn schema(registry: &Registry, arguments: &SchemaArguments) -> anyhow::Result<u8> {
    let schema = match arguments.of {
        Schema::Pipeline => {
            let pipeline = arguments.pipeline.as_deref();
            let with_plugins = pipeline.map(|file| load::with_plugins(registry, Some(file))).transpose()?;
            docmill_config::schema(with_plugins.as_ref().unwrap_or(registry))
        }
        Schema::Record => docmill_output::schema(),
        Schema::Ledger => schemars::schema_for!(LedgerEntry).to_value(),
        Schema::Quarantine => schemars::schema_for!(QuarantineEntry).to_value(),
        Schema::Manifest => schemars::schema_for!(Manifest).to_value(),
        Schema::Descriptor => schemars::schema_for!(Descriptor).to_value(),
        Schema::Answer => schemars::schema_for!(Answer).to_value(),
    };
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&schema)?)?;
    Ok(exit::DONE)
}
