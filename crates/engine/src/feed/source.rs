//! Tells what a source is, splits it where it is a container, and hands on the bytes of each document.

use std::collections::HashSet;
use std::io::Read;
use std::ops::ControlFlow;

use docmill_cache::Key;
use docmill_core::{
    Container, Context, DropReason, Found, Hint, Member, Opened, Part, Pipeline, RawSource, ReadError, ReaderStep,
    Stream, content_hash, fits, media_type_of, media_type_of_extension,
};
use docmill_isolation::caught;

use super::expansion::Expansion;
use super::{Submit, Task};
use crate::ledger::{Ending, Identity, Reason};
use crate::walk::Unread;

/// The name under which what happens before any reader is known stands in the ledger.
const BEFORE_READERS: &str = "ingest";
/// How much of a source a reader may look at to recognize it.
const HEAD: u64 = 4096;

/// Submits all documents of a source that an input found, under the name that it has in the run.
pub(super) fn feed(pipeline: &Pipeline, found: Found, name: String, submit: &mut Submit<'_>) -> ControlFlow<()> {
    let Found { uri, bytes, open, .. } = found;
    let expansion = Expansion::new(pipeline.limits(), bytes);
    let mut feeder = Feeder { pipeline, expansion: &expansion, submit };
    let source = RawSource::new(name, "", Vec::new());
    match open() {
        Ok(opened) => {
            feeder.source(Unknown { source, uri: &uri, declared: None, size: bytes, depth: 0 }, Bytes::File(opened))
        }
        Err(error) => feeder.failed(&source, bytes, BEFORE_READERS, &ReadError::from(error)),
    }
}

/// A source of which is not yet known what it is.
struct Unknown<'u> {
    /// Its name and what is known of it; without bytes.
    source: RawSource,
    /// Its URI, which tells its extension.
    uri: &'u str,
    /// What its container says that it is.
    declared: Option<&'u str>,
    /// Its size, as far as it is known.
    size: Option<u64>,
    /// How many containers it is in.
    depth: usize,
}

/// Where its bytes come from.
enum Bytes<'r> {
    File(Opened),
    Member(&'r mut dyn Read),
}

impl Read for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::File(opened) => opened.read(buffer),
            Self::Member(read) => read.read(buffer),
        }
    }
}

struct Feeder<'f, 's> {
    pipeline: &'f Pipeline,
    expansion: &'f Expansion<'f>,
    submit: &'f mut Submit<'s>,
}

impl<'f> Feeder<'f, '_> {
    /// Hands on a source, or all that is in it.
    fn source(&mut self, unknown: Unknown<'_>, mut from: Bytes<'_>) -> ControlFlow<()> {
        let Unknown { mut source, uri, declared, size, depth } = unknown;
        let mut head = Vec::new();
        if let Err(error) = (&mut from).take(HEAD).read_to_end(&mut head) {
            return self.failed(&source, size, BEFORE_READERS, &ReadError::from(error));
        }
        let hint = Hint { uri, head: &head, declared };
        let readers = self.pipeline.readers().iter().enumerate();
        let recognized =
            readers.into_iter().find_map(|(index, step)| Some((index, step, step.reader.recognizes(&hint)?)));
        let Some((reader, step, media_type)) = recognized else {
            return self.unread(&source, &hint, size);
        };
        source.known.warnings.extend(contradiction(&hint, media_type));
        media_type.clone_into(&mut source.media_type);
        let mut stream = match &mut from {
            Bytes::File(opened) => Stream::opened(head, opened),
            Bytes::Member(read) => Stream::flowing(head, *read),
        };
        if let Some(container) = step.reader.container() {
            let nested = if depth > 0 { self.expansion.nested(depth) } else { Ok(()) };
            return match nested {
                Ok(()) => self.split(container, (reader, step), &source, depth, &mut stream),
                Err(error) => self.failed(&source, size, &step.id, &error),
            };
        }
        match stream.document(size.filter(|_| depth == 0), self.pipeline.limits()) {
            Ok(bytes) => {
                let length = bytes.len() as u64;
                (self.submit)(Task::Read { source: RawSource { bytes, ..source }, reader }, length)
            }
            Err(error) => self.failed(&source, size, &step.id, &error),
        }
    }

    /// Hands on all that is in a container.
    fn split(
        &mut self,
        container: &dyn Container,
        (reader, step): (usize, &'f ReaderStep),
        whole: &RawSource,
        depth: usize,
        stream: &mut Stream<'_>,
    ) -> ControlFlow<()> {
        let cx = Context::new(self.pipeline.limits().clone());
        let mut names = HashSet::new();
        let mut flow = ControlFlow::Continue(());
        let mut over = None;
        let split = caught(|| {
            let mut part = |part: Part<'_>| {
                flow = match part {
                    Part::Source(source) => self.read(source, reader),
                    Part::Failed { source, error } => self.broken(source, &step.id, &error),
                    Part::Member(mut member) => {
                        if let Err(error) = self.expansion.member().and_then(|()| self.expansion.check()) {
                            over = Some(error);
                            return ControlFlow::Break(());
                        }
                        numbered(&mut member.source.uri, &mut names);
                        self.member(member, depth + 1)
                    }
                };
                flow
            };
            container.split(stream, whole, &cx, &mut part).map_err(Unread::Read)
        });
        if flow.is_break() {
            return flow;
        }
        match over.map_or(split, |over| Err(Unread::Read(over))) {
            Ok(()) => flow,
            Err(error) => self.failed(whole, None, &step.id, &error),
        }
    }

    /// Hands on a file of a container.
    fn member(&mut self, member: Member<'_>, depth: usize) -> ControlFlow<()> {
        let Member { source, declared, read } = member;
        let uri = source.uri.clone();
        let unknown = Unknown { source, uri: &uri, declared: declared.as_deref(), size: None, depth };
        let mut read = self.expansion.guard(read);
        self.source(unknown, Bytes::Member(&mut read))
    }

    fn read(&mut self, source: RawSource, reader: usize) -> ControlFlow<()> {
        let length = source.bytes.len() as u64;
        (self.submit)(Task::Read { source, reader }, length)
    }

    /// A part of a container that is broken.
    fn broken(&mut self, mut source: RawSource, stage: &str, error: &ReadError) -> ControlFlow<()> {
        source.hash = Some(content_hash(&source.bytes));
        (self.submit)(Task::Ended { identity: Identity::of(&source), ending: Ending::failed(stage, error) }, 0)
    }

    fn failed(
        &mut self,
        source: &RawSource,
        bytes: Option<u64>,
        stage: &str,
        error: &dyn std::error::Error,
    ) -> ControlFlow<()> {
        let identity = Identity { bytes, ..Identity::of(source) };
        (self.submit)(Task::Ended { identity, ending: Ending::failed(stage, error) }, 0)
    }

    /// A source that no reader recognizes. What its name calls a document fails; a picture, a program and the like are dropped.
    fn unread(&mut self, source: &RawSource, hint: &Hint<'_>, bytes: Option<u64>) -> ControlFlow<()> {
        let promised = hint.extension().as_deref().and_then(media_type_of_extension);
        let error = match (hint.head, promised) {
            ([], _) => ReadError::Empty,
            (head, Some(promised)) => {
                let found = format!("its name promises {promised}, {}", describe(head));
                ReadError::Unrecognized { found }
            }
            (head, None) => {
                let measured = media_type_of(head).map_or_else(|| describe(head), str::to_owned);
                let reason = DropReason::new("media_type", measured, "what a reader of this pipeline reads");
                let ending = Ending { stage: BEFORE_READERS.to_owned(), reason: Reason::Dropped(reason) };
                let identity = Identity { bytes, ..Identity::of(source) };
                return (self.submit)(Task::Ended { identity, ending }, 0);
            }
        };
        self.failed(source, bytes, BEFORE_READERS, &error)
    }
}

/// Gives a member a name of its own where another has that: `~2`, `~3`, ….
fn numbered(uri: &mut String, names: &mut HashSet<Key>) {
    let mut number = 1;
    let first = uri.clone();
    while !names.insert(Key::of(&[uri.as_bytes()])) {
        number += 1;
        *uri = format!("{first}~{number}");
    }
}

/// What is wrong with the name of a source that is read as `media_type`.
fn contradiction(hint: &Hint<'_>, media_type: &str) -> Option<String> {
    let promised = hint.extension().as_deref().and_then(media_type_of_extension)?;
    let contradicts = match media_type_of(hint.head) {
        Some(signature) => !fits(signature, promised),
        None => !is_of_text(promised) && is_of_text(media_type),
    };
    contradicts.then(|| format!("its name promises {promised}, and it is {media_type}"))
}

/// Whether a media type is one of texts, which have no signature.
fn is_of_text(media_type: &str) -> bool {
    let others =
        ["application/json", "application/jsonl", "application/xml", "application/xhtml+xml", "application/mbox"];
    let families = ["text/", "message/", "multipart/"];
    others.contains(&media_type) || families.iter().any(|family| media_type.starts_with(family))
}

/// What the head of a source that no reader recognized looks like.
fn describe(head: &[u8]) -> String {
    let shown: String = head.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    format!("it begins with the bytes {shown}")
}
