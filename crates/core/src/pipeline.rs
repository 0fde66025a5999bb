//! A checked pipeline: the parts in their order, each ready to work.
//!
//! It is made in code, or by docmill-config from YAML; the engine runs either.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    BuildContext, Built, Component, Condition, CorpusStage, Field, Filter, Input, Limits, OptionError, Output, Reader,
    Role, Stage,
};

/// What happens to a document for which a stage fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// The document goes into quarantine.
    #[default]
    Quarantine,
    /// The stage is left out for this document, and a warning is kept in its record.
    Skip,
    /// The run fails.
    Fail,
}

/// The names of the files that every run writes into its folder beside the outputs.
pub const RUN_FILES: [&str; 3] = ["ledger.jsonl", "quarantine.jsonl", "manifest.json"];

/// A checked list of parts. See [`Pipeline::builder`].
pub struct Pipeline {
    name: String,
    inputs: Vec<Arc<dyn Input>>,
    readers: Vec<ReaderStep>,
    steps: Vec<Step>,
    outputs: Vec<OutputStep>,
    limits: Limits,
    fingerprint: String,
}

/// A reader with its id.
pub struct ReaderStep {
    /// What it is called in the ledger and the manifest.
    pub id: Arc<str>,
    /// The reader.
    pub reader: Arc<dyn Reader>,
    /// Whether it works in a process of its own.
    pub isolate: bool,
    /// What was built.
    pub built: Built,
}

/// A stage, filter or corpus-wide stage and how it is run.
pub struct Step {
    /// What it is called in records, the ledger and the manifest; its name, unless several have that.
    pub id: Arc<str>,
    /// What it does.
    pub work: Work,
    /// It runs where this holds.
    pub when: Option<Arc<dyn Condition>>,
    /// The longest that it may take for one document.
    pub timeout: Option<Duration>,
    /// What happens where it fails.
    pub on_error: OnError,
    /// Whether it works in a process of its own.
    pub isolate: bool,
    /// What was built.
    pub built: Built,
}

/// What a step does with documents.
#[derive(Clone)]
pub enum Work {
    /// Works on one document.
    Stage(Arc<dyn Stage>),
    /// Decides whether a document goes on.
    Filter(Arc<dyn Filter>),
    /// Looks at all documents first.
    Corpus(Arc<dyn CorpusStage>),
}

/// An output with its id.
pub struct OutputStep {
    /// What it is called in the manifest.
    pub id: Arc<str>,
    /// The output.
    pub output: Arc<dyn Output>,
    /// What was built.
    pub built: Built,
}

/// How a step is run: what may stand beside its name in YAML.
#[derive(Clone, Default)]
pub struct Settings {
    /// What it is called; its name where this is `None`.
    pub id: Option<String>,
    /// It runs where this holds.
    pub when: Option<Arc<dyn Condition>>,
    /// The longest that it may take for one document.
    pub timeout: Option<Duration>,
    /// What happens where it fails.
    pub on_error: OnError,
    /// Whether it works in a process of its own, where its component does not say. It is of readers, stages and filters.
    pub isolate: Option<bool>,
}

/// Something wrong with a list of parts, each of which is right by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PipelineError {
    /// The options of a component are wrong.
    #[error("part {part}: {}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Options {
        /// Which part, from 0, in the order added.
        part: usize,
        /// All that is wrong.
        errors: Vec<OptionError>,
    },
    /// A part needs what no earlier part gives.
    #[error("{id} needs {need}, which {}", match later { Some(later) => format!("{later} gives only after it"), None => "nothing before it gives".to_owned() })]
    Missing {
        /// Which part, from 0, in the order added.
        part: usize,
        /// Its id.
        id: String,
        /// What it needs.
        need: Field,
        /// The later part that gives it.
        later: Option<String>,
        /// Whether its condition needs it, not the part itself.
        condition: bool,
    },
    /// Two parts have one id.
    #[error("two parts have the id {id}")]
    SameId {
        /// Which part, from 0, in the order added.
        part: usize,
        /// The id.
        id: String,
    },
    /// Two outputs write to one path.
    #[error("two outputs write to {}", path.display())]
    SamePath {
        /// Which part, from 0, in the order added.
        part: usize,
        /// The path.
        path: PathBuf,
    },
    /// An output has the name of a file that every run writes.
    #[error("{} is the name of a file that every run writes", path.display())]
    ReservedName {
        /// Which part, from 0, in the order added.
        part: usize,
        /// The path.
        path: PathBuf,
    },
    /// There is no input, reader or output.
    #[error("the pipeline has no {0}")]
    Without(&'static str),
}

/// Collects the parts of a pipeline in their order.
pub struct PipelineBuilder {
    name: String,
    limits: Limits,
    base: PathBuf,
    parts: Vec<(Built, Settings)>,
    errors: Vec<PipelineError>,
    added: usize,
}

impl Pipeline {
    /// Starts a pipeline in code.
    pub fn builder(name: impl Into<String>) -> PipelineBuilder {
        PipelineBuilder {
            name: name.into(),
            limits: Limits::default(),
            base: PathBuf::from("."),
            parts: Vec::new(),
            errors: Vec::new(),
            added: 0,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What lists the sources.
    pub fn inputs(&self) -> &[Arc<dyn Input>] {
        &self.inputs
    }

    /// The readers, first match first.
    pub fn readers(&self) -> &[ReaderStep] {
        &self.readers
    }

    /// The stages in their order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The outputs.
    pub fn outputs(&self) -> &[OutputStep] {
        &self.outputs
    }

    /// What one document may cost.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The files that options of its parts name.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let readers = self.readers.iter().map(|step| &step.built);
        let built = readers.chain(self.steps.iter().map(|step| &step.built));
        let built = built.chain(self.outputs.iter().map(|step| &step.built));
        built.flat_map(|built| &built.paths).map(PathBuf::as_path)
    }

    /// `blake3:` and the hash of all that decides what comes out for given sources: readers, stages and outputs with their
    /// options, files, conditions and code versions, and the limits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

impl PipelineBuilder {
    /// Sets what one document may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the folder at which relative paths in options start; the current one by default.
    #[must_use]
    pub fn base(mut self, base: impl Into<PathBuf>) -> Self {
        self.base = base.into();
        self
    }

    /// Adds a part with its options.
    #[must_use]
    pub fn with<C: Component>(self, component: C) -> Self {
        self.with_settings(component, Settings::default())
    }

    /// Adds a part with its options and how it is run.
    #[must_use]
    pub fn with_settings<C: Component>(mut self, component: C, settings: Settings) -> Self {
        let cx = BuildContext::new(&self.base, self.limits.clone());
        match Built::from_component(component, &cx) {
            Ok(built) => self.push(built, settings),
            Err(errors) => {
                self.errors.push(PipelineError::Options { part: self.added, errors });
                self.added += 1;
            }
        }
        self
    }

    /// Adds a part that was built already.
    pub fn push(&mut self, built: Built, settings: Settings) {
        self.parts.push((built, settings));
        self.added += 1;
    }

    /// The pipeline, or all that is wrong with it.
    pub fn build(mut self) -> Result<Pipeline, Vec<PipelineError>> {
        if self.errors.is_empty() {
            self.errors = check(&self.parts);
        }
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        let fingerprint = fingerprint(&self.parts, &self.limits);
        let mut pipeline = Pipeline {
            name: self.name,
            inputs: Vec::new(),
            readers: Vec::new(),
            steps: Vec::new(),
            outputs: Vec::new(),
            limits: self.limits,
            fingerprint,
        };
        for (built, settings) in self.parts {
            let id: Arc<str> = Arc::from(settings.id.as_deref().unwrap_or(&built.name));
            let isolate = settings.isolate.unwrap_or(built.isolated);
            let work = match built.role.clone() {
                Role::Input(input) => {
                    pipeline.inputs.push(input);
                    continue;
                }
                Role::Reader(reader) => {
                    pipeline.readers.push(ReaderStep { id, reader, isolate, built });
                    continue;
                }
                Role::Output(output) => {
                    pipeline.outputs.push(OutputStep { id, output, built });
                    continue;
                }
                Role::Stage(stage) => Work::Stage(stage),
                Role::Filter(filter) => Work::Filter(filter),
                Role::Corpus(corpus) => Work::Corpus(corpus),
            };
            let Settings { when, timeout, on_error, .. } = settings;
            pipeline.steps.push(Step { id, work, when, timeout, on_error, isolate, built });
        }
        Ok(pipeline)
    }
}

impl ReaderStep {
    /// What tells it from one with other options, files or code.
    pub fn fingerprint(&self) -> blake3::Hash {
        part_fingerprint(&self.built, &self.id)
    }
}

impl Step {
    /// What tells it from one with other options, files, code or settings.
    pub fn fingerprint(&self) -> blake3::Hash {
        part_fingerprint(
            &self.built,
            &(&self.id, self.when.as_ref().map(|when| when.text()), self.timeout, self.on_error),
        )
    }
}

impl OutputStep {
    /// What tells it from one with other options, files or code.
    pub fn fingerprint(&self) -> blake3::Hash {
        part_fingerprint(&self.built, &self.id)
    }
}

fn part_fingerprint(built: &Built, run: &dyn std::fmt::Debug) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    add_part(&mut hasher, built, run);
    hasher.finalize()
}

/// Adds a part and how it is run to a fingerprint.
fn add_part(hasher: &mut blake3::Hasher, built: &Built, run: &dyn std::fmt::Debug) {
    built.fingerprint(hasher);
    hasher.update(format!("{run:?}\n").as_bytes());
}

fn fingerprint(parts: &[(Built, Settings)], limits: &Limits) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(limits.fingerprint().as_bytes());
    for (built, settings) in parts.iter().filter(|(built, _)| !matches!(built.role, Role::Input(_))) {
        let when = settings.when.as_ref().map(|when| when.text());
        add_part(&mut hasher, built, &(&settings.id, when, settings.timeout, settings.on_error));
    }
    format!("blake3:{}", hasher.finalize().to_hex())
}

fn check(parts: &[(Built, Settings)]) -> Vec<PipelineError> {
    let mut errors = Vec::new();
    let id = |index: usize| parts[index].1.id.as_deref().unwrap_or(&parts[index].0.name);
    for (index, (built, settings)) in parts.iter().enumerate() {
        if matches!(built.role, Role::Input(_)) {
            continue;
        }
        let same_id = |earlier: &usize| !matches!(parts[*earlier].0.role, Role::Input(_)) && id(*earlier) == id(index);
        if !matches!(built.role, Role::Output(_)) && (0..index).any(|earlier| same_id(&earlier)) {
            errors.push(PipelineError::SameId { part: index, id: id(index).to_owned() });
        }
        if let Role::Output(output) = &built.role {
            errors.extend(check_path(output.path(), index, &parts[..index]));
        }
        let of_condition = settings.when.iter().flat_map(|when| when.needs());
        let needs = built.needs.iter().cloned().map(|need| (need, false)).chain(of_condition.map(|need| (need, true)));
        for (need, condition) in needs {
            let gives = |(other, _): &(Built, Settings)| other.gives.iter().any(|given| given.satisfies(&need));
            // A reader's place in the list does not matter: all readers run before all stages.
            let before = |(at, part): (usize, &(Built, Settings))| {
                (at < index || part.0.role.kind() == crate::RoleKind::Reader) && gives(part)
            };
            if need == Field::Text || parts.iter().enumerate().any(before) {
                continue;
            }
            let later = (index + 1..parts.len()).find(|&at| gives(&parts[at])).map(|at| id(at).to_owned());
            errors.push(PipelineError::Missing { part: index, id: id(index).to_owned(), need, later, condition });
        }
    }
    for (kind, name) in
        [(crate::RoleKind::Input, "input"), (crate::RoleKind::Reader, "reader"), (crate::RoleKind::Output, "output")]
    {
        if !parts.iter().any(|(built, _)| built.role.kind() == kind) {
            errors.push(PipelineError::Without(name));
        }
    }
    errors
}

/// What is wrong with the path of an output, given the parts before it.
fn check_path(path: &Path, part: usize, before: &[(Built, Settings)]) -> Option<PipelineError> {
    if path.file_name().is_some_and(|name| RUN_FILES.iter().any(|reserved| name == *reserved)) {
        return Some(PipelineError::ReservedName { part, path: path.to_owned() });
    }
    let own = plain(path);
    let clashes = |(other, _): &(Built, Settings)| match &other.role {
        // One may not lie in the folder that the other writes either.
        Role::Output(other) => own.starts_with(plain(other.path())) || plain(other.path()).starts_with(&own),
        Role::Input(_) | Role::Reader(_) | Role::Stage(_) | Role::Filter(_) | Role::Corpus(_) => false,
    };
    before.iter().any(clashes).then(|| PipelineError::SamePath { part, path: path.to_owned() })
}

/// The path without `.` and without `..` after a name.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
