//! No text makes the loader panic, hang or eat memory.

mod common;

use std::time::{Duration, Instant};

use docmill_config::Loader;
use proptest::prelude::*;

const GOOD: &str = r#"version: 1
name: briefing
vars: { inbox: ./docs, phrases: 12, other: "${phrases}" }
input: ["${inbox}", { path: x }]
stages:
  - ingest
  - normalize
  - tag.language
  - normalize.beta: { top: "${phrases}", names: [a, 'b', "c"], form: Nfc, weights: { a: 1.5 } }
    id: second
    when: language == "en" && words > 3 && "a" in tags.topic
    timeout: 2s
    on_error: skip
  - tag.alpha: &anchor
      eager: 0.5
output:
  - jsonl: out/documents.jsonl
  - csv: { path: "out/${other}.csv" }
limits: { depth: 100 }
memory: 512MiB
allow_failures: 2%
"#;

/// Loads and shows all that is wrong.
fn load(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let registry = common::registry();
    match Loader::new(&registry).environment(|_| None).load_str("p.yaml", &text) {
        Ok(loaded) => drop(loaded.expanded()),
        Err(mistakes) => {
            assert!(mistakes.has_errors());
            drop((mistakes.render(true), mistakes.render(false), mistakes.to_json()));
        }
    }
}

fn lines(range: std::ops::Range<usize>, line: impl Fn(usize) -> String) -> String {
    range.map(line).collect::<Vec<_>>().concat()
}

#[test]
fn the_good_one_is_good() {
    let registry = common::registry();
    let yaml = GOOD.replace(" && \"a\" in tags.topic", "");
    Loader::new(&registry).load_str("p.yaml", &yaml).unwrap_or_else(|mistakes| panic!("{mistakes}"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_a_pipeline_or_mistakes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        load(&bytes);
    }

    #[test]
    fn any_yaml_like_text_is_a_pipeline_or_mistakes(text in "([-\\[\\]{}:,&*!|>'\"%@`#?<$= \t\n\u{feff}\u{85}é😀a-c0-2.~]|: |\n  - |\\$\\{a\\}|&a |\\*a|<<: ){0,60}") {
        load(text.as_bytes());
        load(format!("version: 1\nvars: {{a: 1}}\nstages:\n  - normalize.beta: {text}\n").as_bytes());
    }

    #[test]
    fn a_changed_pipeline_is_a_pipeline_or_mistakes(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..6usize, "[-\\[\\]{}:,&*!|>'\"$ \t\na-z0-9é]{0,4}"), 1..6)
    ) {
        let mut text: Vec<char> = GOOD.chars().collect();
        for (at, removed, added) in changes {
            let at = at.index(text.len());
            let end = (at + removed).min(text.len());
            text.splice(at..end, added.chars());
        }
        load(text.iter().collect::<String>().as_bytes());
    }

    #[test]
    fn any_condition_is_compiled_or_refused_in_place(
        text in "(language|words|tags|measures|\\.a|\\[\"b\"\\]|has\\(|exists\\(x, |size\\(|matches\\(|\\(|\\)|==|&&|\\|\\||!|>|in|\\?|:|'a'|\"é|[0-9]|😀| |\n|\\\\){0,14}"
    ) {
        match When::compile(&text) {
            Ok(when) => drop(docmill_core::Condition::holds(&when, &docmill_core::Document::from_text("a", "b"))),
            Err(errors) => {
                prop_assert!(!errors.0.is_empty());
                for error in errors.0 {
                    prop_assert!(text.get(error.span.clone()).is_some(), "{error:?}");
                }
            }
        }
    }
}

#[test]
fn hostile_files_are_refused_soon() {
    let soon = |what: &str, text: String| {
        let start = Instant::now();
        load(text.as_bytes());
        // Generous: the machine may be busy. What is guarded against takes minutes, or never ends.
        assert!(start.elapsed() < Duration::from_secs(10), "{what} took {:?}", start.elapsed());
    };
    soon("nested lists", "[".repeat(500_000));
    soon("nested mappings", "{a: ".repeat(200_000));
    soon("nested blocks", lines(0..1000, |depth| format!("{}a:\n", " ".repeat(depth))));
    soon("many keys", lines(0..100_000, |key| format!("k{key}: 1\n")));
    soon("one long line", format!("version: 1\nstages: [{}]\n", "x, ".repeat(40_000)));
    soon("a long scalar", format!("version: 1\nname: {}\n", "é".repeat(400_000)));
    soon("many aliases", format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(1000), "*a, ".repeat(10_000)));
    soon(
        "many variables",
        format!(
            "version: 1\nvars:\n  v0: ''\n{}stages: ['${{v14}}']\n",
            lines(1..15, |level| format!("  v{level}: \"{}\"\n", format!("${{v{}}}", level - 1).repeat(9)))
        ),
    );
    soon(
        "a deep condition",
        format!("version: 1\nstages:\n  - tag.language:\n    when: {}1{}\n", "(".repeat(900), ")".repeat(900)),
    );
    soon(
        "a long condition",
        format!("version: 1\nstages:\n  - tag.language:\n    when: \"{}true\"\n", "true && ".repeat(230)),
    );
    soon("unclosed quotes", format!("version: 1\nname: \"{}", "a\n".repeat(100_000)));
    soon("many anchors", lines(0..20_000, |at| format!("a{at}: &a{at} x\n")));
}
