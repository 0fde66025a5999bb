//! What is wrong with a pipeline file, where, and what would be right: shown like a compiler shows it.

use std::cmp::Ordering;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;
use serde_json::{Value, json};

use crate::redact::Secrets;
use crate::source::Place;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The pipeline cannot be run.
    Error,
    /// It can be run, but probably not as meant.
    Warning,
}

/// One mistake.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Where; `None` where it is wrong with no text, such as a file that is not there.
    pub place: Option<Place>,
    /// What stands under the mark: what was expected or found there.
    pub label: String,
    /// Other places that belong to it, with what they are.
    pub related: Vec<(Place, String)>,
    /// What to do.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A mistake at a place.
    pub fn error(place: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            place: place.into(),
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Something that is probably not as meant.
    pub fn warning(place: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(place, message) }
    }

    /// With what stands under the mark.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With another place that belongs to it.
    #[must_use]
    pub fn related(mut self, place: Place, what: impl Into<String>) -> Self {
        self.related.push((place, what.into()));
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// With what to do, where something is known.
    #[must_use]
    pub fn maybe_help(self, help: Option<impl Into<String>>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    fn key(&self) -> (Option<(&str, usize, usize)>, Severity, &str) {
        let place = self.place.as_ref().map(|place| (place.source().name(), place.span().start, place.span().end));
        (place, self.severity, &self.message)
    }

    fn report(&self) -> Vec<Group<'_>> {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(self.message.as_str());
        let Some(place) = &self.place else {
            let group = Group::with_title(title);
            return vec![self.help.iter().fold(group, |group, help| group.element(Level::HELP.message(help.as_str())))];
        };
        let beside = |other: &&(Place, String)| other.0.source().name() == place.source().name();
        let marks = std::iter::once((place, AnnotationKind::Primary, self.label.as_str()))
            .chain(self.related.iter().filter(beside).map(|(at, what)| (at, AnnotationKind::Context, what.as_str())));
        let mut group = title.element(snippet(&marks.collect::<Vec<_>>()));
        for (at, what) in self.related.iter().filter(|other| !beside(other)) {
            group = group.element(snippet(&[(at, AnnotationKind::Context, what)]));
        }
        vec![self.help.iter().fold(group, |group, help| group.element(Level::HELP.message(help.as_str())))]
    }

    fn to_json(&self) -> Value {
        let mut value = json!({
            "severity": self.severity, "message": self.message, "label": self.label, "help": self.help,
            "related": self.related.iter().map(|(place, what)| json!({"place": place_json(place), "what": what})).collect::<Vec<_>>(),
        });
        if let Some(place) = &self.place {
            value["place"] = place_json(place);
        }
        value
    }

    fn redact(&mut self, secrets: &Secrets) {
        let texts = [&mut self.message, &mut self.label].into_iter().chain(&mut self.help);
        for text in texts.chain(self.related.iter_mut().map(|(_, what)| what)) {
            *text = secrets.redact(text);
        }
    }
}

fn place_json(place: &Place) -> Value {
    let (line, column) = place.source().line_column(place.span().start);
    let (end_line, end_column) = place.source().line_column(place.span().end);
    json!({"file": place.source().name(), "line": line, "column": column, "end_line": end_line, "end_column": end_column,
           "start": place.span().start, "end": place.span().end})
}

/// How much of a line is shown after a mark. Lines of machine-written YAML can be very long.
const SHOWN_AFTER: usize = 120;

/// The lines that hold the marks, each cut to what fits a screen. A mark over several lines is put under the first.
fn snippet<'a>(marks: &[(&'a Place, AnnotationKind, &'a str)]) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source = marks[0].0.source();
    let lines = marks.iter().map(|(place, ..)| source.line_column(place.span().start).0);
    let first = lines.clone().min().unwrap_or(1);
    let last = lines.max().unwrap_or(1);
    let (start, last_line) = (source.line(first).start, source.line(last));
    let last_mark = marks.iter().map(|(place, ..)| place.span().end.min(last_line.end)).max().unwrap_or(start);
    let end =
        Place::new(source, last_line.start.max(last_mark)..(last_mark + SHOWN_AFTER).min(last_line.end)).span().end;
    let shown = &source.text()[start..end.max(start)];
    let annotations = marks.iter().map(|&(place, kind, label)| {
        let line_end = source.line(source.line_column(place.span().start).0).end;
        let from = place.span().start.min(end);
        // An empty mark shows as one caret.
        let to = place.span().end.min(line_end).min(end).max(from);
        let mark = kind.span(from - start..to - start);
        if label.is_empty() { mark } else { mark.label(label) }
    });
    Snippet::source(shown).line_start(first).path(source.name()).annotations(annotations.collect::<Vec<_>>())
}

/// How many are kept: a file of another kind, named by mistake, can have one in each line.
const MAX_KEPT: usize = 1000;
/// How many are shown.
const MAX_SHOWN: usize = 50;

/// All that is wrong, sorted by file and place.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if self.items.len() < MAX_KEPT {
            self.items.push(diagnostic);
        }
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.items.append(&mut other.items);
    }

    /// Sorts them, leaves repetitions out, and takes out what came from the environment.
    pub(crate) fn finished(mut self, secrets: &Secrets) -> Self {
        self.items.iter_mut().for_each(|item| item.redact(secrets));
        self.items.sort_by(|a, b| match (&a.place, &b.place) {
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            _ => a.key().cmp(&b.key()),
        });
        self.items.dedup_by(|a, b| a.key() == b.key());
        self
    }

    /// Each mistake, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.items.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether one of them keeps the pipeline from running.
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|item| item.severity == Severity::Error)
    }

    /// As a compiler shows them: the file with line and column, the line with a mark, what was expected, and what to do.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
        let mut out = String::new();
        for (index, item) in self.items.iter().take(MAX_SHOWN).enumerate() {
            out.push_str(if index == 0 { "" } else { "\n" });
            out.push_str(&renderer.render(&item.report()));
            out.push('\n');
        }
        if self.items.len() > MAX_SHOWN {
            out.push_str("\n... and more: these are the first 50\n");
        }
        out
    }

    /// As JSON, for editors and scripts: an array of objects with severity, message, place, label, related places and help.
    pub fn to_json(&self) -> Value {
        self.items.iter().map(Diagnostic::to_json).collect()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { items: vec![diagnostic] }
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}
