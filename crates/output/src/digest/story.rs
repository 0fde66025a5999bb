//! A story: what several documents tell together.

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Gist;
use super::earlier::Ended;
use super::entry::{Entry, Quoted, Telling};

/// A story as it stands in the JSON of a digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Story {
    /// Its name, which it keeps from one digest to the next.
    id: String,
    /// Whether an earlier digest has it; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<Status>,
    pub(super) headline: String,
    /// What the headline was made of.
    headline_from: Option<Quoted>,
    /// The dates of its documents.
    first: Option<String>,
    last: Option<String>,
    /// The sentences that say most, the best first.
    pub(super) sentences: Vec<Quoted>,
    /// The documents that tell it, by date.
    pub(super) documents: Vec<Telling>,
    /// The words that most of them share.
    terms: Vec<String>,
}

/// Whether a story was told before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// It was not.
    New,
    /// It was, and goes on.
    GoesOn,
}

/// Most words that a story is known by.
const MOST_TERMS: usize = 12;

/// Bytes of a date by which stories are ordered: a day and a time.
const DATE: usize = 25;

impl Story {
    /// Of the entries of its documents, of which there is at least one.
    pub(super) fn of(entries: Vec<Entry>) -> Self {
        let mut story = Self {
            id: String::new(),
            status: None,
            headline: String::new(),
            headline_from: None,
            first: None,
            last: None,
            sentences: Vec::new(),
            documents: Vec::with_capacity(entries.len()),
            terms: Vec::new(),
        };
        let mut sentences: Vec<(u64, Quoted)> = Vec::new();
        let mut terms: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for entry in entries {
            (story.id, story.headline) = (entry.story, entry.headline);
            story.headline_from = story.headline_from.or(entry.headline_from);
            sentences.extend(entry.sentences);
            for term in entry.terms {
                terms.entry(term.to_lowercase()).or_insert((0, term)).0 += 1;
            }
            story.documents.push(entry.document);
        }
        sentences.sort_by_key(|(place, _)| *place);
        story.sentences = sentences.into_iter().map(|(_, quoted)| quoted).collect();
        let mut terms: Vec<(usize, String)> = terms.into_values().collect();
        // The words of equal counts are in their order.
        terms.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        story.terms = terms.into_iter().take(MOST_TERMS).map(|(_, term)| term).collect();
        let dates = || story.documents.iter().filter_map(|document| document.date.as_ref());
        (story.first, story.last) = (dates().min().cloned(), dates().max().cloned());
        story
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// How many documents tell it.
    pub(super) fn documents(&self) -> usize {
        self.documents.len()
    }

    /// The first and the last date of its documents.
    pub(super) fn dates(&self) -> (Option<&str>, Option<&str>) {
        (self.first.as_deref(), self.last.as_deref())
    }

    /// Says whether it goes on from an earlier digest.
    pub(super) fn goes_on(&mut self, goes_on: bool) {
        self.status = Some(if goes_on { Status::GoesOn } else { Status::New });
    }

    /// The document with this id.
    pub(super) fn document(&self, id: &str) -> Option<&Telling> {
        self.documents.iter().find(|document| document.id == id)
    }

    /// What orders stories, those of most documents first, then the latest; and the story in JSON.
    pub(super) fn to_record(&self) -> io::Result<Vec<u8>> {
        let size = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        let mut record = (!size).to_be_bytes().to_vec();
        let mut date = self.last.as_deref().unwrap_or_default().bytes();
        record.extend((0..DATE).map(|_| !date.next().unwrap_or_default()));
        record.extend_from_slice(self.id.as_bytes());
        record.push(0);
        serde_json::to_writer(&mut record, self)?;
        Ok(record)
    }

    /// The story of a record.
    pub(super) fn of_record(record: &[u8]) -> io::Result<Self> {
        let rest = record.get(4 + DATE..).ok_or(io::ErrorKind::InvalidData)?;
        let json = rest.splitn(2, |byte| *byte == 0).nth(1).ok_or(io::ErrorKind::InvalidData)?;
        serde_json::from_slice(json).map_err(io::Error::other)
    }

    /// The story on a line of the JSON.
    pub(super) fn json(&self, is_first: bool) -> io::Result<String> {
        let line = serde_json::to_string(self)?;
        Ok(if is_first { format!("\n{line}") } else { format!(",\n{line}") })
    }
}

/// What stands before the stories in JSON.
pub(super) fn json_head(gist: &Gist) -> String {
    let head = json!({"offsets": "utf8", "documents": gist.documents, "of_stories": gist.stories, "first": gist.first,
                      "last": gist.last});
    let head = head.to_string();
    format!("{},\"stories\":[", head.trim_end_matches('}'))
}

/// What stands after them.
pub(super) fn json_tail(ended: Option<&[Ended]>) -> io::Result<String> {
    match ended {
        Some(ended) => Ok(format!("\n],\"ended\":{}}}\n", serde_json::to_string(ended)?)),
        None => Ok("\n]}\n".to_owned()),
    }
}
