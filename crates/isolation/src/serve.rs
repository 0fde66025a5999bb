//! The worker's end: a process that is one part of a pipeline.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::sync::Arc;

use docmill_core::{
    BuildContext, Change, Context, Document, Known, RawSource, ReadError, Registry, Relayed, Role, StageError, Verdict,
};

use crate::frame;
use crate::guard::{STACK_SIZE, caught};
use crate::limits;
use crate::task::{Done, PartTask, Ready, SourceTask, Task};

/// Works for a run through standard input and output until its input ends: the part that it is told to be comes from `registry`.
///
/// What the part itself writes to standard output goes to standard error.
pub fn serve(registry: &Registry) -> io::Result<()> {
    let (input, output) = (io::stdin(), own_output()?);
    let registry = registry.clone();
    let serving = std::thread::Builder::new().name("docmill-worker".to_owned()).stack_size(STACK_SIZE);
    let serving =
        serving.spawn(move || work(&registry, &mut BufReader::new(input.lock()), &mut BufWriter::new(output)))?;
    serving.join().unwrap_or_else(|_| Err(io::Error::other("the worker panicked")))
}

fn work(registry: &Registry, input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let Some(task) = frame::read::<PartTask>(input)? else { return Ok(()) };
    let cx = Context::new(task.limits.clone());
    let role = limits::apply(&task.limits).map_err(|error| error.to_string()).and_then(|()| built(registry, &task));
    let role = match role {
        Ok(role) => role,
        Err(error) => return frame::write(output, &Ready::Err(error)),
    };
    frame::write(output, &Ready::Ok(()))?;
    while let Some(next) = frame::read::<Task>(input)? {
        let done = match next {
            Task::Read(source) => Done::Read(read(&role, *source, &cx).map(Box::new)),
            Task::Walk(mut doc) => Done::Walked(walk(&role, &task.id, &mut doc, &cx)),
        };
        frame::write(output, &done)?;
    }
    Ok(())
}

/// The part, as the run has it.
fn built(registry: &Registry, task: &PartTask) -> Result<Role, String> {
    let cx = BuildContext::new(&task.base, task.limits.clone());
    let built = registry.build(&task.name, &task.options, &cx).map_err(|error| error.to_string())?;
    if built.files != task.files {
        return Err(format!("the files of {} have changed since the run began", task.id));
    }
    Ok(built.role)
}

fn read(role: &Role, source: SourceTask, cx: &Context) -> Result<Document, Relayed> {
    let Role::Reader(reader) = role else { return Err(misplaced()) };
    let shared = match &source.shared {
        None => None,
        Some(bytes) => Some(reader.shared(bytes).ok_or_else(unshared)?),
    };
    let source = RawSource {
        uri: source.uri,
        media_type: source.media_type,
        bytes: source.bytes.into_vec(),
        hash: source.hash,
        container: source.container,
        origin: source.origin,
        shared,
        known: Known::default(),
    };
    let read = caught(|| reader.read(source, cx).map_err(Failure::Read));
    read.map_err(|error| error.relayed())
}

fn walk(role: &Role, id: &str, doc: &mut Document, cx: &Context) -> Result<(Vec<Change>, Verdict), Relayed> {
    doc.enter(&Arc::from(id));
    doc.record();
    let walked = caught(|| match role {
        Role::Stage(stage) => stage.apply(doc, cx).map(|()| Verdict::Keep).map_err(Failure::Stage),
        Role::Filter(filter) => filter.judge(doc, cx).map_err(Failure::Stage),
        Role::Input(_) | Role::Reader(_) | Role::Corpus(_) | Role::Output(_) => {
            Err(Failure::Stage(StageError::from(misplaced())))
        }
    });
    let verdict = walked.map_err(|error| error.relayed())?;
    let changes = doc.take_changes().unwrap_or_else(|| vec![Change::Whole(Box::new(doc.clone()))]);
    Ok((changes, verdict))
}

/// A run never asks this of a part: the part of a worker is the one that it was started for.
fn misplaced() -> Relayed {
    Relayed::of(&StageError::Failed("the worker was asked for what its part does not do".to_owned()))
}

/// A defect of the reader.
fn unshared() -> Relayed {
    let message = "the reader does not take back what it keeps for the parts of a container (`Reader::shared`)";
    Relayed::of(&StageError::Failed(message.to_owned()))
}

/// What a part says went wrong.
enum Failure {
    Read(ReadError),
    Stage(StageError),
}

impl From<StageError> for Failure {
    fn from(error: StageError) -> Self {
        Self::Stage(error)
    }
}

impl Failure {
    fn relayed(&self) -> Relayed {
        match self {
            Self::Read(error) => Relayed::of(error),
            Self::Stage(error) => Relayed::of(error),
        }
    }
}

/// Standard output for frames alone: what else is written there goes to standard error.
#[cfg(unix)]
fn own_output() -> io::Result<impl Write + Send + 'static> {
    let own = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?;
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    Ok(std::fs::File::from(own))
}

#[cfg(not(unix))]
fn own_output() -> io::Result<impl Write + Send + 'static> {
    Ok(io::stdout())
}
