//! The processes of one part of a pipeline.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use docmill_core::{Built, Document, Limits, RawSource, ReadError, StageError, Verdict};
use serde_bytes::ByteBuf;

use crate::guard::STACK_SIZE;
use crate::task::{Done, PartTask, SourceTask, Task};
use crate::worker::{Death, Lost, Worker, WorkerCommand};

/// Processes that are one part of a pipeline: as many as documents are with it at one time, started when first needed.
pub struct Workers {
    command: WorkerCommand,
    part: PartTask,
    idle: Mutex<Vec<Worker>>,
}

impl Workers {
    /// For the part `built` that is called `id` in its pipeline. None is started yet.
    pub fn new(command: &WorkerCommand, built: &Built, id: &str, limits: &Limits) -> Self {
        let part = PartTask {
            name: built.name.clone(),
            id: id.to_owned(),
            options: built.options.clone(),
            base: built.base.clone(),
            files: built.files.clone(),
            limits: limits.clone(),
        };
        Self { command: command.clone(), part, idle: Mutex::default() }
    }

    /// Reads a source.
    pub fn read(&self, source: RawSource) -> Result<Document, ReadError> {
        let task = Task::Read(Box::new(SourceTask {
            uri: source.uri,
            media_type: source.media_type,
            bytes: ByteBuf::from(source.bytes),
            hash: source.hash,
            container: source.container,
            origin: source.origin,
            shared: source.shared.map(|shared| ByteBuf::from(shared.to_bytes())),
        }));
        match self.work(&task, self.part.limits.time.0).map_err(|lost| ReadError::Died(self.told(lost)))? {
            Done::Read(read) => Ok(*read?),
            Done::Walked(_) => Err(ReadError::Died("its worker read nothing".to_owned())),
        }
    }

    /// Does to a document what the part does, and says what follows for it. With a `timeout`, it may take no longer than that.
    /// Where it fails the document is as it was.
    pub fn walk(&self, doc: &mut Document, timeout: Option<Duration>) -> Result<Verdict, StageError> {
        let limit = self.part.limits.time.0;
        let task = Task::Walk(Box::new(doc.clone()));
        let done =
            self.work(&task, timeout.map_or(limit, |timeout| timeout.min(limit))).map_err(|lost| match lost {
                Lost::Late => timeout
                    .filter(|timeout| *timeout <= limit)
                    .map_or_else(|| StageError::Died(self.told(Lost::Late)), StageError::Timeout),
                lost => StageError::Died(self.told(lost)),
            })?;
        let Done::Walked(walked) = done else {
            return Err(StageError::Died("its worker read a document".to_owned()));
        };
        let (changes, verdict) = walked?;
        for change in changes {
            doc.replay(change)?;
        }
        Ok(verdict)
    }

    /// Has a worker do the task. A worker that dies after it worked on other documents may die of those: the task has a second
    /// try in a new one, so that it does not matter which documents came before.
    fn work(&self, task: &Task, time: Duration) -> Result<Done, Lost> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let worker = idle.map_or_else(|| self.start(), Ok)?;
        match self.attempt(worker, task, time) {
            Err((Lost::Died(_), true)) => self.attempt(self.start()?, task, time).map_err(|(lost, _)| lost),
            done => done.map_err(|(lost, _)| lost),
        }
    }

    fn start(&self) -> Result<Worker, Lost> {
        Worker::start(&self.command, &self.part).map_err(Lost::Unready)
    }

    /// What came of the task, or why nothing, and whether the worker had worked on another document before.
    fn attempt(&self, mut worker: Worker, task: &Task, time: Duration) -> Result<Done, (Lost, bool)> {
        let used = worker.is_used();
        let done = worker.work(task, time).map_err(|lost| (lost, used))?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        Ok(done)
    }

    /// The limit that was passed where one can be told, otherwise how the worker ended.
    fn told(&self, lost: Lost) -> String {
        let limits = &self.part.limits;
        match lost {
            Lost::Unready(why) => format!("it cannot be isolated: {why}"),
            Lost::Late => format!("took longer than limits.time = {}", limits.time),
            Lost::Died(Death::Stack) => {
                format!("overflowed its stack of {}", docmill_core::ByteSize(STACK_SIZE as u64))
            }
            Lost::Died(Death::Memory) => format!("took more than limits.memory = {}", limits.memory),
            Lost::Died(Death::Ended(how)) => format!("its worker {how}"),
        }
    }
}
