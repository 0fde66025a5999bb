//! `docmill new stage`: a folder with a stage of one's own, which runs as it is.
//!
//! The SDKs and the Rust package are those of the repository, embedded, so that there is one copy of each.

use std::fs;
use std::path::{Path, PathBuf};

use docmill_core::contract::Descriptor;
use docmill_core::{Entry, Registry, RegistryError};

use crate::arguments::{NewArguments, NewStage};
use crate::exit::{self, Wrong};
use crate::terminal;

/// Files by their paths in the folder. `@NAME@` stands for the name of the stage.
type Files = &'static [(&'static str, &'static str)];

const DOCUMENT: (&str, &str) = ("docs/harbor.txt", include_str!("../templates/stage/harbor.txt"));

const PYTHON: Files = &[
    ("README.md", include_str!("../templates/stage/python/README.md")),
    DOCUMENT,
    ("docmill_stage.py", include_str!("../../../sdk/python/docmill_stage.py")),
    ("pipeline.yaml", include_str!("../templates/stage/python/pipeline.yaml")),
    ("stage.py", include_str!("../templates/stage/python/stage.py")),
    ("test_stage.py", include_str!("../templates/stage/python/test_stage.py")),
];

const NODE: Files = &[
    ("README.md", include_str!("../templates/stage/node/README.md")),
    DOCUMENT,
    ("docmill-stage.d.mts", include_str!("../../../sdk/javascript/docmill-stage.d.ts")),
    ("docmill-stage.mjs", include_str!("../../../sdk/javascript/docmill-stage.js")),
    ("pipeline.yaml", include_str!("../templates/stage/node/pipeline.yaml")),
    ("stage.mjs", include_str!("../templates/stage/node/stage.mjs")),
    ("stage.test.mjs", include_str!("../templates/stage/node/stage.test.mjs")),
];

const PROCESS: Files = &[
    ("README.md", include_str!("../templates/stage/process/README.md")),
    DOCUMENT,
    ("pipeline.yaml", include_str!("../templates/stage/process/pipeline.yaml")),
    ("stage.sh", include_str!("../templates/stage/process/stage.sh")),
    ("test.sh", include_str!("../templates/stage/process/test.sh")),
];

const RUST: Files = &[
    ("Cargo.toml", include_str!("../../../examples/custom-stage/Cargo.toml")),
    ("README.md", include_str!("../../../examples/custom-stage/README.md")),
    ("docs/harbor.txt", include_str!("../../../examples/custom-stage/docs/harbor.txt")),
    ("docs/rail.txt", include_str!("../../../examples/custom-stage/docs/rail.txt")),
    ("docs/weather.txt", include_str!("../../../examples/custom-stage/docs/weather.txt")),
    ("pipeline.yaml", include_str!("../../../examples/custom-stage/pipeline.yaml")),
    ("src/list.rs", include_str!("../../../examples/custom-stage/src/list.rs")),
    ("src/main.rs", include_str!("../../../examples/custom-stage/src/main.rs")),
    ("src/relative.rs", include_str!("../../../examples/custom-stage/src/relative.rs")),
    ("src/share.rs", include_str!("../../../examples/custom-stage/src/share.rs")),
    ("src/terms.rs", include_str!("../../../examples/custom-stage/src/terms.rs")),
    ("tests/pipeline.rs", include_str!("../../../examples/custom-stage/tests/pipeline.rs")),
];

/// What the package of `examples/custom-stage` and its components are called there.
const PACKAGE: &str = "custom-stage";
const COMPONENT: &str = "acme.terms";
const FAMILY: &str = "acme.";
/// Where its manifest has the crates of docmill.
const CRATES: &str = "path = \"../../crates/";
/// The other components of its family.
const BESIDE: [&str; 2] = ["share", "relative"];
/// The family of a component in Rust whose name has none.
const OWN: &str = "own";

/// Makes what the command line asks for.
pub(crate) fn new(registry: &Registry, arguments: &NewArguments) -> anyhow::Result<u8> {
    let NewArguments::Stage(stage) = arguments;
    let name = checked(registry, &stage.name)?;
    let (files, next) = if stage.kind.rust {
        (package(name, stage)?, "cargo test && cargo run -- run pipeline.yaml")
    } else if stage.kind.python {
        (filled(PYTHON, name), "python3 -m unittest && docmill run pipeline.yaml")
    } else if stage.kind.node {
        (filled(NODE, name), "node --test stage.test.mjs && docmill run pipeline.yaml")
    } else {
        (filled(PROCESS, name), "sh test.sh && docmill run pipeline.yaml")
    };
    let folder = match &stage.into {
        Some(into) => {
            fs::create_dir_all(into).map_err(|error| cannot("create", into, &error))?;
            into.join(name)
        }
        None => PathBuf::from(name),
    };
    fs::create_dir(&folder).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            let folder = folder.display();
            Wrong(format!("error: {folder} is already there: choose another name, or another folder with --into"))
        }
        _ => cannot("create", &folder, &error),
    })?;
    for (path, text) in &files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).map_err(|error| cannot("create", parent, &error))?;
        fs::write(&path, text).map_err(|error| cannot("write", &path, &error))?;
        if text.starts_with("#!") {
            executable(&path).map_err(|error| cannot("write", &path, &error))?;
        }
    }
    terminal::say(&format!("made {}", folder.display()));
    for (path, _) in &files {
        terminal::say(&format!("  {path}"));
    }
    terminal::say(&format!("try it: cd {} && {next}", folder.display()));
    Ok(exit::DONE)
}

#[cfg(unix)]
fn executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn executable(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

fn cannot(action: &str, path: &Path, error: &std::io::Error) -> Wrong {
    Wrong(format!("error: cannot {action} {}: {error}", path.display()))
}

/// The name, if a pipeline can call a stage of one's own so.
fn checked<'n>(registry: &Registry, name: &'n str) -> Result<&'n str, Wrong> {
    if docmill_config::is_reserved(name) {
        return Err(Wrong(format!("error: `{name}` is a setting of stages in pipelines: choose another name")));
    }
    let stage = Entry::plugin_of("", name, &Descriptor::new(name, "0"), |_, _| Err(Vec::new()));
    match registry.clone().add(stage) {
        Ok(()) => Ok(name),
        Err(RegistryError::Taken(_)) => {
            let last = name.rsplit('.').next().unwrap_or(name);
            Err(Wrong(format!("error: docmill has `{name}` itself: choose another name, such as `own.{last}`")))
        }
        Err(RegistryError::Malformed(_)) => Err(Wrong(format!(
            "error: {name:?} cannot name a stage: expected `name` or `family.name` in lower case, digits, `-` and `_`"
        ))),
    }
}

fn filled(files: Files, name: &str) -> Vec<(&'static str, String)> {
    files.iter().map(|(path, text)| (*path, text.replace("@NAME@", name))).collect()
}

/// The Rust package under another name. The crates of docmill are those of a version, or of a checkout.
fn package(name: &str, stage: &NewStage) -> Result<Vec<(&'static str, String)>, Wrong> {
    let (family, last) = name.split_once('.').unwrap_or((OWN, name));
    if BESIDE.contains(&last) {
        return Err(Wrong(format!("error: the package has a `{family}.{last}` beside its stage: choose another name")));
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(Wrong(format!(
            "error: {name:?} cannot name a package of Rust: expected a letter at its beginning"
        )));
    }
    let crates = stage.docmill.as_deref().map(crates_of).transpose()?;
    let filled = |path: &'static str, text: &str| {
        let text = match (path, &crates) {
            ("Cargo.toml", Some(crates)) => text.replace(CRATES, &format!("path = \"{}/", escaped(crates))),
            ("Cargo.toml", None) => without_paths(text),
            _ => text.to_owned(),
        };
        // The new name may have the old one in it: all that is replaced is marked first.
        let text = text.replace(COMPONENT, "\0").replace(FAMILY, "\u{1}").replace(PACKAGE, "\u{2}");
        let text = text.replace('\0', &format!("{family}.{last}")).replace('\u{1}', &format!("{family}."));
        (path, text.replace('\u{2}', &name.replace('.', "-")))
    };
    let mut files: Vec<_> = RUST.iter().map(|(path, text)| filled(path, text)).collect();
    // The versions with which docmill was tested, where its checkout says them.
    let lock = stage.docmill.as_deref().and_then(|docmill| fs::read_to_string(docmill.join("Cargo.lock")).ok());
    files.extend(lock.map(|lock| ("Cargo.lock", lock)));
    Ok(files)
}

/// The folder of the crates in a checkout of docmill, absolute.
fn crates_of(docmill: &Path) -> Result<PathBuf, Wrong> {
    let crates = docmill.join("crates");
    let found = crates.join("core/Cargo.toml").is_file().then(|| crates.canonicalize().ok()).flatten();
    found.ok_or_else(|| Wrong(format!("error: --docmill {}: expected a checkout of docmill", docmill.display())))
}

/// A path in a string of TOML.
fn escaped(path: &Path) -> String {
    path.display().to_string().replace('\\', "\\\\").replace('"', "\\\"")
}

/// The manifest without the paths of docmill's crates: their versions stay.
fn without_paths(manifest: &str) -> String {
    let line = |line: &str| match line.split_once("path = \"../../crates/") {
        Some((before, after)) => {
            let version = after.split_once("\", ").map_or(after, |(_, version)| version);
            format!("{before}{version}\n")
        }
        None => format!("{line}\n"),
    };
    manifest.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_names_versions_or_paths() {
        let manifest = include_str!("../../../examples/custom-stage/Cargo.toml");
        let by_version = without_paths(manifest);
        assert!(!by_version.contains("path"), "{by_version}");
        assert!(by_version.contains("docmill-core = { version = \"0.1.0\" }\n"), "{by_version}");
        assert_eq!(manifest.matches(CRATES).count(), by_version.matches("\ndocmill-").count());
    }

    #[test]
    fn the_templates_have_every_file_of_the_package_but_what_is_made() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/custom-stage");
        let embedded = |path: &Path| RUST.iter().any(|(embedded, _)| Path::new(embedded) == path);
        for folder in ["src", "docs", "tests"] {
            for entry in fs::read_dir(root.join(folder)).unwrap() {
                let path = Path::new(folder).join(entry.unwrap().file_name());
                assert!(embedded(&path), "{} is not embedded", path.display());
            }
        }
    }
}
