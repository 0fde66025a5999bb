//! The manual's tutorials, done from their own text: each file is written, each command is run, and what it says is held against what
//! the manual shows.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a tutorial asks the reader to do.
enum Step {
    /// Write a file: its path in the current folder, and its text.
    Write(String, String),
    /// Run a command, which says this.
    Run(String, String),
}

/// A tutorial as it stands in a text.
pub struct Tutorial(Vec<Step>);

impl Tutorial {
    /// The section of Markdown below the heading `## part` and the heading `### section` in it.
    ///
    /// A block of `console` has commands after `$ ` and what they say. Every other block is a file: the paragraph before it names
    /// it last, in back quotes, and ends with a colon.
    ///
    /// # Panics
    /// Where there is no such section, or a block does not say which file it is.
    pub fn of(text: &str, part: &str, section: &str) -> Self {
        let text = below(&below(text, "## ", part), "### ", section);
        let (mut steps, mut before) = (Vec::new(), "");
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(language) = line.strip_prefix("```") else {
                before = if line.is_empty() { before } else { line };
                continue;
            };
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if language == "console" {
                steps.extend(commands(&block));
            } else {
                let path = before.strip_suffix("`:").and_then(|before| before.rsplit('`').next());
                let path = path.unwrap_or_else(|| panic!("which file is the block after {before:?}?"));
                steps.push(Step::Write(path.to_owned(), block.join("\n") + "\n"));
            }
        }
        Self(steps)
    }

    /// Does all of it, beginning in this folder; `prepare` sets up the shell of each command. Gives the number of commands.
    ///
    /// # Panics
    /// Where a command says something else than the tutorial shows; durations and shares of time may differ.
    pub fn follow(&self, folder: &Path, prepare: impl Fn(&mut Command)) -> usize {
        let (mut here, mut run, mut wrong) = (folder.to_owned(), 0, String::new());
        for step in &self.0 {
            match step {
                Step::Write(path, text) => std::fs::write(here.join(path), text).expect("the file can be written"),
                Step::Run(command, expected) => {
                    let (seen, there) = said(command, &here, &prepare);
                    if timeless(&seen) != timeless(expected) {
                        wrong.extend(["$ ", command, "\n", &seen, "\n"]);
                    }
                    (here, run) = (there, run + 1);
                }
            }
        }
        assert!(wrong.is_empty(), "these commands say something else than the manual shows:\n\n{wrong}");
        run
    }
}

/// The lines below a heading, to the next one of the same level that is not in a block.
fn below(text: &str, level: &str, heading: &str) -> String {
    let (mut found, mut block, mut kept) = (false, false, String::new());
    for line in text.lines() {
        block ^= line.starts_with("```");
        match line.strip_prefix(level).filter(|_| !block) {
            Some(other) if found => {
                assert_ne!(other, heading, "two headings are the same");
                break;
            }
            Some(other) => found = other == heading,
            None if found => kept.extend([line, "\n"]),
            None => {}
        }
    }
    assert!(found, "there is no heading {level}{heading}");
    kept
}

fn commands(block: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step::Run(command.to_owned(), String::new())),
            (None, Some(Step::Run(_, expected))) => expected.extend([*line, "\n"]),
            (None, _) => panic!("no command says {line:?}"),
        }
    }
    steps
}

/// What a command says in this folder, on standard output and standard error, and the folder in which it leaves the shell.
fn said(command: &str, here: &Path, prepare: impl Fn(&mut Command)) -> (String, PathBuf) {
    let place = tempfile::NamedTempFile::new().expect("a temporary file");
    let mut shell = Command::new("bash");
    shell.current_dir(here).arg("-c").arg(format!("exec 2>&1\n{command}\npwd > \"$PLACE\"")).env("PLACE", place.path());
    prepare(&mut shell);
    let output = shell.output().expect("bash starts");
    let there = std::fs::read_to_string(place.path()).expect("the shell says where it is");
    (String::from_utf8(output.stdout).expect("it says UTF-8"), there.trim_end_matches('\n').into())
}

/// A text without how long something took: durations and percentages, and the white space that lines them up.
fn timeless(text: &str) -> String {
    let word = |word: &str| {
        let number = word.trim_end_matches("ms").trim_end_matches(['s', '%']).trim_end_matches('.');
        let time = number.contains('.') || word.ends_with('%');
        if time && number.parse::<f64>().is_ok() { "#".to_owned() } else { word.to_owned() }
    };
    let line = |line: &str| line.split_whitespace().map(word).collect::<Vec<_>>().join(" ");
    text.trim_end().lines().map(line).collect::<Vec<_>>().join("\n")
}
