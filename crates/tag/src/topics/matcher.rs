//! The terms of all topics as stems of one language, and what of them is in a text.
//!
//! The terms are stemmed by the same analysis as the text. A text is then one walk over its tokens with one look-up for each
//! distinct word; words with a star are found by one automaton over the distinct words.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use docmill_analysis::{Analysis, Token};
use docmill_core::{Block, BlockKind, ByteSpan, Document};
use rustc_hash::FxHashMap;

use super::taxonomy::{Taxonomy, ancestors};

/// How much a term says of its topic; the order is that in which equally long terms at one place are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// It counts against it.
    Not,
    Strong,
    Term,
    Weak,
}

impl Strength {
    /// What a term says of the topics above its own: less, since the terms of many topics meet there by chance.
    const fn above(self) -> Option<Self> {
        match self {
            Self::Strong => Some(Self::Term),
            Self::Term | Self::Weak => Some(Self::Weak),
            Self::Not => None,
        }
    }

    /// What one occurrence weighs.
    pub(super) const fn weight(self) -> f64 {
        match self {
            Self::Not => -1.0,
            Self::Strong => 2.5,
            Self::Term => 1.0,
            Self::Weak => 0.5,
        }
    }
}

/// A topic that a term counts for.
struct Use {
    strength: Strength,
    topic: usize,
}

/// A term of several words, or one that is found by its stem.
struct Stemmed {
    /// The stems after the first.
    rest: Vec<Box<str>>,
    /// The word that it is, where it is a single one.
    word: Option<Word>,
    /// Whether it is found in capital letters only.
    capitals: bool,
    number: usize,
}

/// A word that others with its stem are held against: stemmers take `parlait` for `parlement`, and `immune` for `immunization`.
struct Word {
    text: Box<str>,
    /// With how many letters of it another word has to begin.
    shared: usize,
}

impl Word {
    fn new(text: &str, stem: &str) -> Self {
        let (length, stem) = (text.chars().count(), stem.chars().count());
        // Where the stemmer took more than an inflection, some of that has to be there too.
        let shared = if length > stem + 3 { stem + 2 } else { stem.min(3) };
        Self { text: text.into(), shared }
    }

    /// Whether another word with the same stem is a form of this one.
    fn is(&self, other: &str) -> bool {
        self.text.chars().zip(other.chars()).take_while(|(one, other)| bare(*one) == bare(*other)).count()
            >= self.shared
    }
}

/// A small letter without its accent, by which inflections may differ: `Hafen`, `Häfen`.
const fn bare(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        letter => letter,
    }
}

/// A word with a star.
struct Starred {
    before: bool,
    after: bool,
    number: usize,
}

/// The stemmed terms of all topics.
pub(super) struct Matcher {
    /// By first stem.
    stemmed: FxHashMap<Box<str>, Vec<Stemmed>>,
    /// Finds the words with stars, without these.
    automaton: Option<AhoCorasick>,
    starred: Vec<Starred>,
    /// By term number: the topics that it counts for.
    uses: Vec<Vec<Use>>,
    /// By topic: those above it.
    above: Vec<Vec<usize>>,
    /// By topic: how many terms of its own and of the topics below it can tell it.
    telling: Vec<usize>,
}

/// What was found of one term for one topic.
pub(super) struct Found {
    pub(super) strength: Strength,
    /// Occurrences, those in titles and of phrases counted more.
    pub(super) weight: f64,
    pub(super) spans: Vec<ByteSpan>,
}

/// By topic and term number.
pub(super) type Evidence = BTreeMap<(usize, usize), Found>;

/// One occurrence of a term for one topic.
struct Hit {
    /// Tokens after the first.
    more: usize,
    strength: Strength,
    topic: usize,
    number: usize,
}

impl Matcher {
    /// The terms that are looked for in texts of this language (ISO 639-1). Topics are numbered as in the taxonomy.
    pub(super) fn new(topics: &Taxonomy, language: &str) -> Self {
        let labels: BTreeMap<&str, usize> = topics.keys().map(String::as_str).zip(0..).collect();
        let above: Vec<Vec<usize>> = topics
            .keys()
            .map(|label| ancestors(topics, label).into_iter().filter_map(|label| labels.get(label).copied()).collect())
            .collect();
        let mut by_term: BTreeMap<&str, BTreeSet<(Strength, usize)>> = BTreeMap::new();
        for (index, topic) in topics.values().enumerate() {
            let lists = [
                (Strength::Not, &topic.not),
                (Strength::Strong, &topic.strong),
                (Strength::Term, &topic.terms),
                (Strength::Weak, &topic.weak),
            ];
            for (strength, terms) in lists {
                for term in terms.of(language).iter().map(|term| term.trim()).filter(|term| !term.is_empty()) {
                    by_term.entry(term).or_default().insert((strength, index));
                }
            }
        }
        let mut matcher = Self {
            stemmed: FxHashMap::default(),
            automaton: None,
            starred: Vec::new(),
            uses: Vec::new(),
            telling: vec![0; topics.len()],
            above,
        };
        let (starred, plain): (Vec<_>, Vec<_>) = by_term.into_iter().partition(|(term, _)| term.contains('*'));
        matcher.add_starred(starred);
        matcher.add_stemmed(&plain, language);
        matcher.count_telling();
        matcher
    }

    /// How many topics there are terms for in texts of this language: none where it is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.uses.is_empty()
    }

    /// The topics above a topic.
    pub(super) fn above(&self, topic: usize) -> &[usize] {
        &self.above[topic]
    }

    /// How many terms can tell a topic.
    pub(super) fn telling(&self, topic: usize) -> usize {
        self.telling[topic]
    }

    fn add_starred(&mut self, terms: Vec<(&str, BTreeSet<(Strength, usize)>)>) {
        let words: Vec<String> =
            terms.iter().map(|(term, _)| term.trim_matches('*').to_lowercase().replace('’', "'")).collect();
        // Longer patterns than an automaton takes are no words.
        let Ok(automaton) = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(&words) else {
            return;
        };
        for (term, uses) in terms {
            let starred =
                Starred { before: term.starts_with('*'), after: term.ends_with('*'), number: self.uses.len() };
            self.starred.push(starred);
            self.uses.push(uses.into_iter().map(|(strength, topic)| Use { strength, topic }).collect());
        }
        self.automaton = Some(automaton).filter(|_| !self.starred.is_empty());
    }

    fn add_stemmed(&mut self, terms: &[(&str, BTreeSet<(Strength, usize)>)], language: &str) {
        // The terms as the headings of a text of the language: the text's own analysis stems them.
        let text = terms.iter().map(|(term, _)| *term).collect::<Vec<_>>().join("\n");
        let mut doc = Document::from_text("taxonomy", &text);
        let mut start = 0;
        let mut blocks = Vec::with_capacity(terms.len());
        for (term, _) in terms {
            blocks.push(Block::new(BlockKind::Heading, start..start + term.len()));
            start += term.len() + 1;
        }
        doc.set_blocks(blocks);
        doc.set_language(language);
        let analysis = Analysis::of(&doc);
        for sentence in analysis.sentences() {
            let Some((term, uses)) = sentence.block.and_then(|block| terms.get(block as usize)) else { continue };
            let tokens = analysis.sentence_tokens(sentence).iter().filter(|token| token.kind.is_wordlike());
            let mut words = tokens.map(|token| analysis.term(token.term));
            let Some(head) = words.next() else { continue };
            let first = head.stem.clone();
            let rest: Vec<Box<str>> = words.map(|word| word.stem.clone()).collect();
            let word = rest.is_empty().then(|| Word::new(&head.text, &head.stem));
            let capitals = is_in_capitals(term);
            let same = self.stemmed.entry(first).or_default();
            // Inflections of one word are one term.
            let known = same.iter().find(|other| {
                let one_word = match (&other.word, &word) {
                    (Some(other), Some(word)) => other.is(&word.text) && word.is(&other.text),
                    _ => true,
                };
                other.rest == rest && other.capitals == capitals && one_word
            });
            let number = known.map_or(self.uses.len(), |known| known.number);
            if number == self.uses.len() {
                same.push(Stemmed { rest, word, capitals, number });
                self.uses.push(Vec::new());
            }
            for &(strength, topic) in uses {
                if !self.uses[number].iter().any(|known| known.topic == topic) {
                    self.uses[number].push(Use { strength, topic });
                }
            }
        }
    }

    fn count_telling(&mut self) {
        for uses in &self.uses {
            let mut topics = BTreeSet::new();
            for used in uses {
                if used.strength == Strength::Strong {
                    topics.extend(&self.above[used.topic]);
                }
                if matches!(used.strength, Strength::Strong | Strength::Term) {
                    topics.insert(used.topic);
                }
            }
            for topic in topics {
                self.telling[topic] += 1;
            }
        }
    }

    /// The terms in the text. What counts for a topic counts less for those above it; of terms that overlap, the first and longest
    /// counts.
    pub(super) fn evidence(&self, text: &str, analysis: &Analysis) -> Evidence {
        let candidates: Vec<Candidate<'_>> =
            analysis.terms().iter().map(|term| self.candidate(&term.text, &term.stem)).collect();
        let mut evidence = Evidence::new();
        let mut covered = vec![0; self.above.len()];
        let mut hits = Vec::new();
        for sentence in analysis.sentences() {
            let Some(weight) = weight_of(sentence.kind) else { continue };
            let tokens = analysis.sentence_tokens(sentence);
            for at in 0..tokens.len() {
                let candidate = &candidates[tokens[at].term.index()];
                hits.clear();
                self.hits(candidate, text, analysis, &tokens[at..], &mut hits);
                hits.sort_by_key(|hit| (std::cmp::Reverse(hit.more), hit.strength, hit.topic, hit.number));
                let place = sentence.tokens.start as usize + at;
                for hit in &hits {
                    if place < covered[hit.topic] {
                        continue;
                    }
                    // A phrase says more than a word.
                    let weight = if hit.more == 0 { weight } else { 2.0 * weight };
                    let span = tokens[at].span.hull(tokens[at + hit.more].span);
                    let above = self.above[hit.topic].iter().map(|&topic| (topic, hit.strength.above()));
                    for (topic, strength) in std::iter::once((hit.topic, Some(hit.strength))).chain(above) {
                        let Some(strength) = strength else { continue };
                        if place < covered[topic] {
                            continue;
                        }
                        covered[topic] = place + hit.more + 1;
                        let found = evidence.entry((topic, hit.number)).or_insert(Found {
                            strength,
                            weight: 0.0,
                            spans: Vec::new(),
                        });
                        found.weight += weight;
                        found.spans.push(span);
                    }
                }
            }
        }
        evidence
    }

    fn candidate(&self, word: &str, stem: &str) -> Candidate<'_> {
        let stemmed = self.stemmed.get(stem).map_or(&[][..], Vec::as_slice);
        let mut starred = Vec::new();
        if let Some(automaton) = self.automaton.as_ref().filter(|_| !word.is_empty()) {
            for found in automaton.find_overlapping_iter(word) {
                let term = &self.starred[found.pattern().as_usize()];
                if (term.before || found.start() == 0) && (term.after || found.end() == word.len()) {
                    starred.push(term.number);
                }
            }
        }
        Candidate { stemmed, starred }
    }

    /// The terms that begin with the first of the tokens.
    fn hits(&self, candidate: &Candidate<'_>, text: &str, analysis: &Analysis, tokens: &[Token], hits: &mut Vec<Hit>) {
        let mut add = |more: usize, number: usize| {
            hits.extend(self.uses[number].iter().map(|used| Hit {
                more,
                strength: used.strength,
                topic: used.topic,
                number,
            }));
        };
        for term in candidate.stemmed {
            let more = term.rest.len();
            let Some(next) = tokens.get(1..=more) else { continue };
            if term.word.as_ref().is_some_and(|word| !word.is(&analysis.term(tokens[0].term).text)) {
                continue;
            }
            let same = next.iter().zip(&term.rest).all(|(token, stem)| analysis.term(token.term).stem == *stem);
            let as_written = || {
                tokens[..=more]
                    .iter()
                    .all(|token| token.span.of(text).is_some_and(|word| !word.contains(char::is_lowercase)))
            };
            if same && (!term.capitals || as_written()) {
                add(more, term.number);
            }
        }
        for &number in &candidate.starred {
            add(0, number);
        }
    }
}

/// The terms that may begin with a word.
struct Candidate<'m> {
    stemmed: &'m [Stemmed],
    starred: Vec<usize>,
}

/// Whether a term is found as written only: `WHO` is no `who`.
fn is_in_capitals(term: &str) -> bool {
    term.chars().count() > 1 && term.contains(char::is_uppercase) && !term.contains(char::is_lowercase)
}

/// What an occurrence counts in a block of this kind; none where the block is not read.
const fn weight_of(kind: BlockKind) -> Option<f64> {
    match kind {
        BlockKind::Title => Some(4.0),
        BlockKind::Heading => Some(2.0),
        BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote | BlockKind::Caption | BlockKind::Table => {
            Some(1.0)
        }
        BlockKind::Code
        | BlockKind::Masthead
        | BlockKind::Byline
        | BlockKind::Dateline
        | BlockKind::Header
        | BlockKind::Footer
        | BlockKind::PageBreak => None,
    }
}
