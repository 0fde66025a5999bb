//! Sentences, for what works sentence by sentence: translation, labelling, search.
//!
//! They are those of docmill's own analysis, on which keyphrases and summaries stand; the stage only writes them down.

use docmill_analysis::analysis;
use docmill_core::{
    Annotation, BuildContext, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Annotates each sentence of the text.
///
/// Annotations are of kind `sentence`, from the first token to the last, without the white space around it. A sentence lies
/// within one block: a title, a heading, a caption and a cell of a table end where they end. What summaries and keyphrases take for a
/// sentence is the same; run the stage after `tag.language`, since abbreviations follow the document's language.
///
/// ```yaml
/// - tag.language
/// - tag.sentences: { prose: true }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sentences {
    /// Only the sentences of paragraphs, list items and quotations.
    pub prose: bool,
}

impl Component for Sentences {
    const NAME: &'static str = "tag.sentences";
    const KIND: RoleKind = RoleKind::Stage;

    fn gives(&self) -> Vec<Field> {
        vec![Field::annotations("sentence")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Sentences {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let analysis = analysis(doc);
        for sentence in analysis.sentences() {
            if !self.prose || sentence.is_prose() {
                doc.annotate(Annotation::new("sentence", sentence.span));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{Block, BlockKind, ByteSpan};

    use super::*;

    const TEXT: &str = "Ferry returns\n\nThe ferry is back. Who paid? The port did, says Dr. Lund.";

    fn sentences(options: &Sentences) -> Vec<String> {
        let mut doc = Document::from_text("note.txt", TEXT);
        let title = ByteSpan::new(0, "Ferry returns".len());
        doc.set_blocks(vec![
            Block::new(BlockKind::Title, title),
            Block::new(BlockKind::Paragraph, ByteSpan::new(title.end + 2, TEXT.len())),
        ]);
        options.apply(&mut doc, &Context::default()).unwrap();
        doc.annotations().iter().map(|found| found.span.of(TEXT).unwrap().to_owned()).collect()
    }

    #[test]
    fn each_sentence_is_annotated_and_ends_with_its_block() {
        let found = sentences(&Sentences::default());
        assert_eq!(found, ["Ferry returns", "The ferry is back.", "Who paid?", "The port did, says Dr. Lund."]);
    }

    #[test]
    fn sentences_of_prose_alone_leave_out_titles() {
        let found = sentences(&Sentences { prose: true });
        assert_eq!(found, ["The ferry is back.", "Who paid?", "The port did, says Dr. Lund."]);
    }
}
