//! A component: the options struct of a part of a pipeline, and all that is said of it.

use std::cell::RefCell;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{CorpusStage, Field, Filter, Input, Limits, Output, Reader, Stage, content_hash};

/// What a part of a pipeline does there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleKind {
    /// Lists sources.
    Input,
    /// Makes documents of sources.
    Reader,
    /// Works on one document.
    Stage,
    /// Decides whether a document goes on.
    Filter,
    /// Looks at all documents first.
    Corpus,
    /// Writes records.
    Output,
}

/// A part of a pipeline, ready to work.
#[derive(Clone)]
pub enum Role {
    /// Lists sources.
    Input(Arc<dyn Input>),
    /// Makes documents of sources.
    Reader(Arc<dyn Reader>),
    /// Works on one document.
    Stage(Arc<dyn Stage>),
    /// Decides whether a document goes on.
    Filter(Arc<dyn Filter>),
    /// Looks at all documents first.
    Corpus(Arc<dyn CorpusStage>),
    /// Writes records.
    Output(Arc<dyn Output>),
}

impl Role {
    /// An input.
    pub fn input(part: impl Input + 'static) -> Self {
        Self::Input(Arc::new(part))
    }

    /// A reader.
    pub fn reader(part: impl Reader + 'static) -> Self {
        Self::Reader(Arc::new(part))
    }

    /// A stage.
    pub fn stage(part: impl Stage + 'static) -> Self {
        Self::Stage(Arc::new(part))
    }

    /// A filter.
    pub fn filter(part: impl Filter + 'static) -> Self {
        Self::Filter(Arc::new(part))
    }

    /// A corpus-wide stage.
    pub fn corpus(part: impl CorpusStage + 'static) -> Self {
        Self::Corpus(Arc::new(part))
    }

    /// An output.
    pub fn output(part: impl Output + 'static) -> Self {
        Self::Output(Arc::new(part))
    }

    /// Which one it is.
    pub const fn kind(&self) -> RoleKind {
        match self {
            Self::Input(_) => RoleKind::Input,
            Self::Reader(_) => RoleKind::Reader,
            Self::Stage(_) => RoleKind::Stage,
            Self::Filter(_) => RoleKind::Filter,
            Self::Corpus(_) => RoleKind::Corpus,
            Self::Output(_) => RoleKind::Output,
        }
    }
}

/// The options of a part of a pipeline. The struct is the one place where the part is described: its documentation is the
/// page of the manual (the first paragraph is the summary in `docmill stages`), its fields are the options with their
/// types, defaults and ranges (`#[schemars(range(min = 1))]` is checked), and the constants and methods below say the rest.
///
/// Every option has a default (`#[serde(default, deny_unknown_fields)]` on the struct); one that has no sensible default is
/// empty there and refused by [`Component::build`].
pub trait Component: Serialize + DeserializeOwned + JsonSchema + Default + 'static {
    /// Its name in YAML: family and name, such as `tag.money`.
    const NAME: &'static str;
    /// Which trait it builds.
    const KIND: RoleKind;
    /// Raised whenever the same options give other results, so that cached results are not taken for current ones.
    const VERSION: u32 = 1;
    /// Whether it belongs to what the bare name of its family stands for. The order is that of registration.
    const RECOMMENDED: bool = false;
    /// Whether it works in a process of its own unless the pipeline says otherwise: for readers of formats whose libraries may
    /// take more than a panic to stop. Of readers, stages and filters.
    const ISOLATED: bool = false;
    /// Whether it has to work in the process of the run, since what it keeps there (keys, rates, answers) is not to be had in
    /// another. A pipeline that isolates it is refused.
    const IN_PROCESS: bool = false;
    /// Of inputs: the schemes of the addresses that it lists, such as `s3`, in lower case. Where a pipeline has such an address alone for
    /// an input, it stands for this component with the address as its option `url`.
    const SCHEMES: &'static [&'static str] = &[];

    /// What an earlier stage must have given.
    fn needs(&self) -> Vec<Field> {
        Vec::new()
    }

    /// What later stages can rely on.
    fn gives(&self) -> Vec<Field> {
        Vec::new()
    }

    /// The part with these options, or all that is wrong with them.
    fn build(self, cx: &BuildContext) -> Result<Role, Vec<OptionError>>;
}

/// Where the options being built were written.
#[derive(Debug)]
pub struct BuildContext {
    base: PathBuf,
    /// What one document may cost.
    pub limits: Limits,
    files: RefCell<Vec<(PathBuf, String)>>,
}

impl BuildContext {
    /// For options whose relative paths start at `base`: the folder of the pipeline file.
    pub fn new(base: impl Into<PathBuf>, limits: Limits) -> Self {
        Self { base: base.into(), limits, files: RefCell::new(Vec::new()) }
    }

    /// The folder at which relative paths in options start.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// A path that an option names, as the process sees it.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.base.join(path)
    }

    /// Reads a file that the option at `pointer` names. Its content becomes part of the pipeline's fingerprint.
    pub fn read(&self, pointer: &str, path: &Path) -> Result<Vec<u8>, OptionError> {
        let path = self.base.join(path);
        let bytes = std::fs::read(&path)
            .map_err(|error| OptionError::new(pointer, format!("cannot read {}: {error}", path.display())))?;
        self.files.borrow_mut().push((path, content_hash(&bytes)));
        Ok(bytes)
    }

    /// Like [`BuildContext::read`], for text.
    pub fn read_text(&self, pointer: &str, path: &Path) -> Result<String, OptionError> {
        String::from_utf8(self.read(pointer, path)?).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            OptionError::new(pointer, format!("{} is not UTF-8: byte {offset} begins no character", path.display()))
        })
    }

    /// Takes a file into the fingerprint that is too large to be read, by its size and time of modification.
    pub fn look_at(&self, path: &Path) -> std::io::Result<()> {
        let path = self.base.join(path);
        let found = std::fs::metadata(&path)?;
        let look = format!("{} bytes, modified {:?}", found.len(), found.modified()?);
        self.files.borrow_mut().push((path, look));
        Ok(())
    }

    /// The files read since the last call, and their hashes.
    pub fn take_files(&self) -> (Vec<PathBuf>, Vec<String>) {
        self.files.take().into_iter().unzip()
    }
}

impl Default for BuildContext {
    fn default() -> Self {
        Self::new(".", Limits::default())
    }
}

/// Something wrong with one option.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {message}")]
pub struct OptionError {
    /// Where in the options: a JSON pointer (RFC 6901), such as `/rules/0/pattern`; empty for all of them.
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub message: String,
    /// Whether the pointer's last part is a key that should not be there, so that the key is marked, not its value.
    pub at_key: bool,
    /// Which bytes of the text that `pointer` leads to are wrong, where it is not all of it.
    pub within: Option<Range<usize>>,
    /// What was probably meant.
    pub help: Option<String>,
}

impl OptionError {
    /// An error at the value that `pointer` leads to.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into(), at_key: false, within: None, help: None }
    }

    /// The same at these bytes of the text that the pointer leads to.
    #[must_use]
    pub fn within(mut self, bytes: Range<usize>) -> Self {
        self.within = Some(bytes);
        self
    }

    /// With what was probably meant.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
