//! Documents with the same text, or from the same bytes.

use std::collections::hash_map::Entry;
use std::io;

use docmill_core::{
    Aggregate, BuildContext, Component, Context, CorpusContext, CorpusStage, Document, Findings, OptionError, Role,
    RoleKind, StageError, Verdict,
};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Duplicates, Repeats, Uris, verdict};

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

/// Half of a BLAKE3 hash: nobody makes two texts that have the same one.
type Hash = [u8; 16];

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
            Subject::Text => blake3::hash(folded(doc.text()).as_bytes()),
            Subject::Source => blake3::hash(doc.source().hash.as_bytes()),
        };
        Ok(hash.as_bytes()[..16].to_vec())
    }

    fn aggregate(&self, _cx: &CorpusContext) -> io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Seen::default()))
    }

    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        Ok(verdict(finding, self.annotate, doc))
    }
}

/// The text with one space for each run of white space.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        folded.push_str(word);
        folded.push(' ');
    }
    folded
}

/// The hashes so far, each with the document that had it first.
#[derive(Default)]
struct Seen {
    first: FxHashMap<Hash, usize>,
    uris: Uris,
    /// The documents that repeat one, and the number of that one.
    repeats: Vec<(u64, usize)>,
}

impl Aggregate for Seen {
    fn add(&mut self, position: u64, uri: &str, observation: &[u8]) -> io::Result<()> {
        let hash = Hash::try_from(observation).map_err(io::Error::other)?;
        match self.first.entry(hash) {
            Entry::Occupied(first) => self.repeats.push((position, *first.get())),
            Entry::Vacant(unseen) => {
                unseen.insert(self.uris.push(uri));
            }
        }
        Ok(())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let repeats = self.repeats.iter().map(|&(position, of)| (position, Repeats { of, similarity: 1.0 })).collect();
        Ok(Box::new(Duplicates { repeats, uris: self.uris }))
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::Verdict;

    use super::super::tests::{repeated, verdicts};
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
}
