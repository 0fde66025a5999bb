//! `docmill worker`: one part of a pipeline in a process of its own. A run starts it; people do not.

use std::path::Path;

use anyhow::Context as _;
use docmill_core::Registry;
use docmill_engine::WorkerCommand;

use crate::exit;

/// What the command is called.
const NAME: &str = "worker";

/// How this program is started as a worker. Under Linux it is the very file that runs, whatever has come in its place since.
pub(crate) fn command() -> anyhow::Result<WorkerCommand> {
    let running = Path::new("/proc/self/exe");
    let program = if running.exists() {
        running.to_owned()
    } else {
        std::env::current_exe().context("cannot tell where this program is")?
    };
    // What the allocator takes before the limit is set, the limit does not count.
    let environment = vec![("MIMALLOC_ARENA_EAGER_COMMIT".into(), "0".into())];
    Ok(WorkerCommand { program: program.into(), arguments: vec![NAME.into()], environment })
}

/// Works for a run until it has nothing more to do.
pub(crate) fn worker(registry: &Registry) -> anyhow::Result<u8> {
    docmill_isolation::serve(registry)?;
    Ok(exit::DONE)
}
