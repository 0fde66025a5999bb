//! What a stage needs of a document and gives to it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of a document that one stage gives and another needs. Checked before the first document is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The text.
    Text,
    /// The blocks of the text.
    Blocks,
    /// Metadata.
    Meta,
    /// The language.
    Language,
    /// Annotations of a kind.
    Annotations(Cow<'static, str>),
    /// Tags of a scheme.
    Tags(Cow<'static, str>),
    /// The summary.
    Summary,
    /// A measured value by its name.
    Measure(Cow<'static, str>),
}

impl Field {
    /// Annotations of a kind.
    pub const fn annotations(kind: &'static str) -> Self {
        Self::Annotations(Cow::Borrowed(kind))
    }

    /// Tags of a scheme.
    pub const fn tags(scheme: &'static str) -> Self {
        Self::Tags(Cow::Borrowed(scheme))
    }

    /// A measured value.
    pub const fn measure(name: &'static str) -> Self {
        Self::Measure(Cow::Borrowed(name))
    }

    /// Whether giving `self` satisfies needing `need`. `pii.*` on either side stands for every kind that begins with `pii.`.
    pub fn satisfies(&self, need: &Self) -> bool {
        match (self, need) {
            (Self::Annotations(given), Self::Annotations(needed))
            | (Self::Tags(given), Self::Tags(needed))
            | (Self::Measure(given), Self::Measure(needed)) => {
                let prefix = |pattern: &str, name: &str| {
                    pattern.strip_suffix('*').is_some_and(|prefix| name.starts_with(prefix))
                };
                given == needed || prefix(given, needed) || prefix(needed, given)
            }
            _ => self == need,
        }
    }
}

impl Field {
    /// How it is written in descriptors: `annotations.person`, `tags.topic`, `measures.words`, `text`.
    pub fn name(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Blocks => "blocks".to_owned(),
            Self::Meta => "meta".to_owned(),
            Self::Language => "language".to_owned(),
            Self::Annotations(kind) => format!("annotations.{kind}"),
            Self::Tags(scheme) => format!("tags.{scheme}"),
            Self::Summary => "summary".to_owned(),
            Self::Measure(name) => format!("measures.{name}"),
        }
    }
}

impl std::str::FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = text.split_once('.').filter(|(_, name)| !name.is_empty());
        Ok(match (text, named) {
            ("text", _) => Self::Text,
            ("blocks", _) => Self::Blocks,
            ("meta", _) => Self::Meta,
            ("language", _) => Self::Language,
            ("summary", _) => Self::Summary,
            (_, Some(("annotations", kind))) => Self::Annotations(kind.to_owned().into()),
            (_, Some(("tags", scheme))) => Self::Tags(scheme.to_owned().into()),
            (_, Some(("measures", name))) => Self::Measure(name.to_owned().into()),
            _ => {
                return Err(format!(
                    "expected text, blocks, meta, language, summary, annotations.KIND, tags.SCHEME or measures.NAME, found \
                     {text:?}"
                ));
            }
        })
    }
}

impl Serialize for Field {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Field {
    fn schema_name() -> Cow<'static, str> {
        "Field".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "examples": ["text", "annotations.person", "tags.topic"]})
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Blocks => f.write_str("blocks"),
            Self::Meta => f.write_str("meta"),
            Self::Language => f.write_str("language"),
            Self::Annotations(kind) => write!(f, "annotations of kind {kind}"),
            Self::Tags(scheme) => write!(f, "tags of scheme {scheme}"),
            Self::Summary => f.write_str("summary"),
            Self::Measure(name) => write!(f, "measure {name}"),
        }
    }
}
