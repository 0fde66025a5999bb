//! What no mail program writes.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// Reads it, within a time that is far above what it takes and far below what something quadratic would.
fn quick(bytes: &[u8]) -> Result<Document, ReadError> {
    let begun = Instant::now();
    let read = read(bytes);
    assert!(begun.elapsed() < Duration::from_mins(2), "it took {:?}", begun.elapsed());
    read
}

#[test]
fn fixtures_cut_off_anywhere_are_read_or_refused() {
    for name in FIXTURES {
        let bytes = fixture(name);
        for length in 0..bytes.len() {
            let _ = read(&bytes[..length]);
            if is_mailbox(name) {
                let _ = split(&mut &bytes[..length], 1 << 20);
            }
        }
    }
}

#[test]
fn ten_thousand_levels_of_parts_cost_no_more_than_a_warning() {
    let mut file = String::from("From: a@b.example\n");
    for level in 0..10_000 {
        write!(file, "Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n").expect("it fits");
    }
    let doc = quick(file.as_bytes());
    assert!(doc.is_err());
    file.insert_str(
        0,
        "Subject: x\nContent-Type: multipart/mixed; boundary=top\n\n--top\n\nA text comes first.\n--top\n",
    );
    let doc = quick(file.as_bytes()).expect("it has a text");
    assert!(doc.warnings()[0].contains("nested deeper than 64 levels"), "{:?}", doc.warnings());
}

#[test]
fn ten_thousand_messages_in_one_another_cost_no_more() {
    let file = "Content-Type: message/rfc822\n\n".repeat(10_000) + "\n\nThe text.\n";
    let _ = quick(file.as_bytes());
}

#[test]
fn a_million_parts_cost_no_more_than_a_warning() {
    let head = "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n";
    let file = format!("{head}--b\n\nThe only text.\n{}", "--b\n\n".repeat(1_000_000));
    let doc = quick(file.as_bytes()).expect("it has a text");
    assert_eq!(doc.warnings(), ["it has more than 1000 parts: the others were not looked at"]);
}

#[test]
fn a_head_of_many_megabytes_costs_no_more() {
    for field in
        ["X-Long: y\n", "To: a@b.example,\n c@d.example\n", "Content-Type: text/plain; a*1=b; a*2=c\n", " folded"]
    {
        let file =
            format!("Subject: Long{}\n\nThe text.\n", format!("\n{field}").repeat((16 << 20) / (field.len() + 1)));
        let _ = quick(file.as_bytes());
    }
    let parameters = ";a*0*=x'y'z".repeat(1 << 20);
    let _ = quick(format!("Content-Type: text/plain{parameters}\n\nThe text.\n").as_bytes());
}

#[test]
fn lines_that_look_like_boundaries_cost_no_more() {
    let mut file = String::new();
    for level in 0..63 {
        write!(file, "Content-Type: multipart/mixed; boundary=b{level:02}\n\n--b{level:02}\n").expect("it fits");
    }
    file.push_str("\nThe text.\n");
    file.push_str(&"--bxx\n".repeat(2_000_000));
    let doc = quick(file.as_bytes());
    assert!(doc.is_ok());
}

#[test]
fn a_boundary_that_is_never_closed_costs_nothing() {
    let doc = quick(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nThe text.").expect("it has a text");
    assert_eq!(doc.text(), "The text.");
}

#[test]
fn nuls_are_refused_and_a_head_without_end_is_read() {
    assert!(read(b"From: a\0b\nSubject: x\n\nThe text\0 of it.\n").is_err());
    assert!(read(b"\0\0\0\0").is_err());
    let doc = read(b"From: a@b.example\nSubject: x\nThe text follows at once.\n").expect("it is read");
    assert_eq!((doc.text(), doc.meta.text("title")), ("The text follows at once.\n", Some("x")));
}

#[test]
fn a_mailbox_of_one_endless_line_is_one_refusal() {
    let mut file = b"From a@b.example Tue Mar 15 09:03:00 2016\n".to_vec();
    file.extend(std::iter::repeat_n(b"From ", 1 << 20).flatten());
    let documents = split(&mut file.as_slice(), 10_000);
    assert_eq!(documents.len(), 1);
    assert!(documents[0].is_err());
}

fn check(bytes: &[u8]) {
    if let Ok(doc) = read(bytes) {
        assert!(doc.blocks().iter().all(|block| block.span.of(doc.text()).is_some()));
        let _ = doc.locate(ByteSpan::new(0, doc.text().len()));
    }
    for document in split(&mut &bytes[..], 300).into_iter().flatten() {
        assert!(document.blocks().iter().all(|block| block.span.of(document.text()).is_some()));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn fixtures_with_bytes_changed_are_read_or_refused(
        which in 0..FIXTURES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'='), Just(b'\n'), Just(b'-')]), 1..12),
    ) {
        let mut bytes = fixture(FIXTURES[which]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        check(&bytes);
    }

    #[test]
    fn quoted_printable_is_what_it_was_made_of(text in "[a-zé€=\n >.F-]{1,60}", width in 1..20_usize) {
        let mut body = String::new();
        for (index, byte) in text.bytes().enumerate() {
            if index % width == width - 1 {
                body.push_str("=\n");
            }
            match byte {
                b'\n' => body.push('\n'),
                b'a'..=b'z' => body.push(char::from(byte)),
                _ => write!(body, "={byte:02X}").expect("it fits"),
            }
        }
        let content = content::content(body.as_bytes(), header::Transfer::QuotedPrintable, Some("utf-8"), false).expect("it is text");
        let made = content.edits.apply(&content.original).expect("the edits fit").0;
        prop_assert_eq!(made, text);
        prop_assert!(!content.decoded);
    }

    #[test]
    fn a_mailbox_is_split_alike_however_its_bytes_come(
        lines in prop::collection::vec(prop_oneof![
            Just("From a Tue Mar 15 09:03:00 2016\n"), Just("From b\n"), Just("\n"), Just("Subject: s\n"), Just("Fro"), Just("text here\r\n"), Just("\r\n"),
        ], 0..40),
        piece in 1..9_usize,
    ) {
        let file = lines.concat();
        let text = |documents: Vec<Result<Document, String>>| documents.iter().map(gist).collect::<Vec<_>>();
        prop_assert_eq!(text(split(&mut file.as_bytes(), 100)), text(split(&mut Trickle(file.as_bytes(), piece), 100)));
    }
}
