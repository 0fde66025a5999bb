//! The units in which offsets leave docmill, and come from stages outside it.
//!
//! Inside docmill a span counts bytes. Other languages index their strings otherwise, so that an output may count in their
//! unit. [`Units`] converts both ways: it notes the count at every 64th byte once, so that each offset costs a count over
//! at most 64 bytes, however long the text. A text in ASCII needs no table: all units agree there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ByteSpan;

/// What the offsets into a text count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Offsets {
    /// Bytes of the text in UTF-8, as Rust and Go count.
    #[default]
    Utf8,
    /// Unicode code points, as Python counts.
    Codepoint,
    /// UTF-16 code units, as JavaScript, Java and C# count.
    Utf16,
}

impl Offsets {
    /// What is counted, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "bytes",
            Self::Codepoint => "code points",
            Self::Utf16 => "UTF-16 units",
        }
    }
}

/// A half-open range in some unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitSpan {
    /// The first unit.
    pub start: usize,
    /// One past the last unit.
    pub end: usize,
}

/// Bytes between two entries of the table.
const STEP: usize = 64;

/// Converts offsets of one text between bytes and another unit.
#[derive(Debug)]
pub struct Units<'t> {
    text: &'t str,
    unit: Offsets,
    /// Units before each multiple of [`STEP`] bytes; empty where a unit is a byte.
    marks: Vec<usize>,
}

impl<'t> Units<'t> {
    /// The table for `text`.
    pub fn new(text: &'t str, unit: Offsets) -> Self {
        let mut marks = Vec::new();
        if unit != Offsets::Utf8 && !text.is_ascii() {
            let mut before = 0;
            for chunk in text.as_bytes().chunks(STEP) {
                marks.push(before);
                before += count(chunk, unit);
            }
        }
        Self { text, unit, marks }
    }

    /// The span in this unit, or `None` where it does not lie in the text or splits a character.
    pub fn of(&self, span: ByteSpan) -> Option<UnitSpan> {
        span.of(self.text)?;
        Some(UnitSpan { start: self.unit_of(span.start), end: self.unit_of(span.end) })
    }

    /// The bytes that a span in this unit covers, or `None` where it does not lie in the text or splits a character.
    pub fn bytes(&self, span: UnitSpan) -> Option<ByteSpan> {
        let (start, end) = (self.byte_of(span.start)?, self.byte_of(span.end)?);
        (start <= end).then(|| ByteSpan::new(start, end))
    }

    fn unit_of(&self, byte: usize) -> usize {
        let Some(last) = self.marks.len().checked_sub(1) else { return byte };
        let index = (byte / STEP).min(last);
        self.marks[index] + count(&self.text.as_bytes()[index * STEP..byte], self.unit)
    }

    fn byte_of(&self, unit: usize) -> Option<usize> {
        if self.marks.is_empty() {
            return self.text.is_char_boundary(unit).then_some(unit);
        }
        let index = self.marks.partition_point(|&mark| mark <= unit) - 1;
        let (mut at, mut units) = (index * STEP, self.marks[index]);
        loop {
            if self.text.is_char_boundary(at) && units >= unit {
                return (units == unit).then_some(at);
            }
            let byte = self.text.as_bytes().get(at..=at)?;
            units += count(byte, self.unit);
            at += 1;
        }
    }
}

/// How many units begin in these bytes, [`STEP`] at most: a character counts where its first byte is.
fn count(bytes: &[u8], unit: Offsets) -> usize {
    // Sums of this size fit a byte, so that the compiler adds many at a time.
    let begins = |byte: u8| u8::from(byte & 0b1100_0000 != 0b1000_0000);
    // Characters of four bytes are those that UTF-16 writes as a pair.
    let pairs = |byte: u8| u8::from(byte >= 0xF0);
    match unit {
        Offsets::Utf8 => bytes.len(),
        Offsets::Codepoint => bytes.iter().map(|&byte| begins(byte)).sum::<u8>().into(),
        Offsets::Utf16 => bytes.iter().map(|&byte| begins(byte) + pairs(byte)).sum::<u8>().into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slow(text: &str, unit: Offsets, byte: usize) -> usize {
        match unit {
            Offsets::Utf8 => byte,
            Offsets::Codepoint => text[..byte].chars().count(),
            Offsets::Utf16 => text[..byte].encode_utf16().count(),
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_no_place() {
        let units = Units::new("a😀b", Offsets::Utf16);
        assert_eq!(units.bytes(UnitSpan { start: 1, end: 3 }), Some(ByteSpan::new(1, 5)));
        assert_eq!(units.bytes(UnitSpan { start: 1, end: 2 }), None);
        assert_eq!(units.bytes(UnitSpan { start: 3, end: 1 }), None);
        assert_eq!(units.bytes(UnitSpan { start: 4, end: 5 }), None);
        assert_eq!(units.of(ByteSpan::new(1, 3)), None);
    }

    #[test]
    fn a_text_whose_length_is_a_multiple_of_the_step_has_an_end() {
        let text = "é".repeat(STEP);
        let units = Units::new(&text, Offsets::Codepoint);
        assert_eq!(units.of((0..2 * STEP).into()), Some(UnitSpan { start: 0, end: STEP }));
        assert_eq!(units.bytes(UnitSpan { start: STEP, end: STEP }), Some(ByteSpan::point(2 * STEP)));
    }

    proptest! {
        #[test]
        fn both_ways_agree_with_counting_from_the_start(text in "([a-zé€😀 ]{0,40}|[a-zé€😀 ]{200,700})") {
            for unit in [Offsets::Utf8, Offsets::Codepoint, Offsets::Utf16] {
                let units = Units::new(&text, unit);
                for byte in (0..=text.len()).filter(|&byte| text.is_char_boundary(byte)) {
                    let expected = slow(&text, unit, byte);
                    prop_assert_eq!(units.unit_of(byte), expected);
                    prop_assert_eq!(units.byte_of(expected), Some(byte));
                }
                prop_assert_eq!(units.byte_of(slow(&text, unit, text.len()) + 1), None);
            }
        }
    }
}
