//! Makes a sentence shorter without changing what it says.
//!
//! A sentence is a row of tokens, of which parts go: first what says nothing of the matter, then, as long as it is too long,
//! what says more than its main clause. A part stays that holds a word that weighs (see `words`), or a quotation or parenthesis not
//! whole; and nothing goes that leaves fewer than four words.

use std::ops::Range;

use docmill_analysis::{Analysis, Sentence, Token, TokenKind};
use docmill_core::{ByteSpan, Document};

use super::Line;
use super::words::{PHRASES, connects, goes_on, opens, places, relates, reports, subordinates, times, weighs};

/// Fewer words say nothing.
const FEWEST: usize = 4;

/// So many words may stand in an adverbial before the clause, or in an attribution.
const LONGEST: usize = 10;

/// Longer sentences are none, and are not looked at.
const MOST_TOKENS: usize = 400;

/// The sentence as it is once it fits, if it can be brought to that.
pub(super) fn compressed(
    doc: &Document,
    analysis: &Analysis,
    sentence: &Sentence,
    citations: &[ByteSpan],
    fits: &dyn Fn(&str) -> bool,
) -> Option<Line> {
    let mut row = Row::of(doc, analysis, sentence, citations)?;
    row.shed();
    let mut line = row.line()?;
    while !fits(&line.text) {
        if !row.shorten() {
            return None;
        }
        line = row.line()?;
    }
    Some(line)
}

/// The beginning of the sentence that fits, with an ellipsis for the rest.
pub(super) fn cut(
    doc: &Document,
    analysis: &Analysis,
    sentence: &Sentence,
    citations: &[ByteSpan],
    fits: &dyn Fn(&str) -> bool,
) -> Option<Line> {
    let mut row = Row::of(doc, analysis, sentence, citations)?;
    row.shed();
    while row.shorten() {}
    for at in (1..row.tokens.len()).rev() {
        let whole = row.level[at] == 0 && row.kept[at];
        let border = row.is(at, opens) || row.mark(at, ",") || row.mark(at, ";");
        let dangles = row.analysis.term(row.tokens[at - 1].term).stop_word;
        if !(whole && border && !dangles && row.words_in(0..at) >= FEWEST) || row.weighs(at..row.tokens.len()) {
            continue;
        }
        let mut head = row.clone();
        head.kept[at..].fill(false);
        if let Some(mut line) = head.line() {
            line.text.push('…');
            if fits(&line.text) {
                return Some(line);
            }
        }
    }
    None
}

/// A sentence, and what of it is kept.
#[derive(Clone)]
struct Row<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    tokens: &'a [Token],
    kept: Vec<bool>,
    /// How many quotations and parentheses each token stands in; their marks count as inside.
    level: Vec<u8>,
    english: bool,
}

impl<'a> Row<'a> {
    /// None where a quotation or parenthesis is not whole.
    fn of(doc: &'a Document, analysis: &'a Analysis, sentence: &Sentence, citations: &[ByteSpan]) -> Option<Self> {
        let tokens = analysis.sentence_tokens(sentence);
        if tokens.len() > MOST_TOKENS {
            return None;
        }
        let text = doc.text();
        let level = levels(text, tokens)?;
        let cited = |token: &Token| citations.iter().any(|citation| citation.contains(token.span));
        let kept = tokens.iter().map(|token| !cited(token)).collect();
        let english = doc.language().is_none_or(|language| language.starts_with("en"));
        Some(Self { text, analysis, tokens, kept, level, english })
    }

    /// Takes out what says nothing of the matter.
    fn shed(&mut self) {
        self.drop_parentheses();
        if self.english {
            self.drop_dateline();
            while self.drop_opening() {}
            self.drop_attributions();
        }
    }

    /// Takes out one part that says more than the main clause; false where there is none.
    fn shorten(&mut self) -> bool {
        self.english && (self.drop_relative_clause() || self.drop_tail())
    }

    fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| &self.analysis.term(token.term).text)
    }

    fn written(&self, at: usize) -> &'a str {
        self.tokens.get(at).and_then(|token| token.span.of(self.text)).unwrap_or_default()
    }

    fn is(&self, at: usize, kind: fn(&str) -> bool) -> bool {
        kind(self.word(at))
    }

    fn mark(&self, at: usize, mark: &str) -> bool {
        self.written(at) == mark
    }

    /// A comma that parts the sentence itself, not a quotation in it.
    fn comma(&self, at: usize) -> bool {
        self.mark(at, ",") && self.level[at] == 0 && self.kept[at]
    }

    fn words_in(&self, range: Range<usize>) -> usize {
        range.filter(|at| self.kept[*at] && self.tokens[*at].kind.is_wordlike()).count()
    }

    fn weighs(&self, range: Range<usize>) -> bool {
        range.into_iter().any(|at| self.kept[at] && self.is(at, weighs))
    }

    fn first(&self) -> usize {
        self.kept.iter().position(|kept| *kept).unwrap_or(self.tokens.len())
    }

    /// Where the mark that ends the sentence stands, or its end.
    fn end(&self) -> usize {
        let mark = |at: &usize| self.tokens[*at].kind == TokenKind::Punctuation && self.level[*at] == 0;
        self.tokens.len().checked_sub(1).filter(mark).unwrap_or(self.tokens.len())
    }

    /// Drops tokens that may go; says whether it did.
    fn drop(&mut self, range: Range<usize>) -> bool {
        let whole = range.clone().all(|at| self.level[at] == 0 || !self.kept[at]);
        self.drop_with_level(range, whole)
    }

    fn drop_with_level(&mut self, range: Range<usize>, whole: bool) -> bool {
        let left = self.words_in(0..self.tokens.len()) - self.words_in(range.clone());
        if !whole || left < FEWEST || self.weighs(range.clone()) || !range.clone().any(|at| self.kept[at]) {
            return false;
        }
        self.kept[range].fill(false);
        true
    }

    fn drop_parentheses(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            if self.level[at] == 1 && matches!(self.written(at), "(" | "[") {
                let inside = (at + 1..self.tokens.len()).take_while(|next| self.level[*next] > 0);
                // Two that touch have no token between them: each ends with its own mark.
                let close =
                    inside.clone().find(|next| self.level[*next] == 1 && matches!(self.written(*next), ")" | "]"));
                if let Some(close) = close {
                    self.drop_with_level(at..close + 1, true);
                    at = close;
                }
            }
            at += 1;
        }
    }

    /// `LISBON, March 3 —`.
    fn drop_dateline(&mut self) {
        let first = self.first();
        let place = self.written(first);
        let capital = place.chars().count() >= 3 && !place.chars().any(char::is_lowercase);
        let dash = (first + 1..self.tokens.len().min(first + LONGEST))
            .find(|at| matches!(self.written(*at), "—" | "–" | "--"));
        if let Some(dash) = dash.filter(|_| capital) {
            self.drop(first..dash + 1);
        }
    }

    /// A connective or an adverbial of time or place before the clause.
    fn drop_opening(&mut self) -> bool {
        let first = self.first();
        if self.is(first, |word| matches!(word, "but" | "and")) && !self.comma(first + 1) {
            // What it turns against stood before the sentence.
            self.kept[first] = false;
            return true;
        }
        let Some(mut comma) = (first..self.tokens.len().min(first + LONGEST)).find(|at| self.comma(*at)) else {
            return false;
        };
        let words: Vec<&str> = (first..comma).filter(|at| self.kept[*at]).map(|at| self.word(at)).collect();
        let connective = words.len() == 1 && connects(words[0]) || PHRASES.contains(&words.as_slice());
        let credits = words.starts_with(&["according", "to"]);
        let tells = |at: usize| {
            self.is(at, times)
                || self.tokens[at].kind == TokenKind::Number
                || self.written(at).starts_with(char::is_uppercase)
        };
        let adverbial = self.is(first, places) && (first + 1..comma).any(tells);
        if adverbial && self.tokens.get(comma + 1).is_some_and(|next| next.kind == TokenKind::Number) {
            // The year of a date.
            comma += 1 + usize::from(self.comma(comma + 2));
        }
        let goes_on_as_list = (comma + 1..self.tokens.len().min(comma + 4))
            .any(|at| self.comma(at) || self.is(at, |word| matches!(word, "and" | "or")));
        if !(connective || credits || adverbial && !goes_on_as_list) {
            return false;
        }
        if connective && self.left_after(comma + 1) {
            // `However` turns against what stood before the sentence.
            self.kept[first..=comma].fill(false);
            return true;
        }
        self.drop(first..comma + 1)
    }

    fn left_after(&self, at: usize) -> bool {
        self.words_in(at.min(self.tokens.len())..self.tokens.len()) >= FEWEST
    }

    /// `, officials said on Monday`, `, said the mayor`, `according to the ministry`.
    fn drop_attributions(&mut self) {
        let end = self.end();
        let parts = self.parts(end);
        for (count, part) in parts.iter().enumerate().skip(1) {
            let words = self.words_in(part.clone());
            let begins = part.start + 1;
            let to = |at: usize| self.word(at) == "according" && self.word(at + 1) == "to";
            let is_last = count + 1 == parts.len();
            let attributes = (2..=LONGEST).contains(&words) && (to(begins) || self.attributes(begins..part.end));
            if attributes {
                // The comma after it goes with it, or the one before where it is the last part.
                self.drop(part.start..part.end + usize::from(!is_last));
            }
        }
        let credit = (self.first() + FEWEST..end).find(|at| self.word(*at) == "according" && self.word(at + 1) == "to");
        if let Some(credit) =
            credit.filter(|credit| end - credit <= LONGEST && !(*credit..end).any(|at| self.comma(at)))
        {
            self.drop(credit..end);
        }
    }

    fn attributes(&self, part: Range<usize>) -> bool {
        let Some(verb) = part.clone().find(|at| self.is(*at, reports)) else { return false };
        let leads = !self.is(part.start, subordinates);
        let plain =
            !part.clone().any(|at| self.is(at, |word| matches!(word, "that" | "and" | "was" | "is" | "be" | "to")));
        let inverted = verb == part.start;
        let last = verb + 1 == part.end || self.is(verb + 1, |word| places(word) || times(word) || word == "reporters");
        leads && plain && (inverted || last)
    }

    /// The parts between commas, each from its comma on.
    fn parts(&self, end: usize) -> Vec<Range<usize>> {
        let mut borders: Vec<usize> = vec![self.first()];
        borders.extend((self.first() + 1..end).filter(|at| self.comma(*at)));
        borders.push(end);
        borders.windows(2).map(|pair| pair[0]..pair[1]).collect()
    }

    /// `, which opened in May,`.
    fn drop_relative_clause(&mut self) -> bool {
        let end = self.end();
        let parts = self.parts(end);
        for (count, part) in parts.iter().enumerate().skip(1) {
            if !self.is(part.start + 1, relates) || self.words_in(part.clone()) < 3 {
                continue;
            }
            let is_last = count + 1 == parts.len();
            if self.drop(part.start..part.end + usize::from(!is_last)) {
                return true;
            }
        }
        false
    }

    /// What follows the main clause after a semicolon, or after the last comma where it goes on from it.
    fn drop_tail(&mut self) -> bool {
        let end = self.end();
        let at_level = |at: &usize| self.level[*at] == 0 && self.kept[*at];
        let semicolon = (self.first() + 1..end)
            .rev()
            .filter(at_level)
            .find(|at| matches!(self.written(*at), ";" | "—" | "–" | "--"));
        if semicolon.is_some_and(|at| self.words_in(0..at) >= FEWEST && self.drop(at..end)) {
            return true;
        }
        let parts = self.parts(end);
        let Some(last) = parts.last().filter(|_| parts.len() > 1) else { return false };
        let begins = last.start + 1;
        // `and` after other commas may end a list.
        let ends_list = self.word(begins) == "and" && parts.len() > 2;
        self.is(begins, goes_on) && !ends_list && self.words_in(last.clone()) >= 3 && self.drop(last.clone())
    }

    /// What is kept, as a headline.
    fn line(&self) -> Option<Line> {
        let mut spans: Vec<ByteSpan> = Vec::new();
        let end = self.end();
        let closing = self.written(end);
        let keeps_mark = closing.starts_with(['?', '!', '？', '！']);
        let mut before = None;
        for at in (0..self.tokens.len()).filter(|at| self.kept[*at] && (*at < end || keeps_mark)) {
            let span = self.tokens[at].span;
            match spans.last_mut() {
                Some(last) if before.is_some_and(|before: usize| before + 1 == at) => last.end = span.end,
                _ => spans.push(span),
            }
            before = Some(at);
        }
        let mut text = String::new();
        for span in &spans {
            let part = span.of(self.text)?;
            let joined =
                part.starts_with([',', '.', ';', ':', '?', '!', '’', '\'', ')', '%', '？', '！']) || text.is_empty();
            if !joined && before_needs_space(&text) {
                text.push(' ');
            }
            for (count, word) in part.split_whitespace().enumerate() {
                if count > 0 {
                    text.push(' ');
                }
                text.push_str(word);
            }
        }
        let trimmed = text.trim_end_matches([',', ';', ':', '—', '–', '-', ' ', '.', '。']);
        // The full stop of an abbreviation belongs to it.
        let stop = text[trimmed.len()..].starts_with('.') && spans.last()?.of(self.text)?.ends_with('.');
        let kept = trimmed.len() + usize::from(stop);
        let mut letters = text[..kept].chars();
        let first = letters.next()?;
        Some(Line { text: first.to_uppercase().chain(letters).collect(), spans, score: 0.0 })
    }
}

fn before_needs_space(text: &str) -> bool {
    !text.ends_with(['(', '[', '“', '"'])
}

/// How many quotations and parentheses each token stands in; none where one does not end, or ends before it begins.
fn levels(text: &str, tokens: &[Token]) -> Option<Vec<u8>> {
    let mut open: Vec<char> = Vec::new();
    let mut levels = Vec::with_capacity(tokens.len());
    for token in tokens {
        let written = token.span.of(text).unwrap_or_default();
        let mark = written.chars().next().filter(|_| !token.kind.is_wordlike());
        let closes = mark.is_some_and(|mark| open.last() == Some(&mark));
        let depth = u8::try_from(open.len()).ok()?;
        if closes {
            open.pop();
            levels.push(depth);
            continue;
        }
        let closing = mark.and_then(|mark| match mark {
            '(' => Some(')'),
            '[' => Some(']'),
            '“' => Some('”'),
            '„' => Some('“'),
            '«' => Some('»'),
            '"' => Some('"'),
            '「' => Some('」'),
            _ => None,
        });
        match closing {
            Some(closing) => {
                open.push(closing);
                levels.push(u8::try_from(open.len()).ok()?);
            }
            None if mark.is_some_and(|mark| matches!(mark, ')' | ']' | '”' | '»' | '」')) => return None,
            None => levels.push(depth),
        }
    }
    open.is_empty().then_some(levels)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a sentence that may have so many words.
    fn check(words: usize, written: &str, expected: Option<&str>) {
        let doc = Document::from_text("note.txt", written);
        let analysis = Analysis::of(&doc);
        let sentence = &analysis.sentences()[0];
        let fits = |text: &str| text.split_whitespace().count() <= words;
        let line = compressed(&doc, &analysis, sentence, &[], &fits);
        assert_eq!(line.as_ref().map(|line| line.text.as_str()), expected, "{written}");
    }

    #[test]
    fn what_says_nothing_of_the_matter_goes() {
        let same = |written: &str, expected: &str| check(30, written, Some(expected));
        same("The old pier (built in 1910) will be closed.", "The old pier will be closed");
        same("On Monday, the old pier was closed.", "The old pier was closed");
        same("On March 14, 2016, the old pier was closed.", "The old pier was closed");
        same("LISBON, March 3 — The old pier was closed.", "The old pier was closed");
        same("However, the old pier was closed.", "The old pier was closed");
        same("But the old pier was closed.", "The old pier was closed");
        same("As a result, the old pier was closed.", "The old pier was closed");
        same("According to the Courier, the old pier was closed.", "The old pier was closed");
        same("The old pier was closed, officials said on Monday.", "The old pier was closed");
        same("The old pier was closed, said the mayor of the town.", "The old pier was closed");
        same("The old pier, the mayor said, was closed.", "The old pier was closed");
        same("The old pier was closed according to the Courier.", "The old pier was closed");
        same("Will the old pier be closed?", "Will the old pier be closed?");
        same("The old pier belongs to the U.S.", "The old pier belongs to the U.S.");
    }

    #[test]
    fn what_would_change_the_meaning_stays() {
        let stays = |written: &str| check(30, written, Some(written.trim_end_matches('.')));
        stays("The old pier (but not the new one) will be closed.");
        stays("Without new money, the old pier will be closed.");
        stays("In theory, the Old Pier could be closed.");
        stays("In Paris, London and Rome, people came to the fair.");
        stays("The mayor said the old pier was closed.");
        stays("The old pier is safe, the mayor denied on Monday.");
        stays("“The old pier, officials said, is closed,” wrote the Courier.");
        stays("If the money comes, the old pier will be rebuilt.");
    }

    #[test]
    fn what_says_more_goes_as_long_as_it_is_too_long() {
        check(8, "The ferry, which carried grain, will stop in May.", Some("The ferry will stop in May"));
        check(8, "The ferry will stop in May; a bridge takes its place.", Some("The ferry will stop in May"));
        check(8, "The ferry will stop in May, ending a line of a century.", Some("The ferry will stop in May"));
        check(8, "The ferry will stop in May, and a bridge takes its place.", Some("The ferry will stop in May"));
        check(
            12,
            "The ferry, which carried grain, will stop in May.",
            Some("The ferry, which carried grain, will stop in May"),
        );
    }

    #[test]
    fn a_sentence_that_must_stay_long_is_none() {
        check(8, "The ferry, which never carried any grain, will stop in May.", None);
        check(8, "The ferry will stop in May, but only if a bridge takes its place.", None);
        check(8, "The ferry brought grain, wood, and stones of the island to town.", None);
    }

    #[test]
    fn a_broken_quotation_is_none() {
        check(30, "The old pier” was closed on Monday.", None);
        check(30, "“The old pier was closed on Monday.", None);
        check(30, "The (old pier was closed on Monday.", None);
    }
}
