//! A store on disk for results that can be made again.
//!
//! An entry is found by its [`Key`]. It has a *result*, which holds for one *target* (what the result was made by), and a
//! *journal*: the way to it, from which a result for another target is made with less work. Both carry a checksum of their
//! own over key, target and content: a damaged entry is [`CacheError::Damaged`], and never a result.
//!
//! The store is an `SQLite` file in a folder of its own, written ahead (WAL), so that a process that is killed leaves a whole
//! store. One process at a time has it; a second one gets [`CacheError::Busy`].
//!
//! ```
//! use docmill_cache::{Key, Sealed, Store};
//!
//! let folder = tempfile::tempdir()?;
//! let store = Store::open(folder.path())?;
//! let (key, target) = (Key::of(&[b"harbor.txt"]), Key::of(&[b"words: 5"]));
//! store.put(&key, &target, Some(&Sealed::of(&key, b"result")), &Sealed::of(&key, b"journal"))?;
//! assert_eq!(store.result(&key, &target)?, Some(b"result".to_vec()));
//! assert_eq!(store.result(&key, &Key::of(&[b"words: 6"]))?, None);
//! assert_eq!(store.journal(&key)?, Some(b"journal".to_vec()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod key;
mod sealed;
mod store;

pub use key::Key;
pub use sealed::Sealed;
pub use store::{CacheError, MEMORY, RunUse, Statistics, Store};
