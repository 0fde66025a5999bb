//! Physical quantities and percentages.

mod units;

use docmill_core::{
    Annotation, BuildContext, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::reading::{Figure, Lexemes, Sense, joined, reading};
use crate::taken::Taken;
use units::unit_at;

/// Finds quantities with a unit, such as `15.5 meters`, and percentages.
///
/// Quantities are of kind `quantity` with `{"amount": "15.5", "unit": "m"}`, where the unit is its symbol in UCUM (`km`, `kg`,
/// `Cel`, `km/h`, `[mi_i]`); percentages are of kind `percent` with `{"amount": "4.5"}`. A range such as `210 to 260 m` has `min`
/// and `max` in place of `amount`. Counts of things are no quantities, and neither is what was found to be a date or a sum of money.
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
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::annotations("quantity"), Field::annotations("percent")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Quantities {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
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
                Some((to, range)) => {
                    next += 1;
                    measured(text, figure, to, || json!({ "min": range.from.to_string(), "max": range.to.to_string() }))
                }
                None => measured(text, figure, figure, || json!({ "amount": figure.amount.to_string() })),
            };
            found.extend(measured);
        }
        // `eighteen million pounds` and `80s` are read as a sum and a decade first.
        let taken = Taken::by(doc, &["money", "date", "time"]);
        for annotation in found.into_iter().filter(|found| !taken.touches(found.span)) {
            doc.annotate(annotation);
        }
        Ok(())
    }
}

/// The quantity whose number ends with `last`; most numbers have no unit, so that the value is only made where there is one.
fn measured(text: Lexemes<'_>, first: Figure, last: Figure, value: impl FnOnce() -> Value) -> Option<Annotation> {
    if let Some(end) = percent_at(text, last.last + 1) {
        return Some(Annotation::new("percent", text.span(first.first, end)).with_value(value()));
    }
    let unit = unit_at(text, last)?;
    let mut value = value();
    value["unit"] = unit.symbol.into();
    Some(Annotation::new("quantity", text.span(first.first, unit.last)).with_value(value))
}

/// Whether the number is glued to letters in front, as in `A4`, or to a currency sign.
fn is_name(text: Lexemes<'_>, figure: Figure) -> bool {
    let Some(before) = figure.first.checked_sub(1) else { return false };
    let glued = text.glued(figure.first);
    text.word(before).is_some() && glued || matches!(text.symbol(before), Some('$' | '€' | '£' | '¥' | '₹'))
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
    let at = at + hyphen;
    if text.is_word(at, &["percent", "pct", "prozent", "percento"]) {
        return Some(at);
    }
    let two_words = [
        ("per", "cent"),
        ("por", "ciento"),
        ("por", "cento"),
        ("pour", "cent"),
        ("per", "cento"),
        ("percentage", "point"),
        ("percentage", "points"),
    ];
    two_words.iter().any(|(one, two)| text.is_word(at, &[one]) && text.is_word(at + 1, &[two])).then_some(at + 1)
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
            ("half a kilo; 5 kg", "5 kg", "5 kg"),
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
