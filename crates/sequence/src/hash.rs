//! Hashes of words and features: the same on every machine and in every version, since models hold them.

/// The hash of bytes, after FNV-1a (Fowler, Noll and Vo), eight at a time.
pub(crate) fn bytes(bytes: &[u8]) -> u64 {
    let mut hash = SEED ^ bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(PRIME);
        hash ^= hash >> 29;
    }
    for byte in rest {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
    }
    scattered(hash)
}

/// The hash of a text, by FNV-1a.
pub(crate) fn text(text: &str) -> u64 {
    let mut hash = SEED;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    }
    scattered(hash)
}

/// The hash of a text in lower case, with `'` for `’`.
pub(crate) fn folded(text: &str) -> u64 {
    let mut hash = SEED;
    if text.is_ascii() {
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(PRIME);
        }
        return scattered(hash);
    }
    let mut buffer = [0; 4];
    for character in text.chars().flat_map(char::to_lowercase) {
        let character = if character == '’' { '\'' } else { character };
        for byte in character.encode_utf8(&mut buffer).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    }
    scattered(hash)
}

/// A hash made of two, whose order counts.
#[inline]
pub(crate) const fn joined(first: u64, second: u64) -> u64 {
    scattered(first.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23) ^ second)
}

/// The half of a hash by which tables and models know it.
#[inline]
pub(crate) const fn key(hash: u64) -> u32 {
    (hash >> 32) as u32
}

const SEED: u64 = 0xCBF2_9CE4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01B3;

const fn scattered(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    hash ^ (hash >> 32)
}
