//! The values of cells as text.

use calamine::{Data, DataRef, ExcelDateTime};

/// Most digits that a number is exact to.
const DIGITS: usize = 15;

/// A cell as text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Value {
    pub(crate) text: String,
    /// It is a text, not a number, a date, or nothing.
    pub(crate) is_text: bool,
}

impl Value {
    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { is_text: !text.trim().is_empty(), text }
    }

    /// Something else, written as text.
    pub(crate) fn other(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_text: false }
    }

    /// Whether there is nothing to see.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

impl From<DataRef<'_>> for Value {
    fn from(data: DataRef<'_>) -> Self {
        match data {
            DataRef::String(text) => Self::text(text),
            DataRef::SharedString(text) => Self::text(text),
            DataRef::Int(number) => Self::other(number.to_string()),
            DataRef::Float(value) => Self::other(number(value)),
            DataRef::Bool(is) => Self::other(truth(is)),
            DataRef::DateTime(moment) => Self::other(iso(moment)),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Self::other(text),
            DataRef::Error(error) => Self::other(error.to_string()),
            DataRef::Empty => Self::default(),
        }
    }
}

impl From<&Data> for Value {
    fn from(data: &Data) -> Self {
        match data {
            Data::String(text) => Self::text(text.as_str()),
            Data::Int(number) => Self::other(number.to_string()),
            Data::Float(value) => Self::other(number(*value)),
            Data::Bool(is) => Self::other(truth(*is)),
            Data::DateTime(moment) => Self::other(iso(*moment)),
            Data::DateTimeIso(text) | Data::DurationIso(text) => Self::other(text.as_str()),
            Data::Error(error) => Self::other(error.to_string()),
            Data::Empty => Self::default(),
        }
    }
}

fn truth(is: bool) -> &'static str {
    if is { "TRUE" } else { "FALSE" }
}

/// A number as spreadsheets show it without a format: fifteen digits, no zeros at the end.
pub(crate) fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value);
    let size = rounded.abs();
    if size != 0.0 && !(1e-9..1e15).contains(&size) { format!("{rounded:e}") } else { rounded.to_string() }
}

/// A moment in ISO 8601: as a day where it is midnight, as a time where it has no day, else both. A duration has hours.
fn iso(moment: ExcelDateTime) -> String {
    let value = moment.as_f64();
    if !value.is_finite() || !(0.0..2_958_466.0).contains(&value) {
        return number(value);
    }
    if moment.is_duration() {
        // Below 2^53, as the check above sees to.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is neither negative nor large")]
        let seconds = (value * 86_400.0).round() as u64;
        return format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if value < 1.0 {
        time
    } else if time == "00:00:00" {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{time}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_as_many_digits_as_they_are_exact_to() {
        for (value, expected) in
            [(5000.0, "5000"), (0.1 + 0.2, "0.3"), (-2.5, "-2.5"), (1e300, "1e300"), (0.0, "0"), (1e-12, "1e-12")]
        {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn dates_are_iso_dates() {
        use calamine::ExcelDateTimeType::{DateTime, TimeDelta};
        for (value, kind, expected) in [
            (45_352.0, DateTime, "2024-03-01"),
            (45_352.354_166_666_664, DateTime, "2024-03-01T08:30:00"),
            (0.75, DateTime, "18:00:00"),
            (1.5, TimeDelta, "36:00:00"),
            (-3.0, DateTime, "-3"),
        ] {
            assert_eq!(iso(ExcelDateTime::new(value, kind, false)), expected);
        }
    }
}
