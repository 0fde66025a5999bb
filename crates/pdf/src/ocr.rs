//! Recognizing the text of pages that are pictures, by the program `tesseract`.
//!
//! The program is given a grey picture of a page and answers with words, their places, and how sure it is of each. They become words of the
//! page like drawn ones, so that the layout tells columns, paragraphs and headings of scans too. The program is looked for and asked for
//! its version and languages once, when the pipeline is built.

mod hocr;
mod lines;
mod process;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use docmill_core::{BuildContext, OptionError, ReadError};

use crate::page::{Directed, Page};
use crate::source::Picture;

/// The longest that the program may take to say its version and its languages.
const MOMENT: Duration = Duration::from_secs(20);
/// Most bytes of an answer: a page full of small print has two megabytes.
const LONGEST: u64 = 64 << 20;
/// The data by which the program tells how a page is turned.
const TURNS: &str = "osd";

/// The program, found and asked.
#[derive(Debug, Clone)]
pub(crate) struct Recognizer {
    program: PathBuf,
    /// Such as `tesseract 5.3.0`.
    version: String,
    language: String,
    /// Pixels an inch of the pictures that it is given.
    dpi: u32,
    /// Whether it can tell how a page is turned.
    turns: bool,
    /// The longest that it may take for a page.
    time: Duration,
}

/// What was recognized on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Recognized {
    pub(crate) words: usize,
    /// How many of the words it was not sure of.
    pub(crate) unsure: usize,
}

impl Recognizer {
    /// Finds the program among those that can be called by their names; `None` where it is not installed. What it depends on is told to
    /// the context, so that what was read without it, or with another version, is not taken for what it reads now.
    pub(crate) fn find(language: &str, dpi: u32, cx: &BuildContext) -> Result<Option<Self>, OptionError> {
        let Some(program) = installed("tesseract") else { return Ok(None) };
        let ask = |question: &str| {
            let answer = process::run(Command::new(&program).arg(question), Vec::new(), MOMENT, LONGEST);
            let answer = answer.map_err(|failure| {
                OptionError::new("/ocr", format!("{} {question} {failure}", program.display()))
                    .with_help("`ocr: never` reads without it".to_owned())
            })?;
            Ok::<String, OptionError>(String::from_utf8_lossy(&answer).into_owned())
        };
        let (version, listed) = (ask("--version")?, ask("--list-langs")?);
        let mut listed = listed.lines();
        let folder = listed.next().and_then(|line| line.split('"').nth(1)).map(PathBuf::from);
        let languages: Vec<&str> = listed.map(str::trim).filter(|language| !language.is_empty()).collect();
        if let Some(missing) = language.split('+').find(|language| !languages.contains(language)) {
            let has = languages.join(", ");
            let help = format!("install its data, such as the Debian package tesseract-ocr-{missing}");
            return Err(OptionError::new("/language", format!("tesseract has no data for {missing:?}; it has {has}"))
                .with_help(help));
        }
        let turns = languages.contains(&TURNS);
        // What cannot be looked at is none of what results depend on: the program itself was asked and answered.
        let _ = cx.look_at(&program);
        for data in language.split('+').chain(turns.then_some(TURNS)) {
            let _ = folder.as_deref().map(|folder: &Path| cx.look_at(&folder.join(format!("{data}.traineddata"))));
        }
        let version = version.lines().next().unwrap_or("tesseract").trim().to_owned();
        Ok(Some(Self { program, version, language: language.to_owned(), dpi, turns, time: cx.limits.time.0 }))
    }

    /// Its name and version.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Pixels an inch of the pictures that it wants.
    pub(crate) fn dpi(&self) -> u32 {
        self.dpi
    }

    /// Adds to a page the words that are seen in its picture.
    pub(crate) fn read(&self, picture: &Picture, page: &mut Page) -> Result<(), ReadError> {
        let mut command = Command::new(&self.program);
        command.args(["stdin", "stdout", "-l", &self.language, "--dpi", &picture.dpi().to_string()]);
        command.args(["--psm", if self.turns { "1" } else { "3" }, "-c", "tessedit_create_hocr=1"]);
        let said = process::run(&mut command, picture.pgm(), self.time, LONGEST)
            .map_err(|failure| ReadError::Died(format!("{} {failure} on page {}", self.version, page.number)))?;
        let mut found = Recognized::default();
        for (direction, line) in lines::lines(&hocr::parse(&String::from_utf8_lossy(&said)), picture, &mut found) {
            match page.texts.iter_mut().find(|text| text.direction == direction) {
                Some(text) => text.words.extend(line),
                None => page.texts.push(Directed {
                    direction,
                    height: direction.upright_size(picture.width_in_points(), picture.height_in_points()).1,
                    words: line,
                    rules: Vec::new(),
                }),
            }
        }
        page.texts.sort_by_key(|text| std::cmp::Reverse(text.words.len()));
        page.recognized = Some(found);
        Ok(())
    }
}

/// Where a program is that is called by its name.
fn installed(name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(&name)).find(|path| path.is_file())
}
