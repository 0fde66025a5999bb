//! The `docmill` command, as a library: a binary of one's own is docmill plus its stages.
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     let mut registry = docmill_cli::registry();
//!     // registry.register::<MyStage>().expect("no other stage has its name");
//!     docmill_cli::main_with(registry)
//! }
//! ```

mod arguments;
mod builtin;
mod cache;
mod check;
mod estimate;
mod exit;
mod explain;
#[cfg_attr(not(feature = "llm"), path = "llm_off.rs")]
mod llm;
mod load;
mod new;
#[cfg_attr(not(feature = "objects"), path = "objects_off.rs")]
mod objects;
#[cfg_attr(not(feature = "otlp"), path = "otlp_off.rs")]
mod otlp;
mod plugin;
mod progress;
mod prometheus;
mod registry;
mod run;
mod schema;
mod signals;
mod stages;
mod summary;
mod telemetry;
mod terminal;
mod timings;
mod trace_file;
mod try_file;
#[cfg_attr(not(feature = "wasm"), path = "wasm_off.rs")]
mod wasm;
mod watch;
mod worker;

use std::process::ExitCode;

use clap::Parser as _;
use docmill_core::Registry;

pub use builtin::BUILTIN;
pub use registry::registry;

use crate::arguments::{Arguments, Command};

/// Runs the command line of this process with the components of `registry`, and gives its exit status.
#[allow(clippy::needless_pass_by_value, reason = "a program hands its registry over: nothing else is done with it")]
pub fn main_with(registry: Registry) -> ExitCode {
    let arguments = Arguments::parse();
    let result = telemetry::start(arguments.log, arguments.command.run()).and_then(|()| command(&registry, &arguments));
    telemetry::end();
    exit::code(result)
}

fn command(registry: &Registry, arguments: &Arguments) -> anyhow::Result<u8> {
    match &arguments.command {
        Command::Run(options) => run::run(registry, options, arguments.log),
        Command::Watch(options) => watch::watch(registry, options, arguments.log),
        Command::Check(options) => check::check(registry, options),
        Command::Stages(options) => stages::stages(registry, options),
        Command::Schema(options) => schema::schema(registry, options),
        Command::New(options) => new::new(registry, options),
        Command::Try(options) => try_file::try_file(registry, options),
        Command::Cache(options) => cache::cache(options),
        Command::Explain(options) => explain::explain(registry, options),
        Command::Plugin(command) => plugin::plugin(registry, command),
        Command::Worker => worker::worker(registry),
    }
}
