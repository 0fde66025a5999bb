//! The sentences of a document that can stand for it, and what each counts.
//!
//! A sentence counts by how central it is among all (see `centrality`), how early it stands, what it shares with the title, and
//! whether it says what the text is for (`indicator`); its form decides how well it stands alone (`form`). Where many say their opinion of one thing (`opinions`), no place
//! is better than another, and what most say counts.

use docmill_analysis::{Analysis, Sentence, Token, TokenKind};
use docmill_core::{BlockKind, ByteSpan};
use rustc_hash::FxHashMap;

use crate::selection::{Candidate, Kind};
use crate::{form, indicator, opinions};

/// Stems of a title that are looked for in the sentences.
const LONGEST_TITLE: usize = 32;

/// What a sentence counts: shares that add up, to 1 at most, and a factor; all 0..=1, and their product too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Score {
    /// For how central it is.
    centrality: f64,
    /// For how early it stands.
    lead: f64,
    /// For what it has in common with the title.
    title: f64,
    /// For saying what the text is for.
    purpose: f64,
    /// How well it stands alone by its form.
    form: f64,
}

impl Score {
    pub(crate) fn total(&self) -> f64 {
        (self.centrality + self.lead + self.title + self.purpose).min(1.0) * self.form
    }

    /// What counts in such a text, by name.
    pub(crate) fn parts(&self, kind: Kind) -> impl Iterator<Item = (&'static str, f64)> + use<> {
        let everywhere = [("centrality", self.centrality), ("form", self.form)];
        let in_prose = [("lead", self.lead), ("title", self.title)].into_iter().filter(move |_| kind == Kind::Prose);
        let purpose = (self.purpose > 0.0).then_some(("purpose", self.purpose));
        everywhere.into_iter().chain(in_prose).chain(purpose)
    }
}

/// The sentences that a summary can be made of.
#[derive(Default)]
pub(crate) struct Prose<'a> {
    pub(crate) sentences: Vec<&'a Sentence>,
    /// The stems of each sentence as numbers, stop words and citations left out.
    pub(crate) stems: Vec<Vec<u32>>,
    /// How many words each sentence has, citations left out.
    pub(crate) words: Vec<usize>,
    /// The stems of the title.
    title: Vec<u32>,
    /// How many stems there are.
    pub(crate) distinct: usize,
}

impl<'a> Prose<'a> {
    pub(crate) fn of(analysis: &'a Analysis, citations: &[ByteSpan]) -> Self {
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

    pub(crate) fn kind(&self, text: &str) -> Kind {
        let spans: Vec<ByteSpan> = self.sentences.iter().map(|sentence| sentence.span).collect();
        if opinions::are_opinions(text, &spans, &self.stems, self.distinct) { Kind::Opinions } else { Kind::Prose }
    }

    /// What each sentence counts; `centralities` are those of the sentences.
    pub(crate) fn scores(&self, text: &str, centralities: &[f64], kind: Kind) -> Vec<Score> {
        let score = |(position, centrality): (usize, &f64)| {
            let sentence = self.sentences[position];
            let form = form::weight(text, sentence, self.words[position]);
            let says_purpose = || sentence.span.of(text).is_some_and(indicator::says_what_the_text_is_for);
            match kind {
                Kind::Prose => Score {
                    centrality: 0.5 * centrality,
                    lead: 0.25 / (1.0 + position as f64 / 2.0),
                    title: 0.25 * self.shared_with_title(position),
                    purpose: if says_purpose() { 0.25 } else { 0.0 },
                    form,
                },
                Kind::Opinions => Score { centrality: *centrality, lead: 0.0, title: 0.0, purpose: 0.0, form },
            }
        };
        centralities.iter().enumerate().map(score).collect()
    }

    /// Each sentence with its score and length.
    pub(crate) fn candidates(&self, text: &str, analysis: &Analysis, scores: &[Score]) -> Vec<Candidate> {
        let candidate = |(position, score): (usize, &Score)| {
            let sentence = self.sentences[position];
            Candidate {
                score: score.total(),
                alone: form::alone(analysis, sentence),
                words: self.words[position],
                characters: sentence.span.of(text).map_or(0, |written| written.chars().count()),
            }
        };
        scores.iter().enumerate().map(candidate).collect()
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
