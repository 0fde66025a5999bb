//! Code page 857, the Turkish of DOS.

use super::{Decoded, code_page};

/// The characters of the bytes from 0x80 on, as Windows has them for its code page 857.
const UPPER: &str = "\
    ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞş\
    áíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\u{FFFD}ÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµ\u{FFFD}×ÚÛÙìÿ¯´\u{AD}±\u{FFFD}¾¶§÷¸°¨·¹³²■\u{A0}";

/// The letters of Turkish beyond ASCII.
const LETTERS: &str = "çÇğĞıİöÖşŞüÜâîû";

/// The text in these bytes.
pub(super) fn decoded(bytes: &[u8]) -> Decoded<'static> {
    code_page::decoded(bytes, UPPER, "ibm857")
}

/// Whether the bytes beyond ASCII are the letters of Turkish, among them those that Western text has no letters for: there they are
/// signs and quotation marks, which seldom stand within words.
pub(super) fn is_likely(sample: &[u8]) -> bool {
    let text = decoded(sample).text;
    let beyond = text.chars().filter(|c| !c.is_ascii()).count();
    let letters = text.chars().filter(|c| LETTERS.contains(*c)).count();
    let has = |letter: char| text.contains(letter);
    beyond >= 10 && letters * 10 >= beyond * 9 && has('ı') && (has('ş') || has('ğ')) && has('ü')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turkish_of_dos_is_told_and_read() {
        let text = "Köprü dün akşam açıldı. Balıkçılar güneş doğmadan önce limana döndü, çünkü fırtına yaklaşıyordu.";
        let bytes = code_page::encoded(text, UPPER);
        assert!(is_likely(&bytes));
        assert_eq!(decoded(&bytes).text, text);
        assert!(!is_likely(&encoding_rs::WINDOWS_1254.encode(text).0));
    }

    #[test]
    fn western_text_is_not_taken_for_it() {
        let text = "Où est l’été ? « Là-bas », près de l’île où Noël arrive à l’âge d’être fêté…";
        assert!(!is_likely(&encoding_rs::WINDOWS_1252.encode(text).0));
    }
}
