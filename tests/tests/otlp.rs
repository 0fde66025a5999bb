//! `docmill run --otlp` against a receiver on this machine, which decodes what it gets with the official protobuf definitions.
//!
//! `cargo test -p docmill-tests --features otlp --test otlp`

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use docmill_tests::{Ran, RunFolder};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{metric, number_data_point};

/// The path and the body of each request.
type Got = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A collector on a port of its own, and all that it got.
struct Collector {
    server: Arc<tiny_http::Server>,
    serving: JoinHandle<()>,
    got: Got,
}

impl Collector {
    /// One that answers every request with this status.
    fn answering(status: u16) -> Self {
        let server = Arc::new(tiny_http::Server::http("127.0.0.1:0").unwrap());
        let got = Got::default();
        let (listening, takes) = (Arc::clone(&server), Arc::clone(&got));
        let serving = std::thread::spawn(move || {
            for mut request in listening.incoming_requests() {
                let mut body = Vec::new();
                request.as_reader().read_to_end(&mut body).unwrap();
                takes.lock().unwrap().push((request.url().to_owned(), body));
                // Whoever asked may be gone.
                let _ = request.respond(tiny_http::Response::empty(status));
            }
        });
        Self { server, serving, got }
    }

    fn endpoint(&self) -> String {
        format!("http://{}", self.server.server_addr().to_ip().unwrap())
    }

    /// All that it got at this path.
    fn requests<M: prost::Message + Default>(&self, path: &str) -> Vec<M> {
        let got = self.got.lock().unwrap();
        got.iter().filter(|(at, _)| at == path).map(|(_, body)| M::decode(body.as_slice()).unwrap()).collect()
    }

    fn end(self) {
        self.server.unblock();
        self.serving.join().unwrap();
    }
}

fn docmill() -> Command {
    let mut command = docmill_tests::docmill();
    command.env_remove("OTEL_EXPORTER_OTLP_ENDPOINT");
    command
}

fn run(out: &RunFolder, more: &[&str]) -> Ran {
    Ran::of(docmill().args(["run", "fixtures/newsroom", "--quiet", "-o"]).arg(out.path()).args(more))
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    let value = &attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?.value;
    match value {
        Some(any_value::Value::StringValue(text)) => Some(text.clone()),
        _ => None,
    }
}

#[test]
fn a_collector_gets_every_span_of_the_run_below_that_of_the_run() {
    let (collector, out) = (Collector::answering(200), RunFolder::new());
    let ran = run(&out, &["--otlp", &collector.endpoint()]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let requests: Vec<ExportTraceServiceRequest> = collector.requests("/v1/traces");
    let resources: Vec<_> = requests.into_iter().flat_map(|request| request.resource_spans).collect();
    for resource in &resources {
        let attributes = &resource.resource.as_ref().unwrap().attributes;
        assert_eq!(text(attributes, "service.name").as_deref(), Some("docmill"));
        assert_eq!(text(attributes, "service.version").as_deref(), Some(env!("CARGO_PKG_VERSION")));
    }
    let spans: Vec<_> =
        resources.into_iter().flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect();
    let named = |name: &str| spans.iter().filter(|span| span.name == name).collect::<Vec<_>>();
    let [top] = named("run")[..] else { panic!("one span of the run") };
    assert!(top.parent_span_id.is_empty());
    let documents = named("document");
    let ids: BTreeSet<_> = documents.iter().map(|span| &span.span_id).collect();
    assert!(documents.iter().all(|span| span.parent_span_id == top.span_id && span.trace_id == top.trace_id));
    let uris: BTreeSet<_> = documents.iter().filter_map(|span| text(&span.attributes, "uri")).collect();
    let ledger: BTreeSet<_> =
        out.lines("ledger.jsonl").iter().map(|line| line["uri"].as_str().unwrap().to_owned()).collect();
    assert_eq!(uris, ledger);
    let mut worked: BTreeMap<String, u64> = BTreeMap::new();
    for span in spans.iter().filter(|span| matches!(span.name.as_str(), "reader" | "stage" | "output")) {
        assert!(ids.contains(&span.parent_span_id), "{span:?}");
        assert!(span.start_time_unix_nano <= span.end_time_unix_nano);
        *worked.entry(text(&span.attributes, "id").unwrap()).or_default() += 1;
    }
    let manifest = out.json("manifest.json");
    let parts = manifest["parts"].as_array().unwrap().iter();
    let counted: BTreeMap<_, _> = parts
        .map(|part| (part["id"].as_str().unwrap().to_owned(), part["documents"].as_u64().unwrap()))
        .filter(|(_, documents)| *documents > 0)
        .collect();
    assert_eq!(worked, counted);
    collector.end();
}

#[test]
fn a_collector_gets_the_counts_of_the_manifest() {
    let (collector, out) = (Collector::answering(200), RunFolder::new());
    let mut named = docmill();
    named.args(["run", "fixtures/newsroom", "--quiet", "-o"]).arg(out.path());
    // The address may come from the environment, as OpenTelemetry has it.
    assert_eq!(Ran::of(named.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())).code, 0);
    let requests: Vec<ExportMetricsServiceRequest> = collector.requests("/v1/metrics");
    let metrics = requests.into_iter().flat_map(|request| request.resource_metrics);
    let metrics = metrics.flat_map(|resource| resource.scope_metrics).flat_map(|scope| scope.metrics);
    let mut last: BTreeMap<(String, String), f64> = BTreeMap::new();
    for metric in metrics {
        let Some(metric::Data::Sum(sum)) = metric.data else { panic!("{} is no sum", metric.name) };
        assert!(sum.is_monotonic, "{}", metric.name);
        for point in sum.data_points {
            let of = ["outcome", "part"].iter().find_map(|key| text(&point.attributes, key)).unwrap();
            let value = match point.value.unwrap() {
                number_data_point::Value::AsDouble(value) => value,
                number_data_point::Value::AsInt(value) => value as f64,
            };
            last.insert((metric.name.clone(), of), value);
        }
    }
    let manifest = out.json("manifest.json");
    let got = |name: &str, of: &str| last.get(&(name.to_owned(), of.to_owned())).copied();
    assert_eq!(got("docmill.documents", "written"), manifest["counts"]["written"].as_f64());
    for part in manifest["parts"].as_array().unwrap() {
        let id = part["id"].as_str().unwrap();
        assert_eq!(got("docmill.part.documents", id), part["documents"].as_f64(), "{id}");
        assert_eq!(got("docmill.part.duration", id), part["seconds"].as_f64(), "{id}");
    }
    collector.end();
}

#[test]
fn a_collector_that_is_not_there_or_refuses_costs_a_warning() {
    let undisturbed = RunFolder::new();
    assert_eq!(run(&undisturbed, &[]).code, 0);
    let refusing = Collector::answering(400);
    // A port that was just free: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for endpoint in [refusing.endpoint(), format!("http://{free}")] {
        let out = RunFolder::new();
        let ran = run(&out, &["--otlp", &endpoint]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("not all spans were sent to {endpoint}")), "{}", ran.stderr);
        assert_eq!(out.files(), undisturbed.files());
    }
    refusing.end();
}

#[test]
fn an_address_that_is_none_is_refused_before_the_run() {
    let out = RunFolder::new();
    let ran = run(&out, &["--otlp", "not an address"]);
    assert_ne!(ran.code, 0);
    assert!(ran.stderr.contains("http://127.0.0.1:4318"), "{}", ran.stderr);
    assert!(!out.path().exists());
}
