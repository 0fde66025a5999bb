//! What conditions and scripts cost on a document of 5 KB.

#![allow(clippy::unwrap_used, reason = "a bench ends where it cannot go on")]
#![allow(missing_docs, reason = "divan names the benches")]

use std::path::Path;

use docmill_core::contract::{Given, PluginKind as _};
use docmill_core::{BuildContext, Component as _, Condition as _, Context, Document, Limits, Role};
use docmill_expression::{InlineScript, Script, ScriptLimits, When};

fn main() {
    divan::main();
}

/// A document of 5 KB of English with metadata, measures and tags.
fn document() -> Document {
    let sentence = "The harbor of Port Ellery was dredged again, and the rail line to the mill was closed for a week. ";
    let text: String = sentence.chars().cycle().take(5000).collect();
    let mut doc = Document::from_text("press/harbor.txt", &text);
    doc.set_language("en");
    doc.meta.set("publication", "Coastal Monitor");
    doc.meta.set("desk", serde_json::json!(["rail", "ports", "draft"]));
    doc.measure("words", 900.0);
    doc
}

#[divan::bench(args = [
    r#"language == "en""#,
    r#"language == "en" && words > 100"#,
    r#"text.contains("closed for a year")"#,
    r#"language == "en" && size(text) > 1000 && meta.desk.exists(d, d == "draft") && source.uri.endsWith(".txt")"#,
])]
fn condition(bencher: divan::Bencher<'_, '_>, condition: &str) {
    let (when, doc) = (When::compile(condition).unwrap(), document());
    bencher.bench_local(|| when.holds(divan::black_box(&doc)).unwrap());
}

/// The least that a script can do: what calling one costs.
#[divan::bench]
fn empty_script(bencher: divan::Bencher<'_, '_>) {
    let script = InlineScript { code: "fn process(doc, options) { }".to_owned(), ..InlineScript::default() };
    let Ok(Role::Filter(filter)) = script.build(&BuildContext::default()) else { panic!("it is a script") };
    let mut doc = document();
    bencher.bench_local(|| filter.judge(divan::black_box(&mut doc), &Context::default()).unwrap());
}

/// `examples/script/terms.rhai`, which finds one word in 50, 100 places, or one in 6, some 900.
#[divan::bench(args = [&["ellery"][..], &["harbor", "mill", "the", "was"][..]])]
fn terms(bencher: divan::Bencher<'_, '_>, words: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/script");
    let cx = BuildContext::new(folder, Limits::default());
    let script = Script { script: "terms.rhai".into(), limits: ScriptLimits::default() };
    let Ok(plugin) = script.open("terms", &cx) else { panic!("it describes itself") };
    let options = serde_json::json!({"words": words, "min": 1, "upper": false});
    let Ok(stage) = plugin.start(&options, &cx) else { panic!("these are its options") };
    let doc = document();
    bencher.bench_local(|| {
        let given = Given::new(divan::black_box(&doc), plugin.descriptor());
        let answer = stage.process(&given, &Context::default()).unwrap();
        given.check(answer).unwrap()
    });
}

/// A loop over the words of the text in the script itself.
#[divan::bench]
fn loop_over_words(bencher: divan::Bencher<'_, '_>) {
    let code = r"fn process(doc, options) {
        let long = 0;
        for word in doc.text.split(' ') { if word.len() > 4 { long += 1; } }
        #{ measures: #{ long: long } }
    }";
    let gives = vec!["measures.long".parse().unwrap()];
    let script = InlineScript { code: code.to_owned(), gives, ..InlineScript::default() };
    let Ok(Role::Filter(filter)) = script.build(&BuildContext::default()) else { panic!("it is a script") };
    let mut doc = document();
    bencher.bench_local(|| filter.judge(divan::black_box(&mut doc), &Context::default()).unwrap());
}
