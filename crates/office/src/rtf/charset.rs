//! Code pages of RTF.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// The upper half of the code pages of DOS, which browsers do not know.
const PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const PAGE_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// A code page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// One of the web.
    Web(&'static Encoding),
    /// One of DOS.
    Dos(&'static str),
    /// That of a symbol font, whose codes are left in the private area.
    Symbol,
}

impl Charset {
    /// The code page of this number; that of Western Europe where there is none.
    pub(super) fn of_page(number: i32) -> Self {
        let label: &[u8] = match number {
            437 => return Self::Dos(PAGE_437),
            850 | 858 => return Self::Dos(PAGE_850),
            42 => return Self::Symbol,
            866 => b"ibm866",
            874 => b"windows-874",
            932 => b"shift_jis",
            936 => b"gbk",
            949 | 1361 => b"euc-kr",
            950 => b"big5",
            1250 => b"windows-1250",
            1251 => b"windows-1251",
            1253 => b"windows-1253",
            1254 => b"windows-1254",
            1255 => b"windows-1255",
            1256 => b"windows-1256",
            1257 => b"windows-1257",
            1258 => b"windows-1258",
            10000 => b"macintosh",
            10007 => b"x-mac-cyrillic",
            65001 => b"utf-8",
            _ => b"windows-1252",
        };
        Self::Web(Encoding::for_label(label).unwrap_or(encoding_rs::WINDOWS_1252))
    }

    /// The code page of a font's `\fcharset`; `None` where it is that of the document.
    pub(super) fn of_font(number: i32) -> Option<Self> {
        Some(Self::of_page(match number {
            2 => 42,
            77 => 10000,
            128 => 932,
            129 | 130 => 949,
            134 => 936,
            136 => 950,
            161 => 1253,
            162 => 1254,
            163 => 1258,
            177 => 1255,
            178 => 1256,
            186 => 1257,
            204 => 1251,
            222 => 874,
            238 => 1250,
            254 => 437,
            255 => 850,
            _ => return None,
        }))
    }

    /// The text that bytes are.
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Web(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Self::Dos(page) => bytes.iter().map(|byte| dos(page, *byte)).collect(),
            Self::Symbol => bytes.iter().filter_map(|byte| char::from_u32(0xf000 + u32::from(*byte))).collect(),
        }
    }
}

fn dos(page: &str, byte: u8) -> char {
    byte.checked_sub(0x80).and_then(|upper| page.chars().nth(usize::from(upper))).unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_pages_are_read_as_what_they_are() {
        for (page, bytes, expected) in [
            (1252, &b"caf\xe9"[..], "café"),
            (1251, b"\xcf\xee\xf0\xf2", "Порт"),
            (932, b"\x8d\x60", "港"),
            (437, b"\x81", "ü"),
            (850, b"\x9b\xff", "ø\u{a0}"),
            (10000, b"\x8e", "é"),
        ] {
            assert_eq!(Charset::of_page(page).decode(bytes), expected, "{page}");
        }
        assert_eq!(PAGE_437.chars().count(), 128);
        assert_eq!(PAGE_850.chars().count(), 128);
    }
}
