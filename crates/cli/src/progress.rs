//! Progress on a terminal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use docmill_engine::{LedgerEntry, Observer, Outcome};
use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal;

/// A line that shows how far the run is; nothing where standard error is no terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    failed: AtomicU64,
}

impl Progress {
    pub(crate) fn new(shown: bool) -> Self {
        let bar = if shown && terminal::is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let template = "{spinner} {pos} of {len} documents, {per_sec}, {elapsed}{msg}";
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, failed: AtomicU64::new(0) }
    }

    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress {
    fn found(&self, documents: u64) {
        self.bar.set_length(documents);
    }

    fn ended(&self, entry: &LedgerEntry, _bytes: u64) {
        self.bar.inc(1);
        if entry.outcome == Outcome::Quarantined {
            let failed = self.failed.fetch_add(1, Ordering::Relaxed) + 1;
            self.bar.set_message(format!(", {failed} in quarantine"));
        }
    }
}
