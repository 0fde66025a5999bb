//! OLE compound files: what office programs wrote before zip, and what they put encrypted documents into.

use docmill_core::ReadError;

const MAGIC: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Whether these are the first bytes of a compound file.
pub(crate) fn is_compound(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Whether a compound file has an entry of this name in its directory.
pub(crate) fn names(bytes: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // Entries of the directory are 128 bytes and begin with their name.
    bytes.chunks_exact(128).any(|entry| entry.starts_with(&wide) && entry[wide.len()..].starts_with(&[0, 0]))
}

/// Why a compound file is not read where a zip was expected.
pub(crate) fn refusal(bytes: &[u8]) -> ReadError {
    if names(bytes, "EncryptedPackage") {
        let way_out = "open it in an office program and save it without a password";
        return ReadError::Locked(format!("the document has a password; {way_out}"));
    }
    ReadError::Unsupported {
        what: "a document of the 97-2003 format under a newer name".to_owned(),
        way_out: "convert it to docx, pptx or xlsx".to_owned(),
    }
}
