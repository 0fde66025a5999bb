//! docmill's taggers: from text to annotations and tags
