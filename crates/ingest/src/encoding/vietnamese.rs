//! Windows-1258, the Vietnamese form of Windows-1252, which statistics take for the latter.

use crate::bytes::count;

/// Whether Western text is Vietnamese: `ươ` is a frequent pair there and `đ` a frequent letter; the pair is no other language's.
pub(super) fn is_likely(sample: &[u8]) -> bool {
    let pairs = sample.windows(2).filter(|pair| matches!(pair, [0xFD, 0xF5])).count();
    let letters = count(sample, |byte| byte == 0xF0);
    pairs >= 2 && letters >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{WINDOWS_1252, WINDOWS_1258};

    #[test]
    fn vietnamese_is_told_from_western_languages() {
        let vietnamese =
            "Ngươ\u{300}i đi đươ\u{300}ng ra bê\u{301}n ca\u{309}ng, tươ\u{300}ng ươ\u{301}t vi\u{300} mưa.";
        assert!(is_likely(&WINDOWS_1258.encode(vietnamese).0));
        let icelandic =
            "Það er gott veður við höfnina í dag, og bátarnir bíða úti þar til þokan er horfin. Hún lýðir því.";
        assert!(!is_likely(&WINDOWS_1252.encode(icelandic).0));
    }
}
