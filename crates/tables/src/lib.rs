//! docmill's readers of databases: each row of an `SQLite` or Parquet file is a document.
//!
//! The rows are handed on one by one, as the JSON array of their values; [`docmill_ingest::Layout`] makes documents of them by the
//! rules that hold for the rows of CSV files.

mod copy;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;
mod sqlite;

use docmill_core::{Registry, RegistryError};

#[cfg(feature = "parquet")]
pub use self::parquet::Parquet;
pub use self::sqlite::Sqlite;

/// Registers all components of this crate. They know their files by their first bytes: register them before the readers of texts.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    #[cfg(feature = "parquet")]
    registry.register::<Parquet>()?;
    registry.register::<Sqlite>()?;
    Ok(())
}
