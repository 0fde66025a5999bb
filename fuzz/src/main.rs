//! `docmill-fuzz` is libFuzzer with one of docmill's targets, which the environment variable `DOCMILL_TARGET` names.
#![no_main]
#![allow(unsafe_code, reason = "libFuzzer calls what it finds by name, and the allocator is one of docmill's own")]

mod wall;

use std::panic::{catch_unwind, set_hook, take_hook};
use std::sync::LazyLock;

use docmill_fuzz::{TARGETS, Target, target};

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("DOCMILL_TARGET").unwrap_or_default();
    target(&name).unwrap_or_else(|| {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        panic!("DOCMILL_TARGET is `{name}`; expected one of {}", names.join(", "))
    })
});

fn begin() {
    wall::set_wall(TARGET.has_process);
    watch_panics();
}

/// A panic of docmill's own is a crash, wherever it is caught. One of a library is one where nothing of docmill's catches it.
fn watch_panics() {
    // libFuzzer's own ends at every panic.
    drop(take_hook());
    let tell = take_hook();
    set_hook(Box::new(move |panic| {
        let is_own = panic.location().is_none_or(|place| !place.file().contains(".cargo"));
        if is_own {
            tell(panic);
            std::process::abort();
        }
    }));
}

libfuzzer_sys::fuzz_target!(
    init: begin(),
    |data: &[u8]| {
        // A run catches the panics of all readers; one of what is read in a process of its own is not docmill's.
        if catch_unwind(|| (TARGET.run)(data)).is_err() && !TARGET.has_process {
            std::process::abort();
        }
    }
);
