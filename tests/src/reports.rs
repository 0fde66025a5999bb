//! Documents of all kinds of outcomes, and a pipeline over them with every kind of output.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Draw, docmill};

/// The exit status of a run over them: some are in quarantine.
pub const FINISHED: i32 = 3;

const PIPELINE: &str = "version: 1
stages:
  - ingest
  - normalize
  - filter.words: { min: 4 }
  - dedup.exact
  - tag
  - dedup.near
  - summarize
output:
  - jsonl: documents.jsonl
  - csv: tags.csv
  - markdown: pages
";

/// Documents, some of which fail, repeat others, or are dropped, and a pipeline with corpus-wide stages over them, in a temporary
/// folder.
pub struct Reports {
    folder: tempfile::TempDir,
}

impl Reports {
    /// So many of them; of fewer, the first are the same.
    ///
    /// # Panics
    /// Where they cannot be written.
    pub fn new(count: usize) -> Self {
        let reports = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        std::fs::write(reports.path("p.yaml"), PIPELINE).expect("the pipeline can be written");
        reports.write(count);
        reports
    }

    /// Makes it so many documents.
    ///
    /// # Panics
    /// Where they cannot be written.
    pub fn write(&self, count: usize) {
        let docs = self.path("docs");
        let _ = std::fs::remove_dir_all(&docs);
        std::fs::create_dir(&docs).expect("the folder of the documents can be made");
        let mut draw = Draw::new(11);
        for number in 0..count {
            let words: Vec<String> = (0..60 + draw.below(300)).map(|_| format!("word{}", draw.below(900))).collect();
            let text = match number % 17 {
                3 => String::new(),
                5 => "Too short".to_owned(),
                7 => "The same report came in again, word for word, from another office of the harbor.".to_owned(),
                _ => {
                    format!("Report {number}\n\nThe ferry left Port {number} on March 3, 2016. {}.\n", words.join(" "))
                }
            };
            std::fs::write(docs.join(format!("{number:05}.txt")), text).expect("a document can be written");
        }
    }

    /// A path in their temporary folder: `docs` are the documents, `p.yaml` is the pipeline.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A run over them into `out`, without a cache but for what is added.
    pub fn run_into(&self, out: &Path) -> Command {
        let mut command = docmill();
        self.arguments(out, &mut command);
        command
    }

    /// Adds the arguments of a run over them into `out`.
    pub fn arguments(&self, out: &Path, command: &mut Command) {
        command.arg("run").arg("-p").arg(self.path("p.yaml")).arg(self.path("docs")).arg("-o").arg(out);
        command.args(["--quiet", "--workers", "2"]);
    }
}

/// All files below a folder with their bytes, sorted by path; the manifest, which carries times, and what is under temporary names
/// left out.
///
/// # Panics
/// Where one cannot be read.
pub fn outputs(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let is_output = |path: &Path| {
        let mut parts = path.iter().map(OsStr::to_string_lossy);
        path != Path::new("manifest.json") && !parts.any(|part| part.starts_with(".docmill-") && part.ends_with(".tmp"))
    };
    let files = if folder.exists() { crate::files_below(folder) } else { Vec::new() };
    let relative = files.iter().map(|path| path.strip_prefix(folder).expect("it lies in it").to_owned());
    relative
        .filter(|path| is_output(path))
        .map(|path| {
            let bytes = std::fs::read(folder.join(&path)).expect("a file of the run");
            (path, bytes)
        })
        .collect()
}

/// What is under temporary names in a folder.
pub fn temporary(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(".docmill-")).collect()
}
