//! Sizes and times as they are written in YAML.

use std::time::Duration;

use schemars::json_schema;

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

/// A span of time, written like `500ms`, `2s`, `1.5s`, `3m` or `1h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan(pub Duration);

impl std::str::FromStr for TimeSpan {
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
            Ok(duration) if !duration.is_zero() && duration <= Duration::from_hours(24) => Ok(Self(duration)),
            _ => Err(format!("expected more than 0 and at most 24h, found `{text}`")),
        }
    }
}

impl std::fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.subsec_nanos() == 0 {
            write!(f, "{}s", self.0.as_secs())
        } else {
            write!(f, "{}ms", self.0.as_secs_f64() * 1000.0)
        }
    }
}

/// For a type that is written as text in YAML: it is read from text, and from plain numbers where that means something.
#[macro_export]
macro_rules! written_as_text {
    ($type:ty, $schema:expr) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = match <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)? {
                    ::serde_json::Value::String(text) => text,
                    other => other.to_string(),
                };
                text.parse().map_err(::serde::de::Error::custom)
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl ::schemars::JsonSchema for $type {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $schema
            }
        }
    };
}

written_as_text!(ByteSize, json_schema!({"type": ["string", "integer"], "examples": ["512MiB"]}));
written_as_text!(TimeSpan, json_schema!({"type": "string", "examples": ["500ms", "2s", "1m"]}));

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
            assert_eq!(text.parse().ok(), milliseconds.map(|ms| TimeSpan(Duration::from_millis(ms))), "{text}");
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
}
