//! Addresses that a text may hold: e-mail addresses and telephone numbers.

use std::sync::LazyLock;

use docmill_core::ByteSpan;
use memchr::memchr;
use regex::Regex;

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[a-z0-9_][a-z0-9._%+'\-]{0,63}@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}\b")
        .expect("the pattern is fixed")
});
static PHONE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[+(]?[0-9](?:[ \x{a0}.\-/()]{0,2}[0-9]){6,16}").expect("the pattern is fixed"));
static NORTH_AMERICAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:1[ .\-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .\-])[2-9][0-9]{2}[ .\-][0-9]{4}$")
        .expect("the pattern is fixed")
});

/// The e-mail addresses in a text.
pub(crate) fn emails(text: &str) -> Vec<ByteSpan> {
    if memchr(b'@', text.as_bytes()).is_none() {
        return Vec::new();
    }
    EMAIL.find_iter(text).map(|found| ByteSpan::from(found.range())).collect()
}

/// A telephone number.
pub(crate) struct Phone {
    pub(crate) span: ByteSpan,
    /// In the form of E.164 where the country is known (`+15035550123`), else its digits.
    pub(crate) number: String,
}

/// The telephone numbers in a text: with a country code, in the form of North America, or with a leading zero and groups.
/// Other groups of digits are as often something else.
pub(crate) fn phones(text: &str) -> Vec<Phone> {
    PHONE.find_iter(text).filter_map(|found| phone(text, found.range().into())).collect()
}

fn phone(text: &str, span: ByteSpan) -> Option<Phone> {
    let written = span.of(text)?;
    let before = text.get(..span.start)?.chars().next_back();
    let after = text.get(span.end..)?.chars().next();
    let continues = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '$' | '€' | '£' | '@' | '_' | '#' | '=');
    if before.is_some_and(|c| continues(c) || c == '.') || after.is_some_and(|c| continues(c) && c != '/') {
        return None;
    }
    // An opening parenthesis that is closed behind the number belongs to the sentence.
    let (written, span) = match written.strip_prefix('(') {
        Some(rest) if !rest.contains(')') => (rest, ByteSpan::new(span.start + 1, span.end)),
        Some(_) | None => (written, span),
    };
    let digits: String = written.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let groups = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).count();
    let number = if written.starts_with('+') && (8..=15).contains(&digits.len()) {
        format!("+{digits}")
    } else if NORTH_AMERICAN.is_match(written) {
        format!("+1{}", digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&digits))
    } else if digits.starts_with('0')
        && (9..=12).contains(&digits.len())
        && (2..=6).contains(&groups)
        && !is_other(written)
    {
        digits
    } else {
        return None;
    };
    Some(Phone { span, number })
}

/// Whether the number may be a date with something behind it, such as `03.04.2015`, or a Social Security number.
fn is_other(written: &str) -> bool {
    let mut groups = written.split(['.', '/', '-']);
    let lengths: Vec<usize> = groups.by_ref().take(3).map(str::len).collect();
    matches!(lengths.as_slice(), [1..=2, 1..=2, 4..=20] | [3, 2, 4])
}
