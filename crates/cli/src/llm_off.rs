//! What stands in the place of `llm.rs` in a binary that was built without it, and asks no server: pipelines that name the stage are told
//! how to get a binary that has it.

use docmill_core::{Registry, RegistryError};

/// The name of `docmill_llm::Llm`, where a test holds it to that.
const LEFT_OUT: &[&str] = &["summarize.llm"];

/// Has pipelines that name the stage told that they cannot have it.
#[expect(clippy::unnecessary_wraps, reason = "as the one in `llm.rs`")]
pub(crate) fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.leave_out(LEFT_OUT, "this binary asks no server; build docmill with `--features llm` for one that does");
    Ok(())
}
