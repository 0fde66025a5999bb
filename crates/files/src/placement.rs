//! What was renamed to its place, with what stood there before set aside.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use docmill_core::{OutputError, Placed};

use crate::temporary::{remove, sweep};
use crate::{MadeFolders, Temporary, failed, folder_and_name, sync_folder};

/// A file or folder that was renamed to its place. Dropped without [`Placed::keep`], it gives way to what stood there before.
pub struct Placement {
    /// What the user calls it.
    path: PathBuf,
    /// Where it stands.
    target: PathBuf,
    /// The temporary name that it had.
    from: PathBuf,
    earlier: Earlier,
    settled: bool,
    made: Option<MadeFolders>,
}

/// What stood at the place.
enum Earlier {
    Nothing,
    /// A file, which had a second name for the time being.
    Linked(PathBuf),
    /// It was moved aside: a folder, or a file where the file system gives no second names.
    Moved(PathBuf),
}

impl Placement {
    /// Renames the file or folder `from` to `target`, which the user calls `path`, in the same folder. If that cannot be done,
    /// what stood there stays, and `from` is gone, as are the folders made for it.
    pub fn of(from: PathBuf, path: &Path, target: &Path, made: MadeFolders) -> Result<Box<dyn Placed>, OutputError> {
        let placed = earlier(&from, path, target).and_then(|earlier| {
            let renamed = fs::rename(&from, target);
            renamed.map_err(|error| not_placed(&earlier, path, target, error)).map(|()| earlier)
        });
        let earlier = placed.inspect_err(|_| remove(&from))?;
        let (path, target) = (path.to_owned(), target.to_owned());
        let placement = Self { path, target, from, earlier, settled: false, made: Some(made) };
        placement.sync();
        Ok(Box::new(placement))
    }

    fn sync(&self) {
        if let Ok((folder, _)) = folder_and_name(&self.path, &self.target) {
            sync_folder(folder);
        }
    }

    fn undo(&mut self) -> io::Result<()> {
        self.settled = true;
        match &self.earlier {
            // One renaming: at no moment there is nothing.
            Earlier::Linked(old) => fs::rename(old, &self.target)?,
            Earlier::Moved(old) if old.is_file() => fs::rename(old, &self.target)?,
            Earlier::Nothing => fs::rename(&self.target, &self.from)?,
            Earlier::Moved(old) => {
                fs::rename(&self.target, &self.from)?;
                if let Err(error) = fs::rename(old, &self.target) {
                    // Better the new one than none.
                    let _ = fs::rename(&self.from, &self.target);
                    return Err(error);
                }
            }
        }
        remove(&self.from);
        self.sync();
        Ok(())
    }
}

impl Placed for Placement {
    fn path(&self) -> &Path {
        &self.path
    }

    fn take_back(mut self: Box<Self>) -> Result<(), OutputError> {
        let undone = self.undo();
        undone.map_err(failed("put back the earlier version of", &self.path))
    }

    fn keep(mut self: Box<Self>) {
        self.settled = true;
        if let Some(made) = self.made.take() {
            made.keep();
        }
        if let Earlier::Linked(old) | Earlier::Moved(old) = &self.earlier {
            remove(old);
        }
        if let Ok((folder, name)) = folder_and_name(&self.path, &self.target) {
            sweep(folder, &name);
        }
    }
}

impl Drop for Placement {
    fn drop(&mut self) {
        if !self.settled {
            let _ = self.undo();
        }
    }
}

/// Sets aside what stands at `target`, where that is of the kind of `from`.
fn earlier(from: &Path, path: &Path, target: &Path) -> Result<Earlier, OutputError> {
    let Ok(found) = fs::symlink_metadata(target) else { return Ok(Earlier::Nothing) };
    if found.is_dir() != from.is_dir() {
        let reason = "a file and a folder cannot take each other's place: something has come there during the run";
        return Err(OutputError::Failed { path: path.to_owned(), reason: reason.to_owned() });
    }
    let (folder, name) = folder_and_name(path, target)?;
    let aside = Temporary::of(&name);
    if !found.is_dir()
        && let Ok(old) = aside.named_in(folder, |old| fs::hard_link(target, old))
    {
        return Ok(Earlier::Linked(old));
    }
    let moved = aside.named_in(folder, |old| fs::rename(target, old));
    moved.map(Earlier::Moved).map_err(failed("set aside the earlier version of", path))
}

/// The error of a renaming, after bringing back what was set aside for it.
fn not_placed(earlier: &Earlier, path: &Path, target: &Path, error: io::Error) -> OutputError {
    match earlier {
        Earlier::Nothing => {}
        Earlier::Linked(old) => remove(old),
        Earlier::Moved(old) => {
            if let Err(error) = fs::rename(old, target) {
                // It stays where it is, for someone to bring it back by hand.
                let reason =
                    format!("its earlier version is now {}, and cannot be brought back: {error}", old.display());
                return OutputError::Failed { path: path.to_owned(), reason };
            }
        }
    }
    failed("rename what was written to", path)(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placement(folder: &Path, name: &str) -> Result<Box<dyn Placed>, OutputError> {
        let made = MadeFolders::make(folder).unwrap();
        Placement::of(folder.join("temporary"), &folder.join(name), &folder.join(name), made)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_gives_way_to_the_one_that_stood_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, file) in [("pages", "old"), ("temporary", "new")] {
            fs::create_dir(path(name)).unwrap();
            fs::write(path(name).join(file), "").unwrap();
        }
        let placed = placement(folder.path(), "pages").unwrap();
        assert_eq!(names(&path("pages")), ["new"]);
        placed.take_back().unwrap();
        assert_eq!((names(&path("pages")), names(folder.path())), (vec!["old".to_owned()], vec!["pages".to_owned()]));

        fs::create_dir(path("temporary")).unwrap();
        placement(folder.path(), "pages").unwrap().keep();
        assert_eq!((names(&path("pages")).len(), names(folder.path())), (0, vec!["pages".to_owned()]));
    }

    #[test]
    fn where_nothing_stood_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("temporary"), "").unwrap();
        placement(folder.path(), "new").unwrap().take_back().unwrap();
        assert_eq!(names(folder.path()), [""; 0]);
    }

    #[test]
    fn what_cannot_be_renamed_leaves_what_stood_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("out"), "old").unwrap();
        let error = placement(folder.path(), "out").map(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with("cannot rename what was written to "), "{error}");
        assert_eq!(names(folder.path()), ["out"]);
    }

    #[test]
    fn a_folder_that_came_in_the_place_of_a_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("temporary"), "").unwrap();
        fs::create_dir_all(path("out/of/others")).unwrap();
        let error = placement(folder.path(), "out").map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("something has come there during the run"), "{error}");
        assert!(path("out/of/others").exists() && names(folder.path()) == ["out"]);
    }
}
