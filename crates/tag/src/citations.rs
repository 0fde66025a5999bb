//! Parenthetical citations, such as `(Harbor Gazette, March 14; Ministry of Ports, 2014)`.
//!
//! Parentheses count as citations where all that stands in them are sources: a name and a date, perhaps with author, title and
//! page. One thing that is none makes the whole an ordinary remark, so that `(about 40 miles)` stays prose.

mod names;
mod source;

use docmill_core::{
    Annotation, BuildContext, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError,
};
use memchr::memchr2_iter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dates::{CalendarDate, Order};
use crate::reading::{one_line, reading};
use source::{Citation, citations};

/// Finds the sources in parenthetical citations, such as `(Harbor Gazette, March 14; Ministry of Ports, November 18, 2014)`.
///
/// Gives an annotation of kind `citation` for each source in the parentheses, with the value `{"outlet": "Harbor Gazette", "date":
/// "2016-03-14"}`, and `author`, `title`, `issue` and `page` where they are given. The date is as exact as the text. Where it has no year, it
/// is the last such date on or before the document's own; without that it stays `--03-14`. Of a range, such as `May 5–6`, `date` is
/// the first day and `end` the last. A source of which only the date is given has the outlet of the source before it.
///
/// ```yaml
/// - tag.citations: { min_outlet: 2 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Citations {
    /// Shortest name of an outlet, in characters.
    #[schemars(range(min = 1))]
    pub min_outlet: usize,
    /// Whether a date without a year takes it from the document's date.
    pub resolve_year: bool,
    /// How dates in numbers are read.
    pub order: Order,
}

impl Default for Citations {
    fn default() -> Self {
        Self { min_outlet: 2, resolve_year: true, order: Order::Language }
    }
}

impl Component for Citations {
    const NAME: &'static str = "tag.citations";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 2;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::annotations("citation")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

/// The longest content of parentheses that is looked at, in bytes.
const LONGEST: usize = 600;

impl Stage for Citations {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let reference = doc.date().filter(|_| self.resolve_year).and_then(CalendarDate::from_iso);
        let day_first = self.order.day_first(doc.language());
        let mut found = Vec::new();
        let groups = parentheses(doc.text());
        if groups.is_empty() {
            return Ok(());
        }
        let reading = reading(doc);
        let lexemes = reading.lexemes(doc.text());
        let mut taken = 0;
        for (start, end) in groups {
            if start < taken {
                continue;
            }
            let first = lexemes.items.partition_point(|lexeme| lexeme.span.start < start);
            let last = lexemes.items.partition_point(|lexeme| lexeme.span.start < end);
            let group = lexemes.with(lexemes.items.get(first..last).unwrap_or_default());
            if let Some(sources) = citations(group, day_first) {
                found.extend(sources);
                taken = end;
            }
        }
        found.retain(|citation| citation.outlet.chars().count() >= self.min_outlet);
        let annotations: Vec<Annotation> = found.iter().map(|citation| annotation(citation, reference)).collect();
        for annotation in annotations {
            doc.annotate(annotation);
        }
        Ok(())
    }
}

/// The contents of parentheses, and of those around them: `(The Guardian (Nigeria), April 14)`. The outer ones come first.
fn parentheses(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut outer, mut inner) = (None, None);
    for at in memchr2_iter(b'(', b')', text.as_bytes()) {
        if text.as_bytes().get(at) == Some(&b'(') {
            outer = inner.or(outer);
            inner = Some(at + 1);
        } else if let Some(start) = inner.take().or_else(|| outer.take())
            && (3..=LONGEST).contains(&(at - start))
        {
            found.push((start, at));
        }
    }
    found.sort_unstable_by_key(|(start, _)| *start);
    found
}

fn annotation(citation: &Citation<'_>, reference: Option<CalendarDate>) -> Annotation {
    let mut value = serde_json::Map::new();
    let mut set = |key: &str, text: &str| {
        value.insert(key.to_owned(), one_line(text).into());
    };
    set("outlet", citation.outlet);
    let mut score = if citation.comma { 1.0 } else { 0.8 };
    if let Some(date) = citation.date {
        let resolved = match date.year {
            Some(_) => Some(date),
            None => reference.and_then(|reference| date.last_before(reference)),
        };
        if resolved.is_none() {
            score *= 0.8;
        }
        let date = resolved.unwrap_or(date);
        set("date", &date.to_string());
        if let Some(end) = citation.end {
            set("end", &CalendarDate { year: date.year, ..end }.to_string());
        }
    }
    let further =
        [("author", citation.author), ("title", citation.title), ("issue", citation.issue), ("page", citation.page)];
    for (key, text) in further {
        if let Some(text) = text {
            set(key, text);
        }
    }
    Annotation::new("citation", citation.span).with_value(value).with_score(score)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document(text: &str) -> Document {
        let mut doc = Document::from_text("test.txt", text);
        doc.meta.set("date", "2016-03-15");
        Citations::default().apply(&mut doc, &Context::default()).unwrap();
        doc
    }

    fn check(text: &str, expected: &[(&str, &str)]) {
        let doc = document(text);
        let text_of = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let found: Vec<(String, String)> =
            doc.annotations().iter().map(|a| (text_of(&a.value["outlet"]), text_of(&a.value["date"]))).collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(outlet, date)| ((*outlet).to_owned(), (*date).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn each_source_has_its_outlet_and_date() {
        check("(RT, March 3)", &[("RT", "2016-03-03")]);
        check(
            "It was so (Harbor Gazette, March 14; Ministry of Ports, November 18, 2014).",
            &[("Harbor Gazette", "2016-03-14"), ("Ministry of Ports", "2014-11-18")],
        );
        check("(Reuters, 2014)", &[("Reuters", "2014")]);
        check("(BHA, August 2015)", &[("BHA", "2015-08")]);
        check("(see The Economist, 2 March 2015)", &[("The Economist", "2015-03-02")]);
        check("(El País, Nov. 3, 2014; BBC.com, 3/4/2015)", &[("El País", "2014-11-03"), ("BBC.com", "2015-03-04")]);
        check("(Port Calder Harbor Trust, March 13,\n2016)", &[("Port Calder Harbor Trust", "2016-03-13")]);
    }

    #[test]
    fn a_year_is_taken_from_the_document_date() {
        check("(Harbor Gazette, January)", &[("Harbor Gazette", "2016-01")]);
        check("(Coastal Ledger, May 6)", &[("Coastal Ledger", "2015-05-06")]);
        let mut doc = Document::from_text("test.txt", "(RT, March 3)");
        Citations::default().apply(&mut doc, &Context::default()).unwrap();
        assert_eq!(doc.annotations()[0].value["date"], "--03-03");
    }

    #[test]
    fn sources_share_an_outlet() {
        let both = [("Harbor Gazette", "2016-03-12"), ("Harbor Gazette", "2016-03-14")];
        check("(Harbor Gazette, March 12 and March 14)", &both);
        check("(Harbor Gazette, March 12; March 14)", &both);
        check("(Harbor Gazette, March 12, March 14)", &both);
        check("(Harbor Gazette, March 12 and 14)", &both);
    }

    #[test]
    fn author_title_and_page_are_told_apart() {
        let doc = document("(Ellison, “Mud, Fish,” Harbor Gazette, March 3, p. 4; Audit Office 2015, pp. 4–7)");
        let values: Vec<String> = doc.annotations().iter().map(|found| found.value.to_string()).collect();
        assert_eq!(
            values,
            [
                r#"{"author":"Ellison","date":"2016-03-03","outlet":"Harbor Gazette","page":"4","title":"Mud, Fish"}"#,
                r#"{"date":"2015","outlet":"Audit Office","page":"4–7"}"#,
            ]
        );
        assert_eq!(doc.annotations()[1].span.of(doc.text()), Some("Audit Office 2015, pp. 4–7"));
        check("(Okonjo and Weiss 2018)", &[("Okonjo and Weiss", "2018")]);
    }

    #[test]
    fn an_outlet_may_hold_small_words_and_parentheses() {
        check(
            "(Voice of America, 11 May 2015; Agence France-Presse, May 12, 2015)",
            &[("Voice of America", "2015-05-11"), ("Agence France-Presse", "2015-05-12")],
        );
        check("(The Guardian (Nigeria), January 14)", &[("The Guardian (Nigeria)", "2016-01-14")]);
        check("(Sunday Times [Colombo], Jan. 5.)", &[("Sunday Times [Colombo]", "2016-01-05")]);
        check("(which he denied (RT, March 3))", &[("RT", "2016-03-03")]);
    }

    #[test]
    fn months_of_other_languages_are_read_behind_a_day() {
        check(
            "(Le Monde, 3 mars; Clarín, 14 de mayo de 2014)",
            &[("Le Monde", "2016-03-03"), ("Clarín", "2014-05-14")],
        );
        check("(Der Bote, 11. Januar; RÚV, 13 januari 2015)", &[("Der Bote", "2016-01-11"), ("RÚV", "2015-01-13")]);
    }

    #[test]
    fn a_range_has_its_first_and_last_day() {
        let doc = document("(Tass, February 5–6; Foreign Notes, March/April 2015; Yle, May 30–June 1)");
        let values: Vec<String> = doc.annotations().iter().map(|found| found.value.to_string()).collect();
        assert_eq!(
            values,
            [
                r#"{"date":"2016-02-05","end":"2016-02-06","outlet":"Tass"}"#,
                r#"{"date":"2015-03","end":"2015-04","outlet":"Foreign Notes"}"#,
                r#"{"date":"2015-05-30","end":"2015-06-01","outlet":"Yle"}"#,
            ]
        );
    }

    #[test]
    fn interviews_and_issues_are_sources() {
        check("(author interview, March 2)", &[("author interview", "2016-03-02")]);
        check("(interview with the authors, March 2)", &[("interview with the authors", "2016-03-02")]);
        check("(author’s interview, March 2; RT, 2015)", &[("author’s interview", "2016-03-02"), ("RT", "2015")]);
        let doc =
            document("(Der Spiegel, 20/2015; Times, No. 7, 2015; BDB, Annual Report, March 2015; Post, May 6, A1)");
        let values: Vec<String> = doc.annotations().iter().map(|found| found.value.to_string()).collect();
        assert_eq!(
            values,
            [
                r#"{"date":"2015","issue":"20","outlet":"Der Spiegel"}"#,
                r#"{"date":"2015","issue":"7","outlet":"Times"}"#,
                r#"{"date":"2015-03","outlet":"BDB","title":"Annual Report"}"#,
                r#"{"date":"2015-05-06","outlet":"Post","page":"A1"}"#,
            ]
        );
    }

    #[test]
    fn remarks_are_no_citations() {
        for text in [
            "(about 40 miles)",
            "(born March 3, 1950)",
            "(Born March 3, 1950)",
            "(see page 4)",
            "(see below)",
            "(the Calder Accord, signed on March 3)",
            "(BHA)",
            "(March 14)",
            "(Monday, March 14)",
            "(in 2014)",
            "(Summer 2015)",
            "(1950–2016)",
            "(Amsel, 1950–2016)",
            "(the wind that week reached 90 kilometers an hour)",
            "((((RT, March",
            "()",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_news_analysis_gives_all_its_references() {
        let doc = document(include_str!("../../../fixtures/newsroom/harbor.txt"));
        let spans: Vec<_> = doc.annotations().iter().map(|found| found.span.of(doc.text())).collect();
        assert_eq!(spans.len(), 28, "{spans:#?}");
        assert!(
            doc.annotations()
                .iter()
                .all(|found| found.value["date"].as_str().is_some_and(|date| date.starts_with("20")))
        );
    }

    proptest! {
        #[test]
        fn spans_are_exact(text in "(\\(|\\)|RT|Gazette|, |; |March 14| and |2014|p\\. 4|“|”|é|\\PC){0,30}") {
            let doc = document(&text);
            for found in doc.annotations() {
                let cited = found.span.of(doc.text()).unwrap();
                prop_assert!(!cited.is_empty() && cited.trim() == cited);
            }
        }
    }
}
