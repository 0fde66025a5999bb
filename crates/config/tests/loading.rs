//! What a good pipeline file becomes.

mod common;

use std::path::Path;
use std::time::Duration;

use docmill_config::{AllowedFailures, Loaded, Loader};
use docmill_core::{Annotation, ByteSize, Condition as _, Document, Field, OnError, Tag};
use docmill_expression::When;

fn loader(registry: &docmill_core::Registry) -> Loader<'_> {
    Loader::new(registry).environment(|name| match name {
        "KEY" => Some("s3cr3t-key".to_owned()),
        "TOP" => Some("42".to_owned()),
        _ => None,
    })
}

fn load(yaml: &str) -> Loaded {
    let registry = common::registry();
    loader(&registry).load_str("p.yaml", yaml).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn stages(stages: &str) -> String {
    format!("version: 1\ninput: docs/\nstages:\n  - ingest\n{stages}output:\n  - jsonl: out/documents.jsonl\n")
}

/// The options of the step with this id.
fn options<'l>(loaded: &'l Loaded, id: &str) -> &'l serde_json::Value {
    let step = loaded.pipeline.steps().iter().find(|step| &*step.id == id).expect("there is such a step");
    &step.built.options
}

fn ids(loaded: &Loaded) -> Vec<&str> {
    loaded.pipeline.steps().iter().map(|step| &*step.id).collect()
}

#[test]
fn a_family_stands_for_its_recommended_stages_but_those_that_are_configured() {
    assert_eq!(
        ids(&load(&stages("  - normalize\n  - tag\n"))),
        ["normalize.beta", "normalize.whitespace", "tag.language"]
    );
    let own = load(&stages("  - normalize\n  - normalize.beta: { top: 3 }\n"));
    assert_eq!(ids(&own), ["normalize.whitespace", "normalize.beta"]);
    assert_eq!(options(&own, "normalize.beta")["top"], 3);
}

#[test]
fn settings_stand_beside_the_name() {
    let loaded = load(&stages(
        "  - tag.language\n  - normalize.beta:\n    id: second\n    when: language == \"en\"\n    timeout: 500ms\n    on_error: skip\n",
    ));
    let step = &loaded.pipeline.steps()[1];
    assert_eq!(&*step.id, "second");
    assert_eq!(step.timeout, Some(Duration::from_millis(500)));
    assert_eq!(step.on_error, OnError::Skip);
    assert_eq!(step.when.as_ref().map(|when| when.text()), Some("language == \"en\""));
}

#[test]
fn a_variable_that_is_the_whole_scalar_keeps_its_type() {
    let loaded = load(&format!(
        "vars:\n  top: 12\n  names: [a, \"${{b}}\"]\n  b: ${{top}}th\n{}",
        stages(
            "  - normalize.beta: { top: \"${top}\", names: \"${names}\", key: \"$${top} is ${top}, ${no:-x} ${env:NO:-y}\" }\n"
        )
    ));
    let options = options(&loaded, "normalize.beta");
    assert_eq!(options["top"], 12);
    assert_eq!(options["names"], serde_json::json!(["a", "12th"]));
    assert_eq!(options["key"], "${top} is 12, x y");
}

#[test]
fn set_overrides_a_variable_and_is_read_as_yaml() {
    let yaml = format!("vars: {{ top: 12 }}\n{}", stages("  - normalize.beta: { top: \"${top}\", key: \"${key}\" }\n"));
    let registry = common::registry();
    let loaded = loader(&registry)
        .set("top", "20")
        .and_then(|loader| loader.set("key", "a: b"))
        .and_then(|loader| loader.load_str("p.yaml", &yaml))
        .expect("it is good");
    assert_eq!(options(&loaded, "normalize.beta")["top"], 20);
    // A variable that only the command line gives is used as it was typed.
    assert_eq!(options(&loaded, "normalize.beta")["key"], "a: b");
}

#[test]
fn the_environment_is_read_but_never_shown() {
    let loaded = load(&stages("  - normalize.beta: { top: \"${env:TOP}\", key: \"k=${env:KEY}\" }\n"));
    let options = options(&loaded, "normalize.beta");
    assert_eq!((&options["top"], &options["key"]), (&42.into(), &"k=s3cr3t-key".into()));
    let expanded = loaded.expanded();
    assert!(!expanded.contains("s3cr3t") && !expanded.contains("42"), "{expanded}");
    assert_eq!(loaded.redact("the key s3cr3t-key"), "the key ***");
    assert!(loaded.secrets().contains(&"s3cr3t-key".to_owned()));
}

#[test]
fn an_included_file_brings_its_stages_with_defaults_and_paths_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write("p.yaml", &format!("vars: {{ top: 7 }}\n{}", stages("  - include: parts/a.yaml\n  - tag\n")));
    write(
        "parts/a.yaml",
        "vars: { top: 1, form: Nfkc }\nstages:\n  - normalize.beta: { top: \"${top}\", form: \"${form}\", file: names.txt }\n",
    );
    write("parts/names.txt", "a\n");
    let registry = common::registry();
    let loaded = loader(&registry).load(folder.path().join("p.yaml")).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(ids(&loaded), ["normalize.beta", "tag.language"]);
    let options = options(&loaded, "normalize.beta");
    assert_eq!((&options["top"], &options["form"]), (&7.into(), &"Nfkc".into()));
    assert_eq!(loaded.pipeline.steps()[0].built.files.len(), 1);
    assert!(loaded.warnings.is_empty(), "{}", loaded.warnings);
}

#[test]
fn anchors_and_merge_keys_are_understood() {
    let loaded = load(
        "version: 1\ninput: [docs/]\nvars: { base: &base { top: 3, key: x } }\nstages:\n  - ingest\n  - normalize.beta: { <<: *base, top: 4 }\n",
    );
    let options = options(&loaded, "normalize.beta");
    assert_eq!((&options["top"], &options["key"]), (&4.into(), &"x".into()));
}

#[test]
fn run_settings_and_limits_are_read() {
    let loaded = load(&format!(
        "workers: 3\nmemory: 512MiB\nallow_failures: 2%\nlimits: {{ depth: 9 }}\nname: nightly\n{}",
        stages("")
    ));
    assert_eq!(loaded.run.workers, Some(3));
    assert_eq!(loaded.run.memory, Some(ByteSize(512 << 20)));
    assert_eq!(loaded.run.allow_failures, Some(AllowedFailures::Percent(2.0)));
    assert_eq!(loaded.pipeline.limits().depth, 9);
    assert_eq!(loaded.pipeline.name(), "nightly");
}

#[test]
fn inputs_and_outputs_can_be_given_instead() {
    let registry = common::registry();
    let loaded = loader(&registry)
        .inputs(["a", "b"])
        .outputs([("csv", "x/tags.csv")])
        .load_str("p.yaml", "version: 1\nstages: [ingest]\n")
        .expect("it is good");
    assert_eq!(loaded.pipeline.inputs().len(), 2);
    assert_eq!(loaded.run_folder(None).folder, Path::new("x"));
    let default =
        loader(&registry).inputs(["a"]).load_str("p.yaml", "version: 1\nstages: [ingest]\n").expect("it is good");
    assert_eq!(default.run_folder(None).outputs, [Path::new("out/documents.jsonl")]);
    assert_eq!(default.run_folder(Some(Path::new("d"))).outputs, [Path::new("d/documents.jsonl")]);
}

#[test]
fn a_variable_that_is_not_used_is_a_warning() {
    insta::assert_snapshot!(load(&format!("vars: {{ phrases: 12 }}\n{}", stages(""))).warnings.render(false));
}

#[test]
fn an_expanded_pipeline_is_the_same_pipeline() {
    let loaded = load(&format!(
        "vars: {{ top: 12 }}\nworkers: 2\nmemory: 1GiB\n{}",
        stages(
            "  - normalize\n  - tag\n  - normalize.beta: { top: \"${top}\", key: \"$${x}\", weights: { a: 0.5, b: 2 } }\n    id: again\n    when: language == \"en\"\n    timeout: 1.5s\n    on_error: fail\n  - tag.alpha\n"
        )
    ));
    let expanded = loaded.expanded();
    insta::assert_snapshot!(expanded);
    let again = load(&expanded);
    assert_eq!(again.pipeline.fingerprint(), loaded.pipeline.fingerprint());
    assert_eq!((again.expanded(), again.run), (expanded, loaded.run));
}

fn document() -> Document {
    let mut doc = Document::from_text("news/a.txt", "The harbor was dredged for $3.");
    doc.set_language("en");
    doc.meta.set("publication", "Coastal Monitor");
    doc.measure("language.score", 0.9);
    doc.tag(Tag::new("topic", "energy"));
    doc.tag(Tag::new("topic", "trade"));
    doc.annotate(Annotation::new("money", 27..29));
    doc
}

#[test]
fn conditions_ask_for_what_is_in_the_record() {
    let check = |text: &str, expected: bool| {
        let when = When::compile(text).unwrap_or_else(|errors| panic!("{text}: {errors}"));
        assert_eq!(when.holds(&document()).map_err(|error| error.to_string()), Ok(expected), "{text}");
    };
    check("language == \"en\"", true);
    check("title == \"\"", true);
    check("text.contains(\"harbor\") && text.matches(\"^The\")", true);
    check("words == 6", true);
    check("meta.publication.startsWith(\"Coastal\")", true);
    check("has(meta.author)", false);
    check("has(meta.author) && meta.author == \"x\"", false);
    check("source.uri.endsWith(\".txt\") && source.bytes > 10 && source.container == null", true);
    check("measures[\"language.score\"] > 0.5 && measures[\"language.score\"] < 1", true);
    check("\"energy\" in tags.topic && !(\"sports\" in tags.topic)", true);
    check("tags.topic.exists(label, label.startsWith(\"tra\"))", true);
    check("size(tags.keyphrase) > 0", false);
    check("annotations.money >= 1 && annotations.date == 0", true);
    check("true", true);
}

#[test]
fn a_condition_that_fails_for_a_document_says_why() {
    let check = |text: &str, expected: &str| {
        let when = When::compile(text).unwrap_or_else(|errors| panic!("{text}: {errors}"));
        let error = when.holds(&document()).expect_err(text).to_string();
        assert!(error.contains(expected), "{error}");
        assert!(error.len() < 500, "{error}");
    };
    check("meta.author == \"x\"", "No such key: author");
    check("measures.x > 1", "No such key: x");
    check("meta.publication > 3", "no matching overload");
    check("meta.publication", "expected true or false, found a text");
    check("meta[text] == 1", "No such key");
}

#[test]
fn a_condition_says_what_it_needs() {
    let check = |text: &str, expected: &[Field]| {
        let when = When::compile(text).unwrap_or_else(|errors| panic!("{text}: {errors}"));
        assert_eq!(when.needs(), expected, "{text}");
    };
    check("language == \"en\"", &[Field::Language]);
    check("measures.x > 1 && measures[\"a.b\"] < 2", &[Field::measure("a.b"), Field::measure("x")]);
    check("\"a\" in tags.topic", &[Field::tags("topic")]);
    check("annotations[\"pii.email\"] > 0", &[Field::annotations("pii.email")]);
    check("has(measures.x) && measures.x > 1", &[]);
    check("\"x\" in measures && measures.x > 1", &[]);
    check("meta.a == \"b\" && words > 3 && [1, 2].exists(language_, language_ > 1)", &[]);
}
