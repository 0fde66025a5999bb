//! docmill's taggers: from text to annotations and tags.

mod citations;
mod dates;
mod dictionary;
mod entities;
mod keyphrases;
mod language;
mod money;
mod quantities;
mod reading;
mod topics;

use docmill_core::{Registry, RegistryError};

pub use citations::Citations;
pub use dates::{Dates, Order};
pub use dictionary::Dictionary;
pub use entities::{Entities, EntityKind};
pub use keyphrases::Keyphrases;
pub use language::{Declared, Language};
pub use money::Money;
pub use quantities::Quantities;
pub use topics::{Topic, Topics};

/// Registers all components of this crate, in the recommended order.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Language>()?;
    registry.register::<Citations>()?;
    registry.register::<Dates>()?;
    registry.register::<Money>()?;
    registry.register::<Quantities>()?;
    registry.register::<Keyphrases>()?;
    registry.register::<Entities>()?;
    registry.register::<Topics>()?;
    registry.register::<Dictionary>()
}
