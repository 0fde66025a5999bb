//! Postal addresses, as letters and forms write them in some countries.
//!
//! A street with its number is one where a word says that it is a street (`Harbor Street`, `Hafenstraße`, `rue du Port`), or where a postcode with
//! its place follows.

use std::sync::LazyLock;

use regex::Regex;

use super::{Values, pattern};

/// Names of streets and places: words that begin with a capital.
const NAME: &str = r"\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*){0,3}";

static FORMS: LazyLock<[Regex; 9]> = LazyLock::new(|| {
    let english = format!(
        r"[0-9]{{1,5}}[A-Za-z]?(?:[-/][0-9]{{1,4}})? (?:[NSEW]\.? |(?:North|South|East|West) )?(?:{NAME}|[0-9]{{1,3}}(?:st|nd|rd|th)) (?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Gardens|Mews|Highway|Hwy|Parkway|Pkwy|Crescent|Close|Quay|Row)\b\.?(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Floor|Flat|#)\.? ?[0-9A-Za-z-]{{1,6}})?(?:(?:,\s{NAME}){{0,2}},?\s(?:[A-Z]{{2}}\s[0-9]{{5}}(?:-[0-9]{{4}})?|[A-Z]{{1,2}}[0-9][0-9A-Z]? [0-9][A-Z]{{2}}|[A-Z]{{2}} [A-Z][0-9][A-Z] [0-9][A-Z][0-9]|[A-Z]{{2,3}} [0-9]{{4}})\b|,\s{NAME})?"
    );
    let german = format!(
        r"(?:{NAME}(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm|chaussee|kai)|{NAME} (?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ufer|Damm|Chaussee)|(?:Am|An der|An den|Auf dem|Im|In der|Zum|Zur) {NAME}) [0-9]{{1,4}}(?:[-–/][0-9]{{1,4}})? ?[a-z]?\b(?:,\s(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}} {NAME})?"
    );
    let french = format!(
        r"[0-9]{{1,4}}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\.|boulevard|bd|place|quai|chemin|allée|impasse|route|cours|square) (?:de la |de l['’]|des |du |de |d['’])?{NAME}(?:,\s(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}} {NAME})?"
    );
    let iberian = format!(
        r"(?:Calle|C/|Avenida|Avda\.|Av\.|Plaza|Paseo|Camino|Carrer|Rua|Travessa|Praça|Largo|Via|Viale|Piazza|Corso) (?:(?:de|del|da|do|dos|das|della|dei|la|las|los) ){{0,2}}{NAME},? (?:n\.?[ºo°]? ?)?[0-9]{{1,4}}\b(?:,? [0-9][ºª°]?\b)?(?:,\s[0-9]{{4,5}}(?:-[0-9]{{3}})? {NAME})?"
    );
    let house = format!(
        r"(?:(?:Flat|Unit|Apartment) [0-9]{{1,3}}[A-Z]?, |{NAME} (?:House|Cottage|Farm|Lodge|Hall|Court|Mill), )(?:[0-9]{{1,4}}[A-Za-z]? )?{NAME} (?:Street|St|Avenue|Road|Rd|Lane|Drive|Close|Terrace|Way|Row|Hill|Square|Gardens|Green|Mews|Quay)\b\.?(?:,\s{NAME}){{0,2}},?\s[A-Z]{{1,2}}[0-9][0-9A-Z]? [0-9][A-Z]{{2}}\b"
    );
    let date_street = format!(
        r"(?:(?:Straße|Strasse) (?:des|der) (?:[0-9]{{1,2}}\. )?{NAME} [0-9]{{1,4}} ?[a-z]?\b(?:,\s(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}} {NAME})?|(?:Platz|Allee) (?:des|der) {NAME} [0-9]{{1,4}} ?[a-z]?,\s(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}} {NAME})"
    );
    // Belgian and Swiss letters have the number behind the street; a postcode with its place says that it is one.
    let number_behind = format!(
        r"(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]haussée|[Pp]lace|[Qq]uai|[Cc]hemin|[Rr]oute|[Aa]llée) (?:de la |de l['’]|des |du |de |d['’])?{NAME},? [0-9]{{1,4}}[A-Za-z]?(?:,| -|,? bte [0-9]{{1,3}},)\s(?:[A-Z]{{1,2}}-)?[0-9]{{4}} {NAME}"
    );
    // Colombian streets have numbers for names.
    let grid = r"(?:Calle|Carrera|Cra\.|Cl\.|Diagonal|Transversal|Avenida Carrera|Avenida Calle) [0-9]{1,3}[A-Z]?(?: (?:Sur|Norte|Bis))? (?:#|No\.|N°) ?[0-9]{1,3}[A-Z]?[ ]?[-–][ ]?[0-9]{1,3}\b";
    let place = format!(
        r"(?:,\s{NAME})?,?\s(?:[A-Z]{{2}} [0-9]{{5}}|(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}}(?:-[0-9]{{3}})? {NAME}|[A-Z]{{1,2}}[0-9][0-9A-Z]? [0-9][A-Z]{{2}})\b"
    );
    let box_ = format!(
        r"(?:(?:P\. ?O\. ?[Bb]ox|P\.?O\.? [Bb]ox|Post Office Box|Postfach|Boîte postale|B\. ?P\.|Apartado(?: de Correos| Postal)?|Apdo\.(?: de Correos)?|Casilla(?: de Correo)?|Caixa [Pp]ostal|Casella [Pp]ostale) [0-9]{{1,3}}(?:[ .]?[0-9]{{1,3}}){{0,2}}\b(?:{place})?|BP [0-9]{{1,5}}{place})"
    );
    [english, german, french, iberian, box_, house, date_street, number_behind, grid.to_owned()]
        .map(|form| pattern(&format!(r"\b(?:{form})")))
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
            ("PO Box 77, Saltmere, ME 04101", "PO Box 77, Saltmere, ME 04101"),
            ("Post Office Box 12 is ours", "Post Office Box 12"),
            ("an Postfach 10 20 30, 20457 Hamburg, senden", "Postfach 10 20 30, 20457 Hamburg"),
            ("Écrire à BP 1234, 29200 Brest.", "BP 1234, 29200 Brest"),
            ("Apdo. de Correos 45, 36202 Vigo", "Apdo. de Correos 45, 36202 Vigo"),
            ("Caixa Postal 911 no Recife", "Caixa Postal 911"),
            ("Flat 3, 12 Quay Row, Calder, EH6 6QQ", "Flat 3, 12 Quay Row, Calder, EH6 6QQ"),
            ("Rose Cottage, Mill Lane, Saltmere, EX4 2AB", "Rose Cottage, Mill Lane, Saltmere, EX4 2AB"),
            ("in der Hafenstraße 12-14, 20457 Hamburg", "Hafenstraße 12-14, 20457 Hamburg"),
            ("Straße des 17. Juni 135, 10623 Berlin", "Straße des 17. Juni 135, 10623 Berlin"),
            ("Platz der Republik 1, 11011 Berlin", "Platz der Republik 1, 11011 Berlin"),
            ("rue du Port 14, 1000 Bruxelles", "rue du Port 14, 1000 Bruxelles"),
            ("Avenue Louise 54, 1050 Ixelles", "Avenue Louise 54, 1050 Ixelles"),
            ("Calle 10 # 5-51 de Cali", "Calle 10 # 5-51"),
            ("Carrera 7 No. 71-21, piso 3", "Carrera 7 No. 71-21"),
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
            "BP 1234 was its number",
            "BP 12 percent up in 2014",
            "Casilla blanca 12",
            "rue du Port 14 fois",
            "avenue Louise 2014",
            "Platz der Deutschen 3",
            "Calle 10 y 5-51",
            "Rose Cottage, Mill Lane, in spring",
            "Flat 3, as the road was",
        ] {
            assert_eq!(postal_addresses(text), [], "{text}");
        }
    }
}
