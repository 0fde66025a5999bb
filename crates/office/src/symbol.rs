//! Characters of symbol fonts, which stand for others than their codes say.

/// The characters of the font Symbol from 0x41 on that are letters of the Greek alphabet, and those from 0xa0 on that text uses.
const GREEK_UPPER: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
const GREEK_LOWER: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";

/// The character that `code` shows in a font; `None` where it is a picture that has no name here.
pub(crate) fn of_code(font: &str, code: u32) -> Option<char> {
    let is_private = (0xf000..=0xf0ff).contains(&code);
    let low = u8::try_from(if is_private { code - 0xf000 } else { code });
    match (font.to_lowercase().as_str(), low) {
        ("symbol", Ok(low)) => symbol(low),
        ("wingdings", Ok(low)) => wingdings(low),
        (_, Ok(low)) if is_private => {
            // A font that nothing is known of: its letters often are where ASCII has them.
            (low.is_ascii_graphic() && !font.to_lowercase().starts_with('w')).then_some(char::from(low))
        }
        _ => char::from_u32(code),
    }
}

/// The same of a text: of its characters in the private area, and of all where the font is a symbol font.
pub(crate) fn of_text(font: &str, text: &str) -> String {
    let is_symbol = matches!(font.to_lowercase().as_str(), "symbol" | "wingdings");
    let touched = |c: char| ('\u{f000}'..='\u{f0ff}').contains(&c) || (is_symbol && !c.is_whitespace());
    if !text.chars().any(touched) {
        return text.to_owned();
    }
    text.chars().filter_map(|c| if touched(c) { of_code(font, u32::from(c)) } else { Some(c) }).collect()
}

fn symbol(code: u8) -> Option<char> {
    let letter = |letters: &str, first: u8| letters.chars().nth(usize::from(code - first));
    Some(match code {
        b'A'..=b'Z' => return letter(GREEK_UPPER, b'A'),
        b'a'..=b'z' => return letter(GREEK_LOWER, b'a'),
        0x22 => '∀',
        0x24 => '∃',
        0x27 => '∋',
        0x2a => '∗',
        0x2d => '−',
        0x40 => '≅',
        0x5e => '⊥',
        0xa3 => '≤',
        0xa5 => '∞',
        0xab => '↔',
        0xac => '←',
        0xad => '↑',
        0xae => '→',
        0xaf => '↓',
        0xb0 => '°',
        0xb1 => '±',
        0xb3 => '≥',
        0xb4 => '×',
        0xb6 => '∂',
        0xb7 => '•',
        0xb8 => '÷',
        0xb9 => '≠',
        0xba => '≡',
        0xbb => '≈',
        0xbc => '…',
        0xc6 => '∅',
        0xc7 => '∩',
        0xc8 => '∪',
        0xcc => '⊂',
        0xce => '∈',
        0xd1 => '∇',
        0xd2 => '®',
        0xd3 => '©',
        0xd4 => '™',
        0xd5 => '∏',
        0xd6 => '√',
        0xd7 => '⋅',
        0xd8 => '¬',
        0xd9 => '∧',
        0xda => '∨',
        0xdb => '⇔',
        0xdc => '⇐',
        0xde => '⇒',
        0xe5 => '∑',
        0xf2 => '∫',
        0x20..=0x3f | b'[' | b']' | b'_' | b'{' | b'|' | b'}' => char::from(code),
        _ => return None,
    })
}

fn wingdings(code: u8) -> Option<char> {
    Some(match code {
        0x4a => '☺',
        0x4b => '😐',
        0x4c => '☹',
        0x6c | 0x9f => '•',
        0x6e | 0xa7 => '▪',
        0x6f | 0xa8 => '☐',
        0x71 => '❑',
        0x76 => '❖',
        0xd8 => '➢',
        0xdf | 0xe7 => '←',
        0xe0 | 0xe8 => '→',
        0xe1 => '↑',
        0xe2 => '↓',
        0xf0 => '⇨',
        0xfb | 0xfd => '☒',
        0xfc => '✓',
        0xfe => '☑',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_become_the_characters_that_they_show() {
        for (font, text, expected) in [
            ("Symbol", "abp", "αβπ"),
            ("Symbol", "\u{f0b3} 3", "≥ 3"),
            ("Wingdings", "\u{f0fc}", "✓"),
            ("Wingdings", "\u{f000}", ""),
            ("Calibri", "abc", "abc"),
        ] {
            assert_eq!(of_text(font, text), expected);
        }
    }
}
