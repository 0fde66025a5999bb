//! `MinHash` signatures: how alike two texts are, from a kilobyte of each.
//!
//! Broder 1997 (On the resemblance and containment of documents): under a random order of all shingles, the probability that
//! two sets have the same first one is their Jaccard similarity. A signature has the first one under each of 256 orders,
//! so the share of equal places estimates the similarity, with a standard error of 0.03 or less.

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

/// The signature of a text's shingles of `length` words, or `None` where it has no word. A text with fewer words is one shingle.
pub(super) fn signature(text: &str, length: usize) -> Option<Box<Signature>> {
    let words = words(text);
    if words.is_empty() {
        return None;
    }
    let mut shingles: Vec<u32> = words.windows(length.min(words.len())).map(shingle).collect();
    // Each is put in order 256 times: repeated ones only once.
    shingles.sort_unstable();
    shingles.dedup();
    let mut signature = Box::new([u32::MAX; ORDERS]);
    for shingle in shingles {
        let places = ORDER.factor.iter().zip(&ORDER.offset);
        for (first, (factor, offset)) in signature.iter_mut().zip(places) {
            *first = (*first).min(shingle.wrapping_mul(*factor).wrapping_add(*offset));
        }
    }
    Some(signature)
}

/// The share of orders under which two texts have the same first shingle, 0..=1.
pub(super) fn similarity(a: &[u32], b: &[u32]) -> f64 {
    a.iter().zip(b).filter(|(a, b)| a == b).count() as f64 / ORDERS as f64
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
        match (signature(a, length), signature(b, length)) {
            (Some(a), Some(b)) => similarity(a.as_slice(), b.as_slice()),
            _ => 0.0,
        }
    }

    #[test]
    fn case_and_punctuation_do_not_count() {
        assert!((estimate("The harbor, he said.", "the HARBOR he said", 3) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_text_without_words_has_no_signature() {
        assert!(signature(" ... ", 5).is_none());
        assert!(signature("one", 5).is_some());
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
            prop_assert!((estimate(&text(&a), &text(&b), 1) - exact).abs() < 0.17);
        }
    }
}
