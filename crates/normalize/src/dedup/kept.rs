//! Which documents are kept and what the others repeat, however many there are.
//!
//! Documents are gone through in their order, and each is compared with the kept ones that share a band with it. What a band
//! leads to is handed from one document that has it to the next through a queue (time-forward processing: Chiang et al. 1995,
//! External-memory graph algorithms): a sorted file of all (band, document) says which one is next. A document whose bands
//! are all its own is never looked at again. A document is named by the place of its record in a file, since places have the order of the
//! documents.

use std::io;
use std::rc::Rc;

use docmill_core::{Aggregate, Findings};
use docmill_spill::{Queue, Records, Sorted, Sorter, Spool};
use rustc_hash::FxHashMap;

use super::minhash::jaccard;
use super::repeats;
use crate::findings::Found;

/// The bytes of a number: a position, a place, or the hash of a band.
const NUMBER: usize = 8;

/// What was observed so far.
pub(super) struct Observed {
    threshold: f64,
    /// How many bands a document has.
    bands: usize,
    /// How many kept documents a band leads to at most.
    largest_bucket: usize,
    memory: u64,
    /// A record for each document with words.
    documents: Spool,
    /// Bands and the places of their documents.
    sorter: Sorter,
}

impl Observed {
    /// Nothing, for a stage that may hold `memory` bytes and whose documents have so many bands.
    pub(super) fn new(threshold: f64, bands: usize, largest_bucket: usize, memory: u64) -> io::Result<Self> {
        let (documents, sorter) = (Spool::new()?, Sorter::new(memory / 2));
        Ok(Self { threshold, bands, largest_bucket, memory, documents, sorter })
    }
}

impl Aggregate for Observed {
    fn add(&mut self, position: u64, uri: &str, observation: &[u8]) -> io::Result<()> {
        if observation.is_empty() {
            return Ok(());
        }
        let Some((bands, shingles)) = observation.split_at_checked(self.bands * NUMBER) else {
            return Err(io::Error::other("an observation of other options"));
        };
        let place = self.documents.push(&record(position, uri, shingles))?;
        let mut entry = [0; 2 * NUMBER];
        entry[NUMBER..].copy_from_slice(&place.to_be_bytes());
        for band in bands.chunks_exact(NUMBER) {
            entry[..NUMBER].copy_from_slice(band);
            self.sorter.push(&entry)?;
        }
        Ok(())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let share = self.memory / 4;
        let links = links(self.sorter.finish()?, Sorter::new(share))?;
        let search = Search {
            threshold: self.threshold,
            largest_bucket: self.largest_bucket,
            links: Links { sorted: links, next: None },
            queue: Queue::new(share),
            documents: Documents {
                records: self.documents.finish_at_places()?,
                read: FxHashMap::default(),
                held: 0,
                limit: share,
            },
        };
        search.found(Found::new(share))?.findings()
    }
}

/// A document on disk: its position, the length of its URI, the URI, and the shingles.
fn record(position: u64, uri: &str, shingles: &[u8]) -> Vec<u8> {
    [&position.to_le_bytes(), &(uri.len() as u64).to_le_bytes(), uri.as_bytes(), shingles].concat()
}

/// A document that is compared with others.
struct Compared {
    position: u64,
    uri: Vec<u8>,
    shingles: Vec<u32>,
}

impl Compared {
    fn of(record: &[u8]) -> Option<Self> {
        let (position, rest) = record.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (uri, shingles) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        let number = |bytes: &[u8]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let shingles = shingles.chunks_exact(4).map(number).collect();
        Some(Self { position: u64::from_le_bytes(*position), uri: uri.to_vec(), shingles })
    }

    /// The Jaccard similarity, where it reaches the threshold.
    fn alike(&self, other: &Self, threshold: f64) -> Option<f64> {
        let (fewer, more) =
            (self.shingles.len().min(other.shingles.len()), self.shingles.len().max(other.shingles.len()));
        // What two sets have in common is no more than the smaller one.
        if (fewer as f64 / more as f64) < threshold {
            return None;
        }
        Some(jaccard(&self.shingles, &other.shingles)).filter(|&similarity| similarity >= threshold)
    }
}

/// The step from a document to the next one with the same band, for each band of several documents: place, band, next place.
fn links(mut entries: Sorted, mut sorter: Sorter) -> io::Result<Sorted> {
    let mut before = [0; 2 * NUMBER];
    let mut link = [0; 3 * NUMBER];
    let mut any = false;
    while let Some(entry) = entries.next_record()? {
        if any && entry[..NUMBER] == before[..NUMBER] && entry != before {
            link[..NUMBER].copy_from_slice(&before[NUMBER..]);
            link[NUMBER..].copy_from_slice(entry);
            sorter.push(&link)?;
        }
        before.copy_from_slice(entry);
        any = true;
    }
    sorter.finish()
}

/// Reads links.
struct Links {
    sorted: Sorted,
    next: Option<(u64, Link)>,
}

/// A band, and the next document that has it.
struct Link {
    band: u64,
    next: u64,
}

impl Links {
    /// The place of the next document that has links.
    fn place(&mut self) -> io::Result<Option<u64>> {
        if self.next.is_none() {
            let numbers = self.sorted.next_record()?.map(numbers);
            self.next = numbers.map(|numbers| (numbers[0], Link { band: numbers[1], next: numbers[2] }));
        }
        Ok(self.next.as_ref().map(|&(place, _)| place))
    }

    /// The links of the document at a place.
    fn of(&mut self, place: u64) -> io::Result<Vec<Link>> {
        let mut links = Vec::new();
        while self.place()? == Some(place) {
            links.extend(self.next.take().map(|(_, link)| link));
        }
        Ok(links)
    }
}

/// The search for documents that repeat a kept one.
struct Search {
    threshold: f64,
    largest_bucket: usize,
    links: Links,
    /// What bands lead to, on its way to the next document: its place, the band, the places of the kept documents.
    queue: Queue,
    documents: Documents,
}

impl Search {
    /// Goes through all documents that share a band with another.
    fn found(mut self, mut found: Found) -> io::Result<Found> {
        while let Some(place) = self.next_place()? {
            let links = self.links.of(place)?;
            let buckets = self.buckets(place)?;
            let mut candidates: Vec<u64> = buckets.values().flatten().copied().collect();
            candidates.sort_unstable();
            candidates.dedup();
            let repeated = self.repeated(place, &candidates)?;
            if let Some((position, finding)) = &repeated {
                found.push(*position, finding)?;
            }
            self.pass_on(place, repeated.is_none(), &links, buckets)?;
        }
        Ok(found)
    }

    fn next_place(&mut self) -> io::Result<Option<u64>> {
        let queued = self.queue.peek().map(first);
        Ok(self.links.place()?.into_iter().chain(queued).min())
    }

    /// The kept documents that the bands of the document at a place lead to.
    fn buckets(&mut self, place: u64) -> io::Result<FxHashMap<u64, Vec<u64>>> {
        let mut buckets = FxHashMap::default();
        while self.queue.peek().is_some_and(|record| first(record) == place) {
            let Some(record) = self.queue.pop()? else { break };
            let numbers = numbers(&record);
            buckets.insert(numbers[1], numbers[2..].to_vec());
        }
        Ok(buckets)
    }

    /// The position of the document at a place, and what is found of it: the earliest candidate that is alike.
    fn repeated(&mut self, place: u64, candidates: &[u64]) -> io::Result<Option<(u64, Vec<u8>)>> {
        if candidates.is_empty() {
            return Ok(None);
        }
        let document = self.documents.at(place)?;
        for &candidate in candidates {
            let candidate = self.documents.at(candidate)?;
            if let Some(similarity) = candidate.alike(&document, self.threshold) {
                return Ok(Some((document.position, repeats(&candidate.uri, similarity))));
            }
        }
        Ok(None)
    }

    /// Hands what each band leads to, with the document itself where it is kept, to the next document that has the band.
    fn pass_on(
        &mut self,
        place: u64,
        is_kept: bool,
        links: &[Link],
        mut buckets: FxHashMap<u64, Vec<u64>>,
    ) -> io::Result<()> {
        let mut record = Vec::new();
        for link in links {
            let mut bucket = buckets.remove(&link.band).unwrap_or_default();
            if is_kept && bucket.len() < self.largest_bucket {
                bucket.push(place);
            }
            if bucket.is_empty() {
                continue;
            }
            record.clear();
            record.extend([link.next, link.band].iter().chain(&bucket).flat_map(|number| number.to_be_bytes()));
            self.queue.push(&record)?;
        }
        Ok(())
    }
}

/// Documents on disk, of which some are in memory.
struct Documents {
    records: Records,
    read: FxHashMap<u64, Rc<Compared>>,
    /// Bytes of those in memory, and how many there may be.
    held: u64,
    limit: u64,
}

impl Documents {
    fn at(&mut self, place: u64) -> io::Result<Rc<Compared>> {
        if let Some(document) = self.read.get(&place) {
            return Ok(Rc::clone(document));
        }
        let record = self.records.at(place)?;
        let bytes = record.len() as u64 + 128;
        let document = Rc::new(Compared::of(record).ok_or(io::ErrorKind::InvalidData)?);
        if self.held + bytes > self.limit {
            self.read.clear();
            self.held = 0;
        }
        self.held += bytes;
        self.read.insert(place, Rc::clone(&document));
        Ok(document)
    }
}

/// The first number in a record.
fn first(record: &[u8]) -> u64 {
    record.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// The numbers in a record.
fn numbers(record: &[u8]) -> Vec<u64> {
    record.chunks_exact(NUMBER).map(|bytes| bytes.try_into().map_or(0, u64::from_be_bytes)).collect()
}
