//! A source that might hold many documents, and is one after all.

use std::io::Read;

use docmill_core::{Context, Part, RawSource, ReadError};

/// Bytes by which it is told what a source holds.
const HEAD: u64 = 64 << 10;
/// What is kept of a source that is too long.
const KEPT: usize = 4 << 10;

/// The first bytes of `file`.
pub(crate) fn head(file: &mut dyn Read) -> Result<Vec<u8>, ReadError> {
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// All of a file, of which `head` was read, as the one document that it is; a failed one where it is over the limit.
pub(crate) fn part(
    head: Vec<u8>,
    file: &mut dyn Read,
    whole: &RawSource,
    cx: &Context,
) -> Result<Part<'static>, ReadError> {
    let limit = cx.limits.document.0;
    let mut bytes = head;
    let room = limit.saturating_add(1).saturating_sub(bytes.len() as u64);
    file.take(room).read_to_end(&mut bytes)?;
    let too_long = bytes.len() as u64 > limit;
    if too_long {
        bytes.truncate(KEPT);
        bytes.shrink_to_fit();
    }
    let source = RawSource { bytes, ..whole.clone() };
    Ok(if too_long {
        let error = ReadError::Limit {
            limit: "limits.document",
            value: format!("{limit} bytes"),
            found: "what it holds".to_owned(),
        };
        Part::Failed { source, error }
    } else {
        Part::Source(source)
    })
}
