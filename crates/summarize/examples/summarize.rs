//! Prints a summary of the plain text on standard input, one sentence a line: `summarize [SENTENCES]`.

use std::error::Error;
use std::io::{Read, Write, stdin, stdout};

use docmill_core::{BuildContext, Component, Context, Document, Role};
use docmill_summarize::Extractive;

fn main() -> Result<(), Box<dyn Error>> {
    let sentences = std::env::args().nth(1).map(|count| count.parse()).transpose()?;
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    let mut doc = Document::from_text("stdin", &text);
    let options = Extractive { sentences, ..Extractive::default() };
    if let Ok(Role::Stage(stage)) = options.build(&BuildContext::default()) {
        stage.apply(&mut doc, &Context::default())?;
    }
    for sentence in doc.summary().map_or(&[][..], |summary| &summary.sentences) {
        writeln!(stdout(), "{}", sentence.text)?;
    }
    Ok(())
}
