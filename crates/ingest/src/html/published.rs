//! The day on which a page was published.
//!
//! What the head and JSON-LD state goes before all; then come, in this order, the page's address, the elements that are marked
//! as the date, a date with a label such as `Published:`, the data of its scripts, the first `<time>`, the title, an element
//! whose class says that it holds a date, and a date that stands nearly alone, by the heading or in all of the page. A page
//! that has none of these has no date: a wrong one is worse.

use super::day::{DAY, are_close, day, day_in_address};
use super::element::Element;
use super::tree::{Attribute, NodeId, Tree};
use crate::date::{self, Date};
use crate::reference::{resolved, squeezed};

/// Texts of this many bytes may be little else than a date.
const SHORT: std::ops::RangeInclusive<usize> = 8..=80;

/// Words before a date that say it is the day of publication, in lower case.
const LABELS: &[&str] = &[
    "published",
    "published on",
    "published at",
    "publication date",
    "date published",
    "posted",
    "posted on",
    "date",
    "date posted",
    "created",
    "created on",
    "released",
    "release date",
    "datum",
    "veröffentlicht",
    "veröffentlicht am",
    "veröffentlichung",
    "veröffentlichungsdatum",
    "erschienen",
    "erschienen am",
    "erstellt",
    "erstellt am",
    "publiziert",
    "publiziert am",
    "eingestellt am",
    "stand",
    "publié",
    "publié le",
    "posté le",
    "mis en ligne",
    "mis en ligne le",
    "mise en ligne",
    "date de publication",
    "publicado",
    "publicado el",
    "publicado em",
    "fecha",
    "fecha de publicación",
    "data",
    "pubblicato",
    "pubblicato il",
    "data di pubblicazione",
    "gepubliceerd",
    "gepubliceerd op",
    "geplaatst op",
    "publicerad",
    "опубликовано",
    "дата публикации",
    "дата",
];

/// Words beside a date that say it is that of a later change.
const CHANGES: &[&str] = &[
    "updated",
    "modified",
    "changed",
    "aktualisiert",
    "geändert",
    "änderung",
    "mis à jour",
    "mise à jour",
    "modifié",
    "actualizado",
    "actualización",
    "atualizado",
    "aggiornato",
    "bijgewerkt",
    "обновлено",
];

/// The day of publication: `stated` by the head, or what the page shows.
pub(super) fn published(
    tree: &Tree<'_>,
    stated: Option<String>,
    titles: &[String],
    address: Option<&str>,
) -> Option<String> {
    let in_address = address.and_then(day_in_address);
    if stated.is_some() {
        // A moment around midnight falls on another day where the page was written than where its clock is.
        return in_address.filter(|day| stated.as_ref().is_some_and(|stated| are_close(day, stated))).or(stated);
    }
    if in_address.is_some() {
        return in_address;
    }
    let marked = Marked::of(tree);
    marked
        .published
        .or_else(|| labelled(tree))
        .or_else(|| in_scripts(tree))
        .or(marked.time)
        .or_else(|| titles.iter().find_map(|title| in_title(title)))
        .or(marked.shown)
        .or_else(|| lone(tree, titles))
}

/// The dates of elements whose attributes say that they hold one.
#[derive(Default)]
struct Marked {
    /// The first that is said to be the day of publication.
    published: Option<String>,
    /// The first `<time>`.
    time: Option<String>,
    /// The first in a small element whose class or id speaks of dates.
    shown: Option<String>,
}

impl Marked {
    fn of(tree: &Tree<'_>) -> Self {
        let mut marked = Self::default();
        for id in 1..tree.nodes().len() {
            match tree.element(id) {
                Some(Element::Time) => marked.take_time(tree, id),
                Some(_) if tree.has_attributes(id) => marked.take(tree, id),
                _ => {}
            }
        }
        marked
    }

    fn take_time(&mut self, tree: &Tree<'_>, id: NodeId) {
        let shown = text_of(tree, id).and_then(|text| shown_day(&text));
        let stated = attribute(tree, id, Attribute::Datetime).and_then(day);
        if self.published.is_none() && is_marked(tree, id) {
            self.published = stated.clone().or_else(|| shown.clone());
        }
        if self.time.is_none() {
            self.time = stated.or(shown);
        }
    }

    fn take(&mut self, tree: &Tree<'_>, id: NodeId) {
        if self.published.is_none() && is_marked(tree, id) {
            let stated = attribute(tree, id, Attribute::Content).or_else(|| attribute(tree, id, Attribute::Datetime));
            self.published = stated.and_then(day).or_else(|| text_of(tree, id).and_then(|text| shown_day(&text)));
        }
        let speaks_of_dates =
            || [Attribute::Class, Attribute::Id].iter().any(|&name| attribute(tree, id, name).is_some_and(says_date));
        if self.shown.is_none() && speaks_of_dates() {
            self.shown = text_of(tree, id).and_then(|text| shown_day(&text));
        }
    }
}

fn attribute<'a>(tree: &Tree<'a>, id: NodeId, name: Attribute) -> Option<&'a str> {
    tree.attribute(id, name).map(str::trim).filter(|value| !value.is_empty())
}

/// Whether microdata, `RDFa` or the customary classes of `<time>` say that the element is the day of publication.
fn is_marked(tree: &Tree<'_>, id: NodeId) -> bool {
    let is_property = |name: &str| {
        let name = name.rsplit(':').next().unwrap_or(name);
        matches!(name, "datePublished" | "dateCreated" | "issued")
    };
    [Attribute::Itemprop, Attribute::Property].iter().any(|&name| attribute(tree, id, name).is_some_and(is_property))
        || (tree.element(id) == Some(Element::Time)
            && attribute(tree, id, Attribute::Class)
                .is_some_and(|class| class.contains("publish") || class.contains("entry-date")))
}

/// Whether a class or id says that its element holds a date.
fn says_date(name: &str) -> bool {
    name.split(|c: char| !c.is_ascii_alphabetic()).any(|word| {
        let word = word.to_ascii_lowercase();
        word.ends_with("date")
            || word.starts_with("publish")
            || matches!(
                word.as_str(),
                "posted"
                    | "created"
                    | "time"
                    | "timestamp"
                    | "dateline"
                    | "byline"
                    | "meta"
                    | "metadata"
                    | "datum"
                    | "info"
            )
    })
}

/// The text of a small element, references resolved.
fn text_of(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    const SMALL: usize = 24;
    const LONGEST: usize = 200;
    if tree.subtree(id).len() > SMALL {
        return None;
    }
    let mut text = String::new();
    for id in tree.subtree(id).filter(|&id| tree.element(id).is_none()) {
        text.push_str(tree.text(id));
        text.push(' ');
        if text.len() > LONGEST {
            return None;
        }
    }
    Some(resolved(&text))
}

/// The day in a short text that is not of a later change.
fn shown_day(text: &str) -> Option<String> {
    let date = date::find_short(text).filter(is_day)?;
    (!is_of_change(&text[..date.span.start])).then_some(date.iso)
}

fn is_day(date: &Date) -> bool {
    date.iso.len() == DAY
}

fn is_of_change(before: &str) -> bool {
    let before = before.to_lowercase();
    CHANGES.iter().any(|word| before.contains(word))
}

fn is_label(text: &str) -> bool {
    let text = text.trim().trim_end_matches(':').trim_end().to_lowercase();
    LABELS.contains(&text.as_str())
}

/// A short text of the page, with what may be a date in it.
struct Line {
    at: NodeId,
    text: String,
    date: Option<Date>,
}

/// The short texts between two nodes, but for those of navigation and footers.
fn lines<'t>(tree: &'t Tree<'_>, from: NodeId, without: fn(Element) -> bool) -> impl Iterator<Item = Line> + 't {
    let nodes = tree.nodes();
    let mut id = from;
    std::iter::from_fn(move || {
        while let Some(node) = nodes.get(id) {
            let at = id;
            match node.element {
                Some(element) if element.is_never_text() || without(element) => id = node.end,
                Some(_) => id += 1,
                None => {
                    id += 1;
                    let text = tree.text(at).trim();
                    if !text.is_empty() && text.len() <= *SHORT.end() {
                        let text = resolved(text);
                        let has_day =
                            text.len() >= *SHORT.start() && text.bytes().filter(u8::is_ascii_digit).count() >= 5;
                        let date = has_day.then(|| date::find_short(&text).filter(is_day)).flatten();
                        return Some(Line { at, text, date });
                    }
                }
            }
        }
        None
    })
}

/// The first date with a label before it, in its own text or in the one before.
fn labelled(tree: &Tree<'_>) -> Option<String> {
    let mut after_label = false;
    for line in lines(tree, 1, |element| matches!(element, Element::Nav | Element::Footer)) {
        if let Some(date) = line.date {
            let before = line.text[..date.span.start].trim();
            if is_label(before) || (before.is_empty() && after_label) {
                return Some(date.iso);
            }
        }
        after_label = is_label(&line.text);
    }
    None
}

/// The date by the page's heading that stands nearly alone, such as `Berlin, 2. November 2021`: right before it, or the first
/// after it; without one there, the only such day of the page.
fn lone(tree: &Tree<'_>, titles: &[String]) -> Option<String> {
    const NEAR: usize = 12;
    let without = |element: Element| matches!(element, Element::Nav | Element::Footer | Element::Aside | Element::Li);
    let heading = heading(tree, titles);
    let from = heading.unwrap_or(0);
    let is_lone = |line: &Line| {
        line.date.as_ref().is_some_and(|date| {
            let mostly = 3 * date.span.len() >= line.text.len();
            let leads = date.span.start == 0 && line.text.len() <= 60;
            (mostly || leads) && !is_of_change(&line.text[..date.span.start])
        })
    };
    let near = from.saturating_sub(NEAR).max(1);
    let is_heading = |id: NodeId| tree.element(id).is_some_and(|element| element.heading().is_some());
    // What stands under another heading is said of that one.
    let before = (!(near..from).any(is_heading))
        .then(|| lines(tree, near, without).take_while(|line| line.at < from).filter(is_lone).last())
        .flatten();
    let by_heading = before.or_else(|| lines(tree, from + 1, without).find(is_lone));
    let mut all = lines(tree, 1, without).filter(is_lone).filter_map(|line| line.date).map(|date| date.iso);
    by_heading.and_then(|line| line.date).map(|date| date.iso).or_else(|| {
        let only = all.next()?;
        all.all(|day| day == only).then_some(only)
    })
}

/// The heading that shows one of the titles, or else the first of the first level.
fn heading(tree: &Tree<'_>, titles: &[String]) -> Option<NodeId> {
    const LONG_ENOUGH: usize = 12;
    let of_level =
        |wanted: fn(Element) -> bool| (1..tree.nodes().len()).filter(move |&id| tree.element(id).is_some_and(wanted));
    let shows_title = |&id: &NodeId| {
        text_of(tree, id).map(|text| squeezed(&text)).is_some_and(|text| {
            text.len() >= LONG_ENOUGH && titles.iter().any(|title| title.contains(&text) || text.contains(title))
        })
    };
    of_level(|element| matches!(element, Element::H1 | Element::H2 | Element::H3))
        .find(shows_title)
        .or_else(|| of_level(|element| element == Element::H1).next())
}

/// The day with which a title begins or ends, such as `08.11.2021 | The wall`.
fn in_title(title: &str) -> Option<String> {
    let date = date::find(title).filter(is_day)?;
    (date.span.start == 0 || date.span.end == title.len()).then_some(date.iso)
}

/// The day that data in a script gives for the publication, such as `"publishedAt": "2020-02-17T21:18:11"`.
fn in_scripts(tree: &Tree<'_>) -> Option<String> {
    let scripts = (1..tree.nodes().len()).filter(|&id| tree.element(id) == Some(Element::Script));
    scripts.filter_map(|id| tree.subtree(id).nth(1).map(|id| tree.text(id))).find_map(day_of_data)
}

/// The value of the first name that speaks of the publication, where it is a day.
fn day_of_data(script: &str) -> Option<String> {
    const LONGEST_NAME: usize = 24;
    let bytes = script.as_bytes();
    memchr::memmem::find_iter(bytes, b"ubli").find_map(|at| {
        let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = bytes[at..].iter().take(LONGEST_NAME).take_while(|byte| in_name(byte)).count();
        let name = script[at..at + length].to_ascii_lowercase();
        let is_moment = name.starts_with("ublished") || name.contains("dat") || name.contains("time");
        if !is_moment {
            return None;
        }
        let rest = &script[at + length..];
        let rest = rest.trim_start_matches(['"', '\'', '\\', ' ']);
        let rest = rest.strip_prefix([':', '='])?.trim_start().trim_start_matches(['"', '\'', '\\']);
        rest.get(..DAY).and_then(day).filter(|day| day.len() == DAY)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The day of a page whose head states none.
    fn found(page: &str, titles: &[&str], address: Option<&str>) -> Option<String> {
        let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
        published(&Tree::parse(page, 64), None, &titles, address)
    }

    #[test]
    fn a_day_that_stands_nearly_alone_by_the_heading_is_found() {
        for (page, day) in [
            ("<h1>Wall</h1><p><span>Berlin, 2. November 2021</span><p>It stands.", Some("2021-11-02")),
            ("<h1>Wall</h1><nav>3. Mai 2020</nav><p>22.12.2012, 10:15", Some("2012-12-22")),
            ("<p>1. Mai 2020</p><h1>Wall</h1><p>22.12.2012, 10:15", Some("2020-05-01")),
            ("<h1>Wall</h1><p>The wall was built on 2 November 2021 by those who live beside it", None),
            ("<h1>Wall</h1><p>Last updated: 2 November 2021", None),
            ("<h1>Wall</h1><ul><li>2 November 2021</ul>", None),
        ] {
            assert_eq!(found(page, &[], None).as_deref(), day, "{page}");
        }
    }

    #[test]
    fn the_heading_that_shows_the_title_is_the_pages_own() {
        let page = "<h1>Partners</h1><p>3 May 2019</p><h2>The wall is built</h2><p>4 May 2020</p>";
        assert_eq!(found(page, &["The wall is built | Courier"], None).as_deref(), Some("2020-05-04"));
    }

    #[test]
    fn a_label_tells_the_day_of_publication() {
        for (page, day) in [
            ("<p>12 May 2018<dl><dt>Datum</dt><dd>12.01.2017</dd></dl>", Some("2017-01-12")),
            ("<p>Updated: 3 May 2019</p><p>Published: 2 May 2019</p>", Some("2019-05-02")),
            ("<ul><li>Mise en ligne <b>23 mai 2019</b></ul>", Some("2019-05-23")),
            ("<div>Stand: 19.10.2019 11:05 Uhr</div>", Some("2019-10-19")),
            ("<footer>Published: 2 May 2019</footer>", None),
        ] {
            assert_eq!(found(page, &[], None).as_deref(), day, "{page}");
        }
    }

    #[test]
    fn microdata_rdfa_addresses_scripts_and_titles_tell_the_day() {
        let rdfa = "<span property='schema:dateCreated' content='2022-01-28T12:45:46+00:00'></span>";
        assert_eq!(found(rdfa, &[], None).as_deref(), Some("2022-01-28"));
        let shown = "<p class=date>3 May 2009</p>";
        let address = Some("https://courier.example/2019/10/22/wall");
        assert_eq!(found(shown, &[], address).as_deref(), Some("2019-10-22"));
        let script = "<script>var page = {\"publishingDate\": \"2022-01-25\"};</script>";
        assert_eq!(found(script, &[], None).as_deref(), Some("2022-01-25"));
        assert_eq!(found("<script>publisher = \"2022-01-25\"</script>", &[], None), None);
        assert_eq!(found("<p>Wall", &["23.01.2022 - The wall"], None).as_deref(), Some("2022-01-23"));
        assert_eq!(found("<p>Wall", &["What 23.01.2022 was"], None), None);
        assert_eq!(found("<p class=metadata>Ann Pell | 31.10.23", &[], None).as_deref(), Some("2023-10-31"));
    }

    #[test]
    fn the_address_tells_the_day_of_a_moment_around_midnight() {
        let tree = Tree::parse("<p>Wall", 64);
        let day = |stated: &str| published(&tree, Some(stated.to_owned()), &[], Some("https://x.example/2020/02/17/a"));
        assert_eq!(day("2020-02-18").as_deref(), Some("2020-02-17"));
        assert_eq!(day("2020-02-20").as_deref(), Some("2020-02-20"));
    }
}
