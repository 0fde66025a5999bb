//! The reader of PDF.

use std::sync::Arc;

use docmill_core::{
    BuildContext, Component, Context, Document, Field, Hint, OptionError, RawSource, ReadError, Reader, Role, RoleKind,
    media_type_of,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ocr::Recognizer;
use crate::page::Page;
use crate::source::File;
use crate::{compose, layout, source};

const PDF: &str = "application/pdf";

/// Reads PDF files.
///
/// The text comes in reading order, columns one after the other; lines become paragraphs again, words that are hyphenated at a line's end one word,
/// and a paragraph that goes on in the next column or on the next page one block. Headings are told by the outline, and by larger or bolder letters;
/// lists by their bullets and numbers; tables by ruled lines or aligned columns. What stands at the same place of several pages, and page numbers,
/// become headers and footers, apart from the prose. Each place says its page. Addresses that can be clicked become links.
///
/// What the file states about itself becomes `title`, `authors`, `subject`, `keywords`, `created`, `modified` and `date`, its outline
/// `outline`: a list of `title`, `level` and `page`.
///
/// A file that only its password opens needs the option `password`; where it is missing or wrong, the file ends in quarantine and says so. A file
/// whose fonts do not say which letters they draw has a warning in its record. Pictures and the texts of comments are not read; fields of
/// forms as far as they are drawn.
///
/// Scanned pages have no text: a file of nothing else ends in quarantine, one with some has a warning in its record. With `ocr: auto` their text is
/// recognized by the program [tesseract](https://tesseract-ocr.github.io), where it is installed (Debian: `tesseract-ocr`, and
/// `tesseract-ocr-deu` for German). The record says so: `ocr` is the program's name and version, and warnings have the pages and how many words it
/// was not sure of. A page takes a second or more, so that long scans need a longer `limits.time`.
///
/// Files that come from anywhere are interpreted here. Therefore this reader works in a process of its own.
///
/// ```yaml
/// stages:
///   - ingest.pdf: { password: "${env:PDF_PASSWORD}" }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pdf {
    /// The password of encrypted files; files without one are read all the same.
    pub password: String,
    /// Read running heads, running feet and page numbers.
    pub headers: bool,
    /// Whether the text of pages that are pictures is recognized.
    pub ocr: Ocr,
    /// The language of the text that is recognized, by tesseract's names, several joined by `+`: `eng`, `deu+fra`.
    pub language: String,
    /// Pixels an inch of the pictures in which text is recognized. Small print needs more, and more take longer.
    #[schemars(range(min = 72, max = 600))]
    pub dpi: u32,
}

/// Whether the text of pages that are pictures is recognized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ocr {
    /// They are said to have no text layer.
    #[default]
    Never,
    /// By the program `tesseract`, where it is installed; otherwise as with `never`.
    Auto,
}

impl Default for Pdf {
    fn default() -> Self {
        Self { password: String::new(), headers: true, ocr: Ocr::Never, language: "eng".to_owned(), dpi: 300 }
    }
}

impl Component for Pdf {
    const NAME: &'static str = "ingest.pdf";
    const KIND: RoleKind = RoleKind::Reader;
    const VERSION: u32 = 2;
    const RECOMMENDED: bool = true;
    const ISOLATED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta, Field::annotations("link")]
    }

    fn build(self, cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let recognizer = match self.ocr {
            Ocr::Never => None,
            Ocr::Auto => Recognizer::find(&self.language, self.dpi, cx).map_err(|error| vec![error])?,
        };
        Ok(Role::reader(PdfReader { options: self, recognizer }))
    }
}

/// The reader with what it found to recognize text.
struct PdfReader {
    options: Pdf,
    recognizer: Option<Recognizer>,
}

impl Reader for PdfReader {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        (media_type_of(hint.head) == Some(PDF)).then_some(PDF)
    }

    fn read(&self, mut source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let bytes = Arc::new(std::mem::take(&mut source.bytes));
        let found = source::read(&bytes, &self.options.password, self.recognizer.as_ref(), cx);
        source.bytes = Arc::into_inner(bytes).unwrap_or_default();
        let mut file = found?;
        if file.pages.iter().all(Page::has_no_text) {
            return Err(self.without_text(&file));
        }
        let mut flow = layout::flow(&mut file.pages, &file.outline);
        if !self.options.headers {
            flow.retain(|piece| !piece.kind.is_running());
        }
        let mut doc = compose::compose(&flow, &file, source, cx)?;
        self.tell(&file.pages, &mut doc);
        Ok(doc)
    }
}

impl PdfReader {
    /// Says in the record what was recognized, and what was not.
    fn tell(&self, pages: &[Page], doc: &mut Document) {
        if let Some(recognizer) = &self.recognizer {
            let read = compose::numbers(pages, |page| page.recognized.is_some_and(|found| found.words > 0));
            let found = pages.iter().filter_map(|page| page.recognized);
            let (words, unsure) =
                found.fold((0, 0), |(words, unsure), found| (words + found.words, unsure + found.unsure));
            if words > 0 {
                doc.meta.set("ocr", recognizer.version());
                doc.warn(format!("the text of page {read} was recognized by OCR"));
            }
            if unsure > 0 {
                doc.warn(format!("OCR was not sure of {unsure} of {words} words"));
            }
            let none = compose::numbers(pages, |page| page.recognized.is_some_and(|found| found.words == 0));
            if !none.is_empty() {
                doc.warn(format!("OCR recognized no text in the pictures on page {none}"));
            }
            return;
        }
        let scanned = compose::numbers(pages, |page| page.glyphs == 0 && page.pictures > 0);
        if !scanned.is_empty() {
            let why = if self.options.ocr == Ocr::Auto { format!(": {NOT_INSTALLED}") } else { String::new() };
            doc.warn(format!("no text layer, but pictures, on page {scanned}{why}"));
        }
    }

    /// Why there is no text.
    fn without_text(&self, file: &File) -> ReadError {
        let pages = &file.pages;
        let count = format!("{} page{}", pages.len(), if pages.len() == 1 { "" } else { "s" });
        let layer = "add a text layer with a program for character recognition, such as ocrmypdf";
        if pages.iter().any(|page| page.unmapped > 0) {
            let what = format!("a PDF file whose fonts do not say which letters they draw ({count})");
            return ReadError::Unsupported { what, way_out: layer.to_owned() };
        }
        if !pages.iter().any(|page| page.pictures > 0) {
            if file.attached == 0 {
                return ReadError::Empty;
            }
            let what = format!("a PDF file without text, to which files are attached ({}),", file.attached);
            let way_out = "take them out, such as by `pdfdetach -saveall`, and have them read".to_owned();
            return ReadError::Unsupported { what, way_out };
        }
        if let Some(recognizer) = &self.recognizer {
            let what = format!("a PDF file of pictures in which {} recognizes no text ({count})", recognizer.version());
            let way_out = format!(
                "state the language of its text by the option language, if it is not {:?}",
                self.options.language
            );
            return ReadError::Unsupported { what, way_out };
        }
        let what = format!("a PDF file of pictures, as scanners make them ({count} without a text layer),");
        let way_out = match self.options.ocr {
            Ocr::Never => format!("have it recognized by the option `ocr: auto` of ingest.pdf, or {layer}"),
            Ocr::Auto => format!("{NOT_INSTALLED}, or {layer}"),
        };
        ReadError::Unsupported { what, way_out }
    }
}

/// What is to be done where `ocr: auto` finds no program.
const NOT_INSTALLED: &str = "install tesseract, which `ocr: auto` calls and did not find";

#[cfg(test)]
mod tests {
    use super::*;

    fn read_without_program(name: &str) -> Result<Document, ReadError> {
        let path = format!("{}/../../fixtures/formats/{name}", env!("CARGO_MANIFEST_DIR"));
        let source = RawSource::new(name, PDF, std::fs::read(path).unwrap());
        let reader = PdfReader { options: Pdf { ocr: Ocr::Auto, ..Pdf::default() }, recognizer: None };
        reader.read(source, &Context::default())
    }

    #[test]
    fn a_program_that_is_not_installed_is_told_of() {
        let error = read_without_program("scan.pdf").unwrap_err().to_string();
        assert!(error.contains("1 page without a text layer") && error.contains("install tesseract"), "{error}");
        let doc = read_without_program("scanned.pdf").unwrap();
        assert_eq!(doc.warnings(), [format!("no text layer, but pictures, on page 2: {NOT_INSTALLED}")]);
        // Nothing is missed where nothing is a picture.
        assert!(read_without_program("report.pdf").unwrap().warnings().is_empty());
    }
}
