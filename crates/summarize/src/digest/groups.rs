//! Groups of documents that are linked, each small enough for memory, and the stories in them.

use std::io;

use docmill_spill::{Records, Sorter, Spool};

use super::earlier::Goings;
use super::gathered::Part;
use super::linkage::{Story, Vector, stories_of};
use super::pairs::{Links, numbers, spooled};

/// Most documents of a group, and so of a story.
const LARGEST: i32 = 1000;

/// Terms that tell why a document is in its story.
const EVIDENCE: usize = 8;

/// Which documents are in one group (a union-find: Galler and Fischer, 1964): four bytes a document.
struct Groups {
    /// The number of the parent; of a root, the size of its group, negative.
    parents: Vec<i32>,
}

impl Groups {
    fn of(count: usize) -> Self {
        Self { parents: vec![-1; count] }
    }

    fn root(&mut self, mut of: usize) -> usize {
        while let Ok(parent) = usize::try_from(self.parents[of]) {
            if let Ok(next) = usize::try_from(self.parents[parent]) {
                self.parents[of] = i32::try_from(next).unwrap_or_default();
            }
            of = parent;
        }
        of
    }

    /// Makes one group of two, unless it would be too large.
    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        let size = self.parents[one].saturating_add(self.parents[other]);
        if one == other || size < -LARGEST {
            return;
        }
        let (root, child) = if self.parents[one] <= self.parents[other] { (one, other) } else { (other, one) };
        self.parents[root] = size;
        self.parents[child] = i32::try_from(root).unwrap_or_default();
    }
}

/// The parts of all documents in their stories, to be sorted by position. `vectors` are a position and a vector for each.
pub(super) fn stories(
    vectors: Spool,
    count: usize,
    mut links: Links,
    threshold: f64,
    memory: u64,
    goings: &mut Goings<'_>,
) -> io::Result<Sorter> {
    if i32::try_from(count).is_err() {
        return Err(io::Error::other("a digest can hold 2 billion documents"));
    }
    let mut groups = Groups::of(count);
    // The most alike first: what is too much for a group is what is linked least.
    let links = spooled(&mut links, |one, other| groups.join(one as usize, other as usize))?;
    let mut parts = Sorter::new(memory / 2);
    let members = members(vectors.finish()?, &mut groups, memory / 2, &mut parts, goings)?;
    let within = within(links.finish()?, &mut groups, memory)?;
    each_group(members, within, |members, links| {
        for story in stories_of(&members, &links, threshold) {
            add(&story, &members, &mut parts, goings)?;
        }
        Ok(())
    })?;
    Ok(parts)
}

/// A document of a group.
pub(super) struct Grouped {
    /// Its number among all.
    pub(super) number: u32,
    position: u64,
    pub(super) vector: Vector,
}

/// The documents of groups, by root and number. Who is alone is a story at once.
fn members(
    mut vectors: Records,
    groups: &mut Groups,
    memory: u64,
    parts: &mut Sorter,
    goings: &mut Goings<'_>,
) -> io::Result<Sorter> {
    let mut members = Sorter::new(memory);
    let mut number = 0_u32;
    while let Some(record) = vectors.next_record()? {
        let root = groups.root(number as usize);
        if groups.parents[root] == -1 {
            let alone = grouped(number, record)?;
            let story = Story { members: vec![0], similarities: vec![1.0], centre: alone.vector.clone() };
            add(&story, &[alone], parts, goings)?;
        } else {
            let root = u32::try_from(root).map_err(io::Error::other)?;
            members.push(&[&root.to_be_bytes()[..], &number.to_be_bytes(), record].concat())?;
        }
        number += 1;
    }
    Ok(members)
}

fn grouped(number: u32, record: &[u8]) -> io::Result<Grouped> {
    let (position, vector) = record.split_first_chunk().ok_or(io::ErrorKind::InvalidData)?;
    Ok(Grouped { number, position: u64::from_be_bytes(*position), vector: Vector::from_bytes(vector) })
}

/// The links within groups, by root.
fn within(mut links: Records, groups: &mut Groups, memory: u64) -> io::Result<Sorter> {
    let mut within = Sorter::new(memory);
    while let Some(link) = links.next_record()? {
        let (one, other) = numbers(link);
        let root = groups.root(one as usize);
        if root == groups.root(other as usize) {
            let root = u32::try_from(root).map_err(io::Error::other)?;
            within.push(&[&root.to_be_bytes()[..], link].concat())?;
        }
    }
    Ok(within)
}

/// Hands each group with its links, as places in the group, to `work`.
fn each_group(
    members: Sorter,
    links: Sorter,
    mut work: impl FnMut(Vec<Grouped>, Vec<(usize, usize)>) -> io::Result<()>,
) -> io::Result<()> {
    let (mut members, mut links) = (members.finish()?, links.finish()?);
    let mut next_link = links.next_record()?.map(<[u8]>::to_vec);
    let mut group: Vec<Grouped> = Vec::new();
    let mut current: Option<[u8; 4]> = None;
    loop {
        let record = members.next_record()?;
        let root = record.and_then(|record| record.first_chunk::<4>().copied());
        if root != current {
            let mut pairs = Vec::new();
            while let Some(link) = next_link.take_if(|link| link.first_chunk() == current.as_ref()) {
                let (one, other) = numbers(&link[4..]);
                let place = |number: u32| group.binary_search_by_key(&number, |member| member.number).ok();
                pairs.extend(place(one).zip(place(other)));
                next_link = links.next_record()?.map(<[u8]>::to_vec);
            }
            if !group.is_empty() {
                work(std::mem::take(&mut group), pairs)?;
            }
            current = root;
        }
        let Some(record) = record else { return Ok(()) };
        let number = record[4..].first_chunk().map_or(0, |number| u32::from_be_bytes(*number));
        group.push(grouped(number, &record[8..])?);
    }
}

/// Adds the part of each document of a story, which is named by the least number.
fn add(story: &Story, members: &[Grouped], parts: &mut Sorter, goings: &mut Goings<'_>) -> io::Result<()> {
    let Some(number) = story.members.iter().map(|member| members[*member].number).min() else { return Ok(()) };
    goings.meet(number, &story.centre);
    for (member, similarity) in story.members.iter().zip(&story.similarities) {
        let Grouped { position, vector, .. } = &members[*member];
        let terms = story.shared_with(vector, EVIDENCE);
        parts.push(&Part { position: *position, story: number, similarity: *similarity, terms }.to_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
impl Grouped {
    /// A document with this number.
    pub(super) fn of(number: u32, vector: Vector) -> Self {
        Self { number, position: u64::from(number), vector }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_does_not_grow_beyond_its_bound() {
        let mut groups = Groups::of(3000);
        (1..3000).for_each(|at| groups.join(at - 1, at));
        let mut sizes = vec![0; 3000];
        (0..3000).for_each(|at| sizes[groups.root(at)] += 1);
        assert_eq!(sizes.iter().max(), Some(&1000));
        assert_eq!(sizes.iter().sum::<i32>(), 3000);
    }
}
