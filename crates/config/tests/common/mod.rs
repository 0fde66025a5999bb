//! A small registry of components that do nothing, for tests of what is said about them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use docmill_core::{
    BuildContext, Component, Context, Document, Field, Found, Hint, Input, OptionError, Output, OutputContext,
    OutputError, RawSource, ReadError, Reader, Registry, Role, RoleKind, Sink, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Does nothing, in each role.
struct Nothing(PathBuf);

impl Input for Nothing {
    fn list(&self, _: &mut dyn FnMut(Found) -> ControlFlow<()>) -> Result<(), ReadError> {
        Ok(())
    }
}

impl Reader for Nothing {
    fn recognizes(&self, _: &Hint<'_>) -> Option<&'static str> {
        None
    }

    fn read(&self, source: RawSource, _: &Context) -> Result<Document, ReadError> {
        Ok(Document::new(source.source("utf-8"), ""))
    }
}

impl Stage for Nothing {
    fn apply(&self, _: &mut Document, _: &Context) -> Result<(), StageError> {
        Ok(())
    }
}

impl Output for Nothing {
    fn path(&self) -> &Path {
        &self.0
    }

    fn render(&self, _: &Document) -> Result<Vec<u8>, StageError> {
        Ok(Vec::new())
    }

    fn open(&self, _: &OutputContext) -> Result<Box<dyn Sink>, OutputError> {
        Err(OutputError::Failed { path: self.0.clone(), reason: "it writes nothing".to_owned() })
    }
}

fn role(kind: RoleKind, path: &str) -> Role {
    let nothing = Nothing(PathBuf::from(path));
    match kind {
        RoleKind::Input => Role::input(nothing),
        RoleKind::Reader => Role::reader(nothing),
        RoleKind::Output => Role::output(nothing),
        RoleKind::Stage | RoleKind::Filter | RoleKind::Corpus => Role::stage(nothing),
    }
}

fn path_or_error(kind: RoleKind, path: &str) -> Result<Role, Vec<OptionError>> {
    if path.is_empty() {
        return Err(vec![OptionError::new("/path", "expected a path, found nothing")]);
    }
    Ok(role(kind, path))
}

/// Lists nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Files {
    /// Folder, file or glob.
    path: String,
    /// Globs of what is taken.
    include: Vec<String>,
}

impl Component for Files {
    const NAME: &'static str = "input.files";
    const KIND: RoleKind = RoleKind::Input;

    fn build(self, _: &BuildContext) -> Result<Role, Vec<OptionError>> {
        path_or_error(Self::KIND, &self.path)
    }
}

/// Reads nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Text {}

impl Component for Text {
    const NAME: &'static str = "ingest.text";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn build(self, _: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(role(Self::KIND, ""))
    }
}

/// Which form.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
enum Form {
    #[default]
    Nfc,
    Nfkc,
}

/// Keeps the best ones.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Beta {
    /// How many.
    #[schemars(range(min = 1, max = 100))]
    top: usize,
    /// Which ones.
    names: Vec<String>,
    /// How.
    form: Form,
    /// Weights by name.
    weights: BTreeMap<String, f64>,
    /// A file with more names.
    file: Option<PathBuf>,
    /// A key for a service.
    key: String,
}

impl Default for Beta {
    fn default() -> Self {
        Self { top: 10, names: Vec::new(), form: Form::Nfc, weights: BTreeMap::new(), file: None, key: String::new() }
    }
}

impl Component for Beta {
    const NAME: &'static str = "normalize.beta";
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;

    fn build(self, cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if let Some(file) = &self.file {
            cx.read("/file", file).map_err(|error| vec![error])?;
        }
        Ok(role(Self::KIND, ""))
    }
}

/// Does nothing to white space.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Whitespace {}

impl Component for Whitespace {
    const NAME: &'static str = "normalize.whitespace";
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;

    fn build(self, _: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(role(Self::KIND, ""))
    }
}

/// Tells no language.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Language {}

impl Component for Language {
    const NAME: &'static str = "tag.language";
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Language, Field::measure("language.score")]
    }

    fn build(self, _: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(role(Self::KIND, ""))
    }
}

/// Needs a language.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Alpha {
    /// How eagerly.
    #[schemars(range(min = 0.0, max = 1.0))]
    eager: f64,
}

impl Component for Alpha {
    const NAME: &'static str = "tag.alpha";
    const KIND: RoleKind = RoleKind::Stage;

    fn needs(&self) -> Vec<Field> {
        vec![Field::Language]
    }

    fn gives(&self) -> Vec<Field> {
        vec![Field::tags("alpha")]
    }

    fn build(self, _: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(role(Self::KIND, ""))
    }
}

/// Writes nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Jsonl {
    /// Where.
    path: String,
}

impl Component for Jsonl {
    const NAME: &'static str = "output.jsonl";
    const KIND: RoleKind = RoleKind::Output;

    fn build(self, _: &BuildContext) -> Result<Role, Vec<OptionError>> {
        path_or_error(Self::KIND, &self.path)
    }
}

/// Writes no table.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Csv {
    /// Where.
    path: String,
}

impl Component for Csv {
    const NAME: &'static str = "output.csv";
    const KIND: RoleKind = RoleKind::Output;

    fn build(self, _: &BuildContext) -> Result<Role, Vec<OptionError>> {
        path_or_error(Self::KIND, &self.path)
    }
}

/// All of them.
pub(crate) fn registry() -> Registry {
    fn fill(registry: &mut Registry) -> Result<(), docmill_core::RegistryError> {
        registry.register::<Files>()?;
        registry.register::<Text>()?;
        registry.register::<Beta>()?;
        registry.register::<Whitespace>()?;
        registry.register::<Language>()?;
        registry.register::<Alpha>()?;
        registry.register::<Jsonl>()?;
        registry.register::<Csv>()
    }
    let mut registry = Registry::new();
    fill(&mut registry).expect("the names are good and distinct");
    registry
}
