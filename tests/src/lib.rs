//! End-to-end tests of the docmill binary live in `tests/`.
