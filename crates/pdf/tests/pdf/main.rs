//! The reader of PDF through its public surface.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where it cannot go on")]

mod formats;
mod hostile;
mod read;
