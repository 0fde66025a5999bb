//! A script in the pipeline itself.

use std::path::PathBuf;
use std::sync::Arc;

use docmill_core::contract::{Descriptor, Given, PluginStage as _};
use docmill_core::{
    BuildContext, Component, Context, Document, Field, Filter, Offsets, OptionError, Role, RoleKind, StageError,
    Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::program::{Program, Started};
use super::{ScriptLimits, values};

/// Works on documents with a script in Rhai.
///
/// The script has `fn process(doc, options)`, which is called for each document and gives a map with what was found and is to be
/// changed, or nothing. It may have `fn start(options)`, which throws what is wrong with the options. `doc` has `id`, `uri`,
/// `media_type`, `title`, `language`, `text`, `meta`, and what the stage needs. All offsets count code points. A script has no files,
/// no clock and no randomness; one that goes too far is ended, and the document fails.
///
/// A script that several pipelines use is better a plugin: it has `fn describe()`, and is named in `plugins:`.
///
/// ```yaml
/// - script:
///     gives: [meta]
///     code: |
///       fn process(doc, options) {
///         #{ meta: #{ urgent: matches(doc.text, "(?i)\\burgent\\b") } }
///       }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InlineScript {
    /// The script. Either this or `file`.
    pub code: String,
    /// The file of the script.
    pub file: PathBuf,
    /// What the script is given as `options`.
    pub options: Map<String, Value>,
    /// What it needs beside text, metadata, title and language, such as `annotations.money`.
    pub needs: Vec<Field>,
    /// What it may answer with: `text`, `meta`, `language`, `annotations.KIND`, `tags.SCHEME`, `measures.NAME`, `summary`.
    pub gives: Vec<Field>,
    /// Whether it may drop documents.
    pub drops: bool,
    /// How far it may go for one document.
    pub limits: ScriptLimits,
}

impl Component for InlineScript {
    const NAME: &'static str = "script";
    const KIND: RoleKind = RoleKind::Filter;

    fn needs(&self) -> Vec<Field> {
        self.needs.clone()
    }

    fn gives(&self) -> Vec<Field> {
        self.gives.clone()
    }

    fn build(self, cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let program = match (self.code.trim().is_empty(), self.file.as_os_str().is_empty()) {
            (true, true) => {
                let message = "expected a script: `code` with its text, or `file` with its path";
                return Err(vec![OptionError::new("", message)]);
            }
            (false, false) => {
                return Err(vec![OptionError::new("/file", "the script is in `code`: expected one of the two")]);
            }
            (false, true) => {
                let program = Program::compile("code", &self.code, &self.limits, cx.limits.document, cx.limits.time.0);
                program.map_err(|mistake| OptionError::new("/code", mistake.message).within(mistake.span))
            }
            (true, false) => {
                let source = cx.read_text("/file", &self.file).map_err(|error| vec![error])?;
                let name = self.file.display().to_string();
                let program = Program::compile(&name, &source, &self.limits, cx.limits.document, cx.limits.time.0);
                program.map_err(|mistake| {
                    let message = format!("{name}:{}:{}: {}", mistake.line, mistake.column, mistake.message);
                    OptionError::new("/file", message)
                })
            }
        };
        let program = Arc::new(program.map_err(|error| vec![error])?);
        if program.has("describe") {
            let pointer = if self.code.is_empty() { "/file" } else { "/code" };
            let error = OptionError::new(pointer, "a script with `fn describe()` is a plugin");
            return Err(vec![
                error.with_help("write `plugins: { name: { script: FILE } }`, and `- name` as the stage"),
            ]);
        }
        let options = values::to_rhai(&Value::Object(self.options));
        program.start(&options).map_err(|errors| {
            let within = |error: OptionError| OptionError { pointer: format!("/options{}", error.pointer), ..error };
            errors.into_iter().map(within).collect::<Vec<_>>()
        })?;
        let descriptor = Descriptor {
            needs: self.needs,
            gives: self.gives,
            drops: self.drops,
            offsets: Offsets::Codepoint,
            ..Descriptor::new(Self::NAME, Self::VERSION.to_string())
        };
        Ok(Role::filter(Inline { descriptor, script: Started { program, options } }))
    }
}

struct Inline {
    descriptor: Descriptor,
    script: Started,
}

impl Filter for Inline {
    fn judge(&self, doc: &mut Document, cx: &Context) -> Result<Verdict, StageError> {
        let given = Given::new(doc, &self.descriptor);
        let answer = self.script.process(&given, cx)?;
        given.check(answer)?.apply(doc)
    }
}
