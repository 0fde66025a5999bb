//! The JSON Schema of a pipeline file, from the same structs that read it.

use docmill_core::{Entry, Opener, Registry, RoleKind};
use serde_json::{Map, Value, json};

use crate::file::{PipelineFile, StageSettings};
use crate::stages::STAGES;

/// The JSON Schema (2020-12) of a pipeline file with the components of this registry. Editors complete and check from it.
pub fn schema(registry: &Registry) -> Value {
    let mut root = schemars::schema_for!(PipelineFile).to_value();
    root["title"] = "docmill pipeline".into();
    let mut definitions = root["$defs"].as_object().cloned().unwrap_or_default();
    let settings = schemars::schema_for!(StageSettings).to_value();
    definitions.extend(settings["$defs"].as_object().cloned().unwrap_or_default());
    for entry in registry.entries() {
        definitions.insert(entry.name().to_owned(), definition(entry.schema(), entry.name()));
    }
    for opener in registry.openers() {
        let name = plugin_definition(opener);
        definitions.insert(name.clone(), definition(opener.schema(), &name));
    }
    let text = json!({"type": "string"});
    let lists = |entry: &&Entry| entry.name() == "input.files" || !entry.schemes().is_empty();
    let inputs = registry.entries().filter(lists).map(|entry| json!({"$ref": reference(entry.name())}));
    let inputs: Vec<Value> = std::iter::once(text.clone()).chain(inputs).collect();
    let input = if inputs.len() == 1 { text } else { json!({"anyOf": inputs}) };
    root["properties"]["input"] = described(
        &root["properties"]["input"],
        json!({"anyOf": [input, {"type": "array", "items": input, "minItems": 1}]}),
    );
    definitions.insert("stage".to_owned(), stage_schema(registry));
    let stage = json!({"$ref": reference("stage")});
    let stages = |stage: Value| json!({"anyOf": [{"type": "array", "items": stage, "minItems": 1}, variable()]});
    // Beside plugins, a stage can be called otherwise than those that are known here.
    let with_plugins = json!({"anyOf": [stage, plugin_stage_schema()]});
    root["if"] = json!({"required": ["plugins"]});
    root["then"] = json!({"properties": {"stages": stages(with_plugins)}});
    root["else"] = json!({"properties": {"stages": stages(stage)}});
    root["properties"]["stages"] = json!({"description": root["properties"]["stages"]["description"]});
    root["properties"]["plugins"] = described(&root["properties"]["plugins"], plugins_schema(registry));
    let output = output_schema(registry);
    root["properties"]["output"] = described(
        &root["properties"]["output"],
        json!({"anyOf": [{"type": "array", "items": output, "minItems": 1}, output]}),
    );
    for key in ["workers", "memory", "allow_failures", "limits"] {
        allow_variables(&mut root["properties"][key]);
    }
    if let Some(limits) = definitions.get_mut("Limits") {
        allow_variables_in_properties(limits);
    }
    root["$defs"] = Value::Object(definitions);
    root
}

fn described(of: &Value, mut schema: Value) -> Value {
    schema["description"] = of["description"].clone();
    schema
}

/// A stage: its name, or its name with options and settings, or a file with stages.
fn stage_schema(registry: &Registry) -> Value {
    let stages: Vec<&Entry> = registry.entries().filter(|entry| STAGES.contains(&entry.kind())).collect();
    let mut names: Vec<&str> = stages.iter().map(|entry| entry.name()).collect();
    for entry in stages.iter().filter(|entry| entry.recommended()) {
        if !names.contains(&entry.family()) {
            names.push(entry.family());
        }
    }
    let settings = schemars::schema_for!(StageSettings).to_value();
    let mut properties = settings["properties"].as_object().cloned().unwrap_or_default();
    properties.values_mut().for_each(allow_variables);
    let one_name: Vec<Value> = stages.iter().map(|entry| json!({"required": [entry.name()]})).collect();
    for entry in stages {
        let options =
            json!({"anyOf": [{"$ref": reference(entry.name())}, {"type": "null"}], "description": entry.summary()});
        properties.insert(entry.name().to_owned(), options);
    }
    json!({"anyOf": [
        {"enum": names},
        {"type": "object", "properties": properties, "additionalProperties": false, "oneOf": one_name},
        {"type": "object", "properties": {"include": {"type": "string", "description": "A file whose stages come here."}},
         "required": ["include"], "additionalProperties": false},
    ]})
}

/// A stage that is a plugin of the file: its name, or its name with options and settings.
fn plugin_stage_schema() -> Value {
    let mut settings = schemars::schema_for!(StageSettings).to_value()["properties"].take();
    settings.as_object_mut().into_iter().flatten().for_each(|(_, setting)| allow_variables(setting));
    let name = r"^[a-z0-9_-]+(\.[a-z0-9_-]+)?$";
    let options = json!({"type": ["object", "null"]});
    json!({"anyOf": [
        {"type": "string", "pattern": name},
        {"type": "object", "properties": settings, "patternProperties": {name: {}}, "additionalProperties": options},
    ]})
}

/// Names, and under each what kind of plugin it is.
fn plugins_schema(registry: &Registry) -> Value {
    let kinds = registry.openers().iter().map(|opener| json!({"$ref": reference(&plugin_definition(opener))}));
    let kinds: Vec<Value> = kinds.collect();
    if kinds.is_empty() {
        return json!({"type": "object", "maxProperties": 0});
    }
    json!({"type": "object", "additionalProperties": {"anyOf": kinds}})
}

fn plugin_definition(opener: &Opener) -> String {
    format!("plugin.{}", opener.key())
}

fn output_schema(registry: &Registry) -> Value {
    let outputs: Vec<&Entry> = registry.entries().filter(|entry| entry.kind() == RoleKind::Output).collect();
    let format = |entry: &Entry| entry.name().trim_start_matches("output.").to_owned();
    let mut properties = Map::new();
    for entry in &outputs {
        let options = json!({"anyOf": [{"type": "string"}, {"$ref": reference(entry.name())}, {"type": "null"}],
                             "description": entry.summary()});
        properties.insert(format(entry), options);
    }
    properties.insert(
        "id".to_owned(),
        json!({"type": "string", "description": "What the output is called in the manifest."}),
    );
    let named: Vec<Value> = outputs.iter().map(|entry| json!({"required": [format(entry)]})).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false, "oneOf": named})
}

fn reference(name: &str) -> String {
    format!("#/$defs/{name}")
}

/// The schema of a part as the definition `name`. Its own definitions stay inside it, so that those of two parts do not meet.
fn definition(mut schema: Value, name: &str) -> Value {
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("$schema");
    }
    move_references(&mut schema, &reference(name));
    if let Some(inner) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
        inner.values_mut().for_each(allow_variables_in_properties);
    }
    allow_variables_in_properties(&mut schema);
    schema
}

fn move_references(schema: &mut Value, to: &str) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(target) if key == "$ref" => *target = target.replacen('#', to, 1),
                    _ => move_references(value, to),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_references(item, to)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn variable() -> Value {
    json!({"type": "string", "pattern": r"\$\{[A-Za-z_]"})
}

/// Any value may come by a variable, which is a text in the file.
fn allow_variables(schema: &mut Value) {
    allow_variables_in_properties(schema);
    if schema["type"] == "string" && schema.get("enum").is_none() && schema.get("maxLength").is_none() {
        return;
    }
    let plain = std::mem::take(schema);
    let description = plain.get("description").cloned();
    *schema = json!({"anyOf": [plain, variable()]});
    schema
        .as_object_mut()
        .expect("json! made an object")
        .extend(description.map(|text| ("description".to_owned(), text)));
}

fn allow_variables_in_properties(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else { return };
    if let Some(properties) = fields.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(allow_variables);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = fields.get_mut(key).filter(|inner| inner.is_object()) {
            allow_variables(inner);
        }
    }
}
