//! Runs a part of a pipeline so that its failure costs one document.
//!
//! Three walls, each thicker than the one before: [`caught`] stops a panic, [`timed`] does not wait longer than a time for a
//! stage, and [`Workers`] has a reader, stage or filter work in processes of the same binary, where a stack overflow, an
//! abort, an endless loop or memory without end costs the document and the process, which is replaced.
//!
//! A [`Group`] is a process with all that it starts: workers are, and so are the processes of plugins.
//!
//! The other end is [`serve`]: what the binary does when it is started with the words of a [`WorkerCommand`].

mod frame;
mod group;
mod guard;
mod limits;
mod serve;
mod task;
mod worker;
mod workers;

pub use group::{Group, end_all};
pub use guard::{STACK_SIZE, caught, timed};
pub use serve::serve;
pub use worker::WorkerCommand;
pub use workers::Workers;
