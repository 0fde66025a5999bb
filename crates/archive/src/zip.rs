//! The reader of ZIP archives.

use std::io::BufReader;
use std::ops::ControlFlow;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, Member, OptionError, Part, RawSource,
    ReadError, Reader, Role, RoleKind, Stream, media_type_of, member_uri,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::hidden::is_hidden;
use crate::place::Seekable;

/// Reads ZIP archives: each file in them is a document, which the reader of its format reads; archives in archives too.
///
/// A document is named by its path, such as `a.zip!/b/c.docx`. Paths name and nothing else: nothing is unpacked to disk, and `..` in
/// them leads nowhere. Of several files of one name the last is read, and the archive is in quarantine for the others. Folders, links and hidden files (`.name`, `__MACOSX`) are left
/// out. What is encrypted, or packed by a method other than deflate, deflate64 and bzip2, ends in quarantine, and the others are
/// read.
///
/// Of what is in an archive, the run takes as much as `limits.ratio` and `limits.members` let it, down to the depth of
/// `limits.nesting`; the archive's own entry in quarantine says when the rest of it was not read.
///
/// ```yaml
/// stages:
///   - ingest.zip
///   - ingest.text
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Zip {}

impl Component for Zip {
    const NAME: &'static str = "ingest.zip";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        Vec::new()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Zip {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        // What an archive was found to be another format's file, and nothing reads that, is no archive.
        let is_other = hint.declared.is_some_and(|declared| declared.contains("openxmlformats"));
        let is_archive = match media_type_of(hint.head) {
            Some("application/zip") => true,
            // An empty archive has nothing but its end.
            _ => hint.head.starts_with(b"PK\x05\x06"),
        };
        (is_archive && !is_other).then_some("application/zip")
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        Err(crate::no_document(&source))
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

impl Container for Zip {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        _cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let mut archive = ZipArchive::new(BufReader::new(Seekable::of(file)?)).map_err(broken)?;
        if let Some(declared) = office(&mut archive) {
            return whole_file(archive, whole, declared, part);
        }
        for index in 0..archive.len() {
            let name = match archive.by_index_raw(index) {
                Ok(member) if member.is_dir() || member.is_symlink() => continue,
                Ok(member) => member.name_raw().to_vec(),
                Err(_) => format!("member {}", index + 1).into_bytes(),
            };
            if is_hidden(&name) {
                continue;
            }
            let source = RawSource::member(whole, member_uri(&whole.uri, &name));
            let flow = match archive.by_index(index) {
                Ok(mut member) => part(Part::Member(Member { source, declared: None, read: &mut member })),
                Err(error) => part(Part::Failed { source, error: broken(error) }),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
        if archive.has_duplicate_names() {
            let found = "several files of one name, of each of which the last was read".to_owned();
            return Err(ReadError::Malformed { expected: "a ZIP archive", found });
        }
        Ok(())
    }
}

/// The media type of the office document that an archive turns out to be, though its first bytes did not show it.
fn office(archive: &mut ZipArchive<BufReader<Seekable>>) -> Option<&'static str> {
    archive.index_for_name("[Content_Types].xml")?;
    let kinds = [
        ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ];
    kinds.into_iter().find(|(part, _)| archive.index_for_name(part).is_some()).map(|(_, media_type)| media_type)
}

/// Hands an archive on as the document that it is.
fn whole_file(
    archive: ZipArchive<BufReader<Seekable>>,
    whole: &RawSource,
    declared: &str,
    part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
) -> Result<(), ReadError> {
    let mut file = archive.into_inner().into_inner();
    file.size()?;
    let source = RawSource { media_type: String::new(), ..whole.clone() };
    let _ = part(Part::Member(Member { source, declared: Some(declared.to_owned()), read: &mut file }));
    Ok(())
}

fn broken(error: ZipError) -> ReadError {
    match error {
        ZipError::Io(error) => crate::broken("a ZIP archive", error),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            ReadError::Locked("unpack it, and read what was in it".to_owned())
        }
        ZipError::CompressionMethodNotSupported(method) => ReadError::Unsupported {
            what: format!("a file packed by method {method}"),
            way_out: "pack the archive anew, by deflate".to_owned(),
        },
        error => ReadError::Malformed { expected: "a ZIP archive", found: error.to_string() },
    }
}
