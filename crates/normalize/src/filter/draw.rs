//! A document's draw: a number that looks drawn at random, and is the same in every run.

use docmill_core::Document;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The draw of a document: a hash of its URI and the seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn of(doc: &Document, seed: u64) -> Self {
        Self(xxh3_64_with_seed(doc.source().uri.as_bytes(), seed))
    }

    /// Where it lies among all draws, 0..1.
    pub(super) fn share(self) -> f64 {
        // 53 bits are what a number has room for.
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Its bytes, in the order of draws.
    pub(super) const fn to_bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}
