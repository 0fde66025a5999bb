//! docmill's input of object stores and of the web: `s3://`, `gs://`, `az://`, `abfs://`, `http://` and `https://`.
//!
//! [`Objects`] lists the objects below an address, sorted by their keys, and opens each as a stream; the `object_store` crate speaks
//! with the stores. What is asked for is what the pipeline names and what a store lists there: no address that a document contains is
//! ever fetched. The requests run on a small runtime of their own (`runtime`) that ends with the listing; some objects are fetched
//! ahead (`ahead`), so that a run does not wait for each answer; `wire` looks at the answers before `object_store` does.

mod address;
mod ahead;
mod body;
mod failure;
mod input;
mod listing;
mod objects;
mod runtime;
mod store;
mod wire;

use docmill_core::{Registry, RegistryError};

pub use self::objects::Objects;
pub use docmill_core::Secret;

/// Registers all components of this crate, and chooses the cryptography of the process: the HTTP client that this crate brings has none of
/// its own, and other parts of a binary, such as telemetry, connect by the same client.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    choose_cryptography();
    registry.register::<Objects>()
}

/// Has TLS connections of this process use `ring`, unless something was chosen before.
fn choose_cryptography() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
