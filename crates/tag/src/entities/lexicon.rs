//! What is known of words and names beforehand: the name lists of `data/`, and words that tell what stands beside them.
//!
//! All of it is one table, so that a word costs one look-up however many lists there are. It is built on first use, in about
//! a millisecond.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::cues;
use crate::shapes::Shapes;

/// The lists that a word or name is in, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Lists(u32);

impl Lists {
    pub(super) const FIRST_NAME: Self = Self(1);
    pub(super) const SURNAME: Self = Self(1 << 1);
    pub(super) const CITY: Self = Self(1 << 2);
    pub(super) const COUNTRY: Self = Self(1 << 3);
    pub(super) const REGION: Self = Self(1 << 4);
    pub(super) const ORGANIZATION: Self = Self(1 << 5);
    /// `Mr`, `President`: a person follows.
    pub(super) const TITLE: Self = Self(1 << 6);
    /// `Bank`, `Union`: what it ends, or what `of` ties to it, is an organisation.
    pub(super) const ORGANIZATION_HEAD: Self = Self(1 << 7);
    /// `Ltd`, `GmbH`.
    pub(super) const COMPANY_FORM: Self = Self(1 << 8);
    /// `Bay`, `Street`: what it ends is a place.
    pub(super) const PLACE_HEAD: Self = Self(1 << 9);
    /// `Port`, `Lake`: what it begins is a place.
    pub(super) const PLACE_START: Self = Self(1 << 10);
    /// `French`, `Catholic`: a capital that names nothing.
    pub(super) const ADJECTIVE: Self = Self(1 << 11);
    /// `Monday`, `March`.
    pub(super) const CALENDAR: Self = Self(1 << 12);
    /// Acronyms of things, not of organisations.
    pub(super) const COMMON_ACRONYM: Self = Self(1 << 13);
    /// `mayor`, `analyst`: before or after a person.
    pub(super) const ROLE: Self = Self(1 << 14);
    /// `said`: after whoever said it.
    pub(super) const SPEECH: Self = Self(1 << 15);
    /// `company`, `agency`: in apposition to an organisation.
    pub(super) const ORGANIZATION_NOUN: Self = Self(1 << 16);
    /// `town`, `river`: in apposition to a place.
    pub(super) const PLACE_NOUN: Self = Self(1 << 17);
    /// `in`, `near`: before a place.
    pub(super) const LOCATIVE: Self = Self(1 << 18);
    /// `from`, `to`: before a place, or anything else.
    pub(super) const DIRECTIVE: Self = Self(1 << 19);
    /// `North`, `Upper`: before a place's name.
    pub(super) const DIRECTION: Self = Self(1 << 20);
    /// `von`, `de`: inside a name.
    pub(super) const PARTICLE: Self = Self(1 << 21);
    /// `Jr`, `Sr`: after a person.
    pub(super) const NAME_SUFFIX: Self = Self(1 << 22);
    /// `Chapter`, `Figure`: a capital by custom.
    pub(super) const LABEL: Self = Self(1 << 23);

    /// `Marsh`, `Banks`: what heads a place or organisation, and is a surname too.
    pub(super) const HEAD_OR_SURNAME: Self = Self(1 << 24);
    /// `King`, `Prince`: places are named after them with their title.
    pub(super) const ROYAL: Self = Self(1 << 25);
    /// `National`, `Federal`: what begins the name of a body with two fields, `National Security and Defense Council`.
    pub(super) const BEGINS_BODY: Self = Self(1 << 26);
    /// The first word of a listed name of several words.
    pub(super) const BEGINS_NAME: Self = Self(1 << 27);

    /// Anything that says what a word may be.
    pub(super) const ANY: Self =
        Self(!(Self::BEGINS_NAME.0 | Self::BEGINS_BODY.0 | Self::DIRECTIVE.0 | Self::LOCATIVE.0));

    /// Any place on the map.
    pub(super) const PLACE: Self = Self(Self::CITY.0 | Self::COUNTRY.0 | Self::REGION.0);

    /// What ends the name of an organisation or place.
    pub(super) const HEAD: Self = Self(Self::ORGANIZATION_HEAD.0 | Self::COMPANY_FORM.0 | Self::PLACE_HEAD.0);

    /// Whether it is in one of `lists`.
    pub(super) const fn any(self, lists: Self) -> bool {
        self.0 & lists.0 != 0
    }
}

impl std::ops::BitOr for Lists {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What is known of one word or name.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub(super) lists: Lists,
    /// The name that it stands for, where that is another one.
    pub(super) canonical: Option<&'static str>,
}

struct Lexicon {
    words: FxHashMap<&'static str, Known>,
    /// The shapes of the words with a small first letter, which are few, and are asked for around every name.
    small: Shapes,
}

impl Known {
    /// What is known of the place that `word` is in capitals throughout, as in `HOUSTON, June 14`, where nothing else is.
    pub(super) fn or_in_capitals(self, word: &str) -> Self {
        let capitals = word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        if !capitals || self.lists != Lists::default() {
            return self;
        }
        let mut name = word.to_ascii_lowercase();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        match LEXICON.words.get_key_value(name.as_str()) {
            Some((&name, &known)) if known.lists.any(Lists::PLACE) && !known.lists.any(Lists::FIRST_NAME) => {
                Self { canonical: known.canonical.or(Some(name)), ..known }
            }
            _ => self,
        }
    }
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let files = [
        (Lists::FIRST_NAME, include_str!("../../data/first-names.txt")),
        (Lists::SURNAME, include_str!("../../data/surnames.txt")),
        (Lists::CITY, include_str!("../../data/cities.txt")),
        (Lists::COUNTRY, include_str!("../../data/countries.txt")),
        (Lists::REGION, include_str!("../../data/regions.txt")),
        (Lists::ORGANIZATION, include_str!("../../data/organizations.txt")),
    ];
    let mut table: FxHashMap<&'static str, Known> = FxHashMap::default();
    table.reserve(18_000);
    for (list, file) in files {
        for line in file.lines() {
            let (name, canonical) = match line.split_once('\t') {
                Some((name, canonical)) => (name, Some(canonical)),
                None => (line, None),
            };
            let known = table.entry(name).or_default();
            known.lists = known.lists | list;
            known.canonical = known.canonical.or(canonical);
            if let Some((first, _)) = name.split_once([' ', '.']) {
                let first = table.entry(first).or_default();
                first.lists = first.lists | Lists::BEGINS_NAME;
            }
        }
    }
    for (list, word) in cues::words() {
        let known = table.entry(word).or_default();
        known.lists = known.lists | list;
    }
    let small =
        Shapes::of(table.keys().copied().filter(|word| word.starts_with(|letter: char| letter.is_ascii_lowercase())));
    Lexicon { words: table, small }
});

/// What is known of `name`, in its usual spelling.
pub(super) fn known(name: &str) -> Known {
    let is_small = name.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    if is_small && !LEXICON.small.may_hold(name) {
        return Known::default();
    }
    LEXICON.words.get(name).copied().unwrap_or_default()
}

/// The lists that `word` is in.
pub(super) fn lists(word: &str) -> Lists {
    known(word).lists
}

/// Whether the word ends as surnames do in one of the languages that form them with an ending.
pub(super) fn is_surname_by_ending(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ov", "ova", "ev", "eva", "enko", "chuk", "vich", "vych", "ić", "vić", "ski", "ska", "sky", "skyy", "skaya",
        "cki", "cka", "sson", "sen", "dóttir", "dottir", "nen", "ldi", "yan", "ian", "shvili", "dze", "oğlu", "oglu",
        "escu", "auskas", "aitė", "ytė", "iūtė", "ienė", "ńska", "ński", "wicz", "czyk", "ák", "ková", "poulos",
        "idis", "akis", "ez", "ñez", "singh", "wala", "murthy", "swamy", "zadeh", "nejad", "quist", "qvist", "ström",
        "berg", "gren", "lund",
    ];
    let long = word.len() >= 5 && !word.bytes().all(|byte| byte.is_ascii_uppercase());
    long && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_lists_are_sorted_and_without_repetitions() {
        for file in [
            include_str!("../../data/first-names.txt"),
            include_str!("../../data/surnames.txt"),
            include_str!("../../data/cities.txt"),
            include_str!("../../data/countries.txt"),
            include_str!("../../data/regions.txt"),
            include_str!("../../data/organizations.txt"),
        ] {
            let lines: Vec<&str> = file.lines().collect();
            assert!(lines.windows(2).all(|pair| pair[0] < pair[1]), "after {:?}", &lines[..3]);
        }
    }

    #[test]
    fn words_that_are_seldom_names_are_in_no_name_list() {
        let names = Lists::FIRST_NAME | Lists::PLACE | Lists::ORGANIZATION;
        for word in
            ["Reading", "Nice", "Mobile", "Of", "The", "May", "April", "Orange", "Split", "Best", "Male", "Hope"]
        {
            assert!(!lists(word).any(names), "{word}");
        }
        assert!(lists("London").any(Lists::CITY | Lists::REGION));
        assert!(lists("Hong").any(Lists::BEGINS_NAME) && !lists("London").any(Lists::TITLE));
        assert_eq!(known("UK").canonical, Some("United Kingdom"));
    }
}
