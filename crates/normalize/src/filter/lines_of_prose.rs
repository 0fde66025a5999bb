//! Which lines of a text are prose, by the rules of C4 (Raffel et al. 2020, arXiv 1910.10683, section 2.2).

/// What keeps a line from being prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It does not end with a mark that ends a sentence or a quotation, or it ends with dots.
    Unfinished,
    /// It has fewer words than asked for.
    Short,
    /// It has a word that is too long to be one.
    LongWord,
    /// It speaks of JavaScript, as pages do that ask for it to be switched on.
    Script,
    /// It speaks of cookies, terms of use or privacy, as notices do.
    Policy,
}

/// The fewest words that a line of C4 has.
pub(crate) const FEWEST_WORDS: u32 = 5;

/// The longest word, in characters; not in the paper, but in the program that made C4.
const LONGEST_WORD: usize = 1000;

/// What notices say; not in the first version of the paper, but in the program that made C4.
const POLICIES: &[&str] =
    &["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"];

/// What keeps a line from being prose of at least so many words, if anything does.
pub(crate) fn unfit(line: &str, fewest_words: u32) -> Option<Unfit> {
    let line = line.trim();
    if !ends_sentence(line) {
        return Some(Unfit::Unfinished);
    }
    if line.split_whitespace().count() < fewest_words as usize {
        return Some(Unfit::Short);
    }
    if line.len() > LONGEST_WORD && line.split_whitespace().any(|word| word.chars().count() > LONGEST_WORD) {
        return Some(Unfit::LongWord);
    }
    let lower = line.to_lowercase();
    if lower.contains("javascript") {
        return Some(Unfit::Script);
    }
    POLICIES.iter().any(|policy| lower.contains(policy)).then_some(Unfit::Policy)
}

/// Whether a line ends with a mark that ends a sentence or a quotation, and not with dots.
pub(crate) fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with(['.', '?', '!', '"', '\'', '”', '’', '»', '“', '。', '！', '？', '؟', '।'])
        && !line.ends_with("...")
        && !line.ends_with("…\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_prose_or_not() {
        let check = |line: &str, expected: Option<Unfit>| assert_eq!(unfit(line, FEWEST_WORDS), expected, "{line}");
        check("The ferry leaves at nine.", None);
        check("  Does the ferry leave early? ", None);
        check("She said: “The ferry leaves at nine.”", None);
        check("The ferry leaves at nine", Some(Unfit::Unfinished));
        check("The ferry leaves at nine...", Some(Unfit::Unfinished));
        check("The ferry leaves now.", Some(Unfit::Short));
        check(&format!("The ferry leaves at {}.", "x".repeat(1001)), Some(Unfit::LongWord));
        check("Please enable JavaScript to see this page.", Some(Unfit::Script));
        check("Read more in our Privacy Policy today.", Some(Unfit::Policy));
        check("", Some(Unfit::Unfinished));
    }
}
