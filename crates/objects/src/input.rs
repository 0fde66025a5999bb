//! Lists the objects of an address and opens them in their order.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use docmill_core::{Found, Input, Opened, ReadError, uri_text};
use docmill_ingest::Selection;

use crate::Objects;
use crate::address::{Address, Bucket, is_plain};
use crate::ahead::{Ahead, Object};
use crate::failure::Failure;
use crate::listing::{Entry, Listing, Unlisted};
use crate::runtime::Runtime;
use crate::store::Store;

/// The input with its options.
pub(crate) struct ObjectInput {
    address: Address,
    selection: Selection,
    options: Objects,
}

impl ObjectInput {
    pub(crate) fn new(address: Address, selection: Selection, options: Objects) -> Self {
        Self { address, selection, options }
    }

    /// The address, with what is wrong about it: the message with which a run ends.
    fn unlisted(&self, error: &dyn std::fmt::Display) -> ReadError {
        ReadError::Io(io::Error::other(format!("{}: {error}", self.address.shown())))
    }

    /// The objects.
    fn listing(&self, store: &Arc<Store>, runtime: &Runtime) -> Result<Listing, Unlisted> {
        match &self.address {
            Address::Bucket(bucket) => Listing::of(bucket, &self.selection, store, runtime),
            // The file itself is the address of its store, and what is known of it comes with its body.
            Address::Web(_) => Ok(Listing::One(Some(Entry { key: String::new(), bytes: None, tag: None }))),
        }
    }

    /// The name of an object: its address, or with `name`, what is below the address after it.
    fn uri(&self, entry: &Entry, alone: bool) -> String {
        let name = self.options.name.trim_matches('/');
        match &self.address {
            Address::Web(_) if name.is_empty() => self.address.shown(),
            Address::Web(_) => uri_text(name.as_bytes()),
            Address::Bucket(bucket) if name.is_empty() => bucket.uri(&entry.key),
            Address::Bucket(_) if alone => uri_text(name.as_bytes()),
            Address::Bucket(bucket) => uri_text(format!("{name}/{}", below(bucket, &entry.key)).as_bytes()),
        }
    }
}

fn below<'k>(bucket: &Bucket, key: &'k str) -> &'k str {
    key.strip_prefix(&bucket.prefix()).unwrap_or(key)
}

impl Input for ObjectInput {
    fn list(&self, found: &mut dyn FnMut(Found) -> ControlFlow<()>) -> Result<(), ReadError> {
        let store = Store::new(&self.address, &self.options).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            self.unlisted(&errors.join("; "))
        })?;
        let (store, runtime) = (Arc::new(store), Arc::new(Runtime::start()?));
        let mut listing = self.listing(&store, &runtime).map_err(|error| self.unlisted(&error))?;
        let alone = matches!(listing, Listing::One(_));
        let ahead = Arc::new(Ahead::new(store, runtime));
        loop {
            while ahead.len() <= self.options.ahead {
                let Some(entry) = listing.next_entry()? else { break };
                ahead.push(entry);
            }
            let Some(object) = ahead.pop() else { return Ok(()) };
            let uri = self.uri(&object.entry, alone);
            if found(source(uri, object, Arc::clone(&ahead))).is_break() {
                return Ok(());
            }
        }
    }
}

/// An object as a source. One whose key cannot be asked for says so when it is opened.
fn source(uri: String, object: Object, ahead: Arc<Ahead>) -> Found {
    let bytes = object.entry.bytes;
    let open: Box<dyn FnOnce() -> io::Result<Opened> + Send> = if is_plain(&object.entry.key) {
        Box::new(move || Ok(Opened::stream(ahead.open(object))))
    } else {
        Box::new(|| Err(io::Error::other(Failure::OddKey)))
    };
    Found { uri, place: None, bytes, open }
}
