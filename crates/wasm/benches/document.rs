//! What a document of 5 KB costs beyond the work on it: the guest in Rust finds nothing, or a lot.

use std::path::Path;
use std::sync::Arc;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use docmill_core::contract::{Given, Plugin, PluginKind as _};
use docmill_core::{BuildContext, Context, Document};
use docmill_wasm::{CacheFolder, Wasm};
use serde_json::json;

fn main() {
    divan::main();
}

fn plugin(fuel: Option<u64>) -> Arc<dyn Plugin> {
    let wasm = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/wasm/rust/terms.wasm");
    let wasm = Wasm { fuel, cache: CacheFolder::Off, ..Wasm::new(wasm) };
    wasm.open("terms", &BuildContext::default()).expect("the guest in Rust can be opened")
}

/// A document of 5,000 bytes in which every sixth word is one of the list.
fn document() -> Document {
    let text: String = ["The", "harbor", "was", "quiet", "that", "morning;"].join(" ") + " ";
    let text: String = text.chars().cycle().take(5_000).collect();
    Document::from_text("a.txt", &text)
}

fn ask(bencher: Bencher<'_, '_>, word: &str, fuel: Option<u64>, doc: &Document) {
    let plugin = plugin(fuel);
    let options = json!({"words": [word], "min": 0, "upper": false});
    let stage = plugin.start(&options, &BuildContext::default()).expect("it takes its options");
    let cx = Context::default();
    bencher.counter(BytesCount::new(doc.text().len())).bench_local(|| {
        let given = Given::new(black_box(doc), plugin.descriptor());
        stage.process(&given, &cx)
    });
}

/// The crossing alone.
#[divan::bench]
fn empty_document(bencher: Bencher<'_, '_>) {
    ask(bencher, "tunnel", None, &Document::from_text("a.txt", ""));
}

/// The crossing and the search.
#[divan::bench]
fn nothing_found(bencher: Bencher<'_, '_>) {
    ask(bencher, "tunnel", None, &document());
}

/// 135 annotations come back.
#[divan::bench]
fn many_found(bencher: Bencher<'_, '_>) {
    ask(bencher, "harbor", None, &document());
}

/// The same, with its work counted.
#[divan::bench]
fn many_found_with_fuel(bencher: Bencher<'_, '_>) {
    ask(bencher, "harbor", Some(100_000_000), &document());
}

/// A new instance: after each trap.
#[divan::bench]
fn start(bencher: Bencher<'_, '_>) {
    let plugin = plugin(None);
    let options = json!({"words": ["harbor"], "min": 0, "upper": false});
    bencher.bench_local(|| plugin.start(&options, &BuildContext::default()).is_ok());
}

/// Compiling the guest, linking it and asking what it is.
#[divan::bench(sample_count = 10)]
fn open(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| plugin(None));
}
