//! A component that was opened: compiled, linked, and asked what it is.

use std::path::Path;
use std::sync::Arc;

use docmill_core::contract::{Descriptor, Plugin, PluginStage};
use docmill_core::{BuildContext, ByteSize, OptionError};
use serde_json::Value;
use wasmtime::component::{Component as Code, HasSelf, Linker};
use wasmtime::{Config, Engine};

use crate::Wasm;
use crate::bindings::{Stage, StagePre};
use crate::brakes::Brakes;
use crate::exchange;
use crate::instance::Instance;
use crate::stage::WasmStage;
use crate::ticker::Ticker;

/// The names of imports that docmill has something for begin so.
const OFFERED: &str = "docmill:stage/";
/// What a module begins with, before its version.
const MAGIC: &[u8] = b"\0asm";
/// The version of a module that is no component.
const CORE: &[u8] = &[1, 0, 0, 0];
/// The smallest memory that there is: a page.
const PAGE: u64 = 64 << 10;

/// A component that has described itself.
pub(crate) struct Component {
    compiled: Arc<Compiled>,
    descriptor: Descriptor,
}

/// What instances are made of.
pub(crate) struct Compiled {
    pub(crate) name: Arc<str>,
    pub(crate) memory: ByteSize,
    pub(crate) fuel: Option<u64>,
    pub(crate) stage: StagePre<Brakes>,
    pub(crate) engine: Engine,
    pub(crate) ticker: Ticker,
}

impl Component {
    pub(crate) fn open(wasm: &Wasm, name: &str, cx: &BuildContext) -> Result<Self, OptionError> {
        let bytes = cx.read("/wasm", &wasm.wasm)?;
        let file = wasm.wasm.display();
        let refused = |why: String| OptionError::new("/wasm", format!("{file} {why}"));
        if wasm.memory.0 < PAGE {
            return Err(OptionError::new("/memory", format!("expected {} at least", ByteSize(PAGE))));
        }
        if wasm.fuel == Some(0) {
            return Err(OptionError::new("/fuel", "expected 1 at least"));
        }
        is_component(&bytes).map_err(|(why, help)| refused(why.to_owned()).with_help(help))?;

        let failed = |error: wasmtime::Error| refused(format!("cannot be used: {}", told(&error)));
        let engine = engine(wasm.fuel.is_some()).map_err(failed)?;
        let code = wasm.cache.compiled(&engine, &bytes, &file_name(&wasm.wasm)).map_err(failed)?;
        let foreign = foreign_imports(&code, &engine);
        if !foreign.is_empty() {
            return Err(refused(format!(
                "imports {}: a component has nothing but {OFFERED}host here",
                foreign.join(", ")
            ))
            .with_help("build it without WASI, such as for wasm32-unknown-unknown"));
        }
        let mut linker = Linker::new(&engine);
        Stage::add_to_linker::<_, HasSelf<Brakes>>(&mut linker, |brakes| brakes).map_err(failed)?;
        let stage = linker.instantiate_pre(&code).and_then(StagePre::new).map_err(failed)?;
        let ticker = Ticker::start(&engine).map_err(|error| refused(format!("cannot be run: {error}")))?;

        let (memory, fuel) = (wasm.memory, wasm.fuel);
        let compiled = Compiled { name: Arc::from(name), memory, fuel, stage, engine, ticker };
        let time = cx.limits.time.0;
        let described = Instance::new(&compiled, time).and_then(|mut instance| instance.describe(&compiled, time));
        let described = described
            .map_err(|stop| refused(format!("cannot describe itself: {}", stop.during_build(&compiled, &cx.limits))))?;
        let descriptor = exchange::descriptor(described).map_err(refused)?;
        Ok(Self { compiled: Arc::new(compiled), descriptor })
    }
}

impl Plugin for Component {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn start(&self, options: &Value, cx: &BuildContext) -> Result<Arc<dyn PluginStage>, Vec<OptionError>> {
        Ok(Arc::new(WasmStage::start(&self.compiled, options, &cx.limits)?))
    }
}

/// The engine: no settings but those that keep results the same everywhere, and those that hold components.
fn engine(fuel: bool) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.consume_fuel(fuel);
    // The bits of a NaN would tell one kind of processor from another.
    config.cranelift_nan_canonicalization(true);
    config.relaxed_simd_deterministic(true);
    Engine::new(&config)
}

fn is_component(bytes: &[u8]) -> Result<(), (&'static str, &'static str)> {
    match bytes.strip_prefix(MAGIC) {
        None => {
            Err(("is no WebAssembly: it does not begin with `\\0asm`", "name the `.wasm` file that the build wrote"))
        }
        Some(rest) if rest.starts_with(CORE) => Err((
            "is a module, expected a component",
            "link it with wasm-component-ld, or make a component of it with `wasm-tools component new`",
        )),
        Some(_) => Ok(()),
    }
}

/// The imports that docmill has nothing for.
fn foreign_imports(code: &Code, engine: &Engine) -> Vec<String> {
    let imports = code.component_type();
    imports.imports(engine).map(|(name, _)| name.to_owned()).filter(|name| !name.starts_with(OFFERED)).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// An error and what caused it, on one line.
fn told(error: &wasmtime::Error) -> String {
    let causes: Vec<String> = error.chain().map(|cause| cause.to_string().replace('\n', " ")).collect();
    causes.join(": ")
}
