//! The reader of Word documents.

mod body;
mod notes;
mod numbering;
mod run;
mod styles;

use std::sync::Arc;

use docmill_core::{
    BlockKind, BuildContext, Component, Composer, Context, Document, Field, Hint, OptionError, RawSource, ReadError,
    Reader, Role, RoleKind, Spot,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::body::Walk;
use self::notes::Notes;
pub(crate) use self::notes::optional;
use self::numbering::Numbering;
use self::styles::Styles;
pub(crate) use self::styles::{Meaning, meaning_of_name};
use crate::flow::{self, Item, Line};
use crate::package::Package;
use crate::properties;

const EXPECTED: &str = "a Word document";
const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Reads Word documents (docx, docm, dotx, dotm).
///
/// Headings are told by their style or outline level, items of lists by their numbering, with their depth; captions, quotes and
/// code by the names of their styles. Tables keep their cells, of which a merged one stands once; a table of one cell is
/// a frame, and its text goes on as it is. Text boxes stand behind the paragraph that they hang on. Headers and footers stand once, before and
/// after the text; footnotes and endnotes at the end, each a footer. Of fields the results are kept. Symbols of the fonts
/// Symbol and Wingdings become characters of Unicode as far as they have one. Links become annotations.
///
/// Left out: pictures, the numbers that Word writes before headings and items, a generated table of contents, placeholders
/// of forms that nobody filled in. Equations are their characters in a row.
///
/// The properties of the document become `title`, `authors`, `created`, `modified`, `date` (the day it was created), `subject`, `keywords`,
/// `description`, `category`, `language`. A document with a password ends in quarantine and says so. All that is unpacked of a document together may be
/// as large as `limits.document`.
///
/// ```yaml
/// stages:
///   - ingest.docx: { changes: original, comments: footer }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Docx {
    /// What tracked changes come to.
    pub changes: Changes,
    /// What becomes of comments.
    pub comments: Comments,
    /// Read headers and footers.
    pub headers: bool,
    /// Read footnotes and endnotes.
    pub notes: bool,
    /// Read text that is formatted as hidden.
    pub hidden: bool,
}

/// What tracked changes come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Changes {
    /// The text as it is once all are accepted.
    #[default]
    Accepted,
    /// The text as it was before them.
    Original,
}

/// What becomes of comments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Comments {
    /// They are left out.
    #[default]
    LeaveOut,
    /// They stand at the end, each a footer with the name of its author.
    Footer,
}

impl Default for Docx {
    fn default() -> Self {
        Self { changes: Changes::Accepted, comments: Comments::LeaveOut, headers: true, notes: true, hidden: false }
    }
}

impl Component for Docx {
    const NAME: &'static str = "ingest.docx";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta, Field::annotations("link")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Docx {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        crate::recognized(hint, &["docx", "docm", "dotx", "dotm"], MEDIA_TYPE)
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let mut composer = Composer::new(cx);
        let mut warnings = Vec::new();
        let stated = self.compose(&source, cx, &mut composer, &mut warnings)?;
        let mut doc = composer.finish(source)?;
        stated.tell(&mut doc);
        for warning in warnings {
            doc.warn(warning);
        }
        Ok(doc)
    }
}

impl Docx {
    fn compose(
        &self,
        source: &RawSource,
        cx: &Context,
        composer: &mut Composer,
        warnings: &mut Vec<String>,
    ) -> Result<properties::Properties, ReadError> {
        let mut package = Package::open(&source.bytes, EXPECTED, cx)?;
        let name = package.main("officeDocument", "word/document.xml")?;
        let document = package.required(&name, EXPECTED)?;
        let relations = package.relations(&name)?;
        let beside = |kind: &str| {
            relations
                .values()
                .find(|relation| relation.kind == kind && !relation.external)
                .map(|found| found.target.clone())
        };
        let styles = Styles::read(&mut package, beside("styles"), warnings)?;
        let numbering = Numbering::read(&mut package, beside("numbering"), warnings)?;
        let look = body::Look { options: self, styles: &styles, numbering: &numbering };

        let mut walk = Walk::new(&look, &relations);
        let items = walk.document(document.root())?;
        let running = if self.headers {
            notes::running(&mut package, &document, &relations, &look, warnings)?
        } else {
            notes::Running::default()
        };

        tell_part("header", BlockKind::Header, running.headers, composer);
        composer.at(Spot::default());
        flow::write(&items, composer);
        let mut notes = Notes { package: &mut package, look: &look, warnings };
        if self.notes {
            for (part, wrapper) in [("footnotes", "footnote"), ("endnotes", "endnote")] {
                let found = notes.read(beside(part), wrapper, walk.seen(wrapper))?;
                tell_part(part, BlockKind::Footer, found, composer);
            }
        }
        if self.comments == Comments::Footer {
            let found = notes.comments(beside("comments"))?;
            tell_part("comments", BlockKind::Footer, found, composer);
        }
        tell_part("footer", BlockKind::Footer, running.footers, composer);
        properties::core(&mut package)
    }
}

/// Writes lines that stand in a part of their own.
fn tell_part(name: &str, kind: BlockKind, lines: Vec<Line>, composer: &mut Composer) {
    composer.at(Spot::part(&Arc::from(name)));
    let items: Vec<Item> = lines.into_iter().map(|line| Item::Text(kind, None, line)).collect();
    flow::write(&items, composer);
}
