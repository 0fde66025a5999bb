//! Files of the web.

use serde_json::{Value, json};

use crate::script::{Script, answer, built, only, read, uris};

fn options(url: &str) -> Value {
    json!({"url": url, "timeout": "20s", "retries": 1})
}

#[test]
fn a_file_of_the_web_is_one_source() {
    let script = Script::answering(|_, head, client| {
        assert!(head.starts_with("GET /notes/a%20b.txt?page=2 HTTP/1.1\r\n"), "{head}");
        assert!(head.to_lowercase().contains("user-agent: docmill/"), "{head}");
        answer(client, "200 OK", "", 5, b"ships");
    });
    let url = format!("{}/notes/a%20b.txt?page=2", script.endpoint());
    assert_eq!(read(&options(&url)).unwrap(), [(url, Ok(b"ships".to_vec()))]);
}

#[test]
fn listing_a_file_of_the_web_asks_for_nothing() {
    let script = Script::answering(|_, _, client| answer(client, "200 OK", "", 5, b"ships"));
    let url = format!("{}/a.txt", script.endpoint());
    assert_eq!(uris(&options(&url)), [url]);
    assert_eq!(script.heads(), Vec::<String>::new());
}

#[test]
fn a_file_whose_length_is_not_told_is_read_to_its_end() {
    use std::io::Write as _;

    let script = Script::answering(|_, _, client| {
        let answer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\netag: \"one\"\r\nlast-modified: yesterday\r\n\r\n\
            5\r\nships\r\n7\r\n return\r\n0\r\n\r\n";
        client.write_all(answer.as_bytes()).unwrap();
    });
    assert_eq!(only(&options(&script.endpoint())).unwrap(), b"ships return");
}

#[test]
fn a_file_that_breaks_off_goes_on_where_it_can() {
    let script = Script::answering(|number, head, client| {
        let part = "etag: \"one\"\r\ncontent-range: bytes 5-11/12\r\n";
        match number {
            0 => answer(client, "200 OK", "etag: \"one\"\r\n", 12, b"ships"),
            _ if head.to_lowercase().contains("range: bytes=5-11") => {
                answer(client, "206 Partial Content", part, 7, b" return");
            }
            _ => answer(client, "400 Bad Request", "", 0, b""),
        }
    });
    assert_eq!(only(&options(&script.endpoint())).unwrap(), b"ships return");
    let script = Script::answering(|_, _, client| answer(client, "200 OK", "", 12, b"ships"));
    let error = only(&options(&script.endpoint())).unwrap_err();
    assert!(error.contains("gives no tag (ETag)"), "{error}");
}

#[test]
fn a_file_that_changed_while_it_was_read_says_so() {
    let script = Script::answering(|number, _, client| match number {
        0 => answer(client, "200 OK", "etag: \"one\"\r\n", 12, b"ships"),
        _ => answer(client, "206 Partial Content", "etag: \"two\"\r\ncontent-range: bytes 5-11/12\r\n", 7, b" return"),
    });
    let error = only(&options(&script.endpoint())).unwrap_err();
    assert!(error.starts_with("it changed"), "{error}");
}

#[test]
fn a_file_that_is_not_there_is_a_source_that_says_so() {
    let script = Script::answering(|_, _, client| answer(client, "404 Not Found", "", 9, b"not found"));
    let error = only(&options(&script.endpoint())).unwrap_err();
    assert!(error.starts_with("the store answers 404 Not Found: there is no such object"), "{error}");
}

#[test]
fn a_file_that_moved_is_followed() {
    let script = Script::answering(|_, head, client| match head {
        head if head.starts_with("GET /new ") => answer(client, "200 OK", "", 5, b"ships"),
        _ => answer(client, "302 Found", "location: /new\r\n", 0, b""),
    });
    assert_eq!(only(&options(&format!("{}/old", script.endpoint()))).unwrap(), b"ships");
}

#[test]
fn what_signs_an_address_is_asked_with_and_not_shown() {
    let script = Script::answering(|_, head, client| {
        assert!(head.contains("x-amz-signature=abcdef"), "{head}");
        answer(client, "403 Forbidden", "", 0, b"");
    });
    let url = format!("{}/a.txt", script.endpoint());
    let sources = read(&options(&format!("{url}?x-amz-signature=abcdef"))).unwrap();
    let [(uri, Err(error))] = &sources[..] else { panic!("{sources:?}") };
    assert_eq!(*uri, url);
    assert!(!error.contains("abcdef"), "{error}");
    let wrong = built(&json!({"url": "https://me:hunter2@a.example/b"})).err().unwrap();
    assert!(wrong.contains("without a user's name and password") && !wrong.contains("hunter2"), "{wrong}");
}
