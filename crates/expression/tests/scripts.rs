//! Scripts: what they can do, and that nothing they do reaches further than it may.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use docmill_core::contract::{Answer, Given, PluginKind as _, PluginStage};
use docmill_core::{
    BuildContext, Component as _, Context, Document, Field, Filter, Limits, OptionError, Role, StageError, TimeSpan,
    Verdict,
};
use docmill_expression::{InlineScript, Script, ScriptLimits};
use serde_json::{Value, json};

fn build(script: InlineScript) -> Result<Arc<dyn Filter>, Vec<OptionError>> {
    match script.build(&BuildContext::default())? {
        Role::Filter(filter) => Ok(filter),
        _ => unreachable!("it builds a filter"),
    }
}

fn inline(code: &str) -> InlineScript {
    let gives = ["text", "meta", "language", "annotations.*", "tags.*", "measures.*"];
    let gives = gives.iter().map(|field| field.parse().unwrap()).collect();
    InlineScript { code: code.to_owned(), gives, drops: true, ..InlineScript::default() }
}

/// A script whose `process` has this body.
fn body(body: &str) -> InlineScript {
    inline(&format!("fn process(doc, options) {{\n{body}\n}}\n"))
}

fn judged(script: InlineScript, doc: &mut Document) -> Result<Verdict, StageError> {
    build(script).unwrap().judge(doc, &Context::default())
}

/// On a thread with the stack of a worker.
fn on_a_worker<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    on_a_stack(16 << 20, work)
}

fn on_a_stack<T: Send>(bytes: usize, work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(bytes).spawn_scoped(scope, work);
        worker.unwrap().join().unwrap()
    })
}

/// The error of a script with this body for a short document.
fn fails(code: &str) -> String {
    let script = body(code);
    on_a_worker(move || judged(script, &mut Document::from_text("a.txt", "The harbor.")).unwrap_err().to_string())
}

#[test]
fn what_has_no_end_is_ended_at_its_place() {
    for (code, expected) in [
        ("loop { }", "code:2:6: it took more than 1001100 steps (`limits.operations`)"),
        ("let n = 0;\nwhile true { n += 1; }", "code:3:16: it took more than 1001100 steps"),
        ("process(doc, options)", "code:2:1: functions call functions more than 32 deep (`limits.depth`)"),
        ("let s = \"x\";\nloop { s += s; }", "code:3:10: a text became longer than 33554432 bytes"),
        ("let s = \"x\";\nloop { s = `${s}${s}`; }", "code:3:18: a text became longer than 33554432 bytes"),
        ("let a = [1];\nloop { a += a; }", "code:3:10: a value has more than 20000 items (`limits.items`)"),
        ("let a = [1];\nloop { a.push(a); }", "code:3:10: a value has more than 20000 items"),
        ("let m = #{};\nloop { m = #{ a: m, b: m }; }", "code:3:24: a value has more than 20000 items"),
        ("\"x\".pad(100000000, \"y\")", "a text became longer than"),
        ("let a = []; a.pad(100000000, 0)", "a value has more than"),
        ("let n = 0; try { loop { n += 1; } } catch { }", "it took more than 1001100 steps"),
    ] {
        let error = fails(code);
        assert!(error.contains(expected), "{code}: {error}");
    }
}

#[test]
fn the_steps_grow_with_the_text() {
    let script = InlineScript {
        limits: ScriptLimits { operations: 1, ..ScriptLimits::default() },
        ..body("let n = 0; while n < 1000 { n += 1; } #{ measures: #{ n: n } }")
    };
    judged(script.clone(), &mut Document::from_text("a.txt", &"x".repeat(1000))).unwrap();
    let error = judged(script, &mut Document::from_text("a.txt", "x")).unwrap_err().to_string();
    assert!(error.contains("more than 101 steps"), "{error}");
}

#[test]
fn docmill_s_own_functions_are_counted() {
    let script = body(r#"loop { matches(doc.text, "z"); }"#);
    let (started, text) = (Instant::now(), "x".repeat(1 << 20));
    let error = judged(script, &mut Document::from_text("a.txt", &text)).unwrap_err().to_string();
    assert!(error.contains("steps (`limits.operations`)"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn values_nested_as_deep_as_the_limit_allows_fit_the_stack() {
    // A quarter of the limit on a quarter of the stack of a worker.
    let limits = ScriptLimits { items: 5000, ..ScriptLimits::default() };
    for code in ["let a = []; loop { a = [a]; }", "let a = #{}; loop { a = #{ a: a }; }"] {
        let script = InlineScript { limits: limits.clone(), ..body(code) };
        let error =
            on_a_stack(4 << 20, || judged(script, &mut Document::from_text("a.txt", "")).unwrap_err().to_string());
        assert!(error.contains("a value has more than 5000 items"), "{error}");
    }
}

#[test]
fn the_deepest_calls_of_the_deepest_expressions_fit_the_stack() {
    let nested = format!("{}down(n - 1){}", "(1 + ".repeat(9), ")".repeat(9));
    let code =
        format!("fn down(n) {{ if n == 0 {{ 0 }} else {{ {nested} }} }}\nfn process(doc, options) {{ down(62); () }}");
    let limits = ScriptLimits { depth: 64, ..ScriptLimits::default() };
    let script = InlineScript { limits, ..inline(&code) };
    on_a_worker(|| judged(script, &mut Document::from_text("a.txt", "")).unwrap());
}

#[test]
fn time_ends_a_script_without_a_place() {
    let script =
        InlineScript { limits: ScriptLimits { operations: u64::MAX, ..ScriptLimits::default() }, ..body("loop { }") };
    let filter = build(script).unwrap();
    let mut doc = Document::from_text("a.txt", "");
    let limits = Limits { time: TimeSpan(Duration::from_millis(20)), ..Limits::default() };
    let error = filter.judge(&mut doc, &Context::new(limits)).unwrap_err();
    assert_eq!(error.to_string(), "the time of the script is over limits.time = 20ms");
    let error = filter.judge(&mut doc, &Context::default().with_timeout(Duration::from_millis(20))).unwrap_err();
    assert!(matches!(error, StageError::Timeout(_)), "{error}");
}

#[test]
fn run_time_errors_have_a_place_and_little_of_the_document() {
    for (code, expected) in [
        ("doc.txet", "code:2:5: there is no `txet`"),
        ("doc.meta.date", "code:2:10: there is no `date`"),
        ("let n = 1;\n  n.frob(2)", "code:3:5: there is no function `frob (i64, i64)`"),
        ("throw \"not now\"", "code:2:1: not now"),
        ("let a = []; a[0]", "code:2:"),
        ("1 / 0", "code:2:3: division by zero"),
        ("doc.text.len() + #{}", "code:2:16: there is no function"),
    ] {
        let error = fails(code);
        assert!(error.contains(expected), "{code}: {error}");
    }
    let text = "secret ".repeat(1000);
    let error = judged(body("throw doc.text"), &mut Document::from_text("a.txt", &text)).unwrap_err().to_string();
    assert!(error.chars().count() < 230, "{error}");
}

#[test]
fn nothing_reaches_out_of_a_script() {
    let refused = |code: &str| match build(body(code)) {
        Err(errors) => errors[0].message.clone(),
        Ok(filter) => filter.judge(&mut Document::from_text("a.txt", ""), &Context::default()).unwrap_err().to_string(),
    };
    for code in [
        "eval(\"1\")",
        "import \"x\" as y;",
        "sleep(1)",
        "timestamp()",
        "print(1)",
        "debug(1)",
        "rand()",
        "open_file(\"x\")",
        "let f = Fn(\"process\");",
        "let f = |x| x; f.curry(f)",
        "curry(|x| x, 1)",
        "[1].map(\"sleep\")",
        "exit(1)",
        "blob(100)",
    ] {
        let message = refused(code);
        let named = ["reserved", "there is no function", "no variable", "not found", "unexpected", "expecting"];
        assert!(named.iter().any(|named| message.to_lowercase().contains(named)), "{code}: {message}");
    }
}

#[test]
fn what_is_wrong_with_a_script_is_placed_in_it() {
    let check = |code: &str, at: &str, message: &str| {
        let errors = build(inline(code)).err().unwrap_or_default();
        let error = errors.first().unwrap_or_else(|| panic!("{code} is refused"));
        assert_eq!((error.pointer.as_str(), code.get(error.within.clone().unwrap())), ("/code", Some(at)), "{error}");
        assert!(error.message.contains(message), "{error}");
    };
    check("fn process(doc, options) {\n  let x = ;\n}", ";", "unexpected");
    check("fn process(doc, options) { dco.text }", "dco", "dco");
    check("fn process(doc) { }", "fn process", "expected `fn process(doc, options)`");
    check("fn proces(doc, options) { }", "", "no `fn process(doc, options)`");
    check("fn process(doc, options) { }\n// é\nlet x = 1;", "let", "only functions");
    check("fn process(doc, options) { }\nfn start() { }", "fn start", "expected `fn start(options)`");
    check(&format!("fn process(doc, options) {{ }}{}", " ".repeat(64_000)), "", "at most 64000 bytes, found 64028");
    check(&format!("fn process(doc, options) {{ {}1{} }}", "(".repeat(200), ")".repeat(200)), "(", "complex");
}

#[test]
fn code_or_file_and_no_describe() {
    let message = |script: InlineScript| build(script).err().unwrap_or_default()[0].to_string();
    assert!(message(InlineScript::default()).contains("`code`"));
    assert!(message(InlineScript { file: "x.rhai".into(), ..body("()") }).contains("one of the two"));
    assert!(message(InlineScript { file: "gone.rhai".into(), ..InlineScript::default() }).contains("cannot read"));
    let described = inline("fn describe() { #{} }\nfn process(doc, options) { }");
    assert!(message(described).contains("is a plugin"));
}

#[test]
fn an_answer_is_held_against_what_the_stage_gives() {
    let contract =
        |script: InlineScript| judged(script, &mut Document::from_text("a.txt", "Hafen für alle")).unwrap_err();
    for (code, expected) in [
        ("42", "process() gives a map or nothing, and gave i64"),
        ("#{ annotation: [] }", "unknown field `annotation`"),
        (
            "#{ annotations: [#{ kind: \"x\", start: 0, end: 99 }] }",
            "reaches beyond the text, which has 14 code points",
        ),
        ("#{ annotations: [#{ kind: \"x\", start: 0.5, end: 9 }] }", "annotations[0].start"),
        ("#{ measures: #{ n: 0.0 / 0.0 } }", "/measures/n: NaN is no finite number"),
        ("#{ meta: #{ f: |x| x } }", "/meta/f: Fn is no value"),
        ("#{ edits: [#{ start: 0, end: 5, text: \"\" }, #{ start: 4, end: 6, text: \"\" }] }", "edits"),
    ] {
        let error = contract(body(code));
        assert!(matches!(error, StageError::Contract(_)) && error.to_string().contains(expected), "{code}: {error}");
    }
    let undeclared = InlineScript { gives: vec![Field::Meta], ..body("#{ text: \"\" }") };
    assert!(contract(undeclared).to_string().contains("gives meta"));
    let dropping = InlineScript { drops: false, ..body("#{ drop: #{ rule: \"x\" } }") };
    assert!(contract(dropping).to_string().contains("drops: true"));
}

#[test]
fn an_answer_changes_the_document() {
    let code = r#"
        let places = find_all(doc.text, "f[üu]r (\\w+)");
        let p = places[0];
        #{
            edits: [#{ start: p.start, end: p.end, text: p.text.to_upper() }],
            annotations: [#{ kind: "for", start: p.start, end: p.end, value: p.groups[0] }],
            tags: [#{ scheme: "s", label: "l", evidence: [[p.start, p.end]] }],
            meta: #{ title: doc.title, note: doc.meta.note + options.by, gone: () },
            language: "de",
            measures: #{ n: places.len() }
        }"#;
    let mut doc = Document::from_text("a.txt", "Häfen für alle, für jeden");
    doc.meta.set("note", 40);
    doc.meta.set("gone", "x");
    let options = json!({"by": 2}).as_object().unwrap().clone();
    assert_eq!(judged(InlineScript { options, ..body(code) }, &mut doc).unwrap(), Verdict::Keep);
    assert_eq!(doc.text(), "Häfen FÜR ALLE, für jeden");
    let found = &doc.annotations()[0];
    assert_eq!((found.span.of(doc.text()), &found.value), (Some("FÜR ALLE"), &json!("alle")));
    assert_eq!(doc.tags()[0].evidence, [found.span]);
    assert_eq!((doc.meta.get("note"), doc.meta.get("gone")), (Some(&json!(42)), None));
    assert_eq!((doc.language(), doc.measures()["n"]), (Some("de"), 2.0));
}

#[test]
fn a_list_is_longer_than_an_array_and_nested_no_deeper_than_json() {
    let code = r#"
        let found = list();
        for n in 0..doc.text.len() { found.push(#{ kind: "x", start: n, end: n + 1 }); }
        #{ annotations: found, measures: #{ n: found.len() } }"#;
    let mut doc = Document::from_text("a.txt", &"é".repeat(15_000));
    judged(body(code), &mut doc).unwrap();
    assert_eq!((doc.annotations().len(), doc.measures().get("n")), (15_000, Some(&15_000.0)));
    let places = "let places = find_all(doc.text, \"é\"); #{ measures: #{ n: places.len() + places[29_999].end } }";
    let mut doc = Document::from_text("a.txt", &"é".repeat(30_000));
    judged(body(places), &mut doc).unwrap();
    assert_eq!(doc.measures().get("n"), Some(&60_000.0));
    assert!(fails("find_all(doc.text, \"harbor\")[1]").contains("1 places have no index 1"));
    let error = fails("let l = list(); loop { let m = list(); m.push(l); l = m; }");
    assert!(error.contains("code:2:42: ") && error.contains("nested more than 64 deep"), "{error}");
    let error = fails("let s = \"x\"; s.pad(1000000, \"x\"); let l = list(); loop { l.push(s); }");
    assert!(error.contains("steps (`limits.operations`)") || error.contains("a list became larger"), "{error}");
}

#[test]
fn a_script_sees_what_it_needs_and_nothing_else() {
    let mut doc = Document::from_text("a.txt", "für 3 EUR");
    doc.annotate(docmill_core::Annotation::new("money", 5..10).with_value(json!(3)));
    let script = body("#{ measures: #{ start: doc.annotations[0].start } }");
    let error = judged(script.clone(), &mut doc).unwrap_err().to_string();
    assert!(error.contains("there is no `annotations`"), "{error}");
    let script = InlineScript { needs: vec![Field::annotations("money")], ..script };
    judged(script, &mut doc).unwrap();
    assert_eq!(doc.measures().get("start"), Some(&4.0));
}

#[test]
fn what_start_throws_is_wrong_with_the_options() {
    let check = |thrown: &str, expected: &[(&str, &str)]| {
        let code = format!("fn start(options) {{ throw {thrown}; }}\nfn process(doc, options) {{ }}");
        let errors = build(inline(&code)).err().unwrap_or_default();
        let told: Vec<_> = errors.iter().map(|error| (error.pointer.as_str(), error.message.as_str())).collect();
        assert_eq!(told, expected);
    };
    check("\"no\"", &[("/options", "no")]);
    check("#{ pointer: \"/a/0\", message: \"no\" }", &[("/options/a/0", "no")]);
    check("[#{ pointer: \"/a\", message: \"x\" }, \"y\"]", &[("/options/a", "x"), ("/options", "y")]);
    check("42", &[("/options", "code:1:21: start() threw something that is no text and no map with `message`")]);
    check("#{ a: options.a }", &[("/options", "code:1:41: there is no `a`")]);
}

#[test]
fn patterns_are_bounded() {
    for (pattern, expected) in
        [("(", "code:2:1: no regular expression: unclosed group"), ("\\\\w{1000}{100}", "no regular expression")]
    {
        let error = fails(&format!("find_all(doc.text, \"{pattern}\")"));
        assert!(error.contains(expected), "{pattern}: {error}");
    }
    let error = fails("let p = \"a\"; p.pad(3000, \"a\"); find_all(doc.text, p)");
    assert!(error.contains("a pattern of 3000 bytes, expected at most 2000"), "{error}");
}

// acme.terms as a script.

fn terms(options: &Value) -> Result<(Arc<dyn PluginStage>, docmill_core::contract::Descriptor), Vec<OptionError>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/script");
    let cx = BuildContext::new(folder, Limits::default());
    let plugin = Script { script: "terms.rhai".into(), limits: ScriptLimits::default() }.open("terms", &cx)?;
    Ok((plugin.start(options, &cx)?, plugin.descriptor().clone()))
}

fn answer(options: &Value, text: &str) -> Answer {
    let (stage, descriptor) = terms(options).unwrap();
    let doc = Document::from_text("a.txt", text);
    stage.process(&Given::new(&doc, &descriptor), &Context::default()).unwrap()
}

#[test]
fn terms_describes_itself() {
    let (_, descriptor) = terms(&json!({"words": ["a"], "min": 1, "upper": false})).unwrap();
    assert_eq!((descriptor.name.as_str(), descriptor.version.as_str()), ("acme.terms", "1.0.0"));
    let gives: Vec<String> = descriptor.gives.iter().map(Field::name).collect();
    assert_eq!(gives, ["text", "meta", "annotations.term", "tags.term", "measures.terms"]);
    assert!(descriptor.drops && descriptor.deterministic && descriptor.needs.is_empty());
    assert_eq!(descriptor.options["properties"]["min"]["default"], 1);
    assert_eq!(descriptor.options["required"], json!(["words"]));
}

#[test]
fn terms_answers_as_expected() {
    let options = json!({"words": ["rail", "harbor", "mill"], "min": 1, "upper": true});
    let text = "Über den Harbor: éharbor, HARBOR_rail harbors 😀 railé";
    let points = |at: usize| text[..at].chars().count();
    let at = |word: &str, nth: usize| {
        let start = text.match_indices(word).nth(nth).unwrap().0;
        [points(start), points(start + word.len())]
    };
    let (harbor, eharbor, upper, rail, raile) =
        (at("Harbor", 0), at("harbor", 0), at("HARBOR", 0), at("rail", 0), at("rail", 1));
    let term = |[start, end]: [usize; 2], word: &str| json!({"kind": "term", "start": start, "end": end, "value": {"word": word}, "score": 1.0});
    let edit = |[start, end]: [usize; 2], text: &str| json!({"start": start, "end": end, "text": text});
    let expected = json!({
        "annotations": [
            term(harbor, "harbor"), term(eharbor, "harbor"), term(upper, "harbor"), term(rail, "rail"), term(raile, "rail"),
        ],
        "tags": [
            {"scheme": "term", "label": "rail", "score": 0.4, "evidence": [rail, raile]},
            {"scheme": "term", "label": "harbor", "score": 0.6, "evidence": [harbor, eharbor, upper]},
        ],
        "measures": {"terms": 5.0},
        "meta": {"terms": 2},
        "edits": [edit(harbor, "HARBOR"), edit(eharbor, "HARBOR"), edit(rail, "RAIL"), edit(raile, "RAIL")],
    });
    assert_eq!(serde_json::to_value(answer(&options, text)).unwrap(), expected);
    let thirds = answer(&json!({"words": ["a", "b"], "min": 1, "upper": false}), "a b b");
    assert_eq!(thirds.tags.iter().map(|tag| tag.score).collect::<Vec<_>>(), [0.3333, 0.6667]);
}

#[test]
fn terms_drops_what_has_too_few() {
    let options = json!({"words": ["harbor"], "min": 2, "upper": false});
    let expected = json!({"measures": {"terms": 1.0}, "drop": {"rule": "terms.min", "measured": 1, "threshold": 2}});
    assert_eq!(serde_json::to_value(answer(&options, "a harbor")).unwrap(), expected);
    let empty = answer(&json!({"words": ["harbor"], "min": 0, "upper": true}), "");
    assert_eq!(serde_json::to_value(empty).unwrap(), json!({"measures": {"terms": 0.0}, "meta": {"terms": 0}}));
}

#[test]
fn terms_refuses_a_word_that_is_there_twice() {
    let errors = terms(&json!({"words": ["harbor", "rail", "harbor"], "min": 1, "upper": false})).err().unwrap();
    let told = (errors.len(), errors[0].pointer.as_str(), errors[0].message.as_str());
    assert_eq!(told, (1, "/words/2", "\"harbor\" is there twice"));
}

#[test]
fn eight_threads_have_one_answer() {
    let (stage, descriptor) = terms(&json!({"words": ["harbor", "rail"], "min": 1, "upper": true})).unwrap();
    let texts: Vec<String> = (0..40).map(|n| format!("{}harbor für rail ", "é ".repeat(n))).collect();
    let answers = || -> Vec<Answer> {
        let answer = |text: &String| {
            let doc = Document::from_text("a.txt", text);
            stage.process(&Given::new(&doc, &descriptor), &Context::default()).unwrap()
        };
        texts.iter().map(answer).collect()
    };
    let alone = answers();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(answers)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}

#[test]
fn what_a_plugin_says_of_itself_is_checked() {
    let folder = std::env::temp_dir().join(format!("docmill-describe-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let cx = BuildContext::new(&folder, Limits::default());
    for (index, (code, expected)) in [
        ("fn process(doc, options) { }", "has no `fn describe()`"),
        ("fn describe() { #{ name: \"x\" } }\nfn process(doc, options) { }", "describe(): missing field `version`"),
        (
            "fn describe() { #{ name: 1, version: \"1\" } }\nfn process(doc, options) { }",
            "describe(): name: invalid type",
        ),
        (
            "fn describe() { #{ name: \"x\", version: \"1\", offsets: \"utf8\" } }\nfn process(doc, options) { }",
            "Rhai counts code points",
        ),
        (
            "fn describe() { #{ name: \"x\", version: \"1\", deterministic: false } }\nfn process(doc, options) { }",
            "no clock and no randomness",
        ),
        ("fn describe() { loop { } }\nfn process(doc, options) { }", ":1:22: it took more than 1000000 steps"),
        ("fn describe() { }\n\nfn process(doc, options) { let }", ":3:32: "),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{index}.rhai");
        std::fs::write(folder.join(&name), code).unwrap();
        let opened = Script { script: name.clone().into(), limits: ScriptLimits::default() }.open("x", &cx);
        let error = opened.err().unwrap()[0].to_string();
        assert!(error.starts_with("/script: ") && error.contains(&name) && error.contains(expected), "{code}: {error}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
