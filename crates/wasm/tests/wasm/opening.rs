//! What is no stage is refused before the first document, with what is wrong with it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{File, Started, open, probe, refused, rust_guest};

fn refusal(wat: &str) -> (String, Option<String>) {
    let error = refused(open(File::of(&wat::parse_str(wat).unwrap()).options()));
    assert_eq!(error.pointer, "/wasm");
    (error.message.split_once("stage.wasm ").unwrap().1.to_owned(), error.help)
}

#[test]
fn a_component_that_asks_for_wasi_is_refused_with_what_it_asks_for() {
    let (message, help) = refusal(
        r#"(component
             (import "wasi:clocks/monotonic-clock@0.2.6" (instance (export "now" (func (result u64)))))
             (import "wasi:filesystem/preopens@0.2.6" (instance)))"#,
    );
    assert_eq!(
        message,
        "imports wasi:clocks/monotonic-clock@0.2.6, wasi:filesystem/preopens@0.2.6: a component has nothing but \
         docmill:stage/host here"
    );
    assert_eq!(help.as_deref(), Some("build it without WASI, such as for wasm32-unknown-unknown"));
}

#[test]
fn other_functions_of_docmill_than_there_are_cannot_be_had() {
    let (message, _) = refusal(r#"(component (import "docmill:stage/host@0.1.0" (instance (export "open" (func)))))"#);
    assert!(message.starts_with("cannot be used: ") && message.contains("docmill:stage/host@0.1.0"), "{message}");
}

#[test]
fn a_component_that_is_no_stage_is_refused() {
    let (message, _) = refusal("(component)");
    assert!(message.starts_with("cannot be used: ") && message.contains("docmill:stage/plugin@0.1.0"), "{message}");
}

#[test]
fn what_is_no_component_is_refused() {
    let (message, help) = refusal("(module)");
    assert_eq!(message, "is a module, expected a component");
    assert!(help.unwrap().contains("wasm-tools component new"));

    let error = refused(open(File::of(b"#!/bin/sh\n").options()));
    assert!(error.message.ends_with("is no WebAssembly: it does not begin with `\\0asm`"), "{error}");

    let file = probe();
    let bytes = fs::read(&file.wasm).unwrap();
    let error = refused(open(File::of(&bytes[..bytes.len() / 2]).options()));
    assert!(error.message.contains("stage.wasm cannot be used: "), "{error}");
    assert!(!error.message.contains('\n'), "{error}");

    let missing = docmill_wasm::Wasm::new("nowhere/stage.wasm");
    let error = refused(open(missing));
    assert!(error.pointer == "/wasm" && error.message.contains("cannot read"), "{error}");
}

#[test]
fn the_file_is_part_of_what_the_pipeline_is() {
    let file = probe();
    let folder = file.wasm.parent().unwrap();
    let cx = docmill_core::BuildContext::new(folder, docmill_core::Limits::default());
    let wasm = docmill_wasm::Wasm { wasm: "stage.wasm".into(), ..file.options() };
    assert!(docmill_core::contract::PluginKind::open(wasm, "probe", &cx).is_ok(), "relative to the pipeline");
    let hash = docmill_core::content_hash(&fs::read(&file.wasm).unwrap());
    assert_eq!(cx.take_files(), (vec![file.wasm.clone()], vec![hash]));
}

#[test]
fn what_is_wrong_with_options_comes_with_its_pointer() {
    let error = refused(Started::with(probe().options(), &json!({"refuse": 1})));
    assert_eq!((error.pointer.as_str(), error.message.as_str()), ("/refuse", "no good"));
    let error = refused(Started::with(probe().options(), &json!({"fatal": true})));
    assert_eq!((error.pointer.as_str(), error.message.as_str()), ("", "no good"));

    let twice = json!({"words": ["harbor", "rail", "harbor", "rail"], "min": 1, "upper": false});
    let errors = Started::with(rust_guest(), &twice).err().unwrap();
    let errors: Vec<_> = errors.iter().map(|error| (error.pointer.as_str(), error.message.as_str())).collect();
    assert_eq!(errors, [("/words/2", "\"harbor\" is there twice"), ("/words/3", "\"rail\" is there twice")]);
}

#[test]
fn binaries_without_components_know_the_same_options() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/src/wasm_off.json");
    let known: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let expected = schemars::schema_for!(docmill_wasm::Wasm).to_value();
    assert_eq!(known, expected, "write this into crates/cli/src/wasm_off.json:\n{expected:#}");
}
