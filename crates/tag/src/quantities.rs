//! Physical quantities and percentages.

mod si;
mod units;

use docmill_core::{
    Annotation, BuildContext, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::reading::{Decimal, Figure, Lexemes, Range, Sense, is_ideograph, joined, reading};
use crate::support::warn_of_values;
use crate::taken::Taken;
use units::unit_at;

/// Finds quantities with a unit, such as `15.5 meters`, spans of time, and percentages.
///
/// Quantities are of kind `quantity` with `{"amount": "15.5", "unit": "m"}`, where the amount is the one that was written and the
/// unit its symbol in UCUM (`km`, `kg`, `Cel`, `km/h`, `[mi_i]`); `"si": {"amount": "16093.44", "unit": "m"}` beside it is the same in
/// units of the SI (data in bytes or bits). Spans of time and ages are of kind `duration`, with `"duration": "PT20M"` in ISO 8601 too,
/// and `"age": true` for an age. Percentages are of kind `percent` with `{"amount": "4.5"}`. A range such as `210 to 260 m` has `min` and
/// `max` in place of `amount`.
///
/// Lengths, areas, volumes, masses, speeds, temperatures, angles, energy, power, pressure, data and electrical units are read by symbol in
/// any language and by name in English, German, French, Spanish, Portuguese and (the commonest) Italian, with numbers in digits or
/// words in the way of the document's language. Counts of things are no quantities, degrees whose scale is not said no
/// temperatures, and neither is what was found to be a date or a sum of money.
///
/// ```yaml
/// - tag.quantities
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Quantities {}

impl Component for Quantities {
    const NAME: &'static str = "tag.quantities";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 3;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        ["quantity", "duration", "percent"].into_iter().map(Field::annotations).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Quantities {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        warn_of_values(doc, Self::NAME);
        let reading = reading(doc);
        let text = reading.lexemes(doc.text());
        let figures = reading.figures();
        let mut found = Vec::new();
        let mut next = 0;
        while let Some(&figure) = figures.get(next) {
            next += 1;
            if is_name(text, figure) || is_decade(text, figure) {
                continue;
            }
            let range = figures.get(next).copied().and_then(|to| Some((to, joined(text, figure, to)?)));
            let measured = match range {
                Some((to, range)) => measured(text, figure, to, &Amount::Range(range)).inspect(|_| next += 1),
                None => None,
            };
            found.extend(measured.or_else(|| measured_alone(text, figure)));
        }
        // `eighteen million pounds` and `80s` are read as a sum and a decade first.
        let taken = Taken::by(doc, &["money", "date", "time"]);
        for annotation in found.into_iter().filter(|found| !taken.touches(found.span)) {
            doc.annotate(annotation);
        }
        Ok(())
    }
}

/// How much it is.
enum Amount {
    /// A number, and whether it is below zero.
    One(Decimal, bool),
    Range(Range),
}

impl Amount {
    /// With the names that a value has for it, each number as `say` says it.
    fn named(&self, say: impl Fn(Decimal, bool) -> Option<String>) -> Option<Value> {
        Some(match self {
            Self::One(amount, below) => json!({ "amount": say(*amount, *below)? }),
            Self::Range(range) => json!({ "min": say(range.from, false)?, "max": say(range.to, false)? }),
        })
    }

    fn written(&self) -> Option<Value> {
        self.named(|amount, below| Some(format!("{}{amount}", if below { "-" } else { "" })))
    }

    /// The same in units of the SI.
    fn normalized(&self, unit: &str) -> Option<Value> {
        let mut value = self.named(|amount, below| Some(si::normalized(amount, below, unit)?.0))?;
        value["unit"] = si::normalized(Decimal::from_integer(1), false, unit)?.1.into();
        Some(value)
    }
}

fn measured_alone(text: Lexemes<'_>, figure: Figure) -> Option<Annotation> {
    let sign = sign_before(text, figure.first);
    let first = Figure { first: sign.unwrap_or(figure.first), ..figure };
    let found = measured(text, first, figure, &Amount::One(figure.amount, sign.is_some()))?;
    // A length or a time below zero is a number behind a dash.
    let signed =
        found.kind == "percent" || matches!(found.value["unit"].as_str(), Some("Cel" | "[degF]" | "deg" | "K"));
    if sign.is_none() || signed {
        return Some(found);
    }
    measured(text, figure, figure, &Amount::One(figure.amount, false))
}

/// The index of the sign or word before the number at `at` that says that it is below zero.
fn sign_before(text: Lexemes<'_>, at: usize) -> Option<usize> {
    let before = at.checked_sub(1)?;
    let dash = matches!(text.symbol(before), Some('-' | '−' | '–')) && text.glued(at) && !text.glued(before);
    let word = text.phrase_of(before, Sense::Minus) == Some(before) && text.follows(at);
    (dash || word).then_some(before)
}

/// The quantity whose number ends with `last`; most numbers have no unit, so that the value is only made where there is one.
fn measured(text: Lexemes<'_>, first: Figure, last: Figure, amount: &Amount) -> Option<Annotation> {
    // `百分之三十`: the word stands before the number.
    if let Some(before) = first.first.checked_sub(1).filter(|before| text.str(*before) == "百分之") {
        return Some(Annotation::new("percent", text.span(before, last.last)).with_value(amount.written()?));
    }
    if let Some(end) = percent_at(text, last.last + 1) {
        return Some(Annotation::new("percent", text.span(first.first, end)).with_value(amount.written()?));
    }
    let unit = unit_at(text, last)?;
    // `2024年` is a year.
    if text.str(unit.last) == "年" && last.amount.small().is_some_and(|year| (1000..2200).contains(&year)) {
        return None;
    }
    let mut value = amount.written()?;
    value["unit"] = unit.symbol.as_str().into();
    if let Some(si) = amount.normalized(&unit.symbol) {
        value["si"] = si;
    }
    if !matches!(unit.symbol.as_str(), "a" | "mo" | "wk" | "d" | "h" | "min" | "s" | "ms" | "us" | "ns") {
        return Some(Annotation::new("quantity", text.span(first.first, unit.last)).with_value(value));
    }
    // `one day`, `eines Tages`: at some time.
    let is_one = !first.digits && matches!(*amount, Amount::One(one, _) if one == Decimal::from_integer(1));
    if is_one && unit.symbol == "d" {
        return None;
    }
    if let Some(duration) = duration(amount, &unit.symbol) {
        value["duration"] = duration.into();
    }
    let age = age(text, first.first, unit.last).filter(|_| matches!(unit.symbol.as_str(), "a" | "mo" | "wk" | "d"));
    if age.is_some() {
        value["age"] = true.into();
    }
    Some(Annotation::new("duration", text.span(first.first, age.unwrap_or(unit.last))).with_value(value))
}

/// A span of time in ISO 8601: `PT20M`, `P3Y`.
fn duration(amount: &Amount, unit: &str) -> Option<String> {
    let Amount::One(amount, _) = *amount else { return None };
    Some(match unit {
        "a" => format!("P{amount}Y"),
        "mo" => format!("P{amount}M"),
        "wk" => format!("P{amount}W"),
        "d" => format!("P{amount}D"),
        "h" => format!("PT{amount}H"),
        "min" => format!("PT{amount}M"),
        "s" => format!("PT{amount}S"),
        _ => format!("PT{}S", si::normalized(amount, false, unit)?.0),
    })
}

/// Whether the span of time `first..=last` is an age, with the index of the last lexeme of what says so: `28 years old`.
fn age(text: Lexemes<'_>, first: usize, last: usize) -> Option<usize> {
    if let Some(end) = text.phrase_of(last + 1, Sense::Age) {
        return Some(end);
    }
    let inflected = text.word(last).is_some_and(|word| word.starts_with("jährig"));
    let before = first.checked_sub(2).is_some_and(|before| {
        text.is_word(before + 1, &["de", "im"])
            && text.word(before).is_some_and(|word| {
                matches!(word, "âgé" | "âgée" | "âgés" | "âgées" | "âge" | "edad" | "idade" | "Alter")
            })
    });
    (inflected || before).then_some(last)
}

/// Whether the number is glued to letters in front, as in `A4`, or to a currency sign.
fn is_name(text: Lexemes<'_>, figure: Figure) -> bool {
    let Some(before) = figure.first.checked_sub(1) else { return false };
    let glued = text.glued(figure.first);
    // `MiG-29`, `Covid-19`; a number in words before the dash begins a range.
    let hyphen = glued
        && text.symbol(before) == Some('-')
        && text.glued(before)
        && before.checked_sub(1).is_some_and(|name| {
            text.word(name).is_some() && text.sense(name).is_none()
                || text.number(name).is_some()
                    && text.glued(name)
                    && text.word(name.wrapping_sub(1)).is_some_and(|letters| letters.len() > 1)
        });
    let letters = text.word(before).is_some_and(|word| !word.starts_with(is_ideograph));
    hyphen || letters && glued || matches!(text.symbol(before), Some('$' | '€' | '£' | '¥' | '₹'))
}

/// Whether the number with an `s` is years rather than seconds: `1990s`, `’80s`, `the 80s`.
fn is_decade(text: Lexemes<'_>, figure: Figure) -> bool {
    let plural = figure.last + 1;
    if text.word(plural) != Some("s") || !text.glued(plural) {
        return false;
    }
    let Some(before) = figure.first.checked_sub(1) else { return year_of_decade(text, figure) };
    let short = text.digits(figure.last).is_some_and(|digits| digits.len() == 2 && digits.ends_with('0'));
    let said = matches!(text.symbol(before), Some('’' | '\'' | '-'))
        || text.is_word(before, &["the", "his", "her", "their", "my", "low", "high", "upper"])
        || text.sense(before) == Some(Sense::Part);
    short && said || year_of_decade(text, figure)
}

fn year_of_decade(text: Lexemes<'_>, figure: Figure) -> bool {
    let digits = text.digits(figure.last).filter(|digits| digits.len() == 4 && digits.ends_with('0'));
    digits.is_some_and(|digits| digits.starts_with(['1', '2']))
}

/// The index of the last lexeme of a percent sign or word at `at`.
fn percent_at(text: Lexemes<'_>, at: usize) -> Option<usize> {
    if !text.follows(at) {
        return None;
    }
    if text.symbol(at) == Some('%') {
        return Some(at);
    }
    let hyphen = usize::from(text.symbol(at) == Some('-') && text.glued(at + 1));
    text.phrase_of(at + hyphen, Sense::Percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document(language: &str, text: &str) -> Document {
        let mut doc = Document::from_text("test.txt", text);
        doc.set_language(language);
        Quantities::default().apply(&mut doc, &Context::default()).unwrap();
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
                let unit = if found.kind == "percent" { "%".to_owned() } else { text("unit") };
                (found.span.of(doc.text()).unwrap().to_owned(), format!("{}{range} {unit}", text("amount")))
            })
            .collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(span, value)| ((*span).to_owned(), (*value).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_capital_of_the_next_line_is_no_unit() {
        check_in("en", "Sold 2.1 million\nSecond berth", &[]);
        check_in("en", "after 20\nseconds of calm", &[("20\nseconds", "20 s")]);
    }

    #[test]
    fn quantities_have_amount_and_unit() {
        for (text, span, value) in [
            ("about 40 miles, they", "40 miles", "40 [mi_i]"),
            ("is 15.5 meters deep", "15.5 meters", "15.5 m"),
            ("above 8 °C.", "8 °C", "8 Cel"),
            ("22 million cubic meters of", "22 million cubic meters", "22000000 m3"),
            ("90 kilometers an hour", "90 kilometers an hour", "90 km/h"),
            ("120 km/h", "120 km/h", "120 km/h"),
            ("a six-mile trip", "six-mile", "6 [mi_i]"),
            ("75ml", "75ml", "75 mL"),
            ("300 tons of", "300 tons", "300 t"),
            ("0.3 knots", "0.3 knots", "0.3 [kn_i]"),
            ("190 km2", "190 km2", "190 km2"),
            ("4.050 m²", "4.050 m²", "4.05 m2"),
            ("210 to 260 m, where", "210 to 260 m", "210..260 m"),
            ("1/2 cup of oil", "1/2 cup", "0.5 [cup_us]"),
            ("2 ½ teaspoons", "2 ½ teaspoons", "2.5 [tsp_us]"),
            ("a load of 20 (kg)", "20 (kg)", "20 kg"),
        ] {
            check_in("en", text, &[(span, value)]);
        }
        check_in("de", "mindestens 12 Kubikmeter Beton", &[("12 Kubikmeter", "12 m3")]);
        check_in("es", "190.000 metros cuadrados", &[("190.000 metros cuadrados", "190000 m2")]);
    }

    #[test]
    fn percentages_are_found() {
        check_in("en", "by 12 percent, 4.5%", &[("12 percent", "12 %"), ("4.5%", "4.5 %")]);
        check_in(
            "en",
            "ten percent or 4.5 percentage points",
            &[("ten percent", "10 %"), ("4.5 percentage points", "4.5 %")],
        );
        check_in("en", "2–3 percent", &[("2–3 percent", "2..3 %")]);
        check_in("de", "42,1 Prozent", &[("42,1 Prozent", "42.1 %")]);
    }

    #[test]
    fn counts_and_names_are_no_quantities() {
        for text in ["four vessels", "In 2014 a ship", "A4 in", "$40 million", "11 large vessels", "Chapter 5 in brief"]
        {
            check_in("en", text, &[]);
        }
    }

    #[test]
    fn decades_are_no_seconds() {
        for text in ["the 1990s", "in the 80s", "the ’80s", "the late 60s", "1920s music"] {
            check_in("en", text, &[]);
        }
        check_in("en", "after 30s it", &[("30s", "30 s")]);
        check_in("en", "a 28-year-old", &[("28-year-old", "28 a")]);
    }

    #[test]
    fn what_was_taken_for_money_is_no_mass() {
        let text = "eighteen million pounds and 5 pounds";
        let mut doc = Document::from_text("test.txt", text);
        doc.annotate(Annotation::new("money", docmill_core::ByteSpan::new(0, 23)));
        Quantities::default().apply(&mut doc, &Context::default()).unwrap();
        let found: Vec<_> = doc.annotations_of("quantity").map(|found| found.span.of(doc.text()).unwrap()).collect();
        assert_eq!(found, ["5 pounds"]);
    }

    proptest! {
        #[test]
        fn spans_are_exact(text in "(km|m|2|1,5|°|C|/|h|per|hour|-|–| |to|percent|%|é|\\PC){0,30}") {
            let doc = document("en", &text);
            for found in doc.annotations() {
                let words = found.span.of(doc.text()).unwrap();
                prop_assert!(!words.is_empty() && words.trim() == words);
            }
        }
    }
}
