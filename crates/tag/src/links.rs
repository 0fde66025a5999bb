//! Links, addresses and the numbers of publications in the text.

mod book_numbers;

use std::sync::LazyLock;

use docmill_core::{
    Annotation, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage,
    StageError,
};
use memchr::memmem;
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::contact::{emails, phones};
use book_numbers::{isbns, issns};

/// Finds web addresses, e-mail addresses, telephone numbers, DOIs, ISBNs and ISSNs.
///
/// Gives annotations of the kinds `url` (`{"url": …}`, with the scheme), `email` (`{"email": …}`, the domain in small letters), `phone`
/// (`{"phone": "+15035550123"}`; the digits alone where the country is not known), `doi` (`{"doi": …}`, in small letters), `isbn` (`{"isbn": "9783161484100"}`, thirteen digits for one of
/// ten too) and `issn` (`{"issn": "0378-5955"}`). The last two have right check digits; ten digits, and those of a series, count where their name
/// stands before them.
///
/// ```yaml
/// - tag.links
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Links {}

impl Component for Links {
    const NAME: &'static str = "tag.links";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 2;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        ["url", "email", "phone", "doi", "isbn", "issn"].into_iter().map(Field::annotations).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

static URL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)\b(?:https?://|ftp://|www\.)[^\s<>"“”«»\x{00}-\x{20}]{2,2000}"#).expect("the pattern is fixed")
});
static DOI: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"\b10\.[0-9]{4,9}/[^\s<>"“”«»]{1,300}"#).expect("the pattern is fixed"));

impl Stage for Links {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let text = doc.text();
        let mut found = urls(text);
        found.extend(dois(text));
        // An address within a link is part of it.
        let taken = spans(&found);
        for span in emails(text).into_iter().filter(|span| is_free(*span, &taken)) {
            let address = span.of(text).unwrap_or_default();
            let (name, domain) = address.split_once('@').unwrap_or((address, ""));
            let value = json!({ "email": format!("{name}@{}", domain.to_lowercase()) });
            found.push(Annotation::new("email", span).with_value(value));
        }
        let taken = spans(&found);
        let numbers = [("isbn", isbns(text)), ("issn", issns(text))];
        for (kind, numbers) in numbers {
            for (span, number) in numbers.into_iter().filter(|(span, _)| is_free(*span, &taken)) {
                found.push(Annotation::new(kind, span).with_value(json!({ kind: number })));
            }
        }
        let taken = spans(&found);
        for phone in phones(text).into_iter().filter(|phone| is_free(phone.span, &taken)) {
            found.push(Annotation::new("phone", phone.span).with_value(json!({ "phone": phone.number })));
        }
        found.sort_by_key(|link| link.span);
        for link in found {
            doc.annotate(link);
        }
        Ok(())
    }
}

/// The spans of what was found, in order of their ends.
fn spans(found: &[Annotation]) -> Vec<ByteSpan> {
    let mut spans: Vec<ByteSpan> = found.iter().map(|link| link.span).collect();
    spans.sort_unstable_by_key(|span| (span.end, span.start));
    spans
}

/// Whether `span` overlaps none of `taken`, which [`spans`] has put in order.
fn is_free(span: ByteSpan, taken: &[ByteSpan]) -> bool {
    let after = taken.partition_point(|other| other.end <= span.start);
    !taken.get(after).is_some_and(|other| other.overlaps(span))
}

fn urls(text: &str) -> Vec<Annotation> {
    let finds = |needle: &str| memmem::find(text.as_bytes(), needle.as_bytes()).is_some();
    if !finds("://") && !finds("www.") && !finds("WWW.") {
        return Vec::new();
    }
    let spans = URL.find_iter(text).map(|found| trimmed(text, found.range().into()));
    spans
        .filter_map(|span| {
            let written = span.of(text)?;
            let has_scheme = written.contains("://");
            let host = written.split_once("://").map_or(written, |(_, rest)| rest);
            let url = if has_scheme { written.to_owned() } else { format!("http://{written}") };
            host.starts_with(char::is_alphanumeric)
                .then(|| Annotation::new("url", span).with_value(json!({ "url": url })))
        })
        .collect()
}

fn dois(text: &str) -> Vec<Annotation> {
    if memmem::find(text.as_bytes(), b"10.").is_none() {
        return Vec::new();
    }
    let spans = DOI.find_iter(text).map(|found| trimmed(text, found.range().into()));
    spans
        .filter_map(|span| {
            let doi = span.of(text)?.to_lowercase();
            Some(Annotation::new("doi", span).with_value(json!({ "doi": doi })))
        })
        .collect()
}

/// Without the punctuation that ends the sentence rather than the link, and without a parenthesis that the link did not open.
fn trimmed(text: &str, span: ByteSpan) -> ByteSpan {
    let mut link = span.of(text).unwrap_or_default();
    loop {
        let shorter = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_', '…']);
        let closes = |open: char, close: char| {
            shorter.ends_with(close) && shorter.matches(close).count() > shorter.matches(open).count()
        };
        let shorter = if closes('(', ')') || closes('[', ']') || closes('{', '}') {
            &shorter[..shorter.len() - 1]
        } else {
            shorter
        };
        if shorter.len() == link.len() {
            return ByteSpan::new(span.start, span.start + link.len());
        }
        link = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document(text: &str) -> Document {
        let mut doc = Document::from_text("test.txt", text);
        Links::default().apply(&mut doc, &Context::default()).unwrap();
        doc
    }

    fn check(text: &str, expected: &[(&str, &str)]) {
        let doc = document(text);
        let value = |found: &Annotation| found.value[found.kind.as_ref()].as_str().unwrap().to_owned();
        let found: Vec<(String, String)> =
            doc.annotations().iter().map(|found| (found.kind.to_string(), value(found))).collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(kind, value)| ((*kind).to_owned(), (*value).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn links_end_where_the_sentence_goes_on() {
        check(
            "See https://example.org/a_(b), or (www.example.org).",
            &[("url", "https://example.org/a_(b)"), ("url", "http://www.example.org")],
        );
        check("doi:10.1234/ABC.5.", &[("doi", "10.1234/abc.5")]);
        check("Write to <Jon_W+x@Example.ORG>.", &[("email", "Jon_W+x@example.org")]);
    }

    #[test]
    fn dois_and_addresses_keep_what_is_theirs() {
        check("https://doi.org/10.1000/182.", &[("url", "https://doi.org/10.1000/182"), ("doi", "10.1000/182")]);
        check("(doi: 10.1016/S0140-6736(97)11096-0)", &[("doi", "10.1016/s0140-6736(97)11096-0")]);
        check("DOI 10.1002/(SICI)1097-4571(199806)49:8", &[("doi", "10.1002/(sici)1097-4571(199806)49:8")]);
        check("10.1000/a;10.1000/b", &[("doi", "10.1000/a;10.1000/b")]);
        check("version 10.12/3 and 10.1234 / x", &[]);
        check("<https://example.org/a?b=c&d=%20e#f>", &[("url", "https://example.org/a?b=c&d=%20e#f")]);
        check("“https://example.org/a”", &[("url", "https://example.org/a")]);
        check("[text](https://example.org/a)", &[("url", "https://example.org/a")]);
        check("https://example.org/wiki/Ferry_(boat)).", &[("url", "https://example.org/wiki/Ferry_(boat)")]);
        check("HTTP://Example.org:8080/~a/", &[("url", "HTTP://Example.org:8080/~a/")]);
        check("www. example.org, http:// nothing", &[]);
    }

    #[test]
    fn numbers_of_books_are_no_telephone_numbers() {
        check("ISBN 978-3-16-148410-0", &[("isbn", "9783161484100")]);
        check("ISSN 0378-5955, tel. +44 1632 960 733", &[("issn", "0378-5955"), ("phone", "+441632960733")]);
        check("https://example.org/978-3-16-148410-0", &[("url", "https://example.org/978-3-16-148410-0")]);
    }

    #[test]
    fn telephone_numbers_are_normalized() {
        check("+44 1632 960 733 or (503) 555-0123", &[("phone", "+441632960733"), ("phone", "+15035550123")]);
        check("1-800-555-0199, 07700 900461", &[("phone", "+18005550199"), ("phone", "07700900461")]);
        check("+44 (0)20 7946 0822", &[("phone", "+442079460822")]);
    }

    #[test]
    fn other_numbers_are_no_telephone_numbers() {
        for text in [
            "2016-03-14",
            "$1,200,500.20",
            "4111 1111 1111 1111",
            "ISBN 978-3-16-148410-1",
            "K00-555-0110",
            "03.04.2015 10",
        ] {
            check(text, &[]);
        }
    }

    proptest! {
        #[test]
        fn spans_are_exact(text in "(http://|www\\.|a@b\\.de|\\+|\\(|\\)|44|555|-| |\\.|é|10\\.1234/|\\PC){0,30}") {
            let doc = document(&text);
            for found in doc.annotations() {
                let words = found.span.of(doc.text()).unwrap();
                prop_assert!(!words.is_empty() && words.trim() == words);
            }
        }
    }
}
