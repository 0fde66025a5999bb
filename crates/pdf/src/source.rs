//! Reads a file by the library that interprets it, and gives its pages as plain data.

mod attached;
mod canvas;
mod characters;
mod fonts;
mod info;
mod links;
mod load;
mod outline;
mod picture;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use docmill_core::{Context, Meta, ReadError};
use hayro_interpret::hayro_syntax::object::Dict;
use hayro_interpret::hayro_syntax::page::{Page as Source, Resources};
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context as Interpreter, InterpreterCache, InterpreterSettings, interpret, interpret_page};

use self::canvas::Canvas;
use self::fonts::Fonts;
use self::load::Loads;
use crate::ocr::Recognizer;
use crate::page::Page;

pub(crate) use self::outline::Entry;
pub(crate) use self::picture::Picture;

const EXPECTED: &str = "a PDF file";
/// Most pages of a file.
const MOST_PAGES: usize = 20_000;
/// Most pages that are not read to their ends: more are no accident.
const MOST_CUT: usize = 8;
/// Most bytes of content that are gone through for a page, its forms as often as they are drawn.
const MOST_CONTENT: u64 = 256 << 20;
/// Most glyphs of a file, whatever the limits allow.
const MOST_GLYPHS: usize = 30_000_000;

/// What is read of a file.
pub(crate) struct File {
    pub(crate) pages: Vec<Page>,
    pub(crate) outline: Vec<Entry>,
    /// How many files it carries.
    pub(crate) attached: usize,
    /// What the file states about itself.
    pub(crate) info: Meta,
}

/// Reads a file; the text of pages that are pictures by a recognizer, if there is one.
pub(crate) fn read(
    bytes: &Arc<Vec<u8>>,
    password: &str,
    recognizer: Option<&Recognizer>,
    cx: &Context,
) -> Result<File, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    let pdf = Pdf::new_with_password(Arc::clone(bytes), password).map_err(|error| refused(error, password))?;
    let sources = pdf.pages();
    if sources.len() > MOST_PAGES {
        let found = format!("{} pages", sources.len());
        return Err(ReadError::Limit { limit: "the most pages of a PDF file", value: MOST_PAGES.to_string(), found });
    }
    let most = usize::try_from(cx.limits.document.0).unwrap_or(usize::MAX);
    let most = most.min(MOST_GLYPHS);
    let mut cache = InterpreterCache::new();
    let mut known = Known::default();
    let mut pages = Vec::new();
    let mut glyphs = 0;
    let mut cut = 0;
    for (index, source) in sources.iter().enumerate() {
        let mut page = page(&pdf, source, index + 1, &mut known, &mut cache);
        if let Some(recognizer) = recognizer.filter(|_| page.is_scan() && !page.cut) {
            recognizer.read(&picture(&pdf, source, recognizer.dpi(), &cache), &mut page)?;
        }
        glyphs += page.glyphs;
        cut += usize::from(page.cut);
        if cut > MOST_CUT {
            let found = format!("{cut} pages that draw without end");
            return Err(ReadError::Malformed { expected: EXPECTED, found });
        }
        if glyphs > most {
            let value = format!("{most} bytes");
            return Err(ReadError::Limit { limit: "limits.document", value, found: "its text".to_owned() });
        }
        pages.push(page);
    }
    if pages.is_empty() {
        return Err(ReadError::Malformed { expected: EXPECTED, found: "a file without pages".to_owned() });
    }
    let (outline, attached, info) = (outline::read(&pdf), attached::count(&pdf), info::read(pdf.metadata()));
    Ok(File { pages, outline, attached, info })
}

/// What is known of a file from the pages before.
#[derive(Default)]
struct Known<'a> {
    fonts: Fonts,
    loads: Loads<'a>,
}

fn page<'a>(
    pdf: &'a Pdf,
    source: &Source<'a>,
    number: usize,
    known: &mut Known<'a>,
    cache: &mut InterpreterCache<'a>,
) -> Page {
    let (width, height) = source.render_dimensions();
    let transform = Affine::new(coefficients(source));
    let frame = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut interpreter = Interpreter::new(transform, frame, cache, pdf.xref(), InterpreterSettings::default());
    let mut canvas = Canvas::new(width, height, &mut known.fonts);
    let work = AssertUnwindSafe(|| {
        if known.loads.of(source) > MOST_CONTENT {
            canvas.cut();
            interpret(source.typed_operations(), &plain(source), &mut interpreter, &mut canvas);
        } else {
            interpret_page(source, &mut interpreter, &mut canvas);
        }
    });
    let is_broken = catch_unwind(work).is_err();
    if is_broken {
        // Nobody knows in which state it was left.
        *cache = InterpreterCache::new();
    }
    let mut page = canvas.finish(number);
    page.cut |= is_broken;
    links::mark(&links::read(source, transform), &mut page, width, height);
    page
}

/// The resources of a page without those that draw or unpack something of their own.
fn plain<'a>(source: &Source<'a>) -> Resources<'a> {
    let mut resources = source.resources().clone();
    resources.x_objects = Dict::empty();
    resources.ext_g_states = Dict::empty();
    resources.patterns = Dict::empty();
    resources.shadings = Dict::empty();
    resources
}

/// What a page shows in pictures. It has been interpreted before, so that this ends.
fn picture<'a>(pdf: &'a Pdf, source: &Source<'a>, dpi: u32, cache: &InterpreterCache<'a>) -> Picture {
    let (width, height) = source.render_dimensions();
    let mut picture = Picture::blank(width, height, dpi);
    let scale = f64::from(picture.scale());
    let transform = Affine::scale(scale) * Affine::new(coefficients(source));
    let frame = Rect::new(0.0, 0.0, f64::from(width) * scale, f64::from(height) * scale);
    let mut interpreter = Interpreter::new(transform, frame, cache, pdf.xref(), InterpreterSettings::default());
    // What a broken picture has drawn until then is looked at.
    let _ = catch_unwind(AssertUnwindSafe(|| interpret_page(source, &mut interpreter, &mut picture)));
    picture
}

/// From the file's places, with y upwards, to those of the page as it is shown.
fn coefficients(source: &Source<'_>) -> [f64; 6] {
    source.initial_transform(true).as_coeffs()
}

fn refused(error: LoadPdfError, password: &str) -> ReadError {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) if password.is_empty() => ReadError::Locked(
            "only its password opens it; state it by the option password, such as `password: ${env:PDF_PASSWORD}`"
                .to_owned(),
        ),
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            ReadError::Locked("the password that the option password states does not open it".to_owned())
        }
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => ReadError::Unsupported {
            what: "the cipher of this PDF file".to_owned(),
            way_out: "open it in a PDF program and save it without a password".to_owned(),
        },
        LoadPdfError::Decryption(_) => {
            ReadError::Malformed { expected: EXPECTED, found: "what it says of its cipher is broken".to_owned() }
        }
        LoadPdfError::Invalid => {
            ReadError::Malformed { expected: EXPECTED, found: "no pages can be found in it".to_owned() }
        }
    }
}

/// A text of the file outside its pages: UTF-16 or UTF-8 where it begins with their marks, or the format's own table.
fn text(bytes: &[u8]) -> String {
    let decoded = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        other => other.iter().map(|byte| characters::of_text(*byte)).collect(),
    };
    let printable = decoded.chars().map(|character| if character.is_control() { ' ' } else { character });
    printable.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn texts_outside_the_pages_are_decoded() {
        assert_eq!(text(b"\xfe\xff\0T\0i\0d\0e"), "Tide");
        assert_eq!(text(b"\xff\xfeT\0i\0d\0e\0"), "Tide");
        assert_eq!(text(b"\xef\xbb\xbfT\xc3\xafde"), "T\u{ef}de");
        assert_eq!(text(b"T\xefde \x85 low\0\n"), "T\u{ef}de \u{2013} low");
        assert_eq!(text(b""), "");
    }
}
