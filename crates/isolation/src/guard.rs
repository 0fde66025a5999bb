//! Runs a part of a stage's work so that a panic or an endless loop in it costs that document alone.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::Duration;

use docmill_core::{Context, Document, StageError};

/// Stack of the threads that stages run on, in bytes.
pub const STACK_SIZE: usize = 16 << 20;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the messages of panics that [`caught`] will report off the terminal. Other panics go to the hook that was set before.
fn keep_messages() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if GUARDED.get() {
                let place = info.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
                let message = payload_text(info.payload());
                MESSAGE.set(Some(format!("{message}{}", place.unwrap_or_default())));
            } else {
                previous(info);
            }
        }));
    });
}

fn payload_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

/// Calls `work`; a panic becomes [`StageError::Panicked`] with its message and place.
pub fn caught<T, E: From<StageError>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    keep_messages();
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.unwrap_or_else(|payload| {
        let message = MESSAGE.take().unwrap_or_else(|| payload_text(&*payload));
        Err(E::from(StageError::Panicked(message)))
    })
}

/// Calls `work` on `doc` with a time limit, on a thread of its own. Where the time is up the document is lost to that thread,
/// which ends whenever its work does.
pub fn timed<T: Send + 'static>(
    doc: &mut Document,
    cx: &Context,
    timeout: Duration,
    work: impl FnOnce(&mut Document, &Context) -> Result<T, StageError> + Send + 'static,
) -> Result<T, StageError> {
    let (send, receive) = crossbeam_channel::bounded(1);
    let cx = cx.with_timeout(timeout);
    let mut taken = std::mem::replace(doc, Document::from_text("", ""));
    let spawned =
        std::thread::Builder::new().name("docmill-timed".to_owned()).stack_size(STACK_SIZE).spawn(move || {
            let result = caught(|| work(&mut taken, &cx));
            // The receiver is gone where the time was up: then nobody waits for the document.
            let _ = send.send((taken, result));
        });
    spawned
        .map_err(|error| StageError::Caused { context: "cannot start a thread".to_owned(), source: error.into() })?;
    match receive.recv_timeout(timeout) {
        Ok((returned, result)) => {
            *doc = returned;
            result
        }
        Err(_) => Err(StageError::Timeout(timeout)),
    }
}
