//! Which sources are the run's own outputs: where the run folder lies among the documents, a run does not read what it, or the
//! one before it, wrote.

use std::path::{Path, PathBuf};

use docmill_core::RUN_FILES;
use docmill_files::{folder_and_name, is_temporary, left_over, resolved};

use crate::manifest::Manifest;

/// The places that a run writes to.
pub struct Own {
    /// Absolute paths: files, and folders that outputs write into.
    places: Vec<PathBuf>,
    /// Which of them an earlier run wrote, by its manifest, or by the one that a run left unnamed when it was killed while it gave
    /// its outputs their names.
    earlier: Vec<PathBuf>,
    /// Folder and name of each: beside it lies what this run, or one that was killed, writes under a temporary name.
    names: Vec<(PathBuf, String)>,
}

/// What a source is to the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A document.
    Document,
    /// An output of an earlier run: not a document.
    Output,
    /// A document where the run would write an output.
    InTheWay,
}

impl Own {
    /// The places of a run into `folder` with these outputs.
    pub fn of(folder: &Path, outputs: &[PathBuf]) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let [.., name] = RUN_FILES;
        let manifest = folder.join(name);
        let mut earlier: Vec<PathBuf> = Vec::new();
        for found in left_over(folder, name).iter().chain([&manifest]) {
            let read = std::fs::read(found).ok().and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
            if let Some(read) = read {
                earlier.extend(read.files.iter().map(|file| absolute(&file.path)));
                earlier.push(absolute(&manifest));
            }
        }
        let own = RUN_FILES.iter().map(|name| absolute(&folder.join(name)));
        let places: Vec<_> = own.chain(outputs.iter().map(|path| absolute(path))).collect();
        let name_of = |place: &PathBuf| {
            let target = resolved(place);
            folder_and_name(place, &target).ok().map(|(folder, name)| (folder.to_owned(), name))
        };
        let names = places.iter().filter_map(name_of).collect();
        Self { places, earlier, names }
    }

    /// What the source at `place` is. What lies in a folder that an output writes into is an output.
    pub(crate) fn standing(&self, place: &Path) -> Standing {
        if self.is_unfinished(place) {
            return Standing::Output;
        }
        let Some(own) = self.places.iter().find(|own| place.starts_with(own)) else { return Standing::Document };
        if own != place || self.earlier.iter().any(|earlier| earlier == place) {
            Standing::Output
        } else {
            Standing::InTheWay
        }
    }

    /// Whether a run writes `place`, or writes into it: outputs, under their names and under temporary ones.
    pub fn writes(&self, place: &Path) -> bool {
        self.places.iter().any(|own| place.starts_with(own)) || self.is_unfinished(place)
    }

    /// Whether it is, or lies in, something under a temporary name.
    fn is_unfinished(&self, place: &Path) -> bool {
        self.names.iter().any(|(folder, name)| {
            let below = place.strip_prefix(folder).ok().and_then(|below| below.iter().next());
            below.is_some_and(|below| is_temporary(&below.to_string_lossy(), name))
        })
    }
}
