//! The reader of web archives.

use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, Known, Member, Meta, OptionError, Part,
    RawSource, ReadError, Reader, Role, RoleKind, Stream,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exactly::Exactly;
use crate::http;

/// Reads web archives (WARC 1.0 and 1.1, ISO 28500): each page in them is a document, which the reader of its format reads.
///
/// Documents are responses, resources and conversions (as in WET files); requests, metadata and revisits are not. Of a response, the
/// body is read, out of its chunks and compression (gzip, deflate), and its `Content-Type` tells the format where its bytes do not.
/// Metadata: `url`, `captured` (the time, from `WARC-Date`) and `status` (of HTTP). Documents are named by their number, such as
/// `crawl.warc#record=12`. A `.warc.gz` is read by `ingest.compressed` first, and streamed. An archive that is broken has what came before read,
/// and an entry in quarantine for the rest.
///
/// ```yaml
/// stages:
///   - ingest.warc: { statuses: all }
///   - ingest.html
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Warc {
    /// Which responses are documents.
    pub statuses: Statuses,
}

/// Responses by their HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Statuses {
    /// Those of success (2xx) that have a body.
    #[default]
    Ok,
    /// All that have a body, such as pages that say that there is no page.
    All,
}

impl Component for Warc {
    const NAME: &'static str = "ingest.warc";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Meta]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Warc {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let versions: [&[u8]; 2] = [b"WARC/1.", b"WARC/0."];
        versions.iter().any(|version| hint.head.starts_with(version)).then_some("application/warc")
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        Err(crate::no_document(&source))
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

/// No head of a record or of a response is longer.
const LONGEST_HEAD: u64 = 64 << 10;

impl Container for Warc {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        _cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let mut file = BufReader::with_capacity(64 << 10, file);
        for number in 1.. {
            let malformed = |found: &str| ReadError::Malformed {
                expected: "a web archive",
                found: format!("record {number}: {found}"),
            };
            let Some(head) = head(&mut file)? else { break };
            let record = Record::of(&head).ok_or_else(|| malformed("it has no head with a version and a length"))?;
            let mut content = Exactly::new(&mut file, record.length);
            let flow = self.record(&record, number, whole, &mut content, part)?;
            std::io::copy(&mut content, &mut std::io::sink()).map_err(|error| crate::broken("a web archive", error))?;
            if flow.is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Warc {
    /// Hands on what a record holds, where it holds a document.
    fn record(
        &self,
        record: &Record,
        number: u64,
        whole: &RawSource,
        content: &mut dyn Read,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, ReadError> {
        let mut meta = Meta::default();
        for (key, value) in [("url", &record.url), ("captured", &record.date)] {
            if let Some(value) = value {
                meta.set(key, value.as_str());
            }
        }
        let mut source = RawSource::member(whole, format!("{}#record={number}", whole.uri));
        let mut content = BufReader::new(content);
        let declared = match record.kind.as_str() {
            "response" if record.content_type.as_deref() == Some("application/http") => {
                let head = self::head(&mut content)?;
                let Some(response) = head.as_deref().and_then(http::Response::of) else {
                    source.known = Known { meta, warnings: Vec::new() };
                    let found = format!("record {number}: it is no HTTP response");
                    let error = ReadError::Malformed { expected: "a web archive", found };
                    return Ok(part(Part::Failed { source, error }));
                };
                if self.statuses == Statuses::Ok && !(200..300).contains(&response.status) {
                    return Ok(ControlFlow::Continue(()));
                }
                meta.set("status", response.status);
                source.known = Known { meta, warnings: Vec::new() };
                let declared = response.content_type.clone();
                return match response.body(content) {
                    Ok(mut body) => Ok(hand_on(source, declared, &mut body, part)),
                    Err(error) => Ok(part(Part::Failed { source, error })),
                };
            }
            "response" | "resource" | "conversion" => record.content_type.clone(),
            _ => return Ok(ControlFlow::Continue(())),
        };
        source.known = Known { meta, warnings: Vec::new() };
        Ok(hand_on(source, declared, &mut content, part))
    }
}

/// Hands on a body, where it is not empty.
fn hand_on(
    source: RawSource,
    declared: Option<String>,
    body: &mut dyn Read,
    part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut first = [0];
    let mut begun: Box<dyn Read + '_> = match body.read(&mut first) {
        Ok(0) => return ControlFlow::Continue(()),
        Ok(_) => Box::new((&first[..]).chain(body)),
        Err(error) => Box::new(Failing(Some(error))),
    };
    part(Part::Member(Member { source, declared, read: &mut begun }))
}

/// Gives an error that came too early for its reader.
struct Failing(Option<std::io::Error>);

impl Read for Failing {
    fn read(&mut self, _buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Lines up to an empty one, without the line ends that stand before them; `None` at the end.
fn head(file: &mut impl BufRead) -> Result<Option<Vec<u8>>, ReadError> {
    let mut head = Vec::new();
    loop {
        let room = LONGEST_HEAD.saturating_sub(head.len() as u64);
        let start = head.len();
        let read =
            file.take(room).read_until(b'\n', &mut head).map_err(|error| crate::broken("a web archive", error))?;
        let blank = head[start..].iter().all(u8::is_ascii_whitespace);
        if read == 0 {
            return Ok((!head.is_empty()).then_some(head));
        }
        match (blank, start) {
            (true, 0) => head.clear(),
            (true, _) => return Ok(Some(head)),
            (false, _) => {}
        }
    }
}

/// What the head of a record says.
struct Record {
    kind: String,
    length: u64,
    url: Option<String>,
    date: Option<String>,
    content_type: Option<String>,
}

impl Record {
    fn of(head: &[u8]) -> Option<Self> {
        let head = String::from_utf8_lossy(head);
        let mut lines = head.lines();
        lines.next().filter(|version| version.starts_with("WARC/"))?;
        let mut record = Self { kind: String::new(), length: 0, url: None, date: None, content_type: None };
        let mut length = None;
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => record.kind = value.to_ascii_lowercase(),
                "content-length" => length = value.parse().ok(),
                // WARC 1.0 has it in brackets in places.
                "warc-target-uri" => record.url = Some(value.trim_matches(['<', '>']).to_owned()),
                "warc-date" => record.date = Some(value.to_owned()),
                "content-type" => record.content_type = Some(http::media_type(value)),
                _ => {}
            }
        }
        record.length = length?;
        Some(record)
    }
}
