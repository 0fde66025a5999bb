//! One instance of a component, held by its brakes at every call.

use std::time::Duration;

use wasmtime::Store;

use crate::bindings::Stage;
use crate::bindings::exports::docmill::stage::plugin::{Answer, Descriptor, Document, StageError};
use crate::brakes::{Brakes, Stop};
use crate::component::Compiled;

/// An instance, with its memory. After a call that was stopped it is of no use any more.
pub(crate) struct Instance {
    store: Store<Brakes>,
    stage: Stage,
}

impl Instance {
    /// A new one, which has `time` to come to life.
    pub(crate) fn new(compiled: &Compiled, time: Duration) -> Result<Self, Stop> {
        let mut store = Store::new(&compiled.engine, Brakes::new(&compiled.name, compiled.memory));
        store.limiter(|brakes| brakes);
        store.epoch_deadline_callback(|cx| Ok(Brakes::at_tick(cx)));
        // An answer may point to the same bytes many times, and each is copied.
        store.set_hostcall_fuel(usize::try_from(compiled.memory.0).unwrap_or(usize::MAX));
        let stage = held(compiled, &mut store, time, None, |store| compiled.stage.instantiate(store))?;
        Ok(Self { store, stage })
    }

    /// What it says of itself.
    pub(crate) fn describe(&mut self, compiled: &Compiled, time: Duration) -> Result<Descriptor, Stop> {
        let plugin = self.stage.docmill_stage_plugin();
        held(compiled, &mut self.store, time, None, |store| plugin.call_describe(store))
    }

    /// Gives it its options.
    pub(crate) fn init(
        &mut self,
        compiled: &Compiled,
        time: Duration,
        options: &str,
    ) -> Result<Result<(), StageError>, Stop> {
        let plugin = self.stage.docmill_stage_plugin();
        held(compiled, &mut self.store, time, None, |store| plugin.call_init(store, options))
    }

    /// Asks it what it says to a document. Of fuel it has what the options of the plugin say.
    pub(crate) fn process(
        &mut self,
        compiled: &Compiled,
        time: Duration,
        document: Document<'_>,
    ) -> Result<Result<Answer, StageError>, Stop> {
        let plugin = self.stage.docmill_stage_plugin();
        held(compiled, &mut self.store, time, compiled.fuel, |store| plugin.call_process(store, document))
    }
}

/// A call with all brakes on.
fn held<T>(
    compiled: &Compiled,
    store: &mut Store<Brakes>,
    time: Duration,
    fuel: Option<u64>,
    call: impl FnOnce(&mut Store<Brakes>) -> wasmtime::Result<T>,
) -> Result<T, Stop> {
    store.data_mut().allow(time);
    store.set_epoch_deadline(1);
    if compiled.fuel.is_some() {
        store.set_fuel(fuel.unwrap_or(u64::MAX)).map_err(|error| Stop::Malformed(error.to_string()))?;
    }
    let _running = compiled.ticker.run();
    call(store).map_err(|error| {
        tracing::debug!(plugin = &*compiled.name, "a call ended: {error:?}");
        store.data_mut().why(&error)
    })
}
