//! From what is written to parts that work: builds each, collects them in their order, and leads every mistake back to its
//! place in the file.

use std::path::{Path, PathBuf};

use docmill_core::{
    BuildContext, BuildError, Built, Context, Document, Entry, Field, Limits, OptionError, Pipeline, PipelineError,
    Registry, Role, RoleKind, Settings, Stage, StageError, nearest,
};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expanded::{Expanded, ExpandedPart};
use crate::file::{retyped, with_origin};
use crate::node::{Content, Node};
use crate::source::Place;
use crate::stages::{ItemSettings, StageItem, StageName};
use crate::variables::place_in;
use crate::wording::{dotted, friendly};

/// Collects the parts of one pipeline.
pub(crate) struct Parts<'a> {
    registry: &'a Registry,
    limits: Limits,
    report: &'a mut Diagnostics,
    list: Vec<(Built, Settings)>,
    places: Vec<PartPlaces>,
    expanded: Expanded,
    /// From this part on, what is missing is not reported: an unknown stage before it may have given it.
    trusted: Option<usize>,
    /// The kinds of which one was written but wrong: that there is none is not reported.
    failed: Vec<&'static str>,
}

/// Where a part was written.
struct PartPlaces {
    name: Place,
    id: Option<Place>,
    when: Option<Place>,
    path: Option<Place>,
}

/// Stands in for a part whose options are wrong, so that the others can be checked as if it were there.
struct Absent;

impl Stage for Absent {
    fn apply(&self, _: &mut Document, _: &Context) -> Result<(), StageError> {
        Ok(())
    }
}

impl<'a> Parts<'a> {
    pub(crate) fn new(registry: &'a Registry, limits: Limits, report: &'a mut Diagnostics) -> Self {
        Self {
            registry,
            limits,
            report,
            list: Vec::new(),
            places: Vec::new(),
            expanded: Expanded::default(),
            trusted: None,
            failed: Vec::new(),
        }
    }

    /// What is wrong with all parts of this kind was reported.
    pub(crate) fn told(&mut self, kind: &'static str) {
        self.failed.push(kind);
    }

    /// An input: a path or an address, or the options of `input.files` or, with `url`, of the input that lists such addresses.
    pub(crate) fn input(&mut self, item: &Node) {
        let options = match &item.content {
            Content::Map(_) => item.clone(),
            Content::Scalar(_) if item.as_text().is_some_and(|text| scheme(text).is_some()) => option("url", item),
            Content::Scalar(_) if item.as_text().is_some_and(|path| !path.is_empty()) => option("path", item),
            Content::Broken => return self.failed.push("input"),
            Content::Scalar(_) | Content::List(_) => {
                self.failed.push("input");
                return self.report.push(
                    Diagnostic::error(item.place.clone(), "wrong value in `input`")
                        .label(format!("expected a path, or options such as `path:`, found {}", item.found())),
                );
            }
        };
        let address = options.find("/url").map(|(url, _)| url.as_text().and_then(scheme));
        let entry = match address {
            Some(scheme) => self.registry.input_of(scheme),
            None => self.registry.get("input.files"),
        };
        let Some(name) = entry.map(Entry::name) else {
            self.failed.push("input");
            let what = match address {
                Some(Some(scheme)) => format!("reads `{scheme}://` addresses"),
                Some(None) => "reads addresses".to_owned(),
                None => "reads files".to_owned(),
            };
            let there = self.registry.names(&[RoleKind::Input]).join(", ");
            let way_out = address.and_then(|scheme| self.registry.way_out(scheme));
            return self.report.push(
                Diagnostic::error(item.place.clone(), format!("nothing in this build {what}"))
                    .label(format!("the inputs are: {there}"))
                    .maybe_help(way_out.map(ToOwned::to_owned)),
            );
        };
        match self.build(name, &item.place, Some(&options), Path::new("")) {
            Some(built) => {
                self.expanded.inputs.push(ExpandedPart::new(&built, None, options_secret(&options)));
                self.push(built, Settings::default(), PartPlaces::of(item.place.clone()));
            }
            None => self.failed.push("input"),
        }
    }

    /// A stage with its settings.
    pub(crate) fn stage(&mut self, item: StageItem) {
        let StageItem { name, place, options, settings, base } = item;
        let places = PartPlaces {
            name: place.clone(),
            id: settings.id.as_ref().map(|(_, place)| place.clone()),
            when: settings.when.as_ref().map(|(_, place)| place.clone()),
            path: None,
        };
        let built = match name {
            StageName::Component(name) => match self.build(&name, &place, options.as_ref(), &base) {
                Some(built) => {
                    let secret = options.as_ref().is_some_and(options_secret);
                    self.expanded.stages.push(ExpandedPart::new(&built, Some(&settings), secret));
                    built
                }
                None => self.absent(&name),
            },
            StageName::Unknown(Some(meant)) => self.absent(&meant),
            StageName::Unknown(None) | StageName::Family(_) => {
                self.failed.push("reader");
                self.trusted.get_or_insert(self.list.len());
                return;
            }
        };
        self.push(built, run_settings(settings), places);
    }

    /// An output: the format names it, and a path or its options follow.
    pub(crate) fn output(&mut self, item: &Node) {
        let entries = match &item.content {
            Content::Map(entries) => entries.as_slice(),
            Content::Broken => return self.failed.push("output"),
            Content::Scalar(_) | Content::List(_) => &[],
        };
        let format = entries.iter().find(|entry| entry.name != "id");
        let Some(format) = format.filter(|_| entries.iter().filter(|entry| entry.name != "id").count() == 1) else {
            self.failed.push("output");
            return self.report.push(
                Diagnostic::error(item.place.clone(), "this is no output")
                    .label(format!("expected one `format: path` pair, found {}", item.found()))
                    .help("write `- jsonl: out/documents.jsonl`, each output on a line of its own"),
            );
        };
        let name = match format.name.strip_prefix("output.") {
            Some(_) => format.name.clone(),
            None => format!("output.{}", format.name),
        };
        if self.registry.get(&name).is_none_or(|entry| entry.kind() != RoleKind::Output) {
            self.failed.push("output");
            let names = self.registry.names(&[RoleKind::Output]);
            let formats: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("output.")).collect();
            return self.report.push(
                Diagnostic::error(format.place.clone(), format!("there is no output `{}`", format.name))
                    .label(format!("there are: {}", formats.join(", ")))
                    .maybe_help(nearest(&format.name, &formats).map(|near| format!("did you mean `{near}`?"))),
            );
        }
        let options = match &format.value.content {
            Content::Scalar(Value::String(_)) => option("path", &format.value),
            _ => format.value.clone(),
        };
        if options.is_broken() {
            return self.failed.push("output");
        }
        let id = entries.iter().find(|entry| entry.name == "id");
        let id_text: Option<String> = id.and_then(|id| crate::file::read(&id.value, "id", self.report));
        let Some(built) = self.build(&name, &format.place, Some(&options), Path::new("")) else {
            return self.failed.push("output");
        };
        self.expanded.outputs.push(ExpandedPart::new(&built, None, options_secret(&options)));
        let path = options.find("/path").map_or(&options, |(path, _)| path).place.clone();
        let places = PartPlaces { path: Some(path), ..PartPlaces::of(format.place.clone()) };
        self.push(built, Settings { id: id_text, ..Settings::default() }, places);
    }

    fn push(&mut self, built: Built, settings: Settings, places: PartPlaces) {
        self.list.push((built, settings));
        self.places.push(places);
    }

    /// A part that does nothing and gives what the component of this name would by default.
    fn absent(&mut self, name: &str) -> Built {
        let entry = self.registry.get(name);
        if entry.is_some_and(|entry| entry.kind() == RoleKind::Reader) {
            self.failed.push("reader");
        }
        Built {
            name: name.to_owned(),
            version: String::new(),
            options: Value::Null,
            needs: Vec::new(),
            gives: entry.map(|entry| entry.gives().to_vec()).unwrap_or_default(),
            files: Vec::new(),
            paths: Vec::new(),
            base: PathBuf::new(),
            isolated: false,
            plugin: None,
            deterministic: true,
            role: Role::stage(Absent),
        }
    }

    fn build(&mut self, name: &str, place: &Place, options: Option<&Node>, base: &Path) -> Option<Built> {
        let cx = BuildContext::new(base, self.limits.clone());
        let mut json = options.map_or(Some(Value::Null), Node::json)?;
        let mut result = self.registry.build(name, &json, &cx);
        if let (Err(BuildError::Options { errors, .. }), Some(options)) = (&result, options)
            && retype_secrets(&mut json, options, errors)
        {
            result = self.registry.build(name, &json, &cx);
        }
        let broken = options.is_some_and(Node::has_broken);
        match result {
            Ok(built) if !broken => Some(built),
            Ok(_) => None,
            Err(BuildError::Unknown { name, .. }) => {
                self.report.push(Diagnostic::error(place.clone(), format!("there is no {name} in this build")));
                None
            }
            Err(BuildError::Options { name, errors }) => {
                for error in errors {
                    // What a component misses may be what could not be read.
                    if broken && options.is_some_and(|options| options.find(&error.pointer).is_none()) {
                        continue;
                    }
                    self.report.push(option_error(&name, place, options, &error));
                }
                None
            }
        }
    }

    /// The pipeline, where nothing was wrong; how it would be written in full.
    pub(crate) fn finish(self, name: &str, root: &Place, stages: &Place) -> (Option<Pipeline>, Expanded) {
        let mut builder = Pipeline::builder(name).limits(self.limits.clone());
        let ids: Vec<(String, Vec<Field>)> = self
            .list
            .iter()
            .map(|(built, settings)| (settings.id.clone().unwrap_or_else(|| built.name.clone()), built.gives.clone()))
            .collect();
        for (built, settings) in self.list {
            builder.push(built, settings);
        }
        let errors = match builder.build() {
            Ok(pipeline) => return (Some(pipeline), self.expanded),
            Err(errors) => errors,
        };
        let wiring = Wiring { registry: self.registry, places: &self.places, ids: &ids, root, stages };
        for error in errors {
            let told_already = match &error {
                PipelineError::Without(what) => self.failed.contains(what),
                PipelineError::Missing { part, .. } => self.trusted.is_some_and(|trusted| *part >= trusted),
                PipelineError::Options { .. }
                | PipelineError::SameId { .. }
                | PipelineError::SamePath { .. }
                | PipelineError::ReservedName { .. } => false,
            };
            if !told_already {
                self.report.push(wiring.diagnostic(error));
            }
        }
        (None, self.expanded)
    }
}

impl PartPlaces {
    fn of(name: Place) -> Self {
        Self { name, id: None, when: None, path: None }
    }
}

/// What is needed to say where parts do not fit together.
struct Wiring<'a> {
    registry: &'a Registry,
    places: &'a [PartPlaces],
    ids: &'a [(String, Vec<Field>)],
    root: &'a Place,
    stages: &'a Place,
}

impl Wiring<'_> {
    fn diagnostic(&self, error: PipelineError) -> Diagnostic {
        match error {
            PipelineError::Missing { part, id, need, later, condition } => {
                self.missing(part, &id, &need, later.as_deref(), condition)
            }
            PipelineError::SameId { part, id } => {
                let places = &self.places[part];
                let diagnostic = Diagnostic::error(
                    places.id.clone().unwrap_or_else(|| places.name.clone()),
                    format!("two stages are called `{id}`"),
                )
                .label("called so again")
                .help(format!("give one of them a name of its own: `id: {id}-2` beside it"));
                match self.ids.iter().position(|(other, _)| *other == id).filter(|first| *first != part) {
                    Some(first) => diagnostic.related(self.places[first].name.clone(), "called so first"),
                    None => diagnostic,
                }
            }
            PipelineError::SamePath { part, path } => {
                let place = |part: &PartPlaces| part.path.clone().unwrap_or_else(|| part.name.clone());
                let diagnostic =
                    Diagnostic::error(place(&self.places[part]), format!("two outputs write to {}", path.display()))
                        .label("written again here");
                let written = |part: &&PartPlaces| {
                    part.path.as_ref().is_some_and(|place| Path::new(place.text().trim_matches(['"', '\''])) == path)
                };
                match self.places[..part].iter().find(written) {
                    Some(first) => diagnostic.related(place(first), "written first here"),
                    None => diagnostic,
                }
            }
            PipelineError::ReservedName { part, path } => {
                let places = &self.places[part];
                let message = format!("every run writes a file of this name: {}", path.display());
                Diagnostic::error(places.path.clone().unwrap_or_else(|| places.name.clone()), message)
                    .label("expected another name")
            }
            PipelineError::Without(what) => {
                let help = match what {
                    "input" => "say where the documents are: `input: docs/`",
                    "reader" => "begin `stages:` with `- ingest`",
                    _ => "say what to write: `output: [{ jsonl: out/documents.jsonl }]`",
                };
                let message = match what {
                    "reader" => "no stage of the pipeline reads documents".to_owned(),
                    what => format!("the pipeline has no {what}"),
                };
                let place = if what == "reader" { self.stages } else { self.root };
                Diagnostic::error(place.clone(), message).help(help)
            }
            PipelineError::Options { part, errors } => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Diagnostic::error(self.places[part].name.clone(), errors.join("; "))
            }
        }
    }

    fn missing(&self, part: usize, id: &str, need: &Field, later: Option<&str>, condition: bool) -> Diagnostic {
        let places = &self.places[part];
        let (place, who) = match &places.when {
            Some(when) if condition => (when.clone(), format!("the condition of `{id}`")),
            _ => (places.name.clone(), format!("`{id}`")),
        };
        if let Some(later) = later {
            let giver = (part + 1..self.ids.len()).find(|&at| self.ids[at].0 == later);
            let diagnostic =
                Diagnostic::error(place, format!("{who} needs {need}, which `{later}` gives only after it"))
                    .label("needed here")
                    .help(format!("move `{later}` before `{id}`"));
            return match giver {
                Some(giver) => diagnostic.related(self.places[giver].name.clone(), "given here"),
                None => diagnostic,
            };
        }
        let givers = self.registry.entries().filter(|entry| entry.gives().iter().any(|given| given.satisfies(need)));
        let givers: Vec<String> = givers.take(3).map(|entry| format!("`- {}`", entry.name())).collect();
        Diagnostic::error(place, format!("{who} needs {need}, which nothing before it gives"))
            .label("needed here")
            .maybe_help((!givers.is_empty()).then(|| format!("add {} before it", givers.join(" or "))))
    }
}

pub(crate) fn option_error(name: &str, stage: &Place, options: Option<&Node>, error: &OptionError) -> Diagnostic {
    let found = options.filter(|_| !error.pointer.is_empty()).and_then(|options| options.nearest(&error.pointer));
    let (label, serde_help) = friendly(&error.message);
    let help = error.help.clone().or(serde_help);
    if let Some(unknown) = error.message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
        // serde says this of the key or of the mapping that it is in.
        let pointer = error.pointer.strip_suffix(&format!("/{unknown}")).unwrap_or(&error.pointer);
        let key = options.and_then(|options| options.find(&format!("{pointer}/{unknown}"))).and_then(|(_, key)| key);
        let of = if pointer.is_empty() { String::new() } else { format!("`{}` of ", dotted(pointer)) };
        return Diagnostic::error(key.unwrap_or(stage).clone(), format!("{of}`{name}` has no option `{unknown}`"))
            .label(label)
            .maybe_help(help);
    }
    if error.at_key {
        // "x has no option `y`; it has: ..."
        let (message, label) = error.message.split_once("; ").unwrap_or((&error.message, "unknown option"));
        let message = message.replacen(name, &format!("`{name}`"), 1);
        let place = found.and_then(|(_, key)| key.cloned()).unwrap_or_else(|| stage.clone());
        return Diagnostic::error(place, message).label(label).maybe_help(help);
    }
    let message = match dotted(&error.pointer) {
        path if path.is_empty() => format!("wrong options for `{name}`"),
        path => format!("wrong value for `{path}` of `{name}`"),
    };
    let Some((node, _)) = found else {
        let place = match options {
            Some(options) if !matches!(options.content, Content::Map(_)) => options.place.clone(),
            _ => stage.clone(),
        };
        return Diagnostic::error(place, message).label(label).maybe_help(help);
    };
    let place = error.within.clone().map_or_else(|| node.place.clone(), |span| place_in(node, span));
    with_origin(Diagnostic::error(place, message).label(label).maybe_help(help), node)
}

/// Everything from the environment is text; where an option takes no text, it is read as YAML would read it.
fn retype_secrets(json: &mut Value, options: &Node, errors: &[OptionError]) -> bool {
    let mut changed = false;
    for error in errors {
        let secret = options.find(&error.pointer).filter(|(node, _)| node.secret).and_then(|(node, _)| node.json());
        if let (Some(value), Some(place)) = (secret.as_ref().and_then(retyped), json.pointer_mut(&error.pointer)) {
            *place = value;
            changed = true;
        }
    }
    changed
}

pub(crate) fn options_secret(options: &Node) -> bool {
    match &options.content {
        Content::Scalar(_) | Content::Broken => options.secret,
        Content::List(items) => items.iter().any(options_secret),
        Content::Map(entries) => entries.iter().any(|entry| options_secret(&entry.value)),
    }
}

fn run_settings(settings: ItemSettings) -> Settings {
    Settings {
        id: settings.id.map(|(id, _)| id),
        when: settings.when.map(|(when, _)| when as _),
        timeout: settings.timeout,
        on_error: settings.on_error,
        isolate: settings.isolate.map(|(isolate, _)| isolate),
    }
}

/// A path or address alone, as the option that it stands for.
fn option(name: &str, value: &Node) -> Node {
    let entry = crate::node::Entry { name: name.to_owned(), place: value.place.clone(), value: value.clone() };
    Node::new(Content::Map(vec![entry]), value.place.clone())
}

/// The scheme of an address such as `s3://bucket/folder`.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once("://")?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    (scheme.len() > 1 && scheme.bytes().all(plain)).then_some(scheme)
}

/// The folder of a file, where relative paths in it start.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}
