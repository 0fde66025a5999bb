//! All that a run writes: outputs, ledger, quarantine, manifest.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use docmill_core::{DocumentId, OutputContext, OutputError, Pipeline, RUN_FILES, Sink, WrittenFile};
use docmill_files::{Commit, MadeFolders, PendingFile, failed};
use serde::Serialize;

use crate::ledger::{LedgerEntry, Outcome, entry, quarantine};
use crate::manifest::Manifest;
use crate::meter::Meter;
use crate::options::{Observer, RunOptions};
use crate::report::{Report, RunError};
use crate::stream::{Arrival, Made, ending};

/// How many failures a report carries.
const FAILURES_SHOWN: usize = 10;

/// All that is written: outputs, ledger, quarantine, manifest.
pub(crate) struct Books {
    folder: PathBuf,
    sinks: Vec<Box<dyn Sink>>,
    ledger: Lines,
    quarantine: Lines,
    manifest: Lines,
    _lock: Option<File>,
    meter: Arc<Meter>,
    schemes: Vec<String>,
    labels: Vec<BTreeMap<String, u64>>,
    failures: Vec<LedgerEntry>,
    /// Dropped after all that stands in them.
    made: MadeFolders,
}

impl Books {
    pub(crate) fn open(
        pipeline: &Pipeline,
        options: &RunOptions,
        outputs: &[PathBuf],
        meter: &Arc<Meter>,
    ) -> Result<Self, RunError> {
        let made = folders(&options.folder, outputs)?;
        let file = |name: &str| Lines::create(&options.folder.join(name));
        let [ledger, quarantine, manifest] = RUN_FILES.map(file);
        let (ledger, quarantine, manifest) = (ledger?, quarantine?, manifest?);
        let lock = lock(&options.folder)?;
        let mut sinks = Vec::new();
        for (step, path) in pipeline.outputs().iter().zip(outputs) {
            sinks.push(step.output.open(&OutputContext { path: path.clone() })?);
        }
        Ok(Self {
            folder: options.folder.clone(),
            sinks,
            ledger,
            quarantine,
            manifest,
            _lock: lock,
            meter: Arc::clone(meter),
            schemes: options.count_tags.clone(),
            labels: vec![BTreeMap::new(); options.count_tags.len()],
            failures: Vec::new(),
            made,
        })
    }

    pub(crate) fn enter(&mut self, arrival: Arrival, observer: &dyn Observer) -> Result<(), RunError> {
        let Arrival { identity, made, .. } = arrival;
        let ended = match made {
            Ok(Made::Record { rendered, labels }) => {
                let id = DocumentId::of(&identity.uri);
                for (sink, rendered) in self.sinks.iter_mut().zip(&rendered) {
                    sink.write(&id, &identity.uri, rendered)?;
                }
                for (scheme, label) in labels {
                    *self.labels[scheme].entry(label).or_insert(0) += 1;
                }
                None
            }
            Ok(Made::Waits { .. }) => return Ok(()),
            Err(stop) => Some(ending(*stop, &identity)?),
        };
        let line = entry(&identity, ended.as_ref());
        self.ledger.push(&line)?;
        if let Some(line) = ended.as_ref().and_then(|ending| quarantine(&identity, ending)) {
            tracing::info!(uri = line.uri, stage = line.stage, error = line.error.join(": "), "quarantined");
            self.quarantine.push(&line)?;
        }
        let bytes = identity.bytes.unwrap_or(0);
        self.meter.ended(line.outcome, line.stage.as_deref(), bytes);
        observer.ended(&line, bytes);
        if line.outcome == Outcome::Quarantined && self.failures.len() < FAILURES_SHOWN {
            self.failures.push(line);
        }
        Ok(())
    }

    /// Gives all files their names, the manifest last, or none of them. By then all of them are on the disk under their temporary
    /// names: a manifest that a killed run left there says which outputs may be new already.
    pub(crate) fn close(mut self, manifest: impl Fn(Vec<WrittenFile>) -> Manifest) -> Result<Report, RunError> {
        let mut files = Vec::new();
        for sink in &mut self.sinks {
            files.extend(sink.finish()?);
        }
        files.push(self.ledger.file.finish()?);
        files.push(self.quarantine.file.finish()?);
        let manifest = manifest(files);
        self.manifest.push_pretty(&manifest)?;
        self.manifest.file.finish()?;
        let mut commit = Commit::new();
        for sink in self.sinks {
            commit.add(sink.commit())?;
        }
        for lines in [self.ledger, self.quarantine, self.manifest] {
            commit.add(lines.file.place())?;
        }
        commit.keep();
        self.made.keep();
        let ranked = |labels: BTreeMap<String, u64>| {
            let mut ranked: Vec<_> = labels.into_iter().collect();
            ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            ranked
        };
        let tags = self.schemes.into_iter().zip(self.labels.into_iter().map(ranked)).collect();
        Ok(Report { manifest, folder: self.folder, tags, failures: self.failures })
    }
}

/// Makes the folders that outputs stand in.
fn folders(run_folder: &Path, outputs: &[PathBuf]) -> Result<MadeFolders, OutputError> {
    let folder_made = |folder: &Path| MadeFolders::make(folder).map_err(failed("create the folder", folder));
    let mut made = folder_made(run_folder)?;
    for folder in outputs.iter().filter_map(|path| path.parent()).filter(|folder| !folder.as_os_str().is_empty()) {
        made = made.and(folder_made(folder)?);
    }
    Ok(made)
}

/// Writes the manifest anew beside outputs that stand as they are.
pub(crate) fn renew(manifest: &Manifest, folder: &Path) -> Result<(), RunError> {
    let mut file = Lines::create(&folder.join(RUN_FILES[2]))?;
    file.push_pretty(manifest)?;
    file.file.commit()?;
    Ok(())
}

/// Takes the run folder for this run alone; it is free again when the file is closed, however the run ends. Where the system
/// locks no folders, or the file system no files, nothing is locked.
pub(crate) fn lock(folder: &Path) -> Result<Option<File>, RunError> {
    let Ok(opened) = File::open(folder) else { return Ok(None) };
    match opened.try_lock() {
        Ok(()) => Ok(Some(opened)),
        Err(TryLockError::WouldBlock) => Err(RunError::Busy(folder.to_owned())),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// A file of JSON on its way to its name.
struct Lines {
    file: PendingFile,
    path: PathBuf,
}

impl Lines {
    fn create(path: &Path) -> Result<Self, OutputError> {
        Ok(Self { file: PendingFile::create(path)?, path: path.to_owned() })
    }

    /// Writes `value` as one line.
    fn push(&mut self, value: &impl Serialize) -> Result<(), OutputError> {
        let line = serde_json::to_writer(&mut self.file, value).map_err(Into::into);
        line.and_then(|()| self.file.write_all(b"\n")).map_err(failed("write", &self.path))
    }

    /// Writes `value` over several lines, for people.
    fn push_pretty(&mut self, value: &impl Serialize) -> Result<(), OutputError> {
        let text = serde_json::to_writer_pretty(&mut self.file, value).map_err(Into::into);
        text.and_then(|()| self.file.write_all(b"\n")).map_err(failed("write", &self.path))
    }
}
