//! Processes: a program that is started once, stays, and speaks JSON lines.

mod pool;
mod protocol;
mod worker;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use docmill_core::contract::{Answer, Descriptor, Given, Plugin, PluginKind, PluginStage};
use docmill_core::{BuildContext, Context, OptionError, StageError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::launch::Launch;
use pool::{Errand, Pool};
use worker::{Refusal, Worker};

/// The most documents that are handed over at a time, where neither plugin nor pipeline says.
const BATCH: usize = 16;

/// A plugin of the kind `process`: a program that is started once, stays, and speaks JSON lines on standard input and output. It
/// describes itself.
///
/// It is no sandbox: the program has the rights of whoever runs docmill.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// The program and its arguments. It works in the folder of the pipeline file.
    pub process: Vec<String>,
    /// Variables of its environment, over those of docmill.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Files beside those in its arguments that decide what it answers: where they change, documents are worked on again.
    #[serde(default)]
    pub files: Vec<PathBuf>,
    /// The most processes at a time; as many as documents are worked on at a time where it is left out. With fewer, documents wait
    /// for a turn, and those that wait are handed over together.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1024))]
    pub processes: Option<u32>,
    /// The most documents that are handed over at a time: no more than the program says that it takes, and 256 KiB of them.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1024))]
    pub batch: Option<u32>,
}

impl PluginKind for Process {
    const KEY: &'static str = "process";

    fn open(self, name: &str, cx: &BuildContext) -> Result<Arc<dyn Plugin>, Vec<OptionError>> {
        let launch = Launch::new(Self::KEY, &self.process, &self.environment, &self.files, cx)?;
        for (key, value) in [("processes", self.processes), ("batch", self.batch)] {
            if value.is_some_and(|value| !(1..=1024).contains(&value)) {
                return Err(vec![OptionError::new(format!("/{key}"), "expected 1 to 1024")]);
            }
        }
        let wrong = |why: String| vec![OptionError::new(format!("/{}", Self::KEY), why)];
        let line = worker::line_limit(&cx.limits);
        let mut worker = Worker::start(&launch, name, line).map_err(&wrong)?;
        let (descriptor, max_batch) = worker.describe().map_err(wrong)?;
        let batch = self.batch.map_or(BATCH, |batch| batch as usize).min(max_batch);
        Ok(Arc::new(Opened {
            launch,
            name: name.to_owned(),
            descriptor,
            batch,
            processes: self.processes.map_or(usize::MAX, |processes| processes as usize),
            first: Mutex::new(Some(worker)),
        }))
    }
}

/// A program that has described itself.
struct Opened {
    launch: Launch,
    name: String,
    descriptor: Descriptor,
    batch: usize,
    processes: usize,
    /// The process that did: it goes on to work.
    first: Mutex<Option<Worker>>,
}

impl Plugin for Opened {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn start(&self, options: &Value, cx: &BuildContext) -> Result<Arc<dyn PluginStage>, Vec<OptionError>> {
        let pool = Pool::new(
            self.launch.clone(),
            self.name.clone(),
            options.clone(),
            cx.limits.clone(),
            pool::Size { batch: self.batch, processes: self.processes },
        );
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match pool.first(first) {
            Ok(()) => Ok(Arc::new(Stage { pool })),
            Err(Refusal::Options(error)) => Err(vec![error]),
            Err(Refusal::Unready(why)) => Err(vec![OptionError::new("", why)]),
        }
    }
}

/// A program that has its options.
struct Stage {
    pool: Pool,
}

impl PluginStage for Stage {
    fn process(&self, given: &Given<'_>, cx: &Context) -> Result<Answer, StageError> {
        let doc = serde_json::to_vec(given).map_err(|error| StageError::Failed(error.to_string()))?;
        let id = given.document().id().to_string();
        let answer = self.pool.run(Errand { id, doc, timeout: cx.timeout() })?;
        serde_json::from_str(answer.get())
            .map_err(|error| StageError::Contract(format!("what it answered is no answer: {error}")))
    }
}

/// A message, and what the process said on standard error before it ended.
pub(crate) fn with_last_words(message: &str, said: &[String]) -> String {
    if said.is_empty() { message.to_owned() } else { format!("{message}; it said: {}", said.join(" | ")) }
}
