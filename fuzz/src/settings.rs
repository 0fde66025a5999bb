//! Gives bytes to what reads people's settings: pipelines in YAML, and conditions.

use std::sync::LazyLock;

use docmill_config::Loader;
use docmill_core::Registry;
use docmill_expression::When;

use crate::reading::registry;

/// A pipeline is loaded, or its mistakes are shown.
pub(crate) fn pipeline(data: &[u8]) {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(registry);
    let text = String::from_utf8_lossy(data);
    match Loader::new(&REGISTRY).environment(|_| None).load_str("p.yaml", &text) {
        Ok(loaded) => drop(loaded.expanded()),
        Err(mistakes) => {
            assert!(mistakes.has_errors(), "what is not loaded has a mistake");
            assert!(mistakes.render(false).contains("p.yaml"), "a mistake has a place");
        }
    }
}

/// A condition is read, or its mistakes have a place in it.
pub(crate) fn condition(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(errors) = When::compile(&text) {
        for error in errors.0 {
            assert!(text.get(error.span.clone()).is_some(), "a mistake has a place: {error:?}");
        }
    }
}
