//! The trace of a run in a file, in the format of Chrome's trace viewer, which Perfetto reads.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing_chrome::{ChromeLayerBuilder, EventOrSpan, FlushGuard};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::terminal::say;

/// A trace that is being written.
pub(crate) struct TraceFile {
    /// Ends the file when it is dropped.
    guard: FlushGuard,
    failed: Arc<Mutex<Option<io::Error>>>,
    path: String,
}

impl TraceFile {
    /// Ends the file, and says so where it could not be written.
    pub(crate) fn end(self) {
        drop(self.guard);
        if let Some(error) = self.failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
            say(&format!("warning: the trace {} is not whole: {error}", self.path));
        }
    }
}

/// Begins a trace in the file at `path`.
pub(crate) fn start<S>(path: &Path) -> anyhow::Result<(TraceFile, impl Layer<S>)>
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
    Ok((TraceFile { guard, failed, path: shown }, Names.and_then(layer)))
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
