//! In how many documents each term occurs, however many documents and terms there are.
//!
//! Terms are hashes of 64 bits. All (term, position) go through a [`Sorter`], so that the documents of one term come together and
//! can be counted; then all (position, term, count) go through another, so that the counts of one document do. Both hold no
//! more than the memory of the run's corpus-wide stages; between them the records wait in files.

use std::io;

use docmill_core::{Aggregate, Findings};
use docmill_spill::{Sorted, Sorter, Spool};

/// A term and a position.
const OCCURRENCE: usize = 16;
/// A position, a term and a count.
const COUNT: usize = 20;

/// The terms of a document as an observation: sorted, each once.
pub(super) fn observation(terms: &[u64]) -> Vec<u8> {
    terms.iter().flat_map(|term| term.to_be_bytes()).collect()
}

/// The counts in a finding: as many and in the same order as the terms of the observation.
pub(super) fn counts(finding: &[u8]) -> Vec<u32> {
    finding.chunks_exact(4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect()
}

/// The terms of all documents so far.
pub(super) struct Occurrences {
    memory: u64,
    sorter: Sorter,
}

impl Occurrences {
    /// For a stage that may hold so many bytes.
    pub(super) fn new(memory: u64) -> Self {
        Self { memory, sorter: Sorter::new(memory) }
    }
}

impl Aggregate for Occurrences {
    fn add(&mut self, position: u64, _uri: &str, observation: &[u8]) -> io::Result<()> {
        let mut record = [0; OCCURRENCE];
        record[8..].copy_from_slice(&position.to_be_bytes());
        for term in observation.chunks_exact(8) {
            record[..8].copy_from_slice(term);
            self.sorter.push(&record)?;
        }
        Ok(())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let (mut occurrences, mut counts) = counted(self.sorter.finish()?)?;
        let mut sorter = Sorter::new(self.memory);
        let mut record = [0; COUNT];
        while let Some(count) = counts.next_record()? {
            let documents = u32::from_le_bytes(count.try_into().map_err(io::Error::other)?);
            record[16..].copy_from_slice(&documents.to_le_bytes());
            for _ in 0..documents {
                let Some(occurrence) = occurrences.next_record()? else { break };
                let (term, position) = occurrence.split_at(8);
                record[..8].copy_from_slice(position);
                record[8..16].copy_from_slice(term);
                sorter.push(&record)?;
            }
        }
        Ok(Box::new(Counts { sorted: sorter.finish()?, next: None }))
    }
}

/// The occurrences once more, and how many there are of each term, in the same order.
fn counted(mut sorted: Sorted) -> io::Result<(docmill_spill::Records, docmill_spill::Records)> {
    let (mut occurrences, mut counts) = (Spool::new()?, Spool::new()?);
    let mut term = [0; 8];
    let mut documents: u32 = 0;
    while let Some(record) = sorted.next_record()? {
        if record[..8] != term && documents > 0 {
            counts.push(&documents.to_le_bytes())?;
            documents = 0;
        }
        term.copy_from_slice(&record[..8]);
        documents = documents.checked_add(1).ok_or_else(|| io::Error::other("a term in 2^32 documents"))?;
        occurrences.push(record)?;
    }
    if documents > 0 {
        counts.push(&documents.to_le_bytes())?;
    }
    Ok((occurrences.finish()?, counts.finish()?))
}

/// The counts of each document, in the order of the documents.
struct Counts {
    sorted: Sorted,
    /// The first record of a later document than the last one that was asked for.
    next: Option<[u8; COUNT]>,
}

impl Findings for Counts {
    fn finding(&mut self, position: u64) -> io::Result<Vec<u8>> {
        let mut finding = Vec::new();
        loop {
            let record = match self.next.take() {
                Some(record) => record,
                None => match self.sorted.next_record()? {
                    Some(record) => record.try_into().map_err(io::Error::other)?,
                    None => return Ok(finding),
                },
            };
            let (of, rest) = record.split_at(8);
            match of.cmp(position.to_be_bytes().as_slice()) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => finding.extend_from_slice(&rest[8..]),
                std::cmp::Ordering::Greater => {
                    self.next = Some(record);
                    return Ok(finding);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// The counts of the documents at these positions.
    fn found(documents: &[BTreeSet<u64>], memory: u64, asked: impl Iterator<Item = usize>) -> Vec<Vec<u32>> {
        let mut aggregate = Box::new(Occurrences::new(memory));
        for (position, terms) in (0..).zip(documents) {
            let terms: Vec<u64> = terms.iter().copied().collect();
            aggregate.add(position, "", &observation(&terms)).unwrap();
        }
        let mut findings = aggregate.conclude().unwrap();
        asked.map(|position| counts(&findings.finding(position as u64).unwrap())).collect()
    }

    /// The same, counted in memory.
    fn expected(documents: &[BTreeSet<u64>]) -> Vec<Vec<u32>> {
        let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
        for term in documents.iter().flatten() {
            *counts.entry(*term).or_default() += 1;
        }
        documents.iter().map(|terms| terms.iter().map(|term| counts[term]).collect()).collect()
    }

    #[test]
    fn counts_are_the_same_in_little_memory() {
        // 120,000 occurrences are 4 MB in a sorter, of which 64 KiB are in memory.
        let document = |at: u64| (0..300).map(|number| (at * 31 + number * number) % 5000).collect();
        let documents: Vec<BTreeSet<u64>> = (0..400).map(document).collect();
        let expected = expected(&documents);
        assert_eq!(found(&documents, 0, 0..400), expected);
        assert_eq!(found(&documents, 1 << 30, 0..400), expected);
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_map(
            documents in prop::collection::vec(prop::collection::btree_set(0_u64..20, 0..10), 0..30),
            step in 1_usize..4,
        ) {
            let expected: Vec<Vec<u32>> = expected(&documents).into_iter().step_by(step).collect();
            prop_assert_eq!(found(&documents, 0, (0..documents.len()).step_by(step)), expected);
        }
    }
}
