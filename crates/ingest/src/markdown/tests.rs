//! What is read of whole files.

use docmill_core::{BlockKind, Context, Document, Hint, RawSource, ReadError, Reader};
use proptest::prelude::*;
use serde_json::json;

use super::Markdown;

fn try_read(source: &str) -> Result<Document, ReadError> {
    Markdown::default().read(RawSource::new("note.md", "text/markdown", source), &Context::default())
}

fn read(source: &str) -> Document {
    try_read(source).unwrap()
}

/// The blocks of a file as kind, level and text.
fn check(source: &str, expected: &[(BlockKind, u8, &str)]) {
    let doc = read(source);
    let blocks: Vec<_> = doc
        .blocks()
        .iter()
        .map(|block| (block.kind, block.level.unwrap_or(0), block.span.of(doc.text()).unwrap()))
        .collect();
    assert_eq!(blocks, expected, "{source}");
}

#[test]
fn mark_up_goes_and_wrapped_lines_are_joined() {
    check(
        "# The *Wall*\n\nIt is **very**\nlong, `so to` speak\\*, &amp;\n ~~short~~ it is.  \nNew line.",
        &[
            (BlockKind::Title, 0, "The Wall"),
            (BlockKind::Paragraph, 0, "It is very long, so to speak*, & short it is.\nNew line."),
        ],
    );
}

#[test]
fn headings_lists_quotes_and_code_are_blocks() {
    check(
        "A\n=\n\nB\n-\n\n1. one\n2. two\n   - in two\n     wrapped\n\n> said\n\n```sh\nls  -l\n\n  pwd\n```\n\n# C",
        &[
            (BlockKind::Title, 0, "A"),
            (BlockKind::Heading, 2, "B"),
            (BlockKind::ListItem, 1, "one"),
            (BlockKind::ListItem, 1, "two"),
            (BlockKind::ListItem, 2, "in two wrapped"),
            (BlockKind::Quote, 0, "said"),
            (BlockKind::Code, 0, "ls  -l\n\n  pwd"),
            (BlockKind::Heading, 1, "C"),
        ],
    );
}

#[test]
fn a_table_has_rows_and_cells() {
    let doc = read("| a | b |\n|---|---|\n| *1* | |\n| x\\|y | z |\n\nAfter.");
    assert_eq!(doc.text(), "a\tb\n1\nx|y\tz\n\nAfter.");
    let cells: Vec<_> = doc.blocks()[0]
        .cells
        .iter()
        .map(|cell| (cell.row, cell.column, cell.header, cell.span.of(doc.text()).unwrap()))
        .collect();
    assert_eq!(
        cells,
        [
            (0, 0, true, "a"),
            (0, 1, true, "b"),
            (1, 0, false, "1"),
            (1, 1, false, ""),
            (2, 0, false, "x|y"),
            (2, 1, false, "z"),
        ]
    );
}

#[test]
fn front_matter_goes_into_the_metadata() {
    let doc = read(
        "---\ntitle: Policy\nauthor: Ann Pell\ndate: 2017-02-06\nReview Cycle: yearly\n---\n\n# Open data\n\nText.",
    );
    assert_eq!(doc.text(), "Open data\n\nText.");
    assert_eq!(doc.meta.text("title"), Some("Policy"));
    assert_eq!(doc.meta.get("authors"), Some(&json!(["Ann Pell"])));
    assert_eq!(doc.date(), Some("2017-02-06"));
    assert_eq!(doc.meta.text("review_cycle"), Some("yearly"));
}

#[test]
fn links_are_annotations_and_their_definitions_go() {
    let doc = read(
        "See [the *library*][lib], <https://x.example/> and ![a picture](p.png).\n\n[lib]: https://lib.example/ 'L'\n",
    );
    assert_eq!(doc.text(), "See the library, https://x.example/ and .");
    let links: Vec<_> =
        doc.annotations().iter().map(|link| (link.span.of(doc.text()).unwrap(), link.value.clone())).collect();
    assert_eq!(
        links,
        [
            ("the library", json!({"href": "https://lib.example/"})),
            ("https://x.example/", json!({"href": "https://x.example/"})),
        ]
    );
}

#[test]
fn footnotes_stand_apart_and_tasks_lose_their_boxes() {
    check(
        "Text[^1].\n\n- [x] done\n- [ ] open\n\n[^1]: A note.\n",
        &[
            (BlockKind::Paragraph, 0, "Text."),
            (BlockKind::ListItem, 1, "done"),
            (BlockKind::ListItem, 1, "open"),
            (BlockKind::Footer, 0, "A note."),
        ],
    );
}

#[test]
fn html_in_it_gives_its_text() {
    check(
        "A <b>bold</b> word.\n\n<div class=x>\n<p>In &eacute;</p>\n<script>no()</script>\n<textarea>Typed</textarea></div>\n\nEnd.",
        &[
            (BlockKind::Paragraph, 0, "A bold word."),
            (BlockKind::Paragraph, 0, "In é"),
            (BlockKind::Paragraph, 0, "Typed"),
            (BlockKind::Paragraph, 0, "End."),
        ],
    );
}

#[test]
fn the_marks_of_a_quote_are_no_part_of_the_html_in_it() {
    let doc = read("> <div>\n> Low tide\n> </div>\n\nEnd.");
    assert_eq!(doc.text().split_whitespace().collect::<Vec<_>>(), ["Low", "tide", "End."]);
}

#[test]
fn links_of_html_in_it_are_not_taken_for_its_own() {
    let doc = read("[a](x) and [b](y) and [c](z) and [d](v)\n\n<div><a href=w>e</a></div>\n");
    assert_eq!(doc.annotations().len(), 4);
}

#[test]
fn a_file_without_words_is_empty() {
    for source in ["", "\n\n", "---\n", "[a]: https://x.example/\n", "<!-- nothing -->\n"] {
        assert!(matches!(try_read(source), Err(ReadError::Empty)), "{source}");
    }
}

#[test]
fn files_are_recognized_by_name() {
    let recognized = |uri| Markdown::default().recognizes(&Hint::new(uri, b"# A"));
    assert_eq!(recognized("a/README.MD"), Some("text/markdown"));
    assert_eq!(recognized("a.markdown"), Some("text/markdown"));
    assert_eq!(recognized("a.txt"), None);
    assert_eq!(recognized("md"), None);
}

fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "# ",
        "## ",
        "- ",
        "1. ",
        "> ",
        "```",
        "`",
        "``",
        "*",
        "**",
        "_",
        "~~",
        "[",
        "](x)",
        "]",
        "![",
        "<b>",
        "</b>",
        "<div>",
        "</div>\n",
        "|",
        "|---|---|\n",
        "&amp;",
        "&",
        "\\",
        "---",
        "===",
        "\n",
        "\n\n",
        "  \n",
        "    ",
        "\t",
        " ",
        "word",
        "more words",
        "é",
        "日本",
        "\u{a0}",
        "[^1]",
        "[^1]: ",
        "[a]: b\n",
        "\r\n",
        "\0",
        "<!--",
        "-->",
        "- [ ] ",
        "a: b\n",
    ]);
    prop::collection::vec(pieces, 0..50).prop_map(|pieces| pieces.concat())
}

/// Whether the letters of `word` come in this order in `place`: mark-up may stand between them.
fn holds(place: &str, word: &str) -> bool {
    let mut rest = place.chars();
    word.chars().all(|letter| rest.any(|found| found == letter))
}

proptest! {
    #[test]
    fn the_blocks_of_any_top_follow_each_other_without_white_space_around_them(
        lines in prop::collection::vec(
            prop::sample::select(vec![
                "# Kayes", "## Part", "World", "*By Jane Doe*", "**Harbor News** · May 3, 2016", "Date: 3 May 2016", "Port Calder",
                "(Photo: Miners. Source: AFP)", "KAYES, May 2 (AFP) — The mine is open again.", "> said", "- item", "é ? by Wei García", "",
                "", "  ", "***",
            ]),
            1..16,
        ),
    ) {
        let Ok(doc) = try_read(&lines.join("\n")) else { return Ok(()) };
        let mut end = 0;
        for block in doc.blocks() {
            let text = block.span.of(doc.text());
            prop_assert!(block.span.start >= end && text.is_some_and(|text| !text.is_empty() && text.trim() == text));
            end = block.span.end;
        }
    }

    #[test]
    fn soup_keeps_the_invariants(source in soup()) {
        let Ok(doc) = try_read(&source) else { return Ok(()) };
        let text = doc.text();
        let mut end = 0;
        for block in doc.blocks() {
            let inside = block.span.of(text);
            prop_assert!(inside.is_some_and(|inside| !inside.is_empty() && inside.trim() == inside), "{block:?} of {text:?}");
            prop_assert!(block.span.start >= end && text[end..block.span.start].trim().is_empty());
            end = block.span.end;
            for cell in &block.cells {
                prop_assert!(cell.span.of(text).is_some() && block.span.contains(cell.span));
            }
        }
        prop_assert!(text[end..].trim().is_empty());
        for word in text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()) {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            let place = doc.to_original((start..start + word.len()).into());
            prop_assert!(place.of(doc.original()).is_some_and(|found| holds(found, word)));
        }
    }
}

/// The metadata of a file, without its quotes.
fn meta(source: &str) -> String {
    let doc = read(source);
    let entries = doc.meta.iter().map(|(key, value)| format!("{key}={}", value.to_string().replace('"', "")));
    entries.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_masthead_below_the_title_is_read_as_in_plain_text() {
    for (below, expected) in [
        (
            "**Latin American Notes** · Issue 211 · September 2, 2014 · *by Ana María Quispe*",
            "authors=[Ana María Quispe] date=2014-09-02 issue=211 publication=Latin American Notes title=Kayes",
        ),
        ("By Jane Doe", "authors=[Jane Doe] title=Kayes"),
        ("*Published 3 May 2016*", "date=2016-05-03 title=Kayes"),
        ("Date: 3 May 2016", "date=2016-05-03 title=Kayes"),
        ("**By Jane Doe**\n*3 May 2016*", "authors=[Jane Doe] date=2016-05-03 title=Kayes"),
        ("**Author:** Jane Doe\n**Date:** 3 May 2016", "authors=[Jane Doe] date=2016-05-03 title=Kayes"),
        (
            "By Jane Doe  \nHarbor News, 3 May 2016",
            "authors=[Jane Doe] date=2016-05-03 publication=Harbor News title=Kayes",
        ),
        (
            "_By Jane Doe_\n\nA short line\n\nHarbor News, 3 May 2016",
            "authors=[Jane Doe] date=2016-05-03 publication=Harbor News title=Kayes",
        ),
        ("The mine opened on May 3, 2016.", "title=Kayes"),
        ("It opened.\n\nBy Jane Doe", "authors=[Jane Doe] title=Kayes"),
        ("It opened.\n\nIt closed.\n\nBy Jane Doe", "title=Kayes"),
        (
            "By Jane Doe\nPort Calder\nHarbor News, 3 May 2016",
            "authors=[Jane Doe] date=2016-05-03 publication=Harbor News title=Kayes",
        ),
        ("Harbor News, 3 May 2016\nand on it went\nfor years", "title=Kayes"),
        ("## By Jane Doe\n\nDate: 3 May 2016", "title=Kayes"),
    ] {
        assert_eq!(meta(&format!("# Kayes\n\n{below}\n\nThe mine is open again.\n")), expected, "{below}");
    }
}

#[test]
fn lines_below_the_title_are_blocks_of_their_kind() {
    check(
        "*World*\n\n# Kayes\n\n*How it reopened*\n\n**Harbor News** | May 3, 2016\n*By Jane Doe*\n\n*Photo: Miners. Source: AFP*\n\nIt is\nopen.",
        &[
            (BlockKind::Masthead, 0, "World"),
            (BlockKind::Title, 0, "Kayes"),
            (BlockKind::Masthead, 0, "How it reopened"),
            (BlockKind::Masthead, 0, "Harbor News | May 3, 2016"),
            (BlockKind::Byline, 0, "By Jane Doe"),
            (BlockKind::Caption, 0, "Photo: Miners. Source: AFP"),
            (BlockKind::Paragraph, 0, "It is open."),
        ],
    );
}

#[test]
fn a_title_may_be_plain_where_a_masthead_follows_it() {
    let expected = "authors=[Jane Doe] title=The Mines of Kayes";
    assert_eq!(meta("The Mines of Kayes\n\nBy Jane Doe\n\nThey are open.\n"), expected);
    assert_eq!(
        meta("Trade & Mines\n\n**The Mines of Kayes**\n\nBy Jane Doe\n\nThey are open.\n"),
        "authors=[Jane Doe] section=Trade & Mines title=The Mines of Kayes"
    );
    assert_eq!(meta("The Mines of Kayes\n\nThey are open.\n"), "");
}

#[test]
fn what_the_front_matter_states_holds() {
    let source = "---\nauthor: Bo Reyes\n---\n# Kayes\n\nBy Jane Doe · Issue 4\n\nIt is open.\n";
    assert_eq!(meta(source), "authors=[Bo Reyes] issue=4 title=Kayes");
}

#[test]
fn short_paragraphs_far_below_the_title_are_no_masthead() {
    let names = "Ann Pell\n\n".repeat(20);
    let doc = read(&format!("# Members\n\n{names}Date: 3 May 2016\n"));
    assert_eq!(doc.date(), None);
    assert!(doc.blocks()[1..].iter().all(|block| block.kind == BlockKind::Paragraph));
}

#[test]
fn the_first_paragraph_may_begin_with_a_dateline() {
    let prose = "The mine is open again, and the first miners went down before dawn.";
    check(
        &format!("# Kayes\n\nBy Jane Doe\n\nKAYES, **May 2** (Reuters) — {prose}\n"),
        &[
            (BlockKind::Title, 0, "Kayes"),
            (BlockKind::Byline, 0, "By Jane Doe"),
            (BlockKind::Dateline, 0, "KAYES, May 2 (Reuters) —"),
            (BlockKind::Paragraph, 0, prose),
        ],
    );
}
