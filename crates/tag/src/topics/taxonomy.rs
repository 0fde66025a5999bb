//! Taxonomies: topics with their terms and parents, and what may be wrong with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use docmill_core::{OptionError, nearest};
use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::places::Places;

/// A topic of a taxonomy.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Topic {
    /// The label of the topic that it is a part of, or several.
    pub parent: Parents,
    /// Words and phrases that hardly occur outside it: one is enough.
    pub strong: Terms,
    /// Words and phrases that belong to it: several are needed.
    pub terms: Terms,
    /// Words and phrases that support it where it is told by others.
    pub weak: Terms,
    /// Words and phrases that look like it but speak of something else: no term is found in them, and they count against it.
    pub not: Terms,
}

/// Terms of every language, or lists of terms by the ISO 639-1 code of their language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Terms {
    /// Terms that are looked for in every text.
    Every(Vec<String>),
    /// Terms that are looked for in texts of their language.
    ByLanguage(BTreeMap<String, Vec<String>>),
}

/// No label, one, or several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Parents {
    /// It is a part of no other topic.
    #[default]
    None,
    /// The label of the topic that it is a part of.
    One(String),
    /// The labels of the topics that it is a part of.
    Several(Vec<String>),
}

impl Default for Terms {
    fn default() -> Self {
        Self::Every(Vec::new())
    }
}

impl Terms {
    /// Those that are looked for in texts of this language.
    pub(super) fn of(&self, language: &str) -> &[String] {
        match self {
            Self::Every(terms) => terms,
            Self::ByLanguage(lists) => lists.get(language).map_or(&[], Vec::as_slice),
        }
    }

    /// All of them, each with its pointer.
    fn all(&self) -> Vec<(String, &str)> {
        let numbered = |prefix: String, terms: &'_ [String]| -> Vec<String> {
            (0..terms.len()).map(|index| format!("{prefix}/{index}")).collect()
        };
        match self {
            Self::Every(terms) => {
                numbered(String::new(), terms).into_iter().zip(terms.iter().map(String::as_str)).collect()
            }
            Self::ByLanguage(lists) => lists
                .iter()
                .flat_map(|(code, terms)| {
                    numbered(format!("/{code}"), terms).into_iter().zip(terms.iter().map(String::as_str))
                })
                .collect(),
        }
    }
}

impl Parents {
    pub(super) fn labels(&self) -> &[String] {
        match self {
            Self::None => &[],
            Self::One(label) => std::slice::from_ref(label),
            Self::Several(labels) => labels,
        }
    }
}

impl<'de> Deserialize<'de> for Terms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Lists;

        impl<'de> Visitor<'de> for Lists {
            type Value = Terms;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of terms, or lists of terms by language, such as `{ en: [harbor] }`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, terms: A) -> Result<Terms, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(terms)).map(Terms::Every)
            }

            fn visit_map<A: MapAccess<'de>>(self, lists: A) -> Result<Terms, A::Error> {
                BTreeMap::deserialize(MapAccessDeserializer::new(lists)).map(Terms::ByLanguage)
            }
        }

        deserializer.deserialize_any(Lists)
    }
}

impl<'de> Deserialize<'de> for Parents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Labels;

        impl<'de> Visitor<'de> for Labels {
            type Value = Parents;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the label of a topic, or a list of labels")
            }

            fn visit_unit<E>(self) -> Result<Parents, E> {
                Ok(Parents::None)
            }

            fn visit_str<E>(self, label: &str) -> Result<Parents, E> {
                Ok(Parents::One(label.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, labels: A) -> Result<Parents, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(labels)).map(Parents::Several)
            }
        }

        deserializer.deserialize_any(Labels)
    }
}

/// Topics by label.
pub(super) type Taxonomy = BTreeMap<String, Topic>;

/// Reads a taxonomy file. Mistakes name the file, line and column.
pub(super) fn read(path: &Path, text: &str) -> Result<(Taxonomy, Places), Vec<String>> {
    let path = path.display();
    let taxonomy = serde_yaml::from_str::<Taxonomy>(text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |location| (location.line(), location.column()));
        let message = error.to_string();
        let said = message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message);
        vec![format!("{path}:{line}:{column}: {said}")]
    })?;
    let places = Places::of(text);
    let twice: Vec<String> = places
        .repeated()
        .iter()
        .map(|(line, column, key)| format!("{path}:{line}:{column}: `{key}` is given twice"))
        .collect();
    if twice.is_empty() { Ok((taxonomy, places)) } else { Err(twice) }
}

/// What is wrong with the topics; the pointers lead from their mapping.
pub(super) fn check(topics: &Taxonomy) -> Vec<OptionError> {
    let parents: BTreeSet<&str> = topics.values().flat_map(|topic| topic.parent.labels()).map(String::as_str).collect();
    let mut errors = Vec::new();
    for (label, topic) in topics {
        let pointer = pointer(label);
        let found = [("terms", &topic.terms), ("strong", &topic.strong), ("weak", &topic.weak), ("not", &topic.not)];
        let mut any = false;
        for (name, terms) in found {
            if let Terms::ByLanguage(lists) = terms {
                for code in lists.keys().filter(|code| !is_language(code)) {
                    errors.push(OptionError::new(
                        format!("{pointer}/{name}/{code}"),
                        format!("expected the code of a language, such as `de`, found `{code}`"),
                    ));
                }
            }
            for (at, term) in terms.all() {
                any |= name != "not" && !term.trim().is_empty();
                if let Some(wrong) = wrong_star(term) {
                    errors.push(OptionError::new(format!("{pointer}/{name}{at}"), wrong));
                }
            }
        }
        if !any && !parents.contains(label.as_str()) {
            errors.push(OptionError::new(pointer.clone(), format!("the topic `{label}` has no terms")));
        }
        errors.extend(check_parents(topics, label, topic, &pointer));
    }
    errors
}

fn check_parents(topics: &Taxonomy, label: &str, topic: &Topic, pointer: &str) -> Vec<OptionError> {
    let mut errors = Vec::new();
    for (index, parent) in topic.parent.labels().iter().enumerate() {
        let at = match topic.parent {
            Parents::Several(_) => format!("{pointer}/parent/{index}"),
            Parents::None | Parents::One(_) => format!("{pointer}/parent"),
        };
        if !topics.contains_key(parent) {
            let labels: Vec<&str> = topics.keys().map(String::as_str).collect();
            let error = OptionError::new(at, format!("there is no topic `{parent}`"));
            errors.push(match nearest(parent, &labels) {
                Some(near) => error.with_help(format!("did you mean `{near}`?")),
                None => error,
            });
        } else if parent == label || ancestors(topics, parent).contains(label) {
            errors.push(OptionError::new(at, format!("the topic `{label}` is an ancestor of itself")));
        }
    }
    errors
}

/// The JSON pointer of a label.
fn pointer(label: &str) -> String {
    format!("/{}", label.replace('~', "~0").replace('/', "~1"))
}

fn is_language(code: &str) -> bool {
    matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// What is wrong with the stars of a term.
fn wrong_star(term: &str) -> Option<String> {
    let term = term.trim();
    let inner = term.strip_prefix('*').unwrap_or(term);
    let inner = inner.strip_suffix('*').unwrap_or(inner);
    if inner.len() == term.len() && !term.contains('*') {
        return None;
    }
    let word = !inner.is_empty() && !inner.contains('*') && !inner.contains(char::is_whitespace);
    (!word)
        .then(|| format!("a star stands at the beginning or end of a single word, as in `solar*`, not as in `{term}`"))
}

/// The labels above `label`; its own is among them only where its ancestors go round in a circle.
pub(super) fn ancestors<'t>(topics: &'t Taxonomy, label: &str) -> BTreeSet<&'t str> {
    let mut above = BTreeSet::new();
    let mut open: Vec<&'t str> = Vec::new();
    let parents = |label: &str| topics.get(label).into_iter().flat_map(|topic| topic.parent.labels());
    open.extend(parents(label).map(String::as_str));
    while let Some(next) = open.pop() {
        if above.insert(next) {
            open.extend(parents(next).map(String::as_str));
        }
    }
    above
}
