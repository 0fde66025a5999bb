//! Counts bytes.

/// How many bytes are of a kind. So few are summed up in one byte at a time that the compiler takes many at once.
pub(crate) fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let of_kind = |chunk: &[u8]| chunk.iter().fold(0_u8, |sum, &byte| sum.wrapping_add(u8::from(is(byte))));
    bytes.chunks(usize::from(u8::MAX)).map(|chunk| usize::from(of_kind(chunk))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_of_a_kind_are_counted() {
        for length in [0, 1, 254, 255, 256, 1000] {
            assert_eq!(count(&vec![b'a'; length], |byte| byte == b'a'), length);
            assert_eq!(count(&vec![b'a'; length], |byte| byte == b'b'), 0);
        }
    }
}
