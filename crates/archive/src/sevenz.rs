//! The reader of 7z archives.

use std::ops::ControlFlow;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, Member, OptionError, Part, RawSource,
    ReadError, Reader, Role, RoleKind, Stream, member_uri,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sevenz_rust2::{ArchiveReader, Error, Password};

use crate::hidden::is_hidden;
use crate::place::Seekable;

/// Reads 7z archives: each file in them is a document, which the reader of its format reads.
///
/// LZMA, LZMA2, `PPMd`, bzip2 and deflate are read; what is encrypted is not. Documents are named as those of `ingest.zip`, such as
/// `a.7z!/b/c.docx`, and the limits are those of `ingest.zip`. Folders and hidden files are left out. The files of a solid archive are
/// packed as one, so that one which is broken takes those after it along: the archive's entry in quarantine says so.
///
/// ```yaml
/// stages:
///   - ingest.7z
///   - ingest.text
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SevenZip {}

impl Component for SevenZip {
    const NAME: &'static str = "ingest.7z";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        Vec::new()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

const MAGIC: &[u8] = b"7z\xBC\xAF\x27\x1C";
/// What may be skipped of an archive of any size.
const ALWAYS: u64 = 64 << 20;

impl Reader for SevenZip {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        hint.head.starts_with(MAGIC).then_some("application/x-7z-compressed")
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        Err(crate::no_document(&source))
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

impl Container for SevenZip {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let mut file = Seekable::of(file)?;
        // What a reader leaves of a member has to be unpacked all the same where the next begins behind it.
        let mut left = file.size()?.saturating_mul(cx.limits.ratio).max(ALWAYS);
        let mut archive = ArchiveReader::new(file, Password::empty()).map_err(broken)?;
        archive.set_thread_count(1);
        let each = |entry: &sevenz_rust2::ArchiveEntry, read: &mut dyn std::io::Read| {
            if !entry.is_directory && !entry.is_anti_item && !is_hidden(entry.name.as_bytes()) {
                let source = RawSource::member(whole, member_uri(&whole.uri, entry.name.as_bytes()));
                if part(Part::Member(Member { source, declared: None, read })).is_break() {
                    return Ok(false);
                }
            }
            left -= crate::skip(read, left)?;
            Ok(left > 0)
        };
        archive.for_each_entries(each).map_err(broken)?;
        if left > 0 {
            return Ok(());
        }
        let found = "what the archive unpacks to".to_owned();
        Err(ReadError::Limit { limit: "limits.ratio", value: cx.limits.ratio.to_string(), found })
    }
}

fn broken(error: Error) -> ReadError {
    match error {
        Error::Io(error, _) => crate::broken("a 7z archive", error),
        Error::PasswordRequired | Error::MaybeBadPassword(_) => {
            ReadError::Locked("unpack it, and read what was in it".to_owned())
        }
        Error::UnsupportedCompressionMethod(method) if method.contains("AES") => {
            ReadError::Locked("unpack it, and read what was in it".to_owned())
        }
        error => ReadError::Malformed { expected: "a 7z archive", found: error.to_string() },
    }
}
