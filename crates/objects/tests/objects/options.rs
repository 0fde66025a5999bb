//! Options that are wrong are told before anything is asked for.

use serde_json::{Value, json};

use crate::script::built;

#[test]
fn mistakes_are_told_with_their_place_and_without_values() {
    let check = |options: Value, expected: &[&str]| {
        let error = built(&options).err().unwrap_or_else(|| panic!("{options} is right"));
        for part in expected {
            assert!(error.contains(part), "{options}: {error}");
        }
        assert!(!error.contains("hunter2"), "{error}");
    };
    check(json!({}), &["/url: expected an address such as `s3://bucket/folder/`"]);
    check(json!({"url": "s3://"}), &["/url: expected the name of a bucket"]);
    check(json!({"url": "s3://a/b//c"}), &["/url: expected a key without empty parts"]);
    check(json!({"url": "s3://a", "endpoint": "me:hunter2@b"}), &["/endpoint: expected the address of a server"]);
    check(json!({"url": "s3://a", "endpoint": "http://me:hunter2@b"}), &["/endpoint: expected the address"]);
    check(json!({"url": "gs://a", "region": "b"}), &["/region: only buckets of S3"]);
    check(json!({"url": "https://a/b", "endpoint": "https://c"}), &["/endpoint: `url` names the server"]);
    check(json!({"url": "s3://a", "options": {"scret": "hunter2"}}), &["/options/scret: the store has no option"]);
    check(json!({"url": "s3://a", "options": {"timeout": "hunter2"}}), &["/options/timeout: the input chooses this"]);
    check(
        json!({"url": "s3://a", "options": {"skip_signature": "hunter2"}}),
        &["/options: the store cannot be opened"],
    );
    check(json!({"url": "s3://a", "options": {"allow_http": true}}), &["/options/allow_http: the input chooses"]);
    check(json!({"url": "s3://a", "timeout": "2h"}), &["/timeout: expected 100ms to 1h"]);
    check(json!({"url": "s3://a", "retries": 21}), &["/retries"]);
    check(json!({"url": "s3://a", "include": ["[a"]}), &["/include/0: \"[a\" is no glob"]);
}

#[test]
fn every_store_can_be_opened() {
    for options in [
        json!({"url": "s3://press/a"}),
        json!({"url": "gs://press/a", "options": {"skip_signature": "true"}}),
        json!({"url": "az://press/a", "options": {"account_name": "harbor"}}),
        json!({"url": "abfss://press@harbor.dfs.core.windows.net/a"}),
        json!({"url": "https://press.example/a"}),
    ] {
        assert_eq!(built(&options).err(), None, "{options}");
    }
}
