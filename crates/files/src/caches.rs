//! Where docmill keeps what it can make again.

use std::ffi::OsString;
use std::path::PathBuf;

/// The environment variable that names the folder of all caches, or says that there is to be none.
pub const CACHES_VARIABLE: &str = "DOCMILL_CACHE";
const OFF: &str = "off";

/// The folder of all caches: `DOCMILL_CACHE`, or `docmill` in the user's folder for caches. `None` where the environment names
/// neither, or `DOCMILL_CACHE` is `off`.
pub fn caches() -> Option<PathBuf> {
    if std::env::var_os(CACHES_VARIABLE).is_some_and(|value| value == OFF) {
        return None;
    }
    let set = |name: &str| std::env::var_os(name).filter(|value: &OsString| !value.is_empty()).map(PathBuf::from);
    let own = || if cfg!(windows) { set("LOCALAPPDATA") } else { set("XDG_CACHE_HOME") };
    let home = || Some(set("HOME")?.join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" }));
    set(CACHES_VARIABLE).or_else(|| Some(own().or_else(home)?.join("docmill")))
}

/// The folder of compiled WebAssembly components: `wasm` in [`caches`].
pub fn compiled() -> Option<PathBuf> {
    Some(caches()?.join("wasm"))
}
