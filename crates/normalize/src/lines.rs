//! Hard-wrapped lines joined to running text.
//!
//! Whether a paragraph was wrapped shows in its lines: each is so long that the first word of the next one would not have
//! fitted on it. Verse, addresses and lists without bullets have room left. A paragraph of three lines or more tells this
//! by itself; one of two lines is measured by the paragraphs around it, or by a sentence that goes on.

use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Edits, OptionError, Role, RoleKind, Stage, StageError,
};
use memchr::memchr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scope::paragraphs;

/// Joins the lines of hard-wrapped paragraphs, list items and quotations.
///
/// A line end becomes a space (nothing between Chinese or Japanese characters, or after a dash). A paragraph counts as
/// hard-wrapped where its lines are as long as they could be: verse, addresses, signatures, code, tables and mastheads keep
/// their lines.
///
/// ```yaml
/// - normalize.lines
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lines {}

/// The longest line that a program would wrap at, in characters; longer ones end where their paragraph does.
const WIDEST: usize = 200;
/// The narrowest column of a paragraph of few lines, and of many, in characters.
const NARROWEST_OF_FEW: usize = 50;
const NARROWEST_OF_MANY: usize = 30;
/// From how many lines on a paragraph has many.
const MANY: usize = 5;
/// How long a line is at least whose sentence goes on with a small letter, or without a mark at its end.
const LONG_BEFORE_SMALL: usize = 40;
const LONG_WITHOUT_MARK: usize = 55;

impl Component for Lines {
    const NAME: &'static str = "normalize.lines";
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Lines {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let text = doc.text();
        let blocks: Vec<Vec<Line<'_>>> = paragraphs(doc)
            .into_iter()
            .filter(|span| memchr(b'\n', &text.as_bytes()[span.start..span.end]).is_some())
            .flat_map(|span| items(lines(text, span)))
            .collect();
        let width = blocks.iter().filter_map(|lines| own_width(lines)).max();
        let mut edits = Edits::new();
        for lines in &blocks {
            let wrapped = match lines.as_slice() {
                [first, second] => goes_on(first, second) || width.is_some_and(|width| is_full(first, second, width)),
                _ => own_width(lines).is_some(),
            };
            if wrapped {
                join(lines, &mut edits);
            }
        }
        doc.edit(&edits)?;
        Ok(())
    }
}

/// A line of a paragraph.
struct Line<'a> {
    /// Its text without white space around it.
    text: &'a str,
    span: ByteSpan,
    /// Its length in characters, with its indentation.
    length: usize,
}

fn lines(text: &str, paragraph: ByteSpan) -> Vec<Line<'_>> {
    // The paragraph begins after its indentation or bullet, which count for its first line.
    let mut start = memchr::memrchr(b'\n', &text.as_bytes()[..paragraph.start]).map_or(0, |end| end + 1);
    let mut from = paragraph.start;
    let Some(rest) = paragraph.of(text) else { return Vec::new() };
    let mut lines = Vec::new();
    for line in rest.split_inclusive('\n') {
        let trimmed = line.trim();
        let lead = from + line.len() - line.trim_start().len();
        let span = ByteSpan::new(lead, lead + trimmed.len());
        let indented = text.get(start..span.end).unwrap_or(trimmed);
        lines.push(Line { text: trimmed, span, length: indented.chars().count() });
        from += line.len();
        start = from;
    }
    lines
}

/// Parts the lines before each that begins with a bullet or number: a list whose items are no blocks.
fn items(lines: Vec<Line<'_>>) -> Vec<Vec<Line<'_>>> {
    let mut items: Vec<Vec<Line<'_>>> = Vec::new();
    for line in lines {
        match items.last_mut() {
            Some(item) if !begins_with_bullet(line.text) => item.push(line),
            _ => items.push(vec![line]),
        }
    }
    items
}

fn begins_with_bullet(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match digits {
        0 => line.strip_prefix(['*', '-', '–', '•', '+', '▪', '●', '◦']),
        1 | 2 => line[digits..].strip_prefix(['.', ')']),
        _ => None,
    };
    rest.is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// The width of the column that a paragraph of three lines or more was wrapped in, if it was.
fn own_width(lines: &[Line<'_>]) -> Option<usize> {
    let breaks = lines.len().checked_sub(1).filter(|&breaks| breaks >= 2)?;
    let mut lengths: Vec<usize> = lines.iter().map(|line| line.length).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    // One line may stick out, as an address on the web does.
    let width = lengths[usize::from(lines.len() >= MANY)];
    let narrowest = if lines.len() >= MANY { NARROWEST_OF_MANY } else { NARROWEST_OF_FEW };
    if !(narrowest..=WIDEST).contains(&width) {
        return None;
    }
    let capitals = lines.iter().filter(|line| line.text.starts_with(char::is_uppercase)).count();
    let verse = lines.len() >= 4 && capitals == lines.len();
    let short = lines.windows(2).filter(|pair| !is_full(&pair[0], &pair[1], width)).count();
    (!verse && short <= breaks / 6 && is_worded(lines)).then_some(width)
}

/// Whether at least half of the characters are letters: drawings and tables of signs are as wide as wrapped text.
fn is_worded(lines: &[Line<'_>]) -> bool {
    let chars = lines.iter().flat_map(|line| line.text.chars()).filter(|c| !c.is_whitespace());
    let (letters, all) = chars.fold((0, 0), |(letters, all), c| (letters + usize::from(c.is_alphabetic()), all + 1));
    letters * 2 >= all
}

/// Whether the first word of the next line would not have fitted on this one, with some room for rough wrapping.
fn is_full(line: &Line<'_>, next: &Line<'_>, width: usize) -> bool {
    let word = if next.text.starts_with(is_unspaced) {
        1
    } else {
        next.text.chars().take_while(|c| !c.is_whitespace()).take(width).count()
    };
    (line.length + 1 + word) * 100 > width * 92
}

/// Whether the sentence of a long line goes on in the next one.
fn goes_on(line: &Line<'_>, next: &Line<'_>) -> bool {
    let small = next.text.starts_with(char::is_lowercase) && line.length >= LONG_BEFORE_SMALL;
    let unmarked = line.text.ends_with(|c: char| c.is_alphanumeric() || c == ',') && line.length >= LONG_WITHOUT_MARK;
    // A line under a long title ends in no mark either.
    let unmarked = unmarked && next.text.ends_with(['.', '!', '?', '…', ':', '”', '"', '’', ')']);
    line.length <= WIDEST && (small || unmarked)
}

fn join(lines: &[Line<'_>], edits: &mut Edits) {
    for pair in lines.windows(2) {
        let (line, next) = (&pair[0], &pair[1]);
        let gap = ByteSpan::new(line.span.end, next.span.start);
        edits.replace(gap, if are_one_word(line.text, next.text) { "" } else { " " });
    }
}

/// Whether nothing parts the end of a line from the next one.
fn are_one_word(line: &str, next: &str) -> bool {
    let mut before = line.chars().rev();
    let (last, previous) = (before.next(), before.next());
    let first = next.chars().next();
    match last {
        Some('—') => previous.is_some_and(|c| !c.is_whitespace()),
        // `Anglo-` and `Saxon`; `pre-` and `and` are two.
        Some('-') => {
            previous.is_some_and(char::is_alphanumeric) && first.is_some_and(|c| c.is_uppercase() || c.is_numeric())
        }
        Some(last) => is_unspaced(last) && first.is_some_and(is_unspaced),
        None => true,
    }
}

/// Whether a character is of a script that puts no spaces between words, or its punctuation.
const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF0F}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use docmill_core::BlockKind;

    use super::*;
    use crate::testing::{normalized, normalized_as};

    const WRAPPED: &str = "The authority runs two hundred miles of pipe, and a third of it was laid\n\
        before the war, most of that in cast iron. The newer estates north of\n\
        the river are served by plastic pipe.";
    const VERSE: &str =
        "The tide came in across the sand,\nAnd no one knew\nWho drew the line along the land\nOr why it grew";
    const EVEN_VERSE: &str = "The tide came in across the level sand,\nAnd no one on the quay had seen it turn;\n\
        The boats lay idle, waiting to be manned,\nAnd every lamp along the pier would burn\n\
        Until the night had given up the land.";

    #[test]
    fn wrapped_lines_are_joined() {
        assert_eq!(normalized(Lines::default(), WRAPPED), WRAPPED.replace('\n', " "));
        assert_eq!(normalized_as(BlockKind::ListItem, Lines::default(), WRAPPED), WRAPPED.replace('\n', " "));
    }

    #[test]
    fn verse_addresses_and_signatures_keep_their_lines() {
        for text in [
            VERSE,
            EVEN_VERSE,
            "Greyfriars Mutual Insurance\n44 Assembly Street\nLarch Falls, Oregon 97999",
            "Thanks,\nPetra Holloway\nStandards Editor, Harbor Gazette",
            "Prepared by Ines Calloway, Chief Engineer\nNovember 12, 2020",
            "+------------+------------+------------+------------+\n\
             | 12.5 | a b | 13.0 | -- | ** | 14.1 | 14.2 | ?? | ## |\n\
             +------------+------------+------------+------------+",
        ] {
            assert_eq!(normalized(Lines::default(), text), text);
            let beside = format!("{WRAPPED}\n\n{text}");
            assert_eq!(normalized(Lines::default(), &beside), beside.replacen('\n', " ", 2));
        }
    }

    #[test]
    fn two_lines_are_measured_by_the_paragraphs_around_them() {
        let two = "It was asked for in the spring by the county board and 12 others. As\nNobody had.";
        let beside = format!("{WRAPPED}\n\n{two}");
        assert!(normalized(Lines::default(), &beside).ends_with("others. As Nobody had."));
    }

    #[test]
    fn a_sentence_that_goes_on_is_joined() {
        let text = "Replace the sections, beginning with the nine\n     that lie under roads.";
        assert_eq!(
            normalized(Lines::default(), text),
            "Replace the sections, beginning with the nine that lie under roads."
        );
    }

    #[test]
    fn items_of_a_list_are_joined_each_by_itself() {
        let text = "* 38 sections, with a total length of 61 km, received an E. All\n  but five of them lie under roads.\n\
            * Pressure sensors were missing or broken at 57 of 190 sites, so\n  that small leaks go unnoticed.";
        let joined = "* 38 sections, with a total length of 61 km, received an E. All but five of them lie under roads.\n\
            * Pressure sensors were missing or broken at 57 of 190 sites, so that small leaks go unnoticed.";
        assert_eq!(normalized(Lines::default(), text), joined);
    }

    #[test]
    fn bullets_are_told_from_words() {
        for line in ["* a", "- a", "• a", "1. a", "12) a"] {
            assert!(begins_with_bullet(line), "{line}");
        }
        for line in ["a", "2020. A", "-5 degrees", "**bold**", "12 a", "1", ""] {
            assert!(!begins_with_bullet(line), "{line}");
        }
    }

    #[test]
    fn code_and_tables_keep_their_lines() {
        for kind in [BlockKind::Code, BlockKind::Table, BlockKind::Masthead] {
            assert_eq!(normalized_as(kind, Lines::default(), WRAPPED), WRAPPED);
        }
    }

    #[test]
    fn nothing_parts_unspaced_scripts_and_dashes() {
        assert!(are_one_word("港の工事は", "来年"));
        assert!(are_one_word("he said—", "and went"));
        assert!(are_one_word("the Anglo-", "Saxon"));
        assert!(!are_one_word("pre-", "and post-war"));
        assert!(!are_one_word("he said —", "and went"));
    }
}
