//! The package document of a book: what it is, and which chapters it has in which order.

use std::collections::{BTreeMap, BTreeSet};

use docmill_core::ReadError;

use super::EXPECTED;
use crate::package::{Package, resolve};
use crate::properties::Properties;
use crate::xml::{Element, Tree};

/// Chapters of a book beyond these are not read.
const CHAPTERS: usize = 10_000;

/// What the package document says.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// The members with the chapters, in reading order.
    pub(super) chapters: Vec<String>,
    /// Those of them that list the contents.
    pub(super) contents: BTreeSet<String>,
    pub(super) properties: Properties,
}

impl Book {
    /// Finds and reads the package document.
    pub(super) fn open(package: &mut Package<'_>) -> Result<Self, ReadError> {
        let name = root_file(package)?;
        let tree = package.required(&name, EXPECTED)?;
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let mut book = Self { properties: properties(tree.root()), ..Self::default() };
        book.list(&tree, &folder);
        book.check_encryption(package)?;
        Ok(book)
    }

    fn list(&mut self, tree: &Tree, folder: &str) {
        let root = tree.root();
        let mut items: BTreeMap<&str, String> = BTreeMap::new();
        for item in root.child("manifest").into_iter().flat_map(|manifest| manifest.all("item")) {
            let (Some(id), Some(href)) = (item.attr("id"), item.attr("href")) else { continue };
            let member = resolve(folder, &unescaped(without_fragment(href)));
            if item.attr("properties").is_some_and(|properties| properties.split_whitespace().any(|word| word == "nav"))
            {
                self.contents.insert(member.clone());
            }
            let readable = item.attr("media-type").is_none_or(|media_type| media_type.contains("html"));
            if readable {
                items.insert(id, member);
            }
        }
        let guide = root.child("guide").into_iter().flat_map(|guide| guide.all("reference"));
        for reference in
            guide.filter(|reference| reference.attr("type").is_some_and(|of| of.eq_ignore_ascii_case("toc")))
        {
            let href = reference.attr("href").unwrap_or_default();
            self.contents.insert(resolve(folder, &unescaped(without_fragment(href))));
        }
        let mut seen = BTreeSet::new();
        let spine = root.child("spine").into_iter().flat_map(|spine| spine.all("itemref"));
        for member in spine.filter_map(|reference| items.get(reference.attr("idref")?)) {
            if self.chapters.len() < CHAPTERS && seen.insert(member) {
                self.chapters.push(member.clone());
            }
        }
        // A book that is one page is no list of contents, whatever it says.
        if self.chapters.iter().all(|chapter| self.contents.contains(chapter)) {
            self.contents.clear();
        }
    }

    /// Fonts may be scrambled; chapters may not.
    fn check_encryption(&self, package: &mut Package<'_>) -> Result<(), ReadError> {
        let Some(tree) = package.tree("META-INF/encryption.xml").ok().flatten() else { return Ok(()) };
        let references = tree.root().descendants().filter(|element| element.name() == "CipherReference");
        let mut members =
            references.filter_map(|reference| reference.attr("URI")).map(|uri| resolve("", &unescaped(uri)));
        match members.find(|member| self.chapters.contains(member)) {
            Some(member) => {
                Err(ReadError::Locked(format!("the book is protected against copying ({member}); use a copy without")))
            }
            None => Ok(()),
        }
    }
}

/// The name of the package document.
fn root_file(package: &mut Package<'_>) -> Result<String, ReadError> {
    let container = package.required("META-INF/container.xml", EXPECTED)?;
    let mut files = container.root().descendants().filter(|element| element.name() == "rootfile");
    let name = files.find_map(|file| file.attr("full-path")).map(|path| resolve("", path));
    name.ok_or_else(|| ReadError::Malformed {
        expected: EXPECTED,
        found: "a container.xml that names no package document".to_owned(),
    })
}

fn without_fragment(href: &str) -> &str {
    href.split('#').next().unwrap_or_default()
}

/// An address with its `%20` and the like resolved.
fn unescaped(href: &str) -> String {
    let mut bytes = Vec::with_capacity(href.len());
    let mut rest = href.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        if let Some(escaped) = code.filter(|_| byte == b'%').and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(escaped);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn properties(root: Element<'_>) -> Properties {
    let mut found = Properties::default();
    let Some(metadata) = root.child("metadata") else { return found };
    // EPUB 2 allows for groups of them.
    let groups = [Some(metadata), metadata.child("dc-metadata")];
    for element in groups.into_iter().flatten().flat_map(Element::children) {
        let text = element.text();
        match element.name() {
            "title" if !found.has("title") => found.text("title", &text),
            "creator" => found.list("authors", &text, &[';']),
            "publisher" if !found.has("publisher") => found.text("publisher", &text),
            "language" if !found.has("language") => found.text("language", &text),
            "description" if !found.has("description") => found.text("description", &text),
            "identifier" if !found.has("identifier") => found.text("identifier", &text),
            "subject" => found.list("keywords", &text, &[';']),
            "date" if element.attr("event").is_none_or(|event| event == "publication") => found.date(&text),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_names_of_members() {
        for (href, expected) in [("a%20b.xhtml", "a b.xhtml"), ("100%", "100%"), ("%zz%C3%A9", "%zzé"), ("", "")] {
            assert_eq!(unescaped(href), expected);
        }
    }
}
