//! HTML pages: the article that a page is about, without what stands around it on every page of its site.
//!
//! The page becomes a light tree (`tree`); `article` chooses what of it is text; `text` turns that into one set of edits
//! with blocks and links; `head` reads what the page states about itself. Nothing is fetched, no script is run.

mod article;
mod day;
mod element;
mod head;
mod headings;
mod linked;
mod names;
mod noise;
mod other_things;
mod parts;
mod published;
mod quotations;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod weight;

use docmill_core::{
    Annotation, BuildContext, ByteSpan, Component, Context, Document, Field, Hint, OptionError, RawSource, ReadError,
    Reader, Role, RoleKind,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::encoding::decode;
use crate::pieces::Writer;
use crate::reference::resolved;
use tree::{Attribute, Tree};

/// The declaration of an encoding must stand in this many first bytes.
const DECLARATION: usize = 4096;

/// Reads HTML pages (`.html`, `.htm`, `.xhtml`, or what begins like one) and keeps their main text.
///
/// The main text is found by how its blocks look (sentences, commas, few links), by the elements and roles that HTML has for
/// it, and by the names that its elements have. Where no part of a page stands out, and it does not say that it is an article
/// (Open Graph, JSON-LD), all of it is its text: a shop, a list, a home page. The text of a thread is what its readers wrote.
/// Navigation, adverts, share buttons, other stories and products, comments on an article, cookie banners and what is hidden are
/// left out, and so are headings under which nothing is left, and quotations of what the page has said before. Headings, paragraphs, list items, tables with their cells, captions, quotes and
/// code become blocks; links become annotations of kind `link` with the value `{"href": ..., "rel": ...}`. Title, authors, date,
/// publication, description, language, address and keywords are read from the head, from JSON-LD and from the mark-up; the date,
/// where these do not tell it, from labels, scripts, the address and what stands by the heading.
///
/// Each word of the text leads back to its place in the page, decoded with the encoding that the page declares.
///
/// ```yaml
/// stages:
///   - ingest.html: { main: body, links: false }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Html {
    /// Which part of a page is its text.
    pub main: MainText,
    /// Whether links in the text become annotations.
    pub links: bool,
}

/// Which part of a page is its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MainText {
    /// The article; where none stands out, all but what is around it on every page of a site.
    Article,
    /// All but what is around it on every page of a site, whatever the page says to be.
    Body,
}

impl Default for Html {
    fn default() -> Self {
        Self { main: MainText::Article, links: true }
    }
}

impl Component for Html {
    const NAME: &'static str = "ingest.html";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;
    const VERSION: u32 = 2;

    fn gives(&self) -> Vec<Field> {
        let mut gives = vec![Field::Text, Field::Blocks, Field::Meta];
        if self.links {
            gives.push(Field::annotations("link"));
        }
        gives
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Html {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        match hint.extension().as_deref() {
            Some("html" | "htm" | "shtml") => Some("text/html"),
            Some("xhtml" | "xht") => Some("application/xhtml+xml"),
            Some("txt" | "text" | "md" | "markdown" | "csv" | "tsv" | "json" | "jsonl" | "ndjson" | "xml" | "log") => {
                None
            }
            _ => begins_like_html(hint.head).then_some("text/html"),
        }
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let declared = declared_encoding(&source.bytes);
        let mut doc = decode(&source.bytes, declared.as_deref())?.document(&source);
        self.read_page(&mut doc, cx)?;
        Ok(doc)
    }
}

impl Html {
    /// Finds the text of a page in the text of `doc`, its blocks and links, and what the page states.
    pub(crate) fn read_page(&self, doc: &mut Document, cx: &Context) -> Result<(), ReadError> {
        let tree = Tree::parse(doc.text(), cx.limits.depth);
        let head = head::Head::of(&tree);
        let selection = article::selected(&tree, self.main == MainText::Body, &head.stated());
        let rendered = text::rendered(&tree, &selection);
        if rendered.blocks.is_empty() {
            return Err(ReadError::Empty);
        }
        let links: Vec<_> = if self.links { rendered.links } else { Vec::new() }
            .into_iter()
            .filter_map(|(id, span)| Some((link(&tree, id)?, span)))
            .collect();
        doc.edit(&rendered.edits)?;
        doc.set_blocks(rendered.blocks);
        for (value, span) in links {
            doc.annotate(Annotation::new("link", span).with_value(value));
        }
        doc.meta = head.meta(doc.title());
        Ok(())
    }
}

/// Writes the text of a fragment of HTML that stands in `source`, such as one in a Markdown file.
pub(crate) fn write_fragment(writer: &mut Writer<'_>, source: &str, span: ByteSpan, depth: usize) {
    let Some(fragment) = span.of(source) else { return };
    let tree = Tree::parse(fragment, depth);
    text::write(writer, source, span.start, &tree, &article::whole(&tree));
}

/// The value of a link annotation, unless the link leads nowhere.
fn link(tree: &Tree<'_>, id: tree::NodeId) -> Option<serde_json::Value> {
    let href = resolved(tree.attribute(id, Attribute::Href)?);
    let is_script = href.get(..11).is_some_and(|scheme| scheme.eq_ignore_ascii_case("javascript:"));
    if href.is_empty() || href == "#" || is_script {
        return None;
    }
    Some(match tree.attribute(id, Attribute::Rel).map(resolved).filter(|rel| !rel.is_empty()) {
        Some(rel) => json!({"href": href, "rel": rel}),
        None => json!({"href": href}),
    })
}

/// Whether the first bytes of a source are those of a page.
fn begins_like_html(head: &[u8]) -> bool {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |prefix: &[u8]| start.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let is_xhtml = || {
        let head = String::from_utf8_lossy(start).to_ascii_lowercase();
        head.contains("<!doctype html") || head.contains("<html")
    };
    begins(b"<!doctype html") || begins(b"<html") || ((begins(b"<?xml") || begins(b"<!--")) && is_xhtml())
}

/// The encoding that a page names in a `<meta>` or in its XML declaration.
pub(crate) fn declared_encoding(page: &[u8]) -> Option<String> {
    let lower = page[..page.len().min(DECLARATION)].to_ascii_lowercase();
    let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte);
    let label = |at: usize| {
        let rest = lower.get(at..)?.trim_ascii_start();
        let rest = rest.strip_prefix(b"=")?.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
        let length = rest.iter().take_while(|byte| is_label(byte)).count();
        (length > 0).then(|| String::from_utf8_lossy(&rest[..length]).into_owned())
    };
    if lower.trim_ascii_start().starts_with(b"<?xml") {
        let end = memchr::memchr(b'>', &lower).unwrap_or(lower.len());
        if let Some(at) = memchr::memmem::find(&lower[..end], b"encoding") {
            return label(at + b"encoding".len());
        }
    }
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&lower[from..], b"<meta").map(|at| at + from) {
        let end = memchr::memchr(b'>', &lower[at..]).map_or(lower.len(), |end| at + end);
        let found = memchr::memmem::find(&lower[at..end], b"charset");
        if let Some(label) = found.and_then(|found| label(at + found + b"charset".len())) {
            return Some(label);
        }
        from = end;
    }
    None
}
