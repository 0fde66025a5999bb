//! A component at work, in as many instances as there are threads that ask it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use docmill_core::contract::{Answer, Given, PluginStage};
use docmill_core::{Context, Limits, OptionError, StageError};
use serde_json::Value;

use crate::bindings::exports::docmill::stage::plugin;
use crate::brakes::Stop;
use crate::component::Compiled;
use crate::exchange;
use crate::instance::Instance;

/// A component that was given its options.
pub(crate) struct WasmStage {
    compiled: Arc<Compiled>,
    /// The options, as JSON.
    options: String,
    idle: Mutex<Vec<Idle>>,
}

/// An instance between two documents.
struct Idle {
    instance: Instance,
    /// Whether it has worked on a document.
    used: bool,
}

impl WasmStage {
    pub(crate) fn start(compiled: &Arc<Compiled>, options: &Value, limits: &Limits) -> Result<Self, Vec<OptionError>> {
        let stage = Self { compiled: Arc::clone(compiled), options: options.to_string(), idle: Mutex::new(Vec::new()) };
        match stage.instance(limits.time.0) {
            Ok(Ok(instance)) => {
                stage.put(Idle { instance, used: false });
                Ok(stage)
            }
            Ok(Err(error)) => Err(exchange::refused(error)),
            Err(stop) => {
                let why = stop.during_build(compiled, limits);
                Err(vec![OptionError::new("", format!("cannot be started: {why}"))])
            }
        }
    }

    /// A new instance that has taken in the options, or what it says against them.
    fn instance(&self, time: Duration) -> Result<Result<Instance, plugin::StageError>, Stop> {
        let mut instance = Instance::new(&self.compiled, time)?;
        Ok(instance.init(&self.compiled, time, &self.options)?.map(|()| instance))
    }

    /// A new instance for a document. It took the same options before, so that what goes wrong now is a defect. It has
    /// `limits.time` for it, whatever the time of the document: what has come to life serves the next one, if not this.
    fn fresh(&self, cx: &Context) -> Result<Idle, StageError> {
        let instance = self.instance(cx.limits.time.0).map_err(|stop| self.error(stop, &cx.limits))?;
        let instance = instance.map_err(|error| {
            let told = exchange::refused(error).iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            StageError::Contract(format!("it took its options once, and refused them later: {told}"))
        })?;
        Ok(Idle { instance, used: false })
    }

    fn taken(&self) -> Option<Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put(&self, idle: Idle) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(idle);
    }

    /// What is said of a document for which an instance was stopped.
    fn error(&self, stop: Stop, limits: &Limits) -> StageError {
        stop.error(&self.compiled, limits)
    }
}

impl PluginStage for WasmStage {
    fn process(&self, given: &Given<'_>, cx: &Context) -> Result<Answer, StageError> {
        let document = exchange::Sent::new(given)?;
        let mut idle = self.taken().map_or_else(|| self.fresh(cx), Ok)?;
        loop {
            let time = cx.time_left().unwrap_or(cx.limits.time.0);
            if let (true, Some(late)) = (time.is_zero(), cx.timed_out()) {
                self.put(idle);
                return Err(late);
            }
            match idle.instance.process(&self.compiled, time, document.as_wit()) {
                Ok(answer) => {
                    let answer = answer.map_err(exchange::failed).and_then(exchange::answer);
                    idle.used = true;
                    self.put(idle);
                    return answer;
                }
                Err(Stop::Time) => return Err(cx.timed_out().unwrap_or_else(|| self.error(Stop::Time, &cx.limits))),
                // Earlier documents may have left the memory full or broken: whether this one is to blame, a new instance says.
                Err(_) if idle.used => idle = self.fresh(cx)?,
                Err(stop) => return Err(self.error(stop, &cx.limits)),
            }
        }
    }
}
