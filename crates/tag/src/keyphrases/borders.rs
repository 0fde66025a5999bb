//! What earlier stages found in the text: spans that no phrase holds any part of, and names that count whole.

use std::borrow::Cow;

use docmill_analysis::Analysis;
use docmill_core::{Annotation, ByteSpan, Document};
use rustc_hash::FxHashMap;

use super::labels::one_line;
use super::phrase::{Key, NO_STEM};

/// How far from a citation its parentheses may stand, in bytes.
const PARENTHESES: usize = 300;

/// What is skipped with all its words: citations with their parentheses, values and addresses. In text order.
pub(super) fn skipped(doc: &Document) -> Vec<ByteSpan> {
    let spans = doc.annotations().iter().filter_map(|found| match &*found.kind {
        "citation" => Some(with_parentheses(found.span, doc.text().as_bytes())),
        "date" | "time" | "money" | "percent" | "quantity" | "link" | "url" | "email" | "phone" | "doi" => {
            Some(found.span)
        }
        kind if kind.starts_with("pii.") && kind != "pii.name" => Some(found.span),
        _ => None,
    });
    merged(spans.collect())
}

fn with_parentheses(ByteSpan { start, end }: ByteSpan, bytes: &[u8]) -> ByteSpan {
    let before = start.saturating_sub(PARENTHESES);
    let after = (end + PARENTHESES).min(bytes.len());
    let open = bytes.get(before..start).and_then(|bytes| memchr::memrchr2(b'(', b')', bytes)).map(|at| before + at);
    let close = bytes.get(end..after).and_then(|bytes| memchr::memchr2(b'(', b')', bytes)).map(|at| end + at);
    match (open, close) {
        (Some(open), Some(close)) if bytes[open] == b'(' && bytes[close] == b')' => ByteSpan::new(open, close + 1),
        _ => ByteSpan { start, end },
    }
}

/// The spans in order, overlapping ones as one, so that their ends are sorted too.
fn merged(mut spans: Vec<ByteSpan>) -> Vec<ByteSpan> {
    spans.sort_unstable();
    let mut merged: Vec<ByteSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// A mention of a name, and which of [`Names::all`] it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameMention {
    pub(super) span: ByteSpan,
    pub(super) name: usize,
}

/// A name in all its forms.
#[derive(Debug)]
pub(super) struct KnownName {
    pub(super) label: String,
    pub(super) key: Key,
    pub(super) words: usize,
}

/// The people, organisations and places of a text.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) all: Vec<KnownName>,
    /// In text order, without overlaps.
    pub(super) mentions: Vec<NameMention>,
}

impl Names {
    pub(super) fn of(doc: &Document, analysis: &Analysis, stem_of: &[u32]) -> Self {
        let mut found: Vec<&Annotation> = doc
            .annotations()
            .iter()
            .filter(|found| matches!(&*found.kind, "person" | "organization" | "place"))
            .collect();
        // Of two that overlap, the one that begins first counts, or the longer one.
        found.sort_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end)));
        let mut names = Self::default();
        let mut by_label: FxHashMap<String, usize> = FxHashMap::default();
        let mut end = 0;
        for annotation in found {
            let span = annotation.span;
            if span.start < end {
                continue;
            }
            end = span.end;
            let written = one_line(span.of(doc.text()).unwrap_or_default());
            let full = annotation.value.get("name").and_then(|name| name.as_str()).map_or(written, Cow::Borrowed);
            let label = without_legal_form(&full);
            let (key, words) = key(span, analysis, stem_of, legal_words(&full));
            let next = names.all.len();
            let name = *by_label.entry(label.to_owned()).or_insert(next);
            if name == next {
                names.all.push(KnownName { label: label.to_owned(), key, words });
            }
            // The fullest form says best what the name is made of.
            let known = &mut names.all[name];
            if words > known.words {
                (known.key, known.words) = (key, words);
            }
            names.mentions.push(NameMention { span, name });
        }
        names
    }
}

/// The stems of the words of a span, less the stop words and the last `legal` words where there are more.
fn key(span: ByteSpan, analysis: &Analysis, stem_of: &[u32], legal: usize) -> (Key, usize) {
    let tokens = analysis.tokens();
    let first = tokens.partition_point(|token| token.span.start < span.start);
    let stems: Vec<u32> = tokens[first..]
        .iter()
        .take_while(|token| token.span.start < span.end)
        .filter_map(|token| stem_of.get(token.term.index()).copied().filter(|stem| *stem != NO_STEM))
        .collect();
    let kept = if legal < stems.len() { stems.len() - legal } else { stems.len() };
    let mut key = [NO_STEM; 6];
    let words = kept.min(key.len());
    key[..words].copy_from_slice(&stems[..words]);
    (key, words)
}

/// What companies end their names with by law, less marks.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bv",
    "co",
    "corp",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "oyj",
    "plc",
    "pty",
    "sa",
    "sarl",
    "sas",
    "se",
    "spa",
    "srl",
];

fn is_legal_form(word: &str) -> bool {
    let mut letters =
        word.chars().filter(|letter| !matches!(letter, '.' | ',')).flat_map(char::to_lowercase).peekable();
    let starts_with_capital = word.starts_with(char::is_uppercase) || word == "plc" || word == "a.s.";
    let letters: String = letters.by_ref().take(16).collect();
    starts_with_capital && LEGAL_FORMS.contains(&letters.as_str())
}

/// How many words at the end of a name are its legal form; never all.
fn legal_words(name: &str) -> usize {
    let legal = name.split(' ').rev().take_while(|word| is_legal_form(word)).count();
    if legal < name.split(' ').count() { legal } else { 0 }
}

fn without_legal_form(name: &str) -> &str {
    let mut rest = name;
    for _ in 0..legal_words(name) {
        rest = rest.rsplit_once(' ').map_or(rest, |(rest, _)| rest);
    }
    rest.trim_end_matches([',', ' ', '&'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legal_form_is_no_part_of_a_name() {
        for (name, expected) in [
            ("Halden Foods Inc.", "Halden Foods"),
            ("Halden Foods, Ltd", "Halden Foods"),
            ("Crane & Co. GmbH", "Crane"),
            ("Bianchi S.p.A.", "Bianchi"),
            ("Inc", "Inc"),
            ("San Sebastian", "San Sebastian"),
        ] {
            assert_eq!(without_legal_form(name), expected);
        }
    }

    #[test]
    fn spans_that_overlap_are_one() {
        let spans = [(8, 12), (0, 4), (3, 6)].map(|(start, end)| ByteSpan::new(start, end));
        assert_eq!(merged(spans.to_vec()), [ByteSpan::new(0, 6), ByteSpan::new(8, 12)]);
    }
}
