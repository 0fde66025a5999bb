//! Lines that are no prose, taken out.

use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::filter::{FEWEST_WORDS, Unfit, unfit};
use crate::removal::removal;

/// Removes lines that are no prose: menus, buttons, notices.
///
/// The rules are those by which C4 was made of web pages (Raffel et al. 2020, section 2.2): a line stays that ends with a mark that
/// ends a sentence or quotation and has at least `min_words` words, that does not speak of JavaScript, and that is no notice on
/// cookies, terms of use or privacy. Titles and headings seldom end so, and go: this is for texts that shall teach a language model.
/// How many lines went is the measure `prose.removed_lines`; `filter.quality: { preset: c4 }` judges what is left.
///
/// ```yaml
/// - normalize.prose
/// - filter.quality: { preset: c4 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Prose {
    /// Fewest words of a line that stays.
    pub min_words: u32,
    /// Whether a line has to end with a mark that ends a sentence or quotation.
    pub terminal_marks: bool,
    /// Whether lines that speak of JavaScript go.
    pub scripts: bool,
    /// Whether notices on cookies, terms of use and privacy go.
    pub policies: bool,
}

impl Default for Prose {
    fn default() -> Self {
        Self { min_words: FEWEST_WORDS, terminal_marks: true, scripts: true, policies: true }
    }
}

/// Name of the measure.
const MEASURE: &str = "prose.removed_lines";

impl Component for Prose {
    const NAME: &'static str = "normalize.prose";
    const KIND: RoleKind = RoleKind::Stage;

    fn gives(&self) -> Vec<Field> {
        vec![Field::measure(MEASURE)]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Prose {
    fn goes(&self, line: &str) -> bool {
        // Without its end a line is asked for the rest.
        let rest = || if self.terminal_marks { None } else { unfit(&format!("{}.", line.trim()), self.min_words) };
        let found = match unfit(line, self.min_words) {
            Some(Unfit::Unfinished) if !self.terminal_marks => rest(),
            found => found,
        };
        match found {
            None => false,
            Some(Unfit::Unfinished | Unfit::Short | Unfit::LongWord) => true,
            Some(Unfit::Script) => self.scripts,
            Some(Unfit::Policy) => self.policies,
        }
    }
}

impl Stage for Prose {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let mut start = 0;
        let mut removed = Vec::new();
        for line in doc.text().split_inclusive('\n') {
            let span = ByteSpan::new(start, start + line.trim_end_matches(['\n', '\r']).len());
            start += line.len();
            if !line.trim().is_empty() && self.goes(line) {
                removed.push(span);
            }
        }
        let count = removed.len();
        let edits = removal(doc.text(), removed);
        doc.edit(&edits)?;
        doc.measure(MEASURE, count as f64);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{normalized, normalized_doc};

    const PAGE: &str = "Home | News | Contact\n\nThe ferry left the harbor at nine.\nShare this\n\nThis site uses cookies to count \
                        its visitors.\n\nNobody saw it come back that night.";

    #[test]
    fn lines_that_are_no_prose_go() {
        let expected = "The ferry left the harbor at nine.\n\nNobody saw it come back that night.";
        let doc = normalized_doc(Prose::default(), Document::from_text("a.txt", PAGE));
        assert_eq!(doc.text(), expected);
        assert!((doc.measures()[MEASURE] - 3.0).abs() < 1e-9);
        assert_eq!(normalized(Prose::default(), expected), expected);
    }

    #[test]
    fn each_rule_can_be_switched_off() {
        let kept = |options: Prose, line: &str| normalized(options, line) == line;
        let check = |options: Prose, line: &str| {
            assert!(kept(options, line) && !kept(Prose::default(), line), "{line}");
        };
        check(Prose { min_words: 2, ..Prose::default() }, "Ferry left.");
        check(Prose { terminal_marks: false, ..Prose::default() }, "The ferry left at nine today");
        check(Prose { scripts: false, ..Prose::default() }, "You need JavaScript for this.");
        check(Prose { policies: false, ..Prose::default() }, "Here are our terms of use.");
        let still = Prose { terminal_marks: false, ..Prose::default() };
        assert!(!kept(still, "Ferry left"));
    }
}
