//! What the glyphs of a font are where the file has no map of their characters: the font that is embedded may have one itself, or names
//! for its glyphs, such as `eacute`.

use hayro_interpret::font::{OutlineFontData, OutlineGlyph};
use rustc_hash::FxHashMap;
use skrifa::{Font, GlyphId};

use super::characters;

/// Most fonts of a file that are looked into, and most characters of each.
const MOST_FONTS: usize = 500;
const MOST_CHARACTERS: usize = 70_000;

/// The fonts of a file that were looked into.
#[derive(Default)]
pub(super) struct Fonts {
    fonts: FxHashMap<u128, FxHashMap<u32, String>>,
    /// The glyphs that were asked for.
    glyphs: FxHashMap<u128, Option<String>>,
}

impl Fonts {
    /// The characters of a glyph, by what is embedded of its font.
    pub(super) fn text(&mut self, glyph: &OutlineGlyph) -> Option<String> {
        let key = glyph.identifier().cache_key();
        if let Some(known) = self.glyphs.get(&key) {
            return known.clone();
        }
        let text = glyph.font_data().and_then(|data| self.look(&data, glyph.glyph_id().to_u32()));
        self.glyphs.insert(key, text.clone());
        text
    }

    fn look(&mut self, data: &OutlineFontData, glyph: u32) -> Option<String> {
        if glyph == 0 || self.fonts.len() >= MOST_FONTS && !self.fonts.contains_key(&data.cache_key) {
            return None;
        }
        self.fonts.entry(data.cache_key).or_insert_with(|| characters_of(data)).get(&glyph).cloned()
    }
}

/// The characters of the glyphs of a font, by their numbers.
fn characters_of(data: &OutlineFontData) -> FxHashMap<u32, String> {
    let mut known = FxHashMap::default();
    let Some(font) = Font::new(data.data.clone(), 0) else { return known };
    for (code, glyph) in font.charmap().unicodes().take(MOST_CHARACTERS) {
        let character = char::from_u32(code).and_then(|c| characters::readable(c.encode_utf8(&mut [0; 4])));
        if let Some(character) = character {
            // Of several, the first is the one in common use: space before the space that does not break.
            known.entry(glyph.to_u32()).or_insert(character);
        }
    }
    for glyph in 0..font.num_glyphs().min(u32::from(u16::MAX)) {
        let Some(name) = font.glyph_name(GlyphId::new(glyph)).filter(|name| !name.is_synthesized()) else { continue };
        let text: String = skrifa::raw::ps::agl::name_to_chars(name.as_str()).collect();
        if let Some(text) = characters::readable(&text) {
            known.entry(glyph).or_insert(text);
        }
    }
    known
}
