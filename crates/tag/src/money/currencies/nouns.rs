//! Names of currencies that several countries have, and the countries that say which one is meant.

use crate::reading::Lexemes;

/// The unit that several countries have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Dollar,
    Cent,
    EuroCent,
    Penny,
    Rappen,
    Pesewa,
    Pound,
    Franc,
    Krone,
    Peso,
    Rupee,
    Yuan,
    Shilling,
    Dinar,
    Dirham,
    Riyal,
    Rial,
    Lira,
    Mark,
    Of(&'static str),
}

impl Noun {
    fn named(name: &'static str) -> Self {
        match name {
            "dollar" => Self::Dollar,
            "cent" => Self::Cent,
            "eurocent" => Self::EuroCent,
            "penny" => Self::Penny,
            "rappen" => Self::Rappen,
            "pesewa" => Self::Pesewa,
            "pound" => Self::Pound,
            "franc" => Self::Franc,
            "krone" => Self::Krone,
            "peso" => Self::Peso,
            "rupee" => Self::Rupee,
            "yuan" => Self::Yuan,
            "shilling" => Self::Shilling,
            "dinar" => Self::Dinar,
            "dirham" => Self::Dirham,
            "riyal" => Self::Riyal,
            "rial" => Self::Rial,
            "lira" => Self::Lira,
            "mark" => Self::Mark,
            code => Self::Of(code),
        }
    }

    /// The currency where no country is named.
    pub(super) const fn alone(self) -> &'static str {
        match self {
            Self::Dollar | Self::Cent => "USD",
            Self::EuroCent => "EUR",
            Self::Pound | Self::Penny => "GBP",
            Self::Franc | Self::Rappen => "CHF",
            Self::Pesewa => "GHS",
            Self::Krone => "SEK",
            Self::Peso => "MXN",
            Self::Rupee => "INR",
            Self::Yuan => "CNY",
            Self::Shilling => "KES",
            Self::Dinar => "KWD",
            Self::Dirham => "AED",
            Self::Riyal => "SAR",
            Self::Rial => "IRR",
            Self::Lira => "TRY",
            Self::Mark => "DEM",
            Self::Of(code) => code,
        }
    }

    /// Whether it is a hundredth of the currency.
    pub(super) const fn is_hundredth(self) -> bool {
        matches!(self, Self::Cent | Self::EuroCent | Self::Penny | Self::Rappen | Self::Pesewa)
    }
}

/// How far before a crown, peso, rupee or shilling the name of its country is looked for, in lexemes.
const NEAR: usize = 120;

impl Noun {
    /// The currency of the country that was named last, where several have such a unit and none is meant as a rule.
    pub(super) fn nearest(self, text: Lexemes<'_>, at: usize) -> Option<&'static str> {
        if !matches!(self, Self::Krone | Self::Peso | Self::Rupee | Self::Shilling | Self::Dinar) {
            return None;
        }
        (at.saturating_sub(NEAR)..at).rev().find_map(|before| {
            let word = text.word(before).filter(|word| word.starts_with(char::is_uppercase))?;
            of_country(self, named_country(word).or_else(|| country(text, word))?)
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
        "Kuwait" => "KW",
        "Iraq" | "Baghdad" | "Irak" => "IQ",
        "Tunisia" | "Tunis" | "Tunisie" => "TN",
        "Algeria" | "Algiers" | "Algérie" => "DZ",
        "Libya" | "Tripoli" => "LY",
        "Serbia" | "Belgrade" => "RS",
        "Jordan" | "Amman" => "JO",
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

/// The currency that a word names in the document's language.
pub(super) fn noun(text: Lexemes<'_>, word: &str) -> Option<Noun> {
    let money = &text.vocabulary.money;
    money.get(word).or_else(|| money.get(word.to_lowercase().as_str())).copied().map(Noun::named)
}

/// The country (ISO 3166) that an adjective or name in the document's language stands for.
pub(super) fn country(text: Lexemes<'_>, word: &str) -> Option<&'static str> {
    if word.len() > 24 {
        return None;
    }
    let countries = &text.vocabulary.countries;
    countries.get(word).or_else(|| countries.get(word.to_lowercase().as_str())).copied()
}

/// The currency of a country that has such a unit.
pub(super) fn of_country(noun: Noun, country: &str) -> Option<&'static str> {
    Some(match (noun, country) {
        (Noun::Dollar | Noun::Cent | Noun::EuroCent, "US") => "USD",
        (Noun::Dollar | Noun::Cent, "CA") => "CAD",
        (Noun::Dollar | Noun::Cent, "AU") => "AUD",
        (Noun::Dollar, "NZ") => "NZD",
        (Noun::Dollar, "HK") => "HKD",
        (Noun::Dollar, "SG") => "SGD",
        (Noun::Dollar, "TW") => "TWD",
        (Noun::Dollar, "JM") => "JMD",
        (Noun::Franc, "CH") => "CHF",
        (Noun::Franc, "FR") => "FRF",
        (Noun::Franc, "BE") => "BEF",
        (Noun::Franc, "XO") => "XOF",
        (Noun::Mark, "FI") => "FIM",
        (Noun::Mark, "DE") => "DEM",
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
        (Noun::Peso, "UY") => "UYU",
        (Noun::Peso, "CU") => "CUP",
        (Noun::Peso, "DO") => "DOP",
        (Noun::Rupee, "IN") => "INR",
        (Noun::Rupee, "PK") => "PKR",
        (Noun::Rupee, "LK") => "LKR",
        (Noun::Rupee, "NP") => "NPR",
        (Noun::Yuan, "CN") => "CNY",
        (Noun::Pound | Noun::Penny, "GB") => "GBP",
        (Noun::Pound, "EG") => "EGP",
        (Noun::Pound, "LB") => "LBP",
        (Noun::Pound, "SY") => "SYP",
        (Noun::Lira | Noun::Pound, "TR") => "TRY",
        (Noun::Lira, "IT") => "ITL",
        (Noun::Shilling, "KE") => "KES",
        (Noun::Shilling, "UG") => "UGX",
        (Noun::Shilling, "TZ") => "TZS",
        (Noun::Shilling, "SO") => "SOS",
        (Noun::Shilling, "AT") => "ATS",
        (Noun::Dinar, "KW") => "KWD",
        (Noun::Dinar, "IQ") => "IQD",
        (Noun::Dinar, "JO") => "JOD",
        (Noun::Dinar, "DZ") => "DZD",
        (Noun::Dinar, "TN") => "TND",
        (Noun::Dinar, "LY") => "LYD",
        (Noun::Dinar, "BH") => "BHD",
        (Noun::Dinar, "RS") => "RSD",
        (Noun::Dirham, "AE") => "AED",
        (Noun::Dirham, "MA") => "MAD",
        (Noun::Riyal, "SA") => "SAR",
        (Noun::Riyal, "QA") => "QAR",
        (Noun::Rial, "OM") => "OMR",
        (Noun::Rial, "YE") => "YER",
        (Noun::Rial, "IR") => "IRR",
        (Noun::Of(code), country) if code.starts_with(country) => code,
        _ => return None,
    })
}
