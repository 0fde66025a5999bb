//! Documents that repeat another one, in whole, nearly, or in paragraphs.
//!
//! What comes first in the order of the run is kept, and the later is what repeats it, whatever the number of workers.

mod exact;
mod kept;
mod minhash;
mod near;
mod paragraphs;

pub use exact::{DedupExact, Subject};
pub use near::DedupNear;
pub use paragraphs::DedupParagraphs;

use docmill_core::{Document, Verdict};

/// The beginning of a BLAKE3 hash: nobody makes two texts that have the same one.
type Hash = [u8; 16];

/// The hash of a text in which all runs of white space are the same.
fn folded_hash(text: &str) -> Hash {
    let mut hasher = blake3::Hasher::new();
    for word in text.split_whitespace() {
        hasher.update(word.as_bytes());
        hasher.update(b" ");
    }
    beginning(&hasher.finalize())
}

fn beginning(hash: &blake3::Hash) -> Hash {
    let (beginning, _) = hash.as_bytes().split_first_chunk().expect("a hash has 32 bytes");
    *beginning
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

#[cfg(test)]
mod tests {
    use docmill_core::{Component, CorpusContext};

    use super::*;
    use crate::testing::corpus_wide;

    /// The verdicts of a stage on texts named by their position, and the documents after it.
    pub(super) fn verdicts(component: impl Component, texts: &[&str]) -> Vec<(Verdict, Document)> {
        verdicts_within(CorpusContext::default().memory, component, texts)
    }

    /// The same where the stage may hold so many bytes.
    fn verdicts_within(memory: u64, component: impl Component, texts: &[&str]) -> Vec<(Verdict, Document)> {
        let docs = texts.iter().enumerate().map(|(at, text)| Document::from_text(&at.to_string(), text));
        corpus_wide(component, docs.collect(), memory)
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
}
