//! Summaries.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ByteSpan;

/// A summary whose sentences rest on spans of the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The summary as a reader sees it.
    pub text: String,
    /// Its sentences that rest on the text. Where they are the text's own, in the document's order.
    pub sentences: Vec<SummarySentence>,
    /// Its sentences for which nothing in the text was found to rest on. Only a summary in words of its own has such.
    #[serde(default)]
    pub unsupported: Vec<Unsupported>,
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
    /// How central it is, 0..=1; for a sentence in words of its own, how much of it is found in the text.
    pub score: f64,
    /// Why it was taken: what its score is made of, by name. Which names there are, and how they make the score, is for the
    /// stage to say; empty where it does not.
    #[serde(default)]
    pub why: BTreeMap<String, f64>,
    /// Further sentences of the text that it rests on, where it is in words of its own.
    #[serde(default)]
    pub also: Vec<ByteSpan>,
}

/// A sentence of a summary for which nothing in the text was found to rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsupported {
    /// The sentence as it stands in the summary.
    pub text: String,
    /// What is missing in the text.
    pub why: String,
}

impl Summary {
    /// A summary of these sentences, joined by spaces.
    pub fn of(sentences: Vec<SummarySentence>) -> Self {
        let text = sentences.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ");
        Self { text, sentences, unsupported: Vec::new(), by: Arc::from("") }
    }
}

impl SummarySentence {
    /// A sentence with its score, kept to four decimals.
    pub fn new(span: ByteSpan, text: impl Into<String>, score: f64) -> Self {
        Self {
            span,
            text: text.into(),
            score: crate::tag::to_four_decimals(score),
            why: BTreeMap::new(),
            also: Vec::new(),
        }
    }

    /// With what its score is made of, kept to four decimals.
    #[must_use]
    pub fn because<'n>(mut self, why: impl IntoIterator<Item = (&'n str, f64)>) -> Self {
        self.why = why.into_iter().map(|(name, part)| (name.to_owned(), crate::tag::to_four_decimals(part))).collect();
        self
    }

    /// The same with further sentences of the text that it rests on.
    #[must_use]
    pub fn resting_also_on(mut self, also: Vec<ByteSpan>) -> Self {
        self.also = also;
        self
    }
}
