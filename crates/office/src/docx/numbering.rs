//! The lists of a document: which numbers are lists at all.

use std::collections::{BTreeMap, BTreeSet};

use docmill_core::ReadError;

use crate::package::Package;
use crate::xml::Element;

/// That a paragraph belongs to a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// The list; `0` takes the paragraph out of any. `None` where only the level is said.
    pub(crate) list: Option<String>,
    /// Its level, from 0.
    pub(crate) level: Option<usize>,
}

impl Numbered {
    /// Reads the `numPr` of a paragraph or style.
    pub(crate) fn read(element: Element<'_>) -> Option<Self> {
        let value = |name: &str| element.child(name).and_then(|found| found.attr("val"));
        let level = value("ilvl").and_then(|level| level.parse().ok());
        let found = Self { list: value("numId").map(str::to_owned), level };
        (found.list.is_some() || found.level.is_some()).then_some(found)
    }
}

/// The levels of lists that show neither number nor bullet.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    /// The abstract list of each list.
    lists: BTreeMap<String, String>,
    bare: BTreeSet<(String, usize)>,
}

impl Numbering {
    /// Reads the member of this name. Without it all lists are taken for lists.
    pub(crate) fn read(
        package: &mut Package<'_>,
        name: Option<String>,
        warnings: &mut Vec<String>,
    ) -> Result<Self, ReadError> {
        let mut found = Self::default();
        let Some(tree) = super::notes::optional(package, name, warnings)? else { return Ok(found) };
        for list in tree.root().all("num") {
            let of = list.child("abstractNumId").and_then(|of| of.attr("val"));
            if let (Some(id), Some(of)) = (list.attr("numId"), of) {
                found.lists.insert(id.to_owned(), of.to_owned());
            }
        }
        for list in tree.root().all("abstractNum") {
            let Some(id) = list.attr("abstractNumId") else { continue };
            for level in list.all("lvl").filter(|level| is_bare(*level)) {
                if let Some(number) = level.attr("ilvl").and_then(|number| number.parse().ok()) {
                    found.bare.insert((id.to_owned(), number));
                }
            }
        }
        Ok(found)
    }

    /// The depth of the paragraph in its list, from 1; `None` where it is in none.
    pub(crate) fn depth(&self, numbered: &Numbered) -> Option<usize> {
        let list = numbered.list.as_deref().filter(|list| *list != "0")?;
        let level = numbered.level.unwrap_or(0).min(8);
        let bare = self.lists.get(list).is_some_and(|of| self.bare.contains(&(of.clone(), level)));
        (!bare).then_some(level + 1)
    }
}

fn is_bare(level: Element<'_>) -> bool {
    let value = |name: &str| level.child(name).and_then(|found| found.attr("val"));
    value("numFmt") == Some("none") && value("lvlText").is_none_or(|text| text.trim().is_empty())
}
