//! One at a time asks a question: whoever asks the same waits, and finds the answer kept.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

use docmill_core::{Context, StageError};

use crate::failure::Failure;
use crate::pace::LOOK;

/// The questions that are being asked.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    asked: Mutex<BTreeSet<[u8; 32]>>,
    landed: Condvar,
}

/// The right to ask a question, until it is dropped.
#[derive(Debug)]
pub(crate) struct Flight<'f> {
    flights: &'f Flights,
    question: [u8; 32],
}

impl Flights {
    /// Waits until nobody else asks this question.
    pub(crate) fn begin(&self, question: [u8; 32], cx: &Context) -> Result<Flight<'_>, StageError> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        while !asked.insert(question) {
            cx.check_time()?;
            if cx.is_cancelled() {
                return Err(StageError::Unavailable(Failure::Interrupted.to_string()));
            }
            asked = self.landed.wait_timeout(asked, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(Flight { flights: self, question })
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.flights.asked.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.question);
        self.flights.landed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_same_question_waits_and_another_does_not() {
        let flights = Flights::default();
        let first = flights.begin([1; 32], &Context::default()).unwrap();
        assert!(flights.begin([2; 32], &Context::default()).is_ok());
        let late = Context::default().with_timeout(Duration::from_millis(1));
        assert!(matches!(flights.begin([1; 32], &late), Err(StageError::Timeout(_))));
        let cancelled = Context::default().with_cancel(Arc::new(AtomicBool::new(true)));
        assert!(matches!(flights.begin([1; 32], &cancelled), Err(StageError::Unavailable(_))));
        drop(first);
        assert!(flights.begin([1; 32], &cancelled).is_ok());
    }
}
