//! Lines that run from right to left: from the order in which they stand to the order in which they are read.

use unicode_normalization::UnicodeNormalization;

use crate::page::Word;

/// Puts the words of a line, sorted from left to right, in the order in which they are read.
pub(crate) fn read_order(words: &mut [Word]) {
    let (mut leftwards, mut letters) = (0, 0);
    for character in words.iter().flat_map(|word| word.text.chars()).filter(|character| character.is_alphabetic()) {
        letters += 1;
        leftwards += usize::from(is_leftwards(character));
    }
    if leftwards == 0 {
        return;
    }
    for word in words.iter_mut().filter(|word| word.text.contains(is_leftwards)) {
        word.text = turned(&word.text);
    }
    if leftwards * 2 > letters {
        words.reverse();
        // Words of other scripts keep the order among themselves.
        for run in words.chunk_by_mut(|one, next| is_rightwards(&one.text) && is_rightwards(&next.text)) {
            if run.len() > 1 {
                run.reverse();
            }
        }
    }
}

/// A word from its end, its numbers from their begin, its letters without the forms that they have beside others.
fn turned(word: &str) -> String {
    let characters: Vec<char> = word.chars().rev().map(mirrored).collect();
    let runs = characters.chunk_by(|one, next| one.is_ascii_alphanumeric() && next.is_ascii_alphanumeric());
    let ordered = runs.flat_map(|run| {
        let is_number = run.iter().all(char::is_ascii_alphanumeric);
        let run: Vec<char> = if is_number { run.iter().rev().copied().collect() } else { run.to_vec() };
        run
    });
    ordered.nfkc().collect()
}

fn mirrored(character: char) -> char {
    match character {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        other => other,
    }
}

/// Hebrew, Arabic and their relatives.
fn is_leftwards(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

fn is_rightwards(word: &str) -> bool {
    word.chars().any(char::is_alphabetic) && !word.contains(is_leftwards)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        let mut words: Vec<Word> = line.split(' ').map(|text| Word { text: text.into(), ..Word::default() }).collect();
        read_order(&mut words);
        words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_from_right_to_left_are_read_from_the_right() {
        // The words "shalom" and "olam" as they stand, with a number and two words of another script between.
        assert_eq!(
            read("\u{5dd}\u{5dc}\u{5d5}\u{5e2} 12 new port \u{5dd}\u{5d5}\u{5dc}\u{5e9}"),
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd} new port 12 \u{5e2}\u{5d5}\u{5dc}\u{5dd}"
        );
        assert_eq!(read("the new port"), "the new port");
    }

    #[test]
    fn forms_beside_others_are_plain_letters() {
        assert_eq!(read("\u{fefc}\u{fe91}"), "\u{628}\u{644}\u{627}");
    }
}
