//! The columns of `output.csv`, and what stands in them.

use std::borrow::Cow;

use docmill_core::{Document, Field, Locator, Place};
use serde_json::Value;

use super::{Row, Rows, plain};
use crate::record::{sorted_annotations, title};
use docmill_core::{Offsets, UnitSpan, Units};

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// One whose name says all.
    Plain(Plain),
    /// `meta.KEY`.
    Meta(String),
    /// `measure.NAME`.
    Measure(String),
    /// `tags.SCHEME`.
    Tags(String),
    /// `annotations.KIND`.
    Annotations(String),
}

/// A column whose name says all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Id,
    Uri,
    MediaType,
    Bytes,
    Hash,
    Title,
    Language,
    Summary,
    /// `scheme` or `kind`.
    Family(&'static str),
    /// `label` or `value`.
    Label(&'static str),
    Score,
    Mentions,
    Start,
    End,
    Text,
    Line,
    Column,
    By,
}

/// What stands in a cell. Numbers are docmill's own, texts may come from anywhere.
pub(super) enum Cell<'d> {
    Empty,
    Number(String),
    Text(Cow<'d, str>),
}

/// How several texts stand in one cell.
const SEPARATOR: &str = "; ";

const OF_DOCUMENTS: &[Plain] = &[
    Plain::Id,
    Plain::Uri,
    Plain::MediaType,
    Plain::Bytes,
    Plain::Hash,
    Plain::Title,
    Plain::Language,
    Plain::Summary,
];
const OF_TAGS: &[Plain] = &[
    Plain::Family("scheme"),
    Plain::Label("label"),
    Plain::Score,
    Plain::Mentions,
    Plain::Start,
    Plain::End,
    Plain::Text,
    Plain::Line,
    Plain::Column,
    Plain::By,
];
const OF_ANNOTATIONS: &[Plain] = &[
    Plain::Family("kind"),
    Plain::Text,
    Plain::Label("value"),
    Plain::Score,
    Plain::Start,
    Plain::End,
    Plain::Line,
    Plain::Column,
    Plain::By,
];

impl Plain {
    const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Uri => "uri",
            Self::MediaType => "media_type",
            Self::Bytes => "bytes",
            Self::Hash => "hash",
            Self::Title => "title",
            Self::Language => "language",
            Self::Summary => "summary",
            Self::Family(name) | Self::Label(name) => name,
            Self::Score => "score",
            Self::Mentions => "mentions",
            Self::Start => "start",
            Self::End => "end",
            Self::Text => "text",
            Self::Line => "line",
            Self::Column => "column",
            Self::By => "by",
        }
    }

    /// The columns that only these rows have.
    const fn of_rows(rows: Rows) -> &'static [Self] {
        match rows {
            Rows::Tags => OF_TAGS,
            Rows::Annotations => OF_ANNOTATIONS,
            Rows::Documents => &[],
        }
    }

    fn all(rows: Rows) -> impl Iterator<Item = Self> {
        OF_DOCUMENTS.iter().chain(Self::of_rows(rows)).copied()
    }
}

impl Column {
    /// The names of all columns that these rows may have, as a user is told them.
    pub(super) fn names(rows: Rows) -> Vec<&'static str> {
        let families = ["meta.KEY", "measure.NAME", "tags.SCHEME", "annotations.KIND"];
        Plain::all(rows).map(Plain::name).chain(families).collect()
    }

    pub(super) fn parse(name: &str, rows: Rows) -> Option<Self> {
        if let Some(plain) = Plain::all(rows).find(|plain| plain.name() == name) {
            return Some(Self::Plain(plain));
        }
        let (family, rest) = name.split_once('.').filter(|(_, rest)| !rest.is_empty())?;
        let rest = rest.to_owned();
        match family {
            "meta" => Some(Self::Meta(rest)),
            "measure" => Some(Self::Measure(rest)),
            "tags" => Some(Self::Tags(rest)),
            "annotations" => Some(Self::Annotations(rest)),
            _ => None,
        }
    }

    /// The columns where none are named.
    pub(super) fn usual(rows: Rows) -> Vec<Self> {
        let first = [Self::Plain(Plain::Id), Self::Plain(Plain::Uri)];
        match rows {
            Rows::Tags | Rows::Annotations => {
                first.into_iter().chain(Plain::of_rows(rows).iter().copied().map(Self::Plain)).collect()
            }
            Rows::Documents => {
                let title_and_language = [Plain::Title, Plain::Language].map(Self::Plain);
                let date_and_summary = [Self::Meta("date".to_owned()), Self::Plain(Plain::Summary)];
                first.into_iter().chain(title_and_language).chain(date_and_summary).collect()
            }
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::Plain(plain) => plain.name().to_owned(),
            Self::Meta(key) => format!("meta.{key}"),
            Self::Measure(name) => format!("measure.{name}"),
            Self::Tags(scheme) => format!("tags.{scheme}"),
            Self::Annotations(kind) => format!("annotations.{kind}"),
        }
    }

    /// What a stage must have given, so that something can stand here.
    pub(super) fn need(&self) -> Option<Field> {
        match self {
            Self::Plain(Plain::Language) => Some(Field::Language),
            Self::Plain(Plain::Summary) => Some(Field::Summary),
            Self::Measure(name) => Some(Field::Measure(Cow::Owned(name.clone()))),
            Self::Tags(scheme) => Some(Field::Tags(Cow::Owned(scheme.clone()))),
            Self::Annotations(kind) => Some(Field::Annotations(Cow::Owned(kind.clone()))),
            Self::Plain(_) | Self::Meta(_) => None,
        }
    }
}

/// A document of which rows are written.
pub(super) struct Sheet<'d> {
    doc: &'d Document,
    units: Units<'d>,
    locator: Locator<'d>,
}

impl<'d> Sheet<'d> {
    pub(super) fn new(doc: &'d Document, offsets: Offsets) -> Self {
        Self { doc, units: Units::new(doc.text(), offsets), locator: doc.locator() }
    }

    /// Where in the source the row's span is.
    pub(super) fn place(&self, row: &Row<'d>) -> Option<(UnitSpan, Place)> {
        let span = row.span?;
        Some((self.units.of(span)?, self.locator.place(self.doc.to_original(span))))
    }

    pub(super) fn cell(&self, column: &Column, row: &Row<'d>, place: Option<&(UnitSpan, Place)>) -> Cell<'d> {
        match column {
            Column::Plain(plain) => self.plain(*plain, row, place),
            Column::Meta(key) => match self.doc.meta.get(key) {
                Some(Value::Number(number)) => Cell::Number(number.to_string()),
                Some(Value::Array(items)) => joined(items.iter().map(plain)),
                Some(value) => Cell::Text(plain(value)),
                None => Cell::Empty,
            },
            Column::Measure(name) => self.doc.measures().get(name).map_or(Cell::Empty, |&value| number(value)),
            Column::Tags(scheme) => {
                let tags = self.doc.tags().iter().filter(|tag| tag.scheme == *scheme);
                joined(tags.map(|tag| Cow::Borrowed(tag.label.as_str())))
            }
            Column::Annotations(kind) => {
                let of_kind = sorted_annotations(self.doc).into_iter().filter(|annotation| annotation.kind == *kind);
                joined(of_kind.filter_map(|annotation| annotation.span.of(self.doc.text()).map(Cow::Borrowed)))
            }
        }
    }

    fn plain(&self, plain: Plain, row: &Row<'d>, place: Option<&(UnitSpan, Place)>) -> Cell<'d> {
        let source = self.doc.source();
        match plain {
            Plain::Id => text(self.doc.id().as_str()),
            Plain::Uri => text(&source.uri),
            Plain::MediaType => text(&source.media_type),
            Plain::Bytes => Cell::Number(source.bytes.to_string()),
            Plain::Hash => text(&source.hash),
            Plain::Title => optional(title(self.doc)),
            Plain::Language => optional(self.doc.language()),
            Plain::Summary => optional(self.doc.summary().map(|summary| summary.text.as_str())),
            Plain::Family(_) => text(row.family),
            Plain::Label(_) => Cell::Text(row.label.clone()),
            Plain::Score => number(row.score),
            Plain::Mentions => Cell::Number(row.mentions.to_string()),
            Plain::Start => count(place.map(|(span, _)| span.start)),
            Plain::End => count(place.map(|(span, _)| span.end)),
            Plain::Text => optional(row.span.and_then(|span| span.of(self.doc.text()))),
            Plain::Line => count(place.map(|(_, place)| place.line)),
            Plain::Column => count(place.map(|(_, place)| place.column)),
            Plain::By => text(row.by),
        }
    }
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn optional(value: Option<&str>) -> Cell<'_> {
    value.map_or(Cell::Empty, text)
}

fn number(value: f64) -> Cell<'static> {
    if value.is_finite() { Cell::Number(value.to_string()) } else { Cell::Empty }
}

fn count(value: Option<usize>) -> Cell<'static> {
    value.map_or(Cell::Empty, |value| Cell::Number(value.to_string()))
}

fn joined<'d>(texts: impl Iterator<Item = Cow<'d, str>>) -> Cell<'d> {
    Cell::Text(Cow::Owned(texts.collect::<Vec<_>>().join(SEPARATOR)))
}
