//! What no component can do to its host.

use std::time::{Duration, Instant};

use docmill_core::contract::Answer;
use docmill_core::{ByteSize, Context, StageError};
use docmill_wasm::Wasm;
use serde_json::json;

use crate::support::{Started, open, probe, refused, rust_guest, time};

/// Long enough for a loaded machine, and far from any limit that a test sets.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn an_endless_loop_ends_when_the_time_of_the_stage_is_up() {
    let stage = Started::new(probe().options());
    let cx = Context::default().with_timeout(Duration::from_millis(100));
    let start = Instant::now();
    let error = stage.ask("Loop", &cx).unwrap_err();
    assert!(start.elapsed() >= Duration::from_millis(100), "not before its time");
    assert!(start.elapsed() < SOON);
    assert!(matches!(error, StageError::Timeout(timeout) if timeout == Duration::from_millis(100)), "{error}");
    assert_eq!(stage.answer("."), Answer::default(), "the next document has an instance of its own");
}

#[test]
fn without_a_timeout_the_limit_for_a_document_holds() {
    let stage = Started::new(probe().options());
    let start = Instant::now();
    let error = stage.ask("Loop", &Context::new(time("100ms"))).unwrap_err();
    assert!(start.elapsed() < SOON);
    assert!(matches!(error, StageError::Died(_)), "{error:?}");
    assert_eq!(error.to_string(), "took longer than limits.time = 100ms");
}

#[test]
fn a_stage_whose_time_is_up_already_is_not_asked() {
    let stage = Started::new(probe().options());
    let cx = Context::default().with_timeout(Duration::ZERO);
    assert!(matches!(stage.ask("Trap", &cx), Err(StageError::Timeout(_))));
}

#[test]
fn who_takes_too_much_memory_is_told_the_option() {
    let stage = Started::new(Wasm { memory: ByteSize(8 << 20), ..probe().options() });
    // Pages by the MiB from two pages on, and the table of one element that the linker adds.
    assert_eq!(stage.error("Hog"), "an instance of 8519688 bytes is over memory = 8MiB");
    assert_eq!(stage.answer("."), Answer::default());
}

#[test]
fn an_answer_that_is_larger_than_the_memory_is_not_taken_in() {
    let stage = Started::new(probe().options());
    assert_eq!(stage.error("Pile"), "the answer is over memory = 64MiB");
    assert_eq!(stage.answer("."), Answer::default());
}

#[test]
fn what_earlier_documents_left_in_memory_fails_no_later_one() {
    let stage = Started::new(probe().options());
    for _ in 0..10 {
        assert_eq!(stage.answer("Keep"), Answer::default());
    }
}

#[test]
fn fuel_ends_at_the_same_document_each_time() {
    let with = |fuel| Started::new(Wasm { fuel: Some(fuel), ..probe().options() });
    let stage = with(100_000);
    for _ in 0..3 {
        assert_eq!(stage.error("Loop"), "the work on it is over fuel = 100000");
        assert_eq!(stage.answer("."), Answer::default());
    }
    // Enough for one document is enough for each.
    for _ in 0..100 {
        assert_eq!(stage.answer("Nothing"), stage.answer("Nothing"));
    }
    assert_eq!(with(1).error("."), "the work on it is over fuel = 1");
}

#[test]
fn a_trap_is_told_as_a_panic_and_harms_nobody() {
    let stage = Started::new(probe().options());
    for (text, error) in [
        ("Trap", "the stage panicked: wasm trap: wasm `unreachable` instruction executed"),
        ("Outside", "the stage panicked: wasm trap: out of bounds memory access"),
        ("Recursion", "the stage panicked: wasm trap: call stack exhausted"),
    ] {
        assert_eq!(stage.error(text), error);
        assert_eq!(stage.error(text), error);
        assert_eq!(stage.answer("."), Answer::default());
    }
}

#[test]
fn many_threads_have_instances_of_their_own() {
    let options = json!({"words": ["harbor"], "min": 0, "upper": false});
    let terms = Started::with(rust_guest(), &options).unwrap();
    let probe = Started::new(probe().options());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (terms, probe) = (&terms, &probe);
            scope.spawn(move || {
                for document in 0..50 {
                    let count = (thread * 50 + document) % 17;
                    let answer = terms.answer(&"harbor ".repeat(count));
                    assert_eq!(answer.annotations.len(), count);
                    if document % 5 == 0 {
                        assert!(probe.error("Trap").contains("unreachable"));
                    }
                    assert_eq!(probe.answer("."), Answer::default());
                }
            });
        }
    });
}

#[test]
fn no_start_takes_longer_than_a_document_may() {
    let plugin = open(probe().options()).unwrap();
    let cx = docmill_core::BuildContext::new(".", time("100ms"));
    let error = refused(plugin.start(&json!({"loop": 1}), &cx));
    assert_eq!(error.to_string(), ": cannot be started: took longer than limits.time = 100ms");
    let error = refused(plugin.start(&json!({"trap": "it"}), &cx));
    assert_eq!(
        error.to_string(),
        ": cannot be started: it panicked: wasm trap: wasm `unreachable` instruction executed"
    );
}

#[test]
fn limits_that_hold_nothing_are_refused() {
    let error = refused(open(Wasm { memory: ByteSize(1000), ..probe().options() }));
    assert_eq!(error.to_string(), "/memory: expected 64KiB at least");
    let error = refused(open(Wasm { fuel: Some(0), ..probe().options() }));
    assert_eq!(error.to_string(), "/fuel: expected 1 at least");
    // Two pages and the table, which is what it begins with.
    let error = refused(open(Wasm { memory: ByteSize(100 << 10), ..probe().options() }));
    assert!(
        error.message.ends_with("cannot describe itself: an instance of 131080 bytes is over memory = 100KiB"),
        "{error}"
    );
}
