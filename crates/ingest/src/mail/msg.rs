//! The reader of Outlook's messages.
//!
//! A `.msg` file is a compound file ([MS-CFB]) whose streams are the properties of a message ([MS-OXMSG]): one a stream, named by
//! the property's tag. The crate `cfb` reads the compound file.

mod message;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, Member, Meta, OptionError, Part, RawSource,
    ReadError, Reader, Role, RoleKind, Stream, member_uri,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::message::Message;
use super::Prefer;
use super::choice::plain;
use crate::html::{Html, MainText};

/// Reads messages of Outlook (`.msg`).
///
/// The text is the plain body of the message, or its HTML where there is no other or `prefer` says so; a body that is RTF alone is not read. Paragraphs,
/// quoted replies, lists and the signature become blocks, as those of `ingest.eml` do. Metadata are `title` and `subject`, `authors`, `from`, `to` and
/// `cc` (lists), `date` and `sent` (with the time), `message_id`, and `attachments`, each with `bytes`, `type` and `name`. Places
/// are those of the body's text, which is not in the file as it is (`decoded`).
///
/// The files that it carries are documents of their own, as those of `ingest.eml` are; messages in it are named in the metadata alone.
///
/// It reads files of that name that are compound files.
///
/// ```yaml
/// stages:
///   - ingest.msg: { prefer: html }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Msg {
    /// Which form of a message is its text where it has several.
    pub prefer: Prefer,
    /// Whether links in HTML become annotations.
    pub links: bool,
    /// Whether the files that it carries are documents too.
    pub attachments: bool,
}

impl Default for Msg {
    fn default() -> Self {
        Self { prefer: Prefer::default(), links: true, attachments: true }
    }
}

impl Component for Msg {
    const NAME: &'static str = "ingest.msg";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        super::gives(self.links)
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

/// How a compound file begins.
const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

impl Reader for Msg {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let is_named = hint.extension().as_deref() == Some("msg") || hint.declared == Some(MEDIA_TYPE);
        (is_named && hint.head.starts_with(MAGIC)).then_some(MEDIA_TYPE)
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        let mut message = Message::open(&source.bytes, cx.limits.document.0)?;
        let mut doc = self.body(&source, &mut message, cx)?;
        message.state(&mut doc.meta);
        Ok(doc)
    }

    fn container(&self) -> Option<&dyn Container> {
        self.attachments.then_some(self)
    }
}

impl Container for Msg {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let bytes = file.document(None, &cx.limits)?;
        if part(Part::Source(RawSource { bytes: bytes.clone(), ..whole.clone() })).is_break() {
            return Ok(());
        }
        // A message that cannot be opened has said so as a document.
        let Ok(mut message) = Message::open(&bytes, cx.limits.document.0) else { return Ok(()) };
        for (index, attachment) in message.attachments().into_iter().enumerate() {
            let name = attachment.name.clone().unwrap_or_else(|| format!("attachment-{}", index + 1));
            let Some(mut read) = message.content(&attachment) else { continue };
            let source = RawSource::member(whole, member_uri(&whole.uri, name.as_bytes()));
            let declared = attachment.media_type.clone();
            if part(Part::Member(Member { source, declared, read: &mut read })).is_break() {
                break;
            }
        }
        Ok(())
    }
}

const MEDIA_TYPE: &str = "application/vnd.ms-outlook";
impl Msg {
    /// The document that the body is.
    fn body(&self, source: &RawSource, message: &mut Message<'_>, cx: &Context) -> Result<Document, ReadError> {
        let text = message.plain();
        let html = message.html();
        let mut described = source.source("utf-8");
        described.origin.decoded = true;
        let prefers_html = self.prefer == Prefer::Html || text.is_none();
        if let Some(html) = html.filter(|_| prefers_html) {
            let mut doc = Document::new(described.clone(), html);
            match (Html { main: MainText::Body, links: self.links }.read_page(&mut doc, cx), &text) {
                (Ok(()), _) => {
                    doc.meta = Meta::default();
                    return Ok(doc);
                }
                (Err(error), None) => return Err(error),
                (Err(_), Some(_)) => {}
            }
        }
        let Some(text) = text else {
            return Err(if message.has_rtf() {
                let what = "a message whose text is RTF alone".to_owned();
                ReadError::Unsupported { what, way_out: "save it as .eml, or with a body of plain text".to_owned() }
            } else {
                ReadError::Empty
            });
        };
        let mut doc = Document::new(described, text);
        plain(&mut doc)?;
        Ok(doc)
    }
}
