//! XML as a tree without namespaces: elements by their local names, texts, attributes.
//!
//! Document types are skipped and entities of one's own are not expanded, so that nothing in a file can grow or name another.
//! The tree is flat in memory and no deeper than [`MAX_DEPTH`]: what is nested deeper hangs at that depth.

use std::collections::HashMap;
use std::ops::Range;

use docmill_core::ReadError;
use encoding_rs::{Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Deepest level of a tree: walks over trees may recurse.
pub(crate) const MAX_DEPTH: usize = 200;

/// What a parsed member holds.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    names: Vec<Box<str>>,
    text: String,
}

#[derive(Debug)]
struct Node {
    /// Index into `names`; `None` for text.
    name: Option<u32>,
    /// Of a text: where it is in `text`. Of an element: its attributes.
    range: Range<u32>,
    first: Option<u32>,
    last: Option<u32>,
    next: Option<u32>,
}

#[derive(Debug)]
struct Attribute {
    name: u32,
    value: Range<u32>,
}

/// An element of a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'t> {
    tree: &'t Tree,
    index: u32,
}

/// An element or a text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Child<'t> {
    /// An element.
    Element(Element<'t>),
    /// Text between mark-up, entities resolved.
    Text(&'t str),
}

impl Tree {
    /// Parses `bytes`; `name` is said in errors. Depth is cut at `depth` levels, and at [`MAX_DEPTH`].
    pub(crate) fn parse(bytes: &[u8], name: &str, depth: usize) -> Result<Self, ReadError> {
        let source = decode(bytes);
        let mut reader = Reader::from_str(&source);
        reader.config_mut().check_comments = false;
        reader.config_mut().allow_dangling_amp = true;
        let mut builder = Builder::new(depth.clamp(1, MAX_DEPTH));
        loop {
            let event = reader.read_event().map_err(|error| malformed(name, reader.error_position(), &error))?;
            match event {
                Event::Start(start) => builder.open(&start),
                Event::Empty(start) => {
                    builder.open(&start);
                    builder.close();
                }
                Event::End(_) => builder.close(),
                Event::Text(text) => builder.text(&text.xml10_content()),
                Event::CData(text) => builder.text(&text.xml10_content()),
                Event::GeneralRef(reference) => builder.reference(&reference),
                Event::Eof => break,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        if builder.level > 0 {
            return Err(malformed(name, reader.buffer_position(), &"it ends within an element"));
        }
        if builder.tree.nodes.is_empty() {
            return Err(malformed(name, 0, &"there is no element"));
        }
        Ok(builder.tree)
    }

    /// The outermost element.
    pub(crate) fn root(&self) -> Element<'_> {
        Element { tree: self, index: 0 }
    }
}

fn malformed(name: &str, position: u64, error: &dyn std::fmt::Display) -> ReadError {
    ReadError::Malformed { expected: "well-formed XML", found: format!("{name}, byte {position}: {error}") }
}

/// The text of a member: UTF-8, UTF-16 with a byte-order mark, or what its declaration says.
fn decode(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    let declared = || {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
        let value = head.strip_prefix("<?xml")?.split_once("encoding=")?.1;
        let value = value.get(1..)?.split(['"', '\'']).next()?.to_owned();
        Encoding::for_label(value.as_bytes())
    };
    let bare_utf16 = match bytes {
        [b'<', 0, ..] => Some(encoding_rs::UTF_16LE),
        [0, b'<', ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    let encoding = bare_utf16.or_else(declared).unwrap_or(UTF_8);
    encoding.decode(bytes).0
}

/// Builds a tree from events.
struct Builder {
    tree: Tree,
    names: HashMap<Box<str>, u32>,
    open: Vec<u32>,
    level: usize,
    depth: usize,
}

impl Builder {
    fn new(depth: usize) -> Self {
        Self { tree: Tree::default(), names: HashMap::new(), open: Vec::new(), level: 0, depth }
    }

    fn open(&mut self, start: &BytesStart<'_>) {
        let first = index(self.tree.attributes.len());
        for attribute in start.attributes().with_checks(false).flatten() {
            let name = self.name(attribute.key.as_ref());
            let from = index(self.tree.text.len());
            unescape(attribute.value.as_ref(), &mut self.tree.text);
            self.tree.attributes.push(Attribute { name, value: from..index(self.tree.text.len()) });
        }
        let name = self.name(start.name().as_ref());
        let node = self.add(Some(name), first..index(self.tree.attributes.len()));
        self.level += 1;
        if self.level <= self.depth
            && let Some(node) = node
        {
            self.open.push(node);
        }
    }

    fn close(&mut self) {
        if self.level <= self.depth {
            self.open.pop();
        }
        self.level = self.level.saturating_sub(1);
    }

    fn text(&mut self, text: &str) {
        if self.open.is_empty() || text.is_empty() {
            return;
        }
        let from = index(self.tree.text.len());
        self.tree.text.push_str(text);
        self.add(None, from..index(self.tree.text.len()));
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        if let Ok(Some(c)) = reference.resolve_char_ref() {
            self.text(c.encode_utf8(&mut [0; 4]));
        } else if let Some(known) = quick_xml::escape::resolve_predefined_entity(&reference.xml10_content()) {
            self.text(known);
        }
    }

    /// Adds a node below the open element. A second root is left out.
    fn add(&mut self, name: Option<u32>, range: Range<u32>) -> Option<u32> {
        let parent = self.open.last().copied();
        if parent.is_none() && !self.tree.nodes.is_empty() {
            return None;
        }
        let node = index(self.tree.nodes.len());
        self.tree.nodes.push(Node { name, range, first: None, last: None, next: None });
        if let Some(parent) = parent {
            let before = self.tree.nodes[parent as usize].last.replace(node);
            match before {
                Some(before) => self.tree.nodes[before as usize].next = Some(node),
                None => self.tree.nodes[parent as usize].first = Some(node),
            }
        }
        Some(node)
    }

    fn name(&mut self, name: &str) -> u32 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let new = index(self.tree.names.len());
        self.tree.names.push(name.into());
        self.names.insert(name.into(), new);
        new
    }
}

/// Members are far below 4 GiB: see the limit in `package.rs`.
fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Appends an attribute's value with its character and predefined entities resolved; others stay as they are.
fn unescape(value: &str, to: &mut String) {
    if !value.contains('&') {
        to.push_str(value);
        return;
    }
    match quick_xml::escape::unescape(value) {
        Ok(text) => to.push_str(&text),
        Err(_) => to.push_str(value),
    }
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

impl<'t> Element<'t> {
    fn node(self) -> &'t Node {
        &self.tree.nodes[self.index as usize]
    }

    fn full_name(self) -> &'t str {
        self.node().name.map_or("", |name| &self.tree.names[name as usize])
    }

    /// Its name without the prefix.
    pub(crate) fn name(self) -> &'t str {
        local(self.full_name())
    }

    /// Its prefix, or nothing.
    pub(crate) fn prefix(self) -> &'t str {
        self.full_name().split_once(':').map_or("", |(prefix, _)| prefix)
    }

    fn attributes(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        let range = self.node().range.clone();
        let tree = self.tree;
        tree.attributes[range.start as usize..range.end as usize].iter().map(move |attribute| {
            let value = attribute.value.start as usize..attribute.value.end as usize;
            (&*tree.names[attribute.name as usize], tree.text.get(value).unwrap_or_default())
        })
    }

    /// The value of the attribute of this local name.
    pub(crate) fn attr(self, name: &str) -> Option<&'t str> {
        self.attributes().find(|(key, _)| local(key) == name).map(|(_, value)| value)
    }

    /// The value of the attribute of this local name that has a prefix, such as `r:id` beside `id`.
    pub(crate) fn prefixed_attr(self, name: &str) -> Option<&'t str> {
        self.attributes().find(|(key, _)| key.contains(':') && local(key) == name).map(|(_, value)| value)
    }

    /// Its elements and texts.
    pub(crate) fn nodes(self) -> impl Iterator<Item = Child<'t>> {
        let tree = self.tree;
        std::iter::successors(self.node().first, |node| tree.nodes[*node as usize].next).map(move |index| {
            let node = &tree.nodes[index as usize];
            match node.name {
                Some(_) => Child::Element(Element { tree, index }),
                None => {
                    Child::Text(tree.text.get(node.range.start as usize..node.range.end as usize).unwrap_or_default())
                }
            }
        })
    }

    /// Its elements.
    pub(crate) fn children(self) -> impl Iterator<Item = Element<'t>> {
        self.nodes().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// Its elements of this name.
    pub(crate) fn all(self, name: &str) -> impl Iterator<Item = Element<'t>> {
        self.children().filter(move |child| child.name() == name)
    }

    /// Its first element of this name.
    pub(crate) fn child(self, name: &str) -> Option<Element<'t>> {
        self.children().find(|child| child.name() == name)
    }

    /// The first element at the end of a path of names.
    pub(crate) fn at(self, path: &[&str]) -> Option<Element<'t>> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// All elements below it, in the order of the document.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Element<'t>> {
        let mut stack: Vec<Element<'t>> = vec![self];
        let mut first = true;
        std::iter::from_fn(move || {
            let element = stack.pop()?;
            let from = stack.len();
            stack.extend(element.children());
            stack[from..].reverse();
            Some(element)
        })
        .filter(move |_| !std::mem::take(&mut first))
    }

    /// All text below it.
    pub(crate) fn text(self) -> String {
        let mut text = String::new();
        let mut stack: Vec<Child<'t>> = vec![Child::Element(self)];
        while let Some(child) = stack.pop() {
            match child {
                Child::Text(piece) => text.push_str(piece),
                Child::Element(element) => {
                    let from = stack.len();
                    stack.extend(element.nodes());
                    stack[from..].reverse();
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_of_a_document_type_are_not_expanded() {
        let bomb = br#"<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;"><!ENTITY z SYSTEM "file:///etc/passwd">]>
            <a b="&y;">&y;&z;&amp;&#65;</a>"#;
        let tree = Tree::parse(bomb, "bomb.xml", 10).unwrap();
        assert_eq!(tree.root().text(), "&A");
    }

    #[test]
    fn what_is_nested_too_deep_hangs_at_the_limit() {
        let deep = format!("{}x{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let tree = Tree::parse(deep.as_bytes(), "deep.xml", 512).unwrap();
        let depth = std::iter::successors(Some(tree.root()), |element| element.child("a")).count();
        assert_eq!(depth, MAX_DEPTH + 1);
        assert_eq!(tree.root().text(), "x");
    }

    #[test]
    fn cut_or_mismatched_mark_up_is_an_error_with_its_place() {
        for broken in ["<a><b>", "<a></b>", "", "no element", "<a", "<a b='"] {
            let error = Tree::parse(broken.as_bytes(), "part.xml", 10).unwrap_err().to_string();
            assert!(error.contains("part.xml, byte"), "{broken}: {error}");
        }
    }

    #[test]
    fn the_encoding_is_that_of_the_mark_or_the_declaration() {
        let utf16: Vec<u8> = "<a>Hafen é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>Hafen \xe9</a>".to_vec();
        for bytes in [utf16, latin] {
            assert_eq!(Tree::parse(&bytes, "a.xml", 10).unwrap().root().text(), "Hafen é");
        }
    }
}
