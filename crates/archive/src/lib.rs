//! docmill's readers of archives: each file in them is a source of its own, which the reader of its format reads.
//!
//! Nothing is unpacked to disk: members are read as they come, one after the other, and are named by their path in the archive, such
//! as `a.zip!/b/c.docx`. What may come out of an archive is limited by the run (`limits.ratio`, `limits.members`, `limits.nesting`).

mod compressed;
mod exactly;
mod hidden;
mod http;
mod place;
mod sevenz;
mod tar;
mod warc;
mod zip;

use std::io::Read;

use docmill_core::{RawSource, ReadError, Registry, RegistryError};

pub use self::compressed::Compressed;
pub use self::sevenz::SevenZip;
pub use self::tar::Tar;
pub use self::warc::Warc;
pub use self::zip::Zip;

/// Registers all components of this crate, in the order in which its readers are asked.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Zip>()?;
    registry.register::<Tar>()?;
    registry.register::<SevenZip>()?;
    registry.register::<Compressed>()?;
    registry.register::<Warc>()?;
    Ok(())
}

/// An archive is split, never read as a document.
fn no_document(source: &RawSource) -> ReadError {
    ReadError::Malformed { expected: "a document", found: format!("{}, which holds documents", source.media_type) }
}

/// The error of an archive that cannot be read on: its bytes are wrong, unless reading them failed.
fn broken(expected: &'static str, error: std::io::Error) -> ReadError {
    use std::io::ErrorKind;
    let is_our_own = matches!(error.get_ref(), Some(inner) if inner.is::<ReadError>());
    if is_our_own || error.raw_os_error().is_some() {
        return ReadError::from(error);
    }
    let found = match error.kind() {
        ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        _ if error.to_string().contains("unexpected EOF") => "it ends too early".to_owned(),
        _ => error.to_string(),
    };
    ReadError::Malformed { expected, found }
}

/// Reads at most so much of what nobody wants.
fn skip(read: &mut dyn Read, most: u64) -> std::io::Result<u64> {
    std::io::copy(&mut read.take(most), &mut std::io::sink())
}

#[cfg(test)]
mod tests;
