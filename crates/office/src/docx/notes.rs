//! What stands beside the text: notes, comments, headers and footers.

use std::collections::BTreeMap;

use docmill_core::ReadError;

use super::body::{Look, Walk};
use crate::flow::{Item, Line, plain};
use crate::package::{Package, Relation};
use crate::xml::{Element, Tree};

/// A member that a document can be without: where it is broken, a warning takes its place.
pub(crate) fn optional(
    package: &mut Package<'_>,
    name: Option<String>,
    warnings: &mut Vec<String>,
) -> Result<Option<Tree>, ReadError> {
    let Some(name) = name else { return Ok(None) };
    match package.tree(&name) {
        Err(error @ ReadError::Malformed { .. }) => {
            warnings.push(format!("{name} was left out: {error}"));
            Ok(None)
        }
        other => other,
    }
}

/// Reads the parts that hold notes.
pub(crate) struct Notes<'n, 'b> {
    pub(crate) package: &'n mut Package<'b>,
    pub(crate) look: &'n Look<'n>,
    pub(crate) warnings: &'n mut Vec<String>,
}

impl Notes<'_, '_> {
    /// The notes of these ids, in this order, each once.
    pub(crate) fn read(
        &mut self,
        name: Option<String>,
        wrapper: &str,
        ids: Vec<String>,
    ) -> Result<Vec<Line>, ReadError> {
        let Some(tree) = optional(self.package, name.clone(), self.warnings)? else { return Ok(Vec::new()) };
        let relations = self.package.relations(&name.unwrap_or_default())?;
        let by_id: BTreeMap<&str, Element<'_>> =
            tree.root().all(wrapper).filter_map(|note| Some((note.attr("id")?, note))).collect();
        let mut told = std::collections::BTreeSet::new();
        let mut found = Vec::new();
        for id in ids {
            if let Some(note) = by_id.get(id.as_str())
                && told.insert(id)
            {
                found.push(line(self.look, &relations, *note));
            }
        }
        Ok(found)
    }

    /// All comments, each after the name of its author.
    pub(crate) fn comments(&mut self, name: Option<String>) -> Result<Vec<Line>, ReadError> {
        let Some(tree) = optional(self.package, name.clone(), self.warnings)? else { return Ok(Vec::new()) };
        let relations = self.package.relations(&name.unwrap_or_default())?;
        let told = |comment: Element<'_>| {
            let author = comment.attr("author").map(str::trim).filter(|author| !author.is_empty());
            let mut whole = Line::from(author.map(|author| format!("{author}: ")).unwrap_or_default().as_str());
            whole.append(line(self.look, &relations, comment));
            whole
        };
        Ok(tree.root().all("comment").map(told).collect())
    }
}

/// Headers and footers, each once.
#[derive(Debug, Default)]
pub(crate) struct Running {
    pub(crate) headers: Vec<Line>,
    pub(crate) footers: Vec<Line>,
}

/// The headers and footers that the sections of a document show.
pub(crate) fn running(
    package: &mut Package<'_>,
    document: &Tree,
    relations: &BTreeMap<String, Relation>,
    look: &Look<'_>,
    warnings: &mut Vec<String>,
) -> Result<Running, ReadError> {
    let settings = relations.values().find(|relation| relation.kind == "settings").map(|found| found.target.clone());
    let settings = optional(package, settings, warnings)?;
    let even = settings.is_some_and(|tree| tree.root().child("evenAndOddHeaders").is_some());
    let mut found = Running::default();
    let mut seen = std::collections::BTreeSet::new();
    for section in document.root().descendants().filter(|element| element.name() == "sectPr") {
        let first = section.child("titlePg").is_some_and(super::styles::switched_on);
        for reference in section.children() {
            let list = match reference.name() {
                "headerReference" => &mut found.headers,
                "footerReference" => &mut found.footers,
                _ => continue,
            };
            let shown = match reference.attr("type") {
                Some("first") => first,
                Some("even") => even,
                _ => true,
            };
            let Some(part) = reference.prefixed_attr("id").and_then(|id| relations.get(id)).filter(|_| shown) else {
                continue;
            };
            if !seen.insert(part.target.clone()) {
                continue;
            }
            let Some(tree) = optional(package, Some(part.target.clone()), warnings)? else { continue };
            let own = package.relations(&part.target)?;
            let told = line(look, &own, tree.root());
            let is_number = told.text().chars().all(|c| !c.is_alphabetic());
            if !is_number && !list.iter().any(|known| known.text() == told.text()) {
                list.push(told);
            }
        }
    }
    Ok(found)
}

/// All that an element holds, as one text with a line a paragraph.
fn line(look: &Look<'_>, relations: &BTreeMap<String, Relation>, element: Element<'_>) -> Line {
    let mut whole = Line::default();
    for item in Walk::new(look, relations).blocks(element) {
        if !whole.is_blank() {
            whole.push("\n", None);
        }
        match item {
            Item::Text(_, _, line) => whole.append(line),
            item => whole.push(&plain(std::slice::from_ref(&item)), None),
        }
    }
    whole
}
