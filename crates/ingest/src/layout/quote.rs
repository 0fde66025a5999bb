//! Quoted text: lines that begin with `>`.

use docmill_core::{BlockKind, ByteSpan};

use super::Finder;
use super::lines::Line;

impl Finder<'_> {
    /// A run of lines that begin with `>`; its marks go, and each part between empty ones is a block.
    pub(super) fn quote(&mut self, lines: &[Line<'_>]) -> usize {
        let count = lines.iter().take_while(|line| line.text.starts_with('>')).count();
        let mut open: Option<ByteSpan> = None;
        for line in &lines[..count] {
            let inner = line.text.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
            let start = line.start + line.text.len() - inner.len();
            self.found.marks.push(ByteSpan::new(line.start, start));
            let inner = ByteSpan::new(start, line.span().end);
            if is_attribution(inner.of(self.text).unwrap_or_default()) {
                self.quoted(open.take());
                self.push(BlockKind::Masthead, inner);
            } else if inner.is_empty() {
                self.quoted(open.take());
            } else {
                open = Some(open.map_or(inner, |span| span.hull(inner)));
            }
        }
        self.quoted(open);
        count
    }

    fn quoted(&mut self, span: Option<ByteSpan>) {
        if let Some(span) = span {
            self.prose += 1;
            self.push(BlockKind::Quote, span);
        }
    }
}

/// Whether a line says who wrote what is quoted below it.
pub(super) fn is_attribution(text: &str) -> bool {
    ["wrote:", "writes:", "schrieb:", "a écrit :", "a écrit\u{a0}:", "escribió:"].iter().any(|end| text.ends_with(end))
        && text.bytes().any(|byte| byte.is_ascii_digit())
}
