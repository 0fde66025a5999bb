//! Compression of output files. The same bytes always give the same compressed bytes: no time or name goes into them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use docmill_files::PendingFile;

/// How an output file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip (RFC 1952), level 6.
    Gzip,
    /// Zstandard (RFC 8878), level 3, with a checksum.
    Zstd,
}

impl Compression {
    /// What the extension of a path asks for: `.gz`, `.zst`, or anything else.
    pub fn of(path: &Path) -> Self {
        let extension = path.extension().unwrap_or_default();
        if extension.eq_ignore_ascii_case("gz") {
            Self::Gzip
        } else if extension.eq_ignore_ascii_case("zst") {
            Self::Zstd
        } else {
            Self::None
        }
    }
}

/// The text of a file, decompressed as its extension says.
pub(crate) fn decompressed(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let file = File::open(path)?;
    Ok(match Compression::of(path) {
        Compression::None => Box::new(BufReader::new(file)),
        Compression::Gzip => Box::new(BufReader::new(MultiGzDecoder::new(file))),
        Compression::Zstd => Box::new(BufReader::new(zstd::Decoder::new(file)?)),
    })
}

/// A pending file into which text goes compressed.
pub(crate) enum Compressed {
    Plain(PendingFile),
    Gzip(GzEncoder<PendingFile>),
    Zstd(zstd::Encoder<'static, PendingFile>),
    /// Only while it is being finished, or when that failed.
    Broken,
}

impl Compressed {
    pub(crate) fn new(file: PendingFile, compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::Plain(file),
            Compression::Gzip => Self::Gzip(GzEncoder::new(file, flate2::Compression::new(6))),
            Compression::Zstd => {
                let mut encoder = zstd::Encoder::new(file, 3)?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
        })
    }

    /// Writes the end of the compressed stream and gives the file, to which nothing may be written after that.
    pub(crate) fn finish(&mut self) -> io::Result<&mut PendingFile> {
        let file = std::mem::replace(self, Self::Broken).into_file()?;
        *self = Self::Plain(file);
        match self {
            Self::Plain(file) => Ok(file),
            Self::Gzip(_) | Self::Zstd(_) | Self::Broken => Err(broken()),
        }
    }

    pub(crate) fn into_file(self) -> io::Result<PendingFile> {
        match self {
            Self::Plain(file) => Ok(file),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
            Self::Broken => Err(broken()),
        }
    }
}

fn broken() -> io::Error {
    io::Error::other("an earlier write failed")
}

impl Write for Compressed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
            Self::Broken => Err(broken()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
            Self::Broken => Err(broken()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_extension_names_the_compression() {
        let of = |path: &str| Compression::of(Path::new(path));
        assert_eq!(of("a.jsonl"), Compression::None);
        assert_eq!(of("a.jsonl.gz"), Compression::Gzip);
        assert_eq!(of("a.jsonl.ZST"), Compression::Zstd);
        assert_eq!(of("gz"), Compression::None);
    }

    #[test]
    fn what_was_compressed_comes_back_and_is_the_same_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let text = "a line of text\n".repeat(1_000);
        let write = |name: &str| {
            let path = folder.path().join(name);
            let mut file = Compressed::new(PendingFile::create(&path).unwrap(), Compression::of(&path)).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            file.finish().unwrap();
            file.into_file().unwrap().commit().unwrap();
            let mut read = String::new();
            decompressed(&path).unwrap().read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
            std::fs::read(path).unwrap()
        };
        assert_eq!(write("a"), text.as_bytes());
        assert_eq!(write("a.gz"), write("b.gz"));
        assert_eq!(write("a.zst"), write("b.zst"));
        assert_eq!(write("c.gz")[4..8], [0; 4], "no time of writing");
    }
}
