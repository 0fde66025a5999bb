//! Quotations in single quotes that stand within a sentence: `He thought: 'Off! Away!'` is one sentence.

use std::ops::Range;

use crate::{Token, TokenKind};

/// Longest such quotation, in tokens.
const LONGEST: usize = 160;

/// The tokens of quotations in single quotes after a comma or a colon, with their quotes, in order.
pub(super) fn within_sentences(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let written = |at: usize| tokens[at].span.of(text).unwrap_or_default();
    let gap = |at: usize| at >= tokens.len() || at > 0 && tokens[at - 1].span.end < tokens[at].span.start;
    let mut found = Vec::new();
    let mut open = 1;
    while open < tokens.len() {
        let opens = matches!(written(open), "'" | "‘" | "`")
            && gap(open)
            && !gap(open + 1)
            && matches!(written(open - 1), "," | ":");
        if !opens {
            open += 1;
            continue;
        }
        let reach = (open + LONGEST).min(tokens.len());
        let closes = |at: &usize| {
            let outside = gap(*at + 1) || !tokens[*at + 1].kind.is_wordlike();
            // The `'` of a plural closes nothing: `the boys' boat`.
            let plural = tokens[*at - 1].kind == TokenKind::Word && written(*at - 1).ends_with('s');
            matches!(written(*at), "'" | "’") && !gap(*at) && outside && !plural
        };
        let Some(close) = (open + 1..reach).find(closes) else {
            open += 1;
            continue;
        };
        found.push(open..close + 1);
        open = close + 1;
    }
    found
}
