//! The clock of an engine.
//!
//! Compiled code looks at the epoch of its engine wherever it may loop. A thread raises the epoch while calls are under way, and
//! sleeps while there are none; what a call does at a tick is its own business.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::Engine;

/// Time between two ticks: how much later than its deadline a call may end.
const TICK: Duration = Duration::from_millis(5);

/// Raises the epoch of an engine until it is dropped.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Calls under way.
    running: usize,
    /// Whether a call began since the last tick. The thread sleeps after a tick without calls, not after each call: waking it
    /// costs more than a short call.
    begun: bool,
    asleep: bool,
    ended: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tick(&self, engine: &Engine) {
        let mut state = self.lock();
        while !state.ended {
            if state.running == 0 && !state.begun {
                state.asleep = true;
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.asleep = false;
                continue;
            }
            state.begun = false;
            state = self.changed.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
            engine.increment_epoch();
        }
    }
}

impl Ticker {
    /// Starts the thread, which sleeps until the first call.
    pub(crate) fn start(engine: &Engine) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (theirs, engine) = (Arc::clone(&shared), engine.clone());
        let thread =
            std::thread::Builder::new().name("docmill-ticker".to_owned()).spawn(move || theirs.tick(&engine))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Ticks as long as what is returned lives.
    pub(crate) fn run(&self) -> Running<'_> {
        let mut state = self.shared.lock();
        state.running += 1;
        state.begun = true;
        if state.asleep {
            self.shared.changed.notify_one();
        }
        Running(self)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.lock().ended = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It does nothing that could panic.
            let _ = thread.join();
        }
    }
}

/// A call under way.
pub(crate) struct Running<'t>(&'t Ticker);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.shared.lock().running -= 1;
    }
}
