//! Reads docmill's YAML pipelines and reports every mistake with its place.
//!
//! A [`Loader`] turns a file into a checked [`docmill_core::Pipeline`], or into [`Diagnostics`]: all mistakes of the file
//! and of what it includes at once, each with file, line, column, what was expected and what was probably meant.
//!
//! ```
//! use docmill_config::Loader;
//! use docmill_core::Registry;
//!
//! let registry = Registry::new();
//! let mistakes = Loader::new(&registry).load_str("p.yaml", "version: 1\nstagse: []\n").unwrap_err();
//! assert!(mistakes.render(false).contains("p.yaml:2:1"));
//! assert!(mistakes.render(false).contains("did you mean `stages`?"));
//! ```
//!
//! How it works: `yaml` reads a text into nodes with places; `variables` puts variables in; `stages` reads the list of
//! stages with families and includes; `parts` builds each part and leads mistakes back to their places. Conditions are docmill-expression's
//! matter, and options belong to the components: this crate knows none.

mod diagnostic;
mod expanded;
mod file;
mod folder;
mod loader;
mod node;
mod parts;
mod plugins;
mod redact;
mod schema;
mod settings;
mod source;
mod stages;
mod variables;
mod wording;
mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use folder::RunFolder;
pub use loader::{Loaded, Loader};
pub use plugins::is_reserved;
pub use schema::schema;
pub use settings::{AllowedFailures, RunSettings};
pub use source::{Place, Source};
