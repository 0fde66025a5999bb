//! The one place where machine code from the disk is taken for what it says it is.

use wasmtime::Engine;
use wasmtime::component::Component;

/// Bytes of which it is known that [`Component::serialize`] wrote them.
pub(crate) struct Trusted<'b>(&'b [u8]);

impl<'b> Trusted<'b> {
    /// Vouches for the bytes. Only for `cache.rs`, which has seen that
    ///
    /// * they stand in a file that belongs to this user and that nobody else may write to, at a name that only docmill uses, and
    /// * they are, by their checksum, all that docmill once wrote there, so that neither a damaged disk nor a torn write shows.
    ///
    /// Who can write to the user's files anyway needs no component to run code in their name.
    pub(crate) const fn vouched(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// The component. An error where another version of wasmtime or other settings made it: that is checked by wasmtime.
    pub(crate) fn load(&self, engine: &Engine) -> wasmtime::Result<Component> {
        #[allow(unsafe_code, reason = "compiled code cannot be checked; what is relied on stands at `vouched`")]
        // SAFETY: `vouched` is called for bytes that `Component::serialize` wrote, and for no others.
        unsafe {
            Component::deserialize(engine, self.0)
        }
    }
}
