//! What a stage outside the binary answers for a document.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a stage answers for a document. All of it is optional: an empty answer leaves the document as it is.
///
/// Every `start` and `end` counts in the unit that the stage's descriptor names, in the text that the stage was given, half-open.
/// Edits are made last, and move along what the same answer has annotated.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// The whole text as it becomes. docmill finds the edits by itself. Not together with `edits`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What is to be replaced in the text. Edits do not overlap; their order does not matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<AnsweredEdit>,
    /// What was found in the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<AnsweredAnnotation>,
    /// What is said of the document as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<AnsweredTag>,
    /// What was measured, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub measures: BTreeMap<String, f64>,
    /// Metadata to set, by key: any JSON value; null removes the key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub meta: BTreeMap<String, Value>,
    /// The language of the document (BCP 47).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// A summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<AnsweredSummary>,
    /// What the user should know about this document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The document goes no further, for this reason. What else was answered is not looked at, but for `measures`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop: Option<AnsweredDrop>,
}

/// A replacement of a part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsweredEdit {
    /// Where what is replaced begins.
    pub start: usize,
    /// Where it ends; the same as `start` for an insertion.
    pub end: usize,
    /// What comes there; empty for a deletion.
    pub text: String,
}

/// A span of the text that means something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsweredAnnotation {
    /// What it is, such as `person`.
    pub kind: String,
    /// Where it begins.
    pub start: usize,
    /// Where it ends, after `start`.
    pub end: usize,
    /// Its normalized value: any JSON value.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub value: Value,
    /// How sure the stage is, 0..=1.
    #[serde(default = "sure")]
    pub score: f64,
}

/// A label in a scheme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsweredTag {
    /// The scheme, such as `topic`.
    pub scheme: String,
    /// The label, such as `energy`.
    pub label: String,
    /// Weight or confidence, 0..=1.
    #[serde(default = "sure")]
    pub score: f64,
    /// The spans that it rests on, each `[start, end]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<[usize; 2]>,
}

/// A summary made of sentences of the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsweredSummary {
    /// The summary as a reader sees it; its sentences, joined by spaces, where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The sentences of the text that it rests on.
    pub sentences: Vec<AnsweredSentence>,
}

/// A sentence of a summary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsweredSentence {
    /// Where the sentence that it rests on begins.
    pub start: usize,
    /// Where that ends, after `start`.
    pub end: usize,
    /// The sentence as it stands in the summary; the text of the span where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How central it is, 0..=1.
    #[serde(default = "sure")]
    pub score: f64,
    /// Why it was taken: what its score is made of, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub why: BTreeMap<String, f64>,
}

/// Why a document is dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsweredDrop {
    /// Name of the rule, such as `terms.min`.
    pub rule: String,
    /// What was measured: a number, or a word.
    #[serde(default)]
    pub measured: Value,
    /// What was asked for.
    #[serde(default)]
    pub threshold: Value,
}

fn sure() -> f64 {
    1.0
}
