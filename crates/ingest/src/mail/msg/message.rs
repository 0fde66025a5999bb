//! What the streams of an Outlook message mean: its properties, and those of its recipients and attachments.

use std::io::Read;

use docmill_core::{Meta, ReadError};
use encoding_rs::Encoding;
use serde_json::{Value, json};

use crate::compound::{self, Compound};
use crate::encoding::decode;
use crate::html::declared_encoding;

/// More recipients or attachments are not looked at.
const MOST: usize = 1000;

/// Tags of properties ([MS-OXPROPS]).
mod tag {
    pub(super) const SUBJECT: u16 = 0x0037;
    pub(super) const SUBMITTED: u16 = 0x0039;
    pub(super) const RECIPIENT_TYPE: u16 = 0x0C15;
    pub(super) const SENDER_NAME: u16 = 0x0C1A;
    pub(super) const SENDER_ADDRESS: u16 = 0x0C1F;
    pub(super) const DELIVERED: u16 = 0x0E06;
    pub(super) const BODY: u16 = 0x1000;
    pub(super) const RTF: u16 = 0x1009;
    pub(super) const HTML: u16 = 0x1013;
    pub(super) const MESSAGE_ID: u16 = 0x1035;
    pub(super) const NAME: u16 = 0x3001;
    pub(super) const ADDRESS: u16 = 0x3003;
    pub(super) const DATA: u16 = 0x3701;
    pub(super) const SHORT_FILE_NAME: u16 = 0x3704;
    pub(super) const FILE_NAME: u16 = 0x3707;
    pub(super) const FILE_TYPE: u16 = 0x370E;
    pub(super) const SMTP_ADDRESS: u16 = 0x39FE;
    pub(super) const CODE_PAGE: u16 = 0x3FDE;
    pub(super) const SENDER_SMTP_ADDRESS: u16 = 0x5D01;
}

/// A message that was opened.
pub(super) struct Message<'b> {
    file: Compound<'b>,
    /// No property is longer.
    limit: u64,
}

/// A file that a message carries.
pub(super) struct Attachment {
    pub(super) name: Option<String>,
    /// The media type that the message says it has.
    pub(super) media_type: Option<String>,
    /// Its size in bytes.
    pub(super) bytes: u64,
    /// Where its properties are.
    storage: String,
}

impl<'b> Message<'b> {
    /// Opens a message. Properties of more than `limit` bytes are cut.
    pub(super) fn open(bytes: &'b [u8], limit: u64) -> Result<Self, ReadError> {
        let malformed =
            |error: std::io::Error| ReadError::Malformed { expected: "a message of Outlook", found: error.to_string() };
        let file = compound::open(bytes).map_err(malformed)?;
        Ok(Self { file, limit })
    }

    /// The body as plain text, where it says something.
    pub(super) fn plain(&mut self) -> Option<String> {
        self.text("", tag::BODY).filter(|text| text.chars().any(char::is_alphanumeric))
    }

    /// Whether there is a body in RTF.
    pub(super) fn has_rtf(&self) -> bool {
        self.file.is_stream(format!("/__substg1.0_{:04X}0102", tag::RTF))
    }

    /// The bytes of a property of the message, or of a recipient or attachment of it. `kind` is the type of its value.
    fn bytes(&mut self, of: &str, tag: u16, kind: u16) -> Option<Vec<u8>> {
        let stream = self.file.open_stream(format!("{of}/__substg1.0_{tag:04X}{kind:04X}")).ok()?;
        let mut bytes = Vec::new();
        stream.take(self.limit).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// A property that is text: UTF-16, or in the code page of the message.
    fn text(&mut self, of: &str, tag: u16) -> Option<String> {
        let text = if let Some(wide) = self.bytes(of, tag, 0x001F) {
            encoding_rs::UTF_16LE.decode_without_bom_handling(&wide).0.into_owned()
        } else {
            let narrow = self.bytes(of, tag, 0x001E)?;
            decode(&narrow, self.code_page().map(Encoding::name)).ok()?.text.into_owned()
        };
        let text = text.trim_end_matches('\0').to_owned();
        (!text.trim().is_empty()).then_some(text)
    }

    /// A property that is text, on one line.
    fn line(&mut self, of: &str, tag: u16) -> Option<String> {
        self.text(of, tag).map(|text| crate::reference::squeezed(&text))
    }

    /// The body as HTML.
    pub(super) fn html(&mut self) -> Option<String> {
        let Some(bytes) = self.bytes("", tag::HTML, 0x0102) else { return self.text("", tag::HTML) };
        let declared = declared_encoding(&bytes).or_else(|| self.code_page().map(|page| page.name().to_owned()));
        Some(decode(&bytes, declared.as_deref()).ok()?.text.into_owned())
    }

    /// The value of a property that has a fixed length, as its 8 bytes.
    fn fixed(&mut self, of: &str, tag: u16) -> Option<[u8; 8]> {
        let mut bytes = Vec::new();
        let stream = self.file.open_stream(format!("{of}/__properties_version1.0")).ok()?;
        stream.take(self.limit).read_to_end(&mut bytes).ok()?;
        // A head, and sixteen bytes a property: type, tag, flags, value.
        let head = if of.is_empty() { 32 } else { 8 };
        let entries = bytes.get(head..)?.chunks_exact(16);
        let found = entries.into_iter().find(|entry| entry[2..4] == tag.to_le_bytes())?;
        found[8..16].try_into().ok()
    }

    fn number(&mut self, of: &str, tag: u16) -> Option<u32> {
        let [a, b, c, d, ..] = self.fixed(of, tag)?;
        Some(u32::from_le_bytes([a, b, c, d]))
    }

    fn code_page(&mut self) -> Option<&'static Encoding> {
        let page = self.number("", tag::CODE_PAGE)?;
        let label = match page {
            65001 => "utf-8".to_owned(),
            932 => "shift_jis".to_owned(),
            936 => "gbk".to_owned(),
            949 => "euc-kr".to_owned(),
            950 => "big5".to_owned(),
            28591..=28606 => format!("iso-8859-{}", page - 28590),
            _ => format!("windows-{page}"),
        };
        Encoding::for_label(label.as_bytes())
    }

    /// The storages of the message whose names begin so: its recipients or attachments.
    fn storages(&self, prefix: &str) -> Vec<String> {
        let entries = self.file.read_root_storage().filter(cfb::Entry::is_storage);
        let mut names: Vec<String> = entries.map(|entry| entry.name().to_owned()).collect();
        names.retain(|name| name.starts_with(prefix));
        names.sort_unstable();
        names.truncate(MOST);
        names.iter().map(|name| format!("/{name}")).collect()
    }

    /// Takes what the properties state into the metadata.
    pub(super) fn state(&mut self, meta: &mut Meta) {
        if let Some(subject) = self.line("", tag::SUBJECT) {
            meta.set("title", subject.as_str());
            meta.set("subject", subject);
        }
        let name = self.line("", tag::SENDER_NAME);
        let address = self.line("", tag::SENDER_SMTP_ADDRESS).or_else(|| self.line("", tag::SENDER_ADDRESS));
        let address = address.filter(|address| address.contains('@'));
        if let Some(author) = name.clone().or_else(|| address.clone()) {
            meta.set("authors", vec![author]);
        }
        if let Some(from) = addressed(name, address) {
            meta.set("from", from);
        }
        self.state_recipients(meta);
        if let Some(sent) = self.fixed("", tag::SUBMITTED).or_else(|| self.fixed("", tag::DELIVERED)).and_then(time) {
            meta.set("date", &sent[..10]);
            meta.set("sent", sent);
        }
        if let Some(id) = self.line("", tag::MESSAGE_ID) {
            meta.set("message_id", id.trim_start_matches('<').trim_end_matches('>'));
        }
        let attachments: Vec<Value> = self.attachments().iter().map(Attachment::described).collect();
        if !attachments.is_empty() {
            meta.set("attachments", attachments);
        }
    }

    fn state_recipients(&mut self, meta: &mut Meta) {
        let (mut to, mut cc) = (Vec::new(), Vec::new());
        for storage in self.storages("__recip_version1.0_") {
            let name = self.line(&storage, tag::NAME);
            let address = self.line(&storage, tag::SMTP_ADDRESS).or_else(|| self.line(&storage, tag::ADDRESS));
            let Some(who) = addressed(name, address.filter(|address| address.contains('@'))) else { continue };
            match self.number(&storage, tag::RECIPIENT_TYPE) {
                Some(2) => cc.push(who),
                Some(3) => {}
                _ => to.push(who),
            }
        }
        for (key, who) in [("to", to), ("cc", cc)] {
            if !who.is_empty() {
                meta.set(key, who);
            }
        }
    }

    /// The files that it carries, in their order.
    pub(super) fn attachments(&mut self) -> Vec<Attachment> {
        let storages = self.storages("__attach_version1.0_");
        let attachments = storages.into_iter().map(|storage| Attachment {
            bytes: self.file.entry(content(&storage)).map_or(0, |entry| entry.len()),
            name: self.line(&storage, tag::FILE_NAME).or_else(|| self.line(&storage, tag::SHORT_FILE_NAME)),
            media_type: self.line(&storage, tag::FILE_TYPE),
            storage,
        });
        attachments.collect()
    }

    /// Reads a file that it carries; `None` where it is a message of its own or the like, which is no stream.
    pub(super) fn content(&mut self, attachment: &Attachment) -> Option<impl Read> {
        self.file.open_stream(content(&attachment.storage)).ok()
    }
}

impl Attachment {
    /// What the metadata say of it.
    fn described(&self) -> Value {
        let mut value = json!({ "bytes": self.bytes });
        if let Some(name) = &self.name {
            value["name"] = json!(name);
        }
        if let Some(media_type) = &self.media_type {
            value["type"] = json!(media_type);
        }
        value
    }
}

/// Where the bytes of an attachment are.
fn content(storage: &str) -> String {
    format!("{storage}/__substg1.0_{:04X}0102", tag::DATA)
}

/// `Name <address>`, or what there is of it.
fn addressed(name: Option<String>, address: Option<String>) -> Option<String> {
    match (name, address) {
        (Some(name), Some(address)) if name != address => Some(format!("{name} <{address}>")),
        (name, address) => address.or(name),
    }
}

/// A time as Windows counts it, in 100 nanoseconds since 1601 in UTC, by ISO 8601.
pub(super) fn time(value: [u8; 8]) -> Option<String> {
    /// From 1601 to the first of March of the year 0.
    const DAYS: u64 = 584_694;
    let seconds = u64::from_le_bytes(value) / 10_000_000;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let days = days.checked_add(DAYS).filter(|_| (1..3_000_000).contains(&days))?;
    // Years that begin in March, so that a day that is not in all years is the last (Fliegel and Van Flandern's idea).
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 { (month + 3, year) } else { (month - 9, year + 1) };
    let (year, hour, minute) = (year + era * 400, second / 3600, second % 3600 / 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60))
}
