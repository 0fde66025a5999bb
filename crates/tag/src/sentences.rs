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
/// sentence is the same; what holds no word, such as a line of dashes, is none. Run the stage after `tag.language`, since abbreviations follow the document's language.
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
    const VERSION: u32 = 2;
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
            let has_word = analysis.sentence_tokens(sentence).iter().any(|token| token.kind.is_wordlike());
            if has_word && (!self.prose || sentence.is_prose()) {
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
    fn a_line_without_words_is_no_sentence() {
        let text = "Ferry returns\n\n* * * * *\n\nWho paid?";
        let mut doc = Document::from_text("note.txt", text);
        let paragraph = |words: &str| {
            let start = text.find(words).unwrap();
            Block::new(BlockKind::Paragraph, ByteSpan::new(start, start + words.len()))
        };
        doc.set_blocks(["Ferry returns", "* * * * *", "Who paid?"].map(paragraph).to_vec());
        Sentences::default().apply(&mut doc, &Context::default()).unwrap();
        let found: Vec<&str> = doc.annotations().iter().map(|found| found.span.of(text).unwrap()).collect();
        assert_eq!(found, ["Ferry returns", "Who paid?"]);
    }

    #[test]
    fn sentences_of_prose_alone_leave_out_titles() {
        let found = sentences(&Sentences { prose: true });
        assert_eq!(found, ["The ferry is back.", "Who paid?", "The port did, says Dr. Lund."]);
    }
}
