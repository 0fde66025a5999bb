//! Which of the names that an input lists are sources: globs to include and to exclude, and hidden names.

use std::path::Path;

use docmill_core::OptionError;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// What is listed, and what is left out: the options `include`, `exclude` and `hidden` of inputs.
///
/// ```
/// use std::path::Path;
/// use docmill_ingest::Selection;
///
/// let selection = Selection::new(&["*.txt".to_owned()], &["drafts".to_owned()], false).unwrap();
/// assert!(selection.takes(Path::new("2016/june.txt")));
/// assert!(!selection.takes(Path::new("drafts/june.txt")));
/// assert!(!selection.takes(Path::new(".old/june.txt")));
/// ```
#[derive(Debug, Clone)]
pub struct Selection {
    /// Files must match one of these, where there are any.
    include: Option<Globs>,
    exclude: Globs,
    hidden: bool,
}

impl Selection {
    /// Compiles the globs of the options `include` and `exclude`, or tells all that are wrong. With a `/` in it a glob is matched with
    /// a path below the root, else with a name; `hidden` lists names too that begin with a dot.
    pub fn new(include: &[String], exclude: &[String], hidden: bool) -> Result<Self, Vec<OptionError>> {
        let mut errors = Vec::new();
        let included = set("/include", include, &mut errors);
        let excluded = set("/exclude", exclude, &mut errors);
        match (included, excluded) {
            (Some(included), Some(exclude)) if errors.is_empty() => {
                Ok(Self { include: (!include.is_empty()).then_some(included), exclude, hidden })
            }
            _ => Err(errors),
        }
    }

    /// Whether the file or folder at `relative` (below the root) is left out, with all that is in it.
    pub fn excludes(&self, relative: &Path) -> bool {
        let hidden = || relative.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        (!self.hidden && hidden()) || self.exclude.matches(relative)
    }

    /// Whether the file at `relative` is one of those asked for.
    pub fn includes(&self, relative: &Path) -> bool {
        self.include.as_ref().is_none_or(|include| include.matches(relative))
    }

    /// Whether the file at `relative` is listed, where the folders on the way to it were not looked at.
    pub fn takes(&self, relative: &Path) -> bool {
        let mut way = relative.ancestors().filter(|step| !step.as_os_str().is_empty());
        self.includes(relative) && !way.any(|step| self.excludes(step))
    }
}

/// Globs on names, and globs on paths.
#[derive(Debug, Clone)]
struct Globs {
    names: GlobSet,
    paths: GlobSet,
}

impl Globs {
    fn matches(&self, relative: &Path) -> bool {
        self.paths.is_match(relative) || relative.file_name().is_some_and(|name| self.names.is_match(Path::new(name)))
    }
}

/// Compiles the globs of the option at `pointer`; those that are wrong go to `errors`.
fn set(pointer: &str, patterns: &[String], errors: &mut Vec<OptionError>) -> Option<Globs> {
    let (mut names, mut paths) = (GlobSetBuilder::new(), GlobSetBuilder::new());
    for (index, pattern) in patterns.iter().enumerate() {
        match glob(&format!("{pointer}/{index}"), pattern.trim_start_matches("./")) {
            Ok(glob) if pattern.contains('/') => paths.add(glob),
            Ok(glob) => names.add(glob),
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
    }
    let mut built = |builder: &GlobSetBuilder| {
        builder.build().map_err(|error| errors.push(OptionError::new(pointer, error.to_string()))).ok()
    };
    Some(Globs { names: built(&names)?, paths: built(&paths)? })
}

/// A glob in which `*` and `?` do not match `/`.
pub(crate) fn glob(pointer: &str, pattern: &str) -> Result<Glob, OptionError> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| OptionError::new(pointer, format!("{pattern:?} is no glob: {}", error.kind())))
}
