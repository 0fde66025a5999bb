//! The reader of Rich Text Format.

mod charset;
mod destination;
mod fonts;
mod lexer;
mod page;
mod walk;

use std::sync::Arc;

use docmill_core::{
    BlockKind, BuildContext, Component, Composer, Context, Document, Field, Hint, OptionError, RawSource, ReadError,
    Reader, Role, RoleKind, Spot,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::walk::Walk;
use crate::docx::Comments;
use crate::flow::{self, Item, Line};

const EXPECTED: &str = "an RTF document";

/// Reads Rich Text Format (`.rtf`, and whatever begins like it).
///
/// Headings are told by the names of their styles or their outline level, items of lists by their numbering. Tables keep their
/// cells; a table in a cell is told as text of the cell. Text boxes stand behind the paragraph that they hang on, headers and footers once, before
/// and after the text, footnotes at the end, each a footer. Of fields the results are kept, and links become annotations. Characters are
/// read by the code pages of their fonts, in Unicode where the file has both. Deleted text of tracked changes is left out.
///
/// Left out: pictures, embedded objects but for the text that shows, bullets and numbers of lists, hidden text. What the file
/// states about itself becomes `title`, `authors`, `subject`, `keywords`, `description`, `created`, `modified` and `date`.
///
/// Groups nested deeper than `limits.depth` are read as if they were at this depth. A file that ends in the middle is read up to there, with a
/// warning.
///
/// ```yaml
/// stages:
///   - ingest.rtf: { headers: false }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rtf {
    /// Read headers and footers.
    pub headers: bool,
    /// Read footnotes.
    pub notes: bool,
    /// What becomes of comments.
    pub comments: Comments,
    /// Read text that is formatted as hidden.
    pub hidden: bool,
}

impl Default for Rtf {
    fn default() -> Self {
        Self { headers: true, notes: true, comments: Comments::LeaveOut, hidden: false }
    }
}

impl Component for Rtf {
    const NAME: &'static str = "ingest.rtf";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta, Field::annotations("link")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Rtf {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let named = hint.extension().as_deref() == Some("rtf") && hint.head.trim_ascii_start().starts_with(b"{");
        (named || hint.head.starts_with(b"{\\rtf")).then_some("application/rtf")
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        if source.bytes.is_empty() {
            return Err(ReadError::Empty);
        }
        if !source.bytes.trim_ascii_start().starts_with(b"{\\rtf") {
            return Err(ReadError::Malformed {
                expected: EXPECTED,
                found: "a file that does not begin with {\\rtf".to_owned(),
            });
        }
        let mut composer = Composer::new(cx);
        let mut walk = Walk::new(self.hidden, cx);
        walk.read(&source.bytes);
        let complete = walk.is_complete();
        let found = walk.finish();
        let part = |name: &str, lines: Vec<Line>, kind: BlockKind, composer: &mut Composer| {
            composer.at(Spot::part(&Arc::from(name)));
            flow::write(&lines.into_iter().map(|line| Item::Text(kind, None, line)).collect::<Vec<_>>(), composer);
        };
        if self.headers {
            part("header", found.headers, BlockKind::Header, &mut composer);
        }
        composer.at(Spot::default());
        flow::write(&found.items, &mut composer);
        if self.notes {
            part("footnotes", found.notes, BlockKind::Footer, &mut composer);
        }
        if self.comments == Comments::Footer {
            part("comments", found.comments, BlockKind::Footer, &mut composer);
        }
        if self.headers {
            part("footer", found.footers, BlockKind::Footer, &mut composer);
        }
        let mut doc = composer.finish(source)?;
        found.properties.tell(&mut doc);
        if !complete {
            doc.warn("the file ends in the middle of a group: what came before was read");
        }
        Ok(doc)
    }
}
