//! docmill's reader of PDF: from glyphs on pages to prose, headings, lists and tables.
//!
//! A library interprets what the pages draw (`source`); its glyphs become words with places (`page`), and from these alone the layout
//! (`layout`) tells lines, columns, paragraphs, tables and running heads. What all pages together say (`compose`) decides what is a
//! heading and which paragraphs go on over a page. Pages that are pictures are read by a program
//! beside docmill (`ocr`).

mod compose;
mod layout;
mod ocr;
mod page;
mod reader;
mod source;

use docmill_core::{Registry, RegistryError};

pub use self::reader::{Ocr, Pdf};

/// Registers all components of this crate. They go before the readers of text, which take any file.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Pdf>()
}
