//! Stages of one's own: what `docmill new stage` makes works as it is, and the same stage says the same in every language.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use docmill_tests::{Ran, RunFolder, build_on_what_is_there, docmill, fixture, root, run};
use serde_json::{Value, json};

/// Makes a stage in this folder.
fn new_stage(kind: &str, name: &str, into: &Path) -> PathBuf {
    let ran = Ran::of(docmill().args(["new", "stage", kind, name, "--into"]).arg(into));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let folder = into.join(name);
    assert!(ran.stderr.starts_with(&format!("made {}\n  README.md\n", folder.display())), "{}", ran.stderr);
    folder
}

/// Its own test, its pipeline and its page, as its README says.
fn it_works_as_it_is(kind: &str, test: &[&str]) {
    let into = tempfile::tempdir().unwrap();
    let folder = new_stage(kind, "our.marks", &into.path().join("new"));
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    for command in [&test.join(" "), "docmill plugin test our.marks -p pipeline.yaml", "docmill run pipeline.yaml"] {
        assert!(readme.contains(&format!("$ {command} ")), "{command} is not in\n{readme}");
    }
    let tested = Ran::of(Command::new(test[0]).args(&test[1..]).current_dir(&folder));
    assert_eq!(tested.code, 0, "{}{}", tested.stdout, tested.stderr);
    let ran = Ran::of(docmill().args(["run", "pipeline.yaml", "--quiet"]).current_dir(&folder));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let record = std::fs::read_to_string(folder.join("out/documents.jsonl")).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();
    let marks: Vec<_> = record["annotations"].as_array().unwrap().iter().map(|mark| &mark["text"]).collect();
    assert_eq!(marks, ["Harbor", "harbor", "harbor"]);
    assert_eq!(record["measures"]["marks"], json!(3));
    let kept = Ran::of(docmill().args(["plugin", "test", "our.marks", "-p", "pipeline.yaml"]).current_dir(&folder));
    assert!(kept.code == 0 && kept.stdout.contains("10 passed, 0 failed"), "{}{}", kept.stdout, kept.stderr);
    let page = Ran::of(docmill().args(["stages", "our.marks"]).current_dir(&folder));
    assert!(page.stdout.contains("Marks a word wherever it stands"), "{}{}", page.stdout, page.stderr);
    // A word with signs in it is taken as it is written.
    let pipeline = std::fs::read_to_string(folder.join("pipeline.yaml")).unwrap();
    std::fs::write(folder.join("signs.yaml"), pipeline.replace("word: harbor", "word: second.crane")).unwrap();
    let ran = Ran::of(docmill().args(["run", "signs.yaml", "--quiet", "-o", "signs"]).current_dir(&folder));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let record = std::fs::read_to_string(folder.join("signs/documents.jsonl")).unwrap();
    assert!(record.contains("\"marks\":0"), "{record}");
}

#[test]
fn a_new_stage_in_python_works_as_it_is() {
    it_works_as_it_is("--python", &["python3", "-m", "unittest"]);
}

#[test]
fn a_new_stage_in_javascript_works_as_it_is() {
    it_works_as_it_is("--node", &["node", "--test", "stage.test.mjs"]);
}

#[test]
fn a_new_stage_that_is_a_program_of_its_own_works_as_it_is() {
    it_works_as_it_is("--process", &["sh", "test.sh"]);
}

#[test]
fn nothing_is_written_over() {
    let into = tempfile::tempdir().unwrap();
    let folder = new_stage("--python", "marks", into.path());
    std::fs::write(folder.join("stage.py"), "mine").unwrap();
    for kind in ["--python", "--node", "--process", "--rust"] {
        let ran = Ran::of(docmill().args(["new", "stage", kind, "marks", "--into"]).arg(into.path()));
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("is already there: choose another name"), "{}", ran.stderr);
    }
    assert_eq!(std::fs::read_to_string(folder.join("stage.py")).unwrap(), "mine");
    assert!(!folder.join("Cargo.toml").exists());
}

#[test]
fn names_that_no_stage_can_have_are_refused() {
    let into = tempfile::tempdir().unwrap();
    let docmill_folder = into.path().display().to_string();
    for (arguments, expected) in [
        (vec!["--python", "Marks"], "\"Marks\" cannot name a stage: expected `name` or `family.name` in lower case"),
        (vec!["--python", "a.b.c"], "cannot name a stage"),
        (vec!["--python", "../marks"], "cannot name a stage"),
        (vec!["--python", ""], "cannot name a stage"),
        (vec!["--python", "tag.money"], "docmill has `tag.money` itself: choose another name, such as `own.money`"),
        (vec!["--node", "tag"], "docmill has `tag` itself"),
        (vec!["--process", "when"], "`when` is a setting of stages"),
        (vec!["--rust", "9marks"], "cannot name a package of Rust"),
        (vec!["--rust", "our.share"], "has a `our.share` beside its stage"),
        (vec!["--rust", "marks", "--docmill", &docmill_folder], "expected a checkout of docmill"),
        (vec!["--python", "marks", "--docmill", &docmill_folder], "cannot be used with"),
        (vec!["marks"], "--python|--node|--process|--rust"),
        (vec!["--python", "--rust", "marks"], "cannot be used with"),
    ] {
        let ran = Ran::of(docmill().args(["new", "stage", "--into"]).arg(into.path()).args(&arguments));
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.stderr.contains(expected), "{arguments:?}: {}", ran.stderr);
    }
    assert_eq!(std::fs::read_dir(into.path()).unwrap().count(), 0);
}

/// A binary with the Rust component `acme.terms` and what docmill has by default: the package that `docmill new stage --rust` makes, as it
/// is built and tested.
fn binary_of_a_new_package() -> &'static Path {
    static BINARY: LazyLock<PathBuf> = LazyLock::new(build_a_new_package);
    &BINARY
}

fn build_a_new_package() -> PathBuf {
    // Always at the same place, so that what cargo made of it the last time is made anew rather than kept.
    let into = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own_stages");
    let _ = std::fs::remove_dir_all(&into);
    let mut new = docmill();
    new.args(["new", "stage", "--rust", "acme.terms", "--docmill"]).arg(root()).arg("--into").arg(&into);
    let made = Ran::of(&mut new);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let cargo = |arguments: &[&str]| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        build_on_what_is_there(cargo.args(arguments).current_dir(into.join("acme.terms")));
        Ran::of(&mut cargo)
    };
    let tested = cargo(&["test", "--quiet"]);
    assert_eq!(tested.code, 0, "{}{}", tested.stdout, tested.stderr);
    assert!(tested.stdout.contains("12 passed") && tested.stdout.contains("2 passed"), "{}", tested.stdout);
    let built = cargo(&["build", "--message-format", "json"]);
    assert_eq!(built.code, 0, "{}", built.stderr);
    let messages = built.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let executable = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back();
    executable.expect("cargo says where the binary is")
}

/// The outputs of `acme.terms` over a folder, with this under `plugins:`.
fn outputs(mut docmill: Command, plugin: Option<&str>, options: &Value) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = tempfile::tempdir_in(root().join("target")).unwrap();
    let out = RunFolder::new();
    let plugins = plugin.map(|plugin| format!("plugins:\n  acme.terms: {plugin}\n")).unwrap_or_default();
    let text = format!(
        "version: 1\n{plugins}stages: [ingest, normalize, {{acme.terms: {options}}}, tag.money]\noutput: [jsonl: out/documents.jsonl]\n"
    );
    let file = folder.path().join("pipeline.yaml");
    std::fs::write(&file, text).unwrap();
    let ran = Ran::of(docmill.arg("run").arg(&file).arg(fixture("newsroom")).arg("--quiet").arg("-o").arg(out.path()));
    assert!(ran.code == 0 || ran.code == 3, "{plugin:?}: {}", ran.stderr);
    out.files().into_iter().collect()
}

#[test]
fn a_stage_says_the_same_in_every_language() {
    let binary = binary_of_a_new_package();
    let mut test = Command::new(binary);
    test.args([
        "plugin",
        "test",
        "acme.terms",
        "--time",
        "60s",
        "--options",
        r#"{"words": ["harbor", "rail"], "upper": true}"#,
    ]);
    let tested = Ran::of(&mut test);
    assert!(tested.code == 0 && tested.stdout.ends_with("\n10 passed, 0 failed\n"), "{}", tested.stdout);
    let examples = root().join("examples");
    let process = |program: &str, file: &str| {
        format!("{{ process: [{program}, {:?}] }}", examples.join("process").join(file).display().to_string())
    };
    let command = format!(
        "{{ command: [python3, {:?}, --words, '{{words}}', --min, '{{min}}', --upper, '{{upper}}'], input: json, output: json, \
         offsets: codepoint, drops: true, gives: [text, meta, annotations.term, tags.term, measures.terms], options: {} }}",
        examples.join("command/terms.py").display().to_string(),
        json!({"type": "object", "properties": {
            "words": {"type": "array", "items": {"type": "string"}},
            "min": {"type": "integer", "default": 1},
            "upper": {"type": "boolean", "default": false},
        }}),
    );
    for options in [
        json!({"words": ["port", "harbor", "the", "2014", "a"], "upper": true}),
        json!({"words": ["harbor"], "min": 2}),
    ] {
        let mut rust = Command::new(binary);
        rust.current_dir(root()).env("DOCMILL_CACHE", "off").env("NO_COLOR", "1");
        let expected = outputs(rust, None, &options);
        let records = String::from_utf8(expected[Path::new("documents.jsonl")].clone()).unwrap();
        assert!(records.contains("\"scheme\":\"term\""), "{records}");
        for plugin in [
            process("python3", "terms.py"),
            process("node", "terms.mjs"),
            process("bash", "terms.sh"),
            command.clone(),
            format!("{{ script: {:?} }}", examples.join("script/terms.rhai").display().to_string()),
        ] {
            let found = outputs(docmill(), Some(&plugin), &options);
            for (path, bytes) in &expected {
                let (found, bytes) = (String::from_utf8_lossy(&found[path]), String::from_utf8_lossy(bytes));
                for (found, expected) in found.lines().zip(bytes.lines()) {
                    assert_eq!(found, expected, "{plugin}: {}", path.display());
                }
                assert_eq!(found.len(), bytes.len(), "{plugin}: {}", path.display());
            }
            assert_eq!(found.len(), expected.len());
        }
    }
}

#[test]
fn an_option_that_the_stage_itself_refuses_is_shown_with_its_place() {
    for (program, name) in [("python3", "terms.py"), ("node", "terms.mjs"), ("bash", "terms.sh")] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pipeline.yaml");
        let path = root().join("examples/process").join(name).display().to_string();
        let text = format!(
            "version: 1\nplugins:\n  terms: {{ process: [{program}, {path:?}] }}\nstages:\n  - ingest\n  - terms:\n      words:\n        \
             - harbor\n        - rail\n        - harbor\noutput: [jsonl: out/a.jsonl]\n"
        );
        std::fs::write(&file, text).unwrap();
        let ran = run(["check".into(), file.into_os_string()]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("pipeline.yaml:10:11"), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains("\"harbor\" is there twice"), "{name}: {}", ran.stderr);
    }
}

/// What the binary of a new package says of a pipeline that it does not run.
fn refusal(arguments: &[&str]) -> String {
    let mut docmill = Command::new(binary_of_a_new_package());
    let ran = Ran::of(docmill.args(arguments).current_dir(root()).env("DOCMILL_CACHE", "off").env("NO_COLOR", "1"));
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    ran.stderr
}

#[test]
fn a_binary_without_components_says_how_to_get_one_that_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.yaml");
    let text = "version: 1\ninput: [docs]\nplugins:\n  terms: { wasm: terms.wasm }\nstages: [ingest, terms]\n\
                output:\n  - jsonl: a.jsonl\n";
    std::fs::write(&file, text).unwrap();
    let said = refusal(&["check", file.to_str().unwrap()]);
    for expected in ["p.yaml:4:18", "built without WebAssembly components", "`--features wasm`"] {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
}

#[test]
fn a_binary_that_opens_no_connection_says_how_to_get_one_that_does() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.yaml");
    for (input, place) in [("[s3://press/in/]", "p.yaml:2:9"), ("[{ url: \"gs://press\", region: x }]", "p.yaml:2:9")] {
        std::fs::write(&file, format!("version: 1\ninput: {input}\nstages: [ingest]\n")).unwrap();
        let said = refusal(&["check", file.to_str().unwrap()]);
        for expected in [place, "nothing in this build reads `", "`--features objects`"] {
            assert!(said.contains(expected), "{expected} is not in\n{said}");
        }
    }
    let said = refusal(&["run", "https://press.example/notes.yaml"]);
    assert!(said.contains("`--features objects`"), "{said}");
}
