//! Documents that are prose, rather than lists, menus, code or noise.
//!
//! The rules and thresholds are those that were published with three sets of texts for language models: Gopher (Rae et al. 2021, arXiv
//! 2112.11446, section A.1.1), C4 (Raffel et al. 2020, arXiv 1910.10683, section 2.2) and `FineWeb` (Penedo et al. 2024, arXiv
//! 2406.17557, section 3.6).

use docmill_analysis::{analysis, stop_words};
use docmill_core::{
    BuildContext, Component, Context, Document, Field, Filter, OptionError, Role, RoleKind, StageError, Verdict,
};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lines_of_prose::{FEWEST_WORDS, ends_sentence, unfit};
use super::repetition::Repeated;
use super::{Rule, judge, share};

/// Drops documents that do not look like prose.
///
/// Without a preset the rules are those of Gopher but for the length of the document: the mean length of words; hash signs and dots
/// (`…`, `...`) for each word; the shares of lines that begin with a bullet or end with dots; the share of words with a letter; and how
/// many different stop words there are. A `preset` names a published set of rules:
///
/// - `gopher` (Rae et al. 2021, section A.1.1): the same, and 50 to 100,000 words. What it says of repetition is what
///   `filter.repetition` does by default.
/// - `c4` (Raffel et al. 2020, section 2.2): at least 3 sentences in lines that are prose (`normalize.prose` says which, and removes
///   the others), no curly bracket, no `lorem ipsum`.
/// - `fineweb` (Penedo et al. 2024, section 3.6): at least 0.12 of the lines end with a mark, at most 0.1 of the characters are in
///   repeated lines (0.01 in the program that made it), at most 0.67 of the lines have fewer than 30 characters.
///
/// An option beside a preset puts another threshold in its place, or brings a rule in that the preset has not. What lies just at a threshold
/// goes on. Each rule that counts leaves its measure: `quality.words`, `quality.word_length`, `quality.symbols`, `quality.bullet_lines`,
/// `quality.ellipsis_lines`, `quality.alphabetic`, `quality.stop_words`, `quality.sentences`, `quality.curly_brackets`,
/// `quality.lorem_ipsum`, `quality.terminal_lines`, `quality.repeated_characters`, `quality.short_lines`.
///
/// Words are what white space parts, so that Chinese, Japanese and Thai need other rules. Stop words are those of the
/// document's language; for English, and where the language is not known, the eight of the paper: the, be, to, of, and, that,
/// have, with. A language whose stop words are not known is not judged by them.
///
/// ```yaml
/// - filter.quality: { preset: gopher, max_symbols: 0.05, min_stop_words: 3 }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilterQuality {
    /// A published set of rules with its thresholds.
    pub preset: Option<Preset>,
    /// Fewest words of the document.
    pub min_words: Option<u32>,
    /// Most words of the document.
    pub max_words: Option<u32>,
    /// Shortest mean length of words, in characters.
    #[schemars(range(min = 0.0))]
    pub min_word_length: Option<f64>,
    /// Longest mean length of words, in characters.
    #[schemars(range(min = 0.0))]
    pub max_word_length: Option<f64>,
    /// Most hash signs, or most dots, for each word.
    #[schemars(range(min = 0.0))]
    pub max_symbols: Option<f64>,
    /// Largest share of lines that begin with a bullet, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub max_bullet_lines: Option<f64>,
    /// Largest share of lines that end with dots, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub max_ellipsis_lines: Option<f64>,
    /// Smallest share of words that have a letter, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_alphabetic: Option<f64>,
    /// Fewest different stop words.
    pub min_stop_words: Option<u32>,
    /// Fewest sentences in lines that are prose.
    pub min_sentences: Option<u32>,
    /// Most curly brackets.
    pub max_curly_brackets: Option<u32>,
    /// How often `lorem ipsum` may stand in it.
    pub max_lorem_ipsum: Option<u32>,
    /// Smallest share of lines that end with a mark of a sentence or quotation, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_terminal_lines: Option<f64>,
    /// Largest share of characters in lines that repeat an earlier one, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub max_repeated_characters: Option<f64>,
    /// Largest share of lines with fewer than 30 characters, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub max_short_lines: Option<f64>,
}

/// A published set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Rae et al. 2021.
    Gopher,
    /// Raffel et al. 2020.
    C4,
    /// Penedo et al. 2024.
    Fineweb,
}

/// The stop words of the paper on Gopher.
const ENGLISH: &[&str] = &["and", "be", "have", "of", "that", "the", "to", "with"];

/// A line with fewer characters is short, in `FineWeb`.
const SHORT_LINE: usize = 30;

impl Component for FilterQuality {
    const NAME: &'static str = "filter.quality";
    const KIND: RoleKind = RoleKind::Filter;
    const VERSION: u32 = 2;

    fn gives(&self) -> Vec<Field> {
        self.clone().filled().rules(&Prose::default()).iter().map(|rule| Field::measure(rule.name)).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let filled = self.filled();
        let mut errors = Vec::new();
        let mut check = |name: &str, least: Option<f64>, most: Option<f64>| {
            if let (Some(least), Some(most)) = (least, most)
                && most < least
            {
                let message = format!("expected at least min_{name} = {least}, found {most}");
                errors.push(OptionError::new(format!("/max_{name}"), message));
            }
        };
        check("word_length", filled.min_word_length, filled.max_word_length);
        check("words", filled.min_words.map(f64::from), filled.max_words.map(f64::from));
        if errors.is_empty() { Ok(Role::filter(filled)) } else { Err(errors) }
    }
}

impl Filter for FilterQuality {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let language = doc.language().and_then(|language| language.split('-').next()).unwrap_or("en");
        let mut prose = Prose::of(doc.text(), language);
        if self.min_sentences.is_some() {
            prose.sentences = sentences_of_prose(doc);
        }
        if self.max_repeated_characters.is_some() {
            prose.repeated_characters = Repeated::of(doc.text().lines()).characters;
        }
        Ok(judge(doc, &self.rules(&prose)))
    }
}

impl FilterQuality {
    /// The options with the thresholds of the preset where none is named.
    fn filled(self) -> Self {
        let published = match self.preset {
            None => Self::gopher(),
            Some(Preset::Gopher) => Self { min_words: Some(50), max_words: Some(100_000), ..Self::gopher() },
            Some(Preset::C4) => Self {
                min_sentences: Some(3),
                max_curly_brackets: Some(0),
                max_lorem_ipsum: Some(0),
                ..Self::default()
            },
            Some(Preset::Fineweb) => Self {
                min_terminal_lines: Some(0.12),
                max_repeated_characters: Some(0.1),
                max_short_lines: Some(0.67),
                ..Self::default()
            },
        };
        Self {
            preset: self.preset,
            min_words: self.min_words.or(published.min_words),
            max_words: self.max_words.or(published.max_words),
            min_word_length: self.min_word_length.or(published.min_word_length),
            max_word_length: self.max_word_length.or(published.max_word_length),
            max_symbols: self.max_symbols.or(published.max_symbols),
            max_bullet_lines: self.max_bullet_lines.or(published.max_bullet_lines),
            max_ellipsis_lines: self.max_ellipsis_lines.or(published.max_ellipsis_lines),
            min_alphabetic: self.min_alphabetic.or(published.min_alphabetic),
            min_stop_words: self.min_stop_words.or(published.min_stop_words),
            min_sentences: self.min_sentences.or(published.min_sentences),
            max_curly_brackets: self.max_curly_brackets.or(published.max_curly_brackets),
            max_lorem_ipsum: self.max_lorem_ipsum.or(published.max_lorem_ipsum),
            min_terminal_lines: self.min_terminal_lines.or(published.min_terminal_lines),
            max_repeated_characters: self.max_repeated_characters.or(published.max_repeated_characters),
            max_short_lines: self.max_short_lines.or(published.max_short_lines),
        }
    }

    /// The rules of Gopher but for the length of the document.
    fn gopher() -> Self {
        Self {
            min_word_length: Some(3.0),
            max_word_length: Some(10.0),
            max_symbols: Some(0.1),
            max_bullet_lines: Some(0.9),
            max_ellipsis_lines: Some(0.3),
            min_alphabetic: Some(0.8),
            min_stop_words: Some(2),
            ..Self::default()
        }
    }

    /// The rules that have a threshold.
    fn rules(&self, prose: &Prose) -> Vec<Rule> {
        let rule = |name: &'static str, measured: f64, at_least: Option<f64>, at_most: Option<f64>| {
            (at_least.is_some() || at_most.is_some()).then_some(Rule { name, measured, at_least, at_most })
        };
        let stop_words = |least: u32| Rule {
            name: "quality.stop_words",
            measured: prose.stop_words as f64,
            at_least: prose.has_stop_words.then_some(f64::from(least)),
            at_most: None,
        };
        let of_lines = |lines: usize| share(lines, prose.lines);
        let length = share(prose.characters, prose.words);
        let symbols = share(prose.hashes.max(prose.dots), prose.words);
        let (least_words, most_words) = (self.min_words.map(f64::from), self.max_words.map(f64::from));
        let (braces, lorem) = (self.max_curly_brackets.map(f64::from), self.max_lorem_ipsum.map(f64::from));
        let alphabetic = share(prose.alphabetic, prose.words);
        let sentences = prose.sentences as f64;
        [
            rule("quality.words", prose.words as f64, least_words, most_words),
            rule("quality.word_length", length, self.min_word_length, self.max_word_length),
            rule("quality.symbols", symbols, None, self.max_symbols),
            rule("quality.bullet_lines", of_lines(prose.bullet_lines), None, self.max_bullet_lines),
            rule("quality.ellipsis_lines", of_lines(prose.ellipsis_lines), None, self.max_ellipsis_lines),
            rule("quality.alphabetic", alphabetic, self.min_alphabetic, None),
            self.min_stop_words.map(stop_words),
            rule("quality.curly_brackets", prose.curly_brackets as f64, None, braces),
            rule("quality.lorem_ipsum", prose.lorem_ipsum as f64, None, lorem),
            rule("quality.sentences", sentences, self.min_sentences.map(f64::from), None),
            rule("quality.terminal_lines", of_lines(prose.terminal_lines), self.min_terminal_lines, None),
            rule("quality.repeated_characters", prose.repeated_characters, None, self.max_repeated_characters),
            rule("quality.short_lines", of_lines(prose.short_lines), None, self.max_short_lines),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// How many sentences begin in lines that are prose.
fn sentences_of_prose(doc: &Document) -> usize {
    let text = doc.text();
    let analysis = analysis(doc);
    let mut sentences = analysis.sentences().iter().peekable();
    let (mut count, mut start) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let fits = unfit(line, FEWEST_WORDS).is_none();
        while sentences.next_if(|sentence| sentence.span.start < end).is_some() {
            count += usize::from(fits);
        }
        start = end;
    }
    count
}

/// What is counted in a text.
#[derive(Default)]
struct Prose {
    words: usize,
    characters: usize,
    alphabetic: usize,
    stop_words: usize,
    /// Whether the stop words of the language are known.
    has_stop_words: bool,
    hashes: usize,
    dots: usize,
    lines: usize,
    bullet_lines: usize,
    ellipsis_lines: usize,
    terminal_lines: usize,
    short_lines: usize,
    curly_brackets: usize,
    lorem_ipsum: usize,
    /// In lines that are prose; counted only where it is asked for.
    sentences: usize,
    /// The share of characters in lines that repeat an earlier one, likewise.
    repeated_characters: f64,
}

impl Prose {
    fn of(text: &str, language: &str) -> Self {
        let mut found = FxHashSet::default();
        let list = stop_words(language);
        let mut prose = Self { has_stop_words: !list.is_empty(), ..Self::default() };
        let is_stop_word = |word: &str| if language == "en" { ENGLISH.contains(&word) } else { list.contains(word) };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            prose.lines += 1;
            prose.bullet_lines += usize::from(begins_with_bullet(line));
            prose.ellipsis_lines += usize::from(line.ends_with('…') || line.ends_with("..."));
            prose.terminal_lines += usize::from(ends_sentence(line));
            prose.short_lines += usize::from(line.chars().take(SHORT_LINE).count() < SHORT_LINE);
            prose.curly_brackets += line.bytes().filter(|byte| matches!(byte, b'{' | b'}')).count();
            prose.dots += line.matches('…').count() + line.matches("...").count();
            for word in line.split_whitespace() {
                prose.words += 1;
                prose.characters += word.chars().count();
                prose.alphabetic += usize::from(word.contains(char::is_alphabetic));
                prose.hashes += word.bytes().filter(|&byte| byte == b'#').count();
                let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
                if bare.len() <= LONGEST_STOP_WORD {
                    let bare = bare.to_lowercase();
                    if !found.contains(&bare) && is_stop_word(&bare) {
                        found.insert(bare);
                    }
                }
            }
        }
        prose.stop_words = found.len();
        prose.lorem_ipsum = lorem_ipsum(text);
        prose
    }
}

/// How often `lorem ipsum` stands in the text, in any case.
fn lorem_ipsum(text: &str) -> usize {
    const FILLER: &str = "lorem ipsum";
    let starts = memchr::memchr2_iter(b'l', b'L', text.as_bytes());
    starts.filter(|&at| text.get(at..at + FILLER.len()).is_some_and(|found| found.eq_ignore_ascii_case(FILLER))).count()
}

/// No list has a longer stop word, in bytes.
const LONGEST_STOP_WORD: usize = 24;

fn begins_with_bullet(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('•' | '‣' | '▪' | '●' | '◦' | '○' | '■' | '⁃' | '∙' | '·' | '➢' | '►') => true,
        Some('*' | '-' | '–' | '+') => chars.next().is_some_and(char::is_whitespace),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{filter, judged, rule};

    fn check(text: &str, expected: Option<&str>) {
        let (verdict, _) = judged(FilterQuality::default(), text);
        assert_eq!(rule(&verdict), expected, "{text}");
    }

    #[test]
    fn prose_goes_on() {
        check("The people of the town said that they would have to wait with patience.", None);
    }

    #[test]
    fn each_rule_drops_what_it_is_for() {
        check("a b c d to of i x y z", Some("quality.word_length.min"));
        check(&"Donaudampfschifffahrtsgesellschaft ".repeat(9), Some("quality.word_length.max"));
        check("# the # and # that with those words", Some("quality.symbols.max"));
        check(&"• the people and that place they went with\n".repeat(10), Some("quality.bullet_lines.max"));
        check(
            &"the people and that place which they went to with joy...\n".repeat(9),
            Some("quality.ellipsis_lines.max"),
        );
        check("1234 5678 the and 91011 1213 1415 1617 1819 people", Some("quality.alphabetic.min"));
        check("Spring, summer, autumn, winter; apples, pears, plums", Some("quality.stop_words.min"));
    }

    fn check_preset(preset: Preset, text: &str, expected: Option<&str>) {
        let (verdict, _) = judged(FilterQuality { preset: Some(preset), ..FilterQuality::default() }, text);
        assert_eq!(rule(&verdict), expected, "{text}");
    }

    /// A sentence of ten words.
    const SENTENCE: &str = "The people of the town have to be with that.";

    #[test]
    fn gopher_has_its_thresholds() {
        let check = |text: &str, expected| check_preset(Preset::Gopher, text, expected);
        let words = |count: usize| "that town and people ".repeat(count / 4) + &"that ".repeat(count % 4);
        check(&words(50), None);
        check(&words(49), Some("quality.words.min"));
        check(&words(100_000), None);
        check(&words(100_001), Some("quality.words.max"));
        check(&("the and I ".to_owned() + &"abc ".repeat(60)), Some("quality.word_length.min"));
        check(&("the and people ".to_owned() + &"abc ".repeat(60)), None);
        check(&("the and ".to_owned() + &"abcdefghij ".repeat(60)), None);
        check(&("the and ".to_owned() + &"abcdefghijk ".repeat(60)), Some("quality.word_length.max"));
        check(&("the and people ".repeat(20) + &"# ".repeat(6)), None);
        check(&("the and people ".repeat(20) + &"# ".repeat(7)), Some("quality.symbols.max"));
        check(&("the and people ".repeat(20) + &"... ".repeat(7)), Some("quality.symbols.max"));
        let lines = |with: &str, without: &str, count: usize| with.repeat(count) + &without.repeat(100 - count);
        check(&lines("• the people and that\n", "the people and that\n", 90), None);
        check(&lines("• the people and that\n", "the people and that\n", 91), Some("quality.bullet_lines.max"));
        let dots = "the people and that town with hope and joy and so on...\n";
        check(&lines(dots, "the people and that town with hope\n", 30), None);
        check(&lines(dots, "the people and that town with hope\n", 31), Some("quality.ellipsis_lines.max"));
        check(&("the and people town ".repeat(20) + &"1234 ".repeat(20)), None);
        check(&("the and people town ".repeat(20) + &"1234 ".repeat(21)), Some("quality.alphabetic.min"));
        check(&"the people ".repeat(30), Some("quality.stop_words.min"));
        check(&"the people and ".repeat(30), None);
    }

    #[test]
    fn c4_has_its_thresholds() {
        let check = |text: &str, expected| check_preset(Preset::C4, text, expected);
        let lines = |lines: &[&str]| lines.join("\n");
        check(&lines(&[SENTENCE, SENTENCE, SENTENCE]), None);
        check(&lines(&[SENTENCE, SENTENCE]), Some("quality.sentences.min"));
        check(&format!("{SENTENCE} {SENTENCE} {SENTENCE}"), None);
        // What is no prose does not count.
        check(&lines(&[SENTENCE, SENTENCE, "Read on here."]), Some("quality.sentences.min"));
        check(&lines(&[SENTENCE, SENTENCE, "The people of the town read on"]), Some("quality.sentences.min"));
        check(&lines(&[SENTENCE, SENTENCE, "The town uses cookies to count people."]), Some("quality.sentences.min"));
        check(&lines(&[SENTENCE, SENTENCE, "The town asks people for JavaScript."]), Some("quality.sentences.min"));
        check(&lines(&[SENTENCE, SENTENCE, SENTENCE, "{"]), Some("quality.curly_brackets.max"));
        check(&lines(&[SENTENCE, SENTENCE, SENTENCE, "Lorem Ipsum dolor"]), Some("quality.lorem_ipsum.max"));
        check(&lines(&[SENTENCE, SENTENCE, SENTENCE, "Lorem dolor"]), None);
    }

    #[test]
    fn fineweb_has_its_thresholds() {
        let check = |text: &str, expected| check_preset(Preset::Fineweb, text, expected);
        let numbered = |count: usize, line: &str| {
            (0..count).map(|number| format!("{number:03} {line}")).collect::<Vec<_>>().join("\n") + "\n"
        };
        let long = "people of the town have to be with that";
        check(&(numbered(12, SENTENCE) + &numbered(88, long)), None);
        check(&(numbered(11, SENTENCE) + &numbered(89, long)), Some("quality.terminal_lines.min"));
        let repeated = |count: usize| numbered(100 - count, SENTENCE) + &format!("000 {SENTENCE}\n").repeat(count);
        check(&repeated(10), None);
        check(&repeated(11), Some("quality.repeated_characters.max"));
        // 29 characters are short, 30 are not.
        let (short, not_short) =
            (numbered(68, "people of the town there."), numbered(68, "people of the towns there."));
        check(&(short + &numbered(32, SENTENCE)), Some("quality.short_lines.max"));
        check(&(not_short + &numbered(32, SENTENCE)), None);
        check(&(numbered(67, "people of the town there.") + &numbered(33, SENTENCE)), None);
    }

    #[test]
    fn thresholds_stand_beside_a_preset() {
        let options = FilterQuality {
            preset: Some(Preset::C4),
            min_sentences: Some(1),
            max_words: Some(9),
            ..FilterQuality::default()
        };
        let (verdict, doc) = judged(options.clone(), SENTENCE);
        assert_eq!(verdict, Verdict::Drop(docmill_core::DropReason::new("quality.words.max", 10.0, 9.0)));
        let measures = ["quality.curly_brackets", "quality.lorem_ipsum", "quality.sentences", "quality.words"];
        assert_eq!(doc.measures().keys().map(AsRef::as_ref).collect::<Vec<&str>>(), measures);
        assert_eq!(judged(FilterQuality { max_words: None, ..options }, SENTENCE).0, Verdict::Keep);
    }

    #[test]
    fn a_range_that_a_preset_makes_empty_is_refused() {
        let options = FilterQuality { preset: Some(Preset::Gopher), max_words: Some(20), ..FilterQuality::default() };
        let errors = options.build(&BuildContext::default()).err().unwrap_or_default();
        assert_eq!(errors[0].pointer, "/max_words");
    }

    #[test]
    fn stop_words_are_those_of_the_language() {
        let text = "Die Leute in der Stadt sagten, dass sie mit Geduld warten.";
        let mut doc = Document::from_text("a.txt", text);
        doc.set_language("de");
        let verdict =
            filter(FilterQuality::default()).judge(&mut doc, &Context::default()).expect("it takes every text");
        assert_eq!(verdict, Verdict::Keep);
        check(text, Some("quality.stop_words.min"));
    }

    #[test]
    fn a_language_without_known_stop_words_is_not_judged_by_them() {
        let mut doc = Document::from_text("a.txt", "Voda ostaja mirna, otroci pa tekajo naokoli.");
        doc.set_language("xx");
        let verdict =
            filter(FilterQuality::default()).judge(&mut doc, &Context::default()).expect("it takes every text");
        assert_eq!(verdict, Verdict::Keep);
    }

    #[test]
    fn an_empty_text_is_no_prose() {
        check("", Some("quality.word_length.min"));
    }
}
