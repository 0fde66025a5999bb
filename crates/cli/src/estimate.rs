//! How far a run is, how fast it goes, and when it will end.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use docmill_engine::{Snapshot, Survey};

use crate::terminal::thousands;

/// Over how much of the past the rate is taken.
const WINDOW: Duration = Duration::from_secs(30);

/// Sees how far a run is from time to time.
pub(crate) struct Estimator {
    seen: VecDeque<(Instant, Snapshot)>,
}

/// What is told of a run at one moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Estimate {
    /// The pass that documents are in, and how many passes there are.
    pub(crate) pass: (u64, u64),
    /// Documents that came through this pass.
    pub(crate) documents: u64,
    /// Of all the work, 0..=1.
    pub(crate) done: Option<f64>,
    /// Documents a second that come through a pass.
    pub(crate) rate: f64,
    /// Until the run ends.
    pub(crate) left: Option<Duration>,
    /// Documents in quarantine.
    pub(crate) quarantined: u64,
    /// The part that took most time so far, and its share of the time of all parts, 0..=1.
    pub(crate) slowest: Option<(String, f64)>,
}

impl Estimator {
    /// Of a run that began at `start`.
    pub(crate) fn since(start: Instant) -> Self {
        Self { seen: VecDeque::from([(start, Snapshot::default())]) }
    }

    /// Takes in how far the run is at `now`, of as much work as `survey` says.
    pub(crate) fn see(&mut self, now: Instant, snapshot: Snapshot, survey: Option<Survey>) -> Estimate {
        while self.seen.len() > 1 && self.seen.front().is_some_and(|(then, _)| now - *then > WINDOW) {
            self.seen.pop_front();
        }
        if self.seen.back().is_some_and(|(_, last)| last.passed > snapshot.passed) {
            // The run began anew.
            self.seen.clear();
        }
        self.seen.push_back((now, snapshot));
        let (then, before) = self.seen.front().map_or((now, snapshot), |(then, before)| (*then, *before));
        let seconds = (now - then).as_secs_f64();
        let per_second = |before: u64, after: u64| if seconds > 0.0 { (after - before) as f64 / seconds } else { 0.0 };
        let rate = per_second(before.passed, snapshot.passed);
        let byte_rate = per_second(before.passed_bytes, snapshot.passed_bytes);
        let all_listed = snapshot.listed && snapshot.counts.found > 0;
        let work = if all_listed {
            Some(Work { done: snapshot.passed, all: snapshot.counts.found * snapshot.passes, rate })
        } else {
            let all = survey.map(|survey| survey.bytes * snapshot.passes).filter(|bytes| *bytes > 0);
            all.map(|all| Work { done: snapshot.passed_bytes, all, rate: byte_rate })
        };
        let whole = if all_listed { (snapshot.passed / snapshot.counts.found).min(snapshot.passes - 1) } else { 0 };
        Estimate {
            pass: (whole + 1, snapshot.passes),
            documents: snapshot.passed - whole * snapshot.counts.found,
            done: work.as_ref().map(Work::share),
            rate,
            left: work.as_ref().and_then(Work::left),
            quarantined: snapshot.counts.quarantined,
            slowest: None,
        }
    }
}

/// How much is done, of how much, and how much a second: in documents or in bytes.
struct Work {
    done: u64,
    all: u64,
    rate: f64,
}

impl Work {
    fn share(&self) -> f64 {
        (self.done as f64 / self.all as f64).min(1.0)
    }

    fn left(&self) -> Option<Duration> {
        let seconds = self.all.saturating_sub(self.done) as f64 / self.rate;
        Duration::try_from_secs_f64(seconds).ok()
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pass.1 > 1 {
            write!(f, "pass {} of {}: ", self.pass.0, self.pass.1)?;
        }
        write!(f, "{} documents", thousands(self.documents))?;
        if let Some(done) = self.done {
            write!(f, " ({:.0}%)", (100.0 * done).floor())?;
        }
        if self.rate > 0.0 {
            let places = usize::from(self.rate < 10.0);
            write!(f, ", {:.places$}/s", self.rate)?;
        }
        if let Some(left) = self.left {
            write!(f, ", {} left", span(left))?;
        }
        if self.quarantined > 0 {
            write!(f, ", {} in quarantine", thousands(self.quarantined))?;
        }
        if let Some((part, share)) = &self.slowest {
            write!(f, ", slowest {part} {:.0}%", 100.0 * share)?;
        }
        Ok(())
    }
}

/// A span of time in its two largest units.
fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use docmill_engine::Counts;

    use super::*;

    fn at(passed: u64, bytes: u64, listed: Option<u64>, rounds: u64) -> Snapshot {
        let counts = Counts { found: listed.unwrap_or(passed + 10), quarantined: passed / 100, ..Counts::default() };
        Snapshot { counts, listed: listed.is_some(), passes: rounds, passed, passed_bytes: bytes, bytes: 0 }
    }

    /// What is told of a run that was seen at these seconds.
    fn check(seen: &[(u64, Snapshot)], survey: Option<Survey>, expected: &str) {
        let start = Instant::now();
        let mut estimator = Estimator::since(start);
        let mut told = String::new();
        for (second, snapshot) in seen {
            told = estimator.see(start + Duration::from_secs(*second), *snapshot, survey).to_string();
        }
        assert_eq!(told, expected);
    }

    #[test]
    fn bytes_of_the_survey_foretell_the_end() {
        let survey = Some(Survey { sources: 8, bytes: 1000 });
        check(&[(10, at(50, 250, None, 1))], survey, "50 documents (25%), 5.0/s, 30 s left");
    }

    #[test]
    fn without_a_survey_the_end_is_told_once_all_is_listed() {
        check(&[(10, at(500, 1, None, 1))], None, "500 documents, 50/s, 5 in quarantine");
        check(&[(10, at(500, 1, Some(7000), 1))], None, "500 documents (7%), 50/s, 2 min 10 s left, 5 in quarantine");
    }

    #[test]
    fn a_corpus_wide_stage_makes_two_passes() {
        let (first, second) = (at(80, 1, Some(100), 2), at(130, 1, Some(100), 2));
        check(&[(10, first)], None, "pass 1 of 2: 80 documents (40%), 8.0/s, 15 s left");
        check(&[(10, first), (15, second)], None, "pass 2 of 2: 30 documents (65%), 8.7/s, 8 s left, 1 in quarantine");
    }

    #[test]
    fn the_rate_is_that_of_the_last_half_minute() {
        let seen = [(0, at(0, 0, None, 1)), (100, at(10, 0, None, 1)), (110, at(90, 0, None, 1))];
        check(&seen, None, "90 documents, 8.0/s");
    }
}
