//! Finds the text that a page is about, and what in it is not part of it.
//!
//! Every block of a page is weighed by what it looks like: running sentences count for it, link texts and loose words
//! against it. The text is the part of the tree that weighs most, with some favour for what the mark-up calls the article:
//! a maximum-sum segmentation (Pasternack & Roth, *Extracting article text from the web with maximum subsequence
//! segmentation*, WWW 2009) on the tree instead of on the tokens. Names of elements and roles take out the rest.

use docmill_core::BlockKind;

use super::element::Element;
use super::names::Names;
use super::tree::{Attribute, NodeId, Tree};

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

/// Chooses the text of a page: its article, or all but what is around it on every page. `titles` are the titles that the
/// page states in its head.
pub(super) fn selected(tree: &Tree<'_>, whole_body: bool, titles: &[String]) -> Selection {
    let mut page = Page::new(tree);
    page.drop_what_is_no_text();
    page.weigh();
    page.take_in_noscript();
    page.drop_noise();
    page.weigh();
    let body = page.body();
    let main = if whole_body { body } else { page.main(body) };
    page.drop_noise_in(main);
    page.weigh();
    page.mark_tables(main);
    let title = page.title(main, titles);
    page.mark_kinds(main, title);
    page.include(main, title);
    Selection { marks: page.marks }
}

/// All of a fragment of a page but scripts, controls and what is hidden.
pub(super) fn whole(tree: &Tree<'_>) -> Selection {
    let mut page = Page::new(tree);
    page.drop_where(0, |page, id, element| element.is_never_text() || page.is_hidden(id));
    page.include_all(0);
    Selection { marks: page.marks }
}

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

/// A page while its text is chosen.
pub(super) struct Page<'a> {
    pub(super) tree: &'a Tree<'a>,
    pub(super) names: Vec<Names>,
    /// What [`measured`] gives for each text.
    pub(super) lengths: Vec<(u32, u32)>,
    pub(super) marks: Vec<Mark>,
    pub(super) weights: Vec<Weight>,
    pub(super) own: Vec<Own>,
}

impl<'a> Page<'a> {
    fn new(tree: &'a Tree<'a>) -> Self {
        let count = tree.nodes().len();
        let names = (0..count)
            .map(|id| {
                let mut names = Names::default();
                if tree.has_attributes(id) {
                    for attribute in [Attribute::Class, Attribute::Id] {
                        if let Some(value) = tree.attribute(id, attribute) {
                            names.add(value);
                        }
                    }
                }
                names
            })
            .collect();
        Self {
            tree,
            names,
            lengths: (0..count)
                .map(|id| if tree.element(id).is_none() { measured(tree.text(id)) } else { (0, 0) })
                .collect(),
            marks: vec![Mark::default(); count],
            weights: vec![Weight::default(); count],
            own: vec![Own::default(); count],
        }
    }

    /// Calls `decide` for the elements in `root`, outermost first, and drops those for which it says so.
    fn drop_where(&mut self, root: NodeId, decide: impl Fn(&Self, NodeId, Element) -> bool) {
        let mut id = root + 1;
        let end = self.tree.nodes()[root].end;
        while id < end {
            let node = self.tree.nodes()[id];
            if let Some(element) = node.element {
                if !self.marks[id].dropped && decide(self, id, element) {
                    self.marks[id].dropped = true;
                }
                if self.marks[id].dropped {
                    id = node.end;
                    continue;
                }
            }
            id += 1;
        }
    }

    /// Scripts and controls.
    fn drop_what_is_no_text(&mut self) {
        self.drop_where(0, |_, _, element| element.is_never_text());
    }

    /// Takes in what a page shows where no script runs, if that is all that it has.
    fn take_in_noscript(&mut self) {
        const ENOUGH: f64 = 400.0;
        if self.weights[0].text >= ENOUGH {
            return;
        }
        for id in 0..self.marks.len() {
            if self.tree.element(id) == Some(Element::Noscript) {
                self.marks[id].dropped = false;
            }
        }
        self.drop_what_is_no_text_but_noscript();
        self.weigh();
    }

    fn drop_what_is_no_text_but_noscript(&mut self) {
        self.drop_where(0, |_, _, element| element.is_never_text() && element != Element::Noscript);
    }

    pub(super) fn is_hidden(&self, id: NodeId) -> bool {
        if !self.tree.has_attributes(id) {
            return false;
        }
        let is = |name, value: &str| self.tree.attribute(id, name).is_some_and(|found| found.trim() == value);
        let style = self.tree.attribute(id, Attribute::Style).unwrap_or_default();
        let hides = |property: &str, value: &str| {
            style.split(';').filter_map(|rule| rule.split_once(':')).any(|(found, set)| {
                found.trim().eq_ignore_ascii_case(property) && set.trim().to_ascii_lowercase().starts_with(value)
            })
        };
        self.tree.attribute(id, Attribute::Hidden).is_some_and(|value| value != "until-found")
            || is(Attribute::AriaHidden, "true")
            || (!style.is_empty() && (hides("display", "none") || hides("visibility", "hidden")))
    }

    /// Sums up what each element holds.
    fn weigh(&mut self) {
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

    fn link_density(&self, id: NodeId) -> f64 {
        let weight = self.weights[id];
        if weight.text > 0.0 { weight.link / weight.text } else { 0.0 }
    }

    /// What is around the text on every page of a site, and what names and roles say is not part of it.
    fn drop_noise(&mut self) {
        let page = self.weights[0];
        self.drop_where(0, |this, id, element| {
            let weight = this.weights[id];
            if matches!(element, Element::Html | Element::Body | Element::Main) {
                return false;
            }
            if this.names[id].consent && weight.prose < 0.95 * page.prose {
                return true;
            }
            // What holds most of the page is not beside its text, whatever it is called.
            let is_most = weight.prose > 0.0 && weight.prose > 0.4 * page.prose;
            if is_most {
                return false;
            }
            if this.is_hidden(id) {
                return true;
            }
            match element {
                Element::Nav | Element::Footer | Element::Aside | Element::Menu | Element::Search => return true,
                // The head of the page, not that of an article.
                Element::Header if weight.prose < 150.0 && !this.is_in_article(id) => return true,
                Element::Form | Element::Fieldset => return weight.prose < 0.3 * page.prose,
                _ => {}
            }
            if !this.tree.has_attributes(id) {
                return false;
            }
            let role = this.tree.attribute(id, Attribute::Role).unwrap_or_default();
            if matches!(
                role,
                "navigation"
                    | "banner"
                    | "complementary"
                    | "contentinfo"
                    | "search"
                    | "dialog"
                    | "alertdialog"
                    | "menu"
                    | "menubar"
                    | "toolbar"
                    | "tablist"
                    | "alert"
            ) {
                return true;
            }
            let names = this.names[id];
            if element.heading().is_some() || names.body {
                return false;
            }
            if element == Element::Article && !names.comments {
                return names.noise && weight.prose < 0.1 * page.prose;
            }
            // Sections of an article have all kinds of names; one with running text is no menu.
            let reads_like_text =
                weight.prose >= 0.05 * page.prose && weight.prose >= 250.0 && this.link_density(id) < 0.15;
            names.noise || (names.soft_noise && !reads_like_text) || (names.comments && weight.prose < 0.4 * page.prose)
        });
    }

    fn is_in_article(&self, id: NodeId) -> bool {
        self.tree.ancestors(id).any(|id| matches!(self.tree.element(id), Some(Element::Article | Element::Main)))
    }

    fn body(&self) -> NodeId {
        let nodes = self.tree.nodes();
        (0..nodes.len()).find(|&id| nodes[id].element == Some(Element::Body)).unwrap_or(0)
    }

    /// The element that holds the text of the page.
    fn main(&self, body: NodeId) -> NodeId {
        let best = self.heaviest(body);
        let chosen = self.stated(body, best).unwrap_or(best);
        let enough = self.weights[chosen].text >= 150.0
            && self.weights[chosen].prose >= 0.25 * self.weights[body].prose
            && self.weights[chosen].value > 0.0;
        if enough { chosen } else { body }
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

    /// What in the text is not part of it, now that it is known how much text there is.
    fn drop_noise_in(&mut self, main: NodeId) {
        let whole = self.weights[main];
        let mostly_links = whole.text > 0.0 && whole.link > 0.5 * whole.text;
        self.drop_where(main, |this, id, element| {
            let weight = this.weights[id];
            if weight.text == 0.0 || weight.prose > 0.3 * whole.prose.max(1.0) {
                return false;
            }
            let names = this.names[id];
            let density = this.link_density(id);
            if names.doubtful && !names.body && element.heading().is_none() && element != Element::A {
                let small = weight.text < 0.1 * whole.text;
                if small && (density > 0.3 || (weight.prose == 0.0 && element.is_block() && !in_table(this.tree, id))) {
                    return true;
                }
            }
            if mostly_links || !element.is_block() || in_table(this.tree, id) {
                return false;
            }
            match element {
                Element::Ul
                | Element::Ol
                | Element::Div
                | Element::Section
                | Element::Table
                | Element::P
                | Element::Dl
                | Element::Header => {
                    density > 0.7 && (weight.links >= 2.0 || weight.text > 15.0) && weight.prose == 0.0
                }
                _ => false,
            }
        });
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
                if matches!(self.marks[id].kind, Some(BlockKind::Byline | BlockKind::Dateline)) && nodes[id].end <= main
                {
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

fn in_table(tree: &Tree<'_>, id: NodeId) -> bool {
    matches!(
        tree.element(id),
        Some(
            Element::Tr
                | Element::Td
                | Element::Th
                | Element::Thead
                | Element::Tbody
                | Element::Tfoot
                | Element::Caption
        )
    ) || tree.ancestors(id).take(4).any(|id| matches!(tree.element(id), Some(Element::Td | Element::Th)))
}

/// Number of characters that are not white space, and of sentence ends and commas.
fn measured(text: &str) -> (u32, u32) {
    let bytes = text.as_bytes();
    let (mut length, mut marks) = (0, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        length += u32::from(byte > b' ' && byte & 0xc0 != 0x80);
        marks += match byte {
            b'.' | b',' | b'!' | b'?' | b';' => 1,
            // The full stop and the commas of Chinese and Japanese.
            0xe3 => u32::from(matches!(bytes.get(at + 1..at + 3), Some([0x80, 0x81 | 0x82]))),
            0xef => u32::from(matches!(bytes.get(at + 1..at + 3), Some([0xbc, 0x8c | 0x81 | 0x9f]))),
            _ => 0,
        };
    }
    (length, marks)
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
