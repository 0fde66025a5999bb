//! Running headers and footers: page numbers, and lines that come again on every page.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::Line;

/// A longer line is no running header or footer.
const LONGEST: usize = 120;
/// A line at the edge of a page that comes so often is not part of the text.
const OFTEN: usize = 3;

/// Whether a line is a page number: `Page 3 of 9`, `Annual Report    Page 3`, `- 3 -`.
pub(crate) fn is_page_number(line: &str) -> bool {
    if line.len() > LONGEST || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let bare = line.trim_matches(['-', '–', '—', ' ']);
    if bare.len() < line.len() && bare.len() <= 4 && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let lower = line.to_lowercase();
    ["page ", "seite ", "página ", "pagina ", "p. "].iter().any(|word| {
        let Some(at) = lower.rfind(word) else { return false };
        let (before, number) = (&lower[..at], &lower[at + word.len()..]);
        let mut parts = number.split([' ', '/']).filter(|part| !part.is_empty());
        let is_number = |part: &str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        let first = parts.next().is_some_and(is_number);
        let rest: Vec<&str> = parts.collect();
        let of_many = match rest.as_slice() {
            [] => false,
            [number] => is_number(number),
            [of, number] => matches!(*of, "of" | "von" | "de" | "sur" | "di") && is_number(number),
            _ => return false,
        };
        first
            && (of_many
                || (rest.is_empty() && (before.is_empty() || before.ends_with(['|', '\t']) || before.ends_with("  "))))
    })
}

/// The lines, by index, that stand first or last on at least three pages, numbers aside.
pub(crate) fn running(lines: &[Line<'_>]) -> BTreeSet<usize> {
    let mut edges = Vec::new();
    for (index, _) in lines.iter().enumerate().filter(|(_, line)| line.new_page) {
        edges.extend(lines[..index].iter().rposition(|line| !line.text.is_empty()));
        edges.extend(lines[index..].iter().position(|line| !line.text.is_empty()).map(|ahead| index + ahead));
    }
    let mut seen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in edges.into_iter().filter(|index| lines[*index].text.len() <= LONGEST) {
        let shape: String = lines[index].text.chars().filter(|c| !c.is_numeric()).collect();
        seen.entry(shape).or_default().push(index);
    }
    seen.into_values().filter(|places| places.len() >= OFTEN).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;

    #[test]
    fn page_numbers_are_told_from_prose() {
        for line in
            ["Page 3 of 9", "Merrin County Water Authority     Page 1 of 3", "- 12 -", "Seite 4", "Report | page 3/9"]
        {
            assert!(is_page_number(line), "{line}");
        }
        for line in ["See page 3", "The page 3 of 9 that he tore out", "12 people", "(Inspectorate 2016, p. 5)"] {
            assert!(!is_page_number(line), "{line}");
        }
    }

    #[test]
    fn lines_that_come_again_at_the_edges_of_pages_are_found() {
        let text = "Report 1\na\n\u{c}Report 2\nb\n\u{c}Report 3\nc\n\u{c}Report 4\nd\n";
        assert_eq!(running(&lines(text)).into_iter().collect::<Vec<_>>(), [3, 6, 9]);
    }
}
