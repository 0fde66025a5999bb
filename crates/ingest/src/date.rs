//! Calendar dates as mastheads, e-mails and datelines write them, as ISO 8601.
//!
//! English, German, French, Spanish, Italian, Portuguese, Dutch and Russian month names, with the day before or after them, and numeric dates of which the order
//! is certain. A date is given as exactly as it is written: `2016-03-15`, `2016-03`. A numeric date that may be read
//! two ways, such as `3/4/2016`, is no date.

use std::sync::LazyLock;

use docmill_core::ByteSpan;
use rustc_hash::FxHashMap;

/// Month names in lower case, each with the month's number. Short forms stand without their full stop.
const MONTHS: &[(&str, u32)] = &[
    ("jan", 1),
    ("january", 1),
    ("januar", 1),
    ("jänner", 1),
    ("janvier", 1),
    ("janv", 1),
    ("enero", 1),
    ("ene", 1),
    ("feb", 2),
    ("february", 2),
    ("februar", 2),
    ("février", 2),
    ("févr", 2),
    ("fév", 2),
    ("febrero", 2),
    ("mar", 3),
    ("march", 3),
    ("märz", 3),
    ("mars", 3),
    ("marzo", 3),
    ("apr", 4),
    ("april", 4),
    ("avril", 4),
    ("avr", 4),
    ("abril", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("mayo", 5),
    ("jun", 6),
    ("june", 6),
    ("juni", 6),
    ("juin", 6),
    ("junio", 6),
    ("jul", 7),
    ("july", 7),
    ("juli", 7),
    ("juillet", 7),
    ("juil", 7),
    ("julio", 7),
    ("aug", 8),
    ("august", 8),
    ("août", 8),
    ("agosto", 8),
    ("ago", 8),
    ("sep", 9),
    ("sept", 9),
    ("september", 9),
    ("septembre", 9),
    ("septiembre", 9),
    ("setiembre", 9),
    ("oct", 10),
    ("okt", 10),
    ("october", 10),
    ("oktober", 10),
    ("octobre", 10),
    ("octubre", 10),
    ("nov", 11),
    ("november", 11),
    ("novembre", 11),
    ("noviembre", 11),
    ("dec", 12),
    ("dez", 12),
    ("déc", 12),
    ("dic", 12),
    ("december", 12),
    ("dezember", 12),
    ("décembre", 12),
    ("diciembre", 12),
    ("gennaio", 1),
    ("febbraio", 2),
    ("aprile", 4),
    ("maggio", 5),
    ("giugno", 6),
    ("luglio", 7),
    ("settembre", 9),
    ("ottobre", 10),
    ("dicembre", 12),
    ("janeiro", 1),
    ("fevereiro", 2),
    ("março", 3),
    ("maio", 5),
    ("junho", 6),
    ("julho", 7),
    ("setembro", 9),
    ("outubro", 10),
    ("novembro", 11),
    ("dezembro", 12),
    ("januari", 1),
    ("februari", 2),
    ("maart", 3),
    ("mei", 5),
    ("augustus", 8),
    ("января", 1),
    ("февраля", 2),
    ("марта", 3),
    ("апреля", 4),
    ("мая", 5),
    ("июня", 6),
    ("июля", 7),
    ("августа", 8),
    ("сентября", 9),
    ("октября", 10),
    ("ноября", 11),
    ("декабря", 12),
    ("يناير", 1),
    ("فبراير", 2),
    ("مارس", 3),
    ("أبريل", 4),
    ("مايو", 5),
    ("يونيو", 6),
    ("يوليو", 7),
    ("أغسطس", 8),
    ("سبتمبر", 9),
    ("أكتوبر", 10),
    ("نوفمبر", 11),
    ("ديسمبر", 12),
];

/// No word of a date is longer, in bytes.
const LONGEST_WORD: usize = 24;

/// Words that may stand in or beside a date and say nothing more: weekdays, articles, prepositions.
const FILLERS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "the",
    "of",
    "on",
    "de",
    "del",
    "le",
    "el",
    "den",
    "der",
    "am",
    "vom",
    "du",
    "st",
    "nd",
    "rd",
    "th",
    "er",
];

/// The words that dates are made of.
static WORDS: LazyLock<FxHashMap<&str, TokenKind>> = LazyLock::new(|| {
    let months = MONTHS.iter().map(|(name, month)| (*name, TokenKind::Month(*month)));
    FILLERS.iter().map(|word| (*word, TokenKind::Filler)).chain(months).collect()
});

/// A date in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Date {
    /// Where it is, with a weekday or article before it.
    pub span: ByteSpan,
    /// The date in ISO 8601.
    pub iso: String,
}

#[derive(Debug, Clone, Copy)]
struct Token<'t> {
    text: &'t str,
    start: usize,
    kind: TokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Number(u32),
    Month(u32),
    Filler,
    Word,
    Mark(char),
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The first date with a year in a short text.
pub(crate) fn find(text: &str) -> Option<Date> {
    first_date(text, false)
}

/// The same, with years of two digits as in `31.10.23` for text that is known to be little else than a date.
pub(crate) fn find_short(text: &str) -> Option<Date> {
    first_date(text, true)
}

fn first_date(text: &str, short_years: bool) -> Option<Date> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|first| {
        let short =
            || short_years.then(|| with_short_year(&tokens[first..], first.checked_sub(1).map(|at| &tokens[at])));
        let (iso, length) = date_at(&tokens[first..]).or_else(|| short().flatten())?;
        let before = tokens[..first]
            .iter()
            .rev()
            .take_while(|token| token.kind == TokenKind::Filler || token.kind == TokenKind::Mark(','));
        let lead = before.filter(|token| token.kind == TokenKind::Filler).last();
        let start = lead.map_or(tokens[first].start, |token| token.start);
        Some(Date { span: ByteSpan::new(start, tokens[first + length - 1].end()), iso })
    })
}

/// Where a day and a month without a year are: `May 12`, `12 May`, `le 12 mai`.
pub(crate) fn day_and_month(text: &str) -> Option<ByteSpan> {
    let tokens = tokens(text);
    let is_day = |token: &Token<'_>| matches!(token.kind, TokenKind::Number(1..=31)) && token.text.len() <= 2;
    (0..tokens.len()).find_map(|first| {
        let second = skip(&tokens, first + 1, 3);
        let (one, two) = (tokens.get(first)?, tokens.get(second)?);
        let is_month = |token: &Token<'_>| matches!(token.kind, TokenKind::Month(_));
        (is_day(one) && is_month(two) || is_month(one) && is_day(two)).then(|| {
            let lead = tokens[..first].iter().rev().take_while(|token| token.kind == TokenKind::Filler).last();
            ByteSpan::new(lead.unwrap_or(one).start, two.end())
        })
    })
}

/// The date that a text is, when it is nothing else but perhaps a time of day.
pub(crate) fn parse(text: &str) -> Option<String> {
    let date = find(text)?;
    let before = text.get(..date.span.start)?.trim();
    let after = text.get(date.span.end..)?.trim_start_matches(['T', ',', '.', ' ']);
    let time =
        after.is_empty() || after.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '(' | 'a' | 'г'));
    (before.is_empty() && time && after.len() <= 40).then_some(date.iso)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        let same: fn(char) -> bool = if first.is_ascii_digit() {
            |c| c.is_ascii_digit()
        } else if first.is_alphabetic() {
            char::is_alphabetic
        } else {
            |_| false
        };
        let mut end = start + first.len_utf8();
        while let Some((at, next)) = rest.next_if(|(_, next)| same(*next)) {
            end = at + next.len_utf8();
        }
        let text = &text[start..end];
        tokens.push(Token { text, start, kind: kind(text, first) });
    }
    tokens
}

fn kind(text: &str, first: char) -> TokenKind {
    if first.is_ascii_digit() {
        // Longer numbers are no part of a date.
        return text.parse().map_or(TokenKind::Word, TokenKind::Number);
    }
    if !first.is_alphabetic() {
        return TokenKind::Mark(first);
    }
    if text.len() > LONGEST_WORD {
        return TokenKind::Word;
    }
    let word = text.to_lowercase();
    WORDS.get(word.as_str()).copied().unwrap_or(TokenKind::Word)
}

/// The date that begins with the first token, and how many tokens it has.
fn date_at(tokens: &[Token<'_>]) -> Option<(String, usize)> {
    match tokens.first()?.kind {
        TokenKind::Number(_) => numeric(tokens).or_else(|| east_asian(tokens)).or_else(|| day_first(tokens)),
        TokenKind::Month(month) => month_first(tokens, month),
        TokenKind::Filler | TokenKind::Word | TokenKind::Mark(_) => None,
    }
}

/// `2016-03-15`, `2016/3/15`, `15.3.2016`, `15/03/2016`, `3/15/2016`.
fn numeric(tokens: &[Token<'_>]) -> Option<(String, usize)> {
    let (first, mark, second, third) = match tokens {
        [first, mark, second, same, third, ..] if mark.kind == same.kind => (first, mark, second, third),
        _ => return None,
    };
    let (TokenKind::Number(a), TokenKind::Number(b), TokenKind::Number(c)) = (first.kind, second.kind, third.kind)
    else {
        return None;
    };
    let TokenKind::Mark(mark) = mark.kind else { return None };
    let iso = match (first.text.len(), mark, third.text.len()) {
        (4, '-' | '/' | '.', 1..=2) => iso(a, b, Some(c)),
        (1..=2, '.', 4) => iso(c, b, Some(a)),
        (1..=2, '/' | '-', 4) if a > 12 || a == b => iso(c, b, Some(a)),
        (1..=2, '/' | '-', 4) if b > 12 => iso(c, a, Some(b)),
        _ => None,
    }?;
    Some((iso, 5))
}

/// `31.10.23`, where `before` and what follows are no part of a longer row of numbers.
fn with_short_year(tokens: &[Token<'_>], before: Option<&Token<'_>>) -> Option<(String, usize)> {
    let [day, dot, month, same, year, after @ ..] = tokens else { return None };
    let is_dot = |token: &Token<'_>| token.kind == TokenKind::Mark('.');
    let goes_on = before.is_some_and(is_dot)
        || matches!(after, [next, then, ..] if is_dot(next) && matches!(then.kind, TokenKind::Number(_)));
    let (TokenKind::Number(d), TokenKind::Number(m), TokenKind::Number(y)) = (day.kind, month.kind, year.kind) else {
        return None;
    };
    let of_two = [day, month, year].iter().all(|token| token.text.len() == 2);
    // The web began in 1990: years of two digits below it are of this century.
    let year = if y < 90 { 2000 + y } else { 1900 + y };
    (of_two && is_dot(dot) && is_dot(same) && !goes_on).then(|| iso(year, m, Some(d))).flatten().map(|iso| (iso, 5))
}

/// `2016年3月15日`, `2016年3月`.
fn east_asian(tokens: &[Token<'_>]) -> Option<(String, usize)> {
    let number = |index: usize, unit: char| match (tokens.get(index)?.kind, tokens.get(index + 1)?.text) {
        (TokenKind::Number(number), text) if text.starts_with(unit) => Some(number),
        _ => None,
    };
    let (year, month) = (number(0, '年').filter(|_| tokens[0].text.len() == 4)?, number(2, '月')?);
    match number(4, '日') {
        Some(day) => Some((iso(year, month, Some(day))?, 6)),
        None => Some((iso(year, month, None)?, 4)),
    }
}

/// `15 March 2016`, `15. März 2016`, `15th of March, 2016`, `15 de marzo de 2016`.
fn day_first(tokens: &[Token<'_>]) -> Option<(String, usize)> {
    let TokenKind::Number(day) = tokens[0].kind else { return None };
    let month_at = skip(tokens, 1, 3);
    let TokenKind::Month(month) = tokens.get(month_at)?.kind else { return None };
    let year_at = skip(tokens, month_at + 1, 2);
    let year = year(tokens.get(year_at)?)?;
    Some((iso(year, month, Some(day))?, year_at + 1))
}

/// `March 15, 2016`, `March 15th 2016`, `Mar. 2016`.
fn month_first(tokens: &[Token<'_>], month: u32) -> Option<(String, usize)> {
    let next = skip(tokens, 1, 2);
    if let Some(year) = tokens.get(next).and_then(year) {
        return Some((iso(year, month, None)?, next + 1));
    }
    let TokenKind::Number(day) = tokens.get(next)?.kind else { return None };
    let year_at = skip(tokens, next + 1, 2);
    let year = year(tokens.get(year_at)?)?;
    Some((iso(year, month, Some(day))?, year_at + 1))
}

/// The first token from `at` on that is no filler, full stop or comma; at most `most` are passed.
fn skip(tokens: &[Token<'_>], at: usize, most: usize) -> usize {
    let passed = tokens
        .iter()
        .skip(at)
        .take(most)
        .take_while(|token| matches!(token.kind, TokenKind::Filler | TokenKind::Mark('.' | ',')));
    at + passed.count()
}

fn year(token: &Token<'_>) -> Option<u32> {
    match token.kind {
        TokenKind::Number(year) if token.text.len() == 4 && (1500..=2200).contains(&year) => Some(year),
        _ => None,
    }
}

fn iso(year: u32, month: u32, day: Option<u32>) -> Option<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return None,
    };
    match day {
        Some(day) if (1..=days).contains(&day) => Some(format!("{year:04}-{month:02}-{day:02}")),
        Some(_) => None,
        None => Some(format!("{year:04}-{month:02}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, iso: Option<&str>) {
        assert_eq!(parse(text).as_deref(), iso, "{text}");
    }

    #[test]
    fn a_date_is_as_exact_as_it_is_written() {
        check("March 15, 2016", Some("2016-03-15"));
        check("15 March 2016", Some("2016-03-15"));
        check("Jan. 22nd, 2019", Some("2019-01-22"));
        check("the 3rd of May 2018", Some("2018-05-03"));
        check("August 2018", Some("2018-08"));
        check("2016-03-15", Some("2016-03-15"));
        check("2016-03-15T08:00:00Z", Some("2016-03-15"));
        check("Wed, 16 Mar 2016 17:42:10 +0100", Some("2016-03-16"));
        check("Tuesday, April 12, 2016 at 9:00", Some("2016-04-12"));
    }

    #[test]
    fn dates_in_other_languages_are_read() {
        check("14. Mai 2017", Some("2017-05-14"));
        check("le 14 octobre 2018", Some("2018-10-14"));
        check("8 de junio de 2019", Some("2019-06-08"));
        check("1er août 2020", Some("2020-08-01"));
        check("Montag, den 3. März 2014", Some("2014-03-03"));
        check("15 марта 2016 г.", Some("2016-03-15"));
        check("3 maggio 2018", Some("2018-05-03"));
        check("15 مارس 2016", Some("2016-03-15"));
        check("2016年3月19日", Some("2016-03-19"));
        check("2016年3月", Some("2016-03"));
    }

    #[test]
    fn a_numeric_date_counts_where_its_order_is_certain() {
        check("15/03/2016", Some("2016-03-15"));
        check("3/15/2016", Some("2016-03-15"));
        check("03.05.2016", Some("2016-05-03"));
        check("3/4/2016", None);
    }

    #[test]
    fn what_is_no_day_of_the_calendar_or_has_no_year_is_no_date() {
        check("February 30, 2016", None);
        check("February 29, 2016", Some("2016-02-29"));
        check("February 29, 2015", None);
        check("March 3", None);
        check("2016", None);
        check("Route 66 in March 2016", None);
    }

    #[test]
    fn a_date_is_found_in_a_line_with_its_weekday() {
        let text = "Évening Dispatch, Friday, April 22, 2016, page 1";
        let date = find(text).expect("there is a date");
        assert_eq!((date.span.of(text), date.iso.as_str()), (Some("Friday, April 22, 2016"), "2016-04-22"));
    }

    proptest! {
        #[test]
        fn any_text_is_searched(text in "\\PC{0,60}") {
            if let Some(date) = find(&text) {
                prop_assert!(date.span.of(&text).is_some_and(|found| !found.is_empty()));
            }
        }
    }
}
