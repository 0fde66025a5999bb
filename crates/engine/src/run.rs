//! A run: sources in, records, ledger, quarantine and manifest out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use docmill_cache::{CacheError, Store};
use docmill_core::Pipeline;

use crate::books::Books;
use crate::budget::Budget;
use crate::guard::STACK_SIZE;
use crate::manifest::{Manifest, PipelineManifest};
use crate::metrics::{Counters, peak_memory};
use crate::options::{Observer, RunOptions};
use crate::own::Own;
use crate::report::{Report, RunError};
use crate::reuse::Reuse;
use crate::stream::Stream;
use crate::walk::Plan;

/// Runs a pipeline. A cache that turns out to be damaged is dropped, and the run begins again with a new one.
pub fn run(pipeline: &Pipeline, options: &RunOptions, observer: &dyn Observer) -> Result<Report, RunError> {
    match (attempt(pipeline, options, observer), &options.cache) {
        (Err(RunError::Cache(error @ CacheError::Damaged(_))), Some(folder)) => {
            let folder_name = folder.display().to_string();
            tracing::warn!(folder = folder_name, error = error.to_string(), "the run begins again, with a new cache");
            Store::discard(folder)?;
            attempt(pipeline, options, observer)
        }
        (done, _) => done,
    }
}

fn attempt(pipeline: &Pipeline, options: &RunOptions, observer: &dyn Observer) -> Result<Report, RunError> {
    let _span = tracing::info_span!("run", pipeline = pipeline.name()).entered();
    let started = jiff::Timestamp::now();
    let clock = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.workers.unwrap_or(0))
        .thread_name(|index| format!("docmill-{index}"))
        .stack_size(STACK_SIZE)
        .build()?;
    let outputs = options.places(pipeline);
    let own = Own::of(&options.folder, &outputs);
    let mut books = Books::open(pipeline, options, &outputs)?;
    // Whoever has the run folder has its cache too, unless several folders share one.
    let cache = options.cache.as_deref().map(Store::open).transpose()?;
    let stream = Stream {
        plan: Plan::new(pipeline),
        options,
        observer,
        pool: &pool,
        budget: Budget::new(options.memory),
        own,
        reuse: cache.map(|store| Reuse::new(store, pipeline, &options.count_tags)),
        found: AtomicU64::new(0),
    };
    stream.run(&mut |arrival| books.enter(arrival, observer))?;
    books.counts.found = stream.found.load(Ordering::Relaxed);
    if options.cancel.load(Ordering::Relaxed) {
        return Err(RunError::Interrupted(books.counts));
    }
    if !books.counts.balance() {
        return Err(RunError::Unbalanced(books.counts));
    }
    if let Some(reuse) = &stream.reuse {
        reuse.finish(&options.folder);
    }
    let plan = &stream.plan;
    let manifest = |counts, bytes, files| Manifest {
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
        parts: plan.readers.iter().chain(&plan.steps).chain(&plan.outputs).map(Counters::metrics).collect(),
        files,
    };
    books.close(manifest)
}
