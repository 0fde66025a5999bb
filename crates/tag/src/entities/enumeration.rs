//! Names in a row, such as `Gao, Kidal and Timbuktu`: what is known of some speaks for the others.

use super::candidate::{Candidate, Votes};
use super::run::Runs;

/// What the neighbours of each candidate say of it.
pub(super) fn votes(runs: &Runs<'_>, candidates: &[Candidate]) -> Vec<Votes> {
    let mut votes = vec![Votes::default(); candidates.len()];
    let mut start = 0;
    while start < candidates.len() {
        let (end, closed) = row(runs, candidates, start);
        let names = candidates.get(start..end).unwrap_or_default();
        if let Some(vote) = common_kind(names).filter(|_| closed) {
            for (candidate, votes) in names.iter().zip(votes.iter_mut().skip(start)) {
                if candidate.votes.strongest() < UNKNOWN {
                    votes.add(vote);
                }
            }
        }
        start = end;
    }
    votes
}

/// Of names with fewer votes nothing is known.
const UNKNOWN: f64 = 0.5;

/// Names with more votes are places or organisations for sure.
const KNOWN: f64 = 2.0;

/// The end of the row that begins with the candidate `start`, and whether an `and` or `or` closes it.
fn row(runs: &Runs<'_>, candidates: &[Candidate], start: usize) -> (usize, bool) {
    let mut end = start + 1;
    while let (Some(before), Some(next)) = (candidates.get(end - 1), candidates.get(end)) {
        match (next.tokens.0.saturating_sub(before.tokens.1), runs.at(before.tokens.1 + 1)) {
            (2, "and" | "or") => return (end + 1, true),
            (3, ",") if matches!(runs.at(before.tokens.1 + 2), "and" | "or") => return (end + 1, true),
            (2, ",") => end += 1,
            _ => break,
        }
    }
    (end, false)
}

/// The kind of those names in the row that are known, where it is one; a longer row says more.
fn common_kind(names: &[Candidate]) -> Option<Votes> {
    let places = names.iter().filter(|name| name.votes.place >= KNOWN).count();
    let organizations = names.iter().filter(|name| name.votes.organization >= KNOWN).count();
    let people = names.iter().filter(|name| name.votes.person >= KNOWN).count();
    let weight = if names.len() > 2 { 1.0 } else { 0.6 };
    match (places, organizations, people) {
        (1.., 0, 0) => Some(Votes { place: weight, ..Votes::default() }),
        (0, 1.., 0) => Some(Votes { organization: weight, ..Votes::default() }),
        _ => None,
    }
}
