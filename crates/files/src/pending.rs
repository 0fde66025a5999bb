//! A file on its way to its name.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use docmill_core::{OutputError, Placed, WrittenFile};
use tempfile::NamedTempFile;

use crate::{MadeFolders, Placement, Temporary, failed, folder_and_name, resolved};

/// A file on its way to its name.
pub struct PendingFile {
    // Fields are dropped in this order: the file before the folders that were made for it.
    writer: BufWriter<Hashing>,
    made: MadeFolders,
    /// What the user calls it.
    path: PathBuf,
    /// Where it will stand; `path`, unless that is a link.
    target: PathBuf,
}

/// What was written, as a size and a hash.
struct Hashing {
    file: NamedTempFile,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The file itself: an error of its own would name it, and nobody knows its temporary name.
        let written = self.file.as_file_mut().write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl PendingFile {
    /// Starts the file that will be at `path`, over what is there now.
    pub fn create(path: &Path) -> Result<Self, OutputError> {
        let target = resolved(path);
        if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
            let reason = "something other than a file is there; choose another path".to_owned();
            return Err(OutputError::Failed { path: path.to_owned(), reason });
        }
        let (folder, name) = folder_and_name(path, &target)?;
        let made = MadeFolders::make(folder).map_err(failed("create the folder of", path))?;
        let file = Temporary::of(&name).file_in(folder).map_err(failed("create", path))?;
        let hashing = Hashing { file, hasher: blake3::Hasher::new(), bytes: 0 };
        Ok(Self { writer: BufWriter::with_capacity(1 << 16, hashing), made, path: path.to_owned(), target })
    }

    /// Brings all that was written to the disk, still under the temporary name, and says what it is.
    pub fn finish(&mut self) -> Result<WrittenFile, OutputError> {
        self.writer.flush().map_err(failed("write", &self.path))?;
        let Hashing { file, hasher, bytes } = self.writer.get_ref();
        file.as_file().sync_all().map_err(failed("sync", &self.path))?;
        let hash = format!("blake3:{}", hasher.finalize().to_hex());
        Ok(WrittenFile { path: self.path.clone(), bytes: *bytes, hash })
    }

    /// Gives the file its name; nothing may have been written since [`PendingFile::finish`].
    pub fn place(self) -> Result<Box<dyn Placed>, OutputError> {
        let Self { writer, made, path, target } = self;
        let Hashing { file, .. } = writer.into_inner().map_err(|error| failed("write", &path)(error.into_error()))?;
        let from = file.into_temp_path().keep();
        let from = from.map_err(|error| failed("keep a temporary file for", &path)(error.error))?;
        Placement::of(from, &path, &target, made)
    }

    /// Finishes the file and gives it its name.
    pub fn commit(mut self) -> Result<WrittenFile, OutputError> {
        let written = self.finish()?;
        self.place()?.keep();
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn write(path: &Path, text: &str) -> Result<WrittenFile, OutputError> {
        let mut file = PendingFile::create(path)?;
        file.write_all(text.as_bytes()).map_err(failed("write", path))?;
        file.commit()
    }

    #[test]
    fn a_file_shows_with_its_hash_after_commit_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/out.txt");
        let mut file = PendingFile::create(&path).unwrap();
        file.write_all(b"head body").unwrap();
        file.finish().unwrap();
        assert!(!path.exists());
        let expected = WrittenFile { path: path.clone(), bytes: 9, hash: docmill_core::content_hash(b"head body") };
        assert_eq!(file.commit().unwrap(), expected);
        assert_eq!(names(path.parent().unwrap()), ["out.txt"]);
    }

    #[test]
    fn without_commit_nothing_is_left_and_the_earlier_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/out.txt");
        let mut file = PendingFile::create(&path).unwrap();
        file.finish().unwrap();
        drop(file);
        assert_eq!(names(folder.path()), [""; 0]);

        write(&path, "first").unwrap();
        let mut file = PendingFile::create(&path).unwrap();
        file.write_all(b"second").unwrap();
        drop(file);
        assert_eq!(
            (names(path.parent().unwrap()), fs::read(&path).unwrap()),
            (vec!["out.txt".to_owned()], b"first".to_vec())
        );
        write(&path, "third").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"third");
    }

    #[test]
    fn what_a_killed_run_left_goes_with_the_next_result() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".docmill-out.txt-aB3xYz.tmp", ".docmill-out.txt-mine.tmp", "out.txt.tmp"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        write(&folder.path().join("out.txt"), "done").unwrap();
        assert_eq!(names(folder.path()), [".docmill-out.txt-mine.tmp", "out.txt", "out.txt.tmp"]);
    }

    #[test]
    fn what_is_no_file_is_not_replaced_by_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("taken")).unwrap();
        for path in [folder.path().join("taken"), folder.path().join(".."), PathBuf::new()] {
            let error = PendingFile::create(&path).map(|_| ()).unwrap_err().to_string();
            assert!(error.starts_with(&path.display().to_string()), "{error}");
        }
        let error = write(&folder.path().join("taken/../taken"), "").unwrap_err().to_string();
        assert!(error.contains("something other than a file is there"), "{error}");
    }

    #[test]
    fn an_error_names_the_path_and_what_was_tried() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let path = file.join("out.txt");
        let error = write(&path, "").unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot create the folder of {}: ", path.display())), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_permissions_of_any_new_file_and_a_link_to_it_stays() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (plain, path, link) = (folder.path().join("plain"), folder.path().join("out"), folder.path().join("link"));
        fs::write(&plain, "").unwrap();
        write(&path, "one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&path), mode(&plain));
        symlink(&path, &link).unwrap();
        write(&link, "two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }
}
