//! `summarize.extractive`: the sentences of a document that say most about it.
//!
//! What each sentence counts is said by `prose`; what repeats a sentence already taken comes later (`selection`).

use docmill_analysis::{Support, analysis};
use docmill_core::{
    BuildContext, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError, Summary,
    SummarySentence,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::centrality::{Vectors, centralities};
use crate::citation;
use crate::prose::Prose;
use crate::selection::{Length, select};

/// Summarizes a document by its own sentences.
///
/// Takes the sentences that share most with the rest of the text and with the title, those near the start first and those that
/// say what the text is for (`This paper presents ...`), and skips what repeats a sentence already taken. A sentence that leans
/// on the one before it, such as `She agreed.`, comes with that one or later. In a list of opinions on one thing, such as reviews,
/// the start counts no more than the rest. The sentences stand in the document's order, and each leads back to its place. Only prose
/// counts: paragraphs, quotations and, with less weight, list items; never headings, captions, tables or mastheads.
/// Parenthetical citations that an earlier stage found are left out of the summary's text.
///
/// Each sentence says `why` it was taken: the shares of its score for how central it is (`centrality`), how early it stands
/// (`lead`), what it has in common with the title (`title`) and that it says what the text is for (`purpose`, where it does), and
/// the factor for how well its form stands alone (`form`). The score is the sum of the shares, 1 at most, times the factor. In a
/// list of opinions centrality is the only share.
///
/// The length is given by one of `sentences`, `words`, `characters` and `share`; without any it is three sentences. A summary of
/// `words` or `characters` is not filled up with sentences that say less than half of what the best one says.
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
        let scores = prose.scores(doc.text(), &centralities(&vectors), kind);
        let candidates = prose.candidates(doc.text(), &analysis, &scores);
        let picked = select(&vectors, &candidates, self.length, kind);
        let sentences = picked.into_iter().map(|picked| {
            let span = prose.sentences[picked].span;
            let text = citation::without(doc.text(), span, &citations);
            SummarySentence::new(span, text, scores[picked].total()).because(scores[picked].parts(kind))
        });
        let summary = Summary::of(sentences.collect());
        doc.summarize(summary);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{Annotation, Block, BlockKind, ByteSpan};
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
    fn the_reasons_add_up_to_the_score() {
        let text = format!("Harbor and ferry\n\n{TEXT} “It leaks, she said.");
        let mut doc = Document::from_text("note.txt", &text);
        let mut blocks = doc.blocks().to_vec();
        blocks[0].kind = BlockKind::Title;
        doc.set_blocks(blocks);
        let doc = summarized(sentences(9), doc);
        let taken = &doc.summary().unwrap().sentences;
        assert_eq!(taken.len(), 7);
        for sentence in taken {
            assert_eq!(sentence.why.keys().collect::<Vec<_>>(), ["centrality", "form", "lead", "title"]);
            let why = |name| sentence.why[name];
            let score = (why("centrality") + why("lead") + why("title")) * why("form");
            assert!((score - sentence.score).abs() < 2e-4, "{sentence:?}");
        }
        assert_eq!((taken[0].why["lead"], taken[0].why["title"]), (0.25, 0.125));
        assert!(taken[6].why["form"] < 0.7 && taken[0].why["form"] > 0.9, "{taken:?}");
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
        assert_eq!(doc.summary().unwrap().sentences[0].why.keys().collect::<Vec<_>>(), ["centrality", "form"]);
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
