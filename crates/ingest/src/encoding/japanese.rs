//! `Shift_JIS` by the standard and by Windows: where they differ, the standard means another character (JIS X 0208), such as the wave dash of
//! `10〜20`. A text that has none of the characters which Windows added is read by the standard.

use std::borrow::Cow;

use super::Decoded;

/// Signs as Windows reads them, and what the standard means.
const SIGNS: [(char, char); 6] = [('～', '〜'), ('－', '−'), ('∥', '‖'), ('￠', '¢'), ('￡', '£'), ('￢', '¬')];

/// What was decoded as Windows reads `Shift_JIS`, read by the standard where the text is written by it; else under the name of Windows'
/// own encoding.
pub(super) fn by_standard<'a>(bytes: &[u8], decoded: Decoded<'a>) -> Decoded<'a> {
    if has_added(bytes) {
        return Decoded { encoding: "windows-31j", ..decoded };
    }
    let differs = |c: char| SIGNS.iter().any(|(windows, _)| *windows == c);
    if !decoded.text.contains(differs) {
        return decoded;
    }
    let standard = |c: char| SIGNS.iter().find(|(windows, _)| *windows == c).map_or(c, |(_, standard)| *standard);
    Decoded { text: Cow::Owned(decoded.text.chars().map(standard).collect()), ..decoded }
}

/// Whether there is a character that Windows added: the signs of NEC, and the letters of NEC and IBM.
fn has_added(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        match rest {
            [0x87 | 0xED | 0xEE | 0xFA..=0xFC, _, ..] => return true,
            [0x81..=0x9F | 0xE0..=0xFC, _, ..] => rest = rest.get(2..).unwrap_or_default(),
            [_, ..] => rest = rest.get(1..).unwrap_or_default(),
            [] => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::SHIFT_JIS;

    fn check(written: &str, read: &str, encoding: &str) {
        let (bytes, _, _) = SHIFT_JIS.encode(written);
        let (text, _) = SHIFT_JIS.decode_without_bom_handling(&bytes);
        let decoded = by_standard(&bytes, Decoded { text, encoding: "shift_jis", damaged: false });
        assert_eq!((decoded.text.as_ref(), decoded.encoding), (read, encoding));
    }

    #[test]
    fn signs_are_those_of_the_standard() {
        check("港は10～20円、－5度", "港は10〜20円、−5度", "shift_jis");
        check("港は静かだ", "港は静かだ", "shift_jis");
    }

    #[test]
    fn a_text_with_characters_of_windows_stays() {
        check("①は10～20円", "①は10～20円", "windows-31j");
    }
}
