//! Servers of HTTP whose every answer a test says, and what all tests do with the input.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use docmill_core::{BuildContext, BuildError, Input, Registry, Role};
use serde_json::{Value, json};

use crate::server::{KEY, SECRET, Server};

/// A server that answers each connection's one request as it is told.
pub(crate) struct Script {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Script {
    /// `answer` gets the number of the request, from 0, and its head, and writes the whole answer.
    pub(crate) fn answering(answer: impl Fn(usize, &str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (notes, answer, number) = (Arc::clone(&heads), Arc::new(answer), Arc::new(AtomicUsize::new(0)));
        // It ends with the process: nobody connects any more once the test is over.
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (mut client, notes, answer) = (client.unwrap(), Arc::clone(&notes), Arc::clone(&answer));
                let number = Arc::clone(&number);
                std::thread::spawn(move || {
                    let head = head(&mut client);
                    notes.lock().unwrap().push(head.to_lowercase());
                    answer(number.fetch_add(1, Ordering::SeqCst), &head, &mut client);
                });
            }
        });
        Self { address, heads }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The heads of all requests so far, in lower case.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// The head of a request.
pub(crate) fn head(client: &mut TcpStream) -> String {
    let mut head = String::new();
    let mut reader = BufReader::new(client);
    while reader.read_line(&mut head).is_ok_and(|read| read > 2) {}
    head
}

/// Writes an answer with a body, of which as much is there as there is.
pub(crate) fn answer(client: &mut TcpStream, status: &str, headers: &str, length: usize, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n");
    // The client may be gone.
    let _ = client.write_all(head.as_bytes()).and_then(|()| client.write_all(body));
}

/// A page of a listing with these keys, sizes and tags.
pub(crate) fn page(objects: &[(&str, usize, &str)]) -> String {
    let object = |(key, size, tag): &(&str, usize, &str)| {
        format!(
            "<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><Size>{size}</Size>\
             <ETag>&quot;{tag}&quot;</ETag></Contents>"
        )
    };
    let objects: String = objects.iter().map(object).collect();
    format!("<?xml version=\"1.0\"?><ListBucketResult>{objects}</ListBucketResult>")
}

/// The input with these options, or what is wrong with them.
pub(crate) fn built(options: &Value) -> Result<Arc<dyn Input>, String> {
    let mut registry = Registry::new();
    docmill_objects::register(&mut registry).unwrap();
    match registry.build("input.objects", options, &BuildContext::default()) {
        Ok(built) => match built.role {
            Role::Input(input) => Ok(input),
            _ => panic!("it is an input"),
        },
        Err(BuildError::Options { errors, .. }) => {
            Err(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        }
        Err(error) => panic!("{error}"),
    }
}

/// The options with which a bucket of the server is read, and these.
pub(crate) fn options(endpoint: &str, url: &str, more: &Value) -> Value {
    let mut options = json!({
        "url": url,
        "endpoint": endpoint,
        "options": {"access_key_id": KEY, "secret_access_key": SECRET},
        "timeout": "20s",
        "retries": 3,
    });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

/// The options with which a bucket of this server is read.
pub(crate) fn of(server: &Server, url: &str) -> Value {
    options(&format!("http://{}", server.address()), url, &json!({}))
}

/// The bytes of a source, or why there are none.
pub(crate) type Content = Result<Vec<u8>, String>;

/// All that the input lists, each source read to its end; or why it lists nothing.
pub(crate) fn read(options: &Value) -> Result<Vec<(String, Content)>, String> {
    let mut sources = Vec::new();
    let listed = built(options)?.list(&mut |found| {
        let content = (found.open)().and_then(|mut opened| {
            let mut content = Vec::new();
            opened.read_to_end(&mut content).map(|_| content)
        });
        sources.push((found.uri, content.map_err(|error| error.to_string())));
        ControlFlow::Continue(())
    });
    listed.map(|()| sources).map_err(|error| docmill_core::chain(&error).join(": "))
}

/// The names of all that the input lists, none of it opened.
pub(crate) fn uris(options: &Value) -> Vec<String> {
    let mut uris = Vec::new();
    let listed = built(options).unwrap().list(&mut |found| {
        uris.push(found.uri);
        ControlFlow::Continue(())
    });
    listed.unwrap();
    uris
}

/// What became of the only source.
pub(crate) fn only(options: &Value) -> Content {
    let mut sources = read(options).unwrap();
    assert_eq!(sources.len(), 1, "{sources:?}");
    sources.remove(0).1
}
