//! What stands in the place of `objects.rs` in a binary that was built without it, and opens no connection: pipelines that name
//! addresses are told how to get a binary that reads them.

use docmill_core::{Registry, RegistryError};

/// The schemes of `docmill_objects::Objects`, where a test holds them to that.
const SCHEMES: &[&str] = &["s3", "gs", "az", "abfs", "abfss", "http", "https"];

/// Has pipelines that name addresses told that they cannot have them.
#[expect(clippy::unnecessary_wraps, reason = "as the one in `objects.rs`")]
pub(crate) fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.leave_out(
        SCHEMES,
        "this binary opens no connection; build docmill with `--features objects` for one that does",
    );
    Ok(())
}
