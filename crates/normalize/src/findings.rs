//! Findings that do not fit in memory: sorted by position, and read as the documents come back.

use std::cmp::Ordering;
use std::io;

use docmill_core::Findings;
use docmill_spill::{Sorted, Sorter};

/// Bytes of a position at the beginning of a record.
const POSITION: usize = 8;

/// Gathers parts of findings in any order.
pub(crate) struct Found {
    sorter: Sorter,
    record: Vec<u8>,
}

impl Found {
    /// For a stage that may hold `memory` bytes of them.
    pub(crate) fn new(memory: u64) -> Self {
        Self { sorter: Sorter::new(memory), record: Vec::new() }
    }

    /// Adds a part of what is found about the document at `position`.
    pub(crate) fn push(&mut self, position: u64, part: &[u8]) -> io::Result<()> {
        self.record.clear();
        self.record.extend_from_slice(&position.to_be_bytes());
        self.record.extend_from_slice(part);
        self.sorter.push(&self.record)
    }

    /// The findings: of each document all its parts, sorted by their bytes, one after the other.
    pub(crate) fn findings(self) -> io::Result<Box<dyn Findings>> {
        Ok(Box::new(ByPosition { sorted: self.sorter.finish()?, ahead: None }))
    }
}

/// Parts of findings by position.
struct ByPosition {
    sorted: Sorted,
    /// The first record of a later document than the last one that was asked for.
    ahead: Option<Vec<u8>>,
}

impl Findings for ByPosition {
    fn finding(&mut self, position: u64) -> io::Result<Vec<u8>> {
        let asked = position.to_be_bytes();
        let mut finding = Vec::new();
        if let Some(record) = self.ahead.take_if(|record| record[..POSITION] <= asked[..])
            && record[..POSITION] == asked
        {
            finding.extend_from_slice(&record[POSITION..]);
        }
        while self.ahead.is_none() {
            let Some(record) = self.sorted.next_record()? else { break };
            match record[..POSITION].cmp(&asked) {
                Ordering::Less => {}
                Ordering::Equal => finding.extend_from_slice(&record[POSITION..]),
                Ordering::Greater => self.ahead = Some(record.to_vec()),
            }
        }
        Ok(finding)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_document_gets_its_own_parts(
            parts in prop::collection::vec((0_u64..30, prop::collection::vec(any::<u8>(), 0..4)), 0..60),
            step in 1_usize..4,
        ) {
            let mut found = Found::new(0);
            let mut expected: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::new();
            for (position, part) in &parts {
                found.push(*position, part).unwrap();
                expected.entry(*position).or_default().push(part.clone());
            }
            let mut findings = found.findings().unwrap();
            for position in (0..32).step_by(step) {
                let mut of = expected.get(&position).cloned().unwrap_or_default();
                of.sort();
                prop_assert_eq!(findings.finding(position).unwrap(), of.concat());
            }
        }
    }
}
