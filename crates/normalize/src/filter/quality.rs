//! Documents that are prose, rather than lists, menus, code or noise.
//!
//! The rules are those of Rae et al. 2021 (Scaling Language Models, section A.1.1) with their thresholds.

use docmill_analysis::stop_words;
use docmill_core::{
    BuildContext, Component, Context, Document, Field, Filter, OptionError, Role, RoleKind, StageError, Verdict,
};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Rule, judge, share};

/// Drops documents that do not look like prose.
///
/// Measured are: the mean length of words; hash signs and dots (`…`, `...`) for each word; the shares of lines that begin with
/// a bullet or end with dots; the share of words with a letter; and how many different stop words there are. The measures
/// are `quality.word_length`, `quality.symbols`, `quality.bullet_lines`, `quality.ellipsis_lines`, `quality.alphabetic` and
/// `quality.stop_words`. The defaults are those of Rae et al. 2021.
///
/// Words are what white space parts, so that Chinese, Japanese and Thai need other rules. Stop words are those of the
/// document's language; for English, and where the language is not known, the eight of the paper: the, be, to, of, and, that,
/// have, with. A language whose stop words are not known is not judged by them.
///
/// ```yaml
/// - filter.quality: { max_symbols: 0.05, min_stop_words: 3 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilterQuality {
    /// Shortest mean length of words, in characters.
    #[schemars(range(min = 0.0))]
    pub min_word_length: f64,
    /// Longest mean length of words, in characters.
    #[schemars(range(min = 0.0))]
    pub max_word_length: f64,
    /// Most hash signs, or most dots, for each word.
    #[schemars(range(min = 0.0))]
    pub max_symbols: f64,
    /// Largest share of lines that begin with a bullet, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub max_bullet_lines: f64,
    /// Largest share of lines that end with dots, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub max_ellipsis_lines: f64,
    /// Smallest share of words that have a letter, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_alphabetic: f64,
    /// Fewest different stop words.
    pub min_stop_words: u32,
}

impl Default for FilterQuality {
    fn default() -> Self {
        Self {
            min_word_length: 3.0,
            max_word_length: 10.0,
            max_symbols: 0.1,
            max_bullet_lines: 0.9,
            max_ellipsis_lines: 0.3,
            min_alphabetic: 0.8,
            min_stop_words: 2,
        }
    }
}

/// The stop words of the paper.
const ENGLISH: &[&str] = &["and", "be", "have", "of", "that", "the", "to", "with"];

impl Component for FilterQuality {
    const NAME: &'static str = "filter.quality";
    const KIND: RoleKind = RoleKind::Filter;

    fn gives(&self) -> Vec<Field> {
        self.rules(&Prose::default()).iter().map(|rule| Field::measure(rule.name)).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.max_word_length < self.min_word_length {
            let message =
                format!("expected at least min_word_length = {}, found {}", self.min_word_length, self.max_word_length);
            return Err(vec![OptionError::new("/max_word_length", message)]);
        }
        Ok(Role::filter(self))
    }
}

impl Filter for FilterQuality {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let language = doc.language().and_then(|language| language.split('-').next()).unwrap_or("en");
        let prose = Prose::of(doc.text(), language);
        Ok(judge(doc, &self.rules(&prose)))
    }
}

impl FilterQuality {
    fn rules(&self, prose: &Prose) -> [Rule; 6] {
        [
            Rule {
                name: "quality.word_length",
                measured: share(prose.characters, prose.words),
                at_least: Some(self.min_word_length),
                at_most: Some(self.max_word_length),
            },
            Rule::at_most("quality.symbols", share(prose.hashes.max(prose.dots), prose.words), self.max_symbols),
            Rule::at_most("quality.bullet_lines", share(prose.bullet_lines, prose.lines), self.max_bullet_lines),
            Rule::at_most("quality.ellipsis_lines", share(prose.ellipsis_lines, prose.lines), self.max_ellipsis_lines),
            Rule::at_least("quality.alphabetic", share(prose.alphabetic, prose.words), self.min_alphabetic),
            Rule {
                name: "quality.stop_words",
                measured: prose.stop_words as f64,
                at_least: prose.has_stop_words.then_some(f64::from(self.min_stop_words)),
                at_most: None,
            },
        ]
    }
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
        prose
    }
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
