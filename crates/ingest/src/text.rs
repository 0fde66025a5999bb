//! The reader of plain text.

use docmill_core::{
    BuildContext, Component, Context, Document, Edits, Field, Hint, OptionError, RawSource, ReadError, Reader, Role,
    RoleKind,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::encoding::{decode, is_text};
use crate::layout::layout;

/// Reads plain text in any common encoding.
///
/// The encoding is found from the bytes and recorded in the source. From a text that looks like news, a report, a letter or
/// an e-mail, the title, masthead, byline, dateline, captions, headings, lists, quotes, tables, running headers and
/// footers, notes, program code and logs become blocks of their kind, and what they state becomes metadata: `title`,
/// `subtitle`, `authors`, `date`, `publication`, `volume`, `issue`, `subject`, `dateline`, `photo_sources`, and other keys as
/// they stand in the source. Bullets, `>` marks and drawn lines are taken out of the text.
///
/// It reads files named `.txt`, `.text` and `.log`, and whatever else has the bytes of a text; so it comes after the other readers.
///
/// ```yaml
/// stages:
///   - ingest.text
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Text {
    /// Find title, masthead, captions, lists and so on. Otherwise the text is nothing but paragraphs.
    pub layout: bool,
    /// The encoding, such as `windows-1252`, where the bytes leave it open; found from them where this is empty.
    pub encoding: String,
}

impl Default for Text {
    fn default() -> Self {
        Self { layout: true, encoding: String::new() }
    }
}

impl Component for Text {
    const NAME: &'static str = "ingest.text";
    const KIND: RoleKind = RoleKind::Reader;
    const VERSION: u32 = 3;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if !self.encoding.is_empty() && !crate::encoding::is_known(&self.encoding) {
            let message = format!("{:?} is no encoding of the WHATWG Encoding standard", self.encoding);
            return Err(vec![OptionError::new("/encoding", message)]);
        }
        Ok(Role::reader(self))
    }
}

/// Whether a text with this character says something: a letter, a digit, or a sign that is no mere punctuation, such as an emoji.
fn is_content(c: char) -> bool {
    let unseen = c.is_whitespace() || c.is_control() || matches!(c, '\u{AD}' | '\u{FEFF}' | '\u{2000}'..='\u{206F}');
    c.is_alphanumeric() || !c.is_ascii() && !unseen
}

impl Reader for Text {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let named = matches!(hint.extension().as_deref(), Some("txt" | "text" | "log"));
        (named || is_text(hint.head)).then_some("text/plain")
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        let declared = (!self.encoding.is_empty()).then_some(self.encoding.as_str());
        let decoded = decode(&source.bytes, declared)?;
        if !decoded.text.chars().any(is_content) {
            return Err(ReadError::Empty);
        }
        let mut doc = decoded.document(&source);
        if !self.layout {
            doc.set_blocks(crate::layout::passages(doc.text()));
            return Ok(doc);
        }
        let found = layout(doc.text());
        doc.set_blocks(found.blocks);
        doc.meta = found.meta;
        let mut edits = Edits::new();
        for mark in found.marks {
            edits.delete(mark);
        }
        doc.edit(&edits)?;
        Ok(doc)
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{BlockKind, ByteSpan};
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> Result<Document, ReadError> {
        Text::default().read(RawSource::new("in/a.txt", "text/plain", bytes), &Context::default())
    }

    #[test]
    fn marks_are_taken_out_and_words_lead_home() {
        let doc = read(b"\xEF\xBB\xBFShips Return\r\n============\r\n\r\n> They came at dawn,\r\n> all of them.\r\n")
            .expect("it is text");
        let kinds: Vec<BlockKind> = doc.blocks().iter().map(|block| block.kind).collect();
        assert_eq!(kinds, [BlockKind::Title, BlockKind::Quote]);
        assert_eq!(doc.blocks()[1].span.of(doc.text()), Some("They came at dawn,\r\nall of them."));
        let all = doc.text().find("all").expect("it is there");
        let place = doc.locate(ByteSpan::new(all, all + 3));
        assert_eq!((place.line, place.column, place.span.of(doc.original())), (5, 3, Some("all")));
    }

    #[test]
    fn the_encoding_is_in_the_record_and_may_be_given() {
        let doc = read(b"Gem\xFCse f\xFCr B\xE4cker").expect("it is text");
        assert_eq!((doc.text(), doc.source().encoding.as_str()), ("Gemüse für Bäcker", "windows-1252"));
        let reader = Text { encoding: "koi8-r".to_owned(), ..Text::default() };
        let doc = reader.read(RawSource::new("a", "text/plain", b"\xD2\xD9\xC2\xC1".as_slice()), &Context::default());
        assert_eq!(doc.expect("it is text").text(), "рыба");
        let wrong = Text { encoding: "koi9".to_owned(), ..Text::default() }.build(&BuildContext::default());
        assert_eq!(wrong.err().map(|errors| errors[0].pointer.clone()).as_deref(), Some("/encoding"));
    }

    #[test]
    fn a_text_without_words_is_empty() {
        for bytes in [&b""[..], b" \n\xC2\xA0\r\n", b"-- ... --\n"] {
            assert!(matches!(read(bytes), Err(ReadError::Empty)));
        }
    }

    #[test]
    fn what_has_the_bytes_of_a_text_is_recognized_whatever_its_name() {
        let recognizes = |uri: &str, head: &[u8]| Text::default().recognizes(&Hint::new(uri, head)).is_some();
        assert!(recognizes("a.txt", b"\0\0"));
        assert!(recognizes("README", b"Read me"));
        assert!(!recognizes("picture", b"\x89PNG\r\n\x1A\n\0"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(doc) = read(&bytes) {
                prop_assert!(doc.blocks().iter().all(|block| block.span.of(doc.text()).is_some()));
            }
        }

        #[test]
        fn every_word_is_found_again_in_the_source(words in prop::collection::vec("[a-zé]{1,9}[.:,]?[ \n>*-]{1,3}", 1..40)) {
            let source = words.concat();
            let Ok(doc) = read(source.as_bytes()) else { return Ok(()) };
            let mut at = 0;
            for word in doc.text().split_whitespace() {
                let start = at + doc.text()[at..].find(word).unwrap_or_default();
                at = start + word.len();
                let place = doc.locate(ByteSpan::new(start, at));
                prop_assert_eq!(place.span.of(&source), Some(word));
                let before = source.lines().nth(place.line - 1).unwrap_or_default().chars().skip(place.column - 1);
                prop_assert!(before.collect::<String>().starts_with(word));
            }
        }
    }
}
