//! What stands in the place of `wasm.rs` in a binary that was built without it: the key is known, and says how to get a binary that
//! runs components.

use docmill_core::{Opener, OptionError, Registry};
use serde_json::json;

const KEY: &str = "wasm";

/// Has pipelines that name components told that they cannot have them.
pub(crate) fn register(registry: &mut Registry) {
    let schema = || json!({"type": "object", "properties": {KEY: {"type": "string"}}, "required": [KEY]});
    registry.register_opener(Opener::new(KEY, schema, |_, _, _| {
        let message = "this binary was built without WebAssembly components";
        Err(vec![OptionError::new("/wasm", message).with_help("build docmill with `--features wasm`")])
    }));
}
