//! What the tests share: the component of `probe.wat`, and shorthands for opening, starting and asking.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use docmill_core::contract::{Answer, Descriptor, Given, Plugin, PluginKind as _, PluginStage};
use docmill_core::{BuildContext, Context, Document, Limits, OptionError, StageError, chain};
use docmill_wasm::{CacheFolder, Wasm};
use serde_json::{Value, json};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A file in a temporary folder, with a place beside it for what is compiled.
pub(crate) struct File {
    folder: tempfile::TempDir,
    pub(crate) wasm: PathBuf,
}

impl File {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let wasm = folder.path().join("stage.wasm");
        std::fs::write(&wasm, bytes).unwrap();
        Self { folder, wasm }
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.folder.path().join("compiled")
    }

    /// Its options, with nothing kept.
    pub(crate) fn options(&self) -> Wasm {
        Wasm { cache: CacheFolder::Off, ..Wasm::new(&self.wasm) }
    }
}

/// The component of `probe.wat`.
pub(crate) fn probe() -> File {
    static PROBE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut module = wat::parse_str(include_str!("probe.wat")).unwrap();
        let mut resolve = Resolve::default();
        let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("wit/stage.wit");
        let package = resolve.push_str(&wit, &std::fs::read_to_string(&wit).unwrap()).unwrap();
        let world = resolve.select_world(&[package], Some("stage")).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
    });
    File::of(&PROBE)
}

/// The guest in Rust.
pub(crate) fn rust_guest() -> Wasm {
    let wasm = examples().join("rust/terms.wasm");
    Wasm { cache: CacheFolder::Off, ..Wasm::new(wasm) }
}

pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/wasm")
}

pub(crate) fn open(wasm: Wasm) -> Result<Arc<dyn Plugin>, Vec<OptionError>> {
    wasm.open("probe", &BuildContext::default())
}

/// The only thing that is wrong.
pub(crate) fn refused<T>(result: Result<T, Vec<OptionError>>) -> OptionError {
    let errors = result.err().expect("it is refused");
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.into_iter().next().unwrap()
}

/// A stage that was started, with what it said of itself.
pub(crate) struct Started {
    pub(crate) descriptor: Descriptor,
    pub(crate) stage: Arc<dyn PluginStage>,
}

impl Started {
    pub(crate) fn with(wasm: Wasm, options: &Value) -> Result<Self, Vec<OptionError>> {
        let plugin = open(wasm)?;
        let stage = plugin.start(options, &BuildContext::default())?;
        Ok(Self { descriptor: plugin.descriptor().clone(), stage })
    }

    pub(crate) fn new(wasm: Wasm) -> Self {
        Self::with(wasm, &json!({})).unwrap()
    }

    pub(crate) fn ask(&self, text: &str, cx: &Context) -> Result<Answer, StageError> {
        self.ask_of(&Document::from_text("a.txt", text), cx)
    }

    pub(crate) fn ask_of(&self, doc: &Document, cx: &Context) -> Result<Answer, StageError> {
        self.stage.process(&Given::new(doc, &self.descriptor), cx)
    }

    /// What is said of a text with the limits as they are by default.
    pub(crate) fn answer(&self, text: &str) -> Answer {
        self.ask(text, &Context::default()).unwrap()
    }

    /// What stands in the quarantine.
    pub(crate) fn error(&self, text: &str) -> String {
        self.error_in(text, &Context::default())
    }

    pub(crate) fn error_in(&self, text: &str, cx: &Context) -> String {
        chain(&self.ask(text, cx).unwrap_err()).join(": ")
    }
}

/// Limits with another time for a document.
pub(crate) fn time(time: &str) -> Limits {
    Limits { time: time.parse().unwrap(), ..Limits::default() }
}

/// What is logged while `work` is done on this thread.
pub(crate) fn logged<T>(work: impl FnOnce() -> T) -> (T, String) {
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let lines = Lines::default();
    let theirs = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .without_time()
        .with_writer(move || theirs.clone());
    let done = tracing::subscriber::with_default(subscriber.finish(), work);
    let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    (done, lines)
}
