//! Which documents share terms, and how alike those are.
//!
//! Each term leads from a document to those that have it too, and gives a pair its share of their cosine. The shares of a pair
//! are brought together by sorting. A term that many documents have leads to those that follow in the order of ids, so that there
//! are at most so many pairs for each document and term.

use std::io;

use docmill_spill::{Sorted, Sorter, Spool};

use super::gathered::{COMMON, float};
use super::observation::narrow;

/// A term that no more documents have leads from each to all others.
const FEW: usize = 128;

/// A term that more have leads to so many that follow.
const FOLLOWING: usize = 64;

/// Pairs that are alike, as numbers of documents.
pub(super) struct Links {
    /// The pairs with the most alike first: bits of the similarity, all turned over, and two numbers.
    pub(super) sorted: Sorted,
}

/// The pairs whose cosine reaches the threshold, of postings: term, number of the document, weight.
pub(super) fn alike(postings: Sorter, threshold: f64, memory: u64) -> io::Result<Links> {
    let mut shares = shares(postings.finish()?, memory)?.finish()?;
    let mut links = Sorter::new(memory);
    let mut sum = 0.0_f64;
    let mut current: Option<[u8; 8]> = None;
    loop {
        let record = shares.next_record()?;
        let pair = record.and_then(|record| record.first_chunk::<8>().copied());
        if pair != current {
            if let Some(pair) = current.filter(|_| sum >= threshold) {
                let mut link = [0; 12];
                link[..4].copy_from_slice(&(!narrow(sum).to_bits()).to_be_bytes());
                link[4..].copy_from_slice(&pair);
                links.push(&link)?;
            }
            sum = 0.0;
            current = pair;
        }
        let Some(record) = record else { break };
        sum += f64::from(float(&record[8..]));
    }
    Ok(Links { sorted: links.finish()? })
}

/// What each term gives to each pair: the two numbers, and the product of the weights.
fn shares(mut postings: Sorted, memory: u64) -> io::Result<Sorter> {
    let mut shares = Sorter::new(memory);
    let mut having: Vec<(u32, f32)> = Vec::new();
    let mut current: Option<[u8; 8]> = None;
    loop {
        let record = postings.next_record()?;
        let term = record.and_then(|record| record.first_chunk::<8>().copied());
        if term != current {
            add_pairs(&having, &mut shares)?;
            having.clear();
            current = term;
        }
        let Some(record) = record else { return Ok(shares) };
        let number = record[8..].first_chunk().map_or(0, |number| u32::from_be_bytes(*number));
        if having.len() < COMMON {
            having.push((number, float(&record[12..])));
        }
    }
}

fn add_pairs(having: &[(u32, f32)], shares: &mut Sorter) -> io::Result<()> {
    let reach = if having.len() <= FEW { having.len() } else { FOLLOWING };
    let mut share = [0; 12];
    for (at, (one, weight)) in having.iter().enumerate() {
        share[..4].copy_from_slice(&one.to_be_bytes());
        for (other, other_weight) in having.iter().skip(at + 1).take(reach) {
            share[4..8].copy_from_slice(&other.to_be_bytes());
            share[8..].copy_from_slice(&(weight * other_weight).to_be_bytes());
            shares.push(&share)?;
        }
    }
    Ok(())
}

/// The links to be read twice: as they come, and once more from a file.
pub(super) fn spooled(links: &mut Links, mut each: impl FnMut(u32, u32)) -> io::Result<Spool> {
    let mut spool = Spool::new()?;
    while let Some(link) = links.sorted.next_record()? {
        spool.push(&link[4..])?;
        let (one, other) = numbers(&link[4..]);
        each(one, other);
    }
    Ok(spool)
}

/// The two numbers of a pair.
pub(super) fn numbers(pair: &[u8]) -> (u32, u32) {
    let number = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    (number(pair), number(&pair[4..]))
}
