//! Pipelines that come with the binary.

use std::path::Path;

/// The built-in pipelines by name, each the file of that name under `pipelines/`.
pub const BUILTIN: &[(&str, &str)] = &[("briefing", include_str!("../../../pipelines/briefing.yaml"))];

/// The text of the built-in pipeline of this name; a file or folder of the name goes before it.
pub(crate) fn builtin(name: &str) -> Option<&'static str> {
    if Path::new(name).exists() {
        return None;
    }
    BUILTIN.iter().find(|(builtin, _)| *builtin == name).map(|(_, text)| *text)
}
