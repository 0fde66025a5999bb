//! A digest as a page for people.

use std::fmt::Write as _;

use docmill_core::Place;

use super::Gist;
use super::earlier::Ended;
use super::entry::{Quoted, Telling};
use super::story::{Status, Story};
use crate::markdown::escape::one_line;

/// What stands before the stories.
pub(super) fn head(gist: &Gist) -> String {
    let mut page = "# Digest\n\n".to_owned();
    let _ = write!(
        page,
        "{}, {}",
        counted(gist.documents, "document", "documents"),
        counted(gist.stories, "story", "stories")
    );
    if let Some(dates) = dates(gist.first.as_deref(), gist.last.as_deref()) {
        page.push_str(", ");
        one_line(&dates, &mut page);
    }
    page.push_str(".\n");
    page
}

/// A story.
pub(super) fn story(story: &Story) -> String {
    let mut page = "\n## ".to_owned();
    one_line(&story.headline, &mut page);
    page.push_str("\n\n");
    let (first, last) = story.dates();
    let mut about = counted(story.documents(), "document", "documents");
    about.extend(dates(first, last).map(|dates| format!(", {dates}")));
    match story.status {
        Some(Status::New) => about.push_str(", new"),
        Some(Status::GoesOn) if story.sentences.is_empty() => about.push_str(", nothing new"),
        Some(Status::GoesOn) => about.push_str(", goes on"),
        None => {}
    }
    one_line(&about, &mut page);
    page.push('\n');
    for (at, sentence) in story.sentences.iter().enumerate() {
        page.push_str(if at == 0 { "\n- " } else { "- " });
        one_line(&sentence.text, &mut page);
        if let Some(document) = story.document(&sentence.document) {
            let from = format!("{}, {}", outlet(document), place(&sentence.source));
            page.push_str(" — ");
            link(&from, document, Some(sentence), &mut page);
        }
        page.push('\n');
    }
    page.push_str("\nTold by:\n\n");
    for document in &story.documents {
        page.push_str("- ");
        link(document.title.as_deref().unwrap_or(&document.uri), document, None, &mut page);
        let beside = [document.publication.as_deref(), document.date.as_deref()];
        for part in beside.into_iter().flatten() {
            page.push_str(", ");
            one_line(part, &mut page);
        }
        page.push('\n');
    }
    page
}

/// What stands after the stories: those that have ended, and how many were left out.
pub(super) fn tail(ended: Option<&[Ended]>, left_out: usize) -> String {
    let mut page = String::new();
    if let Some(ended) = ended.filter(|ended| !ended.is_empty()) {
        page.push_str("\n## Ended\n\n");
        for story in ended {
            page.push_str("- ");
            one_line(&story.headline, &mut page);
            if let Some(last) = &story.last {
                page.push_str(", last on ");
                one_line(last, &mut page);
            }
            page.push('\n');
        }
    }
    if left_out > 0 {
        let _ = writeln!(page, "\n{} left out.", counted(left_out, "smaller story", "smaller stories"));
    }
    page
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn dates(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let (first, last) = first.zip(last)?;
    Some(if first == last { first.to_owned() } else { format!("{first} to {last}") })
}

/// What a reader knows the document by: its publication, or the last name in its URI.
fn outlet(document: &Telling) -> &str {
    let name = document.uri.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(&document.uri);
    document.publication.as_deref().unwrap_or(name)
}

/// Where in the source a passage stands, in words.
fn place(place: &Place) -> String {
    match (place.page, place.slide, &place.sheet, place.row) {
        (Some(page), ..) => format!("page {page}"),
        (_, Some(slide), ..) => format!("slide {slide}"),
        (_, _, Some(sheet), Some(row)) => format!("sheet {sheet}, row {row}"),
        (.., Some(row)) => format!("row {row}"),
        _ => format!("line {}", place.line),
    }
}

/// A link to the source. What would end a link in Markdown, or begin another address, is escaped as in URIs (RFC 3986).
fn link(text: &str, document: &Telling, passage: Option<&Quoted>, page: &mut String) {
    page.push('[');
    let mut shown = String::new();
    one_line(text, &mut shown);
    page.push_str(&shown.replace(']', "\\]"));
    page.push_str("](");
    // A relative reference whose first segment has a colon would be taken for an address (RFC 3986, section 4.2).
    if !document.uri.contains("://") && document.uri.split('/').next().is_some_and(|segment| segment.contains(':')) {
        page.push_str("./");
    }
    for character in document.uri.chars() {
        if character.is_whitespace()
            || character.is_control()
            || matches!(character, '(' | ')' | '<' | '>' | '\\' | '"' | '\'')
        {
            let mut buffer = [0; 4];
            for byte in character.encode_utf8(&mut buffer).bytes() {
                let _ = write!(page, "%{byte:02X}");
            }
        } else {
            page.push(character);
        }
    }
    // The fragment that names a page of a PDF file (RFC 8118).
    if let Some(number) = passage.and_then(|passage| passage.source.page).filter(|_| !document.uri.contains('#')) {
        let _ = write!(page, "#page={number}");
    }
    page.push(')');
}
