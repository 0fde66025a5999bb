//! The texts in which mistakes are shown, and places in them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A text that a mistake can be in: a YAML file, or an argument of the command line.
pub struct Source {
    name: String,
    text: String,
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// A text and what it is called in messages.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), lines: OnceLock::new() })
    }

    /// What it is called in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column (code points) of a byte offset, both from 1.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = floor_boundary(&self.text, offset);
        let line = self.line_starts().partition_point(|&start| start <= offset) - 1;
        let column = self.text[self.line_starts()[line]..offset].chars().count();
        (line + 1, column + 1)
    }

    /// The bytes of a line (from 1), without its line end.
    pub(crate) fn line(&self, line: usize) -> Range<usize> {
        let starts = self.line_starts();
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = starts.get(line).copied().unwrap_or(self.text.len());
        start..start + self.text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    fn line_starts(&self) -> &[usize] {
        self.lines
            .get_or_init(|| std::iter::once(0).chain(self.text.match_indices('\n').map(|(end, _)| end + 1)).collect())
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("name", &self.name).field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

/// A range of a source.
#[derive(Debug, Clone)]
pub struct Place {
    source: Arc<Source>,
    span: Range<usize>,
}

impl Place {
    /// The bytes `span` of `source`; moved to character boundaries where it is off.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        let start = floor_boundary(source.text(), span.start);
        let end = floor_boundary(source.text(), span.end).max(start);
        Self { source: Arc::clone(source), span: start..end }
    }

    /// Where it is.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The bytes.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// What stands there.
    pub fn text(&self) -> &str {
        &self.source.text()[self.span.clone()]
    }

    /// `file:line:column`, as editors and terminals link it.
    pub fn link(&self) -> String {
        let (line, column) = self.source.line_column(self.span.start);
        format!("{}:{line}:{column}", self.source.name())
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.span == other.span && self.source.name() == other.source.name()
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
