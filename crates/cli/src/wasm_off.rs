//! What stands in the place of `wasm.rs` in a binary that was built without it: the key is known, and says how to get a binary that
//! runs components.

use docmill_core::{Opener, OptionError, Registry};
use serde_json::Value;

/// What may stand under the name of such a plugin: the schema of `docmill_wasm::Wasm`, where a test holds it to that. Pipelines are
/// written for other binaries too.
const SCHEMA: &str = include_str!("wasm_off.json");

/// Has pipelines that name components told that they cannot have them.
pub(crate) fn register(registry: &mut Registry) {
    let schema = || serde_json::from_str(SCHEMA).unwrap_or(Value::Bool(true));
    registry.register_opener(Opener::new("wasm", schema, |_, _, _| {
        let message = "this binary was built without WebAssembly components";
        Err(vec![OptionError::new("/wasm", message).with_help("build docmill with `--features wasm`")])
    }));
}
