//! The reader of PDF.

use std::sync::Arc;

use docmill_core::{
    BuildContext, Component, Context, Document, Field, Hint, OptionError, RawSource, ReadError, Reader, Role, RoleKind,
    media_type_of,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::page::Page;
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
/// A file that only its password opens needs the option `password`; where it is missing or wrong, the file ends in quarantine and says so. Scanned
/// pages have no text: a file of nothing else ends in quarantine, one with some has a warning in its record, and so has one whose fonts
/// do not say which letters they draw. Pictures and the texts of comments are not read; fields of forms as far as they are drawn.
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
}

impl Default for Pdf {
    fn default() -> Self {
        Self { password: String::new(), headers: true }
    }
}

impl Component for Pdf {
    const NAME: &'static str = "ingest.pdf";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;
    const ISOLATED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta, Field::annotations("link")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Pdf {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        (media_type_of(hint.head) == Some(PDF)).then_some(PDF)
    }

    fn read(&self, mut source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let bytes = Arc::new(std::mem::take(&mut source.bytes));
        let found = source::read(&bytes, &self.password, cx);
        source.bytes = Arc::into_inner(bytes).unwrap_or_default();
        let mut file = found?;
        if file.pages.iter().all(|page| page.glyphs == page.unmapped) {
            return Err(without_text(&file.pages));
        }
        let mut flow = layout::flow(&mut file.pages, &file.outline);
        if !self.headers {
            flow.retain(|piece| !piece.kind.is_running());
        }
        compose::compose(&flow, &file, source, cx)
    }
}

/// Why there is no text.
fn without_text(pages: &[Page]) -> ReadError {
    let way_out = "add a text layer with a program for character recognition, such as ocrmypdf".to_owned();
    let count = format!("{} page{}", pages.len(), if pages.len() == 1 { "" } else { "s" });
    if pages.iter().any(|page| page.unmapped > 0) {
        let what = format!("a PDF file whose fonts do not say which letters they draw ({count})");
        return ReadError::Unsupported { what, way_out };
    }
    if pages.iter().any(|page| page.pictures > 0) {
        let what = format!("a PDF file of pictures, as scanners make them ({count} without a text layer),");
        return ReadError::Unsupported { what, way_out };
    }
    ReadError::Empty
}
