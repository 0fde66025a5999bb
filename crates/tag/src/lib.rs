//! docmill's taggers: from text to annotations and tags.
//!
//! Each stage is of use by itself: it takes a document and says what it found.
//!
//! ```
//! use docmill_core::{Context, Document, Stage as _};
//! use docmill_tag::{Citations, Money};
//!
//! let mut doc = Document::from_text("note.txt", "The port cost $2.17 billion (Harbor Gazette, March 14, 2016).");
//! Citations::default().apply(&mut doc, &Context::default())?;
//! Money::default().apply(&mut doc, &Context::default())?;
//! let found: Vec<_> = doc.annotations().iter().map(|found| (found.kind.as_ref(), found.value.to_string())).collect();
//! assert_eq!(found, [
//!     ("citation", r#"{"date":"2016-03-14","outlet":"Harbor Gazette"}"#.to_owned()),
//!     ("money", r#"{"amount":"2170000000","currency":"USD"}"#.to_owned()),
//! ]);
//! # Ok::<(), docmill_core::StageError>(())
//! ```

mod citations;
mod contact;
mod dates;
mod dictionary;
mod entities;
mod keyphrases;
mod language;
mod legal;
mod links;
mod money;
mod pii;
mod quantities;
mod reading;
mod regex;
mod sentences;
mod shapes;
mod support;
mod taken;
mod topics;

use docmill_core::{Registry, RegistryError};

pub use citations::Citations;
pub use dates::{Dates, Order};
pub use dictionary::Dictionary;
pub use entities::{Entities, EntityKind};
pub use keyphrases::{Keyphrases, Keyterms};
pub use language::{Declared, Language};
pub use legal::Legal;
pub use links::Links;
pub use money::Money;
pub use pii::Pii;
pub use quantities::Quantities;
pub use regex::{Pattern, TagRegex};
pub use sentences::Sentences;
pub use support::{Names, TaggerSupport};
pub use topics::{Parents, Terms, Topic, Topics};

/// Registers all components of this crate, in the recommended order.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Language>()?;
    registry.register::<Citations>()?;
    registry.register::<Dates>()?;
    registry.register::<Money>()?;
    registry.register::<Quantities>()?;
    registry.register::<Legal>()?;
    registry.register::<Links>()?;
    registry.register::<Entities>()?;
    registry.register::<Keyphrases>()?;
    registry.register::<Keyterms>()?;
    registry.register::<Topics>()?;
    registry.register::<Dictionary>()?;
    registry.register::<TagRegex>()?;
    registry.register::<Pii>()?;
    registry.register::<Sentences>()
}
