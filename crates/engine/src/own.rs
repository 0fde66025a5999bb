//! Which sources are the run's own outputs: where the run folder lies among the documents, a run does not read what it, or the
//! one before it, wrote.

use std::path::{Path, PathBuf};

use docmill_core::RUN_FILES;

use crate::manifest::Manifest;

/// The places that a run writes to.
pub(crate) struct Own {
    /// Absolute paths: files, and folders that outputs write into.
    places: Vec<PathBuf>,
    /// Which of them an earlier run wrote, by its manifest.
    earlier: Vec<PathBuf>,
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
    pub(crate) fn of(folder: &Path, outputs: &[PathBuf]) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let manifest = folder.join("manifest.json");
        let read = std::fs::read(&manifest).ok().and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
        let mut earlier: Vec<PathBuf> = Vec::new();
        if let Some(read) = read {
            earlier.extend(read.files.iter().map(|file| absolute(&file.path)));
            earlier.push(absolute(&manifest));
        }
        let own = RUN_FILES.iter().map(|name| absolute(&folder.join(name)));
        Self { places: own.chain(outputs.iter().map(|path| absolute(path))).collect(), earlier }
    }

    /// What the source at `place` is. What lies in a folder that an output writes into is an output.
    pub(crate) fn standing(&self, place: &Path) -> Standing {
        let Some(own) = self.places.iter().find(|own| place.starts_with(own)) else { return Standing::Document };
        if own != place || self.earlier.iter().any(|earlier| earlier == place) {
            Standing::Output
        } else {
            Standing::InTheWay
        }
    }
}
