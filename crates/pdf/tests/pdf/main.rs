//! The reader of PDF through its public surface.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where it cannot go on")]

mod draw;
mod formats;
mod hostile;
mod ocr;
mod prose;
mod read;
