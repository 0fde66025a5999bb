//! Several files and folders that get their names together, or none of them.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use docmill_core::{OutputError, Placed};

/// What has got its name so far. Dropped without [`Commit::keep`], all of it goes back.
///
/// No file system renames several files at once: a process that is killed between two renamings leaves new files beside old ones.
pub struct Commit {
    placed: Vec<Box<dyn Placed>>,
    _under_way: UnderWay,
}

/// Not all could get their names.
#[derive(Debug, thiserror::Error)]
#[error("{error}; {}", state(.new))]
pub struct CommitError {
    /// Why one of them could not.
    pub error: OutputError,
    /// What has its new content all the same, since what stood there before could not be put back.
    pub new: Vec<PathBuf>,
}

fn state(new: &[PathBuf]) -> String {
    if new.is_empty() {
        return "all outputs are as they were before this run".to_owned();
    }
    let new: Vec<_> = new.iter().map(|path| path.display().to_string()).collect();
    let them = new.join(", ");
    format!(
        "of this run are {them}, which could not be put back, and the other outputs are of an earlier run: run again"
    )
}

impl Commit {
    /// Begins with nothing.
    pub fn new() -> Self {
        Self { placed: Vec::new(), _under_way: UnderWay::begin() }
    }

    /// Takes in the next one. If that could not get its name, all that were taken in go back.
    pub fn add(&mut self, placed: Result<Box<dyn Placed>, OutputError>) -> Result<(), CommitError> {
        match placed {
            Ok(placed) => {
                self.placed.push(placed);
                Ok(())
            }
            Err(error) => Err(CommitError { error, new: self.take_back() }),
        }
    }

    /// Lets all of them stay.
    pub fn keep(mut self) {
        for placed in self.placed.drain(..) {
            placed.keep();
        }
    }

    /// Puts back what stood there before, the last one first, and gives the paths of what stays.
    fn take_back(&mut self) -> Vec<PathBuf> {
        let mut new = Vec::new();
        for placed in self.placed.drain(..).rev() {
            let path = placed.path().to_owned();
            if placed.take_back().is_err() {
                new.push(path);
            }
        }
        new.reverse();
        new
    }
}

impl Default for Commit {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Commit {
    fn drop(&mut self) {
        self.take_back();
    }
}

static COMMITS: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

fn commits() -> MutexGuard<'static, usize> {
    COMMITS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts as a commit under way while it lives.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        *commits() += 1;
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        *commits() -= 1;
        ENDED.notify_all();
    }
}

/// Waits until no commit is under way, and gives what keeps others from beginning.
pub(crate) fn no_commit() -> MutexGuard<'static, usize> {
    ENDED.wait_while(commits(), |under_way| *under_way > 0).unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;
    use std::path::Path;

    use super::*;
    use crate::PendingFile;

    fn pending(path: &Path, text: &str) -> PendingFile {
        let mut file = PendingFile::create(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Commits a file over an old one and a new file in a folder of its own, then one that fails.
    fn failing(folder: &Path, fail: impl FnOnce()) -> CommitError {
        let path = |name: &str| folder.join(name);
        let (over, new, taken) =
            (pending(&path("over"), "new"), pending(&path("made/for/it"), "new"), pending(&path("taken"), "new"));
        // A file is not renamed over a folder.
        fs::create_dir_all(path("taken/by")).unwrap();
        let mut commit = Commit::new();
        commit.add(over.place()).unwrap();
        commit.add(new.place()).unwrap();
        assert_eq!(fs::read(path("over")).unwrap(), b"new");
        assert!(path("made/for/it").exists());
        fail();
        commit.add(taken.place()).unwrap_err()
    }

    #[test]
    fn where_one_cannot_get_its_name_the_others_go_back() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("over"), "old").unwrap();
        let error = failing(folder.path(), || {});
        assert!(error.new.is_empty());
        assert!(error.to_string().ends_with("; all outputs are as they were before this run"), "{error}");
        assert_eq!(fs::read(folder.path().join("over")).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["over", "taken"]);
    }

    #[test]
    fn what_cannot_go_back_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let over = folder.path().join("over");
        fs::write(&over, "old").unwrap();
        // What was set aside is gone: there is nothing to put back.
        let error = failing(folder.path(), || {
            let set_aside = names(folder.path()).into_iter().find(|name| name.starts_with(".docmill-over-")).unwrap();
            fs::remove_file(folder.path().join(set_aside)).unwrap();
        });
        assert_eq!(error.new, std::slice::from_ref(&over));
        assert!(error.to_string().contains(&format!("of this run are {}, which", over.display())), "{error}");
        assert_eq!(fs::read(&over).unwrap(), b"new");
    }

    #[test]
    fn what_is_kept_leaves_nothing_of_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        for text in ["one", "two"] {
            let mut commit = Commit::new();
            commit.add(pending(&path, text).place()).unwrap();
            commit.keep();
            assert_eq!(
                (names(folder.path()), fs::read_to_string(&path).unwrap()),
                (vec!["out".to_owned()], text.to_owned())
            );
        }
        let mut commit = Commit::new();
        commit.add(pending(&path, "three").place()).unwrap();
        drop(commit);
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }
}
