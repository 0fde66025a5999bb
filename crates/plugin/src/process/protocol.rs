//! What is said between docmill and a process: `docmill-stage/1`, UTF-8 JSON, one object a line.

use docmill_core::contract::Descriptor;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// The version of the protocol.
pub(crate) const PROTOCOL: u32 = 1;

/// What docmill says, but for documents.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Request<'r> {
    Hello { protocol: u32, host: &'r str },
    Init { options: &'r Value },
    Shutdown,
}

impl Request<'_> {
    /// As a line.
    pub(crate) fn line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}

/// The line that hands over documents, each of which is JSON already.
pub(crate) fn process<'d>(seq: u64, docs: impl Iterator<Item = &'d [u8]>) -> Vec<u8> {
    let mut line = format!("{{\"type\":\"process\",\"seq\":{seq},\"docs\":[").into_bytes();
    for (index, doc) in docs.enumerate() {
        if index > 0 {
            line.push(b',');
        }
        line.extend_from_slice(doc);
    }
    line.extend_from_slice(b"]}\n");
    line
}

/// What a process says.
#[derive(Debug, Deserialize)]
pub(crate) struct Reply {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Of `describe`.
    pub(crate) protocol: Option<u32>,
    pub(crate) max_batch: Option<usize>,
    pub(crate) stage: Option<Value>,
    /// Of `result`, `error` and `done`.
    pub(crate) seq: Option<u64>,
    pub(crate) id: Option<String>,
    /// Of `result`.
    pub(crate) answer: Option<Box<RawValue>>,
    /// Of `error`.
    pub(crate) scope: Option<Scope>,
    pub(crate) message: Option<String>,
    pub(crate) pointer: Option<String>,
}

/// What an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// The options.
    Options,
    /// One document.
    Document,
    /// All that is to come.
    Fatal,
}

impl Reply {
    /// The descriptor of a `describe`, and how many documents the process takes at a time.
    pub(crate) fn described(self) -> Result<(Descriptor, usize), String> {
        if self.kind != "describe" {
            return Err(format!("answered `hello` with `{}`, expected `describe`", self.kind));
        }
        match self.protocol {
            Some(PROTOCOL) => {}
            Some(other) => return Err(format!("speaks version {other} of the protocol, docmill {PROTOCOL}")),
            None => return Err("does not say which version of the protocol it speaks".to_owned()),
        }
        let stage = self.stage.ok_or("described no `stage`")?;
        let descriptor = serde_json::from_value(stage).map_err(|error| format!("described itself wrongly: {error}"))?;
        Ok((descriptor, self.max_batch.unwrap_or(1).max(1)))
    }
}
