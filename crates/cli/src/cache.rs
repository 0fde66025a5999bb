//! `docmill cache`, and where a run's cache is.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use docmill_cache::{CacheError, Statistics, Store};
use docmill_files::{CACHES_VARIABLE, caches, compiled};
use serde_json::json;

use crate::arguments::{CacheAction, CacheArguments, RunArguments};
use crate::exit::{self, Wrong};
use crate::terminal::{self, size, thousands};

/// The cache of a run into `folder`: the one that is asked for, or one of its own below [`caches`].
pub(crate) fn of_run(arguments: &RunArguments, folder: &Path) -> Option<PathBuf> {
    if arguments.no_cache {
        return None;
    }
    if let Some(asked) = &arguments.cache {
        return Some(asked.clone());
    }
    let folder = std::path::absolute(folder).ok()?;
    let name = docmill_core::DocumentId::of(&folder.to_string_lossy());
    Some(caches()?.join(name.as_str()))
}

/// Shows the caches, or prunes them.
pub(crate) fn cache(arguments: &CacheArguments) -> anyhow::Result<u8> {
    let folders = match &arguments.cache {
        Some(folder) => vec![folder.clone()],
        None => {
            below(&caches().ok_or_else(|| Wrong(format!("error: set {CACHES_VARIABLE} to the folder of the caches")))?)?
        }
    };
    // Components belong to no run: they are there where all caches are asked for.
    let components = if arguments.cache.is_some() { Vec::new() } else { components() };
    match &arguments.action {
        None => show(&folders, &components, arguments.json),
        Some(CacheAction::Prune { days, all }) => {
            let unused = if *all { 0 } else { days.unwrap_or(30) };
            prune_components(&components, Duration::from_secs(u64::from(unused) * 86_400))?;
            prune(&folders, days.unwrap_or(30), *all)
        }
    }
}

/// A WebAssembly component that was compiled.
struct Component {
    path: PathBuf,
    bytes: u64,
    /// How long ago it was last used.
    unused: Duration,
}

/// The components that were compiled, none where there is no folder of them.
fn components() -> Vec<Component> {
    let entries = compiled().and_then(|folder| std::fs::read_dir(folder).ok());
    let components = entries.into_iter().flatten().flatten().filter_map(|entry| {
        let found = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        let unused = SystemTime::now().duration_since(found.modified().ok()?).unwrap_or_default();
        Some(Component { path: entry.path(), bytes: found.len(), unused })
    });
    components.collect()
}

fn prune_components(components: &[Component], unused: Duration) -> anyhow::Result<()> {
    let old: Vec<_> = components.iter().filter(|component| component.unused >= unused).collect();
    for component in &old {
        std::fs::remove_file(&component.path)?;
    }
    if !old.is_empty() {
        writeln!(std::io::stdout(), "{} compiled components removed", thousands(old.len() as u64))?;
    }
    Ok(())
}

/// The folders in `root` that hold a cache, sorted.
fn below(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| Store::is_in(path)).collect();
    folders.sort();
    Ok(folders)
}

fn show(folders: &[PathBuf], components: &[Component], as_json: bool) -> anyhow::Result<u8> {
    let mut out = std::io::stdout().lock();
    let mut total = 0;
    let mut list = Vec::new();
    for folder in folders {
        let found = match Store::open(folder).and_then(|store| store.statistics()) {
            Ok(found) => found,
            Err(error) => {
                terminal::say(&format!("warning: {}: {error}", folder.display()));
                continue;
            }
        };
        total += found.bytes;
        let share = reused_share(&found);
        if as_json {
            list.push(json!({
                "folder": folder, "run": found.about, "entries": found.entries, "bytes": found.bytes, "reused": share,
            }));
            continue;
        }
        let run = found.about.as_deref().unwrap_or("no run has come to its end yet");
        writeln!(out, "{}: {} in {} entries", run, size(found.bytes), thousands(found.entries))?;
        if let Some(share) = share {
            writeln!(out, "  the last run took {:.1}% of its work from it", share * 100.0)?;
        }
        writeln!(out, "  {}", folder.display())?;
    }
    if as_json {
        writeln!(out, "{}", serde_json::to_string_pretty(&list)?)?;
    } else {
        if !components.is_empty() {
            let bytes = components.iter().map(|component| component.bytes).sum();
            total += bytes;
            writeln!(out, "compiled components: {} in {}", size(bytes), thousands(components.len() as u64))?;
        }
        writeln!(out, "{} in all", size(total))?;
    }
    Ok(exit::DONE)
}

/// How much of the last run's work was there, 0..=1.
fn reused_share(found: &Statistics) -> Option<f64> {
    let used = found.last?;
    let all = used.reused + used.resumed + used.worked;
    (all > 0).then(|| used.reused as f64 / all as f64)
}

fn prune(folders: &[PathBuf], days: u32, all: bool) -> anyhow::Result<u8> {
    let mut out = std::io::stdout().lock();
    for folder in folders {
        // A cache that a run uses stays as it is; a damaged one goes.
        let pruned = match Store::open(folder) {
            Ok(store) if !all => store.prune(days).map(|entries| format!("{} entries removed", thousands(entries))),
            Ok(_) => Store::discard(folder).map(|()| "removed".to_owned()),
            Err(error) => Err(error),
        };
        match pruned {
            Ok(done) => writeln!(out, "{}: {done}", folder.display())?,
            Err(error @ CacheError::Busy(_)) => terminal::say(&format!("warning: {error}")),
            Err(error) => return Err(error.into()),
        }
        // An empty folder of its own goes too.
        let _ = std::fs::remove_dir(folder);
    }
    Ok(exit::DONE)
}
