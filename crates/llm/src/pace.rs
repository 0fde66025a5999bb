//! How often a server is asked: so many requests and tokens a minute, so many requests at a time, and none while it asks to wait.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use docmill_core::{Context, StageError};

use crate::failure::Failure;

/// How often whoever waits looks whether the run was cancelled.
pub(crate) const LOOK: Duration = Duration::from_millis(50);
/// What rates count in.
const WINDOW: Duration = Duration::from_mins(1);

/// What is allowed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rates {
    /// Requests in any minute.
    pub(crate) requests: Option<usize>,
    /// Tokens in any minute.
    pub(crate) tokens: Option<u64>,
    /// Requests at a time.
    pub(crate) concurrency: usize,
}

/// Holds all that ask the server to its rates.
#[derive(Debug)]
pub(crate) struct Pace {
    rates: Rates,
    asked: Mutex<Asked>,
    freed: Condvar,
}

/// What was asked within the last minute.
#[derive(Debug, Default)]
struct Asked {
    begun: VecDeque<Begun>,
    at_work: usize,
    /// The number of the next request.
    next: u64,
    /// Until when the server asks to wait.
    hold: Option<Instant>,
}

#[derive(Debug)]
struct Begun {
    number: u64,
    at: Instant,
    tokens: u64,
}

/// What stands between a request and its turn.
#[derive(Debug, PartialEq, Eq)]
enum Wait {
    /// Nothing.
    Go,
    /// So much time.
    For(Duration),
    /// The end of another request.
    Freed,
}

/// The turn of a request, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn<'p> {
    pace: &'p Pace,
    number: u64,
}

impl Asked {
    /// How long a request of so many tokens has to wait.
    fn wait(&mut self, rates: &Rates, tokens: u64, now: Instant) -> Wait {
        while self.begun.front().is_some_and(|begun| now.duration_since(begun.at) >= WINDOW) {
            self.begun.pop_front();
        }
        let until = |at: Instant| (at + WINDOW).saturating_duration_since(now);
        let mut wait = self.hold.map_or(Duration::ZERO, |hold| hold.saturating_duration_since(now));
        if let Some(requests) = rates.requests
            && let Some(last) = self.begun.len().checked_sub(requests)
        {
            wait = wait.max(until(self.begun[last].at));
        }
        if let Some(most) = rates.tokens {
            let mut spent: u64 = self.begun.iter().map(|begun| begun.tokens).sum();
            for begun in &self.begun {
                // A request that is over the rate by itself goes alone.
                if spent + tokens.min(most) <= most {
                    break;
                }
                wait = wait.max(until(begun.at));
                spent -= begun.tokens;
            }
        }
        match wait {
            Duration::ZERO if self.at_work >= rates.concurrency => Wait::Freed,
            Duration::ZERO => Wait::Go,
            wait => Wait::For(wait),
        }
    }
}

impl Pace {
    pub(crate) fn new(rates: Rates) -> Self {
        Self { rates, asked: Mutex::default(), freed: Condvar::new() }
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn of a request of about so many tokens. A stage whose time would be up before gives up at once.
    pub(crate) fn turn(&self, tokens: u64, cx: &Context) -> Result<Turn<'_>, StageError> {
        let mut asked = self.asked();
        loop {
            if cx.is_cancelled() {
                return Err(StageError::Unavailable(Failure::Interrupted.to_string()));
            }
            let now = Instant::now();
            let pause = match asked.wait(&self.rates, tokens, now) {
                Wait::Go => {
                    let number = asked.next;
                    asked.next += 1;
                    asked.at_work += 1;
                    asked.begun.push_back(Begun { number, at: now, tokens });
                    return Ok(Turn { pace: self, number });
                }
                Wait::For(pause) => pause,
                Wait::Freed => LOOK,
            };
            in_time(pause, cx)?;
            asked = self.freed.wait_timeout(asked, pause.min(LOOK)).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Has no request begin for so long.
    pub(crate) fn hold(&self, pause: Duration) {
        let mut asked = self.asked();
        let until = Instant::now().checked_add(pause);
        asked.hold = asked.hold.max(until);
    }
}

/// An error where the time of the stage is up before `pause` is over.
pub(crate) fn in_time(pause: Duration, cx: &Context) -> Result<(), StageError> {
    match (cx.time_left(), cx.timed_out()) {
        (Some(left), Some(error)) if left < pause => Err(error),
        _ => Ok(()),
    }
}

impl Turn<'_> {
    /// Corrects what was expected of the request by what the server counted.
    pub(crate) fn used(&self, tokens: u64) {
        let mut asked = self.pace.asked();
        if let Some(begun) = asked.begun.iter_mut().find(|begun| begun.number == self.number) {
            // Whatever the server says, the sum of a minute can be counted.
            begun.tokens = tokens.min(u64::from(u32::MAX));
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.pace.asked().at_work -= 1;
        self.pace.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Requests at these seconds of these tokens have begun, and are done.
    fn asked(start: Instant, begun: &[(u64, u64)]) -> Asked {
        let begun = begun.iter().zip(0..).map(|((at, tokens), number)| Begun {
            number,
            at: start + second(*at),
            tokens: *tokens,
        });
        Asked { begun: begun.collect(), ..Asked::default() }
    }

    const FREE: Rates = Rates { requests: None, tokens: None, concurrency: 4 };

    #[test]
    fn no_minute_has_more_requests_than_allowed() {
        let start = Instant::now();
        let rates = Rates { requests: Some(2), ..FREE };
        let wait = |begun: &[(u64, u64)], now| asked(start, begun).wait(&rates, 1, start + second(now));
        assert_eq!(wait(&[(0, 1)], 10), Wait::Go);
        assert_eq!(wait(&[(0, 1), (10, 1)], 10), Wait::For(second(50)));
        assert_eq!(wait(&[(0, 1), (10, 1)], 60), Wait::Go);
    }

    #[test]
    fn no_minute_has_more_tokens_than_allowed() {
        let start = Instant::now();
        let rates = Rates { tokens: Some(100), ..FREE };
        let wait = |begun: &[(u64, u64)], tokens, now| asked(start, begun).wait(&rates, tokens, start + second(now));
        assert_eq!(wait(&[(0, 60)], 40, 1), Wait::Go);
        assert_eq!(wait(&[(0, 60)], 41, 1), Wait::For(second(59)));
        assert_eq!(wait(&[(0, 60), (5, 30)], 50, 10), Wait::For(second(50)));
        assert_eq!(wait(&[(0, 60), (5, 60)], 50, 10), Wait::For(second(55)));
        // More than a minute allows goes alone.
        assert_eq!(wait(&[], 1000, 0), Wait::Go);
        assert_eq!(wait(&[(0, 1)], 1000, 1), Wait::For(second(59)));
    }

    #[test]
    fn nothing_begins_while_the_server_asks_to_wait_or_all_places_are_taken() {
        let start = Instant::now();
        let mut held = Asked { hold: Some(start + second(7)), ..Asked::default() };
        assert_eq!(held.wait(&FREE, 1, start), Wait::For(second(7)));
        assert_eq!(held.wait(&FREE, 1, start + second(7)), Wait::Go);
        let mut full = Asked { at_work: 4, ..Asked::default() };
        assert_eq!(full.wait(&FREE, 1, start), Wait::Freed);
    }

    #[test]
    fn a_turn_that_comes_too_late_is_none() {
        let pace = Pace::new(Rates { requests: Some(1), ..FREE });
        let turn = pace.turn(10, &Context::default()).unwrap();
        turn.used(25);
        drop(turn);
        let asked = pace.asked();
        assert_eq!((asked.at_work, asked.begun[0].tokens), (0, 25));
        drop(asked);
        let cx = Context::default().with_timeout(second(30));
        assert!(matches!(pace.turn(10, &cx), Err(StageError::Timeout(_))));
    }
}
