//! Stages that live outside the binary.
//!
//! Whatever a plugin is written in, [`register`] makes it a stage like any other: its options are held against the JSON Schema that
//! it states (`options.rs`), and each answer against what it said of itself and against the text ([`docmill_core::contract`]), by
//! the one host in `host.rs`.
//!
//! [`conformance`] tries a stage on documents of all kinds, and says whether it keeps its side of the contract.
//!
//! Two kinds of plugins are here: a [`Command`] is started for each document, and filters its text; a [`Process`] is started
//! once, stays, and speaks JSON lines (`process/protocol.rs`). Scripts and WASM components are in crates of their own.

mod command;
mod conformance;
mod host;
mod launch;
mod options;
mod process;

pub use command::{Command, Form};
pub use conformance::{Check, Outcome, Trial, conformance};
pub use host::register;
pub use process::Process;
