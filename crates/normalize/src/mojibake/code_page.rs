//! The code pages that UTF-8 gets misread as, and what their characters were as bytes.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A single-byte encoding that UTF-8 was decoded with by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodePage {
    /// Windows-1252 or Latin-1, with control characters for undefined bytes.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// Latin-2 (Central Europe), with control characters; only in lines that have such.
    #[serde(rename = "iso-8859-2")]
    Iso8859_2,
    /// Windows-1250 (Central Europe).
    #[serde(rename = "windows-1250")]
    Windows1250,
    /// Windows-1251 (Cyrillic).
    #[serde(rename = "windows-1251")]
    Windows1251,
    /// Mac OS Roman.
    Macintosh,
    /// Code page 437, of DOS and of consoles.
    Ibm437,
}

/// All pages, the most likely first; a page's place is its index in [`Bytes`].
pub(super) const PAGES: [CodePage; 6] = [
    CodePage::Windows1252,
    CodePage::Iso8859_2,
    CodePage::Windows1250,
    CodePage::Windows1251,
    CodePage::Macintosh,
    CodePage::Ibm437,
];

/// The characters of code page 437 from 0x80 on, which the WHATWG Encoding standard leaves out.
const IBM437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

/// One past the last character that is looked up. What the pages have beyond (ligatures) never stands for UTF-8's bytes in practice.
const END: usize = 0x2600;

/// What a character was as a byte on each page; 0 where the page does not have it.
#[derive(Clone, Copy, Default)]
struct Bytes {
    on: [u8; PAGES.len()],
    /// Bit by page: it is the first byte of a character of UTF-8.
    leads: u8,
    /// Bit by page: it is a later byte of one.
    continues: u8,
}

static TABLE: LazyLock<Vec<Bytes>> = LazyLock::new(|| {
    let mut table = vec![Bytes::default(); END - 0x80];
    for (page, code_page) in PAGES.into_iter().enumerate() {
        for byte in 0x80..=0xFF_u8 {
            // A control character stands for its own number: the page had nothing there, or it was Latin-1. Those of Mac and DOS are full.
            let is_full = matches!(code_page, CodePage::Macintosh | CodePage::Ibm437);
            let control = (byte < 0xA0 && !is_full).then_some(char::from(byte));
            for c in code_page.character(byte).into_iter().chain(control) {
                if let Some(entry) = (c as usize).checked_sub(0x80).and_then(|index| table.get_mut(index)) {
                    entry.on[page] = byte;
                    entry.leads |= u8::from(matches!(byte, 0xC2..=0xF4)) << page;
                    entry.continues |= u8::from(matches!(byte, 0x80..=0xBF)) << page;
                }
            }
        }
    }
    table
});

fn entry(c: char) -> Bytes {
    (c as usize).checked_sub(0x80).and_then(|index| TABLE.get(index)).copied().unwrap_or_default()
}

impl CodePage {
    /// The character of a byte from 0x80 on.
    fn character(self, byte: u8) -> Option<char> {
        let encoding = match self {
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
            Self::Iso8859_2 => encoding_rs::ISO_8859_2,
            Self::Windows1250 => encoding_rs::WINDOWS_1250,
            Self::Windows1251 => encoding_rs::WINDOWS_1251,
            Self::Macintosh => encoding_rs::MACINTOSH,
            Self::Ibm437 => return IBM437.chars().nth(usize::from(byte).checked_sub(0x80)?),
        };
        let (text, _) = encoding.decode_without_bom_handling(std::slice::from_ref(&byte));
        text.chars().next()
    }

    /// The bit that stands for this page in a set of pages.
    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The byte that `c` was on this page, if it is not ASCII.
    pub(super) fn byte(self, c: char) -> Option<u8> {
        Some(entry(c).on[self as usize]).filter(|&byte| byte != 0)
    }
}

/// The pages on which `first` and `second` would be the first two bytes of a character of UTF-8.
pub(super) fn pages_of_pair(first: char, second: char) -> u8 {
    entry(first).leads & entry(second).continues
}

/// The character that Windows-1252 has for the byte that a control character stands for.
pub(super) fn windows_1252(control: char) -> Option<char> {
    let byte = u8::try_from(u32::from(control)).ok().filter(|byte| (0x80..0xA0).contains(byte))?;
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
    text.chars().next().filter(|&c| c != control)
}
