//! The table of national numbers, and the arithmetic of their check digits.

use super::{Scheme, Trust};
use crate::pii::checks::luhn;

/// All kinds of numbers. Each check is the one that the authority of the country publishes for the number.
pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        country: "BR",
        name: "CPF",
        written: r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}",
        trust: Trust::Separators,
        cues: &["cpf", "contribuinte"],
        agrees: cpf,
    },
    Scheme {
        country: "ES",
        name: "DNI",
        written: r"[0-9]{8}-?[A-HJ-NP-TV-Z]",
        trust: Trust::Separators,
        cues: &["dni", "nif", "documento nacional de identidad"],
        agrees: dni,
    },
    Scheme {
        country: "ES",
        name: "NIE",
        written: r"[XYZ]-?[0-9]{7}-?[A-HJ-NP-TV-Z]",
        trust: Trust::Form,
        cues: &[],
        agrees: dni,
    },
    Scheme {
        country: "FR",
        name: "NIR",
        written: r"[1-478] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        trust: Trust::Separators,
        cues: &["sécurité sociale", "securite sociale", "nir", "n° ss", "assuré", "assurée"],
        agrees: nir,
    },
    Scheme {
        country: "DE",
        name: "Steuer-ID",
        written: r"[1-9][0-9] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
        trust: Trust::Words,
        cues: &["steuer-id", "steuer-idnr", "idnr", "steueridentifikationsnummer", "identifikationsnummer", "tin"],
        agrees: steuer_id,
    },
    Scheme {
        country: "IT",
        name: "codice fiscale",
        written: r"[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
        trust: Trust::Form,
        cues: &[],
        agrees: codice_fiscale,
    },
    Scheme {
        country: "NL",
        name: "BSN",
        written: r"[0-9]{4}[. ]?[0-9]{2}[. ]?[0-9]{3}|[0-9]{3}[. ][0-9]{3}[. ][0-9]{3}",
        trust: Trust::Words,
        cues: &["bsn", "burgerservicenummer", "sofinummer"],
        agrees: bsn,
    },
    Scheme {
        country: "BE",
        name: "rijksregisternummer",
        written: r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}[- ]?[0-9]{3}[. ]?[0-9]{2}",
        trust: Trust::Separators,
        cues: &["rijksregisternummer", "insz", "niss", "registre national", "numéro national"],
        agrees: rijksregisternummer,
    },
    Scheme {
        country: "PL",
        name: "PESEL",
        written: r"[0-9]{11}",
        trust: Trust::Words,
        cues: &["pesel"],
        agrees: pesel,
    },
    Scheme {
        country: "PT",
        name: "NIF",
        written: r"[1-3][0-9]{2} ?[0-9]{3} ?[0-9]{3}",
        trust: Trust::Words,
        cues: &["nif", "contribuinte", "número de identificação fiscal"],
        agrees: nif,
    },
    Scheme {
        country: "SE",
        name: "personnummer",
        written: r"(?:19|20)?[0-9]{6}[-+]?[0-9]{4}",
        trust: Trust::Separators,
        cues: &["personnummer", "personnr", "pnr", "samordningsnummer"],
        agrees: personnummer,
    },
    Scheme {
        country: "FI",
        name: "henkilötunnus",
        written: r"[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]",
        trust: Trust::Form,
        cues: &[],
        agrees: henkilotunnus,
    },
    Scheme {
        country: "NO",
        name: "fødselsnummer",
        written: r"[0-9]{6} ?[0-9]{5}",
        trust: Trust::Words,
        cues: &["fødselsnummer", "fødselsnr", "personnummer", "f.nr", "fnr"],
        agrees: fodselsnummer,
    },
    Scheme {
        country: "CH",
        name: "AHV",
        written: r"756\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2}",
        trust: Trust::Separators,
        cues: &["ahv", "avs", "ahvn13", "ahv-nr", "sozialversicherungsnummer", "versichertennummer"],
        agrees: ahv,
    },
    Scheme {
        country: "GB",
        name: "NHS number",
        written: r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}",
        trust: Trust::Words,
        cues: &["nhs", "nhs no", "nhs number"],
        agrees: nhs,
    },
    Scheme {
        country: "CA",
        name: "SIN",
        written: r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}",
        trust: Trust::Words,
        cues: &["sin", "social insurance number", "numéro d'assurance sociale", "nas"],
        agrees: sin,
    },
    Scheme {
        country: "AU",
        name: "TFN",
        written: r"[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
        trust: Trust::Words,
        cues: &["tfn", "tax file number"],
        agrees: tfn,
    },
    Scheme {
        country: "CN",
        name: "resident identity number",
        written: r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]",
        trust: Trust::Form,
        cues: &[],
        agrees: resident,
    },
    Scheme {
        country: "IN",
        name: "Aadhaar",
        written: r"[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}",
        trust: Trust::Words,
        cues: &["aadhaar", "aadhar", "uid", "uidai", "आधार"],
        agrees: aadhaar,
    },
    Scheme {
        country: "JP",
        name: "My Number",
        written: r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}",
        trust: Trust::Words,
        cues: &["my number", "マイナンバー", "個人番号"],
        agrees: my_number,
    },
    Scheme {
        country: "ZA",
        name: "ID number",
        written: r"[0-9]{6} ?[0-9]{4} ?[0-9]{2} ?[0-9]",
        trust: Trust::Words,
        cues: &["id", "id no", "id number", "identity number", "rsa id"],
        agrees: south_african,
    },
    Scheme {
        country: "MX",
        name: "CURP",
        written: r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z][0-9]",
        trust: Trust::Form,
        cues: &[],
        agrees: curp,
    },
    Scheme {
        country: "TR",
        name: "T.C. kimlik no",
        written: r"[1-9][0-9]{10}",
        trust: Trust::Words,
        cues: &["kimlik", "kimlik no", "tckn", "t.c. no", "tc no"],
        agrees: kimlik,
    },
    Scheme {
        country: "RO",
        name: "CNP",
        written: r"[1-8][0-9]{12}",
        trust: Trust::Words,
        cues: &["cnp", "cod numeric personal"],
        agrees: cnp,
    },
    Scheme {
        country: "CL",
        name: "RUT",
        written: r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-[0-9Kk]",
        trust: Trust::Separators,
        cues: &[],
        agrees: rut,
    },
];

/// The digits; none where there is anything else.
fn digits(number: &str) -> Vec<u32> {
    number.chars().map(|c| c.to_digit(10)).collect::<Option<_>>().unwrap_or_default()
}

/// The sum of the products of digits and their weights.
fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Whether these digits are a month and a day.
fn is_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// The number that these digits are.
fn value(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |value, digit| value * 10 + u64::from(*digit))
}

fn cpf(number: &str) -> bool {
    let digits = digits(number);
    let check = |length: u32| {
        let weights: Vec<u32> = (2..=length + 1).rev().collect();
        weighted(&digits, &weights) * 10 % 11 % 10
    };
    let all_alike = digits.windows(2).all(|pair| pair[0] == pair[1]);
    !all_alike && digits[9] == check(9) && digits[10] == check(10)
}

fn dni(number: &str) -> bool {
    const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let first = number.replacen('X', "0", 1).replacen('Y', "1", 1).replacen('Z', "2", 1);
    let body = if number.starts_with(['X', 'Y', 'Z']) { &first[..8] } else { &number[..8] };
    body.parse::<usize>().is_ok_and(|body| LETTERS[body % 23] == number.as_bytes()[8])
}

fn nir(number: &str) -> bool {
    let corsican = number.replacen("2A", "19", 1).replacen("2B", "18", 1);
    let digits = digits(&corsican);
    let (body, key) = digits.split_at(13.min(digits.len()));
    let month = body.get(3..5).map_or(0, value);
    matches!(month, 1..=12 | 20..=42 | 50..=99) && value(key) == 97 - value(body) % 97
}

/// ISO/IEC 7064 MOD 11,10; of the first ten digits one stands there twice or three times, and none of the others again.
fn steuer_id(number: &str) -> bool {
    let digits = digits(number);
    let count = |digit: u32| digits[..10].iter().filter(|other| **other == digit).count();
    let counts: Vec<usize> = (0..10).map(count).filter(|count| *count > 1).collect();
    let product = digits[..10].iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    matches!(counts[..], [2 | 3]) && (11 - product) % 10 == digits[10]
}

fn codice_fiscale(number: &str) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    // Digits count as the letters from A on.
    let place = |byte: u8| u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' });
    let bytes = number.as_bytes();
    let sum: u32 = (bytes[..15].iter().enumerate())
        .map(|(at, byte)| if at % 2 == 0 { ODD[place(*byte) as usize] } else { place(*byte) })
        .sum();
    sum % 26 == place(bytes[15])
}

fn bsn(number: &str) -> bool {
    let digits = digits(number);
    let sum = weighted(&digits[..8], &[9, 8, 7, 6, 5, 4, 3, 2]);
    sum > 0 && sum % 11 == digits[8]
}

fn rijksregisternummer(number: &str) -> bool {
    let digits = digits(number);
    let (body, key) = digits.split_at(9);
    let born_later = 2_000_000_000 + value(body);
    // Where the day of birth is not known, month and day are 0.
    let is_date = value(&body[2..4]) <= 52 && value(&body[4..6]) <= 31;
    is_date && [value(body), born_later].iter().any(|body| 97 - body % 97 == value(key))
}

fn pesel(number: &str) -> bool {
    let digits = digits(number);
    let sum = weighted(&digits[..10], &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
    // The century is added to the month, in twenties.
    let month = (digits[2] * 10 + digits[3]) % 20;
    is_day(month, digits[4] * 10 + digits[5]) && (10 - sum % 10) % 10 == digits[10]
}

fn nif(number: &str) -> bool {
    let digits = digits(number);
    let rest = weighted(&digits[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    digits[8] == if rest < 2 { 0 } else { 11 - rest }
}

fn personnummer(number: &str) -> bool {
    let short = &number[number.len() - 10..];
    let digits = digits(short);
    // Of those who are no citizens, 60 is added to the day.
    let day = (digits[4] * 10 + digits[5]) % 60;
    let bytes: Vec<u8> = short.bytes().map(|byte| byte - b'0').collect();
    is_day(digits[2] * 10 + digits[3], day) && luhn(&bytes)
}

fn henkilotunnus(number: &str) -> bool {
    const SIGNS: &[u8] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    // A letter may stand for the century, where others have `-` or `+`.
    let digits: Vec<u32> = number[..number.len() - 1].chars().filter_map(|c| c.to_digit(10)).collect();
    let is_date = is_day(digits[2] * 10 + digits[3], digits[0] * 10 + digits[1]);
    is_date && digits.len() == 9 && SIGNS[(value(&digits) % 31) as usize] == number.as_bytes()[number.len() - 1]
}

fn fodselsnummer(number: &str) -> bool {
    let digits = digits(number);
    let check = |weights: &[u32]| (11 - weighted(&digits, weights) % 11) % 11;
    digits[9] == check(&[3, 7, 6, 1, 8, 9, 4, 5, 2]) && digits[10] == check(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
}

/// The check digit of EAN-13.
fn ahv(number: &str) -> bool {
    let digits = digits(number);
    (10 - weighted(&digits[..12], &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10) % 10 == digits[12]
}

fn nhs(number: &str) -> bool {
    let digits = digits(number);
    (11 - weighted(&digits[..9], &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 == digits[9]
}

fn sin(number: &str) -> bool {
    luhn(&number.bytes().map(|byte| byte - b'0').collect::<Vec<u8>>())
}

fn tfn(number: &str) -> bool {
    weighted(&digits(number), &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11)
}

/// GB 11643, by ISO/IEC 7064 MOD 11-2.
fn resident(number: &str) -> bool {
    const SIGNS: &[u8] = b"10X98765432";
    let digits = digits(&number[..17]);
    let sum = weighted(&digits, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    let is_date = is_day(digits[10] * 10 + digits[11], digits[12] * 10 + digits[13]);
    is_date && SIGNS[(sum % 11) as usize] == number.as_bytes()[17]
}

/// The scheme of Verhoeff (1969): the digits, from the last on and turned by their places, multiply to nothing in the group of the pentagon.
fn aadhaar(number: &str) -> bool {
    const TURN: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let multiplied = |a: u32, b: u32| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let turned = |digit: u32, times: usize| (0..times % 8).fold(digit, |digit, _| TURN[digit as usize]);
    let digits = digits(number);
    digits.iter().rev().enumerate().fold(0, |product, (place, digit)| multiplied(product, turned(*digit, place))) == 0
}

fn my_number(number: &str) -> bool {
    let digits = digits(number);
    let rest = weighted(&digits[..11], &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    digits[11] == if rest < 2 { 0 } else { 11 - rest }
}

fn south_african(number: &str) -> bool {
    let digits = digits(number);
    is_day(digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]) && sin(number)
}

fn curp(number: &str) -> bool {
    // Ñ stands between N and O.
    let place = |c: char| c.to_digit(36).map_or(0, |place| if c > 'N' { place + 1 } else { place });
    let sum: u32 = number[..17].chars().zip((2..=18).rev()).map(|(c, weight)| place(c) * weight).sum();
    let digits = digits(&number[4..10]);
    is_day(digits[2] * 10 + digits[3], digits[4] * 10 + digits[5])
        && number[17..].parse::<u32>().is_ok_and(|check| check == (10 - sum % 10) % 10)
}

fn kimlik(number: &str) -> bool {
    let digits = digits(number);
    let odd: u32 = digits[..9].iter().step_by(2).sum();
    let even: u32 = digits[1..8].iter().step_by(2).sum();
    (odd * 7 + 10 * even - even) % 10 == digits[9] && digits[..10].iter().sum::<u32>() % 10 == digits[10]
}

fn cnp(number: &str) -> bool {
    let digits = digits(number);
    let rest = weighted(&digits[..12], &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    let is_date = is_day(digits[3] * 10 + digits[4], digits[5] * 10 + digits[6]);
    is_date && digits[12] == if rest == 10 { 1 } else { rest }
}

fn rut(number: &str) -> bool {
    let (body, check) = number.split_at(number.len() - 1);
    let sum: u32 =
        digits(body).iter().rev().zip([2, 3, 4, 5, 6, 7].iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    let right = match 11 - sum % 11 {
        11 => '0',
        10 => 'K',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    check.to_uppercase().starts_with(right)
}
