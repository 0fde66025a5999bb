//! A compiled script, and what its functions came to.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use docmill_core::contract::{Answer, Descriptor, Given, PluginStage};
use docmill_core::{ByteSize, Context, OptionError, StageError};
use rhai::{AST, Dynamic, Engine, EvalAltResult, Map, Position, Scope};
use serde_json::Value;

use super::engine::{Budget, Over, engine};
use super::{ScriptLimits, values};

/// The longest script, in bytes: so long that Rhai can count the columns of a line.
const MAX_LENGTH: usize = 64_000;
/// The stack that calls have, in bytes: that of the workers of a run.
const STACK_SIZE: usize = 16 << 20;
/// How much of an error is kept, in characters: the script's own words can quote the document.
const MAX_REASON: usize = 200;

/// The functions that docmill calls, and what they take.
const CALLED: [(&str, &[&str]); 3] = [("process", &["doc", "options"]), ("start", &["options"]), ("describe", &[])];

/// A script that was compiled and looked over.
pub(super) struct Program {
    /// What it is called in messages.
    name: String,
    engine: Engine,
    /// Each function that docmill calls: its name, and its body as a program of its own. Called as a function, it would lose the
    /// place at which a limit ended it.
    entries: Vec<(&'static str, AST)>,
    limits: ScriptLimits,
    /// The longest that `start` and `describe` may take.
    time: Duration,
}

/// What is wrong with a script.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) line: usize,
    pub(super) column: usize,
    /// The bytes of the script.
    pub(super) span: Range<usize>,
    pub(super) message: String,
}

/// Why a call came to nothing.
pub(super) enum Stop {
    /// The time was up.
    Time,
    /// The script threw this, at this place.
    Thrown(Dynamic, Position),
    /// It failed: a message with its place.
    Failed(String),
}

impl Program {
    /// Compiles a script. `document` is the size of the largest document.
    pub(super) fn compile(
        name: &str,
        source: &str,
        limits: &ScriptLimits,
        document: ByteSize,
        time: Duration,
    ) -> Result<Self, Mistake> {
        if source.len() > MAX_LENGTH {
            let message =
                format!("the script is too long: expected at most {MAX_LENGTH} bytes, found {}", source.len());
            return Err(Mistake { line: 1, column: 1, span: 0..0, message });
        }
        let text = usize::try_from(document.0.saturating_mul(2)).unwrap_or(usize::MAX);
        let engine = engine(limits, text);
        let ast = engine.compile(source).map_err(|error| Mistake::at(source, error.1, lower(&error.0.to_string())))?;
        if let Some(statement) = ast.statements().first() {
            let message = "only functions stand in a script: this would never be run";
            return Err(Mistake::at(source, statement.position(), message.to_owned()));
        }
        let mut entries = Vec::new();
        for (name, takes) in CALLED {
            let Some(function) = ast.iter_fn_def().find(|function| function.name == name) else { continue };
            if !function.params.iter().eq(takes) {
                let at = source.find(&format!("fn {name}")).unwrap_or_default();
                let message = format!("expected `fn {name}({})`", takes.join(", "));
                return Err(Mistake::within(source, at..at + "fn ".len() + name.len(), message));
            }
            let span = offset(source, function.body.start_position())..offset(source, function.body.end_position());
            let body = alone(source, span).ok_or("its body has no beginning and end".to_owned());
            let body = body.and_then(|body| {
                let mut scope = Scope::new();
                for name in takes {
                    scope.push_dynamic(*name, Dynamic::UNIT);
                }
                engine.compile_with_scope(&scope, body).map_err(|error| error.to_string())
            });
            let body =
                body.map_err(|reason| Mistake::within(source, 0..0, format!("{name}() cannot be called: {reason}")))?;
            entries.push((name, ast.merge(&body)));
        }
        let program = Self { name: name.to_owned(), engine, entries, limits: limits.clone(), time };
        if !program.has("process") {
            let message = "the script has no `fn process(doc, options)`, which is called for each document";
            return Err(Mistake { line: 1, column: 1, span: 0..0, message: message.to_owned() });
        }
        Ok(program)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has this function.
    pub(super) fn has(&self, function: &str) -> bool {
        self.entries.iter().any(|(name, _)| *name == function)
    }

    /// Calls a function with values for what it takes.
    fn call(&self, function: &str, arguments: Vec<Dynamic>, budget: Budget) -> Result<Dynamic, Stop> {
        let Some((_, body)) = self.entries.iter().find(|(name, _)| *name == function) else {
            return Err(Stop::Failed(format!("{}: there is no {function}()", self.name)));
        };
        let takes = CALLED.iter().find(|(name, _)| *name == function).map_or(&[][..], |(_, takes)| takes);
        let mut scope = Scope::new();
        for (name, value) in takes.iter().zip(arguments) {
            scope.push_dynamic(*name, value);
        }
        let called = budget.spend(|| self.engine.eval_ast_with_scope::<Dynamic>(&mut scope, body));
        called.map_err(|error| self.stop(*error, budget))
    }

    /// Calls a function before there is a document, on a stack as large as documents have.
    fn call_before(&self, function: &str, arguments: Vec<Dynamic>) -> Result<Dynamic, Stop> {
        std::thread::scope(|scope| {
            let call = || self.call(function, arguments, Budget::new(&self.limits, 0, self.time));
            let called = std::thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, call);
            let failed = |what: &str| Err(Stop::Failed(format!("{}: {function}() {what}", self.name)));
            match called.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(result)) => result,
                Ok(Err(_)) => failed("panicked"),
                Err(error) => failed(&format!("has no thread: {error}")),
            }
        })
    }

    /// `describe()`, as JSON.
    pub(super) fn describe(&self) -> Result<Value, String> {
        let described = self.call_before("describe", Vec::new());
        let described = described.map_err(|stop| self.told(stop))?;
        values::to_json(&described).map_err(|odd| format!("{}: describe() gives what is no JSON: {odd}", self.name))
    }

    /// `start(options)`, where there is one: what is wrong with the options.
    pub(super) fn start(&self, options: &Dynamic) -> Result<(), Vec<OptionError>> {
        if !self.has("start") {
            return Ok(());
        }
        match self.call_before("start", vec![options.clone()]) {
            Ok(_) => Ok(()),
            Err(Stop::Thrown(thrown, at)) => Err(self.option_errors(&thrown, at)),
            Err(stop) => Err(vec![OptionError::new("", self.told(stop))]),
        }
    }

    /// What `start` threw: a text, a map with `message` and perhaps `pointer` and `help`, or an array of these.
    fn option_errors(&self, thrown: &Dynamic, at: Position) -> Vec<OptionError> {
        let text = |value: &Dynamic| value.clone().into_immutable_string().ok().map(|text| bounded(&text));
        if let Some(items) = thrown.read_lock::<rhai::Array>() {
            return items.iter().flat_map(|item| self.option_errors(item, at)).collect();
        }
        if let Some(message) = text(thrown) {
            return vec![OptionError::new("", message)];
        }
        let error = thrown.read_lock::<Map>().and_then(|map| {
            let error =
                OptionError::new(map.get("pointer").and_then(text).unwrap_or_default(), text(map.get("message")?)?);
            Some(OptionError { help: map.get("help").and_then(text), ..error })
        });
        let expected = "start() threw something that is no text and no map with `message`";
        vec![error.unwrap_or_else(|| OptionError::new("", self.placed(at, expected)))]
    }

    fn stop(&self, error: EvalAltResult, budget: Budget) -> Stop {
        let mut error = error;
        // The innermost place that is known: an empty loop, for one, has none.
        let mut at = error.take_position();
        while let EvalAltResult::ErrorInFunctionCall(_, _, inner, _) = error {
            error = *inner;
            let inner = error.take_position();
            at = if inner.is_none() { at } else { inner };
        }
        let message = match error {
            EvalAltResult::ErrorTerminated(over, _) => match over.try_cast::<Over>() {
                Some(Over::Steps) => format!("it took more than {} steps (`limits.operations`)", budget.steps()),
                Some(Over::Time) | None => return Stop::Time,
            },
            EvalAltResult::ErrorRuntime(thrown, _) => return Stop::Thrown(thrown, at),
            EvalAltResult::ErrorStackOverflow(_) => {
                format!("functions call functions more than {} deep (`limits.depth`)", self.limits.depth)
            }
            EvalAltResult::ErrorDataTooLarge(what, _) if what.starts_with("Length of string") => {
                format!("a text became longer than {} bytes (twice `limits.document`)", self.engine.max_string_size())
            }
            EvalAltResult::ErrorDataTooLarge(..) => {
                format!("a value has more than {} items (`limits.items`)", self.limits.items)
            }
            EvalAltResult::ErrorPropertyNotFound(name, _) => format!("there is no `{name}`"),
            EvalAltResult::ErrorFunctionNotFound(name, _) => format!("there is no function `{name}`"),
            other => lower(&other.to_string()),
        };
        Stop::Failed(self.placed(at, &message))
    }

    fn placed(&self, at: Position, message: &str) -> String {
        let place = at.line().map(|line| format!(":{line}:{}", at.position().unwrap_or(1)));
        format!("{}{}: {}", self.name, place.unwrap_or_default(), bounded(message))
    }

    /// A stop where nobody waits for options errors.
    fn told(&self, stop: Stop) -> String {
        match stop {
            Stop::Time => format!("{}: it took longer than limits.time = {:?}", self.name, self.time),
            Stop::Thrown(thrown, at) => self.placed(at, &thrown.to_string()),
            Stop::Failed(message) => message,
        }
    }
}

/// The byte at which a place of Rhai's is.
fn offset(source: &str, at: Position) -> usize {
    let (line, column) = (at.line().unwrap_or(1), at.position().unwrap_or(1).max(1));
    let before: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = source[before..].lines().next().unwrap_or_default();
    before + rest.chars().take(column - 1).map(char::len_utf8).sum::<usize>()
}

/// The inside of the braces at both ends of a span, at its lines and columns, and spaces before it.
fn alone(source: &str, span: Range<usize>) -> Option<String> {
    let body = source.get(span.clone())?.strip_prefix('{').filter(|_| source[span.end..].starts_with('}'))?;
    let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
    Some(source[..=span.start].chars().map(blank).chain(body.chars()).collect())
}

impl Mistake {
    fn at(source: &str, at: Position, message: String) -> Self {
        let (line, column) = (at.line().unwrap_or(1), at.position().unwrap_or(1).max(1));
        let start = offset(source, at);
        let word = source[start..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(source.len() - start);
        let length = if word > 0 { word } else { source[start..].chars().next().map_or(0, char::len_utf8) };
        Self { line, column, span: start..start + length, message }
    }

    fn within(source: &str, span: Range<usize>, message: String) -> Self {
        let before = &source[..span.start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line, column, span, message }
    }
}

/// A script that was started: what both kinds of stages call.
pub(super) struct Started {
    pub(super) program: Arc<Program>,
    pub(super) options: Dynamic,
}

impl PluginStage for Started {
    fn process(&self, given: &Given<'_>, cx: &Context) -> Result<Answer, StageError> {
        let time = cx.time_left().unwrap_or(Duration::MAX).min(cx.limits.time.0);
        let text = given.document().text();
        let budget = Budget::new(&self.program.limits, text.len(), time);
        let answered = self.program.call("process", vec![document(given).into(), self.options.clone()], budget);
        let answered = answered.map_err(|stop| match stop {
            Stop::Time => {
                cx.time_left().filter(std::time::Duration::is_zero).and_then(|_| cx.timed_out()).unwrap_or_else(|| {
                    StageError::Limit {
                        limit: "limits.time",
                        value: cx.limits.time.to_string(),
                        found: "the time of the script".to_owned(),
                    }
                })
            }
            stop => StageError::Failed(self.program.told(stop)),
        })?;
        if answered.is_unit() {
            return Ok(Answer::default());
        }
        let name = self.program.name();
        let broken = |what: String| StageError::Contract(bounded(&what));
        if !answered.is_map() {
            return Err(broken(format!("{name}: process() gives a map or nothing, and gave {}", answered.type_name())));
        }
        let answer = values::to_json(&answered).map_err(|odd| broken(format!("{name}: {odd}")))?;
        serde_path_to_error::deserialize(answer).map_err(|error| {
            let path = error.path().to_string();
            broken(format!("{name}: {path}: {}", error.into_inner()))
        })
    }
}

/// A document as a script sees it.
fn document(given: &Given<'_>) -> Map {
    let doc = given.document();
    let optional = |text: Option<&str>| text.map_or(Dynamic::UNIT, Into::into);
    let mut map = Map::new();
    map.insert("id".into(), doc.id().to_string().into());
    map.insert("uri".into(), doc.source().uri.as_str().into());
    map.insert("media_type".into(), doc.source().media_type.as_str().into());
    map.insert("title".into(), optional(doc.title()));
    map.insert("language".into(), optional(doc.language()));
    map.insert("text".into(), doc.text().into());
    let meta: Map = doc.meta.iter().map(|(key, value)| (key.into(), values::to_rhai(value))).collect();
    map.insert("meta".into(), meta.into());
    for (name, value) in given.needed() {
        map.insert(name.into(), values::to_rhai(&value));
    }
    map
}

/// Descriptors of scripts are read here, so that both kinds have the same offsets.
pub(super) fn descriptor(value: Value) -> Result<Descriptor, String> {
    let described: Result<Descriptor, _> = serde_path_to_error::deserialize(value);
    described.map_err(|error| {
        let path = error.path().to_string();
        let reason = error.into_inner().to_string();
        if path == "." { reason } else { format!("{path}: {reason}") }
    })
}

fn bounded(message: &str) -> String {
    if message.chars().count() <= MAX_REASON {
        return message.to_owned();
    }
    let mut kept: String = message.chars().take(MAX_REASON).collect();
    kept.push_str(" ...");
    kept
}

/// A message of Rhai's, which begins a sentence, as the rest of one.
fn lower(message: &str) -> String {
    let mut chars = message.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            format!("{}{}", first.to_lowercase(), chars.as_str())
        }
        _ => message.to_owned(),
    }
}
