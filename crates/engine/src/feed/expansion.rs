//! What may come out of a container: how deep, how many, how much.

use std::cell::Cell;
use std::io::{self, Read};

use docmill_core::{Limits, ReadError};

/// What comes out of containers of any size: packed text may be a hundred times smaller.
const ALWAYS: u64 = 64 << 20;

/// What has come out of one source of the pipeline and of all containers in it.
pub(super) struct Expansion<'l> {
    limits: &'l Limits,
    /// Size of the source; 0 where that is not known.
    packed: u64,
    unpacked: Cell<u64>,
    members: Cell<u64>,
}

impl<'l> Expansion<'l> {
    pub(super) fn new(limits: &'l Limits, packed: Option<u64>) -> Self {
        Self { limits, packed: packed.unwrap_or(0), unpacked: Cell::new(0), members: Cell::new(0) }
    }

    /// Counts a file of a container.
    pub(super) fn member(&self) -> Result<(), ReadError> {
        self.members.set(self.members.get() + 1);
        if self.members.get() <= self.limits.members {
            return Ok(());
        }
        let found = "the number of files in it".to_owned();
        Err(ReadError::Limit { limit: "limits.members", value: self.limits.members.to_string(), found })
    }

    /// Whether a container may lie in so many containers.
    pub(super) fn nested(&self, depth: usize) -> Result<(), ReadError> {
        if depth <= self.limits.nesting {
            return Ok(());
        }
        let found = format!("a container in {depth} containers");
        Err(ReadError::Limit { limit: "limits.nesting", value: self.limits.nesting.to_string(), found })
    }

    /// Counts what is read of a member, and ends it where it is too much.
    pub(super) fn guard<'r>(&'r self, read: &'r mut dyn Read) -> Guarded<'r> {
        Guarded { expansion: self, read }
    }

    fn unpacked(&self, bytes: usize) -> Result<(), ReadError> {
        self.unpacked.set(self.unpacked.get() + bytes as u64);
        self.check()
    }

    /// Whether too much has come out.
    pub(super) fn check(&self) -> Result<(), ReadError> {
        let (packed, unpacked, ratio) = (self.packed, self.unpacked.get(), self.limits.ratio);
        if unpacked <= ALWAYS.max(packed.saturating_mul(ratio)) {
            return Ok(());
        }
        let found = format!("what {packed} bytes unpack to, {unpacked} bytes and more,");
        Err(ReadError::Limit { limit: "limits.ratio", value: ratio.to_string(), found })
    }
}

/// The bytes of a member, counted.
pub(super) struct Guarded<'r> {
    expansion: &'r Expansion<'r>,
    read: &'r mut dyn Read,
}

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.expansion.check().map_err(io::Error::other)?;
        let read = self.read.read(buffer)?;
        self.expansion.unpacked(read).map_err(io::Error::other)?;
        Ok(read)
    }
}
