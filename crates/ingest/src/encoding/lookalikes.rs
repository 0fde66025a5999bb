//! Encodings that share most of their letters, so that statistics take one for another.

use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

use crate::bytes::count;

/// The encoding of a text that statistics take for `guessed`.
pub(super) fn told_apart(guessed: &'static Encoding, sample: &[u8]) -> &'static Encoding {
    if (guessed == WINDOWS_1251 || guessed == WINDOWS_1252) && is_mac_cyrillic(sample) {
        X_MAC_CYRILLIC
    } else if guessed == WINDOWS_1252 && is_hungarian(sample) {
        WINDOWS_1250
    } else {
        guessed
    }
}

/// Small letters but one are the same bytes in both Cyrillic encodings; capitals and `я` are not.
fn is_mac_cyrillic(sample: &[u8]) -> bool {
    let small = |byte: u8| matches!(byte, 0xE0..=0xFE);
    let letters = count(sample, small);
    let mac = count(sample, |byte| matches!(byte, 0x80..=0x9F | 0xDF));
    let windows = count(sample, |byte| matches!(byte, 0xC0..=0xDE | 0xFF));
    // In Latin script, these letters hardly ever follow each other.
    let pairs = sample.windows(2).filter(|pair| small(pair[0]) && small(pair[1])).count();
    letters >= 20 && pairs * 2 >= letters && mac > windows.saturating_mul(4)
}

/// `ő` and `ű` are `õ` and `û` in Western encodings. No language but Hungarian has these beside its other letters alone.
fn is_hungarian(sample: &[u8]) -> bool {
    const LETTERS: &[u8] = b"\xC1\xC9\xCD\xD3\xD6\xDA\xDC\xE1\xE9\xED\xF3\xF6\xFA\xFC\xD5\xDB\xF5\xFB";
    let has = |letter: u8| memchr::memchr(letter, sample).is_some();
    has(0xF5) && has(0xE1) && has(0xE9) && has(0xF6) && sample.iter().all(|byte| *byte < 0xC0 || LETTERS.contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cyrillic_of_a_mac_is_told_from_that_of_windows() {
        let text = "Рынок вернулся в старый порт. Мы ждали этого дня десять лет, сказала Анна, и вся деревня пришла.";
        for encoding in [WINDOWS_1251, X_MAC_CYRILLIC] {
            let (bytes, _, _) = encoding.encode(text);
            assert_eq!(told_apart(WINDOWS_1251, &bytes), encoding);
        }
    }

    #[test]
    fn hungarian_is_told_from_western_languages() {
        let told = |text: &str, encoding: &'static Encoding| told_apart(WINDOWS_1252, &encoding.encode(text).0);
        assert_eq!(told("Az erdő szélén öt nő ült, és várta a hűvös estét.", WINDOWS_1250), WINDOWS_1250);
        for text in [
            "As estações são três, é o que há.",
            "Õhtul jäi köök tühjaks; õues sadas.",
            "Où est l’été, là-bas ? « Ici », dit-elle.",
        ] {
            assert_eq!(told(text, WINDOWS_1252), WINDOWS_1252, "{text}");
        }
    }
}
