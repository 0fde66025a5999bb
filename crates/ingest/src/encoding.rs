//! From bytes to text: finds the character encoding of a source and decodes it.
//!
//! What is certain comes first: a byte-order mark, valid UTF-8, NULs in every other byte (UTF-16), then what the source
//! declares, and last what the statistics of the bytes suggest. Bytes that are no text in any encoding are refused with
//! their place. A byte-order mark is no part of the text.

mod code_page;
mod dos_cyrillic;
mod dos_turkish;
mod ebcdic;
mod japanese;
mod johab;
mod kazakh;
mod lookalikes;
mod vietnamese;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use docmill_core::{Document, RawSource, ReadError};
use encoding_rs::{
    Encoding, ISO_2022_JP, REPLACEMENT, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252, WINDOWS_1258,
    X_USER_DEFINED,
};

use crate::bytes::count;

/// Bytes that are enough to tell an encoding by statistics.
const SAMPLE: usize = 256 << 10;
/// One control character in this many characters is taken for binary data.
const CONTROL_SHARE: usize = 200;

/// A decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    /// The text, borrowed where the bytes were UTF-8 already.
    pub text: Cow<'a, str>,
    /// Name of the encoding (WHATWG Encoding, or that of IANA for what is not in there; lower-case).
    pub encoding: &'static str,
    /// Whether some bytes meant nothing in the encoding and became U+FFFD.
    pub damaged: bool,
}

impl Decoded<'_> {
    /// What the user should know of how it was decoded.
    fn warning(&self) -> Option<String> {
        self.damaged.then(|| format!("some bytes are not {} and became U+FFFD", self.encoding))
    }

    /// The document that begins with this text, as ingested from `source`.
    pub(crate) fn document(self, source: &RawSource) -> Document {
        let warning = self.warning();
        let mut doc = Document::new(source.source(self.encoding), self.text);
        if let Some(warning) = warning {
            doc.warn(warning);
        }
        doc
    }
}

/// The text in `bytes`. `declared` is the encoding that the source itself names, such as in an HTML `<meta>`.
pub(crate) fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Result<Decoded<'a>, ReadError> {
    if let Some(kind) = binary_format(bytes) {
        return Err(malformed(format!("it begins like {kind}")));
    }
    let decoded = match byte_order_mark(bytes) {
        Some((Mark::Utf8, length)) => utf8(&bytes[length..]),
        Some((Mark::Utf16(encoding), length)) => utf16(&bytes[length..], encoding, length)?,
        Some((Mark::Utf32 { big_endian }, length)) => utf32(&bytes[length..], big_endian, length)?,
        None => unmarked(bytes, declared)?,
    };
    refuse_controls(&decoded)?;
    Ok(decoded)
}

/// The encoding of a file of which `head` is the beginning: what a reader of streams decodes it with.
pub(crate) fn sniff(head: &[u8], declared: Option<&str>) -> Result<&'static Encoding, ReadError> {
    let whole = match std::str::from_utf8(head) {
        // A character may be cut off where the head ends.
        Err(error) if error.error_len().is_none() => &head[..error.valid_up_to()],
        _ => &head[..head.len() - head.len() % 2],
    };
    let decoded = decode(whole, declared)?;
    Encoding::for_label(decoded.encoding.as_bytes())
        .ok_or_else(|| malformed(format!("{} is not read in streams", decoded.encoding)))
}

/// Whether `head` begins a text.
pub(crate) fn is_text(head: &[u8]) -> bool {
    sniff(head, None).is_ok()
}

/// Whether `label` names an encoding.
pub(crate) fn is_known(label: &str) -> bool {
    Encoding::for_label(label.trim().as_bytes()).is_some_and(|encoding| encoding != REPLACEMENT)
}

fn malformed(found: String) -> ReadError {
    ReadError::Malformed { expected: "text", found }
}

#[derive(Clone, Copy)]
enum Mark {
    Utf8,
    Utf16(&'static Encoding),
    Utf32 { big_endian: bool },
}

fn byte_order_mark(bytes: &[u8]) -> Option<(Mark, usize)> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some((Mark::Utf8, 3)),
        [0xFF, 0xFE, 0, 0, ..] if bytes.len().is_multiple_of(4) => Some((Mark::Utf32 { big_endian: false }, 4)),
        [0, 0, 0xFE, 0xFF, ..] => Some((Mark::Utf32 { big_endian: true }, 4)),
        [0xFF, 0xFE, ..] => Some((Mark::Utf16(UTF_16LE), 2)),
        [0xFE, 0xFF, ..] => Some((Mark::Utf16(UTF_16BE), 2)),
        _ => None,
    }
}

fn unmarked<'a>(bytes: &'a [u8], declared: Option<&str>) -> Result<Decoded<'a>, ReadError> {
    if let Some(place) = memchr::memchr(0, bytes) {
        if let Some(big_endian) = unmarked_utf32(bytes) {
            return utf32(bytes, big_endian, 0);
        }
        return match unmarked_utf16(bytes) {
            Some(encoding) => utf16(bytes, encoding, 0),
            None => Err(malformed(format!("there is a NUL at byte {place}"))),
        };
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes())).filter(|&encoding| {
        // Bytes without NULs are not UTF-16, whatever they say.
        encoding != REPLACEMENT && encoding != UTF_16LE && encoding != UTF_16BE
    });
    let declared = declared.map(|encoding| if encoding == X_USER_DEFINED { WINDOWS_1252 } else { encoding });
    let valid = std::str::from_utf8(bytes);
    if let Ok(text) = valid {
        if has_japanese_escapes(bytes)
            && let Some(decoded) = exactly(bytes, ISO_2022_JP)
        {
            return Ok(decoded);
        }
        let ascii = declared.is_some() && text.is_ascii();
        let encoding = declared.filter(|encoding| ascii && encoding.is_ascii_compatible()).unwrap_or(UTF_8);
        return Ok(Decoded { text: Cow::Borrowed(text), encoding: name(encoding), damaged: false });
    }
    if let Some(decoded) = declared.and_then(|encoding| exactly(bytes, encoding)) {
        return Ok(decoded);
    }
    if mostly_utf8(bytes) {
        return Ok(utf8(bytes));
    }
    Ok(guessed(bytes))
}

/// What the statistics of the bytes suggest, with the encodings that those of the web do not know.
fn guessed(bytes: &[u8]) -> Decoded<'_> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if ebcdic::is_likely(sample) {
        return ebcdic::decoded(bytes);
    }
    if johab::is_likely(sample) {
        return johab::decoded(bytes);
    }
    let guessed = guess(bytes);
    // What statistics cannot place they take for Western.
    if guessed == WINDOWS_1252 {
        if dos_cyrillic::is_likely(sample) {
            return dos_cyrillic::decoded(bytes);
        }
        if dos_turkish::is_likely(sample) {
            return dos_turkish::decoded(bytes);
        }
        if vietnamese::is_likely(sample) {
            return decoded_as(bytes, WINDOWS_1258);
        }
    }
    if guessed == WINDOWS_1251 && kazakh::is_likely(sample) {
        return kazakh::decoded(bytes);
    }
    let decoded = decoded_as(bytes, guessed);
    if guessed == SHIFT_JIS { japanese::by_standard(bytes, decoded) } else { decoded }
}

/// The encoding that the statistics of the bytes suggest.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    // A little before the first character beyond ASCII says what letters it stands between.
    let start = first.saturating_sub(64);
    let sample = &bytes[start..bytes.len().min(start + SAMPLE)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, start + sample.len() == bytes.len());
    let guessed = detector.guess(None, Utf8Detection::Deny);
    lookalikes::told_apart(if guessed == UTF_8 { WINDOWS_1252 } else { guessed }, sample)
}

/// Whether the bytes are UTF-8 but for a few: a character cut off at the end, or something pasted in.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut characters, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        characters += valid.bytes().filter(|byte| *byte >= 0xC0).count();
        let cut_off = !chunk.invalid().is_empty() && chunk.invalid().len() + valid.len() == bytes.len();
        broken += usize::from(!chunk.invalid().is_empty() && !cut_off);
    }
    characters > 0 && characters >= broken.saturating_mul(4)
}

fn has_japanese_escapes(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0x1B, bytes)
        .any(|place| matches!(bytes.get(place + 1..place + 3), Some(b"$B" | b"$@" | b"(J" | b"(I")))
}

fn utf8(bytes: &[u8]) -> Decoded<'_> {
    let text = String::from_utf8_lossy(bytes);
    let damaged = matches!(text, Cow::Owned(_));
    Decoded { text, encoding: name(UTF_8), damaged }
}

fn decoded_as<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: name(encoding), damaged }
}

fn exactly<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Option<Decoded<'a>> {
    Some(decoded_as(bytes, encoding)).filter(|decoded| !decoded.damaged)
}

fn utf16<'a>(bytes: &'a [u8], encoding: &'static Encoding, before: usize) -> Result<Decoded<'a>, ReadError> {
    if bytes.len() % 2 == 1 {
        let (length, last) = (before + bytes.len(), before + bytes.len() - 1);
        return Err(malformed(format!(
            "{} takes an even number of bytes, and there are {length}: the character at byte {last} is cut off",
            name(encoding)
        )));
    }
    Ok(decoded_as(bytes, encoding))
}

/// Whether bytes without a byte-order mark are UTF-32, and whether its first byte is the highest: no other text has two such
/// bytes in each four.
fn unmarked_utf32(bytes: &[u8]) -> Option<bool> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let is = |code: fn([u8; 4]) -> u32| {
        let sound = |code: u32| code != 0 && char::from_u32(code).is_some();
        sample.chunks_exact(4).all(|unit| sound(code([unit[0], unit[1], unit[2], unit[3]])))
    };
    if !bytes.len().is_multiple_of(4) {
        return None;
    }
    match (is(u32::from_be_bytes), is(u32::from_le_bytes)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        (true, true) | (false, false) => None,
    }
}

/// The kind of UTF-16 that bytes without a byte-order mark are: one byte of each pair is almost always 0, or, in a text of
/// ideographs, in the range of these.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let pairs = sample.len() / 2;
    let count = |is: fn(u8) -> bool| {
        sample.chunks_exact(2).fold((0_usize, 0_usize), |(even, odd), pair| {
            (even + usize::from(is(pair[0])), odd + usize::from(is(pair[1])))
        })
    };
    let (even, odd) = count(|byte| byte == 0);
    // Even a text in a script beyond Latin has spaces, line ends and digits, whose high byte is 0.
    let enough = pairs / 20 + 2;
    let encoding = if odd >= enough && even * 16 <= odd {
        UTF_16LE
    } else if even >= enough && odd * 16 <= even {
        UTF_16BE
    } else {
        // CJK punctuation, ideographs, full-width forms. Without a NUL, they could be Shift_JIS as well.
        let (even, odd) = count(|byte| matches!(byte, 0 | 0x30 | 0x4E..=0x9F | 0xFF));
        match (even * 10 / pairs.max(1), odd * 10 / pairs.max(1)) {
            (..7, 9..) if pairs >= 16 => UTF_16LE,
            (9.., ..7) if pairs >= 16 => UTF_16BE,
            _ => return None,
        }
    };
    let (text, damaged) = encoding.decode_without_bom_handling(&sample[..sample.len() - sample.len() % 2]);
    // The sample may end between two surrogates.
    let sound = !damaged || text.strip_suffix('\u{FFFD}').is_some_and(|rest| !rest.contains('\u{FFFD}'));
    (sound && controls(&text).0 * CONTROL_SHARE <= text.len()).then_some(encoding)
}

fn utf32(bytes: &[u8], big_endian: bool, before: usize) -> Result<Decoded<'static>, ReadError> {
    let encoding = if big_endian { "utf-32be" } else { "utf-32le" };
    if !bytes.len().is_multiple_of(4) {
        let length = before + bytes.len();
        return Err(malformed(format!("{encoding} takes four bytes a character, and there are {length} bytes")));
    }
    let mut text = String::with_capacity(bytes.len() / 3);
    let mut damaged = false;
    for unit in bytes.chunks_exact(4) {
        let unit = [unit[0], unit[1], unit[2], unit[3]];
        let code = if big_endian { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) };
        let character = char::from_u32(code);
        damaged |= character.is_none();
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    Ok(Decoded { text: Cow::Owned(text), encoding, damaged })
}

/// How many control characters there are that no text has, and the place of the first.
fn controls(text: &str) -> (usize, Option<usize>) {
    // Tab to carriage return, backspace (overstriking) and escape (terminal colours) do stand in texts.
    let is_control = |byte: u8| byte < 0x20 && !matches!(byte, 0x08..=0x0D | 0x1B);
    let count = count(text.as_bytes(), is_control);
    let first = if count == 0 { None } else { text.bytes().position(is_control) };
    (count, first)
}

fn refuse_controls(decoded: &Decoded<'_>) -> Result<(), ReadError> {
    let text = decoded.text.as_ref();
    let (count, Some(first)) = controls(text) else { return Ok(()) };
    let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..first]).count() + 1;
    if memchr::memchr(0, text.as_bytes()).is_some() || count.saturating_mul(CONTROL_SHARE) > text.len().max(400) {
        return Err(malformed(format!("{count} control characters in {} bytes, the first on line {line}", text.len())));
    }
    Ok(())
}

fn name(encoding: &'static Encoding) -> &'static str {
    /// The names of the WHATWG Encoding standard, section 4.2, in lower case.
    const NAMES: [&str; 40] = [
        "utf-8",
        "ibm866",
        "iso-8859-2",
        "iso-8859-3",
        "iso-8859-4",
        "iso-8859-5",
        "iso-8859-6",
        "iso-8859-7",
        "iso-8859-8",
        "iso-8859-8-i",
        "iso-8859-10",
        "iso-8859-13",
        "iso-8859-14",
        "iso-8859-15",
        "iso-8859-16",
        "koi8-r",
        "koi8-u",
        "macintosh",
        "windows-874",
        "windows-1250",
        "windows-1251",
        "windows-1252",
        "windows-1253",
        "windows-1254",
        "windows-1255",
        "windows-1256",
        "windows-1257",
        "windows-1258",
        "x-mac-cyrillic",
        "gbk",
        "gb18030",
        "big5",
        "euc-jp",
        "iso-2022-jp",
        "shift_jis",
        "euc-kr",
        "replacement",
        "utf-16be",
        "utf-16le",
        "x-user-defined",
    ];
    NAMES.into_iter().find(|name| encoding.name().eq_ignore_ascii_case(name)).unwrap_or(encoding.name())
}

/// What the bytes are where they begin like a well-known format that is no text.
fn binary_format(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG image"),
        (b"\xFF\xD8\xFF", "a JPEG image"),
        (b"GIF87a", "a GIF image"),
        (b"GIF89a", "a GIF image"),
        (b"II*\0", "a TIFF image"),
        (b"MM\0*", "a TIFF image"),
        (b"%PDF-", "a PDF"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"PK\x05\x06", "an empty ZIP archive"),
        (b"\x1F\x8B", "gzip data"),
        (b"BZh", "bzip2 data"),
        (b"\xFD7zXZ\0", "xz data"),
        (b"\x28\xB5\x2F\xFD", "zstd data"),
        (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
        (b"Rar!\x1A\x07", "a RAR archive"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old office document"),
        (b"\x7FELF", "a program"),
        (b"\xCA\xFE\xBA\xBE", "a program"),
        (b"OggS", "an Ogg recording"),
        (b"ID3\x03", "an MP3 recording"),
        (b"ID3\x04", "an MP3 recording"),
        (b"fLaC", "a FLAC recording"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"PAR1", "a Parquet file"),
    ];
    let found = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind);
    // `BZh` may begin a word; the format goes on with a digit.
    found.filter(|kind| *kind != "bzip2 data" || bytes.get(3).is_some_and(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: &[u8], declared: Option<&str>, text: &str, encoding: &str) {
        let decoded = decode(bytes, declared).expect("it is text");
        assert_eq!((decoded.text.as_ref(), decoded.encoding), (text, encoding));
    }

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn a_byte_order_mark_decides_and_is_no_part_of_the_text() {
        check(b"\xEF\xBB\xBFfish", Some("windows-1252"), "fish", "utf-8");
        check(&[&b"\xFF\xFE"[..], &utf16le("fish é")].concat(), None, "fish é", "utf-16le");
        check(b"\xFE\xFF\0f\0i", None, "fi", "utf-16be");
        check(b"\xFF\xFE\0\0f\0\0\0", None, "f", "utf-32le");
    }

    #[test]
    fn utf8_is_borrowed_whatever_is_declared() {
        let decoded = decode("Bøhle".as_bytes(), Some("iso-8859-1")).expect("it is text");
        assert!(matches!(decoded.text, Cow::Borrowed("Bøhle")));
        assert_eq!(decoded.encoding, "utf-8");
        check(b"plain", Some("latin1"), "plain", "windows-1252");
        check(b"plain", None, "plain", "utf-8");
    }

    #[test]
    fn what_is_declared_counts_where_it_fits() {
        check(b"caf\xE9", Some("windows-1252"), "café", "windows-1252");
        check(b"\xEF\xF0\xE8\xE2\xE5\xF2", Some("windows-1251"), "привет", "windows-1251");
    }

    #[test]
    fn utf16_without_a_mark_is_told_by_its_nuls() {
        check(&utf16le("A line\nand one more"), None, "A line\nand one more", "utf-16le");
        let ideographs = "港町朝市年開三月十九日白浜町古埠頭。\n港町朝市年開。";
        check(&utf16le(ideographs), None, ideographs, "utf-16le");
    }

    #[test]
    fn utf32_without_a_mark_is_told_by_its_nuls() {
        let text = "A line\nand 港";
        let bytes: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        check(&bytes, None, text, "utf-32be");
        let bytes: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        check(&bytes, None, text, "utf-32le");
    }

    #[test]
    fn an_encoding_is_guessed_from_the_bytes() {
        let (bytes, _, _) =
            encoding_rs::SHIFT_JIS.encode("港町の朝市、十年ぶりに再開。三月十九日、白浜町の古い埠頭で。");
        check(&bytes, None, "港町の朝市、十年ぶりに再開。三月十九日、白浜町の古い埠頭で。", "shift_jis");
        check(b"Gem\xFCse f\xFCr B\xE4cker", None, "Gemüse für Bäcker", "windows-1252");
    }

    #[test]
    fn a_broken_character_in_utf8_is_replaced_and_said() {
        let decoded = decode("a é ö ü ß \u{20AC}".as_bytes().split_last().expect("bytes").1, None).expect("it is text");
        assert_eq!(decoded.text, "a é ö ü ß \u{FFFD}");
        assert_eq!(decoded.warning().as_deref(), Some("some bytes are not utf-8 and became U+FFFD"));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let refused = |bytes: &[u8]| decode(bytes, None).expect_err("it is no text").to_string();
        assert_eq!(refused(b"\x89PNG\r\n\x1A\n"), "not text: it begins like a PNG image");
        assert_eq!(refused(b"some\0thing binary"), "not text: there is a NUL at byte 4");
        assert_eq!(
            refused(b"\xFF\xFEf\0i"),
            "not text: utf-16le takes an even number of bytes, and there are 5: the character at byte 4 is cut off"
        );
        assert_eq!(refused(b"a\n\x01\x02\x03\x04"), "not text: 4 control characters in 6 bytes, the first on line 2");
    }

    proptest! {
        #[test]
        fn any_bytes_are_text_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes, None);
            let _ = sniff(&bytes, Some("utf-16"));
        }

        #[test]
        fn utf8_text_comes_back_as_it_was(text in "[^\\x00-\\x08\\x0E-\\x1F\\u{FEFF}]{0,80}") {
            if binary_format(text.as_bytes()).is_none() {
                prop_assert_eq!(decode(text.as_bytes(), None).expect("it is text").text, text.as_str());
            }
        }

        #[test]
        fn utf16_text_comes_back_as_it_was(text in "[^\\x00-\\x08\\x0E-\\x1F\\u{FEFF}]{0,80}") {
            let bytes = [&b"\xFF\xFE"[..], &utf16le(&text)].concat();
            prop_assert_eq!(decode(&bytes, None).expect("it is text").text, text.as_str());
        }
    }
}
