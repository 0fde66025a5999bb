//! docmill's readers: from the bytes of a source to documents.
//!
//! [`Files`] lists sources; each other component reads one media type, and the first that recognizes a source reads it. A
//! reader keeps the source as it is, decoded to UTF-8, takes its mark-up out by edits, and says by blocks which part of the
//! text is what; so every word of the text leads back to its place in the file.
//!
//! ```
//! use docmill_core::{BlockKind, ByteSpan, Context, RawSource, Reader};
//! use docmill_ingest::Text;
//!
//! // In a program of yours: `std::fs::read("ships.txt")?`.
//! let bytes = b"Ships Return\n\nHarbor News, June 1, 2018\n\n\
//!     \"They came in before dawn,\" said the harbor master.\n".to_vec();
//! let source = RawSource::new("ships.txt", "text/plain", bytes);
//! let doc = Text::default().read(source, &Context::default())?;
//!
//! assert_eq!(doc.title(), Some("Ships Return"));
//! assert_eq!(doc.meta.text("publication"), Some("Harbor News"));
//! assert_eq!(doc.date(), Some("2018-06-01"));
//! let prose = doc.blocks().iter().find(|block| block.kind == BlockKind::Paragraph).map(|block| block.span);
//! let place = doc.locate(prose.unwrap_or(ByteSpan::point(0)));
//! assert_eq!((place.line, place.column), (5, 1));
//! # Ok::<(), docmill_core::ReadError>(())
//! ```
//!
//! A file of many documents is split first: [`Csv`], [`Jsonl`] and [`Mbox`] are [containers](docmill_core::Container).

mod bytes;
mod compound;
mod csv;
mod date;
mod decoded;
mod encoding;
mod files;
mod flow;
mod front_matter;
mod html;
mod json;
mod json_record;
mod json_text;
mod jsonl;
mod key;
mod layout;
mod mail;
mod markdown;
mod pieces;
mod record;
mod reference;
mod rows;
mod selection;
mod table;
mod text;
mod whole;
mod xml;

use docmill_core::{Registry, RegistryError};

pub use self::compound::compound_stream;
pub use self::csv::Csv;
pub use self::files::Files;
pub use self::html::{Html, MainText};
pub use self::json::Json;
pub use self::jsonl::Jsonl;
pub use self::mail::{Eml, Mbox, Mhtml, Msg, Prefer};
pub use self::markdown::Markdown;
pub use self::rows::{Columns, Layout, RowOptions};
pub use self::selection::Selection;
pub use self::text::Text;
pub use self::xml::Xml;

/// Registers all components of this crate, in the order in which its readers are asked.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Files>()?;
    registry.register::<Msg>()?;
    registry.register::<Jsonl>()?;
    registry.register::<Json>()?;
    registry.register::<Csv>()?;
    registry.register::<Mhtml>()?;
    registry.register::<Mbox>()?;
    registry.register::<Eml>()?;
    registry.register::<Html>()?;
    registry.register::<Xml>()?;
    registry.register::<Markdown>()?;
    registry.register::<Text>()?;
    Ok(())
}
