//! For those who read records: lines back to values, and a check that every span of a record is where it says.

use std::io::{self, BufRead};
use std::path::Path;

use docmill_core::ByteSpan;
use serde_json::Value;

use crate::compression::decompressed;
use docmill_core::{Offsets, UnitSpan, Units};

/// A line of a JSONL file that is no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The line cannot be read.
    #[error("line {line}: cannot read it: {source}")]
    Io {
        /// Which line, from 1.
        line: usize,
        /// What the system said.
        source: io::Error,
    },
    /// The line is no JSON.
    #[error("line {line}: not JSON: {source}")]
    Json {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The records of a JSONL file that was opened; empty lines are passed over. After a read error there are none.
pub fn read_records(reader: impl BufRead) -> impl Iterator<Item = Result<Value, RecordError>> {
    let mut broken = false;
    let lines = reader.lines().take_while(move |line| !std::mem::replace(&mut broken, line.is_err()));
    lines.enumerate().map(|(index, line)| (index + 1, line)).filter_map(|(line, text)| match text {
        Err(source) => Some(Err(RecordError::Io { line, source })),
        Ok(text) if text.trim().is_empty() => None,
        Ok(text) => Some(serde_json::from_str(&text).map_err(|source| RecordError::Json { line, source })),
    })
}

/// The records of the JSONL file at `path`, decompressed where its extension is `.gz` or `.zst`.
pub fn open_records(path: &Path) -> io::Result<impl Iterator<Item = Result<Value, RecordError>>> {
    decompressed(path).map(read_records)
}

/// Checks every span of a record against its text, in its unit: each covers whole characters of the text; blocks stand in
/// order and hold their cells; the text of an annotation is what its span covers; annotations are in order. All that is wrong
/// is named by its place in the record (a JSON pointer, RFC 6901).
pub fn check_record(record: &Value) -> Result<(), Vec<String>> {
    let Some(text) = record["text"].as_str() else {
        return Err(vec!["/text: the record has no text to check spans against".to_owned()]);
    };
    let Ok(unit) = serde_json::from_value::<Offsets>(record["offsets"].clone()) else {
        return Err(vec!["/offsets: expected utf8, codepoint or utf16".to_owned()]);
    };
    let mut check = Check { text, units: Units::new(text, unit), wrong: Vec::new() };
    check.blocks(&record["blocks"]);
    check.annotations(&record["annotations"]);
    check.evidence(&record["tags"]);
    for (index, sentence) in items(&record["summary"]["sentences"]) {
        check.span(sentence, &format!("/summary/sentences/{index}"));
    }
    if check.wrong.is_empty() { Ok(()) } else { Err(check.wrong) }
}

struct Check<'r> {
    text: &'r str,
    units: Units<'r>,
    wrong: Vec<String>,
}

impl Check<'_> {
    /// The bytes of the span that `holder` has as `start` and `end`.
    fn span(&mut self, holder: &Value, at: &str) -> Option<ByteSpan> {
        self.bytes(&holder["start"], &holder["end"], at)
    }

    fn bytes(&mut self, start: &Value, end: &Value, at: &str) -> Option<ByteSpan> {
        let offset = |value: &Value| value.as_u64().and_then(|offset| usize::try_from(offset).ok());
        let span = offset(start).zip(offset(end));
        let bytes = span.and_then(|(start, end)| self.units.bytes(UnitSpan { start, end }));
        if bytes.is_none() {
            self.wrong.push(format!("{at}: {start}..{end} are not whole characters of the text"));
        }
        bytes
    }

    fn blocks(&mut self, blocks: &Value) {
        let mut end = 0;
        for (index, block) in items(blocks) {
            let at = format!("/blocks/{index}");
            let Some(span) = self.span(block, &at) else { continue };
            if span.start < end {
                self.wrong.push(format!("{at}: it begins before the end of an earlier block"));
            }
            end = end.max(span.end);
            for (index, cell) in items(&block["cells"]) {
                let at = format!("{at}/cells/{index}");
                if self.span(cell, &at).is_some_and(|cell| !span.contains(cell)) {
                    self.wrong.push(format!("{at}: the cell is not in its table"));
                }
            }
        }
    }

    fn annotations(&mut self, annotations: &Value) {
        let mut previous = None;
        for (index, annotation) in items(annotations) {
            let at = format!("/annotations/{index}");
            let Some(span) = self.span(annotation, &at) else { continue };
            let covered = span.of(self.text).unwrap_or_default();
            if covered.is_empty() {
                self.wrong.push(format!("{at}: it covers nothing"));
            }
            if annotation["text"].as_str() != Some(covered) {
                self.wrong.push(format!("{at}: its text is {}, but it covers {covered:?}", annotation["text"]));
            }
            let key = Some((span, annotation["kind"].as_str(), annotation["by"].as_str()));
            if key < previous {
                self.wrong.push(format!("{at}: it is not in order"));
            }
            previous = key;
        }
    }

    fn evidence(&mut self, tags: &Value) {
        for (index, tag) in items(tags) {
            for (number, pair) in items(&tag["evidence"]) {
                self.bytes(&pair[0], &pair[1], &format!("/tags/{index}/evidence/{number}"));
            }
        }
    }
}

fn items(list: &Value) -> impl Iterator<Item = (usize, &Value)> {
    list.as_array().into_iter().flatten().enumerate()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record() -> Value {
        json!({
            "offsets": "utf16", "text": "Für 😀 12 €",
            "blocks": [{"kind": "title", "start": 0, "end": 3},
                       {"kind": "table", "start": 4, "end": 11, "cells": [{"start": 4, "end": 6}]}],
            "annotations": [{"kind": "money", "by": "m", "start": 7, "end": 11, "text": "12 €"}],
            "tags": [{"evidence": [[4, 6]]}],
            "summary": {"sentences": [{"start": 0, "end": 6}]},
        })
    }

    #[test]
    fn a_record_whose_spans_are_right_passes() {
        assert_eq!(check_record(&record()), Ok(()));
    }

    #[test]
    fn each_wrong_span_is_named() {
        let cases = [
            ("/blocks/0/end", json!(5), "/blocks/0: 0..5 are not whole characters of the text"),
            ("/blocks/1/start", json!(2), "/blocks/1: it begins before the end of an earlier block"),
            ("/blocks/1/cells/0/start", json!(3), "/blocks/1/cells/0: the cell is not in its table"),
            ("/annotations/0/text", json!("12 $"), "/annotations/0: its text is \"12 $\", but it covers \"12 €\""),
            ("/annotations/0/end", json!(12), "/annotations/0: 7..12 are not whole characters of the text"),
            ("/annotations/0/start", json!(-1), "/annotations/0: -1..11 are not whole characters of the text"),
            ("/tags/0/evidence/0/1", json!(5), "/tags/0/evidence/0: 4..5 are not whole characters of the text"),
            (
                "/summary/sentences/0/end",
                json!("x"),
                "/summary/sentences/0: 0..\"x\" are not whole characters of the text",
            ),
            ("/offsets", json!("bytes"), "/offsets: expected utf8, codepoint or utf16"),
            ("/text", json!(null), "/text: the record has no text to check spans against"),
        ];
        for (pointer, value, expected) in cases {
            let mut record = record();
            *record.pointer_mut(pointer).unwrap() = value;
            let wrong = check_record(&record).unwrap_err();
            assert!(wrong.iter().any(|wrong| wrong == expected), "{pointer}: {wrong:?}");
        }
    }

    #[test]
    fn annotations_out_of_order_are_found() {
        let mut record = record();
        let first = json!({"kind": "misc", "by": "m", "start": 0, "end": 3, "text": "Für"});
        record["annotations"].as_array_mut().unwrap().push(first);
        assert_eq!(check_record(&record), Err(vec!["/annotations/1: it is not in order".to_owned()]));
    }

    #[test]
    fn a_line_that_is_no_json_is_named_and_the_next_is_read() {
        let read: Vec<_> = read_records("{\"id\":1}\n\n{\"id\":\n{\"id\":2}\n".as_bytes()).collect();
        assert_eq!(read.len(), 3);
        assert_eq!(read[2].as_ref().unwrap()["id"], 2);
        assert!(read[1].as_ref().unwrap_err().to_string().starts_with("line 3: not JSON: "));
    }
}
