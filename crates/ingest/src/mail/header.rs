//! What the headers of a message, and those of its parts, state.
//!
//! Of a head, only the fields that are asked for go to the parser, and no more of them than a limit: what a head costs does not
//! depend on what else stands in it.

use std::sync::LazyLock;

use docmill_core::Meta;
use encoding_rs::Encoding;
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser};
use memchr::memmem;

use super::structure::field_name;
use crate::date;
use crate::encoding::decode;

/// Bytes of the fields of a part that are read.
const PART_FIELDS: usize = 16 << 10;
/// Bytes of the fields of a message that are read.
const MESSAGE_FIELDS: usize = 256 << 10;

static OF_PARTS: LazyLock<MessageParser> =
    LazyLock::new(|| MessageParser::new().with_mime_headers().default_header_ignore());

static OF_MESSAGES: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .header_text(HeaderName::Subject)
        .header_address(HeaderName::From)
        .header_address(HeaderName::To)
        .header_address(HeaderName::Cc)
        .header_date(HeaderName::Date)
        .header_id(HeaderName::MessageId)
        .header_id(HeaderName::InReplyTo)
        .header_text(HeaderName::ListId)
        .default_header_ignore()
});

/// How the bytes of a part are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
}

impl Transfer {
    fn named(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "quoted-printable" => Self::QuotedPrintable,
            "base64" => Self::Base64,
            _ => Self::Plain,
        }
    }

    pub(super) fn is_encoded(self) -> bool {
        self != Self::Plain
    }
}

/// What the head of a part says of its body.
#[derive(Debug)]
pub(super) struct Head {
    /// In lower case, such as `text/plain`.
    pub media_type: String,
    pub charset: Option<String>,
    pub transfer: Transfer,
    /// The name of a file.
    pub name: Option<String>,
    pub attachment: bool,
    /// What parts the parts of a multipart.
    pub boundary: Option<String>,
}

impl Head {
    /// What `head` says; `default` is the media type where it names none.
    pub(super) fn parse(head: &[u8], default: &str) -> Self {
        let fields = fields(head, PART_FIELDS, |name| {
            name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"))
        });
        let message = OF_PARTS.parse_headers(&fields);
        let value = |name: HeaderName<'static>| message.as_ref().and_then(|message| message.header(name));
        let content_type = value(HeaderName::ContentType).and_then(HeaderValue::as_content_type);
        let disposition = value(HeaderName::ContentDisposition).and_then(HeaderValue::as_content_type);
        let media_type = content_type.map(|stated| {
            let subtype = stated.subtype().unwrap_or(if stated.ctype() == "text" { "plain" } else { "octet-stream" });
            format!("{}/{subtype}", stated.ctype()).to_ascii_lowercase()
        });
        let mut media_type = media_type.unwrap_or_else(|| default.to_owned());
        let attribute =
            |name| content_type.and_then(|stated| stated.attribute(name)).map(str::trim).filter(|v| !v.is_empty());
        let multipart = media_type.starts_with("multipart/");
        let boundary = attribute("boundary").filter(|_| multipart).map(str::to_owned);
        if multipart && boundary.is_none() {
            // Nothing tells its parts apart.
            "text/plain".clone_into(&mut media_type);
        }
        let name = disposition.and_then(|stated| stated.attribute("filename")).or_else(|| attribute("name"));
        Self {
            charset: attribute("charset").map(str::to_owned),
            transfer: value(HeaderName::ContentTransferEncoding)
                .and_then(HeaderValue::as_text)
                .map_or(Transfer::Plain, Transfer::named),
            name: name.map(str::to_owned).filter(|name| !name.trim().is_empty()),
            attachment: disposition.is_some_and(mail_parser::ContentType::is_attachment),
            boundary,
            media_type,
        }
    }

    pub(super) fn is_message(&self) -> bool {
        matches!(self.media_type.as_str(), "message/rfc822" | "message/global")
    }

    pub(super) fn is_text(&self) -> bool {
        self.media_type.starts_with("text/")
    }

    /// Whether it is of one of the two types that texts of messages have.
    pub(super) fn is_usual_text(&self) -> bool {
        self.is_html() || self.media_type == "text/plain"
    }

    pub(super) fn is_html(&self) -> bool {
        self.media_type == "text/html"
    }
}

/// Takes what the head of a message states into the metadata.
pub(super) fn state(meta: &mut Meta, head: &[u8]) {
    const NAMES: &[&[u8]] = &[b"subject", b"from", b"to", b"cc", b"date", b"message-id", b"in-reply-to", b"list-id"];
    let fields = fields(head, MESSAGE_FIELDS, |name| NAMES.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)));
    let Some(message) = OF_MESSAGES.parse_headers(&fields) else { return };
    if let Some(subject) = text(message.header(HeaderName::Subject)) {
        meta.set("title", subject.as_str());
        meta.set("subject", subject);
    }
    let from = addresses(message.from());
    if !from.is_empty() {
        let authors: Vec<&str> = message.from().into_iter().flat_map(Address::iter).filter_map(who).collect();
        meta.set("authors", authors);
        meta.set("from", from.join(", "));
    }
    for (key, value) in [("to", message.to()), ("cc", message.cc())] {
        let addresses = addresses(value);
        if !addresses.is_empty() {
            meta.set(key, addresses);
        }
    }
    state_date(meta, &message);
    let named = [
        ("message_id", HeaderName::MessageId),
        ("in_reply_to", HeaderName::InReplyTo),
        ("list_id", HeaderName::ListId),
    ];
    for (key, name) in named {
        if let Some(value) = text(message.header(name)) {
            meta.set(key, value);
        }
    }
}

/// `date` is the day where it was sent; `sent` has the time too.
fn state_date(meta: &mut Meta, message: &Message<'_>) {
    if let Some(sent) = message.date().filter(|date| date.is_valid()) {
        meta.set("date", format!("{:04}-{:02}-{:02}", sent.year, sent.month, sent.day));
        meta.set("sent", sent.to_rfc3339());
    } else if let Some(day) = message.header_raw(HeaderName::Date).and_then(date::parse) {
        meta.set("date", day);
    }
}

/// What a field says, on one line.
fn text(value: Option<&HeaderValue<'_>>) -> Option<String> {
    let text = match value? {
        HeaderValue::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        HeaderValue::TextList(texts) => texts.join(" "),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// `Name <address>`, or what there is of it.
fn addresses(value: Option<&Address<'_>>) -> Vec<String> {
    let addresses = value.into_iter().flat_map(Address::iter);
    addresses
        .filter_map(|one| match (one.name(), one.address()) {
            (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
            (Some(only), None) | (None, Some(only)) => Some(only.to_owned()),
            (None, None) => None,
        })
        .collect()
}

fn who<'m>(address: &'m mail_parser::Addr<'_>) -> Option<&'m str> {
    address.name().or(address.address())
}

/// The first of each of the fields whose names are `wanted`, as a head that ends with an empty line. A field with which it would
/// be longer than `limit` is left out.
fn fields(head: &[u8], limit: usize, wanted: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut seen: Vec<Vec<u8>> = Vec::new();
    let (mut start, mut length) = (0, 0);
    while start < head.len() {
        let mut end = line_end(head, start);
        while end < head.len() && matches!(head[end], b' ' | b'\t') {
            end = line_end(head, end);
        }
        let field = head[start..end].trim_ascii_end();
        start = end;
        let Some(name) = field_name(field).filter(|name| wanted(name)) else { continue };
        let name = name.to_ascii_lowercase();
        if length + field.len() <= limit && !seen.contains(&name) {
            seen.push(name);
            length += field.len();
            kept.push(field);
        }
    }
    kept.push(b"");
    let joined = [kept.join(&b'\n').as_slice(), b"\n"].concat();
    if std::str::from_utf8(&joined).is_ok() {
        return joined;
    }
    // Older programs write headers in the encoding of their text; in encoded words, the bytes are in the one that these name.
    let Some(encoding) = decode(&joined, None).ok().and_then(|all| Encoding::for_label(all.encoding.as_bytes())) else {
        return joined;
    };
    let mut utf8 = Vec::with_capacity(joined.len());
    for field in kept {
        if memmem::find(field, b"=?").is_some() {
            utf8.extend_from_slice(field);
        } else {
            utf8.extend_from_slice(encoding.decode_without_bom_handling(field).0.as_bytes());
        }
        utf8.push(b'\n');
    }
    utf8
}

fn line_end(head: &[u8], start: usize) -> usize {
    memchr::memchr(b'\n', &head[start..]).map_or(head.len(), |end| start + end + 1)
}
