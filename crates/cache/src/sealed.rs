//! Sealed values: compressed, with a checksum.

use xxhash_rust::xxh3::Xxh3;

use crate::{CacheError, Key};

/// A value as it is stored: its LZ4 block, and the XXH3 checksum (128 bits) of the entry's key and that block.
///
/// It is made where there is time for it, on the worker that made the value.
#[derive(Debug, Clone)]
pub struct Sealed(Vec<u8>);

const CHECKSUM: usize = 16;

impl Sealed {
    /// Seals a value of the entry with this key.
    pub fn of(key: &Key, value: &[u8]) -> Self {
        let mut block = lz4_flex::compress_prepend_size(value);
        let checksum = checksum(key, &block);
        block.extend_from_slice(&checksum);
        Self(block)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The value in `stored`, if it is whole.
    pub(crate) fn open(key: &Key, stored: &[u8]) -> Result<Vec<u8>, CacheError> {
        let (block, sum) = stored.split_last_chunk::<CHECKSUM>().ok_or(CacheError::damaged("an entry is cut short"))?;
        if *sum != checksum(key, block) {
            return Err(CacheError::damaged("the checksum of an entry is not that of its bytes"));
        }
        lz4_flex::decompress_size_prepended(block).map_err(|error| CacheError::damaged(&error.to_string()))
    }
}

fn checksum(key: &Key, block: &[u8]) -> [u8; CHECKSUM] {
    let mut hasher = Xxh3::new();
    hasher.update(key.bytes());
    hasher.update(block);
    hasher.digest128().to_le_bytes()
}
