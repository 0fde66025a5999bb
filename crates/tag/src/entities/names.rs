//! All names of a text with their mentions, gathered sentence by sentence.

use std::borrow::Cow;

use docmill_analysis::{Analysis, Sentence, TokenKind};
use docmill_core::{BlockKind, ByteSpan, Document};
use rustc_hash::{FxHashMap, FxHashSet};

use super::candidate::{Candidate, Custom, Votes, candidates};
use super::kinds::Group;
use super::lexicon::{Lists, lists};
use super::run::{Piece, Runs, begins_with_capital, is_acronym};
use super::{Entity, context, enumeration};
use crate::reading::one_line;
use crate::taken::{Taken, touches};

/// All names of a text.
pub(super) struct Names<'a> {
    pub(super) text: &'a str,
    pub(super) analysis: &'a Analysis,
    pub(super) nouns_are_capitalized: bool,
    /// How often each term has a small first letter, and how often a capital inside a sentence.
    pub(super) small: Vec<u32>,
    pub(super) capital: Vec<u32>,
    pub(super) groups: Vec<Group<'a>>,
    pub(super) by_name: FxHashMap<Cow<'a, str>, usize>,
    pub(super) mentions: Vec<Mention>,
    /// Candidates at the start of a sentence, with their span less the first word.
    put_off: Vec<(ByteSpan, Gathered<'a>)>,
    /// The outlets of citations, in order.
    outlets: Vec<ByteSpan>,
    /// What is a link, a date or an amount, and so no name.
    pub(super) taken: Taken,
}

/// A candidate, what stands around it, and the acronym that it introduces.
struct Gathered<'a> {
    candidate: Candidate,
    context: Votes,
    acronym: Option<&'a str>,
}

/// A place in the text where a name stands.
pub(super) struct Mention {
    pub(super) span: ByteSpan,
    pub(super) group: usize,
}

impl<'a> Names<'a> {
    pub(super) fn new(doc: &'a Document, analysis: &'a Analysis) -> Self {
        let text = doc.text();
        let mut small = vec![0; analysis.terms().len()];
        let mut capital = vec![0; analysis.terms().len()];
        let mut sentence = u32::MAX;
        for token in analysis.tokens().iter().filter(|token| token.kind == TokenKind::Word) {
            let first = token.sentence != sentence;
            sentence = token.sentence;
            if !begins_with_capital(text, token) {
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
            outlets: outlets(doc),
            taken: Taken::by(
                doc,
                &[
                    "money", "date", "time", "percent", "quantity", "duration", "url", "email", "phone", "doi", "isbn",
                    "issn",
                ],
            ),
        }
    }

    /// The words of a sentence.
    pub(super) fn runs(&self, sentence: &Sentence) -> Runs<'a> {
        let lines = matches!(sentence.kind, BlockKind::Byline | BlockKind::Dateline);
        Runs { text: self.text, tokens: self.analysis.sentence_tokens(sentence), lines }
    }

    /// Takes in the names of a sentence.
    pub(super) fn gather(&mut self, sentence: &Sentence) {
        let runs = self.runs(sentence);
        let (text, analysis) = (self.text, self.analysis);
        let mut run: Vec<Piece<'a>> = Vec::new();
        let mut found: Vec<Candidate> = Vec::new();
        let mut next_outlet = self.outlets.partition_point(|outlet| outlet.start < sentence.span.start);
        let mut at = 0;
        while at < runs.tokens.len() {
            if !runs.is_capitalized(at) {
                at += 1;
                continue;
            }
            let start = runs.tokens[at].span.start;
            while self.outlets.get(next_outlet).is_some_and(|outlet| outlet.start < start) {
                next_outlet += 1;
            }
            if let Some(outlet) = self.outlets.get(next_outlet).filter(|outlet| outlet.start == start)
                && let Some(last) = runs.last_within(at, *outlet)
            {
                found.extend(runs.outlet(at, last, *outlet));
                at = last + 1;
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
        let neighbours = enumeration::votes(&runs, &found);
        for (candidate, neighbours) in found.into_iter().zip(neighbours) {
            self.add(&runs, candidate, neighbours);
        }
    }

    /// Takes in a candidate, or puts it off where its first word may be part of the sentence only.
    fn add(&mut self, runs: &Runs<'a>, candidate: Candidate, neighbours: Votes) {
        if self.taken.holds(candidate.span) {
            return;
        }
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
        let mut context = context::votes(runs, &candidate, self.nouns_are_capitalized);
        context.add(neighbours);
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
    pub(super) fn enter_put_off(&mut self) {
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

    /// Whether a span shares text with the outlet of a citation.
    pub(super) fn is_outlet_part(&self, span: ByteSpan) -> bool {
        touches(&self.outlets, span)
    }

    /// The names in full of those that stand for another one.
    pub(super) fn canonical(&self) -> FxHashMap<String, String> {
        let known = self.groups.iter().filter(|group| group.kind.is_some());
        let pairs = known.filter_map(|group| Some((group.name.to_string(), group.canonical.as_ref()?.to_string())));
        pairs.filter(|(name, full)| name != full).collect()
    }

    /// The names whose kind is known, in text order.
    pub(super) fn entities(mut self) -> Vec<Entity> {
        self.mentions.sort_by_key(|mention| mention.span);
        let mut entities = Vec::with_capacity(self.mentions.len());
        for mention in &self.mentions {
            let group = &self.groups[mention.group];
            if self.taken.holds(mention.span) {
                continue;
            }
            if let Some((kind, score)) = group.kind {
                entities.push(Entity { span: mention.span, kind, name: group.full_name().into_owned(), score });
            }
        }
        entities
    }
}

/// Where the outlets of the citations stand that name one before a comma: what has none is as often a person (`Weiss 2014`). Where a
/// book was published is no outlet (`Melbourne, Australia, 2004`).
fn outlets(doc: &Document) -> Vec<ByteSpan> {
    let mut found: Vec<ByteSpan> = doc
        .annotations_of("citation")
        .filter_map(|citation| {
            let written = citation.span.of(doc.text())?;
            let outlet = citation.value.get("outlet")?.as_str()?;
            let start = if written.starts_with(outlet) { 0 } else { written.find(outlet)? };
            let comma = written.get(start + outlet.len()..)?.starts_with(',');
            let is_place = |lists: Lists| lists.any(Lists::PLACE) && !lists.any(Lists::ORGANIZATION);
            let published_there = is_place(lists(outlet)) || outlet.split(", ").all(|part| is_place(lists(part)));
            let span = ByteSpan::new(citation.span.start + start, citation.span.start + start + outlet.len());
            (comma && !published_there).then_some(span)
        })
        .collect();
    found.sort_unstable();
    found
}
