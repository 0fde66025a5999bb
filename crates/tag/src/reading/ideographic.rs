//! Chinese and Japanese, which have no spaces between words and numerals of their own: `3亿元`, `1億2000万円`, `三十五公里`, `二〇二四年`.

use rustc_hash::FxHashSet;

use super::{Decimal, Figure, Lexemes, Vocabulary};

/// The names that a text without spaces is read by: a name is the longest one that stands there, all else single characters.
pub(crate) struct Names {
    names: FxHashSet<&'static str>,
    /// The longest name, in characters.
    longest: usize,
}

impl Names {
    pub(super) fn of(names: impl Iterator<Item = &'static str>) -> Self {
        let names: FxHashSet<&'static str> = names.filter(|name| name.starts_with(is_ideograph)).collect();
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
        Self { names, longest }
    }

    /// The end of the name or of the one character at `at`, where that is a Chinese character or a Japanese syllable.
    fn end(&self, text: &str, at: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        let first = rest.chars().next().filter(|first| is_ideograph(*first))?;
        let mut end = first.len_utf8();
        for (offset, letter) in rest.char_indices().take(self.longest).skip(1) {
            let next = offset + letter.len_utf8();
            if self.names.contains(rest.get(..next)?) {
                end = next;
            }
        }
        Some(at + end)
    }
}

impl Vocabulary {
    /// Whether the language is written without spaces between words.
    pub(crate) fn is_without_spaces(&self) -> bool {
        self.ideographs.is_some()
    }

    /// The end of the word at `at`, where it is one of a script without spaces that the language is written in.
    pub(super) fn ideographs_at(&self, text: &str, at: usize) -> Option<usize> {
        self.ideographs.as_ref()?.end(text, at)
    }
}

/// Whether it is a Chinese character or a Japanese syllable.
pub(crate) fn is_ideograph(letter: char) -> bool {
    matches!(letter,
        '々' | '〇' | '\u{3041}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

/// A part of a number.
enum Part {
    /// In digits.
    Number(Decimal),
    /// One digit in words.
    Digit(u128),
    /// Ten, a hundred or a thousand by its power of ten: it counts what stands before it, and adds to what follows.
    Tens(u32),
    /// Ten thousand and more: it counts all that was said since the last one.
    Magnitude(u32),
}

fn part(text: Lexemes<'_>, at: usize) -> Option<Part> {
    if let Some(number) = text.number(at) {
        return Decimal::parse(number, false).map(Part::Number);
    }
    Some(match text.str(at) {
        "〇" | "零" => Part::Digit(0),
        "一" => Part::Digit(1),
        "二" | "两" | "兩" => Part::Digit(2),
        "三" => Part::Digit(3),
        "四" => Part::Digit(4),
        "五" => Part::Digit(5),
        "六" => Part::Digit(6),
        "七" => Part::Digit(7),
        "八" => Part::Digit(8),
        "九" => Part::Digit(9),
        "十" => Part::Tens(1),
        "百" => Part::Tens(2),
        "千" => Part::Tens(3),
        "万" | "萬" => Part::Magnitude(4),
        "亿" | "億" => Part::Magnitude(8),
        "兆" => Part::Magnitude(12),
        _ => return None,
    })
}

/// The number that begins at the lexeme. What leaves it open is none: `数百万`, `千万`, the `一` of `一个`; nor is an ordinal.
pub(super) fn figure_at(text: Lexemes<'_>, first: usize) -> Option<Figure> {
    let before = first.checked_sub(1).filter(|_| text.glued(first)).map(|before| text.str(before));
    let digits = match (part(text, first)?, before) {
        (Part::Number(_), _) => true,
        (_, Some("数" | "數" | "几" | "幾" | "第")) | (Part::Tens(2..) | Part::Magnitude(_), _) => return None,
        (Part::Digit(_) | Part::Tens(_), _) => false,
    };
    let zero = Decimal::from_integer(0);
    let (mut total, mut section, mut current) = (zero, zero, None);
    let (mut magnitude, mut last, mut at) = (0, first, first);
    while at == first || text.glued(at) {
        match part(text, at) {
            Some(Part::Number(number)) if current.is_none() => current = Some(number),
            // `二〇二四`: digit by digit.
            Some(Part::Digit(digit)) => match current {
                None => current = Some(Decimal::from_integer(digit)),
                Some(said) if !digits && section == zero && total == zero => {
                    current = Some(said.shifted(1)?.plus(Decimal::from_integer(digit))?);
                }
                Some(_) => break,
            },
            Some(Part::Tens(power)) => {
                section = section.plus(current.take().unwrap_or(Decimal::from_integer(1)).shifted(power)?)?;
            }
            Some(Part::Magnitude(power)) => {
                let counted = section.plus(current.take().unwrap_or(zero))?;
                // `3万亿`: so many times as many.
                total = if counted == zero { total.shifted(power)? } else { total.plus(counted.shifted(power)?)? };
                section = zero;
                magnitude = magnitude.max(power);
            }
            Some(Part::Number(_)) | None => break,
        }
        last = at;
        at += 1;
    }
    let amount = total.plus(section)?.plus(current.unwrap_or(zero))?;
    let is_article = !digits && first == last && matches!(text.str(first), "一" | "零" | "〇");
    (!is_article).then_some(Figure { first, last, amount, magnitude, digits })
}

/// The small whole number that begins at the lexeme, in digits or words, with the index of its last lexeme.
pub(crate) fn small(text: Lexemes<'_>, at: usize) -> Option<(u16, usize)> {
    if let Some(Part::Digit(digit)) = part(text, at)
        && part(text, at + 1).is_none()
    {
        return Some((u16::try_from(digit).ok()?, at));
    }
    let figure = figure_at(text, at)?;
    Some((figure.amount.small()?, figure.last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{figures, lexemes};

    fn check(text: &str, expected: &[&str]) {
        for language in ["zh", "ja"] {
            let vocabulary = Vocabulary::of(Some(language));
            let items = lexemes(text, vocabulary);
            let found = figures(Lexemes { text, items: &items, vocabulary });
            let found: Vec<String> = found.iter().map(|figure| figure.amount.to_string()).collect();
            assert_eq!(found, expected, "{language}: {text}");
        }
    }

    #[test]
    fn magnitudes_count_what_stands_before_them() {
        check("3亿、2.5万、3万亿", &["300000000", "25000", "3000000000000"]);
        check("1億2000万、1万2345", &["120000000", "12345"]);
        check("三百二十万、十五、二〇二四", &["3200000", "15", "2024"]);
    }

    #[test]
    fn what_leaves_the_number_open_is_none() {
        check("数百万、数十万、千万、万一、第三、一个", &[]);
    }
}
