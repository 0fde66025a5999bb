//! The names in one folder, in the order of their paths, of which no more are held in memory than was said.
//!
//! A record is the name as it sorts, a zero byte, which no name has and which comes before all other bytes, and a byte for what
//! stands there. [`Sorter`] puts them in order.

use std::ffi::OsString;
use std::fs::DirEntry;
use std::io;
use std::path::Path;

use docmill_spill::{Sorted, Sorter};

/// What is left of the listing of a folder.
pub(super) struct Listing {
    sorted: Sorted,
    /// About how many bytes of memory it holds.
    pub(super) held: u64,
}

/// A name in a folder.
pub(super) struct Entry {
    /// The bytes of the name.
    pub(super) bytes: Vec<u8>,
    pub(super) kind: Kind,
}

/// What stands at a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file, or what cannot be looked at: opening it says why.
    File,
    Folder,
    /// A link to a folder.
    LinkedFolder,
}

/// Why there is no listing.
pub(super) enum Unlisted {
    /// The folder cannot be read.
    Folder(io::Error),
    /// The names cannot be sorted: there is no room for a temporary file.
    Sorting(io::Error),
}

/// What a name takes in memory beside its bytes.
const OVERHEAD: usize = 16;
const END: u8 = 0;
const KINDS: [Kind; 3] = [Kind::File, Kind::Folder, Kind::LinkedFolder];

impl Listing {
    /// The names in `folder`, of which about `memory` bytes are held in memory and the others in a temporary file.
    pub(super) fn of(folder: &Path, follow_links: bool, memory: u64) -> Result<Self, Unlisted> {
        let mut sorter = Sorter::new(memory);
        let mut record = Vec::new();
        let mut bytes: u64 = 0;
        for entry in std::fs::read_dir(folder).map_err(Unlisted::Folder)? {
            let entry = entry.map_err(Unlisted::Folder)?;
            let Some(kind) = kind(&entry, follow_links) else { continue };
            record.clear();
            record.extend_from_slice(entry.file_name().as_encoded_bytes());
            if kind != Kind::File {
                // A folder stands among the other names where its paths stand.
                record.push(b'/');
            }
            record.extend([END, kind as u8]);
            sorter.push(&record).map_err(Unlisted::Sorting)?;
            bytes += (record.len() + OVERHEAD) as u64;
        }
        let held = bytes.min(memory);
        sorter.finish().map(|sorted| Self { sorted, held }).map_err(Unlisted::Sorting)
    }

    /// The next name; `None` after the last one.
    pub(super) fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        let Some(record) = self.sorted.next_record()? else { return Ok(None) };
        let [key @ .., END, kind] = record else { return Err(io::ErrorKind::InvalidData.into()) };
        let kind = KINDS.get(usize::from(*kind)).copied().unwrap_or(Kind::File);
        let bytes = if kind == Kind::File { key } else { key.strip_suffix(b"/").unwrap_or(key) };
        Ok(Some(Entry { bytes: bytes.to_vec(), kind }))
    }
}

impl Entry {
    /// The name as the system takes it.
    #[cfg(unix)]
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere not all bytes are a name")]
    pub(super) fn name(&self) -> io::Result<OsString> {
        Ok(<OsString as std::os::unix::ffi::OsStringExt>::from_vec(self.bytes.clone()))
    }

    /// The name as the system takes it.
    #[cfg(not(unix))]
    pub(super) fn name(&self) -> io::Result<OsString> {
        let name = String::from_utf8(self.bytes.clone());
        name.map(OsString::from).map_err(|_| io::Error::new(io::ErrorKind::InvalidFilename, "its name is not Unicode"))
    }
}

/// What stands there, or `None` for a link that is not followed.
fn kind(entry: &DirEntry, follow_links: bool) -> Option<Kind> {
    let Ok(kind) = entry.file_type() else { return Some(Kind::File) };
    if kind.is_dir() {
        return Some(Kind::Folder);
    }
    if !kind.is_symlink() {
        return Some(Kind::File);
    }
    let leads_to_folder = || std::fs::metadata(entry.path()).is_ok_and(|found| found.is_dir());
    follow_links.then(|| if leads_to_folder() { Kind::LinkedFolder } else { Kind::File })
}
