//! Each mistake in a pipeline file is told with its place, what was expected and what was probably meant.

mod common;

use std::path::Path;

use docmill_config::{Diagnostics, Loader};
use insta::assert_snapshot;

/// Writes files into a folder of their own and loads the first; paths in the messages are relative to it.
fn mistakes_in(files: &[(&str, &[u8])]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }
    let refused = refused(|loader| loader.load(folder.path().join(files[0].0)).map(|_| ()));
    let prefix = format!("{}/", folder.path().display());
    refused.render(false).replace(&prefix, "")
}

fn refused(load: impl FnOnce(&Loader<'_>) -> Result<(), Diagnostics>) -> Diagnostics {
    let registry = common::registry();
    let loader = Loader::new(&registry).environment(|name| (name == "KEY").then(|| "s3cr3t-key".to_owned()));
    load(&loader).expect_err("it is refused")
}

/// All that is wrong with a text, as it is shown.
fn mistakes(yaml: &str) -> String {
    mistakes_in(&[("p.yaml", yaml.as_bytes())])
}

/// A good pipeline with these stages after the first.
fn stages(stages: &str) -> String {
    format!("version: 1\ninput: docs/\nstages:\n  - ingest\n{stages}output:\n  - jsonl: out/documents.jsonl\n")
}

#[test]
fn a_good_pipeline_has_none() {
    let registry = common::registry();
    Loader::new(&registry).load_str("p.yaml", &stages("  - normalize\n  - tag\n")).expect("it is good");
}

#[test]
fn an_unknown_stage() {
    assert_snapshot!(mistakes(&stages(
        "  - tag.languge\n  - langauge\n  - normalise\n  - tag.foo\n  - output.csv\n  - whitespace\n  - zzz\n"
    )));
}

#[test]
fn an_unknown_option_a_wrong_type_and_a_value_out_of_range() {
    assert_snapshot!(mistakes(&stages(
        "  - normalize.beta: { tpo: 3, top: 500, names: [a, 3], form: Nfd, weights: { a: x } }\n"
    )));
    assert_snapshot!(mistakes(&stages(
        "  - normalize.beta:\n      top: many\n      names: 3\n  - normalize.beta: { file: none.txt }\n    id: other\n"
    )));
}

#[test]
fn options_that_are_not_indented() {
    assert_snapshot!(mistakes(&stages("  - normalize.beta:\n    top: 3\n    tiemout: 2s\n")));
}

#[test]
fn a_missing_variable() {
    assert_snapshot!(mistakes(&format!(
        "vars: {{ phrase: 12 }}\n{}",
        stages(
            "  - normalize.beta: { top: \"${phrases}\", key: \"${env:NONE}\", names: [\"${other} x\", \"${\", \"${a b}\"] }\n"
        )
    )));
}

#[test]
fn a_wrong_value_that_came_by_a_variable() {
    assert_snapshot!(mistakes(&format!(
        "vars:\n  phrases: 500\n  unused: 1\n  names: [a, 3]\n{}",
        stages("  - normalize.beta: { top: \"${phrases}\", names: \"${names}\", key: \"${names}!\" }\n")
    )));
}

#[test]
fn variables_in_a_circle() {
    let vars = "vars:\n  a: ${b}\n  b: x${c}\n  c: \"${a}\"\n  d: ${d}\n";
    assert_snapshot!(mistakes(&format!("{vars}{}", stages("  - normalize.beta: { names: [\"${b}\", \"${d}\"] }\n"))));
}

#[test]
fn variables_that_expand_without_end() {
    let level = |level: usize| format!("  v{level}: \"{}\"\n", format!("${{v{}}}", level - 1).repeat(10));
    let levels = (1..12).map(level).collect::<Vec<_>>().concat();
    let vars = format!("vars:\n  v0: xxxxxxxxxxxxxxxxxxxx\n{levels}");
    assert_snapshot!(mistakes(&format!("{vars}{}", stages("  - normalize.beta: { key: \"${v11}\" }\n"))));
}

#[test]
fn values_of_the_environment_are_not_shown() {
    let shown = mistakes(&stages("  - normalize.beta: { top: \"${env:KEY}\", form: \"x${env:KEY}\" }\n"));
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert_snapshot!(shown);
}

#[test]
fn a_duplicate_key() {
    assert_snapshot!(mistakes(&format!("{}version: 1\n", stages("  - normalize.beta: { top: 3, top: 4 }\n"))));
}

#[test]
fn two_stages_of_one_name() {
    assert_snapshot!(mistakes(&stages("  - tag\n  - normalize.beta\n  - normalize.beta\n  - tag\n")));
}

#[test]
fn a_tag_before_its_input_exists() {
    assert_snapshot!(mistakes(&stages("  - tag.alpha\n  - tag.language\n")));
    assert_snapshot!(mistakes(&stages("  - tag.alpha\n  - normalize.beta: { top: 0 }\n")));
}

#[test]
fn a_stage_with_wrong_options_gives_what_it_would_give() {
    assert_snapshot!(mistakes(&stages("  - tag.language: { x: 1 }\n  - tag.alpha\n")));
    assert_snapshot!(mistakes(&stages("  - tag.languge\n  - tag.alpha\n")));
    assert_snapshot!(mistakes(&stages("  - wholly.unknown\n  - tag.alpha\n")));
}

#[test]
fn settings_of_a_stage() {
    assert_snapshot!(mistakes(&stages(
        "  - tag.language\n  - tag.alpha:\n    id: a b\n    timeout: 2\n    on_error: skp\n  - ingest.text:\n    when: true\n"
    )));
}

#[test]
fn items_that_are_no_stage() {
    assert_snapshot!(mistakes(&stages(
        "  - tag: { a: 1 }\n  - {}\n  - 3\n  - tag.language: {}\n    tag.alpha: {}\n  - timeout: 2s\n"
    )));
    assert_snapshot!(mistakes("version: 1\ninput: docs/\nstages: ingest\n"));
}

#[test]
fn a_condition_with_unknown_names() {
    assert_snapshot!(mistakes(&stages(
        "  - tag.language:\n    when: languge == \"en\"\n  - tag.alpha:\n    when: language == en && sise(title) > 3\n"
    )));
}

#[test]
fn a_condition_is_marked_inside_a_folded_text() {
    assert_snapshot!(mistakes(&stages(
        "  - tag.language:\n    when: >\n      words > 10 &&\n      titl == 'x'\n  - tag.alpha:\n    when: 'title == ''x'' && wrds > 1'\n"
    )));
}

#[test]
fn a_condition_that_cannot_be_read() {
    assert_snapshot!(mistakes(&stages(
        "  - tag.language:\n    when: words = 3\n  - tag.alpha:\n    when: (words > 3\n  - normalize.beta:\n    when: words\n"
    )));
}

#[test]
fn a_condition_whose_types_never_fit() {
    assert_snapshot!(mistakes(&stages(
        "  - tag.language:\n    when: words > \"5\"\n  - tag.alpha:\n    when: title.matches(\"(\") || source.size > 3\n"
    )));
}

#[test]
fn a_condition_that_needs_what_nothing_gives() {
    assert_snapshot!(mistakes(&stages(
        "  - normalize.beta:\n    when: language == \"en\" && measures[\"language.score\"] > 0.5\n"
    )));
}

#[test]
fn an_output_path_used_twice() {
    assert_snapshot!(mistakes(
        "version: 1\ninput: docs/\nstages: [ingest]\noutput:\n  - jsonl: a.jsonl\n  - csv: { path: a.jsonl }\n"
    ));
}

#[test]
fn outputs_and_inputs_that_are_none() {
    assert_snapshot!(mistakes(
        "version: 1\ninput: [s3://bucket/x, 3, { pth: x }]\nstages: [ingest]\noutput:\n  - jsnl: x\n  - jsonl: {}\n  - 3\n  - { csv: a, jsonl: b }\n"
    ));
}

#[test]
fn keys_that_are_missing_or_unknown() {
    assert_snapshot!(mistakes("nmae: x\nstages: [tag.language]\nplugins: { sentiment: { process: [x] } }\n"));
    assert_snapshot!(mistakes("version: 2\ninput: docs/\n"));
}

#[test]
fn run_settings_and_limits() {
    assert_snapshot!(mistakes(&format!(
        "workers: 0\nmemory: lots\nallow_failures: -1\nlimits: {{ depth: x, dpth: 3 }}\n{}",
        stages("")
    )));
}

#[test]
fn an_include_cycle() {
    let main = stages("  - include: parts/a.yaml\n");
    assert_snapshot!(mistakes_in(&[
        ("p.yaml", main.as_bytes()),
        ("parts/a.yaml", b"stages:\n  - tag.language\n  - include: b.yaml\n"),
        ("parts/b.yaml", b"stages:\n  - include: a.yaml\n"),
    ]));
}

#[test]
fn mistakes_in_included_files() {
    let main =
        stages("  - include: a.yaml\n  - include: none.yaml\n  - include: [x]\n  - include: b.yaml\n    when: true\n");
    assert_snapshot!(mistakes_in(&[
        ("p.yaml", main.as_bytes()),
        ("a.yaml", b"stages:\n  - normalize.beta: { tpo: 3, names: [\"${none}\"] }\ninput: x\n"),
        ("b.yaml", b"vars: {}\n"),
    ]));
}

#[test]
fn includes_without_end() {
    let main = stages("  - include: f0.yaml\n");
    let names: Vec<String> = (0..12).map(|index| format!("f{index}.yaml")).collect();
    let texts: Vec<String> = (1..13)
        .map(|next| {
            if next == 12 {
                "stages: []\n".to_owned()
            } else {
                format!("stages:\n  - include: f{next}.yaml\n  - include: f{next}.yaml\n")
            }
        })
        .collect();
    let mut files = vec![("p.yaml", main.as_bytes())];
    files.extend(names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_bytes())));
    assert!(mistakes_in(&files).contains("more than 200 files are included"));
}

#[test]
fn an_alias_bomb() {
    let level =
        |level: usize| format!("a{level}: &a{level} [{}]\n", [format!("*a{}", level - 1).as_str(); 10].join(", "));
    let levels = (1..10).map(level).collect::<Vec<_>>().concat();
    let bomb = format!("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{levels}");
    assert_snapshot!(mistakes(&bomb));
    assert_snapshot!(mistakes("a: &a\n  - *a\n"));
}

#[test]
fn a_scalar_of_10_megabytes() {
    assert_snapshot!(mistakes(&format!("version: 1\nname: {}\n", "x".repeat(10_000_000))));
}

#[test]
fn a_file_that_is_not_utf8() {
    assert_snapshot!(mistakes_in(&[("p.yaml", b"version: 1\nname: caf\xe9\n")]));
}

#[test]
fn an_empty_file() {
    assert_snapshot!(mistakes(""));
    assert_snapshot!(mistakes("# nothing yet\n---\n"));
}

#[test]
fn a_file_that_is_not_there() {
    let refused = refused(|loader| loader.load(Path::new("none.yaml")).map(|_| ()));
    assert_snapshot!(refused.render(false));
}

#[test]
fn what_is_no_yaml() {
    assert_snapshot!(mistakes("version: 1\nstages:\n\t- ingest\n"));
    assert_snapshot!(mistakes("version: 1\ninput: [a, b\nstages:\n  - x\n"));
    assert_snapshot!(mistakes(&stages("  - normalize.beta: { top: ${x} }\n")));
    assert_snapshot!(mistakes("version: 1\n---\nversion: 1\n"));
    assert_snapshot!(mistakes(&format!("version: 1\nx: {}{}\n", "[".repeat(200), "]".repeat(200))));
    assert_snapshot!(mistakes("- a\n- b\n"));
}

#[test]
fn outputs_that_get_in_each_others_way() {
    let yaml = "version: 1\ninput: docs/\nstages: [ingest]\noutput:\n  - jsonl: out/d.jsonl\n  - jsonl: ./out/../out/d.jsonl\n  - jsonl: out/d.jsonl/inside\n  - jsonl: out/ledger.jsonl\n";
    assert_snapshot!(mistakes(yaml));
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    let registry = common::registry();
    let yaml = format!("\u{feff}{}", stages(""));
    Loader::new(&registry).load_str("p.yaml", &yaml).expect("it is good");
}

#[test]
fn a_setting_under_a_bare_name() {
    assert_snapshot!(mistakes(&stages("  - tag.language\n  - normalize.whitespace\n    when: language == 'en'\n")));
}

#[test]
fn values_that_mean_nothing_here() {
    assert_snapshot!(mistakes("version: 1\nvars:\n  a: !secret x\n  b: .nan\n  ? [c]\n  : d\n  e f: 1\n  <<: 3\n"));
}

#[test]
fn a_variable_that_is_set_but_unknown() {
    let registry = common::registry();
    let load = |name: &str, value: &str| {
        let yaml = format!("vars: {{ phrases: 12 }}\n{}", stages("  - normalize.beta: { top: \"${phrases}\" }\n"));
        let refused = Loader::new(&registry).set(name, value).and_then(|loader| loader.load_str("p.yaml", &yaml));
        refused.expect_err("it is refused").render(false)
    };
    assert_snapshot!(load("phrase", "20"));
    assert_snapshot!(load("phrases", "500"));
    assert_snapshot!(load("a b", "1"));
}

#[test]
fn a_file_of_another_kind_is_refused_in_a_page() {
    let yaml: String = (0..40_000).map(|line| format!("key{line}: x\n")).collect::<Vec<_>>().concat();
    let shown = mistakes(&yaml);
    assert!(shown.len() < 20_000, "{} bytes", shown.len());
    assert!(shown.contains("p.yaml:1:1"));
}

#[test]
fn mistakes_are_json_for_editors() {
    let refused = refused(|loader| loader.load_str("p.yaml", &stages("  - tag.alpha\n  - tag.language\n")).map(|_| ()));
    insta::assert_json_snapshot!(refused.to_json());
}

#[test]
fn mistakes_have_colours_on_a_terminal() {
    let refused = refused(|loader| loader.load_str("p.yaml", "x: 1\n").map(|_| ()));
    assert!(refused.render(true).contains("\u{1b}["));
    assert!(!refused.render(false).contains("\u{1b}["));
}
