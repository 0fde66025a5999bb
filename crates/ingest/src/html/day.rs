//! The days that pages state: in ISO 8601 or close to it, in words, and in addresses.

use jiff::civil::Date;

use crate::date;

/// As many bytes has a day in ISO 8601.
pub(super) const DAY: usize = "2016-03-15".len();

/// The day in an address such as `https://courier.example/2019/11/22/wall` or `https://courier.example/news/wall-2019-11-22`.
pub(super) fn day_in_address(address: &str) -> Option<String> {
    let borders = memchr::memchr3_iter(b'/', b'-', b'_', address.as_bytes());
    borders.filter_map(|at| address.get(at + 1..)).find_map(|rest| {
        let day = rest.get(..10).filter(|_| rest.as_bytes().get(10).is_none_or(|byte| !byte.is_ascii_digit()))?;
        iso_day(day).filter(|iso| iso.len() == DAY)
    })
}

/// A date as the head states it.
pub(super) fn day(stated: &str) -> Option<String> {
    iso_day(stated).or_else(|| (stated.len() <= 60).then(|| date::parse(stated)).flatten())
}

/// The day of a date in ISO 8601 or close to it: `2016-03-15T09:00:00Z`, `2016/03/15`, `20160315`; `2016-03` and `2016` as they are.
fn iso_day(stated: &str) -> Option<String> {
    let stated = stated.trim();
    let bytes = stated.as_bytes();
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let digits = bytes.get(range)?;
        digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
    };
    let year = number(0..4).filter(|year| (1000..=2999).contains(year))?;
    let is_month = |month: &u32| (1..=12).contains(month);
    let is_day = |day: &u32| (1..=31).contains(day);
    let ends = |at: usize| bytes.get(at).is_none_or(|byte| !byte.is_ascii_digit());
    if let (Some(month), Some(day)) = (number(4..6).filter(is_month), number(6..8).filter(is_day))
        && (ends(8) || bytes.len() == 14)
    {
        return Some(format!("{year:04}-{month:02}-{day:02}"));
    }
    if bytes.len() == 4 {
        return Some(format!("{year:04}"));
    }
    let separator = *bytes.get(4).filter(|byte| matches!(byte, b'-' | b'/' | b'.'))?;
    let month = number(5..7).filter(is_month)?;
    if bytes.len() == 7 {
        return Some(format!("{year:04}-{month:02}"));
    }
    let day = number(8..10).filter(is_day)?;
    (bytes[7] == separator && ends(10)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Whether two days in ISO 8601 are the same or follow each other, as those of one moment in two time zones do.
pub(super) fn are_close(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (one.parse::<Date>(), other.parse::<Date>()) else { return false };
    one.since(other).is_ok_and(|apart| apart.get_days().abs() <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_beside_each_other_are_close() {
        for (one, other, close) in [
            ("2020-02-29", "2020-03-01", true),
            ("2020-12-31", "2021-01-01", true),
            ("2020-03-01", "2020-03-01", true),
            ("2020-03-01", "2020-03-03", false),
            ("2020-03-01", "2021-03-01", false),
            ("2020-03", "2020-03-01", false),
        ] {
            assert_eq!(are_close(one, other), close, "{one} {other}");
        }
    }

    #[test]
    fn a_day_in_an_address_stands_at_a_border() {
        for (address, day) in [
            ("https://courier.example/2019/11/22/wall", Some("2019-11-22")),
            ("https://courier.example/wall-2019-11-22.html", Some("2019-11-22")),
            ("https://courier.example/2019/11/wall", None),
            ("https://courier.example/a12019-11-22", None),
            ("https://courier.example/2019-11-221", None),
        ] {
            assert_eq!(day_in_address(address).as_deref(), day, "{address}");
        }
    }

    #[test]
    fn the_day_of_a_date_is_kept() {
        for (stated, day) in [
            ("2016-03-15T23:30:00+02:00", Some("2016-03-15")),
            ("2016/03/15 10:00", Some("2016-03-15")),
            ("20160315", Some("2016-03-15")),
            ("2016-03", Some("2016-03")),
            ("2016", Some("2016")),
            ("2016-13-01", None),
            ("March 2016", None),
            ("", None),
        ] {
            assert_eq!(iso_day(stated).as_deref(), day, "{stated}");
        }
    }
}
