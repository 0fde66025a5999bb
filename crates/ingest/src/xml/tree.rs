//! The elements and texts of an XML document, with their places, in the order in which they stand.

use docmill_core::{ByteSpan, ReadError};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::malformed;

/// So many references that are not known are named.
const NAMED: usize = 10;

/// Index of a node.
pub(super) type NodeId = usize;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Element,
    /// Text with references.
    Text,
    /// Text in which an ampersand is an ampersand.
    Literal,
}

/// An element or a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub kind: Kind,
    /// The text; of an element, what stands in its start tag.
    pub span: ByteSpan,
    /// Length of an element's name.
    name: usize,
    /// The node after all that is in it.
    pub end: NodeId,
    /// The element around it; its own for the first.
    pub parent: NodeId,
    /// Whether it holds text of its own.
    pub has_text: bool,
}

/// A document as a list of nodes, each before those that are in it. The first is the outermost element.
pub(super) struct Tree<'s> {
    pub source: &'s str,
    pub nodes: Vec<Node>,
    /// References that stand for nothing that is known.
    pub unknown: Vec<String>,
}

impl<'s> Tree<'s> {
    /// Elements deeper than `depth` are read as if they were not there, and what is in them as what is around them.
    pub(super) fn parse(source: &'s str, depth: usize) -> Result<Self, ReadError> {
        let mut reader = Reader::from_str(source);
        reader.config_mut().allow_dangling_amp = true;
        let mut growing = Growing { tree: Self { source, nodes: Vec::new(), unknown: Vec::new() }, open: Vec::new() };
        let (mut too_deep, mut before) = (0_usize, 0);
        loop {
            let event = reader.read_event().map_err(|error| {
                malformed(source, position(reader.error_position()).max(before), &error.to_string())
            })?;
            let after = position(reader.buffer_position());
            match event {
                Event::Start(_) if growing.open.len() >= depth.max(1) => too_deep += 1,
                Event::End(_) if too_deep > 0 => too_deep -= 1,
                Event::Start(start) => growing.start(&start, before, false),
                Event::Empty(start) => growing.start(&start, before, true),
                Event::End(_) => growing.end(),
                Event::Text(_) => growing.text(Kind::Text, ByteSpan::new(before, after)),
                Event::GeneralRef(name) => growing.reference(&name, ByteSpan::new(before, after)),
                // Between `<![CDATA[` and `]]>`.
                Event::CData(_) => growing.text(Kind::Literal, ByteSpan::new(before + 9, after - 3)),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
                Event::Eof => break,
            }
            before = after;
        }
        if let Some(open) = growing.open.last() {
            let what = format!("the file ends in the middle of `{}`", growing.tree.name(*open));
            return Err(malformed(source, source.len(), &what));
        }
        if growing.tree.nodes.is_empty() {
            return Err(if source.trim().is_empty() { ReadError::Empty } else { malformed(source, 0, "no element") });
        }
        Ok(growing.tree)
    }

    /// The name of an element as it stands, with its prefix.
    pub(super) fn name(&self, id: NodeId) -> &'s str {
        let node = self.nodes[id];
        self.source.get(node.span.start..node.span.start + node.name).unwrap_or_default()
    }

    /// The name of an element without its prefix; empty for texts.
    pub(super) fn local_name(&self, id: NodeId) -> &'s str {
        let name = self.name(id);
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    pub(super) fn is_element(&self, id: NodeId) -> bool {
        self.nodes[id].kind == Kind::Element
    }

    /// The elements directly in an element.
    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.nodes[id].end;
        let mut next = id + 1;
        std::iter::from_fn(move || {
            while next < end {
                let child = next;
                next = self.nodes[child].end;
                if self.is_element(child) {
                    return Some(child);
                }
            }
            None
        })
    }

    /// The values of the attributes of an element, with their names.
    pub(super) fn attributes(&self, id: NodeId) -> Vec<(String, String)> {
        let node = self.nodes[id];
        let Some(tag) = node.span.of(self.source) else { return Vec::new() };
        let start = BytesStart::from_content(tag, node.name);
        let mut attributes = start.attributes();
        let attributes = attributes.with_checks(false).filter_map(Result::ok);
        attributes.map(|one| (one.key.as_ref().to_owned(), super::reference::resolved(&one.value))).collect()
    }

    /// The value of an attribute, named with or without its prefix.
    pub(super) fn attribute(&self, id: NodeId, name: &str) -> Option<String> {
        let attributes = self.attributes(id);
        attributes.into_iter().find(|(key, _)| super::select::is_named(key, name)).map(|(_, value)| value)
    }

    /// All that is written in an element, with its white space squeezed.
    pub(super) fn words(&self, id: NodeId) -> String {
        let mut text = String::new();
        for node in &self.nodes[id..self.nodes[id].end] {
            let written = node.span.of(self.source).unwrap_or_default();
            match node.kind {
                Kind::Element => text.push(' '),
                Kind::Text => text.push_str(&super::reference::replaced(written)),
                Kind::Literal => text.push_str(written),
            }
        }
        crate::reference::squeezed(&text)
    }
}

/// A position of the parser; the text was in memory, so that it fits.
fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// A tree as it grows.
struct Growing<'s> {
    tree: Tree<'s>,
    open: Vec<NodeId>,
}

impl Growing<'_> {
    fn start(&mut self, start: &BytesStart<'_>, before: usize, is_empty: bool) {
        let id = self.tree.nodes.len();
        let parent = self.open.last().copied().unwrap_or(id);
        // After the `<`.
        let span = ByteSpan::new(before + 1, before + 1 + start.len());
        let name = start.name().as_ref().len();
        self.tree.nodes.push(Node { kind: Kind::Element, span, name, end: id + 1, parent, has_text: false });
        if !is_empty {
            self.open.push(id);
        }
    }

    fn end(&mut self) {
        if let Some(id) = self.open.pop() {
            self.tree.nodes[id].end = self.tree.nodes.len();
        }
    }

    /// Takes in text in the innermost element; what follows text is one with it.
    fn text(&mut self, kind: Kind, span: ByteSpan) {
        let Some(&parent) = self.open.last() else { return };
        let id = self.tree.nodes.len();
        let is_text = span.of(self.tree.source).is_some_and(|text| !text.trim().is_empty());
        self.tree.nodes[parent].has_text |= is_text;
        if let Some(last) = self.tree.nodes.last_mut().filter(|last| last.kind == kind && last.span.end == span.start)
            && last.parent == parent
        {
            last.span.end = span.end;
            return;
        }
        self.tree.nodes.push(Node { kind, span, name: 0, end: id + 1, parent, has_text: is_text });
    }

    fn reference(&mut self, name: &str, span: ByteSpan) {
        let written = span.of(self.tree.source).unwrap_or_default();
        let is_known = super::reference::reference(written).is_some();
        let name = name.to_owned();
        if !is_known && self.tree.unknown.len() < NAMED && !self.tree.unknown.contains(&name) {
            self.tree.unknown.push(name);
        }
        self.text(Kind::Text, span);
    }
}
