//! A light tree of a page: elements and texts in document order, each with its place in the source.
//!
//! Nodes lie in one list in preorder, so a subtree is a range of it and every walk is a loop. Tags that HTML lets authors
//! leave out are implied; nesting below the limit on depth is read as if it were at that depth. Texts keep their place in
//! the source and nothing else: character references are still in them.

mod builder;
mod unchecked;

use std::ops::Range;

use docmill_core::ByteSpan;

use self::builder::Builder;
use super::element::Element;

/// Where a node is in the tree.
pub(super) type NodeId = usize;

/// An element or a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// Which element; `None` for a text.
    pub(super) element: Option<Element>,
    /// The node that it is in; the root is in itself.
    pub(super) parent: NodeId,
    /// One past its last descendant.
    pub(super) end: NodeId,
    /// The text, or the first two bytes of the start tag.
    pub(super) span: ByteSpan,
    attributes: (usize, usize),
}

/// The attributes that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    AriaHidden,
    Class,
    Colspan,
    Content,
    Datetime,
    Hidden,
    Href,
    Id,
    Itemprop,
    Lang,
    Name,
    Property,
    Rel,
    Role,
    Rowspan,
    Style,
    Type,
}

impl Attribute {
    fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"aria-hidden" => Self::AriaHidden,
            b"class" => Self::Class,
            b"colspan" => Self::Colspan,
            b"content" => Self::Content,
            b"datetime" => Self::Datetime,
            b"hidden" => Self::Hidden,
            b"href" => Self::Href,
            b"id" => Self::Id,
            b"itemprop" => Self::Itemprop,
            b"lang" | b"xml:lang" => Self::Lang,
            b"name" => Self::Name,
            b"property" => Self::Property,
            b"rel" => Self::Rel,
            b"role" => Self::Role,
            b"rowspan" => Self::Rowspan,
            b"style" => Self::Style,
            b"type" => Self::Type,
            _ => return None,
        })
    }
}

/// A page as a tree. Node 0 is the root, an element of no name that holds all others.
pub(super) struct Tree<'a> {
    pub(super) source: &'a str,
    nodes: Vec<Node>,
    attributes: Vec<(Attribute, ByteSpan)>,
}

impl<'a> Tree<'a> {
    /// The tree of `source`, at most `depth` levels deep.
    pub(super) fn parse(source: &'a str, depth: usize) -> Self {
        let mut builder = Builder::new(source, depth.max(8));
        builder.tokenize(ByteSpan::new(0, source.len()));
        builder.finish()
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn element(&self, id: NodeId) -> Option<Element> {
        self.nodes[id].element
    }

    /// The node and all that is in it.
    pub(super) fn subtree(&self, id: NodeId) -> Range<NodeId> {
        id..self.nodes[id].end
    }

    /// The node that `id` is in, the one that that one is in, and so on up to the root.
    pub(super) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors((id != 0).then(|| self.nodes[id].parent), |&id| (id != 0).then(|| self.nodes[id].parent))
    }

    /// An attribute as written, character references included.
    pub(super) fn attribute(&self, id: NodeId, name: Attribute) -> Option<&'a str> {
        let (start, end) = self.nodes[id].attributes;
        let (_, span) = self.attributes[start..end].iter().find(|(found, _)| *found == name)?;
        span.of(self.source)
    }

    pub(super) fn has_attributes(&self, id: NodeId) -> bool {
        let (start, end) = self.nodes[id].attributes;
        start < end
    }

    /// The text of a text node as written.
    pub(super) fn text(&self, id: NodeId) -> &'a str {
        self.nodes[id].span.of(self.source).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as names and texts in brackets.
    fn check(source: &str, expected: &str) {
        let tree = Tree::parse(source, 64);
        let mut shown = String::new();
        let mut ends = Vec::new();
        for (id, node) in tree.nodes().iter().enumerate().skip(1) {
            while ends.last().is_some_and(|&end| end <= id) {
                ends.pop();
                shown.push(']');
            }
            match node.element {
                Some(element) => {
                    shown.push_str(&format!("{element:?}[").to_lowercase());
                    ends.push(node.end);
                }
                None => shown.push_str(tree.text(id)),
            }
        }
        shown.extend(ends.iter().map(|_| ']'));
        assert_eq!(shown, expected, "{source}");
    }

    #[test]
    fn tags_that_may_be_left_out_are_implied() {
        check("<p>a<p>b", "p[a]p[b]");
        check("<p>a<div>b</div>", "p[a]div[b]");
        check("<ul><li>a<ul><li>b</ul><li>c</ul>", "ul[li[aul[li[b]]]li[c]]");
        check("<table><tr><td>a<td>b<tr><th>c</table>d", "table[tr[td[a]td[b]]tr[th[c]]]d");
        check("<dl><dt>a<dd>b<dt>c</dl>", "dl[dt[a]dd[b]dt[c]]");
        check("<select><option>a<option>b</select>c", "select[option[a]option[b]]c");
    }

    #[test]
    fn stray_and_crossed_end_tags_close_no_block() {
        check("<div>a</b></p>b</div>", "div[ab]");
        check("<b><p>a</b>b</p>c", "other[p[ab]c]");
        check("<table><tr><td>a</div>b</td></tr></table>", "table[tr[td[ab]]]");
    }

    #[test]
    fn a_drawing_left_open_ends_at_the_next_block() {
        check("<svg><g><path/><p>a</p>", "svg[other[other[]]]p[a]");
    }

    #[test]
    fn titles_of_drawings_that_are_left_open_take_in_no_page() {
        let drawing = "<svg><title/><path/></svg>";
        check(
            &format!("{drawing}<p>a</p>{drawing}<p>b</p>{drawing}<p>c"),
            "svg[title[other[]]]p[a]svg[title[other[]]]p[b]svg[title[other[]]]p[c]",
        );
    }

    #[test]
    fn what_is_shown_without_scripts_is_part_of_the_tree() {
        check("<div><noscript><p>a</div>b</noscript>c</div>d", "div[noscript[p[ab]]c]d");
    }

    #[test]
    fn void_elements_hold_nothing() {
        check("a<br>b<img src=x>c<br/>d</br>e", "abr[]bimg[]cbr[]dbr[]e");
    }

    #[test]
    fn scripts_are_one_text() {
        check("<script>if (a<b) '<p>'</script>c", "script[if (a<b) '<p>']c");
    }

    #[test]
    fn a_button_ends_where_it_says_whatever_is_open_in_it() {
        check("<button><div>a</button>b<button>c<button>d", "button[div[a]]bbutton[c]button[d]");
    }

    #[test]
    fn a_link_ends_the_link_before_it() {
        check("<a href=x>a<a href=y>b</a>c", "a[a]a[b]c");
    }

    #[test]
    fn nesting_below_the_limit_is_read_at_the_limit() {
        let source = format!("{}x{}y", "<div>".repeat(100), "</div>".repeat(100));
        let tree = Tree::parse(&source, 20);
        let texts: Vec<_> = (0..tree.nodes().len()).filter(|&id| tree.element(id).is_none()).collect();
        assert_eq!(texts.len(), 2);
        assert_eq!(tree.ancestors(texts[0]).count(), 20);
        assert_eq!(tree.ancestors(texts[1]).count(), 1);
    }

    #[test]
    fn texts_are_where_the_source_has_them() {
        let source = "a&amp;b<p>&eacute;t&eacute;</p>\r\nn <3 m<!-- x -->é&";
        let tree = Tree::parse(source, 64);
        let texts: Vec<_> =
            (0..tree.nodes().len()).filter(|&id| tree.element(id).is_none()).map(|id| tree.text(id)).collect();
        assert_eq!(texts, ["a&amp;b", "&eacute;t&eacute;", "\r\nn <3 m", "é&"]);
    }
}
