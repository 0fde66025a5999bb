//! Documents with the same text, or from the same bytes.

use std::io;

use docmill_core::{
    Aggregate, BuildContext, Component, Context, CorpusContext, CorpusStage, Document, Findings, OptionError, Role,
    RoleKind, StageError, Verdict,
};
use docmill_spill::Sorter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Hash, beginning, folded_hash, repeats, verdict};
use crate::findings::Found;

/// Finds documents that have the same text as an earlier one.
///
/// The first document in the order of the run is kept; the later ones are duplicates of it. `compare: text` compares the text as it
/// is at this stage, where all runs of white space are the same; `compare: source` compares the bytes of the sources. With
/// `annotate`, duplicates stay, with `duplicate_of` in their metadata.
///
/// ```yaml
/// - dedup.exact: { compare: source }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DedupExact {
    /// What is compared.
    pub compare: Subject,
    /// Keep duplicates, and say in their metadata what they repeat.
    pub annotate: bool,
}

/// What of two documents is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The text at this stage.
    #[default]
    Text,
    /// The bytes of the source.
    Source,
}

impl Component for DedupExact {
    const NAME: &'static str = "dedup.exact";
    const KIND: RoleKind = RoleKind::Corpus;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::corpus(self))
    }
}

impl CorpusStage for DedupExact {
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        let hash = match self.compare {
            Subject::Text => folded_hash(doc.text()),
            Subject::Source => beginning(&blake3::hash(doc.source().hash.as_bytes())),
        };
        Ok(hash.to_vec())
    }

    fn aggregate(&self, cx: &CorpusContext) -> io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Seen::new(cx.memory)))
    }

    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        Ok(verdict(finding, self.annotate, doc))
    }
}

/// The hashes so far, each with the position and the URI of its document: sorted, the first document with a hash comes before
/// those that repeat it.
struct Seen {
    memory: u64,
    sorter: Sorter,
    record: Vec<u8>,
}

/// Bytes of a hash and a position at the beginning of a record; the URI is the rest.
const HASH: usize = size_of::<Hash>();
const URI: usize = HASH + size_of::<u64>();

impl Seen {
    /// For a stage that may hold `memory` bytes: half for the hashes, half for what is found by them.
    fn new(memory: u64) -> Self {
        Self { memory, sorter: Sorter::new(memory / 2), record: Vec::new() }
    }
}

impl Aggregate for Seen {
    fn add(&mut self, position: u64, uri: &str, observation: &[u8]) -> io::Result<()> {
        let hash = Hash::try_from(observation).map_err(io::Error::other)?;
        self.record.clear();
        self.record.extend_from_slice(&hash);
        self.record.extend_from_slice(&position.to_be_bytes());
        self.record.extend_from_slice(uri.as_bytes());
        self.sorter.push(&self.record)
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let mut found = Found::new(self.memory / 2);
        let mut sorted = self.sorter.finish()?;
        let mut first: Vec<u8> = Vec::new();
        let mut finding = Vec::new();
        while let Some(record) = sorted.next_record()? {
            let (Some((hash, rest)), same) = (record.split_at_checked(HASH), first.get(..HASH)) else { continue };
            if same != Some(hash) {
                first.clear();
                first.extend_from_slice(record);
                finding = repeats(&first[URI..], 1.0);
            } else if let Some((position, _)) = rest.split_first_chunk() {
                found.push(u64::from_be_bytes(*position), &finding)?;
            }
        }
        found.findings()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use docmill_core::Verdict;
    use proptest::prelude::*;

    use super::super::tests::{repeated, repeated_within, verdicts};
    use super::*;

    #[test]
    fn later_documents_repeat_the_first() {
        let texts = ["one two", "other", "one  two", "One two", "one\ntwo\n", "other"];
        let repeats = |uri: &str| Some(uri.to_owned());
        let expected = [None, None, repeats("0"), None, repeats("0"), repeats("1")];
        assert_eq!(repeated(DedupExact::default(), &texts), expected);
    }

    #[test]
    fn sources_are_compared_byte_by_byte() {
        let by_source = DedupExact { compare: Subject::Source, ..DedupExact::default() };
        assert_eq!(repeated(by_source, &["one two", "one  two", "one two"]), [None, None, Some("0".to_owned())]);
    }

    #[test]
    fn duplicates_stay_with_a_note_where_asked() {
        let noted = verdicts(DedupExact { annotate: true, ..DedupExact::default() }, &["a", "a"]);
        assert_eq!((&noted[1].0, noted[1].1.meta.text("duplicate_of")), (&Verdict::Keep, Some("0")));
        assert_eq!(noted[0].1.meta.text("duplicate_of"), None);
    }

    #[test]
    fn hashes_that_do_not_fit_in_memory_find_the_same() {
        // 3,000 records of 28 bytes and more are over 64 KiB.
        let texts: Vec<String> = (0..3000_u32).map(|number| (number * number % 1009).to_string()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert_eq!(repeated_within(0, DedupExact::default(), &texts), expected(&texts));
    }

    fn expected(texts: &[&str]) -> Vec<Option<String>> {
        let mut first = BTreeMap::new();
        let earlier = |(at, text)| {
            let of: usize = *first.entry(text).or_insert(at);
            (of != at).then(|| of.to_string())
        };
        texts.iter().enumerate().map(earlier).collect()
    }

    proptest! {
        #[test]
        fn the_first_of_each_text_is_kept(texts in prop::collection::vec("[ab]{1,3}", 0..40)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            prop_assert_eq!(repeated(DedupExact::default(), &texts), expected(&texts));
        }
    }
}
