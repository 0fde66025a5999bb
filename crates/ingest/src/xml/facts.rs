//! What a document or record states about itself.

use std::collections::BTreeMap;

use docmill_core::Meta;
use serde_json::Value;

use super::Xml;
use super::select::{select, words};
use super::tree::{NodeId, Tree};
use crate::record;

/// So many values of a record become metadata.
const MOST: usize = 1000;
/// Longer values are no metadata.
const LONGEST: usize = 10_000;

/// Looks for the metadata in a tree.
pub(super) struct Facts<'a, 's> {
    pub options: &'a Xml,
    pub tree: &'a Tree<'s>,
    /// The elements that are the text.
    pub text: &'a [NodeId],
    pub is_record: bool,
}

impl Facts<'_, '_> {
    pub(super) fn meta(&self) -> Meta {
        let mut meta = Meta::default();
        match &self.options.meta {
            Some(paths) => {
                for path in paths {
                    let found = select(self.tree, 0, path).iter().map(|found| words(self.tree, found)).collect();
                    state(&mut meta, path, found);
                }
            }
            None if self.is_record => self.all(&mut meta),
            None => self.article(&mut meta),
        }
        record::date_from_fields(&mut meta);
        if let Some(title) = self.title() {
            meta.set("title", title);
        }
        meta
    }

    /// The first of what these paths lead to that says something.
    fn first(&self, paths: &[&str]) -> Option<String> {
        let found = paths.iter().flat_map(|path| select(self.tree, 0, path));
        found.map(|found| words(self.tree, &found)).find(|words| !words.is_empty())
    }

    fn title(&self) -> Option<String> {
        match self.options.title.as_str() {
            "" if self.is_record => self.first(record::TITLE_FIELDS),
            "" => self.first(&["front/article-meta/title-group/article-title", "teiHeader/fileDesc/titleStmt/title"]),
            path => self.first(&[path]),
        }
    }

    /// Takes in all elements that hold nothing but text, and all attributes, but those of the text.
    fn all(&self, meta: &mut Meta) {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut count = 0;
        let mut id = 0;
        while id < self.tree.nodes.len() && count < MOST {
            if self.text.contains(&id) && id > 0 {
                id = self.tree.nodes[id].end;
                continue;
            }
            if self.tree.is_element(id) {
                let key = self.key(id);
                let mut own: Vec<(String, String)> = Vec::new();
                if self.tree.children(id).next().is_none() && !self.text.contains(&0) {
                    own.push((key.clone(), self.tree.words(id)));
                }
                let attributes = self.tree.attributes(id).into_iter().filter(|(name, _)| !name.starts_with("xmlns"));
                own.extend(attributes.map(|(name, value)| (format!("{key}_{name}"), value)));
                for (key, value) in own.into_iter().filter(|(_, value)| !value.is_empty() && value.len() <= LONGEST) {
                    values.entry(key).or_default().push(value);
                    count += 1;
                }
            }
            id += 1;
        }
        for (key, values) in values {
            state(meta, key.trim_start_matches('_'), values);
        }
    }

    /// The names from the record, which is left out, to an element.
    fn key(&self, mut id: NodeId) -> String {
        let mut names = Vec::new();
        while self.tree.nodes[id].parent != id && names.len() < 20 {
            names.push(self.tree.local_name(id));
            id = self.tree.nodes[id].parent;
        }
        names.reverse();
        names.join("_")
    }

    /// What JATS and TEI have for it.
    fn article(&self, meta: &mut Meta) {
        let known: &[(&str, &[&str])] = &[
            (
                "publication",
                &["front/journal-meta/journal-title-group/journal-title", "front/journal-meta/journal-title"],
            ),
            ("volume", &["front/article-meta/volume"]),
            ("issue", &["front/article-meta/issue"]),
        ];
        for (key, paths) in known {
            if let Some(value) = self.first(paths) {
                meta.set(*key, value);
            }
        }
        let authors = self.authors();
        if !authors.is_empty() {
            meta.set("authors", authors);
        }
        let keywords = select(self.tree, 0, "front/article-meta/kwd-group/kwd");
        state(meta, "keywords", keywords.iter().map(|found| words(self.tree, found)).collect());
        let ids = self.tree.children(0).filter(|&id| self.tree.local_name(id) == "front");
        let ids = ids.flat_map(|front| self.tree.children(front)).flat_map(|group| self.tree.children(group));
        for id in ids {
            let is = |name: &str, value: &str| self.tree.attribute(id, name).is_some_and(|is| is == value);
            match self.tree.local_name(id) {
                "article-id" if is("pub-id-type", "doi") => meta.set_if_absent("doi", self.tree.words(id)),
                "pub-date" => {
                    if let Some(date) = self.date(id) {
                        meta.set_if_absent("date", date);
                    }
                }
                _ => {}
            }
        }
        if let Some(language) = self.tree.attribute(0, "lang") {
            meta.set_if_absent("language", language);
        }
    }

    fn authors(&self) -> Vec<String> {
        let mut authors = Vec::new();
        for found in select(self.tree, 0, "front/article-meta/contrib-group/contrib/name") {
            let super::Found::Element(name) = found else { continue };
            let part = |wanted: &str| {
                self.tree.children(name).find(|&id| self.tree.local_name(id) == wanted).map(|id| self.tree.words(id))
            };
            let parts: Vec<String> = [part("given-names"), part("surname")].into_iter().flatten().collect();
            if !parts.is_empty() && authors.len() < MOST {
                authors.push(parts.join(" "));
            }
        }
        authors
    }

    /// The date that elements `year`, `month` and `day` state, as exact as they are.
    fn date(&self, id: NodeId) -> Option<String> {
        let number = |wanted: &str| -> Option<u16> {
            let found = self.tree.children(id).find(|&id| self.tree.local_name(id) == wanted)?;
            self.tree.words(found).parse().ok()
        };
        let year = number("year").filter(|year| (1000..=9999).contains(year))?;
        let month = number("month").filter(|month| (1..=12).contains(month));
        let day = number("day").filter(|day| (1..=31).contains(day));
        Some(match (month, day) {
            (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
            (Some(month), None) => format!("{year}-{month:02}"),
            (None, _) => year.to_string(),
        })
    }
}

/// Takes values into the metadata: one as it is, several as a list.
fn state(meta: &mut Meta, key: &str, mut values: Vec<String>) {
    values.retain(|value| !value.is_empty());
    match values.len() {
        0 => {}
        1 => record::state(meta, key, Value::from(values.remove(0))),
        _ => record::state(meta, key, Value::from(values)),
    }
}
