//! A store that can be listed and read.

mod open;

use std::sync::Arc;
use std::time::Duration;

use docmill_core::{OptionError, Secrets};
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::path::Path;
use object_store::{Extensions, GetOptions, GetResult, ObjectMeta, ObjectStore};

use crate::Objects;
use crate::address::Address;
use crate::failure::Failure;
use crate::wire::{Answer, Connector, Odd, OddKey};

/// The store of an address. Its connections live on the runtime on which its requests are made.
#[derive(Clone)]
pub(crate) struct Store {
    objects: Arc<dyn ObjectStore>,
    pages: Option<Arc<dyn PaginatedListStore>>,
    odd: Odd,
    pub(crate) secrets: Secrets,
    pub(crate) timeout: Duration,
}

/// A page of a listing.
pub(crate) struct Page {
    pub(crate) objects: Vec<ObjectMeta>,
    /// The objects whose keys cannot be asked for.
    pub(crate) odd: Vec<OddKey>,
    /// Leads to the next page, if there is one.
    pub(crate) next: Option<String>,
}

/// A body that has begun, and the answers to its requests.
pub(crate) struct Begun {
    pub(crate) result: GetResult,
    pub(crate) answer: Answer,
}

impl Store {
    /// Opens the store, or says what is wrong with its options. No request is made.
    pub(crate) fn new(address: &Address, options: &Objects) -> Result<Self, Vec<OptionError>> {
        let odd = Odd::default();
        let connector = Connector { odd: odd.clone(), web: matches!(address, Address::Web(_)) };
        let open::Opened { objects, pages, secrets } = open::open(address, options, connector)?;
        Ok(Self { objects, pages, odd, secrets, timeout: options.timeout.0 })
    }

    /// A page of the objects whose keys begin with `prefix`: of `most` objects, or as many as the store likes to tell at once.
    pub(crate) async fn page(&self, prefix: &str, next: Option<String>, most: Option<usize>) -> Result<Page, Failure> {
        let Some(pages) = &self.pages else {
            return Ok(Page { objects: Vec::new(), odd: Vec::new(), next: None });
        };
        let (answer, extensions) = answer();
        let options =
            PaginatedListOptions { max_keys: most, page_token: next, extensions, ..PaginatedListOptions::default() };
        let prefix = (!prefix.is_empty()).then_some(prefix);
        let page = pages.list_paginated(prefix, options).await;
        let page = page.map_err(|error| Failure::of(&error, &answer, self))?;
        Ok(Page { objects: page.result.objects, odd: self.odd.take(), next: page.page_token })
    }

    /// What is known of an object.
    pub(crate) async fn look(&self, key: &str) -> Result<ObjectMeta, Failure> {
        let (answer, extensions) = answer();
        let options = GetOptions { head: true, extensions, ..GetOptions::default() };
        let found = self.objects.get_opts(&path(key)?, options).await;
        found.map(|found| found.meta).map_err(|error| Failure::of(&error, &answer, self))
    }

    /// Begins with the body of an object: the one that has this tag, where there is one.
    pub(crate) async fn get(&self, key: &str, tag: Option<&str>) -> Result<Begun, Failure> {
        let (answer, extensions) = answer();
        let options = GetOptions { if_match: tag.map(quoted), extensions, ..GetOptions::default() };
        let result = self.objects.get_opts(&path(key)?, options).await;
        result
            .map(|result| Begun { result, answer: answer.clone() })
            .map_err(|error| Failure::of(&error, &answer, self))
    }
}

/// A place for the answers to a request, which is handed along in its extensions.
fn answer() -> (Answer, Extensions) {
    let answer = Answer::default();
    let mut extensions = Extensions::new();
    extensions.insert(answer.clone());
    (answer, extensions)
}

fn path(key: &str) -> Result<Path, Failure> {
    Path::parse(key).map_err(|_| Failure::OddKey)
}

/// A tag as it stands in a request. Azure lists its tags without the quotes.
fn quoted(tag: &str) -> String {
    if tag.ends_with('"') { tag.to_owned() } else { format!("\"{tag}\"") }
}
