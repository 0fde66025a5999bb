//! docmill's summarizer that asks a language model: any server that speaks the chat completions of `OpenAI`.
//!
//! [`Llm`] holds the options of `summarize.llm`. A document's text is cut into parts that fit a request (`parts`), put into the prompts
//! of the pipeline (`prompt`), and sent to the one address that the pipeline names (`server`), within the rates that it allows (`pace`) and
//! again where a failure may pass (`patience`). Each answer is kept by all that was asked (`question`), so that nothing is asked twice.
//! What comes back is read with suspicion (`answer`) and held against the text, sentence by sentence (`support`).
//!
//! No answer and no document changes where anything is sent, or what stands in its head: both are texts and nothing else.

mod answer;
mod failure;
mod flight;
mod llm;
mod pace;
mod parts;
mod patience;
mod prompt;
mod question;
mod server;
mod summarizer;
mod support;

use docmill_core::{Registry, RegistryError};

pub use self::llm::{Llm, Longer, OnUnsupported};

/// Registers the summarizer.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Llm>()
}
