//! Numbers in a text, by their value: `2,500.50`, `2.500,5` and `2500.5` are one.

/// The English words for the numbers from 0 on.
pub(super) const NUMBER_WORDS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// The numbers of a text, each in one form and as it is written. What digits are joined by is part of a number where it is a comma, a
/// full stop or an apostrophe; hyphens and colons, as in dates and times, stand between numbers.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = (String, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(|c: char| c.is_ascii_digit())?;
        let mut end = start;
        for (at, character) in rest[start..].char_indices() {
            let next = rest[start + at + character.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
            if !(character.is_ascii_digit() || is_joint(character) && next) {
                break;
            }
            end = start + at + character.len_utf8();
        }
        let written = &rest[start..end];
        rest = &rest[end..];
        Some((value(written), written))
    })
}

fn is_joint(character: char) -> bool {
    matches!(character, ',' | '.' | '\'' | '’' | '\u{A0}' | '\u{202F}')
}

/// A number without its groups of thousands, and with a full stop before its fraction.
fn value(written: &str) -> String {
    let groups: Vec<&str> = written.split(is_joint).collect();
    let joints = written.chars().filter(|c| is_joint(*c)).collect::<Vec<_>>();
    // The last joint begins a fraction, unless three digits come after it, or there is another like it.
    let last = groups.last().copied().unwrap_or_default();
    let alone = joints.last().is_some_and(|last| joints.iter().filter(|joint| *joint == last).count() == 1);
    let mixed = joints.len() > 1;
    let has_fraction = alone && (last.len() != 3 || mixed || groups[0] == "0");
    let whole = groups[..groups.len() - usize::from(has_fraction)].concat();
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = if has_fraction { last.trim_end_matches('0') } else { "" };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_by_their_value() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = numbers(text).map(|(value, _)| value).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("2,500.50 or 2.500,5 or 2500.5 or 2'500.5", &["2500.5"; 4]);
        check("2,500,000 and 2.500.000 and 2 500", &["2500000", "2500000", "2", "500"]);
        check("0.125, 1,5. 007, 0 and 000", &["0.125", "1.5", "7", "0", "0"]);
        check("on 2016-03-05 at 09:30, the 3rd, B12", &["2016", "3", "5", "9", "30", "3", "12"]);
        check("no number…", &[]);
        check("1. 2, 3", &["1", "2", "3"]);
    }
}
