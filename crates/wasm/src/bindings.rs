//! The Rust side of `wit/stage.wit`, made from it.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    reason = "the code is generated; its documentation is that of the WIT"
)]

wasmtime::component::bindgen!({
    path: "wit",
    world: "stage",
    ownership: Borrowing { duplicate_if_necessary: true },
});
