//! Summaries.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ByteSpan;

/// A summary whose every sentence rests on a span of the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The summary as a reader sees it.
    pub text: String,
    /// Its sentences, in the document's order.
    pub sentences: Vec<SummarySentence>,
    /// Id of the stage that made it; [`crate::Document::summarize`] fills it in.
    pub by: Arc<str>,
}

/// A sentence of a summary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SummarySentence {
    /// The sentence of the current text that it rests on.
    pub span: ByteSpan,
    /// The sentence as it stands in the summary, where parenthetical citations are left out.
    pub text: String,
    /// How central it is, 0..=1.
    pub score: f64,
    /// Why it was taken: what its score is made of, by name. Which names there are, and how they make the score, is for the
    /// stage to say; empty where it does not.
    #[serde(default)]
    pub why: BTreeMap<String, f64>,
}

impl Summary {
    /// A summary of these sentences, joined by spaces.
    pub fn of(sentences: Vec<SummarySentence>) -> Self {
        let text = sentences.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ");
        Self { text, sentences, by: Arc::from("") }
    }
}

impl SummarySentence {
    /// A sentence with its score, kept to four decimals.
    pub fn new(span: ByteSpan, text: impl Into<String>, score: f64) -> Self {
        Self { span, text: text.into(), score: crate::tag::to_four_decimals(score), why: BTreeMap::new() }
    }

    /// With what its score is made of, kept to four decimals.
    #[must_use]
    pub fn because<'n>(mut self, why: impl IntoIterator<Item = (&'n str, f64)>) -> Self {
        self.why = why.into_iter().map(|(name, part)| (name.to_owned(), crate::tag::to_four_decimals(part))).collect();
        self
    }
}
