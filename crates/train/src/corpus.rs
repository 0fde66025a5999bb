//! Annotated text: names as IOB2 labels, parts of speech as columns, a token a line.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, bail};
use docmill_sequence::{NameKind, PartOfSpeech, words};

/// The files of names.
const NAMES: [&str; 8] = [
    "ewt",
    "crossner-politics",
    "crossner-science",
    "crossner-ai",
    "crossner-music",
    "crossner-literature",
    "wnut17",
    "btc",
];

/// A document with the labels of its words.
#[derive(Default)]
pub(crate) struct Labelled {
    pub(crate) text: String,
    /// The words of each sentence, as byte ranges of the text.
    pub(crate) sentences: Vec<Vec<Range<usize>>>,
    pub(crate) labels: Vec<Vec<u8>>,
}

impl Labelled {
    /// Ends the sentence at hand, where it has words.
    fn close(&mut self, words: &mut Vec<Range<usize>>, labels: Vec<u8>) {
        if !words.is_empty() {
            self.sentences.push(std::mem::take(words));
            self.labels.push(labels);
        }
    }

    /// Appends a token; returns its words.
    fn append(&mut self, token: &str) -> Vec<Range<usize>> {
        let start = self.text.len();
        self.text.push_str(token);
        self.text.push(' ');
        let mut parts = Vec::new();
        words(token, &mut parts);
        parts.into_iter().map(|part| part.start + start..part.end + start).collect()
    }
}

/// All documents with names of the folder `data`, file by file. A file without `# doc` lines has a document a sentence.
pub(crate) fn names(data: &Path) -> anyhow::Result<Vec<Labelled>> {
    let mut documents = Vec::new();
    for file in NAMES {
        let path = data.join("ner").join(file).with_extension("iob2");
        let read = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let has_documents = read.contains("# doc");
        let (mut kept, mut kinds) = (Vec::new(), Vec::new());
        let mut document = Labelled::default();
        for (number, line) in read.lines().chain([""]).enumerate() {
            if line.is_empty() || line.starts_with("# doc") {
                let labels = bilou(&document.text, &kept, &mut kinds);
                document.close(&mut kept, labels);
                if line.starts_with('#') == has_documents && !document.sentences.is_empty() {
                    documents.push(std::mem::take(&mut document));
                }
                continue;
            }
            let Some((token, label)) = line.split_once('\t') else {
                bail!("{}:{}: expected a token, a tab and a label", path.display(), number + 1);
            };
            let (begins, kind) = match label.split_once('-') {
                None => (true, None),
                Some((part, code)) => (part == "B", NameKind::ALL.into_iter().find(|kind| kind.code() == code)),
            };
            for (place, part) in document.append(token).into_iter().enumerate() {
                kept.push(part);
                kinds.push(kind.map(|kind| (kind, begins && place == 0)));
            }
        }
        if !document.sentences.is_empty() {
            documents.push(document);
        }
    }
    Ok(documents)
}

/// Labels of words, of which each has the kind of its name and whether the name begins with it. What has neither a capital nor a
/// digit is no name of the kind `misc`: corpora of science and music mark ideas and genres as such.
fn bilou(text: &str, words: &[Range<usize>], kinds: &mut Vec<Option<(NameKind, bool)>>) -> Vec<u8> {
    let mut labels = vec![0; words.len()];
    let mut start = 0;
    while start < words.len() {
        let Some((kind, _)) = kinds[start] else {
            start += 1;
            continue;
        };
        let goes_on = |next: &&Option<(NameKind, bool)>| matches!(next, Some((other, false)) if *other == kind);
        let end = start + 1 + kinds[start + 1..].iter().take_while(goes_on).count();
        let name = &text[words[start].start..words[end - 1].end];
        if kind != NameKind::Misc || name.contains(|letter: char| letter.is_uppercase() || letter.is_numeric()) {
            labels.splice(start..end, kind.labels(end - start));
        }
        start = end;
    }
    kinds.clear();
    labels
}

/// All documents with parts of speech of the folder `data`.
pub(crate) fn parts_of_speech(data: &Path) -> anyhow::Result<Vec<Labelled>> {
    let path = data.join("pos/ewt.tsv");
    let read = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut documents = Vec::new();
    let mut document = Labelled::default();
    let (mut kept, mut labels) = (Vec::new(), Vec::new());
    for (number, line) in read.lines().chain(["", "# doc"]).enumerate() {
        if line.is_empty() {
            document.close(&mut kept, std::mem::take(&mut labels));
        } else if line.starts_with("# doc") {
            if !document.sentences.is_empty() {
                documents.push(std::mem::take(&mut document));
            }
        } else if !line.starts_with("# ") {
            let mut columns = line.split('\t');
            let (token, code) = (columns.next().unwrap_or_default(), columns.nth(1).unwrap_or_default());
            let Some(label) = PartOfSpeech::ALL.iter().position(|(_, name)| *name == code) else {
                bail!("{}:{}: expected a part of speech, found {code:?}", path.display(), number + 1);
            };
            for part in document.append(token) {
                kept.push(part);
                labels.push(u8::try_from(label)?);
            }
        }
    }
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("ner")).unwrap();
        std::fs::create_dir_all(folder.path().join("pos")).unwrap();
        for file in NAMES {
            std::fs::write(folder.path().join("ner").join(file).with_extension("iob2"), "").unwrap();
        }
        for (file, text) in files {
            std::fs::write(folder.path().join(file), text).unwrap();
        }
        folder
    }

    #[test]
    fn tokens_are_cut_into_words_and_keep_their_names() {
        let text =
            "# doc = a\nAl-Ani\tB-PER\nBank\tI-PER\nrock\tB-MISC\n\nHe\tO\n\n# doc = b\nOslo\tB-LOC\nOslo\tB-LOC\n";
        let documents = names(folder(&[("ner/ewt.iob2", text)]).path()).unwrap();
        let labels: Vec<Vec<Vec<u8>>> = documents.iter().map(|document| document.labels.clone()).collect();
        // `Al - Ani Bank` is one name of four words; what has no capital is none of the kind `misc`.
        assert_eq!(labels, [vec![vec![1, 2, 2, 3, 0], vec![0]], vec![vec![12, 12]]]);
        assert_eq!(&documents[0].text[documents[0].sentences[0][2].clone()], "Ani");
    }

    #[test]
    fn a_file_without_documents_has_one_a_sentence() {
        let documents = names(folder(&[("ner/btc.iob2", "Oslo\tB-LOC\n\nHe\tO\n\n")]).path()).unwrap();
        assert_eq!(documents.iter().map(|document| document.sentences.len()).collect::<Vec<_>>(), [1, 1]);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let error = names(folder(&[("ner/btc.iob2", "Oslo\tB-LOC\nHe\n")]).path()).err().unwrap().to_string();
        assert!(error.contains("btc.iob2:2"), "{error}");
        let error = parts_of_speech(folder(&[("pos/ewt.tsv", "# doc = a\nHe\the\tPRO\tPRP\t1\n")]).path());
        assert!(error.err().unwrap().to_string().contains("ewt.tsv:2"));
    }
}
