//! The options of the input.

use std::collections::BTreeMap;
use std::time::Duration;

use docmill_core::{BuildContext, Component, OptionError, Role, RoleKind, Secret, TimeSpan};
use docmill_ingest::Selection;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::input::ObjectInput;
use crate::store::Store;

/// The shortest and the longest `timeout`.
const TIMEOUTS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_hours(1));

/// Lists the objects of an S3, Google Cloud or Azure store, or one file of the web.
///
/// An address is `s3://bucket/key`, `gs://bucket/key`, `az://container/key`, `abfss://container@account.dfs.core.windows.net/key`, or
/// that of a file: `https://host/file`. A key that ends with `/`, or none, stands for all objects below it; any other for the
/// object of that name, and where there is none, for those below it. Objects come sorted by the bytes of their keys, whatever the
/// store. They are named by their whole address; with `name: archive`, `archive/january.txt`. Keys are taken as they are
/// written, as the stores' own tools do; in names, `%`, `#` and control characters are written as `%` and two hexadecimal digits.
///
/// Credentials come from `options` or from the variables of the environment that the stores' own tools read (`AWS_ACCESS_KEY_ID`,
/// `GOOGLE_APPLICATION_CREDENTIALS`, `AZURE_STORAGE_ACCOUNT_NAME`, …); a public bucket needs `options: { skip_signature: "true" }`. Unencrypted
/// connections are made only where `url` or `endpoint` begins with `http://`.
///
/// Bodies are streamed, and some are fetched ahead of the documents that are worked on. A request that fails is tried again, and a
/// body that breaks off goes on where it was, if the object is still the same. An object that cannot be read, or that changed since it
/// was listed, is in quarantine with the answer of the store; a listing that fails ends the run. The listing of a bucket with very many
/// objects waits in a temporary file.
///
/// ```yaml
/// input:
///   - url: s3://press/reports/2016/
///     include: ["*.txt"]
///     endpoint: https://storage.example.org
///     region: eu-central
///     options: { access_key_id: "${env:PRESS_KEY}", secret_access_key: "${env:PRESS_SECRET}" }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Objects {
    /// The address: `s3://`, `gs://`, `az://`, `abfs://`, `abfss://`, `http://` or `https://`.
    pub url: String,
    /// Globs of which an object must match one: on the last part of its key, or, with a `/` in the glob, on its key below the address.
    /// Empty for all objects.
    pub include: Vec<String>,
    /// Globs of objects and of folders in their keys to leave out, matched like those of `include`.
    pub exclude: Vec<String>,
    /// List objects too in whose key a part below the address begins with a dot.
    pub hidden: bool,
    /// The name with which URIs begin instead of the address; the whole name of a single object. The extension that it has, if any,
    /// says how an object is read.
    pub name: String,
    /// The server, where it is not the store's own, such as `https://storage.example.org`.
    pub endpoint: String,
    /// The region of an S3 bucket. When empty: `AWS_REGION`, or `us-east-1`.
    pub region: String,
    /// More options of the store by the names that the `object_store` crate gives them, such as `access_key_id`, `secret_access_key`,
    /// `session_token`, `skip_signature`, `virtual_hosted_style_request`, `service_account`, `account_name`, `account_key`, `sas_token`.
    /// Their values are texts; keys, tokens and passwords are never shown.
    pub options: BTreeMap<String, Secret>,
    /// How often a request that fails in a way that may pass (429, 5xx, a connection that breaks, silence) is tried again for the same
    /// object or page, with longer and longer pauses of at most 15 seconds.
    #[schemars(range(max = 20))]
    pub retries: usize,
    /// How long a server may say nothing: when it is connected to (10 seconds at most), before it answers, and within a body. From
    /// `100ms` to `1h`.
    pub timeout: TimeSpan,
    /// How many objects are fetched ahead of the one that is read, each of them as far as 2 MiB.
    #[schemars(range(max = 64))]
    pub ahead: usize,
}

impl Default for Objects {
    fn default() -> Self {
        Self {
            url: String::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            hidden: false,
            name: String::new(),
            endpoint: String::new(),
            region: String::new(),
            options: BTreeMap::new(),
            retries: 8,
            timeout: TimeSpan(Duration::from_secs(30)),
            ahead: 8,
        }
    }
}

impl Component for Objects {
    const NAME: &'static str = "input.objects";
    const KIND: RoleKind = RoleKind::Input;
    const RECOMMENDED: bool = true;
    const SCHEMES: &'static [&'static str] = &["s3", "gs", "az", "abfs", "abfss", "http", "https"];

    fn build(self, _: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let mut errors = Vec::new();
        let selection = Selection::new(&self.include, &self.exclude, self.hidden);
        let selection = selection.map_err(|wrong| errors.extend(wrong)).ok();
        let (shortest, longest) = TIMEOUTS;
        if !(shortest..=longest).contains(&self.timeout.0) {
            let message = format!("expected 100ms to 1h, found {}", self.timeout);
            errors.push(OptionError::new("/timeout", message));
        }
        let address = Address::parse(&self.url).map_err(|error| errors.push(error)).ok();
        if let Some(address) = &address {
            // Made once to see that the options are right; each listing has a store of its own.
            errors.extend(Store::new(address, &self).err().into_iter().flatten());
        }
        match (address, selection) {
            (Some(address), Some(selection)) if errors.is_empty() => {
                Ok(Role::input(ObjectInput::new(address, selection, self)))
            }
            _ => Err(errors),
        }
    }
}
