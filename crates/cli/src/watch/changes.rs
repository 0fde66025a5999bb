//! What tells that something has changed: events of the file system, and a look at what is watched now and then.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use crossbeam_channel::{Receiver, RecvTimeoutError};
use docmill_config::Loaded;
use docmill_engine::{Own, RunOptions};
use notify::event::{AccessKind, AccessMode};
use notify::{Config, ErrorKind, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::terminal::say;

/// Waits for changes of files.
pub(crate) struct Changes {
    watcher: Box<dyn Watcher>,
    events: Receiver<notify::Result<Event>>,
    /// Folders and files of the inputs, as the system watches them; those that were not there are among them.
    roots: BTreeMap<PathBuf, Option<Identity>>,
    /// Files that the pipeline is made of.
    files: BTreeSet<PathBuf>,
    /// What is watched for the sake of single files: the folders that they are in.
    folders: BTreeSet<PathBuf>,
    own: Option<Own>,
    cache: Option<PathBuf>,
}

/// What tells a folder from another one that has come in its place.
type Identity = (u64, u64);

impl Changes {
    /// Follows nothing yet. With `poll`, it looks so often by itself.
    pub(crate) fn new(poll: Option<Duration>) -> anyhow::Result<Self> {
        let (send, events) = crossbeam_channel::unbounded();
        let hand_on = move |event| {
            // The receiver goes when the watch ends.
            let _ = send.send(event);
        };
        let watcher: Box<dyn Watcher> = match poll {
            Some(every) => {
                let config = Config::default().with_poll_interval(every).with_compare_contents(true);
                Box::new(PollWatcher::new(hand_on, config).context("cannot look for changes")?)
            }
            None => Box::new(RecommendedWatcher::new(hand_on, Config::default()).map_err(|error| told(&error))?),
        };
        let (roots, files, folders) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Ok(Self { watcher, events, roots, files, folders, own: None, cache: None })
    }

    /// Follows the inputs and the files of a pipeline, and nothing that was followed before.
    pub(crate) fn follow(&mut self, loaded: &Loaded, file: Option<&str>, options: &RunOptions) -> anyhow::Result<()> {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.own = Some(Own::of(&options.folder, &options.places(&loaded.pipeline)));
        self.cache = options.cache.as_deref().map(absolute);
        let files = loaded.pipeline.files().chain(loaded.included.iter().map(PathBuf::as_path));
        let inputs: Vec<PathBuf> =
            loaded.pipeline.inputs().iter().filter_map(|input| input.watched()).map(absolute).collect();
        let single = inputs.iter().filter(|path| !path.is_dir());
        self.files = files.chain(file.map(Path::new)).map(absolute).chain(single.cloned()).collect();
        let roots: BTreeSet<PathBuf> = inputs.into_iter().filter(|path| path.is_dir()).collect();
        let folders: BTreeSet<PathBuf> =
            self.files.iter().filter_map(|file| file.parent()).map(Path::to_owned).collect();
        for gone in self.folders.difference(&folders).chain(self.roots.keys().filter(|root| !roots.contains(*root))) {
            // What is no longer there is not watched any more.
            let _ = self.watcher.unwatch(gone);
        }
        for folder in folders.difference(&self.folders).filter(|folder| folder.is_dir()) {
            self.watcher.watch(folder, RecursiveMode::NonRecursive).map_err(|error| told(&error))?;
        }
        self.folders = folders;
        self.roots.retain(|root, _| roots.contains(root));
        for root in roots {
            if !self.roots.contains_key(&root) {
                self.watcher.watch(&root, RecursiveMode::Recursive).map_err(|error| told(&error))?;
                self.roots.insert(root.clone(), identity(&root));
            }
        }
        Ok(())
    }

    /// Whether something that is followed changes within so much time.
    pub(crate) fn next(&mut self, time: Duration) -> bool {
        let first = match self.events.recv_timeout(time) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(time);
                return false;
            }
        };
        let mut changed = self.counts(first);
        while let Ok(event) = self.events.try_recv() {
            changed |= self.counts(event);
        }
        changed
    }

    /// Looks whether a folder has gone, or come, or another has come in its place, and follows what is there.
    pub(crate) fn look_again(&mut self) -> bool {
        let mut changed = false;
        for (root, known) in &mut self.roots {
            let now = identity(root);
            if now == *known {
                continue;
            }
            changed = true;
            let _ = self.watcher.unwatch(root);
            if now.is_some()
                && let Err(error) = self.watcher.watch(root, RecursiveMode::Recursive)
            {
                say(&format!("warning: {:#}", told(&error)));
                continue;
            }
            *known = now;
        }
        changed
    }

    /// Whether an event is a reason to run.
    fn counts(&self, event: notify::Result<Event>) -> bool {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                say(&format!("warning: {:#}", told(&error)));
                return true;
            }
        };
        let reading = matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write));
        event.need_rescan() || !reading && event.paths.iter().any(|path| self.is_followed(path))
    }

    fn is_followed(&self, path: &Path) -> bool {
        let written = self.own.as_ref().is_some_and(|own| own.writes(path));
        let cached = self.cache.as_ref().is_some_and(|cache| path.starts_with(cache));
        // A folder changes with each file that comes and goes in it, outputs too: the files say more.
        let is_folder = path.is_dir() && !self.roots.contains_key(path);
        let of_input = self.roots.keys().any(|root| path.starts_with(root) && path != root);
        !written && !cached && (self.files.contains(path) || of_input && (!is_folder || self.is_full(path)))
    }

    /// Whether a folder has something in it: it may have come with its files, of which nothing is told.
    fn is_full(&self, folder: &Path) -> bool {
        let Some(own) = &self.own else { return true };
        std::fs::read_dir(folder)
            .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| !own.writes(&entry.path()))))
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_dir).map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    path.is_dir().then_some((0, 0))
}

/// What is wrong with the watching, and the way out.
fn told(error: &notify::Error) -> anyhow::Error {
    let paths: Vec<_> = error.paths.iter().map(|path| path.display().to_string()).collect();
    let paths = if paths.is_empty() { String::new() } else { format!(" {}", paths.join(", ")) };
    let too_many = match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::StorageFull,
        _ => false,
    };
    if too_many {
        return anyhow::anyhow!(
            "cannot watch{paths}: the system watches no more folders for this user; raise fs.inotify.max_user_watches \
             (sysctl), or look for changes with `--poll 2s`"
        );
    }
    anyhow::anyhow!("cannot watch{paths}: {error}")
}
