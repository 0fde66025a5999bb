//! How a pipeline is run, and the values that its settings have.

use docmill_core::{ByteSize, written_as_text};
use schemars::json_schema;

/// How a run is made: what of the pipeline file decides how fast a run is and when it counts as failed, but no output.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunSettings {
    /// Threads that work on documents; all cores where it is `None`.
    pub workers: Option<usize>,
    /// Bytes that documents in flight may take.
    pub memory: Option<ByteSize>,
    /// How many documents may fail in a run that counts as good.
    pub allow_failures: Option<AllowedFailures>,
}

/// How many documents may fail: a number, or a share of all that are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AllowedFailures {
    /// Up to this many documents.
    Count(u64),
    /// Up to this many in a hundred, 0..=100.
    Percent(f64),
}

impl AllowedFailures {
    /// Whether a run in which `failed` of `found` documents failed counts as good.
    pub fn allows(self, failed: u64, found: u64) -> bool {
        match self {
            Self::Count(count) => failed <= count,
            Self::Percent(percent) => failed as f64 * 100.0 <= percent * found as f64,
        }
    }
}

impl std::str::FromStr for AllowedFailures {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("expected a number of documents such as `5`, or a share such as `2%`, found `{text}`");
        match text.trim().strip_suffix('%') {
            Some(percent) => match percent.trim().parse() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Self::Percent(percent)),
                _ => Err(expected()),
            },
            None => text.trim().parse().map(Self::Count).map_err(|_| expected()),
        }
    }
}

impl std::fmt::Display for AllowedFailures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

written_as_text!(AllowedFailures, json_schema!({"type": ["string", "integer"], "examples": [5, "2%"]}));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_or_a_share() {
        assert!("5".parse::<AllowedFailures>().is_ok_and(|allowed| allowed.allows(5, 9) && !allowed.allows(6, 9)));
        assert!("2%".parse::<AllowedFailures>().is_ok_and(|allowed| allowed.allows(2, 100) && !allowed.allows(3, 100)));
        assert!("101%".parse::<AllowedFailures>().is_err());
        assert!("-1".parse::<AllowedFailures>().is_err());
    }
}
