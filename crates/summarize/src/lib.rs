//! docmill's summarizers: from text to summaries
