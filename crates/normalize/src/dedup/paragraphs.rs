//! Paragraphs that stood in an earlier document.

use std::io;

use docmill_core::{
    Aggregate, BuildContext, ByteSpan, Component, Context, CorpusContext, CorpusStage, Document, Field, Findings,
    OptionError, Role, RoleKind, StageError, Verdict,
};
use docmill_spill::Sorter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Hash, folded_hash};
use crate::findings::Found;
use crate::removal::removal;
use crate::scope::paragraphs;

/// Removes paragraphs that stood in an earlier document.
///
/// The first document in the order of the run that has a paragraph keeps it, and it goes from all later ones: shared
/// introductions, quoted messages, texts of agencies that were reprinted in part. Paragraphs, list items and quotations count that have
/// at least `min_length` characters; white space does not tell them apart. One that is there twice in a single document stays. How
/// many went is the measure `duplicate.paragraphs`, and their share in the characters of the text `duplicate.share`.
///
/// It should come after the stages that drop documents, or else what a document keeps may be dropped with it.
///
/// ```yaml
/// - dedup.paragraphs: { min_length: 200 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DedupParagraphs {
    /// How many characters a paragraph has at least; shorter ones stay.
    pub min_length: usize,
}

impl Default for DedupParagraphs {
    fn default() -> Self {
        Self { min_length: 80 }
    }
}

/// The measures.
const REMOVED: &str = "duplicate.paragraphs";
const SHARE: &str = "duplicate.share";

impl Component for DedupParagraphs {
    const NAME: &'static str = "dedup.paragraphs";
    const KIND: RoleKind = RoleKind::Corpus;

    fn gives(&self) -> Vec<Field> {
        vec![Field::measure(REMOVED), Field::measure(SHARE)]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::corpus(self))
    }
}

impl CorpusStage for DedupParagraphs {
    /// The hashes of the paragraphs, sorted, each once.
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        let mut hashes: Vec<Hash> = self.paragraphs(doc).map(|(_, hash)| hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Ok(hashes.concat())
    }

    fn aggregate(&self, cx: &CorpusContext) -> io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Seen { memory: cx.memory, sorter: Sorter::new(cx.memory / 2) }))
    }

    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let repeated: Vec<&[u8]> = finding.chunks_exact(HASH).collect();
        let is_repeated = |hash: Hash| repeated.binary_search(&hash.as_slice()).is_ok();
        let spans = self.paragraphs(doc).filter(|&(_, hash)| is_repeated(hash)).map(|(span, _)| span);
        let spans: Vec<ByteSpan> = spans.collect();
        let characters = |text: &str| text.chars().count();
        let removed: usize = spans.iter().filter_map(|span| span.of(doc.text())).map(characters).sum();
        let share = removed as f64 / characters(doc.text()).max(1) as f64;
        doc.edit(&removal(doc.text(), spans.iter().copied()))?;
        doc.measure(REMOVED, spans.len() as f64);
        doc.measure(SHARE, share);
        Ok(Verdict::Keep)
    }
}

impl DedupParagraphs {
    /// The paragraphs that are long enough, and their hashes.
    fn paragraphs<'a>(&'a self, doc: &'a Document) -> impl Iterator<Item = (ByteSpan, Hash)> + 'a {
        let long_enough = |text: &&str| text.chars().nth(self.min_length.saturating_sub(1)).is_some();
        let hashed = move |span: ByteSpan| Some((span, folded_hash(span.of(doc.text()).filter(long_enough)?)));
        paragraphs(doc).into_iter().filter_map(hashed)
    }
}

/// Bytes of a hash at the beginning of a record; the position is the rest.
const HASH: usize = size_of::<Hash>();
const RECORD: usize = HASH + size_of::<u64>();

/// The paragraphs so far, each with the position of its document: sorted, the first document with a paragraph comes first.
struct Seen {
    memory: u64,
    sorter: Sorter,
}

impl Aggregate for Seen {
    fn add(&mut self, position: u64, _uri: &str, observation: &[u8]) -> io::Result<()> {
        let mut record = [0; RECORD];
        record[HASH..].copy_from_slice(&position.to_be_bytes());
        for hash in observation.chunks_exact(HASH) {
            record[..HASH].copy_from_slice(hash);
            self.sorter.push(&record)?;
        }
        Ok(())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let mut found = Found::new(self.memory / 2);
        let mut sorted = self.sorter.finish()?;
        let mut before: Option<Hash> = None;
        while let Some(record) = sorted.next_record()? {
            let (hash, position) = record.split_first_chunk().ok_or(io::ErrorKind::InvalidData)?;
            if before == Some(*hash) {
                found.push(position.try_into().map(u64::from_be_bytes).map_err(io::Error::other)?, hash)?;
            }
            before = Some(*hash);
        }
        found.findings()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::testing::corpus_wide;

    fn after(min_length: usize, texts: &[String], memory: u64) -> Vec<Document> {
        let doc = |(at, text): (usize, &String)| Document::from_text(&format!("{at}.txt"), text);
        let docs = texts.iter().enumerate().map(doc).collect();
        corpus_wide(DedupParagraphs { min_length }, docs, memory).into_iter().map(|(_, doc)| doc).collect()
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    fn check(before: &[&str], expected: &[&str]) {
        let after = after(5, &texts(before), 1 << 20);
        assert_eq!(after.iter().map(Document::text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_first_document_keeps_a_paragraph() {
        let before = ["the first\n\nits own", "the  first\n\nanother\n\nthe end", "another\n\nthe\nfirst"];
        check(&before, &["the first\n\nits own", "another\n\nthe end", ""]);
    }

    #[test]
    fn short_paragraphs_stay_and_characters_are_counted_not_bytes() {
        check(&["abcd\n\nabcde\n\nöäüß", "abcd\n\nabcde\n\nöäüß"], &["abcd\n\nabcde\n\nöäüß", "abcd\n\nöäüß"]);
    }

    #[test]
    fn what_one_document_says_twice_stays_there() {
        check(
            &["again\n\nagain", "more\n\nagain\n\nand on\n\nagain\n\nagain"],
            &["again\n\nagain", "more\n\nand on\n"],
        );
    }

    #[test]
    fn what_went_is_measured() {
        let docs = after(5, &texts(&["12345", "12345\n\nabc"]), 1 << 20);
        let measured = |at: usize| (docs[at].measures()[REMOVED], docs[at].measures()[SHARE]);
        assert_eq!((measured(0), measured(1)), ((0.0, 0.0), (1.0, 0.5)));
    }

    #[test]
    fn what_does_not_fit_in_memory_is_found_all_the_same() {
        let text = |number: usize| format!("paragraph {}\n\nparagraph {}", number % 1500, number * 7 % 1500);
        let texts: Vec<String> = (0..4000).map(text).collect();
        let (little, much) = (after(5, &texts, 0), after(5, &texts, 1 << 30));
        assert!(little.iter().zip(&much).all(|(little, much)| little.text() == much.text()));
        assert!(much.iter().any(|doc| doc.text().is_empty()));
    }

    proptest! {
        #[test]
        fn each_paragraph_is_left_in_the_first_document_that_has_it(
            documents in prop::collection::vec(prop::collection::vec("[ab]{1,2}", 0..5), 0..20),
        ) {
            let mut first = BTreeMap::new();
            let mut expected = Vec::new();
            for (at, paragraphs) in documents.iter().enumerate() {
                expected.push(paragraphs.iter().filter(|&text| *first.entry(text).or_insert(at) == at).collect::<Vec<_>>());
            }
            let texts: Vec<String> = documents.iter().map(|paragraphs| paragraphs.join("\n\n")).collect();
            for (doc, expected) in after(1, &texts, 0).iter().zip(expected) {
                prop_assert_eq!(doc.text().split_whitespace().collect::<Vec<_>>(), expected);
            }
        }
    }
}
