//! Fields that span runs: their instructions are no text, their results are.

/// Fields within fields no deeper than this.
const DEPTH: usize = 64;

/// The fields that are open at a place.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    open: Vec<Open>,
    /// Fields that were too deep, and are not kept.
    beyond: usize,
}

#[derive(Debug, Default)]
struct Open {
    instruction: String,
    result: bool,
}

impl Fields {
    /// Takes in a `fldChar` of this type.
    pub(crate) fn mark(&mut self, kind: &str) {
        match kind {
            "begin" if self.open.len() < DEPTH => self.open.push(Open::default()),
            "begin" => self.beyond += 1,
            "end" if self.beyond > 0 => self.beyond -= 1,
            "end" => {
                self.open.pop();
            }
            "separate" if self.beyond == 0 => {
                if let Some(field) = self.open.last_mut() {
                    field.result = true;
                }
            }
            _ => {}
        }
    }

    /// Takes in a piece of an instruction.
    pub(crate) fn instruct(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut().filter(|field| !field.result) {
            field.instruction.push_str(text);
        }
    }

    /// Whether text at this place is seen: not before the result of a field, and not in that of a page number.
    pub(crate) fn shows(&self) -> bool {
        self.beyond == 0 && self.open.iter().all(|field| field.result && !is_page_number(&field.instruction))
    }

    /// Where text at this place leads.
    pub(crate) fn link(&self) -> Option<&str> {
        self.open.iter().rev().find_map(|field| hyperlink(&field.instruction))
    }
}

/// Whether a field is a number that depends on pages.
pub(crate) fn is_page_number(instruction: &str) -> bool {
    let name = instruction.split_whitespace().next().unwrap_or_default();
    ["PAGE", "NUMPAGES", "SECTIONPAGES"].iter().any(|page| name.eq_ignore_ascii_case(page))
}

/// The address of a `HYPERLINK "address"`; none where it leads into the document.
pub(crate) fn hyperlink(instruction: &str) -> Option<&str> {
    let instruction = instruction.trim_start();
    let name = instruction.get(..9).filter(|name| name.eq_ignore_ascii_case("hyperlink"))?;
    let rest = instruction[name.len()..].trim_start();
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().filter(|address| !address.is_empty()),
        None => rest.split_whitespace().next().filter(|address| !address.starts_with('\\')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_the_first_words_of_their_fields() {
        for (instruction, expected) in [
            (" HYPERLINK \"https://port.example/\" \\t \"_blank\"", Some("https://port.example/")),
            ("hyperlink https://port.example/", Some("https://port.example/")),
            (" HYPERLINK \\l \"harbor\"", None),
            ("PAGEREF _Toc1", None),
            ("", None),
        ] {
            assert_eq!(hyperlink(instruction), expected, "{instruction}");
        }
    }

    #[test]
    fn instructions_are_hidden_and_results_shown() {
        let mut fields = Fields::default();
        fields.mark("begin");
        fields.instruct("DATE");
        assert!(!fields.shows());
        fields.mark("separate");
        assert!(fields.shows());
        for _ in 0..1000 {
            fields.mark("begin");
        }
        assert!(!fields.shows());
        for _ in 0..1001 {
            fields.mark("end");
        }
        assert!(fields.shows());
        fields.mark("end");
    }
}
