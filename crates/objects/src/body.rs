//! The body of an object as a stream that is read from another thread.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use futures_util::StreamExt as _;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

use crate::failure::Failure;
use crate::listing::Entry;
use crate::runtime::Runtime;
use crate::store::{Begun, Store};

/// How many bytes of a body are fetched before they are read.
pub(crate) const ROOM: u32 = 2 << 20;

/// A body that is being fetched. The request ends with it.
pub(crate) struct Body {
    pieces: UnboundedReceiver<Result<Piece, Failure>>,
    /// What is left of the last piece.
    left: Bytes,
    /// The end of the body: its last byte was read, or it failed.
    ended: Option<Result<(), Failure>>,
    request: AbortHandle,
    /// Goes on as long as there is something to fetch.
    _runtime: Arc<Runtime>,
}

/// A part of a body, with the room that it takes.
struct Piece {
    bytes: Bytes,
    _room: OwnedSemaphorePermit,
}

impl Body {
    /// Begins to fetch an object.
    pub(crate) fn fetch(entry: &Entry, store: &Arc<Store>, runtime: &Arc<Runtime>) -> Self {
        let (send, pieces) = unbounded_channel();
        let (entry, store) = (entry.clone(), Arc::clone(store));
        let request = runtime.spawn(async move {
            if let Err(failure) = fetched(&entry, &store, &send).await {
                // Who does not read any more need not know.
                let _ = send.send(Err(failure));
            }
        });
        Self { pieces, left: Bytes::new(), ended: None, request, _runtime: Arc::clone(runtime) }
    }
}

/// Fetches an object to its end.
async fn fetched(entry: &Entry, store: &Store, send: &UnboundedSender<Result<Piece, Failure>>) -> Result<(), Failure> {
    let Begun { result, answer } = store.get(&entry.key, entry.tag.as_deref()).await?;
    let tag = result.meta.e_tag.clone();
    let room = Arc::new(Semaphore::new(ROOM as usize));
    let mut stream = result.into_stream();
    while let Some(piece) = stream.next().await {
        let bytes = match piece {
            Ok(bytes) => bytes,
            Err(error) => {
                let failure = Failure::of(&error, &answer, store);
                return Err(explained(failure, entry, tag, store).await);
            }
        };
        let size = u32::try_from(bytes.len()).unwrap_or(ROOM).min(ROOM);
        let Ok(room) = Arc::clone(&room).acquire_many_owned(size).await else { return Ok(()) };
        if send.send(Ok(Piece { bytes, _room: room })).is_err() {
            return Ok(());
        }
    }
    // The end of a body is told by a piece without bytes: without it, the request was left off.
    if let Ok(room) = Arc::clone(&room).acquire_many_owned(0).await {
        let _ = send.send(Ok(Piece { bytes: Bytes::new(), _room: room }));
    }
    Ok(())
}

/// Why a body did not go on: it may be another one now, which not every server says by itself.
async fn explained(failure: Failure, entry: &Entry, tag: Option<String>, store: &Store) -> Failure {
    match (failure, tag) {
        (Failure::Broken { reason, .. } | Failure::Other(reason), None) => Failure::Untagged { reason },
        (Failure::Changed, _) => Failure::Changed,
        (failure, Some(tag)) => match store.look(&entry.key).await {
            Ok(now) if now.e_tag.as_ref() != Some(&tag) => Failure::Changed,
            Ok(_) | Err(_) => failure,
        },
        (failure, None) => failure,
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left.is_empty() {
            match &self.ended {
                Some(Ok(())) => return Ok(0),
                Some(Err(failure)) => return Err(io::Error::other(failure.clone())),
                None => {}
            }
            match self.pieces.blocking_recv() {
                Some(Ok(piece)) if piece.bytes.is_empty() => self.ended = Some(Ok(())),
                Some(Ok(piece)) => self.left = piece.bytes,
                Some(Err(failure)) => self.ended = Some(Err(failure)),
                None => self.ended = Some(Err(Failure::Other("the request was left off".to_owned()))),
            }
        }
        let read = self.left.len().min(buffer.len());
        self.left.copy_to_slice(&mut buffer[..read]);
        Ok(read)
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.request.abort();
    }
}
