//! Values from the environment, which are never shown.

use std::collections::BTreeSet;

/// What stands where a value from the environment would.
pub(crate) const HIDDEN: &str = "***";

/// The values that a pipeline took from the environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets {
    values: BTreeSet<String>,
}

impl Secrets {
    /// Remembers a value, and how it looks in a quoted text.
    pub(crate) fn add(&mut self, value: &str) {
        if !value.trim().is_empty() {
            self.values.insert(value.to_owned());
            self.values.insert(value.escape_debug().to_string());
        }
    }

    pub(crate) fn has(&self, value: &str) -> bool {
        self.values.contains(value)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(String::as_str)
    }

    /// The text without them. One of a few letters is hidden where it stands alone: `1` is no part of the secret in `100`.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // The longest first, so that one that begins like another leaves nothing of it.
        let mut values: Vec<&String> = self.values.iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        for value in values {
            if text.contains(value.as_str()) {
                text = hide(&text, value);
            }
        }
        text
    }
}

fn hide(text: &str, value: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    for (at, _) in text.match_indices(value) {
        let joined = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
        let inside = joined(text[..at].chars().next_back()) || joined(text[at + value.len()..].chars().next());
        if at < rest || (value.len() < 4 && inside) {
            continue;
        }
        out.push_str(&text[rest..at]);
        out.push_str(HIDDEN);
        rest = at + value.len();
    }
    out.push_str(&text[rest..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_and_a_short_one_only_where_it_stands_alone() {
        let check = |secret: &str, text: &str, expected: &str| {
            let mut secrets = Secrets::default();
            secrets.add(secret);
            assert_eq!(secrets.redact(text), expected, "{secret}");
        };
        check("hunter2", "found `hunter2`, twice hunter2hunter2", "found `***`, twice ******");
        check("7", "expected 1 to 70, found 7", "expected 1 to 70, found ***");
        check("a\"b c", r#"found "a\"b c""#, r#"found "***""#);
        check("", "nothing is hidden", "nothing is hidden");
    }
}
