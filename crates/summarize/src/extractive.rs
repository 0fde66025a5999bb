//! `summarize.extractive`: the sentences of a document that say most about it.
//!
//! A sentence counts by how central it is among all (see `centrality`), how early it stands, and what it shares with the
//! title; its form decides how well it stands alone (`form`); what repeats a sentence already taken comes later (`selection`).
//! Where many say their opinion of one thing (`opinions`), no place is better than another, and what most say counts.

use docmill_analysis::{Analysis, Sentence, Support, Token, TokenKind, analysis};
use docmill_core::{
    BlockKind, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage,
    StageError, Summary, SummarySentence,
};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::centrality::{Vectors, centralities};
use crate::selection::{Candidate, Kind, Length, select};
use crate::{citation, form, opinions};

/// Summarizes a document by its own sentences.
///
/// Takes the sentences that share most with the rest of the text and with the title, those near the start first, and skips
/// what repeats a sentence already taken. A sentence that leans on the one before it, such as `She agreed.`, comes with that one or
/// later. In a list of opinions on one thing, such as reviews, the start counts no more than the rest. The sentences stand in the document's order, and each leads back to its place. Only prose
/// counts: paragraphs, quotations and, with less weight, list items; never headings, captions, tables or mastheads.
/// Parenthetical citations that an earlier stage found are left out of the summary's text.
///
/// The length is given by one of `sentences`, `words`, `characters` and `share`; without any it is three sentences.
///
/// ```yaml
/// stages:
///   - ingest
///   - tag.citations
///   - summarize.extractive: { sentences: 5 }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Extractive {
    /// Most sentences of the summary; 3 where no length is given.
    #[schemars(range(min = 1, max = 10_000))]
    pub sentences: Option<usize>,
    /// Most words of the summary. One sentence is taken even if it is longer.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub words: Option<usize>,
    /// Most characters of the summary, with the spaces between its sentences. One sentence is taken even if it is longer.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub characters: Option<usize>,
    /// Share of the document's prose sentences, above 0 and up to 1, rounded up.
    #[schemars(range(min = 0, max = 1))]
    pub share: Option<f64>,
}

/// Sentences of a summary whose length is not given.
const DEFAULT_SENTENCES: usize = 3;

/// Stems of a title that are looked for in the sentences.
const LONGEST_TITLE: usize = 32;

impl Extractive {
    fn length(&self) -> Result<Length, OptionError> {
        match (self.sentences, self.words, self.characters, self.share) {
            (None, None, None, None) => Ok(Length::Sentences(DEFAULT_SENTENCES)),
            (Some(sentences), None, None, None) => Ok(Length::Sentences(sentences)),
            (None, Some(words), None, None) => Ok(Length::Words(words)),
            (None, None, Some(characters), None) => Ok(Length::Characters(characters)),
            (None, None, None, Some(share)) if share > 0.0 && share <= 1.0 => Ok(Length::Share(share)),
            (None, None, None, Some(share)) => {
                Err(OptionError::new("/share", format!("expected a share above 0 and up to 1, found {share}")))
            }
            _ => Err(OptionError::new(
                "",
                "expected one of `sentences`, `words`, `characters` and `share`, found more than one",
            )),
        }
    }
}

impl Component for Extractive {
    const NAME: &'static str = "summarize.extractive";
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;
    const VERSION: u32 = 4;

    fn needs(&self) -> Vec<Field> {
        vec![Field::Text]
    }

    fn gives(&self) -> Vec<Field> {
        vec![Field::Summary]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let length = self.length().map_err(|error| vec![error])?;
        Ok(Role::stage(Summarizer { length }))
    }
}

struct Summarizer {
    length: Length,
}

impl Stage for Summarizer {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        if let Some(lack) = Support::lack(doc.language()) {
            doc.warn(format!("{}: {lack}", Extractive::NAME));
        }
        let analysis = analysis(doc);
        let citations = citation::parentheses(doc);
        let prose = Prose::of(&analysis, &citations);
        if prose.sentences.is_empty() {
            return Ok(());
        }
        let vectors = Vectors::new(&prose.stems, prose.distinct);
        let kind = prose.kind(doc.text());
        let candidates = prose.candidates(doc.text(), &analysis, &centralities(&vectors), kind);
        let picked = select(&vectors, &candidates, self.length, kind);
        let sentences = picked.into_iter().map(|picked| {
            let span = prose.sentences[picked].span;
            SummarySentence::new(span, citation::without(doc.text(), span, &citations), candidates[picked].score)
        });
        let summary = Summary::of(sentences.collect());
        doc.summarize(summary);
        Ok(())
    }
}

/// The sentences that a summary can be made of.
#[derive(Default)]
struct Prose<'a> {
    sentences: Vec<&'a Sentence>,
    /// The stems of each sentence as numbers, stop words and citations left out.
    stems: Vec<Vec<u32>>,
    /// How many words each sentence has, citations left out.
    words: Vec<usize>,
    /// The stems of the title.
    title: Vec<u32>,
    /// How many stems there are.
    distinct: usize,
}

impl<'a> Prose<'a> {
    fn of(analysis: &'a Analysis, citations: &[ByteSpan]) -> Self {
        let mut prose = Self::default();
        let mut numbers = Stems::new(analysis);
        let mut citations = citations.iter().peekable();
        for sentence in analysis.sentences() {
            let tokens = analysis.sentence_tokens(sentence);
            if sentence.kind == BlockKind::Title {
                prose.title.extend(tokens.iter().filter_map(|token| numbers.of(token)));
            }
            if !sentence.is_prose() {
                continue;
            }
            let (mut stems, mut words) = (Vec::new(), 0);
            for token in tokens.iter().filter(|token| token.kind.is_wordlike()) {
                while citations.next_if(|citation| citation.end <= token.span.start).is_some() {}
                if citations.peek().is_some_and(|citation| citation.start <= token.span.start) {
                    continue;
                }
                words += 1;
                stems.extend(numbers.of(token));
            }
            if !stems.is_empty() {
                prose.sentences.push(sentence);
                prose.stems.push(stems);
                prose.words.push(words);
            }
        }
        prose.title.sort_unstable();
        prose.title.dedup();
        prose.title.truncate(LONGEST_TITLE);
        prose.distinct = numbers.by_stem.len();
        prose
    }

    fn kind(&self, text: &str) -> Kind {
        let spans: Vec<ByteSpan> = self.sentences.iter().map(|sentence| sentence.span).collect();
        if opinions::are_opinions(text, &spans, &self.stems, self.distinct) { Kind::Opinions } else { Kind::Prose }
    }

    /// Each sentence with its score and length.
    fn candidates(&self, text: &str, analysis: &Analysis, centralities: &[f64], kind: Kind) -> Vec<Candidate> {
        let candidate = |position: usize| {
            let sentence = self.sentences[position];
            let lead = 1.0 / (1.0 + position as f64 / 2.0);
            let total = match kind {
                Kind::Prose => 0.5 * centralities[position] + 0.25 * lead + 0.25 * self.shared_with_title(position),
                Kind::Opinions => centralities[position],
            };
            let words = self.words[position];
            Candidate {
                score: total * form::weight(text, sentence, words),
                alone: form::alone(analysis, sentence),
                words,
                characters: sentence.span.of(text).map_or(0, |written| written.chars().count()),
            }
        };
        (0..self.sentences.len()).map(candidate).collect()
    }

    /// The share of the title's stems that the sentence holds.
    fn shared_with_title(&self, position: usize) -> f64 {
        if self.title.is_empty() {
            return 0.0;
        }
        let stems = &self.stems[position];
        self.title.iter().filter(|stem| stems.contains(stem)).count() as f64 / self.title.len() as f64
    }
}

/// Numbers for stems, in the order in which they are met: terms with one stem get one number.
struct Stems<'a> {
    analysis: &'a Analysis,
    by_stem: FxHashMap<&'a str, u32>,
    by_term: Vec<Option<u32>>,
}

impl<'a> Stems<'a> {
    fn new(analysis: &'a Analysis) -> Self {
        Self { analysis, by_stem: FxHashMap::default(), by_term: vec![None; analysis.terms().len()] }
    }

    /// The number of a word's stem; none for stop words, numbers and marks.
    fn of(&mut self, token: &Token) -> Option<u32> {
        let term = self.analysis.term(token.term);
        if token.kind != TokenKind::Word || term.stop_word {
            return None;
        }
        let known = &mut self.by_term[token.term.index()];
        if known.is_none() {
            let next = u32::try_from(self.by_stem.len()).ok()?;
            *known = Some(*self.by_stem.entry(&term.stem).or_insert(next));
        }
        *known
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{Annotation, Block};
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "The harbor will be dredged this spring to let larger ships in.

Who pays? The city pays for the harbor, and the ships pay the city. It rained on Monday, and nobody came.

Dredging the harbor lets larger ships in, so the city expects more trade from the harbor (Coast Wire, 2014).

The ferry runs on Sundays from the old pier near the market.";

    fn summarized(options: Extractive, mut doc: Document) -> Document {
        let Ok(Role::Stage(stage)) = options.build(&BuildContext::default()) else { panic!("it builds a stage") };
        stage.apply(&mut doc, &Context::default()).unwrap();
        doc
    }

    fn texts(doc: &Document) -> Vec<&str> {
        doc.summary().map_or_else(Vec::new, |summary| summary.sentences.iter().map(|picked| &*picked.text).collect())
    }

    fn sentences(count: usize) -> Extractive {
        Extractive { sentences: Some(count), ..Extractive::default() }
    }

    #[test]
    fn central_sentences_are_taken_in_the_order_of_the_document() {
        let doc = summarized(sentences(2), Document::from_text("note.txt", TEXT));
        let expected = [
            "The harbor will be dredged this spring to let larger ships in.",
            "The city pays for the harbor, and the ships pay the city.",
        ];
        assert_eq!(texts(&doc), expected);
        assert_eq!(doc.summary().unwrap().text, expected.join(" "));
    }

    #[test]
    fn a_summary_without_a_length_has_three_sentences() {
        assert_eq!(texts(&summarized(Extractive::default(), Document::from_text("note.txt", TEXT))).len(), 3);
    }

    #[test]
    fn words_and_shares_bound_the_length() {
        let words = Extractive { words: Some(25), ..Extractive::default() };
        let short = summarized(words, Document::from_text("note.txt", TEXT));
        assert!(texts(&short).join(" ").split(' ').count() <= 25);
        let all = Extractive { share: Some(1.0), ..Extractive::default() };
        assert_eq!(texts(&summarized(all, Document::from_text("note.txt", TEXT))).len(), 6);
    }

    #[test]
    fn characters_bound_the_length_with_the_spaces_between() {
        for characters in [60, 120, 180] {
            let options = Extractive { characters: Some(characters), ..Extractive::default() };
            let doc = summarized(options, Document::from_text("note.txt", TEXT));
            let length = doc.summary().unwrap().text.chars().count();
            assert!(length <= characters.max(62) && length * 2 > characters, "{characters}: {length}");
        }
    }

    #[test]
    fn what_most_say_counts_among_opinions_wherever_it_stands() {
        let lines = [
            "My aunt told me about this lamp at the harbor market.",
            "The lamp came on a Tuesday.",
            "I put the lamp beside an old map.",
            "Our cat fears the lamp.",
            "The lamp is bright and its light is warm.",
            "A neighbor borrowed the lamp for his boat.",
            "The lamp cost me two barges.",
            "What a warm light the bright lamp gives!",
            "This lamp replaced a candle.",
            "The lamp survived a flood in our mill.",
            "The light of the lamp is bright, and warm indeed.",
            "Nobody else on the island owns a lamp.",
        ];
        let doc = summarized(sentences(1), Document::from_text("note.txt", &lines.join("\n")));
        assert!(texts(&doc)[0].contains("bright"), "{:?}", texts(&doc));
    }

    #[test]
    fn a_sentence_that_leans_comes_with_the_one_before() {
        let text = "The mill burned.\n\nThe ferry to the island stopped in March. It carried grain to the island until then.\n\nSnow fell on all roads.";
        let taken = |count| texts(&summarized(sentences(count), Document::from_text("note.txt", text))).join(" ");
        assert!(!taken(1).contains("It carried"), "{}", taken(1));
        assert!(taken(2).contains("The ferry"), "{}", taken(2));
    }

    #[test]
    fn citations_are_left_out_of_the_text_but_not_of_the_span() {
        let mut doc = Document::from_text("note.txt", TEXT);
        let start = TEXT.find("Coast Wire").unwrap();
        doc.annotate(Annotation::new("citation", start..start + "Coast Wire, 2014".len()));
        let doc = summarized(sentences(9), doc);
        let picked = &doc.summary().unwrap().sentences[4];
        assert!(picked.text.ends_with("more trade from the harbor."), "{}", picked.text);
        assert!(picked.span.of(TEXT).unwrap().ends_with("(Coast Wire, 2014)."));
    }

    #[test]
    fn only_prose_is_taken() {
        let parts =
            ["Harbor dredged", "The harbor is wide. The harbor is deep.", "Photo: the harbor.", "The harbor is open."];
        let kinds = [BlockKind::Title, BlockKind::Caption, BlockKind::Masthead, BlockKind::Paragraph];
        let text = parts.join("\n");
        let mut doc = Document::from_text("note.txt", &text);
        let block = |(kind, part): (BlockKind, &str)| {
            let start = text.find(part).unwrap();
            Block::new(kind, start..start + part.len())
        };
        doc.set_blocks(kinds.into_iter().zip(parts).map(block).collect());
        assert_eq!(texts(&summarized(sentences(5), doc)), ["The harbor is open."]);
    }

    #[test]
    fn the_title_draws_sentences_that_share_its_words() {
        let text = "Ferry to stay\n\nThe mill closed in spring after a flood. The ferry will stay on the river. Prices for grain rose again.";
        let mut doc = Document::from_text("note.txt", text);
        let mut blocks = doc.blocks().to_vec();
        blocks[0].kind = BlockKind::Title;
        doc.set_blocks(blocks);
        assert_eq!(texts(&summarized(sentences(1), doc)), ["The ferry will stay on the river."]);
    }

    #[test]
    fn documents_of_no_or_one_sentence_are_no_error() {
        for text in ["", " \n\n ", "***", "It is the."] {
            assert_eq!(summarized(sentences(3), Document::from_text("note.txt", text)).summary(), None, "{text:?}");
        }
        assert_eq!(
            texts(&summarized(sentences(3), Document::from_text("note.txt", "One bridge fell."))),
            ["One bridge fell."]
        );
    }

    #[test]
    fn other_languages_are_summarized_too() {
        let text = "Der Hafen wird im Frühjahr vertieft. Es regnete. Die Stadt zahlt für den Hafen, und der Hafen zahlt die Stadt.";
        let mut doc = Document::from_text("note.txt", text);
        doc.set_language("de");
        assert_eq!(texts(&summarized(sentences(1), doc)), ["Der Hafen wird im Frühjahr vertieft."]);
        let japanese = Document::from_text("note.txt", "港は春に深くなる。市が港の費用を払う。");
        assert_eq!(texts(&summarized(sentences(1), japanese)).len(), 1);
    }

    #[test]
    fn more_than_one_length_and_shares_out_of_range_are_refused() {
        let refused =
            |options: Extractive| options.build(&BuildContext::default()).err().map(|errors| errors[0].to_string());
        let both = Extractive { words: Some(50), ..sentences(3) };
        assert!(refused(both).unwrap().contains("more than one"));
        for share in [0.0, -0.5, 1.5, f64::NAN] {
            let options = Extractive { share: Some(share), ..Extractive::default() };
            assert!(refused(options).unwrap().starts_with("/share: expected a share above 0"), "{share}");
        }
        assert_eq!(refused(Extractive { share: Some(0.2), ..Extractive::default() }), None);
    }

    proptest! {
        #[test]
        fn any_text_gives_sentences_of_it_in_order(text in any::<String>(), words in "([A-Za-z(\\[]{1,6}[ .?;)\\]\n]{1,2}){0,60}", cited in 0usize..40) {
            for text in [text, words] {
                let mut doc = Document::from_text("note.txt", &text);
                let spans: Vec<ByteSpan> = docmill_analysis::analysis(&doc).tokens().iter().map(|token| token.span).collect();
                spans.iter().skip(cited).step_by(3).for_each(|span| doc.annotate(Annotation::new("citation", *span)));
                let doc = summarized(sentences(4), doc);
                let picked = doc.summary().map_or(&[][..], |summary| &summary.sentences);
                prop_assert!(picked.len() <= 4);
                prop_assert!(picked.iter().all(|picked| picked.span.of(&text).is_some() && (0.0..=1.0).contains(&picked.score)));
                prop_assert!(picked.is_sorted_by(|one, next| one.span.end <= next.span.start));
            }
        }
    }
}
