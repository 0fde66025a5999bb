//! Reads a pipeline file: all of it, whatever is wrong with parts of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use docmill_core::{Limits, Pipeline, Registry, nearest};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expanded::Expanded;
use crate::file::{self, PipelineFile, read};
use crate::folder::RunFolder;
use crate::node::{Content, Entry, Node};
use crate::parts::{Parts, folder_of};
use crate::plugins::Plugins;
use crate::redact::Secrets;
use crate::settings::RunSettings;
use crate::source::{Place, Source};
use crate::stages::{StageReader, expand_families};
use crate::variables::{Environment, Ledger, Variable, Variables, definitions, is_name};
use crate::yaml;

/// Where documents go in a pipeline that does not say.
const DEFAULT_OUTPUT: (&str, &str) = ("jsonl", "out/documents.jsonl");

/// Reads pipeline files for a registry of components.
pub struct Loader<'r> {
    registry: &'r Registry,
    environment: Environment<'r>,
    set: BTreeMap<String, Variable>,
    inputs: Option<Vec<String>>,
    outputs: Option<Vec<(String, String)>>,
}

/// A pipeline that was read, and how it is to be run.
pub struct Loaded {
    /// The pipeline.
    pub pipeline: Pipeline,
    /// How it is to be run.
    pub run: RunSettings,
    /// What is probably not as meant.
    pub warnings: Diagnostics,
    /// The files that it includes.
    pub included: Vec<PathBuf>,
    expanded: Expanded,
    secrets: Secrets,
}

impl<'r> Loader<'r> {
    /// Reads for this registry, with the environment of the process.
    pub fn new(registry: &'r Registry) -> Self {
        Self {
            registry,
            environment: Box::new(|name| std::env::var(name).ok()),
            set: BTreeMap::new(),
            inputs: None,
            outputs: None,
        }
    }

    /// Sets a variable over what the file says, as `--set name=value` does. The value is read as a YAML scalar.
    pub fn set(mut self, name: &str, value: &str) -> Result<Self, Diagnostics> {
        let prefix = format!("--set {name}=");
        let source = Source::new("command line", format!("{prefix}{value}"));
        let place = Place::new(&source, "--set ".len().."--set ".len() + name.len());
        if !is_name(name) {
            return Err(Diagnostic::error(place, format!("`{name}` cannot name a variable"))
                .label("expected `name=value`")
                .into());
        }
        let value = yaml::scalar(&source, prefix.len()..prefix.len() + value.len());
        self.set.insert(name.to_owned(), Variable { place, value });
        Ok(self)
    }

    /// Reads `${env:NAME}` from here instead of the environment of the process.
    #[must_use]
    pub fn environment(mut self, read: impl Fn(&str) -> Option<String> + 'r) -> Self {
        self.environment = Box::new(read);
        self
    }

    /// Reads documents from here instead of where the file says.
    #[must_use]
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.inputs = Some(inputs.into_iter().map(Into::into).collect());
        self
    }

    /// Writes these formats and paths instead of what the file says.
    #[must_use]
    pub fn outputs(mut self, outputs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        self.outputs = Some(outputs.into_iter().map(|(format, path)| (format.into(), path.into())).collect());
        self
    }

    /// Reads a file.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Loaded, Diagnostics> {
        let source = yaml::open(path.as_ref()).map_err(|problem| *problem)?;
        self.load_source(&source)
    }

    /// The registry with the plugins of a file and of what it includes, whatever is wrong with the rest of them.
    pub fn registry(&self, path: impl AsRef<Path>) -> Result<Registry, Diagnostics> {
        let source = yaml::open(path.as_ref()).map_err(|problem| *problem)?;
        let ledger = Ledger::new(Box::new(|name| (self.environment)(name)));
        let mut report = Diagnostics::default();
        let mut registry = self.registry.clone();
        let mut readable = false;
        if let Some(root) = yaml::read(&source, &mut report) {
            let mut assembly = Assembly {
                loader: self,
                ledger: &ledger,
                source: &source,
                report: &mut report,
                registry: &mut registry,
                broken_plugins: false,
            };
            assembly.assemble(&root);
            readable = !assembly.broken_plugins;
        }
        let secrets = ledger.secrets.take();
        if readable { Ok(registry) } else { Err(report.finished(&secrets)) }
    }

    /// Reads a text. `name` stands in messages, and relative paths in options of stages start at its folder.
    pub fn load_str(&self, name: &str, text: &str) -> Result<Loaded, Diagnostics> {
        let source = yaml::text(name, text.as_bytes().to_vec()).map_err(|problem| *problem)?;
        self.load_source(&source)
    }

    fn load_source(&self, source: &Arc<Source>) -> Result<Loaded, Diagnostics> {
        let environment: Environment<'_> = Box::new(|name| (self.environment)(name));
        let ledger = Ledger::new(environment);
        let mut report = Diagnostics::default();
        let mut registry = self.registry.clone();
        let read = yaml::read(source, &mut report).and_then(|root| {
            let mut assembly = Assembly {
                loader: self,
                ledger: &ledger,
                source,
                report: &mut report,
                registry: &mut registry,
                broken_plugins: false,
            };
            assembly.assemble(&root)
        });
        let secrets = ledger.secrets.take();
        let report = report.finished(&secrets);
        match read {
            Some(Assembled { pipeline, run, expanded, included }) if !report.has_errors() => {
                Ok(Loaded { pipeline, run, warnings: report, included, expanded, secrets })
            }
            _ => Err(report),
        }
    }
}

impl Loaded {
    /// The pipeline written out in full: families expanded, variables put in, all options shown, and `***` for what came
    /// from the environment.
    pub fn expanded(&self) -> String {
        self.expanded.to_yaml(&self.secrets)
    }

    /// A text without what came from the environment.
    pub fn redact(&self, text: &str) -> String {
        self.secrets.redact(text)
    }

    /// The values that came from the environment, which must be shown nowhere.
    pub fn secrets(&self) -> Vec<String> {
        self.secrets.values().map(ToOwned::to_owned).collect()
    }

    /// Where a run writes: the folder `chosen`, or that of the pipeline's first output.
    pub fn run_folder(&self, chosen: Option<&Path>) -> RunFolder {
        let paths: Vec<&Path> = self.pipeline.outputs().iter().map(|step| step.output.path()).collect();
        RunFolder::new(&paths, chosen)
    }
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { pipeline, run, warnings, .. } = self;
        let name = pipeline.name();
        f.debug_struct("Loaded")
            .field("name", &name)
            .field("run", run)
            .field("warnings", warnings)
            .finish_non_exhaustive()
    }
}

/// One file on its way to a pipeline.
struct Assembly<'a, 'r> {
    loader: &'a Loader<'r>,
    ledger: &'a Ledger<'a>,
    source: &'a Arc<Source>,
    report: &'a mut Diagnostics,
    /// The components of the binary, to which the plugins of the pipeline come.
    registry: &'a mut Registry,
    /// Whether a plugin is wrong.
    broken_plugins: bool,
}

/// What became of the file.
struct Assembled {
    pipeline: Pipeline,
    run: RunSettings,
    expanded: Expanded,
    included: Vec<PathBuf>,
}

impl Assembly<'_, '_> {
    fn assemble(&mut self, root: &Node) -> Option<Assembled> {
        let Content::Map(entries) = &root.content else {
            self.report.push(
                Diagnostic::error(root.place.clone(), format!("{} is no pipeline", self.source.name()))
                    .label(format!("expected a mapping, found {}", root.found()))
                    .help(yaml::SMALLEST),
            );
            return None;
        };
        file::refuse_unknown_keys(entries, &file::keys::<PipelineFile>(), "a pipeline", self.report);
        let top = first_line(self.source);
        self.version(get(entries, "version"), &top);
        let written = definitions(get(entries, "vars"), self.report);
        let mut defined = written.clone();
        defined.extend(self.loader.set.clone());
        let variables = Variables::new(self.ledger, defined);
        let run = self.run_settings(entries, &variables);
        let limits = self.limits(get(entries, "limits"), &variables);
        let name = self.name(get(entries, "name"), &variables);

        let identity = Path::new(self.source.name());
        let mut plugins = Plugins::new(limits.clone());
        if let Some(node) = get(entries, "plugins") {
            plugins.open(node, self.registry, &variables, &folder_of(identity), self.report);
        }
        let mut reader = StageReader {
            registry: self.registry,
            report: self.report,
            stages: Vec::new(),
            plugins,
            chain: vec![(
                identity.canonicalize().unwrap_or_else(|_| identity.to_owned()),
                self.source.name().to_owned(),
            )],
            included_variables: BTreeSet::new(),
            included: Vec::new(),
        };
        match get(entries, "stages") {
            Some(stages) => reader.list(stages, &variables, &folder_of(identity)),
            None => reader.report.push(
                Diagnostic::error(top.clone(), "the pipeline has no `stages`")
                    .help("say what to do with the documents:\n\nstages:\n  - ingest\n  - normalize"),
            ),
        }
        let included = std::mem::take(&mut reader.included_variables);
        let included_files = std::mem::take(&mut reader.included);
        let stages_key = entries.iter().find(|entry| entry.name == "stages").map(|entry| &entry.place);
        let items = std::mem::take(&mut reader.stages);
        let plugins = std::mem::take(&mut reader.plugins);
        self.broken_plugins = plugins.has_broken();
        let items = expand_families(items, self.registry, self.report);
        plugins.warn_of_unused(&items, self.source, self.report);

        let inputs = self.inputs(get(entries, "input"), &variables);
        let outputs = self.outputs(get(entries, "output"), &variables);
        let mut parts = Parts::new(self.registry, limits.clone(), self.report);
        match inputs {
            Some(inputs) => inputs.iter().for_each(|input| parts.input(input)),
            None => parts.told("input"),
        }
        for item in items {
            parts.stage(item);
        }
        match outputs {
            Some(outputs) => outputs.iter().for_each(|output| parts.output(output)),
            None => parts.told("output"),
        }
        if stages_key.is_none() {
            parts.told("reader");
        }
        let (pipeline, mut expanded) = parts.finish(&name, &top, stages_key.unwrap_or(&top));
        self.check_variables(&variables, &written, &included);
        expanded.name = name;
        expanded.plugins = plugins.definitions;
        expanded.limits = limits;
        expanded.run = run.clone();
        Some(Assembled { pipeline: pipeline?, run, expanded, included: included_files })
    }

    fn version(&mut self, version: Option<&Node>, top: &Place) {
        match version {
            None => self.report.push(
                Diagnostic::error(top.clone(), "the pipeline has no `version`")
                    .help("begin the file with `version: 1`"),
            ),
            Some(node) if node.is_broken() || node.json() == Some(1.into()) => {}
            Some(node) => self.report.push(
                Diagnostic::error(node.place.clone(), "this version of the file format is not known")
                    .label(format!("expected `1`, found {}", node.found())),
            ),
        }
    }

    fn name(&mut self, name: Option<&Node>, variables: &Variables<'_, '_>) -> String {
        let of_file = || {
            let stem = Path::new(self.source.name()).file_stem();
            stem.map_or_else(|| "pipeline".to_owned(), |stem| stem.to_string_lossy().into_owned())
        };
        let default = of_file();
        let Some(name) = name.filter(|name| !name.is_null()) else { return default };
        read(&variables.resolve(name, self.report), "name", self.report).unwrap_or(default)
    }

    fn run_settings(&mut self, entries: &[Entry], variables: &Variables<'_, '_>) -> RunSettings {
        let mut node = |name: &str| {
            let node = get(entries, name).filter(|node| !node.is_null())?;
            Some(variables.resolve(node, self.report))
        };
        let (workers, memory, allowed) = (node("workers"), node("memory"), node("allow_failures"));
        let workers = workers.and_then(|node| {
            let workers: usize = read(&node, "workers", self.report)?;
            if (1..=1024).contains(&workers) {
                return Some(workers);
            }
            let label = format!("expected 1 to 1024, found {workers}");
            self.report.push(Diagnostic::error(node.place, "wrong value for `workers`").label(label));
            None
        });
        RunSettings {
            workers,
            memory: memory.and_then(|node| read(&node, "memory", self.report)),
            allow_failures: allowed.and_then(|node| read(&node, "allow_failures", self.report)),
        }
    }

    fn limits(&mut self, limits: Option<&Node>, variables: &Variables<'_, '_>) -> Limits {
        let Some(limits) = limits else { return Limits::default() };
        let limits = variables.resolve(limits, self.report);
        file::read_mapping(&limits, "limits", self.report)
    }

    /// The inputs; `None` where what is wrong was reported.
    fn inputs(&mut self, input: Option<&Node>, variables: &Variables<'_, '_>) -> Option<Vec<Node>> {
        // What the file says is looked through even where it is not used: it is wrong in the next run otherwise.
        let of_file = match input.filter(|input| !input.is_null()) {
            Some(input) => one_or_many(variables.resolve(input, self.report)),
            None => Some(Vec::new()),
        };
        match &self.loader.inputs {
            Some(inputs) => Some(inputs.iter().map(|input| of_command_line(input)).collect()),
            None => of_file,
        }
    }

    /// The outputs; `None` where what is wrong was reported.
    fn outputs(&mut self, output: Option<&Node>, variables: &Variables<'_, '_>) -> Option<Vec<Node>> {
        let pair = |format: &str, path: &str| {
            let value = of_command_line(path);
            let entry = Entry { name: format.to_owned(), place: value.place.clone(), value };
            Node::new(Content::Map(vec![entry.clone()]), entry.place)
        };
        let of_file = match output.filter(|output| !output.is_null()) {
            Some(output) => one_or_many(variables.resolve(output, self.report)),
            None => Some(vec![pair(DEFAULT_OUTPUT.0, DEFAULT_OUTPUT.1)]),
        };
        match &self.loader.outputs {
            Some(outputs) => Some(outputs.iter().map(|(format, path)| pair(format, path)).collect()),
            None => of_file,
        }
    }

    /// Variables that nothing uses, and names after `--set` that mean nothing.
    fn check_variables(
        &mut self,
        variables: &Variables<'_, '_>,
        written: &BTreeMap<String, Variable>,
        included: &BTreeSet<String>,
    ) {
        for (name, variable) in variables.iter().filter(|(name, _)| !self.ledger.is_used(name)) {
            if written.contains_key(name) {
                if self.report.has_errors() {
                    // Its use may be what is wrong.
                    continue;
                }
                let place = written[name].place.clone();
                let message = format!("the variable `{name}` is not used");
                self.report.push(Diagnostic::warning(place, message).label(format!("nothing says `${{{name}}}`")));
            } else if !included.contains(name) {
                let names: Vec<&str> = written.keys().chain(included).map(String::as_str).collect();
                let label = match names.as_slice() {
                    [] => "the pipeline has no variables".to_owned(),
                    names => format!("there are: {}", names.join(", ")),
                };
                self.report.push(
                    Diagnostic::error(variable.place.clone(), format!("the pipeline has no variable `{name}`"))
                        .label(label)
                        .maybe_help(nearest(name, &names).map(|near| format!("did you mean `--set {near}=...`?"))),
                );
            }
        }
    }
}

fn get<'n>(entries: &'n [Entry], name: &str) -> Option<&'n Node> {
    entries.iter().find(|entry| entry.name == name).map(|entry| &entry.value)
}

/// The first line that says something: where it is shown that something is missing.
fn first_line(source: &Arc<Source>) -> Place {
    let lines = 1..=source.text().lines().count();
    let says = |line: &usize| {
        let text = source.text()[source.line(*line)].trim();
        !text.is_empty() && !text.starts_with(['#', '%']) && text != "---"
    };
    let span = source.line(lines.into_iter().find(says).unwrap_or(1));
    Place::new(source, span.start..span.start)
}

fn one_or_many(node: Node) -> Option<Vec<Node>> {
    match node.content {
        Content::List(items) => Some(items),
        Content::Broken => None,
        Content::Scalar(_) | Content::Map(_) => Some(vec![node]),
    }
}

fn of_command_line(text: &str) -> Node {
    let source = Source::new("command line", text);
    Node::text(Place::new(&source, 0..text.len()), text)
}
