//! Words that tell what a name beside them names, or that a capital means nothing.

use super::lexicon::Lists;

/// Each list by its name in [`WORDS`].
const LISTS: &[(&str, Lists)] = &[
    ("title", Lists::TITLE),
    ("organization_head", Lists::ORGANIZATION_HEAD),
    ("company_form", Lists::COMPANY_FORM),
    ("place_head", Lists::PLACE_HEAD),
    ("place_start", Lists::PLACE_START),
    ("adjective", Lists::ADJECTIVE),
    ("calendar", Lists::CALENDAR),
    ("common_acronym", Lists::COMMON_ACRONYM),
    ("role", Lists::ROLE),
    ("speech", Lists::SPEECH),
    ("organization_noun", Lists::ORGANIZATION_NOUN),
    ("place_noun", Lists::PLACE_NOUN),
    ("locative", Lists::LOCATIVE),
    ("directive", Lists::DIRECTIVE),
    ("direction", Lists::DIRECTION),
    ("particle", Lists::PARTICLE),
    ("royal", Lists::ROYAL),
    ("head_or_surname", Lists::HEAD_OR_SURNAME),
    ("begins_body", Lists::BEGINS_BODY),
    ("name_suffix", Lists::NAME_SUFFIX),
    ("label", Lists::LABEL),
];

/// A list a line: its name, a tab, and its words between spaces.
const WORDS: &str = include_str!("../../data/cues.txt");

/// Every word of the lists, and the list that it is in.
pub(super) fn words() -> impl Iterator<Item = (Lists, &'static str)> {
    WORDS.lines().filter_map(|line| line.split_once('\t')).flat_map(|(name, words)| {
        let list = LISTS.iter().find(|(listed, _)| *listed == name).map(|(_, list)| *list);
        list.into_iter().flat_map(move |list| words.split(' ').map(move |word| (list, word)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_words_and_every_line_is_a_list() {
        let named: Vec<&str> = WORDS.lines().filter_map(|line| line.split('\t').next()).collect();
        let listed: Vec<&str> = LISTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, listed);
        assert!(words().all(|(_, word)| !word.is_empty()));
    }
}
