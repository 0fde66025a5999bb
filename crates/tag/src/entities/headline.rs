//! Headlines: where most words have capitals, a capital says nothing.

use std::borrow::Cow;

use docmill_analysis::{Sentence, TokenKind};
use docmill_core::BlockKind;

use super::candidate::Votes;
use super::kinds::{Group, decide, listed_kind};
use super::lexicon::{Lists, known, lists};
use super::names::{Mention, Names};
use super::run::Runs;

/// How many tokens of a sentence are looked at.
const LONGEST: usize = 60;

impl<'a> Names<'a> {
    /// Whether most words of a sentence have capitals, so that a capital says nothing there.
    pub(super) fn is_headline(&self, sentence: &Sentence) -> bool {
        let runs = self.runs(sentence);
        if matches!(sentence.kind, BlockKind::Byline | BlockKind::Dateline | BlockKind::Table | BlockKind::Caption) {
            return runs.tokens.len() > 3
                && runs.tokens.iter().all(|token| !runs.word(token).contains(char::is_lowercase));
        }
        let titled = matches!(sentence.kind, BlockKind::Title | BlockKind::Heading);
        let (fewest, share) = if titled { (2, 7) } else { (6, 9) };
        // A sentence that ends in a full stop is one, however many names it has.
        let stops = !titled && runs.tokens.last().is_some_and(|last| runs.word(last) == ".");
        let (mut words, mut capitals) = (0, 0);
        // The first words tell: a sentence of prose turns to small letters soon.
        for (at, token) in runs.tokens.iter().enumerate().take(LONGEST) {
            if (words - capitals) * 10 > LONGEST * (10 - share) {
                return false;
            }
            if token.kind == TokenKind::Word && !self.analysis.term(token.term).stop_word {
                words += 1;
                capitals += usize::from(runs.is_capitalized(at));
            }
        }
        !self.nouns_are_capitalized
            && words >= fewest
            && capitals * 10 >= words * share
            && (!stops || words == capitals)
    }

    /// Finds names in a headline: what the lists or the rest of the text know.
    pub(super) fn recognize(&mut self, sentence: &Sentence) {
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
}
