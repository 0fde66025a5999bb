//! Currencies by symbol, code (ISO 4217) and word.

use crate::reading::Lexemes;

/// A currency as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Currency {
    /// ISO 4217 code.
    pub(super) code: &'static str,
    /// Whether the amount is in hundredths.
    pub(super) cents: bool,
    /// Whether it is the code that was written.
    pub(super) is_code: bool,
    /// Whether the word is a mass as often as a sum: `two pounds`.
    pub(super) is_mass: bool,
}

impl Currency {
    const fn of(code: &'static str) -> Self {
        Self { code, cents: false, is_code: false, is_mass: false }
    }

    /// Whether what was written leaves open which of several currencies it is.
    pub(super) fn is_vague(self) -> bool {
        matches!(self.code, "USD" | "GBP" | "JPY" | "SEK") && !self.is_code
    }
}

/// The codes that stand before or behind an amount; those that are common words are only taken in capitals, as all are.
const CODES: &[&str] = &[
    "AED", "AFN", "AMD", "AOA", "ARS", "AUD", "AZN", "BDT", "BGN", "BHD", "BOB", "BRL", "BWP", "BYN", "BTC", "CAD",
    "CHF", "CLP", "CNY", "COP", "CRC", "CZK", "DKK", "DZD", "EGP", "ETB", "EUR", "GBP", "GEL", "GHS", "HKD", "HRK",
    "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JOD", "JPY", "KES", "KHR", "KRW", "KWD", "KZT", "LBP", "LKR",
    "LYD", "MAD", "MNT", "MXN", "MYR", "MZN", "NAD", "NGN", "NOK", "NZD", "OMR", "PEN", "PGK", "PHP", "PKR", "PLN",
    "PYG", "QAR", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TND", "TRY", "TWD", "TZS", "UAH", "UGX", "USD",
    "UYU", "UZS", "VND", "XAF", "XOF", "ZAR", "ZMW",
];

fn code(word: &str) -> Option<Currency> {
    if word.len() != 3 {
        return None;
    }
    let found = CODES.iter().find(|code| **code == word).copied();
    let lower_case = || ["USD", "EUR", "GBP", "CHF"].into_iter().find(|code| code.eq_ignore_ascii_case(word));
    found.or_else(lower_case).map(|code| Currency { is_code: true, ..Currency::of(code) })
}

fn symbol(symbol: char) -> Option<Currency> {
    Some(Currency::of(match symbol {
        '$' => "USD",
        '€' => "EUR",
        '£' => "GBP",
        '¥' | '￥' => "JPY",
        '₹' => "INR",
        '₽' => "RUB",
        '₩' => "KRW",
        '₺' => "TRY",
        '₴' => "UAH",
        '₪' => "ILS",
        '₫' => "VND",
        '₦' => "NGN",
        '₱' => "PHP",
        '฿' => "THB",
        '₿' => "BTC",
        _ => return None,
    }))
}

/// The currency of letters in front of `$`: `US$`, `A$`, `NZD$`.
fn dollar(letters: &str) -> Option<Currency> {
    Some(Currency {
        is_code: true,
        ..Currency::of(match letters.to_ascii_uppercase().as_str() {
            "US" | "USD" | "U" => "USD",
            "A" | "AU" | "AUD" => "AUD",
            "C" | "CA" | "CAN" | "CAD" => "CAD",
            "NZ" | "NZD" => "NZD",
            "HK" | "HKD" => "HKD",
            "S" | "SG" | "SGD" => "SGD",
            "NT" | "TWD" => "TWD",
            "R" => "BRL",
            "J" => "JMD",
            "TT" => "TTD",
            "MX" | "MEX" | "MXN" => "MXN",
            _ => return None,
        })
    })
}

/// The currency that stands before the lexeme `at`, and the index of its first lexeme.
pub(super) fn before(text: Lexemes<'_>, at: usize) -> Option<(Currency, usize)> {
    let place = at.checked_sub(1).filter(|_| text.follows(at))?;
    if let Some(sign) = text.symbol(place) {
        let found = symbol(sign)?;
        if sign == '$' && text.glued(place) {
            let letters = place - 1;
            if let Some(dollar) = text.word(letters).and_then(dollar) {
                return Some((dollar, letters));
            }
        }
        return Some((found, place));
    }
    let word = text.word(place)?;
    let found = match word {
        "Rs" | "Re" => Currency::of("INR"),
        "kr" | "Kr" => Currency::of("SEK"),
        "Fr" | "SFr" => Currency::of("CHF"),
        // Glued: `R150 million`; a word `R` before a number is a name.
        "R" if text.glued(at) && !text.glued(place) => Currency::of("ZAR"),
        "RM" if text.glued(at) => Currency::of("MYR"),
        "Rp" => Currency::of("IDR"),
        "Sh" | "KSh" | "Ksh" | "KSHS" => Currency::of("KES"),
        "Tk" => Currency::of("BDT"),
        "RMB" => Currency::of("CNY"),
        "DKr" | "DKK" => Currency::of("DKK"),
        "CFA" | "FCFA" => Currency::of("XOF"),
        _ => code(word)?,
    };
    Some((found, place))
}

/// The currency that stands at the lexeme `at`, behind an amount, and the index of its last lexeme.
pub(super) fn after(text: Lexemes<'_>, at: usize) -> Option<(Currency, usize)> {
    if !text.follows(at) {
        return None;
    }
    if let Some(sign) = text.symbol(at) {
        if sign == '-' && text.glued(at) && text.glued(at + 1) {
            return word(text, at + 1);
        }
        // `5 $7`: the sign belongs to the number that follows it.
        let of_next = text.glued(at + 1) && text.number(at + 1).is_some();
        if sign == '¢' {
            return Some((Currency { cents: true, ..Currency::of("USD") }, at));
        }
        return symbol(sign).filter(|_| !of_next).map(|found| (found, at));
    }
    let of = usize::from(text.is_word(at, &["de", "of", "d"]));
    if of == 1 && text.symbol(at + 1).is_some_and(|sign| symbol(sign).is_some()) {
        return Some((text.symbol(at + 1).and_then(symbol)?, at + 1));
    }
    if text.word(at).is_some_and(|letters| letters.len() <= 3)
        && text.symbol(at + 1) == Some('$')
        && text.glued(at + 1)
        && text.number(at + 2).is_none()
    {
        return Some((text.word(at).and_then(dollar)?, at + 1));
    }
    word(text, at + of)
}

/// The currency of the words at `at`: a code, a noun, or a noun with the country before or behind it.
fn word(text: Lexemes<'_>, at: usize) -> Option<(Currency, usize)> {
    let first = text.word(at)?;
    if first.len() > 24 {
        return None;
    }
    if matches!(first, "MUSD" | "MEUR") {
        return Some((code(&first[1..])?, at));
    }
    if let Some(code) = code(first) {
        // `3 USD50 cards`: the code belongs to the number that follows it.
        let of_next = text.glued(at + 1) && text.number(at + 1).is_some();
        return (!of_next).then_some((code, at));
    }
    // `CFA francs`: of West Africa where nothing says of which.
    if matches!(first, "CFA" | "FCFA") {
        let francs = text.follows(at + 1) && text.word(at + 1).and_then(noun) == Some(Noun::Franc);
        return Some((Currency::of("XOF"), at + usize::from(francs)));
    }
    let lowered = first.to_lowercase();
    if let Some(noun) = noun(&lowered) {
        let of = usize::from(text.is_word(at + 1, &["de"]));
        let behind = text.word(at + 1 + of).filter(|_| text.follows(at + 1)).and_then(country);
        if let Some(code) = behind.and_then(|country| of_country(noun, country)) {
            return Some((Currency::of(code), at + 1 + of));
        }
        let cents = noun == Noun::Cent || noun == Noun::Penny;
        let code = noun.nearest(text, at).unwrap_or(noun.alone());
        return Some((Currency { cents, is_mass: noun == Noun::Pound, ..Currency::of(code) }, at));
    }
    let country = country(first)?;
    // `U.S. dollars`, `Hong Kong dollars`.
    let mut next = at + 1;
    while matches!(text.symbol(next), Some('.')) || text.is_word(next, &["S", "Kong", "Zealand"]) {
        next += 1;
    }
    let noun =
        text.word(next).filter(|_| text.follows(next) && next <= at + 4).and_then(|word| noun(&word.to_lowercase()))?;
    Some((Currency { cents: noun == Noun::Cent, ..Currency::of(of_country(noun, country)?) }, next))
}

/// The unit that several countries have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noun {
    Dollar,
    Cent,
    Penny,
    Pound,
    Franc,
    Krone,
    Peso,
    Rupee,
    Yuan,
    Shilling,
    Of(&'static str),
}

impl Noun {
    /// The currency where no country is named.
    const fn alone(self) -> &'static str {
        match self {
            Self::Dollar | Self::Cent => "USD",
            Self::Pound | Self::Penny => "GBP",
            Self::Franc => "CHF",
            Self::Krone => "SEK",
            Self::Peso => "MXN",
            Self::Rupee => "INR",
            Self::Yuan => "CNY",
            Self::Shilling => "KES",
            Self::Of(code) => code,
        }
    }
}

/// How far before a crown, peso, rupee or shilling the name of its country is looked for, in lexemes.
const NEAR: usize = 120;

impl Noun {
    /// The currency of the country that was named last, where several have such a unit and none is meant as a rule.
    fn nearest(self, text: Lexemes<'_>, at: usize) -> Option<&'static str> {
        if !matches!(self, Self::Krone | Self::Peso | Self::Rupee | Self::Shilling) {
            return None;
        }
        (at.saturating_sub(NEAR)..at).rev().find_map(|before| {
            let word = text.word(before).filter(|word| word.starts_with(char::is_uppercase))?;
            of_country(self, named_country(word).or_else(|| country(word))?)
        })
    }
}

/// The country that is named, of those that share the name of a currency.
fn named_country(word: &str) -> Option<&'static str> {
    Some(match word {
        "Norway" | "Oslo" | "Norwegians" => "NO",
        "Denmark" | "Copenhagen" | "Danes" => "DK",
        "Sweden" | "Stockholm" | "Swedes" => "SE",
        "Iceland" | "Reykjavík" | "Reykjavik" => "IS",
        "Prague" | "Czechs" | "Czechia" => "CZ",
        "Uganda" | "Kampala" => "UG",
        "Tanzania" | "Zanzibar" => "TZ",
        "Somalia" | "Mogadishu" => "SO",
        "Kenya" | "Nairobi" => "KE",
        "Mexico" | "México" => "MX",
        "Argentina" => "AR",
        "Chile" | "Santiago" => "CL",
        "Colombia" | "Bogotá" => "CO",
        "Philippines" | "Manila" => "PH",
        "India" | "Delhi" | "Mumbai" => "IN",
        "Pakistan" | "Islamabad" | "Karachi" => "PK",
        _ => return None,
    })
}

fn noun(word: &str) -> Option<Noun> {
    Some(match word {
        "dollar" | "dollars" | "dólar" | "dólares" | "dolares" | "dollari" | "bucks" => Noun::Dollar,
        "cent" | "cents" | "centavo" | "centavos" => Noun::Cent,
        "pence" | "penny" | "pennies" => Noun::Penny,
        "sterling" | "quid" => Noun::Of("GBP"),
        "franc" | "francs" | "franken" | "franco" | "francos" | "franchi" => Noun::Franc,
        "crown" | "crowns" | "krone" | "kroner" | "krona" | "kronor" | "kronen" | "kr" | "coronas" | "coroas" => {
            Noun::Krone
        }
        "peso" | "pesos" => Noun::Peso,
        "shilling" | "shillings" => Noun::Shilling,
        "rupee" | "rupees" | "rupien" | "roupies" | "rupias" => Noun::Rupee,
        "yuan" | "renminbi" | "rmb" => Noun::Yuan,
        "euro" | "euros" => Noun::Of("EUR"),
        "yen" | "yens" | "yenes" | "ienes" => Noun::Of("JPY"),
        "ruble" | "rubles" | "rouble" | "roubles" | "rubel" | "rublos" => Noun::Of("RUB"),
        "tenge" => Noun::Of("KZT"),
        "won" => Noun::Of("KRW"),
        "ringgit" => Noun::Of("MYR"),
        "rupiah" => Noun::Of("IDR"),
        "dong" => Noun::Of("VND"),
        "taka" => Noun::Of("BDT"),
        "kyat" | "kyats" => Noun::Of("MMK"),
        "afghani" | "afghanis" => Noun::Of("AFN"),
        "boliviano" | "bolivianos" => Noun::Of("BOB"),
        "soles" => Noun::Of("PEN"),
        "guaraní" | "guaraníes" | "guaranies" => Noun::Of("PYG"),
        "quetzales" => Noun::Of("GTQ"),
        "lempiras" => Noun::Of("HNL"),
        "bolívares" | "bolivares" => Noun::Of("VES"),
        "cedi" | "cedis" => Noun::Of("GHS"),
        "birr" => Noun::Of("ETB"),
        "kwacha" => Noun::Of("ZMW"),
        "kwanza" | "kwanzas" => Noun::Of("AOA"),
        "pula" => Noun::Of("BWP"),
        "dirham" | "dirhams" => Noun::Of("AED"),
        "riyal" | "riyals" => Noun::Of("SAR"),
        "rial" | "rials" => Noun::Of("IRR"),
        "lari" => Noun::Of("GEL"),
        "manat" | "manats" => Noun::Of("AZN"),
        "leu" | "lei" => Noun::Of("RON"),
        "lev" | "leva" => Noun::Of("BGN"),
        "krónur" => Noun::Of("ISK"),
        "koruna" | "korun" => Noun::Of("CZK"),
        "zloty" | "zlotys" | "złoty" | "złotys" => Noun::Of("PLN"),
        "forint" | "forints" => Noun::Of("HUF"),
        "lira" | "liras" => Noun::Of("TRY"),
        "rand" => Noun::Of("ZAR"),
        "shekel" | "shekels" => Noun::Of("ILS"),
        "baht" => Noun::Of("THB"),
        "hryvnia" | "hryvnias" | "hryvnya" => Noun::Of("UAH"),
        "reais" => Noun::Of("BRL"),
        "naira" => Noun::Of("NGN"),
        "riel" | "riels" => Noun::Of("KHR"),
        "markka" => Noun::Of("FIM"),
        "bitcoin" | "bitcoins" => Noun::Of("BTC"),
        "pfund" | "pounds" | "pound" | "livres" | "libras" | "sterline" => Noun::Pound,
        _ => return None,
    })
}

/// The country code (ISO 3166) that an adjective or name stands for.
fn country(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "us" | "u" | "american" | "amerikanische" | "américains" | "estadounidenses" | "americanos" => "US",
        "canadian" | "kanadische" | "kanadischen" | "canadiens" | "canadienses" => "CA",
        "australian" | "australische" | "australiens" | "australianos" => "AU",
        "new" => "NZ",
        "hong" => "HK",
        "singapore" => "SG",
        "swiss" | "schweizer" | "suisses" | "suizos" | "suíços" | "svizzeri" => "CH",
        "norwegian" | "norwegische" => "NO",
        "danish" | "dänische" => "DK",
        "swedish" | "schwedische" => "SE",
        "icelandic" => "IS",
        "czech" | "tschechische" => "CZ",
        "mexican" | "mexicanos" => "MX",
        "argentine" | "argentinian" | "argentinos" => "AR",
        "chilean" | "chilenos" => "CL",
        "colombian" | "colombianos" => "CO",
        "philippine" => "PH",
        "indian" => "IN",
        "pakistani" => "PK",
        "chinese" => "CN",
        "turkish" => "TR",
        "british" | "britische" | "sterling" | "sterlings" | "esterlinas" => "GB",
        "egyptian" => "EG",
        "kenyan" => "KE",
        "ugandan" => "UG",
        "tanzanian" => "TZ",
        "somali" => "SO",
        "japanese" => "JP",
        "russian" => "RU",
        "korean" => "KR",
        _ => return None,
    })
}

fn of_country(noun: Noun, country: &str) -> Option<&'static str> {
    Some(match (noun, country) {
        (Noun::Dollar | Noun::Cent, "US") => "USD",
        (Noun::Shilling, "KE") => "KES",
        (Noun::Shilling, "UG") => "UGX",
        (Noun::Shilling, "TZ") => "TZS",
        (Noun::Shilling, "SO") => "SOS",
        (Noun::Dollar, "CA") => "CAD",
        (Noun::Dollar, "AU") => "AUD",
        (Noun::Dollar, "NZ") => "NZD",
        (Noun::Dollar, "HK") => "HKD",
        (Noun::Dollar, "SG") => "SGD",
        (Noun::Franc, "CH") => "CHF",
        (Noun::Krone, "NO") => "NOK",
        (Noun::Krone, "DK") => "DKK",
        (Noun::Krone, "SE") => "SEK",
        (Noun::Krone, "IS") => "ISK",
        (Noun::Krone, "CZ") => "CZK",
        (Noun::Peso, "MX") => "MXN",
        (Noun::Peso, "AR") => "ARS",
        (Noun::Peso, "CL") => "CLP",
        (Noun::Peso, "CO") => "COP",
        (Noun::Peso, "PH") => "PHP",
        (Noun::Rupee, "IN") => "INR",
        (Noun::Rupee, "PK") => "PKR",
        (Noun::Yuan, "CN") => "CNY",
        (Noun::Pound, "GB") => "GBP",
        (Noun::Pound, "EG") => "EGP",
        (Noun::Of(code), country) if code.starts_with(country) => code,
        _ => return None,
    })
}
