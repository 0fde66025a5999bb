//! Links to addresses: where on a page a click leads out of the file.

use std::sync::Arc;

use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Rect, String as Text};
use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::kurbo::{self, Affine};

use super::canvas::narrow;
use crate::page::{Frame, Link, Page, Word};

/// Most links of a page, and the longest address.
const MOST_LINKS: usize = 2_000;
const LONGEST: usize = 4_000;

pub(crate) fn read(source: &Source<'_>, transform: Affine) -> Vec<Link> {
    let Some(notes) = source.raw().get::<Array<'_>>(b"Annots") else { return Vec::new() };
    notes.iter::<Dict<'_>>().take(MOST_LINKS).filter_map(|note| link(&note, transform)).collect()
}

fn link(note: &Dict<'_>, transform: Affine) -> Option<Link> {
    if note.get::<Name<'_>>(b"Subtype")?.as_str() != "Link" {
        return None;
    }
    let address = note.get::<Dict<'_>>(b"A")?.get::<Text<'_>>(b"URI")?;
    let address = super::text(address.as_bytes());
    if address.is_empty() || address.len() > LONGEST {
        return None;
    }
    let place = note.get::<Rect>(b"Rect")?;
    let place = transform.transform_rect_bbox(kurbo::Rect::new(place.x0, place.y0, place.x1, place.y1));
    let frame = Frame { x0: narrow(place.x0), y0: narrow(place.y0), x1: narrow(place.x1), y1: narrow(place.y1) };
    Some(Link { frame, address: Arc::from(address) })
}

/// Tells the words on which the links are.
pub(crate) fn mark(links: &[Link], page: &mut Page, width: f32, height: f32) {
    if links.is_empty() {
        return;
    }
    for text in &mut page.texts {
        let heights = |word: &Word| word.frame.centre().1;
        let mut order: Vec<usize> = (0..text.words.len()).collect();
        order.sort_by(|a, b| heights(&text.words[*a]).total_cmp(&heights(&text.words[*b])));
        for link in links {
            let frame = text.direction.upright_frame(&link.frame, width, height);
            let start = order.partition_point(|index| heights(&text.words[*index]) < frame.y0);
            for index in &order[start..] {
                let word = &mut text.words[*index];
                if heights(word) > frame.y1 {
                    break;
                }
                if frame.holds(word.frame.centre()) {
                    word.link = Some(Arc::clone(&link.address));
                }
            }
        }
    }
}
