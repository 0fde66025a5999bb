//! Documents that are nearly the same as an earlier one.
//!
//! Each document is a `MinHash` signature. Signatures are cut into bands, and documents that agree in a whole band are
//! candidates (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4); bands are as long as they can be
//! while pairs at the threshold are still found. A candidate counts if the signatures agree in a share of places that
//! reaches the threshold. Only documents that are kept are compared with, so that every duplicate is like one that stays.

use std::io;

use docmill_core::{
    Aggregate, BuildContext, Component, Context, CorpusContext, CorpusStage, Document, Findings, OptionError, Role,
    RoleKind, StageError, Verdict,
};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::minhash::{ORDERS, Signature, signature, similarity};
use super::{Duplicates, Repeats, Uris, verdict};

/// Finds documents that are nearly the same as an earlier one.
///
/// Two documents are compared by the sequences of words that they have in common: the similarity is the share of these in
/// all sequences of both (Jaccard), estimated from 256 hashes a document. Where it reaches `threshold`, the later document is
/// a duplicate of the earliest such document that is kept. Case and punctuation do not count. With `annotate`, duplicates
/// stay, with `duplicate_of` in their metadata and the measure `duplicate.similarity`.
///
/// ```yaml
/// - dedup.near: { threshold: 0.7 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DedupNear {
    /// How alike duplicates are, 0..=1.
    #[schemars(range(min = 0.2, max = 1.0))]
    pub threshold: f64,
    /// Words in a sequence.
    #[schemars(range(min = 1, max = 20))]
    pub words: usize,
    /// Keep duplicates, and say in their metadata what they repeat.
    pub annotate: bool,
}

impl Default for DedupNear {
    fn default() -> Self {
        Self { threshold: 0.8, words: 5, annotate: false }
    }
}

/// The probability with which a pair exactly at the threshold becomes a candidate.
const FOUND: f64 = 0.99;
/// Most documents that one band of hashes leads to: texts of one template would otherwise all be compared with each other.
const LARGEST_BUCKET: usize = 64;

impl Component for DedupNear {
    const NAME: &'static str = "dedup.near";
    const KIND: RoleKind = RoleKind::Corpus;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::corpus(self))
    }
}

impl CorpusStage for DedupNear {
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        let signature = signature(doc.text(), self.words);
        Ok(signature.iter().flat_map(|signature| signature.iter()).flat_map(|hash| hash.to_le_bytes()).collect())
    }

    fn aggregate(&self, _cx: &CorpusContext) -> io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Kept {
            threshold: self.threshold,
            rows: rows(self.threshold),
            signatures: Vec::new(),
            uris: Uris::default(),
            buckets: FxHashMap::default(),
            repeats: Vec::new(),
        }))
    }

    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        Ok(verdict(finding, self.annotate, doc))
    }
}

/// The length of a band: the longest with which pairs at `threshold` are found.
fn rows(threshold: f64) -> usize {
    let found = |rows: &usize| {
        let bands = ORDERS / rows;
        let agrees = (0..*rows).fold(1.0, |product, _| product * threshold);
        let misses = (0..bands).fold(1.0, |product, _| product * (1.0 - agrees));
        1.0 - misses >= FOUND
    };
    (1..=32).take_while(found).last().unwrap_or(1)
}

/// The documents that are kept so far.
struct Kept {
    threshold: f64,
    rows: usize,
    /// The signatures, one after the other.
    signatures: Vec<u32>,
    uris: Uris,
    /// The numbers of the documents with a band, by the hash of the band and its place.
    buckets: FxHashMap<u64, Vec<u32>>,
    /// The documents that repeat one, the number of that one, and how alike they are.
    repeats: Vec<(u64, usize, f64)>,
}

impl Kept {
    /// The hash of each band with its place.
    fn bands(&self, signature: &Signature) -> Vec<u64> {
        let mut bytes = Vec::with_capacity(4 * self.rows + 8);
        let hash = |(place, band): (usize, &[u32])| {
            bytes.clear();
            bytes.extend_from_slice(&(place as u64).to_le_bytes());
            bytes.extend(band.iter().flat_map(|row| row.to_le_bytes()));
            xxh3_64(&bytes)
        };
        signature.chunks_exact(self.rows).enumerate().map(hash).collect()
    }

    /// The earliest kept document that is alike enough, and how alike it is.
    fn repeated(&self, signature: &Signature, bands: &[u64]) -> Option<(usize, f64)> {
        let mut candidates: Vec<u32> =
            bands.iter().filter_map(|band| self.buckets.get(band)).flatten().copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        candidates.into_iter().find_map(|number| {
            let number = number as usize;
            let kept = self.signatures.get(number * ORDERS..(number + 1) * ORDERS)?;
            let similarity = similarity(kept, signature);
            (similarity >= self.threshold).then_some((number, similarity))
        })
    }

    fn keep(&mut self, uri: &str, signature: &Signature, bands: Vec<u64>) {
        // Past 2^32 kept documents, which take 4 TB of signatures, new ones are no longer compared with.
        let Ok(number) = u32::try_from(self.uris.push(uri)) else { return };
        self.signatures.extend_from_slice(signature);
        for band in bands {
            let bucket = self.buckets.entry(band).or_default();
            if bucket.len() < LARGEST_BUCKET {
                bucket.push(number);
            }
        }
    }
}

impl Aggregate for Kept {
    fn add(&mut self, position: u64, uri: &str, observation: &[u8]) -> io::Result<()> {
        if observation.is_empty() {
            return Ok(());
        }
        let mut signature = Box::new([0; ORDERS]);
        for (hash, bytes) in signature.iter_mut().zip(observation.chunks_exact(4)) {
            *hash = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        let bands = self.bands(&signature);
        match self.repeated(&signature, &bands) {
            Some((number, similarity)) => self.repeats.push((position, number, similarity)),
            None => self.keep(uri, &signature, bands),
        }
        Ok(())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let repeats =
            self.repeats.iter().map(|&(position, of, similarity)| (position, Repeats { of, similarity })).collect();
        Ok(Box::new(Duplicates { repeats, uris: self.uris }))
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::Verdict;

    use super::super::tests::{repeated, verdicts};
    use super::*;

    /// A text of 300 words, of which every `step`th is another one.
    fn text(step: usize) -> String {
        let word = |at: usize| if at % step == step - 1 { format!("other{at}") } else { format!("word{at}") };
        (0..300).map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn later_documents_repeat_the_earliest_that_is_alike() {
        let (original, edited, distinct) = (text(1000), text(150), text(10));
        let found = repeated(DedupNear::default(), &[&original, &distinct, &edited, "", &original, ""]);
        let first = Some("0".to_owned());
        assert_eq!(found, [None, None, first.clone(), None, first, None]);
    }

    #[test]
    fn every_duplicate_is_like_one_that_is_kept() {
        // Each is like the one before it, but the third is not like the first.
        let (a, b, c) = (text(1000), text(60), text(30));
        let found = repeated(DedupNear { threshold: 0.78, ..DedupNear::default() }, &[&a, &b, &c]);
        assert_eq!(found, [None, Some("0".to_owned()), None]);
    }

    #[test]
    fn of_two_kept_documents_the_earlier_is_repeated() {
        let (a, b, c) = (text(1000), text(60), text(30));
        let found = repeated(DedupNear { threshold: 0.78, ..DedupNear::default() }, &[&a, &c, &b]);
        assert_eq!(found, [None, None, Some("0".to_owned())]);
    }

    #[test]
    fn duplicates_stay_with_a_note_where_asked() {
        let (original, edited) = (text(1000), text(150));
        let noted = verdicts(DedupNear { annotate: true, ..DedupNear::default() }, &[&original, &edited]);
        assert_eq!((&noted[1].0, noted[1].1.meta.text("duplicate_of")), (&Verdict::Keep, Some("0")));
        assert!(noted[1].1.measures()["duplicate.similarity"] > 0.8);
    }

    #[test]
    fn the_similarity_is_the_share_of_common_sequences() {
        let (original, edited) = (text(1000), text(150));
        let Verdict::Duplicate { similarity, .. } = verdicts(DedupNear::default(), &[&original, &edited])[1].0 else {
            panic!("not found");
        };
        // Two changed words of 300: 287 of 305 sequences of five words are in both.
        assert!((similarity - 287.0 / 305.0).abs() < 0.06, "{similarity}");
    }

    #[test]
    fn bands_are_shorter_for_lower_thresholds() {
        assert!(rows(0.3) < rows(0.5) && rows(0.5) < rows(0.8) && rows(0.8) < rows(0.95));
        assert_eq!(rows(1.0), 32);
    }
}
