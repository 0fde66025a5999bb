//! Repair of UTF-8 that was decoded as another encoding and encoded again: `cafÃ©` for `café`.
//!
//! Each line is looked at by itself, since often only a part of a text is broken. In a line, every group of characters
//! that would be one character of UTF-8 if they were bytes of a code page is a suspect. Suspects that no sound text
//! has, such as `Ã©` or `â€œ`, weigh; those that occur in sound text, such as `Ê…` in `VOCÊ…`, do not. A line whose
//! suspects weigh enough on a page is repaired with that page, and looked at again, since text is often broken twice.

mod code_page;

use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Edits, OptionError, Role, RoleKind, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use code_page::CodePage;
use code_page::{PAGES, pages_of_pair, windows_1252};

/// Repairs text that was decoded with the wrong encoding and encoded again, such as `cafÃ©` for `café`.
///
/// UTF-8 that a program took for Windows-1252 (or Latin-1, or another code page) shows each accented letter, curly quote
/// or dash as two or three odd characters. They are put back line by line, also where this happened twice, and also where
/// bytes that the code page does not define have become control characters. Control characters that stand for curly
/// quotes and dashes of Windows-1252 are replaced by these. A line is only changed where it has groups of characters
/// that sound text does not have: `naïve café`, `SÃO PAULO` and `VOCÊ…` stay as they are.
///
/// ```yaml
/// - normalize.mojibake: { encodings: [windows-1252] }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mojibake {
    /// The encodings that the text may have been taken for.
    pub encodings: Vec<CodePage>,
}

impl Default for Mojibake {
    fn default() -> Self {
        Self { encodings: PAGES.to_vec() }
    }
}

impl Component for Mojibake {
    const NAME: &'static str = "normalize.mojibake";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 3;
    const RECOMMENDED: bool = true;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.encodings.is_empty() {
            return Err(vec![OptionError::new("/encodings", "expected at least one encoding, such as windows-1252")]);
        }
        Ok(Role::stage(Repair { pages: self.encodings.iter().fold(0, |pages, page| pages | page.bit()) }))
    }
}

/// The stage: the set of pages to try.
struct Repair {
    pages: u8,
}

impl Stage for Repair {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        // Every round makes at least two characters one, so that text broken n times takes n rounds and 2^n characters.
        while is_suspect(doc.text(), self.pages) {
            let edits = repairs(doc.text(), self.pages);
            if edits.is_empty() {
                break;
            }
            doc.edit(&edits)?;
        }
        Ok(())
    }
}

/// Whether there is anything to look at: a suspect, or a control character.
fn is_suspect(text: &str, pages: u8) -> bool {
    pages_of_suspects(text) & (pages | CONTROL) != 0
}

/// Stands in a set of pages for a control character of U+0080 to U+009F.
const CONTROL: u8 = 1 << 7;

const fn is_control(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}')
}

/// The pages on which the text has a suspect's first two characters.
fn pages_of_suspects(text: &str) -> u8 {
    let bytes = text.as_bytes();
    let mut pages = 0;
    let mut at = 0;
    let mut previous: Option<(usize, char)> = None;
    while let Some(skipped) = bytes[at..].iter().position(|byte| !byte.is_ascii()) {
        at += skipped;
        let Some(c) = text[at..].chars().next() else { break };
        if let Some((_, first)) = previous.filter(|&(end, _)| end == at) {
            pages |= pages_of_pair(first, c);
        }
        if is_control(c) {
            pages |= CONTROL;
        }
        at += c.len_utf8();
        previous = Some((at, c));
    }
    pages
}

/// A group of characters that would be one character of UTF-8 as bytes of a page.
struct Suspect {
    span: ByteSpan,
    meant: char,
    /// How sure it is that no sound text has it: 2 is enough for a line.
    weight: u32,
}

fn repairs(text: &str, pages: u8) -> Edits {
    let mut edits = Edits::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let found = pages_of_suspects(line);
        if found & (pages | CONTROL) != 0 {
            repair_line(line, start, found & pages, &mut edits);
        }
        start += line.len();
    }
    edits
}

fn repair_line(line: &str, start: usize, pages: u8, edits: &mut Edits) {
    let mut best: (Score, Vec<Suspect>) = ((1, usize::MAX), Vec::new());
    let has_controls = line.contains(is_control);
    let come_into_question =
        |page: &CodePage| pages & page.bit() != 0 && (*page != CodePage::Iso8859_2 || has_controls);
    for page in PAGES.into_iter().filter(come_into_question) {
        let suspects = suspects(line, page);
        let score = score(&suspects);
        if score > best.0 {
            best = (score, suspects);
        }
    }
    let (_, suspects) = best;
    if suspects.is_empty() {
        return repair_controls(line, start, edits);
    }
    let mut buffer = [0; 4];
    // Beside misread characters, U+0085 at the end of the line is the dots of Windows-1252 rather than a line end.
    let last = line.trim_end_matches('\n').trim_end_matches('\r');
    if let Some(before) = last.strip_suffix('\u{85}')
        && suspects.last().is_none_or(|suspect| suspect.span.end <= before.len())
    {
        edits.replace(ByteSpan::new(start + before.len(), start + last.len()), "…");
    }
    for suspect in suspects {
        edits.replace(suspect.span.shifted(start), suspect.meant.encode_utf8(&mut buffer));
    }
}

/// How sure a page is, and of how much of the line.
type Score = (u32, usize);

fn score(suspects: &[Suspect]) -> Score {
    (suspects.iter().map(|suspect| suspect.weight).sum(), suspects.iter().map(|suspect| suspect.span.len()).sum())
}

/// Replaces the control characters that are punctuation in Windows-1252.
fn repair_controls(line: &str, start: usize, edits: &mut Edits) {
    let mut buffer = [0; 4];
    for (at, c) in line.char_indices().filter(|&(_, c)| is_control(c)) {
        let end = at + c.len_utf8();
        // U+0085 may be a line end as well: it is dots where the line goes on as after dots.
        if c == '\u{85}' && !line[end..].starts_with([' ', '\u{92}', '\u{94}', '’', '”', '"', ')']) {
            continue;
        }
        if let Some(meant) = windows_1252(c) {
            edits.replace(ByteSpan::new(start + at, start + end), meant.encode_utf8(&mut buffer));
        }
    }
}

fn suspects(line: &str, page: CodePage) -> Vec<Suspect> {
    let mut suspects = Vec::new();
    let mut before = Before::default();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let suspect = (!c.is_ascii()).then(|| suspect_at(line, at, page, before)).flatten();
        let end = suspect.as_ref().map_or(at + c.len_utf8(), |suspect| suspect.span.end);
        let last = suspect.as_ref().map_or(c, |suspect| suspect.meant);
        before = Before { last_but_one: before.last, last: Some(last), is_suspect: suspect.is_some() };
        suspects.extend(suspect);
        at = end;
    }
    suspects
}

/// What stands before a suspect, which tells a misread character from a capital letter or a sign.
#[derive(Clone, Copy, Default)]
struct Before {
    last_but_one: Option<char>,
    last: Option<char>,
    /// Whether the last one is a suspect itself.
    is_suspect: bool,
}

fn suspect_at(line: &str, at: usize, page: CodePage, before: Before) -> Option<Suspect> {
    let mut chars = line[at..].chars();
    let lead = chars.next()?;
    let mut bytes = [page.byte(lead)?, 0, 0, 0];
    let length = match bytes[0] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let after_capital = before.last.is_some_and(char::is_uppercase);
    let mut end = at + lead.len_utf8();
    let mut odd = false;
    let mut previous = lead;
    for byte in &mut bytes[1..length] {
        let c = chars.next()?;
        end += c.len_utf8();
        match c {
            // Some program replaced a byte that the page does not define: the character is lost.
            char::REPLACEMENT_CHARACTER => {
                return Some(Suspect { span: ByteSpan::new(at, end), meant: char::REPLACEMENT_CHARACTER, weight: 0 });
            }
            ' ' if length == 2 && !after_capital => return with_plain_space(bytes[0], at, end, chars.as_str()),
            _ => *byte = page.byte(c).filter(|byte| (0x80..0xC0).contains(byte))?,
        }
        odd |= is_odd(page, previous, c, chars.clone().next());
        previous = c;
    }
    let meant = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
    if matches!(meant, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..) {
        return None;
    }
    // A capital in the middle of a small word, as in `humanitÃ©`.
    let in_small_word = lead.is_uppercase() && before.last.is_some_and(char::is_lowercase);
    // A word that ends in `Ã` has a consonant before it: `MAÇÃ™` is a mark, `OÃ™` is `OÙ`.
    let after_vowel = before.last.is_some_and(|last| matches!(last, 'A' | 'E' | 'I' | 'O' | 'U'));
    let alone = page == CodePage::Windows1252
        && (!after_capital && stands_alone(lead, previous) || after_vowel && lead == 'Ã' && previous == '™');
    let next = chars.clone().next();
    // `MÄ£M` is no `MģM`: small letters do not end a word of capitals.
    let small_in_capitals = meant.is_lowercase() && after_capital && !chars.next().is_some_and(char::is_lowercase);
    let weight = match (odd || in_small_word || alone, is_common(meant)) {
        // Frames are drawn with the same characters, but not within a word.
        _ if page == CodePage::Ibm437 => {
            let frame = line[at..end].chars().any(|c| matches!(c, '\u{2500}'..='\u{259F}'));
            let within_word = before.last.is_some_and(char::is_alphabetic) && next.is_some_and(char::is_alphabetic);
            if frame && within_word && is_common(meant) { 2 } else { 0 }
        }
        (false, _) => 0,
        (true, true) if length > 2 => 2,
        // `√π` and the like are mathematics, unless they stand in a word or side by side.
        (true, _) if page == CodePage::Macintosh => {
            if is_small(before.last_but_one) && is_small(before.last) {
                2
            } else {
                u32::from(before.is_suspect)
            }
        }
        (true, _) if small_in_capitals => 0,
        (true, false) => 1,
        (true, true) if page == CodePage::Windows1251 => 1 + u32::from(is_small(before.last)),
        (true, true) => 2,
    };
    Some(Suspect { span: ByteSpan::new(at, end), meant, weight })
}

/// A suspect whose second byte shows as a no-break space that became a plain one. `à` keeps it, since it is a word by itself and
/// spaces that follow each other become one, unless there is another. Portuguese joins it to some
/// words: `àquele`, `àquilo`, `às`.
fn with_plain_space(lead: u8, at: usize, end: usize, rest: &str) -> Option<Suspect> {
    let bytes = [lead, 0xA0];
    let meant = std::str::from_utf8(&bytes).ok()?.chars().next().filter(|&c| is_common(c))?;
    let is_joined = ["quele", "quela", "quilo", "s "].iter().any(|word| rest.starts_with(word));
    let end = if meant == 'à' && !is_joined && !rest.starts_with(' ') { end - 1 } else { end };
    Some(Suspect { span: ByteSpan::new(at, end), meant, weight: 0 })
}

fn is_small(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_lowercase())
}

/// Whether no sound text has `c` between `previous` and `next`.
fn is_odd(page: CodePage, previous: char, c: char, next: Option<char>) -> bool {
    match c {
        '™' | '®' | '²' | '³' => next.is_some_and(char::is_alphabetic),
        // What follows a word: closing quotes, dashes, marks, spaces.
        '’' | '”' | '»' | '…' | '–' | '—' | '°' | 'ª' | 'º' | '\u{A0}' | '›' | '·' => false,
        'š' | 'ž' if page == CodePage::Windows1252 => previous == 'Ã',
        _ if page == CodePage::Windows1252 || !c.is_alphabetic() => true,
        _ => !previous.is_alphabetic() || (previous.is_lowercase() && c.is_uppercase()),
    }
}

/// Whether a capital that no word has by itself stands before a sign: `Â°`, or `Ã` and a no-break space.
fn stands_alone(lead: char, sign: char) -> bool {
    match lead {
        'Â' => matches!(sign, '°' | '²' | '³' | 'ª' | 'º' | '·' | '\u{A0}'),
        'Ã' => sign == '\u{A0}',
        _ => false,
    }
}

/// Whether a character is one that texts have, rather than one that two stray characters happen to make.
fn is_common(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{17F}' // Latin
        | '\u{218}'..='\u{21B}'
        | '\u{370}'..='\u{45F}' // Greek, Cyrillic
        | '\u{490}'..='\u{491}'
        | '\u{5D0}'..='\u{5EA}' // Hebrew, Arabic
        | '\u{600}'..='\u{6FF}'
        | '\u{900}'..='\u{D7F}' // Indic scripts, Thai
        | '\u{E00}'..='\u{E7F}'
        | '\u{10A0}'..='\u{10FF}'
        | '\u{1E00}'..='\u{1FFF}'
        | '\u{2000}'..='\u{206F}' // punctuation, currencies, signs
        | '\u{20A0}'..='\u{27BF}'
        | '\u{3000}'..='\u{9FFF}' // East Asia
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{FE0F}' | '\u{FEFF}' | '\u{FFFD}'
        | '\u{FF00}'..='\u{FFEF}'
        | '\u{1F000}'..='\u{1FAFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{normalized, normalized_doc};

    fn check(cases: &[(&str, &str)]) {
        for (broken, sound) in cases {
            assert_eq!(normalized(Mojibake::default(), broken), *sound, "from {broken:?}");
        }
    }

    #[test]
    fn windows_1252_is_undone() {
        check(&[
            ("cafÃ©", "café"),
            ("â€œQuite,â€\u{9d} said RenÃ©e. â€˜Nowâ€™", "“Quite,” said Renée. ‘Now’"),
            ("Â£20 at 4 Â°C, 5Â\u{a0}km", "£20 at 4 °C, 5\u{a0}km"),
            ("voilÃ\u{a0} tout, Ã\u{a0} bientÃ´t", "voilà tout, à bientôt"),
            ("OÃ™ EST-IL ?", "OÙ EST-IL ?"),
            ("Ã l'Ã©tÃ©", "à l'été"),
            ("Ã  l'Ã©tÃ©", "à l'été"),
            ("fui Ã quela feira e Ã s praÃ§as, Ã praÃ§a", "fui àquela feira e às praças, à praça"),
            ("Ã quelle heure, Ã quel prix, l'Ã©tÃ©", "à quelle heure, à quel prix, l'été"),
            ("Câ€™est fini\u{85}", "C’est fini…"),
            ("Å veice, baÅ†Ä·ieri", "Šveice, baņķieri"),
            ("Ñ\u{fffd}Ð·Ñ‹Ðº", "\u{fffd}зык"),
            ("CÃ™IS", "CÙIS"),
            ("ÐœÐ¾ÑÐºÐ²Ð°".replace("ÑÐ", "Ñ\u{81}Ð").as_str(), "Москва"),
            ("ðŸ˜€ fine", "😀 fine"),
        ]);
    }

    #[test]
    fn latin_1_with_control_characters_is_undone() {
        check(&[("itâ\u{80}\u{99}s", "it’s"), ("\u{93}Yes\u{94}, he said\u{85} no", "“Yes”, he said… no")]);
    }

    #[test]
    fn other_code_pages_are_undone() {
        check(&[("ĹĽĂłĹ‚w", "żółw"), ("РњРѕСЃРєРІР°, Р·РёРјР°", "Москва, зима"), ("gro√üe Stra√üe", "große Straße")]);
        check(&[("P┼Ö├¡li┼í", "Příliš"), ("─îesk├í ┼ít─¢st├¡", "Česká štěstí"), ("Tß╗æt ─æß║╣p", "Tốt đẹp")]);
        check(&[("K\u{102}\u{104}va t\u{139}\u{99}eba", "Káva třeba")]);
    }

    #[test]
    fn what_was_broken_twice_is_repaired_twice() {
        check(&[("itÃ¢â‚¬â„¢s a cafÃƒÂ©", "it’s a café")]);
    }

    #[test]
    fn sound_text_stays() {
        for text in [
            "naïve café, Ångström, “quoted” — and…",
            "SÃO PAULO, A CORAÇÃO, VOCÊ… NESTLÉ® CANTÃ”",
            "MÄ£ÄM SÖÄ£ ÑÝÄ",
            "the letter “Ã” and “Â” or Ã’s",
            "Über 20 °C, 3 m², ¿qué?, «così è»…",
            "Москва и её жители. «СССР» № 5; Рівне, Гість, їжа",
            "Łódź, Úžasný, ţară, CĂŞTI, źdźbło",
            "√π, 2√2, ∞—∞",
            "┌─é─┐│été│ ─été├ MAÇÃ™",
            "日本語の文章です。",
        ] {
            check(&[(text, text)]);
        }
    }

    #[test]
    fn a_sound_line_beside_a_broken_one_stays() {
        check(&[("5 Å— 5\ncafÃ©", "5 Å— 5\ncafé")]);
    }

    #[test]
    fn what_was_not_broken_maps_to_itself() {
        let doc = normalized_doc(Mojibake::default(), Document::from_text("a.txt", "one cafÃ© two"));
        assert_eq!(doc.source_map().changes().collect::<Vec<_>>(), [(ByteSpan::new(7, 11), ByteSpan::new(7, 9))]);
    }
}
