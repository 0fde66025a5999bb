//! The log on standard error, and the trace of a run in a file.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_chrome::{ChromeLayerBuilder, EventOrSpan, FlushGuard};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry};

use crate::arguments::LogFormat;
use crate::terminal::{colours, say};

/// Under which name progress stands in a log of JSON.
pub(crate) const PROGRESS: &str = "docmill::progress";

/// The trace that is being written. The log is one for the whole process, and so is this.
static TRACE: Mutex<Option<Trace>> = Mutex::new(None);

struct Trace {
    /// Ends the file when it is dropped.
    guard: FlushGuard,
    failed: Arc<Mutex<Option<io::Error>>>,
    path: String,
}

/// Sends the log to standard error (warnings and errors, or what `DOCMILL_LOG` asks for), and spans of the run, its documents and
/// stages to the file `trace`, in the format of Chrome's trace viewer, which Perfetto reads.
pub(crate) fn start(format: LogFormat, trace: Option<&Path>) -> anyhow::Result<()> {
    let log =
        tracing_subscriber::fmt::layer().with_span_events(FmtSpan::CLOSE).with_writer(io::stderr).with_ansi(colours());
    let log = match format {
        LogFormat::Text => log.with_filter(wanted()).boxed(),
        LogFormat::Json => log.json().with_filter(wanted()).boxed(),
    };
    // A log that was started already by the program that this library is a part of stays.
    let _ = Registry::default().with(log).with(trace.map(traced).transpose()?).try_init();
    Ok(())
}

/// Ends the trace, and says so where it could not be written. To be called before the process ends, however it ends.
pub(crate) fn end() {
    let Some(Trace { guard, failed, path }) = TRACE.lock().unwrap_or_else(PoisonError::into_inner).take() else {
        return;
    };
    drop(guard);
    if let Some(error) = failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
        say(&format!("warning: the trace {path} is not whole: {error}"));
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

fn traced<S>(path: &Path) -> anyhow::Result<impl Layer<S>>
where
    S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    let shown = path.display().to_string();
    let file = File::create(path).with_context(|| format!("cannot write the trace {shown}"))?;
    let failed = Arc::default();
    let (layer, guard) = ChromeLayerBuilder::new()
        .writer(Faultless { file, failed: Arc::clone(&failed) })
        .include_args(true)
        .include_locations(false)
        .name_fn(Box::new(|shown| match shown {
            EventOrSpan::Event(event) => event.metadata().name().to_owned(),
            EventOrSpan::Span(span) => {
                let named = span.extensions().get::<Named>().map(|named| named.0.clone());
                named.unwrap_or_else(|| span.metadata().name().to_owned())
            }
        }))
        .build();
    *TRACE.lock().unwrap_or_else(PoisonError::into_inner) = Some(Trace { guard, failed, path: shown });
    let own_spans = |metadata: &Metadata<'_>| metadata.is_span() && metadata.target().starts_with("docmill");
    let own_spans = filter_fn(own_spans).with_max_level_hint(LevelFilter::TRACE);
    Ok(Names.and_then(layer).with_filter(own_spans))
}

/// What a span is called in a trace: the id of its stage, or the URI of its document.
struct Named(String);

/// Gives spans their names.
struct Names;

impl<S> Layer<S> for Names
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut name = Name(None);
        attributes.record(&mut name);
        if let (Some(name), Some(span)) = (name.0, context.span(id)) {
            span.extensions_mut().insert(Named(name));
        }
    }
}

/// Looks for the field that names a span.
struct Name(Option<String>);

impl Visit for Name {
    fn record_str(&mut self, field: &Field, value: &str) {
        if matches!(field.name(), "id" | "uri") {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}
}

/// A file that takes everything, and remembers what went wrong first: the thread that writes the trace expects no errors.
struct Faultless {
    file: File,
    failed: Arc<Mutex<Option<io::Error>>>,
}

impl Write for Faultless {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_none()
            && let Err(error) = self.file.write_all(bytes)
        {
            *failed = Some(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
