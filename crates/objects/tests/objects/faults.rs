//! Listings that fail, and what is said of it.

use serde_json::json;

use crate::proxy::{Proxy, Rule};
use crate::script::{Script, answer, built, of, options, read};
use crate::server::{KEY, SECRET, Server};

#[test]
fn a_bucket_that_is_not_there_ends_the_listing() {
    let server = Server::with(&["press"]);
    for url in ["s3://pres/", "s3://pres/a.txt"] {
        let error = read(&of(&server, url)).unwrap_err();
        assert!(error.contains(&format!("{url}: the store answers 404 Not Found (NoSuchBucket")), "{error}");
    }
}

#[test]
fn a_wrong_secret_ends_the_listing_and_is_not_shown() {
    let server = Server::with(&["press"]);
    server.put("press", "a.txt", "a");
    let mut options = of(&server, "s3://press/");
    let wrong = "thisIsNotTheSecretAtAll";
    options["options"]["secret_access_key"] = wrong.into();
    let error = read(&options).unwrap_err();
    assert!(error.contains("403 Forbidden (SignatureDoesNotMatch"), "{error}");
    assert!(error.contains("it refuses these credentials"), "{error}");
    assert!(!error.contains(wrong) && !error.contains(SECRET), "{error}");
    options["options"]["access_key_id"] = "AKIDNOBODY".into();
    let error = read(&options).unwrap_err();
    assert!(error.contains("s3://press/: the store answers 403 Forbidden"), "{error}");
}

#[test]
fn secrets_are_shown_by_nothing() {
    let server = Server::with(&["press"]);
    let mut registry = docmill_core::Registry::new();
    docmill_objects::register(&mut registry).unwrap();
    let built = registry.build("input.objects", &of(&server, "s3://press/"), &docmill_core::BuildContext::default());
    let options = built.unwrap().options;
    assert_eq!(options["options"], json!({"access_key_id": "***", "secret_access_key": "***"}));
    let options: docmill_objects::Objects = serde_json::from_value(of(&server, "s3://press/")).unwrap();
    let shown = format!("{options:?}");
    assert!(!shown.contains(KEY) && !shown.contains(SECRET), "{shown}");
}

#[test]
fn a_server_that_is_not_there_ends_the_listing() {
    // A port that was just free: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let quick = json!({"retries": 1});
    let error = read(&options(&format!("http://{free}"), "s3://press/", &quick)).unwrap_err();
    assert!(error.contains("s3://press/: cannot connect to the server, 2 times"), "{error}");
}

#[test]
fn what_is_no_store_ends_the_listing() {
    let script = Script::answering(|_, _, client| answer(client, "200 OK", "", 13, b"<html></html>"));
    let listed = read(&options(&script.endpoint(), "s3://press/a/", &json!({})));
    assert!(listed.is_err_and(|error| error.contains("nothing is there")));
    let script = Script::answering(|_, _, client| answer(client, "200 OK", "", 5, b"Hello"));
    assert!(read(&options(&script.endpoint(), "s3://press/", &json!({}))).is_err());
    let moved = "location: /elsewhere\r\n";
    let script = Script::answering(move |_, _, client| answer(client, "301 Moved", moved, 0, b""));
    assert!(read(&options(&script.endpoint(), "s3://press/", &json!({}))).is_err());
}

#[test]
fn a_page_that_breaks_off_is_asked_for_again() {
    let server = Server::with(&["press"]);
    for number in 0..500 {
        server.put("press", &format!("{number:03}.txt"), "");
    }
    let cut = || Rule::Cut(5_000, Box::new(|| ()));
    let proxy = Proxy::before(server.address(), [cut(), cut()]);
    let mut names = 0;
    let input = built(&options(&proxy.endpoint(), "s3://press/", &json!({}))).unwrap();
    let listed = input.list(&mut |_| {
        names += 1;
        std::ops::ControlFlow::Continue(())
    });
    listed.unwrap();
    assert_eq!(names, 500);
}

#[test]
fn folders_that_a_console_made_are_no_sources() {
    let page = "<ListBucketResult><Contents><Key>in/</Key><LastModified>2026-01-01T00:00:00Z</LastModified><Size>0</Size></Contents>\
        <Contents><Key>in/a/</Key><LastModified>2026-01-01T00:00:00Z</LastModified><Size>0</Size></Contents></ListBucketResult>";
    let script = Script::answering(|_, _, client| answer(client, "200 OK", "", page.len(), page.as_bytes()));
    assert_eq!(read(&options(&script.endpoint(), "s3://press/in/", &json!({}))), Ok(Vec::new()));
}
