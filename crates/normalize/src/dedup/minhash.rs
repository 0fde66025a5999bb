//! `MinHash` signatures: how alike two texts are, from a kilobyte of each.
//!
//! Broder 1997 (On the resemblance and containment of documents): under a random order of all shingles, the probability that
//! two sets have the same first one is their Jaccard similarity. A signature has the first one under each of 256 orders,
//! so the share of equal places estimates the similarity, with a standard error of 0.03 or less. Texts that may be alike are
//! found by their signatures, and compared by the shingles themselves.

use xxhash_rust::xxh3::xxh3_64;

/// How many orders a signature has.
pub(super) const ORDERS: usize = 256;

/// The first shingle of a text under each order, as a hash.
pub(super) type Signature = [u32; ORDERS];

/// An order of all 32-bit numbers: by `number * factor + offset`, where the factor is odd.
struct Order {
    factor: [u32; ORDERS],
    offset: [u32; ORDERS],
}

/// The orders are fixed, so that every run finds the same.
const ORDER: Order = {
    let mut order = Order { factor: [0; ORDERS], offset: [0; ORDERS] };
    let mut state: u64 = 0x0123_4567_89AB_CDEF;
    let mut at = 0;
    while at < ORDERS {
        // SplitMix64 (Steele, Lea and Flood 2014).
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let halves = mixed.to_le_bytes();
        order.factor[at] = u32::from_le_bytes([halves[0], halves[1], halves[2], halves[3]]) | 1;
        order.offset[at] = u32::from_le_bytes([halves[4], halves[5], halves[6], halves[7]]);
        at += 1;
    }
    order
};

/// The shingles of `length` words of a text as hashes, sorted, each once. A text with fewer words is one shingle; one without
/// words has none.
pub(super) fn shingles(text: &str, length: usize) -> Vec<u32> {
    let words = words(text);
    let mut shingles: Vec<u32> = words.windows(length.min(words.len()).max(1)).map(shingle).collect();
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// The signature of a set of shingles.
pub(super) fn signature(shingles: &[u32]) -> Signature {
    let mut signature = [u32::MAX; ORDERS];
    for shingle in shingles {
        let places = ORDER.factor.iter().zip(&ORDER.offset);
        for (first, (factor, offset)) in signature.iter_mut().zip(places) {
            *first = (*first).min(shingle.wrapping_mul(*factor).wrapping_add(*offset));
        }
    }
    signature
}

/// The Jaccard similarity of two sorted sets, 0..=1.
pub(super) fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let (mut common, mut left, mut right) = (0_usize, 0, 0);
    while let (Some(one), Some(other)) = (a.get(left), b.get(right)) {
        common += usize::from(one == other);
        left += usize::from(one <= other);
        right += usize::from(other <= one);
    }
    common as f64 / (a.len() + b.len() - common).max(1) as f64
}

fn shingle(words: &[u64]) -> u32 {
    let mixed =
        words.iter().fold(0, |hash: u64, word| (hash.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let bytes = (mixed ^ (mixed >> 29)).to_le_bytes();
    u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]])
}

/// The words of a text in small letters, without punctuation, as hashes. In scripts without spaces each character is a word.
fn words(text: &str) -> Vec<u64> {
    let mut words = Vec::with_capacity(text.len() / 5);
    let mut word = String::new();
    for c in text.chars() {
        if is_unspaced(c) {
            end(&mut word, &mut words);
            word.push(c);
            end(&mut word, &mut words);
        } else if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                word.push(c.to_ascii_lowercase());
            } else {
                end(&mut word, &mut words);
            }
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else {
            end(&mut word, &mut words);
        }
    }
    end(&mut word, &mut words);
    words
}

fn end(word: &mut String, words: &mut Vec<u64>) {
    if !word.is_empty() {
        words.push(xxh3_64(word.as_bytes()));
        word.clear();
    }
}

const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn estimate(a: &str, b: &str, length: usize) -> f64 {
        let (a, b) = (signature(&shingles(a, length)), signature(&shingles(b, length)));
        a.iter().zip(&b).filter(|(a, b)| a == b).count() as f64 / ORDERS as f64
    }

    #[test]
    fn case_and_punctuation_do_not_count() {
        assert!((estimate("The harbor, he said.", "the HARBOR he said", 3) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_text_without_words_has_no_shingle() {
        assert_eq!((shingles(" ... ", 5).len(), shingles("one", 5).len()), (0, 1));
    }

    #[test]
    fn characters_of_unspaced_scripts_are_words() {
        assert_eq!(words("港の工事").len(), 4);
        assert_eq!(words("Élan vital's 2").len(), 4);
    }

    proptest! {
        #[test]
        fn the_estimate_is_close_to_the_similarity_of_the_sets(
            a in prop::collection::vec(0_u32..120, 40..120),
            b in prop::collection::vec(0_u32..120, 40..120),
        ) {
            let set = |numbers: &[u32]| numbers.iter().copied().collect::<BTreeSet<_>>();
            let text = |numbers: &[u32]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            let (left, right) = (set(&a), set(&b));
            let exact = left.intersection(&right).count() as f64 / left.union(&right).count() as f64;
            let sets = [&a, &b].map(|numbers| shingles(&text(numbers), 1));
            prop_assert!((jaccard(&sets[0], &sets[1]) - exact).abs() < 1e-9);
            prop_assert!((estimate(&text(&a), &text(&b), 1) - exact).abs() < 0.17);
        }
    }
}
