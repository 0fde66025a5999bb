//! The reader of Word and `PowerPoint` documents of Office 97-2003.

use std::sync::Arc;

use docmill_core::{
    BlockKind, BuildContext, Component, Composer, Context, Document, Field, Hint, OptionError, RawSource, ReadError,
    Reader, Role, RoleKind, Spot, media_type_of,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use undoc::model::RevisionType;
use undoc::{Block, FormatType, Paragraph, Section};

use crate::compound;
use crate::flow::{self, Item, Line, Table, plain};
use crate::properties::Properties;

const EXPECTED: &str = "a document of Office 97-2003";
const WORD: &str = "application/msword";
const POWERPOINT: &str = "application/vnd.ms-powerpoint";

/// Most columns that a merged cell covers: what says more is told as this many.
const COLUMNS: u32 = 64;

/// Reads Word documents and presentations of the formats of Office 97-2003 (doc, dot, ppt, pps, pot).
///
/// Headings, lists with their depth, tables with their cells, links, notes, headers and footers come out as those of their successors do, as far
/// as the library `undoc` finds them; each place in a presentation says its slide. Deleted text of tracked changes is left out, and so
/// are pictures and charts. What the file states about itself becomes `title`, `authors`, `subject`, `keywords`, `description`, `created`,
/// `modified` and `date`. A file with a password ends in quarantine and says so, and so does one that is older than Word 6.
///
/// The formats lead by offsets from one place of the file to another. Therefore this reader works in a process of its own.
///
/// ```yaml
/// stages:
///   - ingest.doc: { headers: false }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Doc {
    /// Read headers and footers.
    pub headers: bool,
    /// Read footnotes and endnotes, and the notes of speakers.
    pub notes: bool,
}

impl Default for Doc {
    fn default() -> Self {
        Self { headers: true, notes: true }
    }
}

impl Component for Doc {
    const NAME: &'static str = "ingest.doc";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;
    const ISOLATED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta, Field::annotations("link")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Doc {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let is_binary = media_type_of(hint.head).is_none_or(|_| compound::is_compound(hint.head));
        let is_binary = is_binary && hint.head.iter().take(512).any(|byte| matches!(byte, 0..=8));
        match hint.extension().as_deref() {
            Some("doc" | "dot") if is_binary => Some(WORD),
            Some("ppt" | "pps" | "pot") if is_binary => Some(POWERPOINT),
            _ => {
                [WORD, POWERPOINT].into_iter().find(|of| hint.declared == Some(of) && compound::is_compound(hint.head))
            }
        }
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        if !compound::is_compound(&source.bytes) {
            let what = "a document that is older than Office 97, or no document".to_owned();
            return Err(ReadError::Unsupported { what, way_out: "convert it to docx or pptx".to_owned() });
        }
        if compound::names(&source.bytes, "EncryptedPackage") {
            return Err(compound::refusal(&source.bytes));
        }
        let found = undoc::parse_bytes(&source.bytes).map_err(|error| refused(&error))?;
        let mut composer = Composer::new(cx);
        let is_presentation = found.format == FormatType::Ppt;
        for (index, section) in found.sections.iter().enumerate() {
            let slide = u32::try_from(index + 1).ok().filter(|_| is_presentation);
            self.section(section, slide, &mut composer);
        }
        let mut doc = composer.finish(source)?;
        properties(&found.metadata).tell(&mut doc);
        Ok(doc)
    }
}

fn refused(error: &undoc::Error) -> ReadError {
    match error {
        undoc::Error::Encrypted => {
            let way_out = "open it in an office program and save it without one";
            ReadError::Locked(format!("the document has a password; {way_out}"))
        }
        undoc::Error::UnsupportedFormat(what) => {
            ReadError::Unsupported { what: what.clone(), way_out: "convert it to docx or pptx".to_owned() }
        }
        other => ReadError::Malformed { expected: EXPECTED, found: other.to_string() },
    }
}

impl Doc {
    fn section(&self, section: &Section, slide: Option<u32>, composer: &mut Composer) {
        if slide.is_some() && !composer.so_far().is_empty() {
            composer.page_break();
        }
        let place = Spot { slide, ..Spot::default() };
        let part = |name: &str| Spot { part: Some(Arc::from(name)), slide, ..Spot::default() };
        let beside = |paragraphs: &Option<Vec<Paragraph>>, kind: BlockKind, name: &str, composer: &mut Composer| {
            let items: Vec<Item> =
                paragraphs.iter().flatten().map(|paragraph| Item::Text(kind, None, line(paragraph))).collect();
            if plain(&items).chars().any(char::is_alphabetic) {
                composer.at(part(name));
                flow::write(&items, composer);
            }
        };
        if self.headers {
            beside(&section.header, BlockKind::Header, "header", composer);
        }
        let (items, notes) = items(&section.content);
        composer.at(place);
        flow::write(&items, composer);
        if self.notes {
            composer.at(part("footnotes"));
            flow::write(&notes, composer);
            beside(&section.notes, BlockKind::Paragraph, "notes", composer);
        }
        if self.headers {
            beside(&section.footer, BlockKind::Footer, "footer", composer);
        }
    }
}

/// The items of a section, and its notes.
fn items(blocks: &[Block]) -> (Vec<Item>, Vec<Item>) {
    let mut items = Vec::new();
    let mut notes = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => {
                items.push(item(paragraph));
                if paragraph.runs.iter().any(|run| run.page_break) {
                    items.push(Item::PageBreak);
                }
            }
            Block::Table(found) => items.push(Item::Table(table(found))),
            Block::PageBreak => items.push(Item::PageBreak),
            Block::Note { content, .. } => {
                notes.extend(content.iter().map(|paragraph| Item::Text(BlockKind::Footer, None, line(paragraph))));
            }
            Block::SectionBreak | Block::Image { .. } => {}
        }
    }
    (items, notes)
}

fn item(paragraph: &Paragraph) -> Item {
    let line = line(paragraph);
    if paragraph.heading.is_heading() {
        return Item::heading(usize::from(paragraph.heading.level()), line);
    }
    match &paragraph.list_info {
        Some(list) => Item::list_item(usize::from(list.level) + 1, line),
        None => match paragraph.style_name.as_deref().and_then(crate::docx::meaning_of_name) {
            Some(crate::docx::Meaning::Title) => Item::Text(BlockKind::Title, None, line),
            Some(crate::docx::Meaning::Kind(kind)) => Item::Text(kind, None, line),
            _ => Item::paragraph(line),
        },
    }
}

fn line(paragraph: &Paragraph) -> Line {
    let mut line = Line::default();
    for run in paragraph.runs.iter().filter(|run| run.revision != RevisionType::Deleted) {
        line.push(&run.text, run.hyperlink.as_deref());
        if run.line_break {
            line.push("\n", None);
        }
    }
    line
}

fn table(found: &undoc::Table) -> Table {
    let mut table = Table::default();
    for row in &found.rows {
        let mut cells = Vec::new();
        for cell in &row.cells {
            let mut content: Vec<Item> = cell.content.iter().map(item).collect();
            let nested = cell.nested_tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
            content.extend(nested.flat_map(|cell| &cell.content).map(item));
            cells.push(content);
            let covered = cell.col_span.clamp(1, COLUMNS) - 1;
            cells.extend((0..covered).map(|_| Vec::new()));
        }
        let is_header = row.is_header && table.headers == table.rows.len();
        table.headers += usize::from(is_header);
        table.rows.push(cells);
    }
    table
}

fn properties(metadata: &undoc::Metadata) -> Properties {
    let mut found = Properties::default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    found.text("title", &text(&metadata.title));
    found.list("authors", &text(&metadata.author), &[';']);
    found.text("subject", &text(&metadata.subject));
    found.text("description", &text(&metadata.description));
    for keyword in &metadata.keywords {
        found.list("keywords", keyword, &[',', ';']);
    }
    found.moment("created", &text(&metadata.created), true);
    found.moment("modified", &text(&metadata.modified), false);
    found
}
