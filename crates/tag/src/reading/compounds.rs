//! German numbers in one word: `zweiundvierzig`, `dreihundertzwölf`, `zweitausendsechzehn`.

use super::vocabulary::Sense;

const UNITS: [&str; 20] = [
    "",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
];
const TENS: [&str; 10] =
    ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];

/// All numbers of more than one part up to 999, the thousands up to 65,000, and what years are written with: hundreds up
/// to 1999 and two thousand with a number.
pub(super) fn numbers() -> impl Iterator<Item = (String, Sense)> {
    let small = (21..1000).map(|number| (below_thousand(number), number));
    let one = (1..10).map(|hundreds| (format!("{}hunderteins", UNITS[hundreds]), hundreds * 100 + 1));
    let bare = (101..200).map(|number| (below_thousand(number)["ein".len()..].to_owned(), number));
    let years = (1100..2000).map(|number| {
        let rest = below_hundred(number % 100);
        (format!("{}hundert{rest}", UNITS[number / 100]), number)
    });
    let thousands = (2..66).map(|thousands| (format!("{}tausend", below_hundred(thousands)), thousands * 1000));
    let millennium = (1..100).map(|rest| (format!("zweitausend{}", below_hundred(rest)), 2000 + rest));
    let and = (1..100).map(|rest| (format!("zweitausendund{}", below_hundred(rest)), 2000 + rest));
    small
        .chain(one)
        .chain(bare)
        .chain(years)
        .chain(thousands)
        .chain(millennium)
        .chain(and)
        .filter_map(|(word, number)| Some((word, Sense::Numeral(u16::try_from(number).ok()?))))
}

fn below_hundred(number: usize) -> String {
    match (number / 10, number % 10) {
        (0 | 1, _) => UNITS[number].to_owned(),
        (tens, 0) => TENS[tens].to_owned(),
        (tens, units) => format!("{}und{}", UNITS[units], TENS[tens]),
    }
}

fn below_thousand(number: usize) -> String {
    let hundreds = number / 100;
    let rest = below_hundred(number % 100);
    if hundreds == 0 { rest } else { format!("{}hundert{rest}", UNITS[hundreds]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelled_in_one_word() {
        let numbers: Vec<_> = numbers().collect();
        for (word, number) in [
            ("zweiundvierzig", 42),
            ("dreihundertzwölf", 312),
            ("hundertfünfzig", 150),
            ("neunzehnhundertneunundachtzig", 1989),
            ("zwölftausend", 12_000),
            ("zweitausendsechzehn", 2016),
        ] {
            assert!(numbers.contains(&(word.to_owned(), Sense::Numeral(number))), "{word}");
        }
    }
}
