//! A run: sources in, records, ledger, quarantine and manifest out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use docmill_core::Pipeline;

use crate::books::Books;
use crate::budget::Budget;
use crate::guard::STACK_SIZE;
use crate::manifest::{Manifest, PipelineManifest};
use crate::metrics::{Counters, peak_memory};
use crate::options::{Observer, RunOptions};
use crate::own::Own;
use crate::report::{Report, RunError};
use crate::stream::Stream;
use crate::walk::Plan;

/// Runs a pipeline.
pub fn run(pipeline: &Pipeline, options: &RunOptions, observer: &dyn Observer) -> Result<Report, RunError> {
    let _span = tracing::info_span!("run", pipeline = pipeline.name()).entered();
    let started = jiff::Timestamp::now();
    let clock = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.workers.unwrap_or(0))
        .thread_name(|index| format!("docmill-{index}"))
        .stack_size(STACK_SIZE)
        .build()?;
    let outputs = options.places(pipeline);
    let stream = Stream {
        plan: Plan::new(pipeline),
        options,
        observer,
        pool: &pool,
        budget: Budget::new(options.memory),
        own: Own::of(&options.folder, &outputs),
        found: AtomicU64::new(0),
    };
    let mut books = Books::open(pipeline, options, &outputs)?;
    stream.run(&mut |arrival| books.enter(arrival, observer))?;
    books.counts.found = stream.found.load(Ordering::Relaxed);
    if options.cancel.load(Ordering::Relaxed) {
        return Err(RunError::Interrupted(books.counts));
    }
    if !books.counts.balance() {
        return Err(RunError::Unbalanced(books.counts));
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
        bytes,
        parts: plan.readers.iter().chain(&plan.steps).chain(&plan.outputs).map(Counters::metrics).collect(),
        files,
    };
    books.close(manifest)
}
