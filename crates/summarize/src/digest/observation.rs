//! What one document contributes to a digest.

use docmill_analysis::{Analysis, TokenKind, analysis};
use docmill_core::{BlockKind, ByteSpan, Document, StageError};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::centrality::{Vectors, centralities};
use crate::citation;
use crate::form;
use crate::headline::{self, Headline};
use crate::prose::Prose;

/// Most terms of a document, those that occur most often.
const MOST_TERMS: usize = 128;

/// So many times more a word counts in the title, and in a name.
const IN_TITLE: f64 = 2.0;
const IN_NAME: f64 = 1.0;

/// The annotations that are names.
const NAMES: [&str; 4] = ["person", "organization", "place", "misc"];

/// A digest chooses among so many sentences of a document, or as many as it takes.
const SENTENCES: usize = 8;

/// Bytes of a term: its hash and its weight.
pub(super) const TERM: usize = 12;

/// What is left of the score of a sentence that leans on the one before it, which a digest does not have.
const LEANING: f64 = 0.4;

/// What a document contributes.
#[derive(Debug)]
pub(super) struct Observation {
    /// The terms by their hashes, with what they weigh in the document.
    terms: Vec<(u64, f32)>,
    told: Told,
}

/// What a document says, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) id: String,
    pub(super) uri: String,
    /// The date of the document, or nothing.
    pub(super) date: String,
    pub(super) headline: Option<Said>,
    /// Its best sentences.
    pub(super) sentences: Vec<Said>,
}

/// A headline or a sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Said {
    /// Of a headline; the text of a sentence is that of its span.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) text: String,
    /// From where to where in the document's text.
    pub(super) spans: Vec<(usize, usize)>,
    /// How much it says within its document, 0..=1.
    pub(super) score: f64,
    /// The hashes of its stems, shortened.
    pub(super) stems: Vec<u32>,
}

impl Observation {
    pub(super) fn of(doc: &Document, sentences: usize) -> Self {
        let analysis = analysis(doc);
        let told = Told {
            id: doc.id().as_str().to_owned(),
            uri: doc.source().uri.clone(),
            date: doc.date().unwrap_or_default().to_owned(),
            headline: headline_of(doc),
            sentences: said(doc, &analysis, SENTENCES.max(sentences)),
        };
        Self { terms: terms(doc, &analysis), told }
    }

    /// The number of terms (2 bytes), the terms, and the rest in JSON; nothing of a document without words.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, StageError> {
        if self.terms.is_empty() {
            return Ok(Vec::new());
        }
        let count = u16::try_from(self.terms.len()).unwrap_or(u16::MAX);
        let mut bytes = count.to_be_bytes().to_vec();
        for (hash, weight) in &self.terms {
            bytes.extend_from_slice(&hash.to_be_bytes());
            bytes.extend_from_slice(&weight.to_be_bytes());
        }
        serde_json::to_writer(&mut bytes, &self.told).map_err(|error| StageError::Caused {
            context: "what the document says cannot be kept".to_owned(),
            source: error.into(),
        })?;
        Ok(bytes)
    }

    /// The terms and the rest of [`Observation::to_bytes`].
    pub(super) fn parts(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
        let (count, rest) = bytes.split_first_chunk()?;
        rest.split_at_checked(usize::from(u16::from_be_bytes(*count)) * TERM)
    }
}

/// The hash by which a stem is known in all documents.
pub(super) fn hash(stem: &str) -> u64 {
    xxh3_64(stem.as_bytes())
}

/// A weight as it is kept.
#[expect(clippy::cast_possible_truncation, reason = "weights need no more than seven digits")]
pub(super) const fn narrow(weight: f64) -> f32 {
    weight as f32
}

/// The part of the hash that tells the stems of sentences apart.
pub(super) const fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// The hashes of the stems of a text, shortened, once for each time that they occur.
pub(super) fn stems_of(analysis: &Analysis) -> Vec<u32> {
    let stems = analysis.tokens().iter().filter(|token| token.kind == TokenKind::Word);
    let stems = stems.map(|token| analysis.term(token.term)).filter(|term| !term.stop_word);
    stems.map(|term| short(hash(&term.stem))).collect()
}

/// The terms of a document with 1 + ln of how often each occurs, those that occur most often.
fn terms(doc: &Document, analysis: &Analysis) -> Vec<(u64, f32)> {
    let mut names: Vec<ByteSpan> = doc
        .annotations()
        .iter()
        .filter(|annotation| NAMES.contains(&&*annotation.kind))
        .map(|annotation| annotation.span)
        .collect();
    names.sort_unstable();
    let mut names = names.into_iter().peekable();
    let mut counts = vec![0.0_f64; analysis.terms().len()];
    for token in analysis.tokens().iter().filter(|token| token.kind == TokenKind::Word) {
        while names.next_if(|name| name.end <= token.span.start).is_some() {}
        let in_name = names.peek().is_some_and(|name| name.start <= token.span.start);
        let titled = analysis.sentences().get(token.sentence as usize).is_some_and(|of| of.kind == BlockKind::Title);
        counts[token.term.index()] += 1.0 + if in_name { IN_NAME } else { 0.0 } + if titled { IN_TITLE } else { 0.0 };
    }
    let mut by_stem: FxHashMap<u64, f64> = FxHashMap::default();
    for (term, count) in analysis.terms().iter().zip(counts).filter(|(term, count)| !term.stop_word && *count > 0.0) {
        *by_stem.entry(hash(&term.stem)).or_default() += count;
    }
    let weight = |(hash, count): (u64, f64)| (hash, narrow(1.0 + count.ln()));
    let mut terms: Vec<(u64, f32)> = by_stem.into_iter().map(weight).collect();
    terms.sort_unstable_by(|(one, a), (other, b)| b.total_cmp(a).then(one.cmp(other)));
    terms.truncate(MOST_TERMS);
    terms
}

/// The headline that an earlier stage gave, or one made now.
fn headline_of(doc: &Document) -> Option<Said> {
    let given = doc.tags().iter().find(|tag| tag.scheme == headline::SCHEME);
    let (text, spans, score) = if let Some(tag) = given {
        (tag.label.clone(), tag.evidence.clone(), tag.score)
    } else {
        let line = Headline::default().of(doc)?;
        (line.text, line.spans, line.score)
    };
    let mut line = Document::from_text("headline", &text);
    if let Some(language) = doc.language() {
        line.set_language(language);
    }
    let spans = spans.into_iter().map(|span| (span.start, span.end)).collect();
    Some(Said { text, spans, score, stems: stems_of(&Analysis::of(&line)) })
}

/// The sentences that say most, the best first.
fn said(doc: &Document, analysis: &Analysis, most: usize) -> Vec<Said> {
    let citations = citation::parentheses(doc);
    let prose = Prose::of(analysis, &citations);
    if prose.sentences.is_empty() {
        return Vec::new();
    }
    let centralities = centralities(&Vectors::new(&prose.stems, prose.distinct));
    let scores = prose.scores(doc.text(), &centralities, prose.kind(doc.text()));
    let worth = |at: usize| {
        let leans = form::alone(analysis, prose.sentences[at]) < 1.0;
        scores[at].total() * if leans { LEANING } else { 1.0 }
    };
    let mut best: Vec<(f64, usize)> = (0..scores.len()).map(|at| (worth(at), at)).collect();
    best.sort_by(|(one, at), (other, behind)| other.total_cmp(one).then(at.cmp(behind)));
    best.truncate(most);
    let said = |(score, at): (f64, usize)| {
        let sentence = prose.sentences[at];
        let words = analysis.sentence_tokens(sentence).iter().filter(|token| token.kind == TokenKind::Word);
        let stems = words.map(|token| analysis.term(token.term)).filter(|term| !term.stop_word);
        Said {
            text: String::new(),
            spans: vec![(sentence.span.start, sentence.span.end)],
            score: (score * 1e4).round() / 1e4,
            stems: stems.map(|term| short(hash(&term.stem))).collect(),
        }
    };
    best.into_iter().map(said).collect()
}
