//! Whether anything has changed since the last run: where nothing has, the outputs stand as they are, and no source is opened.
//!
//! A file counts as unchanged while its size, its times of modification and of status change, and its inode are what they were.
//! A time too close to the moment of looking proves nothing, since a later change can bear the same one (the "racy git" problem of
//! git's index): a run that saw such a file, or a source that is no file, or a document in quarantine, is not remembered.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use docmill_cache::{Key, Store};
use docmill_core::{Found, Pipeline};
use serde::{Deserialize, Serialize};

use crate::manifest::Manifest;
use crate::options::RunOptions;
use crate::reuse::kept;

/// How much older than now the times of a file must be to be relied on; some file systems keep them to two seconds.
const SETTLED: Duration = Duration::from_secs(3);

/// All sources in their order, as a hash of what the file system says of each.
pub(crate) struct Listing {
    hasher: blake3::Hasher,
    certain: bool,
}

impl Listing {
    pub(crate) fn new() -> Self {
        Self { hasher: blake3::Hasher::new(), certain: true }
    }

    /// Takes in a source, before it is opened.
    pub(crate) fn see(&mut self, found: &Found) {
        let looked = found.place.as_deref().and_then(Look::at);
        self.certain &= looked.as_ref().is_some_and(|look| look.settled);
        self.hasher.update(format!("{:?} {:?} {looked:?}\n", found.uri, found.place).as_bytes());
    }

    /// The hash, if it proves anything.
    pub(crate) fn hash(&self) -> Option<[u8; 32]> {
        self.certain.then(|| *self.hasher.finalize().as_bytes())
    }
}

/// What the file system says of a file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Look {
    bytes: u64,
    times: Vec<(i64, i64)>,
    inode: u64,
    #[serde(skip)]
    settled: bool,
}

impl Look {
    fn at(path: &Path) -> Option<Self> {
        let found = std::fs::metadata(path).ok().filter(Metadata::is_file)?;
        let (times, inode) = times(&found);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let before = i64::try_from(now.saturating_sub(SETTLED).as_secs()).ok()?;
        let settled = times.iter().all(|(seconds, _)| *seconds < before);
        Some(Self { bytes: found.len(), times, inode, settled })
    }

    fn same(&self, other: &Self) -> bool {
        (self.bytes, &self.times, self.inode) == (other.bytes, &other.times, other.inode)
    }
}

/// The times of a file in seconds and nanoseconds since 1970, and its inode.
#[cfg(unix)]
fn times(found: &Metadata) -> (Vec<(i64, i64)>, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (vec![(found.mtime(), found.mtime_nsec()), (found.ctime(), found.ctime_nsec())], found.ino())
}

/// The time of a file in seconds and nanoseconds since 1970; a time to come, which proves nothing, where there is none.
#[cfg(not(unix))]
fn times(found: &Metadata) -> (Vec<(i64, i64)>, u64) {
    let modified = found.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    let parts = modified.and_then(|time| Some((i64::try_from(time.as_secs()).ok()?, time.subsec_nanos().into())));
    (vec![parts.unwrap_or((i64::MAX, 0))], 0)
}

/// A run that came to its end, with all that its outputs depend on.
#[derive(Serialize, Deserialize)]
pub(crate) struct Remembered {
    pipeline: String,
    counted: Vec<String>,
    outputs: Vec<PathBuf>,
    sources: [u8; 32],
    files: Vec<(PathBuf, Look)>,
    pub(crate) manifest: Manifest,
    pub(crate) tags: BTreeMap<String, Vec<(String, u64)>>,
}

impl Remembered {
    /// A run to remember; `None` where it proves nothing about the next one.
    pub(crate) fn of(
        pipeline: &Pipeline,
        options: &RunOptions,
        listing: &Listing,
        manifest: &Manifest,
        tags: &BTreeMap<String, Vec<(String, u64)>>,
    ) -> Option<Self> {
        let deterministic = pipeline.steps().iter().all(|step| step.built.deterministic);
        if manifest.counts.quarantined > 0 || !deterministic {
            return None;
        }
        let files = manifest.files.iter().map(|file| Some((file.path.clone(), Look::at(&file.path)?)));
        Some(Self {
            pipeline: pipeline.fingerprint().to_owned(),
            counted: options.count_tags.clone(),
            outputs: options.places(pipeline),
            sources: listing.hash()?,
            files: files.collect::<Option<_>>()?,
            manifest: manifest.clone(),
            tags: tags.clone(),
        })
    }

    /// The last run into the same folder, if its outputs stand as it left them and this run would make the same ones of the same
    /// sources.
    pub(crate) fn standing(store: &Store, pipeline: &Pipeline, options: &RunOptions) -> Option<Self> {
        // What cannot be read is not remembered; a damaged store will be noticed again by the run.
        let bytes = store.note(&note(options)).ok()??;
        let remembered: Self = serde_json::from_slice(&bytes).ok()?;
        let same = remembered.pipeline == pipeline.fingerprint()
            && remembered.counted == options.count_tags
            && remembered.outputs == options.places(pipeline)
            && remembered.files.iter().all(|(path, look)| Look::at(path).is_some_and(|now| now.same(look)));
        same.then_some(remembered)
    }

    /// Whether the sources are those that this listing saw.
    pub(crate) fn is_of(&self, listing: &Listing) -> bool {
        listing.hash() == Some(self.sources)
    }

    /// Keeps it for the next run.
    pub(crate) fn keep(&self, store: &Store, options: &RunOptions) {
        if let Ok(bytes) = serde_json::to_vec(self) {
            kept(store, &store.set_note(&note(options), &bytes));
        }
    }
}

/// The name of the note about runs into this folder.
fn note(options: &RunOptions) -> Key {
    let folder = std::path::absolute(&options.folder).unwrap_or_else(|_| options.folder.clone());
    Key::of(&[b"the last run into", folder.as_os_str().as_encoded_bytes()])
}
