//! What a run counts, in the text format of Prometheus, for the textfile collector of its node exporter.
//!
//! The file is written anew now and then while the run goes on, and at its end. It appears whole or not at all.

use std::io::Write as _;
use std::path::Path;

use docmill_engine::{Counts, Manifest, Meter, PartMetrics};
use docmill_files::PendingFile;
use prometheus::{Encoder as _, Gauge, GaugeVec, Opts, Registry, TextEncoder};

/// A metric of each part: its name, its meaning, its value.
type OfParts = (&'static str, &'static str, fn(&PartMetrics) -> f64);

/// What each part counts.
const OF_PARTS: [OfParts; 5] = [
    ("docmill_part_documents", "Documents that a part of the pipeline worked on.", |part| part.documents as f64),
    ("docmill_part_text_bytes", "Bytes of text that came to a part.", |part| part.bytes as f64),
    ("docmill_part_seconds", "Seconds of work of a part, summed over all workers.", |part| part.seconds),
    ("docmill_part_dropped", "Documents that a part dropped or found to be duplicates.", |part| part.dropped as f64),
    ("docmill_part_failed", "Documents for which a part failed.", |part| part.failed as f64),
];

/// A run that goes on.
pub(crate) fn running(pipeline: &str, meter: &Meter) -> anyhow::Result<Vec<u8>> {
    let so_far = meter.snapshot();
    let registry = of_run(pipeline, &so_far.counts, so_far.bytes, &meter.parts())?;
    gauge(&registry, "docmill_run_finished", "1 once the run came to its end.", 0.0)?;
    encoded(&registry)
}

/// A run that came to its end.
pub(crate) fn finished(manifest: &Manifest, now: f64) -> anyhow::Result<Vec<u8>> {
    let registry = of_run(&manifest.pipeline.name, &manifest.counts, manifest.bytes, &manifest.parts)?;
    gauge(&registry, "docmill_run_finished", "1 once the run came to its end.", 1.0)?;
    gauge(&registry, "docmill_run_finished_timestamp_seconds", "When it came to its end, in seconds since 1970.", now)?;
    gauge(&registry, "docmill_run_seconds", "How long it took.", manifest.seconds)?;
    gauge(&registry, "docmill_run_workers", "Threads that worked on documents.", manifest.workers as f64)?;
    if let Some(peak) = manifest.peak_memory {
        gauge(&registry, "docmill_run_peak_memory_bytes", "The most memory that the process held.", peak as f64)?;
    }
    if let Some(cache) = manifest.cache {
        let uses = labelled(
            &registry,
            "docmill_cache_documents",
            "Documents by what the cache had of them, once for each pass.",
            "use",
        )?;
        for (name, documents) in [("reused", cache.reused), ("resumed", cache.resumed), ("worked", cache.worked)] {
            uses.with_label_values(&[name]).set(documents as f64);
        }
    }
    encoded(&registry)
}

/// Writes the text to its place.
pub(crate) fn write(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let mut file = PendingFile::create(path)?;
    file.write_all(text)?;
    file.commit()?;
    Ok(())
}

fn of_run(pipeline: &str, counts: &Counts, bytes: u64, parts: &[PartMetrics]) -> anyhow::Result<Registry> {
    let labels = std::iter::once(("pipeline".to_owned(), pipeline.to_owned())).collect();
    let registry = Registry::new_custom(None, Some(labels))?;
    gauge(&registry, "docmill_documents_found", "Documents found so far.", counts.found as f64)?;
    let outcomes = labelled(&registry, "docmill_documents", "Documents that ended, by outcome.", "outcome")?;
    for (outcome, documents) in counts.by_outcome() {
        outcomes.with_label_values(&[outcome]).set(documents as f64);
    }
    gauge(&registry, "docmill_source_bytes", "Bytes of the sources of documents that ended.", bytes as f64)?;
    for (name, help, value) in OF_PARTS {
        let gauges = labelled(&registry, name, help, "part")?;
        for part in parts {
            gauges.with_label_values(&[&part.id]).set(value(part));
        }
    }
    Ok(registry)
}

fn gauge(registry: &Registry, name: &str, help: &str, value: f64) -> anyhow::Result<()> {
    let gauge = Gauge::new(name, help)?;
    gauge.set(value);
    Ok(registry.register(Box::new(gauge))?)
}

fn labelled(registry: &Registry, name: &str, help: &str, label: &str) -> anyhow::Result<GaugeVec> {
    let gauges = GaugeVec::new(Opts::new(name, help), &[label])?;
    registry.register(Box::new(gauges.clone()))?;
    Ok(gauges)
}

fn encoded(registry: &Registry) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    TextEncoder::new().encode(&registry.gather(), &mut text)?;
    Ok(text)
}
