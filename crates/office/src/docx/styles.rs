//! The styles of a document, as far as they say what a paragraph is.

use std::collections::BTreeMap;

use docmill_core::{BlockKind, ReadError};

use super::numbering::Numbered;
use crate::package::Package;
use crate::xml::Element;

/// Styles stand on others no deeper than this.
const GENERATIONS: usize = 32;

/// The styles of a document by their ids.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    styles: BTreeMap<String, Style>,
    /// The style of paragraphs that name none.
    usual: String,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    stands_on: Option<String>,
    outline: Option<usize>,
    numbered: Option<Numbered>,
    hidden: Option<bool>,
}

/// What a paragraph is by its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The title of the document.
    Title,
    /// A heading of a level, from 1.
    Heading(usize),
    /// A line of a table of contents.
    Contents,
    /// A block of another kind.
    Kind(BlockKind),
}

impl Styles {
    /// Reads the member of this name. Without it, or where it is broken, nothing is known.
    pub(crate) fn read(
        package: &mut Package<'_>,
        name: Option<String>,
        warnings: &mut Vec<String>,
    ) -> Result<Self, ReadError> {
        let mut found = Self { styles: BTreeMap::new(), usual: "Normal".to_owned() };
        let Some(tree) = super::notes::optional(package, name, warnings)? else { return Ok(found) };
        for element in tree.root().all("style") {
            let Some(id) = element.attr("styleId") else { continue };
            if element.attr("default").is_some_and(is_on) && element.attr("type") == Some("paragraph") {
                id.clone_into(&mut found.usual);
            }
            found.styles.insert(id.to_owned(), Style::read(element));
        }
        Ok(found)
    }

    /// A style and those that it stands on.
    fn line<'s>(&'s self, id: &str) -> impl Iterator<Item = &'s Style> {
        let next = |style: &&'s Style| style.stands_on.as_ref().and_then(|id| self.styles.get(id));
        std::iter::successors(self.styles.get(id), next).take(GENERATIONS)
    }

    /// The style that a paragraph names, or the usual one.
    pub(crate) fn of<'s>(&'s self, properties: Option<Element<'s>>) -> &'s str {
        let named = properties.and_then(|properties| properties.child("pStyle")).and_then(|style| style.attr("val"));
        named.unwrap_or(&self.usual)
    }

    /// What paragraphs of a style are.
    pub(crate) fn meaning(&self, id: &str) -> Option<Meaning> {
        let by_name = self.line(id).find_map(|style| meaning_of_name(&style.name));
        let by_name = if self.styles.contains_key(id) { by_name } else { meaning_of_name(id) };
        let outline = || self.line(id).find_map(|style| style.outline).filter(|level| *level < 9);
        by_name.or_else(|| outline().map(|level| Meaning::Heading(level + 1)))
    }

    /// The list that paragraphs of a style belong to.
    pub(crate) fn numbered(&self, id: &str) -> Option<Numbered> {
        self.line(id).find_map(|style| style.numbered.clone())
    }

    /// The depth that the name of a list's style says, from 1: `List Bullet 2` has a list of its own, whose level is the first.
    pub(crate) fn list_depth(&self, id: &str) -> usize {
        let depth = |style: &Style| {
            let rest = style.name.strip_prefix("list ")?;
            let number = rest.strip_prefix("bullet").or_else(|| rest.strip_prefix("number")).unwrap_or(rest);
            number.trim().parse::<usize>().ok()
        };
        self.line(id).find_map(depth).unwrap_or(1).clamp(1, 9)
    }

    /// Whether text of a style is hidden.
    pub(crate) fn is_hidden(&self, id: &str) -> bool {
        self.line(id).find_map(|style| style.hidden).unwrap_or(false)
    }
}

impl Style {
    fn read(element: Element<'_>) -> Self {
        let value = |path: &[&str]| element.at(path).and_then(|found| found.attr("val"));
        Self {
            name: value(&["name"]).unwrap_or_default().to_lowercase(),
            stands_on: value(&["basedOn"]).map(str::to_owned),
            outline: value(&["pPr", "outlineLvl"]).and_then(|level| level.parse().ok()),
            numbered: element.at(&["pPr", "numPr"]).and_then(Numbered::read),
            hidden: element.at(&["rPr", "vanish"]).map(switched_on),
        }
    }
}

/// Built-in styles have English names in documents of all languages; those of other programs often are alike.
pub(crate) fn meaning_of_name(name: &str) -> Option<Meaning> {
    let name = name.trim().to_lowercase();
    let numbered = |word: &str| name.strip_prefix(word).and_then(|rest| rest.trim().parse::<usize>().ok());
    if let Some(level) = numbered("heading") {
        return Some(Meaning::Heading(level.clamp(1, 9)));
    }
    if numbered("toc").is_some() {
        return Some(Meaning::Contents);
    }
    Some(match name.as_str() {
        "title" => Meaning::Title,
        "subtitle" => Meaning::Heading(2),
        "caption" | "image caption" | "table caption" | "figure caption" => Meaning::Kind(BlockKind::Caption),
        "quote" | "intense quote" | "block text" | "quotations" => Meaning::Kind(BlockKind::Quote),
        "html preformatted" | "source code" | "code" | "code block" | "preformatted text" | "verbatim"
        | "macro text" => Meaning::Kind(BlockKind::Code),
        "footnote text" | "endnote text" | "footer" => Meaning::Kind(BlockKind::Footer),
        "header" => Meaning::Kind(BlockKind::Header),
        _ => return None,
    })
}

/// Whether a value of a switch is on.
pub(crate) fn is_on(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off" | "none")
}

/// Whether a switch that stands there is on: it is unless it says otherwise.
pub(crate) fn switched_on(element: Element<'_>) -> bool {
    element.attr("val").is_none_or(is_on)
}
