//! Labels for the words of sentences: parts of speech, and the names of people, organisations and places.
//!
//! A *model* is a conditional random field: it scores each label of each word by its features, and each pair of labels
//! that follow each other; the best sequence wins ([`chain`]). Features ask a *lexicon* ([`Lexicon`]) what is known of a word. Both are files
//! that `docmill-train` writes; those for English are part of this crate ([`english`]) and are read when they are first needed.
//!
//! ```
//! use docmill_sequence::{NameKind, english};
//!
//! let text = "Angela Merkel spoke in Hamburg.";
//! let names = english::names().find(text, &[0..text.len()]);
//! let found: Vec<_> = names.iter().map(|name| (&text[name.span.clone()], name.kind)).collect();
//! assert_eq!(found, [("Angela Merkel", NameKind::Person), ("Hamburg", NameKind::Place)]);
//! ```

mod bytes;
pub mod chain;
pub mod english;
mod entities;
mod features;
mod hash;
pub mod labels;
mod lexicon;
mod model;
mod parts_of_speech;
mod table;
mod traits;
mod words;

pub use entities::{Name, Names, document_features};
pub use labels::NameKind;
pub use lexicon::{Entries, Lexicon, List};
pub use model::{Model, ModelError, Weights};
pub use parts_of_speech::{PartOfSpeech, PartsOfSpeech, sentence_features};
pub use words::words;
