//! Which part of a message is its text, and that text as a document.

use docmill_core::{Context, Document, Edits, Meta, RawSource, ReadError, Source};

use super::content::{Content, content};
use super::structure::{Leaf, Structure};
use super::{Prefer, Reading, origin};
use crate::html::{self, Html, MainText};
use crate::layout::message;

/// The part that is the text.
pub(super) struct Chosen {
    /// Its index among the leaves.
    pub leaf: usize,
    pub doc: Document,
}

/// A plain text that has no more letters and speaks of HTML only says that there is another form.
const LONGEST_STUB: usize = 300;

/// So many parts that could not be read are named.
const MOST_WARNINGS: usize = 10;

/// The first text of the message that says something, in the preferred one of its forms; before those of messages within it.
pub(super) fn chosen(
    reading: Reading,
    source: &RawSource,
    structure: &Structure,
    cx: &Context,
) -> Result<Chosen, ReadError> {
    let leaves = &structure.leaves;
    // Once for all, since it takes the hash of the message.
    let described = source.source("");
    let mut errors: Vec<(usize, ReadError)> = Vec::new();
    let mut best: Option<Chosen> = None;
    for index in order(reading.prefer, leaves) {
        let leaf = &leaves[index];
        if best.as_ref().is_some_and(|stub| leaves[stub.leaf].alternative != leaf.alternative) {
            break;
        }
        match document(reading, source, &described, leaf, cx) {
            Ok(doc) => {
                let html_follows = || {
                    leaves.iter().any(|other| {
                        other.head.is_html() && leaf.alternative.is_some() && other.alternative == leaf.alternative
                    })
                };
                // A stub is the text where nothing better comes.
                let stub = !leaf.head.is_html() && is_stub(doc.text()) && html_follows();
                if !stub || best.is_none() {
                    best = Some(Chosen { leaf: index, doc });
                }
                if !stub {
                    break;
                }
            }
            Err(ReadError::Empty) => {}
            Err(other) => errors.push((index, other)),
        }
    }
    let Some(mut chosen) = best else {
        return Err(errors.into_iter().next().map_or_else(|| without_text(leaves), |(_, error)| error));
    };
    for (index, error) in errors.into_iter().take(MOST_WARNINGS) {
        chosen.doc.warn(format!("its part {} could not be read: {error}", leaves[index].number));
    }
    Ok(chosen)
}

/// The texts among the parts of a message, in the order in which they are tried.
pub(super) fn order(prefer: Prefer, leaves: &[Leaf]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..leaves.len()).filter(|&index| leaves[index].head.is_text()).collect();
    order.sort_by_cached_key(|&index| {
        let leaf = &leaves[index];
        // The forms of one thing stand where the first of them does.
        let first =
            leaves.iter().position(|other| other.alternative.is_some() && other.alternative == leaf.alternative);
        let other_form = leaf.head.is_html() != (prefer == Prefer::Html);
        (leaf.nested, leaf.head.attachment, !leaf.head.is_usual_text(), first.unwrap_or(index), other_form, index)
    });
    order
}

fn is_stub(text: &str) -> bool {
    if text.len() > LONGEST_STUB {
        return false;
    }
    let text = text.to_lowercase();
    ["html", "browser", "e-mail client", "email client", "mail reader"].iter().any(|word| text.contains(word))
}

fn without_text(leaves: &[Leaf]) -> ReadError {
    let types: Vec<&str> =
        leaves.iter().filter(|leaf| !leaf.head.is_text()).map(|leaf| leaf.head.media_type.as_str()).take(10).collect();
    if types.is_empty() {
        return ReadError::Empty;
    }
    let found = format!("one with nothing but {}", types.join(", "));
    ReadError::Malformed { expected: "a message with a text", found }
}

/// The document that a part is.
fn document(
    reading: Reading,
    source: &RawSource,
    described: &Source,
    leaf: &Leaf,
    cx: &Context,
) -> Result<Document, ReadError> {
    let mut doc = revealed(source, described, leaf, reading.quoted)?;
    if !leaf.head.is_html() && !doc.original().chars().any(char::is_alphanumeric) {
        return Err(ReadError::Empty);
    }
    if leaf.head.is_html() {
        Html { main: MainText::Body, links: reading.links }.read_page(&mut doc, cx)?;
        let language = doc.meta.remove("language");
        doc.meta = Meta::default();
        if let Some(language) = language {
            doc.meta.set("language", language);
        }
    } else {
        plain(&mut doc)?;
    }
    Ok(doc)
}

/// A part as a document whose text is what the bytes of the part stand for, with its mark-up.
pub(super) fn revealed(
    source: &RawSource,
    described: &Source,
    leaf: &Leaf,
    quoted: bool,
) -> Result<Document, ReadError> {
    let raw = leaf.body.bytes(&source.bytes);
    let named = leaf.head.charset.clone();
    let declared = named.or_else(|| leaf.head.is_html().then(|| html::declared_encoding(raw)).flatten());
    let Content { original, edits, decoded, skipped, encoding, damaged } =
        content(raw, leaf.head.transfer, declared.as_deref(), quoted)?;
    let mut described = described.clone();
    described.origin = origin(source, &leaf.number, leaf.body.start + skipped);
    if decoded {
        (described.origin.offset, described.origin.lines, described.origin.decoded) = (0, 0, true);
    }
    described.encoding.clone_from(&encoding);
    let mut doc = Document::new(described, original);
    if damaged {
        doc.warn(format!("some bytes are not {encoding} and became U+FFFD"));
    }
    doc.edit(&edits)?;
    Ok(doc)
}

/// Finds the paragraphs, quotes, lists and the signature of a plain text.
pub(super) fn plain(doc: &mut Document) -> Result<(), ReadError> {
    let found = message(doc.text());
    doc.set_blocks(found.blocks);
    let mut edits = Edits::new();
    for mark in found.marks {
        edits.delete(mark);
    }
    doc.edit(&edits)?;
    Ok(())
}
