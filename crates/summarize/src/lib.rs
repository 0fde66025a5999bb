//! docmill's summarizers: from text to summaries.
//!
//! `summarize.extractive` picks the sentences of a document that say most about it. Each keeps its span, so that whoever
//! reads the summary can go to the place in the source that it rests on.
//!
//! ```
//! use docmill_core::{BuildContext, Component, Context, Document, Role};
//! use docmill_summarize::Extractive;
//!
//! let text = "The harbor will be dredged this spring. The city pays for the harbor. It rained on Monday.";
//! let mut doc = Document::from_text("note.txt", text);
//! let Role::Stage(stage) = Extractive { sentences: Some(1), ..Extractive::default() }.build(&BuildContext::default()).unwrap()
//! else {
//!     unreachable!("it builds a stage")
//! };
//! stage.apply(&mut doc, &Context::default())?;
//! assert_eq!(doc.summary().map(|summary| summary.text.as_str()), Some("The harbor will be dredged this spring."));
//! # Ok::<(), docmill_core::StageError>(())
//! ```

mod centrality;
mod citation;
mod digest;
mod extractive;
mod form;
mod headline;
mod indicator;
mod opinions;
mod prose;
mod selection;

use docmill_core::{Registry, RegistryError};

pub use digest::Digest;
pub use extractive::Extractive;
pub use headline::Headline;

/// Registers all summarizers, in the recommended order.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Extractive>()?;
    registry.register::<Headline>()?;
    registry.register::<Digest>()
}
