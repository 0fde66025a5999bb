//! The messages of serde and of components in the words of YAML.

use docmill_core::nearest;

/// What serde calls the types, and what people do.
const TYPES: [(&str, &str); 17] = [
    ("usize", "a whole number from 0"),
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number from 0"),
    ("u64", "a whole number from 0"),
    ("isize", "a whole number"),
    ("i32", "a whole number"),
    ("i64", "a whole number"),
    ("f32", "a number"),
    ("f64", "a number"),
    ("a boolean", "true or false"),
    ("a string", "a text"),
    ("path string", "a path"),
    ("a character", "a single character"),
    ("a sequence", "a list"),
    ("a map", "a mapping"),
    ("unit", "nothing"),
];

/// What was found, as serde begins to say it.
const FOUND: [(&str, &str); 8] = [
    ("string ", "the text "),
    ("integer ", ""),
    ("floating point ", ""),
    ("boolean ", ""),
    ("sequence", "a list"),
    ("map", "a mapping"),
    ("null", "nothing"),
    ("unit value", "nothing"),
];

/// A message and perhaps what was probably meant.
pub(crate) fn friendly(message: &str) -> (String, Option<String>) {
    if let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        let expected = TYPES.iter().find(|(name, _)| *name == expected).map_or(expected, |(_, plain)| plain);
        let expected = if expected.starts_with("struct ") { "a mapping" } else { expected };
        let found = FOUND.iter().find_map(|(name, plain)| Some(format!("{plain}{}", found.strip_prefix(name)?)));
        return (format!("expected {expected}, found {}", found.unwrap_or_else(|| "something else".to_owned())), None);
    }
    if let Some((found, expected)) = message.strip_prefix("unknown variant `").and_then(|rest| rest.split_once("`, ")) {
        let names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let help = nearest(found, &names).map(|near| format!("did you mean `{near}`?"));
        return (format!("{expected}, found `{found}`"), help);
    }
    if let Some((found, expected)) = message.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, ")) {
        let names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let help = nearest(found, &names).map(|near| format!("did you mean `{near}`?"));
        let there =
            if names.is_empty() { "there are none".to_owned() } else { format!("there are: {}", names.join(", ")) };
        return (there, help);
    }
    (message.to_owned(), None)
}

/// A JSON pointer as people write paths: `/rules/0/pattern` is `rules[0].pattern`.
pub(crate) fn dotted(pointer: &str) -> String {
    let mut out = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
            out.extend(["[", &part, "]"]);
        } else {
            out.push_str(if out.is_empty() { "" } else { "." });
            out.push_str(&part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_use_the_words_of_yaml() {
        let check = |message: &str, expected: &str, help: Option<&str>| {
            assert_eq!(friendly(message), (expected.to_owned(), help.map(ToOwned::to_owned)));
        };
        check(
            "invalid type: string \"many\", expected usize",
            "expected a whole number from 0, found the text \"many\"",
            None,
        );
        check("invalid type: sequence, expected a string", "expected a text, found a list", None);
        check("invalid value: integer `-1`, expected u64", "expected a whole number from 0, found `-1`", None);
        check("invalid type: null, expected a map", "expected a mapping, found nothing", None);
        check(
            "unknown variant `NFD`, expected one of `NFC`, `NFKC`",
            "expected one of `NFC`, `NFKC`, found `NFD`",
            Some("did you mean `NFC`?"),
        );
        check("the pattern is empty", "the pattern is empty", None);
    }

    #[test]
    fn pointers_are_paths() {
        assert_eq!(dotted("/rules/0/pattern"), "rules[0].pattern");
        assert_eq!(dotted("/a~1b"), "a/b");
        assert_eq!(dotted(""), "");
    }
}
