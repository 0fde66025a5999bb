//! Terms of a dictionary of one's own, of any size.
//!
//! All terms are one Aho-Corasick automaton, so that a text is read once however many there are. Letters are folded to
//! lower case only where that keeps their length in bytes, so that offsets stay those of the text.

use std::path::{Path, PathBuf};

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};
use docmill_core::{
    Annotation, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage,
    StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_yaml::Value;

/// Annotates the terms of a dictionary.
///
/// The dictionary is a file: a CSV file (`.csv`) with a header and the columns `term`, `id` and `kind`, of which the last two may
/// be missing; or a YAML file with a list of terms, a mapping `term: id`, or a mapping `id: [term, term]`. Where two entries
/// have the same term, the first counts. Of terms that overlap, the leftmost is taken, and the longest that begins there.
///
/// The value is `{"id": …, "term": …}`, with the term as the dictionary has it; without an id, the term is its own id.
///
/// ```yaml
/// - tag.dictionary: { path: ports.csv, kind: port, ignore_case: true }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Dictionary {
    /// The file with the terms, relative to the pipeline file.
    pub path: PathBuf,
    /// Kind of the annotations, where the file says none.
    pub kind: String,
    /// Whether `Port` is found as `port` and `PORT` too.
    pub ignore_case: bool,
    /// Whether terms are found as whole words only.
    pub whole_words: bool,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self { path: PathBuf::new(), kind: "term".to_owned(), ignore_case: false, whole_words: true }
    }
}

impl Component for Dictionary {
    const NAME: &'static str = "tag.dictionary";
    const KIND: RoleKind = RoleKind::Stage;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Annotations(self.kind.clone().into())]
    }

    fn build(self, cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.path.as_os_str().is_empty() {
            return Err(vec![OptionError::new("/path", "expected the path of a CSV or YAML file with the terms")]);
        }
        if self.kind.trim().is_empty() {
            return Err(vec![OptionError::new("/kind", "expected the name of a kind, such as `term`")]);
        }
        let text = cx.read_text("/path", &self.path).map_err(|error| vec![error])?;
        let refused = |errors: Vec<String>| -> Vec<OptionError> {
            errors.into_iter().map(|message| OptionError::new("/path", message)).collect()
        };
        let entries = read(&self.path, &text).map_err(refused)?;
        drop(text);
        Ok(Role::stage(Matcher::new(&self, entries).map_err(|message| refused(vec![message]))?))
    }
}

/// An entry of the dictionary.
#[derive(Debug, PartialEq)]
struct Entry {
    term: Box<str>,
    /// `None` where the term is its own id.
    id: Option<Box<str>>,
    kind: Option<Box<str>>,
}

/// Mistakes of a file that are reported at once; more would not help.
const MOST_ERRORS: usize = 20;

fn read(path: &Path, text: &str) -> Result<Vec<Entry>, Vec<String>> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let entries = if extension.eq_ignore_ascii_case("csv") { read_csv(path, text) } else { read_yaml(path, text) }?;
    if entries.is_empty() {
        return Err(vec![format!("{}: there are no terms in it", path.display())]);
    }
    Ok(entries)
}

fn read_csv(path: &Path, text: &str) -> Result<Vec<Entry>, Vec<String>> {
    let path = path.display();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| vec![format!("{path}: {error}")])?.clone();
    let column = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let Some(term) = column("term") else {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        return Err(vec![format!("{path}:1: expected a header with the column `term`, found: {found}")]);
    };
    let (id, kind) = (column("id"), column("kind"));
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cell = |column: Option<usize>| column.and_then(|at| record.get(at)).filter(|cell| !cell.is_empty());
                match cell(Some(term)) {
                    Some(term) => {
                        let id = cell(id).filter(|id| *id != term);
                        entries.push(Entry {
                            term: term.into(),
                            id: id.map(Into::into),
                            kind: cell(kind).map(Into::into),
                        });
                    }
                    None => errors.push(format!("{path}:{line}: expected a term, found an empty cell")),
                }
            }
            Err(error) => errors.push(format!("{path}: {error}")),
        }
        if errors.len() >= MOST_ERRORS {
            break;
        }
    }
    if errors.is_empty() { Ok(entries) } else { Err(errors) }
}

fn read_yaml(path: &Path, text: &str) -> Result<Vec<Entry>, Vec<String>> {
    let path = path.display();
    let value: Value = serde_yaml::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        vec![format!("{path}:{line}: {error}")]
    })?;
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    let mut add =
        |term: Option<String>, id: Option<String>, place: String| match term.filter(|term| !term.trim().is_empty()) {
            Some(term) => {
                let id = id.filter(|id| *id != term);
                entries.push(Entry { term: term.trim().into(), id: id.map(Into::into), kind: None });
            }
            // A parsed value does not know its line any more; its place in the file does.
            None if errors.len() < MOST_ERRORS => errors.push(format!("{path}: {place}: expected a term as text")),
            None => {}
        };
    match value {
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                add(scalar(item), None, format!("item {}", index + 1));
            }
        }
        Value::Mapping(pairs) => {
            for (index, (key, value)) in pairs.iter().enumerate() {
                let place = format!("entry {}", index + 1);
                match value {
                    Value::Sequence(terms) => {
                        for term in terms {
                            add(scalar(term), scalar(key), place.clone());
                        }
                    }
                    Value::Null => add(scalar(key), None, place),
                    value => match scalar(value) {
                        Some(id) => add(scalar(key), Some(id), place),
                        None => add(None, None, place),
                    },
                }
            }
        }
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Tagged(_) => {
            return Err(vec![format!("{path}:1: expected a list of terms, a mapping `term: id` or `id: [terms]`")]);
        }
    }
    if errors.is_empty() { Ok(entries) } else { Err(errors) }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => None,
    }
}

/// The dictionary, ready to be looked for.
struct Matcher {
    automaton: AhoCorasick,
    entries: Vec<Entry>,
    kind: String,
    ignore_case: bool,
    whole_words: bool,
}

impl Matcher {
    fn new(options: &Dictionary, entries: Vec<Entry>) -> Result<Self, String> {
        let ignore_case = options.ignore_case;
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(StartKind::Both)
            // A DFA of millions of terms would not fit into memory.
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(entries.iter().map(|entry| if ignore_case { folded(&entry.term) } else { entry.term.to_string() }))
            .map_err(|error| {
                format!("{}: the terms cannot be put into one automaton: {error}", options.path.display())
            })?;
        Ok(Self { automaton, entries, kind: options.kind.clone(), ignore_case, whole_words: options.whole_words })
    }

    /// The matches in `text`, in order, none overlapping another.
    fn matches(&self, text: &str) -> Vec<(ByteSpan, usize)> {
        let mut found = Vec::new();
        let mut start = 0;
        while let Some(first) = self.automaton.find(Input::new(text).span(start..text.len())) {
            let mut candidate = Some(first);
            while let Some(at) = candidate.filter(|at| !self.fits(text, at.start(), at.end())) {
                // A shorter term that begins here may be a whole word where the longest is none.
                let shorter = Input::new(text).span(at.start()..at.end() - 1).anchored(Anchored::Yes);
                candidate = if starts_word(text, at.start()) { self.automaton.find(shorter) } else { None };
            }
            start = match candidate {
                Some(at) => {
                    found.push((ByteSpan::new(at.start(), at.end()), at.pattern().as_usize()));
                    at.end()
                }
                None => first.start() + text[first.start()..].chars().next().map_or(1, char::len_utf8),
            };
        }
        found
    }

    fn fits(&self, text: &str, start: usize, end: usize) -> bool {
        !self.whole_words || starts_word(text, start) && ends_word(text, end)
    }
}

impl Stage for Matcher {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let matches = if self.ignore_case { self.matches(&folded(doc.text())) } else { self.matches(doc.text()) };
        for (span, index) in matches {
            let entry = &self.entries[index];
            let id = entry.id.as_deref().unwrap_or(&entry.term);
            let kind = entry.kind.as_deref().unwrap_or(&self.kind).to_owned();
            doc.annotate(Annotation::new(kind, span).with_value(serde_json::json!({ "id": id, "term": &*entry.term })));
        }
        Ok(())
    }
}

/// Whether no word goes on over `start` from the left.
fn starts_word(text: &str, start: usize) -> bool {
    let inside = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    !(inside(text[..start].chars().next_back()) && inside(text[start..].chars().next()))
}

/// Whether no word goes on over `end` to the right.
fn ends_word(text: &str, end: usize) -> bool {
    // The same question: whether `end` lies inside a word.
    starts_word(text, end)
}

/// The text in lower case, each letter as long as it was; the few whose length would change stay as they are.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .map(|letter| {
            let mut lower = letter.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(lower), None) if lower.len_utf8() == letter.len_utf8() => lower,
                _ => letter,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matcher(terms: &[&str], options: &Dictionary) -> Matcher {
        let entries = terms.iter().map(|term| Entry { term: (*term).into(), id: None, kind: None }).collect();
        Matcher::new(options, entries).unwrap()
    }

    fn found(matcher: &Matcher, text: &str) -> Vec<String> {
        let mut doc = Document::from_text("test.txt", text);
        matcher.apply(&mut doc, &Context::default()).unwrap();
        doc.annotations().iter().map(|found| found.span.of(doc.text()).unwrap().to_owned()).collect()
    }

    fn errors(name: &str, text: &str) -> Vec<String> {
        read(Path::new(name), text).unwrap_err()
    }

    #[test]
    fn the_longest_term_that_is_a_whole_word_is_taken() {
        let matcher = matcher(&["New York", "New York C", "York", "port"], &Dictionary::default());
        assert_eq!(found(&matcher, "New York City has a port, a portal and a seaport."), ["New York", "port"]);
    }

    #[test]
    fn parts_of_words_are_found_where_they_are_asked_for() {
        let matcher = matcher(&["port"], &Dictionary { whole_words: false, ..Dictionary::default() });
        assert_eq!(found(&matcher, "a seaport, a portal"), ["port", "port"]);
    }

    #[test]
    fn case_is_ignored_beyond_ascii() {
        let matcher = matcher(&["Ärger in Öl"], &Dictionary { ignore_case: true, ..Dictionary::default() });
        assert_eq!(found(&matcher, "İ: ÄRGER IN ÖL und ärger in öl"), ["ÄRGER IN ÖL", "ärger in öl"]);
    }

    #[test]
    fn a_csv_file_gives_ids_and_kinds() {
        let entries = read(Path::new("t.csv"), "id,term,kind\nP1,Port Calder,port\n,Saltmere,\n").unwrap();
        assert_eq!(
            entries,
            [
                Entry { term: "Port Calder".into(), id: Some("P1".into()), kind: Some("port".into()) },
                Entry { term: "Saltmere".into(), id: None, kind: None },
            ]
        );
    }

    #[test]
    fn a_yaml_file_is_a_list_or_a_mapping_of_terms_or_of_ids() {
        let ids = |text: &str| -> Vec<(String, Option<String>)> {
            let entries = read(Path::new("t.yaml"), text).unwrap();
            entries.into_iter().map(|entry| (entry.term.into(), entry.id.map(Into::into))).collect()
        };
        assert_eq!(ids("- a\n- b"), [("a".to_owned(), None), ("b".to_owned(), None)]);
        assert_eq!(ids("a: 7"), [("a".to_owned(), Some("7".to_owned()))]);
        assert_eq!(ids("x: [a, b]"), [("a", "x"), ("b", "x")].map(|(a, x)| (a.to_owned(), Some(x.to_owned()))));
    }

    #[test]
    fn mistakes_name_the_file_and_the_line() {
        assert_eq!(
            errors("t.csv", "name,id\nx,1"),
            ["t.csv:1: expected a header with the column `term`, found: name, id"]
        );
        assert_eq!(errors("t.csv", "term,id\nx,1\n,2\n"), ["t.csv:3: expected a term, found an empty cell"]);
        assert!(errors("t.yaml", "a: [b")[0].starts_with("t.yaml:"));
        assert_eq!(errors("t.yaml", "- a\n- [b]"), ["t.yaml: item 2: expected a term as text"]);
        assert_eq!(errors("t.csv", "term\n"), ["t.csv: there are no terms in it"]);
    }

    #[test]
    fn a_dictionary_without_a_path_is_refused() {
        let Err(errors) = Dictionary::default().build(&BuildContext::default()) else { panic!("it was built") };
        assert_eq!(errors[0].pointer, "/path");
    }

    proptest! {
        #[test]
        fn matches_are_spans_in_order(text in "[aAbÄäİ ]{0,40}", terms in prop::collection::vec("[aAbÄİ ]{1,4}", 1..6)) {
            let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
            for ignore_case in [false, true] {
                let matcher = matcher(&terms, &Dictionary { ignore_case, ..Dictionary::default() });
                let mut end = 0;
                for (span, _) in matcher.matches(&if ignore_case { folded(&text) } else { text.clone() }) {
                    prop_assert!(span.start >= end && !span.is_empty() && span.of(&text).is_some());
                    end = span.end;
                }
            }
        }
    }
}
