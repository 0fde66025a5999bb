//! Parts of a page that a heading says are about other things: more stories, more products, other threads.

use super::article::Page;
use super::element::Element;
use super::tree::NodeId;
use crate::reference::{resolved, squeezed};

/// Headings of such parts, in lower case.
const HEADINGS: &[&str] = &[
    "related",
    "related articles",
    "related content",
    "related items",
    "related posts",
    "related products",
    "related stories",
    "related topics",
    "similar items",
    "similar products",
    "similar threads",
    "similar topics",
    "suggested reading",
    "suggested topics",
    "recommended",
    "recommended articles",
    "recommended for you",
    "recommended posts",
    "recommended products",
    "recommended reading",
    "you may also be interested in",
    "you may also like",
    "you might also enjoy",
    "you might also like",
    "more like this",
    "more articles",
    "more posts",
    "more stories",
    "read more",
    "read next",
    "what to read next",
    "keep reading",
    "trending",
    "trending now",
    "latest articles",
    "latest news",
    "latest posts",
    "popular posts",
    "recent articles",
    "recent posts",
    "recently viewed",
    "recently viewed items",
    "recently viewed products",
    "other products",
    "customers also bought",
    "customers also viewed",
    "people also viewed",
    "frequently bought together",
    "complete the look",
    "auch interessant",
    "das könnte dich auch interessieren",
    "das könnte sie auch interessieren",
    "mehr zum thema",
    "verwandte artikel",
    "weitere artikel",
    "ähnliche artikel",
    "ähnliche beiträge",
    "ähnliche produkte",
    "articles similaires",
    "produits similaires",
    "vous aimerez aussi",
    "à lire aussi",
    "artículos relacionados",
    "productos relacionados",
    "te puede interesar",
    "también te puede interesar",
    "artigos relacionados",
    "produtos relacionados",
    "leia também",
    "articoli correlati",
    "potrebbe interessarti anche",
];

/// No such heading is longer, in characters that are not white space.
const LONGEST: f64 = 40.0;
/// What holds more than this share of the page's sentences is not beside its text.
const MOST: f64 = 0.4;

impl Page<'_> {
    /// Leaves out the parts of `root` that begin with such a heading, and says whether there was one.
    pub(super) fn drop_other_things(&mut self, root: NodeId) -> bool {
        let nodes = self.tree.nodes();
        let mut dropped = false;
        for id in self.tree.subtree(root).skip(1) {
            let is_heading = nodes[id].element.is_some_and(|element| element.heading().is_some());
            if is_heading
                && self.weights[id].text <= LONGEST
                && self.says_other_things(id)
                && let Some(part) = self.part_begun_by(id, root)
            {
                self.marks[part].dropped = true;
                dropped = true;
            }
        }
        dropped
    }

    fn says_other_things(&self, heading: NodeId) -> bool {
        let texts = self.tree.subtree(heading).filter(|&id| self.tree.element(id).is_none());
        let text: String = texts.map(|id| self.tree.text(id)).collect();
        let text = squeezed(&resolved(&text)).to_lowercase();
        HEADINGS.contains(&text.trim_end_matches([':', '!', '.', '…', ' ']))
    }

    /// The outermost element whose text begins with the heading, unless it holds much of the page.
    fn part_begun_by(&self, heading: NodeId, root: NodeId) -> Option<NodeId> {
        let nodes = self.tree.nodes();
        let begins = |id: NodeId| (id + 1..heading).all(|id| self.lengths[id].0 == 0 || nodes[id].element.is_some());
        self.tree
            .ancestors(heading)
            .take_while(|&id| id > root && begins(id))
            .take_while(|&id| {
                nodes[id].element.is_some_and(Element::is_block)
                    && self.weights[id].prose <= MOST * self.weights[root].prose
            })
            .last()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;

    #[test]
    fn a_part_under_a_heading_of_other_things_is_left_out() {
        let sentence = "<p>The wall will run for two kilometres, from the tannery to the bridge, and back again.</p>";
        let other = "<p>A gate of oak, with two wings, for walls of any height.</p>";
        let page = |heading: &str| {
            format!("<h1>Wall</h1>{}<div><h2>{heading}</h2><div>{other}</div></div>{sentence}", sentence.repeat(4))
        };
        for heading in ["Related products", "You may also like…", "Ähnliche Produkte", "RELATED&nbsp;ARTICLES:"] {
            let text = text(&page(heading));
            assert!(!text.contains("oak") && text.matches("tannery").count() == 5, "{heading}: {text}");
        }
        assert!(text(&page("Gates")).contains("oak"));
        // Without an element of its own the part ends nobody knows where.
        let loose = format!("<h1>Wall</h1>{0}<h2>Related products</h2>{other}{0}", sentence.repeat(2));
        assert!(text(&loose).contains("oak"));
    }
}
