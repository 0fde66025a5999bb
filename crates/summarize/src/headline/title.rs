//! The title that a document has, where it says what the document is about.

use docmill_analysis::Analysis;
use docmill_core::{BlockKind, ByteSpan, Document};

use super::Line;

/// The share of the words of a title in metadata that one sentence must have, so that the title rests on it.
const RESTS: f64 = 0.5;

/// The document's own title: its title block, or what its metadata says where a sentence of the text bears it out.
pub(super) fn own(doc: &Document, analysis: &Analysis) -> Option<Line> {
    let says = |text: &str| says_something(text, doc.meta.text("publication"));
    let block = doc.blocks().iter().find(|block| block.kind == BlockKind::Title);
    if let Some((block, text)) = block.and_then(|block| Some((block, block.span.of(doc.text())?))) {
        let line = one_line(text);
        if says(&line) {
            return Some(Line { text: line, spans: vec![block.span], score: 1.0 });
        }
    }
    let stated = one_line(without_reply_marks(doc.meta.text("title")?));
    if !says(&stated) {
        return None;
    }
    let span = borne_out(&stated, analysis)?;
    Some(Line { text: stated, spans: vec![span], score: 1.0 })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The subject of an e-mail without what says that it is an answer.
fn without_reply_marks(mut subject: &str) -> &str {
    while let Some((mark, rest)) = subject.split_once(':') {
        if !matches!(mark.trim().to_lowercase().as_str(), "re" | "fw" | "fwd" | "aw" | "wg" | "sv" | "tr" | "rv") {
            break;
        }
        subject = rest.trim_start();
    }
    subject
}

/// Whether a title is one that tells documents apart: two words or more that are no file's name, address, date or page number.
fn says_something(title: &str, publication: Option<&str>) -> bool {
    let words: Vec<&str> = title.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
    let numbered = title.split_whitespace().count() > words.len();
    let lower = title.to_lowercase();
    let generic =
        ["untitled", "document", "microsoft word", "powerpoint", "slide ", "page ", "chapter ", "no subject", "(no "];
    let names_a_file = words.len() < 4
        && lower.rsplit_once('.').is_some_and(|(_, end)| {
            (2..=5).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    // Scripts without spaces have long words.
    let enough = words.len() >= 2 || title.chars().filter(|letter| *letter > '\u{2e7f}').count() >= 4;
    enough
        && !names_a_file
        && !(generic.iter().any(|generic| lower.starts_with(generic))
            && (words.len() < 3 || numbered && words.len() < 4))
        && !lower.contains("://")
        && !title.ends_with(['…', ':', ','])
        && !title.ends_with("...")
        && publication.is_none_or(|publication| publication.to_lowercase() != lower)
}

/// The first sentence of those that have most words of a title, where that is enough of them.
fn borne_out(title: &str, analysis: &Analysis) -> Option<ByteSpan> {
    let mut words: Vec<String> =
        title.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect();
    words.retain(|word| word.len() > 1);
    words.truncate(64);
    let wanted: Vec<usize> = analysis
        .terms()
        .iter()
        .enumerate()
        .filter(|(_, term)| !term.stop_word && words.iter().any(|word| **word == *term.text))
        .map(|(at, _)| at)
        .collect();
    let all = words.iter().filter(|word| word.len() > 3).count().max(1);
    let mut best: Option<(usize, ByteSpan)> = None;
    for sentence in analysis.sentences().iter().filter(|sentence| sentence.is_prose()) {
        let tokens = analysis.sentence_tokens(sentence);
        let mut has: Vec<usize> =
            tokens.iter().map(|token| token.term.index()).filter(|term| wanted.binary_search(term).is_ok()).collect();
        has.sort_unstable();
        has.dedup();
        if has.len() as f64 >= RESTS * all as f64 && best.is_none_or(|(most, _)| has.len() > most) {
            best = Some((has.len(), sentence.span));
        }
    }
    best.map(|(_, span)| span)
}
