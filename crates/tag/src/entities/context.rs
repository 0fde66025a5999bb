//! What stands around a name, and what it says of it.

use docmill_analysis::TokenKind;

use super::candidate::{Candidate, Votes};
use super::lexicon::{Lists, lists};
use super::run::{Runs, is_acronym, is_capitalized};

/// How far after a comma the noun of an apposition is looked for, in tokens.
const APPOSITION: usize = 7;

/// What stands before and after the candidate says this of it.
pub(super) fn votes(runs: &Runs<'_>, candidate: &Candidate, nouns_are_capitalized: bool) -> Votes {
    let (first, last) = candidate.tokens;
    let mut votes = before(runs, first, candidate);
    // Where every noun has a capital, `in Bewegung` is no place.
    if nouns_are_capitalized && candidate.votes.strongest() < 0.5 {
        return Votes::default();
    }
    if runs.is_possessive(last) {
        votes.add(possession(runs, last + 1));
        return votes;
    }
    // `In Saltmere, the committee`: the phrase goes on with another name.
    let located = votes.place >= 1.0;
    if !(located && runs.at(last + 1) == ",") {
        votes.add(after(runs, last + 1));
    }
    if runs.at(last + 1) == "to"
        && first > 0
        && matches!(runs.at(first - 1), "from" | "From")
        && runs.is_capitalized(last + 2)
    {
        votes.place += 0.6;
    }
    votes
}

/// `Novatek's chief executive`, `Gwadar's mayor`: what belongs to it says what it is.
fn possession(runs: &Runs<'_>, next: usize) -> Votes {
    let mut votes = Votes::default();
    match (runs.at(next), runs.at(next + 1)) {
        ("chief" | "managing", "executive" | "director" | "economist")
        | (
            "shareholders" | "shares" | "headquarters" | "subsidiary" | "customers" | "revenue" | "revenues"
            | "profits" | "chairman" | "chairwoman" | "spokesman" | "spokeswoman" | "board" | "website" | "editor"
            | "engineers",
            _,
        ) => votes.organization += 1.0,
        ("prime" | "foreign" | "interior" | "finance" | "deputy" | "central", "minister" | "mayor" | "bank")
        | (
            "government" | "parliament" | "mayor" | "president" | "army" | "capital" | "economy" | "currency" | "coast"
            | "population" | "constitution" | "border" | "streets" | "residents" | "harbor" | "harbour" | "port",
            _,
        ) => votes.place += 1.0,
        (
            "wife" | "husband" | "daughter" | "son" | "father" | "mother" | "lawyer" | "lawyers" | "death" | "brother",
            _,
        ) => {
            votes.person += 0.8;
        }
        _ => {}
    }
    votes
}

fn before(runs: &Runs<'_>, first: usize, candidate: &Candidate) -> Votes {
    let mut votes = Votes::default();
    let Some(previous) = first.checked_sub(1) else { return votes };
    let word = runs.at(previous);
    if matches!(word, "the" | "The") {
        votes.organization += 0.4;
        votes.person -= 1.0;
        return votes;
    }
    let cue = lists(word);
    if cue.any(Lists::LOCATIVE) || matches!(word, "In" | "Near" | "Outside" | "À" | "En" | "Across") {
        votes.place += if candidate.words <= 2 { 1.0 } else { 0.5 };
    } else if cue.any(Lists::DIRECTIVE) {
        votes.place += 0.4;
        // `from Zaranj to Delaram`
        let from = previous.checked_sub(2).map_or("", |at| runs.at(at));
        votes.place += if word == "to" && matches!(from, "from" | "From") { 0.6 } else { 0.0 };
    }
    // `the town of Saltmere`, `the mayor of Saltmere`
    if matches!(word, "of" | "de" | "von") {
        let ruled = previous.checked_sub(1).map_or("", |at| runs.at(at));
        let place = lists(ruled).any(Lists::PLACE_NOUN)
            || matches!(
                ruled,
                "mayor" | "governor" | "maire" | "alcalde" | "alcaldesa" | "people" | "residents" | "streets"
            );
        votes.place += if place { 1.2 } else { 0.0 };
    }
    // `mayor Petra Lund`, `the mayor, Petra Lund`
    let role = if word == "," { previous.checked_sub(1).map_or("", |at| runs.at(at)) } else { word };
    if lists(role).any(Lists::ROLE) && !is_capitalized(role) {
        votes.person += match word {
            "," if candidate.words < 2 => 0.9,
            "," => 1.2,
            _ => 1.3,
        };
    }
    votes
}

fn after(runs: &Runs<'_>, next: usize) -> Votes {
    let mut votes = Votes::default();
    match runs.at(next) {
        "who" | "whose" => votes.person += 1.2,
        "," => votes.add(apposition(runs, next + 1)),
        word => {
            if lists(word).any(Lists::SPEECH) {
                votes.person += 0.8;
                votes.organization += 0.3;
            }
        }
    }
    votes
}

fn apposition(runs: &Runs<'_>, start: usize) -> Votes {
    let mut votes = Votes::default();
    let word = runs.at(start);
    let aged = matches!(runs.at(start + 1), "," | ")" | ".") && is_age(runs, start);
    if aged || matches!(word, "who" | "whose") {
        votes.person += 1.5;
    } else if is_capitalized(word) {
        let follows = if lists(word).any(Lists::COUNTRY | Lists::REGION) { 1.2 } else { 0.0 };
        votes.place += follows;
    } else {
        for at in start..start + APPOSITION {
            let word = runs.at(at);
            if matches!(
                word,
                "" | ","
                    | "."
                    | ";"
                    | "("
                    | "of"
                    | "and"
                    | "that"
                    | "which"
                    | "but"
                    | "where"
                    | "in"
                    | "on"
                    | "for"
                    | "near"
            ) || matches!(word, "to" | "with" | "from" | "at" | "by")
            {
                break;
            }
            let cue = lists(word);
            if cue.any(Lists::ROLE) {
                votes.person += 1.5;
                break;
            }
            // `a town council`: the last noun counts, not one before another noun.
            let noun = Lists::ROLE | Lists::ORGANIZATION_NOUN | Lists::PLACE_NOUN;
            if cue.any(noun)
                && (at + 1..at + 3).any(|next| lists(runs.at(next)).any(noun) && is_compound(runs, at, next))
            {
                continue;
            }
            if cue.any(Lists::ORGANIZATION_NOUN) {
                votes.organization += 1.5;
                break;
            }
            if cue.any(Lists::PLACE_NOUN) {
                votes.place += 1.5;
                break;
            }
        }
    }
    votes
}

/// Whether the words between two nouns, if any, leave them in one compound: `state oil company`.
fn is_compound(runs: &Runs<'_>, noun: usize, next: usize) -> bool {
    let small = |word: &str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    (noun + 1..next)
        .all(|at| small(runs.at(at)) && !matches!(runs.at(at), "and" | "that" | "which" | "for" | "the" | "from"))
}

/// Whether the token is a number that may be somebody's age.
fn is_age(runs: &Runs<'_>, at: usize) -> bool {
    runs.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Number)
        && matches!(runs.at(at).parse::<u8>(), Ok(1..=119))
}

/// The acronym in parentheses at the token, where its letters begin words of `name`.
pub(super) fn acronym<'a>(runs: &Runs<'a>, at: usize, name: &str) -> Option<&'a str> {
    let acronym = runs.at(at + 1);
    if runs.at(at) != "(" || runs.at(at + 2) != ")" || !is_acronym(acronym) || acronym.len() > 10 {
        return None;
    }
    let mut initials = name.split([' ', '-', '\n']).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase);
    // Each letter begins a word, in order; small words may be passed over.
    acronym.chars().all(|letter| initials.any(|initial| initial == letter)).then_some(acronym)
}
