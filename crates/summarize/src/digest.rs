//! `summarize.digest`: which documents of a run tell one story, and what they say of it together.
//!
//! Each document contributes its terms, its headline and its best sentences (`observation`). Terms are weighted by how few
//! documents have them (`gathered`); documents that share rare terms become pairs (`pairs`), pairs that are alike become groups
//! (`groups`), and within a group documents are brought together by average linkage (`linkage`). Of each story its headline and
//! sentences are chosen (`choice`), and what came of it for each document is its finding (`finding`). An earlier digest (`earlier`)
//! gives a story that goes on its name, and keeps back what was said then.
//!
//! Nothing of it depends on the order of the documents: where a tie must be broken, their ids break it.

mod choice;
mod earlier;
mod finding;
mod gathered;
mod groups;
mod linkage;
mod observation;
mod pairs;

use std::path::PathBuf;
use std::sync::Arc;

use docmill_core::{
    Aggregate, BuildContext, Component, Context, CorpusContext, CorpusStage, Document, Field, OptionError, Role,
    RoleKind, StageError, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::earlier::Earlier;
use self::finding::Finding;
use self::gathered::Gathered;
use self::observation::Observation;

/// Finds which documents tell one story, and chooses a headline and the sentences that say most of it.
///
/// Documents are alike by the words that they share (TF-IDF over stems, cosine): words count the more the fewer documents have
/// them, and more in titles and in names that an earlier stage annotated. Stories are made by average linkage: two are one where their
/// documents are alike by `threshold` on average. A document that is like no other is a story of its own.
///
/// Of each story the headline of the document that says most of what all say is taken (that of `summarize.headline`, where that
/// stage comes before, else made as that does), and `sentences` of them all: those most central in the story, from different
/// documents as far as there are some, none that repeats another.
///
/// Each document gets the tag `story`, whose label is the headline, whose score is how like it is to the others on average (1 where
/// it is alone), and whose evidence are the words that it shares with them; the metadata `story`, which is the same for all
/// documents of one; and the measure `story.documents`. Where the headline and the sentences come from, the annotations
/// `story.headline` and `story.sentence` say, the latter with its `place` in the digest, from 1. `output.digest` makes a digest of it.
///
/// With `earlier`, the JSON that `output.digest` wrote of an earlier run, a story that goes on keeps its name (in the
/// metadata), and its sentences are those of documents that the earlier digest did not have, without what it said already.
///
/// Similarities wait in temporary files where they do not fit in the memory of the run, which beside that holds four bytes a
/// document. A story has 1,000 documents at most: what is more becomes a second one. When documents are added, those of the
/// stories that they change are worked on again.
///
/// ```yaml
/// stages:
///   - ingest
///   - tag.language
///   - summarize.digest: { sentences: 4 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Digest {
    /// How alike the documents of a story are on average, at least.
    #[schemars(range(min = 0.02, max = 1.0))]
    pub threshold: f64,
    /// Most sentences of a story.
    #[schemars(range(min = 1, max = 50))]
    pub sentences: usize,
    /// The JSON of an earlier digest, relative to the pipeline file; none where it is empty.
    pub earlier: PathBuf,
}

impl Default for Digest {
    fn default() -> Self {
        Self { threshold: 0.15, sentences: 3, earlier: PathBuf::new() }
    }
}

/// The scheme of the tag and the key of the metadata.
const STORY: &str = "story";
/// The measure.
const DOCUMENTS: &str = "story.documents";
/// The kinds of the annotations.
const HEADLINE: &str = "story.headline";
const SENTENCE: &str = "story.sentence";

impl Component for Digest {
    const NAME: &'static str = "summarize.digest";
    const KIND: RoleKind = RoleKind::Corpus;

    fn needs(&self) -> Vec<Field> {
        vec![Field::Text]
    }

    fn gives(&self) -> Vec<Field> {
        let annotations = [HEADLINE, SENTENCE].map(Field::annotations);
        [Field::tags(STORY), Field::Meta, Field::measure(DOCUMENTS)].into_iter().chain(annotations).collect()
    }

    fn build(self, cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let earlier = if self.earlier.as_os_str().is_empty() {
            Earlier::default()
        } else {
            let json = cx.read_text("/earlier", &self.earlier).map_err(|error| vec![error])?;
            Earlier::of(&json).map_err(|why| {
                vec![OptionError::new("/earlier", format!("{} is no digest: {why}", self.earlier.display()))]
            })?
        };
        Ok(Role::corpus(Stories { options: self, earlier: Arc::new(earlier) }))
    }
}

/// The stage with these options.
struct Stories {
    options: Digest,
    earlier: Arc<Earlier>,
}

impl CorpusStage for Stories {
    fn observe(&self, doc: &Document, _cx: &Context) -> Result<Vec<u8>, StageError> {
        Observation::of(doc, self.options.sentences).to_bytes()
    }

    fn aggregate(&self, cx: &CorpusContext) -> std::io::Result<Box<dyn Aggregate>> {
        let &Digest { threshold, sentences, .. } = &self.options;
        Ok(Box::new(Gathered::new(threshold, sentences, Arc::clone(&self.earlier), cx.memory)?))
    }

    fn apply(&self, finding: &[u8], doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        if let Some(finding) = Finding::of(finding)? {
            finding.apply(doc);
        }
        Ok(Verdict::Keep)
    }
}

#[cfg(test)]
mod tests;
