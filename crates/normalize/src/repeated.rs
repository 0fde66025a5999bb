//! Lines that repeat from document to document, such as running headers and footers.
//!
//! A line is known by a hash of its folded form. Hashes go through [`counts`], which finds those that many documents of a
//! group have; each document is handed those of its own lines that are to go.

mod counts;

use std::io;

use docmill_core::{
    Aggregate, BlockKind, BuildContext, ByteSpan, Component, Context, CorpusContext, CorpusStage, Document, Field,
    OptionError, Role, RoleKind, StageError, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::removal::removal;
use crate::scope::outside;
use counts::{Counts, GROUP, Shared};

/// Removes lines that repeat from document to document, such as footers, notices and the names of series.
///
/// A line goes where at least `min_documents` documents of the group, and at least the share `share` of them, have it. White space
/// does not count, nor do the digits of numbers: `Page 3 of 12` is `Page 4 of 9`, but `A3` is not `A4`. Lines without a letter,
/// headings, code and tables stay. Where the lines of forms differ in their numbers alone, and these are what counts, set `fold_digits: false`. With `at: edges`, only the first and last `edge` lines of a document are looked at, empty ones not counted; `anywhere`
/// takes all. How many lines went is the measure `repeated.lines`.
///
/// The stage should come before `normalize.lines`, which joins lines. It sees all documents before it works on the first; what does
/// not fit in the memory of the run waits in temporary files.
///
/// ```yaml
/// - normalize.repeated: { share: 0.3, min_documents: 10, at: edges }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Repeated {
    /// What share of the documents of a group has the line, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
    /// How many documents have it at least.
    #[schemars(range(min = 2))]
    pub min_documents: u64,
    /// Where in a document it stands.
    pub at: Place,
    /// With `at: edges`: how many lines at the beginning, and at the end, are looked at.
    #[schemars(range(min = 1, max = 1000))]
    pub edge: usize,
    /// Which documents are a group.
    pub within: Group,
    /// Whether lines that differ in the digits of numbers alone are the same.
    pub fold_digits: bool,
}

/// Where in a document a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Among its first or last lines.
    #[default]
    Edges,
    /// Anywhere.
    Anywhere,
}

/// Which documents are looked at together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Those of one container, such as a table, or of one folder.
    #[default]
    Folder,
    /// All of the run.
    Run,
}

impl Default for Repeated {
    fn default() -> Self {
        Self {
            share: 0.5,
            min_documents: 5,
            at: Place::default(),
            edge: 5,
            within: Group::default(),
            fold_digits: true,
        }
    }
}

/// The measure.
const MEASURE: &str = "repeated.lines";

impl Component for Repeated {
    const NAME: &'static str = "normalize.repeated";
    const KIND: RoleKind = RoleKind::Corpus;

    fn gives(&self) -> Vec<Field> {
        vec![Field::measure(MEASURE)]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::corpus(self))
    }
}

impl CorpusStage for Repeated {
    /// The group, and the lines, sorted, each once.
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        let mut lines: Vec<u64> = self.lines(doc).into_iter().map(|(_, line)| line).collect();
        lines.sort_unstable();
        lines.dedup();
        let mut observation = Vec::with_capacity(GROUP + lines.len() * size_of::<u64>());
        observation.extend_from_slice(&self.group(doc).to_be_bytes());
        observation.extend(lines.into_iter().flat_map(u64::to_be_bytes));
        Ok(observation)
    }

    fn aggregate(&self, cx: &CorpusContext) -> io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Counts::new(Shared { documents: self.min_documents, share: self.share }, cx.memory)))
    }

    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let repeated: Vec<&[u8]> = finding.chunks_exact(size_of::<u64>()).collect();
        let is_repeated = |line: u64| repeated.binary_search(&line.to_be_bytes().as_slice()).is_ok();
        let lines = self.lines(doc).into_iter().filter(|&(_, line)| is_repeated(line));
        let spans: Vec<ByteSpan> = lines.map(|(span, _)| span).collect();
        doc.edit(&removal(doc.text(), spans.iter().copied()))?;
        doc.measure(MEASURE, spans.len() as f64);
        Ok(Verdict::Keep)
    }
}

impl Repeated {
    fn group(&self, doc: &Document) -> u64 {
        let source = doc.source();
        match (self.within, &source.container) {
            (Group::Run, _) => 0,
            (Group::Folder, Some(container)) => xxh3_64(container.as_bytes()),
            (Group::Folder, None) => xxh3_64(source.uri.rsplit_once('/').map_or("", |(folder, _)| folder).as_bytes()),
        }
    }

    /// The lines that are looked at, without white space around them, and their hashes.
    fn lines(&self, doc: &Document) -> Vec<(ByteSpan, u64)> {
        let lines = lines(doc);
        let last = match self.at {
            Place::Edges => lines.len().saturating_sub(self.edge),
            Place::Anywhere => 0,
        };
        let edge = lines.iter().enumerate().filter(|&(at, _)| at < self.edge || at >= last).map(|(_, line)| line);
        let hashed = |&span: &ByteSpan| {
            let folded = self.folded(span.of(doc.text())?);
            folded.contains(char::is_alphabetic).then(|| (span, xxh3_64(folded.as_bytes()).max(1)))
        };
        edge.filter_map(hashed).collect()
    }

    /// A line with one space for each run of white space, and a zero for each number. Digits in a word with letters are no number.
    fn folded(&self, line: &str) -> String {
        let mut folded = String::with_capacity(line.len());
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let others = |c: char| !c.is_alphanumeric();
            let length = if others(c) { c.len_utf8() } else { rest.find(others).unwrap_or(rest.len()) };
            let (part, after) = rest.split_at(length);
            rest = after;
            if c.is_whitespace() {
                folded.push_str(if folded.ends_with(' ') { "" } else { " " });
            } else if self.fold_digits && part.chars().all(char::is_numeric) {
                folded.push('0');
            } else {
                folded.push_str(part);
            }
        }
        folded
    }
}

/// The lines outside of headings, code and tables, without white space around them and without empty ones.
fn lines(doc: &Document) -> Vec<ByteSpan> {
    let mut lines = Vec::new();
    for span in outside(doc, |kind| matches!(kind, BlockKind::Heading | BlockKind::Code | BlockKind::Table)) {
        let mut start = span.start;
        for line in span.of(doc.text()).unwrap_or_default().split_inclusive('\n') {
            let trimmed = line.trim();
            let lead = start + line.len() - line.trim_start().len();
            if !trimmed.is_empty() {
                lines.push(ByteSpan::new(lead, lead + trimmed.len()));
            }
            start += line.len();
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use docmill_core::Block;

    use super::*;
    use crate::testing::corpus_wide;

    /// The texts after the stage; documents lie in the folder that their text's first character names.
    fn without(options: &Repeated, texts: &[String]) -> Vec<String> {
        let doc = |(at, text): (usize, &String)| Document::from_text(&format!("{}/{at}.txt", &text[..1]), text);
        let docs = texts.iter().enumerate().map(doc).collect();
        corpus_wide(options.clone(), docs, 0).into_iter().map(|(_, doc)| doc.text().to_owned()).collect()
    }

    /// Six texts of a folder, each made of its number.
    fn six(folder: char, text: impl Fn(usize) -> String) -> Vec<String> {
        (0..6).map(|number| format!("{folder}{} begins.\n\n{}", "x".repeat(number), text(number))).collect()
    }

    #[test]
    fn footers_are_removed_whatever_their_numbers() {
        let body = |number: usize| format!("Body {}.", "y".repeat(number));
        let texts =
            six('a', |number| format!("{}\n\n(c) Harbor  Press\nPage {number} of {}", body(number), number * 7));
        let expected = six('a', |number| format!("{}\n", body(number)));
        assert_eq!(without(&Repeated::default(), &texts), expected);
        let exact = Repeated { fold_digits: false, ..Repeated::default() };
        let expected = six('a', |number| format!("{}\n\nPage {number} of {}", body(number), number * 7));
        assert_eq!(without(&exact, &texts), expected);
    }

    #[test]
    fn digits_in_words_are_no_numbers() {
        let texts = six('a', |number| format!("Form A{number}"));
        assert_eq!(without(&Repeated::default(), &texts), texts);
        assert_eq!(Repeated::default().folded("No.  12, A3\t٣٤½ 3rd"), "No. 0, A3 0 3rd");
    }

    #[test]
    fn a_line_of_few_documents_stays() {
        let mut texts = six('a', |number| if number < 4 { "All rights reserved." } else { "-" }.to_owned());
        assert_eq!(without(&Repeated::default(), &texts), texts);
        let by_four = Repeated { min_documents: 4, share: 0.6, ..Repeated::default() };
        assert!(!without(&by_four, &texts).concat().contains("rights"));
        // Four of seven are less.
        texts.push("a".to_owned());
        assert_eq!(without(&by_four, &texts), texts);
    }

    #[test]
    fn folders_are_groups_of_their_own() {
        let texts: Vec<String> = ['a', 'b'].iter().flat_map(|&folder| six(folder, |_| folder.to_string())).collect();
        assert!(without(&Repeated::default(), &texts).iter().all(|text| text.ends_with("begins.\n")));
        let mixed: Vec<String> = texts.iter().map(|text| text.replace("\nb", "\na")).collect();
        let mixed = [&mixed[..3], &mixed[6..9]].concat();
        assert_eq!(without(&Repeated::default(), &mixed), mixed);
        let run = Repeated { within: Group::Run, ..Repeated::default() };
        assert!(without(&run, &mixed).iter().all(|text| text.ends_with("begins.\n")));
    }

    #[test]
    fn the_middle_is_looked_at_where_asked() {
        let filler = |number: usize, letter: char| format!("{letter}{}\n", "z".repeat(number)).repeat(3);
        let text = |number| format!("{}\nAdvertisement\n\n{}", filler(number, 'p'), filler(number, 'q'));
        let texts = six('a', text);
        let edges = Repeated { edge: 3, ..Repeated::default() };
        assert_eq!(without(&edges, &texts), texts);
        let anywhere = Repeated { at: Place::Anywhere, ..edges };
        assert!(without(&anywhere, &texts).iter().all(|text| !text.contains("Advert") && !text.contains("\n\n\n")));
    }

    #[test]
    fn headings_code_tables_and_bare_numbers_stay() {
        for (kind, text) in [
            (BlockKind::Heading, "Abstract"),
            (BlockKind::Code, "fn main() {}"),
            (BlockKind::Table, "a b"),
            (BlockKind::Paragraph, "12.5 --"),
        ] {
            let doc = |at: usize| {
                let mut doc = Document::from_text(&format!("a/{at}.txt"), text);
                doc.set_blocks(vec![Block::new(kind, 0..text.len())]);
                doc
            };
            let docs = corpus_wide(Repeated::default(), (0..9).map(doc).collect(), 1 << 20);
            assert!(docs.iter().all(|(_, doc)| doc.text() == text && doc.measures()[MEASURE] < 0.5), "{kind:?}");
        }
    }

    #[test]
    fn how_many_lines_went_is_measured_and_the_others_lead_home() {
        let text = |number: usize| format!("Daily Notes\n\nBody {}.\n\nThe end", "y".repeat(number));
        let docs = (0..6).map(|number| Document::from_text(&format!("{number}.txt"), &text(number))).collect();
        for (number, (verdict, doc)) in corpus_wide(Repeated::default(), docs, 0).into_iter().enumerate() {
            assert_eq!((verdict, doc.measures()[MEASURE]), (Verdict::Keep, 2.0));
            let body = format!("Body {}.", "y".repeat(number));
            assert_eq!(doc.text().trim_end(), body);
            assert_eq!(doc.to_original(ByteSpan::new(0, body.len())), ByteSpan::new(13, 13 + body.len()));
        }
    }
}
