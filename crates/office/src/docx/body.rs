//! Paragraphs and tables of a document, in order.

use std::collections::BTreeMap;

use docmill_core::{BlockKind, ReadError};

use super::numbering::{Numbered, Numbering};
use super::run::Paragraph;
use super::styles::{Meaning, Styles};
use super::{Changes, Docx};
use crate::field::Fields;
use crate::flow::{Item, Line, Table};
use crate::package::Relation;
use crate::xml::Element;

/// Most columns that a merged cell covers: what says more is told as this many.
const COLUMNS: usize = 64;

/// What decides how a document is read.
#[derive(Clone, Copy)]
pub(crate) struct Look<'l> {
    pub(crate) options: &'l Docx,
    pub(crate) styles: &'l Styles,
    pub(crate) numbering: &'l Numbering,
}

/// A walk through one part of a document.
pub(crate) struct Walk<'l> {
    pub(super) look: &'l Look<'l>,
    pub(super) relations: &'l BTreeMap<String, Relation>,
    pub(super) fields: Fields,
    /// The ids of the notes that the text refers to, in order, by the names of their elements.
    pub(super) seen: Vec<(&'static str, String)>,
    /// The beginning of a paragraph whose end a tracked change took away.
    carried: Option<Line>,
    titled: bool,
}

impl<'l> Walk<'l> {
    pub(crate) fn new(look: &'l Look<'l>, relations: &'l BTreeMap<String, Relation>) -> Self {
        Self { look, relations, fields: Fields::default(), seen: Vec::new(), carried: None, titled: false }
    }

    /// The items of a document's body.
    pub(crate) fn document(&mut self, root: Element<'_>) -> Result<Vec<Item>, ReadError> {
        let found = || ReadError::Malformed {
            expected: super::EXPECTED,
            found: format!("an outermost element {}", root.name()),
        };
        root.child("body").map(|body| self.blocks(body)).ok_or_else(found)
    }

    /// The ids of the notes of a kind that were referred to, in order.
    pub(crate) fn seen(&self, kind: &str) -> Vec<String> {
        self.seen.iter().filter(|(of, _)| *of == kind).map(|(_, id)| id.clone()).collect()
    }

    /// The items in an element that holds paragraphs and tables.
    pub(crate) fn blocks(&mut self, holder: Element<'_>) -> Vec<Item> {
        let mut items = Vec::new();
        self.gather(holder, &mut items);
        if let Some(line) = self.carried.take() {
            items.push(Item::paragraph(line));
        }
        join_code(items)
    }

    fn gather(&mut self, holder: Element<'_>, items: &mut Vec<Item>) {
        for child in holder.children() {
            match child.name() {
                "p" => self.paragraph(child, items),
                "tbl" => {
                    let table = self.table(child);
                    items.push(Item::Table(table));
                }
                "sdt" if !is_placeholder(child) => {
                    if let Some(content) = child.child("sdtContent") {
                        self.gather(content, items);
                    }
                }
                "customXml" | "smartTag" => self.gather(child, items),
                "ins" | "moveTo" if self.is_accepted() => self.gather(child, items),
                "del" | "moveFrom" if !self.is_accepted() => self.gather(child, items),
                "AlternateContent" => {
                    if let Some(choice) = alternative(child) {
                        self.gather(choice, items);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn is_accepted(&self) -> bool {
        self.look.options.changes == Changes::Accepted
    }

    fn paragraph(&mut self, element: Element<'_>, items: &mut Vec<Item>) {
        let properties = element.child("pPr");
        let style = self.look.styles.of(properties).to_owned();
        let meaning = self.look.styles.meaning(&style);
        let mut found = Paragraph { line: self.carried.take().unwrap_or_default(), ..Paragraph::default() };
        let hidden = self.look.styles.is_hidden(&style) && !self.look.options.hidden;
        self.inline(element, None, &mut found);
        if hidden || meaning == Some(Meaning::Contents) {
            return;
        }
        let mark = if self.is_accepted() { "del" } else { "ins" };
        if properties.and_then(|properties| properties.at(&["rPr", mark])).is_some() {
            self.carried = Some(found.line);
        } else {
            if found.breaks_before {
                items.push(Item::PageBreak);
            }
            let item = self.item(properties, &style, meaning, found.line);
            items.extend(item);
        }
        items.append(&mut found.boxes);
        if found.breaks_after {
            items.push(Item::PageBreak);
        }
    }

    /// What a paragraph is: a heading before anything else, an item of a list before the kind of its style.
    fn item(
        &mut self,
        properties: Option<Element<'_>>,
        style: &str,
        meaning: Option<Meaning>,
        line: Line,
    ) -> Option<Item> {
        if line.is_blank() {
            return None;
        }
        let outline = properties.and_then(|properties| properties.child("outlineLvl"));
        let outline = outline.and_then(|level| level.attr("val")).and_then(|level| level.parse::<usize>().ok());
        Some(match (meaning, outline) {
            (Some(Meaning::Title), _) if !std::mem::replace(&mut self.titled, true) => {
                Item::Text(BlockKind::Title, None, line)
            }
            (Some(Meaning::Title), _) => Item::heading(1, line),
            (_, Some(level)) if level < 9 => Item::heading(level + 1, line),
            (Some(Meaning::Heading(level)), None) => Item::heading(level, line),
            (Some(Meaning::Kind(kind)), _) if kind != BlockKind::Quote => Item::Text(kind, None, line),
            (meaning, _) => match (self.depth(properties, style), meaning) {
                (Some(depth), _) => Item::list_item(depth, line),
                (None, Some(Meaning::Kind(kind))) => Item::Text(kind, None, line),
                (None, _) => Item::paragraph(line),
            },
        })
    }

    /// The depth of a paragraph in its list; what it says itself goes before what its style says.
    fn depth(&self, properties: Option<Element<'_>>, style: &str) -> Option<usize> {
        let own = properties.and_then(|properties| properties.child("numPr")).and_then(Numbered::read);
        let by_style = self.look.styles.numbered(style);
        let numbered = match (own, by_style) {
            (Some(own), Some(by_style)) => {
                Numbered { list: own.list.or(by_style.list), level: own.level.or(by_style.level) }
            }
            (own, by_style) => own.or(by_style)?,
        };
        let depth = self.look.numbering.depth(&numbered)?;
        Some(depth.max(self.look.styles.list_depth(style)))
    }

    fn table(&mut self, element: Element<'_>) -> Table {
        let mut table = Table::default();
        let mut in_header = true;
        for row in unwrapped(element, "tr") {
            let properties = row.child("trPr");
            let has = |name: &str| properties.is_some_and(|properties| properties.child(name).is_some());
            if (has("del") && self.is_accepted()) || (has("ins") && !self.is_accepted()) {
                continue;
            }
            in_header &= has("tblHeader");
            table.headers += usize::from(in_header);
            let before = number(properties, "gridBefore").unwrap_or(0);
            let mut cells = vec![Vec::new(); before.min(COLUMNS)];
            for cell in unwrapped(row, "tc") {
                self.cell(cell, &mut cells);
            }
            table.rows.push(cells);
        }
        if table.headers == 0 && table.rows.len() > 1 && first_row_is_header(element) {
            table.headers = 1;
        }
        table
    }

    /// A cell, and an empty one for each further column that it covers. What a cell above goes on in is empty.
    fn cell(&mut self, element: Element<'_>, cells: &mut Vec<Vec<Item>>) {
        let properties = element.child("tcPr");
        let goes_on = |name: &str| {
            let merge = properties.and_then(|properties| properties.child(name));
            merge.is_some_and(|merge| merge.attr("val") != Some("restart"))
        };
        let covered = goes_on("vMerge") || goes_on("hMerge");
        let content = self.blocks(element);
        cells.push(if covered { Vec::new() } else { content });
        let span = number(properties, "gridSpan").unwrap_or(1).clamp(1, COLUMNS);
        cells.extend(std::iter::repeat_n(Vec::new(), span - 1));
    }
}

/// Whether a control holds only the invitation to fill it in.
pub(super) fn is_placeholder(control: Element<'_>) -> bool {
    control.at(&["sdtPr", "showingPlcHdr"]).is_some_and(super::styles::switched_on)
}

/// The first alternative of several ways to show the same.
pub(super) fn alternative(element: Element<'_>) -> Option<Element<'_>> {
    element.child("Choice").or_else(|| element.child("Fallback"))
}

fn number(properties: Option<Element<'_>>, name: &str) -> Option<usize> {
    properties?.child(name)?.attr("val")?.parse().ok()
}

fn first_row_is_header(table: Element<'_>) -> bool {
    let Some(look) = table.at(&["tblPr", "tblLook"]) else { return false };
    let bits = look.attr("val").and_then(|bits| u32::from_str_radix(bits, 16).ok()).unwrap_or(0);
    look.attr("firstRow").map_or(bits & 0x20 != 0, super::styles::is_on)
}

/// The elements of this name in an element, also those that controls and the like are wrapped around.
fn unwrapped<'t>(element: Element<'t>, name: &str) -> Vec<Element<'t>> {
    let mut found = Vec::new();
    let mut waiting: Vec<Element<'t>> = element.children().collect();
    waiting.reverse();
    while let Some(next) = waiting.pop() {
        if next.name() == name {
            found.push(next);
        } else if matches!(next.name(), "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo") {
            let from = waiting.len();
            waiting.extend(next.children());
            waiting[from..].reverse();
        }
    }
    found
}

/// Lines of code that follow each other are one block.
fn join_code(items: Vec<Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        match (joined.last_mut(), item) {
            (Some(Item::Text(BlockKind::Code, _, before)), Item::Text(BlockKind::Code, _, line)) => {
                before.push("\n", None);
                before.append(line);
            }
            (_, item) => joined.push(item),
        }
    }
    joined
}
