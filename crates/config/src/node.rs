//! A value of a pipeline file with its place.

use serde_json::{Map, Value};

use crate::source::Place;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) content: Content,
    /// Where it stands; for the value of a variable, where the variable is used.
    pub(crate) place: Place,
    /// Where it was written, when it came by a variable.
    pub(crate) origin: Option<Place>,
    /// Whether it came from the environment.
    pub(crate) secret: bool,
}

/// What a value is made of.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// It is wrong, which was reported already; what depends on it is not.
    Broken,
}

/// A key of a mapping with its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// Where the key stands.
    pub(crate) place: Place,
    pub(crate) value: Node,
}

impl Node {
    pub(crate) fn new(content: Content, place: Place) -> Self {
        Self { content, place, origin: None, secret: false }
    }

    pub(crate) fn broken(place: Place) -> Self {
        Self::new(Content::Broken, place)
    }

    pub(crate) fn text(place: Place, text: impl Into<String>) -> Self {
        Self::new(Content::Scalar(Value::String(text.into())), place)
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_broken(&self) -> bool {
        matches!(self.content, Content::Broken)
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.content, Content::Scalar(Value::Null))
    }

    /// As JSON; `None` where it is broken. A broken value of a key is left out, so that the rest can be checked.
    pub(crate) fn json(&self) -> Option<Value> {
        match &self.content {
            Content::Scalar(value) => Some(value.clone()),
            Content::List(items) => items.iter().map(Self::json).collect(),
            Content::Map(entries) => {
                let values = entries.iter().filter_map(|entry| Some((entry.name.clone(), entry.value.json()?)));
                Some(Value::Object(values.collect::<Map<_, _>>()))
            }
            Content::Broken => None,
        }
    }

    /// Whether something in it is broken.
    pub(crate) fn has_broken(&self) -> bool {
        match &self.content {
            Content::Scalar(_) => false,
            Content::List(items) => items.iter().any(Self::has_broken),
            Content::Map(entries) => entries.iter().any(|entry| entry.value.has_broken()),
            Content::Broken => true,
        }
    }

    /// What a JSON pointer leads to: the value, and the key where it has one.
    pub(crate) fn find(&self, pointer: &str) -> Option<(&Self, Option<&Place>)> {
        let mut found = (self, None);
        for part in pointer.split('/').skip(1) {
            found = found.0.child(&part.replace("~1", "/").replace("~0", "~"))?;
        }
        Some(found)
    }

    /// What a JSON pointer leads to, or the last thing on the way to it but the start.
    pub(crate) fn nearest(&self, pointer: &str) -> Option<(&Self, Option<&Place>)> {
        let ends = pointer.match_indices('/').map(|(at, _)| at).skip(1).chain([pointer.len()]);
        ends.map_while(|end| self.find(&pointer[..end])).last()
    }

    fn child(&self, name: &str) -> Option<(&Self, Option<&Place>)> {
        match &self.content {
            Content::List(items) => Some((items.get(name.parse::<usize>().ok()?)?, None)),
            Content::Map(entries) => {
                let entry = entries.iter().find(|entry| entry.name == name)?;
                Some((&entry.value, Some(&entry.place)))
            }
            Content::Scalar(_) | Content::Broken => None,
        }
    }

    /// What it is, for messages that expected something else.
    pub(crate) fn found(&self) -> String {
        match &self.content {
            Content::Scalar(Value::Null) => "nothing".to_owned(),
            Content::Scalar(Value::String(text)) if text.chars().count() > 40 => "a long text".to_owned(),
            Content::Scalar(Value::String(text)) => format!("the text `{text}`"),
            Content::Scalar(value) => format!("`{value}`"),
            Content::List(_) => "a list".to_owned(),
            Content::Map(_) => "a mapping".to_owned(),
            Content::Broken => "something else".to_owned(),
        }
    }

    /// Where byte `offset` of a text stands in its file, where that can be told: the text may be quoted, hold escaped quotes,
    /// or be folded over several lines, but not hold other escapes or variables before `offset`.
    pub(crate) fn offset_in_file(&self, offset: usize) -> Option<usize> {
        let text = self.as_text().filter(|_| self.origin.is_none())?;
        let mut written = Written::new(self.place.text());
        for wanted in text.get(..offset)?.chars() {
            written.pass(wanted)?;
        }
        written.skip_folding(text[offset..].chars().next());
        Some(self.place.span().start + written.at())
    }
}

/// A scalar as it is written, read along with what it means.
struct Written<'t> {
    text: &'t str,
    rest: std::iter::Peekable<std::str::CharIndices<'t>>,
    quote: Option<char>,
}

impl<'t> Written<'t> {
    fn new(text: &'t str) -> Self {
        let quoted = |quote: &char| text.len() > 1 && text.starts_with(*quote) && text.ends_with(*quote);
        let quote = ['"', '\''].into_iter().find(quoted);
        let mut rest = text.char_indices().peekable();
        if quote.is_some() {
            rest.next();
        }
        Self { text, rest, quote }
    }

    /// The bytes before the next character.
    fn at(&mut self) -> usize {
        self.rest.peek().map_or(self.text.len(), |&(at, _)| at)
    }

    /// Passes what stands for one character.
    fn pass(&mut self, wanted: char) -> Option<()> {
        self.skip_folding(Some(wanted));
        let (_, found) = self.rest.next()?;
        let escaped = match self.quote {
            Some('\'') => found == '\'',
            Some(_) => found == '\\',
            None => false,
        };
        let found = if escaped { self.rest.next()?.1 } else { found };
        (found == wanted || (found.is_whitespace() && wanted.is_whitespace())).then_some(())
    }

    /// Line ends and indentation stand for one space or line end, which was passed before.
    fn skip_folding(&mut self, wanted: Option<char>) {
        if wanted.is_some_and(|wanted| !wanted.is_whitespace()) {
            while self.rest.peek().is_some_and(|(_, found)| found.is_whitespace()) {
                self.rest.next();
            }
        }
    }
}
