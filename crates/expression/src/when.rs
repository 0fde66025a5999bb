//! `when`: a condition on a document, in CEL (the Common Expression Language).
//!
//! The names that a condition can use are those of the record: see [`Name`]. [`check`] refuses at load what can never work;
//! what depends on the document, such as a key that its metadata lack, is an error of that document.

mod check;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use cel::common::types::CelString;
use cel::{Context, Env, Program, Value};
use docmill_core::{Condition, Document, Field, StageError};

/// The longest condition, in bytes. CEL is for a line or two.
const MAX_LENGTH: usize = 2000;
/// How much of an error is kept: CEL's errors can quote the document's text.
const MAX_REASON: usize = 200;

/// A compiled condition.
///
/// ```
/// use docmill_expression::When;
/// use docmill_core::{Condition as _, Document};
///
/// let when = When::compile(r#"language == "en" && words > 3"#)?;
/// let mut doc = Document::from_text("a.txt", "The harbor was dredged again.");
/// doc.set_language("en");
/// assert!(when.holds(&doc)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct When {
    text: String,
    program: Program,
    env: Arc<Env>,
    uses: Vec<Name>,
    /// Tag schemes and annotation kinds that it asks for by name: they are empty, not missing, where a document has none.
    keys: Vec<Field>,
    needs: Vec<Field>,
}

/// A mistake in a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}: {label}")]
pub struct WhenError {
    /// Which bytes of the condition are wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What was expected there.
    pub label: String,
    /// What was probably meant.
    pub help: Option<String>,
}

/// All that is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct WhenErrors(pub Vec<WhenError>);

/// What a condition can ask of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    /// `language`: its code; `und` where it is not known.
    Language,
    /// `title`: the title; empty where there is none.
    Title,
    /// `text`: the text as it is at this stage.
    Text,
    /// `words`: how many words the text has.
    Words,
    /// `meta`: what the source states, such as `meta.publication`.
    Meta,
    /// `source`: `source.uri`, `source.media_type`, `source.encoding`, `source.bytes`, `source.container`.
    Source,
    /// `measures`: measured values, such as `measures.words` and `measures["language.score"]`.
    Measures,
    /// `tags`: the labels of each scheme, such as `"energy" in tags.topic`.
    Tags,
    /// `annotations`: how many there are of each kind, such as `annotations.money > 2`.
    Annotations,
}

impl Name {
    pub(crate) const ALL: [Self; 9] = [
        Self::Language,
        Self::Title,
        Self::Text,
        Self::Words,
        Self::Meta,
        Self::Source,
        Self::Measures,
        Self::Tags,
        Self::Annotations,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Title => "title",
            Self::Text => "text",
            Self::Words => "words",
            Self::Meta => "meta",
            Self::Source => "source",
            Self::Measures => "measures",
            Self::Tags => "tags",
            Self::Annotations => "annotations",
        }
    }
}

impl When {
    /// Compiles a condition, or says all that is wrong with it.
    pub fn compile(text: &str) -> Result<Self, WhenErrors> {
        if text.len() > MAX_LENGTH {
            let label = format!("expected at most {MAX_LENGTH} bytes, found {}", text.len());
            let message = "the condition is too long".to_owned();
            return Err(WhenErrors(vec![WhenError { span: 0..text.len(), message, label, help: None }]));
        }
        let env = Env::stdlib().with_optional_support(false);
        let program = env.compile(text).map_err(|errors| WhenErrors(check::syntax_errors(text, &errors)))?;
        let checked = check::check(&program, text).map_err(WhenErrors)?;
        let check::Checked { uses, keys, needs } = checked;
        Ok(Self { text: text.to_owned(), program, env: Arc::new(env), uses, keys, needs })
    }

    fn context<'d>(&self, doc: &'d Document) -> Context<'d, 'd> {
        let mut context = Context::with_env(Arc::clone(&self.env));
        for &name in &self.uses {
            match name {
                Name::Language => borrow(&mut context, name, doc.language().unwrap_or("und")),
                Name::Title => borrow(&mut context, name, doc.title().unwrap_or_default()),
                Name::Text => borrow(&mut context, name, doc.text()),
                Name::Words => own(&mut context, name, words(doc)),
                Name::Meta => own(&mut context, name, map(doc.meta.iter().map(|(key, value)| (key, json(value))))),
                Name::Source => own(&mut context, name, source(doc)),
                Name::Measures => {
                    let measures = doc.measures().iter().map(|(name, value)| (name.as_str(), Value::Float(*value)));
                    own(&mut context, name, map(measures));
                }
                Name::Tags => own(&mut context, name, self.tags(doc)),
                Name::Annotations => own(&mut context, name, self.annotations(doc)),
            }
        }
        context
    }

    fn tags(&self, doc: &Document) -> Value {
        let mut labels: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for key in &self.keys {
            if let Field::Tags(scheme) = key {
                labels.insert(scheme, Vec::new());
            }
        }
        for tag in doc.tags() {
            labels.entry(&tag.scheme).or_default().push(Value::from(tag.label.as_str()));
        }
        map(labels.into_iter().map(|(scheme, labels)| (scheme, Value::List(Arc::new(labels)))))
    }

    fn annotations(&self, doc: &Document) -> Value {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for key in &self.keys {
            if let Field::Annotations(kind) = key {
                counts.insert(kind, 0);
            }
        }
        for annotation in doc.annotations() {
            *counts.entry(&annotation.kind).or_default() += 1;
        }
        map(counts.into_iter().map(|(kind, count)| (kind, Value::Int(count))))
    }

    /// What it looked at, as far as that is short: names and the keys that it asks for, with their values. `false` where
    /// there is nothing of that kind.
    pub(crate) fn measured(&self, doc: &Document) -> serde_json::Value {
        use serde_json::{Value as Json, json};
        let mut looked_at = serde_json::Map::new();
        if self.uses.contains(&Name::Language) {
            looked_at.insert("language".to_owned(), doc.language().unwrap_or("und").into());
        }
        if self.uses.contains(&Name::Words) {
            let counted = || json!(doc.text().split_whitespace().count());
            let words = doc.measures().get("words").map_or_else(counted, |words| json!(words));
            looked_at.insert("words".to_owned(), words);
        }
        for key in &self.keys {
            let value = match key {
                Field::Measure(name) => doc.measures().get(&**name).map(|value| json!(value)),
                Field::Tags(scheme) => {
                    let tags = doc.tags().iter().filter(|tag| tag.scheme == *scheme);
                    Some(tags.map(|tag| Json::from(tag.label.as_str())).collect())
                }
                Field::Annotations(kind) => {
                    Some(json!(doc.annotations().iter().filter(|annotation| annotation.kind == *kind).count()))
                }
                Field::Text | Field::Blocks | Field::Meta | Field::Language | Field::Summary => None,
            };
            looked_at.extend(value.map(|value| (key.name(), value)));
        }
        if looked_at.is_empty() { Json::Bool(false) } else { Json::Object(looked_at) }
    }

    fn failed(&self, reason: &str) -> StageError {
        let mut reason: String = reason.chars().take(MAX_REASON + 1).collect();
        if reason.chars().count() > MAX_REASON {
            reason.pop();
            reason.push_str(" ...");
        }
        StageError::Condition { condition: self.text.clone(), reason }
    }
}

impl Condition for When {
    fn holds(&self, doc: &Document) -> Result<bool, StageError> {
        match self.program.execute(&self.context(doc)) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(self.failed(&format!("expected true or false, found {}", type_name(&other)))),
            Err(error) => Err(self.failed(&error.to_string())),
        }
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn needs(&self) -> Vec<Field> {
        self.needs.clone()
    }
}

impl std::fmt::Debug for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("When").field(&self.text).finish()
    }
}

fn borrow<'d>(context: &mut Context<'d, 'd>, name: Name, text: &'d str) {
    context.add_variable_as_val(name.as_str(), Box::new(CelString::from(text)));
}

fn own<'d>(context: &mut Context<'d, 'd>, name: Name, value: impl Into<Value>) {
    context.add_variable_from_value(name.as_str(), value);
}

/// Words as a stage measured them; else what white space parts.
fn words(doc: &Document) -> Value {
    match doc.measures().get("words") {
        Some(&measured) => Value::Float(measured),
        None => Value::Int(i64::try_from(doc.text().split_whitespace().count()).unwrap_or(i64::MAX)),
    }
}

fn source(doc: &Document) -> Value {
    let source = doc.source();
    map([
        ("uri", Value::from(source.uri.as_str())),
        ("media_type", Value::from(source.media_type.as_str())),
        ("encoding", Value::from(source.encoding.as_str())),
        ("bytes", Value::Int(i64::try_from(source.bytes).unwrap_or(i64::MAX))),
        ("container", source.container.as_deref().map_or(Value::Null, Value::from)),
    ])
}

fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    let entries: std::collections::HashMap<String, Value> =
        entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Value::from(entries)
}

fn json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or(f64::NAN)), Value::Int)
        }
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::List(Arc::new(items.iter().map(json).collect())),
        serde_json::Value::Object(entries) => map(entries.iter().map(|(key, value)| (key.as_str(), json(value)))),
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Int(_) | Value::UInt(_) | Value::Float(_) => "a number",
        Value::List(_) => "a list",
        Value::Map(_) => "a mapping",
        Value::Null => "null",
        _ => "something else",
    }
}
