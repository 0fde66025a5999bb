//! A document as a stage outside the binary sees it, and the one place where its answers are checked.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::{Answer, AnsweredDrop, AnsweredSummary, Descriptor};
use crate::{
    Annotation, ByteSpan, Document, DropReason, Edits, Field, StageError, Summary, SummarySentence, Tag, UnitSpan,
    Units, Verdict,
};

/// A document on its way to a stage that described itself, with all spans in the stage's unit.
///
/// Serialized, it is the document of the contract: `id`, `uri`, `media_type`, `title`, `language`, `text`, `meta`, and of
/// `blocks`, `annotations`, `tags`, `measures` and `summary` what the stage needs.
pub struct Given<'d> {
    doc: &'d Document,
    descriptor: &'d Descriptor,
    units: Units<'d>,
}

impl<'d> Given<'d> {
    /// The document as the stage that described itself so is given it.
    pub fn new(doc: &'d Document, descriptor: &'d Descriptor) -> Self {
        Self { doc, descriptor, units: Units::new(doc.text(), descriptor.offsets) }
    }

    /// The document.
    pub fn document(&self) -> &'d Document {
        self.doc
    }

    /// What the stage said of itself.
    pub fn descriptor(&self) -> &'d Descriptor {
        self.descriptor
    }

    /// The blocks, annotations, tags, measures and summary that the stage needs, by these names.
    pub fn needed(&self) -> Vec<(&'static str, Value)> {
        let needs = |wanted: fn(&Field) -> bool| self.descriptor.needs.iter().any(wanted);
        let mut needed = Vec::new();
        if needs(|field| *field == Field::Blocks) {
            needed.push(("blocks", self.doc.blocks().iter().map(|block| self.block(block)).collect()));
        }
        if needs(|field| matches!(field, Field::Annotations(_))) {
            let wanted = self.doc.annotations().iter().filter(|annotation| {
                let field = Field::Annotations(annotation.kind.clone());
                self.descriptor.needs.iter().any(|need| need.satisfies(&field))
            });
            needed.push(("annotations", wanted.map(|annotation| self.annotation(annotation)).collect()));
        }
        if needs(|field| matches!(field, Field::Tags(_))) {
            let wanted = self.doc.tags().iter().filter(|tag| {
                let field = Field::Tags(tag.scheme.clone());
                self.descriptor.needs.iter().any(|need| need.satisfies(&field))
            });
            needed.push(("tags", wanted.map(|tag| self.tag(tag)).collect()));
        }
        if needs(|field| matches!(field, Field::Measure(_))) {
            let wanted = self.doc.measures().iter().filter(|(name, _)| {
                let field = Field::Measure(name.as_str().to_owned().into());
                self.descriptor.needs.iter().any(|need| need.satisfies(&field))
            });
            needed.push(("measures", wanted.map(|(name, value)| (name.clone(), json!(value))).collect()));
        }
        if needs(|field| *field == Field::Summary) {
            needed.push(("summary", self.doc.summary().map_or(Value::Null, |summary| self.summary(summary))));
        }
        needed
    }

    fn span(&self, span: ByteSpan) -> UnitSpan {
        // Every span of a document lies in its text.
        self.units.of(span).unwrap_or(UnitSpan { start: 0, end: 0 })
    }

    fn block(&self, block: &crate::Block) -> Value {
        let span = self.span(block.span);
        let mut value = json!({"kind": block.kind, "start": span.start, "end": span.end});
        if let Some(level) = block.level {
            value["level"] = level.into();
        }
        value
    }

    fn annotation(&self, annotation: &Annotation) -> Value {
        let span = self.span(annotation.span);
        json!({"kind": annotation.kind, "start": span.start, "end": span.end, "value": annotation.value,
               "score": annotation.score, "by": &*annotation.by})
    }

    fn tag(&self, tag: &Tag) -> Value {
        let evidence = tag.evidence.iter().map(|&span| self.span(span)).map(|span| json!([span.start, span.end]));
        json!({"scheme": tag.scheme, "label": tag.label, "score": tag.score, "evidence": evidence.collect::<Vec<_>>(),
               "by": &*tag.by})
    }

    fn summary(&self, summary: &Summary) -> Value {
        let sentence = |sentence: &SummarySentence| {
            let span = self.span(sentence.span);
            let mut value =
                json!({"start": span.start, "end": span.end, "text": sentence.text, "score": sentence.score});
            if !sentence.why.is_empty() {
                value["why"] = json!(sentence.why);
            }
            value
        };
        json!({"text": summary.text, "sentences": summary.sentences.iter().map(sentence).collect::<Vec<_>>()})
    }

    /// Holds an answer against the descriptor and the text, and turns it into what is to be done to the document.
    ///
    /// # Errors
    /// [`StageError::Contract`] with the first thing that the stage may not answer.
    pub fn check(&self, answer: Answer) -> Result<Checked, StageError> {
        let mut checked = Checked { verdict: Verdict::Keep, ..Checked::default() };
        for (name, value) in answer.measures {
            self.declared(&Field::Measure(name.clone().into()), || format!("measures.{name}"))?;
            if !value.is_finite() {
                return Err(broken(format!("measures.{name} is no number")));
            }
            checked.measures.push((name, value));
        }
        if let Some(drop) = answer.drop {
            checked.verdict = self.drop(drop)?;
            return Ok(checked);
        }
        for (index, annotation) in answer.annotations.into_iter().enumerate() {
            let what = || format!("annotations[{index}]");
            let span = self.bytes(annotation.start, annotation.end, what)?;
            let kind = std::borrow::Cow::from(annotation.kind);
            self.declared(&Field::Annotations(kind.clone()), what)?;
            let made = Annotation::new(kind, span).with_value(annotation.value);
            checked.annotations.push(made.with_score(score(annotation.score, what)?));
        }
        for (index, tag) in answer.tags.into_iter().enumerate() {
            let what = || format!("tags[{index}]");
            let scheme = std::borrow::Cow::from(tag.scheme);
            self.declared(&Field::Tags(scheme.clone()), what)?;
            if tag.label.is_empty() {
                return Err(broken(format!("{} has an empty label", what())));
            }
            let evidence = tag.evidence.iter().map(|&[start, end]| self.bytes(start, end, what));
            let evidence = evidence.collect::<Result<Vec<_>, _>>()?;
            let made = Tag::new(scheme, tag.label).with_evidence(evidence);
            checked.tags.push(made.with_score(score(tag.score, what)?));
        }
        for (key, value) in answer.meta {
            self.declared(&Field::Meta, || format!("meta.{key}"))?;
            if key.is_empty() {
                return Err(broken("meta has an empty key".to_owned()));
            }
            checked.meta.push((key, value));
        }
        if let Some(language) = answer.language {
            self.declared(&Field::Language, || "language".to_owned())?;
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            if language.is_empty() || language.len() > 35 || !language.bytes().all(plain) {
                return Err(broken(format!("language is no language code: {language:?}")));
            }
            checked.language = Some(language);
        }
        checked.summary = answer.summary.map(|summary| self.answered_summary(summary)).transpose()?;
        checked.warnings = answer.warnings;
        checked.edits = self.edits(answer.text, &answer.edits)?;
        Ok(checked)
    }

    fn answered_summary(&self, summary: AnsweredSummary) -> Result<Summary, StageError> {
        self.declared(&Field::Summary, || "summary".to_owned())?;
        let mut sentences = Vec::with_capacity(summary.sentences.len());
        for (index, sentence) in summary.sentences.into_iter().enumerate() {
            let what = || format!("summary.sentences[{index}]");
            let span = self.bytes(sentence.start, sentence.end, what)?;
            let text = sentence.text.unwrap_or_else(|| span.of(self.doc.text()).unwrap_or_default().to_owned());
            if let Some((name, _)) = sentence.why.iter().find(|(name, part)| name.is_empty() || !part.is_finite()) {
                return Err(broken(format!("{} has a reason {name:?} that has no name or is no number", what())));
            }
            let made = SummarySentence::new(span, text, score(sentence.score, what)?);
            sentences.push(made.because(sentence.why.iter().map(|(name, part)| (name.as_str(), *part))));
        }
        let made = Summary::of(sentences);
        Ok(Summary { text: summary.text.unwrap_or(made.text), ..made })
    }

    fn edits(&self, text: Option<String>, edits: &[super::AnsweredEdit]) -> Result<Edits, StageError> {
        let before = self.doc.text();
        if text.is_some() || !edits.is_empty() {
            self.declared(&Field::Text, || if text.is_some() { "text" } else { "edits" }.to_owned())?;
        }
        if let Some(text) = text {
            if !edits.is_empty() {
                return Err(broken("text and edits cannot both be answered".to_owned()));
            }
            return Ok(Edits::between(before, &text));
        }
        let mut made = Edits::new();
        for (index, edit) in edits.iter().enumerate() {
            let span = self.place(edit.start, edit.end, || format!("edits[{index}]"))?;
            made.replace(span, &edit.text);
        }
        // Edits that overlap are refused here, so that nothing of the answer is done.
        made.check(before).map_err(|error| broken(format!("edits: {error}")))?;
        Ok(made)
    }

    fn drop(&self, drop: AnsweredDrop) -> Result<Verdict, StageError> {
        if !self.descriptor.drops {
            return Err(broken("it drops the document, and does not say `drops: true` of itself".to_owned()));
        }
        if drop.rule.is_empty() {
            return Err(broken("drop.rule is empty".to_owned()));
        }
        Ok(Verdict::Drop(DropReason::new(drop.rule, drop.measured, drop.threshold)))
    }

    fn declared(&self, field: &Field, what: impl Fn() -> String) -> Result<(), StageError> {
        if self.descriptor.declares(field) {
            return Ok(());
        }
        let declared: Vec<String> = self.descriptor.gives.iter().map(Field::name).collect();
        let declared = if declared.is_empty() { "nothing".to_owned() } else { declared.join(", ") };
        Err(broken(format!("{}: it answers with {}, and says that it gives {declared}", what(), field.name())))
    }

    /// A span that covers something.
    fn bytes(&self, start: usize, end: usize, what: impl Fn() -> String) -> Result<ByteSpan, StageError> {
        let span = self.place(start, end, &what)?;
        if span.is_empty() {
            return Err(broken(format!("{} is empty: {start}..{end}", what())));
        }
        Ok(span)
    }

    fn place(&self, start: usize, end: usize, what: impl Fn() -> String) -> Result<ByteSpan, StageError> {
        self.units.bytes(UnitSpan { start, end }).ok_or_else(|| {
            let text = self.doc.text();
            let length = self.units.of((0..text.len()).into()).map_or(0, |all| all.end);
            let unit = self.descriptor.offsets.name();
            let why = if start > end {
                "ends before it begins".to_owned()
            } else if end > length {
                format!("reaches beyond the text, which has {length} {unit}")
            } else {
                "splits a character".to_owned()
            };
            broken(format!("{} is at {start}..{end}, which {why}", what()))
        })
    }
}

impl Serialize for Given<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let needed = self.needed();
        let mut map = serializer.serialize_map(Some(7 + needed.len()))?;
        map.serialize_entry("id", self.doc.id())?;
        map.serialize_entry("uri", &self.doc.source().uri)?;
        map.serialize_entry("media_type", &self.doc.source().media_type)?;
        map.serialize_entry("title", &self.doc.title())?;
        map.serialize_entry("language", &self.doc.language())?;
        map.serialize_entry("text", self.doc.text())?;
        map.serialize_entry("meta", &self.doc.meta)?;
        for (name, value) in &needed {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// An answer that was held against the descriptor and the text: what is to be done to the document.
#[derive(Debug)]
pub struct Checked {
    measures: Vec<(String, f64)>,
    annotations: Vec<Annotation>,
    tags: Vec<Tag>,
    meta: Vec<(String, Value)>,
    language: Option<String>,
    summary: Option<Summary>,
    warnings: Vec<String>,
    edits: Edits,
    verdict: Verdict,
}

impl Default for Checked {
    fn default() -> Self {
        Self {
            measures: Vec::new(),
            annotations: Vec::new(),
            tags: Vec::new(),
            meta: Vec::new(),
            language: None,
            summary: None,
            warnings: Vec::new(),
            edits: Edits::new(),
            verdict: Verdict::Keep,
        }
    }
}

impl Checked {
    /// Does it to the document for which it was checked, in the name of the stage at work, and says what follows.
    pub fn apply(self, doc: &mut Document) -> Result<Verdict, StageError> {
        for (name, value) in self.measures {
            doc.measure(name, value);
        }
        for annotation in self.annotations {
            doc.annotate(annotation);
        }
        for tag in self.tags {
            doc.tag(tag);
        }
        for (key, value) in self.meta {
            if value.is_null() {
                doc.meta.remove(&key);
            } else {
                doc.meta.set(key, value);
            }
        }
        if let Some(language) = self.language {
            doc.set_language(language);
        }
        if let Some(summary) = self.summary {
            doc.summarize(summary);
        }
        for warning in self.warnings {
            doc.warn(warning);
        }
        doc.edit(&self.edits)?;
        Ok(self.verdict)
    }
}

fn score(score: f64, what: impl Fn() -> String) -> Result<f64, StageError> {
    if (0.0..=1.0).contains(&score) {
        return Ok(score);
    }
    Err(broken(format!("the score of {} is {score}, expected 0 to 1", what())))
}

fn broken(what: String) -> StageError {
    StageError::Contract(what)
}
