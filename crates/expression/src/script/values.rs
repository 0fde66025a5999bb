//! From JSON to Rhai's values, and back.

use docmill_core::escape;
use rhai::{Array, Dynamic, ImmutableString, Map};
use serde_json::{Number, Value};

use super::functions::List;

/// Deepest nesting of what a script gives back.
const DEPTH: usize = 64;

/// A JSON value as a script sees it.
pub(super) fn to_rhai(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().unwrap_or(f64::NAN).into(), Dynamic::from)
        }
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(to_rhai).collect::<Array>().into(),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| (key.as_str().into(), to_rhai(value))).collect::<Map>().into()
        }
    }
}

/// What a script gave as JSON, or what of it is none, with its pointer.
pub(super) fn to_json(value: &Dynamic) -> Result<Value, String> {
    json(value, DEPTH).map_err(|Odd { pointer, what }| {
        let parts: Vec<String> = pointer.iter().rev().map(|part| escape(part)).collect();
        if parts.is_empty() { what } else { format!("/{}: {what}", parts.join("/")) }
    })
}

/// Something that JSON does not have, and the way to it from the inside out.
struct Odd {
    pointer: Vec<String>,
    what: String,
}

fn json(value: &Dynamic, depth: usize) -> Result<Value, Odd> {
    let odd = |what: String| Odd { pointer: Vec::new(), what };
    let Some(deeper) = depth.checked_sub(1) else {
        return Err(odd(format!("it is nested more than {DEPTH} deep")));
    };
    let inside = |part: &dyn Fn() -> String, item: &Dynamic| {
        json(item, deeper).map_err(|mut odd| {
            odd.pointer.push(part());
            odd
        })
    };
    if value.is_unit() {
        return Ok(Value::Null);
    }
    if let Ok(value) = value.as_bool() {
        return Ok(value.into());
    }
    if let Ok(value) = value.as_int() {
        return Ok(value.into());
    }
    if let Ok(value) = value.as_float() {
        return Number::from_f64(value).map(Value::Number).ok_or_else(|| odd(format!("{value} is no finite number")));
    }
    if let Ok(value) = value.as_char() {
        return Ok(value.to_string().into());
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return Ok(text.as_str().into());
    }
    if let Some(items) = value.read_lock::<Array>() {
        let items = items.iter().enumerate().map(|(index, item)| inside(&|| index.to_string(), item));
        return items.collect::<Result<_, _>>().map(Value::Array);
    }
    if let Some(list) = value.read_lock::<List>() {
        return list.json(depth).ok_or_else(|| odd(format!("it is nested more than {DEPTH} deep")));
    }
    if let Some(entries) = value.read_lock::<Map>() {
        let entries = entries.iter().map(|(key, item)| Ok((key.to_string(), inside(&|| key.to_string(), item)?)));
        return entries.collect::<Result<_, _>>().map(Value::Object);
    }
    Err(odd(format!("{} is no value that can leave a script", value.type_name())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_comes_back_as_it_went() {
        let value = json!({"a/b": [1, -2.5, true, null, "é"], "m": {"n": {}}, "big": 9_007_199_254_740_993_i64});
        assert_eq!(to_json(&to_rhai(&value)).unwrap(), value);
    }

    #[test]
    fn what_json_does_not_have_is_named() {
        let map: Map = [("a/b".into(), Dynamic::from(vec![Dynamic::from(f64::NAN)]))].into_iter().collect();
        assert_eq!(to_json(&map.into()).unwrap_err(), "/a~1b/0: NaN is no finite number");
        assert!(to_json(&Dynamic::from(0..3_i64)).unwrap_err().contains("no value that can leave"));
        let mut deep = Dynamic::UNIT;
        for _ in 0..DEPTH {
            deep = vec![deep].into();
        }
        assert!(to_json(&deep).unwrap_err().ends_with("nested more than 64 deep"));
    }
}
