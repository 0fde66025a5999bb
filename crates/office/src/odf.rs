//! The reader of `OpenDocument` texts and presentations; spreadsheets are read by [`crate::Sheet`].

mod body;
mod page;
mod sheet;
mod styles;

use std::sync::Arc;

use docmill_core::{
    BlockKind, BuildContext, Component, Composer, Context, Document, Field, Hint, OptionError, RawSource, ReadError,
    Reader, Role, RoleKind, Spot,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::body::Walk;
pub(crate) use self::sheet::Spreadsheet;
use self::styles::Styles;
use crate::docx::Comments;
use crate::flow::{self, Item, Line};
use crate::package::Package;
use crate::properties::Properties;
use crate::xml::{Element, Tree};

const EXPECTED: &str = "an OpenDocument file";
const TEXT: &str = "application/vnd.oasis.opendocument.text";
const PRESENTATION: &str = "application/vnd.oasis.opendocument.presentation";

/// Reads `OpenDocument` texts and presentations (odt, ott, odp, otp).
///
/// Of a text: headings with their level, lists with their depth, tables with their cells, of which a merged one stands once, captions, quotes
/// and code by the names of their styles, text boxes behind the paragraph that they hang on, headers and footers once, footnotes
/// and endnotes at the end, each a footer. Tracked changes count as accepted. Of a presentation: the slides in order, the title of
/// each as a heading, lists, tables, shapes, and the notes of the speaker, whose place says `part: notes`; each place says its slide. Links become
/// annotations.
///
/// Left out: pictures, charts, formulas, generated tables of contents, numbers that the program writes before headings and
/// items, hidden text, hidden slides.
///
/// The properties of the document become `title`, `authors`, `created`, `modified`, `date` (the day it was created), `subject`,
/// `keywords`, `description`, `language`. A document with a password ends in quarantine and says so. All that is unpacked of a document together may be
/// as large as `limits.document`.
///
/// ```yaml
/// stages:
///   - ingest.odf: { headers: false }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Odf {
    /// Read headers and footers of texts.
    pub headers: bool,
    /// Read footnotes and endnotes of texts, and the notes of speakers.
    pub notes: bool,
    /// What becomes of comments.
    pub comments: Comments,
    /// Read text and slides that are hidden.
    pub hidden: bool,
}

impl Default for Odf {
    fn default() -> Self {
        Self { headers: true, notes: true, comments: Comments::LeaveOut, hidden: false }
    }
}

impl Component for Odf {
    const NAME: &'static str = "ingest.odf";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta, Field::annotations("link")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Odf {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        crate::recognized(hint, &["odt", "ott"], TEXT)
            .or_else(|| crate::recognized(hint, &["odp", "otp"], PRESENTATION))
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let mut composer = Composer::new(cx);
        let stated = self.compose(&source, cx, &mut composer)?;
        let mut doc = composer.finish(source)?;
        stated.tell(&mut doc);
        Ok(doc)
    }
}

impl Odf {
    fn compose(&self, source: &RawSource, cx: &Context, composer: &mut Composer) -> Result<Properties, ReadError> {
        let mut package = Package::open(&source.bytes, EXPECTED, cx)?;
        let content = content(&mut package)?;
        let common = package.tree("styles.xml").ok().flatten();
        let mut styles = Styles::default();
        for tree in common.iter().chain([&content]) {
            styles.add(tree.root());
        }
        let body = content.root().child("body");
        if let Some(text) = body.and_then(|body| body.child("text")) {
            self.text(text, common.as_ref(), &styles, composer);
        } else if let Some(pages) = body.and_then(|body| body.child("presentation").or_else(|| body.child("drawing"))) {
            for (index, page) in pages.all("page").enumerate() {
                if self.hidden || !styles.is_hidden(page.attr("style-name").unwrap_or_default()) {
                    page::write(page, u32::try_from(index + 1).unwrap_or(u32::MAX), self, &styles, composer);
                }
            }
        } else {
            return Err(ReadError::Malformed {
                expected: EXPECTED,
                found: "one that is no text and no presentation".to_owned(),
            });
        }
        Ok(properties(&mut package))
    }

    fn text(&self, text: Element<'_>, common: Option<&Tree>, styles: &Styles, composer: &mut Composer) {
        let mut walk = Walk::new(self, styles);
        let items = walk.blocks(text);
        let masters = common.and_then(|tree| tree.root().child("master-styles"));
        let running = |names: &[&str]| self.running(masters, names, styles);
        if self.headers {
            tell_part(
                "header",
                BlockKind::Header,
                running(&["header", "header-first", "header-left"]),
                Spot::default(),
                composer,
            );
        }
        composer.at(Spot::default());
        flow::write(&items, composer);
        if self.notes {
            tell_part("footnotes", BlockKind::Footer, walk.footnotes, Spot::default(), composer);
            tell_part("endnotes", BlockKind::Footer, walk.endnotes, Spot::default(), composer);
        }
        if self.comments == Comments::Footer {
            tell_part("comments", BlockKind::Footer, walk.comments, Spot::default(), composer);
        }
        if self.headers {
            tell_part(
                "footer",
                BlockKind::Footer,
                running(&["footer", "footer-first", "footer-left"]),
                Spot::default(),
                composer,
            );
        }
    }

    /// The texts of headers or footers, each once; those that are numbers of pages alone are left out.
    fn running(&self, masters: Option<Element<'_>>, names: &[&str], styles: &Styles) -> Vec<Line> {
        let mut found: Vec<Line> = Vec::new();
        for part in masters.into_iter().flat_map(Element::children).flat_map(Element::children) {
            if names.contains(&part.name()) {
                let line = body::one_line(Walk::new(self, styles).blocks(part));
                let says = line.text();
                if says.chars().any(char::is_alphabetic) && !found.iter().any(|known| known.text() == says) {
                    found.push(line);
                }
            }
        }
        found
    }
}

/// Writes lines that stand in a part of their own, at `spot`.
fn tell_part(name: &str, kind: BlockKind, lines: Vec<Line>, spot: Spot, composer: &mut Composer) {
    composer.at(Spot { part: Some(Arc::from(name)), ..spot });
    flow::write(&lines.into_iter().map(|line| Item::Text(kind, None, line)).collect::<Vec<_>>(), composer);
}

/// The content of a package, where it is not encrypted.
fn content(package: &mut Package<'_>) -> Result<Tree, ReadError> {
    if let Some(manifest) = package.tree("META-INF/manifest.xml").ok().flatten() {
        let entries = manifest.root().all("file-entry").filter(|entry| entry.attr("full-path") == Some("content.xml"));
        if entries.into_iter().any(|entry| entry.child("encryption-data").is_some()) {
            let way_out = "open it in an office program and save it without one";
            return Err(ReadError::Locked(format!("the document has a password; {way_out}")));
        }
    }
    package.required("content.xml", EXPECTED)
}

/// What a package states about itself.
pub(crate) fn properties(package: &mut Package<'_>) -> Properties {
    let mut found = Properties::default();
    let Some(tree) = package.tree("meta.xml").ok().flatten() else { return found };
    let Some(meta) = tree.root().child("meta") else { return found };
    let of = |name: &str| meta.child(name).map(Element::text).unwrap_or_default();
    found.text("title", &of("title"));
    let author = Some(of("initial-creator")).filter(|author| !author.trim().is_empty());
    found.list("authors", &author.unwrap_or_else(|| of("creator")), &[';']);
    found.moment("created", &of("creation-date"), true);
    found.moment("modified", &of("date"), false);
    found.text("subject", &of("subject"));
    found.text("description", &of("description"));
    found.text("language", &of("language"));
    for keyword in meta.all("keyword") {
        found.list("keywords", &keyword.text(), &[',', ';']);
    }
    found
}
