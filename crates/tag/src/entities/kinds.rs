//! Which kind of name each is: all that its mentions say, added up.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::EntityKind;
use super::candidate::Votes;
use super::lexicon::Lists;
use super::names::Names;
use super::run::is_acronym;

/// What must speak for a kind before a name is taken for it.
const ENOUGH: f64 = 0.95;

/// All mentions of one name.
pub(super) struct Group<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) votes: Votes,
    pub(super) context: Votes,
    pub(super) words: usize,
    pub(super) last_word: &'a str,
    pub(super) canonical: Option<Cow<'a, str>>,
    /// The group of the full name, where this is an acronym of it.
    pub(super) full: Option<usize>,
    pub(super) kind: Option<(EntityKind, f64)>,
}

impl<'a> Group<'a> {
    pub(super) fn of(name: Cow<'a, str>, last_word: &'a str) -> Self {
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

    /// The name in full: that of the lists, or of what an acronym or surname stands for.
    pub(super) fn full_name(&self) -> Cow<'a, str> {
        self.canonical.clone().unwrap_or_else(|| self.name.clone())
    }
}

impl<'a> Names<'a> {
    /// Decides on the kind of each name: full names first, then what refers to them.
    pub(super) fn settle(&mut self) {
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
                    let short = |first: &str| first.chars().count() <= 3 && !is_acronym(first);
                    let two_words = group.name.split_once(' ').filter(|_| group.words == 2);
                    if let Some((first, _)) = two_words.filter(|(first, _)| !short(first)) {
                        first_words.entry(first.to_owned()).or_insert(index);
                    }
                }
                Some((EntityKind::Place | EntityKind::Misc, _)) | None => {}
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
}

/// What the lists say of a name in a headline.
pub(super) fn listed_kind(lists: Lists) -> Votes {
    let place = if lists.any(Lists::PLACE) { 2.0 } else { 0.0 };
    let organization = if lists.any(Lists::ORGANIZATION) { 2.5 } else { 0.0 };
    Votes { person: 0.0, organization, place }
}

/// The kind with most votes, and how sure it is. What stands around a name counts for as much as the name at most.
pub(super) fn decide(own: Votes, context: Votes) -> Option<(EntityKind, f64)> {
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
