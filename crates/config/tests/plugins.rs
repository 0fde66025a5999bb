//! What can be wrong with plugins, and where it is shown.

mod common;

use docmill_config::Loader;
use docmill_core::Registry;
use insta::assert_snapshot;

fn registry() -> Registry {
    let mut registry = common::registry();
    docmill_plugin::register::<docmill_plugin::Command>(&mut registry);
    docmill_plugin::register::<docmill_plugin::Process>(&mut registry);
    registry
}

fn mistakes(plugins: &str, stage: &str) -> String {
    let text = format!("version: 1\ninput: docs/\nplugins:\n{plugins}stages:\n  - ingest\n{stage}");
    match Loader::new(&registry()).load_str("p.yaml", &text) {
        Ok(loaded) => format!("nothing; {}", loaded.expanded()),
        Err(mistakes) => mistakes.render(false),
    }
}

const COUNT: &str = "  count:
    command: [wc, '{what}']
    output: json
    gives: [measures.count]
    options:
      properties:
        what: { type: string, enum: ['-l', '-w'], default: '-w' }
        most: { type: integer, minimum: 1 }
        only: { type: array, items: { type: string }, maxItems: 2 }
      required: [most]
";

#[test]
fn definitions_that_are_none() {
    assert_snapshot!(mistakes(
        "  one: 3\n  two: { proces: [x] }\n  three: { command: [cat], process: [cat] }\n  four: {}\n  five: { command: [] }\n",
        "  - one\n  - five\n"
    ));
}

#[test]
fn names_that_cannot_be() {
    assert_snapshot!(mistakes(
        "  when: { command: [cat] }\n  Loud: { command: [cat] }\n  a.b.c: { command: [cat] }\n  tag.alpha: { command: [cat] }\n  \
         normalize: { command: [cat] }\n",
        "  - Loud\n"
    ));
}

#[test]
fn what_a_definition_says_wrongly() {
    assert_snapshot!(mistakes(
        "  one: { command: [cat], inptu: json }\n  two: { command: cat }\n  three: { command: [cat], input: xml }\n  four: { \
         command: [cat], gives: [annotations.x] }\n  five: { command: [cat], output: json, gives: [annotatoins.x] }\n  six: { \
         process: [cat], processes: 0 }\n",
        "  - one\n"
    ));
}

#[test]
fn programs_that_are_not_there_or_are_no_plugins() {
    assert_snapshot!(mistakes(
        "  one: { process: [no-such-program-anywhere] }\n  two: { process: [cat] }\n  three: { process: [echo, '{}'] }\n  four: \
         { process: [cat], files: [no-such-file] }\n",
        "  - one\n"
    ));
}

#[test]
fn options_are_held_against_the_schema_of_the_plugin() {
    let stage = |options: &str| format!("  - count: {options}\n");
    assert_snapshot!(mistakes(COUNT, &stage("{ waht: -l, most: 0, only: [a, 3, c] }")));
    assert_snapshot!(mistakes(COUNT, &stage("{ what: -c }")));
    assert_snapshot!(mistakes(COUNT, &stage("3")));
    assert_snapshot!(mistakes(COUNT, "  - { count: { most: 2 }, isolate: true }\n"));
    assert_snapshot!(mistakes(COUNT, "  - cuont: { most: 2 }\n"));
}

#[test]
fn a_pipeline_with_plugins_is_written_out_in_full() {
    assert_snapshot!(mistakes(COUNT, "  - { count: { most: 2 }, timeout: 2s }\n"));
}

#[test]
fn what_a_plugin_gives_is_what_a_later_stage_can_need() {
    let plugins = "  one: { command: [cat], output: json, gives: [tags.topic] }\n  two: { command: [cat], input: json, needs: \
                   [tags.topic] }\n";
    assert!(mistakes(plugins, "  - one\n  - two\n").starts_with("nothing"));
    assert_snapshot!(mistakes(plugins, "  - two\n  - one\n"));
}

#[test]
fn plugins_come_from_included_files_too_and_only_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("it can be written");
    write("shared.yaml", "plugins:\n  loud: { command: [tr, a-z, A-Z] }\nstages:\n  - loud\n");
    write(
        "p.yaml",
        "version: 1\ninput: x\nstages:\n  - ingest\n  - include: shared.yaml\n  - { loud: null, id: again }\n",
    );
    let loaded = Loader::new(&registry()).load(folder.path().join("p.yaml"));
    assert_eq!(loaded.expect("nothing is wrong").pipeline.steps().len(), 2);
    write(
        "twice.yaml",
        "version: 1\ninput: x\nplugins:\n  loud: { command: [cat] }\nstages:\n  - ingest\n  - include: shared.yaml\n",
    );
    let mistakes = Loader::new(&registry()).load(folder.path().join("twice.yaml")).expect_err("the name is taken");
    let mistakes = mistakes.render(false).replace(&folder.path().display().to_string(), "");
    assert!(mistakes.contains("two plugins are called `loud`") && mistakes.contains("/shared.yaml:2:3"), "{mistakes}");
}

#[test]
fn a_plugin_that_no_stage_uses_is_told_of() {
    let text = "version: 1\ninput: x\nplugins:\n  loud: { command: [cat] }\nstages:\n  - ingest\n";
    let loaded = Loader::new(&registry()).load_str("p.yaml", text).expect("it is no mistake");
    assert_snapshot!(loaded.warnings.render(false));
}
