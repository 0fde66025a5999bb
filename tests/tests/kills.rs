//! A run that is killed at any moment leaves no wrong output, and the run after it gives the bytes of an undisturbed one.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use docmill_tests::{Draw, FINISHED, Reports, RunFolder, outputs, temporary};

fn start(reports: &Reports, out: &RunFolder, cache: &str) -> Child {
    let mut run = reports.run_into(&out.path());
    run.arg("--cache").arg(reports.path(cache)).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits for a run's end or for its time to be killed, and says whether it was killed.
fn kill_after(mut run: Child, time: Duration) -> bool {
    let began = Instant::now();
    while began.elapsed() < time {
        if run.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(300));
    }
    // On Unix this is SIGKILL: nothing in the process gets to know of it.
    let killed = run.kill().is_ok();
    run.wait().unwrap();
    killed
}

/// Kills runs at `kills` moments, spread over the time that a run takes, each followed by another kill at times and by a run
/// that is left alone.
fn killed_runs_leave_nothing_wrong(count: usize, kills: usize) {
    let reports = Reports::new(count);
    let undisturbed = RunFolder::new();
    // The machine is at its quickest in one of these: a moment beyond a run's end kills nothing.
    let whole = (0..3).map(|round| {
        let began = Instant::now();
        let out = RunFolder::new();
        let into = if round == 0 { &undisturbed } else { &out };
        let status = start(&reports, into, &format!("undisturbed{round}")).wait().unwrap();
        assert_eq!(status.code(), Some(FINISHED));
        began.elapsed()
    });
    let whole = whole.min().unwrap();
    let expected = outputs(&undisturbed.path());

    let mut draw = Draw::new(3);
    let mut killed = 0;
    for round in 0..kills {
        let out = RunFolder::new();
        let own = format!("cache{round}");
        // The moments go from the first to the last of a run, and a little beyond; every third run is killed more than once.
        let share = (round * 1000 + draw.below(1000)) / kills;
        let after = |share: usize| whole.mul_f64(share as f64 / 950.0);
        killed += usize::from(kill_after(start(&reports, &out, &own), after(share)));
        for _ in 0..if round % 3 == 0 { 2 } else { 0 } {
            killed += usize::from(kill_after(start(&reports, &out, &own), after(draw.below(700))));
        }
        // What stands under a final name is whole.
        for (name, bytes) in outputs(&out.path()) {
            let (_, right) = expected.iter().find(|(expected, _)| *expected == name).unwrap();
            assert!(bytes == *right, "{} after a kill at {share} of 1000", name.display());
        }
        let status = start(&reports, &out, &own).wait().unwrap();
        assert_eq!(status.code(), Some(FINISHED), "after a kill at {share} of 1000");
        assert!(outputs(&out.path()) == expected, "after a kill at {share} of 1000");
        assert_eq!(temporary(&out.path()), [""; 0]);
    }
    assert!(killed > 0, "no run was still at work when it was to be killed");
}

#[test]
fn a_run_that_was_killed_is_made_good_by_the_next() {
    killed_runs_leave_nothing_wrong(150, 8);
}

#[test]
#[ignore = "takes minutes: `cargo test -p docmill-tests --test kills -- --ignored`"]
fn a_run_that_was_killed_at_any_of_fifty_moments_is_made_good_by_the_next() {
    killed_runs_leave_nothing_wrong(1500, 50);
}
