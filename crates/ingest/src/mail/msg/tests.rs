//! What the reader of Outlook's messages makes of them.

use std::io::{Cursor, Write};

use cfb::CompoundFile;
use proptest::prelude::*;

use super::message::time;
use super::*;

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn properties(head: usize, values: &[(u16, u64)]) -> Vec<u8> {
    let mut bytes = vec![0; head];
    for (tag, value) in values {
        bytes.extend([0x40, 0]);
        bytes.extend(tag.to_le_bytes());
        bytes.extend([6, 0, 0, 0]);
        bytes.extend(value.to_le_bytes());
    }
    bytes
}

/// A message with these bodies, as Outlook writes them.
fn message(bodies: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("it is made");
    file.create_storage("/__recip_version1.0_#00000000").expect("it is made");
    file.create_storage("/__attach_version1.0_#00000000").expect("it is made");
    let mut streams: Vec<(String, Vec<u8>)> = vec![
        ("/__substg1.0_0037001F".to_owned(), wide("Tides\0")),
        ("/__substg1.0_0C1A001F".to_owned(), wide("Ana Moe")),
        ("/__substg1.0_5D01001F".to_owned(), wide("ana@pier.example")),
        ("/__properties_version1.0".to_owned(), properties(32, &[(0x0039, 131_647_605_000_000_000), (0x3FDE, 1252)])),
        ("/__recip_version1.0_#00000000/__substg1.0_3001001F".to_owned(), wide("Bo")),
        ("/__recip_version1.0_#00000000/__substg1.0_39FE001F".to_owned(), wide("bo@pier.example")),
        ("/__recip_version1.0_#00000000/__properties_version1.0".to_owned(), properties(8, &[(0x0C15, 2)])),
        ("/__attach_version1.0_#00000000/__substg1.0_3707001F".to_owned(), wide("chart.png")),
        ("/__attach_version1.0_#00000000/__substg1.0_37010102".to_owned(), vec![1, 2, 3]),
    ];
    streams.extend(bodies.iter().map(|(name, bytes)| (format!("/__substg1.0_{name}"), bytes.clone())));
    for (path, bytes) in streams {
        file.create_stream(path).and_then(|mut stream| stream.write_all(&bytes)).expect("it is written");
    }
    file.flush().expect("it is written");
    file.into_inner().into_inner()
}

fn read(reader: &Msg, bytes: &[u8]) -> Result<Document, String> {
    let source = RawSource::new("a.msg", MEDIA_TYPE, bytes);
    reader.read(source, &Context::default()).map_err(|error| error.to_string())
}

const HTML: &[u8] =
    b"<html><body><p>High at <b>six</b>, caf\xE9 at <a href='https://pier.example/'>noon</a>.</p></body></html>";

#[test]
fn a_message_has_its_text_and_what_its_properties_state() {
    let bytes = message(&[("1000001F", wide("High at six.\r\n\r\nSee you.\r\n")), ("10130102", HTML.to_vec())]);
    let doc = read(&Msg::default(), &bytes).expect("it is read");
    assert_eq!((doc.text().trim_end(), doc.blocks().len()), ("High at six.\r\n\r\nSee you.", 2));
    let meta = doc.meta.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ");
    assert_eq!(
        meta,
        r#"attachments=[{"bytes":3,"name":"chart.png"}] authors=["Ana Moe"] cc=["Bo <bo@pier.example>"] date="2018-03-05" from="Ana Moe <ana@pier.example>" sent="2018-03-05T21:55:00Z" subject="Tides" title="Tides""#
    );
    assert!(doc.locate(docmill_core::ByteSpan::new(0, 4)).decoded);
    let html = read(&Msg { prefer: Prefer::Html, ..Msg::default() }, &bytes).expect("it is read");
    assert_eq!((html.text(), html.annotations().len()), ("High at six, café at noon.", 1));
}

#[test]
fn bodies_that_are_narrow_or_html_or_rtf_alone_are_told_apart() {
    let narrow = read(&Msg::default(), &message(&[("1000001E", b"Caf\xE9 at noon".to_vec())]));
    assert_eq!(narrow.as_ref().map(Document::text), Ok("Café at noon"));
    let html = read(&Msg::default(), &message(&[("10130102", HTML.to_vec())]));
    assert_eq!(html.as_ref().map(Document::text), Ok("High at six, café at noon."));
    let rtf = read(&Msg::default(), &message(&[("10090102", b"x".to_vec())])).map(|doc| doc.text().to_owned());
    let error = "a message whose text is RTF alone is not supported: save it as .eml, or with a body of plain text";
    assert_eq!(rtf, Err(error.to_owned()));
    assert_eq!(read(&Msg::default(), &message(&[])).map(|doc| doc.text().to_owned()), Err("it is empty".to_owned()));
}

#[test]
fn the_files_that_it_carries_are_members() {
    let bytes = message(&[("1000001F", wide("High at six."))]);
    let (mut rest, mut found) = (bytes.as_slice(), Vec::new());
    let whole = RawSource::new("a.msg", MEDIA_TYPE, Vec::new());
    let mut part = |part: Part<'_>| {
        match part {
            Part::Source(source) => found.push((source.uri, source.bytes.len())),
            Part::Member(member) => {
                let mut content = Vec::new();
                member.read.read_to_end(&mut content).expect("it is read");
                assert_eq!((member.declared.as_deref(), content), (None, vec![1, 2, 3]));
                found.push((member.source.uri, 3));
            }
            Part::Failed { error, .. } => panic!("{error}"),
        }
        ControlFlow::Continue(())
    };
    Msg::default()
        .split(&mut Stream::flowing(Vec::new(), &mut rest), &whole, &Context::default(), &mut part)
        .expect("it is split");
    assert_eq!(found, [("a.msg".to_owned(), bytes.len()), ("a.msg!/chart.png".to_owned(), 3)]);
    assert!(Msg { attachments: false, ..Msg::default() }.container().is_none());
}

#[test]
fn times_are_those_of_the_calendar() {
    let of = |seconds: u64| time((seconds * 10_000_000).to_le_bytes());
    assert_eq!(of(11_644_473_600).as_deref(), Some("1970-01-01T00:00:00Z"));
    assert_eq!(of(11_644_473_600 + 951_782_400).as_deref(), Some("2000-02-29T00:00:00Z"));
    assert_eq!(of(11_644_473_600 + 4_107_542_399).as_deref(), Some("2100-02-28T23:59:59Z"));
    assert_eq!((of(0), time([0xFF; 8])), (None, None));
}

#[test]
fn files_are_known_by_name_and_first_bytes() {
    let is = |uri: &str, head: &[u8]| Msg::default().recognizes(&Hint::new(uri, head)).is_some();
    assert!(is("a.msg", MAGIC) && !is("a.doc", MAGIC) && !is("a.msg", b"From: x"));
}

#[test]
fn a_message_cut_off_anywhere_is_read_or_refused() {
    let bytes = message(&[("1000001F", wide("High at six."))]);
    for end in (0..bytes.len()).step_by(61) {
        let _ = read(&Msg::default(), &bytes[..end]);
    }
}

proptest! {
    #[test]
    fn a_message_with_flipped_bytes_is_read_or_refused(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = message(&[("1000001F", wide("High at six."))]);
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&Msg::default(), &bytes);
    }
}
