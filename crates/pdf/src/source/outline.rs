//! The outline: the table of contents that viewers show beside the pages.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, String as Text};
use rustc_hash::{FxHashMap, FxHashSet};

/// Most entries, and the deepest.
const MOST_ENTRIES: usize = 5_000;
const DEEPEST: u8 = 12;
/// Deepest node of the tree that holds the names of places.
const DEEPEST_NAME: usize = 16;
const MOST_NAMES: usize = 50_000;

/// An entry.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) title: String,
    /// From 1.
    pub(crate) level: u8,
    /// From 1, where it is known.
    pub(crate) page: Option<usize>,
}

/// The outline in its order; entries that lead in a circle are read once.
pub(crate) fn read(pdf: &Pdf) -> Vec<Entry> {
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return Vec::new() };
    let Some(first) = catalog.get::<Dict<'_>>(b"Outlines").and_then(|root| root.get::<Dict<'_>>(b"First")) else {
        return Vec::new();
    };
    let places = Places::of(pdf, &catalog);
    let mut entries = Vec::new();
    let mut seen = FxHashSet::default();
    let mut open = vec![(first, 1_u8)];
    while let Some((entry, level)) = open.pop() {
        if entries.len() >= MOST_ENTRIES || entry.obj_id().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let title = entry.get::<Text<'_>>(b"Title").map(|title| super::text(title.as_bytes())).unwrap_or_default();
        if !title.is_empty() {
            entries.push(Entry { title, level, page: places.page(&entry) });
        }
        if open.len() < MOST_ENTRIES {
            open.extend(entry.get::<Dict<'_>>(b"Next").map(|next| (next, level)));
            let below = entry.get::<Dict<'_>>(b"First").filter(|_| level < DEEPEST);
            open.extend(below.map(|first| (first, level + 1)));
        }
    }
    entries
}

/// Which page a place is on.
struct Places {
    pages: FxHashMap<ObjectIdentifier, usize>,
    names: FxHashMap<Vec<u8>, usize>,
}

impl Places {
    fn of(pdf: &Pdf, catalog: &Dict<'_>) -> Self {
        let numbered = pdf.pages().iter().enumerate();
        let pages = numbered.filter_map(|(index, page)| page.raw().obj_id().map(|id| (id, index + 1))).collect();
        let mut places = Self { pages, names: FxHashMap::default() };
        if let Some(old) = catalog.get::<Dict<'_>>(b"Dests") {
            let names: Vec<Vec<u8>> = old.keys().take(MOST_NAMES).map(|name| name.as_ref().to_vec()).collect();
            for name in names {
                let page = places.destination(&old, &name);
                places.names.extend(page.map(|page| (name, page)));
            }
        }
        if let Some(tree) = catalog.get::<Dict<'_>>(b"Names").and_then(|names| names.get::<Dict<'_>>(b"Dests")) {
            places.tree(tree);
        }
        places
    }

    fn tree(&mut self, root: Dict<'_>) {
        let mut seen = FxHashSet::default();
        let mut open = vec![(root, 0)];
        while let Some((node, depth)) = open.pop() {
            if depth > DEEPEST_NAME || node.obj_id().is_some_and(|id| !seen.insert(id)) {
                continue;
            }
            if let Some(names) = node.get::<Array<'_>>(b"Names") {
                self.leaf(&names);
            }
            if let Some(kids) = node.get::<Array<'_>>(b"Kids") {
                let left = MOST_NAMES.saturating_sub(open.len());
                open.extend(kids.iter::<Dict<'_>>().take(left).map(|kid| (kid, depth + 1)));
            }
        }
    }

    /// Names and places by turns.
    fn leaf(&mut self, names: &Array<'_>) {
        let mut name = None;
        for item in names.iter::<Object<'_>>() {
            if self.names.len() >= MOST_NAMES {
                return;
            }
            let page = match item {
                Object::String(text) => {
                    name = Some(text.as_bytes().to_vec());
                    continue;
                }
                Object::Array(place) => self.first(&place),
                Object::Dict(place) => place.get::<Array<'_>>(b"D").and_then(|place| self.first(&place)),
                _ => None,
            };
            self.names.extend(name.take().zip(page));
        }
    }

    /// The page of an entry, which states a place or an action that leads to one.
    fn page(&self, entry: &Dict<'_>) -> Option<usize> {
        self.destination(entry, b"Dest")
            .or_else(|| entry.get::<Dict<'_>>(b"A").and_then(|action| self.destination(&action, b"D")))
    }

    fn destination(&self, of: &Dict<'_>, key: &[u8]) -> Option<usize> {
        if let Some(place) = of.get::<Array<'_>>(key) {
            return self.first(&place);
        }
        if let Some(name) = of.get::<Text<'_>>(key) {
            return self.names.get(name.as_bytes()).copied();
        }
        if let Some(name) = of.get::<Name<'_>>(key) {
            return self.names.get(name.as_ref()).copied();
        }
        of.get::<Dict<'_>>(key).and_then(|place| place.get::<Array<'_>>(b"D")).and_then(|place| self.first(&place))
    }

    /// The page that a place begins with.
    fn first(&self, place: &Array<'_>) -> Option<usize> {
        match place.raw_iter().next()? {
            MaybeRef::Ref(page) => self.pages.get(&page.into()).copied(),
            MaybeRef::NotRef(_) => None,
        }
    }
}
