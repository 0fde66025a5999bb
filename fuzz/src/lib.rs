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
    /// Whether docmill gives such inputs to a process of their own, whose memory has a limit.
    pub has_process: bool,
}

impl Target {
    const fn new(name: &'static str, run: fn(&[u8])) -> Self {
        Self { name, run, has_process: false }
    }

    /// One of what a library reads in a process of its own.
    const fn apart(name: &'static str, run: fn(&[u8])) -> Self {
        Self { name, run, has_process: true }
    }
}

/// All targets.
pub const TARGETS: &[Target] = &[
    // Readers of files that are what they are by themselves.
    Target::new("text", |data| reading::read("ingest.text", "a.txt", data)),
    Target::new("html", |data| reading::read("ingest.html", "a.html", data)),
    Target::new("markdown", |data| reading::read("ingest.markdown", "a.md", data)),
    Target::new("xml", |data| reading::read("ingest.xml", "a.xml", data)),
    Target::new("json", |data| reading::read("ingest.json", "a.json", data)),
    Target::new("jsonl", |data| reading::read("ingest.jsonl", "a.jsonl", data)),
    Target::new("csv", |data| reading::read("ingest.csv", "a.csv", data)),
    Target::new("eml", |data| reading::read("ingest.eml", "a.eml", data)),
    Target::new("mbox", |data| reading::read("ingest.mbox", "a.mbox", data)),
    Target::new("mhtml", |data| reading::read("ingest.mhtml", "a.mhtml", data)),
    Target::new("msg", |data| reading::read("ingest.msg", "a.msg", data)),
    Target::new("rtf", |data| reading::read("ingest.rtf", "a.rtf", data)),
    Target::apart("doc", |data| reading::read("ingest.doc", "a.doc", data)),
    Target::apart("pdf", |data| reading::read("ingest.pdf", "a.pdf", data)),
    Target::apart("sheet", |data| reading::read("ingest.sheet", "a.xls", data)),
    Target::new("sqlite", |data| reading::read("ingest.sqlite", "a.sqlite", data)),
    Target::new("parquet", |data| reading::read("ingest.parquet", "a.parquet", data)),
    // Readers of packages: their checksums would keep changed bytes out, so that the package is made around them.
    Target::new("docx", package::docx),
    Target::new("pptx", package::pptx),
    Target::apart("xlsx", package::xlsx),
    Target::new("odt", package::odt),
    Target::new("ods", package::ods),
    Target::new("epub", package::epub),
    // Containers.
    Target::new("zip", |data| reading::read("ingest.zip", "a.zip", data)),
    Target::new("tar", |data| reading::read("ingest.tar", "a.tar", data)),
    Target::new("7z", |data| reading::read("ingest.7z", "a.7z", data)),
    Target::new("compressed", |data| reading::read("ingest.compressed", "a.gz", data)),
    Target::new("warc", |data| reading::read("ingest.warc", "a.warc", data)),
    // All readers as a run has them: what a file is, containers in containers, and their limits.
    Target::apart("run", run::file),
    // What people write.
    Target::new("pipeline", settings::pipeline),
    Target::new("condition", settings::condition),
];

/// The target of this name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
