//! What is read of whole pages.

use docmill_core::{BlockKind, Context, Document, Hint, RawSource, ReadError, Reader};
use proptest::prelude::*;
use serde_json::json;

use super::{Html, MainText, begins_like_html, declared_encoding};

fn try_read(html: &Html, page: &[u8]) -> Result<Document, ReadError> {
    html.read(RawSource::new("page.html", "text/html", page), &Context::default())
}

fn read(page: &str) -> Document {
    try_read(&Html::default(), page.as_bytes()).unwrap()
}

/// The text of a page.
pub(super) fn text(page: &str) -> String {
    read(page).text().to_owned()
}

/// The blocks of a page as kind and text.
fn check(page: &str, expected: &[(BlockKind, &str)]) {
    let doc = read(page);
    let blocks: Vec<_> = doc.blocks().iter().map(|block| (block.kind, block.span.of(doc.text()).unwrap())).collect();
    assert_eq!(blocks, expected, "{page}");
}

const SENTENCES: &str = "The wall will run for two kilometres, from the tannery to the bridge. It will be built of brick, \
    and there will be a path on top of it. Nobody knows yet who will sweep it, but the mayor has a broom.";

#[test]
fn mark_up_goes_and_white_space_is_one_space() {
    check(
        "<p>  One\n  <b>two</b>   <i>three</i>, four<br>\n five.</p><p>Six",
        &[(BlockKind::Paragraph, "One two three, four\nfive."), (BlockKind::Paragraph, "Six")],
    );
    assert_eq!(read("<p>One<p>Two<div>Three").text(), "One\n\nTwo\n\nThree");
}

#[test]
fn references_become_their_characters() {
    check(
        "<p>caf&eacute; &amp; bar&nbsp;&#8211; 5&nbsp;km &lt;b> &nosuch; &nbsp;</p>",
        &[(BlockKind::Paragraph, "café & bar\u{a0}– 5\u{a0}km <b> &nosuch;")],
    );
}

#[test]
fn two_line_breaks_part_paragraphs() {
    check("<div>One<br>two<br><br>three</div>", &[(BlockKind::Paragraph, "One\ntwo"), (BlockKind::Paragraph, "three")]);
}

#[test]
fn headings_lists_quotes_and_code_are_blocks() {
    let doc = read(
        "<h1>Walls</h1><h2>Kinds</h2><ul><li>Brick<ul><li>Red</ul><li>Stone</ul><blockquote><p>Build it.</p></blockquote>\
         <pre>\n  if a &lt; b:\n      c\n</pre>",
    );
    assert_eq!(doc.text(), "Walls\n\nKinds\n\nBrick\nRed\nStone\n\nBuild it.\n\nif a < b:\n      c");
    let kinds: Vec<_> = doc.blocks().iter().map(|block| (block.kind, block.level)).collect();
    assert_eq!(
        kinds,
        [
            (BlockKind::Title, None),
            (BlockKind::Heading, Some(2)),
            (BlockKind::ListItem, Some(1)),
            (BlockKind::ListItem, Some(2)),
            (BlockKind::ListItem, Some(1)),
            (BlockKind::Quote, None),
            (BlockKind::Code, None),
        ]
    );
}

#[test]
fn a_table_has_rows_and_cells() {
    let doc = read(
        "<table><caption>Cargo</caption><tr><th rowspan=2>Quay<th colspan=2>Year<tr><th>2015<th>2016\
         <tr><td>North<td><td>7 &amp; 8</table><p>After.",
    );
    assert_eq!(doc.text(), "Cargo\n\nQuay\tYear\n2015\t2016\nNorth\t\t7 & 8\n\nAfter.");
    assert_eq!(doc.blocks()[0].kind, BlockKind::Caption);
    let table = &doc.blocks()[1];
    assert_eq!(table.kind, BlockKind::Table);
    let cells: Vec<_> = table
        .cells
        .iter()
        .map(|cell| (cell.row, cell.column, cell.header, cell.span.of(doc.text()).unwrap()))
        .collect();
    assert_eq!(
        cells,
        [
            (0, 0, true, "Quay"),
            (0, 1, true, "Year"),
            (1, 1, true, "2015"),
            (1, 2, true, "2016"),
            (2, 0, false, "North"),
            (2, 1, false, ""),
            (2, 2, false, "7 & 8"),
        ]
    );
}

#[test]
fn tables_that_lay_out_the_page_are_no_tables() {
    check(
        "<table role=presentation><tr><td><p>One two.</p></td><td>Three.</td></tr></table>",
        &[(BlockKind::Paragraph, "One two."), (BlockKind::Paragraph, "Three.")],
    );
}

#[test]
fn what_stands_around_the_article_is_left_out() {
    let page = format!(
        "<body><nav><a href=/>Home</a></nav><div class=cookie-banner>We use cookies, and many of them.</div>\
         <div id=wrap><div class=story><h1>The wall is built</h1><p>{SENTENCES}</p>\
         <div class=share-bar><a href=#>Share this</a></div><p>{SENTENCES}</p></div>\
         <div class='sidebar'><a href=/a>Other story</a> <a href=/b>More of it</a></div>\
         <div id=comments><p>I have said this before, and I will say it again.</p></div></div>\
         <p style='display: none'>Hidden.</p><footer>All rights reserved.</footer>"
    );
    check(
        &page,
        &[
            (BlockKind::Title, "The wall is built"),
            (BlockKind::Paragraph, SENTENCES),
            (BlockKind::Paragraph, SENTENCES),
        ],
    );
}

#[test]
fn a_page_without_an_article_is_kept_without_its_navigation() {
    let page = b"<nav><a href=/>Home</a></nav><ul><li>Oak table, 80<li>Elm chair, 20</ul><footer>Imprint</footer>";
    for main in [MainText::Article, MainText::Body] {
        let doc = try_read(&Html { main, links: true }, page).unwrap();
        assert_eq!(doc.text(), "Oak table, 80\nElm chair, 20");
    }
}

#[test]
fn a_title_above_the_article_is_taken_with_byline_and_date() {
    let page = format!(
        "<title>The wall is built | Courier</title><header class=page-header><a href=/>Courier</a>\
         <h1>The wall is built</h1></header><p class=byline>By Ann Pell</p><div class=article-body><p>{SENTENCES}</p></div>"
    );
    check(
        &page,
        &[
            (BlockKind::Title, "The wall is built"),
            (BlockKind::Byline, "By Ann Pell"),
            (BlockKind::Paragraph, SENTENCES),
        ],
    );
}

#[test]
fn links_in_the_text_are_annotations() {
    let page = "<p>See the <a href='/a?b=1&amp;c=2' rel=nofollow>town\n <b>library</b></a>, <a href=#>top</a>.";
    let doc = read(page);
    let links: Vec<_> =
        doc.annotations().iter().map(|link| (link.span.of(doc.text()).unwrap(), link.value.clone())).collect();
    assert_eq!(links, [("town library", json!({"href": "/a?b=1&c=2", "rel": "nofollow"}))]);
    let without = Html { links: false, ..Html::default() };
    assert!(try_read(&without, page.as_bytes()).unwrap().annotations().is_empty());
}

#[test]
fn content_for_readers_without_scripts_is_read_where_there_is_no_other() {
    check("<div id=app></div><noscript><p>One, two.</p></noscript>", &[(BlockKind::Paragraph, "One, two.")]);
    let page =
        format!("<p>{SENTENCES}</p><p>{SENTENCES}</p><p>{SENTENCES}</p><noscript><p>Turn on scripts.</p></noscript>");
    assert!(!read(&page).text().contains("scripts"));
}

#[test]
fn a_page_without_words_is_empty() {
    for page in ["", " ", "<p>&nbsp;</p>", "<script>var a;</script>", "<title>Only a title</title>"] {
        assert!(matches!(try_read(&Html::default(), page.as_bytes()), Err(ReadError::Empty)), "{page}");
    }
}

#[test]
fn the_encoding_is_the_declared_one() {
    let page = b"<meta charset=windows-1252><p>caf\xe9 \x93quoted\x94</p>";
    let doc = try_read(&Html::default(), page).unwrap();
    assert_eq!((doc.text(), doc.source().encoding.as_str()), ("café “quoted”", "windows-1252"));
    let declared = |head: &str| declared_encoding(head.as_bytes());
    assert_eq!(
        declared("<META http-equiv=Content-Type content='text/html; charset=ISO-8859-1'>").as_deref(),
        Some("iso-8859-1")
    );
    assert_eq!(declared("<?xml version='1.0' encoding=\"utf-8\"?><html>").as_deref(), Some("utf-8"));
    assert_eq!(declared("<p>charset=utf-8"), None);
}

#[test]
fn pages_are_recognized_by_name_or_by_how_they_begin() {
    let recognized = |uri: &str, head: &str| Html::default().recognizes(&Hint::new(uri, head.as_bytes()));
    assert_eq!(recognized("a/b.HTM", ""), Some("text/html"));
    assert_eq!(recognized("b.xhtml", ""), Some("application/xhtml+xml"));
    assert_eq!(recognized("b", "\n <!DOCTYPE html><p>x"), Some("text/html"));
    assert_eq!(recognized("b.txt", "<!DOCTYPE html><p>x"), None);
    assert_eq!(recognized("b", "A page in <html>"), None);
    assert!(begins_like_html(b"<!-- saved --><html>"));
}

fn fixture(name: &str) -> Document {
    let path = format!("{}/../../fixtures/newsroom/{name}", env!("CARGO_MANIFEST_DIR"));
    try_read(&Html::default(), &std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_news_page_is_its_article() {
    let doc = fixture("council.html");
    assert!(doc.text().starts_with("Council backs flood wall after nine‑hour debate\n\nBy Leonie Hartwell, "));
    assert!(doc.text().ends_with("she would tell us after the first big storm."));
    for noise in ["cookies", "Most read", "Winter tyres", "Share this story", "Related stories", "inbox", "reserved"] {
        assert!(!doc.text().contains(noise), "{noise}");
    }
    assert_eq!((doc.date(), doc.annotations().len()), (Some("2019-11-22"), 3));
    let table = doc.blocks().iter().find(|block| block.kind == BlockKind::Table).unwrap();
    assert_eq!(table.cells.len(), 15);
}

#[test]
fn an_older_page_without_an_article_element_is_its_story() {
    let doc = fixture("market.html");
    assert_eq!(doc.title(), Some("Flea market traders get one more summer"));
    assert!(doc.text().ends_with("“a fourth idea, or a better nose” by July."));
    for noise in ["Mattress", "Goat", "E-mail this", "felt slippers", "doorknob_fan", "Poll", "inside a script"] {
        assert!(!doc.text().contains(noise), "{noise}");
    }
}

#[test]
fn a_page_that_is_mostly_a_table_keeps_it() {
    let doc = fixture("listing.html");
    let tables: Vec<_> = doc.blocks().iter().filter(|block| block.kind == BlockKind::Table).collect();
    assert_eq!(tables.iter().map(|table| table.cells.len()).collect::<Vec<_>>(), [78, 15]);
    let cell = tables[0].cells.iter().find(|cell| (cell.row, cell.column) == (1, 2)).unwrap();
    assert_eq!(cell.span.of(doc.text()), Some("2012"));
}

#[test]
fn hostile_pages_are_read_in_time() {
    let pages = [
        "<div>".repeat(200_000) + "words",
        "<p><b>".repeat(100_000) + "words",
        "<table><tr><td>x".repeat(50_000),
        format!("<p class=\"{}\">words</p>", "a-b ".repeat(500_000)),
        "&amp".repeat(200_000),
        "<".repeat(500_000) + "words",
        "<a href=x>w".repeat(100_000),
        "<noscript>".repeat(100_000) + "words",
        "<svg><p>w".repeat(100_000),
    ];
    for page in pages {
        // What matters is that it ends, soon and without a panic.
        let _ = try_read(&Html::default(), page.as_bytes());
    }
}

/// A piece of a page: tags that are often wrong, references, text.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<div class=story>",
        "</div>",
        "<b>",
        "</b>",
        "<a href=x>",
        "</a>",
        "<ul>",
        "<li>",
        "</ul>",
        "<table>",
        "<tr>",
        "<td>",
        "<th colspan=2>",
        "<td rowspan=3>",
        "</td>",
        "</tr>",
        "</table>",
        "<caption>",
        "<br>",
        "<br/>",
        "<pre>",
        "</pre>",
        "<h1>",
        "</h1>",
        "<h2 id=share>",
        "<blockquote>",
        "<nav>",
        "</nav>",
        "<noscript>",
        "</noscript>",
        "<script>",
        "</script>",
        "<svg>",
        "</svg>",
        "<figcaption>",
        "<time class=date>",
        "<span class=byline>",
        "<!--",
        "-->",
        "<title>",
        "</title>",
        "<article>",
        "<aside>",
        "&amp;",
        "&eacute",
        "&#x2019;",
        "&nbsp;",
        "&",
        "<",
        ">",
        " ",
        "\n",
        "\t",
        "\u{a0}",
        "\u{3000}",
        "é",
        "日本。",
        "word",
        "Words and more, so that it reads like text. ",
        "\r\n",
        "\0",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

/// Whether the letters of `word` come in this order in `place`: mark-up may stand between them.
fn holds(place: &str, word: &str) -> bool {
    let mut rest = place.chars();
    word.chars().all(|letter| rest.any(|found| found == letter))
}

fn check_invariants(doc: &Document) -> Result<(), TestCaseError> {
    let text = doc.text();
    let mut end = 0;
    for block in doc.blocks() {
        let inside = block.span.of(text);
        prop_assert!(
            inside.is_some_and(|inside| !inside.is_empty() && inside.trim() == inside),
            "{block:?} of {text:?}"
        );
        prop_assert!(block.span.start >= end, "{block:?} overlaps what is before it");
        prop_assert!(text[end..block.span.start].trim().is_empty(), "text between blocks: {text:?}");
        end = block.span.end;
        for cell in &block.cells {
            prop_assert!(cell.span.of(text).is_some() && block.span.contains(cell.span), "{cell:?} of {block:?}");
        }
    }
    prop_assert!(text[end..].trim().is_empty());
    for link in doc.annotations() {
        prop_assert!(link.span.of(text).is_some_and(|inside| inside.trim() == inside && !inside.is_empty()));
    }
    Ok(())
}

proptest! {
    #[test]
    fn soup_keeps_the_invariants_and_its_words_lead_home(page in soup()) {
        let Ok(doc) = try_read(&Html::default(), page.as_bytes()) else { return Ok(()) };
        check_invariants(&doc)?;
        let text = doc.text();
        for word in text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()) {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            let place = doc.to_original((start..start + word.len()).into());
            let found = place.of(doc.original()).unwrap();
            let exact = !found.contains(['<', '&']);
            prop_assert!(if exact { found == word } else { holds(found, word) }, "{word:?} leads to {found:?}");
        }
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(page in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(doc) = try_read(&Html::default(), &page) {
            check_invariants(&doc)?;
        }
    }

    #[test]
    fn arbitrary_text_in_a_page_is_its_text(words in prop::collection::vec("[a-zé.,]{1,8}", 1..20)) {
        let doc = read(&format!("<p>{}</p>", words.join("  ")));
        prop_assert_eq!(doc.text(), words.join(" "));
    }
}
