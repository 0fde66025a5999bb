//! How lines become prose: what belongs together, and what does not.

use docmill_core::{BlockKind, ByteSpan, Document};
use serde_json::json;

use crate::draw::{Line, drawn, file, page, stream};
use crate::read::read;

fn of(pages: &[&[Line<'_>]]) -> Document {
    read(&json!({}), drawn(pages)).unwrap()
}

fn blocks(doc: &Document) -> Vec<(BlockKind, &str)> {
    doc.blocks().iter().map(|block| (block.kind, block.span.of(doc.text()).unwrap())).collect()
}

const FIRST: &[Line<'static>] = &[
    ("F", 8, 40, 570, "Notes of the Harbor"),
    ("F", 10, 40, 520, "The pilot boat was repaired in spring. It has a new engine and"),
    ("F", 10, 40, 507, "a new radio, and the crew was trained for a week by the engi-"),
    ("F", 8, 190, 20, "1"),
];
const SECOND: &[Line<'static>] = &[
    ("F", 8, 40, 570, "Notes of the Harbor"),
    ("F", 10, 40, 520, "neers of the yard. They were content."),
    ("F", 10, 40, 490, "The old boat is for sale."),
    ("F", 8, 190, 20, "2"),
];

#[test]
fn a_paragraph_that_goes_on_over_a_page_is_one_block_of_two_pages() {
    let doc = of(&[FIRST, SECOND]);
    let whole = "The pilot boat was repaired in spring. It has a new engine and a new radio, and the crew was trained for a week by \
                 the engineers of the yard. They were content.";
    assert_eq!(
        blocks(&doc),
        [
            (BlockKind::Header, "Notes of the Harbor"),
            (BlockKind::Paragraph, whole),
            (BlockKind::Footer, "1"),
            (BlockKind::PageBreak, ""),
            (BlockKind::Header, "Notes of the Harbor"),
            (BlockKind::Paragraph, "The old boat is for sale."),
            (BlockKind::Footer, "2"),
        ]
    );
    let page = |part: &str| {
        let start = doc.text().find(part).unwrap();
        doc.locate(ByteSpan::new(start, start + part.len())).page
    };
    assert_eq!([page("a new radio"), page("of the yard"), page("The old boat")], [Some(1), Some(2), Some(2)]);
}

#[test]
fn a_sentence_that_ended_does_not_go_on_over_a_page() {
    let doc = of(&[
        &[("F", 10, 40, 520, "The pilot boat was repaired in the spring of that year.")],
        &[
            ("F", 10, 40, 520, "and so on, as a list says"),
            ("F", 10, 40, 507, "that begins in the middle of a sentence."),
        ],
    ]);
    let paragraphs = blocks(&doc).iter().filter(|(kind, _)| *kind == BlockKind::Paragraph).count();
    assert_eq!(paragraphs, 2, "{:?}", blocks(&doc));
}

#[test]
fn a_sentence_goes_on_in_the_next_column() {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let left = ["The council met on", "Monday and spoke of", "the lamps along the", "quay, which the"];
    let right = ["storm had broken.", "New ones are on the", "way, and they will", "be lit in June."];
    for (y, (left, right)) in (450..500).rev().step_by(13).zip(left.into_iter().zip(right)) {
        lines.extend([("F", 10, 40, y, left), ("F", 10, 220, y, right)]);
    }
    let doc = of(&[&lines]);
    let whole = "The council met on Monday and spoke of the lamps along the quay, which the storm had broken. New ones are on the way, \
                 and they will be lit in June.";
    assert_eq!(blocks(&doc), [(BlockKind::Paragraph, whole)]);
}

#[test]
fn bold_lines_above_text_are_headings_below_larger_ones() {
    let doc = of(&[&[
        ("F", 24, 40, 550, "Annual Report"),
        ("F", 16, 40, 510, "Boats"),
        ("F", 10, 40, 490, "Nine boats were built, and two of them were sold before they"),
        ("F", 10, 40, 477, "were finished. None was lost."),
        ("B", 10, 40, 457, "Engines"),
        ("F", 10, 40, 444, "All engines run on oil from the kitchens of the island, which"),
        ("F", 10, 40, 431, "smells, but costs nothing."),
        ("B", 10, 40, 411, "This sentence is bold for emphasis alone."),
        ("F", 10, 40, 398, "It goes on in common letters, as emphasis does."),
    ]]);
    let told: Vec<_> = doc.blocks().iter().map(|block| (block.kind, block.level)).collect();
    let text = (BlockKind::Paragraph, None);
    let heading = |level| (BlockKind::Heading, Some(level));
    assert_eq!(told, [(BlockKind::Title, None), heading(1), text, heading(2), text, text, text], "{:?}", blocks(&doc));
}

#[test]
fn items_have_the_depth_of_their_indent() {
    let doc = of(&[&[
        ("F", 10, 40, 550, "What is needed for the summer, in the order of the boatyard:"),
        ("F", 10, 50, 537, "1. paint of three colours and the brushes that go with it, as"),
        ("F", 10, 62, 524, "the harbor master wrote"),
        ("F", 10, 62, 511, "\\267 white"),
        ("F", 10, 62, 498, "\\267 red"),
        ("F", 10, 50, 485, "2. rope"),
        ("F", 10, 40, 460, "Nothing else."),
    ]]);
    let items: Vec<_> = doc.blocks().iter().map(|block| (block.level, block.span.of(doc.text()).unwrap())).collect();
    let first = "1. paint of three colours and the brushes that go with it, as the harbor master wrote";
    let all = [
        (None, "What is needed for the summer, in the order of the boatyard:"),
        (Some(1), first),
        (Some(2), "white"),
        (Some(2), "red"),
        (Some(1), "2. rope"),
        (None, "Nothing else."),
    ];
    assert_eq!(items, all);
}

#[test]
fn what_cannot_be_read_is_said() {
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [65 /zz01] >> >>";
    let bytes = file(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>",
        crate::draw::PAGE,
        &stream("BT /F 12 Tf 40 300 Td (known words A here) Tj ET"),
        font,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 7 0 R /Resources << /XObject << /I 8 0 R >> >> >>",
        &stream("q 400 0 0 400 0 0 cm /I Do Q"),
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\nx\nendstream",
    ]);
    let doc = read(&json!({}), bytes).unwrap();
    assert_eq!(doc.text(), "known words \u{fffd} here");
    assert_eq!(
        doc.warnings(),
        [
            "the fonts do not say which letters 1 of 15 glyphs are: they are \u{fffd} in the text",
            "no text layer, but pictures, on page 2",
        ]
    );
}

#[test]
fn letters_that_are_drawn_twice_are_read_once() {
    let shadow = "BT /F 12 Tf 40 300 Td (Shadow) Tj ET BT /F 12 Tf 40.4 299.7 Td (Shadow) Tj ET";
    let doc = read(&json!({}), page(shadow, "null")).unwrap();
    assert_eq!(doc.text(), "Shadow");
}

#[test]
fn a_table_of_contents_is_a_list_of_its_entries() {
    let doc = of(&[&[
        ("F", 16, 40, 560, "Contents"),
        ("F", 10, 40, 530, "1  The outer channel . . . . . . . . . . . . . . . . 3"),
        ("F", 10, 55, 516, "1.1  Sediment and what the storms have carried in over the"),
        ("F", 10, 75, 502, "past ten years ...................... 4"),
        ("F", 10, 40, 488, "2  The inner basin.......................... 11"),
        ("F", 10, 40, 474, "Index"),
        ("F", 10, 330, 474, "........"),
        ("F", 10, 366, 474, "xiv"),
    ]]);
    let items: Vec<_> = blocks(&doc).into_iter().map(|(kind, text)| (kind, text.to_owned())).collect();
    let item = |text: &str| (BlockKind::ListItem, text.to_owned());
    let long = "1.1 Sediment and what the storms have carried in over the past ten years \u{2026} 4";
    assert_eq!(
        items[1..],
        [
            item("1 The outer channel \u{2026} 3"),
            item(long),
            item("2 The inner basin \u{2026} 11"),
            item("Index \u{2026} xiv")
        ]
    );
}

#[test]
fn contents_without_leaders_are_no_table() {
    let titles = ["The outer channel", "The inner basin", "What comes next", "Names of the ships"];
    let rows = titles.into_iter().zip([("3", 60), ("17", 46), ("17", 32), ("40", 18)]);
    let lines: Vec<Line<'_>> =
        rows.flat_map(|(title, (page, y))| [("F", 10, 40, 400 + y, title), ("F", 10, 340, 400 + y, page)]).collect();
    let doc = of(&[&lines]);
    assert_eq!(blocks(&doc)[1], (BlockKind::ListItem, "The inner basin 17"), "{:?}", blocks(&doc));
    // A table has figures in no order.
    let lines: Vec<Line<'_>> =
        lines.iter().map(|line| if line.4 == "3" { (line.0, line.1, line.2, line.3, "90") } else { *line }).collect();
    assert_eq!(of(&[&lines]).blocks()[0].kind, BlockKind::Table);
}

#[test]
fn cells_go_on_over_several_lines() {
    let doc = of(&[&[
        ("F", 10, 40, 500, "Boat"),
        ("F", 10, 120, 500, "Remarks"),
        ("F", 10, 330, 500, "Year"),
        ("F", 10, 40, 480, "Heron"),
        ("F", 10, 120, 480, "was built of larch, and its engine"),
        ("F", 10, 330, 480, "1951"),
        ("F", 10, 120, 468, "comes from a bus"),
        ("F", 10, 40, 448, "Old"),
        ("F", 10, 120, 448, "lies in the mud"),
        ("F", 10, 330, 448, "1930"),
        ("F", 10, 40, 436, "Plover"),
        ("F", 10, 40, 416, "Tern"),
        ("F", 10, 120, 416, "sails only on"),
        ("F", 10, 330, 416, "1988"),
        ("F", 10, 120, 404, "Sundays"),
        ("F", 10, 40, 380, "All of them are for sale, and so is the shed in which they stand."),
    ]]);
    let block = &doc.blocks()[0];
    let cells: Vec<&str> = block.cells.iter().map(|cell| cell.span.of(doc.text()).unwrap()).collect();
    assert_eq!(
        cells.chunks(3).collect::<Vec<_>>(),
        [
            ["Boat", "Remarks", "Year"],
            ["Heron", "was built of larch, and its engine comes from a bus", "1951"],
            ["Old Plover", "lies in the mud", "1930"],
            ["Tern", "sails only on Sundays", "1988"],
        ]
    );
    assert_eq!(blocks(&doc)[1].0, BlockKind::Paragraph);
}

#[test]
fn attached_files_are_told_of() {
    let bytes = file(&[
        "<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 6 0 R >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        crate::draw::PAGE,
        &stream("BT /F 12 Tf 40 300 Td (A package) Tj ET"),
        crate::draw::FONT,
        "<< /Kids [7 0 R 8 0 R 6 0 R] >>",
        "<< /Names [(a.txt) << /Type /Filespec >> (b.txt) << /Type /Filespec >>] >>",
        "<< /Names [(c.txt) << /Type /Filespec >>] >>",
    ]);
    let doc = read(&json!({}), bytes.clone()).unwrap();
    let empty = String::from_utf8(bytes).unwrap().replace("(A package) Tj", "                ").into_bytes();
    let error = read(&json!({}), empty).unwrap_err().to_string();
    assert!(error.contains("without text, to which files are attached (3)"), "{error}");
    assert_eq!(doc.warnings(), ["files are attached to it, and not read: 3"]);
}

#[test]
fn a_lead_in_larger_letters_is_no_heading() {
    let doc = of(&[&[
        ("F", 16, 40, 560, "Boats"),
        ("F", 13, 40, 530, "Nine boats were built in a year in which nobody"),
        ("F", 13, 40, 515, "expected more than four, and two of them were"),
        ("F", 13, 40, 500, "sold before they were finished."),
        ("F", 10, 40, 470, "The yard stands where the old slipway was, and it has room for three hulls at a"),
        ("F", 10, 40, 457, "time. Its owner learned the trade on the mainland and came back when the yard"),
        ("F", 10, 40, 444, "was for sale. None of the boats was lost, and all of them are painted blue."),
    ]]);
    let kinds: Vec<BlockKind> = doc.blocks().iter().map(|block| block.kind).collect();
    assert_eq!(kinds, [BlockKind::Title, BlockKind::Paragraph, BlockKind::Paragraph], "{:?}", blocks(&doc));
}
