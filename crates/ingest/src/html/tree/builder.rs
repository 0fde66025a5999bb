//! Builds the tree of a page from the tokenizer's events.

use std::convert::Infallible;

use docmill_core::ByteSpan;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::unchecked::Unchecked;
use super::{Attribute, Node, NodeId, Tree};
use crate::html::element::Element;

/// Elements beyond this number are not told apart any more; their text is. It bounds memory, not what real pages hold.
const MAX_ELEMENTS: usize = 4 << 20;

/// So many titles of drawings may be left open.
const MAX_NESTED: usize = 32;

/// Builds the tree from the tokenizer's events.
pub(super) struct Builder<'a> {
    tree: Tree<'a>,
    depth: usize,
    /// The open elements, outermost first.
    open: Vec<NodeId>,
    /// How many of each element are open, so that most look-ups in `open` can be spared.
    counts: [u32; Element::COUNT],
    /// Open elements below the limit on depth.
    too_deep: usize,
    is_nested: bool,
    /// Where the part that is being read ends.
    part_end: usize,
    /// What an unclosed title of a drawing took in, still to be read.
    rest: Option<ByteSpan>,
    elements: usize,
    /// The start tag being read.
    tag: Option<(Element, usize)>,
    first_attribute: usize,
    attribute: Option<Attribute>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a str, depth: usize) -> Self {
        let root =
            Node { element: Some(Element::Other), parent: 0, end: 0, span: ByteSpan::point(0), attributes: (0, 0) };
        let mut nodes = Vec::with_capacity(source.len() / 24 + 1);
        nodes.push(root);
        Self {
            tree: Tree { source, nodes, attributes: Vec::new() },
            depth,
            open: vec![0],
            counts: [0; Element::COUNT],
            too_deep: 0,
            is_nested: false,
            part_end: 0,
            rest: None,
            elements: 0,
            tag: None,
            first_attribute: 0,
            attribute: None,
        }
    }

    /// Takes in all tokens of a part of the source.
    pub(super) fn tokenize(&mut self, part: ByteSpan) {
        let Some(text) = part.of(self.tree.source) else { return };
        let outer_end = std::mem::replace(&mut self.part_end, part.end);
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
            self.take(&event, ByteSpan { start: span.start, end: span.end.max(span.start) }.shifted(part.start));
            None
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(text, Unchecked(emitter)).finish();
        self.part_end = outer_end;
    }

    /// Takes in mark-up that is one text to the tokenizer, such as that of a `<noscript>`.
    fn tokenize_nested(&mut self, content: ByteSpan) {
        let (open, too_deep) = (self.open.len(), std::mem::take(&mut self.too_deep));
        self.is_nested = true;
        self.tokenize(content);
        // Each title of a drawing that is never closed takes in all that follows.
        for _ in 0..MAX_NESTED {
            let Some(rest) = self.rest.take() else { break };
            self.tokenize(rest);
        }
        self.rest = None;
        self.is_nested = false;
        self.too_deep = too_deep;
        if self.open.len() > open {
            self.close_from(open);
        }
    }

    fn take(&mut self, event: &CallbackEvent<'_>, span: ByteSpan) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Some((Element::named(name), span.start));
                self.first_attribute = self.tree.attributes.len();
                self.attribute = None;
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute = Attribute::named(name).filter(|_| self.tag.is_some());
                if let Some(attribute) = self.attribute {
                    self.tree.attributes.push((attribute, ByteSpan::point(0)));
                }
            }
            CallbackEvent::AttributeValue { .. } => {
                if let (Some(_), Some((_, value))) = (self.attribute, self.tree.attributes.last_mut()) {
                    *value = span;
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some((element, start)) = self.tag.take() {
                    self.start(element, start, *self_closing);
                }
            }
            CallbackEvent::EndTag { name } => {
                self.tag = None;
                self.end(Element::named(name), span.start);
            }
            CallbackEvent::String { .. } => {
                if span.of(self.tree.source).is_none_or(str::is_empty) {
                    return;
                }
                let innermost = self.open.last().and_then(|&id| self.tree.nodes[id].element);
                // The title of a drawing is mark-up, unlike that of a page.
                let in_drawing = innermost == Some(Element::Title) && self.counts[Element::Svg as usize] > 0;
                if (in_drawing || innermost == Some(Element::Noscript)) && !self.is_nested {
                    self.tokenize_nested(span);
                } else if in_drawing && span.end == self.part_end {
                    self.rest = Some(span);
                } else {
                    self.add(None, span, (0, 0));
                }
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
    }

    fn add(&mut self, element: Option<Element>, span: ByteSpan, attributes: (usize, usize)) -> NodeId {
        let id = self.tree.nodes.len();
        let parent = self.open.last().copied().unwrap_or_default();
        self.tree.nodes.push(Node { element, parent, end: id + 1, span, attributes });
        id
    }

    fn start(&mut self, element: Element, at: usize, self_closing: bool) {
        if self.merges_into_open_element(element) {
            return;
        }
        self.imply_end_tags(element);
        let too_deep = self.open.len() >= self.depth && !element.is_raw();
        if too_deep && !element.is_void() {
            self.too_deep += 1;
        }
        // Beyond the limit only what parts blocks is kept, and of a row of it one.
        let repeated = || self.tree.nodes.last().is_some_and(|last| last.element == Some(element));
        if self.elements >= MAX_ELEMENTS || (too_deep && (!element.is_block() || repeated())) {
            self.tree.attributes.truncate(self.first_attribute);
            return;
        }
        self.elements += 1;
        let attributes = (self.first_attribute, self.tree.attributes.len());
        let id = self.add(Some(element), ByteSpan::point(at), attributes);
        let childless = element.is_void() || too_deep || (self_closing && element.may_close_itself());
        if !childless {
            self.open.push(id);
            self.counts[element as usize] += 1;
        }
    }

    /// A second `<html>` or `<body>` opens nothing.
    fn merges_into_open_element(&mut self, element: Element) -> bool {
        let second = matches!(element, Element::Html | Element::Body) && self.counts[element as usize] > 0;
        if second {
            self.tree.attributes.truncate(self.first_attribute);
        }
        second
    }

    fn imply_end_tags(&mut self, element: Element) {
        // A drawing that was left open ends where a block of the page begins (WHATWG HTML, 13.2.6.5).
        if element.is_block() && self.counts[Element::Svg as usize] > 0 {
            let outermost = self.open.iter().position(|&id| self.tree.nodes[id].element == Some(Element::Svg));
            if let Some(index) = outermost {
                self.close_from(index);
            }
        }
        match element {
            Element::Li => self.close_within(&[Element::Li], &[Element::Ul, Element::Ol]),
            Element::Dt | Element::Dd => self.close_within(&[Element::Dt, Element::Dd], &[Element::Dl]),
            Element::Option => self.close_within(&[Element::Option], &[Element::Select]),
            Element::Td | Element::Th => self.close_within(&[Element::Td, Element::Th], &[Element::Tr, Element::Table]),
            Element::Tr => {
                self.close_within(&[Element::Tr], &[Element::Table]);
            }
            Element::Thead | Element::Tbody | Element::Tfoot => {
                self.close_within(&[Element::Thead, Element::Tbody, Element::Tfoot], &[Element::Table]);
            }
            Element::A => self.end_link(),
            Element::Button => self.close_within(&[Element::Button], &[Element::Table]),
            Element::Body => self.close_within(&[Element::Head], &[]),
            _ => {}
        }
        // A head that was left open ends where a block begins (WHATWG HTML, 13.2.6.4.4).
        if element.ends_paragraph() && self.open_element(self.open.len() - 1) == Element::Head {
            self.close_from(self.open.len() - 1);
        }
        if element.ends_paragraph() {
            self.close_within(&[Element::P], &[]);
        }
    }

    /// Closes the innermost of `closed` unless one of `bounds`, or a cell, lies between.
    fn close_within(&mut self, closed: &[Element], bounds: &[Element]) {
        if closed.iter().all(|&element| self.counts[element as usize] == 0) {
            return;
        }
        for index in (1..self.open.len()).rev() {
            let element = self.open_element(index);
            if closed.contains(&element) {
                self.close_from(index);
                return;
            }
            if bounds.contains(&element) || (element.is_scope() && bounds.is_empty()) {
                return;
            }
        }
    }

    /// A link cannot be in a link: a new one ends the open one.
    fn end_link(&mut self) {
        if self.counts[Element::A as usize] == 0 {
            return;
        }
        for index in (1..self.open.len()).rev() {
            let element = self.open_element(index);
            if element == Element::A {
                self.close_from(index);
                return;
            }
            if element.is_block() {
                // Blocks stay open over the end of a link. What was in the link so far cannot be told from what follows.
                self.unlink();
                return;
            }
        }
    }

    fn unlink(&mut self) {
        for index in (1..self.open.len()).rev() {
            if self.open_element(index) == Element::A {
                let id = self.open[index];
                self.tree.nodes[id].element = Some(Element::Span);
                self.counts[Element::A as usize] -= 1;
                self.counts[Element::Span as usize] += 1;
                return;
            }
        }
    }

    fn end(&mut self, element: Element, at: usize) {
        if element == Element::Br {
            self.first_attribute = self.tree.attributes.len();
            self.start(element, at, false);
            return;
        }
        let raw_is_open = self.open.last().is_some_and(|&id| self.tree.nodes[id].element.is_some_and(Element::is_raw));
        if self.too_deep > 0 && !raw_is_open {
            if !element.is_void() {
                self.too_deep -= 1;
            }
            return;
        }
        // The end of the page is where the source ends, since pages go on after </body>.
        if self.counts[element as usize] == 0 || matches!(element, Element::Html | Element::Body) {
            return;
        }
        for index in (1..self.open.len()).rev() {
            let open = self.open_element(index);
            if open == element {
                self.close_from(index);
                return;
            }
            if !element.is_block() && !element.closes_over_scopes() && open.is_block() {
                if element == Element::A {
                    self.unlink();
                }
                return;
            }
            if open.is_scope() && !element.closes_over_scopes() {
                return;
            }
        }
    }

    fn open_element(&self, index: usize) -> Element {
        self.tree.nodes[self.open[index]].element.unwrap_or(Element::Other)
    }

    fn close_from(&mut self, index: usize) {
        let end = self.tree.nodes.len();
        for id in self.open.drain(index..) {
            let node = &mut self.tree.nodes[id];
            node.end = end;
            if let Some(element) = node.element {
                self.counts[element as usize] -= 1;
            }
        }
    }

    pub(super) fn finish(mut self) -> Tree<'a> {
        let end = self.tree.nodes.len();
        for id in self.open {
            self.tree.nodes[id].end = end;
        }
        self.tree
    }
}
