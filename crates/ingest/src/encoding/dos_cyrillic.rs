//! Code page 855, the Cyrillic of DOS, which the WHATWG Encoding standard leaves out.

use super::{Decoded, code_page};

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
    code_page::decoded(bytes, UPPER, "ibm855")
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

    #[test]
    fn every_byte_has_a_character_of_its_own() {
        assert_eq!(UPPER.chars().collect::<std::collections::BTreeSet<_>>().len(), 128);
    }

    #[test]
    fn cyrillic_of_dos_is_told_and_read() {
        let text = "Рынок вернулся в старый порт. Мы ждали этого дня десять лет, сказала Анна.";
        let bytes = code_page::encoded(text, UPPER);
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
