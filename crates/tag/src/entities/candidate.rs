//! Candidates: the parts of a run that may each name something, and what their words say of it.

use docmill_core::ByteSpan;

use super::lexicon::{Known, Lists, is_surname_by_ending, known, lists};
use super::run::{Joiner, Piece, PieceKind, is_acronym};

/// How much speaks for each kind of name. About 1 is a guess, 2 is sure.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Votes {
    pub(super) person: f64,
    pub(super) organization: f64,
    pub(super) place: f64,
}

impl Votes {
    pub(super) fn add(&mut self, other: Self) {
        self.person += other.person;
        self.organization += other.organization;
        self.place += other.place;
    }

    pub(super) fn strongest(self) -> f64 {
        self.person.max(self.organization).max(self.place)
    }
}

/// A part of a run that may name something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) span: ByteSpan,
    /// Its first and last token, by their places in the sentence.
    pub(super) tokens: (usize, usize),
    /// How many capitalized words it has.
    pub(super) words: usize,
    /// Its last word as written, without a full stop.
    pub(super) last_word: ByteSpan,
    /// What its own words say.
    pub(super) votes: Votes,
    /// The name that the lists give it.
    pub(super) canonical: Option<&'static str>,
}

/// How a text uses capitals.
#[derive(Clone, Copy)]
pub(super) struct Custom<'c> {
    /// Whether every noun has one, as in German.
    pub(super) nouns: bool,
    /// Whether the capital of a word (by its place in the sentence) says nothing: a stop word, or the first of a sentence that
    /// the text has in lower case elsewhere.
    pub(super) idle: &'c dyn Fn(usize) -> bool,
}

/// Hands the candidates of a run to `found`, in order; none overlaps another.
pub(super) fn candidates(text: &str, run: &[Piece<'_>], custom: Custom<'_>, mut found: impl FnMut(Candidate)) {
    let mut at = 0;
    // A title stands before, perhaps with its office: `Minister of Ports`.
    let mut titled = false;
    let mut office = false;
    while at < run.len() {
        let piece = &run[at];
        if piece.kind != PieceKind::Name {
            office = titled && piece.kind == PieceKind::Joiner(Joiner::Of) || office;
            titled = titled && office;
            at += 1;
            continue;
        }
        let listed = longest_listed(text, run, at);
        let length = before_official(run, at, extent(run, at, office));
        let headed = is_headed(&run[at..at + length]);
        if let Some((words, known)) = listed.filter(|(words, _)| *words >= length || *words > 1 && !headed) {
            if let Some(mut candidate) = candidate(text, &run[at..at + words], false) {
                candidate.canonical = known.canonical;
                candidate.votes = listed_votes(known.lists);
                found(candidate);
            }
            at += words;
            titled = false;
            continue;
        }
        if piece.lists.any(Lists::TITLE) && (!headed || is_surname_with_title(&run[at..at + length])) {
            (titled, office) = (true, false);
            at += 1;
            continue;
        }
        let skipped = run[at..at + length].iter().take_while(|piece| says_nothing(piece, custom)).count();
        if skipped > 0 {
            at += skipped;
            continue;
        }
        let part = trimmed(&run[at..at + length], titled);
        let first_names = part.first().is_some_and(|first| first.lists.any(Lists::FIRST_NAME));
        let before_title = run.get(at + length).is_some_and(|next| next.lists.any(Lists::TITLE)) && part.len() == 1;
        let of_office = office && !first_names;
        let unnamed = part.len() == 1 && (of_office || titled && is_job(run, at)) || before_title && !is_listed(part);
        if let Some(candidate) = candidate(text, part, titled && !of_office).filter(|_| !unnamed) {
            found(candidate);
        }
        at += length;
        titled = of_office;
        office = titled;
    }
}

/// Whether the word behind a rank is a job, not a surname: `Chief Engineer`.
fn is_job(run: &[Piece<'_>], at: usize) -> bool {
    let rank = at.checked_sub(1).and_then(|before| run.get(before));
    rank.is_some_and(|rank| matches!(rank.text, "Chief" | "Deputy" | "Executive" | "Vice"))
        && lists(&run[at].text.to_lowercase()).any(Lists::ROLE)
}

fn is_listed(part: &[Piece<'_>]) -> bool {
    let names = Lists::PLACE | Lists::ORGANIZATION | Lists::FIRST_NAME;
    part.iter().any(|piece| piece.lists.any(names) || is_acronym(piece.text))
}

/// Whether the last word, or one before an `of`, says that a part of several words is an organisation or place.
fn is_headed(part: &[Piece<'_>]) -> bool {
    let head = part.last().is_some_and(|last| last.lists.any(Lists::HEAD));
    let of = |pair: &[Piece<'_>]| {
        pair[0].lists.any(Lists::ORGANIZATION_HEAD) && pair[1].kind == PieceKind::Joiner(Joiner::Of)
    };
    part.len() > 1 && (head || part.windows(2).any(of))
}

/// Whether the title that begins the part is that of a person called as a place or organisation is: `Councillor Edwin Marsh`, but
/// `King Street` and `Prince Edward Park`.
fn is_surname_with_title(part: &[Piece<'_>]) -> bool {
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return false };
    last.lists.any(Lists::HEAD_OR_SURNAME) && !first.lists.any(Lists::ROYAL)
}

/// Whether the first word of a part is no part of the name.
fn says_nothing(piece: &Piece<'_>, custom: Custom<'_>) -> bool {
    let telling =
        Lists::FIRST_NAME | Lists::PLACE | Lists::ORGANIZATION | Lists::PLACE_START | Lists::ORGANIZATION_HEAD;
    piece.kind != PieceKind::Name
        || piece.lists.any(Lists::CALENDAR)
        || piece.text.len() == 1 && piece.lists.any(Lists::COMMON_ACRONYM)
        || (custom.idle)(piece.token)
        || custom.nouns && !piece.lists.any(telling) && !is_acronym(piece.text)
}

/// The part without an adjective before a person, and without joiners at its ends.
fn trimmed<'p, 'a>(mut part: &'p [Piece<'a>], titled: bool) -> &'p [Piece<'a>] {
    while let [first, rest @ ..] = part {
        let adjective = first.lists.any(Lists::ADJECTIVE)
            && (titled || rest.first().is_some_and(|next| next.lists.any(Lists::FIRST_NAME)));
        if first.kind == PieceKind::Name && !adjective {
            break;
        }
        part = rest;
    }
    while let [rest @ .., last] = part {
        if last.kind == PieceKind::Name {
            break;
        }
        part = rest;
    }
    part
}

/// The longest listed place or organisation of several words that begins at `at`, or a listed single word.
fn longest_listed(text: &str, run: &[Piece<'_>], at: usize) -> Option<(usize, Known)> {
    let names = Lists::PLACE | Lists::ORGANIZATION;
    let longest = if run[at].lists.any(Lists::BEGINS_NAME) { 5.min(run.len() - at) } else { 1 };
    for words in (2..=longest).rev() {
        let last = &run[at + words - 1];
        if last.kind != PieceKind::Name || run[at..at + words - 1].iter().any(|piece| piece.possessive) {
            continue;
        }
        let written = text.get(run[at].span.start..last.span.end)?;
        let known = known(written);
        if known.lists.any(names) {
            return Some((words, known));
        }
    }
    let known = run[at].known;
    known.lists.any(names).then_some((1, known))
}

/// How many pieces from `at` on make one name.
fn extent(run: &[Piece<'_>], at: usize, office: bool) -> usize {
    let mut end = at + 1;
    let mut of = false;
    while let Some(piece) = run.get(end) {
        let before = &run[end - 1];
        // `Fishers' Union` is one name, `Peru's Ministry` two.
        if before.possessive && (!piece.lists.any(Lists::HEAD) || before.lists.any(Lists::PLACE)) {
            break;
        }
        match piece.kind {
            PieceKind::Name => {
                let surname = before.lists.any(Lists::FIRST_NAME);
                // `Office of the Attorney General`
                let of_title = of && before.lists.any(Lists::TITLE);
                let title = piece.lists.any(Lists::TITLE) && !surname && !of_title && !headed_later(run, end);
                let given = office && piece.lists.any(Lists::FIRST_NAME) && !surname;
                if title || given || piece.lists.any(Lists::CALENDAR) && !surname {
                    break;
                }
                end += 1;
            }
            PieceKind::Joiner(joiner) => {
                let Some(next) = (end..run.len()).find(|&next| run[next].kind == PieceKind::Name) else { break };
                let is_part = match joiner {
                    Joiner::Particle => !before.possessive,
                    Joiner::Ampersand => true,
                    Joiner::Of => {
                        let named = |piece: &Piece<'_>| piece.lists.any(Lists::HEAD) || is_realm(piece.text);
                        let dated = run[next].lists.any(Lists::CALENDAR);
                        !dated && !before.lists.any(Lists::COMPANY_FORM) && run[at..end].iter().any(named)
                    }
                    Joiner::And => {
                        let named = Lists::PLACE | Lists::ORGANIZATION | Lists::FIRST_NAME | Lists::TITLE;
                        let company = run[next..].iter().any(|piece| piece.lists.any(Lists::COMPANY_FORM));
                        let romance =
                            matches!(piece.text, "y" | "e" | "et") && run[at].lists.any(Lists::ORGANIZATION_HEAD);
                        let last = next + 1 == run.len();
                        let office = of
                            && last
                            && run[next].lists.any(Lists::ORGANIZATION_HEAD)
                            && run[next].text.ends_with('s');
                        let national = run[at].lists.any(Lists::BEGINS_BODY)
                            && !run[next].lists.any(named)
                            && run[next..].iter().take(3).any(|piece| piece.lists.any(Lists::ORGANIZATION_HEAD));
                        company
                            || romance
                            || office
                            || national
                            || of && !before.lists.any(named) && !run[next].lists.any(named | Lists::HEAD)
                    }
                };
                if !is_part {
                    break;
                }
                of |= joiner == Joiner::Of;
                end = next + 1;
            }
        }
    }
    end - at
}

/// How many of the `length` pieces from `at` on make a name, where what follows is a title that takes the last one: `U.S. District
/// Judge`, `Energy Cabinet Secretary`.
fn before_official(run: &[Piece<'_>], at: usize, length: usize) -> usize {
    let title = run.get(at + length).is_some_and(|next| next.lists.any(Lists::TITLE));
    let taken = matches!(run[at + length - 1].text, "District" | "Circuit" | "Cabinet" | "Assistant" | "Associate");
    if title && taken && length > 1 { length - 1 } else { length }
}

/// Whether the run goes on to the head of an organisation or place: `General Assembly`, `King Street`.
fn headed_later(run: &[Piece<'_>], at: usize) -> bool {
    run.get(at + 1).is_some_and(|next| next.lists.any(Lists::HEAD) && !next.lists.any(Lists::TITLE))
}

/// Whether `of` after it is part of a place's name.
fn is_realm(word: &str) -> bool {
    matches!(
        word,
        "Republic"
            | "Kingdom"
            | "Duchy"
            | "Principality"
            | "State"
            | "Gulf"
            | "Isle"
            | "Strait"
            | "Cape"
            | "Port"
            | "Rock"
            | "Sea"
    )
}

fn candidate(text: &str, part: &[Piece<'_>], titled: bool) -> Option<Candidate> {
    let (first, last) = (part.first()?, part.last()?);
    let mut end = last.span.end;
    if !last.lists.any(Lists::COMPANY_FORM | Lists::NAME_SUFFIX) || part.len() == 1 {
        // A full stop after the last word ends the sentence.
        end = last.span.start + last.text.len();
    }
    let span = ByteSpan::new(first.span.start, end);
    span.of(text)?;
    let words = part.iter().filter(|piece| piece.kind == PieceKind::Name).count();
    let idle = Lists::ADJECTIVE | Lists::CALENDAR | Lists::LABEL | Lists::TITLE | Lists::COMMON_ACRONYM | Lists::HEAD;
    if words == 1 && !titled && (first.lists.any(idle) || first.text.len() < 2) {
        return None;
    }
    if first.lists.any(Lists::LABEL) && words <= 2 {
        return None;
    }
    let surname =
        part.iter().rev().find(|piece| piece.kind == PieceKind::Name && !piece.lists.any(Lists::NAME_SUFFIX))?;
    let mut votes = own_votes(part, words);
    if titled {
        votes.person += 2.5;
    }
    Some(Candidate {
        span,
        tokens: (first.token, last.last_token),
        words,
        last_word: ByteSpan::new(surname.span.start, surname.span.start + surname.text.len()),
        votes,
        canonical: None,
    })
}

/// What the lists say of a name that is in them as a whole.
fn listed_votes(lists: Lists) -> Votes {
    let mut votes = Votes::default();
    if lists.any(Lists::COUNTRY | Lists::REGION) {
        votes.place += 2.5;
    } else if lists.any(Lists::CITY) {
        votes.place += 2.0;
    }
    if lists.any(Lists::ORGANIZATION) {
        votes.organization += 2.5;
    }
    if lists.any(Lists::FIRST_NAME | Lists::SURNAME) {
        votes.person += 0.5;
    }
    votes
}

/// What the words of a name say of it.
fn own_votes(part: &[Piece<'_>], words: usize) -> Votes {
    let mut votes = Votes::default();
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return votes };
    if words == 1 {
        votes.add(listed_votes(first.lists));
        if first.lists.any(Lists::FIRST_NAME) {
            votes.person += 0.6;
        } else if first.lists.any(Lists::SURNAME) {
            votes.person += 0.3;
        }
        if is_acronym(first.text) && first.text.len() <= 7 {
            votes.organization += 1.0;
        }
        return votes;
    }
    let ampersand = part.iter().any(|piece| piece.kind == PieceKind::Joiner(Joiner::Ampersand));
    if ampersand {
        votes.organization += 1.5;
    }
    if last.lists.any(Lists::COMPANY_FORM) {
        votes.organization += 3.0;
    }
    let of = part.windows(2).any(|pair| pair[0].lists.any(Lists::ORGANIZATION_HEAD) && pair[1].kind != PieceKind::Name);
    let given = first.lists.any(Lists::FIRST_NAME) && !first.lists.any(Lists::PLACE) && (2..=3).contains(&words);
    let surname = given && last.lists.any(Lists::HEAD_OR_SURNAME) && !of;
    if surname {
        // `Edwin Marsh`, `Hyde Park`: what stands around it decides where it speaks for a place.
        votes.person += 1.6;
        votes.place += 1.0;
        return votes;
    }
    if of || last.lists.any(Lists::ORGANIZATION_HEAD) {
        votes.organization += 2.5;
        return votes;
    }
    if last.lists.any(Lists::PLACE_HEAD) {
        votes.place += 2.2;
        return votes;
    }
    let second = &part[1];
    let located = first.lists.any(Lists::DIRECTION) && second.lists.any(Lists::PLACE);
    let realm = is_realm(first.text) && second.kind == PieceKind::Joiner(Joiner::Of);
    if first.lists.any(Lists::PLACE_START) || located || realm {
        votes.place += 1.8;
    }
    if first.lists.any(Lists::ORGANIZATION_HEAD) {
        votes.organization += 0.8;
    }
    // `Greenpeace Africa`
    if first.lists.any(Lists::ORGANIZATION) && second.lists.any(Lists::COUNTRY | Lists::REGION) && words == 2 {
        votes.organization += 1.5;
    }
    if (2..=4).contains(&words) && !ampersand && !first.lists.any(Lists::DIRECTION) {
        if first.lists.any(Lists::FIRST_NAME) {
            votes.person += 2.0;
        }
        if part[..part.len() - 1].iter().any(|piece| piece.text.chars().count() == 1 && piece.kind == PieceKind::Name) {
            votes.person += 1.6;
        }
        if last.lists.any(Lists::SURNAME) || !last.lists.any(Lists::ANY) && is_surname_by_ending(last.text) {
            votes.person += 1.0;
        }
        // Two or three words of which nothing is known are a person more often than not.
        if words <= 3 && part.iter().all(|piece| !piece.lists.any(Lists::ANY) && !is_acronym(piece.text)) {
            votes.person += 0.3;
        }
        if last.lists.any(Lists::NAME_SUFFIX) {
            votes.person += 1.0;
        }
    }
    votes
}
