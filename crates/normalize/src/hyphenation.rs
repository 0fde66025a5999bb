//! Words that were parted at the end of a line, put together again.
//!
//! A hyphen at a line's end between small letters is the typesetter's or the author's. It is the author's where the text
//! has the word with its hyphen elsewhere, where the word has another hyphen already, or where its first part forms
//! compounds that are written with one. The rest of the word moves up, and the line ends after it.

use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Edits, OptionError, Role, RoleKind, Stage, StageError,
};
use memchr::{memchr_iter, memmem};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scope::paragraphs;

/// Undoes hyphenation at line ends: `reser-` and `voirs` on the next line become `reservoirs`.
///
/// Works in paragraphs, list items and quotations, where there are small letters on both sides. True hyphens stay: `long-` and
/// `term` become `long-term` where the text has `long-term` elsewhere, where the word has another hyphen (`year-by-year`), and after
/// words that usually take one, such as `long`, `self` or `well`. So does the hyphen of `pre- and post-war`. The line then ends
/// after the word.
///
/// ```yaml
/// - normalize.hyphenation
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Hyphenation {}

/// First parts of compounds that are usually written with a hyphen.
const FIRST_PARTS: &[&str] = &[
    "all", "cost", "cross", "deep", "double", "eight", "ever", "ex", "far", "fast", "first", "five", "four", "free",
    "full", "good", "half", "hand", "hard", "high", "ill", "large", "late", "left", "light", "long", "low", "many",
    "medium", "mid", "middle", "multi", "near", "new", "nine", "old", "one", "open", "part", "quasi", "real", "right",
    "second", "self", "semi", "seven", "short", "single", "six", "small", "so", "soft", "ten", "third", "three",
    "time", "top", "triple", "two", "well", "wide", "world", "year",
];
/// Last parts of such compounds.
const LAST_PARTS: &[&str] =
    &["based", "driven", "free", "like", "made", "minded", "old", "owned", "related", "round", "term", "wide"];
/// Words before which a hyphen stands for a part that comes later: `pre- and post-war`.
const CONJUNCTIONS: &[&str] =
    &["and", "bis", "e", "ed", "en", "et", "nor", "o", "oder", "och", "og", "or", "ou", "to", "u", "und", "y"];

impl Component for Hyphenation {
    const NAME: &'static str = "normalize.hyphenation";
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Hyphenation {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let text = doc.text();
        if memmem::find(text.as_bytes(), b"-\n").is_none() {
            return Ok(());
        }
        let breaks: Vec<Break> = paragraphs(doc).into_iter().flat_map(|paragraph| breaks(text, paragraph)).collect();
        if breaks.is_empty() {
            return Ok(());
        }
        let words = Words::of(text, &breaks);
        let mut edits = Edits::new();
        for word in &breaks {
            word.join(text, words.keep_hyphen(word, text), &mut edits);
        }
        doc.edit(&edits)?;
        Ok(())
    }
}

/// A word parted at a line end.
struct Break {
    /// The letters before the hyphen.
    first: ByteSpan,
    /// The letters that begin the next line.
    second: ByteSpan,
    paragraph: ByteSpan,
}

fn breaks(text: &str, paragraph: ByteSpan) -> Vec<Break> {
    let Some(part) = paragraph.of(text) else { return Vec::new() };
    memmem::find_iter(part.as_bytes(), b"-\n")
        .filter_map(|at| {
            let before = &part[..at];
            let first = before.len() - before.trim_end_matches(char::is_alphabetic).len();
            let rest = part[at + 2..].trim_start_matches([' ', '\t']);
            let second = rest.len() - rest.trim_start_matches(char::is_alphabetic).len();
            let small = before.ends_with(char::is_lowercase) && rest.starts_with(char::is_lowercase);
            let start = part.len() - rest.len();
            let suspended = CONJUNCTIONS.contains(&&rest[..second]) && !rest[second..].starts_with('-');
            (small && !suspended).then(|| Break {
                first: ByteSpan::new(at - first, at).shifted(paragraph.start),
                second: ByteSpan::new(start, start + second).shifted(paragraph.start),
                paragraph,
            })
        })
        .collect()
}

impl Break {
    fn join(&self, text: &str, keep_hyphen: bool, edits: &mut Edits) {
        let hyphen = self.first.end;
        edits.delete(ByteSpan::new(hyphen + usize::from(keep_hyphen), self.second.start));
        // The line ends after the word and what clings to it, unless that would be another hyphen or an empty line.
        let rest = &text[self.second.end..self.paragraph.end];
        let Some(space) = rest.find(char::is_whitespace) else { return };
        let gap = rest[space..].len() - rest[space..].trim_start_matches(' ').len();
        if gap > 0 && !rest[..space].ends_with('-') && !rest[space + gap..].starts_with(char::is_whitespace) {
            edits.replace(ByteSpan::new(space, space + gap).shifted(self.second.end), "\n");
        }
    }
}

/// What the text says elsewhere about the words that were parted, in small letters.
struct Words {
    hyphenated: FxHashSet<String>,
    joined: FxHashSet<String>,
}

impl Words {
    fn of(text: &str, breaks: &[Break]) -> Self {
        let asked: FxHashSet<String> = breaks.iter().map(|word| word.with(text, "")).collect();
        let longest = asked.iter().map(String::len).max().unwrap_or_default();
        let joined = text
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty() && word.len() <= longest)
            .map(str::to_lowercase)
            .filter(|word| asked.contains(word))
            .collect();
        let hyphenated = memchr_iter(b'-', text.as_bytes())
            .filter_map(|at| {
                let first = trailing_letters(&text[..at], longest);
                let second = leading_letters(&text[at + 1..], longest);
                (!first.is_empty() && !second.is_empty()).then(|| format!("{first}-{second}").to_lowercase())
            })
            .collect();
        Self { hyphenated, joined }
    }

    fn keep_hyphen(&self, word: &Break, text: &str) -> bool {
        let (first, second) =
            (text[word.first.start..word.first.end].to_lowercase(), word.second.of(text).unwrap_or_default());
        if self.hyphenated.contains(&word.with(text, "-")) {
            return true;
        }
        if self.joined.contains(&word.with(text, "")) {
            return false;
        }
        let goes_on = |rest: &str| rest.starts_with(char::is_alphanumeric);
        let compound =
            text[..word.first.start].ends_with('-') || text[word.second.end..].strip_prefix('-').is_some_and(goes_on);
        compound || FIRST_PARTS.contains(&first.as_str()) || LAST_PARTS.contains(&second)
    }
}

impl Break {
    /// The word with `between` in its middle, in small letters.
    fn with(&self, text: &str, between: &str) -> String {
        let part = |span: ByteSpan| span.of(text).unwrap_or_default();
        format!("{}{between}{}", part(self.first), part(self.second)).to_lowercase()
    }
}

/// The letters that end `text`, if they are not longer than `longest` bytes.
fn trailing_letters(text: &str, longest: usize) -> &str {
    let letters = text.char_indices().rev().take_while(|(at, c)| c.is_alphabetic() && text.len() - at <= longest);
    letters.last().map_or("", |(at, _)| &text[at..])
}

/// The letters that begin `text`, if they are not longer than `longest` bytes.
fn leading_letters(text: &str, longest: usize) -> &str {
    let letters = text.char_indices().take_while(|(at, c)| c.is_alphabetic() && *at <= longest);
    letters.last().map_or("", |(at, c)| &text[..at + c.len_utf8()])
}

#[cfg(test)]
mod tests {
    use docmill_core::BlockKind;

    use super::*;
    use crate::testing::{normalized, normalized_as};

    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(normalized(Hyphenation::default(), text), *expected, "from {text:?}");
        }
    }

    #[test]
    fn a_parted_word_is_joined_and_the_line_ends_after_it() {
        check(&[
            ("the reser-\nvoirs that bring\nwater", "the reservoirs\nthat bring\nwater"),
            ("construc-\n     tion, they said", "construction,\nthey said"),
            ("a reser-\nvoir\nhere", "a reservoir\nhere"),
            ("größ-\nere Häu-\nser", "größere\nHäuser"),
            ("re-\nser-\nvoirs now", "reservoirs\nnow"),
            ("the in-\nter- and outer rim", "the inter- and outer rim"),
        ]);
    }

    #[test]
    fn true_hyphens_stay() {
        check(&[
            ("long-\nterm plans", "long-term\nplans"),
            ("a year-by-\nyear plan", "a year-by-year\nplan"),
            ("year-\nby-year plan", "year-by-year\nplan"),
            ("the snow-\nwhite hare, a snow-white fox", "the snow-white\nhare, a snow-white fox"),
            ("a low-\nland and another lowland", "a lowland\nand another lowland"),
        ]);
    }

    #[test]
    fn what_is_no_parted_word_stays() {
        for text in
            ["pre-\nand post-war", "Anglo-\nSaxon", "12-\nmonth", "a -\nb", "so-\n\ncalled", "MAIN-\nLAND", "a--\nb"]
        {
            check(&[(text, text)]);
        }
    }

    #[test]
    fn code_and_tables_stay() {
        for kind in [BlockKind::Code, BlockKind::Table] {
            assert_eq!(normalized_as(kind, Hyphenation::default(), "con-\ntinued"), "con-\ntinued");
        }
    }
}
