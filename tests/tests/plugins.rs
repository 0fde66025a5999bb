//! Stages outside the binary behave like any other: configured, cached, cut short and told of in the same way.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use docmill_tests::{Ran, RunFolder, docmill};
use serde_json::{Value, json};

/// Documents by name, and a pipeline with plugins over them.
struct Case {
    folder: tempfile::TempDir,
    out: RunFolder,
}

impl Case {
    fn new(docs: &[(&str, &str)], plugins: &str, stages: &str) -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap(), out: RunFolder::new() };
        std::fs::create_dir(case.path("docs")).unwrap();
        for (name, text) in docs {
            case.write(&format!("docs/{name}"), text);
        }
        let docs = case.path("docs");
        let text = format!(
            "version: 1\ninput: [{}]\nplugins:\n{plugins}stages:\n  - ingest\n{stages}output:\n  - jsonl: documents.jsonl\n",
            docs.display()
        );
        case.write("p.yaml", &text);
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn run(&self) -> Ran {
        let mut command = docmill();
        command.arg("run").arg(self.path("p.yaml")).arg("--json").arg("--cache").arg(self.path("cache"));
        Ran::of(command.arg("-o").arg(self.out.path()))
    }

    /// How many documents were worked on in a run, wholly or from some stage on.
    fn worked(&self) -> u64 {
        let ran = self.run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let manifest: Value = serde_json::from_str(&ran.stdout).unwrap();
        manifest["cache"]["worked"].as_u64().unwrap() + manifest["cache"]["resumed"].as_u64().unwrap()
    }

    fn texts(&self) -> Vec<String> {
        let text = |record: &Value| record["text"].as_str().unwrap().to_owned();
        self.out.lines("documents.jsonl").iter().map(text).collect()
    }

    fn error(&self) -> String {
        let quarantine = self.out.lines("quarantine.jsonl");
        let [line] = quarantine.as_slice() else { panic!("{quarantine:?}") };
        line["error"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(": ")
    }
}

/// What a command makes of one document.
fn filtered(plugins: &str, stage: &str, text: &str) -> Vec<String> {
    let case = Case::new(&[("a.txt", text)], plugins, stage);
    let ran = case.run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    case.texts()
}

/// The error of a command for a document.
fn refused(plugins: &str, text: &str) -> String {
    let case = Case::new(&[("a.txt", text), ("b.txt", "This one is fine.")], plugins, "  - one\n");
    let ran = case.run();
    assert!(ran.code == 3, "{} {}", ran.code, ran.stderr);
    case.error()
}

#[test]
fn a_command_filters_the_text_and_spans_lead_to_the_source() {
    let plugins = "  one: { command: [sed, 's/colour/color/g'] }\n";
    let case = Case::new(&[("a.txt", "The colour cost $5 in 2014.")], plugins, "  - one\n  - tag.money\n");
    assert_eq!(case.run().code, 0);
    let record = &case.out.lines("documents.jsonl")[0];
    assert_eq!(record["text"], "The color cost $5 in 2014.");
    let money = &record["annotations"][0];
    assert_eq!((&money["start"], &money["source"]["start"]), (&json!(15), &json!(16)));
}

#[test]
fn options_stand_in_arguments_and_other_braces_are_left_alone() {
    let plugins = "  one:\n    command: [awk, '{ print \"{what}\", $0, \"{list}\", \"{other}\" }']\n    options:\n      properties: { what: \
                   { type: string }, list: { type: array } }\n";
    let stage = "  - one: { what: so, list: [a, 2] }\n";
    assert_eq!(filtered(plugins, stage, "one\ntwo"), ["so one a,2 {other}\nso two a,2 {other}"]);
}

#[test]
fn nothing_in_a_document_is_run_or_becomes_an_argument() {
    let text = "$(touch gone) `touch gone` ; touch gone {what} --version\n";
    let plugins = "  one: { command: [cat], options: { properties: { what: { type: string } } } }\n";
    assert_eq!(filtered(plugins, "  - one: { what: x }\n", text), [text]);
}

#[test]
fn a_command_may_answer_with_all_that_a_stage_can_answer() {
    let plugins = "  one:\n    command: [sh, -c, 'cat > /dev/null; echo \"$ANSWER\"']\n    input: json\n    output: json\n    gives: \
                   [measures.x, tags.topic]\n    drops: true\n    environment: { ANSWER: '{\"measures\": {\"x\": 2}, \"tags\": \
                   [{\"scheme\": \"topic\", \"label\": \"sea\", \"evidence\": [[0, 3]]}]}' }\n";
    let case = Case::new(&[("a.txt", "One text.")], plugins, "  - one\n");
    assert_eq!(case.run().code, 0);
    let record = &case.out.lines("documents.jsonl")[0];
    assert_eq!((&record["measures"]["x"], &record["tags"][0]["evidence"]), (&json!(2), &json!([[0, 3]])));
}

#[test]
fn what_a_command_does_wrong_costs_the_document() {
    let when_bad = |what: &str| {
        format!(
            "  one: {{ command: [sh, -c, 'text=$(cat); case $text in *BAD*) {what};; esac; printf %s \"$text\"'] }}\n"
        )
    };
    let bad = "This one is BAD.";
    assert_eq!(refused(&when_bad("echo no good >&2; exit 4"), bad), "sh ended with status 4; it said: no good");
    assert_eq!(refused(&when_bad("kill -9 $$"), bad), "sh was ended by signal 9 (killed)");
    assert_eq!(
        refused(&when_bad("printf \"a\\377\"; exit 0"), bad),
        "the stage broke its contract: what sh wrote is not UTF-8: byte 1 begins no character"
    );
    assert_eq!(refused(&when_bad("exec yes"), bad), "the stage broke its contract: sh wrote more than 16777472 bytes");
    let json = "  one: { command: [sh, -c, 'grep -q BAD && echo \"{]\" || echo \"{}\"'], output: json, gives: [measures.x] }\n";
    let error = refused(json, bad);
    assert!(error.starts_with("the stage broke its contract: what sh wrote is no answer: "), "{error}");
}

#[test]
fn a_command_that_hangs_is_killed_with_what_it_started() {
    let plugins = "  one: { command: [sh, -c, 'sleep 3600 & sleep 3600'] }\n";
    let case = Case::new(&[("a.txt", "One text.")], plugins, "  - { one: null, timeout: 300ms }\n");
    let began = Instant::now();
    assert_eq!(case.run().code, 3);
    assert_eq!(case.error(), "took longer than timeout = 300ms");
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_command_need_not_read_all_that_it_is_given() {
    let text = format!("first\n{}", "more than a pipe holds\n".repeat(20_000));
    assert_eq!(filtered("  one: { command: [head, -n, '1'] }\n", "  - one\n", &text), ["first\n"]);
}

#[test]
fn a_program_that_is_not_there_ends_the_run_with_its_name() {
    let case = Case::new(&[("a.txt", "One text.")], "  one: { command: [no-such-program-anywhere] }\n", "  - one\n");
    let ran = case.run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot start no-such-program-anywhere"), "{}", ran.stderr);
}

#[test]
fn documents_are_worked_on_again_where_a_plugin_or_its_files_change_and_only_there() {
    let docs = [("a.txt", "One text."), ("b.txt", "Another text.")];
    let plugins = "  one: { command: [sed, -f, rules.sed], files: [more.txt] }\n";
    let case = Case::new(&docs, plugins, "");
    case.write("rules.sed", "s/text/word/\n");
    case.write("more.txt", "1");
    let pipeline = std::fs::read_to_string(case.path("p.yaml")).unwrap();
    case.write("p.yaml", &pipeline.replace("  - ingest\n", "  - ingest\n  - one\n"));
    assert_eq!((case.worked(), case.texts()), (2, vec!["One word.".to_owned(), "Another word.".to_owned()]));
    assert_eq!(case.worked(), 0);
    case.write("rules.sed", "s/text/line/\n");
    assert_eq!((case.worked(), case.texts()), (2, vec!["One line.".to_owned(), "Another line.".to_owned()]));
    case.write("more.txt", "2");
    assert_eq!((case.worked(), case.worked()), (2, 0));
    case.write(
        "p.yaml",
        &pipeline.replace("  - ingest\n", "  - ingest\n  - one\n").replace("[sed, -f", "[sed, -E, -f"),
    );
    assert_eq!(case.worked(), 2);
}

#[test]
fn what_is_not_deterministic_is_not_kept() {
    let plugins = "  one: { command: [sh, -c, 'cat; echo >> \"$COUNT\"'], deterministic: false, environment: { COUNT: count } }\n";
    let case = Case::new(&[("a.txt", "One text.")], plugins, "  - one\n");
    assert_eq!((case.worked(), case.worked()), (1, 1));
    assert_eq!(std::fs::read_to_string(case.path("count")).unwrap(), "\n\n");
}

#[test]
fn plugins_are_shown_timed_and_explained_like_other_stages() {
    let plugins = "  our.loud: { command: [tr, a-z, A-Z], summary: 'Writes in upper case.', version: '7' }\n";
    let case = Case::new(&[("a.txt", "One text.")], plugins, "  - our.loud\n");
    let pipeline = case.path("p.yaml");
    let page = Ran::of(docmill().args(["stages", "our.loud", "-p"]).arg(&pipeline)).stdout;
    assert_eq!(page, "## our.loud\n\n*plugin (command), version 7*\n\nWrites in upper case.\n\nGives: text\n\n");
    let listed = Ran::of(docmill().args(["stages", "our", "-p"]).arg(&pipeline)).stdout;
    assert!(listed.contains("our.loud  Writes in upper case."), "{listed}");
    let tried = Ran::of(docmill().arg("try").arg(case.path("docs/a.txt")).arg("-p").arg(&pipeline)).stdout;
    assert!(tried.contains("our.loud") && tried.contains("TEXT"), "{tried}");
    let manifest: Value = serde_json::from_str(&case.run().stdout).unwrap();
    let part = manifest["pipeline"]["parts"].as_array().unwrap().iter().find(|part| part["name"] == "our.loud");
    assert_eq!(part.unwrap()["version"], "7");
    let timed = manifest["parts"].as_array().unwrap().iter().find(|part| part["id"] == "our.loud");
    assert_eq!(timed.unwrap()["documents"], 1, "{manifest}");
}
