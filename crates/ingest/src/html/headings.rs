//! What headings tell of the parts of a page that are not its text: headlines of other stories, and headings under which
//! nothing is left.
//!
//! A heading that is a link leads elsewhere. Many of them with little text between make a list of other stories, whatever
//! the list is called. A heading whose part was left out says nothing; so does a line such as `Read also:`.

use super::article::Page;
use super::element::Element;
use super::tree::{Attribute, NodeId};

/// Headlines that make a list of other stories.
const HEADLINES: u32 = 3;
/// More text than this by headline, in characters, and the list is an article about what it links to.
const LONGEST_TEASER: f64 = 350.0;

/// A heading after which no text came yet.
#[derive(Debug, Clone, Copy)]
struct Bare {
    id: NodeId,
    level: u8,
    /// Whether links that were left out came after it.
    links_dropped: bool,
}

impl Page<'_> {
    /// Leaves out lists of other stories in the page of an article. Where they are most of the page, they are its text.
    pub(super) fn drop_other_stories(&mut self) {
        let (linked, plain) = self.headings_before();
        let nodes = self.tree.nodes();
        let within = |counts: &[u32], id: NodeId| counts[nodes[id].end] - counts[id];
        let most = 0.5 * self.weights[0].prose;
        let is_list = |id: NodeId| {
            let headlines = within(&linked, id);
            headlines >= HEADLINES
                && within(&plain, id) <= 1
                && nodes[id].element.is_some_and(Element::is_block)
                && !self.names[id].body
                && self.weights[id].prose < most
                && self.weights[id].prose < LONGEST_TEASER * f64::from(headlines)
        };
        let mut lists = Vec::new();
        let mut id = 1;
        while id < nodes.len() {
            if self.marks[id].dropped {
                id = nodes[id].end;
            } else if is_list(id) {
                lists.push(id);
                id = nodes[id].end;
            } else {
                id += 1;
            }
        }
        let prose: f64 = lists.iter().map(|&id| self.weights[id].prose).sum();
        if prose < most {
            for id in lists {
                self.marks[id].dropped = true;
            }
        }
    }

    /// For each node, how many headings come before it that are links, and how many that are not.
    fn headings_before(&self) -> (Vec<u32>, Vec<u32>) {
        let nodes = self.tree.nodes();
        let (mut linked, mut plain) = (vec![0; nodes.len() + 1], vec![0; nodes.len() + 1]);
        let mut id = 0;
        while id < nodes.len() {
            let is_heading = nodes[id].element.is_some_and(|element| element.heading().is_some());
            let counts = is_heading && !self.marks[id].dropped && self.weights[id].text > 0.0;
            let is_link = counts && self.weights[id].link >= 0.9 * self.weights[id].text;
            linked[id + 1] = linked[id] + u32::from(is_link);
            plain[id + 1] = plain[id] + u32::from(counts && !is_link);
            id += 1;
            if self.marks[id - 1].dropped {
                let end = nodes[id - 1].end;
                for counts in [&mut linked, &mut plain] {
                    let before = counts[id];
                    counts[id..=end].fill(before);
                }
                id = end;
            }
        }
        (linked, plain)
    }

    /// Leaves out headings under which nothing is left: the links that they announce are no part of the text, or the text
    /// ends with them. A text that is a list of headings stays.
    pub(super) fn drop_bare_headings(&mut self, main: NodeId) {
        let nodes = self.tree.nodes();
        let mut bare: Option<Bare> = None;
        let mut found = Vec::new();
        let (mut headings, mut texts) = (0, 0);
        let mut id = main + 1;
        while id < nodes[main].end {
            let Some(element) = nodes[id].element else {
                if self.lengths[id].0 > 0 {
                    texts += 1;
                    bare = None;
                }
                id += 1;
                continue;
            };
            if self.marks[id].dropped {
                if let Some(bare) = &mut bare {
                    bare.links_dropped |= self.is_mostly_links(id);
                }
                id = nodes[id].end;
            } else if let Some(level) = self.announces(id, element) {
                found.extend(bare.filter(|bare| bare.links_dropped && level <= bare.level).map(|bare| bare.id));
                headings += 1;
                bare = Some(Bare { id, level, links_dropped: false });
                id = nodes[id].end;
            } else {
                id += 1;
            }
        }
        found.extend(bare.filter(|bare| bare.links_dropped || bare.level < LINE).map(|bare| bare.id));
        if found.len() * 3 <= headings.max(3) && headings < texts {
            for id in found {
                self.marks[id].dropped = true;
            }
        }
    }

    /// Whether more than half of an element's text is in links.
    fn is_mostly_links(&self, id: NodeId) -> bool {
        let nodes = self.tree.nodes();
        let (mut text, mut link, mut link_end) = (0u64, 0u64, 0);
        for id in self.tree.subtree(id) {
            match nodes[id].element {
                Some(Element::A) if self.tree.attribute(id, Attribute::Href).is_some() => link_end = nodes[id].end,
                Some(_) => {}
                None if id < link_end => link += u64::from(self.lengths[id].0),
                None => text += u64::from(self.lengths[id].0),
            }
        }
        link > text
    }

    /// The level of a heading, or of a line that stands for one: it ends with a colon.
    fn announces(&self, id: NodeId, element: Element) -> Option<u8> {
        let text = self.weights[id].text;
        if element.heading().is_some() {
            return element.heading().filter(|_| text > 0.0);
        }
        if !matches!(element, Element::P | Element::Div) || !(3.0..=60.0).contains(&text) {
            return None;
        }
        let last = self.tree.subtree(id).rev().take(40).find(|&id| self.lengths[id].0 > 0)?;
        self.tree.text(last).trim_end().ends_with(':').then_some(LINE)
    }
}

/// The level of a line that stands for a heading.
const LINE: u8 = 7;

#[cfg(test)]
mod tests {
    use super::super::tests::text;

    const PARAGRAPH: &str = "<p>The wall will run for two kilometres, from the tannery to the bridge. It will be built of \
        brick, and there will be a path on top of it. Nobody knows yet who will sweep it, but the mayor has a broom.</p>";

    /// Teasers of other stories.
    fn stories(count: usize) -> String {
        (0..count)
            .map(
                |_| "<div><h3><a href=/x>Another story</a></h3><p>It is told there, not here, and at length.</p></div>",
            )
            .collect()
    }

    fn article(stories: &str) -> String {
        format!(
            "<meta property=og:type content=article><body><h1>A wall</h1><div><div>{}</div><div>{stories}</div></div>",
            PARAGRAPH.repeat(3)
        )
    }

    #[test]
    fn lists_of_other_stories_are_no_part_of_an_article() {
        assert!(!text(&article(&stories(3))).contains("told there"));
        assert!(text(&article(&stories(2))).contains("told there"));
    }

    #[test]
    fn headings_that_lead_elsewhere_with_much_text_between_are_an_article() {
        let section = format!("<h3><a href=/x>A section</a></h3>{}", PARAGRAPH.repeat(3));
        assert!(text(&article(&section.repeat(3))).contains("A section"));
    }

    #[test]
    fn headings_of_links_that_are_left_out_are_left_out() {
        let links =
            "<ul><li><a href=/a>A first story of the week</a><li><a href=/b>A second story of the week</a></ul>";
        for heading in ["<h2>See more</h2>", "<p>See more:</p>"] {
            let page = format!(
                "<body><h1>A wall</h1><div>{p}<h2>How</h2>{p}{heading}{links}<h2>When</h2>{p}</div>",
                p = PARAGRAPH.repeat(2)
            );
            let text = text(&page);
            assert!(!text.contains("See more") && text.contains("How") && text.contains("When"), "{text}");
        }
    }

    #[test]
    fn a_text_that_ends_with_a_heading_ends_before_it() {
        let page = format!("<body><h1>A wall</h1><div>{p}<h2>Leave a comment</h2></div>", p = PARAGRAPH.repeat(2));
        assert!(!text(&page).contains("Leave"));
    }
}
