//! The slides of `OpenDocument` presentations.

use docmill_core::{BlockKind, Composer, Spot};

use super::body::{Walk, one_line};
use super::styles::Styles;
use super::{Odf, tell_part};
use crate::docx::Comments;
use crate::flow::{self, Item};
use crate::xml::Element;

/// Writes a slide: its title, what is on it, the notes.
pub(super) fn write(page: Element<'_>, number: u32, options: &Odf, styles: &Styles, composer: &mut Composer) {
    if !composer.so_far().is_empty() {
        composer.page_break();
    }
    let mut walk = Walk::new(options, styles);
    let mut titles = Vec::new();
    let mut rest = Vec::new();
    for shape in page.children() {
        match (shape.name(), shape.attr("class")) {
            ("notes", _) | (_, Some("page-number" | "date-time" | "header" | "footer")) => {}
            ("annotation", _) => walk.comment(shape),
            (_, Some("title")) => titles.push(Item::heading(1, one_line(walk.inside(shape)))),
            (_, Some("subtitle")) => rest.push(Item::heading(2, one_line(walk.inside(shape)))),
            _ => rest.extend(walk.inside(shape)),
        }
    }
    composer.at(Spot::slide(number));
    flow::write(&titles, composer);
    flow::write(&rest, composer);
    if options.notes {
        let shapes = page.child("notes").into_iter().flat_map(Element::children);
        let notes = shapes.filter(|shape| shape.attr("class") == Some("notes")).flat_map(|shape| walk.inside(shape));
        let notes: Vec<Item> = notes.collect();
        composer.at(Spot { part: Some("notes".into()), ..Spot::slide(number) });
        flow::write(&notes, composer);
    }
    if options.comments == Comments::Footer {
        tell_part("comments", BlockKind::Footer, walk.comments, Spot::slide(number), composer);
    }
}
