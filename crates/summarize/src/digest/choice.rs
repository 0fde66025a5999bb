//! Chooses the headline of a story and the sentences that say most of it.

use rustc_hash::FxHashMap;

use super::earlier::{EarlierStory, Goings};
use super::finding::{Finding, Taken};
use super::gathered::Part;
use super::observation::{Said, Told};
use crate::centrality::{Vectors, centralities};

/// The documents of a story of which sentences are looked at, those most like the others.
const MOST_DOCUMENTS: usize = 128;

/// How much counts how central a sentence is in the story; the rest is what it counts in its document.
const CENTRAL: f64 = 0.6;

/// Sentences that are so alike say the same.
const SAME: f64 = 0.55;

/// How much of its worth a sentence keeps that repeats another, were it word by word.
const REPEATED: f64 = 0.2;

/// How much of its worth a sentence keeps for each one of the same document that is taken already.
const SAME_DOCUMENT: f64 = 0.4;

/// A document of a story.
pub(super) struct Member {
    pub(super) part: Part,
    pub(super) told: Told,
}

impl Member {
    /// Documents come by their date; those without one first.
    pub(super) fn order(&self) -> (&str, &str, u64) {
        (&self.told.date, &self.told.id, self.part.position)
    }
}

/// What is found about each document of a story, by its position. The documents are in their order.
pub(super) fn chosen(
    members: &[Member],
    most: usize,
    earlier: Option<&EarlierStory>,
    goings: &Goings<'_>,
) -> Vec<(u64, Finding)> {
    let is_new = |member: &Member| earlier.is_none_or(|earlier| !earlier.documents.contains(&member.told.id));
    let fresh: Vec<usize> = (0..members.len()).filter(|at| is_new(&members[*at])).collect();
    let headline = if fresh.is_empty() {
        headline(members, &(0..members.len()).collect::<Vec<_>>())
    } else {
        headline(members, &fresh)
    };
    let said = earlier.map_or(&[][..], |earlier| &earlier.said);
    let sentences = sentences(members, &fresh, said, most);
    let story = name(members, earlier, goings);
    let uri = members.first().map(|member| member.told.uri.as_str()).unwrap_or_default();
    let label = headline.map_or(uri, |(_, said)| &said.text);
    let finding = |(at, Member { part, told: _ }): (usize, &Member)| {
        let of_this = sentences.iter().filter(|(member, _)| *member == at).map(|(_, taken)| *taken);
        let finding = Finding {
            story: story.clone(),
            label: label.to_owned(),
            documents: members.len(),
            similarity: (part.similarity * 1e4).round() / 1e4,
            terms: part.terms.clone(),
            headline: headline
                .filter(|(member, _)| *member == at)
                .map_or_else(Vec::new, |(_, said)| said.spans.clone()),
            sentences: of_this.collect(),
        };
        (part.position, finding)
    };
    members.iter().enumerate().map(finding).collect()
}

/// The name of a story: that of the earlier one that it goes on, or the id of its first document whose id is no other's name.
fn name(members: &[Member], earlier: Option<&EarlierStory>, goings: &Goings<'_>) -> String {
    if let Some(earlier) = earlier {
        return earlier.id.clone();
    }
    let mut ids = members.iter().map(|member| &member.told.id);
    let first = ids.clone().next().cloned().unwrap_or_default();
    ids.find(|id| !goings.is_taken(id)).cloned().unwrap_or_else(|| first + "-2")
}

/// The headline that shares most with the others, and the document that it comes from.
fn headline<'m>(members: &'m [Member], among: &[usize]) -> Option<(usize, &'m Said)> {
    let headlines: Vec<(usize, &Said)> =
        among.iter().filter_map(|at| Some((*at, members[*at].told.headline.as_ref()?))).collect();
    let vectors = Rows::of(headlines.iter().map(|(_, said)| &said.stems[..])).vectors();
    if headlines.is_empty() {
        return None;
    }
    let central = centralities(&vectors);
    let worth = |place: usize| {
        let (at, said) = headlines[place];
        central[place] * (0.5 + 0.5 * said.score) * (0.5 + 0.5 * members[at].part.similarity)
    };
    let best = (0..headlines.len()).reduce(|best, next| if worth(next) > worth(best) { next } else { best })?;
    Some(headlines[best])
}

/// The sentences to take, the best first, each with the document that it comes from. What was `said` before is not said again.
fn sentences(members: &[Member], fresh: &[usize], said: &[Vec<u32>], most: usize) -> Vec<(usize, Taken)> {
    let mut looked_at = fresh.to_vec();
    looked_at.sort_by(|one, other| members[*other].part.similarity.total_cmp(&members[*one].part.similarity));
    looked_at.truncate(MOST_DOCUMENTS);
    looked_at.sort_unstable();
    let of = |at: usize| members[at].told.sentences.iter().map(move |said| (at, said));
    let candidates: Vec<(usize, &Said)> = looked_at.into_iter().flat_map(of).collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let rows = candidates.iter().map(|(_, said)| &said.stems[..]).chain(said.iter().map(Vec::as_slice));
    let vectors = Rows::of(rows).vectors();
    let central = centralities(&vectors);
    let worth = |at: usize| CENTRAL * central[at] + (1.0 - CENTRAL) * candidates[at].1.score;
    let mut left: Vec<f64> = (0..candidates.len()).map(worth).collect();
    (candidates.len()..vectors.len()).for_each(|row| mark_down(&mut left, &vectors, row));
    let mut taken = Vec::new();
    while taken.len() < most {
        let alive = (0..left.len()).filter(|at| left[*at].is_finite());
        let Some(best) = alive.reduce(|best, next| if left[next] > left[best] { next } else { best }) else { break };
        let (member, said) = candidates[best];
        left[best] = f64::NEG_INFINITY;
        mark_down(&mut left, &vectors, best);
        for (left, _) in left.iter_mut().zip(&candidates).filter(|(_, (of, _))| *of == member) {
            *left *= SAME_DOCUMENT;
        }
        let Some(&(start, end)) = said.spans.first() else { continue };
        let score = (worth(best).clamp(0.0, 1.0) * 1e4).round() / 1e4;
        taken.push((member, Taken { place: taken.len() + 1, start, end, score }));
    }
    taken
}

/// Marks down what repeats a row, and takes out what says the same.
fn mark_down(left: &mut [f64], vectors: &Vectors, row: usize) {
    for (left, similarity) in left.iter_mut().zip(vectors.similarities(row)).filter(|(left, _)| left.is_finite()) {
        if similarity > SAME {
            *left = f64::NEG_INFINITY;
        } else {
            *left *= 1.0 - (1.0 - REPEATED) * similarity.max(0.0);
        }
    }
}

/// Rows of stems, as numbers in the order in which they are met.
struct Rows {
    rows: Vec<Vec<u32>>,
    distinct: usize,
}

impl Rows {
    fn of<'s>(stems: impl Iterator<Item = &'s [u32]>) -> Self {
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        let mut number = |stem: &u32| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry(*stem).or_insert(next)
        };
        let rows: Vec<Vec<u32>> = stems.map(|row| row.iter().map(&mut number).collect()).collect();
        Self { rows, distinct: numbers.len() }
    }

    fn vectors(&self) -> Vectors {
        Vectors::new(&self.rows, self.distinct)
    }
}
