//! What docmill's readers and parsers are given at random, and what must hold whatever they are given.
//!
//! A [`Target`] takes any bytes. It may find nothing in them, but it must not panic, hang or take memory without end, and what it
//! finds must fit together. `tests/corpus.rs` gives each target the inputs that are kept in `corpus/`; `run.sh` has libFuzzer look for
//! new ones.

mod package;
mod reading;
mod run;
mod settings;

pub use reading::registry;

/// Something that takes any bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, which is that of its folder in `corpus/`.
    pub name: &'static str,
    /// Gives it an input.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    // Readers of files that are what they are by themselves.
    Target { name: "text", run: |data| reading::read("ingest.text", "a.txt", data) },
    Target { name: "html", run: |data| reading::read("ingest.html", "a.html", data) },
    Target { name: "markdown", run: |data| reading::read("ingest.markdown", "a.md", data) },
    Target { name: "xml", run: |data| reading::read("ingest.xml", "a.xml", data) },
    Target { name: "json", run: |data| reading::read("ingest.json", "a.json", data) },
    Target { name: "jsonl", run: |data| reading::read("ingest.jsonl", "a.jsonl", data) },
    Target { name: "csv", run: |data| reading::read("ingest.csv", "a.csv", data) },
    Target { name: "eml", run: |data| reading::read("ingest.eml", "a.eml", data) },
    Target { name: "mbox", run: |data| reading::read("ingest.mbox", "a.mbox", data) },
    Target { name: "mhtml", run: |data| reading::read("ingest.mhtml", "a.mhtml", data) },
    Target { name: "msg", run: |data| reading::read("ingest.msg", "a.msg", data) },
    Target { name: "rtf", run: |data| reading::read("ingest.rtf", "a.rtf", data) },
    Target { name: "doc", run: |data| reading::read("ingest.doc", "a.doc", data) },
    Target { name: "pdf", run: |data| reading::read("ingest.pdf", "a.pdf", data) },
    Target { name: "sheet", run: |data| reading::read("ingest.sheet", "a.xls", data) },
    Target { name: "sqlite", run: |data| reading::read("ingest.sqlite", "a.sqlite", data) },
    Target { name: "parquet", run: |data| reading::read("ingest.parquet", "a.parquet", data) },
    // Readers of packages: their checksums would keep changed bytes out, so that the package is made around them.
    Target { name: "docx", run: package::docx },
    Target { name: "pptx", run: package::pptx },
    Target { name: "xlsx", run: package::xlsx },
    Target { name: "odt", run: package::odt },
    Target { name: "ods", run: package::ods },
    Target { name: "epub", run: package::epub },
    // Containers.
    Target { name: "zip", run: |data| reading::read("ingest.zip", "a.zip", data) },
    Target { name: "tar", run: |data| reading::read("ingest.tar", "a.tar", data) },
    Target { name: "7z", run: |data| reading::read("ingest.7z", "a.7z", data) },
    Target { name: "compressed", run: |data| reading::read("ingest.compressed", "a.gz", data) },
    Target { name: "warc", run: |data| reading::read("ingest.warc", "a.warc", data) },
    // All readers as a run has them: what a file is, containers in containers, and their limits.
    Target { name: "run", run: run::file },
    // What people write.
    Target { name: "pipeline", run: settings::pipeline },
    Target { name: "condition", run: settings::condition },
];

/// The target of this name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
