//! Citations of law: cases, statutes, and acts of the European Union, as reports of several countries write them.
//!
//! Each form is one pattern whose named parts are the value. What could be an ordinary number or word counts only with the name of
//! its law, reporter or court behind or before it, so that `§ 5` alone and `Art. 3` alone stay prose.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use docmill_core::{
    Annotation, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage,
    StageError,
};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::reading::one_line;

/// Finds citations of law, such as `410 U.S. 113 (1973)`, `§ 823 Abs. 1 BGB`, `Art. 6 GDPR` and `Directive 95/46/EC`.
///
/// Gives annotations of the kind `legal`, with a value by form:
///
/// - `case`: `volume`, `reporter`, `page`, and `court` and `year` where they are given (`410 U.S. 113 (1973)`); `year`, `court`, `number` of
///   neutral citations (`[2019] UKSC 41`); `number` of the Court of Justice (`Case C-131/12`); `ecli`.
/// - `statute`: `law` and `section` (`§ 823 Abs. 1 BGB`, `42 U.S.C. § 1983`, `Article 6(1)(f) GDPR`, `article 1240 du Code civil`).
/// - `act`: `type`, `number`, and `body` where it is given, of the European Union (`Directive 95/46/EC`, `Verordnung (EU) 2016/679`).
///
/// The parts are as in the text, on one line. Sources in parentheses that are no law are found by `tag.citations`.
///
/// ```yaml
/// - tag.legal
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Legal {}

impl Component for Legal {
    const NAME: &'static str = "tag.legal";
    const KIND: RoleKind = RoleKind::Stage;

    fn gives(&self) -> Vec<Field> {
        vec![Field::annotations("legal")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

/// A way to cite.
struct Form {
    name: &'static str,
    pattern: Regex,
    /// One of these stands in every citation of the form.
    needles: &'static [&'static str],
}

/// The parts of a section: numbers, letters, and the words for them.
const SECTION: &str = r"[0-9]{1,4}[a-z]?(?:\.[0-9]{1,3}(?:[a-z]-[0-9]{1,2})?)?(?:-[0-9]{1,3})?(?:\([0-9a-z]{1,4}\)){0,4}(?: (?:f|ff)\.)?(?:,? (?:Abs|Absatz|S|Satz|Nr|Nummer|lit|Buchst|para|paras|al|alinéa|apartado)\.? ?[0-9]{0,2}[a-z]?(?:\([0-9a-z]{1,3}\)){0,2}){0,4}";

/// Names of German, Austrian and Swiss laws: short words that end with a capital, as all of them do.
const GERMAN_LAW: &str = r"(?:SGB [IVX]{1,4}|DS-GVO|\p{Lu}[\p{L}]{0,12}(?:GB|G|O|V)|GG|OR|BV)";

/// Short names of European laws in five languages.
const EUROPEAN_LAW: &str =
    r"(?:GDPR|DSGVO|DS-GVO|RGPD|TFEU|AEUV|TFUE|TEU|EUV|TUE|ECHR|EMRK|CEDH|CEDU|EU Charter|GRCh|DSA|DMA)";

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let form = |name, needles, pattern: String| Form {
        name,
        needles,
        pattern: Regex::new(&pattern).expect("the pattern is fixed"),
    };
    let year = r"(?P<year>(?:17|18|19|20)[0-9]{2})";
    vec![
        form(
            "case",
            &["U.S.", "S. Ct.", "L. Ed.", "F.2d", "F.3d", "F.4th", "F. Supp.", "A.2d", "A.3d", "P.2d", "P.3d", "N.E.", "N.W.2d", "S.E.2d", "S.W.", "So. 2d", "So. 3d", "Cal."],
            format!(
                r"\b(?P<volume>[0-9]{{1,4}}) (?P<reporter>U\.S\.|S\. ?Ct\.|L\. ?Ed\.(?: 2d)?|F\.(?:2d|3d|4th)|F\. ?Supp\.(?: [23]d)?|A\.[23]d|P\.[23]d|N\.E\.(?:2d|3d)|N\.W\.2d|S\.E\.2d|S\.W\.[23]d|So\. [23]d|Cal\. (?:[234]d|[45]th)) (?P<page>[0-9]{{1,5}})\b(?:, [0-9]{{1,5}}(?:[-–][0-9]{{1,5}})?)?(?: \((?:(?P<court>[0-9]{{0,2}}[\p{{L}}. ]{{1,20}}[0-9]{{0,2}}[\p{{L}}.]*) )?{year}\))?"
            ),
        ),
        form(
            "case",
            &["[19", "[20"],
            r"\[(?P<year>(?:19|20)[0-9]{2})\] (?P<court>UKSC|UKHL|UKPC|EWCA (?:Civ|Crim)|EWHC|CSIH|CSOH|NICA|HCA|SCC|NZSC|IESC|IEHC) (?P<number>[0-9]{1,5})\b(?: \((?:Admin|Ch|Comm|Fam|IPEC|KB|Pat|QB|TCC)\))?".to_owned(),
        ),
        form(
            "case",
            &["C-", "T-", "C‑", "T‑"],
            r"\b(?:Joined )?(?:Cases?|Rechtssache|Rs\.|[Aa]ffaires?|[Aa]ff\.|[Aa]suntos?|[Pp]rocessos?) (?P<number>[CT][-‑][0-9]{1,4}/[0-9]{2})\b".to_owned(),
        ),
        form("case", &["ECLI:"], r"\b(?P<ecli>ECLI:[A-Z]{2}:[A-Z0-9]{1,7}:[0-9]{4}:[A-Z0-9.]{0,24}[A-Z0-9])\b".to_owned()),
        form(
            "statute",
            &["U.S.C.", "C.F.R."],
            r"\b(?P<law>[0-9]{1,2} (?:U\.S\.C\.(?:A\.)?|C\.F\.R\.)) (?P<section>(?:§§? ?|Part |pt\. )[0-9]{1,5}[a-z]{0,2}(?:[.-][0-9]{1,4}[a-z]?(?:-[0-9]{1,3})?)?(?:\([0-9A-Za-z]{1,4}\)){0,5})".to_owned(),
        ),
        form(
            "statute",
            &["§"],
            format!(
                r"(?P<section>§§?[ \x{{a0}}]?{SECTION}(?:(?:, | und | bis | i\.V\.m\. |-|–)(?:§ ?)?{SECTION}){{0,4}}) (?P<law>{GERMAN_LAW})\b"
            ),
        ),
        form(
            "statute",
            &["GG", "BV", "EGBGB"],
            format!(r"\b(?P<section>(?:Art\.|Artikel) {SECTION}) (?:des )?(?P<law>GG|BV|B-VG|EGBGB)\b"),
        ),
        form(
            "statute",
            &["GDPR", "GVO", "RGPD", "TFEU", "AEUV", "TFUE", "TEU", "EUV", "TUE", "ECHR", "EMRK", "CEDH", "CEDU", "EU Charter", "GRCh", "DSA", "DMA"],
            format!(
                r"\b(?P<section>(?:Arts?\.|Articles?|arts?\.|articles?|Artikeln?|[Aa]rtículos?|[Aa]rtigos?) {SECTION}(?:\.?º)?(?:(?:, | and | und | et | y | e ){SECTION}){{0,3}}) (?:of the |der |des |du |de la |del |do |da )?(?P<law>{EUROPEAN_LAW})\b"
            ),
        ),
        form(
            "statute",
            &[" Code ", " code ", "Código", "código"],
            r"\b(?P<section>(?:[Aa]rt\.|[Aa]rticles?|[Aa]rtículos?|[Aa]rtigos?) (?:[LRD]\.? ?)?[0-9]{1,4}(?:[-.][0-9]{1,3}){0,3}(?:\.?[º°])?) (?P<law>du [Cc]ode (?:civil|pénal|du travail|de commerce|de procédure (?:civile|pénale)|de la consommation|de la route|de l['’]environnement)|del? [Cc]ódigo (?:Civil|Penal|de Comercio|civil|penal)|do [Cc]ódigo (?:Civil|Penal|de Processo (?:Civil|Penal)|do Trabalho|civil|penal))\b".to_owned(),
        ),
        form(
            "act",
            &["irective", "egulation", "ichtlinie", "erordnung", "èglement", "irectiva", "eglamento", "egulamento", "iretiva", "ecision", "eschluss"],
            r"\b(?:Council |Commission |Parliament and Council )?(?P<type>[Dd]irective|[Rr]egulation|[Dd]ecision|Richtlinie|Verordnung|[Rr]èglement|[Dd]irectiva|[Rr]eglamento|[Rr]egulamento|[Dd]iretiva)(?: \((?P<body>EU|EC|EEC|EG|EWG|UE|CE|CEE)(?:, Euratom)?\))? (?:(?:No|Nr|no|n)[.°º]? ?)?(?P<number>[0-9]{2,4}/[0-9]{1,4})(?:/(?P<suffix>EU|EC|EEC|EG|EWG|UE|CE|CEE|JHA|JI))?\b".to_owned(),
        ),
    ]
});

/// Finds which forms may stand in a text.
static NEEDLES: LazyLock<(AhoCorasick, Vec<usize>)> = LazyLock::new(|| {
    let (needles, forms): (Vec<&str>, Vec<usize>) =
        FORMS.iter().enumerate().flat_map(|(at, form)| form.needles.iter().map(move |needle| (*needle, at))).unzip();
    (AhoCorasick::new(needles).expect("the needles are few and short"), forms)
});

impl Stage for Legal {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let mut found = citations(doc.text());
        // The longest of those that begin at one place counts.
        found.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut end = 0;
        for (span, value) in found {
            if span.start >= end {
                end = span.end;
                doc.annotate(Annotation::new("legal", span).with_value(value));
            }
        }
        Ok(())
    }
}

/// The citations of all forms.
fn citations(text: &str) -> Vec<(ByteSpan, Value)> {
    let (automaton, forms) = &*NEEDLES;
    let mut present = vec![false; FORMS.len()];
    for needle in automaton.find_overlapping_iter(text) {
        present[forms[needle.pattern().as_usize()]] = true;
    }
    let forms = FORMS.iter().zip(present).filter(|(_, present)| *present).map(|(form, _)| form);
    forms.flat_map(|form| form.found(text)).collect()
}

impl Form {
    fn found(&self, text: &str) -> Vec<(ByteSpan, Value)> {
        let captures = self.pattern.captures_iter(text).filter_map(|captures| {
            let whole = captures.get(0)?;
            let mut value = Map::new();
            value.insert("form".to_owned(), self.name.into());
            for name in self.pattern.capture_names().flatten() {
                if let Some(part) = captures.name(name) {
                    let name = if name == "suffix" { "body" } else { name };
                    let part = one_line(part.as_str());
                    let part = if name == "type" { part.to_lowercase() } else { part.into_owned() };
                    value.insert(name.to_owned(), part.into());
                }
            }
            // An act without its body, such as `regulation 12/13`, may be anything.
            let known = self.name != "act" || value.contains_key("body");
            known.then(|| (whole.range().into(), Value::Object(value)))
        });
        captures.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn document(text: &str) -> Document {
        let mut doc = Document::from_text("test.txt", text);
        Legal::default().apply(&mut doc, &Context::default()).unwrap();
        doc
    }

    /// The citations as the parts of their values, in the order of their names.
    fn check(text: &str, expected: &[(&str, &Value)]) {
        let doc = document(text);
        let found: Vec<(&str, &Value)> =
            doc.annotations().iter().map(|found| (found.span.of(doc.text()).unwrap(), &found.value)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn cases_are_found_with_reporter_and_year() {
        let roe = json!({"form": "case", "volume": "410", "reporter": "U.S.", "page": "113", "year": "1973"});
        check("As in 410 U.S. 113 (1973), the court held", &[("410 U.S. 113 (1973)", &roe)]);
        let court = json!({"form": "case", "volume": "12", "reporter": "F.3d", "page": "345", "court": "9th Cir.", "year": "1994"});
        check("12 F.3d 345, 350 (9th Cir. 1994).", &[("12 F.3d 345, 350 (9th Cir. 1994)", &court)]);
        let neutral = json!({"form": "case", "year": "2019", "court": "UKSC", "number": "41"});
        check("see [2019] UKSC 41 at 5", &[("[2019] UKSC 41", &neutral)]);
        let justice = json!({"form": "case", "number": "C-131/12"});
        check("in Case C-131/12 the", &[("Case C-131/12", &justice)]);
        check("Rs. C-131/12", &[("Rs. C-131/12", &justice)]);
        let ecli = json!({"form": "case", "ecli": "ECLI:EU:C:2014:317"});
        check("(ECLI:EU:C:2014:317).", &[("ECLI:EU:C:2014:317", &ecli)]);
    }

    #[test]
    fn statutes_are_found_with_their_law() {
        let statute = |section: &str, law: &str| json!({"form": "statute", "section": section, "law": law});
        for (text, cited, section, law) in [
            ("nach § 823 Abs. 1 BGB haftet", "§ 823 Abs. 1 BGB", "§ 823 Abs. 1", "BGB"),
            ("gemäß §§ 211, 212 StGB droht", "§§ 211, 212 StGB", "§§ 211, 212", "StGB"),
            ("§ 8 Abs. 1 Nr. 2 UWG gilt", "§ 8 Abs. 1 Nr. 2 UWG", "§ 8 Abs. 1 Nr. 2", "UWG"),
            ("§ 7 SGB II regelt", "§ 7 SGB II", "§ 7", "SGB II"),
            ("Art. 5 Abs. 1 GG schützt", "Art. 5 Abs. 1 GG", "Art. 5 Abs. 1", "GG"),
            ("under Art. 6 GDPR it", "Art. 6 GDPR", "Art. 6", "GDPR"),
            ("Article 6(1)(f) of the GDPR says", "Article 6(1)(f) of the GDPR", "Article 6(1)(f)", "GDPR"),
            ("Art. 6 Abs. 1 lit. f DSGVO", "Art. 6 Abs. 1 lit. f DSGVO", "Art. 6 Abs. 1 lit. f", "DSGVO"),
            ("l’article 6 du RGPD", "article 6 du RGPD", "article 6", "RGPD"),
            ("Articles 101 and 102 TFEU", "Articles 101 and 102 TFEU", "Articles 101 and 102", "TFEU"),
            ("42 U.S.C. § 1983 and", "42 U.S.C. § 1983", "§ 1983", "42 U.S.C."),
            ("17 C.F.R. § 240.10b-5 bars", "17 C.F.R. § 240.10b-5", "§ 240.10b-5", "17 C.F.R."),
            ("l'article 1240 du Code civil", "article 1240 du Code civil", "article 1240", "du Code civil"),
            (
                "el artículo 1902 del Código Civil",
                "artículo 1902 del Código Civil",
                "artículo 1902",
                "del Código Civil",
            ),
            ("o artigo 483.º do Código Civil", "artigo 483.º do Código Civil", "artigo 483.º", "do Código Civil"),
        ] {
            check(text, &[(cited, &statute(section, law))]);
        }
    }

    #[test]
    fn acts_of_the_union_are_found() {
        let act =
            |kind: &str, number: &str, body: &str| json!({"form": "act", "type": kind, "number": number, "body": body});
        check("Directive 95/46/EC was", &[("Directive 95/46/EC", &act("directive", "95/46", "EC"))]);
        check("Regulation (EU) 2016/679,", &[("Regulation (EU) 2016/679", &act("regulation", "2016/679", "EU"))]);
        check("die Richtlinie 95/46/EG", &[("Richtlinie 95/46/EG", &act("richtlinie", "95/46", "EG"))]);
        check("le règlement (UE) 2016/679", &[("règlement (UE) 2016/679", &act("règlement", "2016/679", "UE"))]);
        check(
            "Council Regulation (EC) No 139/2004",
            &[("Council Regulation (EC) No 139/2004", &act("regulation", "139/2004", "EC"))],
        );
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "In 2014 the U.S. 101 highway was closed",
            "the 410 U.S. troops",
            "see § 5 above",
            "§ 5 Der Vorstand",
            "Art. 3 of the exhibition",
            "Art. 6 is on the wall",
            "the directive of 12/13 March",
            "regulation 12/13 of the club",
            "a C-130/12 plane",
            "[2019] results 41",
            "article 12 du code secret",
            "about 42 U.S. cities",
        ] {
            check(text, &[]);
        }
    }

    proptest! {
        #[test]
        fn spans_are_exact(text in "(§ |Art\\. |[0-9]{1,3}| BGB| GDPR| U\\.S\\. |Directive |/EC|\\(1973\\)|\\PC){0,20}") {
            let doc = document(&text);
            for found in doc.annotations() {
                let words = found.span.of(doc.text()).unwrap();
                prop_assert!(!words.is_empty() && words.trim() == words);
            }
        }
    }
}
