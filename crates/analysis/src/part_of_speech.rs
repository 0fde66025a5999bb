//! Parts of speech of English text, computed when a stage first asks for them.

use std::sync::Arc;

use docmill_core::{ByteSpan, Document};
use docmill_sequence::{PartOfSpeech, english, words};

use crate::lexicon::is_english;
use crate::{analysis, sentence::index};

/// A word of a sentence and its part of speech. Words are finer than tokens: `don't` is `do` and `n't`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaggedWord {
    /// Where it is in the text; never empty.
    pub span: ByteSpan,
    /// What it is in its sentence.
    pub part_of_speech: PartOfSpeech,
    /// Index of the sentence that it belongs to.
    pub sentence: u32,
}

/// The words of the document's current text with their parts of speech, in text order, computed once for all stages that ask. There are
/// none where the document is in another language than English; one whose language is not known counts as English.
pub fn tagged_words(doc: &Document) -> Arc<Vec<TaggedWord>> {
    doc.derived(of)
}

fn of(doc: &Document) -> Vec<TaggedWord> {
    if !is_english(doc.language()) {
        return Vec::new();
    }
    let mut tagged = Vec::new();
    for (number, sentence) in analysis(doc).sentences().iter().enumerate() {
        let text = sentence.span.of(doc.text()).unwrap_or_default();
        let mut parts = Vec::new();
        words(text, &mut parts);
        let parts_of_speech = english::parts_of_speech().of(text, &parts);
        tagged.extend(parts.into_iter().zip(parts_of_speech).map(|(part, part_of_speech)| TaggedWord {
            span: ByteSpan::new(part.start, part.end).shifted(sentence.span.start),
            part_of_speech,
            sentence: index(number),
        }));
    }
    tagged
}

#[cfg(test)]
mod tests {
    use docmill_core::Document;

    use super::*;

    fn tagged(language: &str, text: &str) -> String {
        let mut doc = Document::from_text("note.txt", text);
        doc.set_language(language);
        let shown = |word: &TaggedWord| format!("{}/{}", word.span.of(text).unwrap(), word.part_of_speech.code());
        tagged_words(&doc).iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_have_the_part_of_speech_that_their_sentence_gives_them() {
        assert_eq!(
            tagged("en", "They can wait. The can is old, isn't it?"),
            "They/PRON can/AUX wait/VERB ./PUNCT The/DET can/NOUN is/AUX old/ADJ ,/PUNCT is/AUX n't/PART it/PRON ?/PUNCT"
        );
    }

    #[test]
    fn text_in_other_languages_has_none() {
        assert_eq!(tagged("de", "Der Hafen war still."), "");
    }
}
