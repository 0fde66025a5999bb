//! What each word of an English text is, as far as noun phrases need to know: its part of speech, which a model tells from the sentence
//! ([`tagged_words`]), and what its ending adds.

use docmill_analysis::{Analysis, PartOfSpeech, Token, TokenKind, tagged_words};
use docmill_core::{ByteSpan, Document};

/// What a word is in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Noun,
    Name,
    Adjective,
    Comparative,
    Verb,
    Participle,
    Ing,
    Adverb,
    Preposition,
    Determiner,
    Pronoun,
    Auxiliary,
    Other,
    Number,
    Mark,
}

impl Class {
    /// Whether a word of this class may be part of a noun phrase.
    pub(super) const fn is_nominal(self) -> bool {
        match self {
            Self::Noun | Self::Name | Self::Adjective | Self::Participle | Self::Ing | Self::Number => true,
            Self::Comparative
            | Self::Verb
            | Self::Adverb
            | Self::Preposition
            | Self::Determiner
            | Self::Pronoun
            | Self::Auxiliary
            | Self::Other
            | Self::Mark => false,
        }
    }

    /// The class of a word, by its part of speech and its ending.
    fn of(part_of_speech: PartOfSpeech, word: &str) -> Self {
        let ends = |ending: &str| word.len() > ending.len() + 2 && word.to_ascii_lowercase().ends_with(ending);
        match part_of_speech {
            PartOfSpeech::Noun | PartOfSpeech::Verb if ends("ing") => Self::Ing,
            PartOfSpeech::Noun => Self::Noun,
            PartOfSpeech::ProperNoun => Self::Name,
            PartOfSpeech::Adjective if ends("er") || ends("est") => Self::Comparative,
            PartOfSpeech::Adjective => Self::Adjective,
            PartOfSpeech::Verb if ends("ed") || ends("en") => Self::Participle,
            PartOfSpeech::Verb => Self::Verb,
            PartOfSpeech::Adverb => Self::Adverb,
            PartOfSpeech::Adposition => Self::Preposition,
            PartOfSpeech::Determiner => Self::Determiner,
            PartOfSpeech::Pronoun => Self::Pronoun,
            PartOfSpeech::Auxiliary => Self::Auxiliary,
            PartOfSpeech::Numeral => Self::Number,
            PartOfSpeech::Punctuation => Self::Mark,
            PartOfSpeech::CoordinatingConjunction
            | PartOfSpeech::SubordinatingConjunction
            | PartOfSpeech::Interjection
            | PartOfSpeech::Particle
            | PartOfSpeech::Symbol
            | PartOfSpeech::Other => Self::Other,
        }
    }
}

/// The classes of all tokens of a document. Where a token is several words, as `cost-benefit` is, the last one says what it is, less the
/// `'s` of a possessive.
pub(super) fn classes(doc: &Document, analysis: &Analysis) -> Vec<Class> {
    let text = doc.text();
    let words = tagged_words(doc);
    let mut rest = words.iter().peekable();
    let mut classes = Vec::with_capacity(analysis.tokens().len());
    let mut has_verb = vec![false; analysis.sentences().len()];
    for word in words.iter() {
        if let Some(has_verb) = has_verb.get_mut(word.sentence as usize) {
            *has_verb |= matches!(word.part_of_speech, PartOfSpeech::Verb | PartOfSpeech::Auxiliary);
        }
    }
    for token in analysis.tokens() {
        let mut class = by_form(token);
        while let Some(word) = rest.next_if(|word| word.span.start < token.span.end) {
            let written = word.span.of(text).unwrap_or_default();
            let counts = word.span.end > token.span.start && written.starts_with(char::is_alphanumeric);
            if counts && token.kind == TokenKind::Word {
                class = Class::of(word.part_of_speech, written);
            }
        }
        classes.push(class);
    }
    let sentences = analysis.sentences().iter().zip(has_verb);
    for (sentence, _) in sentences.filter(|(sentence, has_verb)| sentence.is_prose() && !has_verb) {
        let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
        if let Some(classes) = classes.get_mut(range) {
            find_verb(classes);
        }
    }
    classes
}

/// Finds the verb of a sentence in which the model has seen none: where it ends with a mark, the last of its first nouns that follow each
/// other, as in `The bell rings.`
fn find_verb(classes: &mut [Class]) {
    if classes.last() != Some(&Class::Mark) {
        return;
    }
    let Some(first) = classes.windows(2).position(|pair| pair == [Class::Noun, Class::Noun]) else { return };
    let nouns = classes[first..].iter().take_while(|class| **class == Class::Noun).count();
    classes[first + nouns - 1] = Class::Verb;
}

/// What a token is by its kind alone.
fn by_form(token: &Token) -> Class {
    match token.kind {
        TokenKind::Number => Class::Number,
        TokenKind::Punctuation => Class::Mark,
        TokenKind::Symbol | TokenKind::Word => Class::Other,
    }
}

/// Whether the first letter is a capital; ASCII is looked at as a byte.
pub(super) fn starts_with_capital(text: &str, span: ByteSpan) -> bool {
    match text.as_bytes().get(span.start) {
        Some(first) if first.is_ascii() => first.is_ascii_uppercase(),
        _ => span.of(text).is_some_and(|word| word.starts_with(char::is_uppercase)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the classes of a text's words, by a letter each.
    fn check(text: &str, expected: &str) {
        let doc = Document::from_text("test.txt", text);
        let analysis = docmill_analysis::analysis(&doc);
        let letter = |class: Class| match class {
            Class::Noun => 'N',
            Class::Name => 'R',
            Class::Adjective => 'A',
            Class::Comparative => 'K',
            Class::Verb => 'V',
            Class::Participle => 'E',
            Class::Ing => 'G',
            Class::Adverb => 'B',
            Class::Preposition => 'P',
            Class::Determiner => 'D',
            Class::Pronoun => 'O',
            Class::Auxiliary => 'X',
            Class::Other => 'C',
            Class::Number => '#',
            Class::Mark => '.',
        };
        let found: String = classes(&doc, &analysis).into_iter().map(letter).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_sentence_tells_a_verb_from_a_noun() {
        check("They plan to vote.", "OVCV.");
        check("The plan for the vote.", "DNPDN.");
        check("The reader rings twice.", "DNVB.");
    }

    #[test]
    fn a_sentence_has_a_verb() {
        check("The moss remembers.", "DNV.");
        check("Consumer prices rose again in May.", "NNVBPR.");
        check("The harbor wall", "DNN");
    }

    #[test]
    fn endings_tell_what_parts_of_speech_leave_open() {
        check("The deeper channel was closing.", "DKNXG.");
        check("Loaded ships left.", "ENV.");
    }

    #[test]
    fn each_token_has_one_class() {
        check("It’s Lund's cost-benefit plan in 2016.", "ORNNP#.");
        check("Wait… (no) 5 %", "V..C.#C");
    }
}
