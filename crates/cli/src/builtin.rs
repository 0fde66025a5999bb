//! Pipelines that come with the binary.

/// The built-in pipelines by name, each the file of that name under `pipelines/`.
pub const BUILTIN: &[(&str, &str)] = &[("briefing", include_str!("../../../pipelines/briefing.yaml"))];

/// The text of the built-in pipeline of this name.
pub(crate) fn builtin(name: &str) -> Option<&'static str> {
    BUILTIN.iter().find(|(builtin, _)| *builtin == name).map(|(_, text)| *text)
}
