//! Personal data: what `normalize.redact` takes out.

mod address;
mod checks;
mod national;
mod secret;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use docmill_core::{
    Annotation, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage,
    StageError, nearest,
};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::contact::{emails, phones};
use crate::dates::{Order, date_at};
use crate::reading::reading;
use address::postal_addresses;
use checks::{luhn, mod97};
use national::national_numbers;
use secret::secrets;

/// Finds personal data: addresses, numbers of cards, accounts and persons, dates of birth, keys and passwords.
///
/// Gives annotations of the kinds `pii.email`, `pii.phone`, `pii.card` (with a right Luhn digit), `pii.iban` (with right check digits),
/// `pii.ip` (versions 4 and 6), `pii.ssn` (U.S. Social Security numbers), `pii.national_id`, `pii.birth_date` (a date near `born`, `DOB`,
/// `date of birth` and the like), `pii.address` and `pii.secret`, with the normalized value as `{"value": …}`.
///
/// National numbers have right check digits: those of Australia, Belgium, Brazil, Canada, Chile, China, Finland, France, Germany, India, Italy,
/// Japan, Mexico, the Netherlands, Norway, Poland, Portugal, Romania, South Africa, Spain, Sweden, Switzerland, Turkey and the NHS. Bare digits
/// count where the words before them say what they are, such as `BSN` or `tax file number`. The value has `country` and `name` too.
///
/// Addresses are streets with their number in the manner of English, German, French, Spanish, Portuguese and Italian letters, and boxes.
/// Secrets are keys of well-known services, private keys, and what stands behind `password:`, `api_key =` and the like and looks random.
///
/// ```yaml
/// - tag.pii: { kinds: [email, phone, card] }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pii {
    /// The kinds that are looked for, without `pii.`.
    #[schemars(length(min = 1))]
    pub kinds: Vec<String>,
    /// How dates of birth in numbers are read.
    pub order: Order,
}

/// Kinds with what finds them.
const KINDS: [(&str, &str); 10] = [
    ("email", "pii.email"),
    ("phone", "pii.phone"),
    ("card", "pii.card"),
    ("iban", "pii.iban"),
    ("ip", "pii.ip"),
    ("ssn", "pii.ssn"),
    ("national_id", "pii.national_id"),
    ("birth_date", "pii.birth_date"),
    ("address", "pii.address"),
    ("secret", "pii.secret"),
];

impl Default for Pii {
    fn default() -> Self {
        Self { kinds: KINDS.iter().map(|(name, _)| (*name).to_owned()).collect(), order: Order::Language }
    }
}

impl Component for Pii {
    const NAME: &'static str = "tag.pii";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 3;

    fn gives(&self) -> Vec<Field> {
        KINDS.iter().filter(|(name, _)| self.wants(name)).map(|(_, kind)| Field::annotations(kind)).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let names = KINDS.map(|(name, _)| name);
        let unknown = |kind: &String| !names.contains(&kind.strip_prefix("pii.").unwrap_or(kind));
        let errors: Vec<OptionError> = (self.kinds.iter().enumerate())
            .filter(|(_, kind)| unknown(kind))
            .map(|(index, kind)| {
                let message = format!("expected one of {}, found `{kind}`", names.join(", "));
                let error = OptionError::new(format!("/kinds/{index}"), message);
                match nearest(kind, &names) {
                    Some(name) => error.with_help(format!("did you mean `{name}`?")),
                    None => error,
                }
            })
            .collect();
        if errors.is_empty() { Ok(Role::stage(self)) } else { Err(errors) }
    }
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is fixed")
}

static CARD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[2-6][0-9]{3}(?:[ -]?[0-9]){9,15}\b"));
static IBAN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{1,4}){3,8}\b"));
static IPV4: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b"));
static IPV6: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)[0-9a-f:]{0,4}:[0-9a-f:]{1,39}"));
static SSN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"));
static BIRTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:born|d\.?o\.?b\b|dates? of birth|birth ?dates?|birthdays?|geboren|geb\.|geburtsdatum|née? le|date de naissance|nacid[oa]|fecha de nacimiento|nascid[oa]|nat[oa] il)",
    )
});

impl Stage for Pii {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let text = doc.text();
        let mut found: Vec<(&'static str, ByteSpan, Value)> = Vec::new();
        let national = if self.wants("national_id") { national_numbers(text) } else { Vec::new() };
        for (name, kind) in KINDS {
            if self.wants(name) {
                let spans = match name {
                    "email" => emails(text).into_iter().map(|span| (span, of(text, span).to_lowercase())).collect(),
                    "phone" => phones(text).into_iter().map(|phone| (phone.span, phone.number)).collect(),
                    "card" => cards(text),
                    "iban" => ibans(text),
                    "ip" => addresses(text),
                    "ssn" => social_security(text),
                    "birth_date" => self.birth_dates(doc),
                    "address" => postal_addresses(text),
                    "secret" => secrets(text),
                    _ => Values::new(),
                };
                found.extend(spans.into_iter().map(|(span, value)| (kind, span, json!({ "value": value }))));
            }
        }
        // What is known to be a person's number is no telephone's and no card's.
        found.retain(|(kind, span, _)| {
            !matches!(*kind, "pii.phone" | "pii.card") || !national.iter().any(|number| number.span.overlaps(*span))
        });
        found.extend(national.into_iter().map(|number| {
            let value = json!({ "value": number.number, "country": number.country, "name": number.name });
            ("pii.national_id", number.span, value)
        }));
        found.sort_by_key(|(_, span, _)| *span);
        for (kind, span, value) in found {
            doc.annotate(Annotation::new(kind, span).with_value(value));
        }
        Ok(())
    }
}

type Values = Vec<(ByteSpan, String)>;

fn of(text: &str, span: ByteSpan) -> &str {
    span.of(text).unwrap_or_default()
}

fn cards(text: &str) -> Values {
    let found = CARD.find_iter(text).map(|found| (ByteSpan::from(found.range()), found.as_str()));
    found
        .map(|(span, written)| (span, written.chars().filter(char::is_ascii_digit).collect::<String>()))
        .filter(|(_, digits)| luhn(&digits.bytes().map(|digit| digit - b'0').collect::<Vec<u8>>()))
        .collect()
}

fn ibans(text: &str) -> Values {
    IBAN.find_iter(text)
        .filter_map(|found| {
            // A word in capitals behind it may have been taken along.
            let mut written = found.as_str();
            loop {
                let compact: String = written.chars().filter(|c| *c != ' ').collect();
                if (15..=34).contains(&compact.len()) && mod97(&compact) {
                    return Some((ByteSpan::new(found.start(), found.start() + written.len()), compact));
                }
                written = written.rsplit_once(' ')?.0;
            }
        })
        .collect()
}

fn addresses(text: &str) -> Values {
    let four = IPV4.find_iter(text).filter_map(|found| {
        let address: Ipv4Addr = found.as_str().parse().ok()?;
        // A longer number with points is a version or a section.
        let longer = text.as_bytes().get(found.end()) == Some(&b'.')
            && text.as_bytes().get(found.end() + 1).is_some_and(u8::is_ascii_digit);
        let after_point = found.start().checked_sub(1).and_then(|at| text.as_bytes().get(at)) == Some(&b'.');
        (!longer && !after_point).then(|| (found.range().into(), address.to_string()))
    });
    let six = IPV6.find_iter(text).filter_map(|found| {
        let written = found.as_str().trim_end_matches(':');
        let written =
            if found.as_str().ends_with("::") && written.len() + 2 == found.len() { found.as_str() } else { written };
        let address: Ipv6Addr = written.parse().ok()?;
        let whole = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        let alone =
            whole(text.get(..found.start())?.chars().next_back()) && whole(text.get(found.end()..)?.chars().next());
        (alone && written.len() > 4)
            .then(|| (ByteSpan::new(found.start(), found.start() + written.len()), address.to_string()))
    });
    four.chain(six).collect()
}

fn social_security(text: &str) -> Values {
    let found = SSN.find_iter(text).filter(|found| {
        let number = found.as_str();
        let apart = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)) != Some(&b'-');
        let exists = !number.starts_with("000") && number.get(4..6) != Some("00") && !number.ends_with("0000");
        exists && apart(found.start().checked_sub(1)) && apart(Some(found.end()))
    });
    found.map(|found| (found.range().into(), found.as_str().to_owned())).collect()
}

/// How far behind `born` its date may begin, in bytes, and how far a list of dates goes.
const NEAR: usize = 60;
const LIST: usize = 400;

impl Pii {
    fn wants(&self, name: &str) -> bool {
        self.kinds.iter().any(|kind| kind.strip_prefix("pii.").unwrap_or(kind) == name)
    }

    fn birth_dates(&self, doc: &Document) -> Values {
        let text = doc.text();
        let mut cues = BIRTH.find_iter(text).peekable();
        if cues.peek().is_none() {
            return Vec::new();
        }
        let reading = reading(doc);
        let lexemes = reading.lexemes(text);
        let day_first = self.order.day_first(doc.language());
        let mut dates: Values = Vec::new();
        for cue in cues {
            let list = cue.as_str().to_lowercase().trim_end_matches(" of birth").ends_with("dates");
            let reach = cue.end() + if list { LIST } else { NEAR };
            let after_last = dates.last().map_or(0, |(span, _)| span.end).max(cue.end());
            let mut at = lexemes.items.partition_point(|lexeme| lexeme.span.start < after_last);
            while let Some(lexeme) = lexemes.get(at).filter(|lexeme| lexeme.span.start < reach) {
                // A date of birth stands in the sentence of its cue.
                if !list
                    && lexemes.symbol(at) == Some('.')
                    && !lexemes.glued(at + 1)
                    && at > 0
                    && lexemes.str(at - 1).len() > 3
                {
                    break;
                }
                let found = date_at(lexemes, at, day_first).filter(|found| found.date.exact().is_some());
                let Some(found) = found else {
                    at += 1;
                    continue;
                };
                let span = lexeme.span.hull(lexemes.span(found.last, found.last));
                dates.push((span, found.date.to_string()));
                at = found.last + 1;
                if !list {
                    break;
                }
            }
        }
        dates
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document(text: &str) -> Document {
        let mut doc = Document::from_text("test.txt", text);
        Pii::default().apply(&mut doc, &Context::default()).unwrap();
        doc
    }

    fn check(text: &str, expected: &[(&str, &str)]) {
        let doc = document(text);
        let found: Vec<(&str, &str)> =
            doc.annotations().iter().map(|a| (a.kind.as_ref(), a.value["value"].as_str().unwrap())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn personal_data_is_found() {
        check(
            "Write to Jon@example.org or call 503-555-0176.",
            &[("pii.email", "jon@example.org"), ("pii.phone", "+15035550176")],
        );
        check(
            "Card 4111 1111 1111 1111, 378282246310005",
            &[("pii.card", "4111111111111111"), ("pii.card", "378282246310005")],
        );
        check("from GB72 ZZZZ 0000 0012 3456 78; OK", &[("pii.iban", "GB72ZZZZ00000012345678")]);
        check("203.0.113.57 and 2001:db8::1", &[("pii.ip", "203.0.113.57"), ("pii.ip", "2001:db8::1")]);
        check("SSN 078-05-1120", &[("pii.ssn", "078-05-1120")]);
        check(
            "born March 5, 1965; DOB: 07/22/1968",
            &[("pii.birth_date", "1965-03-05"), ("pii.birth_date", "1968-07-22")],
        );
        check(
            "The birth dates:\n  A, 14 February 1981\n  B, 1979-11-30",
            &[("pii.birth_date", "1981-02-14"), ("pii.birth_date", "1979-11-30")],
        );
    }

    #[test]
    fn what_fails_its_check_is_left() {
        for text in [
            "4111 1111 1111 1112",
            "DE51 0000 0000 0123 4567 89",
            "256.1.1.1",
            "000-12-3456",
            "on March 5, 1965",
            "12:30:45",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn an_unknown_kind_is_refused_with_the_nearest() {
        let options = Pii { kinds: vec!["email".to_owned(), "phon".to_owned()], ..Pii::default() };
        let Err(errors) = options.build(&BuildContext::default()) else { panic!("it was built") };
        assert_eq!((errors[0].pointer.as_str(), errors[0].help.is_some()), ("/kinds/1", true));
    }

    proptest! {
        #[test]
        fn spans_are_exact(text in "(born |DOB|14|1981|-|:|::|GB72| |ZZZZ|4111|1111|é|a@b\\.de|\\.|\\PC){0,30}") {
            let doc = document(&text);
            for found in doc.annotations() {
                let words = found.span.of(doc.text()).unwrap();
                prop_assert!(!words.is_empty() && words.trim() == words);
            }
        }
    }
}
