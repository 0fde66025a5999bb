//! Formats that are read at many places need a file: what flows is copied to one.

use std::fs::File;
use std::io::Read;
#[cfg(feature = "parquet")]
use std::io::Seek;

use docmill_core::ReadError;
#[cfg(feature = "parquet")]
use docmill_core::Stream;

/// So much of what flows is copied.
const LARGEST: u64 = 16 << 30;

/// The file that a source is; a temporary copy of one that can be read once.
#[cfg(feature = "parquet")]
pub(crate) fn file(stream: &mut Stream<'_>) -> Result<File, ReadError> {
    if let Some(file) = stream.file()? {
        return Ok(file);
    }
    let mut copy = tempfile::tempfile()?;
    fill(stream, &mut copy)?;
    copy.rewind()?;
    Ok(copy)
}

/// Copies all of `from`.
pub(crate) fn fill(from: &mut impl Read, to: &mut File) -> Result<(), ReadError> {
    let copied = std::io::copy(&mut from.take(LARGEST + 1), to)?;
    if copied > LARGEST {
        let found = "a database that is no file of its own".to_owned();
        return Err(ReadError::Limit {
            limit: "the size of a temporary copy",
            value: format!("{LARGEST} bytes"),
            found,
        });
    }
    Ok(())
}
