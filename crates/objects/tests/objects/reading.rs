//! Bodies that break off, change, or do not come at all.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use crate::proxy::{Proxy, Rule};
use crate::script::{Script, answer, of, only, options, page, read};
use crate::server::Server;

/// A content in which no part is like another.
fn content(length: usize) -> Vec<u8> {
    (0_u32..).flat_map(|number| format!("{number:07} ").into_bytes()).take(length).collect()
}

fn nothing() -> Box<dyn FnOnce() + Send> {
    Box::new(|| ())
}

#[test]
fn a_body_that_breaks_off_goes_on_where_it_was() {
    let server = Server::with(&["press"]);
    let content = content(3_000_000);
    server.put("press", "a.txt", &content);
    let cut = |bytes| Rule::Cut(bytes, nothing());
    let proxy = Proxy::before(server.address(), [cut(700_000), cut(900_000)]);
    let read = only(&options(&proxy.endpoint(), "s3://press/", &json!({})));
    assert!(read.unwrap() == content);
    let asked = proxy.asked();
    let ranges: Vec<&str> = asked.lines().filter_map(|line| line.strip_prefix("range: bytes=")).collect();
    assert_eq!(ranges.len(), 2, "{asked}");
    assert!(ranges.iter().all(|range| range.ends_with("-2999999") && !range.starts_with("0-")), "{ranges:?}");
}

#[test]
fn a_body_that_always_breaks_off_is_given_up() {
    let server = Server::with(&["press"]);
    server.put("press", "a.txt", content(3_000_000));
    server.put("press", "b.txt", "all of it");
    // The listing and the first body, three more tries, and the look at whether it changed come over connections that break.
    let rules = (0..4).map(|_| Rule::Cut(500_000, nothing()));
    let proxy = Proxy::before(server.address(), rules);
    let sources = read(&options(&proxy.endpoint(), "s3://press/", &json!({"ahead": 0}))).unwrap();
    let [(_, Err(error)), (_, Ok(b))] = &sources[..] else { panic!("{sources:?}") };
    assert!(error.contains("the connection broke, 4 times") && error.contains("raise `retries`"), "{error}");
    assert_eq!(b, b"all of it");
}

#[test]
fn an_object_that_is_replaced_while_it_is_read_says_so() {
    let server = Server::with(&["press"]);
    server.put("press", "a.txt", content(3_000_000));
    let path = server.bucket("press").join("a.txt");
    let replace = Box::new(move || std::fs::write(path, vec![b'x'; 3_000_000]).unwrap());
    let proxy = Proxy::before(server.address(), [Rule::Cut(700_000, replace)]);
    let error = only(&options(&proxy.endpoint(), "s3://press/", &json!({}))).unwrap_err();
    assert!(error.starts_with("it changed since it was listed, or while it was read"), "{error}");
}

/// A bucket with one object whose tag is listed as `one`; `body` answers for the object.
fn bucket(body: impl Fn(usize, &str, &mut TcpStream) + Send + Sync + 'static) -> Script {
    Script::answering(move |number, head, client| {
        if head.contains("list-type=2") {
            return answer(
                client,
                "200 OK",
                "",
                page(&[("a.txt", 8, "one")]).len(),
                page(&[("a.txt", 8, "one")]).as_bytes(),
            );
        }
        body(number, head, client);
    })
}

/// The headers of an object with this tag.
fn tagged(tag: &str) -> String {
    format!("etag: \"{tag}\"\r\nlast-modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n")
}

fn script_options(script: &Script) -> serde_json::Value {
    options(&script.endpoint(), "s3://press/", &json!({}))
}

#[test]
fn the_object_that_was_listed_is_asked_for_from_the_beginning_and_where_it_broke_off() {
    let script = bucket(|number, _, client| match number {
        1 => answer(client, "200 OK", &tagged("one"), 8, b"half"),
        _ => answer(client, "206 Partial Content", &(tagged("one") + "content-range: bytes 4-7/8\r\n"), 4, b"done"),
    });
    assert_eq!(only(&script_options(&script)).unwrap(), b"halfdone");
    let heads = script.heads();
    assert!(heads[1].contains("if-match: \"one\"") && !heads[1].contains("range:"), "{heads:?}");
    assert!(heads[2].contains("if-match: \"one\"") && heads[2].contains("range: bytes=4-7"), "{heads:?}");
}

#[test]
fn an_object_that_changed_since_it_was_listed_is_not_read() {
    let script = bucket(|_, _, client| answer(client, "412 Precondition Failed", "", 0, b""));
    let error = only(&script_options(&script)).unwrap_err();
    assert!(error.starts_with("it changed since it was listed"), "{error}");
}

#[test]
fn an_object_that_is_gone_is_a_source_with_the_answer_of_the_store() {
    let script = bucket(|_, _, client| {
        let body = "<Error><Code>NoSuchKey</Code><Message>The key is gone.</Message></Error>";
        answer(client, "404 Not Found", "", body.len(), body.as_bytes());
    });
    let error = only(&script_options(&script)).unwrap_err();
    assert!(error.contains("404 Not Found (NoSuchKey: The key is gone.)"), "{error}");
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let server = Server::with(&["press"]);
    server.put("press", "a.txt", "all of it");
    let busy = || Rule::Answer("HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let many = || Rule::Answer("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let proxy = Proxy::before(server.address(), [busy(), many()]);
    assert_eq!(only(&options(&proxy.endpoint(), "s3://press/", &json!({}))).unwrap(), b"all of it");
    let script = bucket(|number, _, client| match number {
        1 | 2 => answer(client, "503 Slow Down", "", 0, b""),
        _ => answer(client, "200 OK", &tagged("one"), 8, b"complete"),
    });
    assert_eq!(only(&script_options(&script)).unwrap(), b"complete");
}

#[test]
fn a_server_that_stays_busy_is_given_up() {
    let script = bucket(|_, _, client| answer(client, "503 Slow Down", "", 0, b""));
    let error = only(&script_options(&script)).unwrap_err();
    assert!(error.contains("503 Service Unavailable, 4 times; run again later, or raise `retries`"), "{error}");
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    // It waits until the client goes away.
    let silent = |client: &mut TcpStream| _ = client.read(&mut [0]);
    let quick = json!({"timeout": "200ms", "retries": 1});
    let script = bucket(move |_, _, client| silent(client));
    let error = only(&options(&script.endpoint(), "s3://press/", &quick)).unwrap_err();
    assert!(error.contains("the server said nothing for 0.2 seconds, 2 times"), "{error}");
    // Within a body too.
    let script = bucket(move |number, _, client| {
        if number > 1 {
            return silent(client);
        }
        let head = format!("HTTP/1.1 200 OK\r\n{}content-length: 8\r\n\r\nhalf", tagged("one"));
        client.write_all(head.as_bytes()).unwrap();
        silent(client);
    });
    let error = only(&options(&script.endpoint(), "s3://press/", &quick)).unwrap_err();
    assert!(error.contains("said nothing"), "{error}");
}

#[test]
fn a_source_that_is_not_read_to_its_end_stops_nobody() {
    let server = Server::with(&["press"]);
    for number in 0..20 {
        server.put("press", &format!("{number:02}.txt"), content(5_000_000));
    }
    let mut read = 0;
    let input = crate::script::built(&of(&server, "s3://press/")).unwrap();
    let listed = input.list(&mut |found| {
        let mut beginning = [0; 8];
        (found.open)().unwrap().read_exact(&mut beginning).unwrap();
        assert_eq!(&beginning, b"0000000 ");
        read += 1;
        if read == 15 { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
    });
    listed.unwrap();
    assert_eq!(read, 15);
}
