//! Addresses as inputs: which component they stand for, and what is said where none reads them.

mod common;

use docmill_config::{Loader, schema};
use docmill_core::{BuildContext, Component, Input, OptionError, Registry, Role, RoleKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Lists nothing of an address.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Shelf {
    /// The address.
    url: String,
    /// Where the shelf is.
    floor: u8,
}

struct Empty;

impl Input for Empty {
    fn list(
        &self,
        _: &mut dyn FnMut(docmill_core::Found) -> std::ops::ControlFlow<()>,
    ) -> Result<(), docmill_core::ReadError> {
        Ok(())
    }
}

impl Component for Shelf {
    const NAME: &'static str = "input.shelf";
    const KIND: RoleKind = RoleKind::Input;
    const SCHEMES: &'static [&'static str] = &["shelf", "rack2"];

    fn build(self, _: &BuildContext) -> Result<Role, Vec<OptionError>> {
        match self.url.strip_prefix("shelf://").or(self.url.strip_prefix("rack2://")) {
            Some(place) if !place.is_empty() => Ok(Role::input(Empty)),
            _ => Err(vec![OptionError::new("/url", "expected a place on a shelf")]),
        }
    }
}

fn registry() -> Registry {
    let mut registry = common::registry();
    registry.register::<Shelf>().expect("its name is free");
    registry.leave_out(&["cellar"], "ask the keeper");
    registry
}

fn pipeline(input: &str) -> String {
    format!("version: 1\ninput: {input}\nstages: [ingest]\n")
}

#[test]
fn an_address_stands_for_the_input_that_lists_it() {
    let registry = registry();
    let check = |input: &str, expected: &[(&str, &str)]| {
        let loaded = Loader::new(&registry).load_str("p.yaml", &pipeline(input));
        let loaded = loaded.unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let expanded = loaded.expanded();
        for (key, value) in expected {
            assert!(expanded.contains(&format!("{key}: {value}\n")), "{key}: {value} is not in\n{expanded}");
        }
    };
    check("[shelf://a/b, docs]", &[("url", "shelf://a/b"), ("floor", "0"), ("path", "docs")]);
    check("rack2://a", &[("url", "rack2://a")]);
    check("{ url: shelf://a, floor: 3 }", &[("url", "shelf://a"), ("floor", "3")]);
    let loaded =
        Loader::new(&registry).inputs(["shelf://c"]).load_str("p.yaml", &pipeline("docs")).expect("it is right");
    assert!(loaded.expanded().contains("url: shelf://c\n"));
}

#[test]
fn an_address_that_nothing_lists_is_refused_with_a_way_out_where_there_is_one() {
    let registry = registry();
    let check = |input: &str, expected: &[&str]| {
        let loaded = Loader::new(&registry).load_str("p.yaml", &pipeline(input));
        let told = loaded.map(|_| ()).expect_err("it is refused").render(false);
        for part in expected {
            assert!(told.contains(part), "{part} is not in\n{told}");
        }
    };
    let there = "the inputs are: input.files, input.shelf";
    check(
        "[docs, cellar://a]",
        &["p.yaml:2:15", "nothing in this build reads `cellar://` addresses", there, "ask the keeper"],
    );
    check("{ url: cellar://a, key: b }", &["reads `cellar://` addresses", "ask the keeper"]);
    check("attic://a", &["nothing in this build reads `attic://` addresses", there]);
    check("{ url: nowhere }", &["p.yaml:2:15", "wrong value for `url` of `input.shelf`", "a place on a shelf"]);
    check("shelf://", &["expected a place on a shelf"]);
}

#[test]
fn the_schema_knows_the_options_of_addresses() {
    let schema = schema(&registry());
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let check = |input: &str, good: bool| {
        let value: serde_json::Value = serde_yaml::from_str(&pipeline(input)).expect("it is YAML");
        assert_eq!(validator.is_valid(&value), good, "{input}");
    };
    check("[shelf://a, { url: shelf://a, floor: 3 }, { path: a }]", true);
    check("{ url: shelf://a, flor: 3 }", false);
}
