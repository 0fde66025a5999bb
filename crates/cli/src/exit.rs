//! What the command ends with: its exit status, and what it says where it failed.

use std::process::ExitCode;

use crate::terminal;

/// Everything is as asked for.
pub(crate) const DONE: u8 = 0;
/// The run itself failed.
pub(crate) const FAILED: u8 = 1;
/// The pipeline or the command line is wrong.
pub(crate) const WRONG: u8 = 2;
/// The run came to its end, with more documents in quarantine than allowed.
pub(crate) const QUARANTINED: u8 = 3;
/// The run was interrupted.
pub(crate) const INTERRUPTED: u8 = 130;

/// The pipeline or the command line is wrong; what is wrong is the message, ready to be shown.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Wrong(pub(crate) String);

/// The exit status of a command, after saying what went wrong.
pub(crate) fn code(result: anyhow::Result<u8>) -> ExitCode {
    let error = match result {
        Ok(code) => return ExitCode::from(code),
        Err(error) => error,
    };
    if let Some(error) = error.downcast_ref::<std::io::Error>() {
        // The reader of our output has gone, such as `head`: nobody is left to tell.
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return ExitCode::from(DONE);
        }
    }
    if let Some(Wrong(message)) = error.downcast_ref::<Wrong>() {
        terminal::say(message.trim_end());
        return ExitCode::from(WRONG);
    }
    let messages: Vec<String> = docmill_core::chain(&*error);
    terminal::say(&format!("error: {}", messages.join(": ")));
    let interrupted = error.downcast_ref::<docmill_engine::RunError>();
    if matches!(interrupted, Some(docmill_engine::RunError::Interrupted(_))) {
        return ExitCode::from(INTERRUPTED);
    }
    ExitCode::from(FAILED)
}
