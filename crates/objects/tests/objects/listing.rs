//! What is listed, in which order and under which names.

use serde_json::json;

use crate::script::{of, read, uris};
use crate::server::Server;

#[test]
fn a_bucket_of_several_pages_is_listed_in_the_order_of_its_keys() {
    let server = Server::with(&["press"]);
    let key = |number: u32| format!("reports/{:03}/{:04}.txt", number % 7, number);
    let mut keys: Vec<String> = (0..1_100).map(key).collect();
    for key in &keys {
        server.put("press", key, key);
    }
    keys.sort();
    let sources = read(&of(&server, "s3://press/")).unwrap();
    assert_eq!(sources.len(), keys.len());
    for (key, (uri, content)) in keys.iter().zip(sources) {
        assert_eq!(uri, format!("s3://press/{key}"));
        assert_eq!(content.unwrap(), key.as_bytes());
    }
}

#[test]
fn odd_names_lead_to_their_objects() {
    let server = Server::with(&["press"]);
    let keys =
        ["a b.txt", "a+b&c=d.txt", "50%25.txt", "ä/ö ü.txt", "q?x#y.txt", "'\"<>.txt", "[x]{y}~^`|\\.txt", "日本.txt"];
    for key in keys {
        server.put("press", key, key);
    }
    let mut sources = read(&of(&server, "s3://press")).unwrap();
    let mut expected: Vec<(String, _)> = keys
        .iter()
        .map(|key| {
            let named = key.replace('%', "%25").replace('#', "%23");
            (format!("s3://press/{named}"), Ok(key.as_bytes().to_vec()))
        })
        .collect();
    sources.sort();
    expected.sort();
    assert_eq!(sources, expected);
}

#[test]
fn a_key_that_cannot_be_asked_for_is_one_source_that_says_so() {
    let server = Server::with(&["press"]);
    for key in ["a.txt", "b\nc.txt", "d.txt"] {
        server.put("press", key, key);
    }
    let sources = read(&of(&server, "s3://press/")).unwrap();
    let [(_, Ok(_)), (uri, Err(error)), (_, Ok(_))] = &sources[..] else { panic!("{sources:?}") };
    assert_eq!(uri, "s3://press/b%0Ac.txt");
    assert!(error.contains("copy it to another key"), "{error}");
}

#[test]
fn a_prefix_ends_at_a_boundary_unless_it_names_an_object() {
    let server = Server::with(&["press"]);
    for key in ["reports/a.txt", "reports/b/c.txt", "reports-2/d.txt", "reports.txt"] {
        server.put("press", key, key);
    }
    let check = |url: &str, expected: &[&str]| assert_eq!(uris(&of(&server, url)), expected, "{url}");
    let below = ["s3://press/reports/a.txt", "s3://press/reports/b/c.txt"];
    check("s3://press/reports/", &below);
    check("s3://press/reports", &below);
    check("s3://press/reports.txt", &["s3://press/reports.txt"]);
    check("s3://press/reports/b", &below[1..]);
}

#[test]
fn what_is_left_out_is_what_an_input_of_files_leaves_out() {
    let server = Server::with(&["press"]);
    for key in ["in/a.txt", "in/a.md", "in/.b.txt", "in/drafts/c.txt", "in/2016/d.txt", "in/2016/.old/e.txt"] {
        server.put("press", key, key);
    }
    let check = |more: serde_json::Value, expected: &[&str]| {
        let mut options = of(&server, "s3://press/in/");
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let expected: Vec<_> = expected.iter().map(|key| format!("s3://press/in/{key}")).collect();
        assert_eq!(uris(&options), expected, "{more}");
        // The same rules over the folder.
        let mut files = more.clone();
        files["path"] = server.bucket("press").join("in").to_str().unwrap().into();
        files["name"] = "s3://press/in".into();
        let mut registry = docmill_core::Registry::new();
        docmill_ingest::register(&mut registry).unwrap();
        let built = registry.build("input.files", &files, &docmill_core::BuildContext::default()).unwrap();
        let docmill_core::Role::Input(input) = built.role else { panic!("it is an input") };
        let mut found = Vec::new();
        input
            .list(&mut |file| {
                found.push(file.uri);
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(found, expected, "{more}");
    };
    check(json!({}), &["2016/d.txt", "a.md", "a.txt", "drafts/c.txt"]);
    check(json!({"include": ["*.txt"], "exclude": ["drafts"]}), &["2016/d.txt", "a.txt"]);
    check(json!({"include": ["2016/**/*.txt"], "hidden": true}), &["2016/.old/e.txt", "2016/d.txt"]);
    check(json!({"include": ["*.pdf"]}), &[]);
}

#[test]
fn a_name_stands_for_the_address() {
    let server = Server::with(&["press"]);
    server.put("press", "in/a.txt", "a");
    server.put("press", "in/b/c.txt", "c");
    let named = |url: &str| {
        let mut options = of(&server, url);
        options["name"] = "archive".into();
        uris(&options)
    };
    assert_eq!(named("s3://press/in/"), ["archive/a.txt", "archive/b/c.txt"]);
    assert_eq!(named("s3://press/in/a.txt"), ["archive"]);
}

#[test]
fn an_empty_bucket_has_no_objects_and_a_folder_without_any_is_not_there() {
    let server = Server::with(&["press"]);
    assert_eq!(read(&of(&server, "s3://press/")), Ok(Vec::new()));
    for url in ["s3://press/typo/", "s3://press/typo"] {
        let error = read(&of(&server, url)).unwrap_err();
        assert!(error.contains(&format!("{url}: nothing is there")), "{error}");
    }
}
