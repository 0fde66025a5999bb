//! What of a page is no part of its text: scripts and controls, what is hidden, navigation, adverts and the like.

use super::article::{Page, StatedKind};
use super::element::Element;
use super::tree::{Attribute, NodeId, Tree};

impl Page<'_> {
    /// Calls `decide` for the elements in `root`, outermost first, and drops those for which it says so.
    pub(super) fn drop_where(&mut self, root: NodeId, decide: impl Fn(&Self, NodeId, Element) -> bool) {
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
    pub(super) fn drop_what_is_no_text(&mut self) {
        self.drop_where(0, |_, _, element| element.is_never_text());
    }

    /// Takes in what a page shows where no script runs, if that is all that it has.
    pub(super) fn take_in_noscript(&mut self) {
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

    /// What is around the text on every page of a site, and what names and roles say is not part of it.
    pub(super) fn drop_noise(&mut self) {
        let page = self.weights[0];
        self.drop_where(0, |this, id, element| {
            let weight = this.weights[id];
            if matches!(element, Element::Html | Element::Body | Element::Main) {
                return false;
            }
            let role = this.tree.attribute(id, Attribute::Role).unwrap_or_default();
            let share = if page.prose > 0.0 { weight.prose / page.prose } else { 0.0 };
            if (this.names[id].consent || matches!(role, "dialog" | "alertdialog")) && share < 0.95 {
                return true;
            }
            if (element == Element::Footer || role == "contentinfo" || this.names[id].window) && share < 0.7 {
                return true;
            }
            // What holds most of the page is not beside its text, whatever it is called.
            if share > 0.4 {
                return false;
            }
            if this.is_hidden(id) && !this.unfolds(id) {
                return true;
            }
            match element {
                Element::Nav | Element::Aside | Element::Menu | Element::Search => return true,
                // The head of the page, not that of an article.
                Element::Header if weight.prose < 150.0 && !this.is_in_article(id) => return true,
                Element::Form | Element::Fieldset => return weight.prose < 0.3 * page.prose && !this.holds_article(id),
                _ => {}
            }
            if !this.tree.has_attributes(id) {
                return false;
            }
            if matches!(
                role,
                "navigation"
                    | "banner"
                    | "complementary"
                    | "search"
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
            let is_lead = names.lead && weight.prose >= 40.0 && weight.link == 0.0;
            names.noise || (names.soft_noise && !reads_like_text && !is_lead)
        });
    }

    /// What readers wrote below the text.
    pub(super) fn drop_comments(&mut self) {
        let page = self.weights[0];
        self.drop_where(0, |this, id, element| {
            !matches!(element, Element::Html | Element::Body | Element::Main)
                && this.names[id].comments
                && element.heading().is_none()
                && !this.names[id].body
                && this.weights[id].prose < 0.4 * page.prose
        });
    }

    /// Whether what is hidden reads like text that a click shows, as answers to questions and tabs of a product do. An article
    /// hides nothing that is part of it.
    fn unfolds(&self, id: NodeId) -> bool {
        const SENTENCE: f64 = 100.0;
        self.kind == StatedKind::Open
            && !self.whole_body
            && self.weights[id].prose > SENTENCE
            && self.link_density(id) < 0.2
    }

    /// Whether there is an article in it, such as a post in the form of a forum.
    fn holds_article(&self, id: NodeId) -> bool {
        self.tree.subtree(id).any(|id| self.tree.element(id) == Some(Element::Article))
    }

    fn is_in_article(&self, id: NodeId) -> bool {
        self.tree.ancestors(id).any(|id| matches!(self.tree.element(id), Some(Element::Article | Element::Main)))
    }

    /// What in the text is not part of it, now that it is known how much text there is. A page that is no article is made of
    /// what would be beside the text of one: cards, labels, links.
    pub(super) fn drop_noise_in(&mut self, main: NodeId) {
        if self.kind == StatedKind::Open && self.tree.element(main) == Some(Element::Body) {
            return;
        }
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
