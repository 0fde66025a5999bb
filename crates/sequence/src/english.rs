//! The models for English, read when they are first asked for.

use std::sync::LazyLock;

use crate::{Lexicon, Model, Names, PartsOfSpeech};

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::read(include_bytes!("../models/lexicon.bin")).expect("a test reads the file"));

static NAMES: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_bytes!("../models/names.bin")).expect("a test reads the file"));

static PARTS_OF_SPEECH: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_bytes!("../models/parts-of-speech.bin")).expect("a test reads the file"));

/// What finds names in English text.
pub fn names() -> Names<'static> {
    Names { lexicon: &LEXICON, model: &NAMES }
}

/// What finds the parts of speech of English words.
pub fn parts_of_speech() -> PartsOfSpeech<'static> {
    PartsOfSpeech { lexicon: &LEXICON, model: &PARTS_OF_SPEECH }
}
