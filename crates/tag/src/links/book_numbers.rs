//! The numbers of books and series: ISBN (ISO 2108) and ISSN (ISO 3297), by their check digits.

use std::sync::LazyLock;

use docmill_core::ByteSpan;
use memchr::memmem;
use regex::Regex;

/// Digits of a book: thirteen that begin with 978 or 979, or ten of which the last may be an X.
static ISBN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:97[89](?:[-\x{2010}\x{2011}\x{2013} ]?[0-9]){10}|[0-9](?:[-\x{2010}\x{2011}\x{2013} ]?[0-9]){8}[-\x{2010}\x{2011}\x{2013} ]?[0-9Xx])\b")
        .expect("the pattern is fixed")
});
static ISSN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b[0-9]{4}[-\x{2010}\x{2011}\x{2013}]?[0-9]{3}[0-9Xx]\b").expect("the pattern is fixed")
});

/// How far before a number its name may end, in bytes: `ISBN-13 (hardcover): `.
const NAMED_WITHIN: usize = 24;

/// The numbers of books in a text, in the form of thirteen digits without hyphens. One of ten digits counts where `ISBN` stands before
/// it, one of thirteen everywhere.
pub(super) fn isbns(text: &str) -> Vec<(ByteSpan, String)> {
    let finds = |needle: &str| memmem::find(text.as_bytes(), needle.as_bytes()).is_some();
    if !finds("ISBN") && !finds("978") && !finds("979") {
        return Vec::new();
    }
    let found = ISBN.find_iter(text).filter_map(|found| {
        let digits = digits(found.as_str());
        let number = match digits.len() {
            13 if is_alone(text, found.range()) => Some(digits).filter(|digits| is_ean(digits)),
            10 if is_alone(text, found.range()) && is_named(text, found.start(), "ISBN") => of_thirteen(&digits),
            _ => None,
        };
        Some((found.range().into(), number?))
    });
    found.collect()
}

/// The numbers of series in a text, as `1234-5679`, where `ISSN` stands before them.
pub(super) fn issns(text: &str) -> Vec<(ByteSpan, String)> {
    if memmem::find(text.as_bytes(), b"ISSN").is_none() {
        return Vec::new();
    }
    let found = ISSN.find_iter(text).filter_map(|found| {
        let digits = digits(found.as_str());
        let sound = digits.len() == 8
            && is_alone(text, found.range())
            && is_named(text, found.start(), "ISSN")
            && is_mod_eleven(&digits);
        sound.then(|| (found.range().into(), format!("{}-{}", &digits[..4], &digits[4..])))
    });
    found.collect()
}

/// The digits of a number, and the X at its end.
fn digits(written: &str) -> String {
    written.chars().filter(char::is_ascii_alphanumeric).map(|digit| digit.to_ascii_uppercase()).collect()
}

/// Whether no further digits are glued to the number.
fn is_alone(text: &str, range: std::ops::Range<usize>) -> bool {
    let goes_on = |letter: Option<char>| letter.is_some_and(|letter| matches!(letter, '-' | '/' | '+' | '_' | '='));
    let before = text.get(..range.start).and_then(|before| before.chars().next_back());
    let after = text.get(range.end..).and_then(|after| after.chars().next());
    // `1-56619-909-3-2`: a longer number; a hyphen before white space is a dash.
    let dash =
        after == Some('-') && text.get(range.end + 1..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    !goes_on(before) && (!goes_on(after) || dash)
}

/// Whether the name of the number stands shortly before it, with no other number of this length between.
fn is_named(text: &str, start: usize, name: &str) -> bool {
    let mut from = start.saturating_sub(NAMED_WITHIN + name.len());
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..start).unwrap_or_default();
    before.rfind(name).is_some_and(|at| before.get(at..).is_some_and(|between| !between.contains([';', '\n'])))
}

/// Whether thirteen digits have the right check digit: with weights 1 and 3 in turn they are a multiple of ten.
fn is_ean(digits: &str) -> bool {
    let sum: u32 =
        digits.bytes().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    sum.is_multiple_of(10)
}

/// Whether the digits, weighted from their number down to 1, are a multiple of eleven; X is ten.
fn is_mod_eleven(digits: &str) -> bool {
    let weights = (1..=u32::try_from(digits.len()).unwrap_or_default()).rev();
    let value = |digit: u8| if digit == b'X' { 10 } else { u32::from(digit.saturating_sub(b'0')) };
    digits.bytes().zip(weights).map(|(digit, weight)| value(digit) * weight).sum::<u32>().is_multiple_of(11)
}

/// The thirteen digits of a book with ten, if its check digit is right.
fn of_thirteen(digits: &str) -> Option<String> {
    if !is_mod_eleven(digits) {
        return None;
    }
    let stem = format!("978{}", digits.get(..9)?);
    (0..10).map(|check| format!("{stem}{check}")).find(|digits| is_ean(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = isbns(text).into_iter().chain(issns(text)).map(|(_, number)| number).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn numbers_of_books_have_check_digits() {
        check("ISBN 978-3-16-148410-0", &["9783161484100"]);
        check("ISBN-13: 9783161484100.", &["9783161484100"]);
        check("978-3-16-148410-0", &["9783161484100"]);
        check("978 3 16 148410 0 (hardcover)", &["9783161484100"]);
        check("ISBN 978–3–16–148410–0", &["9783161484100"]);
        check("ISBN 978-3-16-148410-1", &[]);
        check("ISBN 0-306-40615-2, paper", &["9780306406157"]);
        check("ISBN-10 (paper): 0306406152", &["9780306406157"]);
        check("ISBN 0-306-40615-3", &[]);
        check("ISBN 0-8044-2957-X", &["9780804429573"]);
        check("ISBN 0-8044-2957-x", &["9780804429573"]);
    }

    #[test]
    fn other_numbers_are_none() {
        check("call 0306406152 now", &[]);
        check("ISBN unknown; call 0306406152", &[]);
        check("9783161484100-7", &[]);
        check("1/9783161484100", &[]);
        check("19783161484100", &[]);
        check("97831614841005", &[]);
    }

    #[test]
    fn numbers_of_series_are_named() {
        check("ISSN 0378-5955", &["0378-5955"]);
        check("ISSN (online): 2434-561X", &["2434-561X"]);
        check("eISSN 03785955", &["0378-5955"]);
        check("ISSN 0378-5956", &[]);
        check("in 1993-1998", &[]);
        check("0378-5955", &[]);
    }
}
