//! Where the log and the spans of a run go: standard error, a trace file, a collector.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use docmill_engine::Meter;
use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterFn, filter_fn};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry};

use crate::arguments::{LogFormat, RunArguments};
use crate::otlp::{self, Otlp};
use crate::terminal::{colours, say};
use crate::trace_file::{self, TraceFile};

/// Under which name progress stands in a log of JSON.
pub(crate) const PROGRESS: &str = "docmill::progress";

/// What is to be ended before the process ends. The log is one for the whole process, and so is this.
static OPEN: Mutex<Option<Open>> = Mutex::new(None);

#[derive(Default)]
struct Open {
    trace: Option<TraceFile>,
    otlp: Option<Otlp>,
}

/// Sends the log to standard error (warnings and errors, or what `DOCMILL_LOG` asks for), and spans of a run, its documents and
/// stages to where the command asks for them.
pub(crate) fn start(format: LogFormat, run: Option<&RunArguments>) -> anyhow::Result<()> {
    let log =
        tracing_subscriber::fmt::layer().with_span_events(FmtSpan::CLOSE).with_writer(io::stderr).with_ansi(colours());
    let log = match format {
        LogFormat::Text => log.with_filter(wanted()).boxed(),
        LogFormat::Json => log.json().with_filter(wanted()).boxed(),
    };
    let trace = run.and_then(|run| run.trace.as_deref()).map(trace_file::start).transpose()?.unzip();
    let otlp = run.and_then(|run| run.otlp.as_deref()).map(otlp::start).transpose()?.unzip();
    *OPEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(Open { trace: trace.0, otlp: otlp.0 });
    let spans =
        (trace.1.map(|layer| layer.with_filter(own_spans())), otlp.1.map(|layer| layer.with_filter(own_spans())));
    // A log that was started already by the program that this library is a part of stays.
    let _ = Registry::default().with(spans.0).with(spans.1).with(log).try_init();
    Ok(())
}

/// A run begins, which this meter counts.
pub(crate) fn begins(meter: &Arc<Meter>) {
    if let Some(Open { otlp: Some(otlp), .. }) = &*OPEN.lock().unwrap_or_else(PoisonError::into_inner) {
        otlp.begins(meter);
    }
}

/// Brings everything to its end. To be called before the process ends, however it ends.
pub(crate) fn end() {
    let Some(Open { trace, otlp }) = OPEN.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    if let Some(trace) = trace {
        trace.end();
    }
    if let Some(otlp) = otlp {
        otlp.end();
    }
}

fn wanted() -> EnvFilter {
    let filter = match std::env::var("DOCMILL_LOG") {
        Ok(wanted) => EnvFilter::try_new(&wanted).unwrap_or_else(|error| {
            say(&format!("warning: DOCMILL_LOG={wanted}: {error}"));
            EnvFilter::new("warn")
        }),
        Err(_) => EnvFilter::new("warn"),
    };
    match format!("{PROGRESS}=info").parse() {
        Ok(progress) => filter.add_directive(progress),
        Err(_) => filter,
    }
}

/// The spans of docmill, whatever the log shows.
fn own_spans() -> FilterFn<impl Fn(&Metadata<'_>) -> bool> {
    let own = |metadata: &Metadata<'_>| metadata.is_span() && metadata.target().starts_with("docmill");
    filter_fn(own).with_max_level_hint(LevelFilter::TRACE)
}
