//! Tags: what is said of a document as a whole.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ByteSpan;

/// A label in a scheme, such as `topic=energy`, with its evidence in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    /// `language`, `keyphrase`, `topic`, or a scheme that a stage of one's own declares.
    pub scheme: Cow<'static, str>,
    /// The label.
    pub label: String,
    /// Weight or confidence, 0..=1, comparable within a document and scheme.
    pub score: f64,
    /// The spans of the current text that it rests on; may be empty where it rests on all of the text.
    pub evidence: Vec<ByteSpan>,
    /// Id of the stage that made it; [`crate::Document::tag`] fills it in.
    pub by: Arc<str>,
}

impl Tag {
    /// A tag with score 1 and no evidence yet.
    pub fn new(scheme: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        Self { scheme: scheme.into(), label: label.into(), score: 1.0, evidence: Vec::new(), by: Arc::from("") }
    }

    /// With a score, 0..=1, kept to four decimals.
    #[must_use]
    pub fn with_score(mut self, score: f64) -> Self {
        self.score = to_four_decimals(score);
        self
    }

    /// With the spans that it rests on.
    #[must_use]
    pub fn with_evidence(mut self, evidence: impl IntoIterator<Item = ByteSpan>) -> Self {
        self.evidence = evidence.into_iter().collect();
        self
    }
}

/// Scores and measures leave docmill with four decimals: more would be noise, and would tie the bytes to the order of sums.
pub(crate) fn to_four_decimals(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
