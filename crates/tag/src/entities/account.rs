//! Accounts: `@harborwatch` is somebody, in any language.

use docmill_analysis::{Sentence, TokenKind};
use docmill_core::ByteSpan;

use super::names::Names;
use super::{Entity, EntityKind};

/// The accounts that are named in the sentences: `@` directly before a word, and nothing of a word before it.
pub(super) fn accounts(names: &Names<'_>, sentences: &[&Sentence]) -> Vec<Entity> {
    let mut accounts = Vec::new();
    for sentence in sentences {
        let tokens = names.analysis.sentence_tokens(sentence);
        for pair in tokens.windows(2) {
            let [at, word] = pair else { continue };
            let span = at.span.hull(word.span);
            let written = span.of(names.text).unwrap_or_default();
            let alone = names.text[..span.start]
                .chars()
                .next_back()
                .is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '_' | '.' | '/' | '@' | '-'));
            let account = word.kind == TokenKind::Word && at.span.end == word.span.start && written.starts_with('@');
            if account && alone && written.len() > 2 && !names.taken.touches(span) {
                let handle: &str = written.split(['.', '\'', '’', '-']).next().unwrap_or(written);
                let span = ByteSpan::new(span.start, span.start + handle.len());
                accounts.push(Entity { span, kind: EntityKind::Person, name: handle.to_owned(), score: ACCOUNT });
            }
        }
    }
    accounts
}

/// The share of accounts that belong to somebody, in tweets.
const ACCOUNT: f64 = 0.7;
