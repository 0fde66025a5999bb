//! Units of measurement by symbol and word, with their UCUM symbols.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::reading::{Figure, Lexemes, Sense};

/// A unit in the text.
pub(super) struct Unit {
    /// Index of its last lexeme.
    pub(super) last: usize,
    /// Its UCUM symbol.
    pub(super) symbol: String,
}

/// Symbols, by case, with their UCUM symbols where they differ. Those that are words too are taken after digits only.
const SYMBOLS: &str = "km m cm mm dm nm µm=um μm=um um kg g mg µg=ug μg=ug ug t l=L L ml=mL mL mL cl=cL cL dl=dL dL hl=hL hL \
    ha=har W kW MW GW TW Wh=W.h kWh=kW.h MWh=MW.h GWh=GW.h TWh=TW.h kwh=kW.h J kJ MJ V kV mV A mA Hz kHz MHz GHz N kN Pa hPa kPa \
    MPa mbar bar=bar K Ω=Ohm dB kB=kBy KB=kBy kb=kBy MB=MBy mb=MBy GB=GBy gb=GBy TB=TBy tb=TBy PB=PBy kbit Mbit Gbit s ms ns h \
    min km2 m2 m3 cm2 cm3 km3 mm2 sqm=m2 qm=m2 cc=cm3 ccm=cm3 cbm=m3 ft=[ft_i] yd=[yd_i] mi=[mi_i] lb=[lb_av] lbs=[lb_av] \
    oz=[oz_av] mph=[mi_i]/h kph=km/h kmh=km/h kmph=km/h psi=[psi] hp=[HP] bhp=[HP] PS=[PS] kcal cal kt Mt=Mt \
    Km=km KM=km KG=kg Kg=kg eV keV MeV GeV";

static UNITS: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    SYMBOLS.split_whitespace().map(|symbol| symbol.split_once('=').unwrap_or((symbol, symbol))).collect()
});

/// The unit behind a figure.
pub(super) fn unit_at(text: Lexemes<'_>, figure: Figure) -> Option<Unit> {
    let mut at = figure.last + 1;
    if !text.follows(at) || text.begins_anew(at) {
        return None;
    }
    if text.symbol(at) == Some('°') {
        return degrees(text, at);
    }
    // `six-mile`, `24-hour`.
    if text.symbol(at) == Some('-') && text.glued(at) && text.glued(at + 1) {
        at += 1;
    }
    let of = usize::from(figure.magnitude >= 3 && text.is_word(at, &["de", "di", "d", "of"]));
    let apostrophe = usize::from(of == 1 && matches!(text.symbol(at + 1), Some('\'' | '’')));
    at += of + apostrophe;
    // `20 (kg)`.
    let closing = text.symbol(at).and_then(closing);
    if let Some(closing) = closing {
        let (symbol, last) = simple(text, at + 1, figure.digits)?;
        return (text.symbol(last + 1) == Some(closing)).then_some(Unit { last: last + 1, symbol });
    }
    let (mut symbol, mut last) = simple(text, at, figure.digits)?;
    if let Some((per, end)) = per(text, last + 1) {
        symbol = format!("{symbol}/{per}");
        last = end;
    }
    let bare = symbol == "deg" && is_temperature(text, figure.first);
    // `24703L202` is a name.
    let goes_on = text.glued(last + 1) && text.number(last + 1).is_some();
    (!bare && !goes_on).then_some(Unit { last, symbol })
}

fn closing(opening: char) -> Option<char> {
    Some(match opening {
        '(' => ')',
        '[' => ']',
        '<' => '>',
        _ => return None,
    })
}

/// `8 °C`, `90°`, `100° Celsius`.
fn degrees(text: Lexemes<'_>, at: usize) -> Option<Unit> {
    let next = at + 1;
    let unit = |last, symbol: &str| Some(Unit { last, symbol: symbol.to_owned() });
    match text.word(next).filter(|_| text.follows(next)) {
        Some("C") if text.glued(next) => unit(next, "Cel"),
        Some("F") if text.glued(next) => unit(next, "[degF]"),
        Some("K") if text.glued(next) => unit(next, "K"),
        _ => match scale(text, next) {
            Some(symbol) => unit(next, symbol),
            None if is_temperature(text, at) => None,
            None => unit(at, "deg"),
        },
    }
}

/// The scale of a temperature that the lexeme names.
fn scale(text: Lexemes<'_>, at: usize) -> Option<&'static str> {
    if !text.follows(at) {
        return None;
    }
    if text.is_word(at, &["Celsius", "centigrade", "centígrados", "centigrados", "centigradi"]) {
        return Some("Cel");
    }
    text.is_word(at, &["Fahrenheit"]).then_some("[degF]").or_else(|| match text.word(at)? {
        "C" => Some("Cel"),
        "F" => Some("[degF]"),
        _ => None,
    })
}

/// Whether degrees near the lexeme `at` are those of a temperature, whose scale is not said.
fn is_temperature(text: Lexemes<'_>, at: usize) -> bool {
    (at.saturating_sub(8)..at + 8).any(|at| {
        text.word(at).is_some_and(|word| {
            word.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("tempera")) || word == "température"
        })
    })
}

/// A unit without `per`: UCUM symbol and index of the last lexeme.
fn simple(text: Lexemes<'_>, at: usize, digits: bool) -> Option<(String, usize)> {
    let word = text.word(at).filter(|word| word.len() <= 40)?;
    let vocabulary = text.vocabulary;
    let lowered = word.to_lowercase();
    if let Some(power) = vocabulary.powers.get(lowered.as_str()) {
        let period = usize::from(text.symbol(at + 1) == Some('.'));
        let (unit, last) = plain(text, at + 1 + period, true).filter(|_| text.follows(at + 1))?;
        return Some((raised(&unit, *power), last));
    }
    if vocabulary.language.compounds {
        let compound =
            vocabulary.powers.iter().find_map(|(prefix, power)| Some((lowered.strip_prefix(prefix)?, *power)));
        if let Some((rest, power)) = compound {
            return Some((raised(vocabulary.units.get(rest)?, power), at));
        }
    }
    if matches!(lowered.as_str(), "metric" | "nautical" | "fluid" | "short" | "long") && text.follows(at + 1) {
        let (unit, last) = plain(text, at + 1, digits)?;
        return Some((nautical(unit, lowered == "nautical"), last));
    }
    let (unit, last) = plain(text, at, digits)?;
    let next = last + 1;
    if !text.follows(next) {
        return Some((unit, last));
    }
    if let Some(power) = text.word(next).and_then(|word| vocabulary.powers.get(word.to_lowercase().as_str())) {
        return Some((raised(&unit, *power), next));
    }
    if text.is_word(next, &["métrica", "métricas", "métrique", "métriques"]) {
        return Some((unit, next));
    }
    if text.is_word(next, &["náutica", "náuticas", "nautique", "nautiques", "marin", "marins"]) {
        return Some((nautical(unit, true), next));
    }
    match scale(text, next).filter(|_| unit == "deg") {
        Some(symbol) => Some((symbol.to_owned(), next)),
        None => Some((unit, last)),
    }
}

fn nautical(unit: String, is_nautical: bool) -> String {
    if is_nautical && unit == "[mi_i]" { "[nmi_i]".to_owned() } else { unit }
}

/// A unit by its symbol or name, with a power in digits.
fn plain(text: Lexemes<'_>, at: usize, digits: bool) -> Option<(String, usize)> {
    let word = text.word(at).filter(|word| word.len() <= 40)?;
    let names = &text.vocabulary.units;
    let symbol = UNITS.get(word);
    // A symbol of one letter is one behind digits only; `A`, `t` and the like are words elsewhere.
    let is_symbol = word.chars().count() <= 2;
    let unit = symbol
        .filter(|_| digits || !is_symbol)
        .or_else(|| names.get(word))
        .or_else(|| names.get(word.to_lowercase().as_str()).filter(|_| word.chars().count() > 1))
        .copied()
        .or_else(|| UNITS.get(word.to_lowercase().as_str()).filter(|_| word.chars().count() > 2).copied())?;
    // `5 A` and `3 V` begin names as often; glued to the number they are units.
    if matches!(word, "A" | "V" | "N" | "K" | "J" | "s" | "h") && !text.glued(at) && text.word(at + 1).is_some() {
        return None;
    }
    // `km2` and `m²`.
    if text.glued(at + 1) {
        match (text.symbol(at + 1), text.digits(at + 1)) {
            (Some('²'), _) | (_, Some("2")) => return Some((raised(unit, 2), at + 1)),
            (Some('³'), _) | (_, Some("3")) => return Some((raised(unit, 3), at + 1)),
            _ => {}
        }
    }
    Some((unit.to_owned(), at))
}

/// A unit to a power: UCUM has its own symbols for those of feet and inches.
fn raised(unit: &str, power: u8) -> String {
    match (unit, power) {
        ("[ft_i]", 2) => "[sft_i]".to_owned(),
        ("[ft_i]", 3) => "[cft_i]".to_owned(),
        ("[mi_i]", 2) => "[smi_us]".to_owned(),
        _ => format!("{unit}{power}"),
    }
}

/// `/h`, `per hour`, `an hour`, `à l'heure`: the unit that is divided by.
fn per(text: Lexemes<'_>, at: usize) -> Option<(String, usize)> {
    if text.symbol(at) == Some('/') && text.glued(at) && text.glued(at + 1) {
        return simple(text, at + 1, true);
    }
    let last = text.phrase_of(at, Sense::Per).filter(|_| text.follows(at))?;
    let next = last + 1;
    let follows = text.follows(next) && text.word(next).is_some_and(|name| name.chars().count() > 1);
    // `por volta das três` is no turn.
    simple(text, next, true).filter(|(unit, _)| follows && unit != "circ")
}
