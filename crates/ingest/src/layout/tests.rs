use proptest::prelude::*;

use super::*;

/// Each block as its kind and the first characters of its text.
fn check(text: &str, expected: &[(BlockKind, &str)]) {
    let layout = layout(text);
    let found: Vec<(BlockKind, &str)> =
        layout.blocks.iter().map(|block| (block.kind, block.span.of(text).expect("a span of the text"))).collect();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((kind, text), (expected_kind, expected_text)) in found.iter().zip(expected) {
        assert_eq!((kind, &text[..expected_text.len().min(text.len())]), (expected_kind, *expected_text));
    }
}

fn meta(text: &str) -> String {
    let entries = layout(text).meta;
    entries
        .iter()
        .map(|(key, value)| format!("{key}={}", value.to_string().replace('"', "")))
        .collect::<Vec<_>>()
        .join(" ")
}

const PROSE: &str =
    "The first ships came in before dawn, and by noon the quay was as full as anyone could remember it.";

#[test]
fn a_news_analysis_has_title_masthead_byline_caption_and_headings() {
    use BlockKind::{Byline, Caption, Heading, Masthead, Paragraph, Title};
    let text = format!(
        "A Canal and Its Price\nPublication: The Observer Volume: 3 Issue: 9 Date: May 2, 2017\n\nBy Ada Flint\n\n\
         The lock at night. (Source: Canal Trust)\n\n{PROSE}\n\nWhat Comes Next\n\n{PROSE}\n"
    );
    check(
        &text,
        &[
            (Title, "A Canal"),
            (Masthead, "Publication: The Observer"),
            (Byline, "By Ada"),
            (Caption, "The lock"),
            (Paragraph, "The first"),
            (Heading, "What Comes"),
            (Paragraph, "The first"),
        ],
    );
    assert_eq!(
        meta(&text),
        "authors=[Ada Flint] date=2017-05-02 issue=9 photo_sources=[Canal Trust] publication=The Observer title=A Canal and Its Price volume=3"
    );
}

#[test]
fn an_imprint_and_a_dateline_are_stated_in_the_metadata() {
    use BlockKind::{Dateline, Masthead, Paragraph, Title};
    let text = format!("Ships Return\n\nHarbor News, June 1, 2018\n\nPORT CALDER (Reuters) — {PROSE}\n\n{PROSE}");
    check(
        &text,
        &[
            (Title, "Ships"),
            (Masthead, "Harbor News"),
            (Dateline, "PORT CALDER (Reuters) —"),
            (Paragraph, "The first"),
            (Paragraph, "The"),
        ],
    );
    assert_eq!(
        meta(&text),
        "date=2018-06-01 dateline=PORT CALDER (Reuters) publication=Harbor News title=Ships Return"
    );
}

#[test]
fn an_e_mail_has_a_header_a_quote_and_a_signature() {
    use BlockKind::{Footer, Masthead, Paragraph, Quote};
    let text = "From: Ada <ada@example.com>\nTo: Bo\nDate: Mon, 6 May 2024 08:51:33 +0100\nSubject: Ropes\n\nDear Bo,\n\n\
                The ropes are too short.\n\nOn Sun, 5 May 2024, Bo <bo@example.com> wrote:\n> Are the ropes long\n> enough for you?\n>\n> Bo\n\n-- \nAda Flint\nHarbor 3\n";
    check(
        text,
        &[
            (Masthead, "From: Ada"),
            (Masthead, "Dear Bo,"),
            (Paragraph, "The ropes"),
            (Masthead, "On Sun"),
            (Quote, "Are the ropes long\n> enough"),
            (Quote, "Bo"),
            (Footer, "Ada Flint\nHarbor 3"),
        ],
    );
    assert_eq!(meta(text), "date=2024-05-06 from=Ada <ada@example.com> subject=Ropes title=Ropes to=Bo");
}

#[test]
fn wrapped_lines_are_one_paragraph_and_short_ones_are_not() {
    use BlockKind::{Footer, Heading, ListItem, Paragraph, Title};
    let text = "Annual Report on Ropes\n\n1. Summary\n\nThe ropes of the harbor were measured in the month of May, and most\n\
                of them were found to be shorter than they had been a year before,\nwhich nobody could explain.\n\n\
                  * A rope of nine meters was lost in\n    the mud.\n  * The others were kept.\n\nHarbor Office      Page 1 of 2\n\nAda Flint\nHarbor 3\n";
    check(
        text,
        &[
            (Title, "Annual"),
            (Heading, "1. Summary"),
            (Paragraph, "The ropes of the harbor"),
            (ListItem, "A rope of nine meters was lost in\n    the mud."),
            (ListItem, "The others"),
            (Footer, "Harbor Office"),
            (Footer, "Ada Flint\nHarbor 3"),
        ],
    );
}

#[test]
fn front_matter_goes_to_the_metadata() {
    let text = "---\ntitle: Ropes\nauthor: Ada Flint\ndate: 2 May 2017\nDraft No: 3\n---\nThe ropes are too short. They are old.\n";
    check(text, &[(BlockKind::Masthead, "title: Ropes"), (BlockKind::Paragraph, "The ropes")]);
    assert_eq!(meta(text), "authors=[Ada Flint] date=2017-05-02 draft_no=3 title=Ropes");
}

#[test]
fn keys_with_values_are_a_table() {
    use BlockKind::{Paragraph, Table, Title};
    let text = format!(
        "New Hours\n\n{PROSE}\n\nMonday to Friday: 8:00 to 7:00\nSaturday: 9:00 to 3:00\nSunday: closed\n\n{PROSE}"
    );
    check(&text, &[(Title, "New"), (Paragraph, "The"), (Table, "Monday to Friday"), (Paragraph, "The")]);
}

#[test]
fn a_text_without_a_title_has_none() {
    check("Back at two. The key is under the blue pot.\n", &[(BlockKind::Paragraph, "Back at two")]);
    check("fish and chips", &[(BlockKind::Paragraph, "fish and chips")]);
}

#[test]
fn a_title_with_a_subtitle_may_stand_below_the_masthead_or_a_label() {
    use BlockKind::{Byline, Masthead, Paragraph, Title};
    let text = format!(
        "Publication: The Observer\nVolume: 3\nSection: World\n\nA Canal and Its Price\nHow it came to be dug\n\nAda Flint | Staff Writer\n\n{PROSE}\n"
    );
    check(
        &text,
        &[
            (Masthead, "Publication"),
            (Title, "A Canal"),
            (Masthead, "How it came"),
            (Byline, "Ada Flint"),
            (Paragraph, "The first"),
        ],
    );
    assert_eq!(
        meta(&text),
        "authors=[Ada Flint] publication=The Observer section=World subtitle=How it came to be dug title=A Canal and Its Price volume=3"
    );
    let text = format!("PRESS RELEASE\nContact: Ada Flint, ada@example.com\n\n“A Canal Is Dug”\n\n{PROSE}\n\nENDS\n");
    check(
        &text,
        &[
            (Masthead, "PRESS RELEASE\nContact"),
            (Title, "“A Canal"),
            (Paragraph, "The first"),
            (BlockKind::Footer, "ENDS"),
        ],
    );
    assert_eq!(meta(&text), "contact=Ada Flint, ada@example.com title=A Canal Is Dug");
}

#[test]
fn captions_stand_between_lines_of_prose_and_a_word_about_the_author_below_them() {
    use BlockKind::{Caption, Footer, Paragraph};
    let text =
        format!("{PROSE}\nPhoto: The lock. Credit: AFP\n{PROSE}\n\nAda Flint is a fellow at the Canal Institute.\n");
    check(&text, &[(Paragraph, "The first"), (Caption, "Photo"), (Paragraph, "The first"), (Footer, "Ada Flint is")]);
    assert_eq!(meta(&text), "authors=[Ada Flint] photo_sources=[AFP]");
}

#[test]
fn headings_stand_above_what_they_head() {
    use BlockKind::{Footer, Heading, ListItem, Paragraph, Title};
    let text = format!(
        "The Act\n\n{PROSE}\n\nPART I\nFEES\n\n1. Short title\nThis Act is the Act.\n\n2. Fees\n(1) A fee may be charged.\n(2) It is low.\n\n\
         Usage\n-----\n\n{PROSE}\n\nNotes\n1 Harbor News, 2016.\n2 Canal News, 2017.\n"
    );
    check(
        &text,
        &[
            (Title, "The Act"),
            (Paragraph, "The first"),
            (Heading, "PART I\nFEES"),
            (Heading, "1. Short"),
            (Paragraph, "This Act"),
            (Heading, "2. Fees"),
            (ListItem, "(1)"),
            (ListItem, "(2)"),
            (Heading, "Usage"),
            (Paragraph, "The first"),
            (Heading, "Notes"),
            (Footer, "1 Harbor"),
            (Footer, "2 Canal"),
        ],
    );
}

#[test]
fn what_people_say_and_sing_is_prose_and_what_programs_write_is_not() {
    use BlockKind::{Code, Paragraph, Title};
    check(
        "The Lock\n\nThe water holds its breath,\nthe lamps lay down their lines;\na barge comes in too late.\n",
        &[(Title, "The Lock"), (Paragraph, "The water holds")],
    );
    check(
        "[09:14] ada: morning\n[09:15] bo: two of three\n[09:16] * cleo has joined\n",
        &[(Paragraph, "[09:14]"), (Paragraph, "[09:15]"), (Code, "[09:16]")],
    );
    check("2017-05-02 08:15:00 INFO up\n2017-05-02 08:16:00 WARN disk is full\n", &[(Code, "2017")]);
    check("#include <a.h>\n\nint main(void)\n{\n    run();\n}\n", &[(Code, "#include"), (Code, "int main")]);
    check("Q: Who pays?\nA: We do, if the rope was faulty.\n", &[(Paragraph, "Q:"), (Paragraph, "A:")]);
}

/// Blocks must be in order, within the text, and have nothing but white space and marks between them.
fn check_invariants(text: &str) -> Result<(), TestCaseError> {
    let layout = layout(text);
    let mut covered = vec![false; text.len()];
    let mut end = 0;
    for block in &layout.blocks {
        prop_assert!(block.span.of(text).is_some(), "{} is no span of {text:?}", block.span);
        prop_assert!(block.span.start >= end, "{} overlaps what is before it in {text:?}", block.span);
        end = block.span.end;
    }
    for span in layout.blocks.iter().map(|block| block.span).chain(layout.marks) {
        prop_assert!(span.of(text).is_some(), "{span} is no span of {text:?}");
        covered[span.start..span.end].fill(true);
    }
    let left: String = text.char_indices().filter(|(at, _)| !covered[*at]).map(|(_, c)| c).collect();
    prop_assert!(left.trim().is_empty(), "{left:?} is in no block of {text:?}");
    for block in &layout.blocks {
        let words = block.span.of(text).unwrap_or_default();
        prop_assert_eq!(words, words.trim());
        for cell in &block.cells {
            prop_assert!(block.span.contains(cell.span) && cell.span.of(text).is_some());
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn blocks_cover_any_text(text in "(?s).{0,120}") {
        check_invariants(&text)?;
    }

    #[test]
    fn blocks_cover_any_lines(parts in prop::collection::vec(prop::sample::select(vec![
        "\n", "\n\n", "\r\n", "\u{c}", "  ", "\t", "---", "> ", ">> x", "* item", "1. Point", "2.1 Deep", "[1] Note", "A Title Line", "By Ada Flint",
        "Date: May 2, 2017 Issue: 3", "| a | b |", "|---|---|", "x  y  z", "PORT CALDER, May 2 — ", "(Source: Ada)", "Photo: é", "Page 1 of 2",
        "A sentence that is long enough to be wrapped around.", "Key: value", "— ", "[09:14] ada: yes", "08:15 INFO up", "run();", "}", "ENDS", "Notes", "1 Note", "Opinion", "Entry ..... 3", "=====", "é", "12", "--", "wrote: 3 wrote:", "Inland News, May 2, 2017", "CAPITALS",
    ]), 0..24)) {
        check_invariants(&parts.concat())?;
    }
}

#[test]
fn a_caption_in_brackets_is_no_masthead() {
    use BlockKind::{Caption, Masthead, Paragraph, Title};
    for caption in [
        "[Photo: Miners at Kayes. Source: Agence France-Presse]",
        "(Photo: Miners at Kayes. Source: Agence France-Presse)",
        "*Photo: Miners at Kayes. Source: Agence France-Presse*",
        "Photo: Miners at Kayes. Source: Agence France-Presse",
        "[Photo: Miners at Kayes (Source: Agence France-Presse)]",
    ] {
        let text = format!("The Mines Reopen\nPublication: The Observer\n\n{caption}\n\n{PROSE}\n");
        let kinds = [(Title, "The Mines"), (Masthead, "Publication:"), (Caption, caption), (Paragraph, "The first")];
        check(&text, &kinds);
        let stated = "photo_sources=[Agence France-Presse] publication=The Observer title=The Mines Reopen";
        assert_eq!(meta(&text), stated, "{caption}");
    }
    let text = format!("The Mines Reopen\n\nSource: Reuters Date: May 3, 2016\n\n{PROSE}\n");
    assert_eq!(meta(&text), "date=2016-05-03 source=Reuters title=The Mines Reopen");
}

#[test]
fn a_section_above_the_title_is_not_the_title() {
    use BlockKind::{Byline, Masthead, Paragraph, Title};
    let text = format!("Defense & Society\n\nBaltic Cables, Nordic Doubts\n\nBy Ada Flint\n\n{PROSE}\n");
    check(
        &text,
        &[(Masthead, "Defense & Society"), (Title, "Baltic Cables"), (Byline, "By Ada"), (Paragraph, "The first")],
    );
    let stated = "authors=[Ada Flint] section=Defense & Society title=Baltic Cables, Nordic Doubts";
    assert_eq!(meta(&text), stated);
    for [first, second] in [["\n\n", "\n"], ["\n", "\n"], ["\n", "\n\n"]] {
        let text = format!("Defense & Society{first}Baltic Cables, Nordic Doubts{second}By Ada Flint\n\n{PROSE}\n");
        assert_eq!(meta(&text), stated, "{text}");
    }
    let text = format!("Ships Return\n\nHow the harbor filled again\n\nBy Ada Flint\n\n{PROSE}\n");
    assert!(meta(&text).ends_with("title=Ships Return"), "a short title is no section");
    let text = format!("Water Politics\n\nWhat the Council Decided\n\n{PROSE}\n");
    assert_eq!(meta(&text), "title=Water Politics", "nothing says that a title follows");
}

#[test]
fn a_line_with_a_date_or_an_author_is_no_part_of_the_title() {
    for (line, expected) in [
        (
            "Policy Weekly, 13 January 2021 ? by Wei García",
            "authors=[Wei García] date=2021-01-13 publication=Policy Weekly",
        ),
        (
            "Policy Weekly, 13 January 2021 \u{fffd} by Wei García",
            "authors=[Wei García] date=2021-01-13 publication=Policy Weekly",
        ),
        ("Policy Weekly ? by Wei García", "authors=[Wei García] publication=Policy Weekly"),
        ("Policy Weekly | by Wei García", "authors=[Wei García] publication=Policy Weekly"),
    ] {
        let text = format!("Some Headline Here In São Paulo\n{line}\n\n{PROSE}\n");
        assert_eq!(meta(&text), format!("{expected} title=Some Headline Here In São Paulo"), "{line}");
    }
    for line in ["It was told on 13 January 2021 ! again", "As told to the weekly by Wei García"] {
        let text = format!("Some Headline Here In São Paulo\n{line}\n\n{PROSE}\n");
        assert!(meta(&text).ends_with("title=Some Headline Here In São Paulo"), "{}", meta(&text));
    }
}
