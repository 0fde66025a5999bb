//! Runs of capitalized words: what may be a name, before anything is decided.

use docmill_analysis::{Token, TokenKind};
use docmill_core::ByteSpan;

use super::candidate::{Candidate, Votes};
use super::lexicon::{Known, Lists, known, lists};

/// Longer runs are cut: they are lists or shouting, and the work on a run grows faster than its length.
const LONGEST: usize = 16;

/// Longer words are no particles, in bytes: most words behind a name are not looked up.
const LONGEST_PARTICLE: usize = 5;

/// A part of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    /// The word without a possessive ending.
    pub(super) text: &'a str,
    pub(super) span: ByteSpan,
    /// Its token, by its place in the sentence.
    pub(super) token: usize,
    /// The last token that belongs to it: its full stop or apostrophe, or itself.
    pub(super) last_token: usize,
    pub(super) kind: PieceKind,
    /// The lists that it is in.
    pub(super) lists: Lists,
    /// What is known of it as a name of one word.
    pub(super) known: Known,
    /// Whether it ended in `'s`.
    pub(super) possessive: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// A capitalized word.
    Name,
    /// A lower-case word or a `&` between two of them.
    Joiner(Joiner),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joiner {
    /// `von`, `de la`: part of any name.
    Particle,
    /// `of`, `for`: part of the name of an office, organisation or place.
    Of,
    /// `and`: part of a name, or between two names.
    And,
    /// `&`.
    Ampersand,
}

/// One sentence and where its runs are.
pub(super) struct Runs<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    /// Whether a line is a unit, as in a byline, so that no name goes on from one to the next.
    pub(super) lines: bool,
}

impl<'a> Runs<'a> {
    /// Whether the token is a word that begins with a capital.
    pub(super) fn is_capitalized(&self, token: usize) -> bool {
        let Some(token) = self.tokens.get(token) else { return false };
        token.kind == TokenKind::Word && begins_with_capital(self.text, token)
    }

    /// The token as written.
    pub(super) fn word(&self, token: &Token) -> &'a str {
        token.span.of(self.text).unwrap_or_default()
    }

    /// Whether the token ends in `'s`.
    pub(super) fn is_possessive(&self, token: usize) -> bool {
        let word = self.at(token);
        word.ends_with("'s") || word.ends_with("’s")
    }

    /// The token at this place of the sentence as written; empty past its end.
    pub(super) fn at(&self, token: usize) -> &'a str {
        self.tokens.get(token).map_or("", |token| self.word(token))
    }

    /// Puts the run that begins at the capitalized token `start` into `run`, and returns the token after it.
    pub(super) fn read(&self, start: usize, run: &mut Vec<Piece<'a>>) -> usize {
        run.clear();
        self.push(start, run);
        while run.len() < LONGEST && self.extend(run) {}
        run.last().map_or(start + 1, |piece| piece.last_token + 1)
    }

    fn push(&self, at: usize, run: &mut Vec<Piece<'a>>) {
        let token = &self.tokens[at];
        let written = self.word(token);
        let text = written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written);
        let known_word = known(text).or_in_capitals(text);
        let stopped = text.strip_suffix('.').map(lists).unwrap_or_default();
        let mut piece = Piece {
            text,
            span: ByteSpan::new(token.span.start, token.span.start + text.len()),
            token: at,
            last_token: at,
            kind: PieceKind::Name,
            lists: known_word.lists | stopped,
            known: known_word,
            possessive: text.len() < written.len(),
        };
        if !piece.possessive && self.attached(at + 1) && self.at(at + 1) == "." && takes_full_stop(&piece) {
            piece.last_token = at + 1;
            piece.span.end = self.tokens[at + 1].span.end;
        }
        run.push(piece);
    }

    /// Adds the next capitalized word, with what joins it to the run.
    fn extend(&self, run: &mut Vec<Piece<'a>>) -> bool {
        let Some(last) = run.last_mut() else { return false };
        let mut next = last.last_token + 1;
        // `Fishers' Union`
        if matches!(self.at(next), "'" | "’")
            && self.attached(next)
            && last.text.ends_with('s')
            && self.is_capitalized(next + 1)
        {
            last.last_token = next;
            next += 1;
        }
        if !self.near(next) {
            return false;
        }
        if self.is_capitalized(next) || has_article(self.at(next)) {
            // `A.B`, but not `Mill–Town`: what stands without a space was one word, or has a mark between.
            self.push(next, run);
            return true;
        }
        let kept = run.len();
        for at in next..next + 3 {
            if at > next && self.is_capitalized(at) {
                self.push(at, run);
                return true;
            }
            let Some(joiner) = self.joiner(at).filter(|_| self.near(at)) else { break };
            let token = &self.tokens[at];
            run.push(Piece {
                text: self.word(token),
                span: token.span,
                token: at,
                last_token: at,
                kind: PieceKind::Joiner(joiner),
                lists: Lists::default(),
                known: Known::default(),
                possessive: false,
            });
        }
        if self.is_capitalized(next + 3) && run.len() == kept + 3 {
            self.push(next + 3, run);
            return true;
        }
        run.truncate(kept);
        false
    }

    fn joiner(&self, at: usize) -> Option<Joiner> {
        match self.at(at) {
            "" => None,
            "&" => Some(Joiner::Ampersand),
            "of" | "for" | "the" | "on" | "für" | "pour" | "para" => Some(Joiner::Of),
            "and" | "und" | "et" | "y" | "e" => Some(Joiner::And),
            word if word.ends_with(['\'', '’']) && word.len() > 1 => Some(Joiner::Particle),
            word if word.len() > LONGEST_PARTICLE => None,
            word => lists(word).any(Lists::PARTICLE).then_some(Joiner::Particle),
        }
    }

    /// The last token that lies within `span`, which begins with the token `first` and must end where that token does.
    pub(super) fn last_within(&self, first: usize, span: ByteSpan) -> Option<usize> {
        let rest = self.tokens.get(first..)?;
        let tokens = rest.iter().take_while(|token| token.span.end <= span.end).count();
        let last = tokens.checked_sub(1)?;
        (rest.get(last)?.span.end == span.end).then_some(first + last)
    }

    /// The tokens `first..=last`, which are the outlet of a citation: an organisation.
    pub(super) fn outlet(&self, first: usize, last: usize, span: ByteSpan) -> Option<Candidate> {
        let canonical = known(span.of(self.text)?).canonical;
        let words = (first..=last).filter(|at| self.is_capitalized(*at)).count();
        // One word before a year may be an author: `(Weiss, 2014)`.
        let votes = Votes { organization: if words > 1 { 3.0 } else { 2.5 }, ..Votes::default() };
        let last_word = self.tokens.get(last)?.span;
        Some(Candidate { span, tokens: (first, last), words, last_word, votes, canonical })
    }

    /// Whether no space stands before the token.
    fn attached(&self, at: usize) -> bool {
        self.gap(at) == Some(0)
    }

    /// Whether at most a line break stands before the token.
    fn near(&self, at: usize) -> bool {
        self.gap(at).is_some_and(|gap| gap <= 2) && !(self.lines && self.begins_line(at))
    }

    fn begins_line(&self, at: usize) -> bool {
        let start = self.tokens.get(at).map(|token| token.span.start);
        let before = start.and_then(|start| start.checked_sub(1)).and_then(|before| self.text.as_bytes().get(before));
        before == Some(&b'\n')
    }

    fn gap(&self, at: usize) -> Option<usize> {
        let before = self.tokens.get(at.checked_sub(1)?)?;
        Some(self.tokens.get(at)?.span.start - before.span.end)
    }
}

/// Whether the token begins with a capital letter.
pub(super) fn begins_with_capital(text: &str, token: &Token) -> bool {
    match text.as_bytes().get(token.span.start) {
        Some(byte) if byte.is_ascii() => byte.is_ascii_uppercase(),
        _ => is_capitalized(token.span.of(text).unwrap_or_default()),
    }
}

/// Whether the word begins with a capital letter.
pub(super) fn is_capitalized(word: &str) -> bool {
    match word.as_bytes().first() {
        Some(byte) if byte.is_ascii() => byte.is_ascii_uppercase(),
        _ => word.chars().next().is_some_and(char::is_uppercase),
    }
}

/// Whether the word is a name behind the Arabic article: `al-Falih`, `ash-Shaab`.
fn has_article(word: &str) -> bool {
    const ARTICLES: &[&str] = &["al", "el", "ad", "an", "ar", "as", "at", "az", "ash", "ul", "ur"];
    word.split_once('-').is_some_and(|(article, name)| ARTICLES.contains(&article) && is_capitalized(name))
}

/// Whether the word has two capitals or more and no lower-case letter, as acronyms do.
pub(super) fn is_acronym(word: &str) -> bool {
    let mut capitals = 0;
    for letter in word.chars() {
        if letter.is_lowercase() {
            return false;
        }
        capitals += usize::from(letter.is_uppercase());
    }
    capitals >= 2
}

/// Whether a full stop after the word belongs to it.
fn takes_full_stop(piece: &Piece<'_>) -> bool {
    let abbreviation = Lists::COMPANY_FORM | Lists::NAME_SUFFIX | Lists::PLACE_START | Lists::TITLE;
    piece.text.chars().count() == 1
        || piece.text.len() <= 5 && piece.lists.any(abbreviation) && !piece.lists.any(Lists::PLACE)
}
