//! Which members of an archive are no documents whatever is in them.

/// Whether a path has a step that file managers hide, or is of what macOS keeps beside the files.
pub(crate) fn is_hidden(path: &[u8]) -> bool {
    path.split(|byte| matches!(byte, b'/' | b'\\'))
        .any(|step| step == b"__MACOSX" || (step.starts_with(b".") && !matches!(step, b"." | b"..")))
}
