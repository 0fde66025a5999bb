//! The components that docmill comes with.

use docmill_core::{Registry, RegistryError};

/// All components that docmill comes with.
///
/// # Panics
/// Never: that their names differ is tested.
pub fn registry() -> Registry {
    let mut registry = Registry::new();
    register_all(&mut registry).expect("docmill's own components have names of their own");
    registry
}

fn register_all(registry: &mut Registry) -> Result<(), RegistryError> {
    // Office documents before archives, since a name may be all that tells them from a ZIP archive.
    docmill_office::register(registry)?;
    #[cfg(feature = "pdf")]
    docmill_pdf::register(registry)?;
    // Archives before all that is left: what is in them is for the others.
    docmill_archive::register(registry)?;
    // What is known by its first bytes comes before what is known by its name.
    docmill_tables::register(registry)?;
    docmill_ingest::register(registry)?;
    crate::objects::register(registry)?;
    docmill_normalize::register(registry)?;
    docmill_expression::register(registry)?;
    docmill_tag::register(registry)?;
    docmill_summarize::register(registry)?;
    crate::llm::register(registry)?;
    docmill_output::register(registry)?;
    docmill_plugin::register::<docmill_plugin::Command>(registry);
    docmill_plugin::register::<docmill_plugin::Process>(registry);
    docmill_plugin::register::<docmill_expression::Script>(registry);
    crate::wasm::register(registry);
    Ok(())
}

#[cfg(test)]
mod tests {
    use docmill_core::RoleKind;

    #[test]
    fn every_component_has_a_page_of_its_own() {
        let registry = super::registry();
        for entry in registry.entries() {
            assert!(entry.summary().len() > 10, "{} has no summary", entry.name());
            let schema = entry.schema();
            for (option, schema) in schema["properties"].as_object().into_iter().flatten() {
                let described = schema["description"].is_string() || schema["$ref"].is_string();
                assert!(described, "{} says nothing of its option {option}", entry.name());
            }
        }
        assert!(!registry.names(&[RoleKind::Output]).is_empty());
    }

    #[test]
    fn every_component_can_be_read_from_its_own_defaults() {
        let registry = super::registry();
        let cx = docmill_core::BuildContext::default();
        for entry in registry.entries() {
            let Ok(built) = registry.build(entry.name(), &serde_json::Value::Null, &cx) else { continue };
            let again = registry.build(entry.name(), &built.options, &cx);
            assert!(again.is_ok(), "{}: {:?}", entry.name(), again.err());
        }
    }
}
