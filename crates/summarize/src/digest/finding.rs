//! What was found about one document, and what follows for it.

use std::io;

use docmill_analysis::{TokenKind, analysis};
use docmill_core::{Annotation, ByteSpan, Document, Findings, StageError, Tag};
use docmill_spill::{Sorted, Sorter};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::observation::hash;
use super::{DOCUMENTS, HEADLINE, SENTENCE, STORY};

/// The story of a document, and its part in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Finding {
    /// The name of the story.
    pub(super) story: String,
    /// Its headline.
    pub(super) label: String,
    /// How many documents tell it.
    pub(super) documents: usize,
    /// How alike the document is to the others, 0..=1.
    pub(super) similarity: f64,
    /// The hashes of the stems that it shares with them.
    pub(super) terms: Vec<u64>,
    /// Where the headline comes from, if from this document.
    pub(super) headline: Vec<(usize, usize)>,
    /// The sentences taken from it.
    pub(super) sentences: Vec<Taken>,
}

/// A sentence of a document that a digest has.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Taken {
    /// Its place in the digest, from 1.
    pub(super) place: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// How central it is in the story, 0..=1.
    pub(super) score: f64,
}

impl Finding {
    pub(super) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(io::Error::other)
    }

    /// None of a document without words.
    pub(super) fn of(bytes: &[u8]) -> Result<Option<Self>, StageError> {
        if bytes.is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(bytes).map(Some).map_err(|error| StageError::Caused {
            context: "what was found about the document cannot be read".to_owned(),
            source: error.into(),
        })
    }

    /// Tags and annotates the document that was observed.
    pub(super) fn apply(&self, doc: &mut Document) {
        let evidence = self.evidence(doc);
        let length = doc.text().len();
        let tag = Tag::new(STORY, self.label.clone()).with_score(self.similarity).with_evidence(evidence);
        doc.tag(tag);
        doc.meta.set(STORY, self.story.clone());
        doc.measure(DOCUMENTS, self.documents as f64);
        let whole = self.headline.iter().map(|&(start, end)| ByteSpan::new(start, end)).reduce(ByteSpan::hull);
        let sentences = self.sentences.iter().map(|taken| {
            let value = json!({"story": self.story, "place": taken.place});
            Annotation::new(SENTENCE, taken.start..taken.end).with_value(value).with_score(taken.score)
        });
        let headline = whole
            .map(|span| Annotation::new(HEADLINE, span).with_value(json!({"story": self.story, "text": self.label})));
        for annotation in headline.into_iter().chain(sentences).filter(|annotation| annotation.span.end <= length) {
            doc.annotate(annotation);
        }
    }

    /// Where each term stands first.
    fn evidence(&self, doc: &Document) -> Vec<ByteSpan> {
        let analysis = analysis(doc);
        let mut wanted: FxHashSet<u64> = self.terms.iter().copied().collect();
        let mut found = Vec::new();
        for token in analysis.tokens().iter().filter(|token| token.kind == TokenKind::Word) {
            if wanted.is_empty() {
                break;
            }
            if wanted.remove(&hash(&analysis.term(token.term).stem)) {
                found.push(token.span);
            }
        }
        found
    }
}

/// Findings sorted by the positions of their documents.
pub(super) struct ByPosition {
    sorted: Sorted,
    /// The first finding of a later document than the last one that was asked for.
    ahead: Option<Vec<u8>>,
}

/// The bytes of a position.
const POSITION: usize = 8;

impl ByPosition {
    /// Of records that are a position and a finding.
    pub(super) fn of(found: Sorter) -> io::Result<Self> {
        Ok(Self { sorted: found.finish()?, ahead: None })
    }
}

impl Findings for ByPosition {
    fn finding(&mut self, position: u64) -> io::Result<Vec<u8>> {
        let asked = position.to_be_bytes();
        loop {
            let record = match self.ahead.take() {
                Some(record) => record,
                None => match self.sorted.next_record()? {
                    Some(record) => record.to_vec(),
                    None => return Ok(Vec::new()),
                },
            };
            let (at, finding) = record.split_at_checked(POSITION).ok_or(io::ErrorKind::InvalidData)?;
            if *at == asked {
                return Ok(finding.to_vec());
            }
            if *at > asked[..] {
                self.ahead = Some(record);
                return Ok(Vec::new());
            }
        }
    }
}
