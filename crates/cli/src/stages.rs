//! `docmill stages`: what there is to make pipelines of, from the structs that hold the options.

use std::io::Write as _;

use docmill_core::{Entry, Field, Registry, RoleKind, nearest};
use serde_json::{Value, json};

use crate::arguments::StagesArguments;
use crate::exit::{self, Wrong};

/// Lists all components, those of a family, or shows one with its options.
pub(crate) fn stages(registry: &Registry, arguments: &StagesArguments) -> anyhow::Result<u8> {
    let shown = match arguments.name.as_deref() {
        None => registry.entries().collect(),
        Some(name) => named(registry, name)?,
    };
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let all: Vec<Value> = shown.iter().map(|entry| described(entry)).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
    } else if arguments.name.as_deref().is_some_and(|name| registry.get(name).is_some()) {
        for entry in shown {
            write!(out, "{}", page(entry))?;
        }
    } else {
        write!(out, "{}", list(&shown))?;
    }
    Ok(exit::DONE)
}

fn named<'r>(registry: &'r Registry, name: &str) -> anyhow::Result<Vec<&'r Entry>> {
    if let Some(entry) = registry.get(name) {
        return Ok(vec![entry]);
    }
    let family: Vec<_> = registry.entries().filter(|entry| entry.family() == name).collect();
    if !family.is_empty() {
        return Ok(family);
    }
    let names: Vec<&str> = registry.entries().flat_map(|entry| [entry.name(), entry.family()]).collect();
    let help = nearest(name, &names).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    Err(Wrong(format!("error: there is no stage or family `{name}`{help}")).into())
}

fn role(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Input => "input",
        RoleKind::Reader => "reader",
        RoleKind::Stage => "stage",
        RoleKind::Filter => "filter",
        RoleKind::Corpus => "corpus-wide stage",
        RoleKind::Output => "output",
    }
}

fn list(entries: &[&Entry]) -> String {
    let width = entries.iter().map(|entry| entry.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut family = "";
    for entry in entries {
        if entry.family() != family {
            let gap = if family.is_empty() { "" } else { "\n" };
            family = entry.family();
            text.push_str(gap);
        }
        let mark = if entry.recommended() { '*' } else { ' ' };
        text.push_str(&format!("{mark} {:width$}  {}\n", entry.name(), entry.summary()));
    }
    text.push_str(
        "\n* belongs to what the bare name of its family stands for. `docmill stages NAME` shows a stage's options.\n",
    );
    text
}

/// A component's page: what it does, its options, what it needs and gives.
fn page(entry: &Entry) -> String {
    let schema = entry.schema();
    let mut text = format!("{} ({}, version {})\n\n", entry.name(), role(entry.kind()), entry.version());
    text.push_str(schema["description"].as_str().unwrap_or_default().trim_end());
    text.push('\n');
    let fields = |fields: &[Field]| fields.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if !entry.needs().is_empty() {
        text.push_str(&format!("\nNeeds: {}\n", fields(entry.needs())));
    }
    if !entry.gives().is_empty() {
        text.push_str(&format!("\nGives: {}\n", fields(entry.gives())));
    }
    let options = schema["properties"].as_object();
    if let Some(options) = options.filter(|options| !options.is_empty()) {
        text.push_str("\nOptions:\n");
        for (name, option) in options {
            text.push_str(&format!("\n  {name}: {}", kind_of(option, &schema)));
            if let Some(default) = option.get("default") {
                text.push_str(&format!(" [default: {default}]"));
            }
            text.push('\n');
            let description =
                option["description"].as_str().or_else(|| resolved(option, &schema)["description"].as_str());
            for line in description.unwrap_or_default().lines() {
                text.push_str(&format!("      {line}\n"));
            }
        }
    }
    text
}

fn resolved<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str().and_then(|reference| root.pointer(reference.trim_start_matches('#')));
    reference.unwrap_or(schema)
}

/// What an option may be, in a few words.
fn kind_of(option: &Value, root: &Value) -> String {
    let option = resolved(option, root);
    if let Some(choices) = option["oneOf"].as_array().or_else(|| option["anyOf"].as_array()) {
        let mut kinds: Vec<String> = choices.iter().map(|choice| kind_of(choice, root)).collect();
        kinds.dedup();
        return kinds.join(" | ");
    }
    if let Some(constant) = option.get("const") {
        return constant.as_str().map_or_else(|| constant.to_string(), ToOwned::to_owned);
    }
    if let Some(values) = option["enum"].as_array() {
        return values.iter().map(|value| value.as_str().unwrap_or("null")).collect::<Vec<_>>().join(" | ");
    }
    let kind = match &option["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        _ => "any".to_owned(),
    };
    let kind = match kind.as_str() {
        "array" => format!("list of {}", kind_of(&option["items"], root)),
        _ => kind,
    };
    match (&option["minimum"], &option["maximum"]) {
        (Value::Null, Value::Null) => kind,
        (low, Value::Null) => format!("{kind}, at least {low}"),
        (Value::Null, high) => format!("{kind}, at most {high}"),
        (low, high) => format!("{kind}, {low} to {high}"),
    }
}

fn described(entry: &Entry) -> Value {
    let fields = |fields: &[Field]| fields.iter().map(ToString::to_string).collect::<Vec<_>>();
    json!({
        "name": entry.name(),
        "role": entry.kind(),
        "version": entry.version(),
        "recommended": entry.recommended(),
        "summary": entry.summary(),
        "needs": fields(entry.needs()),
        "gives": fields(entry.gives()),
        "options": entry.schema(),
    })
}
