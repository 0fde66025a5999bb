//! Words of Chinese and Japanese, which are written without spaces between them.
//!
//! A run of characters is cut as a whole: Chinese by a list of words with their frequencies, Japanese by what characters stand beside
//! each other. Both tables are searched where they lie in the binary or made when the first such run is met. Their sources and
//! licences are in `words/README.md`.

mod chinese;
mod japanese;

/// Which rules a run of characters is cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Chinese,
    Japanese,
}

/// Appends the ends of the words of `text[start..end]`, a run of Chinese characters and Japanese syllables, as bytes of `text`; the
/// last is `end`.
pub(crate) fn cut(text: &str, start: usize, end: usize, manner: Manner, ends: &mut Vec<usize>) {
    match manner {
        Manner::Chinese => chinese::cut(text, start, end, ends),
        Manner::Japanese => japanese::cut(text, start, end, ends),
    }
}
