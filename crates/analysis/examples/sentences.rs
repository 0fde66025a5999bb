//! Prints the sentences of the plain text on standard input, one a line: `sentences [LANGUAGE]`.

use std::io::{Read, Result, Write, stdin, stdout};

use docmill_core::Document;

fn main() -> Result<()> {
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    let mut doc = Document::from_text("stdin", &text);
    if let Some(language) = std::env::args().nth(1) {
        doc.set_language(language);
    }
    for sentence in docmill_analysis::analysis(&doc).sentences() {
        let written = sentence.span.of(doc.text()).unwrap_or_default();
        writeln!(stdout(), "{}", written.split_whitespace().collect::<Vec<_>>().join(" "))?;
    }
    Ok(())
}
