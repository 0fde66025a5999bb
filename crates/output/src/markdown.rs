//! `output.markdown`: one file a document, for people.

mod body;
pub(crate) mod escape;
mod folder;
mod name;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use docmill_core::{
    BuildContext, Component, Document, DocumentId, OptionError, Output, OutputContext, OutputError, Placed, Role,
    RoleKind, Sink, StageError, WrittenFile,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::folder::PendingFolder;
use crate::jsonl::check_path;
use crate::record::{RecordMeta, title};

/// Writes each document as a Markdown file: front matter, title, summary, and the text by its blocks.
///
/// The front matter (YAML) holds id, URI, hash, title, language, metadata and the labels of each tag scheme. The summary
/// stands as a quotation under the title. Characters of the text that would be mark-up are escaped.
///
/// The files stand in sub-folders as the sources do: `newsroom/harbor.txt` becomes `newsroom/harbor.txt.md`. A name that is
/// not safe everywhere (upper case, spaces, anything but `a-z 0-9 . _ -`, or too long) is put into safe characters, and gets
/// `~` and the document's id, so that no two documents share a file on any file system: `Annual Report.pdf` becomes
/// `annual-report.pdf~0f3a….md`. The name depends on nothing but the URI.
///
/// The folder is replaced as a whole at the end of the run. `.docmill-index.jsonl` in it lists the files with their
/// documents, sizes and hashes. A folder in which anything stands that docmill did not write is left alone: the run says so and
/// writes nothing. What you changed in docmill's own files goes with the next run.
///
/// ```yaml
/// output:
///   - markdown: { path: out/markdown }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Markdown {
    /// The folder to write.
    pub path: PathBuf,
    /// Begin each file with front matter.
    pub front_matter: bool,
    /// Put the summary under the title.
    pub summary: bool,
}

impl Default for Markdown {
    fn default() -> Self {
        Self { path: PathBuf::from("markdown"), front_matter: true, summary: true }
    }
}

impl Component for Markdown {
    const NAME: &'static str = "output.markdown";
    const KIND: RoleKind = RoleKind::Output;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        check_path(&self.path)?;
        Ok(Role::output(self))
    }
}

/// What stands before the text.
#[derive(Serialize)]
struct FrontMatter<'a> {
    id: &'a str,
    uri: &'a str,
    hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    meta: RecordMeta<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> FrontMatter<'a> {
    fn of(doc: &'a Document) -> Self {
        let mut tags: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for tag in doc.tags() {
            tags.entry(&tag.scheme).or_default().push(&tag.label);
        }
        let source = doc.source();
        Self {
            id: doc.id().as_str(),
            uri: &source.uri,
            hash: &source.hash,
            title: title(doc),
            language: doc.language(),
            meta: RecordMeta::of(doc),
            tags,
        }
    }
}

impl Output for Markdown {
    fn path(&self) -> &Path {
        &self.path
    }

    fn render(&self, doc: &Document) -> Result<Vec<u8>, StageError> {
        let mut out = String::with_capacity(doc.text().len() * 5 / 4 + 2_048);
        if self.front_matter {
            let yaml = serde_yaml::to_string(&FrontMatter::of(doc)).map_err(|error| StageError::Caused {
                context: "the front matter cannot be written as YAML".to_owned(),
                source: error.into(),
            })?;
            out.push_str("---\n");
            out.push_str(&yaml);
            out.push_str("---\n\n");
        }
        let summary = doc.summary().filter(|_| self.summary).map(|summary| summary.text.as_str());
        body::write(doc, title(doc), summary, &mut out);
        Ok(out.into_bytes())
    }

    fn open(&self, cx: &OutputContext) -> Result<Box<dyn Sink>, OutputError> {
        Ok(Box::new(MarkdownSink { folder: PendingFolder::create(&cx.path)? }))
    }
}

struct MarkdownSink {
    folder: PendingFolder,
}

impl Sink for MarkdownSink {
    fn write(&mut self, id: &DocumentId, uri: &str, rendered: &[u8]) -> Result<(), OutputError> {
        self.folder.write(&name::file_name(uri, id), id, uri, rendered)
    }

    fn finish(&mut self) -> Result<Vec<WrittenFile>, OutputError> {
        Ok(vec![self.folder.finish()?])
    }

    fn commit(self: Box<Self>) -> Result<Box<dyn Placed>, OutputError> {
        self.folder.place()
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{Summary, SummarySentence, Tag};

    use super::*;

    #[test]
    fn a_file_has_front_matter_title_summary_and_text() {
        let mut doc = Document::from_text("Notes/port.txt", "The port: grew.\n\nMore *ships* came.");
        doc.meta.set("title", "Port: a note");
        doc.meta.set("issue", "07");
        doc.set_language("en");
        doc.tag(Tag::new("topic", "trade"));
        doc.tag(Tag::new("language", "en"));
        doc.tag(Tag::new("topic", "ports: all"));
        doc.summarize(Summary::of(vec![SummarySentence::new((0..15).into(), "The port: grew.", 1.0)]));
        let rendered = String::from_utf8(Markdown::default().render(&doc).unwrap()).unwrap();
        let expected = format!(
            "---
id: {id}
uri: Notes/port.txt
hash: {hash}
title: 'Port: a note'
language: en
meta:
  authors: []
  issue: '07'
  title: 'Port: a note'
tags:
  language:
  - en
  topic:
  - trade
  - 'ports: all'
---

# Port: a note

> The port: grew.

The port: grew.

More \\*ships\\* came.
",
            id = doc.id(),
            hash = doc.source().hash,
        );
        assert_eq!(rendered, expected);
        let bare = Markdown { front_matter: false, summary: false, ..Markdown::default() };
        let rendered = String::from_utf8(bare.render(&doc).unwrap()).unwrap();
        assert_eq!(rendered, "# Port: a note\n\nThe port: grew.\n\nMore \\*ships\\* came.\n");
    }

    #[test]
    fn the_folder_holds_a_file_a_document_after_commit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out/markdown");
        let output = Markdown::default();
        let mut sink = output.open(&OutputContext { path: path.clone() }).unwrap();
        for uri in ["news/a.txt", "news/A.txt", "../x.txt"] {
            let doc = Document::from_text(uri, uri);
            sink.write(doc.id(), uri, &output.render(&doc).unwrap()).unwrap();
        }
        let files = sink.finish().unwrap();
        assert!(!path.exists());
        sink.commit().unwrap().keep();
        assert_eq!(files[0].path, path.join(".docmill-index.jsonl"));
        let upper = format!("news/a.txt~{}.md", DocumentId::of("news/A.txt"));
        let outside = format!("x.txt~{}.md", DocumentId::of("../x.txt"));
        for name in ["news/a.txt.md", &upper, &outside] {
            assert!(path.join(name).is_file(), "{name}");
        }
    }
}
