//! E-mail: one message, or a mailbox of many, as its text with its headers as metadata.
//!
//! `structure` finds the parts of a message in one pass over its lines; `header` reads what the headers state, with the
//! crate `mail-parser`, which has no say in the structure: it would decode every attachment and look for the end of each
//! part on its own, where one pass and two limits make a hostile message as cheap as another. `choice` takes the part that is
//! the text; `content` undoes how that is written.

mod attachments;
mod choice;
mod content;
mod eml;
mod header;
mod mbox;
mod mhtml;
mod msg;
mod structure;
#[cfg(test)]
mod tests;

use docmill_core::{Context, Document, Field, Origin, RawSource, ReadError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::eml::Eml;
pub use self::mbox::Mbox;
pub use self::mhtml::Mhtml;
pub use self::msg::Msg;

use self::choice::Chosen;
use self::structure::{Leaf, Structure};

/// Which of the two forms of a message is its text where it has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Prefer {
    /// Plain text, unless that says no more than that there is another form.
    #[default]
    Plain,
    /// HTML, with its headings, lists, tables and links.
    Html,
}

/// How a message is read.
#[derive(Debug, Clone, Copy)]
struct Reading {
    prefer: Prefer,
    links: bool,
    /// Lines that begin with `From ` have a `>` before them, as in a mailbox.
    quoted: bool,
}

impl Reading {
    /// The document of a message.
    fn read(self, source: &RawSource, cx: &Context) -> Result<Document, ReadError> {
        let structure = Structure::of(&source.bytes, cx.limits.depth);
        let Chosen { leaf, mut doc } = choice::chosen(self, source, &structure, cx)?;
        header::state(&mut doc.meta, structure.head.bytes(&source.bytes));
        let others: Vec<Value> = (structure.leaves.iter().enumerate())
            .filter(|(index, other)| *index != leaf && !structure.is_another_form(leaf, other))
            .map(|(_, other)| described(&source.bytes, other))
            .collect();
        if !others.is_empty() {
            doc.meta.set("attachments", others);
        }
        for warning in structure.warnings {
            doc.warn(warning);
        }
        Ok(doc)
    }
}

/// What both readers give.
fn gives(links: bool) -> Vec<Field> {
    let mut gives = vec![Field::Text, Field::Blocks, Field::Meta];
    if links {
        gives.push(Field::annotations("link"));
    }
    gives
}

/// Whether files of this extension are known to be something else than mail, whatever they begin with.
fn is_of_another_format(extension: &str) -> bool {
    const OTHERS: &[&str] = &[
        "txt", "text", "md", "markdown", "html", "htm", "csv", "tsv", "json", "jsonl", "ndjson", "xml", "log", "yaml",
        "yml",
    ];
    OTHERS.contains(&extension)
}

/// What is said of a part that is not the text.
fn described(message: &[u8], leaf: &Leaf) -> Value {
    let bytes = content::length(leaf.body.bytes(message), leaf.head.transfer);
    let mut value = json!({"part": leaf.number, "type": leaf.head.media_type, "bytes": bytes});
    if let Some(name) = &leaf.head.name {
        value["name"] = json!(name);
    }
    value
}

/// The origin of a part of `source` that begins at `start` of its bytes.
fn origin(source: &RawSource, number: &str, start: usize) -> Origin {
    Origin {
        offset: source.origin.offset + start,
        lines: source.origin.lines + crate::bytes::count(&source.bytes[..start], |byte| byte == b'\n'),
        part: Some(number.to_owned()),
        ..Origin::default()
    }
}
