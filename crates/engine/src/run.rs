//! A run: sources in, records, ledger, quarantine and manifest out.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use docmill_cache::{CacheError, RunUse, Store};
use docmill_core::Pipeline;
use docmill_isolation::STACK_SIZE;

use crate::books::{self, Books};
use crate::budget::{Budget, in_flight};
use crate::feed;
use crate::interruption::Done;
use crate::manifest::{CacheUse, Manifest, PipelineManifest};
use crate::meter::Snapshot;
use crate::metrics::{PartMetrics, peak_memory};
use crate::options::{Observer, RunOptions};
use crate::own::Own;
use crate::report::{Report, RunError};
use crate::reuse::{self, Reuse};
use crate::stream::Stream;
use crate::unchanged::{Listing, Remembered};
use crate::walk::Plan;

/// Runs a pipeline. A cache that turns out to be damaged is dropped, and the run begins again with a new one; where the disk does
/// not let it be used, the run begins again without.
pub fn run(pipeline: &Pipeline, options: &RunOptions, observer: &dyn Observer) -> Result<Report, RunError> {
    let (error, folder) = match (attempt(pipeline, options, observer), &options.cache) {
        (Err(RunError::Cache(error)), Some(folder)) if !matches!(error, CacheError::Busy(_)) => (error, folder),
        (done, _) => return done,
    };
    let (reason, shown) = (error.to_string(), folder.display().to_string());
    if matches!(error, CacheError::Damaged(_)) {
        tracing::warn!(folder = shown, error = reason, "the run begins again, with a new cache");
        Store::discard(folder)?;
        return attempt(pipeline, options, observer);
    }
    tracing::warn!(folder = shown, error = reason, "the run goes on without a cache");
    attempt(pipeline, &RunOptions { cache: None, ..options.clone() }, observer)
}

fn attempt(pipeline: &Pipeline, options: &RunOptions, observer: &dyn Observer) -> Result<Report, RunError> {
    let span = tracing::info_span!("run", pipeline = pipeline.name());
    let _entered = span.enter();
    let started = jiff::Timestamp::now();
    let clock = Instant::now();
    if let Some(report) = standing(pipeline, options)? {
        return Ok(report);
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.workers.unwrap_or(0))
        .thread_name(|index| format!("docmill-{index}"))
        .stack_size(STACK_SIZE)
        .build()?;
    let outputs = options.places(pipeline);
    let own = Own::of(&options.folder, &outputs);
    let mut plan = Plan::new(pipeline, options.worker.as_ref()).map_err(RunError::NoWorkers)?;
    let meter = Arc::clone(&plan.meter);
    observer.begins(&meter);
    let mut books = Books::open(pipeline, options, &outputs, &meter)?;
    // Whoever has the run folder has its cache too, unless several folders share one.
    let cache = options.cache.as_deref().map(Store::open).transpose()?;
    let reuse = cache.map(|store| Reuse::new(store, pipeline, &options.count_tags));
    plan.cx = plan.cx.clone().with_cancel(Arc::clone(&options.cancel));
    if let Some(reuse) = &reuse {
        plan.cx = plan.cx.clone().with_answers(Arc::new(reuse.answers()));
    }
    let stream = Stream {
        plan,
        options,
        pool: &pool,
        budget: Budget::new(in_flight(pipeline, options)),
        own,
        reuse,
        listing: Mutex::new(Listing::new()),
        span: span.clone(),
        done: Done::default(),
    };
    stream.run(&mut |arrival| books.enter(arrival, observer))?;
    let Snapshot { counts, bytes, .. } = meter.snapshot();
    if options.cancel.load(Ordering::Relaxed) {
        return Err(RunError::Interrupted(stream.interruption()));
    }
    if !counts.balance() {
        return Err(RunError::Unbalanced(counts));
    }
    if let Some(reuse) = &stream.reuse {
        reuse.finish(&options.folder);
    }
    let manifest = |files| Manifest {
        docmill: env!("CARGO_PKG_VERSION").to_owned(),
        pipeline: PipelineManifest::of(pipeline, &*options.redact),
        started: started.to_string(),
        seconds: clock.elapsed().as_secs_f64(),
        workers: pool.current_num_threads(),
        memory: options.memory,
        peak_memory: peak_memory(),
        counts,
        cache: stream.reuse.as_ref().map(|reuse| reuse.used().into()),
        bytes,
        parts: meter.parts(),
        files,
    };
    let report = books.close(manifest)?;
    if let Some(reuse) = &stream.reuse {
        let listing = stream.listing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(remembered) = Remembered::of(pipeline, options, &listing, &report.manifest, &report.tags) {
            remembered.keep(reuse.store(), options);
        }
    }
    Ok(report)
}

/// The report of a run with nothing to do: sources, pipeline and outputs are those of the last run into the folder.
fn standing(pipeline: &Pipeline, options: &RunOptions) -> Result<Option<Report>, RunError> {
    let (started, clock) = (jiff::Timestamp::now(), Instant::now());
    let Some(cache) = options.cache.as_deref().filter(|cache| Store::is_in(cache) && options.folder.is_dir()) else {
        return Ok(None);
    };
    let _lock = books::lock(&options.folder)?;
    let store = Store::open(cache)?;
    let Some(remembered) = Remembered::standing(&store, pipeline, options) else { return Ok(None) };
    let mut listing = Listing::new();
    let own = Own::of(&options.folder, &options.places(pipeline));
    let listed = feed::documents(pipeline, Some(&own), &mut |found, _| {
        listing.see(&found);
        if options.cancel.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if listed.is_err() || !remembered.is_of(&listing) {
        return Ok(None);
    }
    let Remembered { manifest: mut renewed, tags, .. } = remembered;
    let all = renewed.cache.map_or(0, |used| used.reused + used.resumed + used.worked);
    renewed.started = started.to_string();
    renewed.memory = options.memory;
    renewed.peak_memory = peak_memory();
    renewed.cache = Some(CacheUse { reused: all, resumed: 0, worked: 0 });
    for part in &mut renewed.parts {
        *part = PartMetrics { id: std::mem::take(&mut part.id), dropped: part.dropped, ..PartMetrics::default() };
    }
    renewed.seconds = clock.elapsed().as_secs_f64();
    books::renew(&renewed, &options.folder)?;
    reuse::finish(&store, &options.folder, RunUse { reused: all, ..RunUse::default() });
    Ok(Some(Report { manifest: renewed, folder: options.folder.clone(), tags, failures: Vec::new() }))
}
