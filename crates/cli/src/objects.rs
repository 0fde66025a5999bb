//! The input of object stores and of the web.

use docmill_core::{Registry, RegistryError};

/// Lets pipelines name addresses as inputs.
pub(crate) fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    docmill_objects::register(registry)
}

#[cfg(test)]
#[path = "objects_off.rs"]
mod off;

#[cfg(test)]
mod tests {
    use docmill_core::Component as _;

    use super::off;

    #[test]
    fn a_binary_without_it_knows_what_it_lacks() {
        let mut registry = docmill_core::Registry::new();
        off::register(&mut registry).expect("it registers no component");
        for scheme in docmill_objects::Objects::SCHEMES {
            assert!(registry.way_out(Some(scheme)).is_some_and(|way_out| way_out.contains("--features objects")));
            assert!(registry.input_of(Some(scheme)).is_none());
        }
    }
}
