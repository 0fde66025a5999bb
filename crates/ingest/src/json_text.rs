//! Finds the strings of a field in a JSON value, and what each of their escapes stands for.
//!
//! The value was validated before, so the scanner needs only to keep its place: it passes over values without reading them,
//! in a loop and not by recursion, so that depth costs nothing.

use docmill_core::{ByteSpan, Edits};

/// A string in a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Literal {
    /// Its content, without the quotes.
    pub inner: ByteSpan,
}

/// The string at `path` in valid JSON, or the strings of the array there: keys of objects, and indices of arrays. Of two equal
/// keys the last counts, as in other readers of JSON.
pub(crate) fn strings_at(json: &str, path: &[String]) -> Vec<Literal> {
    let mut scanner = Scanner { bytes: json.as_bytes(), at: 0 };
    for key in path {
        if scanner.enter(json, key).is_none() {
            return Vec::new();
        }
    }
    scanner.space();
    match scanner.bytes.get(scanner.at) {
        Some(b'"') => vec![scanner.literal()],
        Some(b'[') => scanner.strings(),
        _ => Vec::new(),
    }
}

struct Scanner<'j> {
    bytes: &'j [u8],
    at: usize,
}

impl Scanner<'_> {
    fn space(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// Goes to the value of `key` in the object, or at that index of the array, that begins here.
    fn enter(&mut self, json: &str, key: &str) -> Option<()> {
        self.space();
        let object = match self.bytes.get(self.at)? {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        self.at += 1;
        let mut found = None;
        for index in 0_usize.. {
            self.space();
            if matches!(self.bytes.get(self.at), None | Some(b'}' | b']')) {
                break;
            }
            let here = if object {
                let start = self.at;
                self.string();
                let name: String = serde_json::from_str(json.get(start..self.at)?).ok()?;
                self.space();
                // The colon.
                self.at += 1;
                name == key
            } else {
                key.parse() == Ok(index)
            };
            self.space();
            if here {
                found = Some(self.at);
            }
            self.value();
            self.space();
            if self.bytes.get(self.at) == Some(&b',') {
                self.at += 1;
            }
        }
        self.at = found?;
        Some(())
    }

    /// The string that begins here.
    fn literal(&mut self) -> Literal {
        let start = self.at;
        self.string();
        Literal { inner: ByteSpan::new(start + 1, self.at - 1) }
    }

    /// The strings among the values of the array that begins here.
    fn strings(&mut self) -> Vec<Literal> {
        let mut strings = Vec::new();
        self.at += 1;
        loop {
            self.space();
            match self.bytes.get(self.at) {
                None | Some(b']') => return strings,
                Some(b',') => self.at += 1,
                Some(b'"') => strings.push(self.literal()),
                Some(_) => self.value(),
            }
        }
    }

    /// Passes over a string.
    fn string(&mut self) {
        self.at += 1;
        while let Some(ahead) = self.bytes.get(self.at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
            self.at += ahead + 1;
            if self.bytes[self.at - 1] == b'"' {
                return;
            }
            // What is escaped ends no string.
            self.at += 1;
        }
        self.at = self.bytes.len();
    }

    /// Passes over a value of any kind.
    fn value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.string();
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' | b',' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return;
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

/// The edits that leave nothing but the content of strings, unescaped, in the order in which they stand, parted by empty lines.
pub(crate) fn reveal(json: &str, mut literals: Vec<Literal>) -> Edits {
    literals.sort_unstable_by_key(|literal| literal.inner.start);
    literals.dedup();
    let mut edits = Edits::new();
    let mut done = 0;
    for (index, literal) in literals.iter().enumerate() {
        let ByteSpan { start, end } = literal.inner;
        edits.replace(done..start, if index > 0 { "\n\n" } else { "" });
        unescape(json, literal.inner, &mut edits);
        done = end;
    }
    if done < json.len() {
        edits.delete(done..json.len());
    }
    edits
}

/// Puts what they stand for in the place of the escapes of a string.
fn unescape(json: &str, string: ByteSpan, edits: &mut Edits) {
    let ByteSpan { start, end } = string;
    let bytes = json.as_bytes();
    let mut at = start;
    while let Some(ahead) = bytes.get(at..end).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += ahead;
        let (meaning, length) = escape(&bytes[at..end]);
        edits.replace(at..at + length, meaning.encode_utf8(&mut [0; 4]));
        at += length;
    }
}

/// What the escape that `bytes` begins with stands for, and its length.
fn escape(bytes: &[u8]) -> (char, usize) {
    let meaning = match bytes.get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode_escape(bytes),
        Some(other) if other.is_ascii() => char::from(*other),
        _ => return ('\\', 1),
    };
    (meaning, 2)
}

/// `\u00e9`, or two of them that are a surrogate pair.
fn unicode_escape(bytes: &[u8]) -> (char, usize) {
    let unit = |at: usize| {
        let escape = bytes.get(at..at + 6).filter(|escape| escape.starts_with(b"\\u"))?;
        u16::from_str_radix(std::str::from_utf8(&escape[2..]).ok()?, 16).ok()
    };
    let Some(first) = unit(0) else { return ('u', bytes.len().min(2)) };
    if let Some(second) = unit(6)
        && let Some(Ok(pair)) = char::decode_utf16([first, second]).next()
        && u32::from(pair) > 0xFFFF
    {
        return (pair, 12);
    }
    (char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn revealed(json: &str, path: &[&str]) -> Option<String> {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let found = strings_at(json, &path);
        (!found.is_empty()).then(|| reveal(json, found).apply(json).expect("the edits fit").0)
    }

    #[test]
    fn a_field_is_found_behind_values_of_all_kinds() {
        let json =
            r#" {"a": [1, {"text": "no, \"}"}], "b\u0031": null, "text" : "yes \ud83d\ude00 \u00e9\n\"", "z": {}} "#;
        assert_eq!(revealed(json, &["text"]).as_deref(), Some("yes 😀 é\n\""));
        assert_eq!(revealed(json, &["a", "1", "text"]).as_deref(), Some("no, \"}"));
        assert_eq!(revealed(json, &["b1"]), None);
        assert_eq!(revealed(json, &["nope"]), None);
    }

    #[test]
    fn the_strings_of_an_array_are_paragraphs() {
        let json = r#"{"a": ["One.", 2, ["no"], "Two\u002e", {"b": "no"}]}"#;
        assert_eq!(revealed(json, &["a"]).as_deref(), Some("One.\n\nTwo."));
        assert_eq!(revealed(r#"{"a": []}"#, &["a"]), None);
    }

    #[test]
    fn of_two_equal_keys_the_last_counts() {
        assert_eq!(revealed(r#"{"t": "1", "t": "2"}"#, &["t"]).as_deref(), Some("2"));
    }

    proptest! {
        #[test]
        fn the_text_is_what_a_json_parser_gives(text in "(?s).{0,40}", ascii: bool) {
            let mut value = serde_json::to_string(&text).expect("JSON");
            if ascii {
                value = value.encode_utf16().map(|unit| match u8::try_from(unit) {
                    Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
                    _ => format!("\\u{unit:04x}"),
                }).collect();
            }
            let json = format!("{{\"a\": [{value}], \"text\": {value}, \"b\": 1}}");
            let (first, second) = (revealed(&json, &["text"]), revealed(&json, &["a", "0"]));
            prop_assert_eq!(first.as_deref(), Some(text.as_str()));
            prop_assert_eq!(second.as_deref(), Some(text.as_str()));
        }
    }
}
