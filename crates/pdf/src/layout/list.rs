//! The markers of list items.

/// Whether a word is nothing but the marker of an item: a bullet, `3.`, `(b)`, `iv)`.
pub(crate) fn is_marker(word: &str) -> bool {
    is_bullet(word) || is_number(word)
}

fn is_bullet(word: &str) -> bool {
    let mut characters = word.chars();
    let (Some(first), None) = (characters.next(), characters.next()) else { return false };
    matches!(
        first,
        '\u{2022}'
            | '\u{2023}'
            | '\u{2043}'
            | '\u{25aa}'
            | '\u{25ab}'
            | '\u{25cf}'
            | '\u{25cb}'
            | '\u{25e6}'
            | '\u{25a0}'
            | '\u{25a1}'
            | '\u{2219}'
            | '\u{b7}'
            | '-'
            | '\u{2013}'
            | '\u{2014}'
            | '*'
            | '\u{2713}'
            | '\u{27a2}'
            | '\u{25ba}'
            | '\u{2010}'
    )
}

/// `12.`, `a)`, `(iv)`; a bare number is none, since it may be one of a sentence or a table.
fn is_number(word: &str) -> bool {
    let opened = word.strip_prefix('(');
    let Some(inner) = opened.unwrap_or(word).strip_suffix(if opened.is_some() { &[')'][..] } else { &['.', ')'][..] })
    else {
        return false;
    };
    let digits = inner.len() <= 3 && !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
    let letter = inner.len() == 1 && inner.bytes().all(|byte| byte.is_ascii_lowercase());
    let roman = inner.len() <= 4 && !inner.is_empty() && inner.bytes().all(|byte| b"ivx".contains(&byte));
    digits || letter || roman
}

#[cfg(test)]
mod tests {
    use super::is_marker;

    #[test]
    fn markers_are_told_from_words() {
        for marker in ["\u{2022}", "-", "3.", "12)", "(b)", "iv."] {
            assert!(is_marker(marker), "{marker}");
        }
        for word in ["I.", "2018", "2018.", "and", "", "(see", "Fig.", "(", ".", "--"] {
            assert!(!is_marker(word), "{word}");
        }
    }
}
