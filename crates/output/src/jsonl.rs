//! `output.jsonl`: one record a line.

use std::path::{Path, PathBuf};

use docmill_core::{
    BuildContext, Component, Document, OptionError, Output, OutputContext, OutputError, Role, RoleKind, Sink,
    StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::compression::Compression;
use crate::file::FileSink;
use crate::record::{Record, RecordField};
use docmill_core::Offsets;

/// Writes all records into one file, one JSON object a line.
///
/// This is the form for other programs: search, model training, notebooks. `docmill schema record` prints its JSON Schema. The
/// lines come in the order of the documents, so that the same documents give the same bytes. The file is written
/// beside its place and renamed at the end: it is complete, or it is the earlier one.
///
/// Choose `offsets` for the language that reads the file: `codepoint` for Python, `utf16` for JavaScript, Java and C#. The
/// offsets of a `source` are always bytes of the file decoded to UTF-8.
///
/// ```yaml
/// output:
///   - jsonl:
///       path: out/documents.jsonl.zst
///       offsets: codepoint
///       without: [blocks, measures]
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Jsonl {
    /// The file to write.
    pub path: PathBuf,
    /// What the offsets into the text count.
    pub offsets: Offsets,
    /// How the file is compressed; where this is not said, by its extension (`.gz`, `.zst`).
    pub compression: Option<Compression>,
    /// Fields of the record to leave out. `id` and `offsets` always stay.
    pub without: Vec<RecordField>,
}

impl Default for Jsonl {
    fn default() -> Self {
        Self { path: PathBuf::from("documents.jsonl"), offsets: Offsets::Utf8, compression: None, without: Vec::new() }
    }
}

impl Component for Jsonl {
    const NAME: &'static str = "output.jsonl";
    const KIND: RoleKind = RoleKind::Output;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        check_path(&self.path)?;
        Ok(Role::output(self))
    }
}

/// Refuses paths that name nothing that could be written.
pub(crate) fn check_path(path: &Path) -> Result<(), Vec<OptionError>> {
    if path.file_name().is_some() {
        return Ok(());
    }
    let message = format!("expected a path that ends in a name, found {:?}", path.display().to_string());
    Err(vec![OptionError::new("/path", message)])
}

impl Output for Jsonl {
    fn path(&self) -> &Path {
        &self.path
    }

    fn render(&self, doc: &Document) -> Result<Vec<u8>, StageError> {
        let record = Record::new(doc, self.offsets).map_err(|error| StageError::Failed(error.to_string()))?;
        // Enough for most records: growing would copy them.
        let mut line = Vec::with_capacity(doc.text().len() * 9 / 8 + doc.annotations().len() * 256 + 4_096);
        serde_json::to_writer(&mut line, &record.without(&self.without)).map_err(|error| StageError::Caused {
            context: "the record cannot be written as JSON".to_owned(),
            source: error.into(),
        })?;
        line.push(b'\n');
        Ok(line)
    }

    fn open(&self, cx: &OutputContext) -> Result<Box<dyn Sink>, OutputError> {
        let compression = self.compression.unwrap_or_else(|| Compression::of(&cx.path));
        Ok(Box::new(FileSink::open(&cx.path, compression, b"")?))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::open_records;

    fn build(options: &serde_json::Value) -> Result<docmill_core::Built, docmill_core::BuildError> {
        let mut registry = docmill_core::Registry::new();
        crate::register(&mut registry).unwrap();
        registry.build(Jsonl::NAME, options, &BuildContext::default())
    }

    #[test]
    fn records_come_back_one_a_line_in_any_compression() {
        let folder = tempfile::tempdir().unwrap();
        for (name, options) in [
            ("a.jsonl", json!({})),
            ("b.jsonl.gz", json!({})),
            ("c.jsonl.zst", json!({"compression": "zstd"})),
            ("d.gz", json!({"compression": "gzip"})),
        ] {
            let Role::Output(output) = build(&options).unwrap().role else { panic!("no output") };
            let path = folder.path().join(name);
            let mut sink = output.open(&OutputContext { path: path.clone() }).unwrap();
            for uri in ["x", "y"] {
                let doc = Document::from_text(uri, "Two\nlines");
                sink.write(doc.id(), uri, &output.render(&doc).unwrap()).unwrap();
            }
            sink.finish().unwrap();
            sink.commit().unwrap().keep();
            let records: Vec<_> = open_records(&path).unwrap().map(Result::unwrap).collect();
            assert_eq!(records.iter().map(|record| &record["source"]["uri"]).collect::<Vec<_>>(), ["x", "y"]);
        }
    }

    #[test]
    fn fields_can_be_left_out() {
        let options = Jsonl { without: vec![RecordField::Text, RecordField::Meta], ..Jsonl::default() };
        let line = options.render(&Document::from_text("x", "text")).unwrap();
        let record: serde_json::Value = serde_json::from_slice(&line).unwrap();
        let full = Jsonl::default().render(&Document::from_text("x", "text")).unwrap();
        let mut full: serde_json::Value = serde_json::from_slice(&full).unwrap();
        full.as_object_mut().unwrap().retain(|key, _| key != "text" && key != "meta");
        assert_eq!(record, full);
    }

    #[test]
    fn a_record_keeps_its_id_and_a_path_has_a_name() {
        let error = build(&json!({"without": ["id"], "offsets": "bytes"})).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("/without/0: unknown variant `id`, expected one of `source`, `title`"), "{error}");
        assert!(error.contains("/offsets: unknown variant `bytes`, expected one of `utf8`"), "{error}");
        let error = build(&json!({"path": "out/.."})).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("/path: expected a path that ends in a name, found \"out/..\""), "{error}");
    }
}
