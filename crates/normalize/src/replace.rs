//! Replacements by the user's own rules.

use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Edits, OptionError, Role, RoleKind, Stage, StageError,
};
use regex::{Captures, Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Replaces what regular expressions match.
///
/// Each rule has a `pattern` and what stands in its place: `with`, where `$1` or `${name}` is what a group matched and `$$` is a
/// dollar sign; without `with` the match is deleted. The rules work one after the other, each on what the one before made.
/// Patterns have the syntax of the Rust crate `regex`: linear in time, without look-around; `(?m)` makes `^` and `$` match at lines.
///
/// ```yaml
/// - normalize.replace:
///     rules:
///       - { pattern: "(?m)^Page \\d+ of \\d+$" }
///       - { pattern: "\\bcolour", with: color, ignore_case: true }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Replace {
    /// What is replaced by what, in order.
    pub rules: Vec<Rule>,
}

/// A pattern and what stands in its place.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The regular expression.
    pub pattern: String,
    /// What stands in place of each match.
    #[serde(default)]
    pub with: String,
    /// Whether small and capital letters are the same.
    #[serde(default)]
    pub ignore_case: bool,
}

/// Largest compiled pattern, in bytes: enough for long alternations of words, too little to fill the memory.
const LARGEST_PATTERN: usize = 4 << 20;

impl Component for Replace {
    const NAME: &'static str = "normalize.replace";
    const KIND: RoleKind = RoleKind::Stage;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.rules.is_empty() {
            return Err(vec![OptionError::new("/rules", "expected at least one rule with a `pattern`, found none")]);
        }
        let mut rules = Vec::new();
        let mut errors = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            match rule.compiled(index) {
                Ok(rule) => rules.push(rule),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(Role::stage(Replacer { rules })) } else { Err(errors) }
    }
}

impl Rule {
    fn compiled(&self, index: usize) -> Result<Compiled, OptionError> {
        let pattern = RegexBuilder::new(&self.pattern)
            .case_insensitive(self.ignore_case)
            .size_limit(LARGEST_PATTERN)
            .build()
            .map_err(|error| OptionError::new(format!("/rules/{index}/pattern"), error.to_string()))?;
        let with = Template::parse(&self.with, &pattern)
            .map_err(|message| OptionError::new(format!("/rules/{index}/with"), message))?;
        Ok(Compiled { pattern, with })
    }
}

/// The stage: the rules, ready to work.
struct Replacer {
    rules: Vec<Compiled>,
}

struct Compiled {
    pattern: Regex,
    with: Template,
}

/// What stands in place of a match.
enum Template {
    /// The same text for each.
    Text(String),
    /// A text with the groups of the match, in the syntax of `regex`.
    Groups(String),
}

impl Stage for Replacer {
    fn apply(&self, doc: &mut Document, cx: &Context) -> Result<(), StageError> {
        for rule in &self.rules {
            cx.check_time()?;
            let edits = rule.edits(doc.text());
            doc.edit(&edits)?;
        }
        Ok(())
    }
}

impl Compiled {
    fn edits(&self, text: &str) -> Edits {
        let mut edits = Edits::new();
        let mut replace = |span: std::ops::Range<usize>, with: &str| {
            if &text[span.clone()] != with {
                edits.replace(ByteSpan::from(span), with);
            }
        };
        match &self.with {
            Template::Text(with) => {
                for found in self.pattern.find_iter(text) {
                    replace(found.range(), with);
                }
            }
            Template::Groups(with) => {
                let mut replacement = String::new();
                for captures in self.pattern.captures_iter(text) {
                    replacement.clear();
                    captures.expand(with, &mut replacement);
                    replace(whole(&captures), &replacement);
                }
            }
        }
        edits
    }
}

fn whole(captures: &Captures<'_>) -> std::ops::Range<usize> {
    captures.get(0).map_or(0..0, |found| found.range())
}

impl Template {
    /// Reads `with`, and refuses a group that the pattern does not have, which `regex` would take for an empty one.
    fn parse(with: &str, pattern: &Regex) -> Result<Self, String> {
        let mut rest = with;
        let mut plain = String::new();
        let mut has_groups = false;
        while let Some(at) = rest.find('$') {
            plain.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                plain.push('$');
                rest = after;
            } else if let Some((name, after)) = group(rest) {
                let known = match name.parse::<usize>() {
                    Ok(number) => number < pattern.captures_len(),
                    Err(_) => pattern.capture_names().flatten().any(|known| known == name),
                };
                if !known {
                    return Err(format!(
                        "the pattern has no group `{name}`; a dollar sign is written `$$`, and `${{1}}` parts a group from what follows"
                    ));
                }
                has_groups = true;
                rest = after;
            } else {
                plain.push('$');
            }
        }
        plain.push_str(rest);
        Ok(if has_groups { Self::Groups(with.to_owned()) } else { Self::Text(plain) })
    }
}

/// The name of the group after a dollar sign, and what comes after it.
fn group(text: &str) -> Option<(&str, &str)> {
    if let Some(braced) = text.strip_prefix('{') {
        return braced.split_once('}');
    }
    let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    (length > 0).then(|| text.split_at(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::normalized;

    fn rule(pattern: &str, with: &str) -> Rule {
        Rule { pattern: pattern.to_owned(), with: with.to_owned(), ignore_case: false }
    }

    fn check(rules: &[Rule], text: &str, expected: &str) {
        assert_eq!(normalized(Replace { rules: rules.to_vec() }, text), expected);
    }

    fn refused(rules: &[Rule]) -> Vec<(String, String)> {
        let errors = match (Replace { rules: rules.to_vec() }).build(&BuildContext::default()) {
            Ok(_) => Vec::new(),
            Err(errors) => errors,
        };
        errors.into_iter().map(|error| (error.pointer, error.message)).collect()
    }

    #[test]
    fn rules_work_one_after_the_other() {
        check(&[rule("b", "c"), rule("c+", "d")], "abbc", "add".replace("dd", "d").as_str());
    }

    #[test]
    fn groups_stand_in_the_replacement() {
        check(&[rule(r"(\w+)@(?<at>\w+)", "$1 at ${at}")], "me@home", "me at home");
        check(&[rule(r"(\d+) dollars", "$$$1")], "5 dollars", "$5");
        check(&[rule("x", "$$ $")], "x", "$ $");
    }

    #[test]
    fn matches_without_replacement_are_deleted() {
        check(&[rule(r"(?m)^Page \d+$\n?", "")], "a\nPage 3\nb", "a\nb");
    }

    #[test]
    fn empty_matches_are_insertions() {
        check(&[rule(r"\b", "|")], "é b", "|é| |b|");
    }

    #[test]
    fn case_is_ignored_where_asked() {
        check(&[Rule { ignore_case: true, ..rule("colour", "color") }], "Colour COLOUR", "color color");
    }

    #[test]
    fn all_mistakes_are_reported_with_their_place() {
        assert_eq!(refused(&[])[0].0, "/rules");
        let errors = refused(&[rule("(", ""), rule("a", "$1"), rule("a", ""), rule(r"\w{2000}{2000}", "")]);
        let pointers: Vec<&str> = errors.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/rules/0/pattern", "/rules/1/with", "/rules/3/pattern"]);
        assert!(errors[0].1.contains("unclosed group"), "{errors:?}");
        assert!(errors[2].1.contains("size"), "{errors:?}");
    }
}
