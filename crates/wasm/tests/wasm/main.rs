//! Components held by their brakes, kept compiled, and asked what the contract asks.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod brakes;
mod kept;
mod opening;
mod support;
mod terms;
mod world;
