//! E-mail, from the file to the record.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use docmill_tests::{RunFolder, root, run};
use serde_json::Value;

fn records() -> (RunFolder, Vec<Value>) {
    let out = RunFolder::new();
    let path = out.path();
    let ran = run(["run", "fixtures/mail", "-o", &path.to_string_lossy(), "--no-cache", "--quiet"]);
    // One message of the mailbox has no text, and one carries what is not read.
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    (out, records)
}

fn record<'r>(records: &'r [Value], uri: &str) -> &'r Value {
    records.iter().find(|record| record["source"]["uri"] == uri).unwrap_or_else(|| panic!("no record of {uri}"))
}

#[test]
fn each_message_is_a_record_with_its_headers() {
    let (out, records) = records();
    assert_eq!(records.len(), 10);
    let reply = record(&records, "mail/reply.eml");
    assert_eq!(reply["title"], "Re: Depth of the Calder Channel");
    assert_eq!(reply["meta"]["date"], "2016-03-15");
    assert_eq!(reply["source"]["media_type"], "message/rfc822");
    let second = record(&records, "mail/desk.mbox#message=2");
    assert_eq!(second["source"]["container"], "mail/desk.mbox");
    let failed = out.lines("quarantine.jsonl");
    let failed: Vec<_> = failed.iter().map(|line| line["uri"].as_str().unwrap()).collect();
    // The default build reads no PDF.
    assert_eq!(failed, ["mail/attachment.eml!/tender.pdf", "mail/desk.mbox#message=3"]);
}

#[test]
fn a_place_names_the_part_and_says_where_it_is_counted() {
    let (_out, records) = records();
    let file = std::fs::read(root().join("fixtures/mail/attachment.eml")).unwrap();
    let attachment = record(&records, "mail/attachment.eml");
    let mut places = 0;
    for annotation in attachment["annotations"].as_array().unwrap() {
        let place = &annotation["source"];
        assert_eq!(place["part"], "1.1");
        assert!(place.get("decoded").is_none());
        let at = |name: &str| usize::try_from(place[name].as_u64().unwrap()).unwrap();
        let words = String::from_utf8_lossy(&file[at("start")..at("end")]).replace('\n', " ");
        assert_eq!(annotation["text"].as_str().unwrap().replace('\n', " "), words);
        places += 1;
    }
    assert!(places > 0);
    let encoded = record(&records, "mail/base64.eml");
    let sentence = &encoded["summary"]["sentences"][0]["source"];
    assert_eq!((&sentence["part"], &sentence["decoded"]), (&Value::from("1"), &Value::from(true)));
}
