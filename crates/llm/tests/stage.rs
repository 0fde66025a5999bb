//! The stage against a server on this machine, over a connection that is its own.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use docmill_core::{BuildContext, Component as _, Context, Document, Role, Secret, StageError};
use docmill_llm::Llm;

const TEXT: &str = "The port of Calder will be dredged this spring. The city pays 4 million euros.";

/// Answers one request with these bytes, and gives what it was asked.
fn serve(response: String) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut asked, mut buffer) = (Vec::new(), [0; 4096]);
        while !asked.ends_with(b"}") {
            let count = stream.read(&mut buffer).unwrap();
            asked.extend_from_slice(&buffer[..count]);
        }
        stream.write_all(response.as_bytes()).unwrap();
        String::from_utf8(asked).unwrap()
    });
    (endpoint, asked)
}

fn response(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn summarized(endpoint: String) -> (Document, Result<(), StageError>) {
    let key = Secret::from("hunter2hunter2".to_owned());
    let options = Llm { endpoint, key, model: "small".to_owned(), retries: 0, ..Llm::default() };
    let Ok(Role::Stage(stage)) = options.build(&BuildContext::default()) else { panic!("it builds a stage") };
    let mut doc = Document::from_text("note.txt", TEXT);
    let done = stage.apply(&mut doc, &Context::default());
    (doc, done)
}

#[test]
fn the_answer_is_the_summary_and_leads_to_the_text() {
    let answer = "Calder's port is dredged in spring. The mayor is glad of 9 ships.";
    let body = serde_json::json!({"choices": [{"message": {"content": answer}, "finish_reason": "stop"}]}).to_string();
    let (endpoint, asked) = serve(response("200 OK", &body));
    let (doc, done) = summarized(endpoint);
    done.unwrap();
    let asked = asked.join().unwrap();
    assert!(asked.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{asked}");
    assert!(asked.to_lowercase().contains("authorization: bearer hunter2hunter2"), "{asked}");
    assert!(asked.contains(TEXT) && asked.contains("\"model\":\"small\""), "{asked}");
    let summary = doc.summary().unwrap();
    assert_eq!(summary.text, answer);
    assert!(summary.sentences[0].span.of(TEXT).unwrap().starts_with("The port"));
    assert_eq!(summary.unsupported[0].why, "the text has no number 9");
    assert!((doc.measures()["llm.supported"] - 0.5).abs() < 1e-9);
}

#[test]
fn a_failure_is_told_in_the_words_of_the_server_without_the_key() {
    let cases = [
        ("401 Unauthorized", r#"{"error": {"message": "No key hunter2hunter2"}}"#, "401 Unauthorized: No key ***"),
        ("302 Found", "", "the server sends elsewhere (302 Found)"),
        ("503 Service Unavailable", "Loading", "503 Service Unavailable: Loading, 1 times"),
        ("200 OK", "<html>", "not that of a chat completion"),
    ];
    for (status, body, expected) in cases {
        let (endpoint, asked) = serve(response(status, body));
        let (doc, done) = summarized(endpoint);
        let Err(StageError::Unavailable(message)) = done else { panic!("{status}: {done:?}") };
        assert!(message.contains(expected) && !message.contains("hunter2"), "{message}");
        assert!(doc.summary().is_none());
        asked.join().unwrap();
    }
}
