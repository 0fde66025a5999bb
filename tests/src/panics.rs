//! A binary of one's own: docmill and a stage that panics on every tenth document.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use docmill_core::{BuildContext, Component, Context, Document, OptionError, Role, RoleKind, Stage, StageError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Panics on every so-manieth document.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Panics {
    /// On every which.
    #[schemars(range(min = 1))]
    every: usize,
}

impl Default for Panics {
    fn default() -> Self {
        Self { every: 10 }
    }
}

impl Component for Panics {
    const NAME: &'static str = "test.panics";
    const KIND: RoleKind = RoleKind::Stage;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(PanicsNow { every: self.every, seen: AtomicUsize::new(0) }))
    }
}

struct PanicsNow {
    every: usize,
    seen: AtomicUsize,
}

impl Stage for PanicsNow {
    fn apply(&self, _doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        assert!(!seen.is_multiple_of(self.every), "this is document {seen}");
        Ok(())
    }
}

fn main() -> ExitCode {
    let mut registry = docmill_cli::registry();
    registry.register::<Panics>().expect("docmill has no stage of this name");
    docmill_cli::main_with(registry)
}
