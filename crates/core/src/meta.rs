//! Metadata: what the source states about itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Metadata by key, sorted by key. Keys are lower-case, words joined by `_`.
///
/// Keys that the built-in stages read or write: `title`, `authors` (array of strings), `date` (ISO 8601, as exact as the source:
/// `2016-03-15`, `2016-03`, `2016`), `publication`, `volume`, `issue`, `subject`, `language` (BCP 47), `description`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Meta {
    values: std::collections::BTreeMap<String, Value>,
}

impl Meta {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// The value of `key` where it is a string.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).and_then(Value::as_str)
    }

    /// Sets `key`, over what it was.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.values.insert(key.into(), value.into());
    }

    /// Sets `key` unless it is set: the first statement of a source wins.
    pub fn set_if_absent(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.values.entry(key.into()).or_insert_with(|| value.into());
    }

    /// Removes `key`.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.values.remove(key)
    }

    /// All keys and values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.values.values_mut()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
