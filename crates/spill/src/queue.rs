//! Records that are taken out in the order of their bytes while others are still put in.
//!
//! What does not fit in memory is written out as a sorted run; the next record is the smallest of those in memory and of the
//! heads of the runs. Runs of one size are merged when they are many (Sanders 2000, Fast priority queues for cached memory, in
//! its plainest form).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use crate::spool::BUFFER;
use crate::{Records, Spool};

/// How many runs of one size are merged into one.
const FAN_IN: usize = 16;
/// The fewest bytes of a run that are in memory.
const LEAST_BUFFER: usize = 4 << 10;
/// What a record takes in memory beside its bytes: its place in the heap, and the allocator's share.
const OVERHEAD: usize = 48;

/// Gives the smallest record first.
#[derive(Debug)]
pub struct Queue {
    memory: usize,
    heap: BinaryHeap<Reverse<Box<[u8]>>>,
    /// What the records in the heap take.
    held: usize,
    runs: Vec<Run>,
    /// The run with the smallest head.
    first: Option<usize>,
}

/// Records in a file, sorted, of which there is at least one.
#[derive(Debug)]
struct Run {
    head: Vec<u8>,
    rest: Records,
    /// How often it was merged.
    level: usize,
}

impl Queue {
    /// A queue that holds about `memory` bytes, at least 64 KiB.
    pub fn new(memory: u64) -> Self {
        let memory = usize::try_from(memory).unwrap_or(usize::MAX).max(BUFFER);
        Self { memory, heap: BinaryHeap::new(), held: 0, runs: Vec::new(), first: None }
    }

    /// Puts a record in. Equal records are all kept.
    pub fn push(&mut self, record: &[u8]) -> io::Result<()> {
        self.held += record.len() + OVERHEAD;
        self.heap.push(Reverse(record.into()));
        if self.held > self.memory / 2 {
            self.write_run()?;
        }
        Ok(())
    }

    /// The smallest record.
    pub fn peek(&self) -> Option<&[u8]> {
        let in_memory = self.heap.peek().map(|Reverse(record)| &**record);
        let in_run = self.first.map(|first| self.runs[first].head.as_slice());
        in_memory.into_iter().chain(in_run).min()
    }

    /// Takes the smallest record out.
    pub fn pop(&mut self) -> io::Result<Option<Vec<u8>>> {
        let in_run = self.first.filter(|&first| {
            let head = self.runs[first].head.as_slice();
            self.heap.peek().is_none_or(|Reverse(record)| head < &**record)
        });
        let Some(first) = in_run else {
            let record = self.heap.pop().map(|Reverse(record)| record.into_vec());
            self.held -= record.as_ref().map_or(0, |record| record.len() + OVERHEAD);
            return Ok(record);
        };
        let record = advance(&mut self.runs, first)?;
        self.first = first_of(&self.runs);
        Ok(Some(record))
    }

    fn write_run(&mut self) -> io::Result<()> {
        let mut records = std::mem::take(&mut self.heap).into_vec();
        records.sort_unstable_by(|Reverse(a), Reverse(b)| a.cmp(b));
        let mut run = Spool::new()?;
        for Reverse(record) in &records {
            run.push(record)?;
        }
        self.held = 0;
        self.add_run(run, 0)?;
        self.first = first_of(&self.runs);
        Ok(())
    }

    /// Adds a run, and merges those of its level when they are many.
    fn add_run(&mut self, mut run: Spool, mut level: usize) -> io::Result<()> {
        loop {
            let mut rest = Records::open(run.close()?, (self.memory / 64).clamp(LEAST_BUFFER, BUFFER))?;
            let Some(head) = rest.next_record()?.map(<[u8]>::to_vec) else { return Ok(()) };
            self.runs.push(Run { head, rest, level });
            if self.runs.iter().filter(|run| run.level == level).count() < FAN_IN {
                return Ok(());
            }
            let (mut merged, others) = std::mem::take(&mut self.runs).into_iter().partition(|run| run.level == level);
            self.runs = others;
            run = Spool::new()?;
            while let Some(first) = first_of(&merged) {
                run.push(&advance(&mut merged, first)?)?;
            }
            level += 1;
        }
    }
}

/// The run with the smallest head.
fn first_of(runs: &[Run]) -> Option<usize> {
    (0..runs.len()).min_by(|&a, &b| runs[a].head.cmp(&runs[b].head))
}

/// Takes the head of a run, which goes when it was the last record.
fn advance(runs: &mut Vec<Run>, at: usize) -> io::Result<Vec<u8>> {
    let run = &mut runs[at];
    match run.rest.next_record()? {
        Some(next) => Ok(std::mem::replace(&mut run.head, next.to_vec())),
        None => Ok(runs.swap_remove(at).head),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes out where each number is put in, and after each so many the smallest is taken out.
    fn taken(numbers: impl Iterator<Item = u64>, every: usize) -> (Vec<u64>, Vec<u64>) {
        let (mut queue, mut slow) = (Queue::new(0), BinaryHeap::new());
        let (mut out, mut expected) = (Vec::new(), Vec::new());
        let number = |record: Vec<u8>| u64::from_be_bytes(record.try_into().unwrap());
        for (at, next) in numbers.enumerate() {
            queue.push(&next.to_be_bytes()).unwrap();
            slow.push(Reverse(next));
            if at % every == 0 {
                assert_eq!(queue.peek().map(<[u8]>::to_vec).map(number), slow.peek().map(|next| next.0));
                out.extend(queue.pop().unwrap().map(number));
                expected.extend(slow.pop().map(|next| next.0));
            }
        }
        while let Some(record) = queue.pop().unwrap() {
            out.push(number(record));
        }
        assert_eq!(queue.peek(), None);
        expected.extend(std::iter::from_fn(|| slow.pop()).map(|next| next.0));
        (out, expected)
    }

    #[test]
    fn many_runs_give_one_order() {
        // 300,000 records of 56 bytes in 32 KiB are 500 runs, which are merged twice.
        let numbers = (0..300_000_u64).map(|number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20);
        let (out, expected) = taken(numbers, 7);
        assert_eq!(out, expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_smallest_comes_first(
            numbers in prop::collection::vec(0_u64..5000, 0..4000),
            every in 1_usize..5,
        ) {
            let (out, expected) = taken(numbers.into_iter(), every);
            prop_assert_eq!(out, expected);
        }
    }
}
