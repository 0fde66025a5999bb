//! The sources between two parentheses.

use docmill_core::ByteSpan;

use crate::dates::{CalendarDate, date_at, year_at};
use crate::reading::{LexemeKind, Lexemes, Sense};

/// A source that is cited.
#[derive(Debug, Clone, Copy)]
pub(super) struct Citation<'a> {
    pub(super) span: ByteSpan,
    pub(super) outlet: &'a str,
    pub(super) date: Option<CalendarDate>,
    pub(super) author: Option<&'a str>,
    pub(super) title: Option<&'a str>,
    pub(super) page: Option<&'a str>,
    /// Whether a comma stands between name and date, as in news, or none, as in `Ellison 2014`.
    pub(super) comma: bool,
}

/// The sources of a group, or `None` where it is something else.
pub(super) fn citations(group: Lexemes<'_>, day_first: bool) -> Option<Vec<Citation<'_>>> {
    let mut found: Vec<Citation<'_>> = Vec::new();
    let mut start = 0;
    while start < group.items.len() {
        let rest = group.items.get(start..)?;
        let length = (0..rest.len()).find(|at| group.symbol(start + at) == Some(';')).unwrap_or(rest.len());
        let part = Lexemes { text: group.text, items: rest.get(..length)? };
        if !part.items.is_empty() {
            let before = found.last().copied();
            found.extend(sources(part, before, day_first)?);
        }
        start += length + 1;
    }
    found.iter().any(|citation| citation.date.is_some()).then_some(found)
}

/// Words before a source that do not belong to it.
const LEADS: &[&str] = &["see", "also", "cf", "eg", "quoted", "cited", "in", "via", "siehe", "vgl", "voir"];

/// The sources of one part of the group: one, or several dates of one outlet.
fn sources<'a>(part: Lexemes<'a>, before: Option<Citation<'a>>, day_first: bool) -> Option<Vec<Citation<'a>>> {
    let mut first = 0;
    while part.word(first).is_some_and(|word| LEADS.contains(&word)) {
        first += 1;
        if matches!(part.symbol(first), Some('.' | ',')) {
            first += 1;
        }
    }
    let Some(dated) = dated(part, first, day_first) else {
        // A name without a date, beside others that have one.
        let name = names(part, first, part.items.len())?;
        let span = part.span(first, part.items.len().checked_sub(1)?);
        return Some(vec![Citation { span, date: None, page: None, comma: true, ..name }]);
    };
    let name = if dated.first == first {
        Citation { author: None, title: None, ..before? }
    } else {
        names(part, first, dated.first)?
    };
    let comma = dated.first == first || part.symbol(dated.first - 1) == Some(',');
    let mut found =
        vec![Citation { span: part.span(first, dated.last), date: Some(dated.date), page: None, comma, ..name }];
    let mut at = dated.last + 1;
    while at < part.items.len() {
        // Only separators may stand between what belongs to the source.
        if matches!(part.symbol(at), Some(',' | '&' | ':')) || part.is_word(at, &["and", "und", "et", "y", "e"]) {
            at += 1;
        } else {
            return None;
        }
        let citation = found.last_mut()?;
        if let Some((page, last)) = page_at(part, at) {
            citation.page = Some(page);
            citation.span = citation.span.hull(part.span(at, last));
            at = last + 1;
        } else {
            let (date, last) = further_date(part, at, citation.date?, day_first)?;
            let span = part.span(at, last);
            let page = None;
            let next = Citation { span, date: Some(date), page, ..*citation };
            found.push(next);
            at = last + 1;
        }
    }
    Some(found)
}

/// Where in a part its date stands.
struct Dated {
    first: usize,
    last: usize,
    date: CalendarDate,
}

/// The first date that is followed by nothing that belongs to a name.
fn dated(part: Lexemes<'_>, from: usize, day_first: bool) -> Option<Dated> {
    (from..part.items.len()).find_map(|first| {
        // A date follows a comma, opens the part, or is a year right behind a name.
        let after_comma = first == from || part.symbol(first - 1) == Some(',');
        let found =
            if after_comma { date_at(part, first, day_first).filter(|found| found.end.is_none()) } else { None };
        let (mut last, date) = match found {
            Some(found) => (found.last, found.date),
            None => (first, CalendarDate::new(year_at(part, first), None, None)?),
        };
        // `2014a`, the first of several works of a year.
        if date.month.is_none() && part.glued(last + 1) && part.word(last + 1).is_some_and(|letter| letter.len() == 1) {
            last += 1;
        }
        let ends = last + 1 >= part.items.len()
            || matches!(part.symbol(last + 1), Some(',' | '&' | ':'))
            || part.is_word(last + 1, &["and", "und", "et", "y", "e"]);
        ends.then_some(Dated { first, last, date })
    })
}

/// A further date of the same outlet; a day alone is one of the same month.
fn further_date(part: Lexemes<'_>, at: usize, before: CalendarDate, day_first: bool) -> Option<(CalendarDate, usize)> {
    if let Some(found) = date_at(part, at, day_first).filter(|found| found.end.is_none()) {
        return Some((found.date, found.last));
    }
    if let Some(year) = year_at(part, at) {
        return Some((CalendarDate::new(Some(year), None, None)?, at));
    }
    let day = part.digits(at)?.parse().ok()?;
    before.day?;
    Some((CalendarDate::new(before.year, before.month, Some(day))?, at))
}

/// `p. 4`, `pp. 4–7`, `page A4`: the page, and the index of its last lexeme.
fn page_at(part: Lexemes<'_>, at: usize) -> Option<(&str, usize)> {
    let named = part.is_word(at, &["p", "pp", "page", "pages", "S", "Seite", "pág", "par", "sec", "ch", "vol", "no"]);
    let mut first = at;
    if named {
        first += 1;
        if part.symbol(first) == Some('.') {
            first += 1;
        }
    } else if part.digits(at).is_none_or(|page| page.len() > 3) || at + 1 < part.items.len() {
        // A plain number is a page only at the end: `Ellison 2014, 17`.
        return None;
    } else if part.symbol(at.checked_sub(1)?) != Some(',') && part.symbol(at - 1) != Some(':') {
        return None;
    }
    let mut last = first;
    // A letter before the number is the section: `A4`.
    if part.word(last).is_some_and(|section| section.len() == 1) && part.glued(last + 1) {
        last += 1;
    }
    part.number(last)?;
    while matches!(part.symbol(last + 1), Some('–' | '-')) && part.number(last + 2).is_some() {
        last += 2;
    }
    Some((part.span(first, last).of(part.text)?, last))
}

/// Words that stand in small letters within names.
const SMALL: &[&str] = &[
    "of", "the", "and", "for", "on", "in", "to", "at", "al", "et", "de", "la", "le", "les", "du", "des", "del", "di",
    "da", "do", "der", "die", "das", "und", "für", "von", "van", "y", "e", "el", "los", "las", "au", "aux", "a", "s",
];

/// Words that begin a remark with a date, not the name of a source.
const NOT_NAMES: &[&str] = &[
    "born",
    "died",
    "founded",
    "since",
    "until",
    "from",
    "about",
    "circa",
    "page",
    "pages",
    "figure",
    "fig",
    "table",
    "chapter",
    "version",
    "updated",
    "published",
    "posted",
    "née",
    "né",
    "geboren",
    "gestorben",
    "photo",
    "then",
    "now",
    "established",
    "effective",
    "opened",
    "closed",
    "released",
    "signed",
    "est",
    "b",
    "d",
    "c",
    "ca",
];

/// Author, title and outlet in the lexemes `first..end`.
fn names(part: Lexemes<'_>, first: usize, end: usize) -> Option<Citation<'_>> {
    let mut segments: Vec<(usize, usize)> = Vec::new();
    let mut title = None;
    let mut at = first;
    while at < end {
        let start = at;
        if let Some(close) = part.symbol(at).and_then(closing_quote) {
            let closes = (at + 1..end).find(|at| part.symbol(*at) == Some(close))?;
            let last = (start + 1..closes).rev().find(|at| !matches!(part.symbol(*at), Some(',' | '.')))?;
            title = Some(part.span(start + 1, last).of(part.text)?);
            at = closes + 1;
        } else {
            while at < end && part.symbol(at) != Some(',') {
                at += 1;
            }
            let is_name = at > start && is_name(part, start, at);
            is_name.then(|| segments.push((start, at - 1)))?;
        }
        if part.symbol(at) == Some(',') {
            at += 1;
        }
    }
    let &(outlet_first, outlet_last) = segments.last()?;
    let &(name_first, name_last) = segments.first()?;
    let by = segments.len() > 1 && is_person(part, name_first, name_last);
    let outlet_first = if by { outlet_first } else { name_first };
    // `Ministry of Ports, Veldhaven, March 3`: the place stays with the name.
    let outlet_first = if by { segments.get(1).map_or(outlet_first, |(first, _)| *first) } else { outlet_first };
    Some(Citation {
        span: part.span(first, end - 1),
        outlet: part.span(outlet_first, outlet_last).of(part.text)?,
        date: None,
        author: if by { part.span(name_first, name_last).of(part.text) } else { None },
        title,
        page: None,
        comma: true,
    })
}

fn closing_quote(open: char) -> Option<char> {
    match open {
        '“' | '„' => Some('”'),
        '"' => Some('"'),
        '‘' => Some('’'),
        '«' => Some('»'),
        _ => None,
    }
}

/// The most lexemes that a name has.
const LONGEST_NAME: usize = 24;

fn is_capital(word: &str) -> bool {
    word.chars().any(|letter| letter.is_uppercase() || !letter.is_lowercase())
}

/// Whether the lexemes `first..end` are a name: capitalized words, with small ones between them.
fn is_name(part: Lexemes<'_>, first: usize, end: usize) -> bool {
    if end - first > LONGEST_NAME {
        return false;
    }
    let opening = match part.word(first) {
        Some("the" | "The") => first + 1,
        Some(_) | None => first,
    };
    let opens = part.word(opening).is_some_and(|word| {
        let is_date = matches!(
            part.sense(opening),
            Some(
                Sense::Month(_)
                    | Sense::Weekday(_)
                    | Sense::Period(_)
                    | Sense::Part
                    | Sense::Shift(_)
                    | Sense::Day(_)
                    | Sense::Ago
                    | Sense::BeforeYear
            )
        );
        let excused = end - opening > 1 && part.word(opening + 1).is_some_and(is_capital);
        is_capital(word) && (!is_date || excused) && !NOT_NAMES.contains(&word.to_lowercase().as_str())
    });
    opens
        && (opening..end).all(|at| match part.get(at).map(|lexeme| lexeme.kind) {
            Some(LexemeKind::Word(_)) => {
                let word = part.str(at);
                is_capital(word) || SMALL.contains(&word) || part.glued(at)
            }
            Some(LexemeKind::Number) => true,
            Some(LexemeKind::Symbol(symbol)) => {
                matches!(symbol, '.' | '&' | '-' | '–' | '\'' | '’' | '/' | '+' | '!' | '@')
            }
            None => false,
        })
}

/// Whether a name in front of another is that of a person: up to three words, each capitalized, and no abbreviation in capitals.
fn is_person(part: Lexemes<'_>, first: usize, last: usize) -> bool {
    let words = (first..=last).filter(|at| part.word(*at).is_some()).count();
    let plain = (first..=last).all(|at| match part.word(at) {
        Some(word) => is_capital(word) && (word.len() == 1 || word.chars().any(char::is_lowercase)),
        None => matches!(part.symbol(at), Some('.' | '-' | '’' | '\'')),
    });
    plain && words <= 3
}
