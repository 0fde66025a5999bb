//! All components that a binary has, by name.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

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
}

/// What the registry knows of one component.
pub struct Entry {
    name: &'static str,
    kind: RoleKind,
    version: u32,
    recommended: bool,
    needs: Vec<Field>,
    gives: Vec<Field>,
    schema: fn() -> Value,
    build: fn(&Value, &BuildContext) -> Result<Built, Vec<OptionError>>,
}

/// A component that was built from its options.
#[derive(Clone)]
pub struct Built {
    /// Its name, such as `tag.money`.
    pub name: String,
    /// The version of its code.
    pub version: u32,
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
    /// The part itself.
    pub role: Role,
}

/// A name that cannot be registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Another component has it.
    #[error("two components are named {0}")]
    Taken(&'static str),
    /// It is not of the form `family.name`.
    #[error("{0:?} is no component name: expected `family.name` in lower case, digits, `-` and `_`")]
    Malformed(&'static str),
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
        let plain = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        };
        if !C::NAME.split_once('.').is_some_and(|(family, name)| plain(family) && plain(name)) {
            return Err(RegistryError::Malformed(C::NAME));
        }
        if self.by_name.contains_key(C::NAME) {
            return Err(RegistryError::Taken(C::NAME));
        }
        let defaults = C::default();
        self.by_name.insert(C::NAME.to_owned(), self.entries.len());
        self.entries.push(Arc::new(Entry {
            name: C::NAME,
            kind: C::KIND,
            version: C::VERSION,
            recommended: C::RECOMMENDED,
            needs: defaults.needs(),
            gives: defaults.gives(),
            schema: || schemars::schema_for!(C).to_value(),
            build: |value, cx| Built::from_component(options::read::<C>(value)?, cx),
        }));
        Ok(())
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
    pub fn names(&self, kinds: &[RoleKind]) -> Vec<&'static str> {
        self.entries().filter(|entry| kinds.contains(&entry.kind)).map(|entry| entry.name).collect()
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
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What stands before the dot.
    pub fn family(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(family, _)| family)
    }

    /// What it does in a pipeline.
    pub fn kind(&self) -> RoleKind {
        self.kind
    }

    /// The version of its code.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether the bare name of its family stands for it too.
    pub fn recommended(&self) -> bool {
        self.recommended
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
            version: C::VERSION,
            options,
            needs,
            gives,
            files,
            paths,
            base: cx.base().to_owned(),
            isolated: C::ISOLATED,
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
