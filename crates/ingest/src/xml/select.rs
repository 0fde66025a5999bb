//! Paths that lead to parts of a record, such as `author/name` and `link/@href`.

use super::tree::{NodeId, Tree};

/// So many nodes of one path are found.
const MOST: usize = 10_000;

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    Element(NodeId),
    /// The value of an attribute.
    Value(String),
}

/// Whether a name is the one that is wanted: as it stands, or without its prefix where none is wanted.
pub(super) fn is_named(name: &str, wanted: &str) -> bool {
    name == wanted || (!wanted.contains(':') && name.rsplit_once(':').is_some_and(|(_, local)| local == wanted))
}

/// The names in a path.
pub(super) fn steps(path: &str) -> Vec<&str> {
    path.split('/').filter(|step| !step.is_empty()).collect()
}

/// All that `path` leads to from the element `from`, in the order of the file.
pub(super) fn select(tree: &Tree<'_>, from: NodeId, path: &str) -> Vec<Found> {
    let mut here = vec![from];
    let mut attribute = None;
    for step in steps(path) {
        if let Some(name) = step.strip_prefix('@') {
            attribute = Some(name);
            break;
        }
        let below = here.iter().flat_map(|&id| tree.children(id));
        here = below.filter(|&id| is_named(tree.name(id), step)).take(MOST).collect();
    }
    match attribute {
        Some(name) => here.into_iter().filter_map(|id| tree.attribute(id, name)).map(Found::Value).collect(),
        None => here.into_iter().map(Found::Element).collect(),
    }
}

/// What is found, in words.
pub(super) fn words(tree: &Tree<'_>, found: &Found) -> String {
    match found {
        Found::Element(id) => tree.words(*id),
        Found::Value(value) => value.clone(),
    }
}
