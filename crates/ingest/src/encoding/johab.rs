//! Johab, the Korean encoding of DOS: a syllable is two bytes that hold its letters in five bits each (KS X 1001:1992, Annex 3).

use std::borrow::Cow;

use encoding_rs::EUC_KR;

use super::Decoded;

/// The syllables that Korean prose has most of: particles, endings, and the copula.
const FREQUENT: &str = "이다는의에을를가한고하지은로사도";

/// The text in these bytes; what means nothing becomes U+FFFD.
pub(super) fn decoded(bytes: &[u8]) -> Decoded<'static> {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let mut rest = bytes;
    loop {
        match rest {
            [] => break,
            [lead @ 0x80..=0xFF, trail, ..] => {
                text.push(character(*lead, *trail).unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = rest.get(2..).unwrap_or_default();
            }
            [byte, ..] => {
                text.push(if byte.is_ascii() { char::from(*byte) } else { char::REPLACEMENT_CHARACTER });
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    let damaged = text.contains(char::REPLACEMENT_CHARACTER);
    Decoded { text: Cow::Owned(text), encoding: "johab", damaged }
}

/// Whether the bytes are Korean in this encoding: all pairs mean something but perhaps one that is cut off, most are syllables, and the
/// frequent ones are frequent.
pub(super) fn is_likely(sample: &[u8]) -> bool {
    let text = decoded(sample).text;
    let count = |is: &dyn Fn(char) -> bool| text.chars().filter(|c| is(*c)).count();
    let syllables = count(&|c| matches!(c, '가'..='힣'));
    let beyond = count(&|c| !c.is_ascii());
    let lost = count(&|c| c == char::REPLACEMENT_CHARACTER);
    let frequent = count(&|c| FREQUENT.contains(c));
    syllables >= 20 && lost <= 1 && syllables * 4 >= beyond * 3 && frequent * 8 >= syllables
}

fn character(lead: u8, trail: u8) -> Option<char> {
    match lead {
        0x84..=0xD3 => syllable(u16::from(lead) << 8 | u16::from(trail)),
        0xD9..=0xDE => of_euc_kr(0x21 + (lead - 0xD9) * 2, trail),
        0xE0..=0xF9 => of_euc_kr(0x4A + (lead - 0xE0) * 2, trail),
        _ => None,
    }
}

/// The syllable of three letters, the last of which may be none.
fn syllable(code: u16) -> Option<char> {
    let part = |shift: u16| u32::from(code >> shift & 0x1F);
    let first = part(10).checked_sub(2).filter(|first| *first < 19)?;
    let vowel = match part(5) {
        code @ 3..=7 => code - 3,
        code @ 10..=15 => code - 5,
        code @ 18..=23 => code - 7,
        code @ 26..=29 => code - 9,
        _ => return None,
    };
    let last = match part(0) {
        code @ 1..=17 => code - 1,
        code @ 19..=29 => code - 2,
        _ => return None,
    };
    char::from_u32(0xAC00 + (first * 21 + vowel) * 28 + last)
}

/// A sign or Chinese character, which EUC-KR has in two rows of 94 where Johab has one of 188.
fn of_euc_kr(row: u8, trail: u8) -> Option<char> {
    let place = match trail {
        0x31..=0x7E => trail - 0x31,
        0x91..=0xFE => trail - 0x43,
        _ => return None,
    };
    let pair = [(row + place / 94) | 0x80, (place % 94 + 0x21) | 0x80];
    let (text, damaged) = EUC_KR.decode_without_bom_handling(&pair);
    text.chars().next().filter(|_| !damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `한국어 문서는 항구에서 韓國 왔다.`.
    const BYTES: &[u8] =
        b"\xD0e\x8A\x82\xB4\xE1 \xA2\x85\xAC\xE1\x93e \xD0w\x8A\x81\xB5A\xAC\xE1 \xF7\xDB\xE2\xD0 \xB5\xD6\x94a.";

    #[test]
    fn syllables_and_chinese_characters_are_read() {
        assert_eq!(decoded(BYTES).text, "한국어 문서는 항구에서 韓國 왔다.");
        assert!(!decoded(BYTES).damaged && decoded(b"\x84").damaged);
    }

    #[test]
    fn korean_is_told_from_other_text() {
        assert!(is_likely(&BYTES.repeat(3)));
        let korean =
            "항구는 조용했다. 배들은 안개가 걷힐 때까지 밖에서 기다렸다. 아무도 오지 않았고 시장은 문을 닫았다.";
        assert!(!is_likely(&EUC_KR.encode(korean).0));
        let chinese = "港口关闭了三天，渔民们在码头上等待风暴过去，没有人知道什么时候能够重新出海。";
        assert!(!is_likely(&encoding_rs::GBK.encode(chinese).0));
        let western = "Où est l’été ? Là-bas, près de l’île où Noël arrive à l’âge d’être fêté, dit-elle.";
        assert!(!is_likely(&encoding_rs::WINDOWS_1252.encode(western).0));
    }
}
