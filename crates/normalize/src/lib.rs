//! docmill's normalizers, filters and deduplication.
//!
//! A normalizer brings the text of a document into a form that later stages can rely on. It submits edits, never a new text,
//! so that every word still leads back to its place in the source; what needs no change is not touched. A filter measures
//! a document and decides whether it goes on. Deduplication looks at all documents first, and keeps the first of those that
//! are the same or nearly so.
//!
//! Each component is a struct of options that builds its part, and works without the rest of docmill:
//!
//! ```
//! use docmill_core::{BuildContext, ByteSpan, Component, Context, Document, Role};
//! use docmill_normalize::{Entities, Hyphenation, Mojibake, Whitespace};
//!
//! let text = "The cafÃ©  &amp; bar re-\nopened on Sunday.";
//! let mut doc = Document::from_text("notice.txt", text);
//! let cx = BuildContext::default();
//! let stages = [
//!     Mojibake::default().build(&cx),
//!     Entities::default().build(&cx),
//!     Hyphenation::default().build(&cx),
//!     Whitespace::default().build(&cx),
//! ];
//! for stage in stages {
//!     let Ok(Role::Stage(stage)) = stage else { panic!("the default options are right") };
//!     stage.apply(&mut doc, &Context::default())?;
//! }
//! assert_eq!(doc.text(), "The café & bar reopened\non Sunday.");
//! // The second word leads back to its place in the source.
//! let place = doc.locate(ByteSpan::new(4, 9));
//! assert_eq!(&text[place.span.start..place.span.end], "cafÃ©");
//! # Ok::<(), docmill_core::StageError>(())
//! ```

mod dedup;
mod entities;
mod filter;
mod findings;
mod hyphenation;
mod lines;
mod mojibake;
mod prose;
mod quotes;
mod redact;
mod removal;
mod repeated;
mod replace;
mod scope;
#[cfg(test)]
mod testing;
mod unicode;
mod whitespace;

use docmill_core::{Registry, RegistryError};

pub use dedup::{DedupExact, DedupNear, DedupParagraphs, Subject};
pub use entities::Entities;
pub use filter::{
    FilterDraw, FilterLanguage, FilterQuality, FilterReadability, FilterRepetition, FilterSample, FilterWords, Preset,
};
pub use hyphenation::Hyphenation;
pub use lines::Lines;
pub use mojibake::{CodePage, Mojibake};
pub use prose::Prose;
pub use quotes::{Quotes, Typography};
pub use redact::Redact;
pub use repeated::{Group, Place, Repeated};
pub use replace::{Replace, Rule};
pub use unicode::{Form, Unicode};
pub use whitespace::Whitespace;

/// Registers all components of this crate. The recommended normalizers come in the order in which they build on each other.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Entities>()?;
    registry.register::<Mojibake>()?;
    registry.register::<Unicode>()?;
    registry.register::<Quotes>()?;
    registry.register::<Hyphenation>()?;
    registry.register::<Lines>()?;
    registry.register::<Whitespace>()?;
    registry.register::<Replace>()?;
    registry.register::<Redact>()?;
    registry.register::<Repeated>()?;
    registry.register::<Prose>()?;
    registry.register::<FilterWords>()?;
    registry.register::<FilterLanguage>()?;
    registry.register::<FilterRepetition>()?;
    registry.register::<FilterQuality>()?;
    registry.register::<FilterReadability>()?;
    registry.register::<FilterSample>()?;
    registry.register::<FilterDraw>()?;
    registry.register::<DedupExact>()?;
    registry.register::<DedupNear>()?;
    registry.register::<DedupParagraphs>()
}
