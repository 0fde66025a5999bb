//! Program code and mark-up among the groups of a text.

use docmill_core::BlockKind;

use super::lines::Line;
use super::{Finder, hull};

/// What is written between or after words in code, but not in prose.
const OPERATORS: &[&str] = &["==", "!=", "=>", "->", "::", "&&", "||", "+=", "()", ");", " = ", "</", "\":"];

/// A longer line is prose.
const LONGEST: usize = 200;

/// Words that statements begin with. They may begin a sentence too, so that a sign of code must follow.
const KEYWORDS: &[&str] = &[
    "class ",
    "const ",
    "def ",
    "fn ",
    "for ",
    "from ",
    "func ",
    "function ",
    "if ",
    "import ",
    "let ",
    "public ",
    "return ",
    "static ",
    "var ",
    "void ",
    "while ",
    "int ",
    "double ",
    "float ",
];

impl Finder<'_> {
    /// The whole group, where most of its lines are those of a program.
    pub(super) fn code(&mut self, lines: &[Line<'_>]) -> Option<usize> {
        if !(is_code(lines[0].text) || is_code(lines.get(1)?.text)) {
            return None;
        }
        let code = lines.iter().filter(|line| is_code(line.text)).count();
        let is_program = lines.len() > 1 && code * 5 >= lines.len() * 3
            || lines.len() == 1 && lines[0].text.ends_with(['{', '}', ';']);
        is_program.then(|| {
            self.code = true;
            self.push(BlockKind::Code, hull(lines));
            lines.len()
        })
    }
}

/// Whether a line is one of a program, as most such lines show it.
pub(super) fn is_code(line: &str) -> bool {
    let bytes = line.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    if bytes.len() > LONGEST {
        return false;
    }
    let opens =
        line.starts_with("//") || line.starts_with("/*") || line.starts_with("#include") || line.starts_with("#!");
    let tag = *first == b'<' && *last == b'>' && !line.contains('@');
    let signs = bytes
        .iter()
        .filter(|byte| matches!(byte, b'(' | b')' | b'=' | b'{' | b'}' | b'[' | b']' | b'_' | b'<'))
        .count();
    let statement = KEYWORDS.iter().any(|keyword| line.starts_with(keyword))
        && (signs > 1 || matches!(last, b':' | b';') && signs > 0);
    opens
        || tag
        || matches!(last, b'{' | b'}')
        || (*last == b';' && (signs > 0 || bytes.len() < 24 && !line.contains(' ')))
        || statement
        || signs > 0 && OPERATORS.iter().any(|operator| line.contains(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_programs_are_told_from_prose() {
        for line in [
            "#include <stdio.h>",
            "int main(int argc, char **argv)",
            "}",
            "sum += atof(argv[i]);",
            "def length(rope):",
            "\"name\": {\"a\": 1},",
            "<div class=\"a\">",
            "// Measures ropes.",
        ] {
            assert!(is_code(line), "{line}");
        }
        for line in [
            "the lamps lay down their lines on it like ropes;",
            "For the time being (until May), nothing is decided.",
            "Return it to me.",
            "let them in",
            "Ada Flint <ada@example.com>",
            "(a) a port; and",
            "-u, --unit UNIT    the unit of the output (default: m)",
        ] {
            assert!(!is_code(line), "{line}");
        }
    }
}
