//! An output: a Markdown list of the documents with their terms.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use docmill_core::{
    BuildContext, Component, Document, DocumentId, Field, OptionError, Output, OutputContext, OutputError, Placed,
    Role, RoleKind, Sink, StageError, WrittenFile,
};
use docmill_files::{PendingFile, failed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Writes a Markdown list: a line for each document, with how often it has each term.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// The file to write.
    pub path: PathBuf,
}

impl Default for List {
    fn default() -> Self {
        Self { path: PathBuf::from("terms.md") }
    }
}

impl Component for List {
    const NAME: &'static str = "output.terms";
    const KIND: RoleKind = RoleKind::Output;

    fn needs(&self) -> Vec<Field> {
        vec![Field::tags("term")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.path.file_name().is_none() {
            return Err(vec![OptionError::new("/path", "expected a path that ends in a name")]);
        }
        Ok(Role::output(self))
    }
}

impl Output for List {
    fn path(&self) -> &Path {
        &self.path
    }

    fn render(&self, doc: &Document) -> Result<Vec<u8>, StageError> {
        let uri = &doc.source().uri;
        let terms = doc.tags().iter().filter(|tag| tag.scheme == "term");
        let terms: Vec<_> = terms.map(|tag| format!("{} {}", escaped(&tag.label), tag.evidence.len())).collect();
        let terms = if terms.is_empty() { "none".to_owned() } else { terms.join(", ") };
        Ok(format!("- [{}](<{}>): {terms}\n", escaped(doc.title().unwrap_or(uri)), escaped(uri)).into_bytes())
    }

    fn open(&self, cx: &OutputContext) -> Result<Box<dyn Sink>, OutputError> {
        Ok(Box::new(Lines { file: PendingFile::create(&cx.path)?, path: cx.path.clone() }))
    }
}

/// The text on one line, with nothing in it that means something to Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation() && !"/.,:;-'()%".contains(character) {
            escaped.push('\\');
        }
        escaped.push(if character.is_control() { ' ' } else { character });
    }
    escaped
}

/// The list as it is written. The file has a temporary name until all outputs of the run are complete.
struct Lines {
    file: PendingFile,
    path: PathBuf,
}

impl Sink for Lines {
    fn write(&mut self, _id: &DocumentId, _uri: &str, rendered: &[u8]) -> Result<(), OutputError> {
        self.file.write_all(rendered).map_err(failed("write", &self.path))
    }

    fn finish(&mut self) -> Result<Vec<WrittenFile>, OutputError> {
        Ok(vec![self.file.finish()?])
    }

    fn commit(self: Box<Self>) -> Result<Box<dyn Placed>, OutputError> {
        self.file.place()
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{ByteSpan, Tag};

    use super::*;

    #[test]
    fn a_line_tells_how_often_each_term_is_there() {
        let mut doc = Document::from_text("a [1].txt", "harbor harbor rail");
        let line = |doc: &Document| String::from_utf8(List::default().render(doc).unwrap()).unwrap();
        assert_eq!(line(&doc), "- [a \\[1\\].txt](<a \\[1\\].txt>): none\n");
        let (first, second, third) = (ByteSpan::new(0, 6), ByteSpan::new(7, 13), ByteSpan::new(14, 18));
        doc.tag(Tag::new("term", "harbor").with_evidence([first, second]));
        doc.tag(Tag::new("term", "rail").with_evidence([third]));
        assert!(line(&doc).ends_with(": harbor 2, rail 1\n"), "{}", line(&doc));
    }

    #[test]
    fn the_list_appears_when_it_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terms.md");
        let mut sink = List::default().open(&OutputContext { path: path.clone() }).unwrap();
        let doc = Document::from_text("a.txt", "");
        sink.write(doc.id(), "a.txt", b"- a\n").unwrap();
        assert_eq!(sink.finish().unwrap()[0].bytes, 4);
        assert!(!path.exists());
        sink.commit().unwrap().keep();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "- a\n");
    }
}
