//! Brings documents together into stories by average linkage (Sokal and Michener, 1958).
//!
//! The two clusters that are most alike become one, as long as their documents are alike by the threshold on average. How alike
//! they are on average follows from the sums of their vectors. Only clusters are looked at between which there is a link: two without
//! one have no two documents that reach the threshold.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::groups::Grouped;

/// Terms of the sum of a cluster, the heaviest: what lies beyond them decides nothing, and would make large clusters slow.
const LONGEST_SUM: usize = 512;

/// Terms and their weights, sorted by term.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Vector(Vec<(u64, f64)>);

impl Vector {
    /// The unit vector in the direction of these weights.
    pub(super) fn of(mut entries: Vec<(u64, f64)>) -> Self {
        entries.sort_unstable_by_key(|(term, _)| *term);
        let norm = entries.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        if norm > 0.0 {
            for (_, weight) in &mut entries {
                *weight /= norm;
            }
        }
        Self(entries)
    }

    pub(super) fn entries(&self) -> &[(u64, f64)] {
        &self.0
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|(term, weight)| [term.to_be_bytes(), weight.to_be_bytes()].concat()).collect()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let entry = |bytes: &[u8]| {
            let (term, weight) = bytes.split_first_chunk()?;
            Some((u64::from_be_bytes(*term), f64::from_be_bytes(*weight.first_chunk()?)))
        };
        Self(bytes.chunks_exact(16).filter_map(entry).collect())
    }

    fn get(&self, term: u64) -> f64 {
        self.0.binary_search_by_key(&term, |(term, _)| *term).map_or(0.0, |at| self.0[at].1)
    }

    fn times(&self, other: &Self) -> f64 {
        let (fewer, more) = if self.0.len() <= other.0.len() { (self, other) } else { (other, self) };
        if fewer.0.len() * 8 < more.0.len() {
            return fewer.0.iter().map(|(term, weight)| weight * more.get(*term)).sum();
        }
        let mut rest = more.0.as_slice();
        let mut sum = 0.0;
        for (term, weight) in &fewer.0 {
            let before = rest.iter().take_while(|(other, _)| other < term).count();
            rest = &rest[before..];
            if let Some((_, other)) = rest.first().filter(|(other, _)| other == term) {
                sum += weight * other;
            }
        }
        sum
    }

    fn plus(&self, other: &Self) -> Self {
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        loop {
            let next = match (one.peek(), two.peek()) {
                (Some((term, weight)), Some((other, more))) if term == other => {
                    let entry = (*term, weight + more);
                    two.next();
                    one.next();
                    entry
                }
                (Some(entry), Some((other, _))) if entry.0 < *other => {
                    let entry = **entry;
                    one.next();
                    entry
                }
                (_, Some(entry)) => {
                    let entry = **entry;
                    two.next();
                    entry
                }
                (Some(entry), None) => {
                    let entry = **entry;
                    one.next();
                    entry
                }
                (None, None) => return Self(sum),
            };
            sum.push(next);
        }
    }

    fn heaviest(mut self, most: usize) -> Self {
        if self.0.len() > most {
            self.0.sort_unstable_by(|(one, a), (other, b)| b.total_cmp(a).then(one.cmp(other)));
            self.0.truncate(most);
            self.0.sort_unstable_by_key(|(term, _)| *term);
        }
        self
    }
}

/// Documents that tell one story.
#[derive(Debug)]
pub(super) struct Story {
    /// Their places in the group.
    pub(super) members: Vec<usize>,
    /// How alike each is to the others on average, 0..=1; 1 for one that is alone.
    pub(super) similarities: Vec<f64>,
    /// The sum of their vectors.
    pub(super) centre: Vector,
}

impl Story {
    fn of(members: Vec<usize>, group: &[Grouped]) -> Self {
        let vectors = || members.iter().map(|member| &group[*member].vector);
        let mut all: Vec<(u64, f64)> = vectors().flat_map(|vector| vector.0.iter().copied()).collect();
        all.sort_by_key(|(term, _)| *term);
        let sum = |run: &[(u64, f64)]| (run[0].0, run.iter().map(|(_, weight)| weight).sum());
        let centre = Vector(all.chunk_by(|one, next| one.0 == next.0).map(sum).collect());
        let others = members.len().saturating_sub(1);
        let similarity = |vector: &Vector| {
            if others == 0 { 1.0 } else { ((vector.times(&centre) - 1.0) / others as f64).clamp(0.0, 1.0) }
        };
        let similarities = vectors().map(similarity).collect();
        Self { members, similarities, centre }
    }

    /// The terms of a document that it shares most with the others, or its own where it is alone.
    pub(super) fn shared_with(&self, vector: &Vector, most: usize) -> Vec<u64> {
        let shared = |(term, weight): &(u64, f64)| {
            let others = self.centre.get(*term) - weight;
            (*term, if self.members.len() == 1 { *weight } else { weight * others })
        };
        let mut shared: Vec<(u64, f64)> = vector.0.iter().map(shared).filter(|(_, weight)| *weight > 1e-9).collect();
        shared.sort_unstable_by(|(one, a), (other, b)| b.total_cmp(a).then(one.cmp(other)));
        shared.into_iter().take(most).map(|(term, _)| term).collect()
    }
}

/// A cluster on its way.
struct Cluster {
    members: Vec<usize>,
    sum: Vector,
    /// The clusters to which there is a link, some of which may be no more.
    linked: BTreeSet<usize>,
}

/// The stories in a group of documents with these links.
pub(super) fn stories_of(group: &[Grouped], links: &[(usize, usize)], threshold: f64) -> Vec<Story> {
    let cluster = |at: usize| Cluster { members: vec![at], sum: group[at].vector.clone(), linked: BTreeSet::new() };
    let mut clusters: Vec<Option<Cluster>> = (0..group.len()).map(|at| Some(cluster(at))).collect();
    let mut nearest = BinaryHeap::new();
    for &(one, other) in links {
        link(&mut clusters, one, other);
        link(&mut clusters, other, one);
        nearest.push(near(alike(&clusters, one, other), one, other));
    }
    while let Some((similarity, Reverse((one, other)))) = nearest.pop() {
        if f64::from_bits(similarity) < threshold {
            break;
        }
        if clusters[one].is_none() || clusters[other].is_none() {
            continue;
        }
        let (Some(a), Some(b)) = (clusters[one].take(), clusters[other].take()) else { continue };
        let made = clusters.len();
        let linked: BTreeSet<usize> = a.linked.union(&b.linked).copied().filter(|at| clusters[*at].is_some()).collect();
        let sum = a.sum.plus(&b.sum).heaviest(LONGEST_SUM);
        let members = [a.members, b.members].concat();
        clusters.push(Some(Cluster { members, sum, linked: linked.clone() }));
        for at in linked {
            link(&mut clusters, at, made);
            nearest.push(near(alike(&clusters, at, made), at, made));
        }
    }
    let story = |mut cluster: Cluster| {
        cluster.members.sort_unstable();
        Story::of(cluster.members, group)
    };
    clusters.into_iter().flatten().map(story).collect()
}

fn link(clusters: &mut [Option<Cluster>], of: usize, to: usize) {
    if let Some(cluster) = &mut clusters[of] {
        cluster.linked.insert(to);
    }
}

/// What comes first of two clusters to be made one: the most alike, then those that have been there longer. Similarities are not negative,
/// so that their bits are in their order.
fn near(similarity: f64, one: usize, other: usize) -> (u64, Reverse<(usize, usize)>) {
    (similarity.max(0.0).to_bits(), Reverse((one, other)))
}

/// How alike the documents of two clusters are on average.
fn alike(clusters: &[Option<Cluster>], one: usize, other: usize) -> f64 {
    let (Some(one), Some(other)) = (&clusters[one], &clusters[other]) else { return 0.0 };
    one.sum.times(&other.sum) / (one.members.len() * other.members.len()) as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grouped(vectors: &[Vec<(u64, f64)>]) -> Vec<Grouped> {
        (0..).zip(vectors).map(|(at, vector)| Grouped::of(at, Vector::of(vector.clone()))).collect()
    }

    fn all_links(count: usize) -> Vec<(usize, usize)> {
        (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other))).collect()
    }

    #[test]
    fn documents_that_are_alike_on_average_are_one_story() {
        let vectors = [vec![(1, 1.0), (2, 1.0)], vec![(1, 1.0), (2, 0.5)], vec![(2, 0.2), (3, 1.0)], vec![(3, 1.0)]];
        let group = grouped(&vectors);
        let members = |threshold| {
            let mut found: Vec<_> =
                stories_of(&group, &all_links(4), threshold).into_iter().map(|story| story.members).collect();
            found.sort();
            found
        };
        assert_eq!(members(0.5), [vec![0, 1], vec![2, 3]]);
        assert_eq!(members(0.99), [vec![0], vec![1], vec![2], vec![3]]);
        // Between the two there is a little: 0.138, 0.102 and nothing twice.
        assert_eq!(members(0.05), [vec![0, 1, 2, 3]]);
        assert_eq!(members(0.07), [vec![0, 1], vec![2, 3]]);
    }

    #[test]
    fn a_chain_is_not_one_story() {
        let chain: Vec<Vec<(u64, f64)>> = (0..6).map(|at| vec![(at, 1.0), (at + 1, 1.0)]).collect();
        let stories = stories_of(&grouped(&chain), &all_links(6), 0.4);
        assert!(stories.iter().all(|story| story.members.len() <= 2), "{stories:?}");
    }

    #[test]
    fn what_a_document_shares_is_told_by_its_terms() {
        let group = grouped(&[vec![(1, 1.0), (2, 1.0), (3, 0.1)], vec![(1, 1.0), (3, 1.0)]]);
        let story = &stories_of(&group, &[(0, 1)], 0.1)[0];
        assert_eq!(story.shared_with(&group[0].vector, 8), [1, 3]);
        assert!((story.similarities[0] - story.similarities[1]).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn sums_and_products_are_those_of_a_slow_reference(
            one in prop::collection::btree_map(0_u64..40, 0.1_f64..1.0, 0..30),
            other in prop::collection::btree_map(0_u64..400, 0.1_f64..1.0, 0..200),
        ) {
            let (a, b) = (Vector(one.clone().into_iter().collect()), Vector(other.clone().into_iter().collect()));
            let product: f64 = one.iter().filter_map(|(term, weight)| Some(weight * other.get(term)?)).sum();
            prop_assert!((a.times(&b) - product).abs() < 1e-9);
            let mut sum = one;
            for (term, weight) in other {
                *sum.entry(term).or_default() += weight;
            }
            prop_assert_eq!(a.plus(&b), Vector(sum.into_iter().collect()));
        }
    }
}
