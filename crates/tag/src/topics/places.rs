//! Where a YAML file says what: the line and column of each key and item, by JSON pointer.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};

/// The places of a file.
pub(super) struct Places {
    by_pointer: BTreeMap<String, (usize, usize)>,
    repeated: Vec<(usize, usize, String)>,
}

/// A list or mapping whose end was not seen yet.
struct Open {
    /// Its pointer.
    at: String,
    /// The items seen of a list; `None` for a mapping.
    items: Option<usize>,
    /// The pointer of the value that comes next in a mapping whose key was seen.
    key: Option<String>,
}

impl Places {
    /// Of a file that was read without an error.
    pub(super) fn of(text: &str) -> Self {
        let mut places = Self { by_pointer: BTreeMap::new(), repeated: Vec::new() };
        let mut open: Vec<Open> = Vec::new();
        for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
            // Lines count from 1, columns of the parser from 0.
            let place = (span.start.line(), span.start.col() + 1);
            match event {
                Event::Scalar(text, ..) => {
                    places.value(&mut open, place, Some(&text));
                }
                Event::Alias(_) => {
                    places.value(&mut open, place, None);
                }
                Event::SequenceStart(..) => {
                    let at = places.value(&mut open, place, None);
                    open.push(Open { at, items: Some(0), key: None });
                }
                Event::MappingStart(..) => {
                    let at = places.value(&mut open, place, None);
                    open.push(Open { at, items: None, key: None });
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    open.pop();
                }
                _ => {}
            }
        }
        places
    }

    /// Takes a key, a value or the beginning of one, and gives its pointer.
    fn value(&mut self, open: &mut [Open], place: (usize, usize), text: Option<&str>) -> String {
        let Some(around) = open.last_mut() else { return String::new() };
        let at = match (&mut around.items, around.key.take()) {
            (Some(items), _) => {
                *items += 1;
                format!("{}/{}", around.at, *items - 1)
            }
            // The place of a value is that of its key.
            (None, Some(key)) => return key,
            (None, None) => {
                let name = text.unwrap_or_default();
                let at = format!("{}/{}", around.at, name.replace('~', "~0").replace('/', "~1"));
                if self.by_pointer.contains_key(&at) {
                    self.repeated.push((place.0, place.1, name.to_owned()));
                    // No pointer has a tilde and a 2: what stands below is not taken for repeated too.
                    let again = format!("{at}~2{}", self.repeated.len());
                    around.key = Some(again.clone());
                    return again;
                }
                around.key = Some(at.clone());
                at
            }
        };
        self.by_pointer.insert(at.clone(), place);
        at
    }

    /// Line and column, from 1, of what the pointer leads to, or of the next around it that has a place.
    pub(super) fn place(&self, pointer: &str) -> (usize, usize) {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.by_pointer.get(pointer) {
                return *place;
            }
            match pointer.rfind('/') {
                Some(at) => pointer = &pointer[..at],
                None => return (1, 1),
            }
        }
    }

    /// Line, column and text of the keys that stand in their mapping a second time.
    pub(super) fn repeated(&self) -> &[(usize, usize, String)] {
        &self.repeated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_items_have_lines_and_columns() {
        let places = Places::of("a:\n  terms: [x, yy]\n  parent: b\nb/c: {en: [é, z]}\na: 1\n");
        let check = |pointer: &str, place: (usize, usize)| assert_eq!(places.place(pointer), place, "{pointer}");
        check("/a/terms", (2, 3));
        check("/a/terms/1", (2, 14));
        check("/a/parent", (3, 3));
        check("/b~1c/en/1", (4, 15));
        check("/b~1c/en/7", (4, 7));
        check("/nowhere", (1, 1));
        assert_eq!(places.repeated(), [(5, 1, "a".to_owned())]);
    }
}
