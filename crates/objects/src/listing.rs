//! The objects that an address stands for, sorted by the bytes of their keys.
//!
//! A record is the key, a zero byte, and what else is known of the object. [`Sorter`] puts them in order and holds no more of them in
//! memory than it is told to.

use std::io;
use std::path::Path;
use std::sync::Arc;

use docmill_ingest::Selection;
use docmill_spill::{Sorted, Sorter};
use object_store::ObjectMeta;

use crate::address::Bucket;
use crate::failure::Failure;
use crate::runtime::Runtime;
use crate::store::{Page, Store};
use crate::wire::OddKey;

/// How many bytes of records are in memory; what is more waits in temporary files.
const MEMORY: u64 = 16 << 20;

/// An object of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// Its size in bytes, where it is told.
    pub(crate) bytes: Option<u64>,
    /// The tag (`ETag`) of its content, where it is told.
    pub(crate) tag: Option<String>,
}

/// What is left of a listing.
pub(crate) enum Listing {
    /// The address names one object.
    One(Option<Entry>),
    /// It stands for all below it.
    Below(Sorted),
}

/// Why there is no listing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unlisted {
    /// A request failed.
    #[error(transparent)]
    Store(#[from] Failure),
    /// The keys cannot be sorted: there is no room for a temporary file.
    #[error(transparent)]
    Sorting(#[from] io::Error),
}

impl Listing {
    /// Lists what an address stands for.
    pub(crate) fn of(
        bucket: &Bucket,
        selection: &Selection,
        store: &Arc<Store>,
        runtime: &Runtime,
    ) -> Result<Self, Unlisted> {
        if !bucket.below
            && let Some(entry) = one(bucket, store, runtime)?
        {
            return Ok(Self::One(Some(entry)));
        }
        let prefix = bucket.prefix();
        let mut sorter = Sorter::new(MEMORY);
        let (mut next, mut any) = (None, false);
        loop {
            let page = page(store, runtime, &prefix, next, None)?;
            any |= !page.objects.is_empty() || !page.odd.is_empty();
            for entry in entries(page.objects, page.odd) {
                let below = entry.key.strip_prefix(&prefix).unwrap_or(&entry.key);
                if selection.takes(Path::new(below)) {
                    sorter.push(&entry.record())?;
                }
            }
            next = page.next.filter(|next| !next.is_empty());
            if next.is_none() {
                break;
            }
        }
        // A bucket may be empty; a folder that nothing is in is not there.
        if !any && !prefix.is_empty() {
            return Err(Failure::Nowhere.into());
        }
        Ok(Self::Below(sorter.finish()?))
    }

    /// The next object; `None` after the last one.
    pub(crate) fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        match self {
            Self::One(entry) => Ok(entry.take()),
            Self::Below(sorted) => sorted
                .next_record()?
                .map(|record| Entry::of(record).ok_or(io::ErrorKind::InvalidData.into()))
                .transpose(),
        }
    }
}

/// The object that has the address's very name. Its name is the first of all that begin with it.
fn one(bucket: &Bucket, store: &Arc<Store>, runtime: &Runtime) -> Result<Option<Entry>, Unlisted> {
    match page(store, runtime, &bucket.key, None, Some(1)) {
        Ok(page) => Ok(entries(page.objects, Vec::new()).find(|entry| entry.key == bucket.key)),
        // Who may read an object may not always list.
        Err(Unlisted::Store(failure)) => {
            let (store, key) = (Arc::clone(store), bucket.key.clone());
            match runtime.wait(async move { store.look(&key).await })? {
                Ok(found) => Ok(Some(Entry::from(found))),
                Err(_) => Err(failure.into()),
            }
        }
        Err(error) => Err(error),
    }
}

fn page(
    store: &Arc<Store>,
    runtime: &Runtime,
    prefix: &str,
    next: Option<String>,
    most: Option<usize>,
) -> Result<Page, Unlisted> {
    let (store, prefix) = (Arc::clone(store), prefix.to_owned());
    Ok(runtime.wait(async move { store.page(&prefix, next, most).await })??)
}

/// The objects of a page but the empty ones that stand for folders, whose keys end with `/`.
fn entries(objects: Vec<ObjectMeta>, odd: Vec<OddKey>) -> impl Iterator<Item = Entry> {
    let odd = odd.into_iter().filter(|odd| !(odd.key.ends_with('/') && odd.bytes == Some(0)));
    let odd = odd.map(|OddKey { key, bytes }| Entry { key, bytes, tag: None });
    objects.into_iter().map(Entry::from).chain(odd)
}

impl From<ObjectMeta> for Entry {
    fn from(object: ObjectMeta) -> Self {
        Self { key: object.location.into(), bytes: Some(object.size), tag: object.e_tag }
    }
}

impl Entry {
    /// The key, a zero byte, the tag, and so that these can be told apart from their end: the length of the key and the size, each with
    /// whether there is one.
    fn record(&self) -> Vec<u8> {
        let mut record = Vec::with_capacity(self.key.len() + 64);
        record.extend_from_slice(self.key.as_bytes());
        record.push(0);
        record.extend_from_slice(self.tag.as_deref().unwrap_or_default().as_bytes());
        record.extend((self.key.len() as u64).to_be_bytes());
        record.extend(self.bytes.unwrap_or_default().to_be_bytes());
        record.extend([u8::from(self.tag.is_some()), u8::from(self.bytes.is_some())]);
        record
    }

    fn of(record: &[u8]) -> Option<Self> {
        let (rest, [has_tag, has_bytes]) = record.split_last_chunk()?;
        let (rest, bytes) = rest.split_last_chunk()?;
        let (rest, key) = rest.split_last_chunk()?;
        let (key, tag) = rest.split_at_checked(usize::try_from(u64::from_be_bytes(*key)).ok()?)?;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        Some(Self {
            key: text(key)?,
            bytes: (*has_bytes == 1).then_some(u64::from_be_bytes(*bytes)),
            tag: if *has_tag == 1 { Some(text(tag.get(1..)?)?) } else { None },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_back_from_its_record() {
        for (key, bytes, tag) in [
            ("a/b.txt", Some(7), Some("\"abc\"")),
            ("", None, None),
            ("a\0b", Some(u64::MAX), Some("")),
            ("ö/ü", Some(0), None),
        ] {
            let entry = Entry { key: key.to_owned(), bytes, tag: tag.map(ToOwned::to_owned) };
            assert_eq!(Entry::of(&entry.record()), Some(entry));
        }
        assert_eq!(Entry::of(b"short"), None);
    }

    #[test]
    fn records_sort_as_their_keys_do() {
        let mut keys = ["a", "a-b", "a/b", "a/b.txt", "a.txt", "ab", "aé", "z"];
        let record = |key: &str| {
            Entry { key: key.to_owned(), bytes: Some(key.len() as u64 * 7919), tag: Some("zz".to_owned()) }.record()
        };
        keys.sort_unstable();
        assert!(keys.is_sorted_by_key(|key| record(key)));
    }
}
