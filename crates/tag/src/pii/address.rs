//! Postal addresses, as letters and forms write them in some countries.
//!
//! A street with its number is one where a word says that it is a street (`Harbor Street`, `Hafenstraße`, `rue du Port`), or where a postcode with
//! its place follows.

use std::sync::LazyLock;

use regex::Regex;

use super::{Values, pattern};

/// Names of streets and places: words that begin with a capital.
const NAME: &str = r"\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*){0,3}";

static FORMS: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    let english = format!(
        r"[0-9]{{1,5}}[A-Za-z]?(?:[-/][0-9]{{1,4}})? (?:[NSEW]\.? |(?:North|South|East|West) )?(?:{NAME}|[0-9]{{1,3}}(?:st|nd|rd|th)) (?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Highway|Hwy|Parkway|Pkwy|Crescent|Close|Quay|Row)\b\.?(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Floor|Flat|#)\.? ?[0-9A-Za-z-]{{1,6}})?(?:(?:,\s{NAME}){{0,2}},?\s(?:[A-Z]{{2}}\s[0-9]{{5}}(?:-[0-9]{{4}})?|[A-Z]{{1,2}}[0-9][0-9A-Z]? [0-9][A-Z]{{2}}|[A-Z]{{2}} [A-Z][0-9][A-Z] [0-9][A-Z][0-9]|[A-Z]{{2,3}} [0-9]{{4}})\b|,\s{NAME})?"
    );
    let german = format!(
        r"(?:{NAME}(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm|chaussee|kai)|{NAME} (?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ufer|Damm|Chaussee)|(?:Am|An der|An den|Auf dem|Im|In der|Zum|Zur) {NAME}) [0-9]{{1,4}} ?[a-z]?\b(?:,\s(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}} {NAME})?"
    );
    let french = format!(
        r"[0-9]{{1,4}}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\.|boulevard|bd|place|quai|chemin|allée|impasse|route|cours|square) (?:de la |de l['’]|des |du |de |d['’])?{NAME}(?:,\s(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}} {NAME})?"
    );
    let iberian = format!(
        r"(?:Calle|C/|Avenida|Avda\.|Av\.|Plaza|Paseo|Camino|Carrer|Rua|Travessa|Praça|Largo|Via|Viale|Piazza|Corso) (?:(?:de|del|da|do|dos|das|della|dei|la|las|los) ){{0,2}}{NAME},? (?:n\.?[ºo°]? ?)?[0-9]{{1,4}}\b(?:,? [0-9][ºª°]?\b)?(?:,\s[0-9]{{4,5}}(?:-[0-9]{{3}})? {NAME})?"
    );
    let box_ = r"(?:P\. ?O\. ?Box|PO Box|Postfach|Boîte postale|Apartado(?: de Correos)?) [0-9]{1,3}(?:[ .]?[0-9]{1,3}){0,2}\b";
    [english, german, french, iberian, box_.to_owned()].map(|form| pattern(&format!(r"\b(?:{form})")))
});

/// The postal addresses of a text, in order and apart from each other, on one line each.
pub(super) fn postal_addresses(text: &str) -> Values {
    let found =
        FORMS.iter().enumerate().flat_map(|(form, pattern)| pattern.find_iter(text).map(move |found| (form, found)));
    let mut found: Values = found
        .filter(|(form, found)| *form != GERMAN || says_street(found.as_str()))
        .map(|(_, found)| {
            let written = found.as_str().trim_end_matches([',', ' ']);
            let line: Vec<&str> = written.split_whitespace().collect();
            ((found.start()..found.start() + written.len()).into(), line.join(" "))
        })
        .collect();
    found.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    found.dedup_by(|(next, _), (before, _)| next.overlaps(*before));
    found
}

/// The place of the German form.
const GERMAN: usize = 1;

/// Whether a word says that it is a street, or a postcode with its place does: `Am Markt 3` alone may be anything.
fn says_street(written: &str) -> bool {
    const BEGINNINGS: [&str; 8] = ["Am ", "An der ", "An den ", "Auf dem ", "Im ", "In der ", "Zum ", "Zur "];
    !BEGINNINGS.iter().any(|beginning| written.starts_with(beginning)) || written.contains(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_with_numbers_are_addresses() {
        for (text, address) in [
            ("Send it to 48 Harbor Street, Saltmere, ME 04101 by May.", "48 Harbor Street, Saltmere, ME 04101"),
            ("She lives at 1207 N. Merrin Coast Rd, Apt 4B.", "1207 N. Merrin Coast Rd, Apt 4B"),
            ("Office: 12 Quay Row, Calder, EH6 6QQ", "12 Quay Row, Calder, EH6 6QQ"),
            ("wohnt Hafenstraße 12 a, 20457 Hamburg, seit Mai", "Hafenstraße 12 a, 20457 Hamburg"),
            ("Am Alten Speicher 3, 23552 Lübeck", "Am Alten Speicher 3, 23552 Lübeck"),
            ("au 14 bis, rue du Port, 29200 Brest", "14 bis, rue du Port, 29200 Brest"),
            ("en Calle de la Marina 27, 36202 Vigo", "Calle de la Marina 27, 36202 Vigo"),
            ("na Rua da Alfândega, 108, 4050-029 Porto", "Rua da Alfândega, 108, 4050-029 Porto"),
            ("write to P.O. Box 1185 there", "P.O. Box 1185"),
        ] {
            let found: Vec<String> = postal_addresses(text).into_iter().map(|(_, address)| address).collect();
            assert_eq!(found, [address], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "In 2014 Harbor officials met.",
            "Am Montag 12 Schiffe",
            "They sold 300 Street View cars",
            "the 3 rue signs",
            "Im Jahr 2014",
        ] {
            assert_eq!(postal_addresses(text), [], "{text}");
        }
    }
}
