//! Dates and times of day.
//!
//! [`calendar`] reads dates as the calendar has them, with what [`spelled`] reads in words; [`relative`] and [`spans`] those that only
//! the document's own date makes one (`yesterday`, `three weeks ago`), [`days`] those by their
//! place in a month, [`periods`] parts of a year and of history, [`holidays`] days with a name. What a date leaves open is taken from the document's date where there is one.

mod calendar;
mod clock;
mod days;
mod fractions;
mod holidays;
mod ideographic;
mod numeric;
mod periods;
mod relative;
mod spans;
mod spelled;
mod zones;

use docmill_core::{
    Annotation, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage,
    StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::reading::{LexemeKind, Lexemes, Period, Sense, reading};
use crate::support::warn_of_values;
pub use calendar::Order;
pub(crate) use calendar::{CalendarDate, date_at, year_at};
use spelled::year_in_words;

/// Finds dates and times of day, with their ISO 8601 values.
///
/// Dates are annotations of kind `date` with `{"date": "2016-03-15"}`, as exact as the text (`2016-03`, `2016`), or `{"start": …,
/// "end": …}` for ranges, quarters and decades. Times of day are of kind `time` with `{"time": "14:30"}`, and with `zone` and `offset` where a
/// zone stands behind them: `{"time": "10:30", "zone": "UTC+2", "offset": "+02:00"}`; `ET` and the like have no offset, since it depends on the
/// season. `half past three` is `03:30` where nothing says that it is the afternoon.
///
/// A date without a year, a weekday, a holiday, and words such as `yesterday`, `last month` or `three weeks ago` are resolved against
/// the document's own date: to the nearest, rather past than future. `next Friday` is the one of next week, `coming Friday` the
/// nearest one. Without the document's date a date such as March 14 keeps what is known (`--03-14`) with a lower score, and the
/// others are left out. A year alone counts in contexts such as `in 2014` only.
///
/// By the document's language, English, German, French, Spanish and Portuguese are read in full: months and weekdays, days and
/// years in words, spans of time before and after a date, decades, centuries, quarters, holidays and times of day. In Italian the
/// calendar, ranges and words such as `ieri` are. Dates in numbers begin with the day but in English (see `order`).
///
/// ```yaml
/// - tag.dates: { order: dmy }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Dates {
    /// How dates in numbers are read.
    pub order: Order,
}

impl Component for Dates {
    const NAME: &'static str = "tag.dates";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 3;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::annotations("date"), Field::annotations("time")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Order {
    /// Whether a date in numbers begins with the day, in a document of `language`.
    pub(crate) fn day_first(self, language: Option<&str>) -> bool {
        match self {
            Self::Mdy => false,
            Self::Dmy => true,
            Self::Language => language.is_some_and(|language| language == "en-GB" || !language.starts_with("en")),
        }
    }
}

/// What is read at a lexeme.
struct Reader<'a> {
    text: Lexemes<'a>,
    day_first: bool,
    /// The document's own date.
    reference: Option<CalendarDate>,
}

/// A value, the index of its last lexeme, and how sure it is.
struct Read {
    kind: &'static str,
    last: usize,
    value: Value,
    score: f64,
}

impl Read {
    fn date(last: usize, date: CalendarDate, score: f64) -> Self {
        Self { kind: "date", last, value: json!({ "date": date.to_string() }), score }
    }

    fn range(last: usize, start: CalendarDate, end: CalendarDate, score: f64) -> Self {
        let value = json!({ "start": start.to_string(), "end": end.to_string() });
        Self { kind: "date", last, value, score }
    }
}

impl Stage for Dates {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        warn_of_values(doc, Self::NAME);
        let reading = reading(doc);
        let reader = Reader {
            text: reading.lexemes(doc.text()),
            day_first: self.order.day_first(doc.language()),
            reference: doc.date().and_then(CalendarDate::from_iso),
        };
        // The date of a citation is part of it.
        let mut cited: Vec<ByteSpan> = doc.annotations_of("citation").map(|citation| citation.span).collect();
        cited.sort_unstable();
        let mut cited = cited.into_iter().peekable();
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(lexeme) = reader.text.get(at) {
            while cited.next_if(|span| span.end <= lexeme.span.start).is_some() {}
            if cited.peek().is_some_and(|span| span.start <= lexeme.span.start) {
                at += 1;
                continue;
            }
            match reader.read(at) {
                Some(read) => {
                    let span = reader.text.span(at, read.last);
                    found.push(Annotation::new(read.kind, span).with_value(read.value).with_score(read.score));
                    at = read.last + 1;
                }
                None => at += 1,
            }
        }
        for annotation in found {
            doc.annotate(annotation);
        }
        Ok(())
    }
}

impl Reader<'_> {
    fn read(&self, at: usize) -> Option<Read> {
        if let Some(read) = self.ideographic(at) {
            return Some(read);
        }
        match self.text.get(at)?.kind {
            LexemeKind::Word(None) if !self.is_quarter(at) && !self.is_roman(at) => None,
            LexemeKind::Symbol('’' | '\'') => self.decade(at),
            LexemeKind::Symbol(_) => None,
            // `$12 December 27`: an amount.
            LexemeKind::Number if self.text.glued(at) && matches!(self.text.symbol(at - 1), Some('$' | '€' | '£')) => {
                None
            }
            LexemeKind::Number => clock::time_at(self.text, at)
                .or_else(|| self.calendar(at))
                .or_else(|| self.behind_number(at))
                .or_else(|| self.year(at)),
            LexemeKind::Word(_) => {
                let calendar = self.calendar(at).or_else(|| clock::time_at(self.text, at));
                calendar.or_else(|| self.relative(at)).or_else(|| self.year(at))
            }
        }
    }

    fn calendar(&self, at: usize) -> Option<Read> {
        let found = date_at(self.text, at, self.day_first)?;
        if found.bare_month && !self.names_a_month(at, found.last) {
            return None;
        }
        let resolved = |date: CalendarDate| match (date.year, self.reference) {
            (None, Some(reference)) => date.nearest(reference, self.looks_ahead(at)),
            _ => Some(date),
        };
        let exact = found.date.year.is_some();
        let score = match (exact, self.reference) {
            (true, _) => 1.0,
            (false, Some(_)) => 0.9,
            (false, None) => 0.5,
        };
        let date = resolved(found.date)?;
        Some(match found.end {
            Some(end) => Read::range(found.last, date, CalendarDate { year: date.year, ..end }, score),
            None => Read::date(found.last, date, score),
        })
    }

    /// Whether the name of a month alone means the month: `May` and `March` need a word before them that says so.
    fn names_a_month(&self, at: usize, last: usize) -> bool {
        let name = self.text.str(at);
        let before = at.checked_sub(1);
        let introduced = before.is_some_and(|before| {
            matches!(self.text.sense(before), Some(Sense::BeforeYear | Sense::Shift(_) | Sense::Near(_) | Sense::Part))
                || self.text.symbol(before) == Some('-')
                    && before > 0
                    && self.text.sense(before - 1) == Some(Sense::Part)
                || self.text.is_word(before, &["every", "each", "and", "or"])
        });
        // `Mr. June Carter`, `April Jones`: a name goes on with a capitalized word.
        let goes_on = self.text.follows(last + 1)
            && self.text.word(last + 1).is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase));
        match name {
            "May" | "March" | "Mar" | "Jan" | "June" | "April" | "August" | "Mai" | "Mars" => introduced && !goes_on,
            _ => !goes_on && name.chars().count() > 3,
        }
    }

    /// Whether the words before say that something is to come.
    fn looks_ahead(&self, at: usize) -> bool {
        const AHEAD: &[&str] = &[
            "will",
            "would",
            "due",
            "until",
            "by",
            "next",
            "plans",
            "planned",
            "expected",
            "scheduled",
            "wird",
            "werden",
            "soll",
            "bis",
            "sera",
            "seront",
            "doit",
            "será",
            "serán",
            "hasta",
            "serão",
            "até",
            "будет",
            "будут",
            "将",
            "將",
            "予定",
        ];
        (at.saturating_sub(8)..at)
            .rev()
            .take_while(|at| self.text.symbol(*at) != Some('.'))
            .any(|at| self.text.is_word(at, AHEAD))
    }

    /// A year alone, where the word before it says that it is one.
    fn year(&self, at: usize) -> Option<Read> {
        if let Some(read) = self.decade(at) {
            return Some(read);
        }
        let (year, end) = match year_at(self.text, at) {
            Some(year) => (year, at),
            None => year_in_words(self.text, at).filter(|(year, _)| year % 1000 != 0)?,
        };
        let before = at.checked_sub(1)?;
        let dash = matches!(self.text.symbol(end + 1), Some('–' | '-')) && self.text.glued(end + 2);
        let to = if dash { Some(end + 1) } else { self.text.phrase_of(end + 1, Sense::To) };
        let later = |to: &usize| year_at(self.text, to + 1).is_some_and(|to| to > year) && self.text.follows(to + 1);
        let last = to.filter(later).map_or(end, |to| to + 1);
        let said =
            matches!(self.text.sense(before), Some(Sense::BeforeYear | Sense::Part | Sense::Period(Period::Year)));
        let enclosed = self.text.symbol(before) == Some('(') && self.text.symbol(last + 1) == Some(')');
        // `in 2014 and 2015`.
        let second = self.text.is_word(before, &["and"])
            && before >= 2
            && year_at(self.text, before - 1).is_some()
            && self.text.sense(before - 2) == Some(Sense::BeforeYear);
        // `2018 or later`.
        let bounded = self.text.is_word(last + 1, &["or", "and"])
            && self.text.is_word(last + 2, &["later", "earlier", "before", "after", "greater"]);
        let introduced = said || enclosed || second || bounded;
        let counts = self.text.word(last + 1).is_some_and(|word| {
            self.text.glued(last + 1)
                || word.len() > 3 && word.ends_with('s') && word.chars().all(char::is_lowercase)
                || ["people", "men", "women", "km", "kg", "m"].contains(&word)
        });
        let hangs_on =
            matches!(self.text.symbol(last + 1), Some('%' | '°' | '€' | '/' | '-')) && self.text.glued(last + 1);
        if !introduced || counts || hangs_on || self.text.glued(at) && self.text.symbol(before) != Some('(') {
            return None;
        }
        let date = CalendarDate::new(Some(year), None, None)?;
        if last > end {
            let end = CalendarDate::new(year_at(self.text, last), None, None)?;
            return Some(Read::range(last, date, end, 0.9));
        }
        Some(Read::date(end, date, 0.9))
    }

    /// What begins with a number and goes on with words: `3 weeks ago`, `19th century`, `21st of this month`.
    fn behind_number(&self, at: usize) -> Option<Read> {
        self.span_from(at)
            .or_else(|| self.of_year(at))
            .or_else(|| self.age_of_history(at))
            .or_else(|| self.day_of_shifted_month(at))
            .or_else(|| self.weekday_of_month(at))
            .or_else(|| self.day_alone(at))
    }

    /// Whether the lexeme may be the number of a century: `XIX`, `XIXe`.
    fn is_roman(&self, at: usize) -> bool {
        let word = self.text.str(at);
        word.starts_with(['X', 'V', 'I']) && self.text.phrase_of(at + 1, Sense::Century).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document(language: &str, date: Option<&str>, text: &str) -> Document {
        let mut doc = Document::from_text("test.txt", text);
        doc.set_language(language);
        if let Some(date) = date {
            doc.meta.set("date", date);
        }
        Dates::default().apply(&mut doc, &Context::default()).unwrap();
        doc
    }

    fn check_at(date: Option<&str>, text: &str, expected: &[(&str, &str)]) {
        let doc = document("en", date, text);
        let found: Vec<(String, String)> = (doc.annotations().iter())
            .map(|found| {
                let value = &found.value;
                let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
                let range = if value["start"].is_string() {
                    format!("{}..{}", text("start"), text("end"))
                } else {
                    String::new()
                };
                (found.span.of(doc.text()).unwrap().to_owned(), text("date") + &text("time") + &range)
            })
            .collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(span, value)| ((*span).to_owned(), (*value).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    fn check(text: &str, expected: &[(&str, &str)]) {
        check_at(Some("2016-03-15"), text, expected);
    }

    #[test]
    fn partial_dates_are_resolved_against_the_document_date() {
        check("On March 14, it rained.", &[("March 14", "2016-03-14")]);
        check("It is due to begin in September.", &[("September", "2016-09")]);
        check("It rained in November.", &[("November", "2015-11")]);
        check("On Monday it rained.", &[("Monday", "2016-03-14")]);
        check("Last Tuesday the paint was dry.", &[("Last Tuesday", "2016-03-08")]);
        check(
            "Yesterday, last month and next year.",
            &[("Yesterday", "2016-03-14"), ("last month", "2016-02"), ("next year", "2017")],
        );
        check("Three weeks ago, and 2 years ago.", &[("Three weeks ago", "2016-02-23"), ("2 years ago", "2014")]);
    }

    #[test]
    fn without_a_document_date_what_is_known_stays() {
        check_at(None, "On March 14 and yesterday, and on Tuesday.", &[("March 14", "--03-14")]);
    }

    #[test]
    fn years_count_where_a_word_says_so() {
        check("In 2014 it sold 2000 boats in 2015 ports since 1998.", &[("2014", "2014"), ("1998", "1998")]);
        check("Flight 1998 and 2014 more; it took 1500 m.", &[]);
        check("A plan (2014) from 2009–2014.", &[("2014", "2014"), ("2009–2014", "2009..2014")]);
    }

    #[test]
    fn quarters_and_decades_are_ranges() {
        check(
            "In Q3 2017 and the first quarter of 2018.",
            &[("Q3 2017", "2017-07..2017-09"), ("first quarter of 2018", "2018-01..2018-03")],
        );
        check("In the 1990s or the late ’80s.", &[("1990s", "1990..1999"), ("’80s", "1980..1989")]);
        check("By spring 2015 all was well.", &[("spring 2015", "2015")]);
    }

    #[test]
    fn times_of_day_are_found() {
        check(
            "At 7:30 a.m., 22:10, 7 p.m. and noon.",
            &[("7:30 a.m.", "07:30"), ("22:10", "22:10"), ("7 p.m.", "19:00"), ("noon", "12:00")],
        );
        check("They won 3:1, verse 25:10.", &[]);
    }

    #[test]
    fn other_words_are_no_months() {
        check("You may march. May I? March on, April Jones!", &[]);
        check("It ends in May.", &[("May", "2016-05")]);
    }

    #[test]
    fn a_date_in_a_citation_is_part_of_the_citation() {
        let mut doc = Document::from_text("test.txt", "So it was (RT, March 3, 2015). In March 2015 it was not.");
        crate::Citations::default().apply(&mut doc, &Context::default()).unwrap();
        Dates::default().apply(&mut doc, &Context::default()).unwrap();
        assert_eq!(doc.annotations_of("date").count(), 1);
    }

    proptest! {
        #[test]
        fn spans_are_exact(text in "(March|14|2016|,|\\.|-|/|–| |last|Tuesday|ago|year|Q|3|:|30|p\\.m\\.|’|s|é|\\PC){0,30}") {
            for language in ["en", "de", "fr"] {
                let doc = document(language, Some("2016-02-29"), &text);
                for found in doc.annotations() {
                    let words = found.span.of(doc.text()).unwrap();
                    prop_assert!(!words.is_empty() && words.trim() == words);
                }
            }
        }
    }
}
