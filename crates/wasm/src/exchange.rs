//! The contract of docmill-core in the terms of the WIT, and back.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use docmill_core::contract::{
    Answer, AnsweredAnnotation, AnsweredDrop, AnsweredEdit, AnsweredSentence, AnsweredSummary, AnsweredTag, Descriptor,
    Given,
};
use docmill_core::{Field, Offsets, OptionError, StageError};
use serde_json::Value;

use crate::bindings::docmill::stage::types;
use crate::bindings::exports::docmill::stage::plugin;

/// What the component says of itself.
pub(crate) fn descriptor(described: plugin::Descriptor) -> Result<Descriptor, String> {
    let fields = |what: &str, names: Vec<String>| {
        let field =
            |name: String| name.parse::<Field>().map_err(|error| format!("describes itself wrongly: {what}: {error}"));
        names.into_iter().map(field).collect::<Result<Vec<_>, _>>()
    };
    let mut made = Descriptor::new(described.name, described.version);
    if !described.options.is_empty() {
        made.options = serde_json::from_str(&described.options)
            .map_err(|error| format!("describes itself wrongly: options is no JSON: {error}"))?;
    }
    made.summary = described.summary;
    made.needs = fields("needs", described.needs)?;
    made.gives = fields("gives", described.gives)?;
    made.drops = described.drops;
    made.deterministic = described.deterministic;
    made.offsets = match described.offsets {
        types::Offsets::Utf8 => Offsets::Utf8,
        types::Offsets::Codepoint => Offsets::Codepoint,
        types::Offsets::Utf16 => Offsets::Utf16,
    };
    Ok(made)
}

/// A document as it is sent to a component: the text where it is, everything else as JSON.
pub(crate) struct Sent<'g, 'd> {
    given: &'g Given<'d>,
    meta: String,
    needed: BTreeMap<&'static str, String>,
}

impl<'g, 'd> Sent<'g, 'd> {
    pub(crate) fn new(given: &'g Given<'d>) -> Result<Self, StageError> {
        let meta = serde_json::to_string(&given.document().meta).map_err(|error| StageError::Caused {
            context: "the metadata cannot be written as JSON".to_owned(),
            source: error.into(),
        })?;
        let needed = given.needed().into_iter().map(|(name, value)| (name, value.to_string())).collect();
        Ok(Self { given, meta, needed })
    }

    pub(crate) fn as_wit(&self) -> plugin::Document<'_> {
        let document = self.given.document();
        let needed = |name: &str| self.needed.get(name).map(String::as_str);
        plugin::Document {
            id: document.id().as_str(),
            uri: &document.source().uri,
            media_type: &document.source().media_type,
            title: document.title(),
            language: document.language(),
            text: document.text(),
            meta: &self.meta,
            blocks: needed("blocks"),
            annotations: needed("annotations"),
            tags: needed("tags"),
            measures: needed("measures"),
            summary: needed("summary"),
        }
    }
}

/// What the component answered.
pub(crate) fn answer(answered: plugin::Answer) -> Result<Answer, StageError> {
    let (text, edits) = match answered.change {
        types::Change::None => (None, Vec::new()),
        types::Change::Edits(edits) => (None, edits.into_iter().map(edit).collect()),
        types::Change::Text(text) => (Some(text), Vec::new()),
    };
    let annotations = answered.annotations.into_iter().enumerate().map(|(index, annotation)| {
        let (start, end) = ends(annotation.span);
        let value =
            annotation.value.map_or(Ok(Value::Null), |value| json(&value, || format!("annotations[{index}].value")))?;
        Ok(AnsweredAnnotation { kind: annotation.kind, start, end, value, score: annotation.score })
    });
    let meta = answered.meta.into_iter().map(|types::Entry { key, value }| {
        let value = json(&value, || format!("meta.{key}"))?;
        Ok((key, value))
    });
    let measures = answered.measures.into_iter().map(|measure| Ok((measure.name, measure.value)));
    let drop = answered.drop.map(|drop| {
        Ok::<_, StageError>(AnsweredDrop {
            measured: json(&drop.measured, || "drop.measured".to_owned())?,
            threshold: json(&drop.threshold, || "drop.threshold".to_owned())?,
            rule: drop.rule,
        })
    });
    Ok(Answer {
        text,
        edits,
        annotations: annotations.collect::<Result<_, StageError>>()?,
        tags: answered.tags.into_iter().map(tag).collect(),
        measures: once_each("measures", measures)?,
        meta: once_each("meta", meta)?,
        language: answered.language,
        summary: answered.summary.map(summary),
        warnings: answered.warnings,
        drop: drop.transpose()?,
    })
}

/// Why it failed on a document.
pub(crate) fn failed(error: plugin::StageError) -> StageError {
    match error {
        plugin::StageError::BadDocument(why) => StageError::Failed(why),
        plugin::StageError::Fatal(why) => StageError::Fatal(why),
        plugin::StageError::BadOptions(_) => {
            StageError::Contract("process answered with bad-options, which is an answer of init".to_owned())
        }
    }
}

/// What is wrong with its options.
pub(crate) fn refused(error: plugin::StageError) -> Vec<OptionError> {
    let whole = |message: String| vec![OptionError::new("", message)];
    match error {
        plugin::StageError::BadOptions(bad) if bad.is_empty() => {
            whole("it refuses its options, and does not say why".to_owned())
        }
        plugin::StageError::BadOptions(bad) => {
            bad.into_iter().map(|bad| OptionError::new(bad.pointer, bad.message)).collect()
        }
        plugin::StageError::BadDocument(why) | plugin::StageError::Fatal(why) => whole(why),
    }
}

fn ends(span: types::Span) -> (usize, usize) {
    (span.start as usize, span.end as usize)
}

fn edit(edit: types::Edit) -> AnsweredEdit {
    let (start, end) = ends(edit.span);
    AnsweredEdit { start, end, text: edit.text }
}

fn tag(tag: types::Tag) -> AnsweredTag {
    let evidence = tag.evidence.into_iter().map(ends).map(<[usize; 2]>::from).collect();
    AnsweredTag { scheme: tag.scheme, label: tag.label, score: tag.score, evidence }
}

fn summary(summary: types::Summary) -> AnsweredSummary {
    let sentence = |sentence: types::Sentence| {
        let (start, end) = ends(sentence.span);
        AnsweredSentence { start, end, text: sentence.text, score: sentence.score, why: BTreeMap::new() }
    };
    AnsweredSummary { text: summary.text, sentences: summary.sentences.into_iter().map(sentence).collect() }
}

fn json(text: &str, what: impl Fn() -> String) -> Result<Value, StageError> {
    serde_json::from_str(text).map_err(|error| StageError::Contract(format!("{} is no JSON: {error}", what())))
}

/// A list of names and values as a map: a name that comes twice leaves open which of its values is meant.
fn once_each<T>(
    what: &str,
    pairs: impl Iterator<Item = Result<(String, T), StageError>>,
) -> Result<BTreeMap<String, T>, StageError> {
    let mut made = BTreeMap::new();
    for pair in pairs {
        let (name, value) = pair?;
        match made.entry(name) {
            Entry::Vacant(place) => {
                place.insert(value);
            }
            Entry::Occupied(place) => {
                return Err(StageError::Contract(format!("{what}.{} is answered twice", place.key())));
            }
        }
    }
    Ok(made)
}
