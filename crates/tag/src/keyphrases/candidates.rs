//! Counts the words of a text and the sequences of them that may be keyphrases.

use docmill_analysis::{Analysis, Sentence, Token, TokenKind, is_english};
use docmill_core::{BlockKind, ByteSpan, Document};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::borders::{NameMention, Names, skipped};
use super::manner::explains;
use super::part_of_speech::{Class, classes, starts_with_capital};
use super::phrase::{Key, Mention, NO_STEM, Name, Sequence, StemStats};
use super::weak_words::weak_words;

/// The words and sequences of a text, counted.
pub(super) struct Counted<'a> {
    text: &'a str,
    pub(super) language: &'a str,
    analysis: &'a Analysis,
    max_words: usize,
    /// By term: the number of its stem, [`NO_STEM`] for stop words and marks.
    stem_of: Vec<u32>,
    pub(super) stems: Vec<StemStats>,
    pub(super) sequences: Vec<Sequence>,
    /// Of all sequences, in text order.
    mentions: Vec<Mention>,
    /// The sequences of one word by their stems, those of several by all.
    by_stem: Vec<Option<usize>>,
    by_key: FxHashMap<Key, usize>,
    skipped: Vec<ByteSpan>,
    names: Names,
    /// How many of those end before the token at hand.
    skipped_before: usize,
    names_before: usize,
    /// The sequence of each name, once it has been met.
    sequence_of: Vec<Option<usize>>,
    /// By token, in English.
    classes: Option<Vec<Class>>,
    /// From 1 for an abstract to 0 for an article. In a short text little occurs twice, so that the count of a phrase says less.
    pub(super) brevity: f64,
    /// From 0 for a text that tells, as news does, to 1 for one that explains, as papers do.
    pub(super) explains: f64,
    /// Whether words have spaces between them, or which language without them it is.
    pub(super) script: Script,
    /// Whether nouns have capitals, as in German; a phrase ends in a noun.
    pub(super) nouns_are_capitalized: bool,
    /// How many sentences were counted.
    pub(super) sentences: usize,
    /// The stretch of words at hand.
    stretch: Vec<Word>,
}

#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of a word, independent of the others")]
struct Word {
    span: ByteSpan,
    /// [`NO_STEM`] for a stop word that joins two names.
    stem: u32,
    number: bool,
    capital: bool,
    first: bool,
    /// What it is, where that is known.
    class: Option<Class>,
    /// What the tokens before and after it are.
    before: Class,
    after: Class,
    /// Whether it is a word that any text has.
    weak: bool,
}

/// How the sentence at hand counts.
#[derive(Debug, Clone, Copy)]
struct Weight {
    weight: f64,
    heading: bool,
}

impl<'a> Counted<'a> {
    pub(super) fn new(doc: &'a Document, analysis: &'a Analysis, max_words: usize) -> Self {
        let language = language_of(doc);
        let (stem_of, stems) = stems(analysis, language);
        let names = Names::of(doc, analysis, &stem_of);
        let explains = explains(doc.text(), analysis, &stem_of, stems.len(), language);
        Self {
            text: doc.text(),
            language,
            analysis,
            // Words are short where no spaces part them, so that many of them stand together by chance.
            max_words: if Script::of(language) == Script::Spaced { max_words } else { max_words.min(4) },
            stem_of,
            sequences: Vec::with_capacity(stems.len() * 2),
            mentions: Vec::with_capacity(analysis.words()),
            by_stem: vec![None; stems.len()],
            by_key: FxHashMap::with_capacity_and_hasher(stems.len(), FxBuildHasher),
            stems,
            skipped: skipped(doc),
            skipped_before: 0,
            names_before: 0,
            sequence_of: vec![None; names.all.len()],
            names,
            classes: is_english(Some(language)).then(|| classes(doc, analysis)),
            brevity: ((350.0 - analysis.words() as f64) / 200.0).clamp(0.0, 1.0),
            explains,
            script: Script::of(language),
            nouns_are_capitalized: nouns_are_capitalized(language),
            sentences: 0,
            stretch: Vec::new(),
        }
    }

    /// The stems of words: the place of each among all stems, and its text. Those of several words come several times.
    pub(super) fn words(&self) -> impl Iterator<Item = (usize, &str)> {
        let stems = self.stem_of.iter().zip(self.analysis.terms());
        stems.filter(|(stem, _)| **stem != NO_STEM).map(|(stem, term)| (*stem as usize, &*term.stem))
    }

    /// Whether phrases are noun phrases, and not any words.
    pub(super) fn has_noun_phrases(&self) -> bool {
        self.classes.is_some()
    }

    /// Counts the words and sequences of a sentence.
    pub(super) fn count(&mut self, sentence: &Sentence, weight: f64) {
        let weight = Weight { weight, heading: !sentence.is_prose() };
        let tokens = self.analysis.sentence_tokens(sentence);
        let offset = sentence.tokens.start as usize;
        let mut stretch = std::mem::take(&mut self.stretch);
        let mut end = None;
        let mut first = true;
        let mut at = 0;
        while at < tokens.len() {
            let token = &tokens[at];
            self.pass_borders(token.span.start);
            if !end.is_some_and(|end| self.touches(end, token.span.start, sentence.kind)) {
                self.close(&mut stretch, weight);
            }
            end = Some(token.span.end);
            if let Some(mention) = self.name_at(token.span) {
                self.close(&mut stretch, weight);
                if token.span.start <= mention.span.start {
                    self.count_name(mention, weight);
                }
                first = false;
                at += 1;
                continue;
            }
            match self.word(token, offset + at, first) {
                Some(word) => {
                    stretch.push(word);
                    let possessive = word.span.end < token.span.end;
                    if possessive && word.class.is_some() && !word.capital {
                        self.close(&mut stretch, weight);
                    }
                }
                None if self.joins_names(tokens, at) => {
                    stretch.push(Word {
                        span: token.span,
                        stem: NO_STEM,
                        number: false,
                        capital: false,
                        first: false,
                        class: None,
                        before: Class::Mark,
                        after: Class::Mark,
                        weak: false,
                    });
                }
                None if self.is_apostrophe_in_name(tokens, at) => {}
                None => {
                    self.close(&mut stretch, weight);
                    self.count_stem(token, weight);
                }
            }
            first &= token.kind != TokenKind::Word;
            at += 1;
        }
        self.close(&mut stretch, weight);
        self.stretch = stretch;
        self.sentences += 1;
    }

    /// Whether a word that begins at `start` follows one that ends at `end` without anything between but white space.
    fn touches(&self, end: usize, start: usize, kind: BlockKind) -> bool {
        let near = start > end && start <= end + 2;
        // Lines of a list, a quotation or a heading are apart; those of a paragraph were broken to fit a page.
        let broken = || {
            let has_lines =
                matches!(kind, BlockKind::Quote | BlockKind::ListItem | BlockKind::Title | BlockKind::Heading);
            has_lines && self.text.as_bytes().get(end..start).is_some_and(|gap| memchr::memchr(b'\n', gap).is_some())
        };
        // An apostrophe touches the word before it.
        start == end || near && !broken()
    }

    /// The token as a word that may be part of a phrase.
    fn word(&self, token: &Token, index: usize, first: bool) -> Option<Word> {
        let stem = self.stem_of[token.term.index()];
        let class = self.classes.as_ref().and_then(|classes| classes.get(index).copied());
        if stem == NO_STEM || class.is_some_and(|class| !class.is_nominal()) || self.is_skipped(token.span) {
            return None;
        }
        let written = self.text.as_bytes().get(token.span.start..token.span.end)?;
        let letters = written.strip_suffix(b"'s").or_else(|| written.strip_suffix("’s".as_bytes())).unwrap_or(written);
        let capital = starts_with_capital(self.text, token.span);
        let number = token.kind == TokenKind::Number;
        // Japanese verbs, adjectives and particles have syllables in them; nouns are in Chinese characters or loan words.
        if self.script == Script::Japanese && token.span.of(self.text).is_some_and(has_hiragana) {
            return None;
        }
        let stats = &self.stems[stem as usize];
        if !number && !capital && letters.len() < 2 || stats.code {
            return None;
        }
        let span = ByteSpan::new(token.span.start, token.span.start + letters.len());
        let class_at = |index: Option<usize>| {
            let class = self.classes.as_ref().zip(index).and_then(|(classes, index)| classes.get(index).copied());
            class.unwrap_or(Class::Mark)
        };
        let before = if first { Class::Mark } else { class_at(index.checked_sub(1)) };
        let after = class_at(Some(index + 1));
        Some(Word { span, stem, number, capital, first, class, before, after, weak: stats.weak })
    }

    /// Whether the token is `of` or the like between two names.
    fn joins_names(&self, tokens: &[Token], at: usize) -> bool {
        let ByteSpan { start, end } = tokens[at].span;
        let word = self.text.as_bytes().get(start..end);
        let joiner = matches!(word, Some(b"of" | b"de" | b"du" | b"des" | b"da" | b"do" | b"del" | b"di"));
        joiner && self.is_between_capitals(tokens, at)
    }

    /// Whether the token is the apostrophe of `Fishers’ Union`.
    fn is_apostrophe_in_name(&self, tokens: &[Token], at: usize) -> bool {
        if !matches!(tokens[at].span.of(self.text), Some("'" | "’")) {
            return false;
        }
        let before = at.checked_sub(1).and_then(|before| tokens[before].span.of(self.text));
        let touches = at > 0 && tokens[at - 1].span.end == tokens[at].span.start;
        touches && before.is_some_and(|word| word.ends_with('s')) && self.is_between_capitals(tokens, at)
    }

    fn is_between_capitals(&self, tokens: &[Token], at: usize) -> bool {
        let is_capital = |at: Option<usize>| {
            at.and_then(|at| tokens.get(at))
                .filter(|token| self.stem_of[token.term.index()] != NO_STEM)
                .is_some_and(|token| starts_with_capital(self.text, token.span))
        };
        is_capital(at.checked_sub(1)) && is_capital(Some(at + 1))
    }

    /// Passes what ends before the token that starts there; tokens come in text order.
    fn pass_borders(&mut self, start: usize) {
        while self.skipped.get(self.skipped_before).is_some_and(|skipped| skipped.end <= start) {
            self.skipped_before += 1;
        }
        while self.names.mentions.get(self.names_before).is_some_and(|mention| mention.span.end <= start) {
            self.names_before += 1;
        }
    }

    /// Whether the span of the token at hand is skipped.
    fn is_skipped(&self, span: ByteSpan) -> bool {
        self.skipped.get(self.skipped_before).is_some_and(|skipped| skipped.overlaps(span))
    }

    /// The name that the token at hand is part of.
    fn name_at(&self, span: ByteSpan) -> Option<NameMention> {
        let next = self.names.mentions.get(self.names_before).copied();
        next.filter(|mention| mention.span.overlaps(span) && !self.is_skipped(span))
    }

    fn count_name(&mut self, mention: NameMention, weight: Weight) {
        let known = &self.names.all[mention.name];
        let sequence = match self.sequence_of[mention.name] {
            Some(sequence) => sequence,
            None if known.words == 0 => return,
            None => {
                let stem = u32::try_from(self.stems.len()).unwrap_or(NO_STEM);
                self.stems.push(StemStats { letters: known.label.len(), ..StemStats::default() });
                let name = Name { label: known.label.clone(), stem };
                let sequence = self.sequences.len();
                self.sequences.push(Sequence { name: Some(name), ..Sequence::new(known.key, known.words) });
                self.sequence_of[mention.name] = Some(sequence);
                sequence
            }
        };
        for stem in &known.key[..known.words] {
            self.stems[*stem as usize].in_name = true;
        }
        self.mention(sequence, mention.span, !weight.heading, weight.weight, true);
        if let Some(stem) =
            self.sequences[sequence].name.as_ref().and_then(|name| self.stems.get_mut(name.stem as usize))
        {
            stem.count(self.sentences, weight.weight, weight.heading, true);
        }
    }

    /// Counts a word that is no part of a phrase: `dredged` speaks for `dredging`.
    fn count_stem(&mut self, token: &Token, weight: Weight) {
        let stem = self.stem_of[token.term.index()];
        if stem != NO_STEM && !self.is_skipped(token.span) {
            let stats = &mut self.stems[stem as usize];
            stats.count(self.sentences, weight.weight, weight.heading, false);
            stats.lower_case |= !starts_with_capital(self.text, token.span);
        }
    }

    /// Counts all sequences of the stretch of words, and empties it.
    fn close(&mut self, stretch: &mut Vec<Word>, weight: Weight) {
        for word in stretch.iter() {
            if let Some(stem) = self.stems.get_mut(word.stem as usize) {
                let capital = word.capital && !word.first && !weight.heading;
                stem.count(self.sentences, weight.weight, weight.heading, capital);
                stem.lower_case |= !word.capital;
            }
        }
        let content = stretch.iter().filter(|word| word.stem != NO_STEM).count();
        for start in 0..stretch.len() {
            self.count_from(&stretch[start..], weight, content);
        }
        stretch.clear();
    }

    /// Counts the sequences that begin with the first of these words.
    fn count_from(&mut self, stretch: &[Word], weight: Weight, content: usize) {
        let [head, ..] = stretch else { return };
        let mut key: Key = [NO_STEM; 6];
        let mut words = 0;
        let mut joined = false;
        let mut noun = false;
        let mut previous = None;
        for word in stretch {
            if word.stem == NO_STEM {
                // `of` joins names only: `Ministry of Ports`, but not `Ports pays`.
                joined = true;
                if words == 0 || !head.capital {
                    break;
                }
                continue;
            }
            if words == 0 && !begins(word, stretch.len() == 1) {
                break;
            }
            if words == self.max_words || joined && !word.capital || !follows(previous, word) {
                break;
            }
            key[words] = word.stem;
            words += 1;
            if self.nouns_are_capitalized && !word.capital {
                // Before the noun it is an adjective, after it a verb.
                if noun {
                    break;
                }
                continue;
            }
            noun = true;
            if ends(head, previous, word, self.text) {
                let cased = !weight.heading && (!head.first || words > 1 && word.capital);
                let sequence = self.sequence(key, words);
                self.mention(sequence, head.span.hull(word.span), cased, weight.weight, words == content);
            }
            previous = Some(word);
        }
    }

    /// The sequence of these stems.
    fn sequence(&mut self, key: Key, words: usize) -> usize {
        let next = self.sequences.len();
        let index = match self.by_stem.get_mut(key[0] as usize) {
            Some(known) if words == 1 => *known.get_or_insert(next),
            _ => *self.by_key.entry(key).or_insert(next),
        };
        if index == next {
            self.sequences.push(Sequence::new(key, words));
        }
        index
    }

    fn mention(&mut self, sequence: usize, span: ByteSpan, cased: bool, weight: f64, alone: bool) {
        let sequence = &mut self.sequences[sequence];
        sequence.count += weight;
        if alone {
            sequence.alone += weight;
        }
        let previous = sequence.last.replace(self.mentions.len());
        self.mentions.push(Mention { span, cased, previous });
    }

    /// The mentions of a sequence, in text order.
    pub(super) fn mentions(&self, sequence: &Sequence) -> Vec<Mention> {
        let last = sequence.last.map(|last| self.mentions[last]);
        let mut mentions: Vec<Mention> =
            std::iter::successors(last, |mention| mention.previous.map(|previous| self.mentions[previous])).collect();
        mentions.reverse();
        mentions
    }
}

/// Whether a noun phrase may begin with this word.
fn begins(word: &Word, is_alone: bool) -> bool {
    let Some(class) = word.class else { return !word.number };
    match class {
        Class::Number => false,
        // `new hours` is about hours.
        Class::Adjective => word.capital || !word.weak,
        // `who counted birds` and `of selling bread` are about birds and bread.
        Class::Participle | Class::Ing => {
            let acts = match word.before {
                Class::Pronoun | Class::Auxiliary | Class::Noun | Class::Name | Class::Adverb | Class::Other => true,
                Class::Preposition => class == Class::Ing,
                Class::Adjective
                | Class::Comparative
                | Class::Verb
                | Class::Participle
                | Class::Ing
                | Class::Determiner
                | Class::Number
                | Class::Mark => false,
            };
            // `given domain` and `resulting model` are about the domain and the model.
            !acts && !is_alone && (word.capital || !word.weak)
        }
        _ => true,
    }
}

/// Whether a word may follow the one before it within a noun phrase.
fn follows(previous: Option<&Word>, word: &Word) -> bool {
    let Some((Some(before), Some(class))) = previous.map(|previous| (previous.class, word.class)) else { return true };
    match (before, class) {
        // `ships leaving` and `chamber divided` are sentences.
        (Class::Noun | Class::Name | Class::Number, Class::Participle | Class::Adjective) => word.capital,
        (Class::Ing, Class::Ing) => false,
        _ => true,
    }
}

/// Whether a noun phrase from `head` may end with this word.
fn ends(head: &Word, previous: Option<&Word>, word: &Word, text: &str) -> bool {
    let Some(class) = word.class else { return true };
    match class {
        // `deeper Calder Channel` is a name with something before it.
        Class::Noun | Class::Name => !word.capital || head.capital || is_acronym_or_symbol(word.span.of(text)),
        // `harbor dredging`, but not `a card ending in 9` nor `staff eating the rest`.
        Class::Ing => {
            let acts_on = matches!(word.after, Class::Preposition | Class::Determiner | Class::Number | Class::Pronoun);
            !acts_on && previous.is_some_and(|previous| previous.class != Some(Class::Participle))
        }
        // `Terminal 2`, but no year.
        Class::Number => previous.is_some_and(|previous| previous.capital) && word.span.len() < 4,
        _ => false,
    }
}

/// Whether the word is `DNA`, `B` or `p53`, which stands in phrases as nouns do.
fn is_acronym_or_symbol(word: Option<&str>) -> bool {
    word.is_some_and(|word| word.chars().skip(1).all(|letter| !letter.is_lowercase()))
}

/// Whether it is more digits than letters, as a part of an account number is; `p53` and `CO2` are words.
fn is_code(word: &str) -> bool {
    if !word.starts_with(char::is_alphabetic) || word.len() < 4 {
        return false;
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    digits * 2 >= word.len()
}

/// How the words of a language stand beside each other, as far as phrases depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Spaced,
    /// Nothing tells nouns from verbs, so that words that stand together once are no phrase.
    Chinese,
    /// Nouns are told by their characters.
    Japanese,
}

impl Script {
    fn of(language: &str) -> Self {
        match language.split(['-', '_']).next() {
            Some("zh") => Self::Chinese,
            Some("ja") => Self::Japanese,
            _ => Self::Spaced,
        }
    }
}

fn has_hiragana(word: &str) -> bool {
    word.chars().any(|letter| matches!(letter, '\u{3041}'..='\u{309F}'))
}

/// The language whose words the document is read as.
pub(super) fn language_of(doc: &Document) -> &str {
    doc.language().unwrap_or("en")
}

/// Whether all nouns of the language have capitals.
pub(super) fn nouns_are_capitalized(language: &str) -> bool {
    matches!(language, "de" | "lb")
}

/// The number of each term's stem, and the stems.
pub(super) fn stems(analysis: &Analysis, language: &str) -> (Vec<u32>, Vec<StemStats>) {
    let weak = weak_words(if is_english(Some(language)) { "en" } else { language });
    let terms = analysis.terms().len();
    let mut stems: Vec<StemStats> = Vec::with_capacity(terms);
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::with_capacity_and_hasher(terms, FxBuildHasher);
    let stem_of = analysis
        .terms()
        .iter()
        .map(|term| {
            if term.stop_word {
                return NO_STEM;
            }
            let next = u32::try_from(stems.len()).unwrap_or(NO_STEM);
            let number = *numbers.entry(&*term.stem).or_insert(next);
            if number == next {
                let (code, letters) = (is_code(&term.stem), term.stem.chars().count());
                stems.push(StemStats { code, letters, ..StemStats::default() });
            }
            if let Some(stem) = stems.get_mut(number as usize) {
                stem.weak |= weak.is_some_and(|weak| weak.contains(&*term.text));
            }
            number
        })
        .collect();
    (stem_of, stems)
}
