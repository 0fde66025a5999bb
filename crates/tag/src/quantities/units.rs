//! Units of measurement by symbol and word, with their UCUM symbols.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::reading::{Figure, Lexemes};

/// A unit in the text.
pub(super) struct Unit {
    /// Index of its last lexeme.
    pub(super) last: usize,
    /// Its UCUM symbol.
    pub(super) symbol: String,
}

/// Symbols, by case, with their UCUM symbols where they differ. Those that are words too are taken after digits only.
const SYMBOLS: &str = "km m cm mm dm nm µm=um μm=um um kg g mg µg=ug μg=ug ug t l=L L ml=mL mL cl=cL dl=dL hl=hL ha \
    W kW MW GW TW Wh kWh MWh GWh TWh J kJ MJ V kV mV A mA Hz kHz MHz GHz N kN Pa hPa kPa MPa bar=bar K Ω=Ohm dB \
    kB=kBy KB=kBy MB=MBy GB=GBy TB=TBy s ms ns h min km2 m2 m3 cm2 cm3 km3 mm2 ft=[ft_i] yd=[yd_i] mi=[mi_i] \
    lb=[lb_av] lbs=[lb_av] oz=[oz_av] mph=[mi_i]/h kph=km/h kmh=km/h psi=[psi] hp=[HP] kcal cal kt Mt=Mt Km=km KM=km";

/// Words, in small letters: UCUM symbol, then its names.
const WORDS: &[(&str, &str)] = &[
    ("m", "meter meters metre metres metern mètre mètres metro metros metri"),
    (
        "km",
        "kilometer kilometers kilometre kilometres kilometern kilomètre kilomètres kilómetro kilómetros quilômetro quilômetros quilómetros chilometro chilometri",
    ),
    (
        "cm",
        "centimeter centimeters centimetre centimetres zentimeter zentimetern centimètre centimètres centímetro centímetros centimetri",
    ),
    (
        "mm",
        "millimeter millimeters millimetre millimetres millimetern millimètre millimètres milímetro milímetros millimetri",
    ),
    ("um", "micrometer micrometers micrometre micrometres micron microns"),
    ("pm", "picometer picometers"),
    ("nm", "nanometer nanometers nanometre nanometres"),
    ("[mi_i]", "mile miles meile meilen milla millas milha milhas mille miglio miglia"),
    ("[ft_i]", "foot feet fuß pieds pied pies pie pés"),
    ("[in_i]", "inch inches zoll pouce pouces pulgada pulgadas polegada polegadas"),
    ("[yd_i]", "yard yards"),
    ("[ly]", "lightyear lightyears lichtjahre"),
    (
        "kg",
        "kilogram kilograms kilogramme kilogrammes kilogramm kilo kilos kilogramo kilogramos quilograma quilogramas quilos chilogrammi chili",
    ),
    ("g", "gram grams gramme grammes gramm gramo gramos grama gramas grammi"),
    ("mg", "milligram milligrams milligramm milligrammes miligramos miligramas"),
    ("ug", "microgram micrograms microgramme microgrammes"),
    ("t", "ton tons tonne tonnes tonnen tonelada toneladas tonnellate"),
    ("[lb_av]", "pound pounds pfund libra libras livre livres"),
    ("[oz_av]", "ounce ounces unze unzen once onces onza onzas onças"),
    ("L", "liter liters litre litres litern litro litros litri"),
    ("mL", "milliliter milliliters millilitre millilitres mililitros"),
    ("[gal_us]", "gallon gallons gallone gallonen galón galones galão galões"),
    ("[bbl_us]", "barrel barrels barril barriles barris"),
    ("[pt_us]", "pint pints"),
    ("[tsp_us]", "teaspoon teaspoons teelöffel"),
    ("[tbs_us]", "tablespoon tablespoons esslöffel"),
    ("ha", "hectare hectares hektar hectárea hectáreas hectares ettari"),
    ("[acr_us]", "acre acres"),
    ("m3", "kubikmeter kubikmetern"),
    ("m2", "quadratmeter quadratmetern"),
    ("km2", "quadratkilometer quadratkilometern"),
    ("cm3", "kubikzentimeter"),
    ("[kn_i]", "knot knots knoten"),
    ("W", "watt watts"),
    ("kW", "kilowatt kilowatts"),
    ("MW", "megawatt megawatts"),
    ("GW", "gigawatt gigawatts"),
    ("V", "volt volts"),
    ("[HP]", "horsepower"),
    ("deg", "degree degrees grad degré degrés grado grados grau graus"),
    ("Hz", "hertz"),
    ("kBy", "kilobyte kilobytes"),
    ("MBy", "megabyte megabytes"),
    ("GBy", "gigabyte gigabytes"),
    ("TBy", "terabyte terabytes"),
    ("h", "hour hours stunde stunden heure heures hora horas ore"),
    ("min", "minute minutes minuten minuto minutos minuti"),
    ("s", "seconds sekunden secondes segundos secondi"),
    ("ms", "millisecond milliseconds"),
];

static UNITS: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let symbols = SYMBOLS.split_whitespace().map(|symbol| symbol.split_once('=').unwrap_or((symbol, symbol)));
    let words = WORDS.iter().flat_map(|(symbol, names)| names.split(' ').map(move |name| (name, *symbol)));
    words.chain(symbols).collect()
});

/// The unit behind a figure.
pub(super) fn unit_at(text: Lexemes<'_>, figure: Figure) -> Option<Unit> {
    let mut at = figure.last + 1;
    if !text.follows(at) {
        return None;
    }
    if text.symbol(at) == Some('°') {
        return Some(degrees(text, at));
    }
    // `six-mile`, `24-hour`.
    if text.symbol(at) == Some('-') && text.glued(at) && text.glued(at + 1) {
        at += 1;
    }
    let of = usize::from(figure.magnitude >= 6 && text.is_word(at, &["de", "di"]));
    let (mut symbol, mut last) = simple(text, at + of, figure.digits)?;
    if let Some((per, end)) = per(text, last + 1) {
        symbol = format!("{symbol}/{per}");
        last = end;
    }
    // `12 hours a day`: time alone is a measure, but `7 minutes later` says when; both are durations.
    Some(Unit { last, symbol })
}

/// `8 °C`, `90°`.
fn degrees(text: Lexemes<'_>, at: usize) -> Unit {
    let next = at + 1;
    let scale = text.word(next).filter(|_| text.glued(next));
    match scale {
        Some("C") => Unit { last: next, symbol: "Cel".to_owned() },
        Some("F") => Unit { last: next, symbol: "[degF]".to_owned() },
        _ => Unit { last: at, symbol: "deg".to_owned() },
    }
}

/// A unit without `per`: UCUM symbol and index of the last lexeme.
fn simple(text: Lexemes<'_>, at: usize, digits: bool) -> Option<(String, usize)> {
    let word = text.word(at)?;
    let power = match word.to_lowercase().as_str() {
        "square" | "sq" => Some('2'),
        "cubic" | "cu" => Some('3'),
        _ => None,
    };
    if let Some(power) = power {
        let (unit, last) = simple(text, at + 1 + usize::from(text.symbol(at + 1) == Some('.')), true)
            .filter(|_| text.follows(at + 1))?;
        return Some((raised(&unit, power), last));
    }
    if matches!(word.to_lowercase().as_str(), "metric" | "nautical" | "fluid" | "short" | "long")
        && text.follows(at + 1)
    {
        let nautical = word.eq_ignore_ascii_case("nautical");
        let (unit, last) = simple(text, at + 1, digits)?;
        return Some((if nautical && unit == "[mi_i]" { "[nmi_i]".to_owned() } else { unit }, last));
    }
    let unit =
        *UNITS.get(word).or_else(|| (word.chars().count() > 2).then(|| UNITS.get(word.to_lowercase().as_str()))?)?;
    // A symbol of one letter is one behind digits only; `A`, `t` and the like are words elsewhere.
    let is_symbol = word.chars().count() <= 2;
    if is_symbol && !digits {
        return None;
    }
    // `5 A` and `3 V` begin names as often; glued to the number they are units.
    if matches!(word, "A" | "V" | "N" | "K" | "J" | "s" | "h") && !text.glued(at) && text.word(at + 1).is_some() {
        return None;
    }
    // `km2` and `m²`.
    if text.glued(at + 1) {
        match (text.symbol(at + 1), text.digits(at + 1)) {
            (Some('²'), _) | (_, Some("2")) => return Some((raised(unit, '2'), at + 1)),
            (Some('³'), _) | (_, Some("3")) => return Some((raised(unit, '3'), at + 1)),
            _ => {}
        }
    }
    if text.follows(at + 1) {
        if text.is_word(at + 1, &["cuadrados", "quadrados", "carrés", "quadrati"]) {
            return Some((raised(unit, '2'), at + 1));
        }
        if text.is_word(at + 1, &["cúbicos", "cubes", "cubi"]) {
            return Some((raised(unit, '3'), at + 1));
        }
        if unit == "deg" && text.is_word(at + 1, &["Celsius", "centigrade"]) {
            return Some(("Cel".to_owned(), at + 1));
        }
        if unit == "deg" && text.is_word(at + 1, &["Fahrenheit"]) {
            return Some(("[degF]".to_owned(), at + 1));
        }
    }
    Some((unit.to_owned(), at))
}

/// A unit to a power: UCUM has its own symbols for those of feet and inches.
fn raised(unit: &str, power: char) -> String {
    match (unit, power) {
        ("[ft_i]", '2') => "[sft_i]".to_owned(),
        ("[ft_i]", '3') => "[cft_i]".to_owned(),
        ("[mi_i]", '2') => "[smi_us]".to_owned(),
        _ => format!("{unit}{power}"),
    }
}

/// `/h`, `per hour`, `an hour`: the unit that is divided by.
fn per(text: Lexemes<'_>, at: usize) -> Option<(String, usize)> {
    let slash = text.symbol(at) == Some('/') && text.glued(at) && text.glued(at + 1);
    let word = text.follows(at) && text.is_word(at, &["per", "an", "a", "pro", "par", "por", "à"]);
    if !slash && !word {
        return None;
    }
    let the =
        usize::from(!slash && text.is_word(at + 1, &["l"]) && matches!(text.symbol(at + 2), Some('’' | '\''))) * 2;
    let at = at + 1 + the;
    let name = text.word(at).filter(|_| slash || text.follows(at))?;
    let symbol = match name {
        "second" | "sec" | "Sekunde" | "segundo" => "s",
        "day" | "Tag" | "jour" | "día" | "dia" => "d",
        "week" => "wk",
        "month" => "mo",
        "year" | "Jahr" | "an" | "año" | "ano" => "a",
        _ => return simple(text, at, true).filter(|_| slash || name.len() > 1),
    };
    Some((symbol.to_owned(), at))
}
