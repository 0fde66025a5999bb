//! Names as labels of words: B for the first of several, I inside, L for the last, U for a name of one word, O for no name
//! (BILOU, after Ratinov and Roth, 2009).

use crate::chain::{NEVER, Transitions};

/// A kind of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// Somebody.
    Person,
    /// A company, office, party, band and the like.
    Organization,
    /// A country, town, river, building and the like.
    Place,
    /// What else has a name: works, events, peoples, products.
    Misc,
}

impl NameKind {
    /// All kinds, in the order of the labels.
    pub const ALL: [Self; 4] = [Self::Person, Self::Organization, Self::Place, Self::Misc];

    /// The name of the kind in the labels of corpora: `PER`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "PER",
            Self::Organization => "ORG",
            Self::Place => "LOC",
            Self::Misc => "MISC",
        }
    }

    /// The labels of a name of this kind with so many words.
    pub fn labels(self, words: usize) -> impl Iterator<Item = u8> + Clone {
        let first = 1 + self as u8 * 4;
        (0..words).map(move |word| first + part(word == 0, word + 1 == words))
    }
}

const fn part(first: bool, last: bool) -> u8 {
    match (first, last) {
        (true, false) => 0,
        (false, false) => 1,
        (false, true) => 2,
        (true, true) => 3,
    }
}

/// The names of the labels, by their numbers.
pub fn names() -> Vec<String> {
    let kinds =
        NameKind::ALL.iter().flat_map(|kind| ["B", "I", "L", "U"].map(|part| format!("{part}-{}", kind.code())));
    std::iter::once("O".to_owned()).chain(kinds).collect()
}

/// Transitions between the labels of names: 0 where they may follow each other.
pub fn transitions() -> Transitions {
    let labels = NameKind::ALL.len() * 4 + 1;
    // The kind of a label and whether it goes on from the word before, and to the word after.
    let parts = |label: usize| match label.checked_sub(1).filter(|_| label < labels) {
        Some(place) => (Some(place / 4), matches!(place % 4, 1 | 2), matches!(place % 4, 0 | 1)),
        None => (None, false, false),
    };
    let mut scores = Vec::with_capacity((labels + 1) * (labels + 1));
    for before in 0..=labels {
        for after in 0..=labels {
            let ((kind_before, _, opens), (kind_after, continues, _)) = (parts(before), parts(after));
            let fits = opens == continues && (!opens || kind_before == kind_after);
            scores.push(if fits { 0.0 } else { NEVER });
        }
    }
    Transitions { labels, scores }
}

/// The names that labels stand for, as first word, word after the last, and kind.
pub fn spans(labels: &[u8]) -> Vec<(usize, usize, NameKind)> {
    let mut spans = Vec::new();
    let mut start = 0;
    for (word, label) in labels.iter().enumerate() {
        let Some(place) = label.checked_sub(1) else { continue };
        if matches!(place % 4, 0 | 3) {
            start = word;
        }
        if let (2 | 3, Some(kind)) = (place % 4, NameKind::ALL.get(usize::from(place / 4))) {
            spans.push((start, word + 1, *kind));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labels_of_names_stand_for_these_names() {
        let mut labels: Vec<u8> = NameKind::Person.labels(3).collect();
        labels.push(0);
        labels.extend(NameKind::Place.labels(1));
        labels.extend(NameKind::Misc.labels(2));
        assert_eq!(
            labels.iter().map(|label| names()[usize::from(*label)].clone()).collect::<Vec<_>>(),
            ["B-PER", "I-PER", "L-PER", "O", "U-LOC", "B-MISC", "L-MISC"]
        );
        assert_eq!(spans(&labels), [(0, 3, NameKind::Person), (4, 5, NameKind::Place), (5, 7, NameKind::Misc)]);
    }

    #[test]
    fn a_name_goes_on_until_it_ends() {
        let transitions = transitions();
        let number = |name: &str| names().iter().position(|label| label == name).unwrap_or(17);
        let may = |before, after| transitions.get(number(before), number(after)) > NEVER;
        assert!(
            may("B-PER", "L-PER") && may("I-PER", "I-PER") && may("U-PER", "B-ORG") && may("", "U-LOC") && may("O", "")
        );
        assert!(
            !may("B-PER", "L-ORG")
                && !may("B-PER", "O")
                && !may("O", "L-PER")
                && !may("", "I-PER")
                && !may("B-ORG", "")
        );
    }
}
