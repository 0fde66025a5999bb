//! Folders that go again if what they were made for does not come.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders that were made for an output. They go again, if they are empty, unless they are kept.
pub struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes `folder` and those above it that are missing.
    pub fn make(folder: &Path) -> io::Result<Self> {
        let named = folder.ancestors().filter(|folder| !folder.as_os_str().is_empty());
        let missing = named.take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        let made = Self(missing);
        fs::create_dir_all(folder)?;
        Ok(made)
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
