//! Dots that lead the eye from an entry of a table of contents to its page.

use crate::page::{Frame, Word};

/// Fewest dots of a leader.
const DOTS: usize = 4;
/// What stands for a leader in the text.
const SHOWN: &str = "\u{2026}";

fn dots(text: &str) -> usize {
    text.chars()
        .map(|character| match character {
            '.' | '\u{b7}' => 1,
            '\u{2025}' => 2,
            '\u{2026}' => 3,
            _ => 0,
        })
        .sum()
}

fn is_dots(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| dots(character.encode_utf8(&mut [0; 4])) > 0)
}

/// The words of a row, each leader as one word that says so.
pub(super) fn mark(row: Vec<Word>) -> Vec<Word> {
    if row.iter().map(|word| dots(&word.text)).sum::<usize>() < DOTS {
        return row;
    }
    let parted: Vec<Word> = row.into_iter().flat_map(part).collect();
    let mut marked: Vec<Word> = Vec::new();
    for run in parted.chunk_by(|one, next| is_dots(&one.text) && is_dots(&next.text)) {
        let count = run.iter().map(|word| dots(&word.text)).sum::<usize>();
        if is_dots(&run[0].text) && count >= DOTS {
            let frame = Frame::around_all(run.iter().map(|word| &word.frame)).unwrap_or_default();
            marked.push(Word { text: SHOWN.to_owned(), frame, leads: true, spaced: true, ..run[0].clone() });
        } else {
            marked.extend(run.iter().cloned());
        }
    }
    // What a leader leads to is no part of it.
    for index in 1..marked.len() {
        marked[index].spaced |= marked[index - 1].leads;
    }
    marked
}

/// A word whose dots were drawn without a gap, taken apart: `Tides.....12`.
fn part(word: Word) -> Vec<Word> {
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    let characters: Vec<char> = word.text.chars().collect();
    for run in characters.chunk_by(|one, next| (one == &'.') == (next == &'.')) {
        let start = pieces.last().map_or(0, |(_, end)| *end);
        // Few dots are an abbreviation's or a number's.
        let is_leader = run[0] == '.' && run.len() >= DOTS;
        match pieces.last_mut() {
            Some((from, end)) if !is_leader && !characters[*from..*end].iter().all(|c| *c == '.') => *end += run.len(),
            _ => pieces.push((start, start + run.len())),
        }
    }
    if pieces.len() < 2 {
        return vec![word];
    }
    let width = word.frame.width() / characters.len().max(1) as f32;
    let at = |(from, end): &(usize, usize)| {
        let (x0, x1) = (word.frame.x0 + width * *from as f32, word.frame.x0 + width * *end as f32);
        let text: String = characters[*from..*end].iter().collect();
        Word { text, frame: Frame { x0, x1, ..word.frame }, ..word.clone() }
    };
    pieces.iter().map(at).collect()
}

/// Whether a word is the number of a page: `12`, `xiv`, `A-3`.
pub(super) fn is_page(text: &str) -> bool {
    let is_number = text.len() <= 6 && text.bytes().any(|byte| byte.is_ascii_digit());
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-');
    let is_roman =
        text.len() <= 7 && !text.is_empty() && text.to_lowercase().bytes().all(|byte| b"ivxlc".contains(&byte));
    is_number && is_plain || is_roman
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(row: &str) -> String {
        let words = row.split(' ').map(|text| Word { text: text.into(), ..Word::default() }).collect();
        mark(words).iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn leaders_are_one_word() {
        assert_eq!(marked("Tides . . . . . . 12"), "Tides \u{2026} 12");
        assert_eq!(marked("Tides ............ 12"), "Tides \u{2026} 12");
        assert_eq!(marked("Tides.............12"), "Tides \u{2026} 12");
        assert_eq!(marked("1.2 The tides \u{2026}\u{2026} 12"), "1.2 The tides \u{2026} 12");
    }

    #[test]
    fn few_dots_are_none() {
        for row in ["a U.S. ship ... and more", "v1.2.3 of 10.5.2", "e.g. i.e. etc. No. 4"] {
            assert_eq!(marked(row), row);
        }
    }

    #[test]
    fn numbers_of_pages_are_told() {
        assert!(["7", "112", "xiv", "A-3"].iter().all(|text| is_page(text)));
        assert!(!["seven", "1.5", "2,000,000", "7%", ""].iter().any(|text| is_page(text)));
    }
}
