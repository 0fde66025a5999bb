//! The docmill command, also as a library for binaries with stages of their own
