//! Plugins that are WebAssembly components.

use docmill_core::Registry;

/// Lets pipelines name components under `plugins:`.
pub(crate) fn register(registry: &mut Registry) {
    docmill_plugin::register::<docmill_wasm::Wasm>(registry);
}
