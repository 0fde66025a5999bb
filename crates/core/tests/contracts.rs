//! Options, registry and pipelines as a program with stages of its own meets them.

use docmill_core::{
    BuildContext, BuildError, Component, Context, Document, Field, OptionError, Pipeline, PipelineError, Registry,
    Role, RoleKind, Stage, StageError, Tag,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Tags documents that are long.
///
/// A second paragraph.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Long {
    /// From how many characters on.
    #[schemars(range(min = 1, max = 1000))]
    min: usize,
    /// Names for it.
    names: Vec<Name>,
}

/// A name.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Name {
    /// Its label.
    label: String,
    /// Its weight.
    #[schemars(range(min = 0.0, max = 1.0))]
    weight: f64,
}

impl Default for Long {
    fn default() -> Self {
        Self { min: 10, names: Vec::new() }
    }
}

impl Component for Long {
    const NAME: &'static str = "test.long";
    const KIND: RoleKind = RoleKind::Stage;

    fn needs(&self) -> Vec<Field> {
        vec![Field::Language]
    }

    fn gives(&self) -> Vec<Field> {
        vec![Field::tags("long")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Long {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        if doc.text().chars().count() >= self.min {
            doc.tag(Tag::new("long", "yes"));
        }
        Ok(())
    }
}

fn errors(options: &serde_json::Value) -> Vec<(String, String)> {
    let mut registry = Registry::new();
    registry.register::<Long>().expect("the name is free");
    match registry.build("test.long", options, &BuildContext::default()) {
        Ok(_) => Vec::new(),
        Err(BuildError::Options { errors, .. }) => {
            errors.into_iter().map(|error| (error.pointer, error.help.unwrap_or(error.message))).collect()
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_wrong_option_is_named_in_one_go() {
    let found = errors(&json!({"mim": 3, "min": "x", "names": [{"label": "a"}, {"weight": 7}]}));
    let expected = [
        ("/mim", "did you mean `min`?"),
        ("/min", "invalid type: string \"x\", expected usize"),
        ("/names/1/weight", "expected 0 to 1, found 7"),
    ];
    assert_eq!(found, expected.map(|(pointer, text)| (pointer.to_owned(), text.to_owned())));
}

#[test]
fn each_wrong_item_of_a_list_is_named() {
    let found = errors(&json!({"names": [{"label": 3}, {"label": "a"}, {"weight": "b"}]}));
    let pointers: Vec<_> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/names/0/label", "/names/2/weight"]);
}

#[test]
fn a_text_cannot_grow_without_end() {
    let mut doc = Document::from_text("a", &"a".repeat(1 << 16));
    let grow = |doc: &mut Document| {
        let mut edits = docmill_core::Edits::new();
        for at in 0..doc.text().len() {
            edits.replace(at..at + 1, "aaaaaaaaaaaaaaaa");
        }
        doc.edit(&edits)
    };
    grow(&mut doc).unwrap();
    let error = grow(&mut doc).unwrap_err().to_string();
    assert_eq!(error, "the edits would make 16777216 bytes of 65536, which is over 2097152");
}

#[test]
fn a_number_out_of_range_and_an_unknown_nested_option_are_refused() {
    assert_eq!(errors(&json!({"min": 0}))[0].1, "expected 1 to 1000, found 0");
    assert_eq!(errors(&json!({"names": [{"lable": "a"}]}))[0].0, "/names/0/lable");
    assert!(errors(&json!({"min": 1000})).is_empty() && errors(&json!(null)).is_empty());
}

#[test]
fn the_registry_tells_what_a_name_was_meant_to_be() {
    let mut registry = Registry::new();
    registry.register::<Long>().unwrap();
    let error = registry.build("test.lnog", &json!(null), &BuildContext::default()).err().unwrap();
    assert_eq!(error, BuildError::Unknown { name: "test.lnog".into(), nearest: Some("test.long".into()) });
    assert!(registry.register::<Long>().is_err(), "a name can be registered once");
    assert_eq!(registry.get("test.long").unwrap().summary(), "Tags documents that are long.");
}

#[test]
fn a_stage_whose_need_nothing_gives_is_refused_by_name() {
    let errors = Pipeline::builder("p").with(Long::default()).build().err().unwrap();
    let missing = PipelineError::Missing {
        part: 0,
        id: "test.long".into(),
        need: Field::Language,
        later: None,
        condition: false,
    };
    assert!(errors.contains(&missing), "{errors:?}");
    assert!(errors.contains(&PipelineError::Without("input")));
    assert_eq!(missing.to_string(), "test.long needs language, which nothing before it gives");
}
