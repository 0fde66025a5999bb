//! Folders that go again if what they were made for does not come.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::temporary::{Made, remember};

/// Folders that were made for an output. They go again, if they are empty, unless they are kept.
pub struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes `folder` and those above it that are missing.
    pub fn make(folder: &Path) -> io::Result<Self> {
        let named = folder.ancestors().filter(|folder| !folder.as_os_str().is_empty());
        let missing = named.take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        let made = Self(missing);
        fs::create_dir_all(folder)?;
        // The deepest is the last: it is the first to be removed.
        made.0.iter().rev().for_each(|folder| remember(Made::Folder(folder.clone())));
        Ok(made)
    }

    /// Takes in folders that were made after these.
    #[must_use]
    pub fn and(mut self, mut later: Self) -> Self {
        self.0.splice(0..0, later.0.drain(..));
        self
    }

    /// Lets them stay.
    pub fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            // A folder in which something stands by now is someone else's too.
            let _ = fs::remove_dir(folder);
        }
    }
}
