//! Cuts a sentence into the words that the models label, as treebanks of English do.
//!
//! These words are finer than the tokens of an analysis: `don't` is `do` and `n't`, `Lund's` is `Lund` and `'s`, `al-Ani` three
//! words. What is written as one sign stays whole: `U.S.`, `J.`, `Inc.`, `AT&T`, `@harbor`, `#port`, addresses.

use std::ops::Range;

/// Abbreviations whose full stop belongs to the word, less those with full stops inside, in lower case and sorted.
const ABBREVIATIONS: &[&str] = &[
    "adm", "ala", "apr", "assn", "aug", "ave", "blvd", "bros", "calif", "capt", "cmdr", "co", "col", "conn", "corp",
    "dec", "dept", "dr", "est", "etc", "feb", "fla", "ft", "ga", "gen", "gov", "hon", "inc", "jan", "jr", "lt", "ltd",
    "maj", "mass", "md", "messrs", "mich", "minn", "mr", "mrs", "ms", "mt", "no", "nov", "oct", "pa", "prof", "pvt",
    "rep", "rev", "sen", "sep", "sept", "sgt", "sr", "st", "tex", "univ", "va", "vs", "wash",
];

/// Appends the words of `text` to `words`, as byte ranges of it; none holds white space, none is empty.
pub fn words(text: &str, words: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if is_space(first) {
            at += first.len_utf8();
            continue;
        }
        let end = if is_part(first) {
            plain(text, at)
        } else if matches!(first, '@' | '#') && next_is_part(text, at + 1) {
            run(text, at + 1, is_part)
        } else if is_apostrophe(first) {
            clitic(text, at).unwrap_or(at + first.len_utf8())
        } else {
            run(text, at, |character| character == first)
        };
        words.push(at..end);
        at = end;
    }
}

/// The end of the word that begins with a letter or digit at `start`.
fn plain(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    if ["http://", "https://", "www."].iter().any(|scheme| rest.starts_with(scheme)) {
        let end =
            run(text, start, |character| !is_space(character) && !matches!(character, '"' | '<' | '>' | '“' | '”'));
        let marks = ['.', ',', ';', ':', '!', '?', '\'', ')', '’'];
        return start + text[start..end].trim_end_matches(marks).len();
    }
    let mut end = run(text, start, is_part);
    let (mut stops, mut part, mut longest, mut address) = (0, start, 0, false);
    while let Some(mark) = text[end..].chars().next() {
        let after = end + mark.len_utf8();
        let Some(next) = text[after..].chars().next().filter(|next| is_part(*next)) else { break };
        let before = text[start..end].chars().next_back().unwrap_or(' ');
        let joins = match mark {
            '.' if next.is_numeric() || before.is_numeric() => next.is_numeric() && before.is_numeric() || address,
            // A space may be missing behind a sentence: `left.They`.
            '.' => address || end - part < 2 || !(before.is_lowercase() && next.is_uppercase()),
            ',' | ':' => before.is_ascii_digit() && next.is_ascii_digit(),
            '&' => before.is_uppercase() && next.is_uppercase(),
            '@' => true,
            '-' => address,
            _ if is_apostrophe(mark) => {
                if clitic(text, end).is_some() || is_negation(text, end) {
                    break;
                }
                !before.is_numeric() && !next.is_numeric()
            }
            _ => false,
        };
        if !joins {
            break;
        }
        address |= mark == '@';
        if mark == '.' {
            stops += 1;
            longest = longest.max(end - part);
            part = after;
        }
        end = run(text, after, is_part);
    }
    if is_negation(text, end) && text[start..end].ends_with(['n', 'N']) {
        // `n't` is a word, `don't` is two.
        let apostrophe = text[end..].chars().next().map_or(0, char::len_utf8);
        return if end - start == 1 { end + apostrophe + 1 } else { end - 1 };
    }
    let word = &text[start..end];
    let stopped = text[end..].starts_with('.') && !text[end..].starts_with("..");
    let short = stops > 0 && longest.max(end - part) <= 3 && !address && !word.ends_with(char::is_numeric);
    let initial = stops == 0 && word.chars().all(char::is_uppercase) && word.chars().nth(1).is_none();
    if stopped && (short || initial || word.len() <= 6 && is_abbreviation(word)) { end + 1 } else { end }
}

fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

/// The end of the clitic that begins with the apostrophe at `start`: `'s`, `'ll`.
fn clitic(text: &str, start: usize) -> Option<usize> {
    let apostrophe = text[start..].chars().next()?;
    let letters = start + apostrophe.len_utf8();
    let end = run(text, letters, is_part);
    let known = ["s", "m", "d", "re", "ve", "ll", "S", "M", "D", "RE", "VE", "LL"];
    known.contains(&&text[letters..end]).then_some(end)
}

/// Whether a word that ends in `n` at `end` goes on as `n't`.
fn is_negation(text: &str, end: usize) -> bool {
    let mut rest = text[end..].chars();
    rest.next().is_some_and(is_apostrophe)
        && rest.next().is_some_and(|letter| matches!(letter, 't' | 'T'))
        && !rest.next().is_some_and(is_part)
}

fn run(text: &str, start: usize, belongs: impl Fn(char) -> bool) -> usize {
    text[start..].find(|character| !belongs(character)).map_or(text.len(), |length| start + length)
}

fn next_is_part(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(is_part)
}

const fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’')
}

fn is_space(character: char) -> bool {
    character.is_whitespace() || character.is_control() || matches!(character, '\u{200B}' | '\u{FEFF}' | '\u{2060}')
}

/// Whether it is a letter, a digit or a mark on one.
fn is_part(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || character == '_'
        || !character.is_ascii()
            && (character.is_alphanumeric()
                || matches!(character, '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{300}'..='\u{36F}'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let mut parts = Vec::new();
        words(text, &mut parts);
        parts.into_iter().map(|part| &text[part]).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(cut(text).join(" "), expected);
    }

    #[test]
    fn clitics_and_hyphens_part_words() {
        check("Lund's don’t can't O'Brien’s", "Lund 's do n’t ca n't O'Brien ’s");
        check("al-Ani's fishers’ union", "al - Ani 's fishers ’ union");
    }

    #[test]
    fn full_stops_belong_to_abbreviations_and_initials() {
        check("Mr. J. Voss of Crane Inc. left.", "Mr. J. Voss of Crane Inc. left .");
        check("the U.S. and S.p.A. of 2.17, 9:30.", "the U.S. and S.p.A. of 2.17 , 9:30 .");
        check("It ended...They left.Then", "It ended ... They left . Then");
    }

    #[test]
    fn signs_of_one_kind_are_whole() {
        check("AT&T @harbor_watch #port a@b.example!!", "AT&T @harbor_watch #port a@b.example !!");
        check("see https://port.example/a?b=c.", "see https://port.example/a?b=c .");
    }

    proptest! {
        #[test]
        fn words_are_in_order_and_leave_out_only_white_space(text in "(n't|'s|[a-zA-Z]{1,3}|[.@#'’&:-]|http://|\\PC| ){0,40}") {
            let mut parts = Vec::new();
            words(&text, &mut parts);
            let mut end = 0;
            for part in parts {
                prop_assert!(part.start >= end && part.end > part.start);
                prop_assert!(text[end..part.start].chars().all(is_space));
                prop_assert!(!text[part.clone()].contains(is_space));
                end = part.end;
            }
            prop_assert!(text[end..].chars().all(is_space));
        }
    }
}
