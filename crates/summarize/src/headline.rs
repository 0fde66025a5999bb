//! `summarize.headline`: one short line that says what a document is about.
//!
//! The document's own title is the best one where it says something (`title`). Else the sentences are asked, the one that says
//! most first (see `prose`), and the first that can be made short enough without another meaning (`compress`) is the headline.

mod compress;
mod title;
mod words;

use docmill_analysis::{Analysis, analysis};
use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError, Tag,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::compress::compressed;
use crate::centrality::{Vectors, centralities};
use crate::prose::Prose;
use crate::{citation, form};

/// Gives a document a headline: its own title, or else one made of the sentence that says most.
///
/// The document's title is taken where it says something: not `Untitled`, a file's name or a lone word, and not longer than
/// asked for. Else, or with `own: false`, the sentences that say most are made shorter until one fits: parentheses, datelines,
/// adverbials before the clause (`On Monday,`), who said it (`, officials said`), relative clauses and the like go; what a
/// negation, a condition or a quotation stands in never goes, so that what is left means the same. Where none fits, the best one is cut
/// with `…`. In texts that are not English nothing but parentheses goes.
///
/// The headline is a tag of the scheme `headline`, whose evidence are the spans that it was made of. Its score is what the
/// sentence counts, and 1 for the document's own title.
///
/// ```yaml
/// - summarize.headline: { words: 10 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Headline {
    /// Take the document's own title where it is a good one.
    pub own: bool,
    /// Most words of the headline.
    #[schemars(range(min = 4, max = 100))]
    pub words: usize,
    /// Most characters of the headline.
    #[schemars(range(min = 20, max = 1000))]
    pub characters: usize,
}

impl Default for Headline {
    fn default() -> Self {
        Self { own: true, words: 12, characters: 100 }
    }
}

/// The scheme of the tag.
pub(crate) const SCHEME: &str = "headline";

/// So many sentences are tried, the best first.
const TRIED: usize = 5;

/// The share of the best score that a sentence must have to be tried: rather the best one cut than one that says little.
const GOOD_ENOUGH: f64 = 0.6;

/// What is left of the score of a sentence that leans on the one before it, which a headline does not have.
const LEANING: f64 = 0.4;

impl Component for Headline {
    const NAME: &'static str = "summarize.headline";
    const KIND: RoleKind = RoleKind::Stage;

    fn needs(&self) -> Vec<Field> {
        vec![Field::Text]
    }

    fn gives(&self) -> Vec<Field> {
        vec![Field::tags(SCHEME)]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Headline {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        if let Some(Line { text, spans, score }) = self.of(doc) {
            doc.tag(Tag::new(SCHEME, text).with_score(score).with_evidence(spans));
        }
        Ok(())
    }
}

/// A headline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) text: String,
    /// The parts of the document's text that it was made of, in order.
    pub(crate) spans: Vec<ByteSpan>,
    /// How good it is, 0..=1.
    pub(crate) score: f64,
}

impl Headline {
    /// The headline of a document; none where it has neither a title nor prose.
    pub(crate) fn of(&self, doc: &Document) -> Option<Line> {
        let analysis = analysis(doc);
        let title = || title::own(doc, &analysis).and_then(|title| self.shortened_title(doc, &analysis, title));
        self.own.then(title).flatten().or_else(|| self.made(doc, &analysis))
    }

    fn shortened_title(&self, doc: &Document, analysis: &Analysis, title: Line) -> Option<Line> {
        if self.fits(&title.text) {
            return Some(title);
        }
        let sentence = analysis.sentences().iter().find(|sentence| title.spans.contains(&sentence.span))?;
        let short = compressed(doc, analysis, sentence, &[], &|text| self.fits(text))?;
        Some(Line { score: title.score, ..short })
    }

    fn made(&self, doc: &Document, analysis: &Analysis) -> Option<Line> {
        let citations = citation::parentheses(doc);
        let prose = Prose::of(analysis, &citations);
        if prose.sentences.is_empty() {
            return None;
        }
        let centralities = centralities(&Vectors::new(&prose.stems, prose.distinct));
        let scores = prose.scores(doc.text(), &centralities, prose.kind(doc.text()));
        let worth = |at: usize| {
            let leans = form::alone(analysis, prose.sentences[at]) < 1.0;
            scores[at].total() * if leans { LEANING } else { 1.0 }
        };
        let mut best: Vec<(f64, usize)> = (0..scores.len()).map(|at| (worth(at), at)).collect();
        best.sort_by(|(one, at), (other, behind)| other.total_cmp(one).then(at.cmp(behind)));
        best.truncate(TRIED);
        let least = best.first().map_or(0.0, |(score, _)| score * GOOD_ENOUGH);
        best.retain(|(score, _)| *score >= least);
        let short = |&(score, at): &(f64, usize)| {
            let line = compressed(doc, analysis, prose.sentences[at], &citations, &|text| self.fits(text))?;
            Some(Line { score, ..line })
        };
        let cut = |&(score, at): &(f64, usize)| {
            let line = compress::cut(doc, analysis, prose.sentences[at], &citations, &|text| self.fits(text))?;
            Some(Line { score, ..line })
        };
        best.iter().find_map(short).or_else(|| best.iter().find_map(cut))
    }

    fn fits(&self, text: &str) -> bool {
        text.split_whitespace().count() <= self.words && text.chars().count() <= self.characters
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{Block, BlockKind};
    use proptest::prelude::*;

    use super::*;

    /// A document whose first line is its title.
    fn titled(title: &str, text: &str) -> Document {
        let mut doc = Document::from_text("note.txt", &format!("{title}\n\n{text}"));
        let mut blocks = doc.blocks().to_vec();
        blocks[0].kind = BlockKind::Title;
        doc.set_blocks(blocks);
        doc
    }

    fn headline(options: &Headline, mut doc: Document) -> Option<String> {
        options.apply(&mut doc, &Context::default()).unwrap();
        let tag = doc.tags().first()?;
        assert!(tag.evidence.iter().all(|span| span.of(doc.text()).is_some_and(|text| !text.is_empty())), "{tag:?}");
        Some(tag.label.clone())
    }

    const TEXT: &str = "The council will rebuild the old pier this year. Rain is expected.";

    #[test]
    fn a_good_title_is_the_headline() {
        assert_eq!(headline(&Headline::default(), titled("Pier to  be rebuilt", TEXT)).unwrap(), "Pier to be rebuilt");
        let made = Headline { own: false, ..Headline::default() };
        let expected = "The council will rebuild the old pier this year";
        assert_eq!(headline(&made, titled("Pier to be rebuilt", TEXT)).unwrap(), expected);
    }

    #[test]
    fn a_title_that_says_nothing_is_none() {
        let expected = "The council will rebuild the old pier this year";
        for title in
            ["Untitled", "pier_report_final.docx", "Page 3", "12/03/2016", "News", "https://pier.example/a-b-c"]
        {
            assert_eq!(headline(&Headline::default(), titled(title, TEXT)).unwrap(), expected, "{title}");
        }
    }

    #[test]
    fn a_title_in_metadata_rests_on_a_sentence_that_has_its_words() {
        let mut doc = Document::from_text("note.txt", TEXT);
        doc.meta.set("title", "Re: Old pier: the council rebuilds");
        doc.meta.set("publication", "Courier");
        Headline::default().apply(&mut doc, &Context::default()).unwrap();
        let tag = &doc.tags()[0];
        assert_eq!(
            (tag.label.as_str(), tag.evidence.as_slice()),
            ("Old pier: the council rebuilds", &[ByteSpan::new(0, 48)][..])
        );
        let mut doc = Document::from_text("note.txt", TEXT);
        doc.meta.set("title", "Thoughts of a Tuesday");
        assert!(headline(&Headline::default(), doc).unwrap().starts_with("The council"));
    }

    #[test]
    fn a_sentence_that_leans_on_another_is_no_headline() {
        let text = "It will let larger ships into the harbor of the town soon. The council of the town will rebuild the harbor.";
        let expected = "The council of the town will rebuild the harbor";
        assert_eq!(headline(&Headline::default(), Document::from_text("note.txt", text)).unwrap(), expected);
    }

    #[test]
    fn what_cannot_be_made_short_is_cut_before_a_word_that_goes_on() {
        let text = "The council of the old harbor town voted to rebuild the long wooden pier of the fishermen at the northern end of the bay with money of the province.";
        let made = headline(&Headline::default(), Document::from_text("note.txt", text)).unwrap();
        assert_eq!(made, "The council of the old harbor town voted…");
    }

    #[test]
    fn documents_without_prose_have_none() {
        for text in ["", " \n", "***"] {
            assert_eq!(headline(&Headline::default(), Document::from_text("note.txt", text)), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_line_within_its_budget(
            text in any::<String>(),
            words in "([A-Za-z(\\[“”\",;—]{1,6}[ .?;,)\\]\n]{1,2}){0,60}",
            title in any::<bool>(),
        ) {
            for text in [text, words] {
                let mut doc = Document::from_text("note.txt", &text);
                if title && let Some(first) = doc.blocks().first().cloned() {
                    let rest = doc.blocks()[1..].to_vec();
                    doc.set_blocks([vec![Block::new(BlockKind::Title, first.span)], rest].concat());
                }
                let options = Headline { words: 6, ..Headline::default() };
                if let Some(line) = options.of(&doc) {
                    prop_assert!(line.text.split_whitespace().count() <= 6 && !line.text.is_empty(), "{line:?}");
                    prop_assert!(line.spans.is_sorted_by(|one, next| one.end <= next.start), "{line:?}");
                    prop_assert!(line.spans.iter().all(|span| span.of(&text).is_some()), "{line:?}");
                }
            }
        }
    }
}
