//! Numbers by which states know people: of persons, taxpayers, insured and patients.
//!
//! A number counts where its check digits are right, and where it is written as its country writes it; bare digits are too common for that, so
//! that the words before them must say what they are.

mod schemes;

use std::sync::LazyLock;

use docmill_core::ByteSpan;
use regex::Regex;

use self::schemes::SCHEMES;

/// How much of the text before a number may say what it is, in bytes.
const BEFORE: usize = 60;

/// A kind of number.
struct Scheme {
    /// ISO 3166 code of its country.
    country: &'static str,
    /// What it is called there.
    name: &'static str,
    /// How it is written.
    written: &'static str,
    trust: Trust,
    /// Words that say what the number is, in small letters.
    cues: &'static [&'static str],
    /// Whether the letters and digits, without what separates them, agree with each other.
    agrees: fn(&str) -> bool,
}

/// What tells a number from others with right check digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Its letters and digits alone.
    Form,
    /// What separates them; without that, the words before it.
    Separators,
    /// The words before it.
    Words,
}

/// A number that was found.
pub(super) struct NationalNumber {
    pub(super) span: ByteSpan,
    /// Without what separates its letters and digits.
    pub(super) number: String,
    pub(super) country: &'static str,
    pub(super) name: &'static str,
}

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let pattern = |scheme: &Scheme| format!(r"\b(?:{})\b", scheme.written);
    SCHEMES.iter().map(|scheme| super::pattern(&pattern(scheme))).collect()
});

/// The national numbers of a text, in order and apart from each other.
pub(super) fn national_numbers(text: &str) -> Vec<NationalNumber> {
    let mut found: Vec<NationalNumber> = Vec::new();
    for (scheme, pattern) in SCHEMES.iter().zip(PATTERNS.iter()) {
        let numbers = pattern.find_iter(text).map(|written| (ByteSpan::from(written.range()), written.as_str()));
        found.extend(numbers.filter_map(|(span, written)| scheme.number(text, span, written)));
    }
    // Of two schemes whose check digits are right, the one with the longer form; the first of the table where they are as long.
    found.sort_by_key(|number| (number.span.start, std::cmp::Reverse(number.span.end)));
    let mut end = 0;
    found.retain(|number| {
        let is_apart = number.span.start >= end;
        end = end.max(number.span.end);
        is_apart
    });
    found
}

impl Scheme {
    fn number(&self, text: &str, span: ByteSpan, written: &str) -> Option<NationalNumber> {
        let number: String = written.chars().filter(|c| c.is_alphanumeric()).collect();
        let is_separated = number.len() < written.len();
        let is_sure = match self.trust {
            Trust::Form => true,
            Trust::Separators => is_separated || self.is_announced(text, span.start),
            Trust::Words => self.is_announced(text, span.start),
        };
        let is_part = |c: Option<char>| c.is_some_and(|c| matches!(c, '-' | '/' | '_' | '.' | '+'));
        let is_longer = is_part(text[..span.start].chars().next_back())
            || is_part(text[span.end..].chars().next())
                && text[span.end + 1..].chars().next().is_some_and(char::is_alphanumeric);
        (is_sure && !is_longer && (self.agrees)(&number)).then_some(NationalNumber {
            span,
            number,
            country: self.country,
            name: self.name,
        })
    }

    /// Whether one of the words that say what the number is stands before it.
    fn is_announced(&self, text: &str, start: usize) -> bool {
        let from = (start.saturating_sub(BEFORE)..=start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
        let before = text[from..start].to_lowercase();
        let is_whole = |at: usize, cue: &str| {
            let goes_on = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !goes_on(before[..at].chars().next_back()) && !goes_on(before[at + cue.len()..].chars().next())
        };
        self.cues.iter().any(|cue| before.match_indices(cue).any(|(at, _)| is_whole(at, cue)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, &'static str, &str)> {
        let numbers = national_numbers(text).into_iter();
        numbers.map(|number| (number.country, number.name, number.span.of(text).unwrap())).collect()
    }

    /// A sentence with a number of each country as its documentation writes it, and what is found there.
    const EACH: &[(&str, &str, &str, &str)] = &[
        ("BR", "CPF", "Contribuinte 111.444.777-35, São Paulo", "111.444.777-35"),
        ("BR", "CPF", "com o CPF 11144477735", "11144477735"),
        ("ES", "DNI", "con DNI 12345678Z en Vigo", "12345678Z"),
        ("ES", "NIE", "el titular X-1234567-L firma", "X-1234567-L"),
        ("FR", "NIR", "assuré 2 55 08 14 168 025 38 à Brest", "2 55 08 14 168 025 38"),
        ("FR", "NIR", "numéro de sécurité sociale : 255081416802538", "255081416802538"),
        ("DE", "Steuer-ID", "Ihre Steuer-ID 86 095 742 719 lautet", "86 095 742 719"),
        ("IT", "codice fiscale", "la signora RSSMRA80A01H501U risulta", "RSSMRA80A01H501U"),
        ("NL", "BSN", "met burgerservicenummer 111222333", "111222333"),
        ("BE", "rijksregisternummer", "nr. 85.07.30-033.28 te Gent", "85.07.30-033.28"),
        ("PL", "PESEL", "nr PESEL: 44051401359", "44051401359"),
        ("PT", "NIF", "o contribuinte com o NIF 123 456 789", "123 456 789"),
        ("SE", "personnummer", "Sökande 811228-9874, Lund", "811228-9874"),
        ("FI", "henkilötunnus", "asiakas 131052-308T, Turku", "131052-308T"),
        ("NO", "fødselsnummer", "fødselsnummer 15108695088", "15108695088"),
        ("CH", "AHV", "Versicherte 756.9217.0769.85 in Bern", "756.9217.0769.85"),
        ("GB", "NHS number", "Patient, NHS number 943 476 5919", "943 476 5919"),
        ("CA", "SIN", "social insurance number 046 454 286", "046 454 286"),
        ("AU", "TFN", "her tax file number is 123 456 782", "123 456 782"),
        ("CN", "resident identity number", "证件 11010519491231002X 有效", "11010519491231002X"),
        ("IN", "Aadhaar", "Aadhaar 2341 2341 2346 was checked", "2341 2341 2346"),
        ("JP", "My Number", "マイナンバー 6214 9832 0257", "6214 9832 0257"),
        ("ZA", "ID number", "ID number 7503305044089", "7503305044089"),
        ("MX", "CURP", "la señora BOXW310820HNERXN09 vive", "BOXW310820HNERXN09"),
        ("TR", "T.C. kimlik no", "TC kimlik no 17291716060", "17291716060"),
        ("RO", "CNP", "având CNP 1630615123457", "1630615123457"),
        ("CL", "RUT", "don Luis, 12.531.909-2, de Lota", "12.531.909-2"),
    ];

    #[test]
    fn each_country_has_its_number() {
        for (country, name, text, number) in EACH {
            assert_eq!(found(text), [(*country, *name, *number)], "{text}");
        }
        let countries: std::collections::BTreeSet<_> = SCHEMES.iter().map(|scheme| scheme.country).collect();
        let tried: std::collections::BTreeSet<_> = EACH.iter().map(|(country, ..)| *country).collect();
        assert_eq!(tried, countries);
    }

    #[test]
    fn a_number_with_one_other_digit_is_none() {
        for (_, _, text, number) in EACH {
            let digit = number.rfind(|c: char| c.is_ascii_digit()).unwrap();
            let other = (number.as_bytes()[digit] - b'0' + 1) % 10;
            let changed = format!("{}{other}{}", &number[..digit], &number[digit + 1..]);
            assert_eq!(found(&text.replace(number, &changed)), [], "{text}: {changed}");
        }
    }

    #[test]
    fn bare_digits_need_words_that_say_what_they_are() {
        for text in ["order 111222333 shipped", "call 943 476 5919", "invoice 44051401359", "part 123 456 782"] {
            assert_eq!(found(text), [], "{text}");
        }
        assert_eq!(found("see 2024/811228-9874"), []);
        assert_eq!(found("8111.444.777-35"), []);
    }
}
