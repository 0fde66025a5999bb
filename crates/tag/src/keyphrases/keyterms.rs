//! Keyphrases that set a document apart from the others of the run.
//!
//! [`rarity`] says how much the words of a document weigh from the number of documents that each occurs in, which [`frequencies`]
//! counts; all else is [`Keyphrases`].

use docmill_analysis::analysis;
use docmill_core::{
    Aggregate, BuildContext, Component, Context, CorpusContext, CorpusStage, Document, Field, OptionError, Role,
    RoleKind, StageError, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frequencies::{self, Occurrences};
use super::{Keyphrases, rarity};

/// Tags the keyphrases that set a document apart from the others of the run.
///
/// It stands in the place of `tag.keyphrases` and finds phrases as that does, but a word weighs the more the fewer documents of
/// the run have it: its weight is multiplied by 1 + `rarity` · ln(N / n), where N is the number of documents in its language and
/// n that of those with a word of its stem (inverse document frequency: Spärck Jones 1972; on the words of candidate phrases as in
/// KEA: Frank et al. 1999). A name that was annotated counts as one word. What all documents speak of thus comes after what only
/// some do. In a run of one document the result is that of `tag.keyphrases`. In long documents with lists of references, rare
/// words are often names of authors: there `tag.keyphrases` does better.
///
/// The stage sees all documents before it tags the first. Its counts wait in temporary files where they do not fit in the memory
/// of the run. When documents are added the counts of others change, so that a second run tags those again.
///
/// Tags have the scheme `keyphrase`, the best first, with a score of 0 to 1 and all mentions as evidence.
///
/// ```yaml
/// - tag.keyterms: { top: 12, rarity: 1 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Keyterms {
    /// How many keyphrases at most.
    #[schemars(range(min = 1, max = 1000))]
    pub top: usize,
    /// The longest phrase, in words; names that are annotated count whole.
    #[schemars(range(min = 1, max = 6))]
    pub max_words: usize,
    /// Phrases with a lower score are left out, 0 to 1; the best phrase has about 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_score: f64,
    /// How many times as much a word counts in the title or a heading.
    #[schemars(range(min = 0.0, max = 20.0))]
    pub headings: f64,
    /// How much it counts that few documents have a word; with 0 not at all.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub rarity: f64,
    /// Whether each mention becomes an annotation of kind `keyphrase` too.
    pub annotate: bool,
}

impl Default for Keyterms {
    fn default() -> Self {
        let Keyphrases { top, max_words, min_score, headings, annotate } = Keyphrases::default();
        Self { top, max_words, min_score, headings, rarity: 0.5, annotate }
    }
}

impl Component for Keyterms {
    const NAME: &'static str = "tag.keyterms";
    const VERSION: u32 = 3;
    const KIND: RoleKind = RoleKind::Corpus;

    fn gives(&self) -> Vec<Field> {
        self.keyphrases().gives()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::corpus(self))
    }
}

impl Keyterms {
    fn keyphrases(&self) -> Keyphrases {
        let &Self { top, max_words, min_score, headings, annotate, .. } = self;
        Keyphrases { top, max_words, min_score, headings, annotate }
    }
}

impl CorpusStage for Keyterms {
    /// The terms of the document.
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        Ok(frequencies::observation(&rarity::terms(doc, &analysis(doc))))
    }

    fn aggregate(&self, cx: &CorpusContext) -> std::io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Occurrences::new(cx.memory)))
    }

    /// Takes in how many documents have each of the terms.
    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        super::warn_of_words(doc, Self::NAME);
        let analysis = analysis(doc);
        let keyphrases = self.keyphrases();
        let counted = keyphrases.counted(doc, &analysis);
        let rarity =
            rarity::rarity(&counted, &rarity::terms(doc, &analysis), &frequencies::counts(finding), self.rarity);
        let phrases = keyphrases.phrases(doc, &counted, &rarity);
        keyphrases.tag(doc, phrases);
        Ok(Verdict::Keep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docmill_core::{Annotation, Stage as _, Tag};

    /// The documents after the stage, which may hold so many bytes.
    fn tagged(options: &Keyterms, mut docs: Vec<Document>, memory: u64) -> Vec<Document> {
        let cx = Context::default();
        let mut aggregate = options.aggregate(&CorpusContext { memory }).unwrap();
        for (position, doc) in (0..).zip(&docs) {
            aggregate.add(position, &doc.source().uri, &options.observe(doc, &cx).unwrap()).unwrap();
        }
        let mut findings = aggregate.conclude().unwrap();
        for (position, doc) in (0..).zip(&mut docs) {
            let finding = findings.finding(position).unwrap();
            assert_eq!(options.apply(&finding, doc, &cx).unwrap(), Verdict::Keep);
        }
        docs
    }

    fn documents(texts: &[&str]) -> Vec<Document> {
        texts.iter().map(|text| Document::from_text("test.txt", text)).collect()
    }

    fn labels(doc: &Document) -> Vec<&str> {
        doc.tags().iter().map(|tag| tag.label.as_str()).collect()
    }

    const TIDES: [&str; 4] = [
        "The harbor has a crane. The harbor is old, and the crane is slow.",
        "The harbor has a lighthouse. The harbor is old, and the lighthouse is white.",
        "The harbor has a ferry. The harbor is old, and the ferry is late.",
        "The harbor has a market. The harbor is old, and the market is loud.",
    ];

    #[test]
    fn what_all_documents_speak_of_comes_after_what_one_does() {
        let first = |rarity| {
            let docs = tagged(&Keyterms { rarity, ..Keyterms::default() }, documents(&TIDES), 1 << 20);
            docs.iter().map(|doc| labels(doc)[0].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(first(1.0), ["crane", "lighthouse", "ferry", "market"]);
        assert_eq!(first(0.0), ["harbor"; 4]);
    }

    #[test]
    fn one_document_has_the_keyphrases_that_it_has_alone() {
        let text =
            "Harbor dredging is slow. The dredged mud of the harbor is dumped at sea, and the Ministry of Ports pays.";
        let docs = tagged(&Keyterms::default(), documents(&[text]), 1 << 20);
        let mut alone = Document::from_text("test.txt", text);
        Keyphrases::default().apply(&mut alone, &Context::default()).unwrap();
        let tags =
            |doc: &Document| doc.tags().iter().map(|tag: &Tag| (tag.label.clone(), tag.score)).collect::<Vec<_>>();
        assert_eq!(tags(&docs[0]), tags(&alone));
    }

    #[test]
    fn a_word_is_rare_in_its_own_language_only() {
        let texts =
            ["Der Gift-Skandal. Das Gift im Hafen.", "Ein Hafen und noch ein Hafen.", "A gift for a friend. The gift."];
        let mut docs = documents(&texts);
        docs[0].set_language("de");
        docs[1].set_language("de");
        let term = |doc: &Document| rarity::terms(doc, &analysis(doc));
        let common = |a: usize, b: usize| term(&docs[a]).iter().filter(|hash| term(&docs[b]).contains(hash)).count();
        // The language itself, and `Hafen`.
        assert_eq!((common(0, 1), common(0, 2)), (2, 0));
    }

    #[test]
    fn a_name_is_rare_even_where_its_words_are_not() {
        let words = "The port lost its trust in the crane. The port and the crane have trust.";
        let text = "The Port Trust lost its crane. The crane cost the Port Trust a crane.";
        let first = |annotated| {
            let mut docs = documents(&[words, words, words, text]);
            for (at, name) in text.match_indices("Port Trust").filter(|_| annotated) {
                docs[3].annotate(Annotation::new("organization", at..at + name.len()));
            }
            let docs = tagged(&Keyterms { rarity: 4.0, ..Keyterms::default() }, docs, 1 << 20);
            let tag = docs[3].tags().iter().find(|tag| tag.label == "crane").map(|tag| tag.score);
            (labels(&docs[3])[0].to_owned(), tag.unwrap_or_default())
        };
        let ((with, crane), (_, without)) = (first(true), first(false));
        assert_eq!(with, "Port Trust");
        assert!(crane < without / 2.0, "{crane} {without}");
    }

    #[test]
    fn little_memory_gives_the_same_tags() {
        let words = ["crane", "harbor", "mill", "ferry", "lamp", "stone", "river", "bridge", "tower", "garden"];
        let sentence =
            |number: usize| format!("The {} of the {}{number} rose. ", words[number % 10], words[number / 7 % 10]);
        let text = |at: usize| (0..60).map(|number| sentence(at * 13 % 90 + number)).collect::<String>();
        let texts: Vec<String> = (0..80).map(text).collect();
        let docs = || documents(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let (little, much) = (tagged(&Keyterms::default(), docs(), 0), tagged(&Keyterms::default(), docs(), 1 << 30));
        assert!(little.iter().all(|doc| !doc.tags().is_empty()));
        for (a, b) in little.iter().zip(&much) {
            assert_eq!(a.tags(), b.tags());
        }
    }

    #[test]
    fn empty_documents_have_no_keyphrases() {
        let docs = tagged(&Keyterms::default(), documents(&["", "The crane. A crane.", "?!"]), 1 << 20);
        assert_eq!(docs.iter().map(|doc| doc.tags().len()).collect::<Vec<_>>(), [0, 1, 0]);
    }
}
