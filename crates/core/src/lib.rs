//! The document model of docmill and the contracts of its parts.
//!
//! Everything that travels through a pipeline is a [`Document`]: one text with its source map, blocks, annotations, tags,
//! a summary and what was measured. Everything that works on it implements one of a few small traits in [`stage`]:
//! [`Input`], [`Reader`], [`Stage`], [`Filter`], [`CorpusStage`] or [`Output`]. A [`Component`] is the options struct that
//! builds one of these and the one place where its name, needs, gives and options are written down; the [`Registry`] holds
//! them by name, and a [`Pipeline`] is a checked list of built ones.
//!
//! This crate knows no stage, no file format and no YAML.
//!
//! ```
//! use docmill_core::{ByteSpan, Document, Edits};
//!
//! let mut doc = Document::from_text("note.txt", "Fish  &amp; chips");
//! let mut edits = Edits::new();
//! edits.delete(ByteSpan::new(5, 6));
//! edits.replace(ByteSpan::new(6, 11), "&");
//! doc.edit(&edits)?;
//! assert_eq!(doc.text(), "Fish & chips");
//! // The last word of the final text leads back to its place in the source.
//! let place = doc.locate(ByteSpan::new(7, 12));
//! assert_eq!((place.span, place.line, place.column), (ByteSpan::new(12, 17), 1, 13));
//! # Ok::<(), docmill_core::EditError>(())
//! ```

mod annotation;
mod block;
mod change;
mod component;
mod composer;
pub mod contract;
mod difference;
mod document;
mod edit;
mod error;
mod field;
mod limits;
mod media;
mod meta;
mod offsets;
mod options;
mod pipeline;
mod registry;
mod secret;
mod source;
mod source_map;
mod span;
pub mod stage;
mod stream;
mod summary;
mod tag;
mod text;
mod units;
mod uri;

pub use annotation::{Annotation, Kind};
pub use block::{Block, BlockKind, Cell};
pub use change::Change;
pub use component::{BuildContext, Component, OptionError, Role, RoleKind};
pub use composer::Composer;
pub use document::{Document, DocumentId};
pub use edit::{EditError, Edits};
pub use error::{ReadError, Relayed, StageError, chain};
pub use field::Field;
pub use limits::Limits;
pub use media::{fits, media_type_of, media_type_of_extension};
pub use meta::Meta;
pub use offsets::{Offsets, UnitSpan, Units};
pub use options::{describe, escape, nearest, read_struct, unknown_option};
pub use pipeline::{
    OnError, OutputStep, Pipeline, PipelineBuilder, PipelineError, RUN_FILES, ReaderStep, Settings, Step, Work,
};
pub use registry::{BuildError, Built, Entry, Opener, Registry, RegistryError};
pub use secret::{Secret, Secrets};
pub use source::{Known, Landmark, Locator, Origin, Place, RawSource, Shared, Source, Spot, content_hash};
pub use source_map::SourceMap;
pub use span::ByteSpan;
pub use stage::{
    Aggregate, Answers, Condition, Container, Context, CorpusContext, CorpusStage, DropReason, Filter, Findings, Found,
    Hint, Input, Member, Output, OutputContext, OutputError, Part, Placed, Reader, Sink, Stage, Verdict, WrittenFile,
};
pub use stream::{Opened, Stream};
pub use summary::{Summary, SummarySentence, Unsupported};
pub use tag::Tag;
pub use text::Text;
pub use units::{ByteSize, TimeSpan};
pub use uri::{member_uri, uri_text};
