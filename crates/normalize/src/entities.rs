//! Character references of HTML that were left in text: `&amp;` for `&`.
//!
//! Named references need their semicolon, so that `AT&T` and `a&lt` in a formula stay; numbers follow the rules of HTML, by
//! which 128 to 159 mean Windows-1252. A reference that was escaped once more (`&amp;quot;`) is resolved all the way.

mod names;

use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Edits, OptionError, Role, RoleKind, Stage, StageError,
};
use memchr::memchr_iter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scope::outside_code;

/// Resolves HTML character references that were left in the text, such as `&amp;`, `&nbsp;`, `&#8217;` or `&quot;`.
///
/// They stay where markup was escaped twice on its way into a database or feed. Known names and numbers (decimal or
/// hexadecimal) with their semicolon are replaced by their character; anything else that begins with `&` stays.
/// Code blocks are left alone.
///
/// ```yaml
/// - normalize.entities
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Entities {}

/// The longest reference that is looked for, in bytes after the `&`: longer names than these are not known.
const LONGEST: usize = 12;
/// References made of references take a round a layer. Nobody's text has more layers than this.
const ROUNDS: usize = 8;

impl Component for Entities {
    const NAME: &'static str = "normalize.entities";
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Entities {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        for _ in 0..ROUNDS {
            let edits = references(doc);
            if edits.is_empty() {
                break;
            }
            doc.edit(&edits)?;
        }
        Ok(())
    }
}

fn references(doc: &Document) -> Edits {
    let mut edits = Edits::new();
    let text = doc.text();
    if !memchr_iter(b'&', text.as_bytes()).any(|at| reference(&text[at + 1..]).is_some()) {
        return edits;
    }
    let mut buffer = [0; 4];
    for span in outside_code(doc) {
        let Some(part) = span.of(text) else { continue };
        let mut done = 0;
        for at in memchr_iter(b'&', part.as_bytes()) {
            if at < done {
                continue;
            }
            if let Some((c, length)) = resolved(&part[at + 1..]) {
                done = at + 1 + length;
                edits.replace(ByteSpan::new(at, done).shifted(span.start), c.encode_utf8(&mut buffer));
            }
        }
    }
    edits
}

/// The character that the reference after a `&` stands for, and the reference's length in bytes. A `&` that it resolves to
/// may begin another one.
fn resolved(text: &str) -> Option<(char, usize)> {
    let (mut c, mut length) = reference(text)?;
    while c == '&' {
        let Some((next, more)) = reference(&text[length..]) else { break };
        (c, length) = (next, length + more);
    }
    Some((c, length))
}

fn reference(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes();
    let end = bytes.iter().take(LONGEST).position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#')?;
    if bytes[end] != b';' {
        return None;
    }
    let body = &text[..end];
    let c = match body.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => names::NAMES.binary_search_by_key(&body, |&(name, _)| name).map(|index| names::NAMES[index].1).ok()?,
    };
    Some((c, end + 1))
}

fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` would take a sign; the reference holds letters, digits and `#` only.
    let code = u32::from_str_radix(digits, radix).ok()?;
    if let Ok(byte @ 0x80..=0x9F) = u8::try_from(code) {
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
        return text.chars().next();
    }
    char::from_u32(code).filter(|&c| c != '\0')
}

#[cfg(test)]
mod tests {
    use docmill_core::BlockKind;

    use super::*;
    use crate::testing::{normalized, normalized_as};

    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(normalized(Entities::default(), text), *expected, "from {text:?}");
        }
    }

    #[test]
    fn names_are_sorted_and_short_enough_to_be_found() {
        assert!(names::NAMES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(names::NAMES.iter().all(|(name, _)| name.len() < LONGEST));
    }

    #[test]
    fn names_and_numbers_become_their_characters() {
        check(&[
            ("Fish &amp; chips", "Fish & chips"),
            ("5&nbsp;km &eacute;t&eacute; &Eacute;", "5\u{a0}km été É"),
            ("it&#8217;s &#x201C;so&#X201d;", "it’s “so”"),
            ("a &lt;b&gt; &quot;c&quot; &apos;d&apos;", "a <b> \"c\" 'd'"),
            ("&hellip;&ndash;&mdash;&euro;&copy;", "…–—€©"),
        ]);
    }

    #[test]
    fn numbers_of_windows_1252_mean_its_characters() {
        check(&[("it&#146;s &#150; &#133;", "it’s – …")]);
    }

    #[test]
    fn what_was_escaped_twice_is_resolved_all_the_way() {
        check(&[("&amp;quot;so&amp;amp;quot;", "\"so\""), ("&amp;amp;", "&"), ("&am&#112;;", "&")]);
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in ["AT&T", "a && b", "&unknown;", "&amp", "?a=1&copy=2", "&#0;&#xD800;&#99999999;&#;&;", "&"] {
            check(&[(text, text)]);
        }
    }

    #[test]
    fn code_stays() {
        assert_eq!(normalized_as(BlockKind::Code, Entities::default(), "a &lt; b"), "a &lt; b");
    }
}
