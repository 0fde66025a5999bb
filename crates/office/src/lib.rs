//! docmill's readers of office documents and books: from zip files of XML, RTF and spreadsheets to documents.
//!
//! Each reader takes a format into blocks and tables ([`docmill_core::Composer`] makes the text of them) and says what slide, sheet,
//! row or part each stands on. What a file holds is read through limits: all that is unpacked of it together may be as large
//! as a document, XML is cut at a depth and its entities are not expanded, and names of members never reach the disk.

mod compound;
mod doc;
mod docx;
mod epub;
mod field;
mod flow;
mod odf;
mod package;
mod pptx;
mod properties;
mod rtf;
mod sheet;
mod symbol;
mod xml;

use docmill_core::{Hint, Registry, RegistryError, media_type_of};

pub use self::doc::Doc;
pub use self::docx::{Changes, Comments, Docx};
pub use self::epub::Epub;
pub use self::odf::Odf;
pub use self::pptx::Pptx;
pub use self::rtf::Rtf;
pub use self::sheet::Sheet;

/// Registers all components of this crate. They go before the readers of text, which take any file.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Docx>()?;
    registry.register::<Pptx>()?;
    registry.register::<Sheet>()?;
    registry.register::<Odf>()?;
    registry.register::<Epub>()?;
    registry.register::<Rtf>()?;
    registry.register::<Doc>()?;
    Ok(())
}

/// The media type of a source that is `media_type` by its first bytes, or can be and is by its name or what its container says.
pub(crate) fn recognized(hint: &Hint<'_>, extensions: &[&str], media_type: &'static str) -> Option<&'static str> {
    let found = media_type_of(hint.head);
    let is_text = || hint.head.trim_ascii_start().starts_with(b"<");
    let open = match found {
        Some(found) if found == media_type => return Some(media_type),
        Some("application/zip") => true,
        Some(_) => compound::is_compound(hint.head),
        None => !is_text(),
    };
    let named = hint.extension().is_some_and(|extension| extensions.contains(&extension.as_str()));
    (open && (named || hint.declared == Some(media_type))).then_some(media_type)
}
