//! Documents for which a condition holds.

use docmill_core::{
    BuildContext, Component, Condition as _, Context, Document, DropReason, Field, Filter, OptionError, Role, RoleKind,
    StageError, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::When;

/// Keeps the documents for which a condition holds, and drops the others.
///
/// The condition is an expression in CEL, and knows what `when` knows: `language`, `title`, `text`, `words`, `meta`, `source`,
/// `measures`, `tags` and `annotations`. A key that a document does not have, or a value of another type, is an error of that
/// document: ask `has(...)` first. The reason in the ledger is the rule `where` with the values that the condition looked at.
///
/// ```yaml
/// - filter.where: { keep: 'language == "en" && words > 100' }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilterWhere {
    /// The condition that a document has to fulfil.
    pub keep: String,
}

impl Component for FilterWhere {
    const NAME: &'static str = "filter.where";
    const KIND: RoleKind = RoleKind::Filter;

    fn needs(&self) -> Vec<Field> {
        When::compile(&self.keep).map(|when| when.needs()).unwrap_or_default()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.keep.trim().is_empty() {
            let message = "expected a condition, such as `language == \"en\"`";
            return Err(vec![OptionError::new("/keep", message)]);
        }
        let when = When::compile(&self.keep).map_err(|errors| {
            let error = |error: crate::WhenError| {
                let message = format!("{}: {}", error.message, error.label);
                let found = OptionError::new("/keep", message).within(error.span);
                OptionError { help: error.help, ..found }
            };
            errors.0.into_iter().map(error).collect::<Vec<_>>()
        })?;
        Ok(Role::filter(Where { when }))
    }
}

struct Where {
    when: When,
}

impl Filter for Where {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        if self.when.holds(doc)? {
            return Ok(Verdict::Keep);
        }
        Ok(Verdict::Drop(DropReason::new("where", self.when.measured(doc), self.when.text())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn build(keep: &str) -> Result<Role, Vec<OptionError>> {
        FilterWhere { keep: keep.to_owned() }.build(&BuildContext::default())
    }

    fn judged(keep: &str, doc: &mut Document) -> Result<Verdict, StageError> {
        let Ok(Role::Filter(filter)) = build(keep) else { panic!("{keep} is a condition") };
        filter.judge(doc, &Context::default())
    }

    #[test]
    fn what_is_dropped_says_what_the_condition_looked_at() {
        let mut doc = Document::from_text("a.txt", "Der Hafen wird vertieft.");
        doc.set_language("de");
        doc.measure("quality", 0.5);
        doc.tag(docmill_core::Tag::new("topic", "ports"));
        let mut check = |keep: &str, measured: Value| {
            let expected = Verdict::Drop(DropReason::new("where", measured, keep));
            assert_eq!(judged(keep, &mut doc).unwrap(), expected, "{keep}");
        };
        check(r#"language == "en" && words > 100"#, json!({"language": "de", "words": 4}));
        check("measures.quality > 0.9", json!({"measures.quality": 0.5}));
        check(
            r#""rail" in tags.topic && annotations.money > 0"#,
            json!({"annotations.money": 0, "tags.topic": ["ports"]}),
        );
        check("has(measures.other) && measures.other > 1.0", json!(false));
        check(r#"text.contains("rail")"#, json!(false));
    }

    #[test]
    fn what_holds_is_kept() {
        let mut doc = Document::from_text("a.txt", "one two three");
        assert_eq!(judged("words == 3", &mut doc).unwrap(), Verdict::Keep);
    }

    #[test]
    fn a_missing_key_is_an_error_and_no_drop() {
        let mut doc = Document::from_text("a.txt", "one");
        let error = judged(r#"meta.desk == "rail""#, &mut doc).unwrap_err().to_string();
        assert!(error.contains("desk"), "{error}");
    }

    #[test]
    fn every_mistake_has_its_place() {
        let keep = r#"lang == "en" && word > 100"#;
        let errors = build(keep).err().unwrap_or_default();
        let places: Vec<&str> = errors.iter().filter_map(|error| keep.get(error.within.clone()?)).collect();
        assert_eq!(places, ["lang", "word"]);
        assert!(errors.iter().all(|error| error.pointer == "/keep" && error.help.is_some()));
        assert_eq!(build("  ").err().map(|errors| errors.len()), Some(1));
    }

    #[test]
    fn the_condition_says_what_it_needs() {
        let filter = FilterWhere { keep: r#""energy" in tags.topic && language == "en""#.to_owned() };
        assert_eq!(filter.needs(), [Field::Language, Field::tags("topic")]);
    }
}
