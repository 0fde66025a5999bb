//! Records that do not fit in memory: kept in temporary files, in the order in which they came or sorted.
//!
//! A record is any sequence of bytes. [`Spool`] keeps records in order, to be read back once from the start ([`Records`]) or at
//! a place ([`Records::at`]). [`Sorter`] gives them back sorted by their bytes, holding no more of them than it is told to;
//! [`Queue`] gives the smallest back while others still come. Numbers written big-endian sort by value. The files lie in the
//! system's folder for temporary files (`TMPDIR`), have no name there, and are gone when they are closed, however the process
//! ends. Errors name that folder.
//!
//! ```
//! use docmill_spill::Sorter;
//!
//! let mut sorter = Sorter::new(1 << 20);
//! for word in ["pier", "crane", "dock"] {
//!     sorter.push(word.as_bytes())?;
//! }
//! let mut sorted = sorter.finish()?;
//! assert_eq!(sorted.next_record()?, Some(b"crane".as_slice()));
//! assert_eq!(sorted.next_record()?, Some(b"dock".as_slice()));
//! # Ok::<(), std::io::Error>(())
//! ```

mod failure;
mod queue;
mod sorter;
mod spool;

pub use queue::Queue;
pub use sorter::{Sorted, Sorter};
pub use spool::{Records, Spool};
