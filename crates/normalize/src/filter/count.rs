//! So many documents of all.

use std::io;

use docmill_core::{
    Aggregate, BuildContext, Component, Context, CorpusContext, CorpusStage, Document, DropReason, Field, Findings,
    OptionError, Role, RoleKind, StageError, Verdict,
};
use docmill_spill::Sorter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::draw::Draw;
use super::sample::MEASURE;
use crate::findings::Found;

/// Keeps so many documents, drawn as if at random.
///
/// Each document has a draw from 0 to 1, kept as the measure `sample.draw`, which follows from its URI and `seed`: the `count` documents
/// with the smallest go on, all where there are no more. They keep their order. When documents are added, few of a sample
/// change. For a share of the documents take `filter.sample`, which need not see all of them first.
///
/// ```yaml
/// - filter.draw: { count: 1000, seed: 7 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilterDraw {
    /// How many documents go on.
    pub count: u64,
    /// Which of all samples.
    pub seed: u64,
}

impl Default for FilterDraw {
    fn default() -> Self {
        Self { count: 1000, seed: 0 }
    }
}

impl Component for FilterDraw {
    const NAME: &'static str = "filter.draw";
    const KIND: RoleKind = RoleKind::Corpus;

    fn gives(&self) -> Vec<Field> {
        vec![Field::measure(MEASURE)]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::corpus(self))
    }
}

/// The finding of a document that goes on.
const DRAWN: &[u8] = &[1];

impl CorpusStage for FilterDraw {
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        Ok(Draw::of(doc, self.seed).to_bytes().to_vec())
    }

    fn aggregate(&self, cx: &CorpusContext) -> io::Result<Box<dyn Aggregate>> {
        Ok(Box::new(Draws { count: self.count, memory: cx.memory, sorter: Sorter::new(cx.memory / 2) }))
    }

    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let draw = Draw::of(doc, self.seed).share();
        doc.measure(MEASURE, draw);
        if finding == DRAWN {
            return Ok(Verdict::Keep);
        }
        Ok(Verdict::Drop(DropReason::new("sample.count", draw, self.count)))
    }
}

/// The draws so far, each with the position of its document.
struct Draws {
    count: u64,
    memory: u64,
    sorter: Sorter,
}

impl Aggregate for Draws {
    fn add(&mut self, position: u64, _uri: &str, observation: &[u8]) -> io::Result<()> {
        self.sorter.push(&[observation, &position.to_be_bytes()].concat())
    }

    fn conclude(self: Box<Self>) -> io::Result<Box<dyn Findings>> {
        let mut found = Found::new(self.memory / 2);
        let mut sorted = self.sorter.finish()?;
        for _ in 0..self.count {
            let Some(record) = sorted.next_record()? else { break };
            let position = record.last_chunk().ok_or(io::ErrorKind::InvalidData)?;
            found.push(u64::from_be_bytes(*position), DRAWN)?;
        }
        found.findings()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::corpus_wide;

    /// Which of so many documents go on.
    fn drawn(count: u64, seed: u64, of: usize, memory: u64) -> Vec<usize> {
        let docs = (0..of).map(|number| Document::from_text(&format!("inbox/{number}.txt"), "text")).collect();
        let verdicts = corpus_wide(FilterDraw { count, seed }, docs, memory);
        let kept = verdicts.iter().enumerate().filter(|(_, (verdict, _))| *verdict == Verdict::Keep);
        kept.map(|(number, _)| number).collect()
    }

    #[test]
    fn so_many_go_on_as_are_asked_for() {
        for (count, expected) in [(0, 0), (1, 1), (300, 300), (500, 500), (501, 500), (u64::MAX, 500)] {
            assert_eq!(drawn(count, 0, 500, 1 << 20).len(), expected);
        }
    }

    #[test]
    fn the_smallest_draws_go_on() {
        let draw = |number: &usize| Draw::of(&Document::from_text(&format!("inbox/{number}.txt"), ""), 5).to_bytes();
        let kept = drawn(100, 5, 500, 1 << 20);
        let largest = kept.iter().map(draw).max();
        assert!((0..500).filter(|number| !kept.contains(number)).all(|number| Some(draw(&number)) > largest));
        assert!(kept.is_sorted());
    }

    #[test]
    fn little_memory_draws_the_same() {
        assert_eq!(drawn(4000, 1, 9000, 0), drawn(4000, 1, 9000, 1 << 30));
    }

    #[test]
    fn another_seed_draws_others() {
        assert_ne!(drawn(100, 1, 500, 0), drawn(100, 2, 500, 0));
    }
}
