//! A corpus-wide stage: it sees all documents before it works on the first.

use std::io;

use docmill_core::{
    Aggregate, BuildContext, Component, Context, CorpusContext, CorpusStage, Document, DropReason, Field, Findings,
    OptionError, Role, RoleKind, StageError, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Measures how many terms a document has beside the mean of all documents, and drops those that have too few.
///
/// The terms are the annotations that `acme.terms` made; the measure is `terms.relative`: 2 is twice as many as the mean.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Relative {
    /// Documents with less than so many times the mean are dropped.
    #[schemars(range(min = 0.0))]
    pub min: f64,
}

impl Component for Relative {
    const NAME: &'static str = "acme.relative";
    const KIND: RoleKind = RoleKind::Corpus;

    fn needs(&self) -> Vec<Field> {
        vec![Field::annotations("term")]
    }

    fn gives(&self) -> Vec<Field> {
        vec![Field::measure("terms.relative")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::corpus(self))
    }
}

fn terms(doc: &Document) -> u64 {
    doc.annotations_of("term").count() as u64
}

impl CorpusStage for Relative {
    /// The number of terms of one document.
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        Ok(terms(doc).to_be_bytes().to_vec())
    }

    fn aggregate(&self, _cx: &CorpusContext) -> io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Sum::default()))
    }

    /// `finding` is the mean.
    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let mean = finding.try_into().map(f64::from_be_bytes).map_err(|error| StageError::Caused {
            context: "the finding is no mean".to_owned(),
            source: Box::new(error),
        })?;
        let relative = if mean > 0.0 { terms(doc) as f64 / mean } else { 0.0 };
        doc.measure("terms.relative", relative);
        let relative = doc.measures()["terms.relative"];
        Ok(if relative < self.min {
            Verdict::Drop(DropReason::new("terms.relative", relative, self.min))
        } else {
            Verdict::Keep
        })
    }
}

/// All terms so far. However many documents there are, it takes no more memory.
#[derive(Default)]
struct Sum {
    terms: u64,
    documents: u64,
}

impl Aggregate for Sum {
    fn add(&mut self, _position: u64, _uri: &str, observation: &[u8]) -> io::Result<()> {
        self.terms += observation.try_into().map(u64::from_be_bytes).map_err(io::Error::other)?;
        self.documents += 1;
        Ok(())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        Ok(Box::new(Mean(self.terms as f64 / self.documents.max(1) as f64)))
    }
}

struct Mean(f64);

impl Findings for Mean {
    fn finding(&mut self, _position: u64) -> io::Result<Vec<u8>> {
        Ok(self.0.to_be_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{Annotation, ByteSpan};

    use super::*;

    /// What becomes of documents with so many terms.
    fn verdicts(stage: &Relative, terms: &[usize]) -> Vec<(Verdict, f64)> {
        let cx = Context::default();
        let mut docs: Vec<_> = terms.iter().map(|_| Document::from_text("test.txt", "some text")).collect();
        for (doc, &terms) in docs.iter_mut().zip(terms) {
            (0..terms).for_each(|at| doc.annotate(Annotation::new("term", ByteSpan::new(at, at + 1))));
        }
        let mut aggregate = stage.aggregate(&CorpusContext::default()).unwrap();
        for (position, doc) in (0..).zip(&docs) {
            aggregate.add(position, "test.txt", &stage.observe(doc, &cx).unwrap()).unwrap();
        }
        let mut findings = aggregate.conclude().unwrap();
        let judged = (0..).zip(&mut docs).map(|(position, doc)| {
            let verdict = stage.apply(&findings.finding(position).unwrap(), doc, &cx).unwrap();
            (verdict, doc.measures()["terms.relative"])
        });
        judged.collect()
    }

    #[test]
    fn documents_are_measured_by_the_mean_of_all() {
        let relative: Vec<_> = verdicts(&Relative::default(), &[1, 2, 6]).iter().map(|(_, measure)| *measure).collect();
        assert_eq!(relative, [0.3333, 0.6667, 2.0]);
    }

    #[test]
    fn those_far_below_the_mean_are_dropped() {
        let kept = verdicts(&Relative { min: 0.5 }, &[1, 2, 6]);
        assert_eq!(kept[0].0, Verdict::Drop(DropReason::new("terms.relative", 0.3333, 0.5)));
        assert_eq!((&kept[1].0, &kept[2].0), (&Verdict::Keep, &Verdict::Keep));
    }

    #[test]
    fn where_no_document_has_terms_none_stands_out() {
        assert_eq!(verdicts(&Relative::default(), &[0, 0])[1], (Verdict::Keep, 0.0));
    }
}
