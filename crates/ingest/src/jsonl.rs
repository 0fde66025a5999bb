//! The reader of JSON Lines: one JSON value a line, each a document.

use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::sync::Arc;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, Known, OptionError, Origin, Part, RawSource,
    ReadError, Reader, Role, RoleKind, Shared, Stream,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::decoded::Utf8Stream;
use crate::json_record::RecordFields;

/// What is kept of a line that is too long.
const KEPT: usize = 4 << 10;

/// Reads JSON Lines: each line of the file is a document.
///
/// One field is the text; the others describe it and become metadata. The text keeps the very bytes of the line as its source: escapes
/// such as `\n` and `\u00e9` are undone by edits, so every word leads back to its place in the line. A line that is broken
/// ends in quarantine with its line and column; those after it are read. Documents are named `feedback.jsonl#line=12`.
///
/// ```yaml
/// stages:
///   - ingest.jsonl: { text: post.body, title: post.headline, meta: [id, lang] }
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Jsonl {
    /// The field that is the text: a name, a path such as `post.body`, or a JSON pointer such as `/post/body`. When empty: the first
    /// of `text`, `body`, `content`, `message`, `description`, `comment`, `article`, `review`, `transcript`, `abstract`, `summary`
    /// that holds text, else the longest string.
    pub text: String,
    /// The field that is the title, named like `text`. When empty: `title`, `subject` or `headline`.
    pub title: String,
    /// The fields that become metadata, named like `text`. When left out: all others that hold a string, number or boolean; those of
    /// nested objects with the names joined by `_`.
    pub meta: Option<Vec<String>>,
}

impl Component for Jsonl {
    const NAME: &'static str = "ingest.jsonl";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Jsonl {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        matches!(hint.extension().as_deref(), Some("jsonl" | "ndjson")).then_some("application/jsonl")
    }

    fn shared(&self, bytes: &[u8]) -> Option<Arc<dyn Shared>> {
        String::from_utf8(bytes.to_vec()).ok().map(|encoding| Arc::new(encoding) as _)
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        let line = source.origin.row.unwrap_or(1);
        self.fields().document(&source, &format!("line {line}"))
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

impl Jsonl {
    fn fields(&self) -> RecordFields<'_> {
        let text = if self.text.is_empty() { Vec::new() } else { vec![self.text.as_str()] };
        RecordFields { text, title: &self.title, meta: self.meta.as_deref() }
    }
}

impl Container for Jsonl {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let stream = Utf8Stream::new(file)?;
        let encoding = Arc::new(stream.encoding());
        let mut lines = BufReader::with_capacity(64 << 10, stream);
        let limit = usize::try_from(cx.limits.document.0).unwrap_or(usize::MAX);
        let (mut offset, mut number) = (0, 0);
        loop {
            let mut bytes = Vec::new();
            let length = read_line(&mut lines, limit, &mut bytes)?;
            if length == 0 {
                return Ok(());
            }
            let origin = Origin { offset, lines: number, row: Some(number as u64 + 1), ..Origin::default() };
            offset += length;
            number += 1;
            let too_long = is_too_long(length, limit);
            while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                bytes.pop();
            }
            if bytes.iter().all(u8::is_ascii_whitespace) && !too_long {
                continue;
            }
            let source = RawSource {
                uri: format!("{}#line={number}", whole.uri),
                media_type: "application/json".to_owned(),
                bytes,
                hash: None,
                container: Some(whole.uri.clone()),
                origin,
                shared: Some(encoding.clone()),
                known: Known::default(),
            };
            let found = if too_long {
                let (value, found) = (format!("{limit} bytes"), format!("line {number} with {length} bytes"));
                Part::Failed { source, error: ReadError::Limit { limit: "limits.document", value, found } }
            } else {
                Part::Source(source)
            };
            if part(found).is_break() {
                return Ok(());
            }
        }
    }
}

/// Whether a line is over the limit without its end, which has two bytes at most.
fn is_too_long(length: usize, limit: usize) -> bool {
    length > limit.saturating_add(2)
}

/// Reads a line with its end into `line`, and gives its length. Of one that is longer than `limit`, the beginning is kept.
fn read_line(lines: &mut impl BufRead, limit: usize, line: &mut Vec<u8>) -> std::io::Result<usize> {
    let mut length = 0;
    loop {
        let buffer = lines.fill_buf()?;
        let end = memchr::memchr(b'\n', buffer).map(|end| end + 1);
        let taken = end.unwrap_or(buffer.len());
        length += taken;
        if line.len() < KEPT || !is_too_long(length - taken, limit) {
            line.extend_from_slice(&buffer[..taken]);
        }
        if is_too_long(length, limit) {
            line.truncate(KEPT);
            line.shrink_to_fit();
        }
        lines.consume(taken);
        if end.is_some() || taken == 0 {
            return Ok(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{ByteSpan, Limits};
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn read(reader: &Jsonl, file: &str, limit: u64) -> Vec<Result<Document, String>> {
        let mut documents = Vec::new();
        let cx = Context::new(Limits { document: docmill_core::ByteSize(limit), ..Limits::default() });
        let whole = RawSource::new("in/a.jsonl", "application/jsonl", "");
        let mut bytes = file.as_bytes();
        let mut bytes = Stream::flowing(Vec::new(), &mut bytes);
        let split = reader.split(&mut bytes, &whole, &cx, &mut |part| {
            documents.push(match part {
                Part::Source(source) => reader.read(source, &cx).map_err(|error| error.to_string()),
                Part::Failed { error, .. } => Err(error.to_string()),
                Part::Member(member) => Err(format!("a member: {member:?}")),
            });
            ControlFlow::Continue(())
        });
        assert!(split.is_ok(), "{split:?}");
        documents
    }

    #[test]
    fn each_line_is_a_document_with_its_fields_as_metadata() {
        let file = "{\"id\": 1, \"title\": \"Café\", \"text\": \"One caf\\u00e9.\\n\\nTwo \\ud83d\\ude00!\", \"user\": {\"name\": \"Bo\"}, \"created\": \"2018-03-06T07:55:00Z\"}\n\n\"Only text\"\n";
        let documents = read(&Jsonl::default(), file, 1 << 20);
        let first = documents[0].as_ref().expect("it is read");
        assert_eq!(first.text(), "One café.\n\nTwo 😀!");
        assert_eq!(first.blocks().len(), 2);
        let meta = first.meta.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ");
        assert_eq!(meta, r#"created="2018-03-06T07:55:00Z" date="2018-03-06" id=1 title="Café" user_name="Bo""#);
        let place = first.locate(ByteSpan::new(first.text().find("Two").expect("it is there"), first.text().len()));
        assert_eq!(&file[place.span.start..place.span.end], "Two \\ud83d\\ude00!");
        assert_eq!((place.line, place.row, place.field.as_deref()), (1, Some(1), Some("text")));
        let third = documents[1].as_ref().expect("it is read");
        assert_eq!((third.text(), third.source().uri.as_str()), ("Only text", "in/a.jsonl#line=3"));
        assert_eq!(third.locate(ByteSpan::new(0, 4)).line, 3);
    }

    #[test]
    fn a_broken_line_says_where_and_the_next_goes_on() {
        let documents = read(
            &Jsonl::default(),
            "{\"text\": \"a\"}\n{\"text\": \"b\n{\"n\": 1}\n{\"text\": \" \"}\n{\"text\": \"c\"}",
            1 << 20,
        );
        let errors: Vec<&str> =
            documents.iter().filter_map(|result| result.as_ref().err()).map(String::as_str).collect();
        assert_eq!(
            errors,
            [
                "not JSON: line 2, column 11: EOF while parsing a string",
                "not a record with a text: line 3 has no field with a text; it has: n",
                "it is empty"
            ]
        );
        assert_eq!(documents.len(), 5);
    }

    #[test]
    fn a_line_over_the_limit_fails_alone() {
        let documents =
            read(&Jsonl::default(), &format!("{{\"text\": \"{}\"}}\n{{\"text\": \"b\"}}", "a".repeat(200_000)), 1000);
        assert_eq!(
            documents[0].as_ref().err().map(String::as_str),
            Some("line 1 with 200013 bytes is over limits.document = 1000 bytes")
        );
        assert_eq!(documents[1].as_ref().map(Document::text).ok(), Some("b"));
    }

    #[test]
    fn the_text_may_be_named_by_a_path() {
        let file = r#"{"a.b": "dotted", "post": {"body": "nested", "id": 2}, "list": ["x", "y"]}"#;
        for (name, text) in [("a.b", "dotted"), ("post.body", "nested"), ("/post/body", "nested"), ("/list/1", "y")] {
            let reader = Jsonl { text: name.to_owned(), meta: Some(vec!["post.id".to_owned()]), ..Jsonl::default() };
            let documents = read(&reader, file, 1 << 20);
            let doc = documents[0].as_ref().expect("it is read");
            assert_eq!((doc.text(), doc.meta.get("post_id")), (text, Some(&Value::from(2))));
        }
    }

    proptest! {
        #[test]
        fn any_lines_are_read_or_refused(file in "(\\PC|\n|\"|\\{\"text\": \"|\"\\}){0,40}") {
            for doc in read(&Jsonl::default(), &file, 64).into_iter().flatten() {
                prop_assert!(doc.blocks().iter().all(|block| block.span.of(doc.text()).is_some()));
            }
        }
    }
}
