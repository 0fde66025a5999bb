//! What goes over the wire, seen before `object_store` sees it.
//!
//! `object_store` gives no access to the status of an answer that is an error, gives up a whole page of a listing for one key that it
//! cannot address, and reads no file of the web whose length the server does not tell. [`Wire`] stands between it and the HTTP
//! client: it notes the last answer to each request in the request's [`Answer`], takes such keys out of a page and keeps them
//! ([`Odd`]), and puts in what a file of the web lacks.

mod page;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
    ReqwestConnector,
};
use object_store::{ClientOptions, HeaderMap, HeaderValue};

pub(crate) use self::page::{Odd, OddKey};

/// The longest part of an error's body that is looked at, in bytes.
const LONGEST_ERROR: usize = 16 << 10;
/// The length that stands for one that the server does not tell: more than any body has, and a number that JSON can hold.
const UNKNOWN_LENGTH: &str = "9007199254740991";

/// The last answer to a request, after all its tries: handed along in the extensions of the request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer(Arc<Mutex<Answered>>);

#[derive(Debug, Default)]
struct Answered {
    /// The status of the last answer, and what its body says, where it is an error.
    last: Option<(u16, String)>,
    /// How many requests were sent.
    tries: usize,
}

impl Answer {
    /// The status and the explanation of the last try, if it was answered with an error.
    pub(crate) fn error(&self) -> Option<(u16, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last.clone().filter(|(status, _)| *status >= 300)
    }

    /// How many times it was tried.
    pub(crate) fn tries(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).tries
    }

    fn begin(&self) {
        let mut answered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answered.last = None;
        answered.tries += 1;
    }

    fn end(&self, status: u16, explanation: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last = Some((status, explanation));
    }
}

/// Connects over [`Wire`].
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    pub(crate) odd: Odd,
    /// Whether it is files of the web that are asked for.
    pub(crate) web: bool,
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let inner = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Wire { inner, odd: self.odd.clone(), web: self.web }))
    }
}

#[derive(Debug)]
struct Wire {
    inner: HttpClient,
    odd: Odd,
    web: bool,
}

#[async_trait]
impl HttpService for Wire {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = request.extensions().get::<Answer>().cloned().unwrap_or_default();
        let lists = request.method() == "GET" && page::is_listing(request.uri().query().unwrap_or_default());
        answer.begin();
        let response = self.inner.execute(request).await?;
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            let (parts, body) = response.into_parts();
            let body = beginning(body).await;
            answer.end(status.as_u16(), page::explanation(&body));
            return Ok(HttpResponse::from_parts(parts, body.into()));
        }
        answer.end(status.as_u16(), String::new());
        if lists {
            let (parts, body) = response.into_parts();
            // A page that breaks off is asked for again.
            let body = body.bytes().await.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error))?;
            return Ok(HttpResponse::from_parts(parts, self.odd.taken_from(body).into()));
        }
        let mut response = response;
        if self.web {
            supply(response.headers_mut());
        }
        Ok(response)
    }
}

/// The beginning of the body of an error, as far as it comes.
async fn beginning(body: HttpResponseBody) -> Bytes {
    use futures_util::StreamExt as _;

    let mut stream = body.bytes_stream();
    let mut bytes = Vec::new();
    while let Some(Ok(more)) = stream.next().await {
        bytes.extend_from_slice(&more[..more.len().min(LONGEST_ERROR - bytes.len())]);
        if bytes.len() == LONGEST_ERROR {
            break;
        }
    }
    // What is cut within a character is no error of the body.
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Puts in what `object_store` asks of an answer with a file, and servers of the web need not say. Without its length a body cannot go
/// on where it broke off, so that it must not seem to.
fn supply(headers: &mut HeaderMap) {
    headers.remove("last-modified");
    if !headers.contains_key("content-length") {
        headers.remove("etag");
        headers.insert("content-length", HeaderValue::from_static(UNKNOWN_LENGTH));
    }
}
