//! docmill with stages of one's own: `acme.terms`, `acme.share`, `acme.relative` and `output.terms`.

mod list;
mod relative;
mod share;
mod terms;

use std::process::ExitCode;

use docmill_core::RegistryError;

fn main() -> ExitCode {
    let mut registry = docmill_cli::registry();
    register(&mut registry).expect("docmill has no components of these names");
    docmill_cli::main_with(registry)
}

fn register(registry: &mut docmill_core::Registry) -> Result<(), RegistryError> {
    registry.register::<terms::Terms>()?;
    registry.register::<share::Share>()?;
    registry.register::<relative::Relative>()?;
    registry.register::<list::List>()
}
