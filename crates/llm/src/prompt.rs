//! Prompts with places for what a document has: `Summarize this in {length}: {text}`.

use std::ops::Range;

use docmill_core::OptionError;

/// What a place in a prompt stands for, and how it is written.
const PLACES: [(&str, Place); 8] = [
    ("text", Place::Text),
    ("title", Place::Title),
    ("language", Place::Language),
    ("length", Place::Length),
    ("sentences", Place::Sentences),
    ("words", Place::Words),
    ("part", Place::Part),
    ("parts", Place::Parts),
];

/// What is put in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The text of the document, or of the part of it.
    Text,
    /// Its title; nothing where it has none.
    Title,
    /// Its language, such as `en`; nothing where it is not known.
    Language,
    /// The length asked for in words, such as `at most 3 sentences`.
    Length,
    /// The option `sentences`.
    Sentences,
    /// The option `words`.
    Words,
    /// Which part of the text it is, from 1.
    Part,
    /// How many parts the text has.
    Parts,
}

/// A prompt that was looked through once.
#[derive(Debug, Clone)]
pub(crate) struct Prompt(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Place(Place),
}

impl Prompt {
    /// Looks through the prompt of the option at `pointer`. `{{` and `}}` stand for braces; so does a brace that names nothing.
    pub(crate) fn parse(pointer: &str, text: &str) -> Result<Self, Vec<OptionError>> {
        let (mut pieces, mut errors, mut plain) = (Vec::new(), Vec::new(), String::new());
        let mut rest = 0;
        while let Some(next) = text[rest..].chars().next() {
            let left = &text[rest..];
            if left.starts_with("{{") || left.starts_with("}}") {
                plain.push(next);
                rest += 2;
            } else if let Some(name) = name(left) {
                let within = rest..rest + name.len() + 2;
                rest = within.end;
                match PLACES.iter().find(|(known, _)| *known == name) {
                    Some((_, place)) => {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                        pieces.push(Piece::Place(*place));
                    }
                    None => errors.push(unknown(pointer, name, within)),
                }
            } else {
                plain.push(next);
                rest += next.len_utf8();
            }
        }
        pieces.push(Piece::Text(plain));
        if errors.is_empty() { Ok(Self(pieces)) } else { Err(errors) }
    }

    /// Whether it has this place.
    pub(crate) fn has(&self, wanted: Place) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Place(place) if *place == wanted))
    }

    /// The prompt with `value` in its places. What is put in is not looked through again.
    pub(crate) fn filled<'v>(&self, value: impl Fn(Place) -> &'v str) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Place(place) => value(*place),
            })
            .collect()
    }
}

/// The name in braces with which the text begins.
fn name(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('{')?.split_once('}')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.';
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

fn unknown(pointer: &str, name: &str, within: Range<usize>) -> OptionError {
    let names = PLACES.map(|(name, _)| name);
    let all = names.map(|name| format!("`{{{name}}}`")).join(", ");
    let error = OptionError::new(pointer, format!("`{{{name}}}` stands for nothing; there are {all}")).within(within);
    match docmill_core::nearest(name, &names) {
        Some(near) => error.with_help(format!("did you mean `{{{near}}}`?")),
        None => error.with_help(format!("for the characters themselves, write `{{{{{name}}}}}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(prompt: &str, text: &str) -> String {
        let value = |place| match place {
            Place::Text => text,
            Place::Title => "On Ports",
            Place::Language | Place::Length | Place::Sentences | Place::Words | Place::Part | Place::Parts => "?",
        };
        Prompt::parse("/prompt", prompt).unwrap().filled(value)
    }

    #[test]
    fn places_are_filled_and_braces_can_be_written() {
        let check = |prompt: &str, expected: &str| assert_eq!(filled(prompt, "It grew."), expected, "{prompt}");
        check("{title}: {text}", "On Ports: It grew.");
        check("{text}{text}", "It grew.It grew.");
        check("Answer like {{title}} or { \"a\": 1 } or {} or {é", "Answer like {title} or { \"a\": 1 } or {} or {é");
        check("", "");
    }

    #[test]
    fn what_a_document_says_is_not_looked_through() {
        assert_eq!(filled("<{text}>", "{title} {{ {nothing}"), "<{title} {{ {nothing}>");
    }

    #[test]
    fn places_that_stand_for_nothing_are_refused_with_their_bytes() {
        let errors = Prompt::parse("/prompt", "é {titel} {text} {key}").unwrap_err();
        let found: Vec<_> = errors.iter().map(|error| (error.within.clone(), error.help.as_deref())).collect();
        assert_eq!(found[0], (Some(3..10), Some("did you mean `{title}`?")));
        assert_eq!(found[1], (Some(18..23), Some("for the characters themselves, write `{{key}}`")));
        assert_eq!(found.len(), 2);
    }
}
