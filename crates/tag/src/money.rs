//! Amounts of money, with ISO 4217 currency and exact amount.

mod currencies;

use docmill_core::{
    Annotation, BuildContext, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::reading::{Decimal, Figure, LexemeKind, Lexemes, Sense, joined, reading};
use crate::support::warn_of_values;
use currencies::{Currency, after, before, hundredths, is_and};

/// Finds amounts of money, such as `$2.17 billion`, with currency and exact amount.
///
/// Gives annotations of kind `money` with `{"currency": "USD", "amount": "2170000000"}`; a range such as `$2–3 billion` has
/// `min` and `max` in place of `amount`. Symbols, ISO 4217 codes and currency words are read, with magnitudes in words or letters
/// (`m`, `bn`, `crore`), in the way of writing of the document's language (`1.234,56 €`). A plain `$` is the U.S. dollar. Cents and the
/// like are hundredths of their currency, alone (`50 cents` is `0.5`) or behind the sum (`thirteen dollars and five cents`).
///
/// By the document's language, number words and names of currencies are read in English, German, French, Spanish, Portuguese and
/// (the commonest) Italian; symbols and codes in every language.
///
/// ```yaml
/// - tag.money
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Money {}

impl Component for Money {
    const NAME: &'static str = "tag.money";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 3;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::annotations("money")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Money {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        warn_of_values(doc, Self::NAME);
        let reading = reading(doc);
        let text = reading.lexemes(doc.text());
        let figures = reading.figures();
        let mut found: Vec<Annotation> = Vec::new();
        let mut next = 0;
        while let Some(&figure) = figures.get(next) {
            let following = figures.get(next + 1).copied();
            let taken = found.last().map_or(0, |last| last.span.end);
            if let Some((sum, used)) = sum_at(text, figure, following, taken) {
                let span = text.span(sum.first, sum.last);
                if span.start >= taken {
                    found.push(Annotation::new("money", span).with_value(sum.value));
                }
                next += used;
            } else {
                next += 1;
            }
        }
        for annotation in found {
            doc.annotate(annotation);
        }
        Ok(())
    }
}

/// An amount with the indices of its first and last lexeme.
struct Sum {
    first: usize,
    last: usize,
    value: serde_json::Value,
}

/// A figure with the magnitude letters behind it.
#[derive(Clone, Copy)]
struct Scaled {
    last: usize,
    amount: Decimal,
    /// Power of ten of all magnitudes.
    power: u32,
}

/// The sum that `figure` is, and how many figures it takes; the text up to the byte `taken` belongs to the sum before it, as the
/// first sign of `10 $ 30 $` does.
fn sum_at(text: Lexemes<'_>, figure: Figure, following: Option<Figure>, taken: usize) -> Option<(Sum, usize)> {
    let front = before(text, figure.first).filter(|(_, first)| text.span(*first, *first).start >= taken);
    let other = following.filter(|other| (figure.last + 2..=figure.last + 3).contains(&other.first) || front.is_some());
    if let Some((sum, front)) = other.and_then(|other| range(text, figure, other, front)) {
        return Some((Sum { first: front, ..sum }, 2));
    }
    let scaled = scaled(text, figure, front.is_some())?;
    if let Some(sum) = code_between(text, scaled) {
        return Some((Sum { first: figure.first, ..sum }, 1));
    }
    let back = after(text, scaled.last + 1);
    let (currency, first, last) = match (front, back) {
        (Some((currency, first)), Some((more, last))) if currency.is_vague() || more.code == currency.code => {
            // `$5 CAD`, `$5 USD`: the code says which dollar.
            if more.is_code { (more, first, last) } else { (currency, first, scaled.last) }
        }
        (Some((currency, first)), _) => (currency, first, scaled.last),
        (None, Some((currency, _))) if currency.is_mass && scaled.power < 3 => return None,
        (None, Some((currency, last))) => (currency, figure.first, last),
        (None, None) => return None,
    };
    if currency.cents {
        return Some((Sum { first, last, value: value(currency, scaled.amount.hundredth()) }, 1));
    }
    let cents = following.filter(|_| front.is_none() && scaled.power == 0);
    if let Some((amount, last)) = cents.and_then(|cents| with_hundredths(text, &scaled, currency, last, cents)) {
        return Some((Sum { first, last, value: value(currency, amount) }, 2));
    }
    Some((Sum { first, last, value: value(currency, scaled.amount) }, 1))
}

fn value(currency: Currency, amount: Decimal) -> serde_json::Value {
    json!({ "currency": currency.code, "amount": amount.to_string() })
}

/// `75 USD million`: the code between the number and its magnitude.
fn code_between(text: Lexemes<'_>, scaled: Scaled) -> Option<Sum> {
    let (currency, last) = after(text, scaled.last + 1).filter(|(currency, _)| currency.is_code)?;
    let Sense::Magnitude(power) = text.sense(last + 1).filter(|_| text.follows(last + 1))? else { return None };
    let amount = scaled.amount.shifted(u32::from(power))?;
    Some(Sum { first: 0, last: last + 1, value: value(currency, amount) })
}

/// The hundredths behind an amount whose currency ends with the lexeme `last`: `thirteen dollars and forty-five cents`, `5 euros
/// 50`; without a word for them they must be two digits or words, and end what is said.
fn with_hundredths(
    text: Lexemes<'_>,
    whole: &Scaled,
    currency: Currency,
    last: usize,
    cents: Figure,
) -> Option<(Decimal, usize)> {
    let and = usize::from(is_and(text, last + 1));
    let fits = cents.first == last + 1 + and && text.follows(cents.first) && cents.magnitude == 0;
    let below_hundred = Decimal::from_integer(99).minus(cents.amount).is_some() && cents.amount.is_integer();
    if !fits || !below_hundred || !whole.amount.is_integer() {
        return None;
    }
    let amount = whole.amount.plus(cents.amount.hundredth())?;
    if let Some(last) = hundredths(text, cents.last + 1, currency) {
        return Some((amount, last));
    }
    let two_digits = !cents.digits || text.digits(cents.first).is_some_and(|digits| digits.len() == 2);
    let next = cents.last + 1;
    let ends = match text.get(next).map(|lexeme| lexeme.kind) {
        None => true,
        Some(LexemeKind::Symbol(symbol)) => matches!(symbol, '.' | ',' | ';' | '!' | '?' | ')'),
        Some(LexemeKind::Word(_) | LexemeKind::Number) => !text.follows(next),
    };
    (and == 0 && two_digits && ends).then_some((amount, cents.last))
}

/// A range whose ends share one currency.
fn range(text: Lexemes<'_>, from: Figure, to: Figure, front: Option<(Currency, usize)>) -> Option<(Sum, usize)> {
    let scaled_to = scaled(text, to, true)?;
    let ends = joined(text, from, to)?;
    let extra = scaled_to.power - to.magnitude;
    let back = after(text, scaled_to.last + 1);
    let (currency, first, last) = match (front, back) {
        (Some((currency, first)), _) => (currency, first, scaled_to.last),
        (None, Some((currency, last))) => (currency, from.first, last),
        (None, None) => return None,
    };
    let shifted = |amount: Decimal| {
        let amount = amount.shifted(extra)?;
        Some(if currency.cents { amount.hundredth() } else { amount })
    };
    let (min, max) = (shifted(ends.from)?, shifted(ends.to)?);
    let value = json!({ "currency": currency.code, "min": min.to_string(), "max": max.to_string() });
    Some((Sum { first, last, value }, first))
}

/// The figure with magnitude letters: `3.5bn`, `12m`, `5k`. `m` alone may be metres, so that it needs a currency before it.
fn scaled(text: Lexemes<'_>, figure: Figure, has_currency: bool) -> Option<Scaled> {
    let next = figure.last + 1;
    let power = match text.word(next).filter(|_| text.follows(next)) {
        Some("bn" | "Bn" | "BN" | "b" | "B") if has_currency || text.str(next).len() > 1 => 9,
        Some("mn" | "mm" | "MM" | "mio" | "Mio" | "MUSD" | "MEUR" | "MCHF") => 6,
        Some("m" | "M") if has_currency => 6,
        Some("k" | "K") if has_currency || text.glued(next) => 3,
        Some("TEUR" | "KEUR" | "KUSD") => 3,
        Some("tn" | "trn" | "T") if has_currency => 12,
        Some("Mrd" | "mrd" | "Md" | "Mds") => 9,
        _ => 0,
    };
    if power == 0 {
        let is_short = matches!(text.str(figure.last), "Mio" | "mio" | "Mrd" | "mrd" | "тыс" | "млн" | "млрд");
        if is_short && text.symbol(next) == Some('.') && text.glued(next) && after(text, next + 1).is_some() {
            return Some(Scaled { last: next, amount: figure.amount, power: figure.magnitude });
        }
        return Some(Scaled { last: figure.last, amount: figure.amount, power: figure.magnitude });
    }
    // The period of an abbreviation: `3 Mio. Euro`; at the end of a sentence it is not part of the sum.
    let abbreviated = text.symbol(next + 1) == Some('.') && text.glued(next + 1) && after(text, next + 2).is_some();
    let last = if ["USD", "EUR", "CHF"].iter().any(|code| text.str(next).ends_with(code)) {
        figure.last
    } else if abbreviated && matches!(text.str(next), "mio" | "Mio" | "mrd" | "Mrd" | "mn" | "Md") {
        next + 1
    } else {
        next
    };
    Some(Scaled { last, amount: figure.amount.shifted(power)?, power: figure.magnitude + power })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document(language: &str, text: &str) -> Document {
        let mut doc = Document::from_text("test.txt", text);
        doc.set_language(language);
        Money::default().apply(&mut doc, &Context::default()).unwrap();
        doc
    }

    fn check_in(language: &str, text: &str, expected: &[(&str, &str)]) {
        let doc = document(language, text);
        let found: Vec<(String, String)> = (doc.annotations().iter())
            .map(|found| {
                let text = |key: &str| found.value[key].as_str().unwrap_or_default().to_owned();
                let range = if found.value["min"].is_string() {
                    format!("{}..{}", text("min"), text("max"))
                } else {
                    String::new()
                };
                (
                    found.span.of(doc.text()).unwrap().to_owned(),
                    format!("{} {}{range}", text("currency"), text("amount")),
                )
            })
            .collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(span, value)| ((*span).to_owned(), (*value).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn symbols_codes_and_words_name_the_currency() {
        for (text, span, value) in [
            ("It cost $2.17 billion.", "$2.17 billion", "USD 2170000000"),
            ("About US$12m, and more", "US$12m", "USD 12000000"),
            ("some US$3.5bn a year", "US$3.5bn", "USD 3500000000"),
            ("A$2.3 million", "A$2.3 million", "AUD 2300000"),
            ("£749,312.40", "£749,312.40", "GBP 749312.4"),
            ("45 million euros, of", "45 million euros", "EUR 45000000"),
            ("250,000 Swiss francs", "250,000 Swiss francs", "CHF 250000"),
            ("a further CHF 12 million from", "CHF 12 million", "CHF 12000000"),
            ("Rs 500 crore over", "Rs 500 crore", "INR 5000000000"),
            ("¥8 trillion", "¥8 trillion", "JPY 8000000000000"),
            ("30 billion rubles", "30 billion rubles", "RUB 30000000000"),
            ("Admission is 20 cents,", "20 cents", "USD 0.2"),
            ("a five-euro note", "five-euro", "EUR 5"),
            ("ten dollars", "ten dollars", "USD 10"),
            ("$5 CAD", "$5 CAD", "CAD 5"),
            ("100 kr", "100 kr", "SEK 100"),
        ] {
            check_in("en", text, &[(span, value)]);
        }
    }

    #[test]
    fn currencies_of_many_countries_are_known() {
        for (text, value) in [
            ("14 billion CFA francs", "XOF 14000000000"),
            ("38 billion tenge", "KZT 38000000000"),
            ("6.1 trillion won", "KRW 6100000000000"),
            ("617 million bolivianos", "BOB 617000000"),
            ("1.2 billion afghanis", "AFN 1200000000"),
            ("30 billion soles", "PEN 30000000000"),
            ("R150 million", "ZAR 150000000"),
            ("half a million dollars", "USD 500000"),
        ] {
            check_in("en", text, &[(text, value)]);
        }
        check_in("en", "Denmark pays 12.8 billion kroner", &[("12.8 billion kroner", "DKK 12800000000")]);
        check_in("en", "15 US cents, 9 shillings", &[("15 US cents", "USD 0.15"), ("9 shillings", "KES 9")]);
        check_in("en", "Argentina owes 5 million pesos", &[("5 million pesos", "ARS 5000000")]);
    }

    #[test]
    fn vague_sums_are_no_amounts() {
        for text in ["millions of pounds", "several million dollars", "tens of billions of euros"] {
            check_in("en", text, &[]);
        }
    }

    #[test]
    fn the_language_says_how_numbers_are_written() {
        check_in(
            "de",
            "Das kostet 1.234,56 € oder 3 Mio. Euro.",
            &[("1.234,56 €", "EUR 1234.56"), ("3 Mio. Euro", "EUR 3000000")],
        );
        check_in("es", "48.000 millones de dólares", &[("48.000 millones de dólares", "USD 48000000000")]);
        check_in("fr", "10 000 euros", &[("10 000 euros", "EUR 10000")]);
    }

    #[test]
    fn ranges_have_both_ends() {
        check_in("en", "It costs $2–3 billion.", &[("$2–3 billion", "USD 2000000000..3000000000")]);
        check_in("en", "between $40 and $60 per", &[("$40", "USD 40"), ("$60", "USD 60")]);
        check_in("en", "from 5 to 10 euros", &[("5 to 10 euros", "EUR 5..10")]);
    }

    #[test]
    fn other_numbers_are_no_money() {
        for text in ["40 miles", "2014", "12 m long", "All 5 pounded the real door", "in 3 wonders", "page $"] {
            check_in("en", text, &[]);
        }
    }

    proptest! {
        #[test]
        fn spans_are_exact(text in "(\\$|€|US|USD|cents|2|1,5|\\.|-|–| |m|bn|million|to|é|\\PC){0,30}") {
            for language in ["en", "de"] {
                let doc = document(language, &text);
                for found in doc.annotations() {
                    let words = found.span.of(doc.text()).unwrap();
                    prop_assert!(!words.is_empty() && words.trim() == words);
                }
            }
        }
    }
}
