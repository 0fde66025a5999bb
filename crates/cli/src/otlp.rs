//! Spans and metrics to an OpenTelemetry collector, over OTLP with protobuf in HTTP.
//!
//! Nothing is lost on the way: where the collector is slower than the run, the run waits for it. A collector that cannot be
//! reached, or that refuses what it gets, gets nothing more, and the run goes on.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender};
use docmill_engine::{Meter, PartMetrics};
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{MetricExporter, Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanExporter as _, SpanProcessor};
use tracing::Subscriber;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::terminal::say;

/// Spans that are sent together.
const BATCH: usize = 512;
/// Spans that wait to be sent before the run waits for them.
const WAITING: usize = 16 * BATCH;
/// How long the collector may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often metrics are sent.
const EVERY: Duration = Duration::from_secs(10);

/// What is being sent.
pub(crate) struct Otlp {
    spans: SdkTracerProvider,
    sender: JoinHandle<Option<String>>,
    metrics: SdkMeterProvider,
    meter: Arc<Mutex<Option<Arc<Meter>>>>,
    endpoint: String,
}

/// Begins to send to the collector at `endpoint`, such as `http://127.0.0.1:4318`.
pub(crate) fn start<S>(endpoint: &str) -> anyhow::Result<(Otlp, impl Layer<S>)>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let endpoint = endpoint.trim_end_matches('/').to_owned();
    let resource = Resource::builder()
        .with_service_name("docmill")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let wrong = || format!("cannot send to {endpoint}: a collector's address is such as http://127.0.0.1:4318");
    let mut exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/traces"))
        .with_timeout(PATIENCE)
        .build()
        .with_context(wrong)?;
    exporter.set_resource(&resource);
    let (send, receive) = crossbeam_channel::bounded(WAITING);
    let sender = std::thread::Builder::new().name("docmill-otlp".to_owned());
    let sender = sender.spawn(move || sent(&receive, &exporter))?;
    let spans = SdkTracerProvider::builder()
        .with_resource(resource.clone())
        .with_span_processor(Sending(Mutex::new(Some(send))))
        .build();
    let exporter = MetricExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/metrics"))
        .with_timeout(PATIENCE)
        .build()
        .with_context(wrong)?;
    let reader = PeriodicReader::builder(exporter).with_interval(EVERY).build();
    let metrics = SdkMeterProvider::builder().with_resource(resource).with_reader(reader).build();
    let meter = Arc::default();
    measured(&metrics, &meter);
    let layer = tracing_opentelemetry::layer().with_tracer(spans.tracer("docmill")).with_location(false);
    Ok((Otlp { spans, sender, metrics, meter, endpoint }, layer))
}

impl Otlp {
    /// A run begins, which this meter counts.
    pub(crate) fn begins(&self, meter: &Arc<Meter>) {
        *self.meter.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(meter));
    }

    /// Sends what is left, and says so where something could not be sent.
    pub(crate) fn end(self) {
        let shut = self.spans.shutdown();
        let spans = self.sender.join().unwrap_or_else(|_| Some("the sending thread panicked".to_owned()));
        let metrics = self.metrics.shutdown().err().map(|error| error.to_string());
        let spans = spans.or_else(|| shut.err().map(|error| error.to_string()));
        for (what, error) in [("spans", spans), ("metrics", metrics)] {
            if let Some(error) = error {
                say(&format!("warning: not all {what} were sent to {}: {error}", self.endpoint));
            }
        }
    }
}

/// Sends spans in batches until there are no more, or one cannot be sent; what is left then is taken and dropped. Gives the error.
fn sent(receive: &Receiver<SpanData>, exporter: &SpanExporter) -> Option<String> {
    let mut failed = None;
    while let Ok(first) = receive.recv() {
        let mut batch = vec![first];
        batch.extend(receive.try_iter().take(BATCH - 1));
        if failed.is_none() {
            failed = futures_executor::block_on(exporter.export(batch)).err().map(|error| error.to_string());
        }
    }
    failed
}

/// Hands spans that ended to the sending thread, and waits where too many wait there.
#[derive(Debug)]
struct Sending(Mutex<Option<Sender<SpanData>>>);

impl SpanProcessor for Sending {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    fn on_end(&self, span: SpanData) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(sender) = sender {
            // The receiver stays until all senders are gone.
            let _ = sender.send(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(())
    }
}

/// A metric of each part: its name, unit, meaning and value.
type OfParts = (&'static str, &'static str, &'static str, fn(&PartMetrics) -> f64);

const OF_PARTS: [OfParts; 4] = [
    ("docmill.part.documents", "{document}", "Documents that a part worked on.", |part| part.documents as f64),
    ("docmill.part.duration", "s", "Work of a part, over all workers.", |part| part.seconds),
    ("docmill.part.dropped", "{document}", "Documents that a part dropped.", |part| part.dropped as f64),
    ("docmill.part.failed", "{document}", "Documents for which a part failed.", |part| part.failed as f64),
];

/// Makes what the meter of the run counts, once there is one, into instruments.
fn measured(metrics: &SdkMeterProvider, meter: &Arc<Mutex<Option<Arc<Meter>>>>) {
    let scope = metrics.meter("docmill");
    let current = Arc::clone(meter);
    scope
        .u64_observable_counter("docmill.documents")
        .with_description("Documents that ended, by outcome.")
        .with_unit("{document}")
        .with_callback(move |instrument| {
            let Some(meter) = current.lock().unwrap_or_else(PoisonError::into_inner).clone() else { return };
            for (outcome, documents) in meter.snapshot().counts.by_outcome() {
                instrument.observe(documents, &[KeyValue::new("outcome", outcome)]);
            }
        })
        .build();
    for (name, unit, description, value) in OF_PARTS {
        let current = Arc::clone(meter);
        scope
            .f64_observable_counter(name)
            .with_description(description)
            .with_unit(unit)
            .with_callback(move |instrument| {
                let Some(meter) = current.lock().unwrap_or_else(PoisonError::into_inner).clone() else { return };
                for part in meter.parts() {
                    instrument.observe(value(&part), &[KeyValue::new("part", part.id.clone())]);
                }
            })
            .build();
    }
}
