//! Records sorted by their bytes, with a bound on how many are in memory.
//!
//! Records gather in memory; when they reach the bound they are sorted and written out as a run. At the end the runs are
//! merged (Knuth, The Art of Computer Programming, volume 3, section 5.4: external sorting).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io;

use crate::spool::BUFFER;
use crate::{Records, Spool};

/// How many runs are merged at once.
const FAN_IN: usize = 64;
/// The fewest bytes of a run that are in memory while it is merged.
const LEAST_BUFFER: usize = 4 << 10;
/// What a record takes in memory beside its bytes: where it begins and ends.
const OVERHEAD: usize = std::mem::size_of::<(usize, usize)>();

/// Sorts records.
#[derive(Debug)]
pub struct Sorter {
    memory: usize,
    /// Records in memory, one after the other, and where each begins and ends.
    bytes: Vec<u8>,
    spans: Vec<(usize, usize)>,
    /// Runs in files: those of each level are merged from those of the level before, so that a record is written as often as
    /// there are levels.
    levels: Vec<Vec<File>>,
}

impl Sorter {
    /// A sorter that holds about `memory` bytes, at least 64 KiB.
    pub fn new(memory: u64) -> Self {
        let memory = usize::try_from(memory).unwrap_or(usize::MAX).max(BUFFER);
        Self { memory, bytes: Vec::new(), spans: Vec::new(), levels: Vec::new() }
    }

    /// Adds a record. Equal records are all kept.
    pub fn push(&mut self, record: &[u8]) -> io::Result<()> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record);
        self.spans.push((start, self.bytes.len()));
        // Twice the bytes: a vector that grows is there twice for a moment.
        if 2 * (self.bytes.len() + self.spans.len() * OVERHEAD) > self.memory {
            self.write_run()?;
        }
        Ok(())
    }

    fn write_run(&mut self) -> io::Result<()> {
        let mut run = Spool::new()?;
        self.sort();
        for &(start, end) in &self.spans {
            run.push(&self.bytes[start..end])?;
        }
        self.bytes.clear();
        self.spans.clear();
        self.add_run(0, run.close()?)
    }

    /// Adds a run, and merges those of its level when they are many.
    fn add_run(&mut self, mut level: usize, mut run: File) -> io::Result<()> {
        loop {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(run);
            if self.levels[level].len() < FAN_IN {
                return Ok(());
            }
            run = self.merged(level)?;
            level += 1;
        }
    }

    /// The runs of a level as one.
    fn merged(&mut self, level: usize) -> io::Result<File> {
        let mut sorted = Sorted::of(std::mem::take(&mut self.levels[level]), self.buffer())?;
        let mut merged = Spool::new()?;
        while let Some(record) = sorted.next_record()? {
            merged.push(record)?;
        }
        merged.close()
    }

    /// How many bytes of each run are in memory while runs are merged.
    fn buffer(&self) -> usize {
        (self.memory / 2 / FAN_IN).clamp(LEAST_BUFFER, BUFFER)
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        self.spans.sort_unstable_by(|&(a, b), &(c, d)| bytes[a..b].cmp(&bytes[c..d]));
    }

    /// All records, sorted. In memory are either all of them, or a buffer of each run.
    pub fn finish(mut self) -> io::Result<Sorted> {
        if self.levels.is_empty() {
            self.sort();
            let memory = InMemory { bytes: self.bytes, spans: self.spans, next: 0 };
            return Sorted::new(memory, Vec::new());
        }
        if !self.spans.is_empty() {
            self.write_run()?;
        }
        (self.bytes, self.spans) = (Vec::new(), Vec::new());
        for level in 0.. {
            if self.levels.iter().map(Vec::len).sum::<usize>() <= FAN_IN {
                break;
            }
            let run = self.merged(level)?;
            self.add_run(level + 1, run)?;
        }
        let buffer = self.buffer();
        Sorted::of(self.levels.into_iter().flatten().collect(), buffer)
    }
}

#[derive(Debug, Default)]
struct InMemory {
    bytes: Vec<u8>,
    spans: Vec<(usize, usize)>,
    next: usize,
}

/// Records in the order of their bytes.
#[derive(Debug)]
pub struct Sorted {
    memory: InMemory,
    runs: Vec<Records>,
    /// The next record of each run that has one.
    heads: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    /// The run whose record was given last: it is asked for its next one first.
    taken: Option<usize>,
    record: Vec<u8>,
}

impl Sorted {
    /// The records of runs, of each of which `buffer` bytes are in memory.
    fn of(runs: Vec<File>, buffer: usize) -> io::Result<Self> {
        let runs = runs.into_iter().map(|run| Records::open(run, buffer)).collect::<io::Result<_>>()?;
        Self::new(InMemory::default(), runs)
    }

    fn new(memory: InMemory, runs: Vec<Records>) -> io::Result<Self> {
        let mut sorted = Self { memory, runs, heads: BinaryHeap::new(), taken: None, record: Vec::new() };
        for run in 0..sorted.runs.len() {
            sorted.advance(run, Vec::new())?;
        }
        Ok(sorted)
    }

    fn advance(&mut self, run: usize, mut buffer: Vec<u8>) -> io::Result<()> {
        if let Some(record) = self.runs[run].next_record()? {
            buffer.clear();
            buffer.extend_from_slice(record);
            self.heads.push(Reverse((buffer, run)));
        }
        Ok(())
    }

    /// The next record; `None` after the last one.
    pub fn next_record(&mut self) -> io::Result<Option<&[u8]>> {
        if let Some(run) = self.taken.take() {
            let buffer = std::mem::take(&mut self.record);
            self.advance(run, buffer)?;
        }
        let in_memory = self.memory.spans.get(self.memory.next).map(|&(start, end)| &self.memory.bytes[start..end]);
        let from_run = match (in_memory, self.heads.peek()) {
            (Some(memory), Some(Reverse((head, _)))) => head.as_slice() < memory,
            (None, head) => head.is_some(),
            (Some(_), None) => false,
        };
        if from_run {
            let Some(Reverse((record, run))) = self.heads.pop() else { return Ok(None) };
            self.record = record;
            self.taken = Some(run);
            return Ok(Some(&self.record));
        }
        self.memory.next += usize::from(in_memory.is_some());
        Ok(in_memory)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(records: &[Vec<u8>], memory: u64) -> Vec<Vec<u8>> {
        let mut sorter = Sorter::new(memory);
        for record in records {
            sorter.push(record).unwrap();
        }
        let mut merge = sorter.finish().unwrap();
        let mut out = Vec::new();
        while let Some(record) = merge.next_record().unwrap() {
            out.push(record.to_vec());
        }
        out
    }

    #[test]
    fn many_runs_give_one_order() {
        // 200,000 records of 40 bytes in 64 KiB are more runs than are merged at once.
        let records: Vec<Vec<u8>> = (0..200_000_u64)
            .map(|number| format!("{:040}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20).into_bytes())
            .collect();
        let mut expected = records.clone();
        expected.sort();
        assert_eq!(sorted(&records, 0), expected);
    }

    proptest! {
        #[test]
        fn records_are_sorted_whether_they_fit_or_not(
            records in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 0..200),
        ) {
            let mut expected = records.clone();
            expected.sort();
            prop_assert_eq!(&sorted(&records, 0), &expected);
            prop_assert_eq!(&sorted(&records, 1 << 30), &expected);
        }
    }
}
