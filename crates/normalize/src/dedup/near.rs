//! Documents that are nearly the same as an earlier one.
//!
//! Each document is a `MinHash` signature. Signatures are cut into bands, and documents that agree in a whole band are
//! candidates (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4); bands are as long as they can be
//! while pairs at the threshold are still found. A candidate counts if the Jaccard similarity of the two sets of shingles
//! reaches the threshold. Only documents that are kept are compared with, so that every duplicate is like one that stays.

use std::io;

use docmill_core::{
    Aggregate, BuildContext, Component, Context, CorpusContext, CorpusStage, Document, Findings, OptionError, Role,
    RoleKind, StageError, Verdict,
};
use docmill_spill::{Records, Spool};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::minhash::{ORDERS, Signature, jaccard, shingles, signature};
use super::{Duplicates, Repeats, Uris, verdict};

/// Finds documents that are nearly the same as an earlier one.
///
/// Two documents are compared by the sequences of words that they have in common: the similarity is the share of these in
/// all sequences of both (Jaccard), of which each is a hash of 32 bits. Where it reaches `threshold`, the later document is
/// a duplicate of the earliest such document that is kept. Case and punctuation do not count. With `annotate`, duplicates
/// stay, with `duplicate_of` in their metadata and the measure `duplicate.similarity`. A kept document takes two to three
/// kilobytes of memory, the more the lower the threshold; its sequences wait in a temporary file, 4 bytes each.
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
const LARGEST_BUCKET: u32 = 64;

impl Component for DedupNear {
    const NAME: &'static str = "dedup.near";
    const KIND: RoleKind = RoleKind::Corpus;
    const VERSION: u32 = 2;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::corpus(self))
    }
}

impl CorpusStage for DedupNear {
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        Ok(shingles(doc.text(), self.words).iter().flat_map(|shingle| shingle.to_le_bytes()).collect())
    }

    fn aggregate(&self, _cx: &CorpusContext) -> io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Observed { threshold: self.threshold, shingles: Spool::new()?, uris: Uris::default() }))
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

/// What was observed so far: the shingles of each document in a file, one record a document.
struct Observed {
    threshold: f64,
    shingles: Spool,
    uris: Uris,
}

impl Aggregate for Observed {
    fn add(&mut self, _position: u64, uri: &str, observation: &[u8]) -> io::Result<()> {
        self.uris.push(uri);
        self.shingles.push(observation).map(|_| ())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let mut kept = Kept::new(self.threshold, self.shingles.finish()?);
        let repeats = kept.repeats()?;
        Ok(Box::new(Duplicates { repeats, uris: self.uris }))
    }
}

/// The documents that are kept so far, by their bands.
struct Kept {
    threshold: f64,
    rows: usize,
    records: Records,
    /// The position of each kept document, and the place of its shingles in the file.
    documents: Vec<(u64, u64)>,
    /// The last kept document with a band, by the hash of the band and its place: an index into `chain`.
    last: FxHashMap<u64, u32>,
    /// Kept documents with a band: the document, the link before it, and how many they are by then.
    chain: Vec<(u32, Option<u32>, u32)>,
}

impl Kept {
    fn new(threshold: f64, records: Records) -> Self {
        let (documents, last, chain) = (Vec::new(), FxHashMap::default(), Vec::new());
        Self { threshold, rows: rows(threshold), records, documents, last, chain }
    }

    /// Goes through all documents in their order, and gives those that repeat a kept one.
    fn repeats(&mut self) -> io::Result<FxHashMap<u64, Repeats>> {
        let mut repeats = FxHashMap::default();
        let mut place = 0;
        for position in 0.. {
            let Some(record) = self.records.next_record()? else { break };
            let (shingles, next) = (numbers(record), place + 4 + record.len() as u64);
            if !shingles.is_empty() {
                let bands = self.bands(&signature(&shingles));
                match self.repeated(&shingles, &bands)? {
                    Some((of, similarity)) => {
                        let of = usize::try_from(of).map_err(io::Error::other)?;
                        repeats.insert(position, Repeats { of, similarity });
                    }
                    None => self.keep(position, place, bands),
                }
                self.records.seek(next)?;
            }
            place = next;
        }
        Ok(repeats)
    }

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
    fn repeated(&mut self, shingles: &[u32], bands: &[u64]) -> io::Result<Option<(u64, f64)>> {
        let mut candidates = Vec::new();
        for band in bands {
            let mut link = self.last.get(band).copied();
            while let Some(&(document, before, _)) = link.and_then(|link| self.chain.get(link as usize)) {
                candidates.push(document);
                link = before;
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        for document in candidates {
            let Some(&(position, place)) = self.documents.get(document as usize) else { continue };
            let similarity = jaccard(&numbers(self.records.at(place)?), shingles);
            if similarity >= self.threshold {
                return Ok(Some((position, similarity)));
            }
        }
        Ok(None)
    }

    fn keep(&mut self, position: u64, place: u64, bands: Vec<u64>) {
        // Past 2^32 kept documents or links, new ones are no longer compared with.
        let Ok(document) = u32::try_from(self.documents.len()) else { return };
        self.documents.push((position, place));
        for band in bands {
            let before = self.last.get(&band).copied();
            let count = before.and_then(|link| self.chain.get(link as usize)).map_or(1, |&(_, _, count)| count + 1);
            let Ok(link) = u32::try_from(self.chain.len()) else { return };
            if count <= LARGEST_BUCKET {
                self.chain.push((document, before, count));
                self.last.insert(band, link);
            }
        }
    }
}

/// The numbers in the bytes of an observation.
fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect()
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
        // Two changed words of 300, one of them the last: 290 of 302 sequences of five words are in both.
        assert!((similarity - 290.0 / 302.0).abs() < 1e-9, "{similarity}");
    }

    #[test]
    fn bands_are_shorter_for_lower_thresholds() {
        assert!(rows(0.3) < rows(0.5) && rows(0.5) < rows(0.8) && rows(0.8) < rows(0.95));
        assert_eq!(rows(1.0), 32);
    }
}
