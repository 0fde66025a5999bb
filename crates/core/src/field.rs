//! What a stage needs of a document and gives to it.

use std::borrow::Cow;

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
            (Self::Annotations(given), Self::Annotations(needed)) | (Self::Tags(given), Self::Tags(needed)) => {
                let prefix = |pattern: &str, name: &str| {
                    pattern.strip_suffix('*').is_some_and(|prefix| name.starts_with(prefix))
                };
                given == needed || prefix(given, needed) || prefix(needed, given)
            }
            _ => self == need,
        }
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
