//! Topics from a taxonomy: word lists that are matched by their stems.
//!
//! A taxonomy ([`taxonomy`]) is checked when the pipeline is, and its terms are stemmed when the first text of a language comes
//! ([`matcher`]). What they weigh together, for the length of the text, is the score of a topic.

mod matcher;
mod places;
mod taxonomy;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use docmill_analysis::analysis;
use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError, Tag,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use matcher::{Evidence, Matcher, Strength};
pub use taxonomy::{Parents, Terms, Topic};
use taxonomy::{Taxonomy, check};

/// The built-in topics, as they stand in `topics/news.yaml`: read when the first text comes.
static NEWS: LazyLock<Taxonomy> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("topics/news.yaml")).expect("a test reads it"));

/// Tags the topics of the text.
///
/// A topic is a list of terms, words or phrases, that are matched in all their inflections. Terms weigh what their list says:
/// one of the `strong` ones is enough, of `terms` several are needed, `weak` ones only support. What stands within a term of
/// `not` is not found, and such a term counts against its topic. A topic scores the more the denser its terms are, and more in titles and
/// headings. Without a taxonomy of one's own, a tree of some 220 topics of general news and reports is built in (`economy`, below it
/// `trade`, below that `tariffs`, …), for texts in English, German, French, Spanish and Portuguese.
///
/// A taxonomy is a mapping of labels, under `topics` or in a YAML file that `taxonomy` names; the built-in one,
/// `crates/tag/src/topics/news.yaml`, may be copied and changed. Terms are a list for all languages, or lists by language. A word with a star
/// stands for all that begin or end so (`solar*`, `*zoll`), and a term all in capital letters is found as written only. What counts for
/// a topic counts less for its `parent`, of which it may have several, and a topic that is found brings its parents along. Tags have the scheme `topic`, a score of 0 to 1, and the matched
/// terms as evidence.
///
/// ```yaml
/// - tag.topics:
///     topics:
///       shipping: { terms: [harbor, container ship, quay], not: [safe harbor] }
///       dredging: { strong: { en: [dredger, dredged mud], de: ["*bagger"] }, parent: shipping }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Topics {
    /// A YAML file with topics, relative to the pipeline file.
    pub taxonomy: Option<PathBuf>,
    /// Topics by label; they come on top of those of `taxonomy`.
    pub topics: BTreeMap<String, Topic>,
    /// Topics with a lower score are left out, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_score: f64,
    /// How many different terms of a topic must occur, where none is strong; all of them where it has fewer.
    #[schemars(range(min = 1))]
    pub min_terms: usize,
    /// How many topics at most, the most specific ones; their parents come on top.
    #[schemars(range(min = 1))]
    pub top: usize,
    /// Whether the topics above those that are found are given too.
    pub parents: bool,
}

impl Default for Topics {
    fn default() -> Self {
        Self { taxonomy: None, topics: BTreeMap::new(), min_score: 0.3, min_terms: 3, top: 3, parents: true }
    }
}

impl Component for Topics {
    const NAME: &'static str = "tag.topics";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 3;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::tags("topic")]
    }

    fn build(self, cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let mut topics = Taxonomy::new();
        let mut places = None;
        if let Some(path) = &self.taxonomy {
            let text = cx.read_text("/taxonomy", path).map_err(|error| vec![error])?;
            let refused = |messages: Vec<String>| -> Vec<OptionError> {
                messages.into_iter().map(|message| OptionError::new("/taxonomy", message)).collect()
            };
            let (read, found) = taxonomy::read(path, &text).map_err(refused)?;
            (topics, places) = (read, Some(found));
        }
        topics.extend(self.topics.iter().map(|(label, topic)| (label.clone(), topic.clone())));
        let at_its_option = |error: OptionError| {
            let label = error.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
            let label = label.replace("~1", "/").replace("~0", "~");
            match (&self.taxonomy, &places) {
                (Some(path), Some(places)) if !self.topics.contains_key(&label) => {
                    let (line, column) = places.place(&error.pointer);
                    let message = format!("{}:{line}:{column}: {}", path.display(), error.message);
                    OptionError { pointer: "/taxonomy".to_owned(), message, ..error }
                }
                _ => OptionError { pointer: format!("/topics{}", error.pointer), ..error },
            }
        };
        let errors: Vec<OptionError> = check(&topics).into_iter().map(at_its_option).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let own = Some(topics).filter(|topics| !topics.is_empty());
        Ok(Role::stage(Tagger { own, options: self, matchers: Mutex::default() }))
    }
}

struct Tagger {
    options: Topics,
    /// `None` for the built-in topics.
    own: Option<Taxonomy>,
    /// The stemmed terms by language, each made when the first text of its language comes.
    matchers: Mutex<Vec<(String, Arc<Matcher>)>>,
}

/// A topic with what speaks for it.
struct Candidate {
    topic: usize,
    score: f64,
    spans: Vec<ByteSpan>,
    /// Whether it counts by itself.
    told: bool,
}

impl Tagger {
    fn taxonomy(&self) -> &Taxonomy {
        self.own.as_ref().unwrap_or_else(|| &NEWS)
    }

    fn matcher(&self, language: &str) -> Arc<Matcher> {
        // A poisoned lock still holds a whole list: entries are only ever appended.
        let mut matchers = self.matchers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, matcher)) = matchers.iter().find(|(known, _)| known == language) {
            return Arc::clone(matcher);
        }
        let matcher = Arc::new(Matcher::new(self.taxonomy(), language));
        matchers.push((language.to_owned(), Arc::clone(&matcher)));
        matcher
    }

    fn tags(&self, doc: &Document) -> Vec<Tag> {
        let language = primary(doc.language().unwrap_or("en"));
        let matcher = self.matcher(&language);
        if matcher.is_empty() {
            return Vec::new();
        }
        let analysis = analysis(doc);
        let candidates = self.candidates(&matcher, matcher.evidence(doc.text(), &analysis), analysis.words());
        let scores = self.chosen(&matcher, &candidates);
        let labels: Vec<&String> = self.taxonomy().keys().collect();
        let mut tags: Vec<Tag> = candidates
            .into_iter()
            .filter_map(|candidate| {
                let score = *scores.get(&candidate.topic)?;
                Some(Tag::new("topic", labels[candidate.topic]).with_score(score).with_evidence(candidate.spans))
            })
            .collect();
        tags.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.label.cmp(&other.label)));
        tags
    }

    /// All topics that anything speaks for, in their order.
    fn candidates(&self, matcher: &Matcher, evidence: Evidence, words: usize) -> Vec<Candidate> {
        // Longer texts hold more terms of any topic.
        let expected = (words.max(40) as f64).sqrt();
        let mut sums: BTreeMap<usize, (f64, usize, Vec<ByteSpan>)> = BTreeMap::new();
        for ((topic, _), found) in evidence {
            let (weight, points, spans) = sums.entry(topic).or_default();
            *weight += found.strength.weight() * found.weight.ln_1p();
            *points += match found.strength {
                Strength::Strong => self.options.min_terms,
                Strength::Term => 1,
                Strength::Weak | Strength::Not => 0,
            };
            if found.strength != Strength::Not {
                spans.extend(found.spans);
            }
        }
        let mut candidates = Vec::with_capacity(sums.len());
        for (topic, (weight, points, mut spans)) in sums {
            if weight <= 0.0 || spans.is_empty() {
                continue;
            }
            spans.sort_unstable();
            let score = 1.0 - (-1.8 * weight / expected).exp();
            let needed = self.options.min_terms.min(matcher.telling(topic)).max(1);
            let told = points >= needed && score >= self.options.min_score;
            candidates.push(Candidate { topic, score, spans, told });
        }
        candidates
    }

    /// The topics that are given with their scores: the most specific ones with the highest scores, and those above them, which
    /// score no less.
    fn chosen(&self, matcher: &Matcher, candidates: &[Candidate]) -> BTreeMap<usize, f64> {
        let told = || candidates.iter().filter(|candidate| candidate.told);
        let general: BTreeSet<usize> = told().flat_map(|candidate| matcher.above(candidate.topic)).copied().collect();
        let mut specific: Vec<&Candidate> = told().filter(|candidate| !general.contains(&candidate.topic)).collect();
        specific.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.topic.cmp(&other.topic)));
        specific.truncate(self.options.top);
        let mut chosen: BTreeMap<usize, f64> =
            specific.iter().map(|candidate| (candidate.topic, candidate.score)).collect();
        if self.options.parents {
            let own: BTreeMap<usize, f64> =
                candidates.iter().map(|candidate| (candidate.topic, candidate.score)).collect();
            for candidate in specific {
                for topic in matcher.above(candidate.topic) {
                    let score = chosen.entry(*topic).or_insert_with(|| own.get(topic).copied().unwrap_or_default());
                    *score = score.max(candidate.score);
                }
            }
        }
        chosen
    }
}

/// The language itself of a BCP 47 tag: `en` of `en-GB`, and of `und`, which says that it is not known.
fn primary(language: &str) -> Cow<'_, str> {
    let code = language.split(['-', '_']).next().unwrap_or_default();
    match code {
        "" | "und" => "en".into(),
        code if code.bytes().any(|byte| byte.is_ascii_uppercase()) => code.to_ascii_lowercase().into(),
        code => code.into(),
    }
}

impl Stage for Tagger {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        for tag in self.tags(doc) {
            doc.tag(tag);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stage(options: Topics) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        match options.build(&BuildContext::default())? {
            Role::Stage(stage) => Ok(stage),
            _ => panic!("not a stage"),
        }
    }

    fn taxonomy(topics: &[(&str, &[&str], Option<&str>)]) -> Topics {
        let topics = topics.iter().map(|(label, terms, parent)| {
            let terms = Terms::Every(terms.iter().map(|term| (*term).to_owned()).collect());
            let parent = parent.map_or(Parents::None, |parent| Parents::One(parent.to_owned()));
            ((*label).to_owned(), Topic { parent, terms, ..Topic::default() })
        });
        Topics { topics: topics.collect(), min_terms: 1, min_score: 0.0, ..Topics::default() }
    }

    fn tagged(options: Topics, language: &str, text: &str) -> Vec<(String, Vec<String>)> {
        let mut doc = Document::from_text("test.txt", text);
        doc.set_language(language);
        stage(options).unwrap().apply(&mut doc, &Context::default()).unwrap();
        let words = |tag: &Tag| tag.evidence.iter().map(|span| span.of(doc.text()).unwrap().to_owned()).collect();
        doc.tags().iter().map(|tag| (tag.label.clone(), words(tag))).collect()
    }

    fn from_yaml(topics: &str) -> Topics {
        Topics { topics: serde_yaml::from_str(topics).unwrap(), min_terms: 1, min_score: 0.0, ..Topics::default() }
    }

    /// The first tag of an English text.
    fn tag(options: Topics, text: &str) -> Tag {
        let mut doc = Document::from_text("test.txt", text);
        stage(options).unwrap().apply(&mut doc, &Context::default()).unwrap();
        doc.tags()[0].clone()
    }

    fn labels(options: Topics, text: &str) -> Vec<String> {
        tagged(options, "en", text).into_iter().map(|(label, _)| label).collect()
    }

    const TRAINS: &str = "The railway will run more trains. Passengers wait at the station for the last freight train, and the \
                          locomotive needs repair.";

    #[test]
    fn the_built_in_topics_tell_what_a_text_is_about() {
        assert_eq!(labels(Topics::default(), TRAINS), ["railways", "transport"]);
        let text = "The court heard the last witness. The jury found the defendant guilty, and the judge set sentencing for May.";
        assert_eq!(labels(Topics::default(), text), ["courts", "crime and justice"]);
    }

    #[test]
    fn the_built_in_topics_are_a_sound_tree_in_five_languages() {
        assert_eq!(check(&NEWS), Vec::<OptionError>::new());
        let text = include_str!("topics/news.yaml");
        assert!(taxonomy::read("news.yaml".as_ref(), text).is_ok(), "a label or a list is given twice");
        assert!(NEWS.len() > 150, "{} topics", NEWS.len());
        for language in ["en", "de", "fr", "es", "pt"] {
            let without: Vec<&String> =
                NEWS.iter().filter(|(_, topic)| topic.strong.of(language).is_empty()).map(|(label, _)| label).collect();
            assert_eq!(without, Vec::<&String>::new(), "{language}");
        }
    }

    #[test]
    fn a_text_that_mentions_a_topic_in_passing_is_not_about_it() {
        let text = "She took the train and read a letter from her sister about the garden.";
        assert_eq!(labels(Topics::default(), text), Vec::<String>::new());
    }

    #[test]
    fn words_that_share_a_stem_alone_are_no_forms_of_a_term() {
        let evidence = |language: &str, term: &str, text: &str| {
            let options = taxonomy(&[("a", &[term], None)]);
            tagged(options, language, text).into_iter().flat_map(|(_, words)| words).collect::<Vec<_>>()
        };
        assert_eq!(evidence("fr", "parlement", "Le parlement parlait aux parlements."), ["parlement", "parlements"]);
        assert_eq!(evidence("en", "immunization", "They are immune without immunizations."), ["immunizations"]);
        assert_eq!(evidence("de", "Hafen", "Die Häfen."), ["Häfen"]);
    }

    #[test]
    fn a_language_that_has_no_terms_has_no_topics() {
        assert!(tagged(Topics::default(), "fi", TRAINS).is_empty());
        assert_eq!(tagged(Topics::default(), "de-AT", "Die Lokführer rufen zum Streik auf.").len(), 4);
    }

    #[test]
    fn terms_are_matched_in_all_inflections_and_are_the_evidence() {
        let options = taxonomy(&[("shipping", &["container ship", "quay"], None)]);
        let expected = [("shipping".to_owned(), vec!["Container ships".to_owned(), "quays".to_owned()])];
        assert_eq!(tagged(options, "en", "Container ships wait at the quays. A ship is no container."), expected);
    }

    #[test]
    fn a_taxonomy_works_in_the_language_of_the_text() {
        let options = taxonomy(&[("hafen", &["Schiff", "Hafen"], None)]);
        assert_eq!(tagged(options, "de", "Die Schiffe verlassen die Häfen und den Hafen.")[0].0, "hafen");
    }

    #[test]
    fn what_counts_for_a_topic_counts_for_its_parent() {
        let topics: &[(&str, &[&str], Option<&str>)] =
            &[("shipping", &["quay"], None), ("mud", &["dredger"], Some("shipping"))];
        assert_eq!(labels(taxonomy(topics), "A dredger came."), ["mud", "shipping"]);
        assert_eq!(labels(Topics { parents: false, ..taxonomy(topics) }, "A dredger came."), ["mud"]);
        let two = from_yaml("{a: {terms: [quay]}, b: {terms: [mole]}, c: {terms: [dredger], parent: [a, b]}}");
        assert_eq!(labels(two, "A dredger came."), ["a", "b", "c"]);
    }

    #[test]
    fn one_strong_term_is_enough_and_weak_ones_never() {
        let options = || from_yaml("{a: {strong: [dredger], terms: [quay, mole], weak: [water, sea]}}");
        let check = |text: &str, found: bool| {
            assert_eq!(!labels(Topics { min_terms: 2, ..options() }, text).is_empty(), found, "{text}");
        };
        check("A dredger came.", true);
        check("The quay was empty.", false);
        check("The quay and the mole were empty.", true);
        check("The quay, the water, the sea.", false);
        let score = |text: &str| tag(Topics { min_terms: 2, ..options() }, text).score;
        assert!(score("A dredger on the water.") > score("A dredger on the river."));
    }

    #[test]
    fn a_term_of_not_hides_what_stands_in_it_and_counts_against_the_topic() {
        let options = || {
            from_yaml(
                "{money: {terms: [bank, loan], not: [river bank, bank of the river, grass]}, rivers: {terms: [bank]}}",
            )
        };
        let expected = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>();
        assert_eq!(labels(options(), "The bank of the river."), expected(&["rivers"]));
        assert_eq!(labels(options(), "River banks."), expected(&["rivers"]));
        assert_eq!(labels(options(), "The bank."), expected(&["money", "rivers"]));
        assert_eq!(labels(options(), "The bank in the grass."), expected(&["rivers"]));
    }

    #[test]
    fn a_star_stands_for_the_rest_of_a_word() {
        let options = || from_yaml("{a: {terms: {de: [\"*zoll\", Solar*], fr: [port]}}}");
        let evidence = |language: &str, text: &str| {
            tagged(options(), language, text).into_iter().flat_map(|(_, words)| words).collect::<Vec<_>>()
        };
        assert_eq!(evidence("de", "Der Strafzoll auf Solarzellen, der Zollbeamte."), ["Strafzoll", "Solarzellen"]);
        assert_eq!(evidence("fr", "Le Strafzoll du port."), ["port"]);
    }

    #[test]
    fn a_term_in_capitals_is_found_as_written() {
        let options = || from_yaml("{a: {terms: [WHO]}}");
        assert_eq!(labels(options(), "Ask those who know."), Vec::<String>::new());
        assert_eq!(labels(options(), "Ask the WHO."), ["a"]);
    }

    #[test]
    fn the_most_specific_topics_are_counted() {
        let options = || from_yaml("{a: {terms: [ship]}, b: {parent: a, terms: [quay]}, c: {terms: [tram]}}");
        let text = "A ship at the quay, another quay, and a tram.";
        assert_eq!(labels(Topics { top: 1, ..options() }, text), ["a", "b"]);
    }

    #[test]
    fn mistakes_of_a_taxonomy_are_all_found_with_their_place() {
        let options = taxonomy(&[
            ("a", &["x"], Some("b")),
            ("b", &["x"], Some("a")),
            ("c", &[], None),
            ("shipping", &["x", "of * x"], Some("shiping")),
        ]);
        let Err(errors) = stage(options) else { panic!("it was built") };
        let places: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        let expected = [
            "/topics/a/parent",
            "/topics/b/parent",
            "/topics/c",
            "/topics/shipping/terms/1",
            "/topics/shipping/parent",
        ];
        assert_eq!(places, expected);
        assert_eq!(errors[4].help.as_deref(), Some("did you mean `shipping`?"));
    }

    #[test]
    fn mistakes_of_a_file_have_line_and_column() {
        let folder = tempfile::tempdir().unwrap();
        let check = |yaml: &str, expected: &[&str]| {
            std::fs::write(folder.path().join("t.yaml"), yaml).unwrap();
            let cx = BuildContext::new(folder.path(), docmill_core::Limits::default());
            let Err(errors) = (Topics { taxonomy: Some("t.yaml".into()), ..Topics::default() }).build(&cx) else {
                panic!("it was built: {yaml}")
            };
            assert!(errors.iter().all(|error| error.pointer == "/taxonomy"));
            let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
            assert_eq!(messages, expected, "{yaml}");
        };
        check("rail:\n  terms: [train]\n  parent: tran\n", &["t.yaml:3:3: there is no topic `tran`"]);
        check(
            "rail: { terms: [train], parent: [rail] }\n",
            &["t.yaml:1:34: the topic `rail` is an ancestor of itself"],
        );
        check(
            "rail:\n  terms:\n    English: [train]\n    de: [Bahn, 'die *']\n",
            &[
                "t.yaml:3:5: expected the code of a language, such as `de`, found `English`",
                "t.yaml:4:16: a star stands at the beginning or end of a single word, as in `solar*`, not as in `die *`",
            ],
        );
        check("rail: { terms: [a] }\nrail: { terms: [b] }\n", &["t.yaml:2:1: `rail` is given twice"]);
        check(
            "rail:\n  terms: 3\n",
            &[
                "t.yaml:2:10: rail.terms: invalid type: integer `3`, expected a list of terms, or lists of terms by language, such \
               as `{ en: [harbor] }`",
            ],
        );
    }

    #[test]
    fn a_taxonomy_is_read_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.yaml"), "rail: { terms: [train] }\n").unwrap();
        std::fs::write(folder.path().join("bad.yaml"), "rail:\n  terms: [train]\n  words: 3\n").unwrap();
        let cx = BuildContext::new(folder.path(), docmill_core::Limits::default());
        let options = |name: &str| Topics { taxonomy: Some(name.into()), ..Topics::default() };
        assert!(options("t.yaml").build(&cx).is_ok());
        let Err(errors) = options("bad.yaml").build(&cx) else { panic!("it was built") };
        assert!(errors[0].pointer == "/taxonomy" && errors[0].message.starts_with("bad.yaml:3"), "{}", errors[0]);
    }

    proptest! {
        #[test]
        fn evidence_lies_in_the_text(text in "(train|trains|port|ship|é|\\.| |\n|\\PC){0,50}") {
            let options = taxonomy(&[("a", &["train port", "train"], None), ("b", &["ship", "é"], None)]);
            for (_, words) in tagged(options, "en", &text) {
                prop_assert!(words.iter().all(|word| !word.is_empty() && word.trim() == word));
            }
        }
    }
}
