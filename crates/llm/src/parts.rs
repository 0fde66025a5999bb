//! Cuts a text into parts that fit a request.

use docmill_analysis::Analysis;
use docmill_core::{ByteSpan, Document};

/// Spans that cover the document's text in order, each of at most `most` characters (code points). They end where sentences do; a
/// sentence that is longer is cut at white space, or where there is none, anywhere. White space alone is no part.
pub(crate) fn parts(doc: &Document, analysis: &Analysis, most: usize) -> Vec<ByteSpan> {
    let text = doc.text();
    let mut parts: Vec<ByteSpan> = Vec::new();
    let (mut start, mut length) = (0, 0);
    let ends = analysis.sentences().iter().skip(1).map(|sentence| sentence.span.start).chain([text.len()]);
    let mut from = 0;
    for end in ends {
        let piece = &text[from..end];
        let characters = piece.chars().count();
        if length + characters > most && length > 0 {
            parts.push(ByteSpan::new(start, from));
            (start, length) = (from, 0);
        }
        length += characters;
        from = end;
        while length > most {
            let cut = start + cut(&text[start..end], most);
            parts.push(ByteSpan::new(start, cut));
            length -= text[start..cut].chars().count();
            start = cut;
        }
    }
    parts.push(ByteSpan::new(start, text.len()));
    parts.retain(|part| part.of(text).is_some_and(|part| !part.trim().is_empty()));
    parts
}

/// Where a text is cut so that at most `most` characters come before: after the last white space, or right there.
fn cut(text: &str, most: usize) -> usize {
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    let space = text[..end].char_indices().rev().find(|(_, character)| character.is_whitespace());
    space.map_or(end, |(at, character)| at + character.len_utf8())
}

#[cfg(test)]
mod tests {
    use docmill_analysis::analysis;
    use proptest::prelude::*;

    use super::*;

    fn cut_up(text: &str, most: usize) -> Vec<String> {
        let doc = Document::from_text("note.txt", text);
        let parts = parts(&doc, &analysis(&doc), most);
        parts.iter().map(|part| part.of(text).unwrap().trim().to_owned()).collect()
    }

    #[test]
    fn parts_end_where_sentences_do() {
        let text = "The port grew. It is wide.\n\nShips come. They are long.";
        assert_eq!(cut_up(text, 100), [text]);
        assert_eq!(cut_up(text, 30), ["The port grew. It is wide.", "Ships come. They are long."]);
        assert_eq!(cut_up(text, 20), ["The port grew.", "It is wide.", "Ships come.", "They are long."]);
        assert_eq!(cut_up(" \n ", 9), Vec::<String>::new());
    }

    #[test]
    fn a_sentence_that_is_too_long_is_cut_at_white_space() {
        assert_eq!(cut_up("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(cut_up("éééééééé x", 3), ["ééé", "ééé", "éé", "x"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_part_is_too_long(text in "([A-Za-zé]{1,9}[ .\n]{1,2}){0,40}", most in 1usize..60) {
            let doc = Document::from_text("note.txt", &text);
            let parts = parts(&doc, &analysis(&doc), most);
            let mut covered = 0;
            for part in parts {
                prop_assert!(text[covered..part.start].trim().is_empty());
                prop_assert!(part.of(&text).unwrap().chars().count() <= most);
                covered = part.end;
            }
            prop_assert!(text[covered..].trim().is_empty());
        }
    }
}
