//! What an address means: a store, a bucket in it and a key, or a file of the web.

use docmill_core::{OptionError, uri_text};
use object_store::path::Path;
use url::Url;

/// Parameters by which addresses of the web are signed: who has such an address can read the file, so that none is shown.
const SIGNATURES: [&str; 6] = ["x-amz-signature", "x-goog-signature", "signature", "sig", "token", "access_token"];

/// Where sources lie.
#[derive(Debug, Clone)]
pub(crate) enum Address {
    /// Objects of a bucket.
    Bucket(Bucket),
    /// One file of the web.
    Web(Url),
}

/// Whose store it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Amazon,
    Google,
    Azure,
}

/// A bucket, and what of it is meant.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    pub(crate) service: Service,
    /// The address of the bucket without a `/` at its end.
    pub(crate) root: String,
    /// The name of the bucket; for Azure, with an `@` and the account's address where they were written.
    pub(crate) name: String,
    /// The key without a `/` at its end; empty for the whole bucket.
    pub(crate) key: String,
    /// Whether the key ended with `/`, or there was none, so that it can only be what is below it that is meant.
    pub(crate) below: bool,
}

impl Address {
    /// Takes an address apart.
    pub(crate) fn parse(text: &str) -> Result<Self, OptionError> {
        let wrong = |message: String| OptionError::new("/url", message);
        let expected = || wrong("expected an address such as `s3://bucket/folder/` or `https://host/file`".to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(expected)?;
        let service = match scheme {
            "s3" => Service::Amazon,
            "gs" => Service::Google,
            "az" | "abfs" | "abfss" => Service::Azure,
            "http" | "https" => return web(text).map(Self::Web).map_err(wrong),
            _ => return Err(expected()),
        };
        let (name, key) = rest.split_once('/').unwrap_or((rest, ""));
        let plain = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.$".contains(&byte))
        };
        let parts = match name.split_once('@') {
            Some((container, account)) if scheme.starts_with("abfs") => plain(container) && plain(account),
            _ => plain(name),
        };
        if !parts {
            return Err(wrong(format!(
                "expected the name of a bucket after {scheme}://, of letters, digits, `-`, `_` and `.`; credentials go to `options`"
            )));
        }
        let (key, below) = match key.strip_suffix('/') {
            Some(key) => (key, true),
            None => (key, key.is_empty()),
        };
        if !is_plain(key) {
            return Err(wrong("expected a key without empty parts, `.`, `..` and control characters".to_owned()));
        }
        Ok(Self::Bucket(Bucket {
            service,
            root: format!("{scheme}://{name}"),
            name: name.to_owned(),
            key: key.to_owned(),
            below,
        }))
    }

    /// The address as it is shown.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Bucket(bucket) if bucket.below => bucket.uri(&bucket.prefix()),
            Self::Bucket(bucket) => bucket.uri(&bucket.key),
            Self::Web(url) => shown(url),
        }
    }
}

impl Bucket {
    /// The address of the object with this key.
    pub(crate) fn uri(&self, key: &str) -> String {
        format!("{}/{}", self.root, uri_text(key.as_bytes()))
    }

    /// What the keys of the objects below it begin with.
    pub(crate) fn prefix(&self) -> String {
        if self.key.is_empty() { String::new() } else { format!("{}/", self.key) }
    }
}

/// Whether the object of this key can be asked for: what `object_store` takes as it is.
pub(crate) fn is_plain(key: &str) -> bool {
    Path::parse(key).is_ok_and(|path| path.as_ref() == key)
}

fn web(text: &str) -> Result<Url, String> {
    // The text itself is not repeated: it may hold a password.
    let mut url = Url::parse(text).map_err(|error| format!("expected an address of the web: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("expected an address without a user's name and password: they would be shown".to_owned());
    }
    url.set_fragment(None);
    Ok(url)
}

/// An address of the web without its query where that is a signature.
fn shown(url: &Url) -> String {
    let signed = url.query_pairs().any(|(name, _)| SIGNATURES.contains(&name.to_ascii_lowercase().as_str()));
    let mut url = url.clone();
    if signed {
        url.set_query(None);
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_bucket_and_a_key() {
        let check = |text: &str, expected: Option<(&str, &str, bool)>| {
            let found = Address::parse(text).ok().and_then(|address| match address {
                Address::Bucket(bucket) => Some((bucket.root, bucket.key, bucket.below)),
                Address::Web(_) => None,
            });
            let expected = expected.map(|(root, key, below)| (root.to_owned(), key.to_owned(), below));
            assert_eq!(found, expected, "{text}");
        };
        check("s3://press", Some(("s3://press", "", true)));
        check("s3://press/", Some(("s3://press", "", true)));
        check("gs://press/a/b", Some(("gs://press", "a/b", false)));
        check("az://press/a b#c?d%20/", Some(("az://press", "a b#c?d%20", true)));
        check("abfss://c@acc.dfs.core.windows.net/x", Some(("abfss://c@acc.dfs.core.windows.net", "x", false)));
        check("s3://key:secret@press/a", None);
        check("az://c@account/x", None);
        check("s3:///a", None);
        check("s3://press/a//b", None);
        check("s3://press/../b", None);
        check("ftp://press/a", None);
        check("press/a", None);
    }

    #[test]
    fn what_signs_an_address_is_not_shown_and_a_password_is_refused() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Address::parse(text).ok().map(|address| address.shown()).as_deref(), expected, "{text}");
        };
        check("https://a.example/b%20c.html?page=2#part", Some("https://a.example/b%20c.html?page=2"));
        check("https://a.example/b?X-Amz-Date=1&X-Amz-Signature=abc", Some("https://a.example/b"));
        check("https://me@a.example/b", None);
        check("https://me:hunter2@a.example/b", None);
        check("https://", None);
        check("s3://press/50%/#1", Some("s3://press/50%25/%231"));
        let error = Address::parse("https://me:hunter2@a.example/b").unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
