//! docmill's outputs: records in the formats that other tools read.
//!
//! A [`Record`] is what leaves docmill of a document; its field names are a contract. The components write it:
//! `output.jsonl` whole, one line each; `output.markdown` as a file a document for people; `output.csv` as rows of tags,
//! annotations or documents for spreadsheets; `output.digest` as one page of all documents, story by story. All of them write beside the place of the result and rename at the end, so that a
//! run that fails leaves the earlier result as it was. [`read_records`] and [`check_record`] are for those who read the
//! JSONL: each span of a record can be checked against its text.
//!
//! ```
//! use docmill_core::{Annotation, Document, Offsets};
//! use docmill_output::{Record, check_record};
//!
//! let mut doc = Document::from_text("note.txt", "Café Noir, €12");
//! doc.annotate(Annotation::new("money", 12..17));
//! let record = serde_json::to_value(Record::new(&doc, Offsets::Codepoint)?)?;
//! assert_eq!((&record["annotations"][0]["start"], &record["annotations"][0]["text"]), (&11.into(), &"€12".into()));
//! assert_eq!(check_record(&record), Ok(()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod compression;
mod csv;
mod digest;
mod file;
mod jsonl;
mod markdown;
mod record;

pub use check::{RecordError, check_record, open_records, read_records};
pub use compression::Compression;
pub use csv::{Csv, Rows};
pub use digest::Digest;
use docmill_core::{Registry, RegistryError};
pub use jsonl::Jsonl;
pub use markdown::Markdown;
pub use record::{
    Record, RecordAnnotation, RecordBlock, RecordCell, RecordField, RecordMeasures, RecordMeta, RecordPlace,
    RecordSource, RecordSummary, RecordSummarySentence, RecordSupport, RecordTag, RecordUnsupported, SpanError, schema,
};

/// Registers all outputs.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.register::<Jsonl>()?;
    registry.register::<Markdown>()?;
    registry.register::<Csv>()?;
    registry.register::<Digest>()
}
