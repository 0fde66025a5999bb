//! Objects in their order, some of which are fetched before they are asked for.
//!
//! Nothing is fetched before the first object is opened: who only lists, such as a survey, makes no request but those for the listing.
//! From then on the next objects are fetched too, so many and each so far, until their turn comes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::body::Body;
use crate::listing::Entry;
use crate::runtime::Runtime;
use crate::store::Store;

/// The objects that come next.
pub(crate) struct Ahead {
    store: Arc<Store>,
    runtime: Arc<Runtime>,
    next: Mutex<Next>,
}

#[derive(Default)]
struct Next {
    objects: VecDeque<Object>,
    /// Whether one has been opened.
    opened: bool,
}

/// An object whose turn comes.
pub(crate) struct Object {
    pub(crate) entry: Entry,
    /// Its body, if it is fetched already.
    body: Option<Body>,
}

impl Ahead {
    pub(crate) fn new(store: Arc<Store>, runtime: Arc<Runtime>) -> Self {
        Self { store, runtime, next: Mutex::default() }
    }

    /// How many objects wait for their turn.
    pub(crate) fn len(&self) -> usize {
        self.next.lock().unwrap_or_else(PoisonError::into_inner).objects.len()
    }

    /// Adds the object that comes after the others.
    pub(crate) fn push(&self, entry: Entry) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let mut object = Object { entry, body: None };
        if next.opened {
            self.begin(&mut object);
        }
        next.objects.push_back(object);
    }

    /// The object whose turn it is.
    pub(crate) fn pop(&self) -> Option<Object> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner).objects.pop_front()
    }

    /// The body of an object, and those of the next ones are fetched from now on.
    pub(crate) fn open(&self, object: Object) -> Body {
        let Object { entry, body } = object;
        let body = body.unwrap_or_else(|| self.fetch(&entry));
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if !next.opened {
            next.opened = true;
            next.objects.iter_mut().for_each(|object| self.begin(object));
        }
        body
    }

    fn begin(&self, object: &mut Object) {
        if object.body.is_none() {
            object.body = Some(self.fetch(&object.entry));
        }
    }

    fn fetch(&self, entry: &Entry) -> Body {
        Body::fetch(entry, &self.store, &self.runtime)
    }
}
