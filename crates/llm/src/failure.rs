//! What went wrong with a request, and what can be done about it.

use std::time::Duration;

/// A question without an answer. `told` is what the server said, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the server refuses the key: {told}; see to `key` and `headers`")]
    Denied { told: String },
    #[error("the server refuses the request: {told}; see to `endpoint`, `model` and `extra`")]
    Refused { told: String },
    #[error("the server sends elsewhere ({told}), where nothing is sent; see to `endpoint`")]
    Elsewhere { told: String },
    #[error("the server is busy or broken: {told}, {tries} times; run again later, or raise `retries` or `pause`")]
    Busy { told: String, tries: u32 },
    #[error(
        "the server asks to wait {} seconds, longer than `longest_pause`: {told}; run again later, or lower the rates",
        .pause.as_secs()
    )]
    FarOff { told: String, pause: Duration },
    #[error("no whole answer in {} seconds, {tries} times; raise `request_timeout`, or run again later", .after.as_secs_f64())]
    Silent { after: Duration, tries: u32 },
    #[error("cannot connect to the server, {tries} times: {reason}; see to `endpoint`, or whether the server runs")]
    Unreachable { reason: String, tries: u32 },
    #[error("the connection broke, {tries} times: {reason}; run again later, or raise `retries`")]
    Broken { reason: String, tries: u32 },
    #[error("the answer has more than {limit} bytes, which no summary has")]
    TooLarge { limit: usize },
    #[error("the answer is not that of a chat completion: {found}; see to `endpoint`")]
    NoCompletion { found: String },
    #[error("the answer was cut off at its longest; raise `max_tokens`, or ask for less")]
    CutOff,
    #[error("the server withholds the answer by its content filter")]
    Filtered,
    #[error("the model declines: {told}")]
    Declined { told: String },
    #[error("the answer is empty")]
    Empty,
    #[error("the run was interrupted before the answer came")]
    Interrupted,
}
