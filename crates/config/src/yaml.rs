//! YAML with places: what a file says, and where it says so.
//!
//! Two passes. [`value`] is the reading of `serde_yaml`, which decides what the file says. [`outline`] is the shape of the file with
//! the place of each key and value, from saphyr-parser's events; it is read without expanding aliases, so that an alias bomb
//! is counted before anything expands it. Here the two are laid over each other and become a tree of [`Node`]s.

mod outline;
mod value;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::node::{Content, Entry, Node};
use crate::source::{Place, Source};
use outline::{Outline, Shape};
use value::Raw;

/// The largest file that is read, in bytes. A pipeline of a thousand stages has a tenth of it.
pub(crate) const MAX_BYTES: usize = 1 << 20;
/// The deepest nesting, in levels.
pub(crate) const MAX_DEPTH: usize = 48;
/// The most keys, values and items that a file may have with its aliases written out.
pub(crate) const MAX_NODES: usize = 100_000;

/// The smallest pipeline, for those who have none yet.
pub(crate) const SMALLEST: &str = "the smallest pipeline is:\n\nversion: 1\ninput: docs/\nstages:\n  - ingest\n  - normalize\noutput:\n  - jsonl: out/documents.jsonl";

/// Reads a file as text: small enough, and UTF-8.
pub(crate) fn open(path: &Path) -> Result<Arc<Source>, Box<Diagnostic>> {
    use std::io::Read as _;
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| Diagnostic::error(None, format!("cannot read {name}: {error}")))?;
    text(&name, bytes)
}

/// The text that bytes are. A byte-order mark at their beginning is no part of it.
pub(crate) fn text(name: &str, mut bytes: Vec<u8>) -> Result<Arc<Source>, Box<Diagnostic>> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    if bytes.len() > MAX_BYTES {
        let read = String::from_utf8_lossy(&bytes[..MAX_BYTES]).into_owned();
        let source = Source::new(name, read);
        let (line, _) = source.line_column(source.text().len());
        let start = source.line(line).start;
        let problem = Diagnostic::error(Place::new(&source, start..start + 1), format!("{name} is larger than 1 MiB"))
            .label("the limit is passed in this line")
            .help(
                "a pipeline file holds settings, not data: keep long lists in files of their own, and name those here",
            );
        return Err(Box::new(problem));
    }
    String::from_utf8(bytes).map(|text| Source::new(name, text)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(at).copied().unwrap_or_default();
        let source = Source::new(name, String::from_utf8_lossy(error.as_bytes()).into_owned());
        let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
        let problem = Diagnostic::error(Place::new(&source, at..end), format!("{name} is not UTF-8"))
            .label(format!("byte 0x{byte:02X} begins no character"))
            .help("save the file as UTF-8");
        Box::new(problem)
    })
}

/// What a text says, or why it says nothing. Mistakes that leave the rest readable, such as a duplicate key, are reported
/// along with a result.
pub(crate) fn read(source: &Arc<Source>, report: &mut Diagnostics) -> Option<Node> {
    match read_or_refuse(source, report) {
        Ok(node) => Some(node),
        Err(refused) => {
            report.append(refused);
            None
        }
    }
}

fn read_or_refuse(source: &Arc<Source>, report: &mut Diagnostics) -> Result<Node, Diagnostics> {
    if is_blank(source.text()) {
        let found = if source.text().trim().is_empty() { "is empty" } else { "holds nothing but comments" };
        let message = format!("{} {found}", source.name());
        return Err(Diagnostic::error(Place::new(source, 0..0), message).help(SMALLEST).into());
    }
    // The outline first: it ends at what is too deep or too large, which serde_yaml would read to its end.
    let outline = Outline::read(source)?;
    let raw = value::read(source)?;
    let mut join = Join { source, outline: &outline, report };
    Ok(join.node(raw, outline.root))
}

fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').lines().all(|line| {
        let line = line.trim();
        line.is_empty() || line.starts_with('#') || line == "---" || line == "..."
    })
}

/// A scalar of the command line, such as the value of `--set`.
pub(crate) fn scalar(source: &Arc<Source>, span: std::ops::Range<usize>) -> Node {
    let place = Place::new(source, span);
    let text = place.text().to_owned();
    let value = match serde_yaml::from_str::<Raw>(&text) {
        Ok(Raw::Bool(value)) => Value::Bool(value),
        Ok(Raw::Number(number)) => Value::Number(number),
        Ok(Raw::Text(value)) => Value::String(value),
        Ok(Raw::Null) if !text.is_empty() => Value::Null,
        // What is no scalar, such as `a: b` or `[`, is taken as it was typed.
        _ => Value::String(text),
    };
    Node::new(Content::Scalar(value), place)
}

/// Lays the reading over the outline.
struct Join<'a> {
    source: &'a Arc<Source>,
    outline: &'a Outline,
    report: &'a mut Diagnostics,
}

impl Join<'_> {
    fn node(&mut self, raw: Raw, at: usize) -> Node {
        let at = self.outline.target(at);
        let item = &self.outline.items[at];
        let place = Place::new(self.source, item.span.clone());
        let content = match raw {
            Raw::Null => Content::Scalar(Value::Null),
            Raw::Bool(value) => Content::Scalar(Value::Bool(value)),
            Raw::Number(number) => Content::Scalar(Value::Number(number)),
            Raw::Text(text) => Content::Scalar(Value::String(text)),
            Raw::NotFinite => {
                let message = format!("`{}` is no number that can be used", place.text());
                self.report.push(Diagnostic::error(place.clone(), message).label("expected a finite number"));
                return Node::broken(place);
            }
            Raw::Tagged(tag) => {
                self.report.push(
                    Diagnostic::error(place.clone(), format!("the tag `{tag}` means nothing here"))
                        .label("tags are not used in pipeline files"),
                );
                return Node::broken(place);
            }
            Raw::List(items) => {
                // Where the passes disagree on odd YAML, the value stands and its place is that of the whole.
                let children = match &item.shape {
                    Shape::List(children) if children.len() == items.len() => children.clone(),
                    _ => vec![at; items.len()],
                };
                Content::List(items.into_iter().zip(children).map(|(item, at)| self.node(item, at)).collect())
            }
            Raw::Map(entries) => {
                let children = match &item.shape {
                    Shape::Map(children) if children.len() == entries.len() => children.clone(),
                    _ => vec![(at, at); entries.len()],
                };
                Content::Map(self.entries(entries, &children))
            }
        };
        Node::new(content, place)
    }

    fn entries(&mut self, raw: Vec<(Raw, Raw)>, children: &[(usize, usize)]) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::with_capacity(raw.len());
        let mut by_name: HashMap<String, usize> = HashMap::with_capacity(raw.len());
        let mut merged = Vec::new();
        for ((key, value), &(key_at, value_at)) in raw.into_iter().zip(children) {
            let place = Place::new(self.source, self.outline.items[key_at].span.clone());
            let name = match key {
                Raw::Text(name) => name,
                Raw::Bool(_) | Raw::Number(_) => place.text().to_owned(),
                Raw::Null | Raw::NotFinite | Raw::Tagged(_) | Raw::List(_) | Raw::Map(_) => {
                    self.report.push(Diagnostic::error(place, "this key is no name").label("expected a text"));
                    continue;
                }
            };
            let value = self.node(value, value_at);
            if name == "<<" {
                merged.push(value);
            } else if let Some(&first) = by_name.get(&name) {
                let first: &Entry = &entries[first];
                self.report.push(
                    Diagnostic::error(place, format!("the key `{name}` is given twice"))
                        .label("given again here")
                        .related(first.place.clone(), "first given here"),
                );
            } else {
                by_name.insert(name.clone(), entries.len());
                entries.push(Entry { name, place, value });
            }
        }
        for value in merged {
            self.merge(value, &mut entries, &mut by_name);
        }
        entries
    }

    /// The merge key: what the mapping itself says wins over what is merged into it.
    fn merge(&mut self, value: Node, entries: &mut Vec<Entry>, by_name: &mut HashMap<String, usize>) {
        let place = value.place.clone();
        let sources = match value.content {
            Content::List(items) => items,
            _ => vec![value],
        };
        for source in sources {
            let Content::Map(others) = source.content else {
                self.report.push(
                    Diagnostic::error(place.clone(), "`<<` merges mappings, and this is none")
                        .label("expected an alias of a mapping, such as `*name`"),
                );
                return;
            };
            for other in others {
                if !by_name.contains_key(&other.name) {
                    by_name.insert(other.name.clone(), entries.len());
                    entries.push(other);
                }
            }
        }
    }
}
