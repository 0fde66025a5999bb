//! The reader of books in EPUB.

mod book;
mod chapter;

use std::sync::Arc;

use docmill_core::{
    BuildContext, Component, Composer, Context, Document, Field, Hint, OptionError, RawSource, ReadError, Reader, Role,
    RoleKind, Spot,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::book::Book;
use crate::package::Package;

const EXPECTED: &str = "an EPUB book";
const MEDIA_TYPE: &str = "application/epub+zip";

/// Reads books (EPUB 2 and 3).
///
/// The chapters come in the order of the book's spine, with headings, lists, tables, quotes, code and captions as `ingest.html` finds
/// them, and links as annotations. Each place says the file of its chapter as its part. Title, authors, publisher, language, date,
/// subjects (as keywords), description and identifier are read from the book's package document.
///
/// Left out: the navigation, pages that are lists of contents, pictures, and chapters that are no XHTML or cannot be
/// read, of which a warning tells. A book whose chapters are encrypted ends in quarantine and says so. All that is unpacked of a book
/// together may be as large as `limits.document`.
///
/// ```yaml
/// stages:
///   - ingest.epub
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Epub {}

impl Component for Epub {
    const NAME: &'static str = "ingest.epub";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta, Field::annotations("link")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Epub {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        crate::recognized(hint, &["epub"], MEDIA_TYPE)
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let mut composer = Composer::new(cx);
        let mut warnings = Vec::new();
        let mut package = Package::open(&source.bytes, EXPECTED, cx)?;
        let book = Book::open(&mut package)?;
        for name in book.chapters.iter().filter(|name| !book.contents.contains(*name)) {
            if composer.is_over() {
                break;
            }
            let Some(bytes) = package.bytes(name)? else {
                warnings.push(format!("{name} is not in the book"));
                continue;
            };
            composer.at(Spot::part(&Arc::from(name.as_str())));
            match chapter::read(name, bytes, cx) {
                Ok(chapter) => chapter::write(&chapter, &mut composer),
                // A page with a picture and nothing else.
                Err(ReadError::Empty) => {}
                Err(error) => warnings.push(format!("{name} was left out: {error}")),
            }
        }
        drop(package);
        let mut doc = composer.finish(source)?;
        book.properties.tell(&mut doc);
        for warning in warnings {
            doc.warn(warning);
        }
        Ok(doc)
    }
}
