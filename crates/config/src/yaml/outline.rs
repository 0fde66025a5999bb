//! The shape of a file and the place of each key and value, from the events of saphyr-parser.
//!
//! Aliases stay references here. What they would expand to is counted, so that a file of a few lines that means billions of
//! values is refused before anything expands it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{MAX_DEPTH, MAX_NODES};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Place, Source};

/// All keys and values of a file.
pub(super) struct Outline {
    pub(super) items: Vec<Item>,
    pub(super) root: usize,
}

/// A key or value.
pub(super) struct Item {
    /// The bytes that it stands in.
    pub(super) span: Range<usize>,
    pub(super) shape: Shape,
    /// How many keys and values it has with all aliases written out, itself counted.
    size: usize,
    /// How many levels it has likewise.
    depth: usize,
}

/// What it is made of, by index.
pub(super) enum Shape {
    Scalar,
    List(Vec<usize>),
    Map(Vec<(usize, usize)>),
    Alias(usize),
}

/// A list or mapping whose end was not seen yet.
struct Open {
    item: usize,
    children: Vec<usize>,
}

impl Outline {
    pub(super) fn read(source: &Arc<Source>) -> Result<Self, Diagnostics> {
        let bytes = ByteOffsets::of(source.text());
        let mut reader = Reader { source, items: Vec::new(), open: Vec::new(), anchors: HashMap::new(), root: None };
        let mut documents = 0;
        // A byte order mark is no part of the first key.
        for event in Parser::new_from_str(source.text()) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = bytes.of_char(error.marker().index());
                    let own = Diagnostic::error(Place::new(source, at..at + 1), "this is not YAML").label(error.info());
                    return Err(syntax_error(source).unwrap_or(own).into());
                }
            };
            let span = bytes.span(&span);
            if matches!(event, Event::DocumentStart(_)) {
                documents += 1;
                if documents > 1 {
                    return Err(Diagnostic::error(Place::new(source, span), "a second document begins here")
                        .label("expected one YAML document in the file")
                        .help("put each pipeline into a file of its own")
                        .into());
                }
            }
            reader.event(&event, span)?;
        }
        match reader.root {
            Some(root) => Ok(Self { items: reader.items, root }),
            None => Err(Diagnostic::error(Place::new(source, 0..0), "this is not YAML").label("no value in it").into()),
        }
    }

    /// The item that an alias stands for.
    pub(super) fn target(&self, item: usize) -> usize {
        match self.items[item].shape {
            Shape::Alias(target) => target,
            _ => item,
        }
    }
}

/// What `serde_yaml` has to say of a file that saphyr-parser cannot read: it tells more of what came before. It takes time that
/// grows with the square of the brackets that are open, so a file with many is not given to it.
fn syntax_error(source: &Arc<Source>) -> Option<Diagnostic> {
    let mut open = 0_usize;
    let mut most = 0;
    for byte in source.text().bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    if most > 1000 { None } else { super::value::syntax_error(source) }
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    items: Vec<Item>,
    open: Vec<Open>,
    anchors: HashMap<usize, usize>,
    root: Option<usize>,
}

impl Reader<'_> {
    fn event(&mut self, event: &Event<'_>, span: Range<usize>) -> Result<(), Diagnostics> {
        match *event {
            Event::Scalar(_, style, anchor, _) => {
                let item = self.add(self.trimmed(span, style), Shape::Scalar, anchor);
                self.attach(item);
                Ok(())
            }
            Event::SequenceStart(anchor, _) => self.begin(span, Shape::List(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => self.begin(span, Shape::Map(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => self.end(&span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn add(&mut self, span: Range<usize>, shape: Shape, anchor: usize) -> usize {
        let item = self.items.len();
        self.items.push(Item { span, shape, size: 1, depth: 1 });
        if anchor > 0 {
            self.anchors.insert(anchor, item);
        }
        item
    }

    fn begin(&mut self, span: Range<usize>, shape: Shape, anchor: usize) -> Result<(), Diagnostics> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(span));
        }
        let item = self.add(span, shape, anchor);
        self.open.push(Open { item, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, span: &Range<usize>) -> Result<(), Diagnostics> {
        let Some(Open { item, children }) = self.open.pop() else { return Ok(()) };
        let size = children.iter().fold(1, |sum: usize, &child| sum.saturating_add(self.items[child].size));
        let depth = 1 + children.iter().map(|&child| self.items[child].depth).max().unwrap_or(0);
        let largest = children.iter().copied().max_by_key(|&child| self.items[child].size);
        if size > MAX_NODES {
            let place = largest.map_or(self.items[item].span.clone(), |child| self.items[child].span.clone());
            return Err(Diagnostic::error(
                Place::new(self.source, place),
                format!("with its aliases written out this file has more than {MAX_NODES} values"),
            )
            .label("the limit is passed here")
            .into());
        }
        if depth + self.open.len() > MAX_DEPTH {
            return Err(self.too_deep(self.items[item].span.clone()));
        }
        if let (Some(&first), Some(&last)) = (children.first(), children.last()) {
            let start = self.items[item].span.start;
            // A block collection has no brackets: it begins and ends with what is in it.
            let bracketed = self.source.text()[start..].starts_with(['[', '{']);
            let (first, last) = (self.items[first].span.start, self.items[last].span.end);
            self.items[item].span = if bracketed { start..span.end } else { first.min(start)..last };
        } else {
            self.items[item].span.end = span.end;
        }
        self.items[item].size = size;
        self.items[item].depth = depth;
        self.items[item].shape = match self.items[item].shape {
            Shape::Map(_) => Shape::Map(children.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()),
            _ => Shape::List(children),
        };
        self.attach(item);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Diagnostics> {
        let target = self.anchors.get(&anchor).copied();
        let Some(target) = target.filter(|target| self.open.iter().all(|open| open.item != *target)) else {
            return Err(Diagnostic::error(Place::new(self.source, span), "this alias stands for what it is in")
                .label("expected an anchor that is complete before it")
                .into());
        };
        let item = self.add(span, Shape::Alias(target), 0);
        self.items[item].size = self.items[target].size;
        self.items[item].depth = self.items[target].depth;
        self.attach(item);
        Ok(())
    }

    fn attach(&mut self, item: usize) {
        match self.open.last_mut() {
            Some(open) => open.children.push(item),
            None => self.root = self.root.or(Some(item)),
        }
    }

    fn too_deep(&self, span: Range<usize>) -> Diagnostics {
        Diagnostic::error(Place::new(self.source, span), format!("values are nested more than {MAX_DEPTH} levels deep"))
            .label("the limit is passed here")
            .into()
    }

    /// Without the white space that a scanner passes before it knows that a scalar has ended.
    fn trimmed(&self, span: Range<usize>, style: ScalarStyle) -> Range<usize> {
        match self.source.text().get(span.clone()) {
            Some(text) if style == ScalarStyle::Plain => {
                let start = span.start + (text.len() - text.trim_start().len());
                start.min(span.end)..(start + text.trim().len())
            }
            Some(text) => span.start..span.start + text.trim_end().len(),
            None => span,
        }
    }
}

/// The byte offset of each character; saphyr-parser counts characters.
struct ByteOffsets(Option<Vec<usize>>, usize);

impl ByteOffsets {
    fn of(text: &str) -> Self {
        let offsets = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Self(offsets, text.len())
    }

    fn of_char(&self, index: usize) -> usize {
        match &self.0 {
            Some(offsets) => offsets.get(index).copied().unwrap_or(self.1),
            None => index.min(self.1),
        }
    }

    fn span(&self, span: &Span) -> Range<usize> {
        let start = self.of_char(span.start.index());
        start..self.of_char(span.end.index()).max(start)
    }
}
