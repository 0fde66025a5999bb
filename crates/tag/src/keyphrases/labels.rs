//! How a phrase is written down.

use std::borrow::Cow;

use super::candidates::Counted;
use super::phrase::{Mention, Sequence, StemStats};

/// How many mentions are looked at; a long tail changes little.
const MENTIONS: usize = 200;

/// The form of a sequence that occurs most; of a name, the full name. Where capitals say something the form is taken as it
/// stands; what occurs only at the start of sentences and in headings is put into lower case, acronyms aside.
pub(super) fn label(sequence: &Sequence, mentions: &[Mention], text: &str, counted: &Counted<'_>) -> String {
    if let Some(name) = &sequence.name {
        return name.label.clone();
    }
    let written = |mention: &Mention| mention.span.of(text).unwrap_or_default();
    let any_cased = mentions.iter().any(|mention| mention.cased);
    let lower =
        !any_cased && !counted.nouns_are_capitalized && !mentions.iter().all(|mention| is_acronym(written(mention)));
    let mut forms: Vec<(Cow<'_, str>, usize)> = Vec::new();
    for mention in mentions.iter().filter(|mention| mention.cased || !any_cased).take(MENTIONS) {
        let form = one_line(written(mention));
        let form = if lower { Cow::Owned(form.to_lowercase()) } else { form };
        match forms.iter_mut().find(|(known, _)| *known == form) {
            Some((_, count)) => *count += 1,
            None => forms.push((form, 1)),
        }
    }
    if any_cased {
        // The others say nothing of capitals, but which inflection is common.
        for mention in mentions.iter().filter(|mention| !mention.cased).take(MENTIONS) {
            let form = one_line(written(mention)).to_lowercase();
            if let Some((_, count)) = forms.iter_mut().find(|(known, _)| known.to_lowercase() == form) {
                *count += 1;
            }
        }
    }
    // `max_by_key` gives the last of equals; the first is wanted.
    let best = forms.into_iter().rev().max_by_key(|(_, count)| *count).map(|(form, _)| form.into_owned());
    let best = best.unwrap_or_default();
    if lower { with_names(&best, sequence.stems(), &counted.stems) } else { best }
}

/// The phrase in lower case with the capitals of its words that are names elsewhere.
fn with_names(phrase: &str, stems: &[u32], stats: &[StemStats]) -> String {
    if phrase.split(' ').count() != stems.len() {
        return phrase.to_owned();
    }
    let is_name = |stem: u32| stats.get(stem as usize).is_some_and(StemStats::is_name);
    let words = phrase
        .split(' ')
        .zip(stems)
        .map(|(word, stem)| if is_name(*stem) { capitalized(word) } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Whether it is one word with several capitals.
pub(super) fn is_acronym(written: &str) -> bool {
    !written.contains(' ') && written.chars().filter(|letter| letter.is_uppercase()).count() > 1
}

/// The phrase with single spaces.
pub(super) fn one_line(written: &str) -> Cow<'_, str> {
    let breaks = |pair: &[u8]| matches!(pair, [b'\n' | b'\r' | b'\t', _] | [b' ', b' ']);
    if written.as_bytes().windows(2).any(breaks) {
        Cow::Owned(written.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(written)
    }
}
