//! The files that a message carries: each is a source of its own, which the reader of its format reads.

use std::ops::ControlFlow;

use docmill_core::{Member, Part, RawSource, member_uri};

use super::Prefer;
use super::choice;
use super::content;
use super::structure::{Leaf, Structure};

/// Parts that sign or encrypt a message and say nothing.
const OF_SIGNATURES: &[&str] = &[
    "application/pgp-encrypted",
    "application/pgp-keys",
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
];

/// Hands on the files of a message.
pub(super) fn hand_on(
    message: &RawSource,
    prefer: Prefer,
    depth: usize,
    part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let structure = Structure::of(&message.bytes, depth);
    let text = choice::order(prefer, &structure.leaves).first().copied();
    for (index, leaf) in structure.leaves.iter().enumerate() {
        let is_form = text.is_some_and(|text| structure.is_another_form(text, leaf));
        if Some(index) == text || is_form || !is_file(leaf) {
            continue;
        }
        let name = leaf.head.name.clone().unwrap_or_else(|| format!("part-{}", leaf.number));
        let source = RawSource::member(message, member_uri(&message.uri, name.as_bytes()));
        let bytes = content::bytes(leaf.body.bytes(&message.bytes), leaf.head.transfer);
        let declared = Some(leaf.head.media_type.clone());
        part(Part::Member(Member { source, declared, read: &mut &*bytes }))?;
    }
    ControlFlow::Continue(())
}

/// Whether a message may carry files, as far as a glance tells.
pub(super) fn may_be_in(message: &[u8]) -> bool {
    memchr::memmem::find(message, b"oundary").is_some() || memchr::memmem::find(message, b"OUNDARY").is_some()
}

fn is_file(leaf: &Leaf) -> bool {
    let head = &leaf.head;
    let is_one = head.attachment || head.name.is_some() || !head.is_text();
    is_one && !OF_SIGNATURES.contains(&head.media_type.as_str())
}
