//! Currencies by symbol, code (ISO 4217) and word.

mod nouns;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::reading::{Lexemes, Sense, Writing};
use nouns::{Noun, country, noun, of_country};

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

/// The codes of ISO 4217 that are in use, those of currencies that the euro replaced, and `BTC` and `ETH`; without the
/// codes that are common words in capitals (`ALL`, `TOP`, `CUP`, `SOS`).
const CODES: &str = "AED AFN AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF \
    CLP CNH CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF \
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP \
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR \
    SDG SEK SGD SHP SLE SRD SSP STN SVC SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF \
    XCD XOF XPF YER ZAR ZMW ATS BEF DEM ESP FIM FRF GRD IEP ITL LUF NLG PTE BTC ETH";

static CODE: LazyLock<FxHashMap<&'static str, &'static str>> =
    LazyLock::new(|| CODES.split_whitespace().map(|code| (code, code)).collect());

fn code(word: &str) -> Option<Currency> {
    if word.len() != 3 {
        return None;
    }
    let found = CODE.get(word).copied();
    let lower_case = || ["USD", "EUR", "GBP", "CHF"].into_iter().find(|code| code.eq_ignore_ascii_case(word));
    found.or_else(lower_case).map(|code| Currency { is_code: true, ..Currency::of(code) })
}

fn symbol(text: Lexemes<'_>, symbol: char) -> Option<Currency> {
    Some(Currency::of(match symbol {
        '$' | '＄' => "USD",
        '€' => "EUR",
        '£' | '￡' => "GBP",
        '¥' | '￥' if text.vocabulary.language.writing == Writing::Chinese => "CNY",
        '¥' | '￥' => "JPY",
        '₹' => "INR",
        '₨' => "PKR",
        '₽' => "RUB",
        '₩' | '￦' => "KRW",
        '₺' => "TRY",
        '₴' => "UAH",
        '₪' => "ILS",
        '₫' => "VND",
        '₦' => "NGN",
        '₱' => "PHP",
        '₡' => "CRC",
        '₲' => "PYG",
        '₵' => "GHS",
        '₸' => "KZT",
        '₮' => "MNT",
        '₭' => "LAK",
        '₾' => "GEL",
        '₼' => "AZN",
        '֏' => "AMD",
        '៛' => "KHR",
        '৳' => "BDT",
        '฿' => "THB",
        '₿' => "BTC",
        _ => return None,
    }))
}

/// The currency of letters in front of `$`, or behind it: `US$`, `A$`, `NZD$`, `$CAD`.
fn dollar(letters: &str) -> Option<Currency> {
    Some(Currency {
        is_code: true,
        ..Currency::of(match letters.to_ascii_uppercase().as_str() {
            "US" | "USD" | "U" => "USD",
            "A" | "AU" | "AUD" => "AUD",
            "C" | "CA" | "CAN" | "CAD" | "CDN" => "CAD",
            "NZ" | "NZD" => "NZD",
            "HK" | "HKD" => "HKD",
            "S" | "SG" | "SGD" => "SGD",
            "NT" | "TWD" => "TWD",
            "R" | "BRL" => "BRL",
            "J" | "JMD" => "JMD",
            "TT" | "TTD" => "TTD",
            "BZ" => "BZD",
            "MX" | "MEX" | "MXN" => "MXN",
            "AR" | "ARS" => "ARS",
            "CLP" => "CLP",
            "COP" | "COL" => "COP",
            "UY" | "UYU" => "UYU",
            _ => return None,
        })
    })
}

/// The currency that stands before the lexeme `at`, and the index of its first lexeme.
pub(super) fn before(text: Lexemes<'_>, at: usize) -> Option<(Currency, usize)> {
    let place = at.checked_sub(1).filter(|_| text.follows(at))?;
    if let Some(sign) = text.symbol(place) {
        let found = symbol(text, sign)?;
        if let Some(found) = dollar_before(text, at, place).filter(|_| sign == '$') {
            return Some(found);
        }
        return of_states(text, place).or(Some((found, place)));
    }
    let word = text.word(place)?;
    // `U$D 90`, `U$S 90`, `R$ 5`.
    if matches!(word, "D" | "S") && text.symbol(place.wrapping_sub(1)) == Some('$') && text.glued(place) {
        let first = place.checked_sub(2).filter(|first| text.is_word(*first, &["U"]))?;
        return Some((Currency { is_code: true, ..Currency::of("USD") }, first));
    }
    let found = match word {
        "Rs" | "Re" => Currency::of("INR"),
        "kr" | "Kr" => Currency::of("SEK"),
        "Fr" | "SFr" | "sFr" => Currency::of("CHF"),
        "DM" => Currency::of("DEM"),
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

/// The dollar that letters before the sign at `place` name: `US$ 5`, `us $ 5`; one letter in a text whose words and signs are
/// set apart only.
fn dollar_before(text: Lexemes<'_>, at: usize, place: usize) -> Option<(Currency, usize)> {
    let letters = place.checked_sub(1).filter(|_| text.follows(place))?;
    let found = text.word(letters).and_then(dollar)?;
    let apart = text.str(letters).len() > 1 || !text.glued(at);
    (text.glued(place) || apart).then_some(())?;
    // `u.s $ 5`: the letter is the last of `U.S.`.
    of_states(text, place).or(Some((found, letters)))
}

/// `u.s $`: the country with periods before the sign at `place`.
fn of_states(text: Lexemes<'_>, place: usize) -> Option<(Currency, usize)> {
    let period = usize::from(text.symbol(place.checked_sub(1)?) == Some('.'));
    let s = place.checked_sub(1 + period).filter(|at| text.is_word(*at, &["S"]))?;
    let u = s.checked_sub(2).filter(|at| text.is_word(*at, &["U"]) && text.symbol(at + 1) == Some('.'))?;
    (text.symbol(place) == Some('$')).then_some((Currency { is_code: true, ..Currency::of("USD") }, u))
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
        return sign_at(text, at, sign);
    }
    let of = usize::from(text.is_word(at, &["de", "of", "d", "di"]));
    if of == 1
        && let Some(sign) = text.symbol(at + 1)
        && let Some(found) = sign_at(text, at + 1, sign)
    {
        return Some(found);
    }
    if text.word(at).is_some_and(|letters| letters.len() <= 3)
        && text.symbol(at + 1) == Some('$')
        && text.glued(at + 1)
        && text.number(at + 2).is_none()
        && let Some(found) = text.word(at).and_then(dollar)
    {
        return Some((found, at + 1));
    }
    // `d'euros`.
    let apostrophe = usize::from(of == 1 && matches!(text.symbol(at + 1), Some('\'' | '’')));
    word(text, at + of + apostrophe)
}

/// The sign at `at` behind an amount, with the letters that say which dollar it is: `94 $`, `16 $CAD`, `10 $ US`.
fn sign_at(text: Lexemes<'_>, at: usize, sign: char) -> Option<(Currency, usize)> {
    if sign == '¢' {
        return Some((Currency { cents: true, ..Currency::of("USD") }, at));
    }
    let found = symbol(text, sign)?;
    // `5 $7`: the sign belongs to the number that follows it.
    if text.glued(at + 1) && text.number(at + 1).is_some() {
        return None;
    }
    let letters = text.word(at + 1).filter(|letters| sign == '$' && letters.len() > 1 && text.follows(at + 1));
    // `5 $ us ...` is a pronoun in lower case less often than `US`, which the sign itself means already.
    Some(letters.and_then(dollar).map_or((found, at), |dollar| (dollar, at + 1)))
}

/// The currency of the words at `at`: a code, a noun, or a noun with the country before or behind it.
fn word(text: Lexemes<'_>, at: usize) -> Option<(Currency, usize)> {
    let first = text.word(at)?;
    if first.len() > 24 {
        return None;
    }
    if matches!(first, "MUSD" | "MEUR" | "TEUR" | "MCHF" | "KUSD" | "KEUR") {
        return Some((code(&first[1..])?, at));
    }
    if let Some(code) = code(first) {
        // `3 USD50 cards`: the code belongs to the number that follows it.
        let of_next = text.glued(at + 1) && text.number(at + 1).is_some();
        return (!of_next).then_some((code, at));
    }
    // `CFA francs`: of West Africa where nothing says of which.
    if matches!(first, "CFA" | "FCFA") {
        let francs = text.follows(at + 1) && text.word(at + 1).and_then(|word| noun(text, word)) == Some(Noun::Franc);
        return Some((Currency::of("XOF"), at + usize::from(francs)));
    }
    if first == "DM" {
        return Some((Currency::of("DEM"), at));
    }
    if let Some(noun) = noun(text, first) {
        let of = usize::from(text.is_word(at + 1, &["de", "di", "des"]));
        let behind = text.word(at + 1 + of).filter(|_| text.follows(at + 1)).and_then(|word| country(text, word));
        if let Some(code) = behind.and_then(|country| of_country(noun, country)) {
            let last = at + 1 + of;
            // `dólares de Hong Kong`, `couronnes de Nouvelle-Zélande`.
            let second = usize::from(text.is_word(last + 1, &["Kong", "Zelanda", "Zelândia", "Unis"]));
            return Some((Currency { cents: noun.is_hundredth(), ..Currency::of(code) }, last + second));
        }
        let code = noun.nearest(text, at).unwrap_or(noun.alone());
        let is_mass = noun == Noun::Pound;
        return Some((Currency { cents: noun.is_hundredth(), is_mass, ..Currency::of(code) }, at));
    }
    let country = country(text, first)?;
    // `U.S. dollars`, `US-Dollar`, `Hong Kong dollars`.
    let mut next = at + 1;
    while matches!(text.symbol(next), Some('.' | '-'))
        || text.is_word(next, &["S", "Kong", "Zealand", "Lankan", "Arabian", "african"])
    {
        next += 1;
    }
    let noun = text.word(next).filter(|_| text.follows(next) && next <= at + 4).and_then(|word| noun(text, word))?;
    Some((Currency { cents: noun.is_hundredth(), ..Currency::of(of_country(noun, country)?) }, next))
}

/// Whether hundredths of the currency `main` begin at `at` behind an amount of it: `and forty-five cents`.
pub(super) fn hundredths(text: Lexemes<'_>, at: usize, main: Currency) -> Option<usize> {
    let noun = text.word(at).filter(|_| text.follows(at)).and_then(|word| noun(text, word))?;
    let fits = noun.is_hundredth() && (noun.alone() == main.code || noun == Noun::Cent || noun == Noun::EuroCent);
    fits.then_some(at)
}

/// Whether the word at `at` stands between a sum and its hundredths.
pub(super) fn is_and(text: Lexemes<'_>, at: usize) -> bool {
    text.phrase_of(at, Sense::And) == Some(at)
}
