//! Files that appear whole or not at all.
//!
//! A file is written under a temporary name in the folder where it will stand, hashed on the way, synced, and renamed at
//! the end. Without the end there is no trace of it: neither the temporary file nor the folders made for it.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use docmill_core::{DocumentId, OutputError, Sink, WrittenFile};
use tempfile::{Builder, NamedTempFile};

use crate::compression::{Compressed, Compression};

/// A file on its way to its name.
pub(crate) struct PendingFile {
    // Fields are dropped in this order: the file before the folders that were made for it.
    writer: BufWriter<Hashing>,
    _made: MadeFolders,
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
        let written = self.file.write(bytes)?;
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
    pub(crate) fn create(path: &Path) -> Result<Self, OutputError> {
        let target = resolved(path);
        if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
            let reason = "something other than a file is there; choose another path".to_owned();
            return Err(OutputError::Failed { path: path.to_owned(), reason });
        }
        let (folder, name) = folder_and_name(path, &target)?;
        let made = MadeFolders::make(folder).map_err(failed("create the folder of", path))?;
        let file = temporary(&name).tempfile_in(folder).map_err(failed("create", path))?;
        let hashing = Hashing { file, hasher: blake3::Hasher::new(), bytes: 0 };
        Ok(Self { writer: BufWriter::with_capacity(1 << 16, hashing), _made: made, path: path.to_owned(), target })
    }

    /// Brings all that was written to the disk, still under the temporary name.
    pub(crate) fn sync(&mut self) -> Result<(), OutputError> {
        self.writer.flush().map_err(failed("write", &self.path))?;
        self.writer.get_ref().file.as_file().sync_all().map_err(failed("sync", &self.path))
    }

    /// Gives the file its name.
    pub(crate) fn commit(self) -> Result<WrittenFile, OutputError> {
        let Self { writer, _made: made, path, target } = self;
        let Hashing { file, hasher, bytes } =
            writer.into_inner().map_err(|error| failed("write", &path)(error.into_error()))?;
        file.persist(&target).map_err(|error| failed("rename a temporary file to", &path)(error.error))?;
        made.keep();
        if let Ok((folder, name)) = folder_and_name(&path, &target) {
            sync_folder(folder);
            sweep(folder, &name);
        }
        Ok(WrittenFile { path, bytes, hash: format!("blake3:{}", hasher.finalize().to_hex()) })
    }
}

/// An output of one file, to which the records are appended.
pub(crate) struct FileSink {
    file: Compressed,
    path: PathBuf,
}

impl FileSink {
    /// Starts the file with `head`.
    pub(crate) fn open(path: &Path, compression: Compression, head: &[u8]) -> Result<Self, OutputError> {
        let mut file = Compressed::new(PendingFile::create(path)?, compression).map_err(failed("compress", path))?;
        file.write_all(head).map_err(failed("write", path))?;
        Ok(Self { file, path: path.to_owned() })
    }
}

impl Sink for FileSink {
    fn write(&mut self, _id: &DocumentId, _uri: &str, rendered: &[u8]) -> Result<(), OutputError> {
        self.file.write_all(rendered).map_err(failed("write", &self.path))
    }

    fn finish(&mut self) -> Result<(), OutputError> {
        self.file.finish().map_err(failed("write", &self.path))?.sync()
    }

    fn commit(mut self: Box<Self>) -> Result<Vec<WrittenFile>, OutputError> {
        self.finish()?;
        let Self { file, path } = *self;
        let file = file.into_file().map_err(failed("write", &path))?;
        Ok(vec![file.commit()?])
    }
}

/// Says what was tried at which path when the system said no.
pub(crate) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
    let path = path.to_owned();
    move |source| OutputError::Io { action, path, source }
}

/// Where the file or folder really is, if `path` is a link to it: the link stays.
pub(crate) fn resolved(path: &Path) -> PathBuf {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
        _ => path.to_owned(),
    }
}

/// The folder and the name of `target`; `path` is what the user calls it.
pub(crate) fn folder_and_name<'t>(path: &Path, target: &'t Path) -> Result<(&'t Path, String), OutputError> {
    let Some(name) = target.file_name() else {
        let reason = "this names no file or folder that could be written".to_owned();
        return Err(OutputError::Failed { path: path.to_owned(), reason });
    };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((folder, name.to_string_lossy().into_owned()))
}

const TEMPORARY: &str = ".tmp";

fn temporary_prefix(name: &str) -> String {
    format!(".docmill-{name}-")
}

/// Makes temporary files and folders with the permissions that new ones have, for `name`.
pub(crate) fn temporary(name: &str) -> TemporaryBuilder {
    TemporaryBuilder { prefix: temporary_prefix(name) }
}

/// See [`temporary`].
pub(crate) struct TemporaryBuilder {
    prefix: String,
}

impl TemporaryBuilder {
    fn tempfile_in(&self, folder: &Path) -> io::Result<NamedTempFile> {
        let mut builder = Builder::new();
        ordinary(&mut builder, 0o666);
        builder.prefix(&self.prefix).suffix(TEMPORARY).tempfile_in(folder)
    }

    pub(crate) fn tempdir_in(&self, folder: &Path) -> io::Result<tempfile::TempDir> {
        let mut builder = Builder::new();
        ordinary(&mut builder, 0o777);
        builder.prefix(&self.prefix).suffix(TEMPORARY).tempdir_in(folder)
    }
}

/// Temporary files are their owner's alone by default; these stay, so that they get what the umask leaves of `mode`.
#[cfg(unix)]
fn ordinary(builder: &mut Builder<'_, '_>, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
fn ordinary(_: &mut Builder<'_, '_>, _: u32) {}

/// A renaming is on the disk once its folder is. Not every file system can do that, and the data is safe already.
pub(crate) fn sync_folder(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Removes what runs that were killed left of `name`: what they had finished, this run has written again.
pub(crate) fn sweep(folder: &Path, name: &str) {
    let prefix = temporary_prefix(name);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let file_name = entry.file_name().to_string_lossy().into_owned();
        let random = file_name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(TEMPORARY));
        if !random.is_some_and(|random| random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
            continue;
        }
        let path = entry.path();
        // What cannot be removed harms nothing, and the output is complete.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}

/// Folders that were made for an output. They go again, if they are empty, unless they are kept.
pub(crate) struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes `folder` and those above it that are missing.
    pub(crate) fn make(folder: &Path) -> io::Result<Self> {
        let named = folder.ancestors().filter(|folder| !folder.as_os_str().is_empty());
        let missing = named.take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        let made = Self(missing);
        fs::create_dir_all(folder)?;
        Ok(made)
    }

    pub(crate) fn keep(mut self) {
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
        let mut sink = FileSink::open(path, Compression::None, b"")?;
        sink.write(&DocumentId::of("a"), "a", text.as_bytes())?;
        Box::new(sink).commit().map(|mut files| files.remove(0))
    }

    #[test]
    fn a_file_shows_with_its_hash_after_commit_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/out.txt");
        let mut sink = FileSink::open(&path, Compression::None, b"head ").unwrap();
        sink.write(&DocumentId::of("a"), "a", b"body").unwrap();
        sink.finish().unwrap();
        assert!(!path.exists());
        let files = Box::new(sink).commit().unwrap();
        let expected = WrittenFile { path: path.clone(), bytes: 9, hash: docmill_core::content_hash(b"head body") };
        assert_eq!(files, [expected]);
        assert_eq!(names(path.parent().unwrap()), ["out.txt"]);
    }

    #[test]
    fn without_commit_nothing_is_left_and_the_earlier_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/out.txt");
        let mut sink = FileSink::open(&path, Compression::Gzip, b"head").unwrap();
        sink.finish().unwrap();
        drop(sink);
        assert_eq!(names(folder.path()), [""; 0]);

        write(&path, "first").unwrap();
        let mut sink = FileSink::open(&path, Compression::None, b"").unwrap();
        sink.write(&DocumentId::of("a"), "a", b"second").unwrap();
        drop(sink);
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
