//! Reads docmill's YAML pipelines and reports every mistake with its place
