//! Small parts to make pipelines of: each is what a program of its own would bring along.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use docmill_core::{
    Aggregate, BuildContext, Component, Container, Context, CorpusContext, CorpusStage, Document, DocumentId,
    DropReason, Edits, Filter, Findings, Found, Hint, Input, Opened, OptionError, Output, OutputContext, OutputError,
    Part, Placed, RawSource, ReadError, Reader, Role, RoleKind, Sink, Stage, StageError, Stream, Verdict, WrittenFile,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A component without options but those of its fields, whose struct is itself the part.
macro_rules! component {
    ($type:ident, $name:literal, $kind:ident, $role:ident) => {
        impl Component for $type {
            const NAME: &'static str = $name;
            const KIND: RoleKind = RoleKind::$kind;

            fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
                Ok(Role::$role(self))
            }
        }
    };
}

/// Texts in memory, named by their numbers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Memory {
    texts: Vec<String>,
}

component!(Memory, "input.memory", Input, input);

impl Memory {
    pub(crate) fn of(texts: &[&str]) -> Self {
        Self { texts: texts.iter().map(ToString::to_string).collect() }
    }
}

impl Input for Memory {
    fn list(&self, found: &mut dyn FnMut(Found) -> ControlFlow<()>) -> Result<(), ReadError> {
        for (number, text) in self.texts.iter().enumerate() {
            let text = text.clone();
            let source = Found {
                uri: format!("{number}.txt"),
                place: None,
                bytes: Some(text.len() as u64),
                open: Box::new(move || {
                    if text.starts_with("unreadable:") {
                        return Err(std::io::ErrorKind::PermissionDenied.into());
                    }
                    Ok(Opened::stream(std::io::Cursor::new(text.into_bytes())))
                }),
            };
            if found(source).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Reads what does not begin with `unknown:`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Plain {}

component!(Plain, "test.plain", Reader, reader);

impl Reader for Plain {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        (!hint.head.is_empty() && !hint.head.starts_with(b"unknown:")).then_some("text/plain")
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        let text = String::from_utf8_lossy(&source.bytes).into_owned();
        Ok(Document::new(source.source("utf-8"), text))
    }
}

/// Reads the lines after `lines:` as a document each.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Lines {}

component!(Lines, "test.lines", Reader, reader);

impl Reader for Lines {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        hint.head.starts_with(b"lines:").then_some("text/plain")
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        Plain {}.read(source, cx)
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

impl Container for Lines {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        _cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        for (index, line) in text.trim_start_matches("lines:").lines().enumerate() {
            let source = RawSource::new(format!("{}#{}", whole.uri, index + 1), "text/plain", line.as_bytes());
            let made = if line == "BROKEN" {
                Part::Failed { source, error: ReadError::Malformed { expected: "a line", found: line.to_owned() } }
            } else {
                Part::Source(source)
            };
            if part(made).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Makes all letters capitals, by edits.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Shout {}

component!(Shout, "test.shout", Stage, stage);

impl Stage for Shout {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let mut edits = Edits::new();
        for (at, letter) in doc.text().char_indices().filter(|(_, letter)| letter.is_lowercase()) {
            edits.replace(at..at + letter.len_utf8(), &letter.to_uppercase().to_string());
        }
        Ok(doc.edit(&edits)?)
    }
}

/// Panics on `boom`, and on every so-manieth text that ends in its number.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Panics {
    pub(crate) every: usize,
}

component!(Panics, "test.panics", Stage, stage);

impl Stage for Panics {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let number: Option<usize> = doc.text().rsplit(' ').next().and_then(|last| last.parse().ok());
        assert!(doc.text() != "boom", "number boom");
        if let Some(number) = number.filter(|_| self.every > 0) {
            assert!(number % self.every != 0, "number {number}");
        }
        Ok(())
    }
}

/// Does half of its work and fails.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Broken {}

component!(Broken, "test.broken", Stage, stage);

impl Stage for Broken {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let mut edits = Edits::new();
        edits.insert(0, "half done: ");
        doc.edit(&edits)?;
        Err(StageError::Failed("it is broken".to_owned()))
    }
}

/// Never ends for the text `loop`, unless it is told that its time is up.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Endless {}

component!(Endless, "test.endless", Stage, stage);

impl Stage for Endless {
    fn apply(&self, doc: &mut Document, cx: &Context) -> Result<(), StageError> {
        while doc.text() == "loop" {
            cx.check_time()?;
            std::thread::yield_now();
        }
        Ok(())
    }
}

/// Measures the length.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Count {}

component!(Count, "test.count", Stage, stage);

impl Stage for Count {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let length = doc.text().len() as f64;
        doc.measure("length", length);
        Ok(())
    }
}

/// Drops what is short.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct DropShort {
    pub(crate) min: usize,
}

component!(DropShort, "test.drop-short", Filter, filter);

impl Filter for DropShort {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let length = doc.text().len();
        if length < self.min {
            return Ok(Verdict::Drop(DropReason::new("length.min", length, self.min)));
        }
        Ok(Verdict::Keep)
    }
}

/// Keeps the first document of each text.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct FirstOfItsKind {}

component!(FirstOfItsKind, "test.first", Corpus, corpus);

#[derive(Default)]
struct Firsts {
    first: HashMap<Vec<u8>, usize>,
    repeats: HashMap<u64, usize>,
    uris: Vec<String>,
}

impl CorpusStage for FirstOfItsKind {
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        Ok(doc.text().as_bytes().to_vec())
    }

    fn aggregate(&self, _cx: &CorpusContext) -> std::io::Result<Box<dyn Aggregate>> {
        Ok(Box::<Firsts>::default())
    }

    fn apply(&self, finding: &[u8], _doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        Ok(match std::str::from_utf8(finding) {
            Ok("") | Err(_) => Verdict::Keep,
            Ok(of) => Verdict::Duplicate { of: of.to_owned(), similarity: 1.0 },
        })
    }
}

impl Aggregate for Firsts {
    fn add(&mut self, position: u64, uri: &str, observation: &[u8]) -> std::io::Result<()> {
        assert_eq!(position, self.uris.len() as u64, "observations come in order, without gaps");
        if let Some(first) = self.first.get(observation) {
            self.repeats.insert(position, *first);
        } else {
            self.first.insert(observation.to_vec(), self.uris.len());
        }
        self.uris.push(uri.to_owned());
        Ok(())
    }

    fn conclude(self: Box<Self>) -> std::io::Result<Box<dyn Findings>> {
        Ok(self)
    }
}

impl Findings for Firsts {
    fn finding(&mut self, position: u64) -> std::io::Result<Vec<u8>> {
        Ok(self.repeats.get(&position).map_or_else(Vec::new, |&first| self.uris[first].as_bytes().to_vec()))
    }
}

/// Writes a line a document.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct File {
    path: PathBuf,
}

impl Default for File {
    fn default() -> Self {
        Self { path: "out.txt".into() }
    }
}

component!(File, "output.file", Output, output);

struct FileSink {
    path: PathBuf,
    file: tempfile::NamedTempFile,
}

impl Output for File {
    fn path(&self) -> &Path {
        &self.path
    }

    fn render(&self, doc: &Document) -> Result<Vec<u8>, StageError> {
        let mut line = format!("{}: {}", doc.source().uri, doc.text());
        for warning in doc.warnings() {
            line.extend([" [", warning, "]"]);
        }
        line.push('\n');
        Ok(line.into_bytes())
    }

    fn open(&self, cx: &OutputContext) -> Result<Box<dyn Sink>, OutputError> {
        let folder = cx.path.parent().expect("the tests write into folders");
        let file = tempfile::NamedTempFile::new_in(folder).expect("the folder is there");
        Ok(Box::new(FileSink { path: cx.path.clone(), file }))
    }
}

impl Sink for FileSink {
    fn write(&mut self, _id: &DocumentId, _uri: &str, rendered: &[u8]) -> Result<(), OutputError> {
        self.file.write_all(rendered).map_err(|source| OutputError::Io {
            action: "write",
            path: self.path.clone(),
            source,
        })
    }

    fn finish(&mut self) -> Result<Vec<WrittenFile>, OutputError> {
        Ok(vec![WrittenFile { path: self.path.clone(), bytes: 0, hash: String::new() }])
    }

    fn commit(self: Box<Self>) -> Result<Box<dyn Placed>, OutputError> {
        self.file.persist(&self.path).expect("the folder is there");
        Ok(Box::new(Stays(self.path)))
    }
}

/// A file that nothing stood in the place of.
struct Stays(PathBuf);

impl Placed for Stays {
    fn path(&self) -> &Path {
        &self.0
    }

    fn take_back(self: Box<Self>) -> Result<(), OutputError> {
        std::fs::remove_file(&self.0).map_err(|source| OutputError::Io { action: "remove", path: self.0, source })
    }

    fn keep(self: Box<Self>) {}
}
