//! `output.digest`: many documents as one, story by story.
//!
//! What is written of a document is the entry for its story (`entry`). The entries are sorted by story, each story is brought together
//! (`story`), and the stories are sorted by their sizes and dates; both sorts wait in files where they do not fit in memory. An
//! earlier digest (`earlier`) tells which stories are new, which go on and which have ended.

mod earlier;
mod entry;
mod markdown;
mod story;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use docmill_core::{
    BuildContext, Component, Document, DocumentId, Field, OptionError, Output, OutputContext, OutputError, Placed,
    Role, RoleKind, Sink, StageError, WrittenFile,
};
use docmill_files::failed;
use docmill_spill::{Sorted, Sorter};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::earlier::Earlier;
use self::entry::Entry;
use self::story::Story;
use crate::compression::Compression;
use crate::file::FileSink;
use crate::jsonl::check_path;

/// Writes one digest of all documents, by the stories that `summarize.digest` found.
///
/// The stories with the most documents come first, of these the latest. Each has its headline, its first and last date, its
/// sentences with links to their places in the sources, and the documents that tell it. Where the path ends in `.json` the digest is
/// JSON, for other programs and to be the `earlier` one of a later run; else it is Markdown. Links are the URIs of the sources.
///
/// With `earlier`, the JSON of an earlier digest that `summarize.digest` was given too, each story is marked as new or as
/// going on, and those of the earlier digest that no document tells any more are listed as ended.
///
/// ```yaml
/// output:
///   - digest: out/digest.md
///   - digest: { path: out/digest.json, min_documents: 2 }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Digest {
    /// The file to write.
    pub path: PathBuf,
    /// Most stories; all where it is left out. The others are counted.
    #[schemars(range(min = 1))]
    pub stories: Option<usize>,
    /// Stories that fewer documents tell are counted, and not written.
    #[schemars(range(min = 1))]
    pub min_documents: usize,
    /// The JSON of an earlier digest, relative to the pipeline file; none where it is empty.
    pub earlier: PathBuf,
}

impl Default for Digest {
    fn default() -> Self {
        Self { path: PathBuf::from("digest.md"), stories: None, min_documents: 1, earlier: PathBuf::new() }
    }
}

impl Component for Digest {
    const NAME: &'static str = "output.digest";
    const KIND: RoleKind = RoleKind::Output;

    fn needs(&self) -> Vec<Field> {
        vec![Field::tags(entry::STORY)]
    }

    fn build(self, cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        check_path(&self.path)?;
        let earlier = if self.earlier.as_os_str().is_empty() {
            None
        } else {
            let json = cx.read_text("/earlier", &self.earlier).map_err(|error| vec![error])?;
            let read = Earlier::of(&json).map_err(|why| {
                vec![OptionError::new("/earlier", format!("{} is no digest: {why}", self.earlier.display()))]
            })?;
            Some(Arc::new(read))
        };
        Ok(Role::output(Writer { options: self, earlier }))
    }
}

/// The output with these options.
struct Writer {
    options: Digest,
    earlier: Option<Arc<Earlier>>,
}

/// What the entries of one sort may take in memory, in bytes.
const MEMORY: u64 = 8 << 20;

impl Output for Writer {
    fn path(&self) -> &Path {
        &self.options.path
    }

    fn render(&self, doc: &Document) -> Result<Vec<u8>, StageError> {
        let Some(entry) = Entry::of(doc) else { return Ok(Vec::new()) };
        entry.to_record().map_err(|error| StageError::Caused {
            context: "the entry of the digest cannot be written as JSON".to_owned(),
            source: error.into(),
        })
    }

    fn open(&self, cx: &OutputContext) -> Result<Box<dyn Sink>, OutputError> {
        Ok(Box::new(DigestSink {
            file: FileSink::open(&cx.path, Compression::None, b"")?,
            entries: Some(Sorter::new(MEMORY)),
            path: cx.path.clone(),
            options: self.options.clone(),
            earlier: self.earlier.clone(),
            documents: 0,
        }))
    }
}

struct DigestSink {
    file: FileSink,
    /// The entries, until they are written.
    entries: Option<Sorter>,
    path: PathBuf,
    options: Digest,
    earlier: Option<Arc<Earlier>>,
    documents: usize,
}

impl Sink for DigestSink {
    fn write(&mut self, _id: &DocumentId, _uri: &str, rendered: &[u8]) -> Result<(), OutputError> {
        self.documents += 1;
        match &mut self.entries {
            Some(entries) if !rendered.is_empty() => {
                entries.push(rendered).map_err(failed("keep the entries of", &self.path))
            }
            _ => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<Vec<WrittenFile>, OutputError> {
        if let Some(entries) = self.entries.take() {
            let (mut stories, mut gist) = self.stories(entries).map_err(failed("bring together", &self.path))?;
            gist.documents = self.documents;
            let json = self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
            let Self { file, path, earlier, options, .. } = self;
            let mut write = |text: &str| file.append(text.as_bytes());
            write(&if json { story::json_head(&gist) } else { markdown::head(&gist) })?;
            let mut written = 0;
            while let Some(record) = stories.next_record().map_err(failed("read the stories of", path))? {
                if options.stories.is_some_and(|most| written >= most) {
                    break;
                }
                let story = Story::of_record(record).map_err(failed("read the stories of", path))?;
                write(&if json {
                    story.json(written == 0).map_err(failed("write", path))?
                } else {
                    markdown::story(&story)
                })?;
                written += 1;
            }
            let ended = earlier.as_ref().map(|earlier| earlier.without(&gist.going_on));
            write(&if json {
                story::json_tail(ended.as_deref()).map_err(failed("write", path))?
            } else {
                markdown::tail(ended.as_deref(), gist.stories - written)
            })?;
        }
        self.file.finish()
    }

    fn commit(self: Box<Self>) -> Result<Box<dyn Placed>, OutputError> {
        Box::new(self.file).commit()
    }
}

/// What the whole digest is.
#[derive(Debug, Default)]
struct Gist {
    documents: usize,
    stories: usize,
    first: Option<String>,
    last: Option<String>,
    /// The names of the earlier stories that go on.
    going_on: Vec<String>,
}

impl DigestSink {
    /// The stories in the order in which they are written.
    fn stories(&self, entries: Sorter) -> std::io::Result<(Sorted, Gist)> {
        let mut entries = entries.finish()?;
        let mut stories = Sorter::new(MEMORY);
        let mut gist = Gist::default();
        let mut of_story: Vec<Entry> = Vec::new();
        loop {
            let entry = entries.next_record()?.map(Entry::of_record).transpose()?;
            let same =
                entry.as_ref().is_some_and(|entry| of_story.last().is_some_and(|last| last.story == entry.story));
            if !same && !of_story.is_empty() {
                let mut story = Story::of(std::mem::take(&mut of_story));
                if let Some(earlier) = &self.earlier {
                    story.goes_on(earlier.has(story.id()));
                    gist.going_on.extend(earlier.has(story.id()).then(|| story.id().to_owned()));
                }
                gist.count(&story);
                if story.documents() >= self.options.min_documents {
                    stories.push(&story.to_record()?)?;
                }
            }
            let Some(entry) = entry else { break };
            of_story.push(entry);
        }
        Ok((stories.finish()?, gist))
    }
}

impl Gist {
    fn count(&mut self, story: &Story) {
        self.stories += 1;
        let (first, last) = story.dates();
        if let Some(first) = first.filter(|first| self.first.as_deref().is_none_or(|known| *first < known)) {
            self.first = Some(first.to_owned());
        }
        if let Some(last) = last.filter(|last| self.last.as_deref().is_none_or(|known| *last > known)) {
            self.last = Some(last.to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
