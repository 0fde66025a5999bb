//! The document: everything that is known about one text on its way through a pipeline.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::change::Recording;
use crate::{
    Annotation, Block, BlockKind, ByteSpan, Change, EditError, Edits, Locator, Meta, Place, RawSource, Source,
    SourceMap, Summary, Tag, Text,
};

/// Identifies a document within a run: 16 hexadecimal digits of the hash of its URI. It stays when the content changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentId(String);

impl DocumentId {
    /// The id of the document with this URI.
    pub fn of(uri: &str) -> Self {
        Self(blake3::hash(uri.as_bytes()).to_hex()[..16].to_owned())
    }

    /// The 16 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DocumentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text with its source, structure, annotations, tags, summary and measures.
///
/// The text changes by [`Document::edit`] alone, which moves every span along, so that each always points at what it was
/// made for. Values that are computed from the text ([`Document::derived`]) are shared by all stages until the next edit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Document {
    id: DocumentId,
    source: Source,
    text: Text,
    blocks: Vec<Block>,
    /// What the source states about itself.
    pub meta: Meta,
    language: Option<String>,
    annotations: Vec<Annotation>,
    tags: Vec<Tag>,
    summary: Option<Summary>,
    measures: BTreeMap<String, f64>,
    warnings: Vec<String>,
    #[serde(skip, default = "nobody")]
    stage: Arc<str>,
    #[serde(skip)]
    derived: Derived,
    #[serde(skip)]
    pub(crate) recording: Option<Recording>,
}

fn nobody() -> Arc<str> {
    Arc::from("")
}

/// Values computed from the text, one a type.
#[derive(Default)]
struct Derived(RefCell<Vec<(TypeId, Arc<dyn Any + Send + Sync>)>>);

impl Clone for Derived {
    fn clone(&self) -> Self {
        Self(RefCell::new(self.0.borrow().clone()))
    }
}

impl std::fmt::Debug for Derived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} derived values", self.0.borrow().len())
    }
}

impl Document {
    /// A document of this source whose text as ingested is `original`.
    ///
    /// `original` is what the source says, decoded to UTF-8 and otherwise untouched: a reader of a marked-up format takes the
    /// mark-up out by [`Document::edit`], so that each word leads back to its place in the file.
    pub fn new(source: Source, original: impl Into<Arc<str>>) -> Self {
        Self {
            id: DocumentId::of(&source.uri),
            source,
            text: Text::new(original),
            blocks: Vec::new(),
            meta: Meta::default(),
            language: None,
            annotations: Vec::new(),
            tags: Vec::new(),
            summary: None,
            measures: BTreeMap::new(),
            warnings: Vec::new(),
            stage: nobody(),
            derived: Derived::default(),
            recording: None,
        }
    }

    /// A plain-text document that no reader read: for tests, and for programs that have their texts in memory.
    /// Paragraphs are parted by empty lines.
    pub fn from_text(uri: &str, text: &str) -> Self {
        let source = RawSource::new(uri, "text/plain", text.as_bytes()).source("utf-8");
        let mut doc = Self::new(source, text);
        let mut start = 0;
        for part in text.split_inclusive("\n\n") {
            let trimmed = part.trim();
            if let Some(lead) = part.find(trimmed).filter(|_| !trimmed.is_empty()) {
                doc.blocks.push(Block::new(BlockKind::Paragraph, start + lead..start + lead + trimmed.len()));
            }
            start += part.len();
        }
        doc
    }

    /// Its id.
    pub fn id(&self) -> &DocumentId {
        &self.id
    }

    /// Where it came from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The text as it is now.
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// The text as ingested.
    pub fn original(&self) -> &str {
        self.text.original()
    }

    /// The map from the text as ingested (before) to the current text (after).
    pub fn source_map(&self) -> &SourceMap {
        self.text.map()
    }

    /// Changes the text, and moves blocks, annotations, evidence and summary spans along. What was deleted altogether goes:
    /// blocks (but page breaks) and annotations whose text is gone, evidence and summary sentences likewise.
    pub fn edit(&mut self, edits: &Edits) -> Result<(), EditError> {
        if edits.is_empty() {
            return Ok(());
        }
        let step = self.text.edit(edits)?;
        self.derived.0.get_mut().clear();
        let moved = |span: &mut ByteSpan| {
            *span = step.to_after(*span);
            !span.is_empty()
        };
        self.blocks.retain_mut(|block| {
            for cell in &mut block.cells {
                moved(&mut cell.span);
            }
            moved(&mut block.span) || block.kind == BlockKind::PageBreak
        });
        self.annotations.retain_mut(|annotation| moved(&mut annotation.span));
        for tag in &mut self.tags {
            tag.evidence.retain_mut(moved);
        }
        if let Some(summary) = &mut self.summary {
            summary.sentences.retain_mut(|sentence| {
                sentence.also.retain_mut(moved);
                moved(&mut sentence.span)
            });
        }
        self.note(|_| Change::Edit(edits.clone()));
        Ok(())
    }

    /// The place in the source of a span of the current text.
    pub fn locate(&self, span: ByteSpan) -> Place {
        self.locator().place(self.to_original(span))
    }

    /// Finds the places of many spans of the text as ingested; see [`Document::to_original`].
    pub fn locator(&self) -> Locator<'_> {
        Locator::new(self.text.original(), &self.source.origin)
    }

    /// The span of the text as ingested that a span of the current text came from.
    pub fn to_original(&self, span: ByteSpan) -> ByteSpan {
        self.text.to_original(span)
    }

    /// The blocks in reading order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Sets the blocks, sorted into reading order. Every span must lie in the current text.
    pub fn set_blocks(&mut self, mut blocks: Vec<Block>) {
        debug_assert!(
            blocks.iter().all(|block| block.span.of(self.text()).is_some()),
            "a block's span is not in the text"
        );
        blocks.sort_by_key(|block| block.span.start);
        self.blocks = blocks;
        self.derived.0.get_mut().clear();
        self.note(|doc| Change::Blocks(doc.blocks.clone()));
    }

    /// The text of the title block.
    pub fn title(&self) -> Option<&str> {
        let block = self.blocks.iter().find(|block| block.kind == BlockKind::Title)?;
        block.span.of(self.text())
    }

    /// The language (BCP 47, such as `en`), once a stage has found it.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// Sets the language; what was derived with another one is computed anew.
    pub fn set_language(&mut self, language: impl Into<String>) {
        let language = language.into();
        if self.language.as_ref() != Some(&language) {
            self.note(|_| Change::Language(language.clone()));
            self.language = Some(language);
            self.derived.0.get_mut().clear();
        }
    }

    /// The document's own date as the source states it: `meta.date`, ISO 8601, as exact as the source.
    pub fn date(&self) -> Option<&str> {
        self.meta.text("date")
    }

    /// The annotations, in the order in which they were made.
    pub fn annotations(&self) -> &[Annotation] {
        &self.annotations
    }

    /// The annotations of a kind.
    pub fn annotations_of(&self, kind: &str) -> impl Iterator<Item = &Annotation> {
        self.annotations.iter().filter(move |annotation| annotation.kind == kind)
    }

    /// Adds an annotation in the name of the stage at work. Its span must lie in the current text and not be empty.
    pub fn annotate(&mut self, mut annotation: Annotation) {
        debug_assert!(annotation.span.of(self.text()).is_some_and(|text| !text.is_empty()), "not a span of the text");
        annotation.by = Arc::clone(&self.stage);
        self.push_annotation(annotation);
    }

    pub(crate) fn push_annotation(&mut self, annotation: Annotation) {
        self.note(|_| Change::Annotation(annotation.clone()));
        self.annotations.push(annotation);
    }

    /// Forgets the values of the annotations for which `forget` is true.
    pub fn clear_values(&mut self, mut forget: impl FnMut(&Annotation) -> bool) {
        for annotation in &mut self.annotations {
            if forget(annotation) {
                annotation.value = serde_json::Value::Null;
            }
        }
        self.note_whole();
    }

    /// Rewrites all that the stages and the source said in words or numbers beside the text: metadata, values of annotations,
    /// labels of tags, the summary and warnings. `rewrite` gives what a string becomes, or `None` where it stays; a number that
    /// does not stay becomes a string.
    pub fn rewrite_strings(&mut self, mut rewrite: impl FnMut(&str) -> Option<String>) {
        let values = self.annotations.iter_mut().map(|annotation| &mut annotation.value);
        let mut values: Vec<&mut serde_json::Value> = values.chain(self.meta.values_mut()).collect();
        while let Some(value) = values.pop() {
            match value {
                serde_json::Value::String(text) => replace(text, &mut rewrite),
                serde_json::Value::Number(number) => {
                    if let Some(new) = rewrite(&number.to_string()) {
                        *value = serde_json::Value::String(new);
                    }
                }
                serde_json::Value::Array(items) => values.extend(items),
                serde_json::Value::Object(entries) => values.extend(entries.values_mut()),
                serde_json::Value::Null | serde_json::Value::Bool(_) => {}
            }
        }
        let summary = self.summary.iter_mut().flat_map(|summary| {
            let unsupported =
                summary.unsupported.iter_mut().flat_map(|sentence| [&mut sentence.text, &mut sentence.why]);
            let sentences = summary.sentences.iter_mut().map(|sentence| &mut sentence.text);
            std::iter::once(&mut summary.text).chain(sentences).chain(unsupported)
        });
        let labels = self.tags.iter_mut().map(|tag| &mut tag.label);
        for text in labels.chain(summary).chain(&mut self.warnings) {
            replace(text, &mut rewrite);
        }
        self.note_whole();
    }

    /// The tags, in the order in which they were made.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Adds a tag in the name of the stage at work.
    pub fn tag(&mut self, mut tag: Tag) {
        tag.by = Arc::clone(&self.stage);
        self.push_tag(tag);
    }

    pub(crate) fn push_tag(&mut self, tag: Tag) {
        self.note(|_| Change::Tag(tag.clone()));
        self.tags.push(tag);
    }

    /// The summary.
    pub fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    /// Sets the summary in the name of the stage at work.
    pub fn summarize(&mut self, mut summary: Summary) {
        summary.by = Arc::clone(&self.stage);
        self.put_summary(summary);
    }

    pub(crate) fn put_summary(&mut self, summary: Summary) {
        self.note(|_| Change::Summary(summary.clone()));
        self.summary = Some(summary);
    }

    /// What was measured, by name.
    pub fn measures(&self) -> &BTreeMap<String, f64> {
        &self.measures
    }

    /// Keeps a measured value, to four decimals. Values that are not numbers are kept as 0.
    pub fn measure(&mut self, name: impl Into<String>, value: f64) {
        let value = if value.is_finite() { crate::tag::to_four_decimals(value) } else { 0.0 };
        let name = name.into();
        self.note(|_| Change::Measure(name.clone(), value));
        self.measures.insert(name, value);
    }

    /// What a reader or stage wants the user to know about this document.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Adds a warning.
    pub fn warn(&mut self, warning: impl Into<String>) {
        let warning = warning.into();
        self.note(|_| Change::Warning(warning.clone()));
        self.warnings.push(warning);
    }

    /// A value computed from the current text (and blocks and language), once: kept until the text, the blocks or the
    /// language change, and shared by all stages that ask for the same type.
    pub fn derived<T: Any + Send + Sync>(&self, compute: impl FnOnce(&Self) -> T) -> Arc<T> {
        let id = TypeId::of::<T>();
        let kept = self.derived.0.borrow().iter().find(|(kept, _)| *kept == id).map(|(_, value)| Arc::clone(value));
        if let Some(value) = kept.and_then(|value| value.downcast::<T>().ok()) {
            return value;
        }
        let value = Arc::new(compute(self));
        self.derived.0.borrow_mut().push((id, Arc::clone(&value) as _));
        value
    }

    /// Says which stage works on the document from here on; its id goes into what it makes.
    pub fn enter(&mut self, stage: &Arc<str>) {
        self.stage = Arc::clone(stage);
    }
}

/// Puts in place of a string what `rewrite` makes of it, if anything.
fn replace(text: &mut String, rewrite: &mut impl FnMut(&str) -> Option<String>) {
    if let Some(new) = rewrite(text) {
        *text = new;
    }
}
