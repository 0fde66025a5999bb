//! `output.csv`: rows of tags, annotations or documents, for spreadsheets.

mod column;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use docmill_core::{
    Annotation, BuildContext, ByteSpan, Component, Document, Field, OptionError, Output, OutputContext, OutputError,
    Role, RoleKind, Sink, StageError, Tag, nearest,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::column::{Cell, Column, Sheet};
use crate::compression::Compression;
use crate::file::FileSink;
use crate::jsonl::check_path;
use crate::record::sorted_annotations;
use docmill_core::Offsets;

/// Writes a table in CSV: a row for each tag, each annotation or each document.
///
/// The first line names the columns. The columns that there are, with those of `columns: []` marked by `*`:
///
/// - for each kind of row: `id`*, `uri`*, `media_type`, `bytes`, `hash`, `title`, `language`, `summary`, `meta.KEY` (such as
///   `meta.date`), `measure.NAME`, `tags.SCHEME` (the labels, joined by `; `), `annotations.KIND` (the texts, joined by `; `)
/// - for tags: `scheme`*, `label`*, `score`*, `mentions`* (how many spans it rests on), and of the first of these `start`*,
///   `end`*, `text`*, `line`*, `column`*; `by`*
/// - for annotations: `kind`*, `text`*, `value`*, `score`*, `start`*, `end`*, `line`*, `column`*, `by`*
/// - for documents: `title`*, `language`*, `meta.date`*, `summary`*
///
/// `start` and `end` count in the text of the record, `line` and `column` in the source.
///
/// Spreadsheets run a cell that begins with `=`, `+`, `-` or `@` as a formula, and documents are not to be trusted. Under
/// `guard_formulas`, a text that begins with one of them, a tab or a line end gets a `'` in front, which spreadsheets take as
/// "this is text". Numbers that docmill made stay numbers. Switch it off where a program reads the file.
///
/// ```yaml
/// output:
///   - csv: { path: out/topics.csv, schemes: [topic, keyphrase] }
///   - csv: { path: out/people.csv, rows: annotations, kinds: [person, organization] }
///   - csv: { path: out/tickets.csv, rows: documents, columns: [uri, meta.customer, tags.topic, summary] }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Csv {
    /// The file to write; compressed where its extension is `.gz` or `.zst`.
    pub path: PathBuf,
    /// What a row is.
    pub rows: Rows,
    /// The columns, in this order; empty for the usual ones.
    pub columns: Vec<String>,
    /// For rows of tags: the schemes to take; empty for all. `pii.*` takes all that begin with `pii.`.
    pub schemes: Vec<String>,
    /// For rows of annotations: the kinds to take; empty for all. `pii.*` takes all that begin with `pii.`.
    pub kinds: Vec<String>,
    /// What `start` and `end` count.
    pub offsets: Offsets,
    /// Put a `'` before texts that a spreadsheet would run as a formula.
    pub guard_formulas: bool,
    /// Begin the file with a byte-order mark, by which Excel knows that it is UTF-8.
    pub bom: bool,
}

/// What a row of `output.csv` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// A tag.
    #[default]
    Tags,
    /// An annotation.
    Annotations,
    /// A document.
    Documents,
}

impl Default for Csv {
    fn default() -> Self {
        Self {
            path: PathBuf::from("tags.csv"),
            rows: Rows::Tags,
            columns: Vec::new(),
            schemes: Vec::new(),
            kinds: Vec::new(),
            offsets: Offsets::Utf8,
            guard_formulas: true,
            bom: false,
        }
    }
}

impl Csv {
    /// The columns that were asked for, and all that is wrong with them.
    fn parsed_columns(&self) -> Result<Vec<Column>, Vec<OptionError>> {
        let known = Column::names(self.rows);
        let mut errors = Vec::new();
        let mut columns = Vec::with_capacity(self.columns.len());
        for (index, name) in self.columns.iter().enumerate() {
            let pointer = format!("/columns/{index}");
            match Column::parse(name, self.rows) {
                None => {
                    let message = format!("there is no column `{name}`; there are: {}", known.join(", "));
                    let error = OptionError::new(pointer, message);
                    errors.push(match nearest(name, &known) {
                        Some(nearest) => error.with_help(format!("did you mean `{nearest}`?")),
                        None => error,
                    });
                }
                Some(column) if columns.contains(&column) => {
                    errors.push(OptionError::new(pointer, format!("the column `{name}` is there already")));
                }
                Some(column) => columns.push(column),
            }
        }
        if errors.is_empty() { Ok(columns) } else { Err(errors) }
    }
}

impl Component for Csv {
    const NAME: &'static str = "output.csv";
    const KIND: RoleKind = RoleKind::Output;

    fn needs(&self) -> Vec<Field> {
        let schemes = self.schemes.iter().map(|scheme| Field::Tags(Cow::Owned(scheme.clone())));
        let kinds = self.kinds.iter().map(|kind| Field::Annotations(Cow::Owned(kind.clone())));
        let columns = self.columns.iter().filter_map(|name| Column::parse(name, self.rows)?.need());
        schemes.chain(kinds).chain(columns).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let mut errors = check_path(&self.path).err().unwrap_or_default();
        if self.rows != Rows::Tags && !self.schemes.is_empty() {
            errors.push(OptionError::new("/schemes", "only rows of tags have schemes: set `rows: tags`"));
        }
        if self.rows != Rows::Annotations && !self.kinds.is_empty() {
            errors.push(OptionError::new("/kinds", "only rows of annotations have kinds: set `rows: annotations`"));
        }
        match self.parsed_columns() {
            Ok(columns) if errors.is_empty() => {
                let columns = if columns.is_empty() { Column::usual(self.rows) } else { columns };
                Ok(Role::output(Table { options: self, columns }))
            }
            Ok(_) => Err(errors),
            Err(wrong) => Err(errors.into_iter().chain(wrong).collect()),
        }
    }
}

/// `output.csv`, ready to write.
struct Table {
    options: Csv,
    columns: Vec<Column>,
}

/// What a row says beside what is said of its document.
#[derive(Default)]
struct Row<'d> {
    /// The scheme or the kind.
    family: &'d str,
    /// The label or the value.
    label: Cow<'d, str>,
    score: f64,
    /// The span that it is about.
    span: Option<ByteSpan>,
    mentions: usize,
    by: &'d str,
}

impl<'d> From<&'d Tag> for Row<'d> {
    fn from(tag: &'d Tag) -> Self {
        Self {
            family: &tag.scheme,
            label: Cow::Borrowed(&tag.label),
            score: tag.score,
            span: tag.evidence.first().copied(),
            mentions: tag.evidence.len(),
            by: &tag.by,
        }
    }
}

impl<'d> From<&'d Annotation> for Row<'d> {
    fn from(annotation: &'d Annotation) -> Self {
        Self {
            family: &annotation.kind,
            label: plain(&annotation.value),
            score: annotation.score,
            span: Some(annotation.span),
            mentions: 1,
            by: &annotation.by,
        }
    }
}

/// A value as a cell shows it: a text without its quotes, nothing for null, anything else in JSON.
fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Cow::Owned(value.to_string()),
    }
}

/// Whether `name` is one of `patterns`, or there are none.
fn taken(patterns: &[String], name: &str) -> bool {
    let fits = |pattern: &String| match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => pattern == name,
    };
    patterns.is_empty() || patterns.iter().any(fits)
}

impl Table {
    fn rows<'d>(&self, doc: &'d Document) -> Vec<Row<'d>> {
        let options = &self.options;
        match options.rows {
            Rows::Tags => doc.tags().iter().filter(|tag| taken(&options.schemes, &tag.scheme)).map(Row::from).collect(),
            Rows::Annotations => {
                let sorted = sorted_annotations(doc).into_iter();
                sorted.filter(|annotation| taken(&options.kinds, &annotation.kind)).map(Row::from).collect()
            }
            Rows::Documents => vec![Row::default()],
        }
    }

    /// The line that names the columns.
    fn head(&self) -> Result<Vec<u8>, ::csv::Error> {
        let mut lines = lines(if self.options.bom { "\u{feff}" } else { "" });
        lines.write_record(self.columns.iter().map(Column::name))?;
        lines.into_inner().map_err(|error| error.into_error().into())
    }

    fn lines(&self, doc: &Document) -> Result<Vec<u8>, ::csv::Error> {
        let rows = self.rows(doc);
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let sheet = Sheet::new(doc, self.options.offsets);
        let mut lines = lines("");
        for row in &rows {
            let place = sheet.place(row);
            for column in &self.columns {
                match sheet.cell(column, row, place.as_ref()) {
                    Cell::Empty => lines.write_field("")?,
                    Cell::Number(number) => lines.write_field(number)?,
                    Cell::Text(text) if self.options.guard_formulas => lines.write_field(guarded(text).as_bytes())?,
                    Cell::Text(text) => lines.write_field(text.as_bytes())?,
                }
            }
            lines.write_record(None::<&[u8]>)?;
        }
        lines.into_inner().map_err(|error| error.into_error().into())
    }
}

fn lines(start: &str) -> ::csv::Writer<Vec<u8>> {
    ::csv::WriterBuilder::new().from_writer(start.as_bytes().to_vec())
}

/// The text, so that no spreadsheet takes it for a formula. Full-width signs count: some spreadsheets narrow them.
fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(signs) { Cow::Owned(format!("'{text}")) } else { text }
}

impl Output for Table {
    fn path(&self) -> &Path {
        &self.options.path
    }

    fn render(&self, doc: &Document) -> Result<Vec<u8>, StageError> {
        self.lines(doc).map_err(|error| StageError::Caused {
            context: "the rows cannot be written as CSV".to_owned(),
            source: error.into(),
        })
    }

    fn open(&self, cx: &OutputContext) -> Result<Box<dyn Sink>, OutputError> {
        let failed = |error: ::csv::Error| OutputError::Failed { path: cx.path.clone(), reason: error.to_string() };
        let head = self.head().map_err(failed)?;
        Ok(Box::new(FileSink::open(&cx.path, Compression::of(&cx.path), &head)?))
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::{Summary, SummarySentence};
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        let mut doc = Document::from_text("a/b.txt", "Zoë paid €5.\n\nThe port, \"Port\", grew.");
        doc.meta.set("date", "2016-03-15");
        doc.meta.set("pages", 3);
        doc.set_language("en");
        doc.tag(Tag::new("topic", "trade").with_score(0.5));
        doc.tag(Tag::new("keyphrase", "=port").with_score(0.25).with_evidence([(21..25).into(), (27..31).into()]));
        doc.annotate(Annotation::new("money", 10..14).with_value(json!({"currency": "EUR", "amount": "5"})));
        doc.annotate(Annotation::new("pii.name", 0..4).with_value("Zoë"));
        doc.summarize(Summary::of(vec![SummarySentence::new((0..15).into(), "Zoë paid €5.", 1.0)]));
        doc
    }

    fn table(options: Csv) -> Result<Table, Vec<OptionError>> {
        let columns = options.parsed_columns()?;
        Ok(Table { columns: if columns.is_empty() { Column::usual(options.rows) } else { columns }, options })
    }

    fn check(options: Csv, expected: &[&str]) {
        let table = table(options).unwrap();
        let written = [table.head().unwrap(), table.lines(&document()).unwrap()].concat();
        let written = String::from_utf8(written).unwrap().replace(document().id().as_str(), "ID");
        assert_eq!(written.lines().collect::<Vec<_>>(), expected);
    }

    fn strings(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_tag_is_a_row_with_its_first_mention() {
        check(
            Csv { offsets: Offsets::Codepoint, ..Csv::default() },
            &[
                "id,uri,scheme,label,score,mentions,start,end,text,line,column,by",
                "ID,a/b.txt,topic,trade,0.5,0,,,,,,",
                "ID,a/b.txt,keyphrase,'=port,0.25,2,18,22,port,3,5,",
            ],
        );
    }

    #[test]
    fn an_annotation_is_a_row_in_the_order_of_the_record() {
        check(
            Csv { rows: Rows::Annotations, ..Csv::default() },
            &[
                "id,uri,kind,text,value,score,start,end,line,column,by",
                "ID,a/b.txt,pii.name,Zoë,Zoë,1,0,4,1,1,",
                "ID,a/b.txt,money,€5,\"{\"\"amount\"\":\"\"5\"\",\"\"currency\"\":\"\"EUR\"\"}\",1,10,14,1,10,",
            ],
        );
    }

    #[test]
    fn a_document_is_a_row_of_what_is_asked_for() {
        let columns = ["uri", "meta.pages", "meta.none", "tags.keyphrase", "annotations.money", "language", "summary"];
        check(
            Csv { rows: Rows::Documents, columns: strings(&columns), ..Csv::default() },
            &[
                "uri,meta.pages,meta.none,tags.keyphrase,annotations.money,language,summary",
                "a/b.txt,3,,'=port,€5,en,Zoë paid €5.",
            ],
        );
    }

    #[test]
    fn schemes_and_kinds_choose_rows() {
        let columns = strings(&["label"]);
        check(Csv { schemes: strings(&["topic"]), columns: columns.clone(), ..Csv::default() }, &["label", "trade"]);
        check(Csv { schemes: strings(&["top*"]), columns, ..Csv::default() }, &["label", "trade"]);
        let (rows, columns) = (Rows::Annotations, strings(&["text"]));
        check(Csv { rows, kinds: strings(&["pii.*"]), columns, ..Csv::default() }, &["text", "Zoë"]);
    }

    #[test]
    fn formulas_are_guarded_unless_that_is_switched_off() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-x", "'-x"),
            ("@SUM", "'@SUM"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(guarded(Cow::Borrowed(text)), expected);
        }
        let columns = strings(&["label"]);
        check(Csv { guard_formulas: false, columns, ..Csv::default() }, &["label", "trade", "=port"]);
    }

    #[test]
    fn wrong_options_are_refused_all_at_once() {
        let options = Csv {
            path: PathBuf::new(),
            columns: strings(&["labell", "label", "label", "meta."]),
            kinds: strings(&["money"]),
            ..Csv::default()
        };
        let errors = options.build(&BuildContext::default()).map(|_| ()).unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/path", "/kinds", "/columns/0", "/columns/2", "/columns/3"]);
        assert_eq!(errors[2].help.as_deref(), Some("did you mean `label`?"));
    }

    #[test]
    fn what_is_named_must_be_given_by_a_stage() {
        let options = Csv {
            schemes: strings(&["topic"]),
            columns: strings(&["label", "language", "annotations.money"]),
            ..Csv::default()
        };
        assert_eq!(options.needs(), [Field::tags("topic"), Field::Language, Field::annotations("money")]);
    }
}
