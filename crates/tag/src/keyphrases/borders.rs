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
        "date" | "time" | "money" | "percent" | "quantity" | "link" | "url" | "email" | "phone" | "doi" | "isbn"
        | "issn" => Some(found.span),
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
            let full = match annotation.value.get("name").and_then(|name| name.as_str()) {
                Some(name) => Cow::Borrowed(name),
                None => one_line(span.of(doc.text()).unwrap_or_default()),
            };
            let (label, legal) = without_legal_form(&full);
            let (key, words) = key(span, analysis, stem_of, legal);
            let name = by_label.get(label).copied().unwrap_or_else(|| {
                by_label.insert(label.to_owned(), names.all.len());
                names.all.push(KnownName { label: label.to_owned(), key, words });
                names.all.len() - 1
            });
            // The fullest form says best what the name is made of.
            let known = &mut names.all[name];
            if words > known.words {
                (known.key, known.words) = (key, words);
            }
            names.mentions.push(NameMention { span, name });
        }
        names.join_tails();
        names
    }

    /// Counts `Harbor Trust` as `Port Calder Harbor Trust` where no other name ends so.
    fn join_tails(&mut self) {
        let mut longer: FxHashMap<&[u32], Option<usize>> = FxHashMap::default();
        for (index, known) in self.all.iter().enumerate() {
            for start in 1..known.words.saturating_sub(1) {
                let ends_so = longer.entry(&known.key[start..known.words]).or_insert(Some(index));
                *ends_so = ends_so.filter(|first| *first == index);
            }
        }
        let full: Vec<usize> = (0..self.all.len())
            .map(|name| longer.get(&self.all[name].key[..self.all[name].words]).copied().flatten().unwrap_or(name))
            .collect();
        for mention in &mut self.mentions {
            mention.name = full[mention.name];
        }
    }
}

/// The stems of the words of a span, less the stop words and the last `legal` words where there are more.
fn key(span: ByteSpan, analysis: &Analysis, stem_of: &[u32], legal: usize) -> (Key, usize) {
    let tokens = analysis.tokens();
    let first = tokens.partition_point(|token| token.span.start < span.start);
    let stems = || {
        let inside = tokens[first..].iter().take_while(|token| token.span.start < span.end);
        inside.filter_map(|token| stem_of.get(token.term.index()).copied().filter(|stem| *stem != NO_STEM))
    };
    let all = stems().count();
    let mut key = [NO_STEM; 6];
    let words = if legal < all { all - legal } else { all }.min(key.len());
    for (place, stem) in key[..words].iter_mut().zip(stems()) {
        *place = stem;
    }
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
    let letters = || word.chars().filter(|letter| !matches!(letter, '.' | ',')).flat_map(char::to_lowercase);
    let is_written_as_one = word.starts_with(char::is_uppercase) || word == "plc" || word == "a.s.";
    is_written_as_one && LEGAL_FORMS.binary_search_by(|form| form.chars().cmp(letters())).is_ok()
}

/// The name less its legal form, and how many words that was.
fn without_legal_form(name: &str) -> (&str, usize) {
    let mut rest = name;
    let mut words = 0;
    while let Some((before, _)) = rest.rsplit_once(' ').filter(|(_, last)| is_legal_form(last)) {
        rest = before.trim_end_matches(' ');
        words += 1;
    }
    (rest.trim_end_matches([',', ' ', '&']), words)
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
            assert_eq!(without_legal_form(name).0, expected);
        }
    }

    #[test]
    fn a_tail_of_two_names_is_neither() {
        let name = |stems: &[u32]| {
            let mut key = [NO_STEM; 6];
            key[..stems.len()].copy_from_slice(stems);
            KnownName { label: String::new(), key, words: stems.len() }
        };
        let mention = |name| NameMention { span: ByteSpan::new(0, 1), name };
        let all = vec![name(&[1, 2, 3]), name(&[2, 3]), name(&[4, 5, 6]), name(&[7, 5, 6]), name(&[5, 6]), name(&[3])];
        let mut names = Names { mentions: (0..all.len()).map(mention).collect(), all };
        names.join_tails();
        let found: Vec<usize> = names.mentions.iter().map(|mention| mention.name).collect();
        assert_eq!(found, [0, 0, 2, 3, 4, 5]);
    }

    #[test]
    fn spans_that_overlap_are_one() {
        let spans = [(8, 12), (0, 4), (3, 6)].map(|(start, end)| ByteSpan::new(start, end));
        assert_eq!(merged(spans.to_vec()), [ByteSpan::new(0, 6), ByteSpan::new(8, 12)]);
    }
}
