//! Classes of characters, for the tokenizer: a table for ASCII, ranges for the rest.

/// What a character is to the tokenizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// White space, and control and invisible characters.
    Space,
    /// A letter, a mark that belongs to one, or `_`.
    Letter,
    /// A digit, or another number.
    Digit,
    /// A character of a script written without spaces, with its kind of run.
    Ideograph(Script),
    /// A mark.
    Punctuation,
    /// Anything else.
    Symbol,
}

/// A script whose runs are words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// Chinese characters.
    Han,
    /// Japanese syllables of native words and endings.
    Hiragana,
    /// Japanese syllables of loan words and names.
    Katakana,
}

/// The classes of the ASCII characters.
pub(crate) const ASCII: [Class; 128] = {
    let mut table = [Class::Symbol; 128];
    let mut byte = 0;
    while byte < 128u8 {
        table[byte as usize] = match byte {
            0..=b' ' | 0x7F => Class::Space,
            b'0'..=b'9' => Class::Digit,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Letter,
            b'$' | b'&' | b'+' | b'<' | b'=' | b'>' | b'^' | b'`' | b'|' | b'~' | b'%' | b'@' | b'#' => Class::Symbol,
            _ => Class::Punctuation,
        };
        byte += 1;
    }
    table
};

/// The class of any character.
pub(crate) fn class(character: char) -> Class {
    if let Some(class) = ASCII.get(character as usize) {
        return *class;
    }
    match character {
        '\u{80}'..='\u{9F}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' => Class::Space,
        '々'
        | '〆'
        | '〇'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}' => Class::Ideograph(Script::Han),
        '\u{3041}'..='\u{309F}' => Class::Ideograph(Script::Hiragana),
        '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}' => {
            Class::Ideograph(Script::Katakana)
        }
        _ if character.is_alphabetic() || extends(character) => Class::Letter,
        _ if character.is_numeric() => Class::Digit,
        _ if character.is_whitespace() => Class::Space,
        _ if is_punctuation(character) => Class::Punctuation,
        _ => Class::Symbol,
    }
}

/// Whether it belongs to the letter before it without being a letter: combining marks, joiners, soft hyphens.
fn extends(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5BD}' | '\u{5C1}'..='\u{5C7}'
        | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{6D6}'..='\u{6DC}' | '\u{93C}' | '\u{94D}' | '\u{951}'..='\u{954}' | '\u{9BC}' | '\u{9CD}'
        | '\u{A3C}' | '\u{A4D}' | '\u{ABC}' | '\u{ACD}' | '\u{B3C}' | '\u{B4D}' | '\u{BCD}' | '\u{C4D}' | '\u{CBC}' | '\u{CCD}' | '\u{D4D}' | '\u{DCA}'
        | '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}' | '\u{EB1}' | '\u{EB4}'..='\u{EBC}' | '\u{EC8}'..='\u{ECE}'
        | '\u{1039}' | '\u{103A}' | '\u{17D2}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

fn is_punctuation(character: char) -> bool {
    matches!(character,
        '¡' | '«' | '»' | '¿' | '·' | '§' | '¶' | '\u{37E}' | '\u{387}' | '\u{55A}'..='\u{55F}' | '\u{589}' | '\u{58A}' | '\u{5BE}' | '\u{5F3}' | '\u{5F4}'
        | '\u{60C}' | '\u{61B}' | '\u{61F}' | '\u{66A}'..='\u{66D}' | '\u{6D4}' | '\u{964}' | '\u{965}' | '\u{E2F}' | '\u{104A}' | '\u{104B}' | '\u{1361}'..='\u{1368}'
        | '\u{17D4}'..='\u{17DA}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{2E00}'..='\u{2E5D}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}'
        | '\u{3014}'..='\u{301F}' | '\u{30FB}' | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE6B}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}'
        | '\u{FF3B}'..='\u{FF3D}' | '\u{FF5B}'..='\u{FF65}')
}
