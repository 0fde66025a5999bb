//! The record: what leaves docmill of one document.
//!
//! It is a view that borrows the document, with spans in the unit asked for and the place in the source of each. Names and
//! order of its fields are a contract; [`schema`] is made from the structs here, whose documentation describes the fields.

use std::collections::BTreeMap;

use docmill_core::{Annotation, BlockKind, ByteSpan, Document, Locator, Meta, Place};
use schemars::JsonSchema;
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use docmill_core::{Offsets, UnitSpan, Units, Unsupported};

/// A document as it leaves docmill: its source, text, blocks, annotations, tags, summary and measures.
///
/// Every `start` and `end` outside of a `source` counts in the unit that `offsets` names, in `text`, half-open.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "Record")]
pub struct Record<'a> {
    /// Identifies the document within a run; stays when its content changes.
    pub id: &'a str,
    /// The unit of all offsets into `text`. The offsets of a `source` are UTF-8 bytes, whatever the unit.
    pub offsets: Offsets,
    /// Where the document came from.
    pub source: RecordSource<'a>,
    /// Its title.
    pub title: Option<&'a str>,
    /// Its language (BCP 47), such as `en`.
    pub language: Option<&'a str>,
    /// What the source states about itself, sorted by key.
    #[schemars(with = "MetaShape")]
    pub meta: RecordMeta<'a>,
    /// The text.
    pub text: &'a str,
    /// The parts of the text, in reading order.
    pub blocks: Vec<RecordBlock>,
    /// What was found in the text, sorted by `start`, `end`, `kind` and `by`.
    pub annotations: Vec<RecordAnnotation<'a>>,
    /// What is said of the document as a whole.
    pub tags: Vec<RecordTag<'a>>,
    /// The summary, where one was made.
    pub summary: Option<RecordSummary<'a>>,
    /// What was measured, by name, sorted.
    #[schemars(with = "BTreeMap<String, f64>")]
    pub measures: RecordMeasures<'a>,
    /// What went less than well; left out where there is nothing.
    #[schemars(skip_serializing_if = "<[_]>::is_empty")]
    pub warnings: &'a [String],
    #[schemars(skip)]
    without: &'a [RecordField],
}

/// A field of the record that an output may leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordField {
    /// Where the document came from.
    Source,
    /// Its title.
    Title,
    /// Its language.
    Language,
    /// What the source states about itself.
    Meta,
    /// The text.
    Text,
    /// The parts of the text.
    Blocks,
    /// What was found in the text.
    Annotations,
    /// What is said of the document.
    Tags,
    /// The summary.
    Summary,
    /// What was measured.
    Measures,
    /// What went less than well.
    Warnings,
}

/// The source of a document.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordSource<'a> {
    /// Name of the source within the run, such as `newsroom/harbor.txt` or `tickets.csv#row=12`.
    pub uri: &'a str,
    /// Media type (RFC 6838), such as `text/html`.
    pub media_type: &'a str,
    /// Name of the character encoding (WHATWG Encoding, lower-case).
    pub encoding: &'a str,
    /// Size in bytes, in its own encoding.
    pub bytes: u64,
    /// `blake3:` and the hash of these bytes.
    pub hash: &'a str,
    /// The URI of the file that it is a part of.
    pub container: Option<&'a str>,
}

/// A place in the source.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordPlace {
    /// First byte in the file (the container, for a part of one), its characters decoded to UTF-8. Bytes whatever `offsets` says.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of the first character, from 1.
    pub line: usize,
    /// Column of the first character in code points, from 1.
    pub column: usize,
    /// Row of a table or line of a JSONL file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Column name or field that holds the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Part that holds the text: of an e-mail, such as `1.2`, the numbers of IMAP (RFC 9051); of a book, the file of the chapter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Page, from 1: its place in the file, whatever number is printed on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Slide, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slide: Option<u32>,
    /// Name of the sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Bytes, line and column are those of the text that was made of what the file holds: in the file it is base64, a PDF's
    /// drawing commands, or the like.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub decoded: bool,
}

/// A part of the text.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Where it begins in `text`.
    pub start: usize,
    /// Where it ends in `text`.
    pub end: usize,
    /// Level of a heading or depth of a list item, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// The cells of a table, in reading order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<RecordCell>,
}

/// A cell of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordCell {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
    /// Whether it is a header cell.
    pub header: bool,
    /// Where it begins in `text`.
    pub start: usize,
    /// Where it ends in `text`.
    pub end: usize,
}

/// Something found in the text.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordAnnotation<'a> {
    /// What it is, such as `money` or `pii.email`.
    pub kind: &'a str,
    /// Where it begins in `text`.
    pub start: usize,
    /// Where it ends in `text`.
    pub end: usize,
    /// The text from `start` to `end`.
    pub text: &'a str,
    /// Its normalized value, or null.
    pub value: &'a Value,
    /// How sure the stage is, 0 to 1.
    pub score: f64,
    /// Id of the stage that made it.
    pub by: &'a str,
    /// Its place in the source.
    pub source: RecordPlace,
}

/// What is said of the document as a whole.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordTag<'a> {
    /// `language`, `keyphrase`, `topic`, or a scheme of one's own.
    pub scheme: &'a str,
    /// The label.
    pub label: &'a str,
    /// Weight or confidence, 0 to 1.
    pub score: f64,
    /// `[start, end]` of each span of `text` that it rests on.
    pub evidence: Vec<[usize; 2]>,
    /// Id of the stage that made it.
    pub by: &'a str,
}

/// The summary.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordSummary<'a> {
    /// The summary as a reader sees it.
    pub text: &'a str,
    /// Id of the stage that made it.
    pub by: &'a str,
    /// The sentences that it rests on, in the document's order; of a summary in words of its own, its sentences that rest on the
    /// text, in their order.
    pub sentences: Vec<RecordSummarySentence<'a>>,
    /// Its sentences for which nothing in the text was found to rest on; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsupported: Vec<RecordUnsupported<'a>>,
}

/// A sentence of the summary for which nothing in the text was found to rest on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordUnsupported<'a> {
    /// The sentence as it stands in the summary.
    pub text: &'a str,
    /// What is missing in the text.
    pub why: &'a str,
}

/// A further sentence of the text that a sentence of the summary rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordSupport {
    /// Where it begins in `text`.
    pub start: usize,
    /// Where it ends in `text`.
    pub end: usize,
    /// Its place in the source.
    pub source: RecordPlace,
}

/// A sentence that the summary rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordSummarySentence<'a> {
    /// Where it begins in `text`.
    pub start: usize,
    /// Where it ends in `text`.
    pub end: usize,
    /// How it reads in the summary, where that is not the text from `start` to `end`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// How central it is, 0 to 1; of a sentence in words of its own, how much of it is found in the text.
    pub score: f64,
    /// Why it was taken: what its score is made of, by name; left out where the stage does not say. Those of
    /// `summarize.extractive` are the shares of `centrality`, `lead` (how early it stands), `title` (what it has in common with
    /// it) and `purpose` (it says what the text is for), which add up to 1 at most, and the factor `form` (how well it stands
    /// alone): the score is their sum times `form`.
    #[serde(skip_serializing_if = "RecordMeasures::is_empty")]
    #[schemars(with = "BTreeMap<String, f64>")]
    pub why: RecordMeasures<'a>,
    /// Its place in the source.
    pub source: RecordPlace,
    /// Further sentences of the text that it rests on; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<RecordSupport>,
}

/// Something of a document that does not lie in its text: a defect of the stage that made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} covers the bytes {span}, which are not whole characters of the text of {length} bytes")]
pub struct SpanError {
    /// What it is, with the stage that made it.
    pub what: String,
    /// Its span.
    pub span: ByteSpan,
    /// The length of the text in bytes.
    pub length: usize,
}

/// The JSON Schema of the record.
pub fn schema() -> Value {
    // As it is written, not as it would be read: what is never left out is required, null or not.
    let settings = schemars::generate::SchemaSettings::default().for_serialize();
    settings.into_generator().into_root_schema_for::<Record<'static>>().to_value()
}

impl<'a> Record<'a> {
    /// The record of `doc` with offsets in the unit asked for. Fails where a stage left a span that is not in the text.
    pub fn new(doc: &'a Document, offsets: Offsets) -> Result<Self, SpanError> {
        let view = View { doc, units: Units::new(doc.text(), offsets), locator: doc.locator() };
        let source = doc.source();
        Ok(Self {
            id: doc.id().as_str(),
            offsets,
            source: RecordSource {
                uri: &source.uri,
                media_type: &source.media_type,
                encoding: &source.encoding,
                bytes: source.bytes,
                hash: &source.hash,
                container: source.container.as_deref(),
            },
            title: title(doc),
            language: doc.language(),
            meta: RecordMeta::of(doc),
            text: doc.text(),
            blocks: view.blocks()?,
            annotations: view.annotations()?,
            tags: view.tags()?,
            summary: view.summary()?,
            measures: RecordMeasures(doc.measures()),
            warnings: doc.warnings(),
            without: &[],
        })
    }

    /// The same without some of its fields.
    #[must_use]
    pub fn without(mut self, fields: &'a [RecordField]) -> Self {
        self.without = fields;
        self
    }
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", self.id)?;
        map.serialize_entry("offsets", &self.offsets)?;
        self.field(&mut map, RecordField::Source, &self.source)?;
        self.field(&mut map, RecordField::Title, &self.title)?;
        self.field(&mut map, RecordField::Language, &self.language)?;
        self.field(&mut map, RecordField::Meta, &self.meta)?;
        self.field(&mut map, RecordField::Text, self.text)?;
        self.field(&mut map, RecordField::Blocks, &self.blocks)?;
        self.field(&mut map, RecordField::Annotations, &self.annotations)?;
        self.field(&mut map, RecordField::Tags, &self.tags)?;
        self.field(&mut map, RecordField::Summary, &self.summary)?;
        self.field(&mut map, RecordField::Measures, &self.measures)?;
        if !self.warnings.is_empty() {
            self.field(&mut map, RecordField::Warnings, self.warnings)?;
        }
        map.end()
    }
}

impl Record<'_> {
    fn field<M: SerializeMap, T: Serialize + ?Sized>(
        &self,
        map: &mut M,
        field: RecordField,
        value: &T,
    ) -> Result<(), M::Error> {
        if self.without.contains(&field) { Ok(()) } else { map.serialize_entry(&field, value) }
    }
}

/// The title that a reader of the document sees: its title block, or else what its metadata says.
pub(crate) fn title(doc: &Document) -> Option<&str> {
    doc.title().or_else(|| doc.meta.text("title"))
}

/// The annotations in the order of the record.
pub(crate) fn sorted_annotations(doc: &Document) -> Vec<&Annotation> {
    let mut sorted: Vec<&Annotation> = doc.annotations().iter().collect();
    sorted.sort_by(|a, b| (a.span, &a.kind, &a.by).cmp(&(b.span, &b.kind, &b.by)));
    sorted
}

/// A document seen in one unit.
struct View<'a> {
    doc: &'a Document,
    units: Units<'a>,
    locator: Locator<'a>,
}

impl<'a> View<'a> {
    fn span(&self, span: ByteSpan, what: impl FnOnce() -> String) -> Result<UnitSpan, SpanError> {
        self.units.of(span).ok_or_else(|| SpanError { what: what(), span, length: self.doc.text().len() })
    }

    fn place(&self, span: ByteSpan) -> RecordPlace {
        self.locator.place(self.doc.to_original(span)).into()
    }

    fn blocks(&self) -> Result<Vec<RecordBlock>, SpanError> {
        let cell = |cell: &docmill_core::Cell| {
            let UnitSpan { start, end } = self.span(cell.span, || "a table cell".to_owned())?;
            Ok(RecordCell { row: cell.row, column: cell.column, header: cell.header, start, end })
        };
        let block = |block: &docmill_core::Block| {
            let UnitSpan { start, end } = self.span(block.span, || format!("a {:?} block", block.kind))?;
            let cells = block.cells.iter().map(cell).collect::<Result<_, SpanError>>()?;
            Ok(RecordBlock { kind: block.kind, start, end, level: block.level, cells })
        };
        self.doc.blocks().iter().map(block).collect()
    }

    fn annotations(&self) -> Result<Vec<RecordAnnotation<'a>>, SpanError> {
        let annotation = |annotation: &'a Annotation| {
            let what = || format!("the {} annotation of {}", annotation.kind, annotation.by);
            let UnitSpan { start, end } = self.span(annotation.span, what)?;
            Ok(RecordAnnotation {
                kind: &annotation.kind,
                start,
                end,
                text: annotation.span.of(self.doc.text()).unwrap_or_default(),
                value: &annotation.value,
                score: number(annotation.score),
                by: &annotation.by,
                source: self.place(annotation.span),
            })
        };
        sorted_annotations(self.doc).into_iter().map(annotation).collect()
    }

    fn tags(&self) -> Result<Vec<RecordTag<'a>>, SpanError> {
        let tag = |tag: &'a docmill_core::Tag| {
            let evidence = |span: &ByteSpan| {
                let what = || format!("the evidence of the tag {}={} of {}", tag.scheme, tag.label, tag.by);
                self.span(*span, what).map(|span| [span.start, span.end])
            };
            Ok(RecordTag {
                scheme: &tag.scheme,
                label: &tag.label,
                score: number(tag.score),
                evidence: tag.evidence.iter().map(evidence).collect::<Result<_, SpanError>>()?,
                by: &tag.by,
            })
        };
        self.doc.tags().iter().map(tag).collect()
    }

    fn summary(&self) -> Result<Option<RecordSummary<'a>>, SpanError> {
        let Some(summary) = self.doc.summary() else { return Ok(None) };
        let sentence = |sentence: &'a docmill_core::SummarySentence| {
            let what = || format!("a summary sentence of {}", summary.by);
            let UnitSpan { start, end } = self.span(sentence.span, what)?;
            let source = self.place(sentence.span);
            let text = sentence.text.as_str();
            let text = (sentence.span.of(self.doc.text()) != Some(text)).then_some(text);
            let (score, why) = (number(sentence.score), RecordMeasures(&sentence.why));
            let also = |span: &ByteSpan| {
                let UnitSpan { start, end } = self.span(*span, what)?;
                Ok(RecordSupport { start, end, source: self.place(*span) })
            };
            let also = sentence.also.iter().map(also).collect::<Result<_, SpanError>>()?;
            Ok(RecordSummarySentence { start, end, text, score, why, source, also })
        };
        let sentences = summary.sentences.iter().map(sentence).collect::<Result<_, SpanError>>()?;
        let unsupported = |sentence: &'a Unsupported| RecordUnsupported { text: &sentence.text, why: &sentence.why };
        let unsupported = summary.unsupported.iter().map(unsupported).collect();
        Ok(Some(RecordSummary { text: &summary.text, by: &summary.by, sentences, unsupported }))
    }
}

impl From<Place> for RecordPlace {
    fn from(place: Place) -> Self {
        let Place { span, line, column, row, field, part, page, slide, sheet, decoded } = place;
        Self { start: span.start, end: span.end, line, column, row, field, part, page, slide, sheet, decoded }
    }
}

/// JSON has no infinities and no NaN.
fn number(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// Metadata of which `authors` is always there, and always a list of strings.
#[derive(Debug)]
pub struct RecordMeta<'a>(&'a Meta);

/// How [`RecordMeta`] is written.
#[derive(JsonSchema)]
#[schemars(rename = "RecordMeta")]
#[expect(dead_code, reason = "only its schema is used")]
struct MetaShape {
    /// Who wrote it; empty where the source does not say.
    authors: Vec<String>,
    /// Everything else that the source states.
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

impl<'a> RecordMeta<'a> {
    /// The metadata of `doc`.
    pub fn of(doc: &'a Document) -> Self {
        Self(&doc.meta)
    }
}

impl RecordMeta<'_> {
    const AUTHORS: &'static str = "authors";

    fn authors(&self) -> Vec<String> {
        let name = |value: &Value| match value {
            Value::Null => None,
            Value::String(name) => Some(name.clone()),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value.to_string()),
        };
        match self.0.get(Self::AUTHORS) {
            None => Vec::new(),
            Some(Value::Array(names)) => names.iter().filter_map(name).collect(),
            Some(one) => name(one).into_iter().collect(),
        }
    }
}

impl Serialize for RecordMeta<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let others = || self.0.iter().filter(|(key, _)| *key != Self::AUTHORS);
        for (key, value) in others().filter(|(key, _)| *key < Self::AUTHORS) {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry(Self::AUTHORS, &self.authors())?;
        for (key, value) in others().filter(|(key, _)| *key > Self::AUTHORS) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Measures, of which whole numbers are written without a fraction.
#[derive(Debug)]
pub struct RecordMeasures<'a>(&'a BTreeMap<String, f64>);

impl RecordMeasures<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for RecordMeasures<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, &value) in self.0 {
            // Up to 2^53 every whole number is exact.
            if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
                #[expect(clippy::cast_possible_truncation, reason = "whole, and within the range just tested")]
                map.serialize_entry(name, &(value as i64))?;
            } else {
                map.serialize_entry(name, &number(value))?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests;
