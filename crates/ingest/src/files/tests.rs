use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use docmill_core::RoleKind;
use serde_json::{Value, json};

use super::*;

fn input(base: &Path, options: Value) -> Result<std::sync::Arc<dyn Input>, String> {
    let files: Files = serde_json::from_value(options).map_err(|error| error.to_string())?;
    let built = files.build(&BuildContext::new(base, docmill_core::Limits::default()));
    match built.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))? {
        Role::Input(input) => Ok(input),
        other => Err(format!("{:?} is not {:?}", other.kind(), RoleKind::Input)),
    }
}

/// Each source as its URI, or as its URI and error.
fn list(base: &Path, options: Value) -> Vec<String> {
    let mut listed = Vec::new();
    let input = input(base, options).expect("the options are right");
    let result = input.list(&mut |found| {
        listed.push(match (found.open)() {
            Ok(_) => found.uri,
            Err(error) => format!("{}: {error}", found.uri),
        });
        ControlFlow::Continue(())
    });
    if let Err(error) = result {
        listed.push(error.to_string());
    }
    listed
}

fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, file).expect("a file");
    }
    folder
}

#[test]
fn files_come_in_the_order_of_the_bytes_of_their_paths() {
    let base = folder(&["in/b.txt", "in/a/z.txt", "in/a.txt", "in/a-b.txt", "in/Z.txt", "in/a/b/c.txt"]);
    let expected = ["in/Z.txt", "in/a-b.txt", "in/a.txt", "in/a/b/c.txt", "in/a/z.txt", "in/b.txt"];
    assert_eq!(list(base.path(), json!({"path": "in"})), expected);
    assert_eq!(list(base.path(), json!({"path": "./in/"})), expected);
}

#[test]
fn a_uri_begins_with_the_last_folder_that_the_path_names() {
    let base = folder(&["in/deep/b.txt", "in/deep/c/d.txt"]);
    assert_eq!(list(base.path(), json!({"path": "in/deep"})), ["deep/b.txt", "deep/c/d.txt"]);
    assert_eq!(list(base.path(), json!({"path": "in/deep/b.txt"})), ["b.txt"]);
    assert_eq!(list(base.path(), json!({"path": "."})), ["in/deep/b.txt", "in/deep/c/d.txt"]);
}

#[test]
fn inputs_whose_paths_end_alike_are_told_apart_by_their_names() {
    let base = folder(&["2015/in/b.txt", "2016/in/b.txt"]);
    assert_eq!(list(base.path(), json!({"path": "2015/in", "name": "first"})), ["first/b.txt"]);
    assert_eq!(list(base.path(), json!({"path": "2016/in/*.txt", "name": "second/"})), ["second/b.txt"]);
    assert_eq!(list(base.path(), json!({"path": "2016/in/b.txt", "name": "c.md"})), ["c.md"]);
}

#[test]
fn a_glob_selects_files_and_whole_folders() {
    let base = folder(&["in/x1/b.txt", "in/x1/b.md", "in/x2/c/d.txt", "in/y/e.txt"]);
    assert_eq!(list(base.path(), json!({"path": "in/*/*.txt"})), ["in/x1/b.txt", "in/y/e.txt"]);
    assert_eq!(list(base.path(), json!({"path": "in/**/*.txt"})), ["in/x1/b.txt", "in/x2/c/d.txt", "in/y/e.txt"]);
    assert_eq!(list(base.path(), json!({"path": "in/x*"})), ["in/x1/b.md", "in/x1/b.txt", "in/x2/c/d.txt"]);
    assert_eq!(list(base.path(), json!({"path": "in/*.pdf"})), ["cannot read it: no file matches in/*.pdf"]);
}

#[test]
fn include_and_exclude_match_names_or_paths_below_the_folder() {
    let base = folder(&["in/a.txt", "in/a.md", "in/drafts/b.txt", "in/sub/c.txt", "in/sub/deep/d.md"]);
    assert_eq!(
        list(base.path(), json!({"path": "in", "include": ["*.txt"], "exclude": ["drafts"]})),
        ["in/a.txt", "in/sub/c.txt"]
    );
    assert_eq!(list(base.path(), json!({"path": "in", "include": ["sub/**"]})), ["in/sub/c.txt", "in/sub/deep/d.md"]);
}

#[test]
fn hidden_files_and_ignored_ones_are_left_out_when_asked() {
    let base = folder(&["in/.git/HEAD", "in/.hidden", "in/a.txt", "in/b.log", "in/sub/b.log", "in/sub/keep.log"]);
    fs::write(base.path().join("in/.gitignore"), "*.log\n").expect("a file");
    fs::write(base.path().join("in/sub/.gitignore"), "!keep.log\n").expect("a file");
    assert_eq!(list(base.path(), json!({"path": "in", "gitignore": true})), ["in/a.txt", "in/sub/keep.log"]);
    assert_eq!(list(base.path(), json!({"path": "in/sub", "gitignore": true})), ["sub/keep.log"]);
    assert_eq!(list(base.path(), json!({"path": "in"})).len(), 4);
    assert!(list(base.path(), json!({"path": "in", "hidden": true})).contains(&"in/.hidden".to_owned()));
}

#[test]
fn links_are_followed_and_circles_are_listed_as_failures() {
    let base = folder(&["in/a/b.txt", "other/c.txt"]);
    symlink("..", base.path().join("in/a/up")).expect("a link");
    symlink("../other", base.path().join("in/linked")).expect("a link");
    symlink("nowhere", base.path().join("in/z")).expect("a link");
    let listed = list(base.path(), json!({"path": "in"}));
    assert_eq!(listed[0], "in/a/b.txt");
    assert!(listed[1].starts_with("in/a/up: it is a link that leads in a circle, back to "), "{}", listed[1]);
    assert_eq!(listed[2..], ["in/linked/c.txt", "in/z: it is a link to nowhere, which does not exist"]);
    assert_eq!(list(base.path(), json!({"path": "in", "follow_links": false})), ["in/a/b.txt"]);
}

#[test]
fn a_link_to_itself_and_a_socket_are_listed_as_failures() {
    let base = folder(&["in/a.txt"]);
    symlink("me", base.path().join("in/me")).expect("a link");
    let _socket = std::os::unix::net::UnixListener::bind(base.path().join("in/s")).expect("a socket");
    let listed = list(base.path(), json!({"path": "in"}));
    assert!(listed[1].starts_with("in/me: it is a link to me, which cannot be followed"), "{listed:?}");
    assert_eq!(listed[2], "in/s: it is a socket, which is not read");
}

#[test]
fn a_name_that_is_not_utf8_is_listed_and_opened() {
    let base = folder(&["in/a.txt"]);
    fs::write(base.path().join("in").join(std::ffi::OsStr::from_bytes(b"caf\xE9.txt")), "x").expect("a file");
    assert_eq!(list(base.path(), json!({"path": "in"})), ["in/a.txt", "in/caf%E9.txt"]);
}

#[test]
fn mistakes_are_found_before_the_first_document() {
    let base = folder(&["in/a.txt", "in/odd[1].txt"]);
    let refused = |options| input(base.path(), options).err().unwrap_or_default();
    assert!(refused(json!({"path": "inn"})).starts_with("/path: cannot read inn: "));
    assert!(refused(json!({})).starts_with("/path: expected a folder"));
    let both = refused(json!({"path": "nope", "include": ["ok", "[x"]}));
    assert!(both.contains("/include/1: \"[x\" is no glob") && both.contains("/path"), "{both}");
    assert_eq!(list(base.path(), json!({"path": "in/odd[1].txt"})), ["odd[1].txt"]);
}

#[test]
fn the_bytes_of_a_file_are_handed_over() {
    let base = folder(&["in/a.txt"]);
    let input = input(base.path(), json!({"path": "in"})).expect("the options are right");
    let mut content = String::new();
    let listed = input.list(&mut |found| {
        assert_eq!(found.bytes, Some(8));
        (found.open)().and_then(|mut file| file.read_to_string(&mut content)).expect("it can be read");
        ControlFlow::Break(())
    });
    assert!(listed.is_ok());
    assert_eq!(content, "in/a.txt");
}

/// The URIs that a walk gives whose listings hold so many bytes.
fn walked(root: &Path, memory: u64) -> Vec<String> {
    let selection = Selection::new(&[], &[], true).expect("no globs");
    let rules = Rules { selection, gitignore: false, follow_links: true };
    let mut uris = Vec::new();
    let mut found = |found: Found| {
        uris.push(found.uri);
        ControlFlow::Continue(())
    };
    Walk::new(&rules, None).with_memory(memory).run(root, b"", &mut found).expect("room for temporary files");
    uris
}

#[test]
fn a_listing_that_waits_in_files_has_the_same_order() {
    let base = tempfile::tempdir().expect("a temporary folder");
    let root = base.path();
    // 200 KB of names, of which 64 KiB are in memory.
    let mut paths: Vec<Vec<u8>> = (0..1000_u64)
        .map(|number| format!("{:0>200}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 100_003).into_bytes())
        .collect();
    paths.dedup();
    // Folders between files, and bytes that are not UTF-8 on both sides of them.
    let names: &[&[u8]] = &[b"5", b"5/x", b"5-", b"5.txt", b"50", b"5\xFF", b"\xE9", b"\xE9/\xFF", b"\xE9 ", b"\xE90"];
    paths.extend(names.iter().map(|name| name.to_vec()));
    paths.retain(|path| path != b"5" && path != b"\xE9");
    for path in &paths {
        let path = root.join(std::ffi::OsStr::from_bytes(path));
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, "x").expect("a file");
    }
    paths.sort();
    paths.dedup();
    let written = |path: &Vec<u8>| String::from_utf8_lossy(path).replace('\u{FFFD}', "?");
    let expected: Vec<String> = paths.iter().map(written).collect();
    for memory in [0, 64 << 20] {
        let uris = walked(root, memory);
        let listed: Vec<String> = uris.iter().map(|uri| uri.replace("%FF", "?").replace("%E9", "?")).collect();
        assert_eq!(listed, expected, "with {memory} bytes");
    }
}

/// Puts the top folder of one chain of folders below the lowest of the other, and back.
struct DeepFolders<'a> {
    base: &'a Path,
    levels: usize,
    joint: PathBuf,
}

impl<'a> DeepFolders<'a> {
    fn new(base: &'a Path, levels: usize) -> Self {
        let chain = |top: &str| std::iter::once(top).chain(std::iter::repeat_n("d", levels)).collect::<PathBuf>();
        let (upper, lower) = (base.join(chain("upper")), base.join(chain("lower")));
        fs::create_dir_all(&upper).expect("folders");
        fs::create_dir_all(&lower).expect("folders");
        fs::write(upper.join("near.txt"), "x").expect("a file");
        fs::write(lower.join("far.txt"), "x").expect("a file");
        let joint = upper.join("lower");
        fs::rename(base.join("lower"), &joint).expect("a longer chain");
        Self { base, levels, joint }
    }
}

impl Drop for DeepFolders<'_> {
    /// Takes the folders away one by one: taken away at once, each would be open until those in it are gone.
    fn drop(&mut self) {
        let _ = fs::rename(&self.joint, self.base.join("lower"));
        for (top, file) in [("upper", "near.txt"), ("lower", "far.txt")] {
            let mut path: PathBuf = self.base.join(top);
            path.extend(std::iter::repeat_n("d", self.levels));
            let _ = fs::remove_file(path.join(file));
            while path != self.base && fs::remove_dir(&path).is_ok() {
                path.pop();
            }
        }
    }
}

#[test]
fn thousands_of_folders_in_each_other_are_walked_as_far_as_the_system_goes() {
    let base = tempfile::tempdir().expect("a temporary folder");
    let _deep = DeepFolders::new(base.path(), 1800);
    let listed = list(base.path(), json!({"path": "upper"}));
    assert_eq!(listed.len(), 2, "{listed:?}");
    assert!(listed[0].contains("d/lower/d/") && listed[0].contains(": the folder cannot be listed: its path of "));
    assert!(listed[0].ends_with("a run that starts in a folder further down reads it"), "{listed:?}");
    assert!(listed[1].ends_with("/d/d/near.txt"), "{listed:?}");
}

#[test]
fn a_file_whose_path_is_too_long_is_listed_as_a_failure() {
    let base = tempfile::tempdir().expect("a temporary folder");
    let root = base.path().join("in");
    let long = "n".repeat(250);
    let mut path: PathBuf =
        std::iter::once(root.clone()).chain(std::iter::repeat_n(PathBuf::from(&long), 14)).collect();
    fs::create_dir_all(&path).expect("folders");
    let inner = base.path().join("inner");
    fs::create_dir_all(inner.join(&long)).expect("folders");
    fs::write(inner.join(&long).join(&long), "x").expect("a file");
    path.push(&long);
    fs::rename(inner, &path).expect("a longer chain");
    let listed = list(base.path(), json!({"path": "in"}));
    assert_eq!(listed.len(), 1);
    assert!(
        listed[0].contains(&format!("/{long}: ")) && listed[0].contains("is longer than the system takes"),
        "{listed:?}"
    );
}
