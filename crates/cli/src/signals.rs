//! Signals: those that end a run early, and the one that would end it without a word.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;

use crate::exit;
use crate::telemetry;
use crate::terminal;

/// Sets `cancel` when the process is asked to end. A second signal ends it at once: whoever presses twice means it.
pub(crate) fn listen(cancel: Arc<AtomicBool>) -> anyhow::Result<()> {
    over_the_limit_is_an_error()?;
    let listening = ctrlc::set_handler(move || {
        if cancel.swap(true, Ordering::Relaxed) {
            docmill_files::remove_all();
            docmill_isolation::end_all();
            telemetry::end();
            std::process::exit(exit::INTERRUPTED.into());
        }
        terminal::say("interrupted: leaving off in a second; once more ends at once");
    });
    listening.context("cannot listen for signals")
}

/// A file over the limit that `ulimit -f` sets is an error of the writing, and does not end the process. The signal is caught, not
/// ignored: plugins would inherit that.
#[cfg(unix)]
fn over_the_limit_is_an_error() -> anyhow::Result<()> {
    let caught = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    caught.map(|_| ()).context("cannot listen for the signal of files that are too large")
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there is something to fail")]
fn over_the_limit_is_an_error() -> anyhow::Result<()> {
    Ok(())
}
