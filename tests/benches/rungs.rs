//! What the same stage costs on each rung: `acme.terms` on a document of 5 KB with 51 places to find, from the document before the stage to the
//! document after it, all checks of the host included.
//!
//! `cargo bench -p docmill-tests --features wasm --bench rungs --profile dev`: a release links for ten minutes. Needs `python3`, `node`, `bash` and `jq`.

#![allow(missing_docs, reason = "divan names the benches")]
#![allow(clippy::unwrap_used, reason = "a bench ends where it cannot go on")]

use std::sync::Arc;

use docmill_core::{BuildContext, Context, Document, Filter, Limits, Role, Verdict};
use docmill_tests::root;
use serde_json::{Value, json};

#[path = "../../examples/custom-stage/src/terms.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is written for a binary")]
mod terms;

fn main() {
    divan::main();
}

fn document() -> Document {
    let sentence = "The harbor of Port Ellery was dredged again, and the rail line to the mill was closed for a week. ";
    let mut doc = Document::from_text("press/harbor.txt", &sentence.chars().cycle().take(5000).collect::<String>());
    doc.set_language("en");
    doc.enter(&Arc::from("terms"));
    doc
}

/// The stage of this definition under `plugins:`, or the component of this name, with these options.
fn stage(name: &str, definition: Option<&Value>, options: &Value) -> Arc<dyn Filter> {
    let mut registry = docmill_cli::registry();
    registry.register::<terms::Terms>().unwrap();
    let cx = BuildContext::new(root(), Limits::default());
    if let Some(definition) = definition {
        let opener = registry.openers().iter().find(|opener| definition.get(opener.key()).is_some()).unwrap();
        let entry = opener.open(name, definition, &cx).unwrap();
        registry.add(entry).unwrap();
    }
    match registry.build(name, options, &cx).unwrap().role {
        Role::Filter(filter) => filter,
        _ => panic!("{name} is a filter"),
    }
}

fn judge(bencher: divan::Bencher<'_, '_>, stage: &dyn Filter) {
    let (doc, cx) = (document(), Context::default());
    assert_eq!(stage.judge(&mut doc.clone(), &cx).unwrap(), Verdict::Keep);
    bencher.with_inputs(|| doc.clone()).bench_local_refs(|doc| stage.judge(doc, &cx).unwrap());
}

fn terms(bencher: divan::Bencher<'_, '_>, name: &str, definition: Option<&Value>) {
    judge(bencher, &*stage(name, definition, &json!({"words": ["ellery"], "upper": true})));
}

#[divan::bench]
fn a_rust(bencher: divan::Bencher<'_, '_>) {
    terms(bencher, "acme.terms", None);
}

#[divan::bench]
#[cfg(feature = "wasm")]
fn b_wasm_rust(bencher: divan::Bencher<'_, '_>) {
    terms(bencher, "terms", Some(&json!({"wasm": "examples/wasm/rust/terms.wasm"})));
}

#[divan::bench]
fn c_script(bencher: divan::Bencher<'_, '_>) {
    terms(bencher, "terms", Some(&json!({"script": "examples/script/terms.rhai"})));
}

#[divan::bench(args = ["python3 examples/process/terms.py", "node examples/process/terms.mjs"])]
fn d_process(bencher: divan::Bencher<'_, '_>, program: &str) {
    let program: Vec<&str> = program.split(' ').collect();
    terms(bencher, "terms", Some(&json!({"process": program})));
}

#[divan::bench(sample_count = 20)]
fn e_process_bash(bencher: divan::Bencher<'_, '_>) {
    terms(bencher, "terms", Some(&json!({"process": ["bash", "examples/process/terms.sh"]})));
}

#[divan::bench(sample_count = 20)]
fn f_command_python(bencher: divan::Bencher<'_, '_>) {
    let pipeline = std::fs::read_to_string(root().join("examples/command/pipeline.yaml")).unwrap();
    let pipeline: Value = serde_yaml::from_str(&pipeline).unwrap();
    let mut definition = pipeline["plugins"]["terms"].clone();
    definition["command"][1] = json!("examples/command/terms.py");
    terms(bencher, "terms", Some(&definition));
}

/// The way there and back: a process that answers nothing.
#[divan::bench]
fn g_empty_process(bencher: divan::Bencher<'_, '_>) {
    let nothing = "import json, sys
say = lambda message: print(json.dumps(message), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request['type'] == 'hello':
        say({'type': 'describe', 'protocol': 1, 'stage': {'name': 'nothing', 'version': '1'}})
    elif request['type'] == 'init':
        say({'type': 'ready'})
    elif request['type'] == 'process':
        for doc in request['docs']:
            say({'type': 'result', 'seq': request['seq'], 'id': doc['id'], 'answer': {}})
        say({'type': 'done', 'seq': request['seq']})
";
    judge(bencher, &*stage("nothing", Some(&json!({"process": ["python3", "-c", nothing]})), &Value::Null));
}

#[divan::bench]
fn h_expression(bencher: divan::Bencher<'_, '_>) {
    judge(bencher, &*stage("filter.where", None, &json!({"keep": "language == \"en\" && words > 100"})));
}
