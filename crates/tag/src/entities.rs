//! People, organisations and places, by name lists and by what stands around a name.
//!
//! Runs of capitalized words are cut into candidates ([`candidate`]); the words of each and their surroundings vote for a
//! kind; the votes of all mentions of one name are added up, so that `Lindqvist Marine, a family-owned company` decides for
//! every `Lindqvist Marine` of the text. Later mentions by surname or acronym take the full name as their value.

mod candidate;
mod context;
mod cues;
mod lexicon;
mod run;

use std::borrow::Cow;

use docmill_analysis::{Analysis, Sentence, TokenKind, analysis};
use docmill_core::{
    Annotation, BlockKind, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind,
    Stage, StageError,
};
use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use candidate::{Candidate, Custom, Votes, candidates};
use lexicon::{Lists, known, lists};
use run::{Piece, Runs, is_acronym, is_capitalized};

/// Annotates people, organisations and places.
///
/// Names are found by lists of given names, surnames, countries, regions, cities and organisations, and by what stands in
/// and around them: titles (`Dr. Amina Farouk`), roles (`the mayor, Petra Lund`), legal forms (`Crane & Daughters Ltd.`), what
/// heads an organisation (`Ministry of Ports`, `Baltic Development Bank`), place words (`Port Calder`, `Merrin Coast`) and
/// prepositions (`in Saltmere`). A name that is introduced in full is known by its surname or acronym afterwards.
///
/// The value is `{"name": …}`: the full name. The score tells sure names from guesses.
///
/// ```yaml
/// - tag.entities: { kinds: [person, organization], min_score: 0.6 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Entities {
    /// The kinds to annotate.
    pub kinds: Vec<EntityKind>,
    /// Names with a lower score are left out, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_score: f64,
}

/// A kind of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// Somebody.
    Person,
    /// A company, office, party, newspaper and the like.
    Organization,
    /// A country, town, river, street and the like.
    Place,
}

impl EntityKind {
    const ALL: [Self; 3] = [Self::Person, Self::Organization, Self::Place];

    const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organization => "organization",
            Self::Place => "place",
        }
    }
}

impl Default for Entities {
    fn default() -> Self {
        Self { kinds: EntityKind::ALL.to_vec(), min_score: 0.0 }
    }
}

impl Component for Entities {
    const NAME: &'static str = "tag.entities";
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        EntityKind::ALL
            .into_iter()
            .filter(|kind| self.kinds.contains(kind))
            .map(|kind| Field::annotations(kind.name()))
            .collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.kinds.is_empty() {
            return Err(vec![OptionError::new("/kinds", "expected at least one of person, organization, place")]);
        }
        Ok(Role::stage(self))
    }
}

impl Stage for Entities {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        for entity in entities(doc) {
            if self.kinds.contains(&entity.kind) && entity.score >= self.min_score {
                doc.annotate(
                    Annotation::new(entity.kind.name(), entity.span)
                        .with_value(serde_json::json!({ "name": entity.name }))
                        .with_score(entity.score),
                );
            }
        }
        Ok(())
    }
}

/// A mention of a name whose kind is known.
struct Entity {
    span: ByteSpan,
    kind: EntityKind,
    name: String,
    score: f64,
}

/// What must speak for a kind before a name is taken for it.
const ENOUGH: f64 = 0.95;

fn entities(doc: &Document) -> Vec<Entity> {
    let analysis = analysis(doc);
    let mut names = Names::new(doc, &analysis);
    for sentence in analysis.sentences() {
        if has_names(sentence.kind) && !names.is_headline(sentence) {
            names.gather(sentence);
        }
    }
    names.enter_put_off();
    names.settle();
    for sentence in analysis.sentences() {
        if has_names(sentence.kind) && names.is_headline(sentence) {
            names.recognize(sentence);
        }
    }
    names.entities()
}

const fn has_names(kind: BlockKind) -> bool {
    match kind {
        BlockKind::Code | BlockKind::Masthead | BlockKind::PageBreak => false,
        BlockKind::Title
        | BlockKind::Heading
        | BlockKind::Paragraph
        | BlockKind::ListItem
        | BlockKind::Table
        | BlockKind::Caption
        | BlockKind::Quote
        | BlockKind::Byline
        | BlockKind::Dateline
        | BlockKind::Header
        | BlockKind::Footer => true,
    }
}

/// All names of a text.
struct Names<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    nouns_are_capitalized: bool,
    /// How often each term has a small first letter, and how often a capital inside a sentence.
    small: Vec<u32>,
    capital: Vec<u32>,
    groups: Vec<Group<'a>>,
    by_name: FxHashMap<Cow<'a, str>, usize>,
    mentions: Vec<Mention>,
    /// Candidates at the start of a sentence, with their span less the first word.
    put_off: Vec<(ByteSpan, Gathered<'a>)>,
}

/// A candidate, what stands around it, and the acronym that it introduces.
struct Gathered<'a> {
    candidate: Candidate,
    context: Votes,
    acronym: Option<&'a str>,
}

/// All mentions of one name.
struct Group<'a> {
    name: Cow<'a, str>,
    votes: Votes,
    context: Votes,
    words: usize,
    last_word: &'a str,
    canonical: Option<Cow<'a, str>>,
    /// The group of the full name, where this is an acronym of it.
    full: Option<usize>,
    kind: Option<(EntityKind, f64)>,
}

struct Mention {
    span: ByteSpan,
    group: usize,
}

impl<'a> Names<'a> {
    fn new(doc: &'a Document, analysis: &'a Analysis) -> Self {
        let text = doc.text();
        let mut small = vec![0; analysis.terms().len()];
        let mut capital = vec![0; analysis.terms().len()];
        let mut sentence = u32::MAX;
        for token in analysis.tokens().iter().filter(|token| token.kind == TokenKind::Word) {
            let first = token.sentence != sentence;
            sentence = token.sentence;
            if !is_capitalized(token.span.of(text).unwrap_or_default()) {
                small[token.term.index()] += 1;
            } else if !first {
                capital[token.term.index()] += 1;
            }
        }
        let nouns_are_capitalized = matches!(doc.language(), Some("de" | "lb"));
        Self {
            text,
            analysis,
            nouns_are_capitalized,
            small,
            capital,
            groups: Vec::new(),
            by_name: FxHashMap::default(),
            mentions: Vec::new(),
            put_off: Vec::new(),
        }
    }

    fn runs(&self, sentence: &Sentence) -> Runs<'a> {
        Runs { text: self.text, tokens: self.analysis.sentence_tokens(sentence) }
    }

    /// Whether most words of a sentence have capitals, so that a capital says nothing there.
    fn is_headline(&self, sentence: &Sentence) -> bool {
        let runs = self.runs(sentence);
        if matches!(sentence.kind, BlockKind::Byline | BlockKind::Dateline | BlockKind::Table | BlockKind::Caption) {
            return runs.tokens.len() > 3
                && runs.tokens.iter().all(|token| !runs.word(token).contains(char::is_lowercase));
        }
        let (mut words, mut capitals) = (0, 0);
        // The first words tell: a sentence of prose turns to small letters soon.
        for (at, token) in runs.tokens.iter().enumerate().take(60) {
            if token.kind == TokenKind::Word && !self.analysis.term(token.term).stop_word {
                words += 1;
                capitals += usize::from(runs.is_capitalized(at));
            }
        }
        let titled = matches!(sentence.kind, BlockKind::Title | BlockKind::Heading);
        let (fewest, share) = if titled { (2, 7) } else { (6, 9) };
        !self.nouns_are_capitalized && words >= fewest && capitals * 10 >= words * share
    }

    /// Takes in the names of a sentence.
    fn gather(&mut self, sentence: &Sentence) {
        let runs = self.runs(sentence);
        let (text, analysis) = (self.text, self.analysis);
        let mut run: Vec<Piece<'a>> = Vec::new();
        let mut found: Vec<Candidate> = Vec::new();
        let mut at = 0;
        while at < runs.tokens.len() {
            if !runs.is_capitalized(at) {
                at += 1;
                continue;
            }
            at = runs.read(at, &mut run);
            let (small, capital) = (&self.small, &self.capital);
            let idle = |token: usize| {
                let term = runs.tokens[token].term;
                let is_first = runs.tokens[..token].iter().rev().take(3).all(|before| before.kind != TokenKind::Word);
                let word = runs.at(token);
                if analysis.term(term).stop_word {
                    return !is_acronym(word) || word.len() > 4;
                }
                let listed = lists(word).any(Lists::FIRST_NAME | Lists::PLACE | Lists::ORGANIZATION);
                is_first && small[term.index()] > 0 && capital[term.index()] <= small[term.index()] && !listed
            };
            let custom = Custom { nouns: self.nouns_are_capitalized, idle: &idle };
            candidates(text, &run, custom, |candidate| found.push(candidate));
        }
        for candidate in found {
            self.add(&runs, candidate);
        }
    }

    /// Takes in a candidate, or puts it off where its first word may be part of the sentence only.
    fn add(&mut self, runs: &Runs<'a>, candidate: Candidate) {
        let (first, last) = candidate.tokens;
        let at_start = runs.tokens[..first].iter().all(|before| before.kind != TokenKind::Word);
        let known_inside = || self.capital.get(runs.tokens[first].term.index()).is_some_and(|count| *count > 0);
        if candidate.words == 1 && at_start && candidate.votes.strongest() < 0.5 && !known_inside() {
            return;
        }
        // A sentence of one word is a label.
        let alone = || runs.tokens.iter().filter(|token| token.kind == TokenKind::Word).nth(1).is_none();
        let listed = Lists::PLACE | Lists::ORGANIZATION | Lists::FIRST_NAME;
        if candidate.words == 1 && !lists(runs.at(first)).any(listed) && alone() {
            return;
        }
        let context = context::votes(runs, &candidate, self.nouns_are_capitalized);
        let acronym = context::acronym(runs, last + 1, candidate.span.of(self.text).unwrap_or_default());
        let rest = runs.tokens.get(first + 1).map(|next| next.span.start).filter(|start| *start < candidate.span.end);
        let mention = Gathered { candidate, context, acronym };
        let telling = Lists::FIRST_NAME | Lists::PLACE | Lists::ORGANIZATION | Lists::PLACE_START | Lists::HEAD;
        match rest.filter(|_| at_start && candidate.words > 1 && !lists(runs.at(first)).any(telling)) {
            Some(rest) => self.put_off.push((ByteSpan::new(rest, candidate.span.end), mention)),
            None => self.enter(mention),
        }
    }

    /// Takes in what was put off: `Later Lindqvist` is `Lindqvist` where the text has that name elsewhere.
    fn enter_put_off(&mut self) {
        let put_off = std::mem::take(&mut self.put_off);
        let people: FxHashSet<&str> =
            self.groups.iter().filter(|group| group.votes.person >= 1.5).map(|group| group.last_word).collect();
        for (rest, mut mention) in put_off {
            let written = rest.of(self.text).unwrap_or_default();
            if self.by_name.contains_key(written) || people.contains(written) {
                mention.candidate.span = rest;
                mention.candidate.words -= 1;
                mention.candidate.votes = Votes::default();
            }
            self.enter(mention);
        }
    }

    fn enter(&mut self, Gathered { candidate, context, acronym }: Gathered<'a>) {
        let group = self.group(candidate.span, &candidate);
        self.groups[group].context.add(context);
        self.mentions.push(Mention { span: candidate.span, group });
        let Some(acronym) = acronym else { return };
        self.groups[group].context.organization += 1.2;
        let next = self.groups.len();
        let short = *self.by_name.entry(Cow::Borrowed(acronym)).or_insert(next);
        if short == next {
            self.groups.push(Group::of(Cow::Borrowed(acronym), acronym));
        }
        if short != group {
            self.groups[short].full.get_or_insert(group);
        }
    }

    /// The group of a name, made where there is none yet.
    fn group(&mut self, span: ByteSpan, candidate: &Candidate) -> usize {
        let name = one_line(span.of(self.text).unwrap_or_default());
        let next = self.groups.len();
        let group = *self.by_name.entry(name.clone()).or_insert(next);
        if group == next {
            self.groups.push(Group::of(name, candidate.last_word.of(self.text).unwrap_or_default()));
        }
        let kept = &mut self.groups[group];
        kept.words = kept.words.max(candidate.words);
        // A title speaks for one mention more than the name itself does; the strongest mention counts.
        kept.votes.person = kept.votes.person.max(candidate.votes.person);
        kept.votes.organization = kept.votes.organization.max(candidate.votes.organization);
        kept.votes.place = kept.votes.place.max(candidate.votes.place);
        if let Some(canonical) = candidate.canonical {
            kept.canonical.get_or_insert(Cow::Borrowed(canonical));
        }
        group
    }

    /// Decides on the kind of each name: full names first, then what refers to them.
    fn settle(&mut self) {
        let mut people: FxHashMap<&'a str, usize> = FxHashMap::default();
        let mut first_words: FxHashMap<String, usize> = FxHashMap::default();
        for index in 0..self.groups.len() {
            let group = &mut self.groups[index];
            if group.words < 2 {
                continue;
            }
            group.kind = decide(group.votes, group.context);
            match group.kind {
                Some((EntityKind::Person, _)) => {
                    people.entry(group.last_word).or_insert(index);
                }
                Some((EntityKind::Organization, _)) => {
                    // Longer names begin with a place or an adjective as a rule.
                    if let Some((first, _)) = group.name.split_once(' ').filter(|_| group.words == 2) {
                        first_words.entry(first.to_owned()).or_insert(index);
                    }
                }
                Some((EntityKind::Place, _)) | None => {}
            }
        }
        for index in 0..self.groups.len() {
            let group = &self.groups[index];
            if let Some(full) = group.full {
                let kind = self.groups[full].kind.unwrap_or((EntityKind::Organization, 0.7));
                let name = self.groups[full].full_name();
                let group = &mut self.groups[index];
                (group.kind, group.canonical) = (Some(kind), Some(name));
                continue;
            }
            if group.words >= 2 {
                continue;
            }
            let place = group.votes.place;
            let referred = people.get(&*group.name).copied().filter(|_| place < 2.0 || group.context.person > 0.0);
            let (refers, kind, score) = match (referred, first_words.get(&*group.name)) {
                (Some(person), _) => (Some(person), Some(EntityKind::Person), 0.9),
                (None, Some(&organization))
                    if group.context.place <= 0.0 && decide(group.votes, group.context).is_none() =>
                {
                    (Some(organization), Some(EntityKind::Organization), 0.6)
                }
                (None, _) => (None, None, 0.0),
            };
            let name = refers.map(|full| self.groups[full].full_name());
            let group = &mut self.groups[index];
            group.kind = kind.map(|kind| (kind, score)).or_else(|| decide(group.votes, group.context));
            if name.is_some() {
                group.canonical = name;
            }
        }
    }

    /// Finds names in a headline: what the lists or the rest of the text know.
    fn recognize(&mut self, sentence: &Sentence) {
        let runs = self.runs(sentence);
        let mut at = 0;
        while at < runs.tokens.len() {
            at = if runs.is_capitalized(at) { self.recognize_at(&runs, at) } else { at + 1 };
        }
    }

    /// Takes the longest known name that begins at the token, and returns the token after it.
    fn recognize_at(&mut self, runs: &Runs<'a>, at: usize) -> usize {
        for last in (at..(at + 5).min(runs.tokens.len())).rev() {
            let mut span = runs.tokens[at].span.hull(runs.tokens[last].span);
            let Some(written) = span.of(self.text) else { continue };
            let written = written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written);
            span.end = span.start + written.len();
            let group = self.by_name.get(written).copied().filter(|&group| {
                let group = &self.groups[group];
                group.kind.is_some() && (group.words > 1 || !lists(written).any(Lists::TITLE | Lists::HEAD))
            });
            let listed = known(written);
            let is_listed = listed.lists.any(Lists::PLACE | Lists::ORGANIZATION) && (last > at || written.len() > 3);
            let group = match group {
                Some(group) => group,
                None if is_listed => {
                    let group = self.groups.len();
                    self.by_name.insert(Cow::Borrowed(written), group);
                    let kind = decide(listed_kind(listed.lists), Votes::default());
                    let canonical = listed.canonical.map(Cow::Borrowed);
                    self.groups.push(Group { canonical, kind, ..Group::of(Cow::Borrowed(written), written) });
                    group
                }
                None => continue,
            };
            self.mentions.push(Mention { span, group });
            return last + 1;
        }
        at + 1
    }

    fn entities(mut self) -> Vec<Entity> {
        self.mentions.sort_by_key(|mention| mention.span);
        let mut entities = Vec::with_capacity(self.mentions.len());
        for mention in &self.mentions {
            let group = &self.groups[mention.group];
            if let Some((kind, score)) = group.kind {
                entities.push(Entity { span: mention.span, kind, name: group.full_name().into_owned(), score });
            }
        }
        entities
    }
}

impl<'a> Group<'a> {
    fn of(name: Cow<'a, str>, last_word: &'a str) -> Self {
        Self {
            name,
            votes: Votes::default(),
            context: Votes::default(),
            words: 1,
            last_word,
            canonical: None,
            full: None,
            kind: None,
        }
    }

    fn full_name(&self) -> Cow<'a, str> {
        self.canonical.clone().unwrap_or_else(|| self.name.clone())
    }
}

fn listed_kind(lists: Lists) -> Votes {
    let place = if lists.any(Lists::PLACE) { 2.0 } else { 0.0 };
    let organization = if lists.any(Lists::ORGANIZATION) { 2.5 } else { 0.0 };
    Votes { person: 0.0, organization, place }
}

/// The kind with most votes, and how sure it is. What stands around a name counts for as much as the name at most.
fn decide(own: Votes, context: Votes) -> Option<(EntityKind, f64)> {
    let total = |own: f64, context: f64| own + context.clamp(-1.5, 2.0);
    let person = total(own.person, context.person);
    let organization = total(own.organization, context.organization);
    let place = total(own.place, context.place);
    let (kind, votes) = if person >= organization && person >= place {
        (EntityKind::Person, person)
    } else if organization >= place {
        (EntityKind::Organization, organization)
    } else {
        (EntityKind::Place, place)
    };
    let others = person.max(0.0) + organization.max(0.0) + place.max(0.0) - votes;
    let sure = 1.0 - 0.45f64.powf(votes.max(0.0));
    (votes >= ENOUGH).then(|| (kind, (sure * votes / (votes + others * 0.3)).clamp(0.0, 1.0)))
}

/// The name with single spaces.
fn one_line(name: &str) -> Cow<'_, str> {
    if name.contains(['\n', '\t', '\r']) || name.contains("  ") {
        Cow::Owned(name.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tagged(language: &str, text: &str) -> Vec<(String, String, String)> {
        let mut doc = Document::from_text("test.txt", text);
        doc.set_language(language);
        Entities::default().apply(&mut doc, &Context::default()).unwrap();
        doc.annotations()
            .iter()
            .map(|found| {
                let name = found.value["name"].as_str().unwrap().to_owned();
                (found.kind.to_string(), found.span.of(doc.text()).unwrap().to_owned(), name)
            })
            .collect()
    }

    /// Checks the entities of a text as `kind: text`, or `kind: text = name` where they differ.
    fn check_in(language: &str, text: &str, expected: &[&str]) {
        let found: Vec<String> = tagged(language, text)
            .into_iter()
            .map(
                |(kind, text, name)| {
                    if text == name { format!("{kind}: {text}") } else { format!("{kind}: {text} = {name}") }
                },
            )
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    fn check(text: &str, expected: &[&str]) {
        check_in("en", text, expected);
    }

    #[test]
    fn a_title_or_a_given_name_makes_a_person() {
        check("A question for Mr. Quillbarrow was left.", &["person: Quillbarrow"]);
        check("It was found by Dr. Amina Farouk.", &["person: Amina Farouk"]);
        check("The view of Minister of Ports Helena Strand changed.", &["person: Helena Strand"]);
        check("He met J. P. Okafor there.", &["person: J. P. Okafor"]);
    }

    #[test]
    fn a_surname_refers_to_the_full_name() {
        check(
            "Oskar Lindqvist hired four ships. Later Lindqvist’s first dredger arrived.",
            &["person: Oskar Lindqvist", "person: Lindqvist = Oskar Lindqvist"],
        );
    }

    #[test]
    fn what_heads_or_ends_a_name_makes_an_organization() {
        check("A fine for Crane & Daughters Ltd. was small.", &["organization: Crane & Daughters Ltd."]);
        check("They wrote to the Ministry of Trade and Industry.", &["organization: Ministry of Trade and Industry"]);
        check("Now the Aldermark Fishers’ Union objects.", &["organization: Aldermark Fishers’ Union"]);
        check("It is sold by Bianchi S.p.A. of late.", &["organization: Bianchi S.p.A."]);
    }

    #[test]
    fn an_acronym_stands_for_the_name_that_introduced_it() {
        check(
            "The Bureau of Harbor Affairs (BHA) agreed. Engineers of the BHA measured.",
            &[
                "organization: Bureau of Harbor Affairs",
                "organization: BHA = Bureau of Harbor Affairs",
                "organization: BHA = Bureau of Harbor Affairs",
            ],
        );
    }

    #[test]
    fn an_apposition_decides_for_every_mention() {
        check(
            "The digging went to Lindqvist Marine, a family-owned company. Later Lindqvist Marine replied.",
            &["organization: Lindqvist Marine", "organization: Lindqvist Marine"],
        );
    }

    #[test]
    fn places_are_known_by_lists_place_words_and_prepositions() {
        check("It drifted to Gdansk and Hamburg.", &["place: Gdansk", "place: Hamburg"]);
        check("They live along the Merrin Coast near Port Calder.", &["place: Merrin Coast", "place: Port Calder"]);
        check("She was born in Saltmere.", &["place: Saltmere"]);
        check("The U.S. and the UK agreed.", &["place: U.S. = United States", "place: UK = United Kingdom"]);
    }

    #[test]
    fn a_capital_at_the_start_of_a_sentence_is_no_name() {
        check("Dredging was slow. Investors waited. Reading is nice. May is warm.", &[]);
    }

    #[test]
    fn a_headline_holds_only_names_that_are_known() {
        let text = "New Hope For Ada Verling As Winter Ends\n\nThe plan of Ada Verling was new.";
        check(text, &["person: Ada Verling", "person: Ada Verling"]);
    }

    #[test]
    fn german_nouns_are_no_names() {
        check_in(
            "de",
            "Die Bürgermeisterin Anke Dornfeld sprach in Hamburg über den Hafen.",
            &["person: Anke Dornfeld", "place: Hamburg"],
        );
    }

    #[test]
    fn names_are_found_in_french_and_spanish() {
        check_in("fr", "Le ministre a rencontré Camille Durand à Lyon.", &["person: Camille Durand", "place: Lyon"]);
        check_in(
            "es",
            "El Ministerio de Sanidad respondió en Madrid.",
            &["organization: Ministerio de Sanidad", "place: Madrid"],
        );
    }

    #[test]
    fn kinds_that_are_not_asked_for_are_left_out() {
        let mut doc = Document::from_text("test.txt", "Helena Strand went to Hamburg.");
        Entities { kinds: vec![EntityKind::Place], min_score: 0.0 }.apply(&mut doc, &Context::default()).unwrap();
        assert_eq!(doc.annotations().iter().map(|found| &*found.kind).collect::<Vec<_>>(), ["place"]);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_spans(text in "([A-Z][a-z’']{0,3}|[a-z]{1,3}|of|and|&|\\.|\\(|é|\u{2003}| |\n|Dr|Bank|Port|\\PC){0,60}") {
            let mut doc = Document::from_text("test.txt", &text);
            Entities::default().apply(&mut doc, &Context::default()).unwrap();
            let mut end = 0;
            for found in doc.annotations() {
                let words = found.span.of(doc.text()).unwrap();
                prop_assert_eq!(words, words.trim());
                prop_assert!(found.span.start >= end && !words.is_empty());
                end = found.span.end;
            }
        }
    }
}
