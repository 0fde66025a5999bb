//! The reader of single messages.

use std::ops::ControlFlow;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, OptionError, Part, RawSource, ReadError,
    Reader, Role, RoleKind, Stream,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::structure::{BYTE_ORDER_MARK, field_name};
use super::{Prefer, Reading, attachments};

/// Reads e-mails: a message a file (RFC 5322), as `.eml` files and the folders of a maildir hold them.
///
/// The text is the first text part that says something: of a message in plain text and HTML, the plain one unless it only says that
/// there is another. Quoted-printable and base64, all common encodings and encoded words in headers are read. Paragraphs, quoted
/// replies (without their `>`), lists and the signature (a `footer`) become blocks. Metadata are `title` and `subject`, `authors`, `from`,
/// `to` and `cc` (lists), `date` and `sent` (with the time), `message_id`, `in_reply_to`, `list_id`, and `attachments`: the other parts, each
/// with `part`, `type`, `bytes` and `name`.
///
/// The files that it carries are documents of their own, named `reply.eml!/report.pdf`, where a reader of the pipeline reads them; pictures
/// and the like are dropped with their media type. `attachments: false` leaves them out. Signatures (PGP, S/MIME) are no files.
///
/// Each word leads back to its line in the file, and to the `part` of the message, numbered as IMAP does. Where a part is base64, or
/// quoted-printable in an encoding in which characters cannot be told apart one by one, the place is one of the decoded part and says so
/// (`decoded`).
///
/// It reads files named `.eml`, and others that begin with the header fields that mail programs write, such as `Received` or `Message-ID`.
///
/// ```yaml
/// stages:
///   - ingest.eml: { prefer: html }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Eml {
    /// Which form of a message is its text where it has several.
    pub prefer: Prefer,
    /// Whether links in HTML become annotations.
    pub links: bool,
    /// Whether the files that it carries are documents too.
    pub attachments: bool,
}

impl Default for Eml {
    fn default() -> Self {
        Self { prefer: Prefer::default(), links: true, attachments: true }
    }
}

impl Component for Eml {
    const NAME: &'static str = "ingest.eml";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        super::gives(self.links)
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Eml {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let is_message = match hint.extension().as_deref() {
            Some("eml") => true,
            Some(other) if super::is_of_another_format(other) => false,
            _ => begins_like_a_message(hint.head),
        };
        is_message.then_some("message/rfc822")
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        Reading { prefer: self.prefer, links: self.links, quoted: false }.read(&source, cx)
    }

    fn container(&self) -> Option<&dyn Container> {
        self.attachments.then_some(self)
    }
}

impl Container for Eml {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let bytes = file.document(None, &cx.limits)?;
        let message = RawSource { bytes, ..whole.clone() };
        let carries = attachments::may_be_in(&message.bytes).then(|| message.clone());
        if part(Part::Source(message)).is_continue()
            && let Some(message) = carries
        {
            let _ = attachments::hand_on(&message, self.prefer, cx.limits.depth, part);
        }
        Ok(())
    }
}

/// Fields that programs write and people do not.
const OF_PROGRAMS: &[&str] = &[
    "received",
    "return-path",
    "delivered-to",
    "message-id",
    "mime-version",
    "dkim-signature",
    "content-transfer-encoding",
    "x-mailer",
    "x-received",
];
/// Fields that a message has.
const OF_MESSAGES: &[&str] = &["from", "to", "date", "subject", "sender", "reply-to", "message-id", "received"];

/// Whether a source begins with the head of a message: nothing but fields, of which one is of those that only programs write and two
/// are such as every message has.
pub(super) fn begins_like_a_message(head: &[u8]) -> bool {
    let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    let (mut of_programs, mut of_messages) = (0, 0);
    for (index, line) in head.split_inclusive(|byte| *byte == b'\n').enumerate() {
        // The last line may be cut off.
        if line.trim_ascii_end().is_empty() || !line.ends_with(b"\n") {
            break;
        }
        if index > 0 && matches!(line[0], b' ' | b'\t') {
            continue;
        }
        let Some(name) = field_name(line) else { return false };
        let is_one_of = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        of_programs += usize::from(is_one_of(OF_PROGRAMS));
        of_messages += usize::from(is_one_of(OF_MESSAGES));
    }
    of_programs > 0 && of_messages > 1
}

/// Whether a line is a field that stands in the head of messages.
pub(super) fn is_message_field(line: &[u8]) -> bool {
    let known = |name: &[u8]| {
        let is = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
        name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"x-"))
            || OF_PROGRAMS.iter().chain(OF_MESSAGES).any(is)
    };
    field_name(line).is_some_and(known)
}
