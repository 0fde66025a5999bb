//! Finds the text that a page is about, and what in it is not part of it.
//!
//! Every block of a page is weighed by what it looks like: running sentences count for it, link texts and loose words
//! against it. The text is the part of the tree that weighs most, with some favour for what the mark-up calls the article:
//! a maximum-sum segmentation (Pasternack & Roth, *Extracting article text from the web with maximum subsequence
//! segmentation*, WWW 2009) on the tree instead of on the tokens. `weight` weighs; names of elements and roles take out the
//! rest (`noise`), and so do headings (`headings`). Pages of other kinds, such as threads, shops and lists, have no such
//! part: all of their body but the rest is their text.

use docmill_core::BlockKind;
use rustc_hash::FxHashMap;

use super::element::Element;
use super::names::Names;
use super::tree::{Attribute, NodeId, Tree};
use super::weight::{Own, Weight, measured};

/// Which parts of a page make its text.
pub(super) struct Selection {
    marks: Vec<Mark>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    pub(super) dropped: bool,
    pub(super) included: bool,
    pub(super) data_table: bool,
    pub(super) kind: Option<BlockKind>,
}

impl Selection {
    /// Whether the text node is part of the text.
    pub(super) fn includes(&self, id: NodeId) -> bool {
        self.marks[id].included
    }

    /// Whether the element, with all in it, is left out.
    pub(super) fn is_dropped(&self, id: NodeId) -> bool {
        self.marks[id].dropped
    }

    /// Whether the element is a table of data, not of layout.
    pub(super) fn is_data_table(&self, id: NodeId) -> bool {
        self.marks[id].data_table
    }

    /// What the element is where its name of HTML does not say it.
    pub(super) fn kind(&self, id: NodeId) -> Option<BlockKind> {
        self.marks[id].kind
    }
}

/// What the head of a page states that tells where its text is.
#[derive(Debug, Clone, Default)]
pub(super) struct Stated {
    /// The titles of the page.
    pub(super) titles: Vec<String>,
    /// What it says to be.
    pub(super) kind: StatedKind,
}

/// What a page says to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum StatedKind {
    /// It says nothing, or nothing that helps: a shop, a list, a home page, an article without a word about itself.
    #[default]
    Open,
    /// An article, a post, a report.
    Article,
    /// A thread of a forum, or a question with its answers.
    Thread,
}

/// Chooses the text of a page: its article, or all but what is around it on every page.
pub(super) fn selected(tree: &Tree<'_>, whole_body: bool, stated: &Stated) -> Selection {
    let mut page = Page::new(tree, stated.kind);
    page.whole_body = whole_body;
    page.drop_what_is_no_text();
    page.weigh();
    page.take_in_noscript();
    page.drop_noise();
    page.weigh();
    let is_thread = page.is_thread();
    if !is_thread {
        page.drop_comments();
        page.weigh();
    }
    if stated.kind == StatedKind::Article {
        page.drop_other_stories();
        page.weigh();
    }
    let body = page.body();
    let main = if whole_body || is_thread { body } else { page.main(body) };
    let repeats = page.drop_repeated_quotations(main);
    if (!whole_body && page.drop_other_things(main)) || repeats {
        page.weigh();
    }
    page.drop_noise_in(main);
    page.drop_bare_headings(main);
    page.weigh();
    page.mark_tables(main);
    let title = page.title(main, &stated.titles);
    page.mark_kinds(main, title);
    page.include(main, title);
    Selection { marks: page.marks }
}

/// All of a fragment of a page but scripts, controls and what is hidden.
pub(super) fn whole(tree: &Tree<'_>) -> Selection {
    let mut page = Page::new(tree, StatedKind::Open);
    page.drop_where(0, |page, id, element| {
        (element.is_never_text() && element != Element::Textarea) || page.is_hidden(id)
    });
    page.include_all(0);
    Selection { marks: page.marks }
}

/// A page while its text is chosen.
pub(super) struct Page<'a> {
    pub(super) tree: &'a Tree<'a>,
    /// What it says to be.
    pub(super) kind: StatedKind,
    /// Whether all of it is wanted, and not its article.
    pub(super) whole_body: bool,
    pub(super) names: Vec<Names>,
    /// What [`measured`] gives for each text.
    pub(super) lengths: Vec<(u32, u32)>,
    pub(super) marks: Vec<Mark>,
    pub(super) weights: Vec<Weight>,
    pub(super) own: Vec<Own>,
}

impl<'a> Page<'a> {
    fn new(tree: &'a Tree<'a>, kind: StatedKind) -> Self {
        let count = tree.nodes().len();
        // Pages say the same few names over and over.
        let mut known: FxHashMap<&str, Names> = FxHashMap::default();
        let mut names_in = |attribute: &'a str| *known.entry(attribute).or_insert_with(|| Names::of(attribute));
        let names = (0..count)
            .map(|id| {
                let mut names = Names::default();
                if tree.has_attributes(id) {
                    for attribute in [Attribute::Class, Attribute::Id] {
                        if let Some(value) = tree.attribute(id, attribute) {
                            names.join(names_in(value));
                        }
                    }
                }
                names
            })
            .collect();
        Self {
            tree,
            kind,
            whole_body: false,
            names,
            lengths: (0..count)
                .map(|id| if tree.element(id).is_none() { measured(tree.text(id)) } else { (0, 0) })
                .collect(),
            marks: vec![Mark::default(); count],
            weights: vec![Weight::default(); count],
            own: vec![Own::default(); count],
        }
    }

    fn body(&self) -> NodeId {
        let nodes = self.tree.nodes();
        (0..nodes.len()).find(|&id| nodes[id].element == Some(Element::Body)).unwrap_or(0)
    }

    /// The element that holds the text of the page: its article, or its body where no article stands out. A page that does
    /// not say that it is an article must have nearly all of its sentences in one place to be taken for one.
    fn main(&self, body: NodeId) -> NodeId {
        let best = self.heaviest(body);
        let chosen = self.stated(body, best).unwrap_or(best);
        let (share, least) = if self.kind == StatedKind::Article { (0.25, 0.0) } else { (0.75, 200.0) };
        let enough = self.weights[chosen].text >= 150.0
            && self.weights[chosen].prose >= (share * self.weights[body].prose).max(least)
            && self.weights[chosen].value > 0.0;
        if enough { chosen } else { body }
    }

    /// Whether the page is a thread: it says so, or there is next to nothing on it but what its readers wrote.
    fn is_thread(&self) -> bool {
        if self.kind != StatedKind::Open {
            return self.kind == StatedKind::Thread;
        }
        let nodes = self.tree.nodes();
        let mut written = 0.0;
        let mut id = 0;
        while id < nodes.len() {
            let is_root = matches!(nodes[id].element, Some(Element::Html | Element::Body));
            if self.marks[id].dropped {
                id = nodes[id].end;
            } else if self.names[id].comments && !is_root {
                written += self.weights[id].prose;
                id = nodes[id].end;
            } else {
                id += 1;
            }
        }
        written > 0.8 * self.weights[0].prose
    }

    /// The innermost element that weighs most; an outer one must weigh a good deal more to be taken instead.
    fn heaviest(&self, body: NodeId) -> NodeId {
        const GAIN: f64 = 1.08;
        let nodes = self.tree.nodes();
        let range = self.tree.subtree(body);
        // For each node the best one in it.
        let mut best: Vec<NodeId> = vec![NodeId::MAX; range.len()];
        for id in range.clone().rev() {
            let index = id - range.start;
            let is_element = nodes[id].element.is_some() && !self.marks[id].dropped;
            let own = if is_element { self.weights[id].value } else { f64::MIN };
            let inner = best[index];
            let choice =
                if inner == NodeId::MAX || own > GAIN * self.weights[inner].value.max(0.0) { id } else { inner };
            best[index] = choice;
            if id > range.start && is_element {
                let parent = nodes[id].parent - range.start;
                let rival = best[parent];
                if rival == NodeId::MAX || self.weights[choice].value >= self.weights[rival].value {
                    best[parent] = choice;
                }
            }
        }
        if best.first().is_none_or(|&id| id == NodeId::MAX) { body } else { best[0] }
    }

    /// What the mark-up calls the text, if it holds most of what the heaviest element holds.
    fn stated(&self, body: NodeId, best: NodeId) -> Option<NodeId> {
        let heaviest = self.weights[best];
        let rank = |id: NodeId| -> f64 {
            let itemprop = self.tree.attribute(id, Attribute::Itemprop).unwrap_or_default();
            let names = self.names[id];
            if itemprop.eq_ignore_ascii_case("articleBody") {
                return 1.5;
            }
            match self.tree.element(id) {
                Some(Element::Div | Element::Section | Element::Td | Element::Span | Element::Article)
                    if names.body =>
                {
                    1.4
                }
                Some(Element::Article) => 1.2,
                Some(Element::Main) => 1.1,
                Some(Element::Div | Element::Section) if names.content => 1.05,
                _ => 0.0,
            }
        };
        let mut found: Option<(f64, NodeId)> = None;
        let mut id = body;
        let end = self.tree.nodes()[body].end;
        while id < end {
            if self.marks[id].dropped {
                id = self.tree.nodes()[id].end;
                continue;
            }
            let weight = self.weights[id];
            if self.tree.element(id).is_some() && weight.prose >= 0.6 * heaviest.prose {
                let rank = rank(id);
                if rank > 0.0 {
                    let score = rank * weight.value;
                    if found.is_none_or(|(best, _)| score >= best) {
                        found = Some((score, id));
                    }
                }
            }
            id += 1;
        }
        found.filter(|&(score, _)| score >= heaviest.value).map(|(_, id)| id)
    }

    /// Says which texts are part of the text: those of the main element, the title, and bylines between the two.
    fn include(&mut self, main: NodeId, title: Option<NodeId>) {
        let nodes = self.tree.nodes();
        self.include_all(main);
        let Some(title) = title else { return };
        if title < main && nodes[title].end <= main {
            self.include_all(title);
            self.undrop_around(title);
            let mut id = nodes[title].end;
            while id < main {
                if self.marks[id].dropped {
                    id = nodes[id].end.min(main).max(id + 1);
                    continue;
                }
                let is_stated = matches!(self.marks[id].kind, Some(BlockKind::Byline | BlockKind::Dateline));
                if nodes[id].end <= main && (is_stated || self.is_lead(id)) {
                    self.include_all(id);
                    id = nodes[id].end;
                    continue;
                }
                id += 1;
            }
        } else {
            self.include_all(title);
            self.undrop_around(title);
        }
    }

    /// Whether an element between the title and the text leads into it: its name says so, or it is a block of sentences, and
    /// in both cases not a caption and nearly without links.
    fn is_lead(&self, id: NodeId) -> bool {
        let (weight, own) = (self.weights[id], self.own[id]);
        let reads_like_text =
            matches!(self.tree.element(id), Some(Element::P | Element::H2 | Element::H3 | Element::Div))
                && own.marks > 0
                && own.text >= 60;
        let is_named = self.names[id].lead && self.tree.element(id).is_some_and(Element::is_block);
        let in_figure = |id: NodeId| {
            self.names[id].caption || matches!(self.tree.element(id), Some(Element::Figure | Element::Figcaption))
        };
        (is_named || reads_like_text)
            && (30.0..=1000.0).contains(&weight.text)
            && weight.link <= 0.2 * weight.text
            && self.marks[id].kind.is_none()
            && !in_figure(id)
            && !self.tree.ancestors(id).take(4).any(in_figure)
    }

    fn include_all(&mut self, root: NodeId) {
        let nodes = self.tree.nodes();
        let mut id = root;
        while id < nodes[root].end {
            if self.marks[id].dropped && id != root {
                id = nodes[id].end;
                continue;
            }
            self.marks[id].included = nodes[id].element.is_none();
            id += 1;
        }
    }

    /// Opens what was dropped around the title: its texts stay out, since they are not included.
    fn undrop_around(&mut self, title: NodeId) {
        for id in self.tree.ancestors(title) {
            self.marks[id].dropped = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;

    const POST: &str = "<p>The wall will run for two kilometres, from the tannery to the bridge. It will be built of brick, and \
        there will be a path on top of it. Nobody knows yet who will sweep it, but the mayor has a broom.</p>";
    const LEAD: &str = "The town gets a wall, a path and, if all goes well, somebody who sweeps both of them.";

    fn thread(head: &str) -> String {
        let posts =
            [1, 2, 3, 4, 5].map(|number| format!("<div class=comment><b>User {number}</b>{POST}</div>")).concat();
        format!("{head}<body><h1>Who sweeps?</h1><div id=comments>{posts}</div>")
    }

    #[test]
    fn what_readers_wrote_is_the_text_of_a_page_that_has_no_other() {
        assert_eq!(text(&thread("")).matches("tannery").count(), 5);
    }

    #[test]
    fn what_readers_wrote_is_the_text_of_a_page_that_says_that_it_is_a_thread() {
        let stated = r#"<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>"#;
        assert!(text(&format!("{}{POST}{POST}{POST}", thread(stated))).contains("User 5"));
        let article = format!("{}{POST}{POST}{POST}", thread("<meta property=og:type content=article>"));
        assert!(!text(&article).contains("User 5"));
    }

    #[test]
    fn the_text_of_a_page_that_is_no_article_is_all_that_is_said_on_it() {
        let page =
            format!("<body><div><h2>First</h2>{POST}{POST}</div><div><section><h2>A part</h2>{POST}</section></div>");
        assert_eq!(text(&page).matches("tannery").count(), 3);
    }

    #[test]
    fn a_lead_between_title_and_text_is_part_of_the_text() {
        for lead in ["<p>", "<p class=teaser>", "<h2 class=deck>"] {
            let page = format!(
                "<body><div><h1>A wall is built</h1><div>{lead}{LEAD}</div></div><div class=article-body>{}</div>",
                POST.repeat(4)
            );
            assert!(text(&page).contains(LEAD), "{lead}");
        }
        let caption = format!(
            "<body><div><h1>A wall is built</h1><figure><p>{LEAD}</p></figure></div><div class=article-body>{}</div>",
            POST.repeat(4)
        );
        assert!(!text(&caption).contains(LEAD));
    }
}
