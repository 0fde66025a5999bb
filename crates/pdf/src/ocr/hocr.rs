//! What the program answers: hOCR, which is XHTML whose titles say where each line and word is.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// How many heights of small letters the size of a font is: 1.9 for Arial, 2.2 for Times.
const SMALL_LETTERS: f32 = 2.1;

/// A place in the picture, in pixels from its upper left corner.
pub(super) type Pixels = [f32; 4];

/// A line of words.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Line {
    pub(super) place: Pixels,
    /// Slope of the base line, and its distance from the lower left corner of the place.
    pub(super) baseline: Option<(f32, f32)>,
    /// By how many degrees the text is turned, against the clock.
    pub(super) angle: f32,
    /// The size of its font, in pixels; 0 where it is not told.
    pub(super) size: f32,
    pub(super) words: Vec<Seen>,
}

/// A word as it was recognized.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Seen {
    pub(super) text: String,
    pub(super) place: Pixels,
    /// How sure the program is, 0 to 100.
    pub(super) confidence: f32,
}

/// The lines in the order of the answer. What is no hOCR ends it.
pub(super) fn parse(answer: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut reader = Reader::from_str(answer);
    // How deep it is in the word that is open: parts of words may be marked as bold.
    let mut open: Option<usize> = None;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => match &mut open {
                Some(depth) => *depth += 1,
                None => open = begin(&start, &mut lines).then_some(0),
            },
            Ok(Event::End(_)) => open = open.and_then(|depth| depth.checked_sub(1)),
            Ok(Event::Text(text)) if open.is_some() => add(&text.xml10_content(), &mut lines),
            Ok(Event::GeneralRef(reference)) if open.is_some() => {
                if let Ok(Some(character)) = reference.resolve_char_ref() {
                    add(character.encode_utf8(&mut [0; 4]), &mut lines);
                } else if let Some(known) = quick_xml::escape::resolve_predefined_entity(&reference.xml10_content()) {
                    add(known, &mut lines);
                }
            }
            Ok(Event::Eof) | Err(_) => return lines,
            Ok(_) => {}
        }
    }
}

/// Begins a line or a word; says whether it is a word.
fn begin(start: &BytesStart<'_>, lines: &mut Vec<Line>) -> bool {
    let value = |name: &str| {
        let found = start.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name);
        found.map(|found| found.value.into_owned()).unwrap_or_default()
    };
    let title = value("title");
    match value("class").as_str() {
        "ocrx_word" => {
            let Some(line) = lines.last_mut() else { return false };
            let confidence = numbers(&title, "x_wconf").first().copied().unwrap_or_default();
            line.words.push(Seen { text: String::new(), place: place(&title), confidence });
            true
        }
        "ocr_line" | "ocr_header" | "ocr_caption" | "ocr_textfloat" => {
            let baseline = numbers(&title, "baseline");
            lines.push(Line {
                place: place(&title),
                baseline: baseline.first().copied().zip(baseline.get(1).copied()),
                angle: numbers(&title, "textangle").first().copied().unwrap_or_default(),
                size: size(&title),
                words: Vec::new(),
            });
            false
        }
        _ => false,
    }
}

fn add(text: &str, lines: &mut [Line]) {
    if let Some(word) = lines.last_mut().and_then(|line| line.words.last_mut()) {
        word.text.push_str(text.trim());
    }
}

fn place(title: &str) -> Pixels {
    numbers(title, "bbox").try_into().unwrap_or_default()
}

/// The size of a line's font, which its small letters tell: of a line that has no descenders, the program guesses how long they are.
fn size(title: &str) -> f32 {
    let number = |property: &str| numbers(title, property).first().copied().unwrap_or_default();
    let whole = number("x_size");
    let small = whole - number("x_ascenders") - number("x_descenders");
    (small * SMALL_LETTERS).clamp(whole * 0.8, whole * 1.4)
}

/// The numbers of a property: `bbox 1 2 3 4; x_wconf 96`.
fn numbers(title: &str, property: &str) -> Vec<f32> {
    let mut properties = title.split(';').map(str::trim);
    let found = properties.find_map(|found| found.strip_prefix(property)?.strip_prefix(' '));
    found.unwrap_or_default().split(' ').filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_words_are_read_with_their_places() {
        let answer = "<html><head><meta name='x' content='y'/></head><body>
            <div class='ocr_page' title='image \"stdin\"; bbox 0 0 100 50'>
            <span class='ocr_line' id='l' title=\"bbox 6 5 54 27; baseline -0.002 -3; x_size 22; x_descenders 5; x_ascenders 7\">
             <span class='ocrx_word' id='w' title='bbox 6 6 36 27; x_wconf 93'>Bread</span>
             <span class='ocrx_word' id='v' title='bbox 37 6 40 27; x_wconf 41'><strong>&amp;</strong>&#39;</span>
            </span>
            <span class='ocr_header' id='m' title=\"bbox 1 2 3 4; textangle 90; x_size 9.5\"></span></div></body></html>";
        let word = |text: &str, place, confidence| Seen { text: text.into(), place, confidence };
        let first = Line {
            place: [6.0, 5.0, 54.0, 27.0],
            baseline: Some((-0.002, -3.0)),
            angle: 0.0,
            size: 21.0,
            words: vec![word("Bread", [6.0, 6.0, 36.0, 27.0], 93.0), word("&'", [37.0, 6.0, 40.0, 27.0], 41.0)],
        };
        let second = Line { place: [1.0, 2.0, 3.0, 4.0], angle: 90.0, size: 9.5 * 1.4, ..Line::default() };
        assert_eq!(parse(answer), [first, second]);
    }

    #[test]
    fn what_is_none_has_no_lines() {
        for answer in ["", "no mark-up", "<span class='ocrx_word' title='bbox 1'>lost</span>", "<a><b></a>", "<"] {
            assert_eq!(parse(answer), [], "{answer}");
        }
    }
}
