//! What the reader of JSON files makes of them.

use docmill_core::{ByteSize, ByteSpan, Limits};
use proptest::prelude::*;

use super::*;

fn read(reader: &Json, file: &[u8], limit: u64) -> Vec<Result<Document, String>> {
    let mut documents = Vec::new();
    let cx = Context::new(Limits { document: ByteSize(limit), ..Limits::default() });
    let whole = RawSource::new("in/a.json", "application/json", "");
    let mut bytes = file;
    let mut bytes = Stream::flowing(Vec::new(), &mut bytes);
    let split = reader.split(&mut bytes, &whole, &cx, &mut |part| {
        documents.push(match part {
            Part::Source(source) => reader.read(source, &cx).map_err(|error| error.to_string()),
            Part::Failed { error, .. } => Err(error.to_string()),
            Part::Member(member) => Err(format!("a member: {member:?}")),
        });
        ControlFlow::Continue(())
    });
    documents.extend(split.err().map(|error| Err(error.to_string())));
    documents
}

fn texts(reader: &Json, file: &str) -> Vec<String> {
    let documents = read(reader, file.as_bytes(), 1 << 20);
    documents.into_iter().map(|result| result.map_or_else(|error| error, |doc| doc.text().to_owned())).collect()
}

#[test]
fn each_item_of_an_array_is_a_document_that_leads_back_to_the_file() {
    let file = "[\n  {\"id\": 1, \"title\": \"Caf\\u00e9\", \"text\": \"One caf\\u00e9.\\n\\nTwo!\"},\n  {\"é\": 1, \"text\": \"Last word\"}\n]\n";
    let documents = read(&Json::default(), file.as_bytes(), 1 << 20);
    let first = documents[0].as_ref().expect("it is read");
    assert_eq!((first.text(), first.blocks().len()), ("One café.\n\nTwo!", 2));
    let meta = first.meta.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ");
    assert_eq!(meta, r#"id=1 title="Café""#);
    let second = documents[1].as_ref().expect("it is read");
    assert_eq!(second.source().uri, "in/a.json#item=2");
    let place = second.locate(ByteSpan::new(5, 9));
    assert_eq!(&file[place.span.start..place.span.end], "word");
    assert_eq!((place.line, place.column, place.row, place.field.as_deref()), (3, 26, Some(2), Some("text")));
    assert_eq!(documents.len(), 2);
}

#[test]
fn an_object_is_one_document_with_the_name_and_the_hash_of_the_file() {
    let file = b"\xEF\xBB\xBF {\"n\": 1, \"body\": \"All of it\"}\n";
    let documents = read(&Json::default(), file, 1 << 20);
    let doc = documents[0].as_ref().expect("it is read");
    assert_eq!((doc.text(), doc.source().uri.as_str(), &doc.source().container), ("All of it", "in/a.json", &None));
    assert_eq!(doc.source().hash, docmill_core::content_hash(file));
    assert_eq!(doc.source().bytes, file.len() as u64);
    let place = doc.locate(ByteSpan::new(0, 3));
    assert_eq!((place.line, place.column), (1, 20));
}

#[test]
fn records_are_where_the_pointer_leads() {
    let file =
        r#"{"a/b": 1, "meta": {"items": ["no"]}, "data": [{"items": [{"text": "x"}, {"text": "y"}]}], "rest": }"#;
    let at = |at: &str| Json { at: at.to_owned(), ..Json::default() };
    assert_eq!(texts(&at("/data/0/items"), file), ["x", "y"]);
    assert_eq!(texts(&at("/data/0/items/1"), file), ["y"]);
    assert_eq!(texts(&at("/meta/items"), file), ["no"]);
    assert_eq!(
        texts(&at("/data/0/rows"), file),
        ["not JSON with the records asked for: there is nothing at /data/0/rows: in place of `rows` there are items"]
    );
    assert_eq!(
        texts(&at("/data/7"), file),
        ["not JSON with the records asked for: there is nothing at /data/7: in place of `7` there are no names"]
    );
}

#[test]
fn values_that_follow_each_other_are_a_document_each() {
    assert_eq!(texts(&Json::default(), "{\"text\": \"a\"}\n{\"text\": \"b\"}\n"), ["a", "b"]);
    assert_eq!(
        texts(&Json::default(), "{\"text\": \"a\"} {\"text\": "),
        ["a", "not JSON: line 1, column 24: the file ends in the middle of a value"]
    );
}

#[test]
fn the_text_is_the_fields_asked_for_in_the_order_of_the_file() {
    let file = r#"{"post": {"body": ["One.", 3, "Two."], "tail": "End."}, "lead": "Begin.", "n": 4}"#;
    let text = |names: &[&str]| Json {
        text: Columns::Several(names.iter().map(|name| (*name).to_owned()).collect()),
        meta: Some(vec!["n".to_owned()]),
        ..Json::default()
    };
    assert_eq!(texts(&text(&["lead", "/post/tail", "post.body", "nope"]), file), ["One.\n\nTwo.\n\nEnd.\n\nBegin."]);
    assert_eq!(
        texts(&text(&["n"]), file),
        ["not a record with a text: the file has no text in `n`; it has: lead, n, post"]
    );
    assert_eq!(texts(&Json::default(), r#"{"deep": [{"er": "The longest of all"}, "short"]}"#), ["The longest of all"]);
}

#[test]
fn what_is_broken_or_too_long_says_where_and_the_others_are_read() {
    let file = "[{\"text\": \"a\"},\n {\"text\": nil}, 7, {\"text\": \"b\"}\n {";
    assert_eq!(
        texts(&Json::default(), file),
        [
            "a",
            "not JSON: line 2, column 12: expected ident",
            "not a record with a text: item 3 has no field with a text; it is no object",
            "b",
            "not JSON: line 3, column 2: expected `,` or `]` after an item",
        ]
    );
    let long = format!("[{{\"text\": \"{}\"}}, {{\"text\": \"b\"}}]", "a".repeat(100_000));
    let documents = read(&Json::default(), long.as_bytes(), 1000);
    assert_eq!(
        documents[0].as_ref().err().map(String::as_str),
        Some("item 1 with 100012 bytes is over limits.document = 1000 bytes")
    );
    assert_eq!(documents[1].as_ref().map(Document::text).ok(), Some("b"));
    let one = format!("{{\"text\": \"{}\"}}", "a".repeat(100_000));
    let documents = read(&Json::default(), one.as_bytes(), 1000);
    assert_eq!(
        documents[0].as_ref().err().map(String::as_str),
        Some("what it holds is over limits.document = 1000 bytes")
    );
}

#[test]
fn deep_and_crooked_files_are_refused() {
    let deep = "[".repeat(100_000);
    for (file, error) in [
        (deep.as_str(), "not JSON: line 1, column 10002: more than 10000 levels of nesting"),
        ("[{]", "not JSON: line 1, column 3: a `]` that closes nothing"),
        ("[1] 2", "not JSON: line 1, column 5: something follows the end of the value"),
        ("[1,]", "not JSON: line 1, column 4: expected a value"),
        ("[\"a", "not JSON: line 1, column 4: the file ends in the middle of a value"),
        ("", "it is empty"),
        ("{", "not JSON: line 1, column 1: EOF while parsing an object"),
    ] {
        assert_eq!(texts(&Json::default(), file).pop().as_deref(), Some(error), "{}", &file[..file.len().min(20)]);
    }
}

#[test]
fn other_encodings_are_read() {
    let text = "[{\"text\": \"Gemüse für Bäcker\"}]";
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let documents = read(&Json::default(), &utf16, 1 << 20);
    let doc = documents[0].as_ref().expect("it is read");
    assert_eq!((doc.text(), doc.source().encoding.as_str()), ("Gemüse für Bäcker", "utf-16le"));
}

#[test]
fn files_are_told_by_name_and_others_by_their_beginning() {
    let is = |uri: &str, head: &[u8]| Json::default().recognizes(&Hint::new(uri, head));
    assert_eq!(is("a.json", b""), Some("application/json"));
    assert_eq!(is("a.geojson", b""), Some("application/geo+json"));
    assert_eq!(is("a", b" [ {\n \"a\""), Some("application/json"));
    for (uri, head) in [("a.txt", "{\"a\""), ("a", "[see note]"), ("a", "{braces}"), ("a", "")] {
        assert_eq!(is(uri, head.as_bytes()), None, "{uri} {head}");
    }
}

/// A file of several kinds of values.
const SAMPLE: &str = "[{\"text\": \"a\\u00e9\\n\", \"k\": [1, {\"x\": null}]}, \"b\\\\\", {\"text\": [\"c\", \"d\"]}]";

#[test]
fn a_file_cut_off_anywhere_is_read_or_refused() {
    for end in 0..SAMPLE.len() {
        let results = read(&Json::default(), &SAMPLE.as_bytes()[..end], 1 << 20);
        assert!(results.last().is_some_and(Result::is_err), "{}", &SAMPLE[..end]);
    }
    assert!(read(&Json::default(), SAMPLE.as_bytes(), 1 << 20).iter().all(Result::is_ok));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        file in prop::collection::vec(prop::sample::select(b"{}[],:\"\\ \n1tu0a\xC3\xA9\xFF".to_vec()), 0..60),
        at in prop::sample::select(vec!["", "/a", "/0", "/"]),
    ) {
        for doc in read(&Json { at: at.to_owned(), ..Json::default() }, &file, 40).into_iter().flatten() {
            prop_assert!(doc.blocks().iter().all(|block| block.span.of(doc.text()).is_some()));
        }
    }
}
