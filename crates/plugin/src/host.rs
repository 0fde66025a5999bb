//! The host: makes a stage of the pipeline of a plugin of any kind.

use std::sync::Arc;

use docmill_core::contract::{Descriptor, Given, Plugin, PluginKind, PluginStage};
use docmill_core::{
    BuildContext, Built, Context, Document, Entry, Filter, Opener, OptionError, Registry, Role, StageError, Verdict,
    content_hash, read_struct,
};
use serde_json::{Value, json};

use crate::options::Options;

/// Adds a kind of plugin to those that pipelines can name under `plugins:`.
pub fn register<K: PluginKind>(registry: &mut Registry) {
    let schema = || schemars::schema_for!(K).to_value();
    registry.register_opener(Opener::new(K::KEY, schema, open::<K>));
}

/// Opens a plugin: from here on it is an entry of the registry.
fn open<K: PluginKind>(name: &str, definition: &Value, cx: &BuildContext) -> Result<Entry, Vec<OptionError>> {
    let kind: K = read_struct(&format!("plugin {name}"), definition)?;
    cx.take_files();
    let plugin = kind.open(name, cx)?;
    let descriptor = plugin.descriptor().clone();
    let options = Options::of(&descriptor).map_err(|error| vec![error])?;
    let (paths, mut files) = cx.take_files();
    // What it is and says of itself decides what comes of a document, as much as its files do.
    files.push(content_hash(json!([definition, descriptor]).to_string().as_bytes()));
    let name = name.to_owned();
    Ok(Entry::plugin_of(K::KEY, &name.clone(), &descriptor.clone(), move |given, cx| {
        let full = options.read(&name, given)?;
        let stage = plugin.start(&full, cx)?;
        Ok(Built {
            name: name.clone(),
            version: descriptor.version.clone(),
            options: full,
            needs: descriptor.needs.clone(),
            gives: descriptor.gives.clone(),
            files: files.clone(),
            paths: paths.clone(),
            base: cx.base().to_owned(),
            isolated: false,
            plugin: Some(K::KEY),
            deterministic: descriptor.deterministic,
            role: Role::filter(Hosted { plugin: Arc::clone(&plugin), stage }),
        })
    }))
}

/// A plugin at work as a stage.
struct Hosted {
    plugin: Arc<dyn Plugin>,
    stage: Arc<dyn PluginStage>,
}

impl Hosted {
    fn descriptor(&self) -> &Descriptor {
        self.plugin.descriptor()
    }
}

impl Filter for Hosted {
    fn judge(&self, doc: &mut Document, cx: &Context) -> Result<Verdict, StageError> {
        let given = Given::new(doc, self.descriptor());
        let answer = self.stage.process(&given, cx)?;
        let checked = given.check(answer)?;
        drop(given);
        let verdict = checked.apply(doc)?;
        if !self.descriptor().deterministic {
            // Another run may have another answer: this one is not kept.
            doc.stop_recording();
        }
        Ok(verdict)
    }
}
