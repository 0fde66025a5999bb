//! What stands in the place of `otlp.rs` in a binary that was built without it, and opens no connection.

use std::sync::Arc;

use docmill_engine::Meter;
use tracing_subscriber::layer::Identity;

use crate::exit::Wrong;

/// There is never one.
pub(crate) enum Otlp {}

/// Says how to get a binary that can send.
pub(crate) fn start(_endpoint: &str) -> anyhow::Result<(Otlp, Identity)> {
    let message = "error: --otlp: this binary sends nothing; build docmill with `--features otlp` for one that does";
    Err(Wrong(message.to_owned()).into())
}

impl Otlp {
    pub(crate) fn begins(&self, _meter: &Arc<Meter>) {
        match *self {}
    }

    pub(crate) fn end(self) {
        match self {}
    }
}
