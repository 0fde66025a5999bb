//! A server of chat completions on this machine, that answers as a test says and remembers what it was asked.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use docmill_tests::wait_for;
use serde_json::{Value, json};
use tiny_http::{Header, Request, Response};

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Path and query.
    pub(crate) url: String,
    /// The fields of its head, their names in lower case.
    pub(crate) fields: Vec<(String, String)>,
    /// Its body.
    pub(crate) body: Value,
}

impl Asked {
    /// The field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The last message.
    pub(crate) fn prompt(&self) -> &str {
        let messages = self.body["messages"].as_array().expect("messages");
        messages.last().and_then(|message| message["content"].as_str()).expect("a text")
    }
}

/// What comes back.
pub(crate) enum Reply {
    /// A completion with this text.
    Text(String),
    /// A status with fields and a body.
    Status(u16, Vec<(&'static str, String)>, String),
    /// The beginning of a body that breaks off.
    Broken,
    /// A completion with this text, once the server is told to go on.
    Late(String),
}

/// The server; it ends when it is dropped.
pub(crate) struct Server {
    http: Arc<tiny_http::Server>,
    thread: Option<JoinHandle<()>>,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    asked: Mutex<Vec<Asked>>,
    at_work: AtomicUsize,
    most_at_work: AtomicUsize,
    go_on: AtomicBool,
}

impl Server {
    /// Answers each request, of which it is told the number, from 0, and what is asked.
    pub(crate) fn new(reply: impl Fn(usize, &Asked) -> Reply + Send + Sync + 'static) -> Self {
        let server = Arc::new(tiny_http::Server::http("127.0.0.1:0").unwrap());
        let seen = Arc::new(Seen::default());
        let (listening, seeing, reply) = (Arc::clone(&server), Arc::clone(&seen), Arc::new(reply));
        let thread = std::thread::spawn(move || {
            for request in listening.incoming_requests() {
                let (seen, reply) = (Arc::clone(&seeing), Arc::clone(&reply));
                std::thread::spawn(move || answer(request, &seen, &*reply));
            }
        });
        Self { http: server, thread: Some(thread), seen }
    }

    /// Answers each request with the first sentence of the text between `<document>` and `</document>`.
    pub(crate) fn first_sentences() -> Self {
        Self::new(|_, asked| Reply::Text(first_sentence(asked.prompt())))
    }

    /// Its address, as the option `endpoint` has it.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}/v1", self.http.server_addr())
    }

    /// What it was asked so far, sorted by prompt: workers ask in any order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let mut asked = self.seen.asked.lock().unwrap().clone();
        asked.sort_by(|a, b| a.prompt().cmp(b.prompt()));
        asked
    }

    /// How many requests came so far.
    pub(crate) fn count(&self) -> usize {
        self.seen.asked.lock().unwrap().len()
    }

    /// How many requests were answered at a time, at most.
    pub(crate) fn most_at_work(&self) -> usize {
        self.seen.most_at_work.load(Ordering::SeqCst)
    }

    /// Lets late answers go.
    pub(crate) fn go_on(&self) {
        self.seen.go_on.store(true, Ordering::SeqCst);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.go_on();
        self.http.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The first sentence of the text that a prompt has between `<document>` and `</document>`.
pub(crate) fn first_sentence(prompt: &str) -> String {
    let text = prompt.split("<document>\n").nth(1).unwrap_or(prompt);
    let end = text.find(". ").or_else(|| text.find(".\n")).map_or(text.len(), |end| end + 1);
    text[..end].trim().replace('\n', " ")
}

/// A completion with this text and this reason for its end.
pub(crate) fn completion(text: &str, finish: &str) -> String {
    json!({"id": "c-1", "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}})
    .to_string()
}

fn answer(mut request: Request, seen: &Seen, reply: &(dyn Fn(usize, &Asked) -> Reply + Send + Sync)) {
    let mut body = String::new();
    request.as_reader().read_to_string(&mut body).unwrap();
    let field = |header: &Header| (header.field.as_str().as_str().to_ascii_lowercase(), header.value.to_string());
    let asked = Asked {
        url: request.url().to_owned(),
        fields: request.headers().iter().map(field).collect(),
        body: serde_json::from_str(&body).unwrap(),
    };
    let number = {
        let mut all = seen.asked.lock().unwrap();
        all.push(asked.clone());
        all.len() - 1
    };
    let at_work = seen.at_work.fetch_add(1, Ordering::SeqCst) + 1;
    seen.most_at_work.fetch_max(at_work, Ordering::SeqCst);
    let reply = reply(number, &asked);
    if let Reply::Late(_) = reply {
        wait_for("word to go on", || seen.go_on.load(Ordering::SeqCst));
    }
    seen.at_work.fetch_sub(1, Ordering::SeqCst);
    let (status, fields, body) = match reply {
        Reply::Text(text) | Reply::Late(text) => (200, Vec::new(), completion(&text, "stop")),
        Reply::Status(status, fields, body) => (status, fields, body),
        Reply::Broken => {
            let mut writer = request.into_writer();
            let _ = writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"choi");
            return;
        }
    };
    let mut response = Response::from_string(body).with_status_code(status);
    for (name, value) in fields {
        response.add_header(Header::from_bytes(name, value).unwrap());
    }
    // Whoever gave up waiting does not read it.
    let _ = request.respond(response);
}
