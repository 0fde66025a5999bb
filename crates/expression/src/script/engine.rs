//! The language of scripts: Rhai without anything that reaches out of it, and the limits that end a script.
//!
//! An engine is shared by all threads, and what a document may cost differs from one to the next. So a call's budget lies in a
//! variable of the thread while it goes on, and Rhai asks for it at each step.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage, BasicStringPackage,
    LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, OptimizationLevel};

use super::{ScriptLimits, functions};

/// Deepest nesting of blocks and expressions, in levels.
const NESTING: usize = 32;
/// Most variables at a time.
const VARIABLES: usize = 200;
/// Most functions of a script.
const FUNCTIONS: usize = 200;
/// How often the clock is asked, in steps.
const STEPS_BETWEEN_LOOKS: u64 = 128;
/// What of Rhai scripts do not have: `eval` would hide code from the check, `curry` makes values that the limits do not count,
/// `Fn` calls by a name that only shows at run time, and nobody reads what is printed.
const NOT_THERE: [&str; 5] = ["eval", "curry", "Fn", "print", "debug"];

thread_local! {
    static BUDGET: Cell<Budget> = const { Cell::new(Budget { steps: 0, charged: 0, deadline: None }) };
}

/// What a call may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    steps: u64,
    /// The steps that docmill's own functions are counted as, so far.
    charged: u64,
    deadline: Option<Instant>,
}

/// Which limit ended a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Steps,
    Time,
}

impl Budget {
    /// For a document whose text has so many bytes.
    pub(super) fn new(limits: &ScriptLimits, bytes: usize, time: Duration) -> Self {
        let steps = limits.operations.saturating_add((bytes as u64).saturating_mul(100));
        Self { steps, charged: 0, deadline: Instant::now().checked_add(time) }
    }

    /// How many steps it allows.
    pub(super) fn steps(self) -> u64 {
        self.steps
    }

    /// Calls `work`, whose steps are counted from here on.
    pub(super) fn spend<T>(self, work: impl FnOnce() -> T) -> T {
        /// What was counted before comes back, also after a panic.
        struct Before(Budget);
        impl Drop for Before {
            fn drop(&mut self) {
                BUDGET.set(self.0);
            }
        }
        let _before = Before(BUDGET.replace(self));
        work()
    }

    /// Whether it is used up after so many steps of Rhai's own.
    fn over(self, steps: u64) -> Option<Over> {
        if steps.saturating_add(self.charged) > self.steps {
            return Some(Over::Steps);
        }
        let looks = steps.is_multiple_of(STEPS_BETWEEN_LOOKS);
        (looks && self.deadline.is_some_and(|deadline| Instant::now() >= deadline)).then_some(Over::Time)
    }
}

/// Counts a function of docmill's own that passes over so many bytes. What it is counted as depends on nothing else.
pub(super) fn charge(bytes: usize) {
    let budget = BUDGET.get();
    BUDGET.set(Budget { charged: budget.charged.saturating_add(1 + bytes as u64 / 16), ..budget });
}

/// The language, with these limits. `text` is the longest text in bytes.
pub(super) fn engine(limits: &ScriptLimits, text: usize) -> Engine {
    let mut engine = Engine::new_raw();
    // All of Rhai's packages but for those that sleep, tell the time, read blobs, or call functions by name.
    ArithmeticPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    functions::register(&mut engine);
    for name in NOT_THERE {
        engine.disable_symbol(name);
    }
    // The optimizer takes the places of blocks away, and is no gain for what is called once a document.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_fail_on_invalid_map_property(true);
    engine.set_strict_variables(true);
    engine.set_max_expr_depths(NESTING, NESTING);
    engine.set_max_call_levels(limits.depth);
    engine.set_max_variables(VARIABLES);
    engine.set_max_functions(FUNCTIONS);
    engine.set_max_string_size(text);
    engine.set_max_array_size(limits.items);
    engine.set_max_map_size(limits.items);
    // Threads would wait for each other to intern texts.
    engine.set_max_strings_interned(0);
    engine.on_progress(|steps| BUDGET.get().over(steps).map(Dynamic::from));
    engine
}
