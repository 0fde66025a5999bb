//! The reader of JSON files: an array of records, or one record.

mod scan;
#[cfg(test)]
mod tests;

use std::io::{BufRead, BufReader, Read as _};
use std::ops::ControlFlow;
use std::sync::Arc;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, Known, OptionError, Origin, Part, RawSource,
    ReadError, Reader, Role, RoleKind, Shared, Stream,
};
use schemars::JsonSchema;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use self::scan::{Scan, Value};
use crate::decoded::Utf8Stream;
use crate::encoding::decode;
use crate::json_record::{RecordFields, pointer};
use crate::rows::Columns;
use crate::whole;

/// Reads JSON files: an array is a document an item, an object is one document.
///
/// One field, or several, is the text; the others describe it and become metadata. A field that is an array of strings gives a paragraph
/// a string. Where the records are not at the top of the file, `at` says where their array lies. Values that follow each other,
/// as JSON Lines do, are a document each. The text keeps the very bytes of the record as its source: escapes such as `\n` and `\u00e9`
/// are undone by edits, so every word leads back to its place in the file.
///
/// An array is read item by item, so that memory does not depend on the size of the file. An item that is no record, is broken, or is
/// larger than `limits.document` ends in quarantine, and those after it are read; where the array itself is broken, what was read before stays,
/// and the file ends in quarantine with line and column. Beside `at`, what follows the array is not looked at. Documents
/// are named `orders.json#item=12`, counted from 1; one that is all of the file has the name of the file.
///
/// ```yaml
/// stages:
///   - ingest.json: { at: /data/items, text: [summary, body.plain], title: headline, meta: [id, lang] }
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Json {
    /// Where the records are: a JSON pointer (RFC 6901) such as `/data/items`, to their array or to one of them. When empty: the whole file.
    pub at: String,
    /// The fields that are the text, parted by an empty line in the order of the file: names, paths such as `post.body`, or JSON pointers
    /// such as `/post/body`, within the record. When empty: the first of `text`, `body`, `content`, `message`, `description`, `comment`, `article`,
    /// `review`, `transcript`, `abstract`, `summary` that holds text, else the longest string.
    pub text: Columns,
    /// The field that is the title, named like `text`. When empty: `title`, `subject` or `headline`.
    pub title: String,
    /// The fields that become metadata, named like `text`. When left out: all others that hold a string, number or boolean; those of
    /// nested objects with the names joined by `_`.
    pub meta: Option<Vec<String>>,
}

impl Component for Json {
    const NAME: &'static str = "ingest.json";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.at.is_empty() || self.at.starts_with('/') {
            return Ok(Role::reader(self));
        }
        let message = format!("expected a JSON pointer, which begins with `/`, found {:?}", self.at);
        Err(vec![OptionError::new("/at", message)])
    }
}

impl Reader for Json {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        match hint.extension().as_deref() {
            Some("json") => Some("application/json"),
            Some("geojson") => Some("application/geo+json"),
            Some("jsonld") => Some("application/ld+json"),
            Some(_) => None,
            None if hint.declared == Some("application/json") => Some("application/json"),
            None => begins_like_records(hint.head).then_some("application/json"),
        }
    }

    fn shared(&self, bytes: &[u8]) -> Option<Arc<dyn Shared>> {
        String::from_utf8(bytes.to_vec()).ok().map(|encoding| Arc::new(encoding) as _)
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        let fields = RecordFields { text: self.text.names(), title: &self.title, meta: self.meta.as_deref() };
        match source.origin.row {
            Some(item) => fields.document(&source, &format!("item {item}")),
            None => fields.document(&source, "the file"),
        }
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

/// Whether a source begins with an object, or an array of objects, of JSON.
fn begins_like_records(head: &[u8]) -> bool {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let start = start.strip_prefix(b"[").unwrap_or(start).trim_ascii_start();
    start.strip_prefix(b"{").is_some_and(|inner| matches!(inner.trim_ascii_start(), [b'"', ..]))
}

/// What the records stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Array,
    /// One after the other.
    Sequence,
}

impl Container for Json {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let head = whole::head(file)?;
        if self.at.is_empty() && is_one_value(&head) {
            let _ = part(whole::part(head, file, whole, cx)?);
            return Ok(());
        }
        let mut all = std::io::Cursor::new(head).chain(file);
        let stream = Utf8Stream::new(&mut all)?;
        let encoding = Arc::new(stream.encoding());
        let limit = usize::try_from(cx.limits.document.0).unwrap_or(usize::MAX);
        let mut split = Split { scan: Scan::new(BufReader::with_capacity(64 << 10, stream)), whole, limit, encoding };
        if !self.at.is_empty() {
            split.scan.find(&self.at, &pointer(&self.at))?;
        }
        match split.scan.peek()? {
            Some(b'[') => {
                split.scan.bump();
                split.records(Within::Array, part)?;
            }
            Some(_) if !self.at.is_empty() => {
                let value = split.scan.value(limit)?;
                let _ = part(split.part(value, None));
            }
            _ => split.records(Within::Sequence, part)?,
        }
        if self.at.is_empty() { split.scan.end() } else { Ok(()) }
    }
}

/// Whether a file that begins with `head` is one value that is no array, as far as can be seen: nothing but a further object
/// after the first says otherwise.
fn is_one_value(head: &[u8]) -> bool {
    let Ok(decoded) = decode(head, None) else { return true };
    let text = decoded.text.trim_start();
    if text.starts_with('[') {
        return false;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let first = values.next().is_some_and(|value| value.is_ok());
    !(first && text[values.byte_offset()..].trim_start().starts_with('{'))
}

/// Splits one file.
struct Split<'s, R> {
    scan: Scan<R>,
    whole: &'s RawSource,
    limit: usize,
    encoding: Arc<String>,
}

impl<R: BufRead> Split<'_, R> {
    /// Hands over the records from here to the end of what they stand in.
    fn records(&mut self, within: Within, part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>) -> Result<(), ReadError> {
        for number in 1_u64.. {
            self.scan.space()?;
            match (within, self.scan.peek()?) {
                (Within::Sequence, None) => return Ok(()),
                (Within::Array, Some(b']')) if number == 1 => {
                    self.scan.bump();
                    return Ok(());
                }
                _ => {}
            }
            let value = self.scan.value(self.limit)?;
            if part(self.part(value, Some(number))).is_break() {
                return Ok(());
            }
            if within == Within::Array && self.scan.ends_array()? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// A value as a part; `number` is that of the item.
    fn part(&self, value: Value, number: Option<u64>) -> Part<'static> {
        let uri = number.map_or_else(|| self.whole.uri.clone(), |number| format!("{}#item={number}", self.whole.uri));
        let source = RawSource {
            uri,
            media_type: "application/json".to_owned(),
            bytes: value.bytes,
            hash: None,
            container: number.map(|_| self.whole.uri.clone()),
            origin: Origin {
                offset: value.offset,
                lines: value.lines,
                columns: value.columns,
                row: number,
                ..Origin::default()
            },
            shared: Some(self.encoding.clone()),
            known: Known::default(),
        };
        if value.length <= self.limit {
            return Part::Source(source);
        }
        let what = number.map_or_else(|| "the record".to_owned(), |number| format!("item {number}"));
        let (value, found) = (format!("{} bytes", self.limit), format!("{what} with {} bytes", value.length));
        Part::Failed { source, error: ReadError::Limit { limit: "limits.document", value, found } }
    }
}
