//! What a source is by its first bytes, and what its name says that it is.

/// The media type (IANA, RFC 6838) of bytes that begin with `head`, where they have a signature; `None` for texts, which have none,
/// and for what is not known. Of a ZIP archive, the first members say whether it is a document; where they do not, it is
/// `application/zip`.
pub fn media_type_of(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"PK\x03\x04") {
        return Some(zipped(head).unwrap_or("application/zip"));
    }
    // Some programs write a line of their own before it.
    if head.get(..1024).unwrap_or(head).windows(5).any(|bytes| bytes == b"%PDF-") {
        return Some("application/pdf");
    }
    if head.starts_with(b"{\\rtf") {
        return Some("application/rtf");
    }
    infer::get(head).map(|kind| kind.mime_type()).filter(|media_type| !media_type.starts_with("text/"))
}

/// Media types of what office programs and books put into a ZIP archive.
const ZIPPED: &[(&[u8], &str)] = &[
    (b"wordprocessingml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"presentationml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"spreadsheetml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];
/// What the member `mimetype` may say, which is the first, and not compressed.
const SAID: &[&str] = &[
    "application/epub+zip",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
];

/// The document that a ZIP archive is, as far as its head tells.
fn zipped(head: &[u8]) -> Option<&'static str> {
    let first = head.get(30..)?;
    if let Some(said) = first.strip_prefix(b"mimetype") {
        // What follows the type begins a member.
        let is_said = |known: &&&str| {
            said.get(known.len()..).is_some_and(|rest| said.starts_with(known.as_bytes()) && rest.starts_with(b"PK"))
        };
        return SAID.iter().find(is_said).copied();
    }
    let office = [&b"[Content_Types].xml"[..], b"_rels/", b"docProps/", b"word/", b"ppt/", b"xl/", b"customXml/"];
    if !office.iter().any(|name| first.starts_with(name)) {
        return None;
    }
    let types = content_types(head).unwrap_or_default();
    let of_types = ZIPPED[..3].iter().find(|(name, _)| memchr::memmem::find(&types, name).is_some());
    of_types
        .or_else(|| ZIPPED[3..].iter().find(|(name, _)| names_member(head, name)))
        .map(|(_, media_type)| *media_type)
}

/// Whether the head names a member whose name begins so.
fn names_member(head: &[u8], name: &[u8]) -> bool {
    memchr::memmem::find_iter(head, name).any(|at| at >= 30 && head[at - 30..].starts_with(b"PK\x03\x04"))
}

/// The list of the types of an office document's parts, where it is the first member.
fn content_types(head: &[u8]) -> Option<Vec<u8>> {
    use std::io::Read;
    let name = u16::from_le_bytes(head.get(26..28)?.try_into().ok()?);
    let extra = u16::from_le_bytes(head.get(28..30)?.try_into().ok()?);
    let is_list = head.get(30..)?.starts_with(b"[Content_Types].xml");
    let data = head.get(30 + usize::from(name) + usize::from(extra)..).filter(|_| is_list)?;
    let mut types = Vec::new();
    // The head may end in the middle of it: what came out so far will do.
    let _ = flate2::read::DeflateDecoder::new(data).take(64 << 10).read_to_end(&mut types);
    Some(types)
}

/// Media types of the formats that names tell, by extension.
const EXTENSIONS: &[(&str, &str)] = &[
    ("7z", "application/x-7z-compressed"),
    ("bz2", "application/x-bzip2"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("eml", "message/rfc822"),
    ("epub", "application/epub+zip"),
    ("gz", "application/gzip"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("json", "application/json"),
    ("jsonl", "application/jsonl"),
    ("markdown", "text/markdown"),
    ("mbox", "application/mbox"),
    ("md", "text/markdown"),
    ("mht", "multipart/related"),
    ("mhtml", "multipart/related"),
    ("msg", "application/vnd.ms-outlook"),
    ("ndjson", "application/jsonl"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("parquet", "application/vnd.apache.parquet"),
    ("pdf", "application/pdf"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("rtf", "application/rtf"),
    ("sqlite", "application/vnd.sqlite3"),
    ("tar", "application/x-tar"),
    ("text", "text/plain"),
    ("tsv", "text/tab-separated-values"),
    ("txt", "text/plain"),
    ("warc", "application/warc"),
    ("xhtml", "application/xhtml+xml"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsm", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("xz", "application/x-xz"),
    ("zip", "application/zip"),
    ("zst", "application/zstd"),
];

/// The media type of a document or archive whose name has this extension, in lower case.
pub fn media_type_of_extension(extension: &str) -> Option<&'static str> {
    let found = EXTENSIONS.binary_search_by(|(known, _)| (*known).cmp(extension)).ok()?;
    Some(EXTENSIONS[found].1)
}

/// Whether bytes with this signature can be what a name with that media type promises.
pub fn fits(signature: &str, promised: &str) -> bool {
    let compound = [
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.ms-outlook",
    ];
    let zipped = |media_type: &str| {
        media_type == "application/zip"
            || media_type.contains("openxmlformats")
            || media_type.contains("opendocument")
            || media_type.contains("epub")
    };
    signature == promised
        || (signature == "application/x-ole-storage" || compound.contains(&signature))
            && (compound.contains(&promised) || promised.contains("openxmlformats"))
        || signature == "application/zip" && zipped(promised)
        || promised == "application/zip" && zipped(signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extensions_are_in_order() {
        assert!(EXTENSIONS.is_sorted_by_key(|(extension, _)| *extension));
        assert_eq!(media_type_of_extension("pdf"), Some("application/pdf"));
        assert_eq!(media_type_of_extension("exe"), None);
    }

    #[test]
    fn a_text_has_no_signature() {
        for text in
            ["", "Ships return.", "<html><body>Ships</body></html>", "<?xml version=\"1.0\"?><a/>", "#!/bin/sh\nexit"]
        {
            assert_eq!(media_type_of(text.as_bytes()), None, "{text}");
        }
        assert_eq!(media_type_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some("image/png"));
        assert_eq!(media_type_of(b"\n\n%PDF-1.7"), Some("application/pdf"));
    }
}
