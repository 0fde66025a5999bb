//! The table of languages in the manual is what the code says.

use std::fmt::Write as _;

use docmill_analysis::{Support, language_name};
use docmill_tag::{Names, TaggerSupport};

/// The languages that have something which not all have.
const LANGUAGES: &[&str] = &[
    "en", "de", "fr", "es", "pt", "it", "ru", "zh", "ja", "nl", "da", "no", "sv", "fi", "ca", "gl", "ar", "el", "hu",
    "ro", "ta", "tr",
];

/// The rows of the table, and one for all other languages.
fn table() -> String {
    let mut table = String::new();
    let mut row = |name: &str, language: &str| {
        let (words, tags) = (Support::of(language), TaggerSupport::of(language));
        let yes = |there: bool| if there { "yes" } else { "" };
        let names = match tags.names {
            Names::Model => "model and rules",
            Names::Rules => "rules",
            Names::Lists => "lists",
        };
        let cells = [name, yes(words.stop_words), yes(words.stems), yes(tags.values), names];
        writeln!(table, "| {} |", cells.join(" | ")).expect("a string takes all");
    };
    for language in LANGUAGES {
        row(language_name(language), language);
    }
    row("others", "xx");
    table
}

#[test]
fn the_manual_says_which_language_gets_what() {
    let manual =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/manual.md")).expect("the manual");
    let table = table();
    assert!(manual.contains(&table), "docs/manual.md, Languages, must have these rows:\n{table}");
}

#[test]
fn the_others_have_nothing_of_it() {
    for language in ["pl", "cs", "uk", "vi", "id", "sw"] {
        let words = Support::of(language);
        assert!(!words.stop_words && !words.stems && !TaggerSupport::of(language).values, "{language}");
    }
}
