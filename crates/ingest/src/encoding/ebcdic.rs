//! EBCDIC in the form of code page 37, the encoding of IBM's mainframes: no byte but a few means what it means in ASCII.

use std::borrow::Cow;

use super::Decoded;

/// The characters of all bytes, as IANA registers it for `IBM037`.
const CHARACTERS: &str = "\
    \u{0}\u{1}\u{2}\u{3}\u{9C}\u{9}\u{86}\u{7F}\u{97}\u{8D}\u{8E}\u{B}\u{C}\u{D}\u{E}\u{F}\u{10}\u{11}\u{12}\u{13}\u{9D}\u{85}\u{8}\u{87}\u{18}\u{19}\u{92}\u{8F}\u{1C}\u{1D}\u{1E}\u{1F}\
    \u{80}\u{81}\u{82}\u{83}\u{84}\u{A}\u{17}\u{1B}\u{88}\u{89}\u{8A}\u{8B}\u{8C}\u{5}\u{6}\u{7}\u{90}\u{91}\u{16}\u{93}\u{94}\u{95}\u{96}\u{4}\u{98}\u{99}\u{9A}\u{9B}\u{14}\u{15}\u{9E}\u{1A}\
    \u{20}\u{A0}âäàáãåçñ¢.<(+|&éêëèíîïìß!$*);¬\
    -/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@'=\"\
    Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤\
    µ~stuvwxyz¡¿ÐÝÞ®^£¥·©§¶¼½¾[]¯¨´×\
    {ABCDEFGHI\u{AD}ôöòóõ}JKLMNOPQR¹ûüùúÿ\
    \\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\u{9F}";

/// The text in these bytes. The line ends of mainframes are U+0085.
pub(super) fn decoded(bytes: &[u8]) -> Decoded<'static> {
    let characters: Vec<char> = CHARACTERS.chars().collect();
    let text = bytes.iter().filter_map(|byte| characters.get(usize::from(*byte)));
    Decoded { text: Cow::Owned(text.collect()), encoding: "ibm037", damaged: false }
}

/// Whether the bytes are words in EBCDIC: its letters with its spaces between them, and no spaces of ASCII.
pub(super) fn is_likely(sample: &[u8]) -> bool {
    let count = |is: fn(u8) -> bool| sample.iter().filter(|byte| is(**byte)).count();
    let letters =
        count(|byte| matches!(byte, 0x81..=0x89 | 0x91..=0x99 | 0xA2..=0xA9 | 0xC1..=0xC9 | 0xD1..=0xD9 | 0xE2..=0xE9));
    let spaces = count(|byte| byte == 0x40);
    let spaces_of_ascii = count(|byte| byte == b' ');
    sample.len() >= 32
        && letters * 10 >= sample.len() * 6
        && spaces * 20 >= sample.len()
        && spaces_of_ascii * 100 <= sample.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> Vec<u8> {
        let byte = |c: char| CHARACTERS.chars().position(|of| of == c).and_then(|at| u8::try_from(at).ok()).unwrap();
        text.chars().map(byte).collect()
    }

    #[test]
    fn every_byte_has_a_character_of_its_own() {
        assert_eq!(CHARACTERS.chars().collect::<std::collections::BTreeSet<_>>().len(), 256);
        assert_eq!(CHARACTERS.chars().count(), 256);
    }

    #[test]
    fn words_in_ebcdic_are_told_and_read() {
        let text = "The harbor was closed, and nobody came. Gården var stille.";
        let bytes = encoded(text);
        assert!(is_likely(&bytes));
        assert_eq!(decoded(&bytes).text, text);
    }

    #[test]
    fn other_text_is_not_taken_for_it() {
        let russian = "Рынок вернулся в старый порт. Мы ждали этого дня десять лет, сказала Анна.";
        for encoding in [encoding_rs::WINDOWS_1251, encoding_rs::KOI8_R, encoding_rs::IBM866, encoding_rs::ISO_8859_5] {
            assert!(!is_likely(&encoding.encode(russian).0), "{}", encoding.name());
        }
        assert!(!is_likely(b"@user @harbor @ferry @boats @mill @quay @port @crane @salt"));
        assert!(!is_likely(&encoding_rs::GBK.encode("\u{6E2F}\u{53E3}\u{5173}\u{95ED}").0.repeat(20)));
    }
}
