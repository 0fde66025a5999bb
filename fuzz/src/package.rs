//! Packages (ZIP) of office documents and books around the bytes of an input.
//!
//! An input is one file of the package, or several: a zero byte ends one.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::reading::read;

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#;
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A document of Word: its text, styles, numbering and notes.
pub(crate) fn docx(data: &[u8]) {
    let relations = relations("officeDocument", "word/document.xml");
    let document = format!(
        r#"{RELATIONS}<Relationship Id="r1" Type="{OFFICE}/styles" Target="styles.xml"/><Relationship Id="r2" Type="{OFFICE}/numbering" Target="numbering.xml"/><Relationship Id="r3" Type="{OFFICE}/footnotes" Target="footnotes.xml"/></Relationships>"#
    );
    let fixed = [("_rels/.rels", relations.as_str()), ("word/_rels/document.xml.rels", &document)];
    let names = ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml"];
    read("ingest.docx", "a.docx", &package(&fixed, &names, data));
}

/// A presentation of one slide with notes.
pub(crate) fn pptx(data: &[u8]) {
    let relations = relations("officeDocument", "ppt/presentation.xml");
    let slides = format!(
        r#"{RELATIONS}<Relationship Id="r1" Type="{OFFICE}/slide" Target="slides/slide1.xml"/></Relationships>"#
    );
    let notes = format!(
        r#"{RELATIONS}<Relationship Id="r1" Type="{OFFICE}/notesSlide" Target="../notesSlides/notesSlide1.xml"/></Relationships>"#
    );
    let presentation = format!(
        r#"<p:presentation xmlns:p="p" xmlns:r="{OFFICE}"><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>"#
    );
    let fixed = [
        ("_rels/.rels", relations.as_str()),
        ("ppt/presentation.xml", &presentation),
        ("ppt/_rels/presentation.xml.rels", &slides),
        ("ppt/slides/_rels/slide1.xml.rels", &notes),
    ];
    read(
        "ingest.pptx",
        "a.pptx",
        &package(&fixed, &["ppt/slides/slide1.xml", "ppt/notesSlides/notesSlide1.xml"], data),
    );
}

/// A workbook of one sheet.
pub(crate) fn xlsx(data: &[u8]) {
    let relations = relations("officeDocument", "xl/workbook.xml");
    let sheets = format!(
        r#"{RELATIONS}<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
    );
    let workbook = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let fixed =
        [("_rels/.rels", relations.as_str()), ("xl/workbook.xml", &workbook), ("xl/_rels/workbook.xml.rels", &sheets)];
    read("ingest.sheet", "a.xlsx", &package(&fixed, &["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"], data));
}

/// A text of `OpenDocument`.
pub(crate) fn odt(data: &[u8]) {
    let fixed = [("mimetype", "application/vnd.oasis.opendocument.text")];
    read("ingest.odf", "a.odt", &package(&fixed, &["content.xml", "styles.xml", "meta.xml"], data));
}

/// Sheets of `OpenDocument`.
pub(crate) fn ods(data: &[u8]) {
    let fixed = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet")];
    read("ingest.sheet", "a.ods", &package(&fixed, &["content.xml", "meta.xml"], data));
}

/// A book: its package document and two chapters.
pub(crate) fn epub(data: &[u8]) {
    let container = r#"<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"#;
    let fixed = [("mimetype", "application/epub+zip"), ("META-INF/container.xml", container)];
    read("ingest.epub", "a.epub", &package(&fixed, &["book.opf", "one.xhtml", "two.xhtml"], data));
}

fn relations(kind: &str, target: &str) -> String {
    format!(r#"{RELATIONS}<Relationship Id="r0" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>"#)
}

/// A package of fixed files, and of files with these names, one a piece of the input.
fn package(fixed: &[(&str, &str)], names: &[&str], data: &[u8]) -> Vec<u8> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let pieces = data.splitn(names.len(), |byte| *byte == 0);
    let files = fixed.iter().map(|(name, text)| (*name, text.as_bytes()));
    for (name, bytes) in files.chain(names.iter().copied().zip(pieces)) {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        package.start_file(name, stored).expect("memory takes it");
        package.write_all(bytes).expect("memory takes it");
    }
    package.finish().expect("memory takes it").into_inner()
}
