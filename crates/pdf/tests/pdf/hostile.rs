//! Broken and hostile files: a document or an error, never a panic or a hang.

use docmill_core::{ByteSize, Context, Limits, RawSource, ReadError};
use serde_json::json;

use crate::draw::{FONT, PAGE, file, page, stream};
use crate::read::{fixture, read, reader};

const FIXTURES: &[&str] = &[
    "report.pdf",
    "columns.pdf",
    "tables.pdf",
    "rotated.pdf",
    "locked.pdf",
    "restricted.pdf",
    "named.pdf",
    "unmapped.pdf",
    "scan.pdf",
    "scanned.pdf",
];
/// Files of as many bytes are cut at each of them, longer ones at some.
const SHORT: usize = 3_000;
const CUTS: usize = 300;

#[test]
fn a_file_cut_at_any_length_is_an_error_or_a_document() {
    for name in FIXTURES {
        let bytes = fixture(name);
        let step = if bytes.len() <= SHORT { 1 } else { (bytes.len() / CUTS).max(7) };
        for length in (0..bytes.len()).step_by(step) {
            if let Err(error) = read(&json!({}), bytes[..length].to_vec()) {
                assert!(!matches!(error, ReadError::Edit(_) | ReadError::Died(_)), "{name} cut at {length}: {error}");
            }
        }
    }
}

#[test]
fn a_file_with_flipped_bytes_is_an_error_or_a_document() {
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for name in FIXTURES {
        let sound = fixture(name);
        for _ in 0..100 {
            let mut bytes = sound.clone();
            for _ in 0..=random(6) {
                let at = random(bytes.len());
                bytes[at] = u8::try_from(random(256)).unwrap();
            }
            let _ = read(&json!({}), bytes);
        }
    }
}

#[test]
fn what_leads_in_a_circle_ends() {
    let circle = file(&[
        "<< /Type /Catalog /Pages 2 0 R /Outlines 7 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 2 0 R 2 0 R] /Count 9 >>",
        PAGE,
        &stream("BT /F 12 Tf 40 300 Td (Round and round) Tj ET /X Do"),
        FONT,
        "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> /Length 11 >>\nstream\n/X Do /X Do\nendstream",
        "<< /First 8 0 R >>",
        "<< /Title (One) /Next 9 0 R /First 8 0 R >>",
        "<< /Title (Two) /Next 8 0 R /First 9 0 R >>",
    ]);
    let doc = read(&json!({}), circle).unwrap();
    assert_eq!(doc.text(), "Round and round");
    let outline = doc.meta.get("outline").unwrap().as_array().unwrap();
    assert_eq!(outline.len(), 2, "{outline:?}");
}

#[test]
fn forms_that_draw_others_twice_end() {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        PAGE.to_owned(),
        stream("BT /F 12 Tf 40 300 Td (Twice and twice) Tj ET /X Do"),
        FONT.to_owned(),
    ];
    for number in 7..47 {
        objects.push(format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {number} 0 R >> >> /Length 11 >>\n\
             stream\n/X Do /X Do\nendstream"
        ));
    }
    objects.push(
        "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 13 >>\nstream\n0 0 m 9 9 l S\nendstream".to_owned(),
    );
    let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
    let doc = read(&json!({}), file(&objects)).unwrap();
    assert_eq!(doc.text(), "Twice and twice");
    assert_eq!(doc.warnings(), ["more is drawn than is read on page 1"]);
}

#[test]
fn numbers_beyond_any_page_are_no_panic() {
    for content in [
        "BT /F 1e30 Tf 1e30 0 0 1e30 1e30 1e30 Tm (far) Tj ET",
        "BT /F 0 Tf 0 0 0 0 0 0 Tm (flat) Tj ET",
        "1e38 0 0 1e38 0 0 cm 1e38 0 0 1e38 0 0 cm BT /F 9 Tf (far) Tj ET 0 0 1e38 1e38 re S",
        "BT /F 12 Tf 40 300 Td (below) Tj -99999999999 Tz (narrow) Tj ET",
        "-1e38 -1e38 m 1e38 1e38 l S 0 0 m 0 400 l S 0 0 m 400 0 l S 200 0 m 200 400 l S 0 200 m 400 200 l S",
    ] {
        let _ = read(&json!({}), page(content, "null"));
    }
}

#[test]
fn a_text_over_the_limit_is_refused() {
    let words = "(one more time ) Tj ".repeat(4_000);
    let bytes = page(&format!("BT /F 6 Tf 10 300 Td {words} ET"), "null");
    let cx = Context::new(Limits { document: ByteSize(300), ..Limits::default() });
    let lines: Vec<String> = (0..400).map(|line| format!("(line {line}) Tj 0 -0.7 Td ")).collect();
    let large = format!("BT /F 6 Tf 10 300 Td {}ET", lines.concat());
    let error = reader(&json!({})).read(RawSource::new("a.pdf", "", page(&large, "null")), &cx).unwrap_err();
    assert!(matches!(error, ReadError::Limit { limit: "limits.document", .. }), "{error}");
    let _ = reader(&json!({})).read(RawSource::new("a.pdf", "", bytes), &cx);
}

#[test]
fn an_error_says_what_was_found() {
    for (bytes, expected) in [
        (Vec::new(), "it is empty"),
        (b"no file".to_vec(), "not a PDF file: no pages can be found in it"),
        (page("0 0 m 9 9 l S", "null"), "it is empty"),
    ] {
        assert_eq!(read(&json!({}), bytes).unwrap_err().to_string(), expected);
    }
}

/// A file of one page whose form is the first of so many, each of which draws the next twice and is filled up with blanks.
fn doubling(forms: usize, blanks: usize, is_shown: &str) -> Vec<u8> {
    let blanks = " ".repeat(blanks);
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        PAGE.to_owned(),
        stream("BT /F 12 Tf 40 300 Td (Twice and twice) Tj ET /X Do"),
        FONT.to_owned(),
    ];
    for number in 7..7 + forms {
        let content = format!("{blanks}/X Do /X Do");
        objects.push(format!(
            "<< /Type /XObject /Subtype /Form {is_shown} /Resources << /XObject << /X {number} 0 R >> >> /Length {} >>\n\
             stream\n{content}\nendstream",
            content.len()
        ));
    }
    objects.push("<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 1 >>\nstream\n \nendstream".to_owned());
    file(&objects.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn forms_that_draw_nothing_many_times_end() {
    for (bytes, is_told) in [
        (doubling(40, 1, "/BBox [0 0 9 9]"), true),
        // Some thousand forms of a hundred kilobytes: little that is drawn, and much to go through.
        (doubling(14, 100_000, "/BBox [0 0 9 9]"), true),
        (doubling(40, 1, ""), false),
        (doubling(4, 1_000, "/BBox [0 0 9 9]"), false),
    ] {
        let doc = read(&json!({}), bytes).unwrap();
        assert_eq!(doc.text(), "Twice and twice");
        let told = ["more is drawn than is read on page 1"];
        assert_eq!(doc.warnings(), if is_told { &told[..] } else { &[] });
    }
}
