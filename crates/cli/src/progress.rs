//! What is told of a run while it goes on: a line on a terminal, lines now and then elsewhere, and the metrics file.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use docmill_config::Loaded;
use docmill_engine::{Meter, Observer, RunOptions, Survey, survey};
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::LogFormat;
use crate::estimate::{Estimate, Estimator};
use crate::prometheus;
use crate::telemetry::{self, PROGRESS};
use crate::terminal::{self, say};
use crate::timings::slowest;

/// How often the line on a terminal is drawn.
const DRAWN: Duration = Duration::from_millis(200);
/// How long a run takes at least for its sources to be counted ahead.
const WORTH_A_SURVEY: Duration = Duration::from_secs(1);

/// Where, and how often, progress is told.
pub(crate) struct Telling {
    /// Not at all, but for the metrics.
    pub(crate) quiet: bool,
    /// The form of the log.
    pub(crate) log: LogFormat,
    /// How often a line is written where there is no terminal, and the metrics anew.
    pub(crate) every: Duration,
    /// The metrics file.
    pub(crate) metrics: Option<PathBuf>,
}

/// Tells how a run goes on, from a thread of its own.
pub(crate) struct Progress {
    shared: Arc<Shared>,
    teller: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    meter: Mutex<Option<Arc<Meter>>>,
    ended: Mutex<bool>,
    end: Condvar,
    survey: OnceLock<Option<Survey>>,
    /// Ends the survey.
    stop: Arc<AtomicBool>,
}

impl Progress {
    /// Begins to tell of the run that is about to begin.
    pub(crate) fn new(telling: Telling, loaded: &Arc<Loaded>, options: &RunOptions) -> Self {
        let shared = Arc::new(Shared::default());
        let bar = (!telling.quiet && matches!(telling.log, LogFormat::Text) && terminal::is_terminal()).then(bar);
        if telling.quiet && telling.metrics.is_none() {
            return Self { shared, teller: None };
        }
        let mut teller = Teller {
            telling,
            bar,
            loaded: Arc::clone(loaded),
            options: options.clone(),
            shared: Arc::clone(&shared),
            estimator: Estimator::since(Instant::now()),
        };
        let teller = std::thread::Builder::new().name("docmill-progress".to_owned()).spawn(move || teller.tell());
        // A run that cannot tell how it goes on goes on all the same.
        Self { shared, teller: teller.ok() }
    }

    /// Ends the telling.
    pub(crate) fn end(mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        *self.shared.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.end.notify_all();
        if let Some(teller) = self.teller.take() {
            let _ = teller.join();
        }
    }
}

impl Observer for Progress {
    fn begins(&self, meter: &Arc<Meter>) {
        telemetry::begins(meter);
        *self.shared.meter.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(meter));
    }
}

struct Teller {
    telling: Telling,
    bar: Option<ProgressBar>,
    loaded: Arc<Loaded>,
    options: RunOptions,
    shared: Arc<Shared>,
    estimator: Estimator,
}

impl Teller {
    fn tell(&mut self) {
        let began = Instant::now();
        let mut written = began;
        let mut surveyed = self.telling.quiet;
        while !self.ended_within(if self.bar.is_some() { DRAWN } else { self.telling.every.min(WORTH_A_SURVEY) }) {
            let now = Instant::now();
            if !surveyed && now - began >= WORTH_A_SURVEY.min(self.telling.every) {
                surveyed = true;
                self.survey();
            }
            let Some(meter) = self.shared.meter.lock().unwrap_or_else(PoisonError::into_inner).clone() else {
                continue;
            };
            let mut estimate = self.estimator.see(now, meter.snapshot(), self.shared.survey.get().copied().flatten());
            estimate.slowest = slowest(&meter.parts()).map(|(part, share)| (part.to_owned(), share));
            if let Some(bar) = &self.bar {
                bar.set_message(estimate.to_string());
            }
            if now - written >= self.telling.every {
                written = now;
                self.write(&meter, &estimate);
            }
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Whether the run ends before so much time is over.
    fn ended_within(&self, time: Duration) -> bool {
        let ended = self.shared.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.shared.end.wait_timeout_while(ended, time, |ended| !*ended);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Counts the sources on a thread of its own, which ends with the run.
    fn survey(&self) {
        let (loaded, options, shared) = (Arc::clone(&self.loaded), self.options.clone(), Arc::clone(&self.shared));
        let surveyor = std::thread::Builder::new().name("docmill-survey".to_owned());
        let _ = surveyor.spawn(move || {
            let _ = shared.survey.set(survey(&loaded.pipeline, &options, &shared.stop));
        });
    }

    fn write(&mut self, meter: &Meter, estimate: &Estimate) {
        if let Some(path) = &self.telling.metrics {
            let written =
                prometheus::running(self.loaded.pipeline.name(), meter).and_then(|text| prometheus::write(path, &text));
            if let Err(error) = written {
                say(&format!("warning: no metrics are written any more: {error:#}"));
                self.telling.metrics = None;
            }
        }
        if self.telling.quiet || self.bar.is_some() {
            return;
        }
        match self.telling.log {
            LogFormat::Text => say(&estimate.to_string()),
            LogFormat::Json => tracing::info!(
                target: PROGRESS,
                pass = estimate.pass.0,
                passes = estimate.pass.1,
                documents = estimate.documents,
                done = estimate.done,
                per_second = estimate.rate,
                seconds_left = estimate.left.map(|left| left.as_secs()),
                quarantined = estimate.quarantined,
                slowest = estimate.slowest.as_ref().map(|(part, _)| part.as_str()),
                "progress"
            ),
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template("{spinner} {wide_msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(DRAWN);
    bar
}
