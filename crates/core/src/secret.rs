//! Values that are not shown.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What stands where a secret would.
const HIDDEN: &str = "***";
/// Values shorter than this are no secrets that could be found in a text.
const SHORTEST: usize = 4;

/// The value of an option, which may be a key or a password: it is never shown, neither by `{:?}` nor where the pipeline is written out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(HIDDEN)
    }
}

impl<'de> Deserialize<'de> for Secret {
    /// From a text, a number or a truth value.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a text, a number or a truth value")]
        enum Written {
            Text(String),
            Truth(bool),
            Number(i64),
        }
        Ok(Self(match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Truth(truth) => truth.to_string(),
            Written::Number(number) => number.to_string(),
        }))
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": ["string", "boolean", "integer"]})
    }
}

/// What must not be in a message.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// The values of these options, of which not all are secrets, and none has a place in a message.
    pub fn of(options: &BTreeMap<String, Secret>) -> Self {
        let mut secrets = Self::default();
        for secret in options.values() {
            secrets.add(secret.reveal());
        }
        secrets
    }

    /// Adds a value, unless it is too short to be told from other words.
    pub fn add(&mut self, value: &str) {
        if value.len() >= SHORTEST && value.parse::<bool>().is_err() {
            self.0.push(value.to_owned());
            // The longest first, so that one that begins like another leaves nothing of it.
            self.0.sort_by_key(|value| std::cmp::Reverse(value.len()));
        }
    }

    /// A text of a server or a library with `***` in their place, without the queries of addresses (which may be signed) and without control
    /// characters.
    pub fn redact(&self, text: &str) -> String {
        let mut text = self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), HIDDEN));
        while let Some((start, end)) = query(&text) {
            text.replace_range(start..end, "");
        }
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

/// Where the query of the first address that has one begins and ends.
fn query(text: &str) -> Option<(usize, usize)> {
    let ends = |character: char| character.is_whitespace() || matches!(character, '"' | '\'' | ')' | '>' | '<' | '`');
    let mut from = 0;
    while let Some(at) = text[from..].find("://") {
        let start = from + at;
        let end = text[start..].find(ends).map_or(text.len(), |length| start + length);
        if let Some(length) = text[start..end].find('?') {
            return Some((start + length, end));
        }
        from = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_queries_are_taken_out_of_messages() {
        let mut secrets = Secrets::default();
        for secret in ["hunter2", "hunter2hunter", "true", "abc"] {
            secrets.add(secret);
        }
        let check = |text: &str, expected: &str| assert_eq!(secrets.redact(text), expected);
        check("no hunter2hunter, no hunter2", "no ***, no ***");
        check("true abc", "true abc");
        check("GET https://a.example/b?sig=x in 1s (http://c/d?e)", "GET https://a.example/b in 1s (http://c/d)");
        check("why? https://a.example/ who?", "why? https://a.example/ who?");
        check("a\u{1b}[2Jb\n", "a [2Jb ");
    }

    #[test]
    fn a_secret_is_shown_by_nothing() {
        let secret: Secret = serde_json::from_str("\"hunter2\"").unwrap();
        assert_eq!(secret.reveal(), "hunter2");
        assert_eq!(format!("{secret:?} {}", serde_json::to_string(&secret).unwrap()), "*** \"***\"");
        let truth: Secret = serde_json::from_str("true").unwrap();
        assert_eq!(truth.reveal(), "true");
    }
}
