//! The styles of `OpenDocument` files, as far as they say what a paragraph is.

use std::collections::BTreeMap;

use docmill_core::BlockKind;

use crate::xml::Element;

/// Styles stand on others no deeper than this.
const GENERATIONS: usize = 32;

/// Styles by their names.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    styles: BTreeMap<String, Style>,
}

#[derive(Debug, Default)]
struct Style {
    stands_on: Option<String>,
    hidden: bool,
}

/// What a paragraph is by its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Title,
    Heading(usize),
    Kind(BlockKind),
}

impl Styles {
    /// Takes in the styles below an element.
    pub(crate) fn add(&mut self, root: Element<'_>) {
        for group in ["styles", "automatic-styles"] {
            for style in root.child(group).into_iter().flat_map(|group| group.all("style")) {
                let Some(name) = style.attr("name") else { continue };
                let has = |properties: &str, attribute: &str, value: &str| {
                    style.child(properties).and_then(|found| found.attr(attribute)) == Some(value)
                };
                let hidden = has("text-properties", "display", "none")
                    || has("drawing-page-properties", "visibility", "hidden")
                    || has("section-properties", "display", "none")
                    || has("table-properties", "display", "false");
                let stands_on = style.attr("parent-style-name").map(str::to_owned);
                self.styles.insert(name.to_owned(), Style { stands_on, hidden });
            }
        }
    }

    /// A style's name and the names of those that it stands on.
    fn line<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let next = |name: &&'s str| self.styles.get(*name).and_then(|style| style.stands_on.as_deref());
        std::iter::successors(Some(name), next).take(GENERATIONS)
    }

    /// What paragraphs of a style are.
    pub(crate) fn meaning(&self, name: &str) -> Option<Meaning> {
        self.line(name).find_map(meaning_of_name)
    }

    /// Whether what has a style is hidden.
    pub(crate) fn is_hidden(&self, name: &str) -> bool {
        self.line(name).any(|name| self.styles.get(name).is_some_and(|style| style.hidden))
    }
}

/// Names of styles have `_20_` for spaces.
fn meaning_of_name(name: &str) -> Option<Meaning> {
    let name = name.replace("_20_", " ").to_lowercase();
    if let Some(level) = name.strip_prefix("heading ").and_then(|level| level.parse::<usize>().ok()) {
        return Some(Meaning::Heading(level.clamp(1, 10)));
    }
    Some(match name.as_str() {
        "title" => Meaning::Title,
        "subtitle" => Meaning::Heading(2),
        "caption" | "illustration" | "table" | "figure" | "drawing" => Meaning::Kind(BlockKind::Caption),
        "quotations" | "quote" | "block text" => Meaning::Kind(BlockKind::Quote),
        "preformatted text" | "source code" => Meaning::Kind(BlockKind::Code),
        _ => return None,
    })
}
