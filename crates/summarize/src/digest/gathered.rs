//! Gathers what documents contribute, and leads it through to their findings.
//!
//! All that grows with the documents waits in files: terms sorted by their hashes, which tells how many documents have each;
//! then by document, which gives the vectors; then by term again, from which the pairs come.

use std::io;
use std::sync::Arc;

use docmill_core::{Aggregate, DocumentId, Findings};
use docmill_spill::{Records, Sorted, Sorter, Spool};
use rustc_hash::FxHashMap;

use super::choice::{Member, chosen};
use super::earlier::{Earlier, Goings};
use super::finding::ByPosition;
use super::linkage::Vector;
use super::observation::{Observation, TERM, Told, narrow};
use super::{groups, pairs};

/// A document in the order of all: its id (the first 8 bytes of a key) and its position.
pub(super) const KEY: usize = 16;

/// So many documents of general language are taken to stand beside those of the run, with each word in one of them: in a run of
/// few documents, how many of them have a word says little.
const BACKGROUND: f64 = 100.0;

/// Terms that more documents have tell no stories apart, and are left out.
pub(super) const COMMON: usize = 50_000;

/// Terms of the vector of a document, the heaviest.
const LONGEST_VECTOR: usize = 64;

/// What was observed so far.
pub(super) struct Gathered {
    threshold: f64,
    sentences: usize,
    earlier: Arc<Earlier>,
    memory: u64,
    documents: u64,
    /// What each document says, in the order of positions.
    told: Spool,
    /// The terms of all documents.
    terms: Sorter,
}

impl Gathered {
    /// Nothing, for a stage that may hold `memory` bytes.
    pub(super) fn new(threshold: f64, sentences: usize, earlier: Arc<Earlier>, memory: u64) -> io::Result<Self> {
        let (told, terms) = (Spool::new()?, Sorter::new(memory / 2));
        Ok(Self { threshold, sentences, earlier, memory, documents: 0, told, terms })
    }
}

impl Aggregate for Gathered {
    fn add(&mut self, position: u64, uri: &str, observation: &[u8]) -> io::Result<()> {
        if observation.is_empty() {
            return Ok(());
        }
        let Some((terms, told)) = Observation::parts(observation) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        self.documents += 1;
        self.told.push(&[&position.to_be_bytes(), told].concat())?;
        let id = u64::from_str_radix(DocumentId::of(uri).as_str(), 16).unwrap_or_default();
        let mut record = [0; 8 + KEY + 4];
        record[8..16].copy_from_slice(&id.to_be_bytes());
        record[16..24].copy_from_slice(&position.to_be_bytes());
        for term in terms.chunks_exact(TERM) {
            let (hash, weight) = term.split_at(8);
            record[..8].copy_from_slice(hash);
            record[24..].copy_from_slice(weight);
            self.terms.push(&record)?;
        }
        Ok(())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let share = self.memory / 4;
        let weights = Weights { documents: self.documents, earlier: &self.earlier };
        let (by_document, known) = weights.weighted(self.terms.finish()?, share)?;
        let vectors = vectors(by_document, share)?;
        let links = pairs::alike(vectors.postings, self.threshold, share)?;
        let mut goings = Goings::new(&self.earlier, &known, self.threshold);
        let parts = groups::stories(vectors.spool, vectors.count, links, self.threshold, share, &mut goings)?;
        let stories = by_story(self.told.finish()?, parts, share)?;
        findings(stories, self.sentences, &goings, share)
    }
}

/// What terms weigh in the run.
struct Weights<'a> {
    documents: u64,
    earlier: &'a Earlier,
}

impl Weights<'_> {
    /// The terms by document, the heaviest first, and what the terms of the earlier digest weigh.
    fn weighted(&self, mut terms: Sorted, memory: u64) -> io::Result<(Sorted, FxHashMap<u64, f64>)> {
        let mut by_document = Sorter::new(memory);
        let mut known = FxHashMap::default();
        let mut group: Vec<u8> = Vec::new();
        let mut count = 0_usize;
        let mut current: Option<[u8; 8]> = None;
        let length = KEY + 4;
        loop {
            let record = terms.next_record()?;
            let hash = record.and_then(|record| record.first_chunk::<8>().copied());
            if hash != current {
                if let Some(hash) = current {
                    let rarity = ((self.documents as f64 + BACKGROUND) / (count as f64 + 1.0)).ln();
                    if self.earlier.has_term(u64::from_be_bytes(hash)) {
                        known.insert(u64::from_be_bytes(hash), rarity);
                    }
                    if count <= COMMON {
                        weigh(hash, &group, rarity, &mut by_document)?;
                    }
                }
                group.clear();
                count = 0;
                current = hash;
            }
            let Some(record) = record else { break };
            count += 1;
            if count <= COMMON {
                group.extend_from_slice(&record[8..8 + length]);
            }
        }
        Ok((by_document.finish()?, known))
    }
}

/// Adds the term of each document that has it: the key, the weight, the heaviest first, and the hash.
fn weigh(hash: [u8; 8], group: &[u8], rarity: f64, by_document: &mut Sorter) -> io::Result<()> {
    let mut entry = [0; KEY + 4 + 8];
    entry[KEY + 4..].copy_from_slice(&hash);
    for member in group.chunks_exact(KEY + 4) {
        let weight = narrow(f64::from(float(&member[KEY..])) * rarity);
        entry[..KEY].copy_from_slice(&member[..KEY]);
        // Positive numbers are ordered as their bits are.
        entry[KEY..KEY + 4].copy_from_slice(&(!weight.to_bits()).to_be_bytes());
        by_document.push(&entry)?;
    }
    Ok(())
}

/// The number that four bytes are.
pub(super) fn float(bytes: &[u8]) -> f32 {
    bytes.first_chunk().map_or(0.0, |bytes| f32::from_be_bytes(*bytes))
}

/// The vectors of all documents.
struct Vectors {
    /// A position and a vector for each document, in the order of keys.
    spool: Spool,
    count: usize,
    /// Term, number of the document in that order, weight.
    postings: Sorter,
}

fn vectors(mut by_document: Sorted, memory: u64) -> io::Result<Vectors> {
    let mut made = Vectors { spool: Spool::new()?, count: 0, postings: Sorter::new(memory) };
    let mut vector: Vec<(u64, f64)> = Vec::new();
    let mut current: Option<[u8; KEY]> = None;
    loop {
        let record = by_document.next_record()?;
        let key = record.and_then(|record| record.first_chunk::<KEY>().copied());
        if key != current {
            if let Some(key) = current {
                made.add(&key, &Vector::of(std::mem::take(&mut vector)))?;
            }
            current = key;
        }
        let Some(record) = record else { return Ok(made) };
        if vector.len() < LONGEST_VECTOR {
            let (weight, hash) = record[KEY..].split_at(4);
            let bits = weight.first_chunk().map_or(0, |bits| !u32::from_be_bytes(*bits));
            let hash = hash.first_chunk().map_or(0, |hash| u64::from_be_bytes(*hash));
            vector.push((hash, f64::from(f32::from_bits(bits))));
        }
    }
}

impl Vectors {
    fn add(&mut self, key: &[u8; KEY], vector: &Vector) -> io::Result<()> {
        let number = u32::try_from(self.count).map_err(|_| io::Error::other("more than 4 billion documents"))?;
        self.count += 1;
        self.spool.push(&[&key[8..], &vector.to_bytes()[..]].concat())?;
        let mut posting = [0; 16];
        for (hash, weight) in vector.entries() {
            posting[..8].copy_from_slice(&hash.to_be_bytes());
            posting[8..12].copy_from_slice(&number.to_be_bytes());
            posting[12..].copy_from_slice(&narrow(*weight).to_be_bytes());
            self.postings.push(&posting)?;
        }
        Ok(())
    }
}

/// The part of a document in its story, as it is sorted: the position; the number of the story; the similarity; the terms.
pub(super) struct Part {
    pub(super) position: u64,
    pub(super) story: u32,
    pub(super) similarity: f64,
    pub(super) terms: Vec<u64>,
}

impl Part {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.position.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.story.to_be_bytes());
        bytes.extend_from_slice(&self.similarity.to_be_bytes());
        bytes.extend(self.terms.iter().flat_map(|term| term.to_be_bytes()));
        bytes
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let (position, rest) = bytes.split_first_chunk()?;
        let (story, rest) = rest.split_first_chunk()?;
        let (similarity, rest) = rest.split_first_chunk()?;
        let terms = rest.chunks_exact(8).filter_map(|term| Some(u64::from_be_bytes(*term.first_chunk()?)));
        Some(Self {
            position: u64::from_be_bytes(*position),
            story: u32::from_be_bytes(*story),
            similarity: f64::from_be_bytes(*similarity),
            terms: terms.collect(),
        })
    }
}

/// What the documents of each story say, story after story: the number of the story, the length of the part, the part, the rest.
fn by_story(mut told: Records, parts: Sorter, memory: u64) -> io::Result<Sorted> {
    let mut parts = parts.finish()?;
    let mut stories = Sorter::new(memory);
    // Both have a record for each document with words, in the order of positions.
    while let Some(part) = parts.next_record()? {
        let Some(told) = told.next_record()? else { break };
        let length = u32::try_from(part.len()).map_err(io::Error::other)?;
        stories.push(&[&part[8..12], &length.to_be_bytes(), part, &told[8..]].concat())?;
    }
    stories.finish()
}

/// The findings of all documents, story by story.
fn findings(mut stories: Sorted, sentences: usize, goings: &Goings<'_>, memory: u64) -> io::Result<Box<dyn Findings>> {
    let continued = goings.continued();
    let mut found = Sorter::new(memory);
    let mut members: Vec<Member> = Vec::new();
    let mut current: Option<u32> = None;
    loop {
        let member = stories.next_record()?.map(member).transpose()?;
        let story = member.as_ref().map(|member| member.part.story);
        if story != current {
            if let Some(number) = current {
                members.sort_by(|one, other| one.order().cmp(&other.order()));
                for (position, finding) in chosen(&members, sentences, continued.get(&number).copied(), goings) {
                    found.push(&[&position.to_be_bytes()[..], &finding.to_bytes()?].concat())?;
                }
            }
            members.clear();
            current = story;
        }
        let Some(member) = member else { break };
        members.push(member);
    }
    Ok(Box::new(ByPosition::of(found)?))
}

fn member(record: &[u8]) -> io::Result<Member> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidData);
    let (length, rest) = record[4..].split_first_chunk().ok_or_else(invalid)?;
    let (part, told) = rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or_else(invalid)?;
    let told: Told = serde_json::from_slice(told).map_err(io::Error::other)?;
    Ok(Member { part: Part::of(part).ok_or_else(invalid)?, told })
}
