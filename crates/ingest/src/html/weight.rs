//! What each part of a page weighs: running sentences count for it, link texts and loose words against it.

use super::article::Page;
use super::element::Element;
use super::tree::{Attribute, NodeId};
use crate::bytes::count;

/// What an element holds, with all in it that is not dropped. Lengths count characters that are not white space.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weight {
    pub(super) text: f64,
    pub(super) link: f64,
    pub(super) links: f64,
    /// Text in blocks of running sentences.
    pub(super) prose: f64,
    pub(super) value: f64,
}

/// The text of a block outside of the blocks in it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Own {
    pub(super) text: u32,
    pub(super) link: u32,
    /// Sentence ends and commas.
    pub(super) marks: u32,
}

impl Page<'_> {
    /// Sums up what each element holds.
    pub(super) fn weigh(&mut self) {
        let nodes = self.tree.nodes();
        self.weights.fill(Weight::default());
        self.own.fill(Own::default());
        // The innermost block and link that each open element is in.
        let mut open: Vec<(NodeId, NodeId, bool)> = vec![(nodes.len(), 0, false)];
        let mut id = 1;
        while id < nodes.len() {
            let node = nodes[id];
            while open.last().is_some_and(|&(end, ..)| end <= id) {
                open.pop();
            }
            let (_, block, linked) = open.last().copied().unwrap_or_default();
            match node.element {
                Some(_) if self.marks[id].dropped => {
                    id = node.end;
                    continue;
                }
                Some(element) => {
                    let is_link = element == Element::A && self.tree.attribute(id, Attribute::Href).is_some();
                    if is_link {
                        self.weights[id].links += 1.0;
                    }
                    open.push((node.end, if element.is_block() { id } else { block }, linked || is_link));
                }
                None => {
                    let (length, marks) = self.lengths[id];
                    let own = &mut self.own[block];
                    own.text += length;
                    own.marks += marks;
                    self.weights[id].text = f64::from(length);
                    if linked {
                        own.link += length;
                        self.weights[id].link = f64::from(length);
                    }
                }
            }
            id += 1;
        }
        for id in (0..nodes.len()).rev() {
            if let Some(element) = nodes[id].element.filter(|element| element.is_block() || id == 0) {
                let (value, prose) = block_value(self.own[id], element);
                self.weights[id].value += value;
                self.weights[id].prose += prose;
            }
            if id > 0 {
                let held = self.weights[id];
                let parent = &mut self.weights[nodes[id].parent];
                parent.text += held.text;
                parent.link += held.link;
                parent.links += held.links;
                parent.prose += held.prose;
                parent.value += held.value;
            }
        }
    }

    pub(super) fn link_density(&self, id: NodeId) -> f64 {
        let weight = self.weights[id];
        if weight.text > 0.0 { weight.link / weight.text } else { 0.0 }
    }
}

/// Number of characters that are not white space, and of sentence ends and commas.
pub(super) fn measured(text: &str) -> (u32, u32) {
    let bytes = text.as_bytes();
    let length = count(bytes, |byte| byte > b' ' && byte & 0xc0 != 0x80);
    let marks = count(bytes, |byte| matches!(byte, b'.' | b',' | b'!' | b'?' | b';'));
    // The full stop and the commas of Chinese and Japanese.
    let wide = memchr::memchr2_iter(0xe3, 0xef, bytes).filter(|&at| {
        matches!(bytes.get(at..at + 3), Some([0xe3, 0x80, 0x81 | 0x82] | [0xef, 0xbc, 0x8c | 0x81 | 0x9f]))
    });
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    (number(length), number(marks + wide.count()))
}

/// What a block's own text counts for or against, and how much of it is prose.
fn block_value(own: Own, element: Element) -> (f64, f64) {
    if own.text == 0 || element.heading().is_some() {
        return (0.0, 0.0);
    }
    let text = f64::from(own.text);
    let link = f64::from(own.link);
    let density = link / text;
    if density > 0.5 {
        return (-0.6 * link.min(120.0), 0.0);
    }
    let is_prose = own.marks > 0 && text >= 30.0 || text >= 120.0;
    if is_prose || element == Element::Pre {
        return (text * (1.0 - density) - link * 0.5, text - link);
    }
    if matches!(element, Element::Td | Element::Th) {
        return (0.3 * text.min(20.0), 0.0);
    }
    (-0.5 * text.min(30.0), 0.0)
}
