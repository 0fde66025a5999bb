//! The server: one address, asked until it answers or nothing can be hoped for.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use docmill_core::{Context, Secrets, StageError};
use jiff::Timestamp;
use ureq::http::{HeaderMap, Request, Response, StatusCode, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use crate::answer::{self, Answer};
use crate::failure::Failure;
use crate::pace::{self, LOOK, Pace};
use crate::patience;
use crate::question::Question;

/// The longest time in which a connection is made.
const CONNECT: Duration = Duration::from_secs(10);
/// The largest body that is read, in bytes: an answer with all that servers add to it.
const LARGEST_BODY: usize = 1 << 20;

/// How long and how often it is waited for an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) timeout: Duration,
    pub(crate) retries: u32,
    pub(crate) pause: Duration,
    pub(crate) longest: Duration,
}

/// A server that completes chats.
#[derive(Debug)]
pub(crate) struct Server {
    agent: Agent,
    url: Uri,
    headers: HeaderMap,
    secrets: Secrets,
    patience: Patience,
    pace: Pace,
}

/// What came back: the status, how long the server asks to wait, and the body.
struct Reply {
    status: StatusCode,
    wait: Option<Duration>,
    body: Vec<u8>,
}

/// What became of one try.
enum Tried {
    Answered(Answer),
    /// It failed in a way that may pass, and the server may say when.
    Again(Failure, Option<Duration>),
    Failed(Failure),
}

impl Server {
    /// A server at `url`, which gets `headers` with each request. No connection is made yet. Nothing is sent anywhere else: redirects
    /// are not followed, and the environment names no proxy.
    pub(crate) fn new(url: Uri, headers: HeaderMap, secrets: Secrets, patience: Patience, pace: Pace) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .tls_config(tls.build())
            .timeout_global(Some(patience.timeout))
            .timeout_connect(Some(patience.timeout.min(CONNECT)))
            .user_agent(concat!("docmill/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .accept_encoding("identity")
            .build()
            .new_agent();
        Self { agent, url, headers, secrets, patience, pace }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        self.url.to_string()
    }

    /// The answer to a question. Waits for its turn, and tries again what may pass.
    pub(crate) fn ask(&self, question: &Question, hash: &[u8; 32], cx: &Context) -> Result<Answer, StageError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let turn = self.pace.turn(question.tokens, cx)?;
            let (failure, wait) = match self.attempt(question, tries, cx)? {
                Tried::Answered(answer) => {
                    if let Some(tokens) = answer.tokens {
                        turn.used(tokens);
                    }
                    return Ok(answer);
                }
                Tried::Failed(failure) => return Err(unavailable(&failure)),
                Tried::Again(failure, wait) => (failure, wait),
            };
            drop(turn);
            if let Some(pause) = wait.filter(|pause| *pause > self.patience.longest) {
                let told = if let Failure::Busy { told, .. } = failure { told } else { failure.to_string() };
                return Err(unavailable(&Failure::FarOff { told, pause }));
            }
            if let Some(pause) = wait {
                self.pace.hold(pause);
            }
            if tries > self.patience.retries {
                return Err(unavailable(&failure));
            }
            let own = patience::pause(self.patience.pause, self.patience.longest, tries, hash);
            sleep(wait.unwrap_or_default().max(own), cx)?;
        }
    }

    /// Sends the question once.
    fn attempt(&self, question: &Question, tries: u32, cx: &Context) -> Result<Tried, StageError> {
        let mut request = Request::post(self.url.clone());
        if let Some(headers) = request.headers_mut() {
            headers.clone_from(&self.headers);
        }
        let request = request.body(question.body.clone());
        let request = request.map_err(|error| StageError::Failed(self.secrets.redact(&error.to_string())))?;
        let agent = self.agent.clone();
        let (send, receive) = sync_channel(1);
        // On a thread of its own, which nobody waits for once the run was cancelled or the stage's time is up: it ends with its timeout.
        let asking = std::thread::Builder::new().name("docmill-llm".to_owned());
        let spawned = asking.spawn(move || _ = send.send(agent.run(request).and_then(reply)));
        spawned.map_err(|error| StageError::Failed(format!("cannot start a thread: {error}")))?;
        loop {
            match receive.recv_timeout(LOOK) {
                Ok(Ok(reply)) => return Ok(self.tried(&reply, tries)),
                Ok(Err(error)) => return Ok(self.broken(&error, tries)),
                Err(RecvTimeoutError::Timeout) => look(cx)?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(StageError::Failed("the HTTP client gave up without an error".to_owned()));
                }
            }
        }
    }

    /// What a reply means.
    fn tried(&self, reply: &Reply, tries: u32) -> Tried {
        let Reply { status, wait, body } = reply;
        if body.len() > LARGEST_BODY {
            return Tried::Failed(Failure::TooLarge { limit: LARGEST_BODY });
        }
        if status.is_success() {
            return answer::read(body).map_or_else(|failure| Tried::Failed(self.redacted(failure)), Tried::Answered);
        }
        let told = format!("{status}: {}", answer::explanation(body));
        let told = self.secrets.redact(told.trim_end_matches([':', ' ']));
        match status.as_u16() {
            300..=399 => Tried::Failed(Failure::Elsewhere { told }),
            401 | 403 => Tried::Failed(Failure::Denied { told }),
            429 if answer::is_used_up(body) => Tried::Failed(Failure::Refused { told }),
            408 | 409 | 425 | 429 | 500.. => Tried::Again(Failure::Busy { told, tries }, *wait),
            _ => Tried::Failed(Failure::Refused { told }),
        }
    }

    /// What an error of the connection means.
    fn broken(&self, error: &ureq::Error, tries: u32) -> Tried {
        let reason = self.secrets.redact(&error.to_string());
        match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve)
            | ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed => Tried::Again(Failure::Unreachable { reason, tries }, None),
            ureq::Error::Timeout(_) => Tried::Again(Failure::Silent { after: self.patience.timeout, tries }, None),
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                Tried::Again(Failure::Unreachable { reason, tries }, None)
            }
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => {
                Tried::Failed(Failure::Unreachable { reason, tries })
            }
            _ => Tried::Again(Failure::Broken { reason, tries }, None),
        }
    }

    /// The same without secrets in the words of the server.
    fn redacted(&self, failure: Failure) -> Failure {
        match failure {
            Failure::NoCompletion { found } => Failure::NoCompletion { found: self.secrets.redact(&found) },
            Failure::Declined { told } => Failure::Declined { told: self.secrets.redact(&told) },
            other => other,
        }
    }
}

/// Reads a response as far as it may be: one byte more than the largest body tells that there is more.
fn reply(mut response: Response<Body>) -> Result<Reply, ureq::Error> {
    use std::io::Read as _;

    let field = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let wait = patience::asked_for(field("retry-after"), field("retry-after-ms"), Timestamp::now());
    let mut body = Vec::new();
    let reader = response.body_mut().as_reader();
    reader.take(LARGEST_BODY as u64 + 1).read_to_end(&mut body).map_err(ureq::Error::from)?;
    Ok(Reply { status: response.status(), wait, body })
}

fn unavailable(failure: &Failure) -> StageError {
    StageError::Unavailable(failure.to_string())
}

/// An error once the run was cancelled or the time of the stage is up.
fn look(cx: &Context) -> Result<(), StageError> {
    if cx.is_cancelled() {
        return Err(unavailable(&Failure::Interrupted));
    }
    cx.check_time()
}

/// Waits, unless the time of the stage would be up before.
fn sleep(pause: Duration, cx: &Context) -> Result<(), StageError> {
    pace::in_time(pause, cx)?;
    let begun = Instant::now();
    while let Some(left) = pause.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) {
        look(cx)?;
        std::thread::sleep(left.min(LOOK));
    }
    look(cx)
}
