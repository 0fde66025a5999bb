//! Where a document came from, and how to name a place in it.

use std::any::Any;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ByteSpan, Document, Meta};

/// The source of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Name of the source within the run, such as `newsroom/harbor.txt` or `tickets.csv#row=12`.
    pub uri: String,
    /// Media type (RFC 6838), such as `text/html`.
    pub media_type: String,
    /// Name of the character encoding (WHATWG Encoding, lower-case), such as `utf-8` or `windows-1252`.
    pub encoding: String,
    /// Size in bytes.
    pub bytes: u64,
    /// `blake3:` and 64 hexadecimal digits: the hash of the bytes.
    pub hash: String,
    /// The URI of the file that it is a part of.
    pub container: Option<String>,
    /// Where the text as ingested begins in the file.
    pub origin: Origin,
}

/// Where a part begins in its file: nothing but zeros for a whole file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Origin {
    /// Bytes of the file, decoded to UTF-8, before the part.
    pub offset: usize,
    /// Line ends before the part.
    pub lines: usize,
    /// Characters (code points) before the part on its first line.
    pub columns: usize,
    /// Row of a table or line of a JSONL file, from 1.
    pub row: Option<u64>,
    /// Column name or field that holds the text.
    pub field: Option<String>,
    /// Part of an e-mail that holds the text, such as `1.2`: the numbers of IMAP (RFC 9051).
    #[serde(default)]
    pub part: Option<String>,
    /// The text is the part decoded from base64 or the like, or was made of what the file holds: places are counted in that
    /// text, not in the file.
    #[serde(default)]
    pub decoded: bool,
    /// Where pages, slides, sheets, rows and parts begin in the text as ingested, in order.
    #[serde(default)]
    pub landmarks: Vec<Landmark>,
}

/// What the text as ingested stands on from an offset on, until the next landmark.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Landmark {
    /// Byte of the text as ingested.
    pub offset: usize,
    /// Where that is.
    pub spot: Spot,
}

/// A page, slide, sheet and row, or part of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Spot {
    /// Page, from 1: its place in the file, whatever number is printed on it.
    pub page: Option<u32>,
    /// Slide, from 1.
    pub slide: Option<u32>,
    /// Name of the sheet.
    pub sheet: Option<Arc<str>>,
    /// Row of the sheet or table, from 1.
    pub row: Option<u64>,
    /// Part that holds the text, such as the file of a book's chapter or `footnotes`.
    pub part: Option<Arc<str>>,
}

impl Spot {
    /// A page, from 1.
    pub fn page(number: u32) -> Self {
        Self { page: Some(number), ..Self::default() }
    }

    /// A slide, from 1.
    pub fn slide(number: u32) -> Self {
        Self { slide: Some(number), ..Self::default() }
    }

    /// A row, from 1, of the sheet of this name.
    pub fn row(sheet: &Arc<str>, row: u64) -> Self {
        Self { sheet: Some(Arc::clone(sheet)), row: Some(row), ..Self::default() }
    }

    /// A part of this name.
    pub fn part(name: &Arc<str>) -> Self {
        Self { part: Some(Arc::clone(name)), ..Self::default() }
    }
}

/// A place in a source that a person can go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The bytes of the file, decoded to UTF-8; a byte-order mark does not count.
    #[serde(flatten)]
    pub span: ByteSpan,
    /// Line of its first character, from 1.
    pub line: usize,
    /// Column of its first character in code points, from 1.
    pub column: usize,
    /// Row of a table or line of a JSONL file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Column name or field that holds the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Part that holds the text: of an e-mail, such as `1.2`, the numbers of IMAP (RFC 9051); of a book, the file of the chapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Page, from 1: its place in the file, whatever number is printed on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Slide, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slide: Option<u32>,
    /// Name of the sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Bytes, line and column are those of the text that was made of what the file holds: in the file it is base64, a PDF's
    /// drawing commands, or the like.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub decoded: bool,
}

/// Finds places in the text of one source: the lines are counted once, so that each answer is quick.
pub struct Locator<'a> {
    original: &'a str,
    origin: &'a Origin,
    /// Where each line begins.
    lines: Vec<usize>,
    /// Characters before each multiple of [`MARK`] bytes: a line may be as long as the text.
    marks: Vec<usize>,
}

const MARK: usize = 128;

impl<'a> Locator<'a> {
    pub(crate) fn new(original: &'a str, origin: &'a Origin) -> Self {
        let lines =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', original.as_bytes()).map(|end| end + 1)).collect();
        let mut marks = vec![0];
        let mut before = 0;
        for chunk in original.as_bytes().chunks_exact(MARK) {
            before += characters(chunk);
            marks.push(before);
        }
        Self { original, origin, lines, marks }
    }

    /// Characters from `start` to `end`, both on character boundaries.
    fn characters(&self, start: usize, end: usize) -> usize {
        let bytes = self.original.as_bytes();
        if end - start <= MARK {
            return characters(&bytes[start..end]);
        }
        let before = |offset: usize| {
            let mark = offset / MARK;
            self.marks[mark] + characters(&bytes[mark * MARK..offset])
        };
        before(end) - before(start)
    }

    /// The place of a span of the text as ingested.
    pub fn place(&self, span: ByteSpan) -> Place {
        let line = self.lines.partition_point(|&start| start <= span.start) - 1;
        let columns = self.characters(self.lines[line], span.start);
        let origin = self.origin;
        let before = origin.landmarks.partition_point(|landmark| landmark.offset <= span.start);
        let spot = before.checked_sub(1).map(|last| origin.landmarks[last].spot.clone()).unwrap_or_default();
        Place {
            span: span.shifted(origin.offset),
            line: origin.lines + line + 1,
            column: if line == 0 { origin.columns } else { 0 } + columns + 1,
            row: spot.row.or(origin.row),
            field: origin.field.clone(),
            part: spot.part.map(|part| (*part).to_owned()).or_else(|| origin.part.clone()),
            page: spot.page,
            slide: spot.slide,
            sheet: spot.sheet.map(|sheet| (*sheet).to_owned()),
            decoded: origin.decoded,
        }
    }
}

/// How many characters begin in these bytes, [`MARK`] at most: the sum fits a byte, so that the compiler adds many at a time.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| u8::from(byte & 0b1100_0000 != 0b1000_0000)).sum::<u8>().into()
}

/// The bytes of one document-to-be, as an input found them or as a container was split.
#[derive(Clone)]
pub struct RawSource {
    /// Name of the source within the run.
    pub uri: String,
    /// Media type that the reader recognized.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Hash of the bytes ([`content_hash`]) where it is known already.
    pub hash: Option<String>,
    /// The URI of the file that it is a part of.
    pub container: Option<String>,
    /// Where it begins in its file.
    pub origin: Origin,
    /// What the reader wants to keep for all parts of a container, such as the header row.
    pub shared: Option<Arc<dyn Shared>>,
    /// What is known of it from outside: what its container says of it, and what is odd about it.
    pub known: Known,
}

/// What is known of a source from outside: it goes into the record of the document that is read from it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Known {
    /// Metadata that its container states, such as the address of a page in a web archive. What the document itself states goes before.
    pub meta: Meta,
    /// What is odd about it, such as a name that promises another format.
    pub warnings: Vec<String>,
}

impl Known {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.meta.is_empty() && self.warnings.is_empty()
    }

    /// Tells the document that was read of it.
    pub fn tell(self, doc: &mut Document) {
        for (key, value) in self.meta.iter() {
            doc.meta.set_if_absent(key, value.clone());
        }
        for warning in self.warnings {
            doc.warn(warning);
        }
    }
}

/// What a reader keeps for all parts of a container.
pub trait Shared: Any + Send + Sync {
    /// All of it that a document depends on, as bytes: a part is worked on again when this changes, and [`Reader::shared`] makes
    /// it from them in another process.
    ///
    /// [`Reader::shared`]: crate::Reader::shared
    fn to_bytes(&self) -> Vec<u8>;
}

impl Shared for String {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

impl RawSource {
    /// A whole file.
    pub fn new(uri: impl Into<String>, media_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            uri: uri.into(),
            media_type: media_type.into(),
            bytes: bytes.into(),
            hash: None,
            container: None,
            origin: Origin::default(),
            shared: None,
            known: Known::default(),
        }
    }

    /// A file of the container `whole`, of which nothing is known yet but its URI.
    pub fn member(whole: &Self, uri: impl Into<String>) -> Self {
        Self { container: Some(whole.uri.clone()), ..Self::new(uri, "", Vec::new()) }
    }

    /// The source that a document made from it has.
    pub fn source(&self, encoding: &str) -> Source {
        Source {
            uri: self.uri.clone(),
            media_type: self.media_type.clone(),
            encoding: encoding.to_owned(),
            bytes: self.bytes.len() as u64,
            hash: self.hash.clone().unwrap_or_else(|| content_hash(&self.bytes)),
            container: self.container.clone(),
            origin: self.origin.clone(),
        }
    }
}

impl std::fmt::Debug for RawSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawSource").field("uri", &self.uri).field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// `blake3:` and the hash of `bytes` in hexadecimal.
pub fn content_hash(bytes: &[u8]) -> String {
    format!("blake3:{}", blake3::hash(bytes).to_hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_however_long_the_line_is() {
        let original = format!("{}\n{}", "é€".repeat(3 * MARK), "ab😀".repeat(2 * MARK));
        let origin = Origin::default();
        let locator = Locator::new(&original, &origin);
        for (offset, _) in original.char_indices().step_by(97) {
            let line_start = original[..offset].rfind('\n').map_or(0, |end| end + 1);
            let place = locator.place(ByteSpan::point(offset));
            assert_eq!(place.column, original[line_start..offset].chars().count() + 1);
        }
        assert_eq!(locator.place(ByteSpan::point(original.len())).column, 6 * MARK + 1);
    }
}
