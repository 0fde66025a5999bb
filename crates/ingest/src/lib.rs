//! docmill's readers: from the bytes of a source to documents
