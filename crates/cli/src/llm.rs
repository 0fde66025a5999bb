//! The summarizer that asks a language model.

use docmill_core::{Registry, RegistryError};

/// Lets pipelines name a server to ask.
pub(crate) fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    docmill_llm::register(registry)
}

#[cfg(test)]
#[path = "llm_off.rs"]
mod off;

#[cfg(test)]
mod tests {
    use docmill_core::Component as _;

    use super::off;

    #[test]
    fn a_binary_without_it_knows_what_it_lacks() {
        let mut registry = docmill_core::Registry::new();
        off::register(&mut registry).expect("it registers no component");
        let way_out = registry.way_out_of(docmill_llm::Llm::NAME);
        assert!(way_out.is_some_and(|way_out| way_out.contains("--features llm")));
        assert!(registry.way_out(None).is_none(), "a component is no address");
    }
}
