//! Broken and hostile files: a document or an error, never a panic or a hang.

use std::io::Write;

use crate::read::{FIXTURES, fixture, read, reader, recognizing};
use docmill_core::{ByteSize, Context, Limits, RawSource, ReadError};
use serde_json::Value;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A zip of these members.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    zip(&[("word/document.xml", format!("<w:document><w:body>{body}</w:body></w:document>").as_bytes())])
}

#[test]
fn a_file_cut_at_any_length_is_an_error_or_a_document() {
    for (name, component) in FIXTURES {
        let bytes = fixture(name);
        // What is large is cut at some lengths alone, and at all near its end, where the list of its members is.
        let step = if bytes.len() < 3000 { 1 } else { 61 };
        let near_end = bytes.len().saturating_sub(if step == 1 { 0 } else { 120 })..bytes.len();
        let reader = reader(component, &Value::Null);
        for length in (0..bytes.len()).step_by(step).chain(near_end) {
            let source = RawSource::new(*name, "", bytes[..length].to_vec());
            if let Err(error) = reader.read(source, &Context::default()) {
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
    for (name, component) in FIXTURES {
        let sound = fixture(name);
        let reader = reader(component, &Value::Null);
        for _ in 0..200 {
            let mut bytes = sound.clone();
            for _ in 0..=random(4) {
                let at = random(bytes.len());
                bytes[at] = u8::try_from(random(256)).unwrap();
            }
            let _ = reader.read(RawSource::new(*name, "", bytes), &Context::default());
        }
    }
}

#[test]
fn what_unpacks_to_more_than_a_document_is_refused() {
    let zeros = vec![b' '; 4 << 20];
    let bomb = zip(&[("word/document.xml", &zeros), ("content.xml", &zeros), ("xl/workbook.xml", &zeros)]);
    let cx = Context::new(Limits { document: ByteSize(256 << 10), ..Limits::default() });
    for component in ["ingest.docx", "ingest.odf", "ingest.sheet"] {
        let error = reader(component, &Value::Null).read(RawSource::new("bomb", "", bomb.clone()), &cx).unwrap_err();
        assert!(matches!(error, ReadError::Limit { limit: "limits.document", .. }), "{component}: {error}");
    }
}

#[test]
fn deep_nesting_is_cut_and_its_text_is_kept() {
    let depth = 20_000;
    let open = "<w:tbl><w:tr><w:tc>".repeat(depth);
    let close = "</w:tc></w:tr></w:tbl>".repeat(depth);
    let nested =
        docx(&format!("{open}<w:p><w:r><w:t>deep</w:t></w:r></w:p>{close}<w:p><w:r><w:t>after</w:t></w:r></w:p>"));
    let doc = read("ingest.docx", &Value::Null, "deep.docx", nested).unwrap();
    assert!(doc.text().ends_with("after"), "{}", doc.text());
    let groups = format!("{{\\rtf1 {}deep{} after}}", "{\\b ".repeat(depth), "}".repeat(depth));
    let doc = read("ingest.rtf", &Value::Null, "deep.rtf", groups.into_bytes()).unwrap();
    assert_eq!(doc.text(), "deep after");
}

#[test]
fn entities_are_not_expanded() {
    let declared = r#"<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b SYSTEM "file:///etc/hostname">]>"#;
    let xml = format!(
        "{declared}<w:document><w:body><w:p><w:r><w:t>before &a;&b; after</w:t></w:r></w:p></w:body></w:document>"
    );
    let doc = read("ingest.docx", &Value::Null, "x.docx", zip(&[("word/document.xml", xml.as_bytes())])).unwrap();
    assert_eq!(doc.text(), "before after");
}

#[test]
fn a_password_is_said_to_be_one() {
    let mut locked = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    locked.resize(1024, 0);
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    locked.resize(2048, 0);
    for component in ["ingest.docx", "ingest.pptx", "ingest.sheet", "ingest.doc"] {
        let error = read(component, &Value::Null, "locked", locked.clone()).unwrap_err();
        assert!(matches!(error, ReadError::Locked(_)) && error.to_string().contains("without a password"), "{error}");
    }
    let manifest = "<manifest><file-entry full-path='content.xml'><encryption-data/></file-entry></manifest>";
    let locked = zip(&[("META-INF/manifest.xml", manifest.as_bytes()), ("content.xml", b"\x01\x02")]);
    let error = read("ingest.odf", &Value::Null, "locked.odt", locked).unwrap_err();
    assert!(matches!(error, ReadError::Locked(_)), "{error}");
}

#[test]
fn an_error_says_what_was_expected_and_what_was_found() {
    for (component, bytes, expected) in [
        ("ingest.docx", &b"no zip"[..], "not a Word document: a file that is not a zip"),
        ("ingest.docx", b"", "it is empty"),
        ("ingest.rtf", b"a text", "not an RTF document: a file that does not begin with {\\rtf"),
        ("ingest.doc", b"\x31\xbe\0\0\0\xab", "is not supported: convert it to docx or pptx"),
        (
            "ingest.sheet",
            b"\x09\x04\x06\0\0\0",
            "a spreadsheet of Excel 4 or older is not supported: convert it to xlsx",
        ),
    ] {
        let error = read(component, &Value::Null, "x", bytes.to_vec()).unwrap_err().to_string();
        assert!(error.contains(expected), "{component}: {error}");
    }
    let error =
        read("ingest.docx", &Value::Null, "x", zip(&[("word/document.xml", b"<w:document><w:body>")])).unwrap_err();
    assert_eq!(error.to_string(), "not well-formed XML: word/document.xml, byte 20: it ends within an element");
}

#[test]
fn a_sheet_that_repeats_without_end_is_refused() {
    let row = "<table:table-row table:number-rows-repeated='999999999'><table:table-cell \
               table:number-columns-repeated='99999' office:value-type='string'><text:p>again</text:p></table:table-cell></table:table-row>";
    let xml = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name='a'>{row}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let bytes = zip(&[("content.xml", xml.as_bytes())]);
    let error = read("ingest.sheet", &Value::Null, "a.ods", bytes).unwrap_err();
    assert!(matches!(error, ReadError::Limit { .. }), "{error}");
}

#[test]
fn a_document_within_another_does_not_decide_what_the_file_is() {
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let types = format!(
        "<Types><Default Extension=\"docx\" ContentType=\"{word}\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"application/x\"/></Types>"
    );
    let book = zip(&[("[Content_Types].xml", types.as_bytes()), ("xl/workbook.xml", b"<workbook/>")]);
    assert_eq!(recognizing("upload", &book), ["ingest.sheet"]);
}

#[test]
fn a_sheet_that_reaches_too_far_is_refused_before_room_is_made_for_it() {
    let sound = fixture("arrivals.xls");
    let said = sound.windows(4).position(|record| record == [0x00, 0x02, 14, 0]).unwrap() + 4;
    let cell = sound.windows(4).rposition(|record| record == [0xFD, 0x00, 10, 0]).unwrap() + 4;
    // The end of the rows that the sheet says it has; and the row and the column of its last cell.
    for (at, far) in [(said + 4, &[0xFF; 4][..]), (cell, &[0xFF, 0xFF, 0xFF, 0xFF])] {
        let mut bytes = sound.clone();
        bytes[at..at + far.len()].copy_from_slice(far);
        let reader = reader("ingest.sheet", &Value::Null);
        let error = reader.read(RawSource::new("arrivals.xls", "", bytes), &Context::default()).unwrap_err();
        assert!(matches!(&error, ReadError::Limit { limit: "limits.memory", .. }), "{error}");
        assert!(error.to_string().contains("sheets that reach over "), "{error}");
    }
}
