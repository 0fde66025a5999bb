//! Annotations by regular expressions of one's own.

use docmill_core::{
    Annotation, BuildContext, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Annotates what regular expressions match.
///
/// Each rule has a `pattern` (syntax of the Rust crate `regex`) and may have a `kind` and a `value`: a template in which `$1` or
/// `${name}` is what a group matched. Without it the annotation has no value. Rules apply one after the other; what they match may
/// overlap.
///
/// ```yaml
/// - tag.regex:
///     kind: ticket
///     rules:
///       - { pattern: '\bT-(\d+)\b', value: "$1" }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TagRegex {
    /// Kind of the annotations of rules that name none.
    pub kind: String,
    /// The rules.
    pub rules: Vec<Pattern>,
}

/// A rule.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// The regular expression.
    pub pattern: String,
    /// Kind of the annotations.
    #[serde(default)]
    pub kind: Option<String>,
    /// Template of the value.
    #[serde(default)]
    pub value: Option<String>,
}

impl Default for TagRegex {
    fn default() -> Self {
        Self { kind: "match".to_owned(), rules: Vec::new() }
    }
}

impl Component for TagRegex {
    const NAME: &'static str = "tag.regex";
    const KIND: RoleKind = RoleKind::Stage;

    fn gives(&self) -> Vec<Field> {
        let mut kinds: Vec<&String> = self.rules.iter().map(|rule| rule.kind.as_ref().unwrap_or(&self.kind)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.into_iter().map(|kind| Field::Annotations(kind.clone().into())).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.rules.is_empty() {
            return Err(vec![OptionError::new("/rules", "expected at least one rule with a `pattern`")]);
        }
        let mut errors = Vec::new();
        let mut rules = Vec::new();
        for (index, rule) in self.rules.into_iter().enumerate() {
            let kind = rule.kind.unwrap_or_else(|| self.kind.clone());
            if kind.trim().is_empty() {
                errors.push(OptionError::new(
                    format!("/rules/{index}/kind"),
                    "expected the name of a kind, found an empty text",
                ));
            }
            match ::regex::Regex::new(&rule.pattern) {
                Ok(pattern) => rules.push(Rule { pattern, kind, value: rule.value }),
                Err(error) => {
                    let message = format!("expected a regular expression: {error}");
                    errors.push(OptionError::new(format!("/rules/{index}/pattern"), message));
                }
            }
        }
        if errors.is_empty() { Ok(Role::stage(Rules(rules))) } else { Err(errors) }
    }
}

/// The rules, ready to work.
struct Rules(Vec<Rule>);

struct Rule {
    pattern: ::regex::Regex,
    kind: String,
    value: Option<String>,
}

impl Stage for Rules {
    fn apply(&self, doc: &mut Document, cx: &Context) -> Result<(), StageError> {
        let mut found = Vec::new();
        for rule in &self.0 {
            cx.check_time()?;
            match &rule.value {
                None => {
                    let spans = rule.pattern.find_iter(doc.text()).map(|found| found.range());
                    found.extend(spans.map(|span| Annotation::new(rule.kind.clone(), span)));
                }
                Some(template) => found.extend(rule.pattern.captures_iter(doc.text()).filter_map(|captures| {
                    let mut value = String::new();
                    captures.expand(template, &mut value);
                    Some(Annotation::new(rule.kind.clone(), captures.get(0)?.range()).with_value(value))
                })),
            }
        }
        found.retain(|annotation| !annotation.span.is_empty());
        for annotation in found {
            doc.annotate(annotation);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(json: serde_json::Value) -> TagRegex {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_match_is_annotated_with_its_value() {
        let options = rules(serde_json::json!({"kind": "ticket", "rules": [
            {"pattern": r"\bT-(\d+)", "value": "no. $1"}, {"pattern": "x*", "kind": "x"}]}));
        assert_eq!(options.gives(), [Field::annotations("ticket"), Field::annotations("x")]);
        let Ok(Role::Stage(stage)) = options.build(&BuildContext::default()) else { panic!("it was not built") };
        let mut doc = Document::from_text("test.txt", "See T-1001 xx.");
        stage.apply(&mut doc, &Context::default()).unwrap();
        let found: Vec<_> =
            doc.annotations().iter().map(|a| (a.kind.as_ref(), a.span.of(doc.text()), a.value.clone())).collect();
        assert_eq!(found, [("ticket", Some("T-1001"), "no. 1001".into()), ("x", Some("xx"), serde_json::Value::Null)]);
    }

    #[test]
    fn mistakes_are_reported_where_they_are() {
        let options = rules(serde_json::json!({"rules": [{"pattern": "a"}, {"pattern": "(", "kind": ""}]}));
        let Err(errors) = options.build(&BuildContext::default()) else { panic!("it was built") };
        let places: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(places, ["/rules/1/kind", "/rules/1/pattern"]);
        assert!(TagRegex::default().build(&BuildContext::default()).is_err());
    }
}
