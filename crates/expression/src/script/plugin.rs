//! A script as a plugin: a file that describes itself.

use std::path::PathBuf;
use std::sync::Arc;

use docmill_core::contract::{Descriptor, Plugin, PluginKind, PluginStage};
use docmill_core::{BuildContext, Offsets, OptionError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::program::{Program, Started, descriptor};
use super::{ScriptLimits, values};

/// A stage that is a script in Rhai.
///
/// The file has `fn describe()`, which gives the descriptor as a map, `fn process(doc, options)`, and perhaps `fn start(options)`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The file of the script.
    pub script: PathBuf,
    /// How far it may go for one document.
    #[serde(default)]
    pub limits: ScriptLimits,
}

impl PluginKind for Script {
    const KEY: &'static str = "script";

    fn open(self, _name: &str, cx: &BuildContext) -> Result<Arc<dyn Plugin>, Vec<OptionError>> {
        let refused = |message: String| vec![OptionError::new("/script", message)];
        let source = cx.read_text("/script", &self.script).map_err(|error| vec![error])?;
        let name = self.script.display().to_string();
        let program = Program::compile(&name, &source, &self.limits, cx.limits.document, cx.limits.time.0)
            .map_err(|mistake| refused(format!("{name}:{}:{}: {}", mistake.line, mistake.column, mistake.message)))?;
        if !program.has("describe") {
            return Err(refused(format!(
                "{name} has no `fn describe()`, which says what the stage is called and gives"
            )));
        }
        let described = program.describe().map_err(refused)?;
        let counts = described.get("offsets").cloned();
        let descriptor = descriptor(described).map_err(|reason| refused(format!("{name}: describe(): {reason}")))?;
        if counts.is_some_and(|counts| counts != "codepoint") {
            return Err(refused(format!("{name}: describe(): offsets: Rhai counts code points, expected `codepoint`")));
        }
        if !descriptor.deterministic {
            let message = "deterministic: a script has no clock and no randomness, expected true or nothing";
            return Err(refused(format!("{name}: describe(): {message}")));
        }
        let descriptor = Descriptor { offsets: Offsets::Codepoint, ..descriptor };
        Ok(Arc::new(Described { program: Arc::new(program), descriptor }))
    }
}

/// A script that has described itself.
struct Described {
    program: Arc<Program>,
    descriptor: Descriptor,
}

impl Plugin for Described {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn start(&self, options: &Value, _cx: &BuildContext) -> Result<Arc<dyn PluginStage>, Vec<OptionError>> {
        let options = values::to_rhai(options);
        self.program.start(&options)?;
        Ok(Arc::new(Started { program: Arc::clone(&self.program), options }))
    }
}
