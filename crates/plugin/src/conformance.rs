//! The conformance suite: whether a stage keeps its side of the contract, whatever it is written in.
//!
//! Each check works on the stage as a pipeline would have it, through the host. A check that found nothing to look at says so
//! ([`Outcome::Unseen`]): a stage that annotated nothing has not shown that its offsets are right.

mod documents;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use docmill_core::{
    BuildContext, BuildError, Built, ByteSpan, Context, Document, Entry, Field, Limits, Offsets, Registry, Role,
    RoleKind, StageError, UnitSpan, Units, Verdict,
};
use serde::Serialize;
use serde_json::{Value, json};

use documents::Sample;

/// How many threads work with one stage at a time.
const THREADS: usize = 4;
/// How long a stage may take to end: then it is told to.
const END: Duration = Duration::from_secs(2);

/// What is tried.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// The options of the stage: an object, or null for its defaults.
    pub options: Value,
    /// Texts of the user's own, by name, beside those of the suite: they should have something in them for the stage to find.
    pub texts: Vec<(String, String)>,
    /// What a document may cost.
    pub limits: Limits,
}

/// What came of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked.
    pub name: &'static str,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// How long it took.
    pub milliseconds: u64,
}

/// Whether a check passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "detail", rename_all = "snake_case")]
pub enum Outcome {
    /// It did: what was seen.
    Passed(String),
    /// It did not: why.
    Failed(String),
    /// There was nothing to see it by: what would show it.
    Unseen(String),
}

/// A stage, or a plugin of any kind, on trial. Why there is no trial is the error.
///
/// # Errors
/// Where the registry has no stage or filter of this name.
pub fn conformance(registry: &Registry, name: &str, trial: &Trial) -> Result<Vec<Check>, String> {
    let entry = registry.get(name).ok_or_else(|| format!("there is no stage `{name}`"))?;
    if !matches!(entry.kind(), RoleKind::Stage | RoleKind::Filter) {
        return Err(format!("`{name}` is of another kind: stages and filters are tested here"));
    }
    let suite = Suite { registry, entry, trial, samples: documents::samples(&trial.texts), usual: Mutex::default() };
    let checks = checks();
    let mut done: Vec<Check> = Vec::new();
    for (name, check) in checks {
        let began = Instant::now();
        let outcome = check(&suite);
        let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let hopeless = name == checks[1].0 && matches!(outcome, Outcome::Failed(_));
        done.push(Check { name, outcome, milliseconds });
        if hopeless {
            // Without a stage there is nothing more to see.
            break;
        }
    }
    Ok(done)
}

/// A check at work.
type Question<'s> = fn(&Suite<'s>) -> Outcome;

/// The checks in their order.
fn checks<'s>() -> [(&'static str, Question<'s>); 10] {
    [
        ("describes itself", Suite::describes),
        ("takes options that fit its schema", Suite::takes_options),
        ("refuses options that do not", Suite::refuses_options),
        ("works on documents of all kinds", Suite::works),
        ("counts offsets as it says", Suite::counts),
        ("answers the same to the same document", Suite::repeats),
        ("does not look at other documents", Suite::forgets),
        ("works on several documents at a time", Suite::shares),
        ("goes on after a restart", Suite::restarts),
        ("ends when it is asked to", Suite::ends),
    ]
}

struct Suite<'s> {
    registry: &'s Registry,
    entry: &'s Entry,
    trial: &'s Trial,
    samples: Vec<Sample>,
    /// What the stage makes of each document, in their order.
    usual: Mutex<Vec<Seen>>,
}

/// What a stage made of a document: the document and what follows, or the error, as text to compare.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Seen(String);

impl Suite<'_> {
    fn build(&self, options: &Value) -> Result<Built, BuildError> {
        self.registry.build(self.entry.name(), options, &BuildContext::new("", self.trial.limits.clone()))
    }

    fn stage(&self) -> Result<Built, Outcome> {
        self.build(&self.trial.options).map_err(|error| Outcome::Failed(error.to_string()))
    }

    fn describes(&self) -> Outcome {
        let schema = self.entry.schema();
        let mut missing = Vec::new();
        if self.entry.version().is_empty() {
            missing.push("its version".to_owned());
        }
        if self.entry.summary().trim().is_empty() {
            missing.push("a summary".to_owned());
        }
        let options = schema["properties"].as_object();
        for (option, of) in options.into_iter().flatten() {
            if !of["description"].is_string() && !of["$ref"].is_string() {
                missing.push(format!("what the option `{option}` is for"));
            }
        }
        if !missing.is_empty() {
            return Outcome::Failed(format!("it does not say: {}", missing.join(", ")));
        }
        let gives: Vec<String> = self.entry.gives().iter().map(Field::name).collect();
        Outcome::Passed(format!("version {}, gives {}", self.entry.version(), list(&gives)))
    }

    fn takes_options(&self) -> Outcome {
        let built = match self.stage() {
            Ok(built) => built,
            Err(outcome) => return outcome,
        };
        match self.build(&built.options) {
            Ok(again) if again.options == built.options => Outcome::Passed(format!("with {}", built.options)),
            Ok(again) => Outcome::Failed(format!("{} become {}", built.options, again.options)),
            Err(error) => Outcome::Failed(format!("its own options, written out: {error}")),
        }
    }

    fn refuses_options(&self) -> Outcome {
        let with = |name: &str, value: Value| {
            let mut options = if self.trial.options.is_object() { self.trial.options.clone() } else { json!({}) };
            options[name] = value;
            options
        };
        let mut refused = 0;
        let mut accepted = Vec::new();
        let mut wrong: Vec<(String, Value)> = vec![("no-such-option".to_owned(), json!(1))];
        let schema = self.entry.schema();
        for (name, of) in schema["properties"].as_object().into_iter().flatten() {
            wrong.extend(documents::misfit(of).map(|value| (name.clone(), value)));
        }
        for (name, value) in wrong {
            match self.build(&with(&name, value.clone())) {
                Ok(_) => accepted.push(format!("{name}: {value}")),
                Err(_) => refused += 1,
            }
        }
        if accepted.is_empty() {
            return Outcome::Passed(format!("{refused} wrong ones"));
        }
        Outcome::Failed(format!("it takes {}", accepted.join(", ")))
    }

    fn works(&self) -> Outcome {
        let built = match self.stage() {
            Ok(built) => built,
            Err(outcome) => return outcome,
        };
        let mut broken = Vec::new();
        let (mut refused, mut slowest) = (Vec::new(), (Duration::ZERO, String::new()));
        let mut usual = Vec::with_capacity(self.samples.len());
        for sample in self.samples.iter().chain(&documents::large()) {
            let began = Instant::now();
            let (seen, error) = self.seen(&built, sample);
            if began.elapsed() > slowest.0 {
                slowest = (began.elapsed(), sample.name.clone());
            }
            usual.push(seen);
            match error {
                None => {}
                Some(StageError::Failed(why)) => refused.push(format!("{} ({why})", sample.name)),
                Some(error) => broken.push(format!("{}: {}", sample.name, docmill_core::chain(&error).join(": "))),
            }
        }
        let tried = usual.len();
        // The large ones are not tried again.
        usual.truncate(self.samples.len());
        *self.usual.lock().unwrap_or_else(PoisonError::into_inner) = usual;
        if !broken.is_empty() {
            return Outcome::Failed(broken.join("; "));
        }
        let refused = if refused.is_empty() { String::new() } else { format!("; it refuses {}", refused.join(", ")) };
        Outcome::Passed(format!(
            "{} documents, the slowest ({}) in {} ms{refused}",
            tried,
            slowest.1,
            slowest.0.as_millis()
        ))
    }

    /// Whether spans are where they should be in a text that is not ASCII. What the stage finds in a text is looked for again in the
    /// same text after a line of characters that each unit counts otherwise.
    fn counts(&self) -> Outcome {
        let spans =
            |gives: &Field| matches!(gives, Field::Annotations(_) | Field::Tags(_) | Field::Summary | Field::Text);
        if !self.entry.gives().iter().any(spans) {
            return Outcome::Passed("it gives no spans".to_owned());
        }
        let built = match self.stage() {
            Ok(built) => built,
            Err(outcome) => return outcome,
        };
        let mut compared = 0;
        for sample in self.samples.iter().filter(|sample| sample.is_prose) {
            let (plain, shifted) = (sample.after(documents::PLAIN), sample.after(documents::WIDE));
            let Ok(Some(plain)) = self.found(&built, &plain) else { continue };
            let shifted = match self.found(&built, &shifted) {
                Ok(Some(shifted)) => shifted,
                Ok(None) => continue,
                Err(error) => {
                    return Outcome::Failed(format!("{}, after a line of wide characters: {error}", sample.name));
                }
            };
            let wanted = plain.texts(|span| span);
            let seen = shifted.texts(|span| span);
            if wanted.is_empty() {
                continue;
            }
            if wanted == seen {
                compared += wanted.len();
                continue;
            }
            for (said, counted) in [
                (Offsets::Utf8, Offsets::Codepoint),
                (Offsets::Utf8, Offsets::Utf16),
                (Offsets::Codepoint, Offsets::Utf8),
                (Offsets::Codepoint, Offsets::Utf16),
                (Offsets::Utf16, Offsets::Utf8),
                (Offsets::Utf16, Offsets::Codepoint),
            ] {
                let as_said = Units::new(&shifted.text, said);
                let as_counted = Units::new(&shifted.text, counted);
                let reread = |span| {
                    as_said.of(span).and_then(|UnitSpan { start, end }| as_counted.bytes(UnitSpan { start, end }))
                };
                if shifted.texts(|span| reread(span).unwrap_or_default()) == wanted {
                    let why = format!("it counts {}, and says that it counts {}", counted.name(), said.name());
                    return Outcome::Failed(format!("{}: {why}", sample.name));
                }
            }
        }
        if compared == 0 {
            let what = "it found nothing in any text: give it one to find something in (`--document FILE`)";
            return Outcome::Unseen(what.to_owned());
        }
        Outcome::Passed(format!("{compared} spans in texts of all widths"))
    }

    fn repeats(&self) -> Outcome {
        if self.stage().is_ok_and(|built| !built.deterministic) {
            return Outcome::Passed("it says that it does not".to_owned());
        }
        self.same(|built| self.samples.iter().map(|sample| self.seen(built, sample).0).collect())
    }

    fn forgets(&self) -> Outcome {
        self.same(|built| {
            let mut seen: Vec<Seen> = self.samples.iter().rev().map(|sample| self.seen(built, sample).0).collect();
            seen.reverse();
            seen
        })
    }

    fn shares(&self) -> Outcome {
        self.same(|built| {
            let next = AtomicUsize::new(0);
            let all: Vec<Mutex<Seen>> = self.samples.iter().map(|_| Mutex::default()).collect();
            std::thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        loop {
                            let index = next.fetch_add(1, Ordering::Relaxed);
                            let Some((sample, place)) = self.samples.get(index).zip(all.get(index)) else { return };
                            *place.lock().unwrap_or_else(PoisonError::into_inner) = self.seen(built, sample).0;
                        }
                    });
                }
            });
            all.into_iter().map(|seen| seen.into_inner().unwrap_or_default()).collect()
        })
    }

    fn restarts(&self) -> Outcome {
        let half = self.samples.len() / 2;
        self.same(|built| {
            let first = self.samples[..half].iter().map(|sample| self.seen(built, sample).0).collect::<Vec<_>>();
            let Ok(again) = self.stage() else { return first };
            first.into_iter().chain(self.samples[half..].iter().map(|sample| self.seen(&again, sample).0)).collect()
        })
    }

    fn ends(&self) -> Outcome {
        let built = match self.stage() {
            Ok(built) => built,
            Err(outcome) => return outcome,
        };
        if let Some(sample) = self.samples.first() {
            self.seen(&built, sample);
        }
        let began = Instant::now();
        drop(built);
        if began.elapsed() > END {
            return Outcome::Failed(format!("it took longer than {END:?}, and was told to"));
        }
        Outcome::Passed(format!("in {} ms", began.elapsed().as_millis()))
    }

    /// Whether a new instance of the stage makes of the documents what the first one did, in a way of working through them.
    fn same(&self, work: impl Fn(&Built) -> Vec<Seen>) -> Outcome {
        let built = match self.stage() {
            Ok(built) => built,
            Err(outcome) => return outcome,
        };
        if !built.deterministic {
            work(&built);
            return Outcome::Passed("nothing fails; it does not say that its answers are the same".to_owned());
        }
        let usual = self.usual.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let seen = work(&built);
        let other = self.samples.iter().zip(usual.iter().zip(&seen)).filter(|(_, (usual, seen))| usual != seen);
        let other: Vec<&str> = other.map(|(sample, _)| sample.name.as_str()).collect();
        if other.is_empty() && usual.len() == seen.len() {
            return Outcome::Passed(format!("{} documents", seen.len()));
        }
        Outcome::Failed(format!("it answers otherwise for: {}", other.join(", ")))
    }

    fn seen(&self, built: &Built, sample: &Sample) -> (Seen, Option<StageError>) {
        let mut doc = sample.document();
        match self.judge(built, &mut doc) {
            Ok(verdict) => (Seen(json!([verdict, doc]).to_string()), None),
            Err(error) => (Seen(docmill_core::chain(&error).join(": ")), Some(error)),
        }
    }

    fn judge(&self, built: &Built, doc: &mut Document) -> Result<Verdict, StageError> {
        let cx = Context::new(self.trial.limits.clone());
        let role = built.role.clone();
        docmill_isolation::caught(|| match &role {
            Role::Stage(stage) => stage.apply(doc, &cx).map(|()| Verdict::Keep),
            Role::Filter(filter) => filter.judge(doc, &cx),
            Role::Input(_) | Role::Reader(_) | Role::Corpus(_) | Role::Output(_) => Ok(Verdict::Keep),
        })
    }

    /// What the stage finds in a text, where it does not drop it.
    fn found(&self, built: &Built, sample: &Sample) -> Result<Option<Found>, StageError> {
        let mut doc = sample.document();
        let verdict = self.judge(built, &mut doc)?;
        let edits = doc.source_map().changes().map(|(before, _)| before);
        let annotations = doc.annotations().iter().map(|annotation| annotation.span);
        let evidence = doc.tags().iter().flat_map(|tag| tag.evidence.iter().copied());
        let sentences = doc.summary().into_iter().flat_map(|summary| &summary.sentences).map(|sentence| sentence.span);
        let of_text = annotations.chain(evidence).chain(sentences).map(|span| doc.to_original(span));
        let spans = of_text.chain(edits).filter(|span| !span.is_empty()).collect();
        Ok((verdict == Verdict::Keep).then_some(Found { text: sample.text.clone(), spans }))
    }
}

/// The spans that a stage found or changed in a text.
struct Found {
    text: String,
    spans: Vec<ByteSpan>,
}

impl Found {
    /// What stands at the spans, each read by `reread`, sorted.
    fn texts(&self, reread: impl Fn(ByteSpan) -> ByteSpan) -> Vec<&str> {
        let mut texts: Vec<&str> =
            self.spans.iter().map(|&span| reread(span).of(&self.text).unwrap_or_default()).collect();
        texts.sort_unstable();
        texts
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
