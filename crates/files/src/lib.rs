//! Files that appear whole or not at all.
//!
//! A [`PendingFile`] is written under a temporary name in the folder where it will stand, hashed on the way, synced, and
//! renamed at the end. Without the end there is no trace of it: neither the temporary file nor the folders made for it.
//! A [`Commit`] does so with several files and folders: where one cannot get its name, what stood before at the others' names is
//! put back. The other parts are for those who write a folder as a whole, and [`caches`] is the folder of what can be made again.
//!
//! ```
//! use std::io::Write as _;
//! use docmill_files::PendingFile;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("new/note.txt");
//! let mut file = PendingFile::create(&path)?;
//! file.write_all(b"whole")?;
//! file.finish()?;
//! assert!(!path.exists());
//! let written = file.commit()?;
//! assert_eq!((std::fs::read(&path)?, written.bytes), (b"whole".to_vec(), 5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod caches;
mod commit;
mod made;
mod pending;
mod place;
mod placement;
mod temporary;

pub use caches::{CACHES_VARIABLE, caches, compiled};
pub use commit::{Commit, CommitError};
pub use made::MadeFolders;
pub use pending::PendingFile;
pub use place::{failed, folder_and_name, resolved, sync_folder};
pub use placement::Placement;
pub use temporary::{Temporary, is_temporary, left_over, remove_all};
