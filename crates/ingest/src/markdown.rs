//! Markdown files: prose with headings, lists, tables, quotes and code, and front matter in YAML.
//!
//! `pulldown-cmark` (`CommonMark` 0.31 with the tables, footnotes, strikethrough and task lists of GitHub) says which parts of
//! the source are text; one set of edits takes out the rest.

#[cfg(test)]
mod tests;

use std::ops::Range;

use docmill_core::{
    Annotation, Block, BlockKind, BuildContext, ByteSpan, Component, Context, Document, Field, Hint, Meta, OptionError,
    RawSource, ReadError, Reader, Role, RoleKind,
};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::encoding::decode;
use crate::flow::{References, flowing, preformatted};
use crate::front_matter;
use crate::html::write_fragment;
use crate::layout::{marked_up, stands_in_lines};
use crate::pieces::{Around, Gap, Writer};
use crate::table::Grid;

/// Lines of a masthead are looked for in so many blocks.
const TOP: usize = 10;

/// Reads Markdown files (`.md`, `.markdown`).
///
/// The text is the prose without its mark-up. The first heading of level 1 is the title; other headings, paragraphs, list
/// items with their depth, tables with their cells, quotes, code and footnotes become blocks. Links become annotations of kind
/// `link` with the value `{"href": ...}`. Lines that were wrapped are joined. Front matter in YAML goes into the metadata, with
/// its keys in lower case; `author` becomes `authors`, and `date` an ISO date.
///
/// A masthead, a byline, a dateline, the name of a section and captions are told as in plain text, and so is a title that is
/// no heading where a masthead or a byline follows it.
///
/// Each word of the text leads back to its place in the file.
///
/// ```yaml
/// stages:
///   - ingest.markdown: { links: false }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Markdown {
    /// Whether links in the text become annotations.
    pub links: bool,
}

impl Default for Markdown {
    fn default() -> Self {
        Self { links: true }
    }
}

impl Component for Markdown {
    const NAME: &'static str = "ingest.markdown";
    const KIND: RoleKind = RoleKind::Reader;
    const VERSION: u32 = 2;
    const RECOMMENDED: bool = true;

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

impl Reader for Markdown {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        matches!(hint.extension()?.as_str(), "md" | "markdown" | "mkd" | "mdown").then_some("text/markdown")
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let mut doc = decode(&source.bytes, None)?.document(&source);
        self.read_text(&mut doc, cx)?;
        Ok(doc)
    }
}

impl Markdown {
    fn read_text(&self, doc: &mut Document, cx: &Context) -> Result<(), ReadError> {
        let (front, meta) = match front_matter::of(doc.text()) {
            Some(front) => (front.length, front.meta),
            None => (0, Meta::default()),
        };
        let mut walk = Walk::new(doc.text(), front, cx.limits.depth);
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS;
        for (event, range) in Parser::new_ext(&doc.text()[front..], options).into_offset_iter() {
            walk.take(event, range);
        }
        let hrefs = walk.hrefs;
        let written = walk.writer.finish();
        if written.blocks.is_empty() {
            return Err(ReadError::Empty);
        }
        doc.edit(&written.edits)?;
        let found = marked_up(doc.text(), with_title(written.blocks), meta);
        doc.set_blocks(found.blocks);
        doc.meta = found.meta;
        if self.links {
            for (id, span) in written.links {
                if let Some(href) = hrefs.get(id).filter(|href| !href.is_empty()) {
                    doc.annotate(Annotation::new("link", span).with_value(json!({ "href": href })));
                }
            }
        }
        if let Some(title) = doc.title().map(str::to_owned) {
            doc.meta.set_if_absent("title", title);
        }
        Ok(())
    }
}

/// The blocks, with the first heading of level 1 as the title.
fn with_title(mut blocks: Vec<Block>) -> Vec<Block> {
    let is_first_level = |block: &&mut Block| block.kind == BlockKind::Heading && block.level == Some(1);
    if let Some(block) = blocks.iter_mut().find(is_first_level) {
        (block.kind, block.level) = (BlockKind::Title, None);
    }
    blocks
}

struct Walk<'a> {
    source: &'a str,
    /// Where the parsed part begins in the source.
    offset: usize,
    depth: usize,
    writer: Writer<'a>,
    /// What is known from the elements that are open.
    around: Vec<Around>,
    hrefs: Vec<String>,
    table: Option<Grid>,
    in_head: bool,
    /// Images that are open: their text describes a picture that is not there.
    images: usize,
    /// The HTML block that is open.
    html: Option<ByteSpan>,
    /// Whether the lines of the paragraph stay apart.
    in_lines: bool,
}

impl<'a> Walk<'a> {
    fn new(source: &'a str, offset: usize, depth: usize) -> Self {
        Self {
            source,
            offset,
            depth,
            writer: Writer::new(source),
            around: vec![Around::PARAGRAPH],
            hrefs: Vec::new(),
            table: None,
            in_head: false,
            images: 0,
            html: None,
            in_lines: false,
        }
    }

    fn around(&self) -> Around {
        self.around.last().copied().unwrap_or(Around::PARAGRAPH)
    }

    fn part(&mut self, gap: Gap) {
        let gap = if self.around().in_cell { Gap::Space } else { gap };
        self.writer.part(gap);
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        let span = ByteSpan::new(range.start + self.offset, range.end + self.offset);
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            _ if self.images > 0 => {}
            Event::Text(text) => self.text(&text, span),
            Event::Code(text) => self.code(&text, span),
            Event::Html(_) => self.html(span),
            Event::SoftBreak if self.in_lines => self.part(Gap::Break),
            Event::SoftBreak => self.writer.space(Gap::Space),
            Event::HardBreak => self.part(Gap::Break),
            Event::Rule => self.part(Gap::Block),
            Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: ByteSpan) {
        let mut inner = self.around();
        match tag {
            Tag::Paragraph if inner.kind == BlockKind::ListItem => self.part(Gap::Line),
            Tag::Paragraph => {
                self.in_lines = inner.kind == BlockKind::Paragraph
                    && self.writer.block_count() <= TOP
                    && span.of(self.source).is_some_and(stands_in_lines);
                self.part(Gap::Block);
            }
            Tag::HtmlBlock => self.part(Gap::Block),
            Tag::Heading { level, .. } => {
                (inner.kind, inner.level) = (BlockKind::Heading, level as u8);
                self.part(Gap::Block);
            }
            Tag::BlockQuote(_) => {
                inner.kind = BlockKind::Quote;
                self.part(Gap::Block);
            }
            Tag::CodeBlock(_) => {
                (inner.kind, inner.pre) = (BlockKind::Code, true);
                self.part(Gap::Block);
            }
            Tag::List(_) => {
                self.part(if inner.list_depth > 0 { Gap::Line } else { Gap::Block });
                inner.list_depth = inner.list_depth.saturating_add(1);
            }
            Tag::Item => {
                inner.kind = BlockKind::ListItem;
                self.part(Gap::Line);
            }
            Tag::FootnoteDefinition(_) => {
                inner.kind = BlockKind::Footer;
                self.part(Gap::Block);
            }
            Tag::Table(_) => {
                inner.kind = BlockKind::Table;
                self.part(Gap::Block);
                self.table = Some(Grid::new(self.writer.block_count()));
            }
            Tag::TableHead | Tag::TableRow => {
                self.in_head = matches!(tag, Tag::TableHead);
                self.writer.start_row();
                if let Some(grid) = &mut self.table {
                    grid.start_row();
                }
            }
            Tag::TableCell => {
                inner.in_cell = true;
                if let Some(grid) = &mut self.table {
                    self.writer.start_cell(grid.start_cell(self.in_head, 1, 1));
                }
            }
            Tag::Link { link_type, dest_url, .. } => {
                inner.link = Some(self.hrefs.len());
                self.hrefs.push(match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.into_string(),
                });
            }
            Tag::Image { .. } => self.images += 1,
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => {}
        }
        self.around.push(inner);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::TableCell => {
                let span = self.writer.end_cell();
                if let Some(grid) = &mut self.table {
                    grid.end_cell(span);
                }
            }
            TagEnd::Table => {
                self.writer.part(Gap::Block);
                if let Some(grid) = self.table.take() {
                    self.writer.end_table(grid);
                }
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    write_fragment(&mut self.writer, self.source, html, self.depth);
                }
                self.part(Gap::Block);
            }
            TagEnd::Item => self.part(Gap::Line),
            TagEnd::List(_) => self.part(if self.around().list_depth > 1 { Gap::Line } else { Gap::Block }),
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::FootnoteDefinition => {
                self.in_lines = false;
                let in_item = self.around().kind == BlockKind::ListItem;
                self.part(if in_item { Gap::Line } else { Gap::Block });
            }
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::Link
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => {}
        }
        if self.around.len() > 1 {
            self.around.pop();
        }
    }

    /// A line of an HTML block. Lines of a block in a quote have its mark between them, which is no part of the block.
    fn html(&mut self, span: ByteSpan) {
        let Some(html) = self.html else {
            self.html = Some(span);
            return;
        };
        let is_apart = self.source.get(html.end..span.start).is_some_and(|between| !between.trim().is_empty());
        if is_apart {
            write_fragment(&mut self.writer, self.source, html, self.depth);
        }
        self.html = Some(if is_apart { span } else { html.hull(span) });
    }

    fn text(&mut self, text: &str, span: ByteSpan) {
        let around = self.around();
        let same = span.of(self.source) == Some(text);
        if !same {
            self.replaced(text, span, around);
        } else if around.pre {
            preformatted(&mut self.writer, self.source, span, around, References::Absent);
        } else {
            flowing(&mut self.writer, self.source, span, around, References::Absent);
        }
    }

    /// Text that is written otherwise in the source: a character reference, or code with tabs in part taken as indent.
    fn replaced(&mut self, text: &str, span: ByteSpan, around: Around) {
        let trimmed = text.trim();
        let lead = text.len() - text.trim_start().len();
        let mut space = |part: &str| {
            if around.pre {
                self.writer.pre_space(part);
            } else if part == "\u{a0}" {
                self.writer.no_break_space();
            } else if !part.is_empty() {
                self.writer.space(Gap::Space);
            }
        };
        space(&text[..lead]);
        if trimmed.is_empty() {
            return;
        }
        // Where the words stand as they are, they keep their exact place.
        let found = span.of(self.source).and_then(|written| written.find(trimmed)).map(|at| span.start + at);
        match found {
            Some(at) => self.writer.piece(ByteSpan::new(at, at + trimmed.len()), None, around),
            None => self.writer.piece(span, Some(trimmed), around),
        }
        let tail = &text[lead + trimmed.len()..];
        if around.pre {
            self.writer.pre_space(tail);
        } else if !tail.is_empty() {
            self.writer.space(Gap::Space);
        }
    }

    /// Code among the words of a paragraph: `span` holds its back-ticks.
    fn code(&mut self, text: &str, span: ByteSpan) {
        let around = self.around();
        let inside = span.of(self.source).map(|written| written.trim_matches('`')).unwrap_or_default();
        let ticks = span.of(self.source).map_or(0, |written| written.len() - written.trim_start_matches('`').len());
        let start = span.start + ticks;
        let words = text.split_whitespace().eq(inside.split_whitespace());
        let inside = ByteSpan::new(start, start + inside.len());
        if words && inside.of(self.source).is_some() {
            flowing(&mut self.writer, self.source, inside.trimmed(self.source), around, References::Absent);
        } else {
            self.replaced(text, span, around);
        }
    }
}

/// Spans without the white space at their ends.
trait Trimmed {
    fn trimmed(self, source: &str) -> Self;
}

impl Trimmed for ByteSpan {
    fn trimmed(self, source: &str) -> Self {
        let Some(text) = self.of(source) else { return self };
        let start = self.start + (text.len() - text.trim_start().len());
        Self::new(start, start + text.trim().len())
    }
}
