//! The reader of presentations.

mod shape;
mod slide;

use std::sync::Arc;

use docmill_core::{
    BlockKind, BuildContext, Component, Composer, Context, Document, Field, Hint, OptionError, RawSource, ReadError,
    Reader, Role, RoleKind, Spot,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::slide::{Slide, Slides};
use crate::docx::Comments;
use crate::flow::{self, Item, Line};
use crate::package::Package;
use crate::properties::{self, Properties};

const EXPECTED: &str = "a presentation";
const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// Reads presentations (pptx, pptm, ppsx, potx).
///
/// Slides come in the order of the presentation, each with its title as a heading before the rest of it; the title of a title slide at
/// the beginning is the title of the document. Text of the placeholder for content is a list with its depth, unless its bullets are
/// switched off; other text is paragraphs. Tables keep their cells, of which a merged one stands once. Shapes in groups are read in
/// their order, and so is the text of diagrams (`SmartArt`). Footers stand once. Notes follow the slide that they belong to; their place
/// says `part: notes`. Each place says its slide, counted from 1 in the order of the presentation.
///
/// Left out: pictures, charts, numbers of slides, dates of slides, slides that are hidden, text of layouts and masters.
///
/// The properties of the document become metadata as those of Word documents do. A presentation with a password ends in quarantine and
/// says so. All that is unpacked of a presentation together may be as large as `limits.document`.
///
/// ```yaml
/// stages:
///   - ingest.pptx: { notes: false, comments: footer }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pptx {
    /// Read the notes of the speaker.
    pub notes: bool,
    /// What becomes of comments.
    pub comments: Comments,
    /// Read slides that are hidden.
    pub hidden: bool,
}

impl Default for Pptx {
    fn default() -> Self {
        Self { notes: true, comments: Comments::LeaveOut, hidden: false }
    }
}

impl Component for Pptx {
    const NAME: &'static str = "ingest.pptx";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta, Field::annotations("link")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Pptx {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        crate::recognized(hint, &["pptx", "pptm", "ppsx", "ppsm", "potx", "potm"], MEDIA_TYPE)
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

impl Pptx {
    fn compose(
        &self,
        source: &RawSource,
        cx: &Context,
        composer: &mut Composer,
        warnings: &mut Vec<String>,
    ) -> Result<Properties, ReadError> {
        let mut package = Package::open(&source.bytes, EXPECTED, cx)?;
        let slides = Slides::open(&mut package, self)?;
        let mut footers: Vec<String> = Vec::new();
        for number in 1..=slides.len() {
            let Some(mut slide) = slides.read(&mut package, number, warnings)? else { continue };
            slide.footers.retain(|footer| !footers.contains(&footer.text()));
            footers.extend(slide.footers.iter().map(Line::text));
            if !composer.so_far().is_empty() {
                composer.page_break();
            }
            write(slide, u32::try_from(number).unwrap_or(u32::MAX), composer);
        }
        properties::core(&mut package)
    }
}

fn write(slide: Slide, number: u32, composer: &mut Composer) {
    let part = |name: &str| Spot { part: Some(Arc::from(name)), ..Spot::slide(number) };
    let footer = |line: Line| Item::Text(BlockKind::Footer, None, line);
    composer.at(Spot::slide(number));
    flow::write(&slide.items, composer);
    flow::write(&slide.footers.into_iter().map(footer).collect::<Vec<_>>(), composer);
    composer.at(part("notes"));
    flow::write(&slide.notes, composer);
    composer.at(part("comments"));
    flow::write(&slide.comments.into_iter().map(footer).collect::<Vec<_>>(), composer);
}
