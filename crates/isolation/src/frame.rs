//! What goes through the pipes: a length in four bytes, then so many bytes of `MessagePack`.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest frame. Nothing that is sent comes near it: a longer one was not written by the other end.
const LONGEST: usize = 1 << 31;

/// Writes a value.
pub(crate) fn write(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let bytes = rmp_serde::to_vec_named(value).map_err(io::Error::other)?;
    let too_long = || io::Error::other(format!("{} bytes are more than fit a frame", bytes.len()));
    let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= LONGEST).ok_or_else(too_long)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&bytes)?;
    out.flush()
}

/// Reads a value; `None` where the other end has closed the pipe.
pub(crate) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST {
        return Err(io::Error::other("what came through the pipe is no frame"));
    }
    let mut bytes = Vec::new();
    // Grows with what comes, not with what was announced.
    from.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    rmp_serde::from_slice(&bytes).map(Some).map_err(io::Error::other)
}
