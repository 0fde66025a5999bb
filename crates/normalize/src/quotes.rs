//! Typographic quotes, dashes and dots in ASCII, for readers that know no others.

use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Edits, OptionError, Role, RoleKind, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scope::outside_code;

/// Replaces curly quotes, guillemets, dashes and dots by those of ASCII, where asked to.
///
/// By default everything is kept, since typography carries meaning. With `ascii`, curly quotes and guillemets become `"` and `'`;
/// hyphens, minus signs and en dashes become `-` and em dashes `--`; `…` becomes `...`. Code blocks are left alone.
///
/// ```yaml
/// - normalize.quotes: { quotes: ascii, dashes: ascii, ellipses: ascii }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Quotes {
    /// What becomes of quotation marks and apostrophes.
    pub quotes: Typography,
    /// What becomes of dashes and hyphens.
    pub dashes: Typography,
    /// What becomes of three dots in one character.
    pub ellipses: Typography,
}

/// What becomes of a typographic character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Typography {
    /// It stays.
    #[default]
    Keep,
    /// It is written in ASCII.
    Ascii,
}

impl Component for Quotes {
    const NAME: &'static str = "normalize.quotes";
    const KIND: RoleKind = RoleKind::Stage;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Quotes {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let text = doc.text();
        if text.is_ascii() {
            return Ok(());
        }
        let mut edits = Edits::new();
        for span in outside_code(doc) {
            let Some(part) = span.of(text) else { continue };
            for (at, c) in part.char_indices().filter(|(_, c)| !c.is_ascii()) {
                if let Some(plain) = self.in_ascii(c) {
                    edits.replace(ByteSpan::new(at, at + c.len_utf8()).shifted(span.start), plain);
                }
            }
        }
        doc.edit(&edits)?;
        Ok(())
    }
}

impl Quotes {
    fn in_ascii(&self, c: char) -> Option<&'static str> {
        let (typography, plain) = match c {
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' | '＂' => (self.quotes, "\""),
            '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | 'ʼ' | '＇' => (self.quotes, "'"),
            '‐' | '\u{2011}' | '‒' | '–' | '−' => (self.dashes, "-"),
            '—' | '―' => (self.dashes, "--"),
            '…' => (self.ellipses, "..."),
            _ => return None,
        };
        (typography == Typography::Ascii).then_some(plain)
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::BlockKind;

    use super::*;
    use crate::testing::{normalized, normalized_as};

    const TEXT: &str = "“It’s «so»”—‘now’ – 5−3…";

    fn ascii() -> Quotes {
        Quotes { quotes: Typography::Ascii, dashes: Typography::Ascii, ellipses: Typography::Ascii }
    }

    #[test]
    fn everything_is_kept_unless_asked_otherwise() {
        assert_eq!(normalized(Quotes::default(), TEXT), TEXT);
    }

    #[test]
    fn ascii_takes_their_place() {
        assert_eq!(normalized(ascii(), TEXT), "\"It's \"so\"\"--'now' - 5-3...");
    }

    #[test]
    fn each_is_asked_for_by_itself() {
        assert_eq!(normalized(Quotes { dashes: Typography::Ascii, ..Quotes::default() }, "“a” – b"), "“a” - b");
    }

    #[test]
    fn code_stays() {
        assert_eq!(normalized_as(BlockKind::Code, ascii(), TEXT), TEXT);
    }
}
