//! Topics from a taxonomy: word lists that are matched by their stems.
//!
//! The terms of a taxonomy are stemmed by the same analysis as the text, once for each language that occurs. A text is then
//! one walk over its tokens with one look-up for each distinct word.

mod news;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use docmill_analysis::{Analysis, analysis};
use docmill_core::{
    Block, BlockKind, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage,
    StageError, Tag, nearest,
};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Tags the topics of the text.
///
/// A topic is a list of terms, words or phrases, that are matched in all their inflections. A topic counts where several of its
/// terms occur, the more the denser they are, and more in titles and headings. Without a taxonomy of one's own, twenty
/// topics of general news are built in (`economy`, `energy`, `health`, `transport`, …), for English texts.
///
/// A taxonomy is a mapping of labels, under `topics` or in a YAML file that `taxonomy` names. What counts for a topic counts for
/// its `parent` too. Tags have the scheme `topic`, a score of 0 to 1, and the matched terms as evidence.
///
/// ```yaml
/// - tag.topics:
///     topics:
///       shipping: { terms: [harbor, container ship, quay] }
///       dredging: { terms: [dredger, dredged mud], parent: shipping }
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
    /// How many different terms of a topic must occur; all of them where it has fewer.
    #[schemars(range(min = 1))]
    pub min_terms: usize,
    /// How many topics at most.
    #[schemars(range(min = 1))]
    pub top: usize,
}

/// A topic of a taxonomy.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Topic {
    /// Words and phrases that belong to it.
    pub terms: Vec<String>,
    /// The label of the topic that it is a part of.
    pub parent: Option<String>,
}

impl Default for Topics {
    fn default() -> Self {
        Self { taxonomy: None, topics: BTreeMap::new(), min_score: 0.3, min_terms: 3, top: 3 }
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
        let mut topics = BTreeMap::new();
        if let Some(path) = &self.taxonomy {
            let text = cx.read_text("/taxonomy", path).map_err(|error| vec![error])?;
            topics = serde_yaml::from_str::<BTreeMap<String, Topic>>(&text).map_err(|error| {
                let line = error.location().map_or(1, |location| location.line());
                vec![OptionError::new("/taxonomy", format!("{}:{line}: {error}", path.display()))]
            })?;
        }
        topics.extend(self.topics.iter().map(|(label, topic)| (label.clone(), topic.clone())));
        let errors: Vec<OptionError> = check(&topics).into_iter().map(|error| placed(error, &self)).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let built_in = topics.is_empty();
        if built_in {
            topics = built_in_topics();
        }
        Ok(Role::stage(Tagger { topics: listed(topics), built_in, options: self, matchers: Mutex::default() }))
    }
}

/// What is wrong with the topics; the pointers lead from their mapping.
fn check(topics: &BTreeMap<String, Topic>) -> Vec<OptionError> {
    let mut errors = Vec::new();
    let labels: Vec<&str> = topics.keys().map(String::as_str).collect();
    for (label, topic) in topics {
        let pointer = format!("/{}", label.replace('~', "~0").replace('/', "~1"));
        let is_parent = || topics.values().any(|other| other.parent.as_ref() == Some(label));
        if topic.terms.iter().all(|term| term.trim().is_empty()) && !is_parent() {
            errors.push(OptionError::new(pointer.clone(), format!("the topic `{label}` has no terms")));
        }
        let Some(parent) = &topic.parent else { continue };
        let at = format!("{pointer}/parent");
        if !topics.contains_key(parent) {
            let error = OptionError::new(at, format!("there is no topic `{parent}`"));
            errors.push(match nearest(parent, &labels) {
                Some(near) => error.with_help(format!("did you mean `{near}`?")),
                None => error,
            });
        } else if ancestors(topics, label).contains(label.as_str()) {
            errors.push(OptionError::new(at, format!("the topic `{label}` is an ancestor of itself")));
        }
    }
    errors
}

/// An error of the topics, placed at the option that they came from.
fn placed(error: OptionError, options: &Topics) -> OptionError {
    let label = error.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    let label = label.replace("~1", "/").replace("~0", "~");
    if options.topics.contains_key(&label) {
        return OptionError { pointer: format!("/topics{}", error.pointer), ..error };
    }
    let path = options.taxonomy.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    OptionError { pointer: "/taxonomy".to_owned(), message: format!("{path}: {}", error.message), ..error }
}

/// The labels above `label`; its own only where its ancestors go round in a circle.
fn ancestors<'t>(topics: &'t BTreeMap<String, Topic>, label: &str) -> BTreeSet<&'t str> {
    let mut above = BTreeSet::new();
    let mut topic = topics.get(label);
    while let Some(parent) = topic.and_then(|topic| topic.parent.as_deref()) {
        if !above.insert(parent) {
            break;
        }
        topic = topics.get(parent);
    }
    above
}

fn built_in_topics() -> BTreeMap<String, Topic> {
    let terms = |terms: &str| terms.split(',').map(|term| term.trim().to_owned()).collect();
    news::TOPICS.iter().map(|(label, list)| ((*label).to_owned(), Topic { terms: terms(list), parent: None })).collect()
}

/// A topic whose ancestors are known by their places in the list.
struct Listed {
    label: String,
    terms: Vec<String>,
    ancestors: Vec<usize>,
}

fn listed(topics: BTreeMap<String, Topic>) -> Vec<Listed> {
    let place = |label: &str| topics.keys().position(|other| other == label);
    let above: Vec<Vec<usize>> =
        topics.keys().map(|label| ancestors(&topics, label).into_iter().filter_map(place).collect()).collect();
    topics
        .into_iter()
        .zip(above)
        .map(|((label, topic), ancestors)| Listed { label, terms: topic.terms, ancestors })
        .collect()
}

struct Tagger {
    options: Topics,
    topics: Vec<Listed>,
    /// Whether the topics are the built-in ones, which are English.
    built_in: bool,
    /// The stemmed terms by language, each made when the first text of its language comes.
    matchers: Mutex<Vec<(String, Arc<Matcher>)>>,
}

/// The stems of a term after its first, and the term's number.
type StemmedTerm = (Vec<Box<str>>, usize);

/// The stemmed terms of all topics.
struct Matcher {
    /// By first stem; the longest terms first.
    terms: FxHashMap<Box<str>, Vec<StemmedTerm>>,
    /// By term number: the topics that it counts for, as indices.
    topics: Vec<Vec<usize>>,
}

impl Matcher {
    fn new(topics: &[Listed], language: &str) -> Self {
        let mut by_term: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (index, topic) in topics.iter().enumerate() {
            for term in topic.terms.iter().map(|term| term.trim()).filter(|term| !term.is_empty()) {
                by_term.entry(term).or_default().extend(topic.ancestors.iter().copied().chain([index]));
            }
        }
        let mut matcher = Self { terms: FxHashMap::default(), topics: Vec::new() };
        // The terms as the paragraphs of a text of the language: the text's own analysis stems them.
        let text = by_term.keys().copied().collect::<Vec<_>>().join("\n");
        let mut doc = Document::from_text("taxonomy", &text);
        let mut start = 0;
        let mut blocks = Vec::with_capacity(by_term.len());
        for term in by_term.keys() {
            blocks.push(Block::new(BlockKind::Heading, start..start + term.len()));
            start += term.len() + 1;
        }
        doc.set_blocks(blocks);
        doc.set_language(language);
        let analysis = Analysis::of(&doc);
        let topics: Vec<Vec<usize>> = by_term.into_values().map(|topics| topics.into_iter().collect()).collect();
        for sentence in analysis.sentences() {
            let Some(belongs) = sentence.block.and_then(|block| topics.get(block as usize)) else { continue };
            let tokens = analysis.sentence_tokens(sentence).iter().filter(|token| token.kind.is_wordlike());
            let mut stems = tokens.map(|token| analysis.term(token.term).stem.clone());
            let Some(first) = stems.next() else { continue };
            let same = matcher.terms.entry(first).or_default();
            let rest: Vec<Box<str>> = stems.collect();
            // Inflections of one word are one term.
            if let Some((_, number)) = same.iter().find(|(other, _)| *other == rest) {
                let merged: BTreeSet<usize> = matcher.topics[*number].iter().chain(belongs).copied().collect();
                matcher.topics[*number] = merged.into_iter().collect();
            } else {
                same.push((rest, matcher.topics.len()));
                matcher.topics.push(belongs.clone());
            }
        }
        for same in matcher.terms.values_mut() {
            same.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        matcher
    }
}

/// What was found of one term.
#[derive(Default)]
struct Found {
    weight: f64,
    spans: Vec<ByteSpan>,
}

impl Tagger {
    fn matcher(&self, language: &str) -> Arc<Matcher> {
        // A poisoned lock still holds a whole list: entries are only ever appended.
        let mut matchers = self.matchers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, matcher)) = matchers.iter().find(|(known, _)| known == language) {
            return Arc::clone(matcher);
        }
        let matcher = Arc::new(Matcher::new(&self.topics, language));
        matchers.push((language.to_owned(), Arc::clone(&matcher)));
        matcher
    }

    fn tags(&self, doc: &Document, language: &str) -> Vec<Tag> {
        let analysis = analysis(doc);
        let matcher = self.matcher(language);
        let found = matches(&analysis, &matcher);
        let mut of_topic: Vec<(f64, usize, Vec<ByteSpan>)> = vec![(0.0, 0, Vec::new()); self.topics.len()];
        for (number, found) in found {
            for &topic in &matcher.topics[number] {
                let (weight, terms, spans) = &mut of_topic[topic];
                *weight += found.weight.ln_1p();
                *terms += 1;
                spans.extend(&found.spans);
            }
        }
        // Longer texts hold more terms of any topic.
        let expected = (analysis.words().max(40) as f64).sqrt();
        let mut tags: Vec<Tag> = of_topic
            .into_iter()
            .zip(&self.topics)
            .filter(|((_, terms, _), topic)| *terms > 0 && *terms >= self.options.min_terms.min(topic.terms.len()))
            .map(|((weight, _, mut spans), topic)| {
                spans.sort_unstable();
                Tag::new("topic", &*topic.label).with_score(1.0 - (-1.8 * weight / expected).exp()).with_evidence(spans)
            })
            .filter(|tag| tag.score >= self.options.min_score)
            .collect();
        tags.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.label.cmp(&other.label)));
        tags.truncate(self.options.top);
        tags
    }
}

/// The terms in the text, by number.
fn matches(analysis: &Analysis, matcher: &Matcher) -> BTreeMap<usize, Found> {
    let candidates: Vec<Option<&Vec<StemmedTerm>>> =
        analysis.terms().iter().map(|term| matcher.terms.get(&term.stem)).collect();
    let mut found: BTreeMap<usize, Found> = BTreeMap::new();
    for sentence in analysis.sentences() {
        let weight = match sentence.kind {
            BlockKind::Title => 4.0,
            BlockKind::Heading => 2.0,
            BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote | BlockKind::Caption | BlockKind::Table => {
                1.0
            }
            BlockKind::Code
            | BlockKind::Masthead
            | BlockKind::Byline
            | BlockKind::Dateline
            | BlockKind::Header
            | BlockKind::Footer
            | BlockKind::PageBreak => continue,
        };
        let tokens = analysis.sentence_tokens(sentence);
        let mut at = 0;
        while at < tokens.len() {
            let term = candidates[tokens[at].term.index()].and_then(|terms| {
                terms.iter().find(|(rest, _)| {
                    tokens.get(at + 1..at + 1 + rest.len()).is_some_and(|next| {
                        next.iter().zip(rest).all(|(token, stem)| analysis.term(token.term).stem == *stem)
                    })
                })
            });
            let Some((rest, number)) = term else {
                at += 1;
                continue;
            };
            let found = found.entry(*number).or_default();
            // A phrase says more than a word.
            found.weight += weight * if rest.is_empty() { 1.0 } else { 2.0 };
            found.spans.push(tokens[at].span.hull(tokens[at + rest.len()].span));
            at += 1 + rest.len();
        }
    }
    found
}

impl Stage for Tagger {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let language = doc.language().unwrap_or("en").to_owned();
        if self.built_in && language != "en" {
            return Ok(());
        }
        for tag in self.tags(doc, &language) {
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
            let terms = terms.iter().map(|term| (*term).to_owned()).collect();
            ((*label).to_owned(), Topic { terms, parent: parent.map(ToOwned::to_owned) })
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

    fn labels(options: Topics, text: &str) -> Vec<String> {
        tagged(options, "en", text).into_iter().map(|(label, _)| label).collect()
    }

    const TRAINS: &str = "The railway will run more trains. Passengers wait at the station for the last freight train, and the \
                          locomotive needs repair.";

    #[test]
    fn the_built_in_topics_tell_what_a_text_is_about() {
        assert_eq!(labels(Topics::default(), TRAINS), ["transport"]);
        let text = "The court heard the last witness. The jury found the defendant guilty, and the judge set sentencing for May.";
        assert_eq!(labels(Topics::default(), text), ["crime and justice"]);
    }

    #[test]
    fn a_text_that_mentions_a_topic_in_passing_is_not_about_it() {
        assert!(
            labels(Topics::default(), "She took the train and read a letter from her sister about the garden.")
                .is_empty()
        );
    }

    #[test]
    fn the_built_in_topics_are_for_english() {
        assert!(tagged(Topics::default(), "de", TRAINS).is_empty());
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
        let options = taxonomy(&[("shipping", &["quay"], None), ("mud", &["dredger"], Some("shipping"))]);
        assert_eq!(labels(options, "A dredger came."), ["mud", "shipping"]);
    }

    #[test]
    fn mistakes_of_a_taxonomy_are_all_found_with_their_place() {
        let options = taxonomy(&[
            ("a", &["x"], Some("b")),
            ("b", &["x"], Some("a")),
            ("c", &[], None),
            ("shipping", &["x"], Some("shiping")),
        ]);
        let Err(errors) = stage(options) else { panic!("it was built") };
        let places: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(places, ["/topics/a/parent", "/topics/b/parent", "/topics/c", "/topics/shipping/parent"]);
        assert_eq!(errors[3].help.as_deref(), Some("did you mean `shipping`?"));
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
