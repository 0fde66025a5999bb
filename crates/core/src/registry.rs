//! All components that a binary has, by name.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::contract::Descriptor;
use crate::{BuildContext, Component, Field, OptionError, Role, RoleKind, options};

/// Components by name, in the order in which they were registered.
///
/// ```
/// use docmill_core::Registry;
/// let mut registry = Registry::new();
/// assert!(registry.get("tag.money").is_none());
/// # let _ = &mut registry;
/// ```
#[derive(Default, Clone)]
pub struct Registry {
    entries: Vec<Arc<Entry>>,
    by_name: BTreeMap<String, usize>,
    openers: Vec<Opener>,
    left_out: Vec<LeftOut>,
}

/// Components, or inputs of addresses, that another binary has.
#[derive(Clone)]
struct LeftOut {
    what: &'static [&'static str],
    way_out: &'static str,
}

/// What the registry knows of one component.
pub struct Entry {
    name: Arc<str>,
    kind: RoleKind,
    version: String,
    recommended: bool,
    in_process: bool,
    schemes: &'static [&'static str],
    needs: Vec<Field>,
    gives: Vec<Field>,
    schema: Box<dyn Fn() -> Value + Send + Sync>,
    build: Box<Build>,
    plugin: Option<&'static str>,
}

type Build = dyn Fn(&Value, &BuildContext) -> Result<Built, Vec<OptionError>> + Send + Sync;

/// A kind of plugin: how a stage outside the binary is opened from what stands under its name in `plugins:`.
#[derive(Clone)]
pub struct Opener {
    key: &'static str,
    schema: fn() -> Value,
    open: Arc<Open>,
}

type Open = dyn Fn(&str, &Value, &BuildContext) -> Result<Entry, Vec<OptionError>> + Send + Sync;

/// A component that was built from its options.
#[derive(Clone)]
pub struct Built {
    /// Its name, such as `tag.money`.
    pub name: String,
    /// The version of its code.
    pub version: String,
    /// All its options, defaults included.
    pub options: Value,
    /// What it needs with these options.
    pub needs: Vec<Field>,
    /// What it gives with these options.
    pub gives: Vec<Field>,
    /// The hashes of the files that its options name.
    pub files: Vec<String>,
    /// The paths of these files.
    pub paths: Vec<PathBuf>,
    /// The folder at which relative paths in its options start.
    pub base: PathBuf,
    /// Whether it works in a process of its own unless the pipeline says otherwise.
    pub isolated: bool,
    /// The kind of plugin that it is, where it lives outside the binary. Plugins keep to their timeouts by themselves.
    pub plugin: Option<&'static str>,
    /// Whether the same document always has the same result.
    pub deterministic: bool,
    /// The part itself.
    pub role: Role,
}

/// A name that cannot be registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Another component has it.
    #[error("two components are named {0}")]
    Taken(String),
    /// It is not of the form `family.name`.
    #[error("{0:?} is no component name: expected `family.name` in lower case, digits, `-` and `_`")]
    Malformed(String),
}

/// A component could not be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// No component has this name.
    #[error("there is no {name}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The name that was probably meant.
        nearest: Option<String>,
    },
    /// Its options are wrong.
    #[error("{name}: {}", list(errors))]
    Options {
        /// The component.
        name: String,
        /// All that is wrong.
        errors: Vec<OptionError>,
    },
}

/// Whether these schemes are some, and this one among them.
fn of(schemes: &[&str], scheme: Option<&str>) -> bool {
    scheme.map_or(!schemes.is_empty(), |scheme| schemes.contains(&scheme))
}

fn list(errors: &[OptionError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Registry {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a component.
    pub fn register<C: Component>(&mut self) -> Result<(), RegistryError> {
        let defaults = C::default();
        self.add(Entry {
            name: Arc::from(C::NAME),
            kind: C::KIND,
            version: C::VERSION.to_string(),
            recommended: C::RECOMMENDED,
            in_process: C::IN_PROCESS,
            schemes: C::SCHEMES,
            needs: defaults.needs(),
            gives: defaults.gives(),
            schema: Box::new(|| schemars::schema_for!(C).to_value()),
            build: Box::new(|value, cx| Built::from_component(options::read::<C>(value)?, cx)),
            plugin: None,
        })
    }

    /// Adds what was opened, or made by hand.
    pub fn add(&mut self, entry: Entry) -> Result<(), RegistryError> {
        let plain = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        };
        let name = entry.name();
        if name.split('.').count() > 2 || !name.split('.').all(plain) {
            return Err(RegistryError::Malformed(name.to_owned()));
        }
        if self.by_name.contains_key(name) || self.entries().any(|other| other.family() == name) {
            return Err(RegistryError::Taken(name.to_owned()));
        }
        self.by_name.insert(name.to_owned(), self.entries.len());
        self.entries.push(Arc::new(entry));
        Ok(())
    }

    /// Adds a kind of plugin.
    pub fn register_opener(&mut self, opener: Opener) {
        self.openers.push(opener);
    }

    /// The kinds of plugins that a binary knows, in the order of registration.
    pub fn openers(&self) -> &[Opener] {
        &self.openers
    }

    /// Says how to get a binary that reads addresses of these schemes, or has the components of these names (`family.name`), in one
    /// that does not.
    pub fn leave_out(&mut self, what: &'static [&'static str], way_out: &'static str) {
        self.left_out.push(LeftOut { what, way_out });
    }

    /// How to get a binary that reads addresses of this scheme, or of any for `None`; `None` where nobody said.
    pub fn way_out(&self, scheme: Option<&str>) -> Option<&'static str> {
        // The name of a component has a dot; no scheme here has.
        let left_out = |left: &&LeftOut| of(left.what, scheme) && !left.what.iter().any(|what| what.contains('.'));
        self.left_out.iter().find(left_out).map(|left| left.way_out)
    }

    /// How to get a binary that has the component of this name; `None` where nobody said.
    pub fn way_out_of(&self, name: &str) -> Option<&'static str> {
        self.left_out.iter().find(|left| left.what.contains(&name)).map(|left| left.way_out)
    }

    /// The input that lists addresses of this scheme, or for `None` the first one that lists any.
    pub fn input_of(&self, scheme: Option<&str>) -> Option<&Entry> {
        self.entries().find(|entry| of(entry.schemes, scheme))
    }

    /// All components, in the order of registration.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(AsRef::as_ref)
    }

    /// The component of this name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.by_name.get(name).map(|&index| self.entries[index].as_ref())
    }

    /// The names of all components of one of these kinds, in the order of registration.
    pub fn names(&self, kinds: &[RoleKind]) -> Vec<&str> {
        self.entries().filter(|entry| kinds.contains(&entry.kind)).map(Entry::name).collect()
    }

    /// The recommended components of a family, in the order of registration; empty where there is no such family.
    pub fn family(&self, family: &str) -> Vec<&Entry> {
        self.entries().filter(|entry| entry.recommended && entry.family() == family).collect()
    }

    /// Builds the component of this name from its options: an object, or null for the defaults.
    pub fn build(&self, name: &str, options: &Value, cx: &BuildContext) -> Result<Built, BuildError> {
        let Some(entry) = self.get(name) else {
            let names: Vec<&str> = self.by_name.keys().map(String::as_str).collect();
            let nearest = options::nearest(name, &names).map(ToOwned::to_owned);
            return Err(BuildError::Unknown { name: name.to_owned(), nearest });
        };
        (entry.build)(options, cx).map_err(|errors| BuildError::Options { name: name.to_owned(), errors })
    }
}

impl Entry {
    /// Family and name, such as `tag.money`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What stands before the dot; the name of a plugin that has none.
    pub fn family(&self) -> &str {
        self.name.split_once('.').map_or(&*self.name, |(family, _)| family)
    }

    /// The kind of plugin that it is, such as `process`, where it lives outside the binary.
    pub fn plugin(&self) -> Option<&'static str> {
        self.plugin
    }

    /// What it does in a pipeline.
    pub fn kind(&self) -> RoleKind {
        self.kind
    }

    /// The version of its code.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether the bare name of its family stands for it too.
    pub fn recommended(&self) -> bool {
        self.recommended
    }

    /// Whether it has to work in the process of the run.
    pub fn in_process(&self) -> bool {
        self.in_process
    }

    /// The schemes of the addresses that it lists, where it is an input of addresses.
    pub fn schemes(&self) -> &'static [&'static str] {
        self.schemes
    }

    /// What it needs with its default options.
    pub fn needs(&self) -> &[Field] {
        &self.needs
    }

    /// What it gives with its default options.
    pub fn gives(&self) -> &[Field] {
        &self.gives
    }

    /// The JSON Schema of its options; `description` is its page of the manual.
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// The first paragraph of its page, on one line.
    pub fn summary(&self) -> String {
        let schema = self.schema();
        let page = schema["description"].as_str().unwrap_or_default();
        page.split("\n\n").next().unwrap_or_default().replace('\n', " ")
    }
}

impl Opener {
    /// A kind of plugin that is told by `key` in what stands under its name, which `schema` describes, and `open` opens.
    pub fn new(
        key: &'static str,
        schema: fn() -> Value,
        open: impl Fn(&str, &Value, &BuildContext) -> Result<Entry, Vec<OptionError>> + Send + Sync + 'static,
    ) -> Self {
        Self { key, schema, open: Arc::new(open) }
    }

    /// The key by which it is told.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The JSON Schema of what may stand under the name of such a plugin.
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// Opens the plugin that is called `name`.
    pub fn open(&self, name: &str, definition: &Value, cx: &BuildContext) -> Result<Entry, Vec<OptionError>> {
        (self.open)(name, definition, cx)
    }
}

impl Entry {
    /// A stage outside the binary of this kind, that described itself. `build` starts it with options that were not looked at yet.
    pub fn plugin_of(
        kind: &'static str,
        name: &str,
        descriptor: &Descriptor,
        build: impl Fn(&Value, &BuildContext) -> Result<Built, Vec<OptionError>> + Send + Sync + 'static,
    ) -> Self {
        let mut schema = descriptor.options.clone();
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), descriptor.summary.clone().into());
        }
        Self {
            name: Arc::from(name),
            kind: RoleKind::Filter,
            version: descriptor.version.clone(),
            recommended: false,
            in_process: false,
            schemes: &[],
            needs: descriptor.needs.clone(),
            gives: descriptor.gives.clone(),
            schema: Box::new(move || schema.clone()),
            build: Box::new(build),
            plugin: Some(kind),
        }
    }
}

impl Built {
    /// Builds a component from options made in code.
    pub fn from_component<C: Component>(component: C, cx: &BuildContext) -> Result<Self, Vec<OptionError>> {
        let options = serde_json::to_value(&component)
            .map_err(|error| vec![OptionError::new("", format!("the options cannot be written as JSON: {error}"))])?;
        let (needs, gives) = (component.needs(), component.gives());
        cx.take_files();
        let role = component.build(cx)?;
        let (paths, files) = cx.take_files();
        debug_assert_eq!(role.kind(), C::KIND, "{} builds another role than it says", C::NAME);
        Ok(Self {
            name: C::NAME.to_owned(),
            version: C::VERSION.to_string(),
            options,
            needs,
            gives,
            files,
            paths,
            base: cx.base().to_owned(),
            isolated: C::ISOLATED,
            plugin: None,
            deterministic: true,
            role,
        })
    }

    /// What tells it from the same component with other options, files or code: names, versions, options and file hashes.
    pub fn fingerprint(&self, hasher: &mut blake3::Hasher) {
        let parts = serde_json::json!([self.name, self.version, self.options, self.files]);
        hasher.update(parts.to_string().as_bytes());
        hasher.update(b"\n");
    }
}
