//! docmill's readers: from the bytes of a source to documents.
//!
//! [`files::Files`] lists sources; each other component reads one media type, and the first that recognizes a source reads
//! it. A reader keeps the source as it is, decoded to UTF-8, takes its mark-up out by edits, and says by blocks which part
//! of the text is what; so every word of the text leads back to its place in the file.

pub mod csv;
mod date;
mod decoded;
mod encoding;
pub mod files;
mod flow;
pub mod html;
mod json_text;
pub mod jsonl;
mod layout;
pub mod markdown;
mod pieces;
mod record;
mod reference;
mod table;
pub mod text;

use docmill_core::{Registry, RegistryError};

/// Registers all components of this crate, in the order in which its readers are asked.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<files::Files>()?;
    registry.register::<jsonl::Jsonl>()?;
    registry.register::<csv::Csv>()?;
    registry.register::<html::Html>()?;
    registry.register::<markdown::Markdown>()?;
    registry.register::<text::Text>()?;
    Ok(())
}
