//! A folder that is replaced as a whole.
//!
//! It is written beside its place, and takes the place of what stands there at the end. Its index says which files are docmill's:
//! a folder with others in it is never replaced. The index is also the one file that the run has to vouch for, since it
//! holds the hash of each of the others; so that a folder of any number of files costs no memory.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use docmill_core::{DocumentId, OutputError, Placed, WrittenFile, content_hash};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use docmill_files::{MadeFolders, PendingFile, Placement, Temporary, failed, folder_and_name, resolved, sync_folder};

const INDEX: &str = ".docmill-index.jsonl";

/// A line of the index.
#[derive(Debug, Serialize, Deserialize)]
struct Indexed {
    /// Path within the folder, with `/`.
    path: String,
    /// Id of the document.
    id: String,
    /// URI of the document.
    uri: String,
    bytes: u64,
    hash: String,
}

/// A folder on its way to its name.
pub(super) struct PendingFolder {
    // Fields are dropped in this order: the index before its folder, that before the folders that were made for it.
    index: Option<PendingFile>,
    complete: bool,
    folder: TempDir,
    made: MadeFolders,
    /// What the user calls it.
    path: PathBuf,
    /// Where it will stand; `path`, unless that is a link.
    target: PathBuf,
    /// The sub-folder made last: documents of one come one after the other.
    sub_folder: PathBuf,
}

impl PendingFolder {
    /// Starts the folder that will be at `path`, over what docmill wrote there.
    pub(super) fn create(path: &Path) -> Result<Self, OutputError> {
        let target = resolved(path);
        check_ours(path, &target)?;
        let (parent, name) = folder_and_name(path, &target)?;
        let made = MadeFolders::make(parent).map_err(failed("create the folder of", path))?;
        let folder = Temporary::of(&name).folder_in(parent).map_err(failed("create", path))?;
        let index = Some(PendingFile::create(&folder.path().join(INDEX))?);
        let (path, sub_folder) = (path.to_owned(), PathBuf::new());
        Ok(Self { index, complete: false, folder, made, path, target, sub_folder })
    }

    /// Writes the file of a document; `name` is its path within the folder, with `/`.
    pub(super) fn write(&mut self, name: &str, id: &DocumentId, uri: &str, bytes: &[u8]) -> Result<(), OutputError> {
        let shown = self.path.join(name);
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent().filter(|parent| *parent != self.sub_folder) {
            fs::create_dir_all(parent).map_err(failed("create the folder of", &shown))?;
            parent.clone_into(&mut self.sub_folder);
        }
        let mut file = File::create_new(&path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                let reason = format!("two documents have the URI {uri}, and each needs a file of its own");
                OutputError::Failed { path: shown.clone(), reason }
            }
            _ => failed("create", &shown)(error),
        })?;
        file.write_all(bytes).map_err(failed("write", &shown))?;
        let line = Indexed {
            path: name.to_owned(),
            id: id.to_string(),
            uri: uri.to_owned(),
            bytes: bytes.len() as u64,
            hash: content_hash(bytes),
        };
        let Some(index) = &mut self.index else { return Err(self.finished()) };
        let line = serde_json::to_string(&line).map_err(|error| failed("write", &shown)(error.into()))?;
        writeln!(index, "{line}").map_err(failed("write the index of", &self.path))
    }

    fn finished(&self) -> OutputError {
        OutputError::Failed { path: self.path.clone(), reason: "a file came after the end".to_owned() }
    }

    /// Brings all files to the disk, and says what the index is. They are synced here, not one by one: by now most of them are
    /// there already.
    pub(super) fn finish(&mut self) -> Result<WrittenFile, OutputError> {
        let Some(index) = self.index.take() else { return Err(self.finished()) };
        let written = index.commit()?;
        let mut synced = PathBuf::new();
        for entry in read_index(&self.path, &written.path)? {
            let path = self.folder.path().join(entry?.path);
            let file = File::options().write(true).open(&path).map_err(failed("open", &path))?;
            file.sync_all().map_err(failed("sync", &path))?;
            if let Some(parent) = path.parent().filter(|parent| *parent != synced) {
                parent.ancestors().take_while(|folder| *folder != self.folder.path()).for_each(sync_folder);
                parent.clone_into(&mut synced);
            }
        }
        sync_folder(self.folder.path());
        self.complete = true;
        Ok(WrittenFile { path: self.path.join(INDEX), ..written })
    }

    /// Puts the folder in its place, after [`PendingFolder::finish`].
    pub(super) fn place(self) -> Result<Box<dyn Placed>, OutputError> {
        if !self.complete {
            let reason = "it is not complete: an earlier write failed".to_owned();
            return Err(OutputError::Failed { path: self.path, reason });
        }
        // Something may have come into the folder since the run began.
        check_ours(&self.path, &self.target)?;
        let Self { folder, made, path, target, .. } = self;
        Placement::of(folder.keep(), &path, &target, made)
    }
}

/// The lines of an index.
fn read_index<'p>(
    path: &'p Path,
    index: &Path,
) -> Result<impl Iterator<Item = Result<Indexed, OutputError>> + 'p, OutputError> {
    let file = File::open(index).map_err(failed("open the index of", path))?;
    let entry = |line: std::io::Result<String>| {
        line.and_then(|line| serde_json::from_str(&line).map_err(Into::into)).map_err(failed("read the index of", path))
    };
    Ok(BufReader::new(file).lines().map(entry))
}

/// Refuses a folder in which anything stands that docmill did not write.
fn check_ours(path: &Path, target: &Path) -> Result<(), OutputError> {
    let refused = |reason: String| Err(OutputError::Failed { path: path.to_owned(), reason });
    match fs::metadata(target) {
        Err(_) => return Ok(()),
        Ok(found) if !found.is_dir() => {
            return refused("something other than a folder is there; choose another path".to_owned());
        }
        Ok(_) => {}
    }
    let index = target.join(INDEX);
    let mut ours = BTreeSet::from([key(INDEX)]);
    if index.exists() {
        for entry in read_index(path, &index)? {
            ours.insert(key(&entry?.path));
        }
    }
    let mut folders = vec![target.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(failed("list", &folder))? {
            let entry = entry.map_err(failed("list", &folder))?;
            let kind = entry.file_type().map_err(failed("look at", &entry.path()))?;
            if kind.is_dir() {
                folders.push(entry.path());
                continue;
            }
            let name = relative(target, &entry.path());
            if !ours.contains(&key(&name)) {
                let reason = format!("docmill did not write {name:?} in it, and would remove it; choose another path");
                return refused(reason);
            }
        }
    }
    Ok(())
}

/// The path within the folder, with `/`.
fn relative(folder: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).iter().map(|part| part.to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// Stands for a path where many have to be remembered.
fn key(path: &str) -> [u8; 16] {
    let mut key = [0; 16];
    key.copy_from_slice(&blake3::hash(path.as_bytes()).as_bytes()[..16]);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, names: &[&str]) -> Result<PendingFolder, OutputError> {
        let mut folder = PendingFolder::create(path)?;
        for name in names {
            folder.write(name, &DocumentId::of(name), name, name.as_bytes())?;
        }
        Ok(folder)
    }

    fn commit(mut folder: PendingFolder) -> Result<WrittenFile, OutputError> {
        let written = folder.finish()?;
        folder.place()?.keep();
        Ok(written)
    }

    fn files(folder: &Path) -> Vec<String> {
        let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    files.push(relative(folder, &entry.path()));
                }
            }
        }
        files.sort();
        files
    }

    #[test]
    fn the_files_of_an_earlier_run_go_with_the_next() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("md");
        let written = commit(write(&path, &["x/a.md", "b.md"]).unwrap()).unwrap();
        assert_eq!(files(root.path()), ["md/.docmill-index.jsonl", "md/b.md", "md/x/a.md"]);
        let index = fs::read(&written.path).unwrap();
        assert_eq!((written.bytes, written.hash), (index.len() as u64, content_hash(&index)));
        commit(write(&path, &["c.md"]).unwrap()).unwrap();
        assert_eq!(files(root.path()), ["md/.docmill-index.jsonl", "md/c.md"]);
    }

    #[test]
    fn without_commit_the_earlier_folder_stays_and_nothing_else_is_left() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("new/md");
        let mut folder = write(&path, &["a.md"]).unwrap();
        folder.finish().unwrap();
        drop(folder);
        assert!(!root.path().join("new").exists());
        commit(write(&path, &["a.md"]).unwrap()).unwrap();
        drop(write(&path, &["b.md"]).unwrap());
        assert_eq!(files(root.path()), ["new/md/.docmill-index.jsonl", "new/md/a.md"]);
    }

    #[test]
    fn a_folder_with_other_files_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("md");
        fs::create_dir(&path).unwrap();
        commit(write(&path, &["a.md"]).unwrap()).unwrap();
        let pending = write(&path, &["b.md"]).unwrap();
        fs::create_dir(path.join("mine")).unwrap();
        fs::write(path.join("mine/notes.md"), "").unwrap();
        for error in [commit(pending).unwrap_err(), write(&path, &[]).map(|_| ()).unwrap_err()] {
            assert!(error.to_string().contains("docmill did not write \"mine/notes.md\""), "{error}");
        }
        assert_eq!(files(root.path()), ["md/.docmill-index.jsonl", "md/a.md", "md/mine/notes.md"]);
        fs::remove_file(path.join(INDEX)).unwrap();
        fs::remove_dir_all(path.join("mine")).unwrap();
        assert!(write(&path, &[]).is_err(), "without its index, no file is known to be docmill's");
    }

    #[test]
    fn two_documents_of_one_uri_are_an_error_that_names_it() {
        let root = tempfile::tempdir().unwrap();
        let error = write(&root.path().join("md"), &["a.md", "a.md"]).map(|_| ()).unwrap_err().to_string();
        assert!(error.ends_with("two documents have the URI a.md, and each needs a file of its own"), "{error}");
    }

    #[test]
    fn a_file_is_not_replaced_by_a_folder() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("md");
        fs::write(&path, "").unwrap();
        let error = write(&path, &[]).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("something other than a folder is there"), "{error}");
    }
}
