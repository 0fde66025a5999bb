//! What the parts of a page's text are: its title, bylines, datelines, captions, and tables of data.
//!
//! HTML has no elements for most of these. The title is what the page's head says it is, the others are told by the names,
//! roles and properties that authors give to elements, and by their length.

use docmill_core::BlockKind;

use super::article::Page;
use super::element::Element;
use super::tree::{Attribute, NodeId};
use crate::reference::resolved;

impl Page<'_> {
    /// Tells tables of data from tables that only lay out the page.
    pub(super) fn mark_tables(&mut self, main: NodeId) {
        let nodes = self.tree.nodes();
        for id in self.tree.subtree(main) {
            if nodes[id].element != Some(Element::Table) {
                continue;
            }
            let role = self.tree.attribute(id, Attribute::Role).unwrap_or_default();
            let mut layout = matches!(role, "presentation" | "none");
            let (mut cells, mut headers, mut rows) = (0, 0, 0);
            let mut inner = id + 1;
            while inner < nodes[id].end && !layout {
                match nodes[inner].element {
                    // A table in a table: the outer one lays out, and is not looked through again.
                    Some(Element::Table) => layout = true,
                    Some(Element::Tr) => rows += 1,
                    Some(Element::Th) => headers += 1,
                    Some(Element::Td) => {
                        cells += 1;
                        layout = self.weights[inner].text > 1000.0;
                    }
                    _ => {}
                }
                inner += 1;
            }
            self.marks[id].data_table = !layout && (headers > 0 || (rows >= 2 && cells >= rows * 2));
        }
    }

    /// The title: the first `<h1>` of the text, or what comes before it and says what the page's head states as its title.
    pub(super) fn title(&self, main: NodeId, titles: &[String]) -> Option<NodeId> {
        let titles: Vec<String> = titles.iter().map(|title| folded(title)).collect();
        let longest = titles.iter().map(|title| title.chars().count() as u64).max().unwrap_or_default() + 20;
        let nodes = self.tree.nodes();
        let end = nodes[main].end;
        let mut fallback = None;
        let mut first = None;
        let mut same = None;
        for (id, node) in nodes.iter().enumerate().take(end).skip(1) {
            let Some(element) = node.element else { continue };
            let length = self.text_length(id);
            if !(3..=400).contains(&length) || !element.is_block() || self.is_in_dropped(id) {
                continue;
            }
            let heading = element.heading();
            let has_blocks = heading.is_none()
                && self.tree.subtree(id).skip(1).any(|id| nodes[id].element.is_some_and(Element::is_block));
            if has_blocks {
                continue;
            }
            let says_title = length <= longest && {
                let words = folded(&self.words(id));
                titles.iter().any(|title| alike(title, &words))
            };
            if says_title && (heading == Some(1) || same.is_none()) {
                same = Some(id);
                if heading == Some(1) {
                    break;
                }
            }
            if heading == Some(1) {
                if id > main {
                    first = first.or(Some(id));
                } else {
                    fallback = Some(id);
                }
            }
        }
        same.or(first).or(fallback)
    }

    fn text_length(&self, id: NodeId) -> u64 {
        // Nearly all elements hold more than a title; the sum is known unless the element was dropped.
        let known = self.weights[id].text;
        if known > 400.0 {
            return 401;
        }
        let nodes = self.tree.subtree(id);
        if nodes.len() > 40 {
            return 401;
        }
        nodes.map(|id| u64::from(self.lengths[id].0)).sum()
    }

    /// Whether something around it is dropped for good: not for its name, which may be that of a page's head.
    fn is_in_dropped(&self, id: NodeId) -> bool {
        let never = |id: NodeId| {
            self.tree.element(id).is_some_and(|element| {
                element.is_never_text() || matches!(element, Element::Nav | Element::Footer | Element::Aside)
            }) || (self.marks[id].dropped && self.is_hidden(id))
        };
        never(id) || self.tree.ancestors(id).any(never)
    }

    fn words(&self, id: NodeId) -> String {
        let mut text = String::new();
        for id in self.tree.subtree(id).filter(|&id| self.tree.element(id).is_none()) {
            text.push_str(self.tree.text(id));
        }
        resolved(&text)
    }

    /// Marks the title, bylines, datelines and captions that names and roles tell.
    pub(super) fn mark_kinds(&mut self, main: NodeId, title: Option<NodeId>) {
        let nodes = self.tree.nodes();
        let start = title.map_or(main, |title| title.min(main));
        for (id, node) in nodes.iter().enumerate().take(nodes[main].end).skip(start) {
            let Some(element) = node.element else { continue };
            let weight = self.weights[id];
            if weight.text == 0.0 || weight.text > 300.0 || element.heading().is_some() {
                continue;
            }
            let Some(kind) = self.kind(id, element, weight.text) else { continue };
            let marked = if element.is_block() { Some(id) } else { self.block_it_fills(id) };
            if let Some(marked) = marked.filter(|&id| self.marks[id].kind.is_none()) {
                self.marks[marked].kind = Some(kind);
            }
        }
        if let Some(title) = title {
            self.marks[title].kind = Some(BlockKind::Title);
            self.marks[title].dropped = false;
        }
    }

    fn kind(&self, id: NodeId, element: Element, length: f64) -> Option<BlockKind> {
        let names = self.names[id];
        let attribute = |name| self.tree.attribute(id, name).unwrap_or_default();
        let is_short = length <= 120.0;
        if names.caption && !matches!(element, Element::Table) {
            return Some(BlockKind::Caption);
        }
        if is_short
            && (names.byline || attribute(Attribute::Rel) == "author" || attribute(Attribute::Itemprop) == "author")
        {
            return Some(BlockKind::Byline);
        }
        if is_short && (element == Element::Time || names.date || attribute(Attribute::Itemprop) == "datePublished") {
            return Some(BlockKind::Dateline);
        }
        None
    }

    /// The block around an inline element that holds little else.
    fn block_it_fills(&self, id: NodeId) -> Option<NodeId> {
        let block = self.tree.ancestors(id).find(|&id| self.tree.element(id).is_some_and(Element::is_block))?;
        let is_item = matches!(
            self.tree.element(block),
            Some(Element::P | Element::Div | Element::Span | Element::Address | Element::Section | Element::Header)
        );
        (is_item && self.own[block].text > 0 && self.weights[block].text <= 1.6 * self.weights[id].text + 12.0)
            .then_some(block)
    }
}

/// The letters and digits of a text in lower case.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a heading says what a stated title says, both folded: the same words, or the title before or after the name of
/// its site.
fn alike(title: &str, heading: &str) -> bool {
    let is_part = title.starts_with(heading) || title.ends_with(heading);
    heading.len() >= 8 && is_part && heading.len() * 2 >= title.len()
}
