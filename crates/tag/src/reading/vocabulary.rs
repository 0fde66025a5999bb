//! The words that values are written with, by language: what a word means, and where it may stand.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::ideographic::Names as Ideographs;
use super::languages::{
    CHINESE, ENGLISH, FRENCH, GERMAN, ITALIAN, JAPANESE, Language, PORTUGUESE, RUSSIAN, SPANISH, Writing,
};
use super::{Lexemes, compounds};
use crate::shapes::Shapes;

/// What a word means for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sense {
    /// A number, which adds to what stands before it.
    Numeral(u16),
    /// Times a hundred.
    Hundred,
    /// Times a power of ten.
    Magnitude(u8),
    /// A half, before or behind a number or a unit.
    Half,
    /// So many halves.
    Halves(u8),
    /// A place in an order, such as the day of a month.
    Ordinal(u8),
    /// A month, 1 to 12.
    Month(u8),
    /// A month in another language than the text's, 1 to 12: it counts behind a day only.
    ForeignMonth(u8),
    /// A day of the week, Monday being 1.
    Weekday(u8),
    /// A day by its distance from today.
    Day(i8),
    /// Previous, this, next: a period by its distance from the present one; a weekday is one of that week.
    Shift(i8),
    /// Last, coming: as [`Self::Shift`], but a weekday is the nearest one.
    Near(i8),
    /// As [`Self::Near`], behind its noun: `lundi dernier`.
    Behind(i8),
    /// The following: next, seen from the time that is spoken of.
    Following,
    /// A stretch of the calendar.
    Period(Period),
    /// A day of the year with a name.
    Holiday(Holiday),
    /// A time of day, in hours.
    Hour(u8),
    /// Behind an hour: how many hours to add, or 24 where it says nothing of the half of the day.
    Daytime(u8),
    /// Before an hour: so many minutes from it.
    Minutes(i8),
    /// Behind an hour: so many minutes from it.
    MinutesBehind(i8),
    /// Early, mid, late.
    Part,
    /// A number of periods before the present.
    Ago,
    /// Before a span of time: so long ago, or so long from now.
    Lead(i8),
    /// Behind a span of time: so long ago, or so long from now.
    Trail(i8),
    /// Between a span of time and a date: so long before or after it.
    Anchor(i8),
    /// Ten years of the last century, such as 80 for the eighties.
    Decade(u8),
    /// A hundred years, with a number before or behind it.
    Century,
    /// A word that a bare year follows, such as `since`.
    BeforeYear,
    /// Between the parts of a number.
    And,
    /// Between the ends of a range.
    To,
    /// A hundredth.
    Percent,
    /// Between a unit and the one that it is divided by.
    Per,
    /// Below zero.
    Minus,
    /// Behind a span of time that is an age.
    Age,
    /// The first word of a phrase that means something.
    Opening,
}

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    Day,
    Week,
    Weekend,
    Fortnight,
    Month,
    Quarter,
    HalfYear,
    Year,
    Decade,
    /// Spring, summer, autumn, winter: 0 to 3.
    Season(u8),
}

/// When a named day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holiday {
    /// Month and day.
    Fixed(u8, u8),
    /// Days from Easter Sunday of the Gregorian calendar.
    Easter(i8),
    /// Month, weekday, and which of these weekdays in the month.
    Nth(u8, u8, u8),
    /// As [`Self::Nth`], and so many days later.
    After(u8, u8, u8, u8),
    /// Month and weekday: the last such one in the month.
    Last(u8, u8),
    /// A Sunday of Advent, the fourth being the last before December 25.
    Advent(u8),
}

/// The words of one language.
pub(crate) struct Vocabulary {
    senses: FxHashMap<Box<[u8]>, Sense>,
    shapes: Shapes,
    /// Phrases by their first word, longest first: the lexemes behind the first one, and what the phrase means.
    phrases: FxHashMap<&'static str, Vec<(Vec<&'static str>, Sense)>>,
    /// Names of currencies.
    pub(crate) money: Names,
    /// Words for countries.
    pub(crate) countries: Names,
    /// Names of units.
    pub(crate) units: Names,
    /// Words that raise a unit to a power.
    pub(crate) powers: FxHashMap<&'static str, u8>,
    pub(crate) language: &'static Language,
    /// All names of a language without spaces, none for others.
    pub(super) ideographs: Option<Ideographs>,
    /// Whether numbers are written as in `1.234,56`.
    pub(crate) comma: bool,
}

/// Longer words mean nothing here, in bytes.
const LONGEST: usize = 36;

impl Vocabulary {
    /// The vocabulary for a document of `language`; English where it is unknown.
    pub(crate) fn of(language: Option<&str>) -> &'static Self {
        static IN_ENGLISH: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&ENGLISH, FOREIGN_MONTHS, false));
        static IN_GERMAN: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&GERMAN, MONTHS, false));
        static IN_FRENCH: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&FRENCH, MONTHS, false));
        static IN_SPANISH: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&SPANISH, MONTHS, false));
        static IN_PORTUGUESE: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&PORTUGUESE, MONTHS, false));
        static IN_ITALIAN: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&ITALIAN, MONTHS, false));
        static IN_RUSSIAN: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&RUSSIAN, MONTHS, false));
        static IN_CHINESE: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&CHINESE, MONTHS, false));
        static IN_JAPANESE: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&JAPANESE, MONTHS, false));
        static WITH_COMMA: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&ENGLISH, FOREIGN_MONTHS, true));
        match language.map(|language| language.split(['-', '_']).next().unwrap_or_default()) {
            Some("de") => &IN_GERMAN,
            Some("fr") => &IN_FRENCH,
            Some("es" | "ca" | "gl") => &IN_SPANISH,
            Some("pt") => &IN_PORTUGUESE,
            Some("it") => &IN_ITALIAN,
            Some("ru") => &IN_RUSSIAN,
            Some("zh") => &IN_CHINESE,
            Some("ja") => &IN_JAPANESE,
            Some(
                "nl" | "da" | "sv" | "nb" | "nn" | "no" | "fi" | "pl" | "cs" | "sk" | "ro" | "tr" | "uk" | "el" | "hu",
            ) => &WITH_COMMA,
            Some(_) | None => &IN_ENGLISH,
        }
    }

    /// Whether there are words of values for texts in `language`; for one that is not known the English ones count.
    pub(crate) fn knows(language: &str) -> bool {
        matches!(
            language.split(['-', '_']).next().unwrap_or_default(),
            "" | "und" | "en" | "de" | "fr" | "es" | "ca" | "gl" | "pt" | "it" | "ru" | "zh" | "ja"
        )
    }

    fn new(language: &'static Language, months: &'static [(&'static str, Sense)], comma: bool) -> Self {
        let mut senses: FxHashMap<Box<[u8]>, Sense> = FxHashMap::default();
        if language.compounds {
            senses.extend(compounds::numbers().map(|(word, sense)| (word.into_bytes().into(), sense)));
        }
        // Short words of the kin are other words here: `dos` is a preposition in Portuguese.
        let kin = language.kin.iter().flat_map(|kin| kin.words).filter(|(words, sense)| {
            matches!(sense, Sense::Magnitude(_)) || matches!(sense, Sense::Numeral(_)) && words.len() > 3
        });
        for (words, sense) in kin.chain(months).chain(language.words) {
            for word in words.split(' ') {
                senses.insert(word.as_bytes().into(), *sense);
            }
        }
        let mut phrases: FxHashMap<&'static str, Vec<(Vec<&'static str>, Sense)>> = FxHashMap::default();
        let holidays = language.holidays.iter().map(|(names, holiday)| (*names, Sense::Holiday(*holiday)));
        for (names, sense) in language.phrases.iter().copied().chain(holidays) {
            for phrase in names.split('|') {
                let mut words = phrase.split(' ');
                let Some(first) = words.next() else { continue };
                phrases.entry(first).or_default().push((words.collect(), sense));
                senses.entry(first.as_bytes().into()).or_insert(Sense::Opening);
            }
        }
        for named in phrases.values_mut() {
            named.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        let shapes = Shapes::of(senses.keys().filter_map(|word| std::str::from_utf8(word).ok()));
        let powers = |language: &'static Language| {
            language.powers.iter().flat_map(|(names, power)| names.split(' ').map(move |name| (name, *power)))
        };
        let ideographs = (language.writing != Writing::Spaced).then(|| {
            let tables = [language.money, language.countries, language.units];
            let words = language.words.iter().map(|(names, _)| *names);
            let phrases = language.phrases.iter().map(|(names, _)| *names);
            let holidays = language.holidays.iter().map(|(names, _)| *names);
            let tables = tables.into_iter().flatten().map(|(_, names)| *names);
            Ideographs::of(words.chain(phrases).chain(holidays).chain(tables).flat_map(|names| names.split([' ', '|'])))
        });
        Self {
            shapes,
            phrases,
            ideographs,
            money: named(language, |language| language.money),
            countries: named(language, |language| language.countries),
            units: named(language, |language| language.units),
            powers: language.kin.into_iter().chain([language]).flat_map(powers).collect(),
            senses,
            language,
            comma: comma || language.comma,
        }
    }

    /// The sense of a word in any case.
    pub(crate) fn sense(&self, word: &str) -> Option<Sense> {
        if word.len() > LONGEST {
            return None;
        }
        if !word.is_ascii() {
            return self.senses.get(word.to_lowercase().as_bytes()).copied();
        }
        if !self.shapes.may_hold(word) {
            return None;
        }
        let mut lowered = [0; LONGEST];
        let lowered = lowered.get_mut(..word.len())?;
        lowered.copy_from_slice(word.as_bytes());
        lowered.make_ascii_lowercase();
        self.senses.get(&*lowered).copied()
    }

    /// The longest phrase at the lexeme `at` whose sense `meant` takes, and the index of its last lexeme.
    pub(crate) fn phrase<T>(
        &self,
        text: Lexemes<'_>,
        at: usize,
        meant: impl Fn(Sense) -> Option<T>,
    ) -> Option<(T, usize)> {
        let first = text.str(at);
        if first.is_empty() || first.len() > LONGEST {
            return None;
        }
        let named = match self.phrases.get(first) {
            Some(named) => named,
            None => self.phrases.get(first.to_lowercase().as_str())?,
        };
        named.iter().find_map(|(words, sense)| {
            let found = meant(*sense)?;
            let all = words.iter().zip(at + 1..).all(|(word, at)| text.follows(at) && is_written(text.str(at), word));
            all.then_some((found, at + words.len()))
        })
    }
}

/// What is meant by name, in a language and in its kin.
type Names = FxHashMap<&'static str, &'static str>;

/// The names of one of the tables of a language, with those of its kin that it has not itself.
fn named(
    language: &'static Language,
    table: fn(&'static Language) -> &'static [(&'static str, &'static str)],
) -> Names {
    let languages = language.kin.into_iter().chain([language]);
    let entries = languages.flat_map(table);
    entries.flat_map(|(meant, names)| names.split(' ').map(move |name| (name, *meant))).collect()
}

/// Whether the lexeme is the one of a table: in any case, and with any apostrophe and hyphen.
fn is_written(lexeme: &str, word: &str) -> bool {
    match word {
        "'" => matches!(lexeme, "'" | "’"),
        "-" => matches!(lexeme, "-" | "‑"),
        _ => lexeme == word || lexeme.len() <= LONGEST && lexeme.to_lowercase() == word,
    }
}

use Sense::{ForeignMonth, Month};

/// English names of months, which texts in other languages quote.
const MONTHS: &[(&str, Sense)] = &[
    ("january", Month(1)),
    ("february", Month(2)),
    ("june", Month(6)),
    ("july", Month(7)),
    ("august", Month(8)),
    ("september", Month(9)),
    ("october", Month(10)),
    ("november", Month(11)),
    ("december", Month(12)),
];

/// Names of months as English texts quote them in references, such as `(Le Monde, 3 mars)`.
const FOREIGN_MONTHS: &[(&str, Sense)] = &[
    ("janvier januar januari janeiro enero gennaio stycznia ledna siječnja ianuarie ocak jänner", ForeignMonth(1)),
    ("février februar februari fevereiro febrero febbraio lutego února februarie şubat", ForeignMonth(2)),
    ("mars märz maart marts março marzo marca března martie mart", ForeignMonth(3)),
    ("avril abril aprile kwietnia dubna aprilie nisan", ForeignMonth(4)),
    ("mai maj mei maio mayo maggio maja května mayıs", ForeignMonth(5)),
    ("juin juni junho junio giugno czerwca června iunie haziran", ForeignMonth(6)),
    ("juillet juli julho julio luglio lipca července iulie temmuz", ForeignMonth(7)),
    ("août aout augusti augustus agosto sierpnia srpna ağustos", ForeignMonth(8)),
    ("septembre septiembre setiembre setembro settembre września září septembrie eylül", ForeignMonth(9)),
    ("octobre oktober octubre outubro ottobre października října octombrie ekim", ForeignMonth(10)),
    ("novembre noviembre novembro listopada listopadu noiembrie kasım", ForeignMonth(11)),
    ("décembre dezember desember diciembre dezembro dicembre grudnia prosince decembrie aralık", ForeignMonth(12)),
];

#[cfg(test)]
mod tests {
    use super::Sense::{Magnitude, Numeral};
    use super::*;

    #[test]
    fn words_mean_what_they_mean_in_the_language() {
        for (language, word, sense) in [
            (None, "MARCH", Some(Month(3))),
            (Some("de"), "März", Some(Month(3))),
            (Some("en-GB"), "mars", Some(ForeignMonth(3))),
            (Some("fr"), "mars", Some(Month(3))),
            (Some("fr"), "six", Some(Numeral(6))),
            (Some("de"), "Billion", Some(Magnitude(12))),
            (Some("en"), "billion", Some(Magnitude(9))),
            (None, "averyveryverylongwordindeed", None),
        ] {
            assert_eq!(Vocabulary::of(language).sense(word), sense, "{word}");
        }
    }
}
