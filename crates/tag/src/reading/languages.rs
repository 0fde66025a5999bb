//! The languages that values are read in, each with its tables in a file of its own: a further language is a further file.
//!
//! The words of numbers and of the calendar follow the Unicode CLDR, those of relative dates and of amounts the public
//! grammars of Recognizers-Text; currencies are named by ISO 4217 and units by UCUM.

mod chinese;
mod english;
mod french;
mod german;
mod italian;
mod japanese;
mod portuguese;
mod russian;
mod spanish;

use super::vocabulary::{Holiday, Sense};

/// How the words of a language stand beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// With spaces between them.
    Spaced,
    /// Without, in Chinese characters.
    Chinese,
    /// Without, in Chinese characters and Japanese syllables.
    Japanese,
}

/// The tables of a language. Names within an entry are parted by spaces, phrases by `|`; all are in small letters.
pub(crate) struct Language {
    /// Whether numbers are written as in `1.234,56`.
    pub(crate) comma: bool,
    /// Whether numbers are counted by twenties: `quatre-vingt-dix`.
    pub(crate) twenties: bool,
    /// Whether numbers and units are written in one word: `zweiundvierzig`, `Quadratmeter`.
    pub(crate) compounds: bool,
    /// How words stand beside each other.
    pub(crate) writing: Writing,
    /// A language so near that one is taken for the other, and quoted in the other: its numbers, currencies and units are read too.
    pub(crate) kin: Option<&'static Language>,
    /// Words of numbers and of the calendar.
    pub(crate) words: &'static [(&'static str, Sense)],
    /// Words in several lexemes, and those that mean something beside a value only.
    pub(crate) phrases: &'static [(&'static str, Sense)],
    /// Days of the year that have a name.
    pub(crate) holidays: &'static [(&'static str, Holiday)],
    /// Names of currencies: a code of ISO 4217, or a name that several countries have (`dollar`).
    pub(crate) money: &'static [(&'static str, &'static str)],
    /// Words for countries (ISO 3166) beside the name of a currency.
    pub(crate) countries: &'static [(&'static str, &'static str)],
    /// Names of units with their UCUM symbols.
    pub(crate) units: &'static [(&'static str, &'static str)],
    /// Words that raise a unit to a power, before or behind it.
    pub(crate) powers: &'static [(&'static str, u8)],
}

pub(crate) use chinese::CHINESE;
pub(crate) use english::ENGLISH;
pub(crate) use french::FRENCH;
pub(crate) use german::GERMAN;
pub(crate) use italian::ITALIAN;
pub(crate) use japanese::JAPANESE;
pub(crate) use portuguese::PORTUGUESE;
pub(crate) use russian::RUSSIAN;
pub(crate) use spanish::SPANISH;
