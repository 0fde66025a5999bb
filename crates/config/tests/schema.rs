//! The JSON Schema of a pipeline file accepts what the loader accepts, and refuses what it refuses.

mod common;

use docmill_config::{Loader, schema};

fn check(yaml: &str, good: bool) {
    let mut registry = common::registry();
    docmill_plugin::register::<docmill_plugin::Command>(&mut registry);
    let validator = jsonschema::validator_for(&schema(&registry)).expect("it is a schema");
    let value: serde_json::Value = serde_yaml::from_str(yaml).expect("it is YAML");
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors.is_empty(), good, "{yaml}\n{errors:?}");
    let loaded = Loader::new(&registry).load_str("p.yaml", yaml);
    assert_eq!(loaded.is_ok(), good, "{yaml}\n{:?}", loaded.err().map(|mistakes| mistakes.render(false)));
}

#[test]
fn the_schema_agrees_with_the_loader() {
    let with = |stage: &str| format!("version: 1\ninput: docs\nvars: {{ top: 3 }}\nstages:\n  - ingest\n  - {stage}\n");
    check(&with("normalize"), true);
    check(&with("normalize.whitespace"), true);
    check(&with("normalize.beta: { top: \"${top}\", names: [\"${top}x\"], weights: { a: 1.5 } }"), true);
    check(&with("{ normalize.beta: null, id: x, timeout: 2s, on_error: skip, when: words > 3 }"), true);
    check(&with("normalize.beta: { tpo: 3 }"), false);
    check(&with("normalize.beta: { top: 500 }"), false);
    check(&with("normalize.beta: { top: many }"), false);
    check(&with("normalise"), false);
    check(&with("{ normalize.beta: null, tag.language: null }"), false);
    check(&with("{ normalize.beta: null, on_error: never }"), false);
    check(
        "version: 1\ninput: [{ path: a, include: [b] }, c]\nstages: [ingest]\noutput: [{ jsonl: a }, { csv: { path: b }, id: x }]\n",
        true,
    );
    check(
        "version: 1\ninput: a\nstages: [ingest]\noutput: { jsonl: a }\nworkers: 2\nmemory: 1GiB\nallow_failures: 3\n",
        true,
    );
    check("version: 2\ninput: a\nstages: [ingest]\n", false);
    check("version: 1\ninput: a\nstages: [ingest]\noutput: [{ jsnl: a }]\n", false);
    check("version: 1\ninput: a\n", false);
    check("version: 1\ninput: a\nstages: [ingest]\nlimits: { depth: 3 }\nname: x\n", true);
    check("version: 1\ninput: a\nstages: [ingest]\nlimits: { dpth: 3 }\n", false);
    let loud = "version: 1\ninput: a\nplugins: { loud: { command: [tr, a-z, A-Z] } }\nstages:\n  - ingest\n";
    check(&format!("{loud}  - loud\n"), true);
    check(&format!("{loud}  - {{ loud: {{}}, timeout: 2s }}\n"), true);
    check("version: 1\ninput: a\nplugins: { loud: { comand: [tr] } }\nstages: [ingest]\n", false);
    check("version: 1\ninput: a\nplugins: [loud]\nstages: [ingest]\n", false);
}

#[test]
fn the_schema_holds_the_pages_of_the_components() {
    let schema = schema(&common::registry());
    assert_eq!(schema["$defs"]["tag.alpha"]["description"], "Needs a language.");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}
