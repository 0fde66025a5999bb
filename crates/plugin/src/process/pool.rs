//! The processes of one stage, and the documents that wait for them.
//!
//! Each thread that brings a document works for all that wait: where a process is free, it hands over as many as the process takes
//! at a time. So there is no thread that only waits, and documents come together in one request only where there are fewer
//! processes than threads.
//!
//! What comes of a document does not depend on those beside it. Where a process dies or breaks the protocol, the documents that may
//! be the reason are given, each alone, to a process that has seen no other: only what fails there has failed.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use docmill_core::{Limits, StageError};
use serde_json::Value;
use serde_json::value::RawValue;

use super::protocol::Scope;
use super::worker::{Refusal, Trouble, Worker, line_limit};
use crate::launch::Launch;

/// The most bytes of documents that are handed over at a time, where there is more than one.
const BYTES: usize = 256 << 10;
/// How long is waited before a process is started again: after the first failure in a row, the second, and all others.
const BACK_OFF: [Duration; 3] = [Duration::from_millis(100), Duration::from_millis(500), Duration::from_secs(2)];

/// A document on its way to a process.
pub(crate) struct Errand {
    pub(crate) id: String,
    /// The document as JSON.
    pub(crate) doc: Vec<u8>,
    /// The timeout of the stage.
    pub(crate) timeout: Option<Duration>,
}

/// How many documents a process takes at a time, and how many processes there may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) batch: usize,
    pub(crate) processes: usize,
}

/// The processes of one stage.
pub(crate) struct Pool {
    launch: Launch,
    name: String,
    options: Value,
    limits: Limits,
    size: Size,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Ticket>,
    done: HashMap<u64, Outcome>,
    idle: Vec<Worker>,
    /// Processes that are idle, at work, or being started.
    processes: usize,
    tickets: u64,
    /// How many processes died in a row without an answer between.
    deaths: usize,
    /// Why no process can be had any more.
    fatal: Option<String>,
}

struct Ticket {
    number: u64,
    errand: Errand,
    /// It is to be given to a process that has seen no other document.
    alone: bool,
}

type Outcome = Result<Box<RawValue>, StageError>;

/// What became of a document that was handed over.
enum Fate {
    Done(Outcome),
    Again { alone: bool },
}

impl Pool {
    pub(crate) fn new(launch: Launch, name: String, options: Value, limits: Limits, size: Size) -> Self {
        Self { launch, name, options, limits, size, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Has the first process take its options, so that what is wrong with them is known.
    pub(crate) fn first(&self, worker: Option<Worker>) -> Result<(), Refusal> {
        let mut worker = match worker {
            Some(worker) => worker,
            None => self.greeted().map_err(Refusal::Unready)?,
        };
        worker.init(&self.options)?;
        let mut state = self.lock();
        state.idle.push(worker);
        state.processes += 1;
        Ok(())
    }

    /// What a process answers for a document.
    pub(crate) fn run(&self, errand: Errand) -> Outcome {
        let mut state = self.lock();
        let number = state.tickets;
        state.tickets += 1;
        state.waiting.push_back(Ticket { number, errand, alone: false });
        loop {
            if let Some(outcome) = state.done.remove(&number) {
                return outcome;
            }
            if let Some(why) = &state.fatal {
                let why = why.clone();
                state.waiting.retain(|ticket| ticket.number != number);
                return Err(StageError::Fatal(why));
            }
            let free = !state.idle.is_empty() || state.processes < self.size.processes;
            if state.waiting.is_empty() || !free {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let tickets = state.next_batch(self.size.batch);
            let worker = state.idle.pop();
            state.processes += usize::from(worker.is_none());
            let deaths = state.deaths;
            drop(state);
            let (worker, fates) = self.serve(worker, &tickets, deaths);
            state = self.lock();
            state.settle(worker, tickets, fates);
            self.changed.notify_all();
        }
    }

    /// Gives the documents to a process, and says what became of each; and the process, where it can be used again.
    fn serve(
        &self,
        worker: Option<Worker>,
        tickets: &[Ticket],
        deaths: usize,
    ) -> (Result<Option<Worker>, String>, Vec<Fate>) {
        let again = |alone: bool| tickets.iter().map(|_| Fate::Again { alone }).collect();
        let alone = tickets.first().is_some_and(|ticket| ticket.alone);
        let worker = match worker {
            Some(worker) if alone && worker.is_used() => {
                worker.dismiss();
                worker.end();
                None
            }
            worker => worker,
        };
        let mut worker = match worker.map_or_else(|| self.started(deaths), Ok) {
            Ok(worker) => worker,
            Err(why) => return (Err(why), again(alone)),
        };
        let fresh = !worker.is_used();
        match self.ask(&mut worker, tickets) {
            (fates, None) => (Ok(Some(worker)), fates),
            (mut fates, Some(failure)) => {
                drop(worker);
                self.blame(&mut fates, tickets, &failure, fresh);
                (Ok(None), fates)
            }
        }
    }

    /// Asks a process about documents. Where it fails, the fates are those of the documents that are settled all the same.
    fn ask(&self, worker: &mut Worker, tickets: &[Ticket]) -> (Vec<Fate>, Option<Failure>) {
        let seq = worker.hand_over(tickets.iter().map(|ticket| ticket.errand.doc.as_slice()));
        let mut fates: Vec<Fate> = Vec::with_capacity(tickets.len());
        // The last answer counts once the process has gone on: one that answers twice has answered wrongly.
        let mut last: Option<Outcome> = None;
        loop {
            let at = fates.len() + usize::from(last.is_some());
            let time = tickets[at.min(tickets.len() - 1)].errand.timeout.unwrap_or(self.limits.time.0);
            let broke = |what: String| Failure { trouble: Trouble::Broke(what), at, last_is_open: true };
            let reply = match worker.next(time) {
                Ok(reply) => reply,
                Err(Trouble::Late) if at < tickets.len() => {
                    fates.extend(last.take().map(Fate::Done));
                    return (fates, Some(Failure { trouble: Trouble::Late, at, last_is_open: false }));
                }
                Err(Trouble::Late) => return (fates, Some(broke("did not say that it was done".to_owned()))),
                Err(trouble) => return (fates, Some(Failure { trouble, at, last_is_open: true })),
            };
            if reply.seq != Some(seq) {
                let seqs = (reply.seq.map_or_else(|| "none".to_owned(), |seq| seq.to_string()), seq);
                let what = format!("answered request {} with `{}`, expected {}", seqs.0, reply.kind, seqs.1);
                return (fates, Some(broke(what)));
            }
            if reply.kind == "done" {
                if at < tickets.len() {
                    return (fates, Some(broke("was done before it had answered for all documents".to_owned())));
                }
                fates.extend(last.take().map(Fate::Done));
                return (fates, None);
            }
            let expected = tickets.get(at).map(|ticket| ticket.errand.id.as_str());
            let id = reply.id.unwrap_or_default();
            if expected != Some(&*id) {
                let earlier = tickets[..at].iter().any(|ticket| ticket.errand.id == id);
                let what = match expected {
                    _ if earlier => format!("answered twice for document {id}"),
                    Some(expected) => format!("answered for document {id:?}, expected {expected}"),
                    None => format!("answered for document {id:?}, which it was not asked about"),
                };
                return (fates, Some(broke(what)));
            }
            let message = reply.message.unwrap_or_default();
            let outcome = match (reply.kind.as_str(), reply.scope, reply.answer) {
                ("result", _, Some(answer)) => Ok(answer),
                ("error", Some(Scope::Document), _) => Err(StageError::Failed(message)),
                ("error", Some(Scope::Fatal), _) => Err(StageError::Fatal(message)),
                ("result", _, None) => return (fates, Some(broke("gave a result without `answer`".to_owned()))),
                ("error", _, _) => {
                    return (
                        fates,
                        Some(broke("gave an error whose `scope` is neither document nor fatal".to_owned())),
                    );
                }
                (other, _, _) => return (fates, Some(broke(format!("answered with `{other}`, expected `result`")))),
            };
            fates.extend(last.replace(outcome).map(Fate::Done));
        }
    }

    /// Says of the documents that are not settled what becomes of them.
    fn blame(&self, fates: &mut Vec<Fate>, tickets: &[Ticket], failure: &Failure, fresh: bool) {
        let settled = fates.len();
        let sure = fresh && tickets.len() == 1;
        for (index, ticket) in tickets.iter().enumerate().skip(settled) {
            let suspect = index == failure.at || (failure.last_is_open && index + 1 == failure.at);
            fates.push(match &failure.trouble {
                Trouble::Late if suspect => Fate::Done(Err(self.late(ticket.errand.timeout))),
                Trouble::Died(how) if suspect && sure => Fate::Done(Err(StageError::Died(how.clone()))),
                Trouble::Broke(what) if suspect && sure => Fate::Done(Err(StageError::Contract(format!("it {what}")))),
                Trouble::Late | Trouble::Died(_) | Trouble::Broke(_) => Fate::Again { alone: suspect },
            });
        }
        match &failure.trouble {
            Trouble::Late => tracing::warn!(plugin = self.name, "a plugin took too long, and was ended"),
            Trouble::Died(how) | Trouble::Broke(how) => {
                tracing::warn!(plugin = self.name, how, "a process of a plugin is of no use any more");
            }
        }
    }

    fn late(&self, timeout: Option<Duration>) -> StageError {
        let of_limits = || StageError::Died(format!("took longer than limits.time = {}", self.limits.time));
        timeout.map_or_else(of_limits, StageError::Timeout)
    }

    fn greeted(&self) -> Result<Worker, String> {
        let mut worker = Worker::start(&self.launch, &self.name, line_limit(&self.limits))?;
        // That it is still the stage that it was is for its author to keep.
        worker.describe()?;
        Ok(worker)
    }

    /// A process that is ready, after some tries; `deaths` is how many died just before.
    fn started(&self, deaths: usize) -> Result<Worker, String> {
        if let Some(pause) = deaths.checked_sub(2) {
            std::thread::sleep(BACK_OFF[pause.min(1)]);
        }
        let mut failed = String::new();
        for pause in BACK_OFF {
            let ready = self.greeted().and_then(|mut worker| match worker.init(&self.options) {
                Ok(()) => Ok(worker),
                Err(Refusal::Unready(why)) => Err(why),
                Err(Refusal::Options(error)) => Err(format!("it refuses the options that it took before: {error}")),
            });
            match ready {
                Ok(worker) => return Ok(worker),
                Err(why) => failed = why,
            }
            tracing::warn!(plugin = self.name, why = failed, "a plugin could not be started");
            std::thread::sleep(pause);
        }
        Err(format!("the plugin cannot be started any more: {failed}"))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a process failed in a request.
struct Failure {
    trouble: Trouble,
    /// The first document that had no answer.
    at: usize,
    /// Whether the document before it may be the reason too.
    last_is_open: bool,
}

impl State {
    /// The next documents for one request.
    fn next_batch(&mut self, most: usize) -> Vec<Ticket> {
        let mut batch: Vec<Ticket> = Vec::new();
        let mut bytes = 0;
        while let Some(next) = self.waiting.front() {
            bytes += next.errand.doc.len();
            let fits = batch.len() < most && bytes <= BYTES && !next.alone && !batch.iter().any(|ticket| ticket.alone);
            if !batch.is_empty() && !fits {
                break;
            }
            batch.extend(self.waiting.pop_front());
        }
        batch
    }

    fn settle(&mut self, worker: Result<Option<Worker>, String>, tickets: Vec<Ticket>, fates: Vec<Fate>) {
        match worker {
            Ok(Some(worker)) => {
                self.deaths = 0;
                self.idle.push(worker);
            }
            Ok(None) => {
                self.processes -= 1;
                self.deaths += 1;
            }
            Err(why) => {
                self.processes -= 1;
                self.fatal = Some(why);
            }
        }
        // From behind, so that those in front come first again.
        for (ticket, fate) in tickets.into_iter().zip(fates).rev() {
            match fate {
                Fate::Done(outcome) => {
                    self.done.insert(ticket.number, outcome);
                }
                Fate::Again { alone } => self.waiting.push_front(Ticket { alone: alone || ticket.alone, ..ticket }),
            }
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        state.idle.iter().for_each(Worker::dismiss);
        state.idle.drain(..).for_each(Worker::end);
    }
}
