//! The shapes of a slide, and the text in them.

use std::collections::BTreeMap;

use crate::flow::{Item, Line, Table};
use crate::package::Relation;
use crate::symbol;
use crate::xml::{Element, Tree};

/// What the shapes of a slide hold.
pub(super) struct Shapes<'s> {
    relations: &'s BTreeMap<String, Relation>,
    diagrams: &'s BTreeMap<String, Tree>,
    pub(super) title: Option<Line>,
    /// The title is one of a cover.
    pub(super) is_cover: bool,
    pub(super) items: Vec<Item>,
    pub(super) footers: Vec<Line>,
}

/// What a shape is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Title,
    Subtitle,
    Content,
    Footer,
    /// A number or date that the program fills in.
    Running,
    Free,
}

impl<'s> Shapes<'s> {
    pub(super) fn new(relations: &'s BTreeMap<String, Relation>, diagrams: &'s BTreeMap<String, Tree>) -> Self {
        Self { relations, diagrams, title: None, is_cover: false, items: Vec::new(), footers: Vec::new() }
    }

    /// Takes in all shapes of a tree or group, in their order.
    pub(super) fn gather(&mut self, all: Element<'_>) {
        let mut waiting = vec![all];
        while let Some(element) = waiting.pop() {
            match element.name() {
                "sp" | "cxnSp" => self.shape(element),
                "graphicFrame" => self.frame(element),
                "AlternateContent" => {
                    // What this reader does not know may be in the choice; the fallback then often is a picture.
                    waiting.extend(element.child("Choice").or_else(|| element.child("Fallback")));
                }
                "spTree" | "grpSp" | "Choice" | "Fallback" | "contentPart" => {
                    let from = waiting.len();
                    waiting.extend(element.children());
                    waiting[from..].reverse();
                }
                _ => {}
            }
        }
    }

    fn shape(&mut self, shape: Element<'_>) {
        let Some(body) = shape.child("txBody") else { return };
        let purpose = purpose(shape);
        let lines = Words::new(self.relations).paragraphs(body);
        match purpose {
            Purpose::Running => {}
            Purpose::Title if self.title.is_none() => {
                let title = joined(lines);
                if !title.is_blank() {
                    self.is_cover = is_cover(shape);
                    self.title = Some(title);
                }
            }
            Purpose::Title | Purpose::Subtitle => self.items.push(Item::heading(2, joined(lines))),
            Purpose::Footer => self.footers.push(joined(lines)),
            Purpose::Content | Purpose::Free => {
                self.items.extend(lines.into_iter().map(|paragraph| paragraph.item(purpose == Purpose::Content)));
            }
        }
    }

    fn frame(&mut self, frame: Element<'_>) {
        let Some(data) = frame.at(&["graphic", "graphicData"]) else { return };
        if let Some(table) = data.child("tbl") {
            self.items.push(Item::Table(self.table(table)));
        }
        let diagram = data.child("relIds").and_then(|ids| ids.attr("dm")).and_then(|id| self.diagrams.get(id));
        for point in diagram.into_iter().flat_map(|tree| tree.root().descendants()).filter(|found| found.name() == "pt")
        {
            if let Some(body) = point.child("t") {
                let lines = Words::new(self.relations).paragraphs(body);
                self.items.extend(lines.into_iter().map(|paragraph| Item::list_item(1, paragraph.line)));
            }
        }
    }

    fn table(&self, element: Element<'_>) -> Table {
        let has_header = element.child("tblPr").and_then(|look| look.attr("firstRow"));
        let mut table = Table::default();
        for row in element.all("tr") {
            let cells = row.all("tc").map(|cell| {
                let covered = ["hMerge", "vMerge"].iter().any(|merge| cell.attr(merge).is_some_and(is_true));
                let body = cell.child("txBody").filter(|_| !covered);
                let lines = body.map(|body| Words::new(self.relations).paragraphs(body)).unwrap_or_default();
                lines.into_iter().map(|paragraph| Item::paragraph(paragraph.line)).collect()
            });
            table.rows.push(cells.collect());
        }
        table.headers = usize::from(has_header.is_some_and(is_true) && table.rows.len() > 1);
        table
    }
}

fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true")
}

fn placeholder(shape: Element<'_>) -> Option<Element<'_>> {
    shape.at(&["nvSpPr", "nvPr", "ph"])
}

fn purpose(shape: Element<'_>) -> Purpose {
    let Some(place) = placeholder(shape) else { return Purpose::Free };
    match place.attr("type") {
        Some("title" | "ctrTitle") => Purpose::Title,
        Some("subTitle") => Purpose::Subtitle,
        Some("ftr" | "hdr") => Purpose::Footer,
        Some("sldNum" | "dt") => Purpose::Running,
        _ => Purpose::Content,
    }
}

fn is_cover(shape: Element<'_>) -> bool {
    placeholder(shape).and_then(|place| place.attr("type")) == Some("ctrTitle")
}

fn joined(lines: Vec<Worded>) -> Line {
    let mut whole = Line::default();
    for paragraph in lines.into_iter().filter(|paragraph| !paragraph.line.is_blank()) {
        if !whole.is_blank() {
            whole.push(" ", None);
        }
        whole.append(paragraph.line);
    }
    whole
}

/// A paragraph of a shape.
pub(super) struct Worded {
    pub(super) line: Line,
    /// From 1.
    depth: usize,
    /// Whether it says that it has a bullet, or that it has none.
    bullet: Option<bool>,
}

impl Worded {
    fn item(self, usually_listed: bool) -> Item {
        if self.bullet.unwrap_or(usually_listed) {
            Item::list_item(self.depth, self.line)
        } else {
            Item::paragraph(self.line)
        }
    }
}

/// Reads the text of shapes.
pub(super) struct Words<'w> {
    relations: &'w BTreeMap<String, Relation>,
}

impl<'w> Words<'w> {
    pub(super) fn new(relations: &'w BTreeMap<String, Relation>) -> Self {
        Self { relations }
    }

    /// The paragraphs of a text body.
    pub(super) fn paragraphs(&self, body: Element<'_>) -> Vec<Worded> {
        body.all("p").map(|paragraph| self.paragraph(paragraph)).collect()
    }

    fn paragraph(&self, paragraph: Element<'_>) -> Worded {
        let properties = paragraph.child("pPr");
        let level =
            properties.and_then(|properties| properties.attr("lvl")).and_then(|level| level.parse::<usize>().ok());
        let has = |name: &str| properties.is_some_and(|properties| properties.child(name).is_some());
        let bullet = if has("buNone") {
            Some(false)
        } else {
            ["buChar", "buAutoNum", "buBlip"].iter().any(|bullet| has(bullet)).then_some(true)
        };
        let mut line = Line::default();
        for child in paragraph.children() {
            self.run(child, &mut line);
        }
        Worded { line, depth: level.unwrap_or(0).min(8) + 1, bullet }
    }

    fn run(&self, run: Element<'_>, line: &mut Line) {
        match run.name() {
            "r" | "fld" => {
                let properties = run.child("rPr");
                let click = properties.and_then(|properties| properties.child("hlinkClick"));
                let relation = click.and_then(|click| click.prefixed_attr("id")).and_then(|id| self.relations.get(id));
                let leads = relation.filter(|relation| relation.external).map(|relation| relation.target.as_str());
                let font =
                    properties.and_then(|properties| properties.child("sym").or_else(|| properties.child("latin")));
                let font = font.and_then(|font| font.attr("typeface")).unwrap_or_default();
                if let Some(text) = run.child("t") {
                    line.push(&symbol::of_text(font, &text.text()), leads);
                }
            }
            "br" => line.push("\n", None),
            // Equations stand in an extension, beside a picture of them.
            "m" | "AlternateContent" => {
                let choice = if run.name() == "m" { Some(run) } else { run.child("Choice") };
                let texts = choice.into_iter().flat_map(Element::descendants).filter(|found| found.name() == "t");
                line.push(&texts.map(Element::text).collect::<String>(), None);
            }
            _ => {}
        }
    }
}
