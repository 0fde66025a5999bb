//! Files that appear whole or not at all.
//!
//! A [`PendingFile`] is written under a temporary name in the folder where it will stand, hashed on the way, synced, and
//! renamed at the end. Without the end there is no trace of it: neither the temporary file nor the folders made for it.
//! The other parts are for those who do the same with a folder.
//!
//! ```
//! use std::io::Write as _;
//! use docmill_files::PendingFile;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("new/note.txt");
//! let mut file = PendingFile::create(&path)?;
//! file.write_all(b"whole")?;
//! file.sync()?;
//! assert!(!path.exists());
//! let written = file.commit()?;
//! assert_eq!((std::fs::read(&path)?, written.bytes), (b"whole".to_vec(), 5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod made;
mod pending;
mod place;
mod temporary;

pub use made::MadeFolders;
pub use pending::PendingFile;
pub use place::{failed, folder_and_name, resolved, sync_folder};
pub use temporary::{Temporary, remove_all, sweep};
