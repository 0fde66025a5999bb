//! From lines to running text: words that were parted at a line's end become one again.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::line::Segment;
use crate::page::Word;

/// A part of a text with one link or none, and on one page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) link: Option<Arc<str>>,
    pub(crate) page: usize,
}

/// A text that grows by lines.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) runs: Vec<Run>,
}

/// The words of a document, to tell how a word is written that a line's end parts.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    words: FxHashSet<String>,
}

impl Vocabulary {
    pub(crate) fn of<'a>(lines: impl Iterator<Item = &'a Segment>) -> Self {
        let mut words = FxHashSet::default();
        for line in lines {
            // The last word of a line may be a part of one.
            let whole = line.words.len().saturating_sub(1);
            words.extend(line.words[..whole].iter().map(|word| bare(&word.text)));
        }
        Self { words }
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// A word in small letters, without what stands around it.
fn bare(word: &str) -> String {
    word.trim_matches(|character: char| !character.is_alphanumeric()).to_lowercase()
}

/// Letters and digits alone, in small letters, to compare titles.
pub(crate) fn plain_key(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{ad}'];

impl Text {
    pub(crate) fn of(lines: &[Segment], page: usize, vocabulary: &Vocabulary) -> Self {
        let mut text = Self::default();
        for line in lines {
            text.line(line, page, vocabulary);
        }
        text
    }

    /// Goes on by a line.
    pub(crate) fn line(&mut self, line: &Segment, page: usize, vocabulary: &Vocabulary) {
        let mut words = line.words.iter();
        let Some(first) = words.next() else { return };
        self.first(first, page, vocabulary);
        for word in words {
            self.word(word, page);
        }
    }

    fn first(&mut self, word: &Word, page: usize, vocabulary: &Vocabulary) {
        match self.parted(&word.text, vocabulary) {
            Parted::No if self.has_no_spaces(&word.text) => self.add(&word.text, word.link.as_ref(), page),
            Parted::No => self.word(word, page),
            Parted::Hyphenated => self.add(&word.text, word.link.as_ref(), page),
            Parted::Broken => {
                if let Some(run) = self.runs.last_mut() {
                    run.text.pop();
                }
                self.add(&word.text, word.link.as_ref(), page);
            }
        }
    }

    /// Whether the text so far and what follows are of a script that writes words without spaces.
    fn has_no_spaces(&self, next: &str) -> bool {
        let last = self.runs.last().and_then(|run| run.text.chars().next_back());
        last.is_some_and(is_ideographic) && next.chars().next().is_some_and(is_ideographic)
    }

    fn word(&mut self, word: &Word, page: usize) {
        if !self.runs.is_empty() {
            // The space belongs to the link only where the link goes on after it.
            let same = self.runs.last().is_some_and(|run| run.link == word.link);
            self.add(" ", if same { word.link.as_ref() } else { None }, page);
        }
        self.add(&word.text, word.link.as_ref(), page);
    }

    fn add(&mut self, text: &str, link: Option<&Arc<str>>, page: usize) {
        match self.runs.last_mut() {
            Some(run) if run.link.as_ref() == link && run.page == page => run.text.push_str(text),
            _ => self.runs.push(Run { text: text.to_owned(), link: link.cloned(), page }),
        }
    }

    /// How the last word of the text so far and the next one belong together.
    fn parted(&self, next: &str, vocabulary: &Vocabulary) -> Parted {
        let Some(last) = self.runs.last().and_then(|run| run.text.split(' ').next_back()) else { return Parted::No };
        let Some(head) = last.strip_suffix(HYPHENS) else { return Parted::No };
        let goes_on = next.chars().next().is_some_and(char::is_lowercase);
        if head.chars().next_back().is_none_or(|c| !c.is_alphabetic()) || !goes_on {
            return if head.chars().any(char::is_alphanumeric) && next.starts_with(char::is_alphanumeric) {
                Parted::Hyphenated
            } else {
                Parted::No
            };
        }
        let (start, rest) = (bare(head), bare(next));
        // A word with a hyphen of its own keeps it, and so does one that is written so elsewhere.
        let written_so = vocabulary.has(&format!("{start}-{rest}")) && !vocabulary.has(&format!("{start}{rest}"));
        if written_so && !last.ends_with('\u{ad}') { Parted::Hyphenated } else { Parted::Broken }
    }
}

/// Chinese and Japanese, with their marks.
fn is_ideographic(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

enum Parted {
    /// Two words.
    No,
    /// One with its hyphen.
    Hyphenated,
    /// One without.
    Broken,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Segment {
        Segment::of(text.split(' ').map(|text| Word { text: text.into(), ..Word::default() }).collect())
    }

    fn joined(lines: &[&str]) -> String {
        let lines: Vec<Segment> = lines.iter().map(|text| line(text)).collect();
        let vocabulary = Vocabulary::of(lines.iter());
        Text::of(&lines, 1, &vocabulary).runs.into_iter().map(|run| run.text).collect()
    }

    #[test]
    fn words_that_a_line_parts_are_one_again() {
        assert_eq!(joined(&["the tempo-", "rarily narrowed"]), "the temporarily narrowed");
        assert_eq!(joined(&["the tempo\u{ad}", "rarily narrowed"]), "the temporarily narrowed");
    }

    #[test]
    fn hyphens_that_belong_to_a_word_stay() {
        assert_eq!(joined(&["a well-known quay and a well-", "known ship"]), "a well-known quay and a well-known ship");
        assert_eq!(joined(&["in the North-", "East of 1990-", "1995"]), "in the North-East of 1990-1995");
        assert_eq!(joined(&["sand -", "and mud"]), "sand - and mud");
    }

    #[test]
    fn scripts_without_spaces_get_none_at_a_line_end() {
        assert_eq!(joined(&["\u{6e2f}\u{306e}", "\u{8239}\u{3002}"]), "\u{6e2f}\u{306e}\u{8239}\u{3002}");
    }

    #[test]
    fn links_go_over_their_words_alone() {
        let mut words = line("see the office now").words;
        for word in &mut words[1..3] {
            word.link = Some(Arc::from("https://a.example/"));
        }
        let text = Text::of(&[Segment::of(words)], 1, &Vocabulary::default());
        let shown: Vec<(&str, bool)> = text.runs.iter().map(|run| (run.text.as_str(), run.link.is_some())).collect();
        assert_eq!(shown, [("see ", false), ("the office", true), (" now", false)]);
    }
}
