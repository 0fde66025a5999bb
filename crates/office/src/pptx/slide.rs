//! The slides of a presentation, with their notes and comments.

use std::collections::BTreeMap;

use docmill_core::{BlockKind, ReadError};

use super::shape::{Shapes, Words};
use super::{EXPECTED, Pptx};
use crate::docx::{Comments, optional};
use crate::flow::{Item, Line};
use crate::package::{Package, Relation};
use crate::xml::{Element, Tree};

/// The slides of a presentation in their order.
pub(super) struct Slides<'o> {
    options: &'o Pptx,
    names: Vec<String>,
    authors: BTreeMap<String, String>,
}

/// What a slide holds.
#[derive(Debug, Default)]
pub(super) struct Slide {
    pub(super) items: Vec<Item>,
    pub(super) footers: Vec<Line>,
    pub(super) notes: Vec<Item>,
    pub(super) comments: Vec<Line>,
}

impl<'o> Slides<'o> {
    /// Finds the slides.
    pub(super) fn open(package: &mut Package<'_>, options: &'o Pptx) -> Result<Self, ReadError> {
        let main = package.main("officeDocument", "ppt/presentation.xml")?;
        let presentation = package.required(&main, EXPECTED)?;
        let root = presentation.root().name();
        if root != "presentation" {
            return Err(ReadError::Malformed { expected: EXPECTED, found: format!("an outermost element {root}") });
        }
        let relations = package.relations(&main)?;
        let list = presentation.root().child("sldIdLst");
        let names = list.into_iter().flat_map(|list| list.all("sldId")).filter_map(|slide| {
            let relation = relations.get(slide.prefixed_attr("id")?)?;
            (!relation.external).then(|| relation.target.clone())
        });
        let names = names.collect();
        let authors =
            if options.comments == Comments::Footer { authors(package, &relations)? } else { BTreeMap::new() };
        Ok(Self { options, names, authors })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Reads a slide, counted from 1; `None` where it is hidden or broken.
    pub(super) fn read(
        &self,
        package: &mut Package<'_>,
        number: usize,
        warnings: &mut Vec<String>,
    ) -> Result<Option<Slide>, ReadError> {
        let name = &self.names[number - 1];
        let Some(tree) = optional(package, Some(name.clone()), warnings)? else { return Ok(None) };
        if tree.root().attr("show").is_some_and(|show| matches!(show, "0" | "false")) && !self.options.hidden {
            return Ok(None);
        }
        let relations = package.relations(name)?;
        let diagrams = diagrams(package, &relations, warnings)?;
        let mut shapes = Shapes::new(&relations, &diagrams);
        if let Some(all) = tree.root().at(&["cSld", "spTree"]) {
            shapes.gather(all);
        }
        let mut slide = Slide { footers: shapes.footers, ..Slide::default() };
        slide.items = titled(shapes.title, shapes.is_cover && number == 1, shapes.items);
        if self.options.notes {
            slide.notes = notes(package, &relations, warnings)?;
        }
        if self.options.comments == Comments::Footer {
            slide.comments = self.comments(package, &relations, warnings)?;
        }
        Ok(Some(slide))
    }

    fn comments(
        &self,
        package: &mut Package<'_>,
        relations: &BTreeMap<String, Relation>,
        warnings: &mut Vec<String>,
    ) -> Result<Vec<Line>, ReadError> {
        let mut found = Vec::new();
        for relation in relations.values().filter(|relation| relation.kind.starts_with("comment")) {
            let Some(tree) = optional(package, Some(relation.target.clone()), warnings)? else { continue };
            for comment in tree.root().descendants().filter(|element| matches!(element.name(), "cm" | "reply")) {
                let author = comment.attr("authorId").and_then(|id| self.authors.get(id));
                let old = comment.child("text").map(Element::text);
                let text = old.or_else(|| comment.child("txBody").map(|body| words(body).text())).unwrap_or_default();
                let by = author.map(|author| format!("{author}: ")).unwrap_or_default();
                found.push(Line::from(format!("{by}{text}").as_str()));
            }
        }
        Ok(found)
    }
}

/// The names of those who comment, by their ids.
fn authors(
    package: &mut Package<'_>,
    relations: &BTreeMap<String, Relation>,
) -> Result<BTreeMap<String, String>, ReadError> {
    let mut found = BTreeMap::new();
    for relation in relations.values().filter(|relation| matches!(&*relation.kind, "commentAuthors" | "authors")) {
        let Some(tree) = optional(package, Some(relation.target.clone()), &mut Vec::new())? else { continue };
        for author in tree.root().children() {
            if let (Some(id), Some(name)) = (author.attr("id"), author.attr("name")) {
                found.insert(id.to_owned(), name.to_owned());
            }
        }
    }
    Ok(found)
}

/// The items of a slide behind its title.
fn titled(title: Option<Line>, is_cover: bool, mut items: Vec<Item>) -> Vec<Item> {
    if let Some(title) = title {
        let item = if is_cover { Item::Text(BlockKind::Title, None, title) } else { Item::heading(1, title) };
        items.insert(0, item);
    }
    items
}

fn words(body: Element<'_>) -> Line {
    let mut whole = Line::default();
    for line in Words::new(&BTreeMap::new()).paragraphs(body) {
        if !whole.is_blank() {
            whole.push("\n", None);
        }
        whole.append(line.line);
    }
    whole
}

/// What stands in the notes of a slide beside the picture of it.
fn notes(
    package: &mut Package<'_>,
    relations: &BTreeMap<String, Relation>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Item>, ReadError> {
    let page =
        relations.values().find(|relation| relation.kind == "notesSlide").map(|relation| relation.target.clone());
    let Some(tree) = optional(package, page.clone(), warnings)? else { return Ok(Vec::new()) };
    let relations = package.relations(&page.unwrap_or_default())?;
    let is_body = |shape: &Element<'_>| {
        let place = shape.at(&["nvSpPr", "nvPr", "ph"]);
        place.is_some_and(|place| place.attr("type") == Some("body"))
    };
    let bodies = tree.root().descendants().filter(|element| element.name() == "sp").filter(is_body);
    let bodies = bodies.filter_map(|shape| shape.child("txBody"));
    let lines = bodies.flat_map(|body| Words::new(&relations).paragraphs(body));
    Ok(lines.map(|paragraph| Item::paragraph(paragraph.line)).collect())
}

/// The members with the text of the diagrams of a slide, by the ids of their relations.
fn diagrams(
    package: &mut Package<'_>,
    relations: &BTreeMap<String, Relation>,
    warnings: &mut Vec<String>,
) -> Result<BTreeMap<String, Tree>, ReadError> {
    let mut found = BTreeMap::new();
    for (id, relation) in relations.iter().filter(|(_, relation)| relation.kind == "diagramData") {
        if let Some(tree) = optional(package, Some(relation.target.clone()), warnings)? {
            found.insert(id.clone(), tree);
        }
    }
    Ok(found)
}
