use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use docmill_core::{BlockKind, ByteSpan, Container, Hint, Limits, Part, Reader};

use super::*;

mod hostile;

fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/mail")).join(name);
    std::fs::read(path).expect("the fixture is there")
}

const FIXTURES: &[&str] = &[
    "reply.eml",
    "quoted-printable.eml",
    "base64.eml",
    "attachment.eml",
    "newsletter.eml",
    "forward.eml",
    "broken.eml",
    "desk.mbox",
];

fn is_mailbox(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "mbox")
}

fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    Eml::default().read(RawSource::new("a.eml", "message/rfc822", bytes), &Context::default())
}

fn split(file: &mut dyn std::io::Read, limit: u64) -> Vec<Result<Document, String>> {
    let mut documents = Vec::new();
    let cx = Context::new(Limits { document: docmill_core::ByteSize(limit), ..Limits::default() });
    let whole = RawSource::new("in/a.mbox", "application/mbox", "");
    let reader = Mbox::default();
    let mut file = docmill_core::Stream::flowing(Vec::new(), file);
    let split = reader.split(&mut file, &whole, &cx, &mut |part| {
        documents.push(match part {
            Part::Source(source) => reader.read(source, &cx).map_err(|error| error.to_string()),
            Part::Failed { error, .. } => Err(error.to_string()),
            Part::Member(member) => Err(format!("a member: {member:?}")),
        });
        ControlFlow::Continue(())
    });
    assert!(split.is_ok(), "{split:?}");
    documents
}

fn gist(doc: &Result<Document, String>) -> String {
    let doc = match doc {
        Ok(doc) => doc,
        Err(error) => return format!("error: {error}\n"),
    };
    let mut gist = format!("{} {} {}\n", doc.source().uri, doc.source().media_type, doc.source().encoding);
    for (key, value) in doc.meta.iter() {
        writeln!(gist, "{key}: {value}").expect("writing to a string does not fail");
    }
    for block in doc.blocks() {
        let place = doc.locate(block.span);
        let part = place.part.unwrap_or_default();
        let decoded = if place.decoded { " decoded" } else { "" };
        let text = block.span.of(doc.text()).unwrap_or_default();
        writeln!(gist, "{:?} at {part}{decoded} {}:{} {text:?}", block.kind, place.line, place.column)
            .expect("writing to a string does not fail");
    }
    for warning in doc.warnings() {
        writeln!(gist, "warning: {warning}").expect("writing to a string does not fail");
    }
    gist
}

#[test]
fn the_fixtures_read_as_pinned() {
    let mut gists = String::new();
    for name in FIXTURES {
        let bytes = fixture(name);
        let documents = if is_mailbox(name) {
            split(&mut bytes.as_slice(), 1 << 20)
        } else {
            vec![read(&bytes).map_err(|error| error.to_string())]
        };
        for document in &documents {
            writeln!(gists, "== {name}\n{}", gist(document)).expect("writing to a string does not fail");
        }
    }
    insta::assert_snapshot!(gists);
}

/// The words of the file at the place of `words` in the text.
fn home<'f>(doc: &Document, file: &'f str, words: &str) -> &'f str {
    let start = doc.text().find(words).expect("the words are in the text");
    let place = doc.locate(ByteSpan::new(start, start + words.len()));
    let line_start = file.match_indices('\n').nth(place.line.wrapping_sub(2)).map_or(0, |(end, _)| end + 1);
    let column: usize = file[line_start..].chars().take(place.column - 1).map(char::len_utf8).sum();
    assert_eq!(line_start + column, place.span.start, "line and column are those of the first byte");
    place.span.of(file).expect("the place is in the file")
}

#[test]
fn words_lead_to_their_place_in_the_file() {
    let file = String::from_utf8(fixture("reply.eml")).expect("it is UTF-8");
    let doc = read(file.as_bytes()).expect("it is read");
    assert_eq!(home(&doc, &file, "€48,000"), "€48,000");
    assert_eq!(home(&doc, &file, "Hydrographer"), "Hydrographer");

    let file = String::from_utf8(fixture("quoted-printable.eml")).expect("it is ASCII");
    let doc = read(file.as_bytes()).expect("it is read");
    assert_eq!(doc.text().matches('=').count(), 0);
    assert_eq!(home(&doc, &file, "Größ"), "Gr=F6=DF");
    assert_eq!(home(&doc, &file, "€"), "=80");

    let file = String::from_utf8(fixture("newsletter.eml")).expect("it is ASCII");
    let doc = read(file.as_bytes()).expect("it is read");
    assert_eq!(home(&doc, &file, "Adéle"), "Ad=C3=A9le");
}

#[test]
fn words_of_a_mailbox_lead_to_their_place_in_it() {
    let bytes = fixture("desk.mbox");
    let documents = split(&mut bytes.as_slice(), 1 << 20);
    let first = documents[0].as_ref().expect("it is read");
    assert!(first.text().contains("\nFrom the harbor master we") && !first.text().contains(">From the harbor"));
    // The file is no UTF-8: its bytes are compared.
    for (index, words, raw) in
        [(0, "harbor master", &b"harbor master"[..]), (1, "Otto", b"Otto"), (3, "€12", b"=E2=82=AC12")]
    {
        let doc = documents[index].as_ref().expect("it is read");
        let start = doc.text().find(words).expect("it is there");
        let place = doc.locate(ByteSpan::new(start, start + words.len()));
        let line = bytes.split(|byte| *byte == b'\n').nth(place.line - 1).expect("the line is there");
        assert!(memchr::memmem::find(line, raw).is_some(), "{words} is not on line {}", place.line);
    }
    let third = documents[3].as_ref().expect("it is read");
    let place = third.locate(ByteSpan::new(0, 3));
    assert_eq!(&bytes[place.span.start..place.span.end], b"The");
}

#[test]
fn a_character_may_go_on_after_a_soft_line_break() {
    let mail = |body: &str| {
        format!(
            "Subject: x\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\n{body}"
        )
    };
    let file = mail("Caf=C3=\n=A9 = open=3D\nyes=");
    let doc = read(file.as_bytes()).expect("it is read");
    assert_eq!(doc.text(), "Café = open=\nyes");
    assert_eq!(home(&doc, &file, "é"), "=C3=\n=A9");
}

#[test]
fn an_encoding_without_single_characters_is_read_decoded() {
    let file = "Subject: x\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=shift_jis\n\n=93=FA=96{=8C=EA=82=CC=95=B6=8F=CD=81B\n";
    let doc = read(file.as_bytes()).expect("it is read");
    assert_eq!(doc.text(), "日本語の文章。\n");
    let place = doc.locate(ByteSpan::new(0, 3));
    assert_eq!((place.decoded, place.line, place.part.as_deref()), (true, 1, Some("1")));
}

#[test]
fn the_preferred_form_is_the_text_where_it_says_something() {
    let bytes = fixture("attachment.eml");
    let html = Eml { prefer: Prefer::Html, ..Eml::default() };
    let doc = html.read(RawSource::new("a.eml", "", bytes), &Context::default()).expect("it is read");
    assert_eq!(doc.locate(ByteSpan::new(0, 3)).part.as_deref(), Some("1.2"));
    assert_eq!(doc.annotations_of("link").count(), 1);
    let stub = read(&fixture("newsletter.eml")).expect("it is read");
    assert_eq!(stub.locate(ByteSpan::new(0, 3)).part.as_deref(), Some("2"));
}

#[test]
fn what_is_quoted_below_a_signature_is_a_quote() {
    let doc = read(b"From: a@b.example\n\nI agree with all of what you say here.\n\n-- \nBo\n> The crane moved again in the night.\n")
        .expect("it is read");
    let kinds: Vec<BlockKind> = doc.blocks().iter().map(|block| block.kind).collect();
    assert_eq!(kinds, [BlockKind::Paragraph, BlockKind::Footer, BlockKind::Quote]);
}

#[test]
fn messages_are_known_by_their_head_and_texts_stay_texts() {
    let eml = |uri: &str, head: &[u8]| Eml::default().recognizes(&Hint::new(uri, head)).is_some();
    let mbox = |uri: &str, head: &[u8]| Mbox::default().recognizes(&Hint::new(uri, head)).is_some();
    for name in FIXTURES.iter().filter(|name| !is_mailbox(name)) {
        let bytes = fixture(name);
        assert!(eml("cur/1457.M1P2.host:2,S", &bytes), "{name}");
        assert!(eml("1.", &bytes) && !eml("a.txt", &bytes) && !mbox("1.", &bytes), "{name}");
    }
    assert!(mbox("archive", &fixture("desk.mbox")) && !eml("archive", &fixture("desk.mbox")));
    assert!(mbox("a.mbox", b"") && eml("a.eml", b""));
    let texts: [&[u8]; 7] = [
        b"Note: the ferry is late.\nIt comes at nine.\n",
        b"From: Standards Desk\nTo: All editors\nDate: Wed, 16 Mar 2016\nSubject: Correction\n\nColleagues,\n",
        b"Received: with thanks.\nFrom: all of us\nTo: you\nand a line of prose\n",
        b"title: a\ndate: 2016-03-01\nto: b\n",
        b"From the harbor, 10:30, in March 2016, we saw them.\nSubject: ships\n",
        b"From 2016 on, the ferry sails.\n",
        b"",
    ];
    for text in texts {
        assert!(!eml("README", text) && !mbox("README", text), "{}", String::from_utf8_lossy(text));
    }
}

/// Gives its bytes in small pieces.
struct Trickle<'b>(&'b [u8], usize);

impl std::io::Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.0.len().min(buffer.len()).min(self.1);
        buffer[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

fn messages(count: usize, words: usize) -> String {
    let body = "The crane moved a box again.\n>From there it went on.\n".repeat(words);
    let message = |n| format!("From a@b.example Tue Mar 15 09:03:00 2016\nSubject: number {n}\n\n{body}\n");
    (0..count).map(message).collect::<Vec<_>>().concat()
}

#[test]
fn a_mailbox_larger_than_a_chunk_is_split_where_a_smaller_one_is() {
    let file = messages(40, 700);
    assert!(file.len() > 4 * (256 << 10));
    let documents = split(&mut Trickle(file.as_bytes(), 1009), 1 << 20);
    assert_eq!(documents.len(), 40);
    for (number, doc) in documents.iter().enumerate() {
        let doc = doc.as_ref().expect("it is read");
        assert_eq!(doc.meta.text("title"), Some(format!("number {number}").as_str()));
        let all = doc.text().matches("From there").count();
        assert_eq!(all, 700);
        let place = doc.locate(ByteSpan::new(0, 9));
        assert_eq!(place.span.of(&file), Some("The crane"));
        assert_eq!(file[..place.span.start].matches('\n').count() + 1, place.line);
    }
}

#[test]
fn a_message_over_the_limit_is_refused_alone() {
    let mut file = messages(2, 3);
    let body = "x".repeat(600_000);
    write!(file, "From a@b.example Tue Mar 15 09:03:00 2016\nSubject: big\n\n{body}\n\n").expect("it fits");
    file.push_str(&messages(1, 3));
    let documents = split(&mut file.as_bytes(), 10_000);
    let kinds: Vec<bool> = documents.iter().map(Result::is_ok).collect();
    assert_eq!(kinds, [true, true, false, true]);
    let error = documents[2].as_ref().expect_err("it is too large");
    assert!(error.contains("message 3 (line") && error.contains("limits.document = 10000 bytes"), "{error}");
}

#[test]
fn what_is_no_mailbox_is_refused_as_one() {
    let documents = split(&mut &b"Dear diary,\nno mail came.\n"[..], 1 << 20);
    assert_eq!(documents.len(), 1);
    assert!(documents[0].as_ref().is_err_and(|error| error.contains("before the first line `From")));
    assert!(split(&mut &b"\n\n"[..], 1 << 20).is_empty());
}

#[test]
fn a_message_without_text_says_what_it_has() {
    let error = read(b"From: a@b.example\nContent-Type: application/pdf\n\n%PDF\n").expect_err("it has no text");
    assert_eq!(error.to_string(), "not a message with a text: one with nothing but application/pdf");
    assert!(matches!(read(b"From: a@b.example\n\n"), Err(ReadError::Empty)));
}

#[test]
fn a_multipart_without_its_boundary_is_a_text() {
    let doc = read(b"Content-Type: multipart/mixed; boundary=one\n\n--other\n\nThe text that follows.\n")
        .expect("it is read");
    assert!(doc.text().contains("The text that follows."));
}

#[test]
fn a_part_that_cannot_be_read_is_named_where_another_is_the_text() {
    let doc = read(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nNo\0text\0at all.\n--b\n\nThe text.\n--b--\n")
        .expect("it is read");
    assert_eq!(doc.text(), "The text.");
    assert_eq!(doc.warnings(), ["its part 1 could not be read: not text: there is a NUL at byte 2"]);
}

#[test]
fn a_text_that_is_attached_is_the_text_of_a_message_without_another() {
    let doc = read(b"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nThe text.\n")
        .expect("it is read");
    assert_eq!(doc.text(), "The text.\n");
}

#[test]
fn headers_in_bytes_of_their_own_encoding_are_read() {
    let doc =
        read(b"From: J\xFCrgen Gr\xF6\xDF <j@b.example>\nSubject: =?iso-8859-1?Q?Die_Fr\xF6sche?=\n\nThe text.\n")
            .expect("it is read");
    assert_eq!(doc.meta.text("from"), Some("Jürgen Größ <j@b.example>"));
    assert_eq!(doc.meta.text("title"), Some("Die Frösche"));
}
