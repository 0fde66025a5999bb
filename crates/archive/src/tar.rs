//! The reader of tape archives.

use std::ops::ControlFlow;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, Member, OptionError, Part, RawSource,
    ReadError, Reader, Role, RoleKind, Stream, member_uri,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exactly::Exactly;
use crate::hidden::is_hidden;

/// Reads tape archives (tar; ustar, GNU and pax): each file in them is a document, which the reader of its format reads.
///
/// A compressed one (`.tar.gz`, `.tgz`, `.tar.xz`, …) is read by `ingest.compressed` first, and streamed. Documents are named as those
/// of `ingest.zip`, such as `a.tar.gz!/a.tar!/b/c.docx`. Folders, links, devices and hidden files are left out. The limits are those
/// of `ingest.zip`. An archive that ends too early has what came before read, and an entry in quarantine for the rest.
///
/// ```yaml
/// stages:
///   - ingest.tar
///   - ingest.text
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tar {}

impl Component for Tar {
    const NAME: &'static str = "ingest.tar";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        Vec::new()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

/// Where the header says what it is.
const MAGIC: std::ops::Range<usize> = 257..262;

impl Reader for Tar {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let has_magic = hint.head.get(MAGIC) == Some(b"ustar");
        // The oldest form has no magic, but the checksum of its header.
        let has_name = || hint.extension().as_deref() == Some("tar") && has_checksum(hint.head);
        (has_magic || has_name()).then_some("application/x-tar")
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        Err(crate::no_document(&source))
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

/// Whether the first 512 bytes add up to what they say.
fn has_checksum(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    let digits: String = header[148..156].iter().map(|byte| char::from(*byte)).collect();
    let stated = u32::from_str_radix(digits.trim_matches([' ', '\0']), 8);
    let sum =
        header.iter().enumerate().map(|(at, byte)| u32::from(if (148..156).contains(&at) { b' ' } else { *byte }));
    stated == Ok(sum.sum())
}

impl Container for Tar {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        _cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let broken = |error| crate::broken("a tape archive", error);
        let mut archive = ::tar::Archive::new(file);
        for entry in archive.entries().map_err(broken)? {
            let mut entry = entry.map_err(broken)?;
            let name = entry.path_bytes().into_owned();
            if !entry.header().entry_type().is_file() || is_hidden(&name) {
                continue;
            }
            let source = RawSource::member(whole, member_uri(&whole.uri, &name));
            let size = entry.size();
            let mut read = Exactly::new(&mut entry, size);
            if part(Part::Member(Member { source, declared: None, read: &mut read })).is_break() {
                break;
            }
        }
        Ok(())
    }
}
