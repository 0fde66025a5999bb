//! Which lines many documents of a group have, however many documents, lines and groups there are.
//!
//! All (group, line, position) go through a sorter, so that the documents of one line come together and can be counted. They
//! are read once more when the count is known; the lines of one document alone are not kept for that.

use std::io;

use docmill_core::{Aggregate, Findings};
use docmill_spill::{Records, Sorted, Sorter, Spool};

use crate::findings::Found;

/// Bytes of a group at the beginning of an observation, and of a record.
pub(super) const GROUP: usize = 8;
/// Bytes of a group and a line.
const KEY: usize = 2 * GROUP;
/// Bytes of a group, a line and a position.
const RECORD: usize = 3 * GROUP;
/// Stands in the place of a line, and before all of them, in a record for each document of the group.
const ANY: [u8; 8] = [0; 8];

/// From when on a line is repeated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared {
    /// In how many documents.
    pub(super) documents: u64,
    /// In what share of the group.
    pub(super) share: f64,
}

impl Shared {
    fn holds(self, documents: u64, group: u64) -> bool {
        documents >= self.documents && documents as f64 >= self.share * group as f64
    }
}

/// The lines of all documents so far.
pub(super) struct Counts {
    shared: Shared,
    memory: u64,
    sorter: Sorter,
}

impl Counts {
    /// For a stage that may hold `memory` bytes.
    pub(super) fn new(shared: Shared, memory: u64) -> Self {
        Self { shared, memory, sorter: Sorter::new(memory / 2) }
    }
}

impl Aggregate for Counts {
    /// The observation is the group, and the hashes of the lines, of which none is 0.
    fn add(&mut self, position: u64, _uri: &str, observation: &[u8]) -> io::Result<()> {
        let (group, lines) = observation.split_at_checked(GROUP).ok_or(io::ErrorKind::InvalidData)?;
        let mut record = [0; RECORD];
        record[..GROUP].copy_from_slice(group);
        record[KEY..].copy_from_slice(&position.to_be_bytes());
        for line in [ANY.as_slice()].into_iter().chain(lines.chunks_exact(ANY.len())) {
            record[GROUP..KEY].copy_from_slice(line);
            self.sorter.push(&record)?;
        }
        Ok(())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let (mut lines, mut repeated) = counted(self.sorter.finish()?, self.shared)?;
        let mut found = Found::new(self.memory / 2);
        while let Some(count) = repeated.next_record()? {
            let (documents, is_repeated) = count.split_first_chunk().ok_or(io::ErrorKind::InvalidData)?;
            for _ in 0..u64::from_le_bytes(*documents) {
                let Some(record) = lines.next_record()? else { break };
                if let Some(position) = record.last_chunk().filter(|_| is_repeated == [1]) {
                    found.push(u64::from_be_bytes(*position), &record[GROUP..KEY])?;
                }
            }
        }
        found.findings()
    }
}

/// The records of each line that several documents have; and for each such line how many these are, and whether it is repeated.
fn counted(mut sorted: Sorted, shared: Shared) -> io::Result<(Records, Records)> {
    let (mut lines, mut counts) = (Spool::new()?, Spool::new()?);
    let mut before = [0; RECORD];
    let (mut documents, mut group) = (0_u64, 0_u64);
    let mut end = |documents: u64, group: u64| {
        if documents < 2 {
            return Ok(());
        }
        let is_repeated = u8::from(shared.holds(documents, group));
        counts.push(&[documents.to_le_bytes().as_slice(), &[is_repeated]].concat()).map(|_| ())
    };
    while let Some(record) = sorted.next_record()? {
        if record[GROUP..KEY] == ANY {
            // The group's own records come before those of its lines.
            end(std::mem::take(&mut documents), group)?;
            group = if before[..KEY] == record[..KEY] { group + 1 } else { 1 };
        } else if documents > 0 && before[..KEY] == record[..KEY] {
            if documents == 1 {
                lines.push(&before)?;
            }
            lines.push(record)?;
            documents += 1;
        } else {
            end(documents, group)?;
            documents = 1;
        }
        before.copy_from_slice(record);
    }
    end(documents, group)?;
    Ok((lines.finish()?, counts.finish()?))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// The lines that are found to be repeated in each document.
    fn found(documents: &[(u64, BTreeSet<u64>)], shared: Shared, memory: u64) -> Vec<Vec<u64>> {
        let mut aggregate = Box::new(Counts::new(shared, memory));
        for (position, (group, lines)) in (0..).zip(documents) {
            let observation: Vec<u8> =
                [group].into_iter().chain(lines).flat_map(|number| number.to_be_bytes()).collect();
            aggregate.add(position, "", &observation).unwrap();
        }
        let mut findings = aggregate.conclude().unwrap();
        let numbers =
            |finding: Vec<u8>| finding.chunks(8).map(|line| u64::from_be_bytes(line.try_into().unwrap())).collect();
        (0..documents.len()).map(|position| numbers(findings.finding(position as u64).unwrap())).collect()
    }

    /// The same, counted in memory.
    fn expected(documents: &[(u64, BTreeSet<u64>)], shared: Shared) -> Vec<Vec<u64>> {
        let (mut groups, mut counts): (BTreeMap<u64, u64>, BTreeMap<(u64, u64), u64>) = Default::default();
        for (group, lines) in documents {
            *groups.entry(*group).or_default() += 1;
            for line in lines {
                *counts.entry((*group, *line)).or_default() += 1;
            }
        }
        let repeated = |group: u64, line: u64| shared.holds(counts[&(group, line)], groups[&group]);
        let of = |(group, lines): &(u64, BTreeSet<u64>)| {
            lines.iter().copied().filter(|&line| repeated(*group, line)).collect()
        };
        documents.iter().map(of).collect()
    }

    #[test]
    fn what_does_not_fit_in_memory_is_counted_all_the_same() {
        let lines = |number: u64| (0..20).map(|line| 1 + line * number % 97).collect();
        let documents: Vec<_> = (0..2000).map(|number| (number % 3, lines(number))).collect();
        let shared = Shared { documents: 10, share: 0.2 };
        let expected = expected(&documents, shared);
        assert_eq!(found(&documents, shared, 0), expected);
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_map(
            documents in prop::collection::vec((0_u64..4, prop::collection::btree_set(1_u64..9, 0..5)), 0..40),
            at_least in 2_u64..4,
            share in prop::sample::select(vec![0.0, 0.3, 0.5, 1.0]),
        ) {
            let shared = Shared { documents: at_least, share };
            prop_assert_eq!(found(&documents, shared, 0), expected(&documents, shared));
        }
    }
}
