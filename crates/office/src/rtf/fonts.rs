//! The fonts and styles that an RTF file declares before its text.

use std::collections::BTreeMap;

use super::charset::Charset;
use crate::docx::{Meaning, meaning_of_name};

/// Fonts and styles by their numbers.
#[derive(Debug)]
pub(super) struct Fonts {
    /// The code page of fonts that have none.
    pub(super) page: Charset,
    declared: BTreeMap<i32, Font>,
    styles: BTreeMap<i32, Meaning>,
}

#[derive(Debug, Clone, Default)]
struct Font {
    charset: Option<Charset>,
    name: String,
}

impl Fonts {
    pub(super) fn new() -> Self {
        Self { page: Charset::of_page(1252), declared: BTreeMap::new(), styles: BTreeMap::new() }
    }

    /// Takes in a control word of the declaration of a font.
    pub(super) fn declare(&mut self, font: i32, word: &str, number: i32) {
        let font = self.declared.entry(font).or_default();
        match word {
            "fcharset" => font.charset = Charset::of_font(number),
            "cpg" => font.charset = Some(Charset::of_page(number)),
            _ => {}
        }
    }

    /// Takes in a piece of a font's name.
    pub(super) fn name(&mut self, font: i32, text: &str) {
        let name = &mut self.declared.entry(font).or_default().name;
        if name.len() < 64 {
            name.push_str(text.trim_end_matches(';'));
        }
    }

    /// The name of a font.
    pub(super) fn name_of(&self, font: i32) -> &str {
        self.declared.get(&font).map_or("", |font| font.name.trim())
    }

    /// The code page of a font.
    pub(super) fn charset(&self, font: i32) -> Charset {
        self.declared.get(&font).and_then(|font| font.charset).unwrap_or(self.page)
    }

    /// Takes in a style with its name, and the level of its outline.
    pub(super) fn style(&mut self, number: i32, name: &str, outline: Option<usize>) {
        let by_level = || outline.map(|level| Meaning::Heading(level + 1));
        if let Some(meaning) = meaning_of_name(name.trim().trim_end_matches(';')).or_else(by_level) {
            self.styles.insert(number, meaning);
        }
    }

    /// What paragraphs of a style are.
    pub(super) fn meaning(&self, style: i32) -> Option<Meaning> {
        self.styles.get(&style).copied()
    }
}
