//! The name of a document's file, from its URI alone.
//!
//! A URI that is a plain path already keeps its name; plain means that it is the same on every file system. Anything else
//! is made plain, and then told apart by the document's id after a `~`, which no plain path has. So two documents never
//! share a name, and no name depends on which other documents there are.

use docmill_core::DocumentId;

/// Longest part of a path, in bytes. File systems allow 255; the id and the extension are added.
const LONGEST_PART: usize = 120;
/// Longest path, in bytes. Windows allows 260 with the folder.
const LONGEST_PATH: usize = 160;

/// The path of the file, with `/`, relative to the folder of the output.
pub(super) fn file_name(uri: &str, id: &DocumentId) -> String {
    let plain = plain(uri);
    // Beyond ASCII, file systems differ on which names are the same.
    if plain == uri && uri.is_ascii() { format!("{plain}.md") } else { format!("{plain}~{id}.md") }
}

/// The URI as a path of safe characters; the same where it is one.
fn plain(uri: &str) -> String {
    let mut parts: Vec<String> = uri.split(['/', '\\']).map(plain_part).filter(|part| !part.is_empty()).collect();
    let file = parts.pop().unwrap_or_else(|| "document".to_owned());
    // A folder must not stand where a file might: `a.md/b` beside `a`.
    let folders = parts.iter().map(|part| match part.strip_suffix(".md") {
        Some(stem) => format!("{stem}-md/"),
        None => format!("{part}/"),
    });
    let path = folders.chain([file.clone()]).collect::<String>();
    if path.len() <= LONGEST_PATH { path } else { file }
}

/// A part of the path in lower-case letters, digits, `.`, `_` and `-`, within the length, and no name with a meaning.
fn plain_part(part: &str) -> String {
    let mut plain = String::with_capacity(part.len());
    for character in part.chars().flat_map(char::to_lowercase) {
        let kept = if character.is_alphanumeric() || "._".contains(character) { character } else { '-' };
        if !(kept == '-' && plain.ends_with('-') && character != '-') {
            plain.push(kept);
        }
    }
    let mut plain = plain.trim_matches(['.', '-']);
    if plain.len() > LONGEST_PART {
        let end = (0..=LONGEST_PART).rev().find(|&end| plain.is_char_boundary(end)).unwrap_or(0);
        plain = plain[..end].trim_end_matches(['.', '-']);
    }
    if is_reserved(plain) { format!("_{plain}") } else { plain.to_owned() }
}

/// Whether Windows takes it for a device, whatever its extension.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    match stem {
        "con" | "prn" | "aux" | "nul" => true,
        _ => ["com", "lpt"].iter().any(|device| {
            stem.strip_prefix(device).is_some_and(|rest| rest.chars().count() == 1 && rest.contains(char::is_numeric))
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    fn check(uri: &str, expected: &str) {
        let id = DocumentId::of(uri);
        assert_eq!(file_name(uri, &id).replace(&format!("~{id}"), "~ID"), expected, "{uri}");
    }

    #[test]
    fn a_plain_path_keeps_its_name() {
        check("newsroom/harbor.txt", "newsroom/harbor.txt.md");
        check("a-b_c.1", "a-b_c.1.md");
        check("a--b", "a--b.md");
    }

    #[test]
    fn any_other_uri_is_made_plain_and_carries_the_id() {
        check("Annual Report.pdf", "annual-report.pdf~ID.md");
        check("tickets.csv#row=12", "tickets.csv-row-12~ID.md");
        check("../../etc/passwd", "etc/passwd~ID.md");
        check("/abs/./x", "abs/x~ID.md");
        check("C:\\docs\\Ä b.txt", "c/docs/ä-b.txt~ID.md");
        check("s3://bucket/key", "s3/bucket/key~ID.md");
        check("con/nul.txt", "_con/_nul.txt~ID.md");
        check("com1.tar.gz", "_com1.tar.gz~ID.md");
        check(".hidden", "hidden~ID.md");
        check("trailing.", "trailing~ID.md");
        check("a.md/b", "a-md/b~ID.md");
        check("-", "document~ID.md");
        check("", "document~ID.md");
    }

    #[test]
    fn a_long_uri_keeps_the_last_part_cut_to_size() {
        check(&format!("{}/b.txt", "folder/".repeat(40)), "b.txt~ID.md");
        check(&"é".repeat(200), &format!("{}~ID.md", "é".repeat(60)));
    }

    proptest! {
        #[test]
        fn a_name_stays_in_the_folder_and_is_no_other_documents(
            uris in proptest::collection::btree_set("[aA.~/\\\\: é1-]{0,6}(\\.md)?|\\PC{0,300}", 0..40),
        ) {
            let mut seen = BTreeMap::new();
            for uri in uris {
                let name = file_name(&uri, &DocumentId::of(&uri));
                prop_assert!(Path::new(&name).components().all(|part| matches!(part, Component::Normal(_))), "{}", name);
                prop_assert!(name.len() <= LONGEST_PATH + 20 && !name.starts_with('.'));
                prop_assert_eq!(seen.insert(name.to_lowercase(), uri), None);
            }
            for name in seen.keys() {
                let folder = |other: &String| other.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('/'));
                prop_assert!(!seen.keys().any(folder), "{} is a folder too", name);
            }
        }
    }
}
