//! The walk through the tokens of an RTF file.

use docmill_core::Context;

use super::charset::Charset;
use super::destination::{Begins, Beside, Destination, begun_by};
use super::fonts::Fonts;
use super::lexer::{Lexer, Token};
use super::page::{Page, one_line};
use crate::field::Fields;
use crate::flow::{Item, Line};
use crate::properties::Properties;
use crate::symbol;

/// What holds within a group.
#[derive(Debug, Clone)]
struct Group {
    destination: Destination,
    font: i32,
    /// How many characters stand in for one of Unicode.
    stand_ins: usize,
    shown: Shown,
    opens: Opens,
}

/// Whether text is formatted as hidden, or marked as deleted.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    hidden: bool,
    deleted: bool,
}

/// What ends with a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opens {
    Nothing,
    Field,
    Page,
}

/// What was found in a file.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) items: Vec<Item>,
    pub(super) headers: Vec<Line>,
    pub(super) footers: Vec<Line>,
    pub(super) notes: Vec<Line>,
    pub(super) comments: Vec<Line>,
    pub(super) properties: Properties,
}

/// A walk through a file.
pub(super) struct Walk {
    reads_hidden: bool,
    depth: usize,
    groups: Vec<Group>,
    /// Groups that are open and too deep to be kept.
    beyond: usize,
    fonts: Fonts,
    fields: Fields,
    pages: Vec<Page>,
    found: Found,
    /// Bytes of a text that are not decoded yet.
    bytes: Vec<u8>,
    /// The first half of a character of Unicode.
    half: Option<u16>,
    /// Characters to skip, since they stand in for one of Unicode.
    skip: usize,
    /// The last token was `\*`, or a group began: a word now says what the group is for.
    starred: bool,
    fresh: bool,
    /// What is being declared: a style, a property or a moment.
    number: i32,
    outline: Option<usize>,
    words: String,
    moment: [i32; 5],
}

impl Walk {
    pub(super) fn new(reads_hidden: bool, cx: &Context) -> Self {
        let outermost = Group {
            destination: Destination::Text,
            font: -1,
            stand_ins: 1,
            shown: Shown::default(),
            opens: Opens::Nothing,
        };
        Self {
            reads_hidden,
            depth: cx.limits.depth.max(8),
            groups: vec![outermost],
            beyond: 0,
            fonts: Fonts::new(),
            fields: Fields::default(),
            pages: vec![Page::default()],
            found: Found::default(),
            bytes: Vec::new(),
            half: None,
            skip: 0,
            starred: false,
            fresh: false,
            number: 0,
            outline: None,
            words: String::new(),
            moment: [0; 5],
        }
    }

    /// Reads all tokens up to the end of the outermost group.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        let mut begun = false;
        for token in Lexer::new(bytes) {
            if begun && self.groups.len() == 1 {
                return;
            }
            begun |= token == Token::Open;
            self.token(token);
        }
    }

    /// Whether all groups were closed.
    pub(super) fn is_complete(&self) -> bool {
        self.groups.len() == 1
    }

    /// All that was found.
    pub(super) fn finish(mut self) -> Found {
        self.flush();
        while self.pages.len() > 1 {
            self.close_page();
        }
        if let Some(page) = self.pages.pop() {
            self.found.items = page.finish(&self.fonts);
        }
        self.found
    }

    fn group(&mut self) -> &mut Group {
        self.groups.last_mut().expect("the outermost group is never closed")
    }

    fn page(&mut self) -> &mut Page {
        self.pages.last_mut().expect("the text of the document is never closed")
    }

    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Byte(byte) | Token::Hex(byte) => {
                self.fresh = false;
                if self.skip > 0 {
                    self.skip -= 1;
                } else {
                    self.bytes.push(byte);
                }
                return;
            }
            // What was read so far is in the font and the group that end here.
            _ => self.flush(),
        }
        match token {
            Token::Open => self.open(),
            Token::Close => self.close(),
            Token::Symbol(b'*') => self.starred = true,
            Token::Symbol(symbol) => self.symbol(symbol),
            Token::Word(word, number) => self.word(word, number),
            Token::Byte(_) | Token::Hex(_) => {}
        }
        if !matches!(token, Token::Open | Token::Symbol(b'*')) {
            self.fresh = false;
            self.starred = false;
        }
    }

    fn open(&mut self) {
        self.skip = 0;
        self.fresh = true;
        self.starred = false;
        if self.groups.len() >= self.depth {
            self.beyond += 1;
            return;
        }
        let group = Group { opens: Opens::Nothing, ..self.group().clone() };
        self.groups.push(group);
    }

    fn close(&mut self) {
        self.skip = 0;
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        if self.groups.len() == 1 {
            return;
        }
        let Some(group) = self.groups.pop() else { return };
        match group.opens {
            Opens::Nothing => {}
            Opens::Field => self.fields.mark("end"),
            Opens::Page => self.close_page(),
        }
        self.declared(group.destination);
    }

    /// Keeps what a group declared.
    fn declared(&mut self, destination: Destination) {
        let words = std::mem::take(&mut self.words);
        match destination {
            Destination::Styles => {
                self.fonts.style(self.number, &words, self.outline.take());
                self.number = 0;
            }
            Destination::Property("authors") => self.found.properties.list("authors", &words, &[';']),
            Destination::Property("keywords") => self.found.properties.list("keywords", &words, &[',', ';']),
            Destination::Property(key) => self.found.properties.text(key, &words),
            Destination::Moment(key) => {
                let [year, month, day, hour, minute] = std::mem::take(&mut self.moment);
                if (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) {
                    let moment = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00");
                    self.found.properties.moment(key, &moment, key == "created");
                }
            }
            Destination::Text
            | Destination::Skip
            | Destination::Silent
            | Destination::Fonts
            | Destination::Instruction => self.words = words,
        }
    }

    fn close_page(&mut self) {
        let Some(page) = self.pages.pop() else { return };
        let beside = page.beside;
        let items = page.finish(&self.fonts);
        let list = match beside {
            Some(Beside::Header) => &mut self.found.headers,
            Some(Beside::Footer) => &mut self.found.footers,
            Some(Beside::Note) => &mut self.found.notes,
            Some(Beside::Comment) => &mut self.found.comments,
            Some(Beside::Box) | None => {
                self.page().hang(items);
                return;
            }
        };
        let line = one_line(&items);
        let is_running = matches!(beside, Some(Beside::Header | Beside::Footer));
        let text = line.text();
        let says = !is_running || text.chars().any(char::is_alphabetic);
        let repeats = is_running && list.iter().any(|known| known.text() == text);
        if says && !repeats {
            list.push(line);
        }
    }

    fn begin(&mut self, word: &str) -> bool {
        let destination = self.group().destination;
        let begins = begun_by(word);
        let opens = match (destination, begins) {
            (Destination::Skip, _) => word == "ud",
            (Destination::Silent, Some(Begins::Beside(beside))) => beside == Beside::Box,
            (_, begins) => begins.is_some(),
        };
        if word == "listtext" || word == "pntext" || word == "pn" {
            self.page().format.listed = true;
        }
        match begins.filter(|_| opens) {
            Some(Begins::Beside(beside)) => {
                self.pages.push(Page::beside(beside));
                let group = self.group();
                group.opens = Opens::Page;
                group.destination = Destination::Text;
            }
            Some(Begins::Destination(destination)) => {
                if word == "fldrslt" {
                    self.fields.mark("separate");
                }
                self.words.clear();
                self.group().destination = destination;
            }
            None if self.starred => self.group().destination = Destination::Skip,
            None => return false,
        }
        true
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        if (self.fresh || self.starred) && self.begin(word) {
            return;
        }
        let value = number.unwrap_or(0);
        let on = number != Some(0);
        match self.group().destination {
            Destination::Skip | Destination::Silent => return,
            Destination::Fonts if word != "f" && word != "u" => {
                let font = self.group().font;
                self.fonts.declare(font, word, value);
                return;
            }
            Destination::Styles if matches!(word, "s" | "outlinelevel") => {
                if word == "s" {
                    self.number = value;
                } else {
                    self.outline = usize::try_from(value).ok().filter(|level| *level < 9);
                }
                return;
            }
            Destination::Moment(_) => {
                if let Some(field) = ["yr", "mo", "dy", "hr", "min"].iter().position(|field| *field == word) {
                    self.moment[field] = value;
                }
                return;
            }
            _ => {}
        }
        match word {
            "ansicpg" => self.fonts.page = Charset::of_page(value),
            "mac" => self.fonts.page = Charset::of_page(10000),
            "pc" => self.fonts.page = Charset::of_page(437),
            "pca" => self.fonts.page = Charset::of_page(850),
            "f" => self.group().font = value,
            "uc" => self.group().stand_ins = usize::try_from(value).unwrap_or(1).min(16),
            "u" => self.unicode(value),
            "plain" => self.group().shown = Shown::default(),
            "v" => self.group().shown.hidden = on,
            "deleted" => self.group().shown.deleted = on,
            "field" => {
                self.group().opens = Opens::Field;
                self.fields.mark("begin");
            }
            _ if self.group().destination == Destination::Text => self.layout(word, value),
            _ => {}
        }
    }

    /// Words that place text.
    fn layout(&mut self, word: &str, value: i32) {
        let level = usize::try_from(value).ok();
        let fonts = &self.fonts;
        let Some(page) = self.pages.last_mut() else { return };
        match word {
            "par" | "sect" | "nestcell" => page.end_paragraph(fonts),
            "page" => page.end_page(fonts),
            "cell" => page.end_cell(fonts),
            "row" => page.end_row(),
            "pard" => page.format = super::page::Format::default(),
            "intbl" => page.format.in_table = true,
            "s" => page.format.style = value,
            "outlinelevel" => page.format.outline = level,
            "ls" => page.format.listed = value > 0,
            "ilvl" => page.format.level = level.unwrap_or(0),
            "line" | "lbr" => self.show("\n"),
            "tab" => self.show("\t"),
            "emdash" => self.show("—"),
            "endash" => self.show("–"),
            "bullet" => self.show("•"),
            "lquote" => self.show("‘"),
            "rquote" => self.show("’"),
            "ldblquote" => self.show("“"),
            "rdblquote" => self.show("”"),
            "emspace" | "enspace" | "qmspace" => self.show(" "),
            _ => {}
        }
    }

    fn symbol(&mut self, symbol: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        match symbol {
            b'~' => self.show("\u{a0}"),
            b'_' => self.show("\u{2011}"),
            b'{' => self.show("{"),
            b'}' => self.show("}"),
            b'\\' => self.show("\\"),
            _ => {}
        }
    }

    /// A character of Unicode by its number, or half of one.
    fn unicode(&mut self, value: i32) {
        self.skip = self.group().stand_ins;
        // Numbers above 32,767 are written as negative ones.
        let Ok(unit) = u16::try_from(value & 0xffff) else { return };
        let half = self.half.take();
        if (0xd800..0xdc00).contains(&unit) {
            self.half = Some(unit);
            return;
        }
        let units = half.into_iter().chain([unit]);
        let text: String = char::decode_utf16(units).filter_map(Result::ok).collect();
        self.show(&text);
    }

    /// Decodes the bytes that were gathered.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = self.group().font;
        // The name of a symbol font is no symbols.
        let charset = match self.group().destination {
            Destination::Fonts => self.fonts.page,
            _ => self.fonts.charset(font),
        };
        let text = charset.decode(&bytes).into_owned();
        self.show(&text);
    }

    /// Takes in text at this place.
    fn show(&mut self, text: &str) {
        let group = self.group().clone();
        match group.destination {
            Destination::Skip | Destination::Silent | Destination::Moment(_) => {}
            Destination::Fonts => self.fonts.name(group.font, text),
            Destination::Styles | Destination::Property(_) => self.words.push_str(text),
            Destination::Instruction => self.fields.instruct(text),
            Destination::Text => {
                if group.shown.deleted || (group.shown.hidden && !self.reads_hidden) || !self.fields.shows() {
                    return;
                }
                let text = symbol::of_text(self.fonts.name_of(group.font), text);
                if let Some(page) = self.pages.last_mut() {
                    page.push(&text, self.fields.link());
                }
            }
        }
    }
}
