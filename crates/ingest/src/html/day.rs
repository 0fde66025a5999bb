//! The days that pages state: in ISO 8601 or close to it, in words, in addresses, and on lines of their own.

use super::element::Element;
use super::tree::Tree;
use crate::date;
use crate::reference::resolved;

/// The day in an address such as `https://courier.example/2019/11/22/wall`.
pub(super) fn day_in_address(address: &str) -> Option<String> {
    let slashes = memchr::memchr_iter(b'/', address.as_bytes());
    slashes.filter_map(|at| address.get(at + 1..)).find_map(|rest| {
        let day = rest.get(..10).filter(|_| rest.as_bytes().get(10).is_none_or(|byte| !byte.is_ascii_digit()))?;
        iso_day(day).filter(|iso| iso.len() == 10)
    })
}

/// The first date after the page's heading that stands nearly alone, such as `Berlin, 2. November 2021`.
pub(super) fn lone_day(tree: &Tree<'_>) -> Option<String> {
    const SHORT: std::ops::RangeInclusive<usize> = 8..=80;
    let nodes = tree.nodes();
    let heading = (0..nodes.len()).find(|&id| tree.element(id) == Some(Element::H1)).unwrap_or(0);
    let mut id = heading + 1;
    while id < nodes.len() {
        let beside = |element: Element| {
            element.is_never_text() || matches!(element, Element::Nav | Element::Footer | Element::Aside | Element::Li)
        };
        if nodes[id].element.is_some_and(beside) {
            id = nodes[id].end;
            continue;
        }
        let text = if nodes[id].element.is_none() { tree.text(id).trim() } else { "" };
        if SHORT.contains(&text.len()) && text.bytes().filter(u8::is_ascii_digit).count() >= 5 {
            let text = resolved(text);
            let found = date::find(&text).filter(|date| date.iso.len() == 10 && 3 * date.span.len() >= text.len());
            if let Some(date) = found {
                return Some(date.iso);
            }
        }
        id += 1;
    }
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_stands_nearly_alone_below_the_heading_is_found() {
        for (page, day) in [
            ("<h1>Wall</h1><p><span>Berlin, 2. November 2021</span><p>It stands.", Some("2021-11-02")),
            ("<p>1. Mai 2020<h1>Wall</h1><nav>3. Mai 2020</nav><p>22.12.2012, 10:15", Some("2012-12-22")),
            ("<h1>Wall</h1><p>The wall was built on 2 November 2021 by those who live beside it", None),
            ("<h1>Wall</h1><ul><li>2 November 2021</ul>", None),
        ] {
            assert_eq!(lone_day(&Tree::parse(page, 64)).as_deref(), day, "{page}");
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
