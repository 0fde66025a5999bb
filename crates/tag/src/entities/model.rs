//! What the model for English finds, joined with what the rules know.
//!
//! The model sees each sentence; the rules see titles, legal forms, lists and the whole text. All mentions of one name are of the
//! kind that is likeliest over all of them; where both have found the same words and differ on what they name, the surer one
//! decides. What the rules alone have found is kept where they are sure.

use std::borrow::Cow;
use std::ops::Range;

use docmill_analysis::Sentence;
use docmill_core::{BlockKind, ByteSpan};
use docmill_sequence::{Name, NameKind, english};
use rustc_hash::FxHashMap;

use super::calibration::calibrated;
use super::lexicon::{Lists, lists};
use super::names::Names;
use super::{Entity, EntityKind};
use crate::reading::one_line;
use crate::taken::Taken;

/// Less probable names are left out, where the rules have not found them too; those of the last kind, of which the rules know nothing, must
/// be surer.
const PROBABLE: f64 = 0.35;
const PROBABLE_MISC: f64 = 0.5;

/// How sure the rules must be of a name that the model has not found: of several words, of an organisation of several words, which may be
/// no more than words with capitals (`Great Service`), and of one word.
const SURE: f64 = 0.6;
const SURE_OF_ONE_WORD: f64 = 0.9;

/// How sure the rules must be of an organisation where the model sees a name of the last kind.
const SURER_THAN_MISC: f64 = 0.5;

/// How sure the rules must be of an organisation where the model sees another kind, at most: a legal form is as sure. Of one word they must be
/// as sure as the next at least, which capitals alone, as in `L.A.`, are not.
const SURE_OF_ORGANIZATION: f64 = 0.88;
const SURER_THAN_CAPITALS: f64 = 0.7;

/// How probable a person in full must be, so that the surname alone refers to it.
const KNOWN: f64 = 0.7;

/// A surname is somebody's unless the model is surer than this of something else.
const CERTAIN: f64 = 0.9;

/// What the score of a name of several words is worth that the rules alone have found.
const MISSED_BY_MODEL: f64 = 0.6;

/// A name that the model has found.
struct Found<'a> {
    span: ByteSpan,
    name: Cow<'a, str>,
    probabilities: [f64; 4],
}

/// The names that model and rules find together, in text order and without overlaps.
pub(super) fn joined(names: Names<'_>, sentences: &[&Sentence]) -> Vec<Entity> {
    let text = names.text;
    let mut found = found(&names, sentences);
    let kinds = Kinds::of(&found);
    let full = FullNames::of(&found, &kinds);
    let mut rules: FxHashMap<ByteSpan, Entity> = FxHashMap::default();
    let mut others = Vec::new();
    let canonical = names.canonical();
    for entity in names.entities() {
        if found.binary_search_by_key(&entity.span, |found| found.span).is_ok() {
            rules.insert(entity.span, entity);
        } else {
            others.push(entity);
        }
    }
    let mut entities = Vec::with_capacity(found.len());
    for Found { span, name, .. } in found.drain(..) {
        let (mut kind, mut score) = kinds.get(&name, &full);
        let rule = rules.remove(&span);
        if let Some(rule) = &rule
            && rule.kind != kind
            && rule.score >= surer_than(kind, rule, score)
        {
            (kind, score) = (rule.kind, rule.score);
        }
        let least = if kind == EntityKind::Misc { PROBABLE_MISC } else { PROBABLE };
        if kind == EntityKind::Misc && is_organization_with_article(span, &name, &others) {
            continue;
        }
        if score < least && rule.is_none() {
            continue;
        }
        let known = rule.map(|rule| rule.name).filter(|known| *known != name);
        let name = known
            .or_else(|| canonical.get(&*name).cloned())
            .or_else(|| full.person(&name).filter(|_| kind == EntityKind::Person).map(str::to_owned))
            .unwrap_or_else(|| name.into_owned());
        entities.push(Entity { span, kind, name, score });
    }
    let covered = Taken::of(entities.iter().map(|entity| entity.span));
    others.retain(|entity| {
        let one_word = !entity.span.of(text).unwrap_or_default().contains(char::is_whitespace);
        let least = match entity.kind {
            _ if one_word => SURE_OF_ONE_WORD,
            EntityKind::Organization => SURE_OF_ORGANIZATION,
            EntityKind::Person | EntityKind::Place | EntityKind::Misc => SURE,
        };
        entity.score >= least && !covered.touches(entity.span)
    });
    // The borders of a name of several words are the model's strength: where it has seen none, they are often wrong.
    for entity in others.iter_mut().filter(|entity| entity.name.contains(' ')) {
        entity.score *= MISSED_BY_MODEL;
    }
    entities.extend(others);
    for entity in &mut entities {
        entity.score = calibrated(entity.score);
    }
    entities.sort_by_key(|entity| entity.span);
    entities
}

/// Whether the rules have found an organisation that differs from a name by the article before it: `The Bureau of Harbor Affairs`.
fn is_organization_with_article(span: ByteSpan, name: &str, rules: &[Entity]) -> bool {
    let bare = ByteSpan { start: span.start + "The ".len(), end: span.end };
    let rule = rules.binary_search_by_key(&bare, |entity| entity.span).ok().and_then(|place| rules.get(place));
    let article = name.starts_with("The ") || name.starts_with("the ");
    article && rule.is_some_and(|rule| rule.kind == EntityKind::Organization && rule.score >= SURE)
}

/// How sure the rules must be of what they found, so that their kind is the one of the name and not the model's.
fn surer_than(kind: EntityKind, rule: &Entity, score: f64) -> f64 {
    match (kind, rule.kind) {
        // To the rules a person may be any two words with capitals.
        (_, EntityKind::Person) => f64::INFINITY,
        (EntityKind::Misc, EntityKind::Organization) => SURER_THAN_MISC,
        (_, EntityKind::Organization) => {
            let least = if rule.name.contains(' ') { 0.0 } else { SURER_THAN_CAPITALS };
            score.clamp(least, SURE_OF_ORGANIZATION)
        }
        _ => score,
    }
}

/// What the model finds in the sentences, less what is something else, without titles before people. A name may hold something else, as
/// `2014 World Cup` does a year.
fn found<'a>(names: &Names<'a>, sentences: &[&Sentence]) -> Vec<Found<'a>> {
    let mut spans: Vec<Range<usize>> = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let written = sentence.span.of(names.text).unwrap_or_default();
        let lines =
            matches!(sentence.kind, BlockKind::Byline | BlockKind::Dateline | BlockKind::Masthead | BlockKind::Code);
        let mut start = sentence.span.start;
        for line in written.split_inclusive(|character| lines && character == '\n') {
            spans.push(start..start + line.len());
            start += line.len();
        }
    }
    let found = english::names().find(names.text, &spans);
    let found = found.into_iter().filter_map(|Name { span, kind, probabilities }| {
        let mut span = ByteSpan::new(span.start, span.end);
        if kind == NameKind::Person {
            span.start += titles(span.of(names.text)?);
        }
        let name = one_line(span.of(names.text)?);
        let outlet = names.is_outlet_part(span);
        let lettered = name.contains(char::is_alphanumeric);
        (lettered && !names.taken.crosses(span) && !outlet).then(|| Found {
            span,
            name,
            probabilities: probabilities.map(f64::from),
        })
    });
    let mut found: Vec<Found<'a>> = found.collect();
    found.sort_by_key(|found| found.span);
    found
}

/// The length of the titles that a person's name begins with, in bytes: `Dr. Amina Farouk`.
fn titles(name: &str) -> usize {
    let mut rest = name;
    while let Some((first, after)) = rest.split_once(char::is_whitespace) {
        let title = first.strip_suffix('.').unwrap_or(first);
        if !lists(title).any(Lists::TITLE) || lists(first).any(Lists::FIRST_NAME) {
            break;
        }
        rest = after.trim_start();
    }
    name.len() - rest.len()
}

/// The likeliest kind of each name over all its mentions, and how likely that is.
struct Kinds<'a>(FxHashMap<Cow<'a, str>, ([f64; 4], f64)>);

impl<'a> Kinds<'a> {
    fn of(found: &[Found<'a>]) -> Self {
        let mut kinds: FxHashMap<Cow<'a, str>, ([f64; 4], f64)> = FxHashMap::default();
        for found in found {
            let (sums, count) = kinds.entry(found.name.clone()).or_default();
            *count += 1.0;
            for (sum, probability) in sums.iter_mut().zip(found.probabilities) {
                *sum += probability;
            }
        }
        Self(kinds)
    }

    fn likeliest(&self, name: &str) -> (EntityKind, f64) {
        let Some((sums, count)) = self.0.get(name) else { return (EntityKind::Misc, 0.0) };
        let mut best = (EntityKind::Person, f64::NEG_INFINITY);
        for (kind, sum) in EntityKind::ALL.into_iter().zip(sums) {
            if *sum > best.1 {
                best = (kind, *sum);
            }
        }
        (best.0, (best.1 / count).clamp(0.0, 1.0))
    }

    /// The kind of a name; that of a surname is the person's whose it is.
    fn get(&self, name: &str, full: &FullNames<'_>) -> (EntityKind, f64) {
        let (kind, score) = self.likeliest(name);
        if kind != EntityKind::Person && score < CERTAIN && full.person(name).is_some() {
            return (EntityKind::Person, KNOWN);
        }
        (kind, score)
    }
}

/// The first full name of each surname.
struct FullNames<'a>(FxHashMap<String, Cow<'a, str>>);

impl<'a> FullNames<'a> {
    fn of(found: &[Found<'a>], kinds: &Kinds<'a>) -> Self {
        let mut full = FxHashMap::default();
        for found in found {
            let mut words = found.name.split(' ');
            let Some(last) = words.next_back().filter(|_| (1..4).contains(&found.name.split(' ').skip(1).count()))
            else {
                continue;
            };
            let (kind, score) = kinds.likeliest(&found.name);
            if kind == EntityKind::Person && score >= KNOWN {
                full.entry(last.to_owned()).or_insert_with(|| found.name.clone());
            }
        }
        Self(full)
    }

    /// The full name of the person whose surname this is.
    fn person(&self, surname: &str) -> Option<&str> {
        self.0.get(surname).map(|name| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::titles;

    #[test]
    fn titles_are_no_part_of_a_name() {
        let rest = |name: &'static str| &name[titles(name)..];
        assert_eq!(rest("Dr. Amina Farouk"), "Amina Farouk");
        assert_eq!(rest("Minister Helena Strand"), "Helena Strand");
        assert_eq!(rest("Amina Farouk"), "Amina Farouk");
        assert_eq!(rest("President"), "President");
    }
}
