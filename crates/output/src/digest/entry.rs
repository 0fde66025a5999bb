//! What a digest keeps of a document.

use std::io;

use docmill_core::{ByteSpan, Document, Place};
use serde::{Deserialize, Serialize};

use crate::record::title;

/// The scheme of the tag, and the key of the metadata that names the story.
pub(super) const STORY: &str = "story";
/// The annotations that say what was chosen.
const HEADLINE: &str = "story.headline";
const SENTENCE: &str = "story.sentence";

/// A document and its part in a story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) story: String,
    pub(super) headline: String,
    pub(super) document: Telling,
    /// Where the headline comes from, if from this document.
    pub(super) headline_from: Option<Quoted>,
    /// The sentences that were taken from it, with their places in the digest.
    pub(super) sentences: Vec<(u64, Quoted)>,
    /// The words that it shares with the others.
    pub(super) terms: Vec<String>,
}

/// A document that tells a story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Telling {
    pub(super) id: String,
    pub(super) uri: String,
    pub(super) title: Option<String>,
    pub(super) publication: Option<String>,
    pub(super) date: Option<String>,
    pub(super) language: Option<String>,
    /// How alike it is to the others, 0..=1.
    pub(super) similarity: f64,
}

/// A passage of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Quoted {
    /// The id of the document.
    pub(super) document: String,
    /// Its text on one line.
    pub(super) text: String,
    /// Where it begins and ends in the text of the document, in UTF-8 bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) score: f64,
    /// Its place in the source.
    pub(super) source: Place,
}

impl Entry {
    /// Of a document that tells a story.
    pub(super) fn of(doc: &Document) -> Option<Self> {
        let tag = doc.tags().iter().find(|tag| tag.scheme == STORY)?;
        let story = doc.meta.text(STORY)?.to_owned();
        let locator = doc.locator();
        let one_line =
            |span: ByteSpan| span.of(doc.text()).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let quoted = |span: ByteSpan, score: f64| Quoted {
            document: doc.id().as_str().to_owned(),
            text: one_line(span),
            start: span.start,
            end: span.end,
            score,
            source: locator.place(doc.to_original(span)),
        };
        let of_story = |kind: &'static str| {
            doc.annotations_of(kind).filter(|annotation| annotation.value["story"].as_str() == Some(&story))
        };
        let sentences = of_story(SENTENCE).map(|annotation| {
            let place = annotation.value["place"].as_u64().unwrap_or(u64::MAX);
            (place, quoted(annotation.span, annotation.score))
        });
        let sentences = sentences.collect();
        let headline_from = of_story(HEADLINE).next().map(|annotation| quoted(annotation.span, annotation.score));
        let document = Telling {
            id: doc.id().as_str().to_owned(),
            uri: doc.source().uri.clone(),
            title: title(doc).map(|title| title.split_whitespace().collect::<Vec<_>>().join(" ")),
            publication: doc.meta.text("publication").map(str::to_owned),
            date: doc.date().map(str::to_owned),
            language: doc.language().map(str::to_owned),
            similarity: tag.score,
        };
        let terms = tag.evidence.iter().map(|span| one_line(*span)).filter(|term| !term.is_empty()).collect();
        Some(Self { headline: tag.label.clone(), document, headline_from, sentences, terms, story })
    }

    /// What orders entries by story, date and id, and the entry in JSON.
    pub(super) fn to_record(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut record = Vec::new();
        for part in [&self.story, self.document.date.as_deref().unwrap_or_default(), &self.document.id] {
            // No part has a NUL that would end it too early.
            record.extend(part.bytes().filter(|byte| *byte != 0));
            record.push(0);
        }
        serde_json::to_writer(&mut record, self)?;
        Ok(record)
    }

    /// The entry of a record.
    pub(super) fn of_record(record: &[u8]) -> io::Result<Self> {
        let json = record.splitn(4, |byte| *byte == 0).nth(3).ok_or(io::ErrorKind::InvalidData)?;
        serde_json::from_slice(json).map_err(io::Error::other)
    }
}
