//! How the program of a plugin is started.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use docmill_core::{BuildContext, OptionError};

/// The largest file whose content is hashed; of larger ones, such as models, size and time of modification count.
const HASHED: u64 = 64 << 20;

/// A program with its arguments, and where and with what it is started.
#[derive(Debug, Clone)]
pub(crate) struct Launch {
    program: PathBuf,
    arguments: Vec<String>,
    environment: BTreeMap<String, String>,
    folder: PathBuf,
}

impl Launch {
    /// Looks at a command: its first word is the program, looked for where the system looks for programs, or beside the pipeline where it
    /// has a `/` in it. Every word that names a file, and every one of `files`, is part of the pipeline's fingerprint. `key` is the
    /// option that the command stands in.
    pub(crate) fn new(
        key: &str,
        command: &[String],
        environment: &BTreeMap<String, String>,
        files: &[PathBuf],
        cx: &BuildContext,
    ) -> Result<Self, Vec<OptionError>> {
        let Some((program, arguments)) = command.split_first().filter(|(program, _)| !program.is_empty()) else {
            let message = format!("expected a program and its arguments, such as `{key}: [python3, stage.py]`");
            return Err(vec![OptionError::new(format!("/{key}"), message)]);
        };
        let folder = std::path::absolute(if cx.base().as_os_str().is_empty() { Path::new(".") } else { cx.base() });
        let folder = folder.map_err(|error| vec![OptionError::new("", format!("cannot tell its folder: {error}"))])?;
        let beside = program.contains(std::path::is_separator);
        let mut errors = Vec::new();
        for (index, word) in command.iter().enumerate().filter(|(index, _)| *index > 0 || beside) {
            if folder.join(word).is_file() {
                errors.extend(hashed(cx, &format!("/{key}/{index}"), Path::new(word)));
            }
        }
        for (index, file) in files.iter().enumerate() {
            errors.extend(hashed(cx, &format!("/files/{index}"), file));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let program = if beside { folder.join(program) } else { PathBuf::from(program) };
        Ok(Self { program, arguments: arguments.to_vec(), environment: environment.clone(), folder })
    }

    /// The program, as the user knows it.
    pub(crate) fn program(&self) -> String {
        self.program.strip_prefix(&self.folder).unwrap_or(&self.program).display().to_string()
    }

    /// The command, its arguments changed by `argument`.
    pub(crate) fn command(&self, argument: impl Fn(&str) -> String) -> Command {
        let mut command = Command::new(&self.program);
        command.args(self.arguments.iter().map(|word| argument(word)));
        command.envs(&self.environment).env("DOCMILL_PLUGIN", "1").current_dir(&self.folder);
        command
    }
}

fn hashed(cx: &BuildContext, pointer: &str, path: &Path) -> Option<OptionError> {
    let large = std::fs::metadata(cx.resolve(path)).is_ok_and(|found| found.len() > HASHED);
    let looked = if large {
        cx.look_at(path).map_err(|error| OptionError::new(pointer, format!("cannot read {}: {error}", path.display())))
    } else {
        cx.read(pointer, path).map(|_| ())
    };
    looked.err()
}
