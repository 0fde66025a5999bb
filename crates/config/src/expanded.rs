//! A pipeline written out in full: families expanded, variables put in, all options shown.

use docmill_core::{Built, Condition as _, Limits, OnError, TimeSpan};
use serde_json::Value;
use serde_yaml::{Mapping, Value as Yaml};

use crate::plugins::PluginDefinition;
use crate::redact::{HIDDEN, Secrets};
use crate::settings::RunSettings;
use crate::stages::ItemSettings;
use crate::variables::escape;

/// What is written out.
#[derive(Debug, Default)]
pub(crate) struct Expanded {
    pub(crate) name: String,
    pub(crate) inputs: Vec<ExpandedPart>,
    pub(crate) plugins: Vec<PluginDefinition>,
    pub(crate) stages: Vec<ExpandedPart>,
    pub(crate) outputs: Vec<ExpandedPart>,
    pub(crate) limits: Limits,
    pub(crate) run: RunSettings,
}

/// A part with all its options and settings.
#[derive(Debug)]
pub(crate) struct ExpandedPart {
    name: String,
    options: Value,
    /// Whether some of them came from the environment.
    secret: bool,
    settings: Mapping,
}

impl ExpandedPart {
    pub(crate) fn new(built: &Built, settings: Option<&ItemSettings>, secret: bool) -> Self {
        let mut written = Mapping::new();
        if let Some(settings) = settings {
            let id = settings.id.as_ref().map(|(id, _)| id.clone());
            let when = settings.when.as_ref().map(|(when, _)| escape(when.text()));
            let timeout = settings.timeout.map(|timeout| TimeSpan(timeout).to_string());
            let on_error = match settings.on_error {
                OnError::Quarantine => None,
                OnError::Skip => Some("skip".to_owned()),
                OnError::Fail => Some("fail".to_owned()),
            };
            for (key, value) in [("id", id), ("when", when), ("timeout", timeout), ("on_error", on_error)] {
                written.extend(value.map(|value| (Yaml::from(key), Yaml::from(value))));
            }
            let isolate = settings.isolate.as_ref().map(|(isolate, _)| *isolate);
            written.extend(isolate.map(|isolate| (Yaml::from("isolate"), Yaml::from(isolate))));
        }
        Self { name: built.name.clone(), options: built.options.clone(), secret, settings: written }
    }

    fn options(&self, secrets: &Secrets) -> Yaml {
        let hidden = Secrets::default();
        yaml(&self.options, if self.secret { secrets } else { &hidden })
    }
}

impl Expanded {
    /// As YAML, without what came from the environment.
    pub(crate) fn to_yaml(&self, secrets: &Secrets) -> String {
        let mut root = Mapping::new();
        let mut put = |key: &str, value: Yaml| root.insert(key.into(), value);
        put("version", 1.into());
        put("name", escape(&secrets.redact(&self.name)).into());
        put("input", self.inputs.iter().map(|part| part.options(secrets)).collect::<Vec<_>>().into());
        if !self.plugins.is_empty() {
            let hidden = Secrets::default();
            let plugin = |plugin: &PluginDefinition| {
                let secrets = if plugin.secret { secrets } else { &hidden };
                (Yaml::from(plugin.name.as_str()), yaml(&plugin.json, secrets))
            };
            put("plugins", self.plugins.iter().map(plugin).collect::<Mapping>().into());
        }
        let stage = |part: &ExpandedPart| {
            let mut item = Mapping::new();
            item.insert(part.name.as_str().into(), part.options(secrets));
            let settings = part.settings.iter().map(|(key, value)| (key.clone(), redacted(value, secrets)));
            item.extend(settings);
            Yaml::from(item)
        };
        put("stages", self.stages.iter().map(stage).collect::<Vec<_>>().into());
        let output = |part: &ExpandedPart| {
            let format = part.name.trim_start_matches("output.");
            Yaml::from(Mapping::from_iter([(Yaml::from(format), part.options(secrets))]))
        };
        put("output", self.outputs.iter().map(output).collect::<Vec<_>>().into());
        put("limits", serde_yaml::to_value(&self.limits).unwrap_or_default());
        if let Some(workers) = self.run.workers {
            put("workers", (workers as u64).into());
        }
        if let Some(memory) = self.run.memory {
            put("memory", memory.to_string().into());
        }
        if let Some(allowed) = self.run.allow_failures {
            put("allow_failures", allowed.to_string().into());
        }
        serde_yaml::to_string(&root).unwrap_or_default()
    }
}

fn redacted(value: &Yaml, secrets: &Secrets) -> Yaml {
    value.as_str().map_or_else(|| value.clone(), |text| Yaml::from(secrets.redact(text)))
}

fn yaml(value: &Value, secrets: &Secrets) -> Yaml {
    match value {
        Value::Null => Yaml::Null,
        Value::String(text) => escape(&secrets.redact(text)).into(),
        Value::Bool(_) | Value::Number(_) if secrets.has(&value.to_string()) => HIDDEN.into(),
        Value::Bool(value) => (*value).into(),
        Value::Number(_) => serde_yaml::to_value(value).unwrap_or_default(),
        Value::Array(items) => items.iter().map(|item| yaml(item, secrets)).collect::<Vec<_>>().into(),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (Yaml::from(key.as_str()), yaml(value, secrets)));
            entries.collect::<Mapping>().into()
        }
    }
}
