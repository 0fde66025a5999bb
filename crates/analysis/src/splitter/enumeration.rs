//! Items that count up within a paragraph: `1. The first item 2. The second item`, `a) … b) …`.
//!
//! A number or letter with its mark is an item's where its successor follows in the same form, and where the first of them
//! stands at the beginning of a sentence or line; so `Chapter 1.` and `plan B.` are none.

use std::ops::Range;

use crate::{Token, TokenKind};

/// Words whose number names them, and counts nothing.
const NUMBERED: &[&str] = &[
    "article", "chapter", "day", "figure", "number", "page", "part", "phase", "section", "stage", "step", "table",
    "unit", "version", "volume", "week",
];

/// How an item is counted: two items of one list have the same form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Form {
    is_letter: bool,
    bullet: bool,
    mark: Mark,
}

/// What stands after the number or letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    FullStop,
    Bracket,
    Both,
}

/// A number or letter that may count an item.
struct Candidate {
    tokens: Range<usize>,
    form: Form,
    number: u32,
    /// Whether a sentence or line begins with it.
    first: bool,
}

/// The tokens that count items, with a bullet before them, in order.
pub(super) fn items(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let candidates: Vec<Candidate> = (0..tokens.len()).filter_map(|at| candidate(text, tokens, at)).collect();
    let mut items = Vec::new();
    // The form and number that the last item leads to.
    let mut next: Option<(Form, u32)> = None;
    for (place, candidate) in candidates.iter().enumerate() {
        let goes_on = next == Some((candidate.form, candidate.number));
        let begins = || {
            let follower = candidates.get(place + 1);
            // A second list may follow the last item of the first.
            (candidate.first || next.is_some())
                && follower
                    .is_some_and(|follower| (follower.form, follower.number) == (candidate.form, candidate.number + 1))
        };
        if goes_on || begins() {
            next = Some((candidate.form, candidate.number + 1));
            items.push(candidate.tokens.clone());
        }
    }
    items
}

fn candidate(text: &str, tokens: &[Token], at: usize) -> Option<Candidate> {
    let written = |at: usize| tokens.get(at).and_then(|token| token.span.of(text)).unwrap_or_default();
    let between = |at: usize| {
        let start = at.checked_sub(1).map_or(0, |before| tokens[before].span.end);
        tokens.get(at).map_or("", |token| text.get(start..token.span.start).unwrap_or_default())
    };
    let number = number(tokens[at].kind, written(at))?;
    let is_letter = tokens[at].kind == TokenKind::Word;
    let mut end = at + 1;
    let mut takes = |mark: &str| {
        let taken = written(end) == mark && between(end).is_empty();
        end += usize::from(taken);
        taken
    };
    let mark = match (takes("."), takes(")")) {
        (true, true) => Mark::Both,
        (true, false) => Mark::FullStop,
        (false, true) => Mark::Bracket,
        (false, false) => return None,
    };
    let begins = !between(end).is_empty() && !written(end).starts_with(char::is_lowercase);
    if end >= tokens.len() || !begins {
        return None;
    }
    let bullet = at > 0 && matches!(written(at - 1), "•" | "⁃" | "‣" | "◦" | "▪" | "–" | "-" | "*");
    let start = at - usize::from(bullet);
    if start == 0 {
        return Some(Candidate { tokens: start..end, form: Form { is_letter, bullet, mark }, number, first: true });
    }
    let before = written(start - 1);
    if between(start).is_empty() || matches!(before, "(" | "[" | "," | "#") || is_numbered(before) {
        return None;
    }
    // `Fig. 2.`: what the full stop before it belongs to is left to the abbreviations.
    if before == "." && start > 1 && crate::abbreviation::follows(&written(start - 2).to_lowercase()).is_some() {
        return None;
    }
    let ends_before = matches!(before, "." | "!" | "?" | ":" | ")" | "”" | "\"" | ";");
    let first = ends_before || between(start).contains('\n');
    Some(Candidate { tokens: start..end, form: Form { is_letter, bullet, mark }, number, first })
}

fn is_numbered(word: &str) -> bool {
    NUMBERED.iter().any(|numbered| word.eq_ignore_ascii_case(numbered))
}

/// The number, or the place of the small letter in the alphabet.
fn number(kind: TokenKind, written: &str) -> Option<u32> {
    match (kind, written.as_bytes()) {
        (TokenKind::Number, digits) if digits.len() <= 2 => written.parse().ok(),
        (TokenKind::Word, [letter @ b'a'..=b'z']) => Some(u32::from(letter - b'a')),
        _ => None,
    }
}
