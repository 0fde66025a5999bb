//! Commands: a program that is started for each document, such as `sed` or `pandoc`.

use std::collections::BTreeMap;
use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use docmill_core::contract::{Answer, Descriptor, Given, Plugin, PluginKind, PluginStage};
use docmill_core::{BuildContext, Context, Field, Limits, Offsets, OptionError, StageError};
use docmill_isolation::Group;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::launch::Launch;

/// A plugin of the kind `command`: a program that is started for each document, is given the document on standard input, and
/// answers on standard output. It fails for a document where its exit status is not 0.
///
/// It cannot describe itself, so that what it takes, needs and gives is written here.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The program and its arguments. `{name}` in an argument stands for the option of this name: a list is joined by commas.
    /// It works in the folder of the pipeline file.
    pub command: Vec<String>,
    /// What it is given: the `text`, or the whole document as `json`.
    #[serde(default)]
    pub input: Form,
    /// What it answers: the `text` as it becomes, or an answer as `json`.
    #[serde(default)]
    pub output: Form,
    /// The JSON Schema of its options.
    #[serde(default)]
    pub options: Option<serde_json::Map<String, Value>>,
    /// Its version: raise it where the program changes otherwise than in a file that is named here.
    #[serde(default)]
    pub version: Option<String>,
    /// What it does.
    #[serde(default)]
    pub summary: String,
    /// What it needs beside the text: `annotations.KIND`, `tags.SCHEME` and so on. Only told to a command whose `input` is `json`.
    #[serde(default)]
    pub needs: Vec<Field>,
    /// What it may answer with; `text` where its `output` is text.
    #[serde(default)]
    pub gives: Option<Vec<Field>>,
    /// Whether it may drop documents.
    #[serde(default)]
    pub drops: bool,
    /// Whether the same document always has the same answer.
    #[serde(default = "yes")]
    pub deterministic: bool,
    /// What its offsets count.
    #[serde(default)]
    pub offsets: Offsets,
    /// Variables of its environment, over those of docmill.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Files beside those in its arguments that decide what it answers: where they change, documents are worked on again.
    #[serde(default)]
    pub files: Vec<PathBuf>,
}

/// The form of what a command is given or answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The text alone, in UTF-8.
    #[default]
    Text,
    /// A JSON object: the document of the contract, or an answer of the contract.
    Json,
}

const fn yes() -> bool {
    true
}

impl PluginKind for Command {
    const KEY: &'static str = "command";

    fn open(self, name: &str, cx: &BuildContext) -> Result<Arc<dyn Plugin>, Vec<OptionError>> {
        let launch = Launch::new(Self::KEY, &self.command, &self.environment, &self.files, cx)?;
        let text = (self.output == Form::Text).then(|| vec![Field::Text]);
        if let (Some(_), Some(_)) = (&text, &self.gives) {
            let message =
                "a command that answers with text gives `text` and nothing else: it needs `output: json` for more";
            return Err(vec![OptionError::new("/gives", message)]);
        }
        let mut descriptor = Descriptor::new(name, self.version.unwrap_or_else(|| "1".to_owned()));
        descriptor.summary = self.summary;
        if let Some(options) = self.options {
            descriptor.options = Value::Object(options);
        }
        descriptor.needs = self.needs;
        descriptor.gives = text.or(self.gives).unwrap_or_default();
        descriptor.drops = self.drops;
        descriptor.deterministic = self.deterministic;
        descriptor.offsets = self.offsets;
        Ok(Arc::new(Opened { launch, descriptor, input: self.input, output: self.output }))
    }
}

struct Opened {
    launch: Launch,
    descriptor: Descriptor,
    input: Form,
    output: Form,
}

impl Plugin for Opened {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn start(&self, options: &Value, cx: &BuildContext) -> Result<Arc<dyn PluginStage>, Vec<OptionError>> {
        let values: Vec<(String, String)> = options
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (format!("{{{name}}}"), argument(value)))
            .collect();
        Ok(Arc::new(Filter {
            launch: self.launch.clone(),
            name: self.descriptor.name.clone(),
            values,
            input: self.input,
            output: self.output,
            limits: cx.limits.clone(),
        }))
    }
}

/// The value of an option as an argument.
fn argument(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(argument).collect::<Vec<_>>().join(","),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A command with its options.
struct Filter {
    launch: Launch,
    name: String,
    values: Vec<(String, String)>,
    input: Form,
    output: Form,
    limits: Limits,
}

impl PluginStage for Filter {
    fn process(&self, given: &Given<'_>, cx: &Context) -> Result<Answer, StageError> {
        let text = given.document().text();
        let input = match self.input {
            Form::Text => text.as_bytes().to_vec(),
            Form::Json => serde_json::to_vec(given).map_err(|error| StageError::Failed(error.to_string()))?,
        };
        let output = self.run(input, cx)?;
        let program = self.launch.program();
        let output = String::from_utf8(output).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            StageError::Contract(format!("what {program} wrote is not UTF-8: byte {at} begins no character"))
        })?;
        match self.output {
            Form::Text => Ok(Answer { text: Some(same_end(text, output)), ..Answer::default() }),
            Form::Json => serde_json::from_str(&output)
                .map_err(|error| StageError::Contract(format!("what {program} wrote is no answer: {error}"))),
        }
    }
}

/// Programs end what they write with a line end: a text that had none gets none.
fn same_end(before: &str, mut after: String) -> String {
    if !before.ends_with('\n') && after.ends_with('\n') {
        after.pop();
        if after.ends_with('\r') && !before.ends_with('\r') {
            after.pop();
        }
    }
    after
}

impl Filter {
    /// What the command writes where `input` is on its standard input.
    fn run(&self, input: Vec<u8>, cx: &Context) -> Result<Vec<u8>, StageError> {
        let time = cx.timeout().unwrap_or(self.limits.time.0);
        let until = Instant::now() + time;
        // As much as a text may grow, and what JSON puts around it.
        let most = input.len().saturating_mul(16).saturating_add(16 << 20);
        let program = self.launch.program();
        let mut command = self.launch.command(|word| self.filled_in(word));
        let (mut group, mut stdin, stdout) = Group::spawn(&mut command, &self.name)
            .map_err(|error| StageError::Fatal(format!("cannot start {program}: {error}")))?;
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let cannot = |error: std::io::Error| StageError::Failed(format!("cannot speak with {program}: {error}"));
        // Wherever this returns, the group is dropped, and with it all that was started.
        let late = || {
            let of_limits =
                || StageError::Died(format!("{program} took longer than limits.time = {}", self.limits.time));
            cx.timed_out().unwrap_or_else(of_limits)
        };
        // A command may end without having read all: `head` does.
        thread("docmill-command-in").spawn(move || stdin.write_all(&input)).map_err(cannot)?;
        let (send, read) = crossbeam_channel::bounded(1);
        let reading = move || {
            let mut output = Vec::new();
            let read = stdout.take(most as u64 + 1).read_to_end(&mut output);
            send.send(read.map(|_| output)).ok()
        };
        thread("docmill-command-out").spawn(reading).map_err(cannot)?;
        let output = loop {
            match read.recv_timeout(Duration::from_millis(50)) {
                Ok(output) => break output.map_err(cannot)?,
                Err(_) if Instant::now() > until => return Err(late()),
                // What it started has its output still, and it is gone itself.
                Err(_) if group.has_ended() && read.is_empty() => {
                    let last = read.recv_timeout(Duration::from_millis(200));
                    group.end(false);
                    break last
                        .or_else(|_| read.recv_timeout(Duration::from_secs(1)))
                        .map_or(Ok(Vec::new()), |last| last.map_err(cannot))?;
                }
                Err(_) => {}
            }
        };
        if output.len() > most {
            return Err(StageError::Contract(format!("{program} wrote more than {most} bytes")));
        }
        if !group.wait(until.saturating_duration_since(Instant::now())) {
            return Err(late());
        }
        let how = group.end(true);
        if group.succeeded() {
            return Ok(output);
        }
        Err(StageError::Failed(crate::process::with_last_words(&format!("{program} {how}"), &group.said())))
    }

    fn filled_in(&self, word: &str) -> String {
        self.values.iter().fold(word.to_owned(), |word, (name, value)| word.replace(name, value))
    }
}
