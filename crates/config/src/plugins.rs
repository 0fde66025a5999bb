//! The `plugins:` of a file: names for stages that live outside the binary. Each is opened here, so that it can be used like a
//! stage of the binary from then on.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use docmill_core::{BuildContext, Limits, Opener, Registry, RegistryError, nearest};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::file::{StageSettings, keys};
use crate::node::{Content, Entry, Node};
use crate::parts::{option_error, options_secret};
use crate::source::{Place, Source};
use crate::stages::{StageItem, StageName};
use crate::variables::Variables;

/// A plugin as written.
#[derive(Debug)]
pub(crate) struct PluginDefinition {
    pub(crate) name: String,
    pub(crate) json: Value,
    /// Whether some of it came from the environment.
    pub(crate) secret: bool,
}

/// What is known of the plugins of a pipeline and of the files that it includes.
#[derive(Default)]
pub(crate) struct Plugins {
    pub(crate) limits: Limits,
    /// Where each name was given.
    places: BTreeMap<String, Place>,
    /// The names whose definitions are wrong, which was reported.
    broken: Vec<String>,
    /// What stands under each name.
    pub(crate) definitions: Vec<PluginDefinition>,
}

impl Plugins {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Whether a plugin of this name is written, and wrong.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        self.broken.iter().any(|broken| broken == name)
    }

    /// Says which plugins of the file `source` no stage is called after; those of included files may be for other pipelines.
    pub(crate) fn warn_of_unused(&self, stages: &[StageItem], source: &Arc<Source>, report: &mut Diagnostics) {
        let used = |name: &String| stages.iter().any(|stage| stage.name == StageName::Component(name.clone()));
        for (name, place) in self.places.iter().filter(|(name, _)| !used(name)) {
            if Arc::ptr_eq(place.source(), source) && !report.has_errors() {
                report.push(
                    Diagnostic::warning(place.clone(), format!("the plugin `{name}` is not used"))
                        .label("no stage is called so"),
                );
            }
        }
    }

    /// Whether one is wrong.
    pub(crate) fn has_broken(&self) -> bool {
        !self.broken.is_empty()
    }

    /// Opens the plugins of a file. Relative paths in their definitions start at `folder`.
    pub(crate) fn open(
        &mut self,
        node: &Node,
        registry: &mut Registry,
        variables: &Variables<'_, '_>,
        folder: &Path,
        report: &mut Diagnostics,
    ) {
        let node = variables.resolve(node, report);
        match &node.content {
            Content::Map(entries) => {
                for entry in entries {
                    self.one(entry, registry, folder, report);
                }
            }
            Content::Scalar(Value::Null) | Content::Broken => {}
            Content::Scalar(_) | Content::List(_) => report.push(
                Diagnostic::error(node.place.clone(), "`plugins` is no mapping")
                    .label(format!("expected `name: definition` pairs, found {}", node.found()))
                    .help("write `plugins: { terms: { process: [python3, terms.py] } }`"),
            ),
        }
    }

    fn one(&mut self, entry: &Entry, registry: &mut Registry, folder: &Path, report: &mut Diagnostics) {
        let Entry { name, place, value } = entry;
        if let Some(first) = self.places.get(name) {
            // Not where a file is included twice.
            if first != place {
                report.push(
                    Diagnostic::error(place.clone(), format!("two plugins are called `{name}`"))
                        .label("called so again")
                        .related(first.clone(), "called so first"),
                );
                self.broken.push(name.clone());
            }
            return;
        }
        self.places.insert(name.clone(), place.clone());
        let Some(plugin) = self.opened(entry, registry, folder, report) else {
            return self.broken.push(name.clone());
        };
        if let Err(error) = registry.add(plugin) {
            report.push(match error {
                RegistryError::Malformed(_) => misnamed(name, place),
                RegistryError::Taken(_) => {
                    Diagnostic::error(place.clone(), format!("docmill has stages called `{name}` of its own"))
                        .label("expected another name")
                }
            });
            return self.broken.push(name.clone());
        }
        let secret = options_secret(value);
        self.definitions.extend(value.json().map(|json| PluginDefinition { name: name.clone(), json, secret }));
    }

    fn opened(
        &self,
        entry: &Entry,
        registry: &Registry,
        folder: &Path,
        report: &mut Diagnostics,
    ) -> Option<docmill_core::Entry> {
        let Entry { name, place, value } = entry;
        if is_reserved(name) {
            report.push(misnamed(name, place).help("names of settings and `include` have a meaning of their own"));
            return None;
        }
        let keys: Vec<&str> = registry.openers().iter().map(Opener::key).collect();
        let one_of = match keys.as_slice() {
            [] => "this binary knows no kinds of plugins".to_owned(),
            keys => format!("expected one of: {}", keys.join(", ")),
        };
        let Content::Map(definition) = &value.content else {
            if !value.is_broken() {
                report.push(
                    Diagnostic::error(value.place.clone(), format!("`{name}` is no plugin"))
                        .label(format!("{one_of}; found {}", value.found())),
                );
            }
            return None;
        };
        let known = definition.iter().filter_map(|entry| {
            registry.openers().iter().find(|opener| opener.key() == entry.name).map(|opener| (entry, opener))
        });
        let known: Vec<_> = known.collect();
        match known.as_slice() {
            [(_, opener)] => {
                let cx = BuildContext::new(folder, self.limits.clone());
                let plugin = opener.open(name, &value.json()?, &cx);
                for error in plugin.as_ref().err().into_iter().flatten() {
                    report.push(option_error(&format!("plugin {name}"), place, Some(value), error));
                }
                plugin.ok()
            }
            [] => {
                let near = definition.iter().find_map(|entry| nearest(&entry.name, &keys));
                let at = definition.first().map_or(place, |entry| &entry.place);
                report.push(
                    Diagnostic::error(at.clone(), format!("`{name}` does not say what kind of plugin it is"))
                        .label(one_of)
                        .maybe_help(near.map(|near| format!("did you mean `{near}`?"))),
                );
                None
            }
            [(first, _), (second, _), ..] => {
                report.push(
                    Diagnostic::error(second.place.clone(), format!("`{name}` is of two kinds"))
                        .label(one_of)
                        .related(first.place.clone(), "one kind"),
                );
                None
            }
        }
    }
}

/// Whether a name means something else among the stages of a file, so that no plugin can have it: `when`, `include`.
pub fn is_reserved(name: &str) -> bool {
    name == "include" || keys::<StageSettings>().iter().any(|key| key == name)
}

fn misnamed(name: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(place.clone(), format!("`{name}` cannot name a plugin"))
        .label("expected `name` or `family.name` in lower case, digits, `-` and `_`")
}
