//! `docmill run`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use anyhow::Context as _;
use docmill_config::{AllowedFailures, Loaded};
use docmill_core::{ByteSize, Registry, TimeSpan};
use docmill_engine::{Counts, Report, RunOptions};

use crate::arguments::{LogFormat, PipelineArguments, RunArguments};
use crate::cache;
use crate::exit::{self, Wrong};
use crate::load::{is_pipeline, load};
use crate::progress::{Progress, Telling};
use crate::prometheus;
use crate::signals;
use crate::summary::summary;
use crate::telemetry;
use crate::terminal;
use crate::timings::timings;
use crate::worker;

/// The tag scheme whose labels the summary names.
const TOPIC: &str = "topic";

/// Runs a pipeline over documents.
pub(crate) fn run(registry: &Registry, arguments: &RunArguments, log: LogFormat) -> anyhow::Result<u8> {
    let asked = Asked::of(arguments)?;
    let loaded = Arc::new(load(registry, &asked.pipeline, &asked.documents)?);
    let cancel = Arc::default();
    signals::listen(Arc::clone(&cancel))?;
    let options = options(&loaded, &asked, arguments, &cancel)?;
    let report = once(&loaded, &options, arguments, log)?;
    tell(&report, arguments)?;
    let counts = &report.manifest.counts;
    Ok(if fails(counts, allowed(arguments, &loaded)?) { exit::QUARANTINED } else { exit::DONE })
}

/// What the command line asks for: a pipeline, and documents instead of its own.
pub(crate) struct Asked {
    pub(crate) pipeline: PipelineArguments,
    pub(crate) documents: Vec<String>,
}

impl Asked {
    pub(crate) fn of(arguments: &RunArguments) -> anyhow::Result<Self> {
        let mut asked = Self { pipeline: arguments.pipeline.clone(), documents: arguments.documents.clone() };
        let named = asked.pipeline.pipeline.is_some();
        if !named && asked.documents.first().is_some_and(|first| is_pipeline(first)) {
            asked.pipeline.pipeline = Some(asked.documents.remove(0));
        } else if !named && asked.documents.is_empty() {
            let message =
                "error: name the documents to run over, such as `docmill run DOCS -o out`, or a pipeline file";
            return Err(Wrong(message.to_owned()).into());
        }
        Ok(asked)
    }
}

/// Makes one run, and tells how it goes on.
pub(crate) fn once(
    loaded: &Arc<Loaded>,
    options: &RunOptions,
    arguments: &RunArguments,
    log: LogFormat,
) -> anyhow::Result<Report> {
    allowed(arguments, loaded)?;
    let progress = Progress::new(telling(arguments, log)?, loaded, options);
    let result = docmill_engine::run(&loaded.pipeline, options, &progress);
    progress.end();
    let report = result?;
    if let Some(path) = &arguments.metrics {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let text = prometheus::finished(&report.manifest, now.as_secs_f64())?;
        prometheus::write(path, &text).context("the run is done, but its metrics cannot be written")?;
    }
    Ok(report)
}

/// How many documents may be in quarantine.
fn allowed(arguments: &RunArguments, loaded: &Loaded) -> anyhow::Result<Option<AllowedFailures>> {
    let Some(text) = &arguments.allow_failures else { return Ok(loaded.run.allow_failures) };
    let allowed = text.parse().map_err(|error| Wrong(format!("error: --allow-failures {text}: {error}")))?;
    Ok(Some(allowed))
}

fn telling(arguments: &RunArguments, log: LogFormat) -> anyhow::Result<Telling> {
    let every = arguments.progress.parse::<TimeSpan>();
    let every = every.map_err(|error| Wrong(format!("error: --progress {}: {error}", arguments.progress)))?;
    let quiet = arguments.quiet || arguments.json;
    Ok(Telling { quiet, log, every: every.0, metrics: arguments.metrics.clone() })
}

/// How the run is made.
pub(crate) fn options(
    loaded: &Arc<Loaded>,
    asked: &Asked,
    arguments: &RunArguments,
    cancel: &Arc<AtomicBool>,
) -> anyhow::Result<RunOptions> {
    let places = loaded.run_folder(arguments.output.as_deref());
    refuse_pipeline_file(&places.outputs, asked.pipeline.pipeline.as_deref())?;
    let mut options = RunOptions::new(places.folder);
    options.cache = cache::of_run(arguments, &options.folder);
    options.outputs = places.outputs;
    options.worker = Some(worker::command()?);
    let redacting = Arc::clone(loaded);
    options.redact = Arc::new(move |text| redacting.redact(text));
    options.count_tags = vec![TOPIC.to_owned()];
    options.workers = arguments.workers.map(usize::from).or(loaded.run.workers);
    options.cancel = Arc::clone(cancel);
    options.abandon = Some(Arc::new(|interruption| {
        terminal::say(&format!("error: interrupted: {interruption}"));
        telemetry::end();
        docmill_isolation::end_all();
        std::process::exit(exit::INTERRUPTED.into());
    }));
    let memory = match &arguments.memory {
        Some(text) => {
            Some(text.parse::<ByteSize>().map_err(|error| Wrong(format!("error: --memory {text}: {error}")))?)
        }
        None => loaded.run.memory,
    };
    if let Some(memory) = memory {
        options.memory = memory.0;
    }
    Ok(options)
}

/// An output in the place of the pipeline file would leave nothing to run the next time.
fn refuse_pipeline_file(outputs: &[PathBuf], pipeline: Option<&str>) -> anyhow::Result<()> {
    let absolute = |path: &Path| std::path::absolute(path).ok();
    let Some(file) = pipeline.and_then(|pipeline| absolute(Path::new(pipeline))) else { return Ok(()) };
    match outputs.iter().find(|output| absolute(output).is_some_and(|output| output == file)) {
        Some(output) => {
            let message = format!("error: the output {} would replace the pipeline file", output.display());
            Err(Wrong(message).into())
        }
        None => Ok(()),
    }
}

fn tell(report: &Report, arguments: &RunArguments) -> anyhow::Result<()> {
    if arguments.json {
        writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&report.manifest)?)?;
    } else if !arguments.quiet {
        let mut out = std::io::stderr().lock();
        timings(&mut out, &report.manifest.parts)?;
        summary(&mut out, report, TOPIC)?;
    }
    Ok(())
}

/// Whether more documents are in quarantine than allowed.
fn fails(counts: &Counts, allowed: Option<AllowedFailures>) -> bool {
    !allowed.unwrap_or(AllowedFailures::Count(0)).allows(counts.quarantined, counts.found)
}
