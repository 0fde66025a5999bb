//! What of a condition can be told without a document: unknown names and functions, types that never fit, what it needs.

use std::collections::BTreeSet;
use std::ops::Range;

use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, LiteralValue, SelectExpr, operators};
use cel::{Context, IdedExpr, ParseErrors, Program, Value};
use docmill_core::{Field, nearest};

use super::{Name, WhenError};

/// The functions of CEL's standard library that conditions have, and its macros.
const FUNCTIONS: [&str; 19] = [
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "string",
    "int",
    "uint",
    "double",
    "bool",
    "bytes",
    "type",
    "dyn",
    "has",
    "all",
    "exists",
    "exists_one",
    "map",
    "filter",
];
/// The macros: they are gone after parsing, unless they were given what they do not take.
const MACROS: [&str; 6] = ["has", "all", "exists", "exists_one", "map", "filter"];
const SOURCE_KEYS: [&str; 5] = ["uri", "media_type", "encoding", "bytes", "container"];
const TYPES: [&str; 10] = ["bool", "bytes", "double", "dyn", "int", "list", "map", "null_type", "string", "uint"];

/// What is known of a condition.
pub(super) struct Checked {
    pub(super) uses: Vec<Name>,
    pub(super) keys: Vec<Field>,
    pub(super) needs: Vec<Field>,
}

/// The kind of a value, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Bool,
    List,
    Map,
    Unknown,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Bool => "true or false",
            Self::List => "a list",
            Self::Map => "a mapping",
            Self::Unknown => "something",
        }
    }
}

/// The first mistake that the parser found; the others follow from it.
pub(super) fn syntax_errors(text: &str, errors: &ParseErrors) -> Vec<WhenError> {
    let Some(error) = errors.errors.first() else { return Vec::new() };
    let from_one = |number: isize| usize::try_from(number).unwrap_or(1).max(1) - 1;
    let (line, column) = (from_one(error.pos.0), from_one(error.pos.1));
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text[before..].lines().next().unwrap_or_default();
    let at = before + rest.chars().take(column).map(char::len_utf8).sum::<usize>();
    let message = error.msg.strip_prefix("Syntax error: ").unwrap_or(&error.msg);
    let length = text[at..].chars().next().map_or(0, char::len_utf8);
    let assigned = text[at..].starts_with('=') && !text[..at].ends_with(['=', '!', '<', '>']);
    let help = assigned.then(|| "equality is written `==`".to_owned());
    let message_of = "the condition cannot be read".to_owned();
    vec![WhenError { span: at..at + length, message: message_of, label: plain(message), help }]
}

/// A message of the parser in plain words. What it would have taken is a list of its token names, and left out.
fn plain(message: &str) -> String {
    let quoted = |rest: &str| {
        let token = rest.split(" expecting ").next().unwrap_or(rest);
        token.strip_prefix('\'').and_then(|token| token.strip_suffix('\'')).unwrap_or(token).trim().to_owned()
    };
    if let Some(rest) = message.strip_prefix("token recognition error at: ") {
        return match quoted(rest) {
            text if text.starts_with(['\'', '"']) => "this text has no end, or an escape in it is unknown".to_owned(),
            token => format!("`{token}` means nothing here"),
        };
    }
    if let Some((missing, _)) = message.strip_prefix("missing ").and_then(|rest| rest.split_once(" at ")) {
        return format!("expected {} here", missing.replace('\'', "`"));
    }
    match message.split_once("input ") {
        Some((_, rest)) if quoted(rest) == "<EOF>" => "expected more: the condition ends too early".to_owned(),
        Some((_, rest)) => format!("`{}` is not expected here", quoted(rest)),
        None => message.to_owned(),
    }
}

/// Checks a program that was parsed.
pub(super) fn check(program: &Program, text: &str) -> Result<Checked, Vec<WhenError>> {
    let mut check = Check {
        program,
        text,
        scope: Vec::new(),
        errors: Vec::new(),
        uses: BTreeSet::new(),
        keys: BTreeSet::new(),
        tested: BTreeSet::new(),
        language: false,
    };
    let root = program.expression();
    let kind = check.visit(root);
    if !matches!(kind, Kind::Bool | Kind::Unknown) {
        let label = format!("expected true or false, found {}", kind.as_str());
        check.errors.push(WhenError {
            span: 0..text.len(),
            message: "this is no condition".to_owned(),
            label,
            help: None,
        });
    }
    if !check.errors.is_empty() {
        return Err(check.errors);
    }
    let mut needs: Vec<Field> = check.keys.difference(&check.tested).cloned().collect();
    if check.language {
        needs.insert(0, Field::Language);
    }
    let keys = check.keys.into_iter().collect();
    Ok(Checked { uses: check.uses.into_iter().collect(), keys, needs })
}

struct Check<'p> {
    program: &'p Program,
    text: &'p str,
    /// The variables of macros such as `exists(x, ...)` that are in scope.
    scope: Vec<&'p str>,
    errors: Vec<WhenError>,
    uses: BTreeSet<Name>,
    /// What is asked for by a fixed key.
    keys: BTreeSet<Field>,
    /// What is asked for by `has(...)` or `in` first: it may be missing.
    tested: BTreeSet<Field>,
    language: bool,
}

impl<'p> Check<'p> {
    fn visit(&mut self, expr: &'p IdedExpr) -> Kind {
        match &expr.expr {
            Expr::Literal(literal) => kind_of_literal(literal),
            Expr::Ident(name) => self.ident(expr, name),
            Expr::Select(select) => self.select(expr, select),
            Expr::Call(call) => self.call(expr, call),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::List(list) => {
                for element in &list.elements {
                    self.visit(element);
                }
                Kind::List
            }
            Expr::Map(map) => {
                self.entries(map.entries.iter().map(|entry| &entry.expr));
                Kind::Map
            }
            Expr::Struct(message) => {
                self.error(
                    expr,
                    format!("there is no type `{}`", message.type_name),
                    "conditions make no messages",
                    None,
                );
                Kind::Unknown
            }
            Expr::Unspecified => Kind::Unknown,
        }
    }

    fn entries(&mut self, entries: impl Iterator<Item = &'p EntryExpr>) {
        for entry in entries {
            match entry {
                EntryExpr::StructField(field) => {
                    self.visit(&field.value);
                }
                EntryExpr::MapEntry(entry) => {
                    self.visit(&entry.key);
                    self.visit(&entry.value);
                }
            }
        }
    }

    fn ident(&mut self, expr: &IdedExpr, name: &str) -> Kind {
        if self.scope.contains(&name) || name.starts_with('@') || TYPES.contains(&name) {
            return Kind::Unknown;
        }
        let Some(known) = Name::ALL.into_iter().find(|known| known.as_str() == name) else {
            self.unknown_name(expr, name);
            return Kind::Unknown;
        };
        self.uses.insert(known);
        match known {
            Name::Language => {
                self.language = true;
                Kind::Text
            }
            Name::Title | Name::Text => Kind::Text,
            Name::Words => Kind::Number,
            Name::Meta | Name::Source | Name::Measures | Name::Tags | Name::Annotations => Kind::Map,
        }
    }

    fn unknown_name(&mut self, expr: &IdedExpr, name: &str) {
        let mut names: Vec<&str> = Name::ALL.into_iter().map(Name::as_str).collect();
        names.extend(&self.scope);
        let help = match nearest(name, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("texts are written in quotes: \"{name}\""),
        };
        let label = format!("there are: {}", Name::ALL.map(Name::as_str).join(", "));
        self.error(expr, format!("the condition names `{name}`, which is not known"), label, Some(help));
    }

    fn select(&mut self, expr: &'p IdedExpr, select: &'p SelectExpr) -> Kind {
        self.visit(&select.operand);
        let kind = self.key(expr, &select.operand, &select.field, select.test);
        if select.test { Kind::Bool } else { kind }
    }

    /// A fixed key of one of the mappings: what it needs and what kind of value it has.
    fn key(&mut self, expr: &IdedExpr, mapping: &IdedExpr, key: &str, test: bool) -> Kind {
        let Expr::Ident(name) = &mapping.expr else { return Kind::Unknown };
        if self.scope.contains(&name.as_str()) {
            return Kind::Unknown;
        }
        let (field, kind) = match name.as_str() {
            "measures" => (Field::Measure(key.to_owned().into()), Kind::Number),
            "tags" => (Field::Tags(key.to_owned().into()), Kind::List),
            "annotations" => (Field::Annotations(key.to_owned().into()), Kind::Number),
            "source" => {
                if !SOURCE_KEYS.contains(&key) {
                    let help = nearest(key, &SOURCE_KEYS).map(|near| format!("did you mean `source.{near}`?"));
                    self.error(
                        expr,
                        format!("`source` has no `{key}`"),
                        format!("it has: {}", SOURCE_KEYS.join(", ")),
                        help,
                    );
                }
                return match key {
                    "bytes" => Kind::Number,
                    "uri" | "media_type" | "encoding" => Kind::Text,
                    _ => Kind::Unknown,
                };
            }
            _ => return Kind::Unknown,
        };
        if test {
            self.tested.insert(field);
        } else {
            self.keys.insert(field);
        }
        kind
    }

    fn call(&mut self, expr: &'p IdedExpr, call: &'p CallExpr) -> Kind {
        let target = call.target.as_deref().map(|target| self.visit(target));
        let kinds: Vec<Kind> = call.args.iter().map(|argument| self.visit(argument)).collect();
        let fixed = |argument: Option<&'p IdedExpr>| match argument.map(|argument| &argument.expr) {
            Some(Expr::Literal(LiteralValue::String(key))) => Some(key.inner()),
            _ => None,
        };
        match call.func_name.as_str() {
            operators::EQUALS
            | operators::NOT_EQUALS
            | operators::LESS
            | operators::LESS_EQUALS
            | operators::GREATER
            | operators::GREATER_EQUALS => self.comparison(expr, call, &kinds),
            operators::IN => {
                if let (Some(key), Some(mapping)) = (fixed(call.args.first()), call.args.get(1)) {
                    self.key(expr, mapping, key, true);
                }
                Kind::Bool
            }
            operators::INDEX | operators::OPT_INDEX => match (call.args.first(), fixed(call.args.get(1))) {
                (Some(mapping), Some(key)) => self.key(expr, mapping, key, false),
                _ => Kind::Unknown,
            },
            operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT | operators::NOT_STRICTLY_FALSE => {
                Kind::Bool
            }
            operators::CONDITIONAL => match kinds.as_slice() {
                [_, yes, no] if yes == no => *yes,
                _ => Kind::Unknown,
            },
            operators::ADD => kinds.first().copied().unwrap_or(Kind::Unknown),
            operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE | operators::MODULO | operators::NEGATE => {
                Kind::Number
            }
            "contains" | "startsWith" | "endsWith" | "matches" => {
                self.text_function(expr, call, target, &kinds);
                Kind::Bool
            }
            "bool" => Kind::Bool,
            "string" => Kind::Text,
            "size" | "int" | "uint" | "double" => Kind::Number,
            "bytes" | "type" | "dyn" => Kind::Unknown,
            name => {
                self.unknown_function(expr, name);
                Kind::Unknown
            }
        }
    }

    fn unknown_function(&mut self, expr: &IdedExpr, name: &str) {
        if MACROS.contains(&name) {
            self.error(
                expr,
                format!("`{name}` does not take this"),
                "expected what CEL's macro of this name takes",
                None,
            );
            return;
        }
        let help = nearest(name, &FUNCTIONS).map(|near| format!("did you mean `{near}`?"));
        let label = format!("there are: {}", FUNCTIONS.join(", "));
        self.error(expr, format!("there is no function `{name}`"), label, help);
    }

    fn comparison(&mut self, expr: &IdedExpr, call: &CallExpr, kinds: &[Kind]) -> Kind {
        if let [left, right] = kinds
            && left != right
            && *left != Kind::Unknown
            && *right != Kind::Unknown
        {
            let message = format!("this compares {} with {}", left.as_str(), right.as_str());
            let both = call.args.iter().map(|argument| self.span(argument));
            let span = both.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or_else(|| self.span(expr));
            self.errors.push(WhenError { span, message, label: "never of one type".to_owned(), help: None });
        }
        Kind::Bool
    }

    /// A function of a text with a text as its one argument; a pattern is compiled once to see that it can be.
    fn text_function(&mut self, expr: &IdedExpr, call: &CallExpr, target: Option<Kind>, kinds: &[Kind]) {
        let all: Vec<Kind> = target.into_iter().chain(kinds.iter().copied()).collect();
        if all.len() != 2 || all.iter().any(|kind| !matches!(kind, Kind::Text | Kind::Unknown)) {
            let name = &call.func_name;
            let message = format!("`{name}` does not take this");
            self.error(expr, message, format!("expected a text and a text, such as `title.{name}(\"...\")`"), None);
        } else if let (true, Some(pattern)) = (call.func_name == "matches", call.args.last())
            && matches!(pattern.expr, Expr::Literal(_))
            && let Some(reason) = pattern_error(pattern)
        {
            self.error(pattern, "this is no regular expression", reason, None);
        }
    }

    fn comprehension(&mut self, comprehension: &'p ComprehensionExpr) -> Kind {
        self.visit(&comprehension.iter_range);
        let initial = self.visit(&comprehension.accu_init);
        let outer = self.scope.len();
        self.scope.push(&comprehension.accu_var);
        self.scope.push(&comprehension.iter_var);
        self.scope.extend(comprehension.iter_var2.as_deref());
        self.visit(&comprehension.loop_cond);
        self.visit(&comprehension.loop_step);
        self.scope.truncate(outer + 1);
        self.visit(&comprehension.result);
        self.scope.truncate(outer);
        // `all` and `exists` begin with true or false, `map` and `filter` with a list; `exists_one` counts.
        match initial {
            Kind::Bool | Kind::List => initial,
            Kind::Text | Kind::Number | Kind::Map | Kind::Unknown => Kind::Unknown,
        }
    }

    fn error(&mut self, at: &IdedExpr, message: impl Into<String>, label: impl Into<String>, help: Option<String>) {
        let span = self.span(at);
        self.errors.push(WhenError { span, message: message.into(), label: label.into(), help });
    }

    /// The bytes of a part of the condition: the name of what is called or selected, else its first token.
    fn span(&self, expr: &IdedExpr) -> Range<usize> {
        let (start, last) = self.program.source_info().offset_for(expr.id).unwrap_or_default();
        let start = floor(self.text, start as usize);
        let end = self.text[floor(self.text, last as usize)..].chars().next().map_or(0, char::len_utf8) + last as usize;
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        match &expr.expr {
            // CEL gives the place of the parenthesis, the dot or the bracket.
            Expr::Call(_) if self.text[start..].starts_with('(') => {
                let before = self.text[..start].trim_end();
                before.trim_end_matches(is_name).len()..before.len()
            }
            Expr::Select(select) if self.text[start..].starts_with('.') => {
                let name = self.text[start + 1..].find(&select.field).map_or(start + 1, |at| start + 1 + at);
                name..(name + select.field.len()).min(self.text.len())
            }
            _ => start..floor(self.text, end).max(start),
        }
    }
}

fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Why a pattern of `matches` cannot be compiled, as CEL finds it.
fn pattern_error(pattern: &IdedExpr) -> Option<String> {
    let text = IdedExpr { id: 0, expr: Expr::Literal(LiteralValue::String(String::new().into())) };
    let call = CallExpr { func_name: "matches".to_owned(), target: Some(Box::new(text)), args: vec![pattern.clone()] };
    let error = Value::resolve(&IdedExpr { id: 0, expr: Expr::Call(call) }, &Context::default()).err()?.to_string();
    let reason = error.lines().last().unwrap_or_default();
    Some(reason.trim_start_matches("error: ").to_owned())
}

fn kind_of_literal(literal: &LiteralValue) -> Kind {
    match literal {
        LiteralValue::Boolean(_) => Kind::Bool,
        LiteralValue::String(_) => Kind::Text,
        LiteralValue::Double(_) | LiteralValue::Int(_) | LiteralValue::UInt(_) => Kind::Number,
        LiteralValue::Bytes(_) | LiteralValue::Null => Kind::Unknown,
    }
}
