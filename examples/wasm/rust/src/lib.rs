//! `acme.terms` as a WebAssembly component: counts the words of a list, tags and marks them, and drops documents that have too few.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::docmill::stage::host::{Level, log};
use crate::exports::docmill::stage::plugin::{Answer, Descriptor, Document, Guest, StageError};
use crate::docmill::stage::types::{
    Annotation, BadOption, Change, DropReason, Edit, Entry, Measure, Offsets, Span, Tag,
};

wit_bindgen::generate!({ path: "../../../crates/wasm/wit", world: "stage" });

/// What docmill checks options against before they come here, and fills in their defaults from.
const OPTIONS: &str = r#"{
    "type": "object",
    "properties": {
        "words": {
            "type": "array",
            "items": { "type": "string", "pattern": "^[a-z0-9]+$" },
            "minItems": 1,
            "maxItems": 100,
            "description": "The words to count, in lower case."
        },
        "min": {
            "type": "integer",
            "minimum": 0,
            "default": 1,
            "description": "Documents with fewer of them are dropped."
        },
        "upper": {
            "type": "boolean",
            "default": false,
            "description": "Write what was found in upper case."
        }
    },
    "required": ["words"]
}"#;

/// The options.
#[derive(Deserialize)]
struct Terms {
    words: Vec<String>,
    min: u64,
    upper: bool,
}

/// Set by `init`, which is called once in each instance.
static TERMS: OnceLock<Terms> = OnceLock::new();

struct Stage;

export!(Stage);

impl Guest for Stage {
    fn describe() -> Descriptor {
        let gives = ["text", "meta", "annotations.term", "tags.term", "measures.terms"];
        Descriptor {
            name: "acme.terms".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "Counts words of a list, tags and marks them, and drops documents that have too few.".to_owned(),
            options: OPTIONS.to_owned(),
            needs: Vec::new(),
            gives: gives.map(str::to_owned).to_vec(),
            drops: true,
            deterministic: true,
            offsets: Offsets::Utf8,
        }
    }

    fn init(options: String) -> Result<(), StageError> {
        // What a panic says would be lost otherwise: to docmill it is a trap like any other.
        std::panic::set_hook(Box::new(|panic| log(Level::Error, &panic.to_string())));
        let terms: Terms = serde_json::from_str(&options).map_err(|error| StageError::Fatal(error.to_string()))?;
        let twice = (1..terms.words.len()).filter(|&index| terms.words[..index].contains(&terms.words[index]));
        let twice: Vec<BadOption> = twice
            .map(|index| BadOption {
                pointer: format!("/words/{index}"),
                message: format!("\"{}\" is there twice", terms.words[index]),
            })
            .collect();
        if !twice.is_empty() {
            return Err(StageError::BadOptions(twice));
        }
        TERMS.set(terms).map_err(|_| StageError::Fatal("init was called twice".to_owned()))
    }

    fn process(document: Document) -> Result<Answer, StageError> {
        let terms = TERMS.get().ok_or_else(|| StageError::Fatal("init was not called".to_owned()))?;
        Ok(terms.answer(&document.text))
    }
}

/// Where one of the words stands, and which.
struct Place {
    span: Span,
    word: usize,
}

impl Terms {
    fn answer(&self, text: &str) -> Answer {
        let places = self.places(text);
        let total = places.len() as u64;
        let mut answer = nothing();
        answer.measures.push(Measure { name: "terms".to_owned(), value: total as f64 });
        if total < self.min {
            answer.drop = Some(DropReason {
                rule: "terms.min".to_owned(),
                measured: total.to_string(),
                threshold: self.min.to_string(),
            });
            return answer;
        }
        for (index, word) in self.words.iter().enumerate() {
            let evidence: Vec<Span> = places.iter().filter(|place| place.word == index).map(|place| place.span).collect();
            if !evidence.is_empty() {
                let score = share(evidence.len() as u64, total);
                answer.tags.push(Tag { scheme: "term".to_owned(), label: word.clone(), score, evidence });
            }
        }
        answer.meta.push(Entry { key: "terms".to_owned(), value: answer.tags.len().to_string() });
        if self.upper {
            answer.change = Change::Edits(places.iter().filter_map(|place| raised(text, place.span)).collect());
        }
        // Words are letters and digits, so that they stand in JSON as they are.
        answer.annotations.extend(places.into_iter().map(|Place { span, word }| Annotation {
            kind: "term".to_owned(),
            span,
            value: Some(format!("{{\"word\":\"{}\"}}", self.words[word])),
            score: 1.0,
        }));
        answer
    }

    /// Every place of one of the words, left to right. A word is letters and digits with neither beside it: a whole run of them.
    fn places(&self, text: &str) -> Vec<Place> {
        let mut places = Vec::new();
        let mut start = 0;
        for run in text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()) {
            let end = start + run.len();
            if let Some(word) = self.words.iter().position(|word| word.as_bytes().eq_ignore_ascii_case(run)) {
                places.push(Place { span: Span { start: start as u32, end: end as u32 }, word });
            }
            // The byte that ended the run.
            start = end + 1;
        }
        places
    }
}

/// `count` of `total` with four decimals, half up.
fn share(count: u64, total: u64) -> f64 {
    ((20_000 * count + total) / (2 * total)) as f64 / 10_000.0
}

/// The edit that writes a place in upper case, unless it is already.
fn raised(text: &str, span: Span) -> Option<Edit> {
    let found = &text[span.start as usize..span.end as usize];
    let text = found.to_ascii_uppercase();
    (text != found).then_some(Edit { span, text })
}

fn nothing() -> Answer {
    Answer {
        change: Change::None,
        annotations: Vec::new(),
        tags: Vec::new(),
        measures: Vec::new(),
        meta: Vec::new(),
        language: None,
        summary: None,
        warnings: Vec::new(),
        drop: None,
    }
}
