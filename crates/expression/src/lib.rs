//! docmill's conditions, and stages that are scripts.
//!
//! A condition is one line in CEL: [`When`] is what stands under `when:`, [`FilterWhere`] is `filter.where`, which keeps the
//! documents for which one holds. A script is a stage in Rhai: [`InlineScript`] is written in the pipeline or in a file beside it,
//! [`Script`] is a plugin that describes itself. Both languages can do nothing but compute: no files, no clock, no network.

mod filter;
mod script;
mod when;

use docmill_core::{Registry, RegistryError};

pub use filter::FilterWhere;
pub use script::{InlineScript, Script, ScriptLimits};
pub use when::{When, WhenError, WhenErrors};

/// Registers what can be written in a pipeline without a binary of one's own. [`Script`] is a kind of plugin, and registered as one.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<FilterWhere>()?;
    registry.register::<InlineScript>()
}
