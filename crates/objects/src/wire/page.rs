//! The pages of a listing and the bodies of errors: the XML of S3, Google Cloud Storage and Azure.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::address::is_plain;

/// The longest explanation that is kept, in characters.
const LONGEST: usize = 200;

/// Keys of a listing that `object_store` cannot ask for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Odd(Arc<Mutex<Vec<OddKey>>>);

/// A key that cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OddKey {
    pub(crate) key: String,
    /// The size of the object in bytes, where it is told.
    pub(crate) bytes: Option<u64>,
}

impl Odd {
    /// Those that came with the pages since the last call.
    pub(crate) fn take(&self) -> Vec<OddKey> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The page without its odd keys, which are kept. What is no page of a listing is left to `object_store` to refuse.
    pub(super) fn taken_from(&self, page: Bytes) -> Bytes {
        let Some(text) = std::str::from_utf8(&page).ok() else { return page };
        let entries = entries(text).unwrap_or_default();
        let mut odd = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut left, mut from) = (String::new(), 0);
        for entry in entries.into_iter().filter(|entry| !is_plain(&entry.key)) {
            left.push_str(&text[from..entry.place.start]);
            from = entry.place.end;
            odd.push(OddKey { key: entry.key, bytes: entry.bytes });
        }
        if from == 0 {
            return page;
        }
        left.push_str(&text[from..]);
        left.into()
    }
}

/// Whether a request with this query asks for a page of a listing.
pub(super) fn is_listing(query: &str) -> bool {
    query.split('&').any(|part| part == "list-type=2" || part == "comp=list")
}

/// An object in a page.
struct Entry {
    key: String,
    bytes: Option<u64>,
    /// Where its element is.
    place: Range<usize>,
}

/// The objects in a page; `None` where it is no XML.
fn entries(page: &str) -> Option<Vec<Entry>> {
    let mut reader = Reader::from_str(page);
    let mut entries = Vec::new();
    let mut entry: Option<Entry> = None;
    // The names of the elements that are open within the entry.
    let mut open: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        match reader.read_event().ok()? {
            Event::Start(tag) if entry.is_none() && matches!(tag.name().as_ref(), "Contents" | "Blob") => {
                entry = Some(Entry { key: String::new(), bytes: None, place: start..start });
            }
            Event::Start(tag) if entry.is_some() => {
                open.push(tag.name().as_ref().to_owned());
                text.clear();
            }
            Event::End(_) => {
                let Some(found) = &mut entry else { continue };
                match open.pop().as_deref() {
                    Some("Key") => found.key = std::mem::take(&mut text),
                    Some("Name") if open.is_empty() => found.key = std::mem::take(&mut text),
                    Some("Size" | "Content-Length") => found.bytes = text.trim().parse().ok(),
                    Some(_) => {}
                    None => {
                        found.place.end = usize::try_from(reader.buffer_position()).ok()?;
                        entries.extend(entry.take());
                    }
                }
            }
            Event::Eof => return Some(entries),
            event => push(&mut text, &event),
        }
    }
}

/// What a store says in the body of an error, such as `NoSuchKey: The specified key does not exist.`; empty where it is not told
/// as the stores tell it.
pub(super) fn explanation(body: &[u8]) -> String {
    let Some(text) = std::str::from_utf8(body).ok() else { return String::new() };
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let (mut code, mut message, mut text) = (String::new(), String::new(), String::new());
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(_) => text.clear(),
            Event::End(tag) => match tag.name().as_ref() {
                "Code" => code = std::mem::take(&mut text),
                "Message" => message = std::mem::take(&mut text),
                _ => {}
            },
            Event::Eof => break,
            event => push(&mut text, &event),
        }
    }
    let message = message.lines().next().unwrap_or_default().trim();
    let told: Vec<&str> = [code.trim(), message].into_iter().filter(|part| !part.is_empty()).collect();
    told.join(": ").chars().take(LONGEST).collect()
}

/// Adds the characters that an event stands for.
fn push(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(more) => text.push_str(more),
        Event::CData(more) => text.push_str(more),
        Event::GeneralRef(reference) => {
            let named = || quick_xml::escape::resolve_predefined_entity(reference);
            match reference.resolve_char_ref() {
                Ok(Some(character)) => text.push(character),
                Ok(None) | Err(_) => text.push_str(named().unwrap_or("\u{fffd}")),
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_cannot_be_asked_for_are_taken_out_of_a_page_and_kept() {
        let page = "<?xml version=\"1.0\"?><ListBucketResult><Name>press</Name><Contents><Key>a.txt</Key><Size>1</Size></Contents>\
            <Contents><Key>b//c&amp;d&#10;e</Key><Owner><Name>x</Name></Owner><Size>7</Size></Contents>\
            <Contents><Key>e/</Key><Size>0</Size></Contents><Contents><Key>../f</Key></Contents></ListBucketResult>";
        let odd = Odd::default();
        let left = odd.taken_from(page.into());
        let expected = "<?xml version=\"1.0\"?><ListBucketResult><Name>press</Name><Contents><Key>a.txt</Key><Size>1</Size></Contents>\
            </ListBucketResult>";
        assert_eq!(left, expected);
        let key = |key: &str, bytes| OddKey { key: key.to_owned(), bytes };
        assert_eq!(odd.take(), [key("b//c&d\ne", Some(7)), key("e/", Some(0)), key("../f", None)]);
        assert_eq!(odd.take(), []);
    }

    #[test]
    fn azure_names_its_objects_otherwise() {
        let page = "<EnumerationResults><Blobs><Blob><Name>a//b</Name><Properties><Content-Length>3</Content-Length></Properties>\
            <Tags><Name>c</Name></Tags></Blob><Blob><Name>c</Name></Blob></Blobs></EnumerationResults>";
        let odd = Odd::default();
        let left = odd.taken_from(page.into());
        assert_eq!(left, "<EnumerationResults><Blobs><Blob><Name>c</Name></Blob></Blobs></EnumerationResults>");
        assert_eq!(odd.take(), [OddKey { key: "a//b".to_owned(), bytes: Some(3) }]);
    }

    #[test]
    fn what_is_no_page_stays_as_it_is() {
        for page in ["", "<a", "{}", "<Contents><Key>a//b</Key>", "</Contents>"] {
            let odd = Odd::default();
            assert_eq!(odd.taken_from(page.into()), page);
            assert_eq!(odd.take(), []);
        }
    }

    #[test]
    fn an_error_is_explained_by_its_code_and_message() {
        let check = |body: &str, expected: &str| assert_eq!(explanation(body.as_bytes()), expected);
        check("<Error><Code>NoSuchKey</Code><Message>It&apos;s gone.</Message></Error>", "NoSuchKey: It's gone.");
        check("\u{feff}<Error><Code>A</Code><Message>one\ntwo</Message></Error>", "A: one");
        check("<html>no</html>", "");
        check("", "");
    }
}
