//! What was compiled, kept on disk.
//!
//! Compiling takes a tenth of a second for a component in Rust, and half a minute for one that brings an interpreter along. What comes of
//! it is kept under the hash of the component, of the version of wasmtime and of the settings of the engine. It is machine code:
//! it is loaded only from a folder and a file that nobody else can write to, and only with the checksum that docmill wrote in
//! front of it. Whatever else is found there is not looked at, and is made again.

use std::fs::{self, File};
use std::hash::{Hash as _, Hasher};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use docmill_core::ByteSize;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::trusted::Trusted;

/// Where what was compiled is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CacheFolder {
    /// In `wasm` in the folder of docmill's caches; nowhere where `DOCMILL_CACHE` is `off`.
    #[default]
    OfTheUser,
    /// In this folder.
    At(PathBuf),
    /// Nowhere: each opening compiles.
    Off,
}

/// What every file begins with, its format in it.
const MAGIC: &[u8; 16] = b"docmill-wasm/1\n\0";
/// From this size on a component takes long enough to compile that the user is told beforehand.
const LARGE: usize = 2 << 20;
/// From this time on the user is told that it took long.
const LONG: Duration = Duration::from_secs(5);

impl CacheFolder {
    fn path(&self) -> Option<PathBuf> {
        match self {
            Self::OfTheUser => docmill_files::compiled(),
            Self::At(folder) => Some(folder.clone()),
            Self::Off => None,
        }
    }

    /// Compiles the component, or takes what was compiled before.
    pub(crate) fn compiled(&self, engine: &Engine, wasm: &[u8], name: &str) -> wasmtime::Result<Component> {
        let Some(folder) = self.path() else { return compile(engine, wasm, name) };
        if let Err(error) = own(&folder) {
            tracing::warn!("{} is compiled anew each time: {}: {error}", name, folder.display());
            return compile(engine, wasm, name);
        }
        let path = folder.join(format!("{}.compiled", key(engine, wasm)));
        match read(&path) {
            Ok(code) => match Trusted::vouched(&code).load(engine) {
                Ok(component) => {
                    tracing::debug!("{name} was compiled before: {}", path.display());
                    return Ok(component);
                }
                Err(error) => tracing::warn!("{} is of no use: {error:#}", path.display()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!("{} is not used: {error}", path.display()),
        }
        let component = compile(engine, wasm, name)?;
        if let Err(error) = component.serialize().map_err(io::Error::other).and_then(|code| write(&path, &code)) {
            tracing::warn!("{name} will be compiled anew: cannot write {}: {error}", path.display());
        }
        Ok(component)
    }
}

fn compile(engine: &Engine, wasm: &[u8], name: &str) -> wasmtime::Result<Component> {
    let size = ByteSize(wasm.len() as u64 >> 10 << 10);
    if wasm.len() >= LARGE {
        tracing::warn!("compiling {name}, a component of {size}: this can take a minute, the first time");
    } else {
        tracing::info!("compiling {name}");
    }
    let start = Instant::now();
    let component = Component::from_binary(engine, wasm)?;
    let took = start.elapsed();
    if took >= LONG {
        tracing::warn!("compiling {name} took {:.0} s", took.as_secs_f64());
    } else {
        tracing::debug!("compiling {name} took {} ms", took.as_millis());
    }
    Ok(component)
}

/// What tells one compilation from another: the bytes of the component, and all of the engine that the machine code depends on, the
/// version of wasmtime included.
fn key(engine: &Engine, wasm: &[u8]) -> String {
    struct Settings(blake3::Hasher);

    impl Hasher for Settings {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        fn finish(&self) -> u64 {
            let mut first = [0; 8];
            first.copy_from_slice(&self.0.finalize().as_bytes()[..8]);
            u64::from_le_bytes(first)
        }
    }

    let mut settings = Settings(blake3::Hasher::new());
    settings.0.update(MAGIC);
    settings.0.update(blake3::hash(wasm).as_bytes());
    engine.precompile_compatibility_hash().hash(&mut settings);
    settings.0.finalize().to_hex().to_string()
}

/// Makes the folder for this user alone, or sees that it is so.
fn own(folder: &Path) -> io::Result<()> {
    if let Some(above) = folder.parent() {
        fs::create_dir_all(above)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        Err(_) | Ok(()) => {}
    }
    let found = fs::metadata(folder)?;
    if !found.is_dir() {
        return Err(io::Error::other("it is no folder"));
    }
    ours(&found)
}

/// Whether nobody but this user, and who may do anything, could have written it.
#[cfg(unix)]
fn ours(found: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;

    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::other("it belongs to someone else"));
    }
    if found.mode() & 0o022 != 0 {
        return Err(io::Error::other("others may write to it: take that from them (chmod go-w)"));
    }
    Ok(())
}

/// Elsewhere the user's folder for caches is the user's own.
#[cfg(not(unix))]
fn ours(_found: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// The machine code in a file that docmill wrote.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    // Asked of what was opened, not of the name: that can come to stand for something else in between.
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    ours(&found)?;
    let (mut magic, mut checksum) = ([0; MAGIC.len()], [0; blake3::OUT_LEN]);
    let damaged = || io::Error::other("it is damaged");
    file.read_exact(&mut magic).map_err(|_| damaged())?;
    file.read_exact(&mut checksum).map_err(|_| damaged())?;
    let mut code = Vec::with_capacity(usize::try_from(found.len()).unwrap_or(0));
    file.read_to_end(&mut code)?;
    if magic != *MAGIC || blake3::hash(&code) != checksum {
        return Err(damaged());
    }
    // `docmill cache prune` goes by when a file was last of use. Where that cannot be noted, it is only made again some day.
    let _ = file.set_modified(SystemTime::now());
    Ok(code)
}

/// Writes machine code so that it is there as a whole or not at all, readable by this user alone.
fn write(path: &Path, code: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(MAGIC)?;
    file.write_all(blake3::hash(code).as_bytes())?;
    file.write_all(code)?;
    file.persist(path)?;
    Ok(())
}
