//! `docmill try`: one document, stage by stage.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::time::Duration;

use docmill_core::{Annotation, Document, Registry, Tag};
use docmill_engine::{Event, trace};
use similar::{ChangeTag, TextDiff};

use crate::arguments::TryArguments;
use crate::exit::{self, Wrong};
use crate::explain::reasons;
use crate::load::load;
use crate::worker;

/// How much of a text is shown on one line, in characters.
const WIDTH: usize = 100;
/// How many lines of a kind a stage shows.
const LINES: usize = 12;

/// Takes one document through the pipeline and shows what each stage changed.
pub(crate) fn try_file(registry: &Registry, arguments: &TryArguments) -> anyhow::Result<u8> {
    let loaded = load(registry, &arguments.pipeline, std::slice::from_ref(&arguments.file))?;
    let mut out = std::io::stdout().lock();
    let (mut shown, mut failed, mut written) = (0, false, Ok(()));
    trace(&loaded.pipeline, Some(&worker::command()?), &mut |event| {
        let mut ends = false;
        let text = match event {
            Event::Read { reader, doc, time } => read(reader, doc, time),
            Event::Step { stage, before, after, time } => step(stage, before, after, time),
            Event::Finished { doc } => {
                ends = true;
                format!(
                    "finished: {} bytes, {} annotations, {} tags\n",
                    doc.text().len(),
                    doc.annotations().len(),
                    doc.tags().len()
                )
            }
            Event::Ended { entry } => {
                ends = true;
                failed |= entry.outcome == docmill_engine::Outcome::Quarantined;
                let entry = serde_json::to_value(entry).unwrap_or_default();
                format!(
                    "{}: {} by {}: {}\n",
                    entry["uri"].as_str().unwrap_or_default(),
                    entry["outcome"].as_str().unwrap_or_default(),
                    entry["stage"].as_str().unwrap_or_default(),
                    entry["reason"]
                )
            }
        };
        written = out.write_all(text.as_bytes());
        shown += usize::from(ends);
        if written.is_err() || shown >= arguments.first { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .map_err(|error| Wrong(format!("error: {}: {error}", arguments.file)))?;
    written?;
    Ok(if failed { exit::QUARANTINED } else { exit::DONE })
}

fn read(reader: &str, doc: &Document, time: Duration) -> String {
    let source = doc.source();
    let mut text = format!("{}\n\n{reader}  {}\n", source.uri, spent(time));
    let _ = writeln!(text, "  {}, {}, {} bytes, {}", source.media_type, source.encoding, source.bytes, source.hash);
    for (key, value) in doc.meta.iter() {
        let _ = writeln!(text, "  {key}: {}", clipped(&value.to_string()));
    }
    for block in doc.blocks() {
        let kind = serde_json::to_value(block.kind).unwrap_or_default();
        let _ = writeln!(
            text,
            "  {:<10} {}",
            kind.as_str().unwrap_or_default(),
            clipped(block.span.of(doc.text()).unwrap_or_default())
        );
    }
    text
}

fn step(stage: &str, before: &Document, after: &Document, time: Duration) -> String {
    let mut text = format!("\n{stage}  {}\n", spent(time));
    let head = text.len();
    if before.text() != after.text() {
        diff(&mut text, before.text(), after.text());
    }
    if before.language() != after.language() {
        let _ = writeln!(text, "  language: {}", after.language().unwrap_or_default());
    }
    for (key, value) in after.meta.iter().filter(|(key, value)| before.meta.get(key) != Some(value)) {
        let _ = writeln!(text, "  meta {key}: {}", clipped(&value.to_string()));
    }
    for (name, value) in after.measures().iter().filter(|(name, value)| before.measures().get(*name) != Some(value)) {
        let _ = writeln!(text, "  measure {name}: {value}");
    }
    let annotation = |annotation: &Annotation| {
        let words = annotation.span.of(after.text()).unwrap_or_default();
        format!("{:<12} {}  {}", annotation.kind, clipped(words), annotation.value)
    };
    some(&mut text, "annotations", after.annotations().iter().filter(|made| *made.by == *stage).map(annotation));
    let tag = |tag: &Tag| format!("{}={}  {}", tag.scheme, tag.label, tag.score);
    some(&mut text, "tags", after.tags().iter().filter(|made| *made.by == *stage).map(tag));
    if let Some(summary) = after.summary().filter(|summary| *summary.by == *stage) {
        for sentence in &summary.sentences {
            let _ = writeln!(text, "  summary {:.2}  {}", sentence.score, sentence.text);
            if !sentence.why.is_empty() {
                let _ = writeln!(text, "    why: {}", reasons(&sentence.why));
            }
        }
        for sentence in &summary.unsupported {
            let _ = writeln!(text, "  summary without support ({})  {}", sentence.why, sentence.text);
        }
    }
    if text.len() == head {
        text.push_str("  nothing\n");
    }
    text
}

fn some(text: &mut String, name: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<_> = lines.collect();
    for line in lines.iter().take(LINES) {
        let _ = writeln!(text, "  {line}");
    }
    if lines.len() > LINES {
        let _ = writeln!(text, "  and {} more {name}", lines.len() - LINES);
    }
}

fn diff(text: &mut String, before: &str, after: &str) {
    let diff = TextDiff::from_lines(before, after);
    let changes = diff.iter_all_changes().filter_map(|change| {
        let mark = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => return None,
        };
        Some(format!("{mark} {}", clipped(change.value())))
    });
    some(text, "changed lines", changes);
}

fn spent(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}

/// The text on one line, and not too long.
fn clipped(text: &str) -> String {
    let line = text.trim_end_matches('\n').escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'");
    if line.chars().count() <= WIDTH {
        return line;
    }
    line.chars().take(WIDTH - 1).chain(['…']).collect()
}
