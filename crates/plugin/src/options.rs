//! Options of a plugin, held against the JSON Schema (2020-12) that it states.

use docmill_core::contract::Descriptor;
use docmill_core::{OptionError, describe, escape, unknown_option};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value};

/// The schema of a plugin's options, compiled.
pub(crate) struct Options {
    schema: Value,
    validator: Validator,
}

impl Options {
    /// The options of a plugin that describes itself so.
    pub(crate) fn of(descriptor: &Descriptor) -> Result<Self, OptionError> {
        let schema = descriptor.options.clone();
        let wrong = |why: String| OptionError::new("", format!("the schema of its options is wrong: {why}"));
        if !schema.is_object() {
            return Err(wrong(format!("expected a JSON Schema, found {}", describe(&schema))));
        }
        let kind = schema.get("type").unwrap_or(&Value::Null);
        if !kind.is_null() && kind != "object" {
            return Err(wrong(format!("its `type` is {kind}, expected \"object\"")));
        }
        let validator = jsonschema::validator_for(&schema).map_err(|error| wrong(error.to_string()))?;
        Ok(Self { schema, validator })
    }

    /// The options of the stage `name` in `given`, defaults filled in; or all that is wrong with them.
    pub(crate) fn read(&self, name: &str, given: &Value) -> Result<Value, Vec<OptionError>> {
        let mut full = match given {
            Value::Null => Map::new(),
            Value::Object(given) => given.clone(),
            other => {
                let found = describe(other);
                let message = format!("expected the options of {name} as `name: value` pairs, found {found}");
                return Err(vec![OptionError::new("", message)]);
            }
        };
        let mut errors = Vec::new();
        let none = Map::new();
        let known = self.schema["properties"].as_object().unwrap_or(&none);
        // A schema that says nothing of further options has none: a mistyped name must not be passed over.
        let open = self.schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false))
            || self.schema.get("patternProperties").is_some();
        if !open {
            full.retain(|key, _| {
                let is_known = known.contains_key(key);
                if !is_known {
                    errors.push(unknown_option(name, key, format!("/{}", escape(key)), known));
                }
                is_known
            });
        }
        fill_in(&mut full, &self.schema);
        let full = Value::Object(full);
        errors.extend(self.validator.iter_errors(&full).flat_map(|error| option_errors(name, &error)));
        if errors.is_empty() { Ok(full) } else { Err(errors) }
    }
}

/// Puts the defaults of a schema where nothing was given, in objects that were given too.
fn fill_in(given: &mut Map<String, Value>, schema: &Value) {
    for (key, of_key) in schema["properties"].as_object().into_iter().flatten() {
        match given.get_mut(key) {
            Some(Value::Object(inner)) => fill_in(inner, of_key),
            Some(_) => {}
            None => {
                if let Some(default) = of_key.get("default") {
                    given.insert(key.clone(), default.clone());
                }
            }
        }
    }
}

fn option_errors(name: &str, error: &ValidationError<'_>) -> Vec<OptionError> {
    let pointer = error.instance_path().to_string();
    let found = describe(error.instance());
    let expected = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let one = |key: &String| unknown_option(name, key, format!("{pointer}/{}", escape(key)), &Map::new());
            return unexpected.iter().map(one).collect();
        }
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            return vec![OptionError::new(pointer, format!("the option `{property}` is missing"))];
        }
        ValidationErrorKind::Type { kind } => match kind {
            TypeKind::Single(kind) => article(&kind.to_string()),
            TypeKind::Multiple(kinds) => {
                kinds.into_iter().map(|kind| article(&kind.to_string())).collect::<Vec<_>>().join(" or ")
            }
        },
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            format!("one of {}", options.iter().map(Value::to_string).collect::<Vec<_>>().join(", "))
        }
        ValidationErrorKind::Constant { expected_value } => expected_value.to_string(),
        ValidationErrorKind::Minimum { limit } => format!("at least {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("at most {limit}"),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        ValidationErrorKind::MinLength { limit } => format!("at least {limit} characters"),
        ValidationErrorKind::MaxLength { limit } => format!("at most {limit} characters"),
        ValidationErrorKind::MinItems { limit } => format!("at least {limit} items"),
        ValidationErrorKind::MaxItems { limit } => format!("at most {limit} items"),
        ValidationErrorKind::Pattern { pattern } => format!("a text that matches {pattern}"),
        _ => return vec![OptionError::new(pointer, error.to_string())],
    };
    vec![OptionError::new(pointer, format!("expected {expected}, found {found}"))]
}

fn article(kind: &str) -> String {
    match kind {
        "array" => "a list".to_owned(),
        "object" => "a mapping".to_owned(),
        "boolean" => "true or false".to_owned(),
        "string" => "a text".to_owned(),
        "integer" => "a whole number".to_owned(),
        "null" => "nothing".to_owned(),
        other => format!("a {other}"),
    }
}
