//! What a glyph says, in characters that other stages know.

/// Stands for a glyph of which nobody knows what it means.
pub(crate) const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

/// The text of a glyph with ligatures taken apart; `None` where it says nothing: control characters and such as are private to a
/// font.
pub(crate) fn readable(text: &str) -> Option<String> {
    let mut readable = String::new();
    for character in text.chars() {
        match character {
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' | '\t' | '\n' | '\r' => readable.push(' '),
            '\u{fb00}' => readable.push_str("ff"),
            '\u{fb01}' => readable.push_str("fi"),
            '\u{fb02}' => readable.push_str("fl"),
            '\u{fb03}' => readable.push_str("ffi"),
            '\u{fb04}' => readable.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => readable.push_str("st"),
            '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            // The bullets of Symbol and Wingdings, which Word draws.
            '\u{f0b7}' | '\u{f0a7}' | '\u{f0d8}' => readable.push('\u{2022}'),
            '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => return None,
            control if control.is_control() => return None,
            other => readable.push(other),
        }
    }
    Some(readable).filter(|readable| !readable.is_empty())
}

/// The marks of the format's own table that Latin-1 has elsewhere, from 0x80.
const MARKS: [char; 31] = [
    '\u{2022}', '\u{2020}', '\u{2021}', '\u{2026}', '\u{2014}', '\u{2013}', '\u{192}', '\u{2044}', '\u{2039}',
    '\u{203a}', '\u{2212}', '\u{2030}', '\u{201e}', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{201a}',
    '\u{2122}', '\u{fb01}', '\u{fb02}', '\u{141}', '\u{152}', '\u{160}', '\u{178}', '\u{17d}', '\u{131}', '\u{142}',
    '\u{153}', '\u{161}', '\u{17e}',
];

/// A byte of a text outside the pages, such as a title.
pub(crate) fn of_text(byte: u8) -> char {
    match byte {
        0x80..=0x9e => MARKS[usize::from(byte - 0x80)],
        0xa0 => '\u{20ac}',
        other => char::from(other),
    }
}
