//! Variables: `${name}`, `${name:-fallback}`, `${env:NAME}`, and `$${` for a `${` that is meant.
//!
//! A variable that is the whole scalar keeps its type; otherwise its text is put in. Variables may use each other in any
//! order. What they expand to is bounded, as aliases are.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use docmill_core::nearest;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::node::{Content, Entry, Node};
use crate::redact::Secrets;
use crate::source::Place;

/// How much variables may expand to, in bytes and values, over a whole file.
const MAX_EXPANSION: usize = 1 << 20;
/// How far variables may use each other.
const MAX_CHAIN: usize = 16;

/// Reads a variable of the environment.
pub(crate) type Environment<'r> = Box<dyn Fn(&str) -> Option<String> + 'r>;

/// What all files of a pipeline share.
pub(crate) struct Ledger<'r> {
    environment: Environment<'r>,
    used: RefCell<BTreeSet<String>>,
    pub(crate) secrets: RefCell<Secrets>,
    budget: Cell<usize>,
}

/// The variables that one file can use.
pub(crate) struct Variables<'l, 'r> {
    ledger: &'l Ledger<'r>,
    defined: BTreeMap<String, Variable>,
}

/// A variable: its value as written, and the place of its name.
#[derive(Clone)]
pub(crate) struct Variable {
    pub(crate) place: Place,
    pub(crate) value: Node,
}

/// A piece of a scalar.
enum Piece<'t> {
    Text(&'t str),
    Use(Use<'t>),
}

/// `${name}` or `${env:NAME}`, each perhaps with a fallback.
struct Use<'t> {
    name: &'t str,
    environment: bool,
    fallback: Option<&'t str>,
    /// The bytes of the scalar that it stands in, and the bytes of the name.
    span: std::ops::Range<usize>,
}

impl<'r> Ledger<'r> {
    pub(crate) fn new(environment: Environment<'r>) -> Self {
        Self { environment, used: RefCell::default(), secrets: RefCell::default(), budget: Cell::new(MAX_EXPANSION) }
    }

    pub(crate) fn is_used(&self, name: &str) -> bool {
        self.used.borrow().contains(name)
    }

    /// Takes from what may be expanded; `false` when nothing is left.
    fn spend(&self, amount: usize) -> bool {
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(amount));
        left > amount
    }
}

impl<'l, 'r> Variables<'l, 'r> {
    pub(crate) fn new(ledger: &'l Ledger<'r>, defined: BTreeMap<String, Variable>) -> Self {
        Self { ledger, defined }
    }

    /// Those of an included file: what it defines are defaults.
    pub(crate) fn within(&self, defaults: BTreeMap<String, Variable>) -> Self {
        let mut defined = defaults;
        defined.extend(self.defined.iter().map(|(name, variable)| (name.clone(), variable.clone())));
        Self::new(self.ledger, defined)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.defined.iter().map(|(name, variable)| (name.as_str(), variable))
    }

    /// The value with all variables put in. What cannot be put in is reported, and broken in the result.
    pub(crate) fn resolve(&self, node: &Node, report: &mut Diagnostics) -> Node {
        self.value(node, &mut Vec::new(), report)
    }

    fn value<'a>(&'a self, node: &Node, chain: &mut Vec<&'a str>, report: &mut Diagnostics) -> Node {
        let content = match &node.content {
            Content::Scalar(Value::String(text)) if text.contains("${") => {
                return self.scalar(node, text, chain, report);
            }
            Content::Scalar(_) | Content::Broken => return node.clone(),
            Content::List(items) => Content::List(items.iter().map(|item| self.value(item, chain, report)).collect()),
            Content::Map(entries) => Content::Map(
                entries
                    .iter()
                    .map(|entry| Entry { value: self.value(&entry.value, chain, report), ..entry.clone() })
                    .collect(),
            ),
        };
        Node { content, ..node.clone() }
    }

    fn scalar<'a>(&'a self, node: &Node, text: &str, chain: &mut Vec<&'a str>, report: &mut Diagnostics) -> Node {
        let broken = Node::broken(node.place.clone());
        let pieces = match pieces(text) {
            Ok(pieces) => pieces,
            Err((at, problem)) => {
                report.push(
                    Diagnostic::error(place_in(node, at..text.len()), problem)
                        .label("expected `${name}`, `${name:-fallback}` or `${env:NAME}`")
                        .help("for the characters `${` themselves, write `$${`"),
                );
                return broken;
            }
        };
        if let [Piece::Use(variable)] = pieces.as_slice() {
            return self.variable(node, variable, chain, report).unwrap_or(broken);
        }
        let mut whole = Node::text(node.place.clone(), "");
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Use(variable) => {
                    let Some(value) = self.variable(node, &variable, chain, report) else { return broken };
                    let Some(text) = as_text(&value) else {
                        if !value.is_broken() {
                            report.push(not_a_text(node, &variable, &value));
                        }
                        return broken;
                    };
                    whole.secret |= value.secret;
                    whole.origin = value.origin;
                    out.push_str(&text);
                }
            }
        }
        whole.origin = whole.origin.or_else(|| Some(node.place.clone()));
        whole.content = Content::Scalar(Value::String(out));
        whole
    }

    /// The value of one use, at the place of the use.
    fn variable<'a>(
        &'a self,
        node: &Node,
        variable: &Use<'_>,
        chain: &mut Vec<&'a str>,
        report: &mut Diagnostics,
    ) -> Option<Node> {
        // Without this, variables that stand for nothing could use each other for a very long time.
        if self.ledger.budget.get() == 0 {
            return None;
        }
        let value = if variable.environment {
            self.of_environment(node, variable, report)?
        } else {
            self.of_pipeline(node, variable, chain, report)?
        };
        let left_before = self.ledger.budget.get() > 0;
        if !self.ledger.spend(1 + size(&value)) {
            if left_before {
                let message = "variables expand to more than 1 MiB";
                report.push(Diagnostic::error(node.place.clone(), message).label("the limit is passed here"));
            }
            return None;
        }
        Some(value)
    }

    fn of_environment(&self, node: &Node, variable: &Use<'_>, report: &mut Diagnostics) -> Option<Node> {
        let name = variable.name;
        if let Some(value) = (self.ledger.environment)(name) {
            self.ledger.secrets.borrow_mut().add(&value);
            let origin = Some(node.place.clone());
            return Some(Node { secret: true, origin, ..Node::text(node.place.clone(), value) });
        }
        if let Some(fallback) = variable.fallback {
            return Some(fallback_value(node, fallback));
        }
        report.push(
            Diagnostic::error(
                place_in(node, variable.span.clone()),
                format!("the environment has no variable `{name}`"),
            )
            .label("not set")
            .help(format!("set it (`export {name}=...`), or give a fallback: `${{env:{name}:-...}}`")),
        );
        None
    }

    fn of_pipeline<'a>(
        &'a self,
        node: &Node,
        variable: &Use<'_>,
        chain: &mut Vec<&'a str>,
        report: &mut Diagnostics,
    ) -> Option<Node> {
        self.ledger.used.borrow_mut().insert(variable.name.to_owned());
        let Some((name, definition)) = self.defined.get_key_value(variable.name) else {
            if let Some(fallback) = variable.fallback {
                return Some(fallback_value(node, fallback));
            }
            report.push(self.missing(node, variable));
            return None;
        };
        let uses = |chain: &[&str]| chain.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" -> ");
        if let Some(start) = chain.iter().position(|earlier| earlier == name) {
            let mut cycle = chain[start..].to_vec();
            cycle.push(name);
            // Told once, at the variable of the cycle whose name comes first.
            let first = chain[start..].iter().min().and_then(|name| self.defined.get(*name)).unwrap_or(definition);
            let first_name = chain[start..].iter().min().copied().unwrap_or(name);
            let turn = chain[start..].iter().position(|name| *name == first_name).unwrap_or(0);
            cycle.pop();
            cycle.rotate_left(turn);
            cycle.push(first_name);
            report.push(
                Diagnostic::error(first.place.clone(), "variables use each other in a circle")
                    .label(format!("{} again", uses(&cycle))),
            );
            return None;
        }
        if chain.len() >= MAX_CHAIN {
            report.push(
                Diagnostic::error(node.place.clone(), format!("variables use each other more than {MAX_CHAIN} deep"))
                    .label("the limit is passed here"),
            );
            return None;
        }
        chain.push(name);
        let value = self.value(&definition.value, chain, report);
        chain.pop();
        let origin = value.origin.clone().filter(|_| !value.secret).or(Some(value.place.clone()));
        let place = match value.content {
            Content::Scalar(_) | Content::Broken => node.place.clone(),
            // The parts of a list or mapping are shown where they are written.
            Content::List(_) | Content::Map(_) => value.place.clone(),
        };
        Some(Node { place, origin, ..value })
    }

    fn missing(&self, node: &Node, variable: &Use<'_>) -> Diagnostic {
        let name = variable.name;
        let names: Vec<&str> = self.defined.keys().map(String::as_str).collect();
        let diagnostic =
            Diagnostic::error(place_in(node, variable.span.clone()), format!("there is no variable `{name}`"))
                .label("not defined");
        match nearest(name, &names) {
            Some(near) => diagnostic.help(format!("did you mean `${{{near}}}`?")),
            None => diagnostic.help(format!("define it under `vars:`, or give it with `--set {name}=...`")),
        }
    }
}

/// Reads `vars:` as written; their values may use variables too.
pub(crate) fn definitions(node: Option<&Node>, report: &mut Diagnostics) -> BTreeMap<String, Variable> {
    let mut defined = BTreeMap::new();
    let Some(node) = node.filter(|node| !node.is_null()) else { return defined };
    let Content::Map(entries) = &node.content else {
        report.push(
            Diagnostic::error(node.place.clone(), "`vars` is no mapping")
                .label(format!("expected `name: value` pairs, found {}", node.found())),
        );
        return defined;
    };
    for entry in entries {
        if is_name(&entry.name) {
            let variable = Variable { place: entry.place.clone(), value: entry.value.clone() };
            defined.insert(entry.name.clone(), variable);
        } else {
            report.push(
                Diagnostic::error(entry.place.clone(), format!("`{}` cannot name a variable", entry.name))
                    .label("expected letters, digits, `_` and `-`, beginning with a letter or `_`"),
            );
        }
    }
    defined
}

pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// A text in which `${` means nothing, for pipelines that are written out.
pub(crate) fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// Splits a scalar; on failure, where and what is wrong.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, (usize, String)> {
    let mut pieces = Vec::new();
    let mut rest = 0;
    while let Some(found) = text[rest..].find("${") {
        let at = rest + found;
        if text[rest..at].ends_with('$') {
            pieces.push(Piece::Text(&text[rest..at - 1]));
            pieces.push(Piece::Text("${"));
            rest = at + 2;
            continue;
        }
        if at > rest {
            pieces.push(Piece::Text(&text[rest..at]));
        }
        let Some(length) = text[at..].find('}') else {
            return Err((at, "`${` is never closed".to_owned()));
        };
        let inner = &text[at + 2..at + length];
        let (name, fallback) = match inner.split_once(":-") {
            Some((name, fallback)) => (name, Some(fallback)),
            None => (inner, None),
        };
        let (name, environment) = match name.strip_prefix("env:") {
            Some(name) => (name, true),
            None => (name, false),
        };
        if !is_name(name) {
            return Err((at, format!("`{name}` cannot name a variable")));
        }
        let end = at + length + 1;
        pieces.push(Piece::Use(Use { name, environment, fallback, span: at..end }));
        rest = end;
    }
    if rest < text.len() {
        pieces.push(Piece::Text(&text[rest..]));
    }
    Ok(pieces)
}

/// The place of a part of a scalar, or of all of it where that cannot be told.
pub(crate) fn place_in(node: &Node, span: std::ops::Range<usize>) -> Place {
    match (node.offset_in_file(span.start), node.offset_in_file(span.end)) {
        (Some(start), Some(end)) => Place::new(node.place.source(), start..end),
        _ => node.place.clone(),
    }
}

/// A fallback is read as YAML reads a scalar: `${top:-12}` is a number where it is the whole scalar.
fn fallback_value(node: &Node, fallback: &str) -> Node {
    let source = crate::source::Source::new("fallback", fallback);
    let value = crate::yaml::scalar(&source, 0..fallback.len());
    Node { place: node.place.clone(), origin: Some(node.place.clone()), ..value }
}

fn as_text(node: &Node) -> Option<String> {
    match &node.content {
        Content::Scalar(Value::String(text)) => Some(text.clone()),
        Content::Scalar(Value::Null) => Some(String::new()),
        Content::Scalar(value) => Some(value.to_string()),
        Content::List(_) | Content::Map(_) | Content::Broken => None,
    }
}

fn not_a_text(node: &Node, variable: &Use<'_>, value: &Node) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        place_in(node, variable.span.clone()),
        format!("`{}` cannot be put into a text", variable.name),
    )
    .label(format!("expected a text, number or boolean, found {}", value.found()));
    match &value.origin {
        Some(origin) => diagnostic.related(origin.clone(), "its value"),
        None => diagnostic,
    }
}

fn size(node: &Node) -> usize {
    match &node.content {
        Content::Scalar(Value::String(text)) => text.len(),
        Content::Scalar(_) | Content::Broken => 1,
        Content::List(items) => items.iter().map(|item| 1 + size(item)).sum(),
        Content::Map(entries) => entries.iter().map(|entry| 1 + entry.name.len() + size(&entry.value)).sum(),
    }
}
