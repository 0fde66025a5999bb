//! Code page 855, the Cyrillic of DOS, which the WHATWG Encoding standard leaves out.

use std::borrow::Cow;

use super::Decoded;

/// The characters of the bytes from 0x80 on, as IANA registers it for `IBM855`.
const UPPER: &str = "\
    ђЂѓЃёЁєЄѕЅіІїЇјЈљЉњЊћЋќЌўЎџЏюЮъЪ\
    аАбБцЦдДеЕфФгГ«»░▒▓│┤хХиИ╣║╗╝йЙ┐\
    └┴┬├─┼кК╚╔╩╦╠═╬¤лЛмМнНоОп┘┌█▄Пя▀\
    ЯрРсСтТуУжЖвВьЬ№\u{AD}ыЫзЗшШэЭщЩчЧ§■\u{A0}";

/// The most frequent small letters of Russian, Bulgarian and Serbian: half of all letters of a text and more.
const FREQUENT: &str = "оаеинтсрвлкд";

/// The text in these bytes, each of which means something.
pub(super) fn decoded(bytes: &[u8]) -> Decoded<'static> {
    let upper: Vec<char> = UPPER.chars().collect();
    let character = |byte: u8| upper.get(usize::from(byte).wrapping_sub(0x80)).copied().unwrap_or(char::from(byte));
    let text: String = bytes.iter().map(|byte| character(*byte)).collect();
    Decoded { text: Cow::Owned(text), encoding: "ibm855", damaged: false }
}

/// Whether the bytes beyond ASCII are words in this encoding: almost all are letters, they stand side by side, and most of them
/// are the frequent ones. In Western text, which has the same bytes, they stand alone.
pub(super) fn is_likely(sample: &[u8]) -> bool {
    let text = decoded(sample).text;
    let (mut letters, mut frequent, mut pairs, mut others) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut after_letter = false;
    for c in text.chars() {
        let is_letter = matches!(c, '\u{400}'..='\u{45F}');
        letters += usize::from(is_letter);
        others += usize::from(!is_letter && !c.is_ascii());
        frequent += usize::from(FREQUENT.contains(c));
        pairs += usize::from(is_letter && after_letter);
        after_letter = is_letter;
    }
    letters >= 20 && others * 10 <= letters && pairs * 2 >= letters && frequent * 2 >= letters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of a text, by the table backwards.
    fn encoded(text: &str) -> Vec<u8> {
        let byte =
            |c: char| UPPER.chars().position(|upper| upper == c).map_or(c as u8, |at| 0x80 + u8::try_from(at).unwrap());
        text.chars().map(byte).collect()
    }

    #[test]
    fn every_byte_has_a_character_of_its_own() {
        assert_eq!(UPPER.chars().collect::<std::collections::BTreeSet<_>>().len(), 128);
    }

    #[test]
    fn cyrillic_of_dos_is_told_and_read() {
        let text = "Рынок вернулся в старый порт. Мы ждали этого дня десять лет, сказала Анна.";
        let bytes = encoded(text);
        assert!(is_likely(&bytes));
        assert_eq!(decoded(&bytes).text, text);
    }

    #[test]
    fn western_text_and_other_cyrillic_are_not_taken_for_it() {
        let western =
            "Où est l’été ? Là-bas, près de l’île où Noël arrive à l’âge d’être fêté, dit-elle. Dépêchez-vous, frères.";
        let russian = "Рынок вернулся в старый порт. Мы ждали этого дня десять лет, сказала Анна.";
        for (text, encoding) in [
            (western, encoding_rs::WINDOWS_1252),
            (russian, encoding_rs::WINDOWS_1251),
            (russian, encoding_rs::KOI8_R),
            (russian, encoding_rs::IBM866),
            (russian, encoding_rs::ISO_8859_5),
        ] {
            assert!(!is_likely(&encoding.encode(text).0), "{}", encoding.name());
        }
    }
}
