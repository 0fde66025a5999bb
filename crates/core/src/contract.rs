//! The contract of stages that live outside the binary: what one says of itself, what it is given, and what it may answer.
//!
//! Whatever a stage is written in, it does three things. It *describes* itself ([`Descriptor`]); it is *started* with its options,
//! which fit its schema ([`Plugin::start`]); and it *processes* documents one by one ([`PluginStage::process`]): it is given
//! a document ([`Given`]) and answers with what it found and what is to be changed ([`Answer`]). Nothing that it says is
//! believed: [`Given::check`] holds each answer against the descriptor and the text before any of it reaches the document.
//!
//! A [`PluginKind`] is a way of living outside, such as a process or a script: the options under which it is written in the
//! `plugins:` of a pipeline, and how it is opened.

mod answer;
mod descriptor;
mod given;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{BuildContext, Context, OptionError, StageError};

pub use answer::{
    Answer, AnsweredAnnotation, AnsweredDrop, AnsweredEdit, AnsweredSentence, AnsweredSummary, AnsweredTag,
};
pub use descriptor::Descriptor;
pub use given::{Checked, Given};

/// A way for stages to live outside the binary. The struct has what may stand under a name in `plugins:`; the key [`PluginKind::KEY`]
/// among them says which kind it is.
pub trait PluginKind: DeserializeOwned + JsonSchema + 'static {
    /// The key by which the kind is told: `process`, `script`.
    const KEY: &'static str;

    /// Opens the plugin, and has it describe itself. `name` is what it is called in the pipeline.
    fn open(self, name: &str, cx: &BuildContext) -> Result<Arc<dyn Plugin>, Vec<OptionError>>;
}

/// A stage outside the binary that has described itself.
pub trait Plugin: Send + Sync {
    /// What it says of itself.
    fn descriptor(&self) -> &Descriptor;

    /// Starts it with these options: an object that fits the schema of the descriptor, defaults filled in. What is wrong with
    /// them all the same is told with a JSON pointer into them. It may be started several times, with different options.
    fn start(&self, options: &Value, cx: &BuildContext) -> Result<Arc<dyn PluginStage>, Vec<OptionError>>;
}

/// A stage outside the binary at work.
pub trait PluginStage: Send + Sync {
    /// What it says to a document. It is asked by many threads at a time, and ends when [`Context::time_left`] is up.
    ///
    /// # Errors
    /// [`StageError::Fatal`] where the stage can go on with no document at all; anything else is about this document.
    fn process(&self, given: &Given<'_>, cx: &Context) -> Result<Answer, StageError>;
}
