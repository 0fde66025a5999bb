//! Paragraphs, lists and tables of `OpenDocument` files, in order.

use docmill_core::BlockKind;

use super::Odf;
use super::styles::{Meaning, Styles};
use crate::flow::{Item, Line, Table, plain};
use crate::xml::{Child, Element};

/// Most times that a cell is repeated beside itself.
const REPEATED: usize = 64;

/// A walk through a text.
pub(super) struct Walk<'w> {
    options: &'w Odf,
    styles: &'w Styles,
    pub(super) footnotes: Vec<Line>,
    pub(super) endnotes: Vec<Line>,
    pub(super) comments: Vec<Line>,
    titled: bool,
}

impl<'w> Walk<'w> {
    pub(super) fn new(options: &'w Odf, styles: &'w Styles) -> Self {
        Self { options, styles, footnotes: Vec::new(), endnotes: Vec::new(), comments: Vec::new(), titled: false }
    }

    /// The items in an element that holds paragraphs.
    pub(super) fn blocks(&mut self, holder: Element<'_>) -> Vec<Item> {
        let mut items = Vec::new();
        self.gather(holder, 0, &mut items);
        items
    }

    /// Gathers them; `depth` is that of the list that they are in.
    fn gather(&mut self, holder: Element<'_>, depth: usize, items: &mut Vec<Item>) {
        for child in holder.children() {
            let style = child.attr("style-name").unwrap_or_default();
            match child.name() {
                "p" | "h" => self.paragraph(child, style, depth, items),
                "list" => self.gather(child, depth + 1, items),
                "section"
                    if !self.options.hidden
                        && (child.attr("display") == Some("none") || self.styles.is_hidden(style)) => {}
                "list-item" | "list-header" | "section" | "numbered-paragraph" | "index-body" | "bibliography"
                | "text-box" | "g" | "a" | "object" => self.gather(child, depth, items),
                "frame" => self.gather(child, 0, items),
                "table" if child.prefix() == "table" => {
                    let table = self.table(child);
                    items.push(Item::Table(table));
                }
                "annotation" => self.comment(child),
                _ if child.prefix() == "draw" => self.gather(child, 0, items),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, element: Element<'_>, style: &str, depth: usize, items: &mut Vec<Item>) {
        let mut line = Line::default();
        let mut boxes = Vec::new();
        self.inline(element, None, &mut line, &mut boxes);
        let hidden = !self.options.hidden && self.styles.is_hidden(style);
        if !line.is_blank() && !hidden {
            let outline = element.attr("outline-level").and_then(|level| level.parse::<usize>().ok());
            let is_heading = element.name() == "h";
            let item = self.item(line, style, if is_heading { Some(outline.unwrap_or(1)) } else { None }, depth);
            match (items.last_mut(), item) {
                (Some(Item::Text(BlockKind::Code, _, before)), Item::Text(BlockKind::Code, _, line)) => {
                    before.push("\n", None);
                    before.append(line);
                }
                (_, item) => items.push(item),
            }
        }
        items.append(&mut boxes);
    }

    fn item(&mut self, line: Line, style: &str, heading: Option<usize>, depth: usize) -> Item {
        match (self.styles.meaning(style), heading) {
            (Some(Meaning::Title), _) if !std::mem::replace(&mut self.titled, true) => {
                Item::Text(BlockKind::Title, None, line)
            }
            (_, Some(level)) | (Some(Meaning::Heading(level)), None) => Item::heading(level, line),
            (Some(Meaning::Title), None) => Item::heading(1, line),
            (_, None) if depth > 0 => Item::list_item(depth, line),
            (Some(Meaning::Kind(kind)), None) => Item::Text(kind, None, line),
            (None, None) => Item::paragraph(line),
        }
    }

    /// Gathers the text of a paragraph; `target` is where it leads.
    fn inline(&mut self, holder: Element<'_>, target: Option<&str>, line: &mut Line, boxes: &mut Vec<Item>) {
        for child in holder.nodes() {
            let element = match child {
                Child::Text(text) => {
                    line.push(text, target);
                    continue;
                }
                Child::Element(element) => element,
            };
            match (element.prefix(), element.name()) {
                (_, "s") => line.push(" ", target),
                (_, "tab") => line.push("\t", target),
                (_, "line-break") => line.push("\n", target),
                (_, "a") => {
                    let own = element.attr("href").filter(|href| !href.starts_with('#'));
                    self.inline(element, own.or(target), line, boxes);
                }
                (_, "note") => self.note(element),
                (_, "annotation") => self.comment(element),
                (_, "ruby") => {
                    if let Some(base) = element.child("ruby-base") {
                        self.inline(base, target, line, boxes);
                    }
                }
                (
                    _,
                    "hidden-text" | "hidden-paragraph" | "page-number" | "page-count" | "script" | "tracked-changes",
                ) => {}
                ("draw", _) => {
                    boxes.extend(self.inside(element));
                }
                ("text" | "presentation", _) => {
                    let style = element.attr("style-name").unwrap_or_default();
                    if self.options.hidden || !self.styles.is_hidden(style) {
                        self.inline(element, target, line, boxes);
                    }
                }
                _ => {}
            }
        }
    }

    /// The items in a frame or shape.
    pub(super) fn inside(&mut self, shape: Element<'_>) -> Vec<Item> {
        if shape.name() == "table" && shape.prefix() == "table" {
            return vec![Item::Table(self.table(shape))];
        }
        self.blocks(shape)
    }

    fn note(&mut self, note: Element<'_>) {
        let Some(body) = note.child("note-body") else { return };
        let line = one_line(self.blocks(body));
        let list = if note.attr("note-class") == Some("endnote") { &mut self.endnotes } else { &mut self.footnotes };
        list.push(line);
    }

    /// Takes in a comment.
    pub(super) fn comment(&mut self, comment: Element<'_>) {
        let author = comment.child("creator").map(Element::text).filter(|author| !author.trim().is_empty());
        let mut line = Line::from(author.map(|author| format!("{author}: ")).unwrap_or_default().as_str());
        line.append(one_line(self.blocks(comment)));
        self.comments.push(line);
    }

    fn table(&mut self, element: Element<'_>) -> Table {
        let mut table = Table::default();
        let mut waiting: Vec<(Element<'_>, bool)> = vec![(element, false)];
        while let Some((part, header)) = waiting.pop() {
            match part.name() {
                "table-row" => {
                    table.headers += usize::from(header);
                    let row = self.row(part);
                    table.rows.push(row);
                }
                "table" | "table-header-rows" | "table-rows" | "table-row-group" => {
                    let header = header || part.name() == "table-header-rows";
                    let from = waiting.len();
                    waiting
                        .extend(part.children().filter(|child| child.name() != "table").map(|child| (child, header)));
                    waiting[from..].reverse();
                }
                _ => {}
            }
        }
        table
    }

    fn row(&mut self, row: Element<'_>) -> Vec<Vec<Item>> {
        let mut cells = Vec::new();
        for cell in row.children() {
            let content = match cell.name() {
                "table-cell" => self.blocks(cell),
                "covered-table-cell" => Vec::new(),
                _ => continue,
            };
            let repeated = cell.attr("number-columns-repeated").and_then(|times| times.parse().ok()).unwrap_or(1);
            cells.extend(std::iter::repeat_n(content, repeated.clamp(1, REPEATED)));
        }
        cells
    }
}

/// All items as one text, a line each.
pub(super) fn one_line(items: Vec<Item>) -> Line {
    let mut whole = Line::default();
    for item in items {
        if !whole.is_blank() {
            whole.push("\n", None);
        }
        match item {
            Item::Text(_, _, line) => whole.append(line),
            item => whole.push(&plain(std::slice::from_ref(&item)), None),
        }
    }
    whole
}
