//! The zip files that office documents and books are: members by name, each read through a limit.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use docmill_core::{Context, ReadError};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::compound;
use crate::xml::Tree;

/// Relations name others no deeper than this.
const SEGMENTS: usize = 64;

/// A zip file of a document.
pub(crate) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Index by name in lower case, with `/`.
    members: BTreeMap<String, usize>,
    /// Bytes that may still be unpacked.
    left: u64,
    limit: u64,
    depth: usize,
}

/// What a part of a package says of another: a row of its `.rels`.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// The last word of its type, such as `hyperlink`.
    pub(crate) kind: String,
    /// The name of a member, or the address where it is outside.
    pub(crate) target: String,
    /// Whether it leads outside the package.
    pub(crate) external: bool,
}

impl<'b> Package<'b> {
    /// Opens `bytes`; `expected` is what they should be, such as `a docx document`.
    pub(crate) fn open(bytes: &'b [u8], expected: &'static str, cx: &Context) -> Result<Self, ReadError> {
        Self::open_within(bytes, expected, cx, cx.limits.document.0)
    }

    /// The same where `limit` bytes may be unpacked.
    pub(crate) fn open_within(
        bytes: &'b [u8],
        expected: &'static str,
        cx: &Context,
        limit: u64,
    ) -> Result<Self, ReadError> {
        if bytes.is_empty() {
            return Err(ReadError::Empty);
        }
        if compound::is_compound(bytes) {
            return Err(compound::refusal(bytes));
        }
        let malformed =
            |error: ZipError| ReadError::Malformed { expected, found: format!("its zip is broken: {error}") };
        if !bytes.starts_with(b"PK") {
            return Err(ReadError::Malformed { expected, found: "a file that is not a zip".to_owned() });
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(malformed)?;
        let mut members = BTreeMap::new();
        for index in 0..archive.len() {
            if let Some(Ok(name)) = archive.name_for_index(index) {
                members.entry(key(&name)).or_insert(index);
            }
        }
        // Places in trees are kept in 32 bits.
        let limit = limit.min(1 << 31);
        Ok(Self { archive, members, left: limit, limit, depth: cx.limits.depth })
    }

    /// Whether there is a member of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(&key(name))
    }

    /// The names of all members, in lower case.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// The bytes of a member; `None` where there is none. All that is unpacked of a package together may be as large as a
    /// document.
    pub(crate) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(&index) = self.members.get(&key(name)) else { return Ok(None) };
        let broken = |error: &dyn std::fmt::Display| ReadError::Malformed {
            expected: "a sound zip member",
            found: format!("{name}: {error}"),
        };
        let member = match self.archive.by_index(index) {
            Ok(member) => member,
            Err(ZipError::UnsupportedArchive(why)) if why == ZipError::PASSWORD_REQUIRED => {
                return Err(ReadError::Locked(format!("{name} has a password; save it without one")));
            }
            Err(error) => return Err(broken(&error)),
        };
        let mut bytes = Vec::new();
        let read = member.take(self.left.saturating_add(1)).read_to_end(&mut bytes);
        if bytes.len() as u64 > self.left {
            return Err(ReadError::Limit {
                limit: "limits.document",
                value: format!("{} bytes", self.limit),
                found: format!("what is unpacked up to {name}"),
            });
        }
        read.map_err(|error| broken(&error))?;
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// A member as a tree; `None` where there is none.
    pub(crate) fn tree(&mut self, name: &str) -> Result<Option<Tree>, ReadError> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        Tree::parse(&bytes, name, self.depth).map(Some)
    }

    /// The same of a member that a document cannot be without.
    pub(crate) fn required(&mut self, name: &str, expected: &'static str) -> Result<Tree, ReadError> {
        let missing = || ReadError::Malformed { expected, found: format!("a zip without {name}") };
        self.tree(name)?.ok_or_else(missing)
    }

    /// The relations of a member, by their ids. None where it has none, or none that can be read.
    pub(crate) fn relations(&mut self, of: &str) -> Result<BTreeMap<String, Relation>, ReadError> {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let slash = if folder.is_empty() { "" } else { "/" };
        let Some(tree) = self.tree(&format!("{folder}{slash}_rels/{file}.rels"))? else { return Ok(BTreeMap::new()) };
        let mut found = BTreeMap::new();
        for row in tree.root().all("Relationship") {
            let (Some(id), Some(target)) = (row.attr("Id"), row.attr("Target")) else { continue };
            let kind = row.attr("Type").and_then(|kind| kind.rsplit('/').next()).unwrap_or_default().to_owned();
            let external = row.attr("TargetMode") == Some("External");
            let target = if external { target.to_owned() } else { resolve(folder, target) };
            found.insert(id.to_owned(), Relation { kind, target, external });
        }
        Ok(found)
    }

    /// The first member that the package itself relates to as `kind`, or `usual` where it says nothing.
    pub(crate) fn main(&mut self, kind: &str, usual: &str) -> Result<String, ReadError> {
        let relations = self.relations("")?;
        let named = relations.into_values().find(|relation| relation.kind == kind && !relation.external);
        Ok(named.map(|relation| relation.target).filter(|name| self.has(name)).unwrap_or_else(|| usual.to_owned()))
    }
}

fn key(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// The member that `target` names, seen from `folder`: `..` leads no further than the top.
pub(crate) fn resolve(folder: &str, target: &str) -> String {
    let from = if target.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = Vec::new();
    for segment in from.split('/').chain(target.split('/')).take(SEGMENTS) {
        match segment {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            name => path.push(name),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_from_the_folder_of_the_member_and_stay_in_the_package() {
        for (folder, target, expected) in [
            ("ppt/slides", "../notesSlides/notesSlide1.xml", "ppt/notesSlides/notesSlide1.xml"),
            ("word", "/word/styles.xml", "word/styles.xml"),
            ("word", "../../../etc/passwd", "etc/passwd"),
            ("", "word/document.xml", "word/document.xml"),
        ] {
            assert_eq!(resolve(folder, target), expected);
        }
    }
}
