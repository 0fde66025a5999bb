//! `docmill explain`: where in the source everything that was found comes from, and which stages changed it on the way.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::ControlFlow;

use docmill_core::{ByteSpan, Document, Locator, Registry};
use docmill_engine::{Event, Outcome, trace};
use serde::Serialize;

use crate::arguments::ExplainArguments;
use crate::exit::{self, Wrong};
use crate::load::load;
use crate::worker;

/// Something found in a document, and where it comes from.
#[derive(Debug, Serialize)]
struct Explained<'a> {
    /// `annotation`, `tag` or `summary`.
    what: &'static str,
    /// Kind of an annotation, scheme of a tag.
    kind: &'a str,
    /// The label of a tag, else the text.
    label: &'a str,
    /// The stage that made it.
    by: &'a str,
    /// The final text.
    text: &'a str,
    uri: &'a str,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    /// The part of an e-mail or book.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slide: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    /// Whether the place is one of the decoded part.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    decoded: bool,
    /// The range in the source, decoded to UTF-8.
    start: usize,
    end: usize,
    /// The very words in the source.
    source: &'a str,
    /// What the score of a summary sentence is made of, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a BTreeMap<String, f64>>,
    /// What stages changed in it, first to last.
    changes: Vec<Changed<'a>>,
}

/// What one stage changed.
#[derive(Debug, Serialize)]
struct Changed<'a> {
    stage: &'a str,
    before: &'a str,
    after: &'a str,
}

/// A document as it was before and after a stage that changed its text.
struct Edited {
    stage: String,
    before: Document,
    after: Document,
}

/// Explains each tag, annotation and summary sentence of a document, or those that contain a text.
pub(crate) fn explain(registry: &Registry, arguments: &ExplainArguments) -> anyhow::Result<u8> {
    let loaded = load(registry, &arguments.pipeline, std::slice::from_ref(&arguments.file))?;
    let wanted = arguments.text.as_ref().map(|text| text.to_lowercase());
    let mut out = io::stdout().lock();
    let (mut edited, mut found, mut failed, mut written) = (Vec::new(), 0_usize, Vec::new(), Ok(()));
    trace(&loaded.pipeline, Some(&worker::command()?), &mut |event| {
        match event {
            Event::Read { .. } => edited.clear(),
            Event::Step { stage, before, after, .. } => {
                if before.text() != after.text() {
                    edited.push(Edited { stage: stage.to_owned(), before: before.clone(), after: after.clone() });
                }
            }
            Event::Finished { doc } => {
                for explained in everything(doc, &edited) {
                    if wanted.as_ref().is_none_or(|wanted| explained.mentions(wanted)) {
                        found += 1;
                        written = if arguments.json {
                            explained.json(&mut out)
                        } else {
                            explained.show(&mut out, &arguments.file)
                        };
                    }
                    if written.is_err() {
                        return ControlFlow::Break(());
                    }
                }
            }
            Event::Ended { entry } => {
                let reason = serde_json::to_value(&entry.reason).unwrap_or_default();
                let stage = entry.stage.as_deref().unwrap_or_default();
                failed.push((entry.outcome, format!("{}: {stage}: {reason}", entry.uri)));
            }
        }
        ControlFlow::Continue(())
    })
    .map_err(|error| Wrong(format!("error: {}: {error}", arguments.file)))?;
    written?;
    for (_, line) in &failed {
        crate::terminal::say(line);
    }
    if found == 0 && failed.is_empty() {
        let what = arguments.text.as_ref().map_or_else(|| "anything".to_owned(), |text| format!("{text:?}"));
        return Err(
            Wrong(format!("error: no tag, annotation or summary sentence of {} holds {what}", arguments.file)).into()
        );
    }
    let quarantined = failed.iter().any(|(outcome, _)| *outcome == Outcome::Quarantined);
    Ok(if quarantined { exit::QUARANTINED } else { exit::DONE })
}

/// Everything that was found, in the order of the text.
fn everything<'a>(doc: &'a Document, edited: &'a [Edited]) -> Vec<Explained<'a>> {
    let locator = doc.locator();
    let mut all = Vec::new();
    for annotation in doc.annotations() {
        let text = annotation.span.of(doc.text()).unwrap_or_default();
        let named = Named { what: "annotation", kind: &annotation.kind, label: text, by: &annotation.by };
        all.push((annotation.span, explained(doc, &locator, edited, annotation.span, &named)));
    }
    for tag in doc.tags() {
        for &span in &tag.evidence {
            let named = Named { what: "tag", kind: &tag.scheme, label: &tag.label, by: &tag.by };
            all.push((span, explained(doc, &locator, edited, span, &named)));
        }
    }
    if let Some(summary) = doc.summary() {
        for sentence in &summary.sentences {
            let named = Named { what: "summary", kind: "sentence", label: &sentence.text, by: &summary.by };
            let why = Some(&sentence.why).filter(|why| !why.is_empty());
            let stated = explained(doc, &locator, edited, sentence.span, &named);
            all.push((sentence.span, Explained { why, ..stated }));
            for span in &sentence.also {
                all.push((*span, explained(doc, &locator, edited, *span, &named)));
            }
        }
    }
    all.sort_by(|(a, one), (b, other)| {
        (a, one.what, one.kind, one.label).cmp(&(b, other.what, other.kind, other.label))
    });
    all.into_iter().map(|(_, explained)| explained).collect()
}

/// What is found at a span.
struct Named<'a> {
    what: &'static str,
    kind: &'a str,
    label: &'a str,
    by: &'a str,
}

fn explained<'a>(
    doc: &'a Document,
    locator: &Locator<'a>,
    edited: &'a [Edited],
    span: ByteSpan,
    named: &Named<'a>,
) -> Explained<'a> {
    let home = doc.to_original(span);
    let place = locator.place(home);
    let changes = edited.iter().filter_map(|edited| {
        let text_of = |doc: &'a Document| doc.source_map().to_after(home).of(doc.text()).unwrap_or_default();
        let (before, after) = (text_of(&edited.before), text_of(&edited.after));
        (before != after).then_some(Changed { stage: &edited.stage, before, after })
    });
    Explained {
        what: named.what,
        kind: named.kind,
        label: named.label,
        by: named.by,
        text: span.of(doc.text()).unwrap_or_default(),
        uri: &doc.source().uri,
        line: place.line,
        column: place.column,
        row: place.row,
        part: place.part,
        page: place.page,
        slide: place.slide,
        sheet: place.sheet,
        decoded: place.decoded,
        start: place.span.start,
        end: place.span.end,
        source: home.of(doc.original()).unwrap_or_default(),
        why: None,
        changes: changes.collect(),
    }
}

impl Explained<'_> {
    fn mentions(&self, lower_case: &str) -> bool {
        [self.label, self.text].iter().any(|text| text.to_lowercase().contains(lower_case))
    }

    /// For people: what it is, its place, the words there, and what became of them.
    fn show(&self, out: &mut dyn Write, file: &str) -> io::Result<()> {
        writeln!(out, "{} {}: {}  (by {})", self.what, self.kind, self.label, self.by)?;
        let member = self.uri.find("!/").map_or("", |at| &self.uri[at..]);
        writeln!(out, "    {file}{member}{} {}", self.place(), self.source.escape_debug())?;
        if let Some(why) = self.why {
            writeln!(out, "    why: {}", reasons(why))?;
        }
        for change in &self.changes {
            let (before, after) = (change.before.escape_debug(), change.after.escape_debug());
            writeln!(out, "    {}: {before} -> {after}", change.stage)?;
        }
        Ok(())
    }

    /// Where in the file it is, as a person would look for it.
    fn place(&self) -> String {
        let place = if let Some(page) = self.page {
            format!(", page {page}")
        } else if let Some(slide) = self.slide {
            format!(", slide {slide}")
        } else if let Some((sheet, row)) = self.sheet.as_ref().zip(self.row) {
            format!(", sheet {sheet}, row {row}")
        } else if let Some(part) = self.part.as_ref().filter(|_| self.decoded) {
            // Lines of the file would lead astray: there the part is base64 or the like.
            return format!(", part {part} decoded:{}:{}:", self.line, self.column);
        } else {
            return format!(":{}:{}:", self.line, self.column);
        };
        place + ":"
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        writeln!(out)
    }
}

/// What a score is made of, as a person reads it: `centrality 0.4, form 0.7`.
pub(crate) fn reasons(why: &BTreeMap<String, f64>) -> String {
    why.iter().map(|(name, part)| format!("{name} {part}")).collect::<Vec<_>>().join(", ")
}
