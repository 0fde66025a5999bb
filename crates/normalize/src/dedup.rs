//! Documents that repeat another one, in whole or nearly.
//!
//! Both stages keep the first document in the order of the run and find the later ones to be duplicates, whatever the
//! number of workers.

mod exact;
mod minhash;
mod near;

pub use exact::{DedupExact, Subject};
pub use near::DedupNear;

use std::io;

use docmill_core::{Document, Findings, Verdict};
use rustc_hash::FxHashMap;

/// What a document repeats.
struct Repeats {
    /// The number of its URI.
    of: usize,
    similarity: f64,
}

/// The documents that repeat an earlier one, by position.
struct Duplicates {
    repeats: FxHashMap<u64, Repeats>,
    uris: Uris,
}

impl Findings for Duplicates {
    /// The similarity (8 bytes) and the URI of the document that is repeated; nothing for one that repeats none.
    fn finding(&mut self, position: u64) -> io::Result<Vec<u8>> {
        let Some(found) = self.repeats.get(&position) else { return Ok(Vec::new()) };
        Ok([&found.similarity.to_le_bytes(), self.uris.get(found.of).as_bytes()].concat())
    }
}

/// The finding of a document that repeats the one with this URI: the similarity (8 bytes) and the URI.
fn repeats(uri: &[u8], similarity: f64) -> Vec<u8> {
    [&similarity.to_le_bytes(), uri].concat()
}

/// What becomes of a document with this finding: a duplicate, unless duplicates are kept with a note.
fn verdict(finding: &[u8], annotate: bool, doc: &mut Document) -> Verdict {
    let Some((similarity, of)) = finding.split_first_chunk() else { return Verdict::Keep };
    let (similarity, of) = (f64::from_le_bytes(*similarity), String::from_utf8_lossy(of).into_owned());
    if annotate {
        doc.meta.set("duplicate_of", of);
        doc.measure("duplicate.similarity", similarity);
        return Verdict::Keep;
    }
    Verdict::Duplicate { of, similarity }
}

/// The URIs of documents, one after the other: no allocation a document.
#[derive(Default)]
struct Uris {
    text: String,
    ends: Vec<usize>,
}

impl Uris {
    /// Keeps a URI and gives its number, from 0.
    fn push(&mut self, uri: &str) -> usize {
        self.text.push_str(uri);
        self.ends.push(self.text.len());
        self.ends.len() - 1
    }

    fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |previous| self.ends[previous]);
        &self.text[start..self.ends[number]]
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{BuildContext, Component, Context, CorpusContext, Role};

    use super::*;

    /// The verdicts of a stage on texts named by their position, and the documents after it.
    pub(super) fn verdicts(component: impl Component, texts: &[&str]) -> Vec<(Verdict, Document)> {
        verdicts_within(CorpusContext::default().memory, component, texts)
    }

    /// The same where the stage may hold so many bytes.
    fn verdicts_within(memory: u64, component: impl Component, texts: &[&str]) -> Vec<(Verdict, Document)> {
        let stage = match component.build(&BuildContext::default()) {
            Ok(Role::Corpus(stage)) => stage,
            Ok(_) => panic!("not a corpus stage"),
            Err(errors) => panic!("{errors:?}"),
        };
        let cx = Context::default();
        let docs = texts.iter().enumerate().map(|(at, text)| Document::from_text(&at.to_string(), text));
        let mut docs: Vec<Document> = docs.collect();
        let mut aggregate = stage.aggregate(&CorpusContext { memory }).expect("it begins");
        for (position, doc) in (0..).zip(&docs) {
            let observation = stage.observe(doc, &cx).expect("it takes every document");
            aggregate.add(position, &doc.source().uri, &observation).expect("it takes every document");
        }
        let mut findings = aggregate.conclude().expect("it concludes");
        let judge = |(position, mut doc): (u64, Document)| {
            let finding = findings.finding(position).expect("it was observed");
            (stage.apply(&finding, &mut doc, &cx).expect("it takes every document"), doc)
        };
        (0..).zip(docs.drain(..)).map(judge).collect()
    }

    /// What each of the texts is found to repeat.
    pub(super) fn repeated(component: impl Component, texts: &[&str]) -> Vec<Option<String>> {
        repeated_within(CorpusContext::default().memory, component, texts)
    }

    /// The same where the stage may hold so many bytes.
    pub(super) fn repeated_within(memory: u64, component: impl Component, texts: &[&str]) -> Vec<Option<String>> {
        let of = |(verdict, _)| match verdict {
            Verdict::Duplicate { of, .. } => Some(of),
            Verdict::Keep | Verdict::Drop(_) => None,
        };
        verdicts_within(memory, component, texts).into_iter().map(of).collect()
    }

    #[test]
    fn uris_are_kept_in_order() {
        let mut uris = Uris::default();
        let numbers = ["a", "", "bcd"].map(|uri| uris.push(uri));
        assert_eq!(numbers.map(|number| uris.get(number).to_owned()), ["a", "", "bcd"]);
    }
}
