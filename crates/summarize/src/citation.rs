//! Takes parenthetical citations out of a sentence.

use docmill_core::{ByteSpan, Document};

/// The parentheses of the text that cite and say nothing else, in text order, each with the white space before it.
pub(crate) fn parentheses(doc: &Document) -> Vec<ByteSpan> {
    let text = doc.text();
    let mut citations: Vec<ByteSpan> = doc.annotations_of("citation").map(|citation| citation.span).collect();
    citations.sort_unstable();
    let mut found: Vec<ByteSpan> = Vec::new();
    let mut rest = citations.as_slice();
    while let Some(first) = rest.first() {
        let group = if is_enclosed(text, *first) { Some(*first) } else { enclosing(text, *first) };
        let Some(group) = group.filter(|group| found.last().is_none_or(|last| last.end <= group.start)) else {
            rest = &rest[1..];
            continue;
        };
        let inside = rest.iter().take_while(|citation| group.contains(**citation)).count().max(1);
        let cited: usize = rest[..inside].iter().map(|citation| citation.len()).sum();
        // What else stands there, such as `see also`, must be less than what is cited.
        if cited * 2 > group.len() {
            let start = text[..group.start].trim_end().len();
            found.push(ByteSpan::new(start, group.end));
        }
        rest = &rest[inside..];
    }
    found
}

fn is_enclosed(text: &str, span: ByteSpan) -> bool {
    span.of(text).is_some_and(|cited| {
        cited.starts_with('(') && cited.ends_with(')') || cited.starts_with('[') && cited.ends_with(']')
    })
}

/// How far the parentheses around a citation may be away from it, in bytes.
const REACH: usize = 600;

/// The innermost parentheses around the span.
fn enclosing(text: &str, span: ByteSpan) -> Option<ByteSpan> {
    let bytes = text.as_bytes();
    let before = &bytes[span.start.saturating_sub(REACH)..span.start];
    let open = before.iter().rposition(|byte| matches!(byte, b'(' | b'[' | b')' | b']'))?;
    let close_mark = match before[open] {
        b'(' => b')',
        b'[' => b']',
        _ => return None,
    };
    let after = &bytes[span.end..(span.end + REACH).min(bytes.len())];
    let close = after.iter().position(|byte| matches!(byte, b'(' | b'[' | b')' | b']'))?;
    if after[close] != close_mark {
        return None;
    }
    Some(ByteSpan::new(span.start - (before.len() - open), span.end + close + 1))
}

/// The text of a sentence without these parts of it, and with single spaces for white space.
pub(crate) fn without(text: &str, sentence: ByteSpan, parts: &[ByteSpan]) -> String {
    let first = parts.partition_point(|part| part.end <= sentence.start);
    let inside = parts[first..].iter().take_while(|part| part.start < sentence.end);
    let mut kept = String::with_capacity(sentence.len());
    let mut start = sentence.start;
    for part in inside {
        add(&mut kept, text.get(start..part.start).unwrap_or_default());
        start = part.end.clamp(start, sentence.end);
    }
    add(&mut kept, text.get(start..sentence.end).unwrap_or_default());
    kept.trim().to_owned()
}

fn add(kept: &mut String, part: &str) {
    let plain = !part.contains("  ") && !part.bytes().any(|byte| matches!(byte, b'\n' | b'\t' | b'\r'));
    if plain {
        kept.push_str(part);
        return;
    }
    let spaced_before = part.starts_with(char::is_whitespace);
    for (position, word) in part.split_whitespace().enumerate() {
        if position > 0 || spaced_before {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    if part.ends_with(char::is_whitespace) {
        kept.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::Annotation;

    use super::*;

    fn check(text: &str, cited: &[&str], expected: &str) {
        let mut doc = Document::from_text("note.txt", text);
        for citation in cited {
            let start = text.find(citation).unwrap();
            doc.annotate(Annotation::new("citation", start..start + citation.len()));
        }
        assert_eq!(without(text, ByteSpan::new(0, text.len()), &parentheses(&doc)), expected);
    }

    #[test]
    fn parentheses_that_cite_are_left_out_with_the_space_before_them() {
        let text = "Trade fell (Harbor Gazette, March 14; Ministry of Ports, 2014).";
        check(text, &["Harbor Gazette, March 14", "Ministry of Ports, 2014"], "Trade fell.");
        check(text, &["(Harbor Gazette, March 14; Ministry of Ports, 2014)"], "Trade fell.");
        check(
            "It rose (RT, 2015) and fell (AP, 2016), he said.",
            &["RT, 2015", "AP, 2016"],
            "It rose and fell, he said.",
        );
        check("(RT, 2015) It rose.", &["RT, 2015"], "It rose.");
    }

    #[test]
    fn parentheses_that_say_more_and_citations_in_the_sentence_stay() {
        let said = "It fell (by a third since the spring, as RT, 2015 has it).";
        check(said, &["RT, 2015"], said);
        let cited = "The Gazette, 2014, has it (in full).";
        check(cited, &["Gazette, 2014"], cited);
    }

    #[test]
    fn white_space_becomes_single_spaces() {
        check("A line\n  goes on (RT, 2015)\nhere.", &["RT, 2015"], "A line goes on here.");
    }
}
