//! Runs docmill pipelines: parallel, bounded, with a ledger and a manifest
