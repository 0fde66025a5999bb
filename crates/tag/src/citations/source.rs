//! The sources between two parentheses.

use docmill_core::ByteSpan;

use super::names::{is_capital, names};
use crate::dates::{CalendarDate, date_at, year_at};
use crate::reading::Lexemes;

/// A source that is cited.
#[derive(Debug, Clone, Copy)]
pub(super) struct Citation<'a> {
    pub(super) span: ByteSpan,
    pub(super) outlet: &'a str,
    pub(super) date: Option<CalendarDate>,
    /// The last day, where the date is a range.
    pub(super) end: Option<CalendarDate>,
    pub(super) author: Option<&'a str>,
    pub(super) title: Option<&'a str>,
    pub(super) issue: Option<&'a str>,
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
        let part = group.with(rest.get(..length)?);
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
    let issue = dated.issue.or(name.issue);
    let span = part.span(first, dated.last);
    let mut found = vec![Citation { span, date: Some(dated.date), end: dated.end, issue, page: None, comma, ..name }];
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
            let further = further_date(part, at, citation.date?, day_first)?;
            let span = part.span(at, further.last);
            let (date, end) = (Some(further.date), further.end);
            let next = Citation { span, date, end, issue: None, page: None, ..*citation };
            found.push(next);
            at = further.last + 1;
        }
    }
    Some(found)
}

/// Where in a part its date stands.
struct Dated<'a> {
    first: usize,
    last: usize,
    date: CalendarDate,
    /// The last day of a range.
    end: Option<CalendarDate>,
    /// `20` of `20/2016`.
    issue: Option<&'a str>,
}

/// The first date that is followed by nothing that belongs to a name.
fn dated(part: Lexemes<'_>, from: usize, day_first: bool) -> Option<Dated<'_>> {
    (from..part.items.len()).find_map(|first| {
        // A date follows a comma, opens the part, or is a year right behind a name.
        let after_comma = first == from || part.symbol(first - 1) == Some(',');
        let found = if after_comma { date_at(part, first, day_first) } else { None };
        let issue = if after_comma && found.is_none() { issue_at(part, first) } else { None };
        let (mut last, date) = match (found, issue) {
            (Some(found), _) => (found.last, found.date),
            (None, Some((_, year))) => (first + 2, CalendarDate::new(Some(year), None, None)?),
            (None, None) => (first, CalendarDate::new(year_at(part, first), None, None)?),
        };
        // `2014a`, the first of several works of a year.
        if date.month.is_none() && part.glued(last + 1) && part.word(last + 1).is_some_and(|letter| letter.len() == 1) {
            last += 1;
        }
        // `7 Oct.` at the end, or before `p. 4`.
        let stops = part.symbol(last + 1) == Some('.') && date.month.is_some();
        if stops && (last + 2 >= part.items.len() || part.symbol(last + 2) == Some(',')) {
            last += 1;
        }
        let ends = last + 1 >= part.items.len()
            || matches!(part.symbol(last + 1), Some(',' | '&' | ':'))
            || part.is_word(last + 1, &["and", "und", "et", "y", "e"]);
        let end = found.and_then(|found| found.end);
        ends.then_some(Dated { first, last, date, end, issue: issue.map(|(issue, _)| issue) })
    })
}

/// `20/2016`: the issue and its year.
fn issue_at(part: Lexemes<'_>, at: usize) -> Option<(&str, i16)> {
    let issue = part.digits(at).filter(|issue| issue.len() <= 3)?;
    let slash = part.symbol(at + 1) == Some('/') && part.glued(at + 1) && part.glued(at + 2);
    Some((issue, year_at(part, at + 2).filter(|_| slash)?))
}

/// A further date of the same outlet; a day alone is one of the same month.
fn further_date(part: Lexemes<'_>, at: usize, before: CalendarDate, day_first: bool) -> Option<Further> {
    if let Some(found) = date_at(part, at, day_first) {
        return Some(Further { date: found.date, end: found.end, last: found.last });
    }
    if let Some(year) = year_at(part, at) {
        return Some(Further { date: CalendarDate::new(Some(year), None, None)?, end: None, last: at });
    }
    let day = part.digits(at)?.parse().ok()?;
    before.day?;
    Some(Further { date: CalendarDate::new(before.year, before.month, Some(day))?, end: None, last: at })
}

/// One more date of an outlet, with the index of its last lexeme.
struct Further {
    date: CalendarDate,
    end: Option<CalendarDate>,
    last: usize,
}

/// `p. 4`, `pp. 4–7`, `page A4`: the page, and the index of its last lexeme.
fn page_at(part: Lexemes<'_>, at: usize) -> Option<(&str, usize)> {
    let named = part.is_word(at, &["p", "pp", "page", "pages", "S", "Seite", "pág", "par", "sec", "ch", "vol", "no"]);
    let mut first = at;
    let section = part.word(at).is_some_and(|section| section.len() == 1 && is_capital(section));
    let sectioned = section && part.glued(at + 1) && part.digits(at + 1).is_some_and(|page| page.len() <= 2);
    if named {
        first += 1;
        if part.symbol(first) == Some('.') {
            first += 1;
        }
    } else if sectioned {
        // `A1` is a page anywhere.
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
