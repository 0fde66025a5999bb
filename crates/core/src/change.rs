//! Changes: what a stage did to a document, so that it can be done again without the stage.

use serde::{Deserialize, Serialize};

use crate::{Annotation, Block, Document, EditError, Edits, Meta, Summary, Tag};

/// One thing that was done to a document. See [`Document::record`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Change {
    /// The text was edited.
    Edit(Edits),
    /// The blocks were set.
    Blocks(Vec<Block>),
    /// The metadata became this.
    Meta(Meta),
    /// The language was set.
    Language(String),
    /// An annotation was added.
    Annotation(Annotation),
    /// A tag was added.
    Tag(Tag),
    /// The summary was set.
    Summary(Summary),
    /// A value was measured.
    Measure(String, f64),
    /// A warning was added.
    Warning(String),
    /// The document became this one.
    Whole(Box<Document>),
}

/// The changes since the last look, and what the metadata were then.
#[derive(Debug, Clone)]
pub(crate) struct Recording {
    pub(crate) changes: Vec<Change>,
    pub(crate) meta: Meta,
}

impl Document {
    /// Begins to record changes, for [`Document::take_changes`].
    pub fn record(&mut self) {
        self.recording = Some(Recording { changes: Vec::new(), meta: self.meta.clone() });
    }

    /// Stops recording: what was done since cannot be done again without the stage.
    pub fn stop_recording(&mut self) {
        self.recording = None;
    }

    /// The changes since recording began or they were last taken, in order; `None` where nothing is recorded.
    pub fn take_changes(&mut self) -> Option<Vec<Change>> {
        let recording = self.recording.as_mut()?;
        if recording.meta != self.meta {
            recording.meta = self.meta.clone();
            recording.changes.push(Change::Meta(self.meta.clone()));
        }
        Some(std::mem::take(&mut recording.changes))
    }

    /// Does a change again on the document as it was before it.
    pub fn replay(&mut self, change: Change) -> Result<(), EditError> {
        match change {
            Change::Edit(edits) => self.edit(&edits)?,
            Change::Blocks(blocks) => self.set_blocks(blocks),
            Change::Meta(meta) => self.meta = meta,
            Change::Language(language) => self.set_language(language),
            Change::Annotation(annotation) => self.push_annotation(annotation),
            Change::Tag(tag) => self.push_tag(tag),
            Change::Summary(summary) => self.put_summary(summary),
            Change::Measure(name, value) => self.measure(name, value),
            Change::Warning(warning) => self.warn(warning),
            Change::Whole(document) => {
                let recording = self.recording.take();
                *self = *document;
                self.recording = recording;
                self.note_whole();
            }
        }
        Ok(())
    }

    /// Keeps the document as it is now: the change of what is not recorded piece by piece.
    pub(crate) fn note_whole(&mut self) {
        self.note(|doc| Change::Whole(Box::new(doc.clone())));
    }

    /// Keeps a change where changes are recorded.
    pub(crate) fn note(&mut self, change: impl FnOnce(&Self) -> Change) {
        if let Some(mut recording) = self.recording.take() {
            recording.changes.push(change(self));
            self.recording = Some(recording);
        }
    }
}
