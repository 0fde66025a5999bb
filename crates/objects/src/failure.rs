//! What went wrong with a request, and what can be done about it.

use std::error::Error;
use std::time::Duration;

use object_store::client::{HttpError, HttpErrorKind};

use crate::store::Store;
use crate::wire::Answer;

/// A request that failed for good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the store answers {answer}: there is no such object, or it was removed since it was listed")]
    Missing { answer: String },
    #[error(
        "the store answers {answer}: it refuses these credentials; see to the key, the secret and the region in `options` or in the \
         environment, or set `options: {{ skip_signature: \"true\" }}` for what is public"
    )]
    Denied { answer: String },
    #[error("it changed since it was listed, or while it was read; run again to read it as it is now")]
    Changed,
    #[error("the store answers {answer}, {tries} times; run again later, or raise `retries`")]
    Busy { answer: String, tries: usize },
    #[error("the store answers {answer}: see to `url`, `endpoint` and `region`")]
    Refused { answer: String },
    #[error("the server said nothing for {} seconds, {tries} times; run again later, or raise `timeout` or `retries`", .after.as_secs_f64())]
    Silent { after: Duration, tries: usize },
    #[error("cannot connect to the server, {tries} times: {reason}; see to `url` and `endpoint`, or run again later")]
    Unreachable { reason: String, tries: usize },
    #[error("the connection broke, {tries} times: {reason}; run again later, or raise `retries`")]
    Broken { reason: String, tries: usize },
    #[error(
        "the connection broke, and the server gives no tag (ETag) by which it could go on where it was: {reason}; run again"
    )]
    Untagged { reason: String },
    #[error(
        "its key has an empty part, `.` or `..` as a part, a control character, or `/` at its end, and cannot be asked for; copy it to another key"
    )]
    OddKey,
    #[error("nothing is there: no object of this name, and none below it; see to `url`")]
    Nowhere,
    #[error("{0}")]
    Other(String),
}

impl Failure {
    /// What an error of a request means, whose last answer is known.
    pub(crate) fn of(error: &object_store::Error, answer: &Answer, store: &Store) -> Self {
        let tries = answer.tries();
        if let Some((status, explanation)) = answer.error() {
            let told = told(status, &store.secrets.redact(&explanation));
            return match status {
                404 | 410 => Self::Missing { answer: told },
                401 | 403 => Self::Denied { answer: told },
                412 => Self::Changed,
                408 | 429 | 500.. => Self::Busy { answer: told, tries },
                _ => Self::Refused { answer: told },
            };
        }
        let innermost = docmill_core::chain(error).pop().unwrap_or_default();
        let reason = store.secrets.redact(&innermost);
        match kind(error) {
            Some(HttpErrorKind::Timeout) => Self::Silent { after: store.timeout, tries },
            Some(HttpErrorKind::Connect) => Self::Unreachable { reason, tries },
            Some(_) => Self::Broken { reason, tries },
            None => Self::Other(store.secrets.redact(&docmill_core::chain(error).join(": "))),
        }
    }
}

/// An answer as it is shown: the status with what it means, and the store's own words.
fn told(status: u16, explanation: &str) -> String {
    let meaning = match status {
        400 => " Bad Request",
        401 => " Unauthorized",
        403 => " Forbidden",
        404 => " Not Found",
        408 => " Request Timeout",
        410 => " Gone",
        416 => " Range Not Satisfiable",
        429 => " Too Many Requests",
        500 => " Internal Server Error",
        502 => " Bad Gateway",
        503 => " Service Unavailable",
        504 => " Gateway Timeout",
        _ => "",
    };
    let explanation = if explanation.is_empty() { String::new() } else { format!(" ({explanation})") };
    format!("{status}{meaning}{explanation}")
}

/// What became of the HTTP request that an error goes back to.
fn kind(error: &object_store::Error) -> Option<HttpErrorKind> {
    let mut kind = None;
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = source {
        kind = error.downcast_ref::<HttpError>().map(HttpError::kind).or(kind);
        source = error.source();
    }
    kind
}
