//! What docmill adds to the functions of Rhai. Offsets count code points.
//!
//! | call | gives |
//! | --- | --- |
//! | `find_words(text, words)` | each place where one of `words` (ASCII letters and digits) stands, whatever its case, with no ASCII letter or digit beside it, in order |
//! | `find_all(text, pattern)` | each match of a regular expression, in order |
//! | `matches(text, pattern)` | whether a regular expression matches somewhere |
//! | `list()` | an empty list for the answer, to `push` to: it may become longer than an array, and grows faster |
//!
//! A place has `start`, `end`, `text`, and `groups`: the text of each group of the pattern, `()` for those that took no part.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use regex::{Regex, RegexBuilder};
use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, NativeCallContext};
use serde_json::Value;

use super::engine::charge;
use super::values;

/// The longest pattern, in bytes.
const PATTERN: usize = 2000;
/// The largest compiled pattern, in bytes.
const COMPILED: usize = 1 << 20;
/// The most places that are found in a text.
const PLACES: usize = 2_000_000;
/// How many compiled patterns are kept. Those of a script are few; those made of a document's text could be many.
const KEPT: usize = 64;

type Called<T> = Result<T, Box<EvalAltResult>>;

/// Adds the functions.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Place>("Place");
    engine.register_get("start", |place: &mut Place| place.start);
    engine.register_get("end", |place: &mut Place| place.end);
    engine.register_get("text", |place: &mut Place| place.text.clone());
    engine.register_get("groups", |place: &mut Place| place.groups.clone());
    engine.register_type_with_name::<Found>("Places");
    engine.register_iterator::<Found>();
    engine.register_fn("len", |found: &mut Found| i64::try_from(found.0.len()).unwrap_or(i64::MAX));
    engine.register_indexer_get(|found: &mut Found, index: i64| -> Called<Place> {
        let place = usize::try_from(index).ok().and_then(|index| found.0.get(index));
        Ok(place.ok_or_else(|| format!("{} places have no index {index}", found.0.len()))?.clone())
    });
    engine.register_type_with_name::<List>("List");
    engine.register_fn("list", List::default);
    engine.register_fn("push", |context: NativeCallContext<'_>, list: &mut List, value: Dynamic| {
        list.push(&value, context.engine().max_string_size().saturating_mul(4))
    });
    engine.register_fn("len", |list: &mut List| i64::try_from(list.values.len()).unwrap_or(i64::MAX));
    let patterns = Arc::new(Patterns::default());
    engine.register_fn("find_words", move |text: ImmutableString, words: Array| find_words(&text, &words));
    let kept = Arc::clone(&patterns);
    engine.register_fn("find_all", move |text: ImmutableString, pattern: ImmutableString| {
        find_all(&text, &*kept.get(&pattern)?)
    });
    engine.register_fn("matches", move |text: ImmutableString, pattern: ImmutableString| -> Called<bool> {
        charge(text.len());
        Ok(patterns.get(&pattern)?.is_match(&text))
    });
}

/// Something that was found. It is no map, since there may be many, and maps are counted by their entries.
#[derive(Clone)]
struct Place {
    start: i64,
    end: i64,
    text: ImmutableString,
    groups: Array,
}

/// Places in their order. They are no array, so that there can be many.
#[derive(Clone)]
struct Found(Arc<Vec<Place>>);

impl IntoIterator for Found {
    type Item = Place;
    type IntoIter = std::vec::IntoIter<Place>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_iter()
    }
}

/// What a script gathers for its answer. Rhai counts an array at each `push` and bounds it, since it may be nested; a list holds
/// plain JSON, and is counted as it grows.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    values: Vec<Value>,
    bytes: usize,
    /// How deep its values are nested.
    depth: usize,
}

impl List {
    fn push(&mut self, value: &Dynamic, most: usize) -> Called<()> {
        let value = values::to_json(value)?;
        let bytes = size(&value);
        charge(bytes);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > most {
            return Err(format!("a list became larger than {most} bytes (eight times `limits.document`)").into());
        }
        self.depth = self.depth.max(depth(&value));
        self.values.push(value);
        Ok(())
    }

    /// As an array of JSON, where that is nested no deeper than this.
    pub(super) fn json(&self, deepest: usize) -> Option<Value> {
        (self.depth < deepest).then(|| Value::Array(self.values.clone()))
    }
}

/// How deep a value is nested: 1 for one that holds no other.
fn depth(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(entries) => entries.values().map(depth).max().unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// About how many bytes a value takes.
fn size(value: &Value) -> usize {
    let own = size_of::<Value>();
    own + match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(entries) => entries.iter().map(|(key, value)| key.len() + own + size(value)).sum(),
    }
}

/// Compiled patterns by what they were written as.
#[derive(Default)]
struct Patterns(RwLock<HashMap<String, Arc<Regex>>>);

impl Patterns {
    fn get(&self, pattern: &str) -> Called<Arc<Regex>> {
        charge(pattern.len());
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
            return Ok(Arc::clone(known));
        }
        if pattern.len() > PATTERN {
            return Err(format!("a pattern of {} bytes, expected at most {PATTERN}", pattern.len()).into());
        }
        let compiled = RegexBuilder::new(pattern).size_limit(COMPILED).dfa_size_limit(COMPILED).nest_limit(50).build();
        let compiled = compiled.map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
            format!("no regular expression: {reason}")
        })?;
        let compiled = Arc::new(compiled);
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.insert(pattern.to_owned(), Arc::clone(&compiled));
        }
        Ok(compiled)
    }
}

fn find_words(text: &str, words: &Array) -> Called<Found> {
    charge(text.len());
    let mut wanted = HashSet::with_capacity(words.len());
    for word in words {
        let word =
            word.clone().into_immutable_string().map_err(|found| format!("a word is {found}, expected a text"))?;
        if word.is_empty() || !word.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let shown: String = word.chars().take(40).collect();
            return Err(format!("{shown:?} is no word of ASCII letters and digits: find it with find_all").into());
        }
        wanted.insert(word.to_ascii_lowercase());
    }
    let longest = wanted.iter().map(String::len).max().unwrap_or_default();
    let mut places = Places::new(text);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_alphanumeric).map(|skipped| at + skipped) {
        let rest = &bytes[start..];
        let end = start + rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
        at = end;
        if end - start > longest {
            continue;
        }
        if wanted.contains(&text[start..end].to_ascii_lowercase()) {
            places.add(start, end, Vec::new())?;
        }
    }
    Ok(Found(Arc::new(places.found)))
}

fn find_all(text: &str, pattern: &Regex) -> Called<Found> {
    charge(text.len());
    let mut places = Places::new(text);
    for found in pattern.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let group = |group: Option<regex::Match<'_>>| group.map_or(Dynamic::UNIT, |group| group.as_str().into());
        let groups: Array = found.iter().skip(1).map(group).collect();
        places.add(whole.start(), whole.end(), groups)?;
    }
    Ok(Found(Arc::new(places.found)))
}

/// Places found from left to right.
struct Places<'t> {
    text: &'t str,
    /// Bytes and code points up to the end of the last place.
    bytes: usize,
    points: usize,
    found: Vec<Place>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, bytes: 0, points: 0, found: Vec::new() }
    }

    fn add(&mut self, start: usize, end: usize, groups: Array) -> Called<()> {
        if self.found.len() == PLACES {
            return Err(format!("more than {PLACES} places").into());
        }
        let first = self.points + self.text[self.bytes..start].chars().count();
        let last = first + self.text[start..end].chars().count();
        (self.bytes, self.points) = (end, last);
        let offset = |points: usize| i64::try_from(points).unwrap_or(i64::MAX);
        let text = self.text[start..end].into();
        self.found.push(Place { start: offset(first), end: offset(last), text, groups });
        Ok(())
    }
}
