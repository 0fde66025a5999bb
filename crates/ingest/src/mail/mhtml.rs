//! The reader of saved web pages: an HTML page with its pictures in one file.

use docmill_core::{
    BuildContext, Component, Context, Document, Field, Hint, OptionError, RawSource, ReadError, Reader, Role, RoleKind,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choice::revealed;
use super::eml::begins_like_a_message;
use super::structure::{BYTE_ORDER_MARK, Leaf, Structure, field_name};
use crate::html::{Html, MainText};

/// Reads saved web pages (MHTML, RFC 2557): files `.mht` and `.mhtml`, as browsers write them.
///
/// The page is the first HTML part, which is read as `ingest.html` reads it: its main text, blocks, links, and what it states. The address that it was
/// saved from becomes `url`. Frames, pictures and style sheets are not read. Each word leads back to its line in the file and to the `part`, numbered as
/// IMAP does; where the page is base64, or quoted-printable in an encoding in which characters cannot be told apart one by one, the place is
/// one of the decoded part and says so (`decoded`).
///
/// It reads files of those names, and others that begin with the fields that browsers put before a saved page.
///
/// ```yaml
/// stages:
///   - ingest.mhtml: { main: body, links: false }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mhtml {
    /// Which part of a page is its text.
    pub main: MainText,
    /// Whether links in the text become annotations.
    pub links: bool,
}

impl Default for Mhtml {
    fn default() -> Self {
        Self { main: MainText::Article, links: true }
    }
}

impl Component for Mhtml {
    const NAME: &'static str = "ingest.mhtml";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;
    const VERSION: u32 = 2;

    fn gives(&self) -> Vec<Field> {
        super::gives(self.links)
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Mhtml {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let is_page = match hint.extension().as_deref() {
            Some("mht" | "mhtml") => true,
            Some("eml" | "mbox" | "mbx") => false,
            Some(other) if super::is_of_another_format(other) => false,
            _ => begins_like_a_message(hint.head) && value(hint.head, SAVED_FROM).is_some(),
        };
        is_page.then_some("multipart/related")
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let structure = Structure::of(&source.bytes, cx.limits.depth);
        let Some(page) = structure.leaves.iter().find(|leaf| leaf.head.is_html() && !leaf.nested) else {
            let types: Vec<&str> = structure.leaves.iter().map(|leaf| leaf.head.media_type.as_str()).take(10).collect();
            let found = format!("one with nothing but {}", types.join(", "));
            return Err(if types.is_empty() {
                ReadError::Empty
            } else {
                ReadError::Malformed { expected: "a saved web page", found }
            });
        };
        let mut doc = revealed(&source, &source.source(""), page, false)?;
        Html { main: self.main, links: self.links }.read_page(&mut doc, cx)?;
        let head = structure.head.bytes(&source.bytes);
        let url = value(head, SAVED_FROM).or_else(|| value(head_of(&source.bytes, page), b"content-location"));
        if let Some(url) = url.filter(|url| !url.is_empty()) {
            doc.meta.set("url", url);
        }
        for warning in structure.warnings {
            doc.warn(warning);
        }
        Ok(doc)
    }
}

/// The field in which browsers say where a page was saved from.
const SAVED_FROM: &[u8] = b"snapshot-content-location";
/// Bytes that are looked at of the head of a part.
const LONGEST_HEAD: usize = 16 << 10;

/// The lines before the body of a part, back to its boundary.
fn head_of<'m>(message: &'m [u8], leaf: &Leaf) -> &'m [u8] {
    let end = leaf.body.start.min(message.len());
    let before = &message[end.saturating_sub(LONGEST_HEAD)..end];
    let boundary = memchr::memmem::rfind(before, b"\n--").map_or(0, |at| at + 1);
    let head = &before[boundary..];
    let line = memchr::memchr(b'\n', head).map_or(head.len(), |end| end + 1);
    &head[line..]
}

/// The value of the first field of this name in a head, with its lines joined.
fn value(head: &[u8], name: &[u8]) -> Option<String> {
    let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    let mut lines = head.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
    let first = lines.find(|line| field_name(line).is_some_and(|field| field.eq_ignore_ascii_case(name)))?;
    let mut value = first[memchr::memchr(b':', first)? + 1..].trim_ascii().to_vec();
    for line in lines.take_while(|line| line.starts_with(b" ") || line.starts_with(b"\t")) {
        value.extend_from_slice(line.trim_ascii());
    }
    Some(String::from_utf8_lossy(&value).into_owned())
}

#[cfg(test)]
mod tests {
    use docmill_core::ByteSpan;

    use super::*;

    const PAGE: &str = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://tides.example/\r\n pier\r\nSubject: Tides\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://tides.example/other\r\n\r\n<html><head><title>Tides at the pier</title></head><body><article><h1>Tides at the pier</h1><p>The caf=C3=A9 opens when the water has gone, =\r\nwhich is at six today, and it closes again at noon.</p></article></body></html>\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://tides.example/a.png\r\n\r\niVBORw0KGgo=\r\n--b--\r\n";

    fn read(file: &[u8]) -> Result<Document, ReadError> {
        Mhtml::default().read(RawSource::new("a.mhtml", "multipart/related", file), &Context::default())
    }

    #[test]
    fn a_saved_page_is_read_as_a_page_and_says_where_it_is_from() {
        let doc = read(PAGE.as_bytes()).expect("it is read");
        assert_eq!(doc.title(), Some("Tides at the pier"));
        assert!(
            doc.text().ends_with(
                "The café opens when the water has gone, which is at six today, and it closes again at noon."
            )
        );
        assert_eq!(doc.meta.text("url"), Some("https://tides.example/pier"));
        let at = doc.text().find("which").expect("it is there");
        let place = doc.locate(ByteSpan::new(at, at + 5));
        assert_eq!(
            (&PAGE[place.span.start..place.span.end], place.line, place.part.as_deref()),
            ("which", 14, Some("1"))
        );
        let without = PAGE.replace("Snapshot-Content-Location", "X-Other");
        let doc = read(without.as_bytes()).expect("it is read");
        assert_eq!(doc.meta.text("url"), Some("https://tides.example/other"));
    }

    #[test]
    fn a_file_without_a_page_says_what_it_has() {
        let error =
            read(PAGE.replace("text/html; charset", "text/css; charset").as_bytes()).map(|doc| doc.text().to_owned());
        assert_eq!(
            error.map_err(|error| error.to_string()),
            Err("not a saved web page: one with nothing but text/css, image/png".to_owned())
        );
    }

    #[test]
    fn pages_are_known_by_name_or_by_the_fields_before_them() {
        let is = |uri: &str, head: &str| Mhtml::default().recognizes(&Hint::new(uri, head.as_bytes())).is_some();
        assert!(is("a.MHT", "") && is("a.mhtml", "") && is("a", PAGE));
        assert!(!is("a.eml", PAGE) && !is("a", &PAGE.replace("Snapshot", "X")) && !is("a.txt", PAGE));
    }

    #[test]
    fn a_page_cut_off_anywhere_is_read_or_refused() {
        for end in 0..PAGE.len() {
            let _ = read(&PAGE.as_bytes()[..end]);
        }
    }
}
