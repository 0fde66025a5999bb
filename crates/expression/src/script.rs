//! Stages that are scripts in Rhai.
//!
//! A script is a list of functions. `process(doc, options)` is called for each document, and gives a map: the answer of
//! [`docmill_core::contract`]. `start(options)` is called once, and throws what is wrong with the options. `describe()` is the
//! descriptor of a script that is a plugin. Rhai counts code points, and so do all offsets.
//!
//! `engine` makes the language: what a script can call, and the limits that end it. `functions` are the calls that docmill adds,
//! `values` leads between JSON and Rhai, `program` is a compiled script. On these stand the two ways to write one: `plugin` and
//! `inline`.
//!
//! A script has no clock, no randomness, no files and no state that outlasts a call: the same document and options always have the
//! same answer.

mod engine;
mod functions;
mod inline;
mod plugin;
mod program;
mod values;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use inline::InlineScript;
pub use plugin::Script;

/// How far a script may go for one document. Texts may become twice as long as `limits.document`, and `limits.time` holds too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScriptLimits {
    /// Most steps; a hundred for each byte of the text are added.
    #[schemars(range(min = 1))]
    pub operations: u64,
    /// Deepest calls of functions within functions.
    #[schemars(range(min = 1, max = 64))]
    pub depth: usize,
    /// Most items of arrays, and of maps, in one value: those of the arrays and maps in it are counted along.
    // Rhai copies, counts and drops values by recursion: a level of nesting takes up to 400 bytes of the stack of 16 MiB.
    #[schemars(range(min = 1, max = 20_000))]
    pub items: usize,
}

impl Default for ScriptLimits {
    fn default() -> Self {
        Self { operations: 1_000_000, depth: 32, items: 20_000 }
    }
}
