//! What holds an instance while it is called: its time and its memory, and how one tells afterwards which of them it was.

use std::sync::Arc;
use std::time::{Duration, Instant};

use docmill_core::{ByteSize, Limits, StageError};
use wasmtime::{ResourceLimiter, StoreContextMut, Trap, UpdateDeadline};

use crate::bindings::docmill::stage::{host, types};
use crate::component::Compiled;

/// Bytes that an element of a table is counted as.
const ELEMENT: usize = size_of::<usize>();
/// Most characters of a message of a component that go to the log.
const LONGEST_MESSAGE: usize = 2_000;

/// The brakes of an instance, which its store holds.
pub(crate) struct Brakes {
    /// What the plugin is called in the pipeline.
    name: Arc<str>,
    /// Most bytes of all memories and tables.
    most: ByteSize,
    taken: usize,
    /// `None` for times that no clock can tell.
    deadline: Option<Instant>,
    stopped: Option<Stop>,
}

/// Why a call did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Its time was up.
    Time,
    /// It asked for more memory than it may have: this many bytes in all.
    Memory(usize),
    /// What it answered is more than fits the memory that it may have.
    Answer,
    /// It used up its fuel.
    Fuel,
    /// It trapped, as it does when it panics.
    Trap(String),
    /// It answered with what is no answer.
    Malformed(String),
}

impl Stop {
    /// What is said of the document. The same words each time: they stand in the quarantine.
    pub(crate) fn error(self, compiled: &Compiled, limits: &Limits) -> StageError {
        let memory = |found: String| StageError::Limit { limit: "memory", value: compiled.memory.to_string(), found };
        match self {
            Self::Time => StageError::Died(format!("took longer than limits.time = {}", limits.time)),
            Self::Memory(asked) => memory(format!("an instance of {asked} bytes")),
            Self::Answer => memory("the answer".to_owned()),
            Self::Fuel => StageError::Limit {
                limit: "fuel",
                value: compiled.fuel.unwrap_or_default().to_string(),
                found: "the work on it".to_owned(),
            },
            Self::Trap(trap) => StageError::Panicked(trap),
            Self::Malformed(why) => StageError::Contract(why),
        }
    }

    /// What is said of the plugin where it happens before the first document.
    pub(crate) fn during_build(self, compiled: &Compiled, limits: &Limits) -> String {
        match self {
            Self::Trap(trap) => format!("it panicked: {trap}"),
            stop => stop.error(compiled, limits).to_string(),
        }
    }
}

impl Brakes {
    pub(crate) fn new(name: &Arc<str>, most: ByteSize) -> Self {
        Self { name: Arc::clone(name), most, taken: 0, deadline: None, stopped: None }
    }

    /// Allows the next call this much time from now on.
    pub(crate) fn allow(&mut self, time: Duration) {
        self.deadline = Instant::now().checked_add(time);
        self.stopped = None;
    }

    /// What to do at a tick.
    pub(crate) fn at_tick(mut cx: StoreContextMut<'_, Self>) -> UpdateDeadline {
        let brakes = cx.data_mut();
        if brakes.deadline.is_none_or(|deadline| Instant::now() < deadline) {
            return UpdateDeadline::Continue(1);
        }
        brakes.stopped = Some(Stop::Time);
        UpdateDeadline::Interrupt
    }

    /// Which brake it was that ended a call with this error.
    pub(crate) fn why(&mut self, error: &wasmtime::Error) -> Stop {
        if let Some(stop) = self.stopped.take() {
            return stop;
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => Stop::Fuel,
            Some(trap) => Stop::Trap(trap.to_string()),
            None => {
                let why = error.root_cause().to_string();
                // wasmtime has no type for it.
                if why.contains("fuel allocated for hostcalls") { Stop::Answer } else { Stop::Malformed(why) }
            }
        }
    }

    fn grow(&mut self, current: usize, desired: usize) -> wasmtime::Result<bool> {
        let taken = self.taken.saturating_sub(current).saturating_add(desired);
        if taken as u64 > self.most.0 {
            self.stopped = Some(Stop::Memory(taken));
            // An error ends the call. To say no would leave it to the component, which ends in a trap that names nothing.
            return Err(wasmtime::Error::msg("too much memory"));
        }
        self.taken = taken;
        Ok(true)
    }
}

impl ResourceLimiter for Brakes {
    fn memory_growing(&mut self, current: usize, desired: usize, most: Option<usize>) -> wasmtime::Result<bool> {
        // What the component forbids itself is refused, and is not taken.
        if most.is_some_and(|most| desired > most) {
            return Ok(false);
        }
        self.grow(current, desired)
    }

    fn table_growing(&mut self, current: usize, desired: usize, most: Option<usize>) -> wasmtime::Result<bool> {
        if most.is_some_and(|most| desired > most) {
            return Ok(false);
        }
        self.grow(current.saturating_mul(ELEMENT), desired.saturating_mul(ELEMENT))
    }
}

impl types::Host for Brakes {}

impl host::Host for Brakes {
    fn log(&mut self, level: host::Level, message: String) {
        let end = message.char_indices().nth(LONGEST_MESSAGE).map_or(message.len(), |(at, _)| at);
        let (message, plugin) = (&message[..end], &*self.name);
        match level {
            host::Level::Error => tracing::error!(plugin, "{message}"),
            host::Level::Warn => tracing::warn!(plugin, "{message}"),
            host::Level::Info => tracing::info!(plugin, "{message}"),
            host::Level::Debug => tracing::debug!(plugin, "{message}"),
        }
    }
}
