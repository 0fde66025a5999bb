//! XML: documents of any vocabulary, and files of many records.
//!
//! `tree` lists the elements of a document with their places; `vocabulary` knows what the usual ones are; `text` turns them into one
//! set of edits with blocks; `facts` reads what a document or record states about itself; `split` cuts a stream into records.

mod facts;
mod reference;
mod select;
mod split;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod vocabulary;

use std::any::Any;
use std::io::{BufReader, Read as _};
use std::ops::ControlFlow;
use std::sync::Arc;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, OptionError, Part, RawSource, ReadError,
    Reader, Role, RoleKind, Shared, Stream,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use self::reference::reference;

use self::facts::Facts;
use self::select::{Found, select, steps};
use self::tree::{NodeId, Tree};
use crate::decoded::Utf8Stream;
use crate::encoding::decode;
use crate::html::{Html, MainText, declared_encoding};
use crate::rows::Columns;
use crate::whole;

/// Reads XML: articles and books in JATS, `DocBook` or TEI, feeds, and data of any kind.
///
/// All that is written in the elements is the text, in their order. Titles, headings, paragraphs, lists, tables with their cells, captions,
/// quotes and code of JATS, `DocBook` and TEI become blocks; an element of another vocabulary is a paragraph, unless it stands beside text, which it
/// is then part of. Of the head of a JATS article, the title, the authors and the abstract are text; title, authors, date, publication, volume,
/// issue, DOI and keywords become metadata.
///
/// With `records`, each element at that path is a document of its own: so that a file of any size is read record by record. Feeds
/// (RSS, Atom) and dumps of `MediaWiki` are split so without being told. Of a record, the elements named by `text` are the text, or one that is
/// usually that (`content`, `text`, `body`, `description`, `summary` and the like), or all of it; the other elements and attributes become metadata, named by
/// their path with `_`. HTML that stands in a record as text is read as HTML.
///
/// Characters by number and the five references that XML has are resolved. Nothing that a document declares is expanded or fetched: other
/// references stay as they stand, with a warning. Mark-up is taken out by edits, so every word leads back to its place in the file. What is no
/// well-formed XML ends in quarantine with line and column; of a file of records, those before that place are read. Elements deeper than
/// `limits.depth` are read as if they were at that depth. Records are named `feed.xml#record=12`.
///
/// ```yaml
/// stages:
///   - ingest.xml: { records: catalog/product, text: [name, details/long], title: name, meta: ["@sku", "price/@currency"] }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Xml {
    /// The elements that are a document each: a path of names from the outermost element on, such as `catalog/product`. When empty: `feed/entry`,
    /// `rss/channel/item`, `RDF/item` or `mediawiki/page` in a file that begins so, else the file is one document.
    pub records: String,
    /// The elements that are the text, in the order of the file: paths of names within the record, or within the outermost element, such as
    /// `front/abstract`; a name without a prefix stands for one with any.
    pub text: Columns,
    /// The element, or attribute such as `head/@name`, that is the title. When empty: the title that its vocabulary has for it.
    pub title: String,
    /// The elements and attributes that become metadata. When left out: of a record all that are not the text; of other documents what its
    /// vocabulary states.
    pub meta: Option<Vec<String>>,
    /// Whether links in HTML that stands in a record become annotations.
    pub links: bool,
}

impl Default for Xml {
    fn default() -> Self {
        Self { records: String::new(), text: Columns::default(), title: String::new(), meta: None, links: true }
    }
}

/// Files of many records, by their outermost element.
const KNOWN_RECORDS: &[(&str, &[&str])] = &[
    ("feed", &["feed", "entry"]),
    ("rss", &["rss", "channel", "item"]),
    ("RDF", &["RDF", "item"]),
    ("mediawiki", &["mediawiki", "page"]),
];

/// Elements of records that are the text, by how likely they are to.
const TEXTS: &[&str] = &[
    "encoded",
    "content",
    "revision/text",
    "text",
    "body",
    "description",
    "summary",
    "abstract",
    "message",
    "comment",
];

impl Component for Xml {
    const NAME: &'static str = "ingest.xml";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        let mut gives = vec![Field::Text, Field::Blocks, Field::Meta];
        if self.links {
            gives.push(Field::annotations("link"));
        }
        gives
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.records.contains('@') {
            let message = format!("expected a path of elements, found {:?}, which has an attribute", self.records);
            return Err(vec![OptionError::new("/records", message)]);
        }
        Ok(Role::reader(self))
    }
}

impl Reader for Xml {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        match hint.extension().as_deref() {
            Some("xml" | "nxml" | "jats" | "tei" | "docbook" | "dbk" | "opml" | "rdf" | "tmx" | "xliff") => {
                Some("application/xml")
            }
            Some("rss") => Some("application/rss+xml"),
            Some("atom") => Some("application/atom+xml"),
            Some(
                "svg" | "xsl" | "xslt" | "xsd" | "kml" | "gpx" | "txt" | "text" | "md" | "markdown" | "csv" | "tsv"
                | "json" | "jsonl" | "ndjson" | "log",
            ) => None,
            None if matches!(hint.declared, Some("application/xml" | "text/xml")) => Some("application/xml"),
            _ => begins_like_xml(hint.head).then_some("application/xml"),
        }
    }

    fn shared(&self, bytes: &[u8]) -> Option<Arc<dyn Shared>> {
        String::from_utf8(bytes.to_vec()).ok().map(|encoding| Arc::new(encoding) as _)
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let encoding = source.shared.as_deref().and_then(|shared| (shared as &dyn Any).downcast_ref::<String>());
        let mut doc = match encoding {
            // A record was decoded with its file.
            Some(encoding) => {
                let text = String::from_utf8_lossy(&source.bytes).into_owned();
                Document::new(source.source(encoding), text)
            }
            None => decode(&source.bytes, declared_encoding(&source.bytes).as_deref())?.document(&source),
        };
        self.read_document(&mut doc, cx)?;
        Ok(doc)
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

/// Whether a source begins with the declaration of XML.
fn begins_like_xml(head: &[u8]) -> bool {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().starts_with(b"<?xml")
}

impl Container for Xml {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let head = whole::head(file)?;
        let declared = declared_encoding(&head);
        let path = match self.records.as_str() {
            "" => {
                known_records(&decode(&head, declared.as_deref()).map_or(String::new(), |head| head.text.into_owned()))
            }
            records => steps(records),
        };
        if path.is_empty() {
            let _ = part(whole::part(head, file, whole, cx)?);
            return Ok(());
        }
        let mut all = std::io::Cursor::new(head).chain(file);
        let stream = Utf8Stream::declared(&mut all, declared.as_deref())?;
        let encoding = stream.encoding();
        let limit = usize::try_from(cx.limits.document.0).unwrap_or(usize::MAX);
        let bytes = BufReader::with_capacity(64 << 10, stream);
        split::Splitter::new(bytes, &path, whole, encoding, limit).run(part)
    }
}

/// The path of the records in a file that begins with `head`; empty where it is none of those that are known.
fn known_records(head: &str) -> Vec<&'static str> {
    let mut reader = quick_xml::Reader::from_str(head);
    while let Ok(event) = reader.read_event() {
        match event {
            quick_xml::events::Event::Start(start) => {
                let root = start.local_name();
                let known = KNOWN_RECORDS.iter().find(|(name, _)| root.as_ref() == *name);
                return known.map_or(Vec::new(), |(_, path)| path.to_vec());
            }
            quick_xml::events::Event::Empty(_) | quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    Vec::new()
}

impl Xml {
    /// Finds the text of what is in `doc`, its blocks, and what it states.
    fn read_document(&self, doc: &mut Document, cx: &Context) -> Result<(), ReadError> {
        let is_record = doc.source().origin.row.is_some();
        let original: Arc<str> = Arc::from(doc.original());
        let tree = Tree::parse(&original, cx.limits.depth).map_err(|error| in_file(doc, error))?;
        let selected = self.selected(&tree, is_record)?;
        let written = text::rendered(&tree, &selected);
        if written.blocks.is_empty() {
            return Err(ReadError::Empty);
        }
        let facts = Facts { options: self, tree: &tree, text: &selected, is_record };
        doc.meta = facts.meta();
        doc.edit(&written.edits)?;
        doc.set_blocks(written.blocks);
        if !tree.unknown.is_empty() {
            let names: Vec<String> = tree.unknown.iter().map(|name| format!("&{name};")).collect();
            doc.warn(format!("references that are not expanded stay as they stand: {}", names.join(", ")));
        }
        if is_record && looks_like_html(doc.text()) {
            let meta = doc.meta.clone();
            Html { main: MainText::Body, links: self.links }.read_page(doc, cx)?;
            doc.meta = meta;
        }
        if doc.meta.text("title").is_none()
            && let Some(title) = doc.title().map(crate::reference::squeezed)
        {
            doc.meta.set("title", title);
        }
        Ok(())
    }

    /// The elements that are the text.
    fn selected(&self, tree: &Tree<'_>, is_record: bool) -> Result<Vec<NodeId>, ReadError> {
        let named = self.text.names();
        let elements = |path: &str| -> Vec<NodeId> {
            let found = select(tree, 0, path).into_iter();
            found.filter_map(|found| if let Found::Element(id) = found { Some(id) } else { None }).collect()
        };
        if named.is_empty() {
            let usual = TEXTS.iter().filter(|_| is_record).map(|path| elements(path));
            let usual =
                usual.map(|found| found.into_iter().filter(|&id| !tree.words(id).is_empty()).collect::<Vec<_>>());
            return Ok(usual.into_iter().find(|found| !found.is_empty()).unwrap_or_else(|| vec![0]));
        }
        let mut found: Vec<NodeId> = named.iter().flat_map(|path| elements(path)).collect();
        found.sort_unstable();
        found.dedup();
        let mut end = 0;
        found.retain(|&id| {
            let is_outermost = id >= end;
            end = end.max(tree.nodes[id].end);
            is_outermost
        });
        if found.is_empty() {
            let there: Vec<&str> = tree.children(0).map(|id| tree.name(id)).take(20).collect();
            let found = format!(
                "there is nothing at {}; in `{}` there are: {}",
                named.join(", "),
                tree.name(0),
                there.join(", ")
            );
            return Err(ReadError::Malformed { expected: "XML with the text asked for", found });
        }
        Ok(found)
    }
}

/// Whether a text has elements of HTML in it.
fn looks_like_html(text: &str) -> bool {
    let text = text.as_bytes();
    memchr::memchr_iter(b'<', text).take(1000).any(|at| {
        let name = text[at + 1..].strip_prefix(b"/").unwrap_or(&text[at + 1..]);
        let length = name.iter().take(12).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let known: &[&[u8]] = &[
            b"p",
            b"br",
            b"div",
            b"a",
            b"ul",
            b"ol",
            b"li",
            b"img",
            b"span",
            b"strong",
            b"em",
            b"b",
            b"i",
            b"h1",
            b"h2",
            b"h3",
            b"blockquote",
            b"table",
        ];
        let ends = matches!(name.get(length), Some(b'>' | b'/' | b' ' | b'\n'));
        ends && known.iter().any(|known| name[..length].eq_ignore_ascii_case(known))
    })
}

/// What is wrong with XML, and where in `source`.
fn malformed(source: &str, at: usize, what: &str) -> ReadError {
    let before = source.get(..at.min(source.len())).unwrap_or(source);
    let lines = crate::bytes::count(before.as_bytes(), |byte| byte == b'\n');
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    let found = format!("line {}, column {}: {what}", lines + 1, line.chars().count() + 1);
    ReadError::Malformed { expected: "XML", found }
}

/// An error in a record, which counts its own lines.
fn in_file(doc: &Document, error: ReadError) -> ReadError {
    match (doc.source().origin.row, error) {
        (Some(number), ReadError::Malformed { expected, found }) => {
            ReadError::Malformed { expected, found: format!("in record {number}, {found}") }
        }
        (_, other) => other,
    }
}
