//! KZ-1048, the Kazakh form of Windows-1251.

use super::{Decoded, code_page};

/// The characters of the bytes from 0x80 on, as IANA registers it for `KZ-1048`.
const UPPER: &str = "\
    ЂЃ‚ѓ„…†‡€‰Љ‹ЊҚҺЏђ‘’“”•–—\u{FFFD}™љ›њқһџ\
    \u{A0}ҰұӘ¤Ө¦§Ё©Ғ«¬\u{AD}®Ү°±Ііөµ¶·ё№ғ»әҢңү\
    АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ\
    абвгдежзийклмнопрстуфхцчшщъыьэюя";

/// The small letters that Kazakh has and Russian has not.
const LETTERS: &str = "әғқңөұүһ";

/// The text in these bytes.
pub(super) fn decoded(bytes: &[u8]) -> Decoded<'static> {
    code_page::decoded(bytes, UPPER, "kz-1048")
}

/// Whether a text that could be Windows-1251 is Kazakh: several of its own letters occur, and often. In Windows-1251 they would be letters
/// of languages that have no others of them.
pub(super) fn is_likely(sample: &[u8]) -> bool {
    let text = decoded(sample).text;
    let cyrillic = text.chars().filter(|c| matches!(c, '\u{400}'..='\u{4FF}')).count();
    let own = text.chars().filter(|c| LETTERS.contains(*c)).count();
    let kinds = LETTERS.chars().filter(|letter| text.contains(*letter)).count();
    kinds >= 4 && own * 30 >= cyrillic
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kazakh_is_told_from_its_neighbours() {
        let text = "Қалада жаңа көпір ашылды. Балықшылар күн шыққанға дейін өзенге қайтып, ұзақ күтті.";
        let bytes = code_page::encoded(text, UPPER);
        assert!(is_likely(&bytes));
        assert_eq!(decoded(&bytes).text, text);
        for other in [
            "Гавань була зачинена, і ніхто не прийшов, їжа охолола, ґанок порожній.",
            "Љубав и њихова ћерка у џепу, ђак, ј.",
        ] {
            assert!(!is_likely(&encoding_rs::WINDOWS_1251.encode(other).0), "{other}");
        }
    }
}
