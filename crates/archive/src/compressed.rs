//! The reader of single compressed files.

use std::io::{BufReader, Read};
use std::ops::ControlFlow;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, Member, OptionError, Part, RawSource,
    ReadError, Reader, Role, RoleKind, Stream,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Reads files that are compressed one by one (gzip, bzip2, xz, Zstandard): what is in them is read by the reader of its format.
///
/// What is in `notes.txt.gz` is the document `notes.txt.gz!/notes.txt`; an archive in it, such as that of `a.tar.gz` or `a.tgz`, is
/// read on as an archive. Several compressed parts in a row are one file, as `gzip` and the others take them. It is streamed, so that
/// a table or archive in it may be larger than memory; `limits.ratio` ends what expands too much.
///
/// ```yaml
/// stages:
///   - ingest.compressed
///   - ingest.text
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Compressed {}

impl Component for Compressed {
    const NAME: &'static str = "ingest.compressed";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        Vec::new()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

/// A way of compressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
}

/// Dictionaries of Zstandard are no larger than this, as a power of two: 128 MiB, what the program takes by default.
const WINDOW: u32 = 27;

impl Method {
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => Some(Self::Bzip2),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    fn of_media_type(media_type: &str) -> Option<Self> {
        [Self::Gzip, Self::Bzip2, Self::Xz, Self::Zstd].into_iter().find(|method| method.media_type() == media_type)
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Gzip => "application/gzip",
            Self::Bzip2 => "application/x-bzip2",
            Self::Xz => "application/x-xz",
            Self::Zstd => "application/zstd",
        }
    }

    fn reader<'r>(self, packed: impl Read + 'r) -> std::io::Result<Box<dyn Read + 'r>> {
        let packed = BufReader::new(packed);
        Ok(match self {
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
            Self::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
            Self::Xz => Box::new(lzma_rust2::XzReader::new(packed, true)),
            Self::Zstd => {
                let mut reader = zstd::Decoder::with_buffer(packed)?;
                reader.window_log_max(WINDOW)?;
                Box::new(reader)
            }
        })
    }
}

impl Reader for Compressed {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        Method::of(hint.head).map(Method::media_type)
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        Err(crate::no_document(&source))
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

impl Container for Compressed {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        _cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let Some(method) = Method::of_media_type(&whole.media_type) else { return Err(crate::no_document(whole)) };
        let mut read = Told { read: method.reader(file)?, media_type: method.media_type() };
        let source = RawSource::member(whole, format!("{}!/{}", whole.uri, inner_name(&whole.uri)));
        let _ = part(Part::Member(Member { source, declared: None, read: &mut read }));
        Ok(())
    }
}

/// The name of what is in a compressed file of this URI.
fn inner_name(uri: &str) -> String {
    let name = uri.rsplit('/').next().unwrap_or(uri);
    let Some((stem, extension)) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) else {
        return name.to_owned();
    };
    match extension.to_ascii_lowercase().as_str() {
        "tgz" | "tbz" | "tbz2" | "txz" | "tzst" => format!("{stem}.tar"),
        "gz" | "bz2" | "xz" | "zst" | "zstd" => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Says of an error that it is one of what is compressed.
struct Told<'r> {
    read: Box<dyn Read + 'r>,
    media_type: &'static str,
}

impl Read for Told<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let told = |error| std::io::Error::other(crate::broken(self.media_type, error));
        self.read.read(buffer).map_err(told)
    }
}
