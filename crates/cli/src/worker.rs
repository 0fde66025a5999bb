//! `docmill worker`: one part of a pipeline in a process of its own. A run starts it; people do not.

use anyhow::Context as _;
use docmill_core::Registry;
use docmill_engine::WorkerCommand;

use crate::exit;

/// What the command is called.
const NAME: &str = "worker";

/// How this program is started as a worker.
pub(crate) fn command() -> anyhow::Result<WorkerCommand> {
    let program = std::env::current_exe().context("cannot tell where this program is")?;
    Ok(WorkerCommand { program: program.into(), arguments: vec![NAME.into()] })
}

/// Works for a run until it has nothing more to do.
pub(crate) fn worker(registry: &Registry) -> anyhow::Result<u8> {
    docmill_isolation::serve(registry)?;
    Ok(exit::DONE)
}
