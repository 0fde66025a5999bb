//! Keys of the metadata.

/// `Word count` as `word_count`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.trim().chars() {
        if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    key.truncate(key.trim_end_matches('_').len());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_lower_case_and_joined_by_one_underscore() {
        for (name, key) in
            [("Word count", "word_count"), (" Review -- Cycle: ", "review_cycle"), ("Été", "été"), ("--", "")]
        {
            assert_eq!(snake_case(name), key, "{name}");
        }
    }
}
