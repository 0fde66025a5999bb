//! An earlier digest: which of its stories go on, and what it has said of them.

use docmill_analysis::{Analysis, TokenKind};
use docmill_core::Document;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::linkage::Vector;
use super::observation::{hash, stems_of};

/// How many times as like as two documents a story must be to an earlier one that it goes on: a digest is short, so that what it has
/// of a story is what all documents of it have.
const CLOSER: f64 = 1.2;

/// The stories of an earlier digest.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    stories: Vec<EarlierStory>,
    /// Their terms.
    terms: FxHashSet<u64>,
    /// The names that are taken.
    ids: FxHashSet<String>,
}

/// A story of an earlier digest.
#[derive(Debug)]
pub(super) struct EarlierStory {
    pub(super) id: String,
    /// The ids of the documents that told it.
    pub(super) documents: FxHashSet<String>,
    /// The stems of each sentence that was said.
    pub(super) said: Vec<Vec<u32>>,
    /// The terms of all that was said, with 1 + ln of how often each occurs.
    terms: Vec<(u64, f64)>,
}

/// What is read of a digest.
#[derive(Deserialize)]
struct ReadDigest {
    stories: Vec<ReadStory>,
}

#[derive(Deserialize)]
struct ReadStory {
    id: String,
    headline: String,
    documents: Vec<ReadDocument>,
    sentences: Vec<ReadSentence>,
}

#[derive(Deserialize)]
struct ReadDocument {
    id: String,
    language: Option<String>,
}

#[derive(Deserialize)]
struct ReadSentence {
    text: String,
}

impl Earlier {
    /// The stories in the JSON of a digest.
    pub(super) fn of(json: &str) -> Result<Self, serde_json::Error> {
        let read: ReadDigest = serde_json::from_str(json)?;
        let stories: Vec<EarlierStory> = read.stories.into_iter().map(EarlierStory::of).collect();
        let terms = stories.iter().flat_map(|story| &story.terms).map(|(term, _)| *term).collect();
        let ids = stories.iter().map(|story| story.id.clone()).collect();
        Ok(Self { stories, terms, ids })
    }

    /// Whether a story of it has the term.
    pub(super) fn has_term(&self, term: u64) -> bool {
        self.terms.contains(&term)
    }
}

impl EarlierStory {
    fn of(read: ReadStory) -> Self {
        let language = read.documents.iter().find_map(|document| document.language.as_deref());
        let analysed = |text: &str| {
            let mut doc = Document::from_text("earlier", text);
            if let Some(language) = language {
                doc.set_language(language);
            }
            Analysis::of(&doc)
        };
        let said: Vec<Vec<u32>> = read.sentences.iter().map(|sentence| stems_of(&analysed(&sentence.text))).collect();
        let mut counts: FxHashMap<u64, f64> = FxHashMap::default();
        for text in read.sentences.iter().map(|sentence| &sentence.text).chain([&read.headline]) {
            let analysis = analysed(text);
            let words = analysis.tokens().iter().filter(|token| token.kind == TokenKind::Word);
            for term in words.map(|token| analysis.term(token.term)).filter(|term| !term.stop_word) {
                *counts.entry(hash(&term.stem)).or_default() += 1.0;
            }
        }
        let mut terms: Vec<(u64, f64)> = counts.into_iter().map(|(term, count)| (term, 1.0 + count.ln())).collect();
        terms.sort_unstable_by_key(|(term, _)| *term);
        let documents = read.documents.into_iter().map(|document| document.id).collect();
        Self { id: read.id, documents, said, terms }
    }
}

/// Which earlier stories go on as which new ones.
pub(super) struct Goings<'a> {
    earlier: &'a Earlier,
    threshold: f64,
    /// The earlier stories that have a term, with its weight in the unit vector of each.
    having: FxHashMap<u64, Vec<(usize, f64)>>,
    /// For each earlier story the new one that is most like it.
    best: Vec<Option<(f64, u32)>>,
}

impl<'a> Goings<'a> {
    /// Of an earlier digest whose terms weigh `known` in this run; what no document of the run has counts nothing.
    pub(super) fn new(earlier: &'a Earlier, known: &FxHashMap<u64, f64>, threshold: f64) -> Self {
        let mut having: FxHashMap<u64, Vec<(usize, f64)>> = FxHashMap::default();
        for (at, story) in earlier.stories.iter().enumerate() {
            let weighed = story.terms.iter().filter_map(|(term, weight)| Some((*term, weight * known.get(term)?)));
            for (term, weight) in Vector::of(weighed.collect()).entries() {
                having.entry(*term).or_default().push((at, *weight));
            }
        }
        Self { earlier, threshold, having, best: vec![None; earlier.stories.len()] }
    }

    /// Takes in a new story with the sum of its vectors.
    pub(super) fn meet(&mut self, number: u32, centre: &Vector) {
        if self.best.is_empty() {
            return;
        }
        let norm = centre.entries().iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        let mut met: FxHashMap<usize, f64> = FxHashMap::default();
        for (term, weight) in centre.entries() {
            for (at, of_earlier) in self.having.get(term).into_iter().flatten() {
                *met.entry(*at).or_default() += weight * of_earlier / norm;
            }
        }
        for (at, alike) in met {
            let best = &mut self.best[at];
            let better =
                best.is_none_or(|(most, of)| (alike, std::cmp::Reverse(number)) > (most, std::cmp::Reverse(of)));
            if alike >= self.threshold * CLOSER && better {
                *best = Some((alike, number));
            }
        }
    }

    /// The earlier story that goes on as each new one: of several, the one that it is most like.
    pub(super) fn continued(&self) -> FxHashMap<u32, &'a EarlierStory> {
        let mut most: FxHashMap<u32, (f64, usize)> = FxHashMap::default();
        for (at, (alike, number)) in self.best.iter().enumerate().filter_map(|(at, best)| Some((at, (*best)?))) {
            let known = most.entry(number).or_insert((alike, at));
            if alike > known.0 {
                *known = (alike, at);
            }
        }
        most.into_iter().map(|(number, (_, at))| (number, &self.earlier.stories[at])).collect()
    }

    /// Whether an earlier story has the name.
    pub(super) fn is_taken(&self, id: &str) -> bool {
        self.earlier.ids.contains(id)
    }
}
