//! `docmill watch`: a run after every change of the documents, of the pipeline, or of a file that either reads.
//!
//! A change is no more than a reason to run: the run itself finds what has changed, and its cache what need not be done again. So
//! nothing depends on the system telling of every change, nor of what kind it is.

mod changes;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use docmill_config::{Diagnostics, Loaded};
use docmill_core::{Registry, TimeSpan};
use docmill_engine::{Manifest, RunError, RunOptions};

use self::changes::Changes;
use crate::arguments::{LogFormat, WatchArguments};
use crate::exit::{self, Wrong};
use crate::load::{load, load_quietly};
use crate::run::{self, Asked};
use crate::signals;
use crate::summary::ended;
use crate::terminal::{self, say, thousands};

/// How often a watch that waits looks whether it is to end.
const LOOK: Duration = Duration::from_millis(100);
/// How often it looks whether what it watches is still there, and a pipeline that is wrong is right again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How many times longer than they settle changes may go on before a run begins all the same.
const PATIENCE: u32 = 10;

/// Runs the pipeline, and runs it again after changes, until a signal ends it.
pub(crate) fn watch(registry: &Registry, arguments: &WatchArguments, log: LogFormat) -> anyhow::Result<u8> {
    let settle = time("--settle", &arguments.settle)?;
    let poll = arguments.poll.as_deref().map(|text| time("--poll", text)).transpose()?;
    let asked = Asked::of(&arguments.run)?;
    let loaded = Arc::new(load(registry, &asked.pipeline, &asked.documents)?);
    if let Some(input) = loaded.pipeline.inputs().iter().position(|input| input.watched().is_none()) {
        let message = format!("error: input {} cannot be watched: name folders, files or globs", input + 1);
        return Err(Wrong(message).into());
    }
    let cancel = Arc::default();
    signals::listen(Arc::clone(&cancel))?;
    if run::options(&loaded, &asked, &arguments.run, &cancel)?.cache.is_none() {
        say("warning: without a cache, all work is done anew after each change");
    }
    let changes = Changes::new(poll)?;
    let mut watch = Watch { registry, arguments, log, asked, loaded, wrong: None, changes, settle, cancel };
    watch.run()
}

fn time(option: &str, text: &str) -> anyhow::Result<Duration> {
    let time: TimeSpan = text.parse().map_err(|error| Wrong(format!("error: {option} {text}: {error}")))?;
    Ok(time.0)
}

struct Watch<'a> {
    registry: &'a Registry,
    arguments: &'a WatchArguments,
    log: LogFormat,
    asked: Asked,
    /// The pipeline, or the last one that was right.
    loaded: Arc<Loaded>,
    /// What was said of the pipeline file while it is wrong.
    wrong: Option<String>,
    changes: Changes,
    settle: Duration,
    cancel: Arc<AtomicBool>,
}

impl Watch<'_> {
    fn run(&mut self) -> anyhow::Result<u8> {
        loop {
            // What changes from here on, also during the run, leads to another one.
            let options = run::options(&self.loaded, &self.asked, &self.arguments.run, &self.cancel)?;
            self.changes.follow(&self.loaded, self.asked.pipeline.pipeline.as_deref(), &options)?;
            if let Some(code) = self.once(&options)? {
                return Ok(code);
            }
            loop {
                if !self.wait() {
                    say("interrupted: the outputs are those of the last run");
                    return Ok(exit::INTERRUPTED);
                }
                if self.reload()? {
                    break;
                }
            }
        }
    }

    /// Makes a run and tells what came of it; gives the exit status where it was interrupted.
    fn once(&self, options: &RunOptions) -> anyhow::Result<Option<u8>> {
        let began = Instant::now();
        match run::once(&self.loaded, options, &self.arguments.run, self.log) {
            Ok(report) => self.tell(&report.manifest, began.elapsed())?,
            Err(error) => {
                if let Some(RunError::Interrupted(interruption)) = error.downcast_ref() {
                    say(&format!("error: interrupted: {interruption}"));
                    return Ok(Some(exit::INTERRUPTED));
                }
                let messages = docmill_core::chain(&*error).join(": ");
                say(&format!("error: {messages}; the outputs stay as they are until the next change"));
            }
        }
        Ok(None)
    }

    fn tell(&self, manifest: &Manifest, time: Duration) -> anyhow::Result<()> {
        use std::io::Write as _;

        if self.arguments.run.json {
            writeln!(std::io::stdout().lock(), "{}", serde_json::to_string(manifest)?)?;
        }
        if self.arguments.run.quiet || self.arguments.run.json {
            return Ok(());
        }
        let counts = &manifest.counts;
        let worked = manifest.cache.map_or(counts.found, |cache| cache.worked + cache.resumed);
        say(&format!(
            "{} documents: {}; {} worked on, {:.2} s",
            thousands(counts.found),
            ended(counts),
            thousands(worked),
            time.as_secs_f64()
        ));
        Ok(())
    }

    /// Waits for changes, and until they have settled. Not so where the watch is to end.
    fn wait(&mut self) -> bool {
        let mut first: Option<Instant> = None;
        let mut last = Instant::now();
        let mut looked = Instant::now();
        while !self.cancel.load(Ordering::Relaxed) {
            let now = Instant::now();
            if self.changes.next(LOOK.min(self.settle)) {
                first.get_or_insert(now);
                last = Instant::now();
            }
            if first.is_none() && looked.elapsed() >= LOOK_AGAIN {
                looked = Instant::now();
                if self.changes.look_again() || self.wrong.is_some() {
                    return true;
                }
            }
            let settled = last.elapsed() >= self.settle;
            if first.is_some_and(|first| settled || first.elapsed() >= self.settle * PATIENCE) {
                return true;
            }
        }
        false
    }

    /// Reads the pipeline anew, and says whether there is one to run. Where it is wrong now, all that is wrong is told once, and
    /// what ran before stays.
    fn reload(&mut self) -> anyhow::Result<bool> {
        let loaded = load_quietly(self.registry, &self.asked.pipeline, &self.asked.documents)?;
        let shown = |diagnostics: &Diagnostics| diagnostics.render(terminal::colours()).trim_end().to_owned();
        match loaded {
            Ok(loaded) => {
                if !loaded.warnings.is_empty() && shown(&loaded.warnings) != shown(&self.loaded.warnings) {
                    say(&shown(&loaded.warnings));
                }
                self.wrong = None;
                self.loaded = Arc::new(loaded);
                Ok(true)
            }
            Err(diagnostics) => {
                let wrong = shown(&diagnostics);
                if self.wrong.as_ref() != Some(&wrong) {
                    say(&wrong);
                    say("the outputs stay as they are until this is mended");
                    self.wrong = Some(wrong);
                }
                Ok(false)
            }
        }
    }
}
