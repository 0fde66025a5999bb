//! Opens a store with the options of the input, over those of the environment.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use docmill_core::{OptionError, Secrets};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::list::PaginatedListStore;
use object_store::{BackoffConfig, ClientConfigKey, ClientOptions, HeaderValue, ObjectStore, RetryConfig};
use url::Url;

use crate::Objects;
use crate::address::{Address, Bucket, Service};
use crate::wire::Connector;

/// The longest time in which a connection is made.
const CONNECT: Duration = Duration::from_secs(10);
/// A body waits while the documents before it are worked on, and may have to go on long after it began: how often something is
/// tried again is bounded by number alone.
const RETRY_FOR: Duration = Duration::from_hours(24 * 365);
/// What the input has options of its own for, or chooses by itself.
const OURS: [ClientConfigKey; 9] = [
    ClientConfigKey::AllowHttp,
    ClientConfigKey::ConnectTimeout,
    ClientConfigKey::Http1Only,
    ClientConfigKey::Http2Only,
    ClientConfigKey::Http2KeepAliveInterval,
    ClientConfigKey::Http2KeepAliveTimeout,
    ClientConfigKey::Http2KeepAliveWhileIdle,
    ClientConfigKey::ReadTimeout,
    ClientConfigKey::Timeout,
];

/// A store that can be read, and what of its options is secret.
pub(super) struct Opened {
    pub(super) objects: Arc<dyn ObjectStore>,
    /// Its listings; a file of the web has none.
    pub(super) pages: Option<Arc<dyn PaginatedListStore>>,
    pub(super) secrets: Secrets,
}

type Wrong = Vec<OptionError>;
/// Options with their values.
type Keys<K> = Vec<(K, String)>;

/// Opens the store of an address.
pub(super) fn open(address: &Address, options: &Objects, connector: Connector) -> Result<Opened, Wrong> {
    crate::choose_cryptography();
    let mut errors = Vec::new();
    let secrets = Secrets::of(&options.options);
    if !options.endpoint.is_empty() {
        errors.extend(endpoint(&options.endpoint).err().map(|message| OptionError::new("/endpoint", message)));
    }
    let amazon = matches!(address, Address::Bucket(Bucket { service: Service::Amazon, .. }));
    if !options.region.is_empty() && !amazon {
        errors.push(OptionError::new("/region", "only buckets of S3 have one; leave it out"));
    }
    if matches!(address, Address::Web(_)) && !options.endpoint.is_empty() {
        errors.push(OptionError::new("/endpoint", "`url` names the server of a file of the web; leave it out"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let with = With { options, connector, secrets };
    match address {
        Address::Web(url) => with.web(url),
        Address::Bucket(bucket) => match bucket.service {
            Service::Amazon => with.amazon(bucket),
            Service::Google => with.google(bucket),
            Service::Azure => with.azure(bucket),
        },
    }
}

/// Whether a server is reached without encryption, where its address is one.
fn endpoint(text: &str) -> Result<bool, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.filter(|url| url.username().is_empty() && url.password().is_none());
    url.map(|url| url.scheme() == "http")
        .ok_or_else(|| "expected the address of a server, such as `https://storage.example.org`".to_owned())
}

struct With<'o> {
    options: &'o Objects,
    connector: Connector,
    secrets: Secrets,
}

impl With<'_> {
    fn web(self, url: &Url) -> Result<Opened, Wrong> {
        let (_, client) = self.keys::<ClientConfigKey>(|key| Some(*key))?;
        let builder = HttpBuilder::new().with_url(url.as_str()).with_http_connector(self.connector.clone());
        let builder = builder.with_client_options(self.client(client, url.scheme() == "http"));
        let store = self.built(builder.with_retry(self.retry()).build())?;
        Ok(Opened { objects: Arc::new(store), pages: None, secrets: self.secrets })
    }

    fn amazon(mut self, bucket: &Bucket) -> Result<Opened, Wrong> {
        use AmazonS3ConfigKey as Key;

        let (keys, client) =
            self.keys::<Key>(|key| if let Key::Client(client) = key { Some(*client) } else { None })?;
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(&bucket.name);
        for (key, value) in keys {
            builder = builder.with_config(key, value);
        }
        if !self.options.endpoint.is_empty() {
            builder = builder.with_endpoint(&self.options.endpoint);
        }
        if !self.options.region.is_empty() {
            builder = builder.with_region(&self.options.region);
        }
        self.hide([Key::SecretAccessKey, Key::Token].iter().filter_map(|key| builder.get_config_value(key)));
        let server = builder.get_config_value(&Key::S3Endpoint).or_else(|| builder.get_config_value(&Key::Endpoint));
        let client = self.client(client, is_plain(server)?);
        let builder = builder.with_client_options(client).with_retry(self.retry());
        let store = Arc::new(self.built(builder.with_http_connector(self.connector.clone()).build())?);
        Ok(Opened { objects: Arc::clone(&store) as _, pages: Some(store), secrets: self.secrets })
    }

    fn google(mut self, bucket: &Bucket) -> Result<Opened, Wrong> {
        use GoogleConfigKey as Key;

        let (keys, client) =
            self.keys::<Key>(|key| if let Key::Client(client) = key { Some(*client) } else { None })?;
        let mut builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(&bucket.name);
        for (key, value) in keys {
            builder = builder.with_config(key, value);
        }
        if !self.options.endpoint.is_empty() {
            builder = builder.with_base_url(&self.options.endpoint);
        }
        self.hide([Key::ServiceAccountKey, Key::BearerToken].iter().filter_map(|key| builder.get_config_value(key)));
        let server = builder.get_config_value(&Key::BaseUrl);
        let client = self.client(client, is_plain(server)?);
        let builder = builder.with_client_options(client).with_retry(self.retry());
        let store = Arc::new(self.built(builder.with_http_connector(self.connector.clone()).build())?);
        Ok(Opened { objects: Arc::clone(&store) as _, pages: Some(store), secrets: self.secrets })
    }

    fn azure(mut self, bucket: &Bucket) -> Result<Opened, Wrong> {
        use AzureConfigKey as Key;

        let (keys, client) =
            self.keys::<Key>(|key| if let Key::Client(client) = key { Some(*client) } else { None })?;
        let mut builder = MicrosoftAzureBuilder::from_env().with_url(&bucket.root);
        for (key, value) in keys {
            builder = builder.with_config(key, value);
        }
        if !self.options.endpoint.is_empty() {
            builder = builder.with_endpoint(self.options.endpoint.clone());
        }
        let secret = [Key::AccessKey, Key::ClientSecret, Key::SasKey, Key::Token];
        self.hide(secret.iter().filter_map(|key| builder.get_config_value(key)));
        let server = builder.get_config_value(&Key::Endpoint);
        let client = self.client(client, is_plain(server)?);
        let builder = builder.with_client_options(client).with_retry(self.retry());
        let store = Arc::new(self.built(builder.with_http_connector(self.connector.clone()).build())?);
        Ok(Opened { objects: Arc::clone(&store) as _, pages: Some(store), secrets: self.secrets })
    }

    /// The options of the store, and those of its client.
    fn keys<K: FromStr<Err = object_store::Error>>(
        &self,
        client: impl Fn(&K) -> Option<ClientConfigKey>,
    ) -> Result<(Keys<K>, Keys<ClientConfigKey>), Wrong> {
        let (mut keys, mut of_client, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for (name, value) in &self.options.options {
            let value = value.reveal().to_owned();
            let wrong = |message: &str| OptionError::new(format!("/options/{name}"), message);
            let Ok(key) = name.to_ascii_lowercase().parse::<K>() else {
                errors.push(wrong("the store has no option of this name"));
                continue;
            };
            match client(&key) {
                Some(key) if OURS.contains(&key) => {
                    errors
                        .push(wrong("the input chooses this itself, by `url`, `endpoint` and `timeout`; leave it out"));
                }
                Some(key) => of_client.push((key, value)),
                None => keys.push((key, value)),
            }
        }
        if errors.is_empty() { Ok((keys, of_client)) } else { Err(errors) }
    }

    fn client(&self, keys: Keys<ClientConfigKey>, plain: bool) -> ClientOptions {
        let mut client = ClientOptions::new();
        for (key, value) in keys {
            client = client.with_config(key, value);
        }
        // One connection a body: over HTTP/2, bodies that wait would hold up the one that is read.
        client
            .with_http1_only()
            .with_allow_http(plain)
            .with_timeout_disabled()
            .with_connect_timeout(self.options.timeout.0.min(CONNECT))
            .with_read_timeout(self.options.timeout.0)
            .with_user_agent(HeaderValue::from_static(concat!("docmill/", env!("CARGO_PKG_VERSION"))))
    }

    fn retry(&self) -> RetryConfig {
        RetryConfig { max_retries: self.options.retries, retry_timeout: RETRY_FOR, backoff: BackoffConfig::default() }
    }

    fn hide(&mut self, secrets: impl Iterator<Item = String>) {
        secrets.for_each(|secret| self.secrets.add(&secret));
    }

    fn built<S>(&self, store: object_store::Result<S>) -> Result<S, Wrong> {
        store.map_err(|error| {
            let pointer = if self.options.options.is_empty() { "/url" } else { "/options" };
            let messages = docmill_core::chain(&error).pop().unwrap_or_default();
            let message = format!("the store cannot be opened: {}", self.secrets.redact(&messages));
            vec![OptionError::new(pointer, message)]
        })
    }
}

/// Whether a server is reached without encryption; the store's own is not.
fn is_plain(server: Option<String>) -> Result<bool, Wrong> {
    let Some(server) = server.filter(|server| !server.is_empty()) else { return Ok(false) };
    endpoint(&server).map_err(|message| vec![OptionError::new("/endpoint", message)])
}
