//! Stages of docmill that are WebAssembly components.
//!
//! A component is the one kind of stage outside the binary that can be run without being trusted: it has no files, network, clock,
//! randomness or environment. What it is asked, and the one function that it may call, stand in `wit/stage.wit`.
//!
//! [`Wasm`] has the options. Opening one compiles the component, or takes what was compiled before from a folder on disk;
//! each thread then works with an instance of its own. Four brakes hold an instance: time, memory, optionally fuel, and that its
//! traps end nothing but itself.

mod bindings;
mod brakes;
mod cache;
mod component;
mod exchange;
mod instance;
mod stage;
mod ticker;
mod trusted;

use std::path::PathBuf;
use std::sync::Arc;

use docmill_core::contract::{Plugin, PluginKind};
use docmill_core::{BuildContext, ByteSize, OptionError};
use schemars::JsonSchema;
use serde::Deserialize;

pub use cache::CacheFolder;

/// A WebAssembly component that exports `docmill:stage/plugin`. It has nothing but what it is given: no files, no network, no
/// clock. Compiled once; later runs take it from docmill's cache.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wasm {
    /// The component: a `.wasm` file.
    pub wasm: PathBuf,
    /// Most memory that an instance may take, such as `64MiB`. Each thread has an instance of its own.
    #[serde(default = "default_memory")]
    pub memory: ByteSize,
    /// Most work that it may do for a document, counted in instructions of WebAssembly. Where it is set, the same document runs out
    /// of it on every machine, which cannot be said of a time. Costs about a seventh of the speed.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub fuel: Option<u64>,
    /// Where what was compiled is kept.
    #[serde(skip)]
    pub cache: CacheFolder,
}

impl Wasm {
    /// The component in this file, with the defaults of all options.
    pub fn new(wasm: impl Into<PathBuf>) -> Self {
        Self { wasm: wasm.into(), memory: default_memory(), fuel: None, cache: CacheFolder::default() }
    }
}

impl PluginKind for Wasm {
    const KEY: &'static str = "wasm";

    fn open(self, name: &str, cx: &BuildContext) -> Result<Arc<dyn Plugin>, Vec<OptionError>> {
        let component = component::Component::open(&self, name, cx).map_err(|error| vec![error])?;
        Ok(Arc::new(component))
    }
}

const fn default_memory() -> ByteSize {
    ByteSize(64 << 20)
}
