//! How a pipeline is run, and the values that its settings have.

use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

/// A number of bytes, written like `512MiB`, `64 kB` or `1048576`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);

const UNITS: [(&str, u64); 7] =
    [("", 1), ("b", 1), ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("kb", 1_000), ("mb", 1_000_000)];

impl std::str::FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("expected a size such as `512MiB`, found `{text}`");
        let digits = text.trim().find(|c: char| !c.is_ascii_digit()).unwrap_or(text.trim().len());
        let (number, unit) = text.trim().split_at(digits);
        let unit = unit.trim().to_lowercase();
        let number: u64 = number.parse().map_err(|_| expected())?;
        let factor = match UNITS.iter().find(|(name, _)| *name == unit) {
            Some((_, factor)) => *factor,
            None if unit == "gb" => 1_000_000_000,
            None => return Err(expected()),
        };
        number.checked_mul(factor).map(Self).ok_or_else(|| format!("`{text}` is more bytes than can be counted"))
    }
}

impl std::fmt::Display for ByteSize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            bytes if bytes > 0 && bytes % (1 << 30) == 0 => write!(f, "{}GiB", bytes >> 30),
            bytes if bytes > 0 && bytes % (1 << 20) == 0 => write!(f, "{}MiB", bytes >> 20),
            bytes if bytes > 0 && bytes % (1 << 10) == 0 => write!(f, "{}KiB", bytes >> 10),
            bytes => write!(f, "{bytes}"),
        }
    }
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

/// A span of time, written like `500ms`, `2s`, `1.5s`, `3m` or `1h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout(pub Duration);

impl std::str::FromStr for Timeout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("expected a time with its unit, such as `500ms`, `2s` or `1m`, found `{text}`");
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let seconds = match unit.trim() {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return Err(expected()),
        };
        let number: f64 = number.parse().map_err(|_| expected())?;
        match Duration::try_from_secs_f64(number * seconds) {
            Ok(duration) if !duration.is_zero() && duration <= Duration::from_secs(86_400) => Ok(Self(duration)),
            _ => Err(format!("expected more than 0 and at most 24h, found `{text}`")),
        }
    }
}

impl std::fmt::Display for Timeout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.subsec_nanos() == 0 {
            write!(f, "{}s", self.0.as_secs())
        } else {
            write!(f, "{}ms", self.0.as_secs_f64() * 1000.0)
        }
    }
}

/// Settings that are written as text are read from it, and from plain numbers where that means something.
macro_rules! written_as_text {
    ($type:ty, $schema:expr) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                #[serde(untagged)]
                enum Written {
                    Text(String),
                    Number(serde_json::Number),
                    Other(serde_json::Value),
                }
                let text = match Written::deserialize(deserializer)? {
                    Written::Text(text) => text,
                    Written::Number(number) => number.to_string(),
                    Written::Other(other) => other.to_string(),
                };
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

written_as_text!(ByteSize, json_schema!({"type": ["string", "integer"], "examples": ["512MiB"]}));
written_as_text!(AllowedFailures, json_schema!({"type": ["string", "integer"], "examples": [5, "2%"]}));
written_as_text!(Timeout, json_schema!({"type": "string", "examples": ["500ms", "2s", "1m"]}));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        let check = |text: &str, bytes: Option<u64>| {
            assert_eq!(text.parse().ok(), bytes.map(ByteSize), "{text}");
        };
        check("512MiB", Some(512 << 20));
        check("64 kB", Some(64_000));
        check("1048576", Some(1 << 20));
        check("2gb", Some(2_000_000_000));
        check("1.5GiB", None);
        check("12 parsecs", None);
        check("99999999999GiB", None);
        check("", None);
        assert_eq!(ByteSize(512 << 20).to_string(), "512MiB");
        assert_eq!(ByteSize(1000).to_string(), "1000");
    }

    #[test]
    fn times_have_units() {
        let check = |text: &str, milliseconds: Option<u64>| {
            assert_eq!(text.parse().ok(), milliseconds.map(|ms| Timeout(Duration::from_millis(ms))), "{text}");
        };
        check("2s", Some(2000));
        check("500ms", Some(500));
        check("1.5s", Some(1500));
        check("1m", Some(60_000));
        check("0s", None);
        check("2", None);
        check("2 days", None);
        check("1e9s", None);
        check("..s", None);
    }

    #[test]
    fn failures_are_counted_or_a_share() {
        assert!("5".parse::<AllowedFailures>().is_ok_and(|allowed| allowed.allows(5, 9) && !allowed.allows(6, 9)));
        assert!("2%".parse::<AllowedFailures>().is_ok_and(|allowed| allowed.allows(2, 100) && !allowed.allows(3, 100)));
        assert!("101%".parse::<AllowedFailures>().is_err());
        assert!("-1".parse::<AllowedFailures>().is_err());
    }
}
