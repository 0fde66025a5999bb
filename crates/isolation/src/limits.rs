//! What the process of a worker may take, and how it is kept from outliving the run.

use std::io;

use docmill_core::Limits;

/// Bounds the memory of this process, and has it end with the run.
#[cfg(unix)]
pub(crate) fn apply(limits: &Limits) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let most = Some(limits.memory.0);
    // What is mapped and could be written to: the heap and the stacks.
    setrlimit(Resource::Data, Rlimit { current: most, maximum: most })?;
    // A worker that dies leaves no image of its memory, which holds documents.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

/// Elsewhere a worker is bounded in time alone.
#[cfg(not(unix))]
pub(crate) fn apply(_limits: &Limits) -> io::Result<()> {
    Ok(())
}
