//! What a file says, as `serde_yaml` reads it.

use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::Number;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Place, Source};

/// A value in which nothing is lost: mappings keep their order and duplicate keys, which are reported with their places later.
#[derive(Debug, PartialEq)]
pub(super) enum Raw {
    Null,
    Bool(bool),
    Number(Number),
    /// Infinite, or not a number.
    NotFinite,
    Text(String),
    List(Vec<Raw>),
    Map(Vec<(Raw, Raw)>),
    /// A value with a tag of its own, such as `!secret`.
    Tagged(String),
}

/// Why the text is no YAML, without expanding aliases.
pub(super) fn syntax_error(source: &Arc<Source>) -> Option<Diagnostic> {
    let error = serde_yaml::from_str::<IgnoredAny>(source.text()).err()?;
    error.location().is_some().then(|| place_error(source, &error))
}

/// What the text says. Its aliases must have been counted before.
pub(super) fn read(source: &Arc<Source>) -> Result<Raw, Diagnostics> {
    serde_yaml::from_str(source.text()).map_err(|error| place_error(source, &error).into())
}

fn place_error(source: &Arc<Source>, error: &serde_yaml::Error) -> Diagnostic {
    let line = error.location().map_or(1, |location| location.line());
    let column = error.location().map_or(1, |location| location.column());
    let span = source.line(line);
    let text = &source.text()[span.clone()];
    let before: usize = text.chars().take(column - 1).map(char::len_utf8).sum();
    let at = span.start + before;
    let message = error.to_string();
    // "problem at line 3 column 5, while parsing a block mapping at line 2 column 3": the caret says where.
    let problem = message.split(" at line ").next().unwrap_or_default();
    let context = message.split_once(", while ").map(|(_, context)| format!("while {context}"));
    let diagnostic = Diagnostic::error(Place::new(source, at..at + 1), "this is not YAML");
    let diagnostic = diagnostic.label(context.map_or(problem.to_owned(), |context| format!("{problem}, {context}")));
    let leading = &text[..text.len() - text.trim_start().len()];
    if leading.contains('\t') {
        return diagnostic.help("indent with spaces: YAML allows no tabs there");
    }
    // The brace of `${name}` opens a mapping inside `{ }` and `[ ]`.
    if text.contains("${") && (text.contains("{ ") || text.contains('[')) {
        return diagnostic.help("inside `{ }` and `[ ]`, write variables in quotes: \"${name}\"");
    }
    diagnostic.maybe_help(bare_name_above(source, line).map(|name| {
        format!(
            "what stands beside a stage's name makes it a mapping: write `- {name}:` with a colon on the line above"
        )
    }))
}

/// The name on the line above, where that is a list item without a colon and the line itself goes on with a key.
fn bare_name_above(source: &Arc<Source>, line: usize) -> Option<&str> {
    let text = |line: usize| source.text().get(source.line(line));
    let name = text(line.checked_sub(1)?)?.trim().strip_prefix("- ")?.trim();
    let goes_on = text(line)?.trim_start().split_once(':').is_some_and(|(key, _)| !key.contains([' ', '-']));
    (goes_on && !name.is_empty() && !name.contains([':', ' ', '{', '['])).then_some(name)
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

fn finite(value: f64) -> Raw {
    Number::from_f64(value).map_or(Raw::NotFinite, Raw::Number)
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(finite(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(finite(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(finite(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Raw, A::Error> {
        let (tag, value) = tagged.variant::<String>()?;
        value.newtype_variant::<IgnoredAny>()?;
        Ok(Raw::Tagged(format!("!{tag}")))
    }
}
