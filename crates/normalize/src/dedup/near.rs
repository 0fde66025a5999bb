//! Documents that are nearly the same as an earlier one.
//!
//! Each document is a `MinHash` signature. Signatures are cut into bands, and documents that agree in a whole band are
//! candidates (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4); bands are as long as they can be
//! while pairs at the threshold are still found. A candidate counts if the Jaccard similarity of the two sets of shingles
//! reaches the threshold. Only documents that are kept are compared with, so that every duplicate is like one that stays:
//! [`kept`](super::kept) finds which these are.

use std::io;

use docmill_core::{
    Aggregate, BuildContext, Component, Context, CorpusContext, CorpusStage, Document, OptionError, Role, RoleKind,
    StageError, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::kept::Observed;
use super::minhash::{ORDERS, Signature, shingles, signature};
use super::verdict;

/// Finds documents that are nearly the same as an earlier one.
///
/// Two documents are compared by the sequences of words that they have in common: the similarity is the share of these in
/// all sequences of both (Jaccard), of which each is a hash of 32 bits. Where it reaches `threshold`, the later document is
/// a duplicate of the earliest such document that is kept. Case and punctuation do not count. One changed word in ten leaves
/// about 0.55, one changed paragraph of four 0.6, and different texts seldom 0.1. With `annotate`, duplicates
/// stay, with `duplicate_of` in their metadata and the measure `duplicate.similarity`. Sequences wait in a temporary file, 4 bytes
/// each, and so do the hashes by which documents to be compared are found, where they do not fit in the memory of the run.
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
        Self { threshold: 0.45, words: 3, annotate: false }
    }
}

/// The probability with which a pair exactly at the threshold becomes a candidate.
const FOUND: f64 = 0.99;
/// Most kept documents that one band leads to: texts of one template would otherwise all be compared with each other.
const LARGEST_BUCKET: usize = 64;

impl Component for DedupNear {
    const NAME: &'static str = "dedup.near";
    const KIND: RoleKind = RoleKind::Corpus;
    const VERSION: u32 = 4;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::corpus(Near { rows: rows(self.threshold), options: self }))
    }
}

/// The stage with these options.
struct Near {
    options: DedupNear,
    /// The length of a band.
    rows: usize,
}

impl CorpusStage for Near {
    /// The hash of each band, 8 bytes, and the shingles, 4 bytes each; nothing of a document without words.
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        let shingles = shingles(doc.text(), self.options.words);
        if shingles.is_empty() {
            return Ok(Vec::new());
        }
        let bands = bands(&signature(&shingles), self.rows);
        let bands = bands.iter().flat_map(|band| band.to_le_bytes());
        Ok(bands.chain(shingles.iter().flat_map(|shingle| shingle.to_le_bytes())).collect())
    }

    fn aggregate(&self, cx: &CorpusContext) -> io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Observed::new(self.options.threshold, ORDERS / self.rows, LARGEST_BUCKET, cx.memory)?))
    }

    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        Ok(verdict(finding, self.options.annotate, doc))
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

/// The hash of each band with its place.
fn bands(signature: &Signature, rows: usize) -> Vec<u64> {
    let mut bytes = Vec::with_capacity(4 * rows + 8);
    let hash = |(place, band): (usize, &[u32])| {
        bytes.clear();
        bytes.extend_from_slice(&(place as u64).to_le_bytes());
        bytes.extend(band.iter().flat_map(|row| row.to_le_bytes()));
        xxh3_64(&bytes)
    };
    signature.chunks_exact(rows).enumerate().map(hash).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use docmill_core::Verdict;
    use proptest::prelude::*;

    use super::super::minhash::jaccard;
    use super::super::tests::{repeated, verdicts};
    use super::*;

    /// A text of 300 words, of which every `step`th is another one.
    fn text(step: usize) -> String {
        let word = |at: usize| if at % step == step - 1 { format!("other{at}") } else { format!("word{at}") };
        (0..300).map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn later_documents_repeat_the_earliest_that_is_alike() {
        let (original, edited, distinct) = (text(1000), text(10), text(4));
        let found = repeated(DedupNear::default(), &[&original, &distinct, &edited, "", &original, ""]);
        let first = Some("0".to_owned());
        assert_eq!(found, [None, None, first.clone(), None, first, None]);
    }

    #[test]
    fn every_duplicate_is_like_one_that_is_kept() {
        // Each is like the one before it, but the third is not like the first.
        let (a, b, c) = (text(1000), text(60), text(30));
        let found = repeated(DedupNear { threshold: 0.78, words: 5, annotate: false }, &[&a, &b, &c]);
        assert_eq!(found, [None, Some("0".to_owned()), None]);
    }

    #[test]
    fn of_two_kept_documents_the_earlier_is_repeated() {
        let (a, b, c) = (text(1000), text(60), text(30));
        let found = repeated(DedupNear { threshold: 0.78, words: 5, annotate: false }, &[&a, &c, &b]);
        assert_eq!(found, [None, None, Some("0".to_owned())]);
    }

    #[test]
    fn paragraphs_in_another_order_repeat_and_the_same_words_alone_do_not() {
        let paragraph = |number: usize| numbered(number * 40..number * 40 + 40);
        let text = |order: [usize; 4]| order.map(paragraph).join("\n\n");
        let shuffled = numbered((0..160).map(|at| at * 37 % 160));
        let found = repeated(DedupNear::default(), &[&text([0, 1, 2, 3]), &text([2, 0, 3, 1]), &shuffled]);
        assert_eq!(found, [None, Some("0".to_owned()), None]);
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
        // Two changed words of 300, one of them the last: 294 of 302 sequences of three words are in both.
        assert!((similarity - 294.0 / 302.0).abs() < 1e-9, "{similarity}");
    }

    #[test]
    fn bands_are_shorter_for_lower_thresholds() {
        assert!(rows(0.3) < rows(0.5) && rows(0.5) < rows(0.8) && rows(0.8) < rows(0.95));
        assert_eq!(rows(1.0), 32);
    }

    /// A text of words that are told apart by these numbers.
    fn numbered(numbers: impl IntoIterator<Item = usize>) -> String {
        numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
    }

    /// What the documents are found to repeat, where bands lead to `largest` kept ones at most.
    fn found(options: &DedupNear, largest: usize, memory: u64, texts: &[String]) -> Vec<Option<(usize, f64)>> {
        let near = Near { rows: rows(options.threshold), options: options.clone() };
        let observed = Observed::new(options.threshold, ORDERS / near.rows, largest, memory).unwrap();
        let mut aggregate: Box<dyn Aggregate> = Box::new(observed);
        for (position, text) in (0..).zip(texts) {
            let doc = Document::from_text("a.txt", text);
            let observation = near.observe(&doc, &Context::default()).unwrap();
            aggregate.add(position, &position.to_string(), &observation).unwrap();
        }
        let mut findings = aggregate.conclude().unwrap();
        let finding = |position: u64| {
            let finding = findings.finding(position).unwrap();
            let (similarity, of) = finding.split_first_chunk()?;
            Some((std::str::from_utf8(of).unwrap().parse().unwrap(), f64::from_le_bytes(*similarity)))
        };
        (0..texts.len() as u64).map(finding).collect()
    }

    /// The same, one document after the other with all that is kept in memory.
    fn expected(options: &DedupNear, largest: usize, texts: &[String]) -> Vec<Option<(usize, f64)>> {
        let rows = rows(options.threshold);
        let mut buckets: BTreeMap<(usize, Vec<u32>), Vec<usize>> = BTreeMap::new();
        let mut kept: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        let mut found = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let set = shingles(text, options.words);
            let signature = if set.is_empty() { Vec::new() } else { signature(&set).to_vec() };
            let bands: Vec<_> = signature.chunks_exact(rows).map(<[u32]>::to_vec).enumerate().collect();
            let candidates: BTreeSet<_> =
                bands.iter().filter_map(|band| buckets.get(band)).flatten().copied().collect();
            let alike = candidates.iter().map(|&of| (of, jaccard(&kept[&of], &set)));
            let repeated = alike.into_iter().find(|(_, similarity)| *similarity >= options.threshold);
            if repeated.is_none() {
                for band in bands {
                    let bucket = buckets.entry(band).or_default();
                    bucket.extend((bucket.len() < largest).then_some(at));
                }
                kept.insert(at, set);
            }
            found.push(repeated);
        }
        found
    }

    #[test]
    fn a_band_leads_to_so_many_kept_documents_and_no_more() {
        // All have most words of the last two, and none is like another. The last is found where a band leads to the one before.
        let text = |number: usize| {
            let left_out = [number, number * 3 + 5, number * 7 + number / 50 * 13 + 1].map(|word| word % 50);
            numbered((0..50).filter(|word| !left_out.contains(word)).chain(number * 3 + 50..number * 3 + 53))
        };
        let mut texts: Vec<String> = (0..150).map(text).collect();
        texts.extend([numbered(0..50), numbered(0..50)]);
        let options = DedupNear { threshold: 0.95, words: 1, annotate: false };
        let last = |largest| {
            let found = found(&options, largest, 0, &texts);
            assert!(found == expected(&options, largest, &texts), "{largest}");
            found[151].map(|(of, _)| of)
        };
        let all: Vec<_> = (1..=12).map(last).collect();
        assert_eq!((all[0], all[11]), (None, Some(150)), "{all:?}");
    }

    #[test]
    fn what_does_not_fit_in_memory_finds_the_same() {
        // Half of the documents repeat one that came long before, so that more is on its way than fits.
        let text = |number: usize| numbered((0..30).map(|at| number % 4000 * 30 + at));
        let texts: Vec<String> = (0..8000).map(text).collect();
        let options = DedupNear::default();
        let found = found(&options, LARGEST_BUCKET, 0, &texts);
        assert!(found == expected(&options, LARGEST_BUCKET, &texts));
        assert!(found[..4000].iter().all(Option::is_none) && found[4000..].iter().all(Option::is_some));
    }

    proptest! {
        #[test]
        fn found_is_what_a_slow_search_finds(
            texts in prop::collection::vec(prop::collection::vec(0_usize..12, 0..14), 0..60),
            threshold in prop::sample::select(vec![0.2, 0.4, 0.5, 0.7, 0.8, 1.0]),
            words in 1_usize..3,
            largest in prop::sample::select(vec![1, 2, 3, 64]),
        ) {
            let texts: Vec<String> = texts.into_iter().map(numbered).collect();
            let options = DedupNear { threshold, words, annotate: false };
            prop_assert_eq!(found(&options, largest, 0, &texts), expected(&options, largest, &texts));
        }
    }
}
