//! Features: what is true of a word in its sentence, each as a key of 32 bits.

use crate::hash::{self, joined};
use crate::traits::Traits;

/// The features of a word in the making.
pub(crate) struct Features<'f> {
    keys: &'f mut Vec<u32>,
}

impl<'f> Features<'f> {
    /// Appends to `keys`.
    pub(crate) fn new(keys: &'f mut Vec<u32>) -> Self {
        Self { keys }
    }

    /// Adds what the values are together; `template` says which values they are.
    #[inline]
    pub(crate) fn add<const N: usize>(&mut self, template: u64, values: [u64; N]) {
        let joined = values.into_iter().fold(joined(template, N as u64), joined);
        self.keys.push(hash::key(joined));
    }

    /// Adds each bit of a set by itself, together with `value`.
    #[inline]
    pub(crate) fn add_each(&mut self, template: u64, mut set: u32, value: u64) {
        while set != 0 {
            self.add(template, [u64::from(set.trailing_zeros()), value]);
            set &= set - 1;
        }
    }
}

/// A word and its neighbours.
pub(crate) struct Window<'t> {
    pub(crate) word: &'t Traits,
    pub(crate) before: &'t Traits,
    pub(crate) after: &'t Traits,
    pub(crate) second_before: &'t Traits,
    pub(crate) second_after: &'t Traits,
}

impl<'t> Window<'t> {
    /// The window around the word `at` of a sentence; `none` stands for what lies past its borders.
    pub(crate) fn around(sentence: &'t [Traits], at: usize, none: &'t Traits) -> Self {
        let before = |back: usize| at.checked_sub(back).and_then(|place| sentence.get(place)).unwrap_or(none);
        let after = |ahead: usize| sentence.get(at + ahead).unwrap_or(none);
        Self { word: after(0), before: before(1), after: after(1), second_before: before(2), second_after: after(2) }
    }
}

/// The first branches of a cluster's path.
#[inline]
pub(crate) fn branches(cluster: u32, count: u32) -> u64 {
    u64::from(cluster & ((1 << count) - 1))
}
