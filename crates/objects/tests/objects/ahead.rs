//! Objects that are fetched before they are asked for.

use std::io::Read as _;
use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::json;

use crate::script::{Script, answer, built, options, page, read};

/// A bucket with ten objects that answers for each when so many were asked for.
fn bucket(together: usize) -> Script {
    let asked = Arc::new((Mutex::new(0), Condvar::new()));
    Script::answering(move |_, head, client| {
        if head.contains("list-type=2") {
            let names: Vec<String> = (0..10).map(|number| format!("{number}.txt")).collect();
            let objects: Vec<_> = names.iter().map(|name| (name.as_str(), 5, "one")).collect();
            return answer(client, "200 OK", "", page(&objects).len(), page(&objects).as_bytes());
        }
        let (count, more) = &*asked;
        let mut count = count.lock().unwrap();
        *count += 1;
        more.notify_all();
        let (_count, waited) =
            more.wait_timeout_while(count, Duration::from_secs(20), |count| *count < together).unwrap();
        let headers = "etag: \"one\"\r\nlast-modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n";
        let status = if waited.timed_out() { "500 Alone" } else { "200 OK" };
        answer(client, status, headers, 5, b"ships");
    })
}

/// How many objects were asked for.
fn asked(script: &Script) -> usize {
    script.heads().iter().filter(|head| !head.contains("list-type=2")).count()
}

#[test]
fn as_many_objects_as_are_said_are_fetched_ahead_in_their_order() {
    let script = bucket(4);
    let options = options(&script.endpoint(), "s3://press/", &json!({"ahead": 3, "retries": 0}));
    let sources = read(&options).unwrap();
    let names: Vec<String> = (0..10).map(|number| format!("s3://press/{number}.txt")).collect();
    assert_eq!(sources.iter().map(|(uri, _)| uri.clone()).collect::<Vec<_>>(), names);
    assert!(sources.iter().all(|(_, content)| content.as_deref() == Ok(b"ships")), "{sources:?}");
}

#[test]
fn no_more_are_fetched_and_none_before_the_first_is_opened() {
    let script = bucket(4);
    let input = built(&options(&script.endpoint(), "s3://press/", &json!({"ahead": 3}))).unwrap();
    let mut listed = 0;
    let result = input.list(&mut |found| {
        listed += 1;
        if listed < 3 {
            return ControlFlow::Continue(());
        }
        assert_eq!(asked(&script), 0);
        let mut content = String::new();
        (found.open)().unwrap().read_to_string(&mut content).unwrap();
        // It came when all four were asked for; a fifth is not before the next is listed.
        assert_eq!((content.as_str(), asked(&script)), ("ships", 4));
        ControlFlow::Break(())
    });
    result.unwrap();
    assert_eq!((listed, asked(&script)), (3, 4));
}

#[test]
fn without_any_ahead_each_is_fetched_when_it_is_opened() {
    let script = bucket(1);
    let input = built(&options(&script.endpoint(), "s3://press/", &json!({"ahead": 0}))).unwrap();
    let mut opened = 0;
    let result = input.list(&mut |found| {
        let mut content = Vec::new();
        (found.open)().unwrap().read_to_end(&mut content).unwrap();
        opened += 1;
        assert_eq!(asked(&script), opened);
        ControlFlow::Continue(())
    });
    result.unwrap();
    assert_eq!(opened, 10);
}

#[test]
fn an_object_may_be_opened_after_the_listing() {
    let script = bucket(1);
    let input = built(&options(&script.endpoint(), "s3://press/", &json!({}))).unwrap();
    let mut last = None;
    let result = input.list(&mut |found| {
        last = Some(found);
        ControlFlow::Continue(())
    });
    result.unwrap();
    let mut content = String::new();
    (last.unwrap().open)().unwrap().read_to_string(&mut content).unwrap();
    assert_eq!(content, "ships");
}

#[test]
fn a_body_that_waits_is_fetched_no_further_than_its_room() {
    use std::io::Write as _;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const LENGTH: usize = 256 << 20;
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let script = Script::answering(move |_, head, client| {
        if head.contains("list-type=2") {
            let objects = [("a.txt", 5, "one"), ("b.txt", LENGTH, "one")];
            return answer(client, "200 OK", "", page(&objects).len(), page(&objects).as_bytes());
        }
        let headers = "etag: \"one\"\r\nlast-modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n";
        if head.contains("a.txt") {
            // The other one is let go as far as it goes first.
            let mut before = usize::MAX;
            while count.load(Ordering::SeqCst) < 2 << 20 || before != count.load(Ordering::SeqCst) {
                before = count.load(Ordering::SeqCst);
                client.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
                let _ = client.read(&mut [0]);
            }
            return answer(client, "200 OK", headers, 5, b"ships");
        }
        answer(client, "200 OK", headers, LENGTH, b"");
        let more = vec![b'x'; 1 << 16];
        while client.write_all(&more).is_ok() {
            count.fetch_add(1 << 16, Ordering::SeqCst);
        }
    });
    let input = built(&options(&script.endpoint(), "s3://press/", &json!({"ahead": 1}))).unwrap();
    let result = input.list(&mut |found| {
        let mut content = String::new();
        (found.open)().unwrap().read_to_string(&mut content).unwrap();
        assert_eq!(content, "ships");
        ControlFlow::Break(())
    });
    result.unwrap();
    // 2 MiB here, the rest in the buffers of the system.
    let sent = sent.load(Ordering::SeqCst);
    assert!(sent < 32 << 20, "{sent}");
}
