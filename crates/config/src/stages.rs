//! The list of stages as written: names, options and settings, with families and included files brought in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use docmill_core::{OnError, Registry, RoleKind, nearest};
use docmill_expression::When;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::file::{StageSettings, keys, read, refuse_unknown_keys};
use crate::node::{Content, Entry, Node};
use crate::plugins::Plugins;
use crate::source::Place;
use crate::variables::{Variables, definitions, place_in};
use crate::yaml;

/// The kinds of components that stand under `stages:`.
pub(crate) const STAGES: [RoleKind; 4] = [RoleKind::Reader, RoleKind::Stage, RoleKind::Filter, RoleKind::Corpus];
/// How many files may include each other in a row.
const MAX_INCLUDES: usize = 16;
/// How many files may be included in all: a file included twice by each of its includers would have no end otherwise.
const MAX_INCLUDED: usize = 200;
/// How many stages a pipeline may have.
const MAX_STAGES: usize = 1000;
/// The keys of an included file.
const INCLUDED_KEYS: [&str; 5] = ["version", "name", "vars", "plugins", "stages"];

/// A stage as written.
pub(crate) struct StageItem {
    pub(crate) name: StageName,
    /// Where its name stands.
    pub(crate) place: Place,
    pub(crate) options: Option<Node>,
    pub(crate) settings: ItemSettings,
    /// Where relative paths in its options start.
    pub(crate) base: PathBuf,
}

/// What the name of a stage turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StageName {
    /// A component.
    Component(String),
    /// The recommended components of a family.
    Family(String),
    /// No name, which was reported; perhaps this component was meant.
    Unknown(Option<String>),
}

/// What stands beside the name.
#[derive(Default, Clone)]
pub(crate) struct ItemSettings {
    pub(crate) id: Option<(String, Place)>,
    pub(crate) when: Option<(Arc<When>, Place)>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) on_error: OnError,
    pub(crate) isolate: Option<(bool, Place)>,
    /// Where the first of those stands that a reader cannot have.
    runs: Option<(String, Place)>,
}

/// Reads the stages of a file and of what it includes.
pub(crate) struct StageReader<'a> {
    pub(crate) registry: &'a mut Registry,
    pub(crate) report: &'a mut Diagnostics,
    pub(crate) stages: Vec<StageItem>,
    pub(crate) plugins: Plugins,
    /// The files that are being read, outermost first: what each is, and what it is called in messages.
    pub(crate) chain: Vec<(PathBuf, String)>,
    /// The names of variables in included files.
    pub(crate) included_variables: BTreeSet<String>,
    /// The files that were included.
    pub(crate) included: Vec<PathBuf>,
}

impl StageReader<'_> {
    /// Reads a list of stages. `folder` is that of its file.
    pub(crate) fn list(&mut self, node: &Node, variables: &Variables<'_, '_>, folder: &Path) {
        let resolved;
        let list = if node.as_text().is_some() {
            resolved = variables.resolve(node, self.report);
            &resolved
        } else {
            node
        };
        match &list.content {
            Content::List(items) => items.iter().for_each(|item| self.item(item, variables, folder)),
            Content::Broken => self.unknown(list.place.clone(), folder),
            Content::Scalar(_) | Content::Map(_) => {
                self.report.push(
                    Diagnostic::error(list.place.clone(), "`stages` is no list")
                        .label(format!("expected a list of stages, found {}", list.found()))
                        .help("begin each stage with `- `"),
                );
                self.unknown(list.place.clone(), folder);
            }
        }
    }

    fn item(&mut self, item: &Node, variables: &Variables<'_, '_>, folder: &Path) {
        if self.stages.len() >= MAX_STAGES {
            if self.stages.len() == MAX_STAGES {
                let message = format!("the pipeline has more than {MAX_STAGES} stages");
                self.report.push(Diagnostic::error(item.place.clone(), message).label("the limit is passed here"));
            }
            return;
        }
        let item = variables.resolve(item, self.report);
        match &item.content {
            Content::Scalar(_) if item.as_text().is_some_and(|name| !name.is_empty()) => {
                let name = item.as_text().unwrap_or_default();
                let found = self.name(name, &item.place);
                self.push(found, item.place.clone(), None, ItemSettings::default(), folder);
            }
            Content::Map(entries) => match entries.iter().find(|entry| entry.name == "include") {
                Some(include) => self.include(include, entries, variables, folder),
                None => self.mapping(&item, entries, folder),
            },
            Content::Broken => self.unknown(item.place.clone(), folder),
            Content::Scalar(_) | Content::List(_) => {
                self.report.push(
                    Diagnostic::error(item.place.clone(), "this is no stage")
                        .label(format!("expected the name of a stage, or `name: options`, found {}", item.found())),
                );
                self.unknown(item.place.clone(), folder);
            }
        }
    }

    fn push(&mut self, name: StageName, place: Place, options: Option<Node>, settings: ItemSettings, folder: &Path) {
        self.stages.push(StageItem { name, place, options, settings, base: folder.to_owned() });
    }

    /// Something that is no stage stands in for any stage, so that nothing is said of what it would have given.
    fn unknown(&mut self, place: Place, folder: &Path) {
        self.push(StageName::Unknown(None), place, None, ItemSettings::default(), folder);
    }

    /// A mapping: the key that is no setting names the stage.
    fn mapping(&mut self, item: &Node, entries: &[Entry], folder: &Path) {
        let settings = keys::<StageSettings>();
        let others: Vec<&Entry> = entries.iter().filter(|entry| !settings.contains(&entry.name)).collect();
        let known: Vec<&Entry> = others.iter().copied().filter(|entry| self.lookup(&entry.name).is_some()).collect();
        let Some(&stage) = known.first().or(others.first()) else {
            let label = "expected the name of a stage with its options, such as `tag.language:`";
            self.report.push(Diagnostic::error(item.place.clone(), "this item names no stage").label(label));
            return self.unknown(item.place.clone(), folder);
        };
        let name = self.name(&stage.name, &stage.place);
        for other in others.iter().filter(|other| other.place != stage.place) {
            let diagnostic = self.stray_key(&name, stage, other, &settings);
            self.report.push(diagnostic);
        }
        let options = Some(stage.value.clone()).filter(|options| !options.is_null());
        let read = self.settings(entries);
        self.refuse_what_does_not_fit(&name, stage, options.as_ref(), &read);
        self.push(name, stage.place.clone(), options, read, folder);
    }

    fn stray_key(&self, name: &StageName, stage: &Entry, other: &Entry, settings: &[String]) -> Diagnostic {
        if self.lookup(&other.name).is_some() {
            return Diagnostic::error(other.place.clone(), "two stages stand in one item of the list")
                .label("a second stage")
                .related(stage.place.clone(), "the first stage")
                .help("begin each stage with `- ` on a line of its own");
        }
        let what = &other.name;
        let diagnostic = Diagnostic::error(other.place.clone(), format!("`{what}` cannot stand beside a stage"))
            .label(format!("there are: {}", settings.join(", ")));
        let is_option = match name {
            StageName::Component(name) => {
                self.registry.get(name).is_some_and(|entry| entry.schema()["properties"].get(what).is_some())
            }
            StageName::Family(_) | StageName::Unknown(_) => false,
        };
        if is_option {
            return diagnostic
                .help(format!("`{what}` is an option of {}: indent it further than the name", stage.name));
        }
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        diagnostic.maybe_help(nearest(what, &settings).map(|near| format!("did you mean `{near}`?")))
    }

    fn settings(&mut self, entries: &[Entry]) -> ItemSettings {
        let mut settings = ItemSettings::default();
        for entry in entries.iter().filter(|entry| !entry.value.is_broken()) {
            match entry.name.as_str() {
                "id" => settings.id = self.id(&entry.value).map(|id| (id, entry.value.place.clone())),
                "when" => settings.when = self.when(&entry.value).map(|when| (when, entry.value.place.clone())),
                "timeout" => {
                    let timeout: Option<docmill_core::TimeSpan> = read(&entry.value, "timeout", self.report);
                    settings.timeout = timeout.map(|timeout| timeout.0);
                }
                "on_error" => settings.on_error = read(&entry.value, "on_error", self.report).unwrap_or_default(),
                "isolate" => {
                    let isolate = read(&entry.value, "isolate", self.report);
                    settings.isolate = isolate.map(|isolate| (isolate, entry.place.clone()));
                }
                _ => continue,
            }
            if !matches!(entry.name.as_str(), "id" | "isolate") {
                settings.runs.get_or_insert((entry.name.clone(), entry.place.clone()));
            }
        }
        settings
    }

    fn id(&mut self, node: &Node) -> Option<String> {
        let id: String = read(node, "id", self.report)?;
        let plain = |c: char| c.is_alphanumeric() || "._-".contains(c);
        if id.is_empty() || id.len() > 100 || !id.chars().all(plain) {
            self.report.push(
                Diagnostic::error(node.place.clone(), "this cannot be an id")
                    .label("expected letters, digits, `.`, `_` and `-`"),
            );
            return None;
        }
        Some(id)
    }

    fn when(&mut self, node: &Node) -> Option<Arc<When>> {
        let text = match &node.content {
            Content::Scalar(serde_json::Value::Bool(value)) => value.to_string(),
            _ => read::<String>(node, "when", self.report)?,
        };
        match When::compile(&text) {
            Ok(when) => Some(Arc::new(when)),
            Err(errors) => {
                for error in errors.0 {
                    let place = place_in(node, error.span);
                    let diagnostic = Diagnostic::error(place, error.message).label(error.label).maybe_help(error.help);
                    self.report.push(crate::file::with_origin(diagnostic, node));
                }
                None
            }
        }
    }

    fn refuse_what_does_not_fit(
        &mut self,
        name: &StageName,
        stage: &Entry,
        options: Option<&Node>,
        settings: &ItemSettings,
    ) {
        match name {
            StageName::Family(family) => {
                let beside = settings.runs.as_ref().or(settings.id.as_ref()).map(|(_, place)| place);
                let beside = beside.or(settings.isolate.as_ref().map(|(_, place)| place));
                let place = options.map(|options| &options.place).or(beside);
                if let Some(place) = place {
                    let member = self.registry.family(family).first().map_or("", |entry| entry.name());
                    self.report.push(
                        Diagnostic::error(place.clone(), format!("`{family}` stands for several stages"))
                            .label("expected no options and no settings here")
                            .related(stage.place.clone(), "a family of stages")
                            .help(format!(
                                "configure one of them by its own name, such as `{member}`, beside `- {family}`"
                            )),
                    );
                }
            }
            StageName::Component(name) => {
                let kind = self.registry.get(name).map(docmill_core::Entry::kind);
                let reader = kind == Some(RoleKind::Reader);
                if let Some((key, place)) = settings.runs.as_ref().filter(|_| reader) {
                    self.report.push(
                        Diagnostic::error(place.clone(), format!("`{name}` is a reader and has no `{key}`"))
                            .label("readers make documents; settings like this one are of stages that work on them"),
                    );
                }
                let plugin = self.registry.get(name).and_then(docmill_core::Entry::plugin);
                let isolate = settings.isolate.as_ref().filter(|(isolate, _)| *isolate);
                if let (Some((_, place)), Some(kind)) = (isolate, plugin) {
                    self.report.push(
                        Diagnostic::error(place.clone(), format!("`{name}` cannot be isolated"))
                            .label(format!("a plugin of the kind `{kind}` is apart from docmill as it is")),
                    );
                }
                let in_process = self.registry.get(name).is_some_and(docmill_core::Entry::in_process);
                if let Some((_, place)) = isolate.filter(|_| in_process) {
                    self.report.push(
                        Diagnostic::error(place.clone(), format!("`{name}` cannot be isolated"))
                            .label("its key, its rates and its answers are those of the process of the run"),
                    );
                }
                if let Some((_, place)) = isolate.filter(|_| kind == Some(RoleKind::Corpus)) {
                    self.report.push(
                        Diagnostic::error(place.clone(), format!("`{name}` cannot be isolated"))
                            .label("a stage that looks at all documents works in the process of the run"),
                    );
                }
            }
            StageName::Unknown(_) => {}
        }
    }

    fn lookup(&self, name: &str) -> Option<StageName> {
        if let Some(entry) = self.registry.get(name).filter(|entry| STAGES.contains(&entry.kind())) {
            return Some(StageName::Component(entry.name().to_owned()));
        }
        self.families().into_iter().find(|family| *family == name).map(|family| StageName::Family(family.to_owned()))
    }

    fn families(&self) -> Vec<&str> {
        let stages = self.registry.entries().filter(|entry| STAGES.contains(&entry.kind()) && entry.recommended());
        stages.map(docmill_core::Entry::family).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn name(&mut self, name: &str, place: &Place) -> StageName {
        if let Some(found) = self.lookup(name) {
            return found;
        }
        if self.plugins.is_broken(name) {
            return StageName::Unknown(None);
        }
        if let Some(entry) = self.registry.get(name) {
            let (key, what) = match entry.kind() {
                RoleKind::Output => ("output", "writes records"),
                _ => ("input", "lists sources"),
            };
            self.report.push(
                Diagnostic::error(place.clone(), format!("`{name}` {what}; it is no stage"))
                    .label(format!("expected under `{key}:`")),
            );
            return StageName::Unknown(None);
        }
        if let Some(way_out) = self.registry.way_out_of(name) {
            self.report.push(
                Diagnostic::error(place.clone(), format!("this binary was built without `{name}`"))
                    .label("left out of this build")
                    .help(way_out),
            );
            return StageName::Unknown(None);
        }
        let near = self.nearest(name);
        let component = near.and_then(|near| self.registry.get(near)).map(|entry| entry.name().to_owned());
        let help = near.map(|near| format!("did you mean `{near}`?")).or_else(|| self.of_family(name));
        self.report.push(
            Diagnostic::error(place.clone(), format!("there is no stage `{name}`"))
                .label("unknown stage")
                .help(help.unwrap_or_else(|| "`docmill stages` lists them all".to_owned())),
        );
        StageName::Unknown(component)
    }

    fn nearest(&self, name: &str) -> Option<&str> {
        let names = self.registry.names(&STAGES);
        let all: Vec<&str> = names.iter().copied().chain(self.families()).collect();
        // `keyphrases` without its family is a likely mistake too.
        let bare = |full| str::split_once(full, '.').map_or(full, |(_, bare)| bare);
        let without_family = || {
            let near = nearest(name, &names.iter().map(|full| bare(full)).collect::<Vec<_>>())?;
            names.iter().copied().find(|full| bare(full) == near)
        };
        nearest(name, &all).or_else(without_family)
    }

    fn of_family(&self, name: &str) -> Option<String> {
        let (family, _) = name.split_once('.')?;
        let names = self.registry.names(&STAGES);
        let members: Vec<&str> =
            names.into_iter().filter(|name| name.split_once('.').is_some_and(|(of, _)| of == family)).collect();
        (!members.is_empty()).then(|| format!("the stages of `{family}` are: {}", members.join(", ")))
    }

    fn include(&mut self, include: &Entry, entries: &[Entry], variables: &Variables<'_, '_>, folder: &Path) {
        for other in entries.iter().filter(|entry| entry.name != "include") {
            self.report.push(
                Diagnostic::error(other.place.clone(), format!("`{}` cannot stand beside `include`", other.name))
                    .label("expected `include` alone"),
            );
        }
        if include.value.is_broken() {
            return self.unknown(include.place.clone(), folder);
        }
        let Some(path) = include.value.as_text().filter(|path| !path.is_empty()) else {
            self.report.push(
                Diagnostic::error(include.value.place.clone(), "wrong value for `include`")
                    .label(format!("expected the path of a pipeline file, found {}", include.value.found())),
            );
            return self.unknown(include.place.clone(), folder);
        };
        if self.included(&folder.join(path), &include.value.place, variables).is_none() {
            self.unknown(include.place.clone(), folder);
        }
    }

    fn included(&mut self, path: &Path, place: &Place, variables: &Variables<'_, '_>) -> Option<()> {
        let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = path.display().to_string();
        if let Some(start) = self.chain.iter().position(|(file, _)| *file == identity) {
            let mut cycle: Vec<&str> = self.chain[start..].iter().map(|(_, name)| name.as_str()).collect();
            cycle.push(cycle[0]);
            self.report.push(
                Diagnostic::error(place.clone(), "files include each other in a circle").label(cycle.join(" -> ")),
            );
            return None;
        }
        self.included.push(path.to_owned());
        if self.chain.len() >= MAX_INCLUDES || self.included.len() > MAX_INCLUDED {
            let message = if self.included.len() > MAX_INCLUDED {
                format!("more than {MAX_INCLUDED} files are included")
            } else {
                format!("files include each other more than {MAX_INCLUDES} deep")
            };
            self.report.push(Diagnostic::error(place.clone(), message).label("the limit is passed here"));
            return None;
        }
        let source = match yaml::open(path) {
            Ok(source) => source,
            Err(problem) => {
                let problem = match problem.place {
                    Some(_) => *problem,
                    None => Diagnostic { place: Some(place.clone()), label: "included here".to_owned(), ..*problem },
                };
                self.report.push(problem);
                return None;
            }
        };
        let file = yaml::read(&source, self.report)?;
        let Content::Map(entries) = &file.content else {
            self.report.push(
                Diagnostic::error(file.place.clone(), format!("{name} is no list of stages to include"))
                    .label(format!("expected a mapping with the key `stages`, found {}", file.found())),
            );
            return None;
        };
        refuse_unknown_keys(entries, &INCLUDED_KEYS.map(str::to_owned), "an included file", self.report);
        let get = |name: &str| entries.iter().find(|entry| entry.name == name).map(|entry| &entry.value);
        let defaults = definitions(get("vars"), self.report);
        self.included_variables.extend(defaults.keys().cloned());
        if let Some(plugins) = get("plugins") {
            let folder = path.parent().unwrap_or(Path::new(""));
            self.plugins.open(plugins, self.registry, &variables.within(defaults.clone()), folder, self.report);
        }
        let Some(stages) = get("stages") else {
            self.report.push(
                Diagnostic::error(file.place.clone(), format!("{name} has no `stages`"))
                    .label("expected the key `stages`")
                    .related(place.clone(), "included here"),
            );
            return None;
        };
        self.chain.push((identity, name));
        self.list(stages, &variables.within(defaults), path.parent().unwrap_or(Path::new("")));
        self.chain.pop();
        Some(())
    }
}

/// Puts the recommended components in the place of each family, those left out that the pipeline configures by name.
pub(crate) fn expand_families(items: Vec<StageItem>, registry: &Registry, report: &mut Diagnostics) -> Vec<StageItem> {
    let own: BTreeSet<String> = items
        .iter()
        .filter_map(|item| match &item.name {
            StageName::Component(name) => Some(name.clone()),
            StageName::Family(_) | StageName::Unknown(_) => None,
        })
        .collect();
    let mut seen: Vec<(String, Place)> = Vec::new();
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let StageName::Family(family) = item.name else {
            out.push(item);
            continue;
        };
        if let Some((_, first)) = seen.iter().find(|(earlier, _)| *earlier == family) {
            report.push(
                Diagnostic::error(item.place, format!("the family `{family}` is brought in twice"))
                    .label("again here")
                    .related(first.clone(), "first here"),
            );
            continue;
        }
        seen.push((family.clone(), item.place.clone()));
        let members = registry.family(&family).into_iter().filter(|entry| STAGES.contains(&entry.kind()));
        for entry in members.filter(|entry| !own.contains(entry.name())) {
            out.push(StageItem {
                name: StageName::Component(entry.name().to_owned()),
                place: item.place.clone(),
                options: None,
                settings: ItemSettings::default(),
                base: item.base.clone(),
            });
        }
    }
    out
}
