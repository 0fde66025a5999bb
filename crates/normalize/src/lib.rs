//! docmill's normalizers, filters and deduplication
