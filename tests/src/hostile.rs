//! A binary of one's own: docmill, and a stage and a reader that do what a document asks for.

use std::process::ExitCode;
use std::time::Duration;

use docmill_core::{
    BuildContext, Component, Context, Document, Field, Hint, OptionError, RawSource, ReadError, Reader, Role, RoleKind,
    Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Does what the first word of a document says.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Obeys {}

impl Component for Obeys {
    const NAME: &'static str = "test.obeys";
    const KIND: RoleKind = RoleKind::Stage;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Obeys {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let word = doc.text().split_whitespace().next().unwrap_or_default().to_owned();
        obey(&word)?;
        doc.measure("obeyed", 1.0);
        Ok(())
    }
}

/// Reads `.bin` files as text after it did what their first word says: a reader like those of binary formats.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Binary {}

impl Component for Binary {
    const NAME: &'static str = "test.binary";
    const KIND: RoleKind = RoleKind::Reader;
    const ISOLATED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Binary {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        (hint.extension().as_deref() == Some("bin")).then_some("application/octet-stream")
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        let text = String::from_utf8_lossy(&source.bytes).into_owned();
        let word = text.split_whitespace().next().unwrap_or_default();
        obey(word).map_err(|error| ReadError::Malformed { expected: "an order", found: error.to_string() })?;
        Ok(Document::new(source.source("utf-8"), text))
    }
}

fn obey(word: &str) -> Result<(), StageError> {
    match word {
        "OVERFLOW" => drop(deep(1)),
        "ABORT" => std::process::abort(),
        "EXIT" => std::process::exit(7),
        "PANIC" => panic!("this document asked for it"),
        "FAIL" => return Err(StageError::Failed("this document asked for it".to_owned())),
        "FOREVER" => loop {
            std::thread::sleep(Duration::from_millis(50));
        },
        "ALLOCATE" => {
            let mut held = Vec::new();
            for _ in 0..10_240 {
                held.push(vec![1_u8; 1 << 20]);
            }
            std::hint::black_box(&held);
        }
        "PRINT" => {
            let noise = "noise ".repeat(20_000);
            // Where nobody reads it any more there is nothing to do.
            let _ = std::io::Write::write_all(&mut std::io::stdout(), noise.as_bytes());
        }
        "SPAWN" => {
            let spawned = std::process::Command::new("sleep").arg("1000").spawn();
            drop(spawned.map_err(|error| StageError::Failed(error.to_string()))?);
        }
        _ => {}
    }
    Ok(())
}

/// Calls itself without end.
#[allow(unconditional_recursion, reason = "that is what it is for")]
fn deep(depth: u64) -> u64 {
    let page = std::hint::black_box([depth; 512]);
    deep(depth + 1) + page[usize::try_from(depth % 512).unwrap_or_default()]
}

fn main() -> ExitCode {
    let mut registry = docmill_cli::registry();
    registry.register::<Obeys>().expect("docmill has no stage of this name");
    registry.register::<Binary>().expect("docmill has no reader of this name");
    docmill_cli::main_with(registry)
}
