//! Annotations: a span of the text that means something.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ByteSpan;

/// The kind of an annotation, such as `money` or `pii.email`.
///
/// The kinds of the built-in stages are: `person`, `organization`, `place`, `misc`; `date`, `time`, `money`, `percent`,
/// `quantity`, `duration`; `citation`, `legal`; `link`, `url`, `email`, `phone`, `doi`, `isbn`, `issn`; `pii.*`; `keyphrase`, `term`. Stages of
/// one's own add theirs.
pub type Kind = Cow<'static, str>;

/// A span of the current text, what it is, and its normalized value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// What it is.
    pub kind: Kind,
    /// Where it is in the current text; never empty.
    pub span: ByteSpan,
    /// Its normalized value, such as `{"currency": "USD", "amount": "2170000000"}`; null where there is none.
    pub value: Value,
    /// How sure the stage is, 0..=1.
    pub score: f64,
    /// Id of the stage that made it; [`crate::Document::annotate`] fills it in.
    pub by: Arc<str>,
}

impl Annotation {
    /// An annotation without value, with score 1.
    pub fn new(kind: impl Into<Kind>, span: impl Into<ByteSpan>) -> Self {
        Self { kind: kind.into(), span: span.into(), value: Value::Null, score: 1.0, by: Arc::from("") }
    }

    /// With a normalized value.
    #[must_use]
    pub fn with_value(mut self, value: impl Into<Value>) -> Self {
        self.value = value.into();
        self
    }

    /// With a score, 0..=1, kept to four decimals.
    #[must_use]
    pub fn with_score(mut self, score: f64) -> Self {
        self.score = crate::tag::to_four_decimals(score);
        self
    }
}
