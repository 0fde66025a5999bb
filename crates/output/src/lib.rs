//! docmill's outputs: records in the formats that other tools read
