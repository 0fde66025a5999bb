//! docmill's taggers: from text to annotations and tags.

mod citations;
mod contact;
mod dates;
mod dictionary;
mod entities;
mod keyphrases;
mod language;
mod links;
mod money;
mod pii;
mod quantities;
mod reading;
mod regex;
mod shapes;
mod taken;
mod topics;

use docmill_core::{Registry, RegistryError};

pub use citations::Citations;
pub use dates::{Dates, Order};
pub use dictionary::Dictionary;
pub use entities::{Entities, EntityKind};
pub use keyphrases::Keyphrases;
pub use language::{Declared, Language};
pub use links::Links;
pub use money::Money;
pub use pii::Pii;
pub use quantities::Quantities;
pub use regex::{Pattern, TagRegex};
pub use topics::{Topic, Topics};

/// Registers all components of this crate, in the recommended order.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Language>()?;
    registry.register::<Citations>()?;
    registry.register::<Dates>()?;
    registry.register::<Money>()?;
    registry.register::<Quantities>()?;
    registry.register::<Links>()?;
    registry.register::<Entities>()?;
    registry.register::<Keyphrases>()?;
    registry.register::<Topics>()?;
    registry.register::<Dictionary>()?;
    registry.register::<TagRegex>()?;
    registry.register::<Pii>()
}
