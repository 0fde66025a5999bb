//! The values that the stages read in short sentences of several languages, from the tables in `values`: a row has the language, the
//! text, and in pairs the words that are found with their value. All rows that fail are reported together.

use docmill_core::{BuildContext, Context, Document, Registry, Role};
use serde_json::{Value, json};

/// The date of the documents: a Tuesday.
const TODAY: &str = "2016-03-15";

/// What a stage finds in a text, as the tables write it.
fn found(stage: &str, language: &str, text: &str, kinds: &[&str]) -> Vec<(String, String)> {
    let mut registry = Registry::new();
    docmill_tag::register(&mut registry).expect("the names differ");
    let Role::Stage(stage) = registry.build(stage, &json!({}), &BuildContext::default()).expect("no options").role
    else {
        panic!("{stage} is no stage")
    };
    let mut doc = Document::from_text("row", text);
    doc.set_language(language);
    doc.meta.set("date", TODAY);
    stage.apply(&mut doc, &Context::default()).expect("a stage that reads");
    (doc.annotations().iter())
        .filter(|found| kinds.contains(&&*found.kind))
        .map(|found| {
            (found.span.of(doc.text()).expect("a span of the text").to_owned(), written(&found.kind, &found.value))
        })
        .collect()
}

/// A value in one line.
fn written(kind: &str, value: &Value) -> String {
    let text = |key: &str| value[key].as_str().unwrap_or_default();
    let range = |from: &str, to: &str| format!("{}..{}", text(from), text(to));
    let amount = || if value["min"].is_string() { range("min", "max") } else { text("amount").to_owned() };
    match kind {
        "date" if value["start"].is_string() => range("start", "end"),
        "time" if value["zone"].is_string() => {
            [text("time"), text("zone"), text("offset")].join(" ").trim_end().to_owned()
        }
        "date" | "time" => text(kind).to_owned(),
        "money" => format!("{} {}", text("currency"), amount()),
        "percent" => format!("{} %", amount()),
        "quantity" => format!("{} {}", amount(), text("unit")),
        "duration" if value["age"] == json!(true) => format!("{} age", text("duration")),
        "duration" => text("duration").to_owned(),
        kind => format!("{kind} {}", text(kind)),
    }
}

/// Runs all rows of a table, of which there must be 300 at least.
fn check(table: &str, stage: &str, kinds: &[&str]) {
    let rows: Vec<&str> = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(rows.len() >= 300, "{} rows", rows.len());
    let mut failures = Vec::new();
    for row in &rows {
        let mut cells = row.split('\t').map(str::to_owned);
        let (language, text) = (cells.next().expect("a language"), cells.next().expect("a text"));
        let cells: Vec<String> = cells.collect();
        let expected: Vec<(String, String)> =
            cells.chunks(2).map(|pair| (pair[0].clone(), pair.get(1).expect("a value").clone())).collect();
        let found = found(stage, &language, &text, kinds);
        if found != expected {
            failures.push(format!("{language} {text}\n    expected {expected:?}\n    found    {found:?}"));
        }
    }
    assert!(failures.is_empty(), "{} of {} rows:\n{}", failures.len(), rows.len(), failures.join("\n"));
}

#[test]
fn dates_and_times_of_the_table_are_read() {
    check(include_str!("values/dates.tsv"), "tag.dates", &["date", "time"]);
}

#[test]
fn sums_of_the_table_are_read() {
    check(include_str!("values/money.tsv"), "tag.money", &["money"]);
}

#[test]
fn quantities_of_the_table_are_read() {
    check(include_str!("values/quantities.tsv"), "tag.quantities", &["quantity", "duration", "percent"]);
}

#[test]
fn contacts_of_the_table_are_read() {
    check(include_str!("values/contacts.tsv"), "tag.links", &["url", "email", "phone", "doi", "isbn", "issn"]);
}
