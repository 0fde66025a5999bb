//! Where a run writes.
//!
//! The rule: relative paths of outputs start at the current folder, as written. The run folder, where the ledger, the
//! quarantine and the manifest go, is the folder of the first output. When another run folder is chosen (`-o DIR`), outputs in
//! the folder of the first output keep their place relative to it; outputs with other relative paths go straight into it, by
//! their file names; absolute paths elsewhere stay.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The run folder, and where each output of the pipeline writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFolder {
    /// Where the ledger, the quarantine and the manifest go.
    pub folder: PathBuf,
    /// Where each output writes, in the order of the outputs.
    pub outputs: Vec<PathBuf>,
}

impl RunFolder {
    /// The run folder of outputs with these paths, or `chosen`.
    ///
    /// ```
    /// use std::path::Path;
    /// use docmill_config::RunFolder;
    /// let outputs = [Path::new("out/documents.jsonl"), Path::new("out/pages/"), Path::new("tags.csv")];
    /// assert_eq!(RunFolder::new(&outputs, None).folder, Path::new("out"));
    /// let run = RunFolder::new(&outputs, Some(Path::new("/tmp/try")));
    /// assert_eq!(run.outputs, [
    ///     Path::new("/tmp/try/documents.jsonl"), Path::new("/tmp/try/pages"), Path::new("/tmp/try/tags.csv"),
    /// ]);
    /// ```
    pub fn new<P: AsRef<Path>>(outputs: &[P], chosen: Option<&Path>) -> Self {
        let first = outputs.first().and_then(|first| first.as_ref().parent());
        let own = first.filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Some(chosen) = chosen else {
            return Self {
                folder: own.to_owned(),
                outputs: outputs.iter().map(|path| path.as_ref().to_owned()).collect(),
            };
        };
        let mut taken = BTreeSet::new();
        let outputs = outputs.iter().map(|path| {
            let path = path.as_ref();
            let mut moved = moved(path, own, chosen);
            if taken.contains(&moved) {
                // Two folders with files of one name: the folders tell them apart.
                let named = path.components().filter(|part| matches!(part, Component::Normal(_)));
                moved = chosen.join(named.collect::<PathBuf>());
            }
            taken.insert(moved.clone());
            moved
        });
        Self { folder: chosen.to_owned(), outputs: outputs.collect() }
    }
}

fn moved(path: &Path, own: &Path, chosen: &Path) -> PathBuf {
    let own = if own == Path::new(".") { Path::new("") } else { own };
    let inside = path.strip_prefix(own).ok().filter(|rest| !rest.components().any(|part| part == Component::ParentDir));
    match inside {
        Some(rest) if !rest.has_root() => chosen.join(rest),
        _ if path.has_root() => path.to_owned(),
        _ => path.file_name().map_or_else(|| chosen.to_owned(), |name| chosen.join(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_follow_the_run_folder() {
        let check = |outputs: &[&str], chosen: Option<&str>, folder: &str, expected: &[&str]| {
            let run = RunFolder::new(outputs, chosen.map(Path::new));
            assert_eq!(run.folder, Path::new(folder), "{outputs:?}");
            assert_eq!(run.outputs, expected.iter().map(PathBuf::from).collect::<Vec<_>>(), "{outputs:?}");
        };
        check(&["out/a.jsonl", "b.csv"], None, "out", &["out/a.jsonl", "b.csv"]);
        check(&["a.jsonl"], None, ".", &["a.jsonl"]);
        check(&["a.jsonl", "deep/b.csv"], Some("d"), "d", &["d/a.jsonl", "d/deep/b.csv"]);
        check(&["out/a.jsonl", "out/x/b.csv", "other/c.csv"], Some("d"), "d", &["d/a.jsonl", "d/x/b.csv", "d/c.csv"]);
        check(&["out/a.jsonl", "../up/b.csv"], Some("d"), "d", &["d/a.jsonl", "d/b.csv"]);
        check(&["a.jsonl", "../b.csv"], Some("d"), "d", &["d/a.jsonl", "d/b.csv"]);
        check(&["out/a.csv", "other/a.csv"], Some("d"), "d", &["d/a.csv", "d/other/a.csv"]);
        check(&["/data/a.jsonl", "/data/x/b", "/logs/c"], Some("d"), "d", &["d/a.jsonl", "d/x/b", "/logs/c"]);
        check(&["a.jsonl", "/logs/c"], Some("d"), "d", &["d/a.jsonl", "/logs/c"]);
        check(&[], Some("d"), "d", &[]);
    }
}
