//! The text of a paragraph: runs, links, changes, fields, and what hangs on them.

use super::body::{Walk, alternative, is_placeholder};
use super::styles::switched_on;
use crate::field;
use crate::flow::{Item, Line};
use crate::symbol;
use crate::xml::Element;

/// What was gathered of a paragraph.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub(super) line: Line,
    /// What stands in the text boxes that hang on it.
    pub(super) boxes: Vec<Item>,
    pub(super) breaks_before: bool,
    pub(super) breaks_after: bool,
}

impl Walk<'_> {
    /// Gathers the runs in an element; `link` is where they lead.
    pub(super) fn inline(&mut self, holder: Element<'_>, link: Option<&str>, to: &mut Paragraph) {
        for child in holder.children() {
            match child.name() {
                "r" if child.prefix() == "m" => math(child, to),
                "r" => self.run(child, link, to),
                "hyperlink" => {
                    let relation = child.prefixed_attr("id").and_then(|id| self.relations.get(id));
                    let target = relation.filter(|relation| relation.external).map(|relation| relation.target.clone());
                    self.inline(child, target.as_deref().or(link), to);
                }
                "ins" | "moveTo" if !self.is_accepted() => {}
                "del" | "moveFrom" if self.is_accepted() => {}
                "fldSimple" => {
                    let instruction = child.attr("instr").unwrap_or_default();
                    if !field::is_page_number(instruction) {
                        self.inline(child, field::hyperlink(instruction).or(link), to);
                    }
                }
                "sdt" if is_placeholder(child) => {}
                "AlternateContent" => {
                    if let Some(choice) = alternative(child) {
                        self.inline(choice, link, to);
                    }
                }
                "oMathPara" | "oMath" => {
                    math(child, to);
                    to.line.push(" ", None);
                }
                "ins" | "moveTo" | "del" | "moveFrom" | "sdt" | "sdtContent" | "smartTag" | "customXml" | "dir"
                | "bdo" | "rubyBase" => self.inline(child, link, to),
                _ => {}
            }
        }
    }

    fn run(&mut self, run: Element<'_>, link: Option<&str>, to: &mut Paragraph) {
        let properties = run.child("rPr");
        let seen = self.look.options.hidden || !self.is_hidden(properties);
        let font = properties.and_then(|properties| properties.child("rFonts"));
        let font = font.and_then(|fonts| fonts.attr("ascii")).unwrap_or_default();
        self.run_content(run, font, link, seen, to);
    }

    fn is_hidden(&self, properties: Option<Element<'_>>) -> bool {
        let Some(properties) = properties else { return false };
        let style = properties.child("rStyle").and_then(|style| style.attr("val"));
        let own = properties.child("vanish").map(switched_on);
        own.unwrap_or_else(|| style.is_some_and(|style| self.look.styles.is_hidden(style)))
    }

    fn run_content(&mut self, run: Element<'_>, font: &str, link: Option<&str>, seen: bool, to: &mut Paragraph) {
        for child in run.children() {
            match child.name() {
                "fldChar" => self.fields.mark(child.attr("fldCharType").unwrap_or_default()),
                "instrText" | "delInstrText" => self.fields.instruct(&child.text()),
                "footnoteReference" => self.refer("footnote", child),
                "endnoteReference" => self.refer("endnote", child),
                "drawing" | "pict" | "object" => self.boxes(child, to),
                "AlternateContent" => {
                    if let Some(choice) = alternative(child) {
                        self.run_content(choice, font, link, seen, to);
                    }
                }
                _ if !seen || !self.fields.shows() => {}
                "br" if child.attr("type") == Some("page") => {
                    if to.line.is_blank() {
                        to.breaks_before = true;
                    } else {
                        to.breaks_after = true;
                    }
                }
                "ruby" => {
                    if let Some(base) = child.child("rubyBase") {
                        self.inline(base, link, to);
                    }
                }
                name => {
                    let text = run_text(name, child, font);
                    let link = link.or_else(|| self.fields.link());
                    to.line.push(&text, link);
                }
            }
        }
    }

    fn refer(&mut self, kind: &'static str, reference: Element<'_>) {
        if let Some(id) = reference.attr("id") {
            self.seen.push((kind, id.to_owned()));
        }
    }

    /// The text boxes in a drawing; those within others are found as these are read.
    fn boxes(&mut self, drawing: Element<'_>, to: &mut Paragraph) {
        let mut waiting = vec![drawing];
        while let Some(element) = waiting.pop() {
            match element.name() {
                "txbxContent" => {
                    let fields = std::mem::take(&mut self.fields);
                    to.boxes.extend(self.blocks(element));
                    self.fields = fields;
                }
                "AlternateContent" => waiting.extend(alternative(element)),
                _ => {
                    let from = waiting.len();
                    waiting.extend(element.children());
                    waiting[from..].reverse();
                }
            }
        }
    }
}

/// The text of a part of a run.
fn run_text(name: &str, element: Element<'_>, font: &str) -> String {
    match name {
        "t" | "delText" => symbol::of_text(font, &element.text()),
        "tab" | "ptab" => "\t".to_owned(),
        "br" | "cr" => "\n".to_owned(),
        "noBreakHyphen" => "\u{2011}".to_owned(),
        "sym" => {
            let code = element.attr("char").and_then(|code| u32::from_str_radix(code, 16).ok());
            symbol::of_code(element.attr("font").unwrap_or_default(), code.unwrap_or(0))
                .map(String::from)
                .unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The characters of an equation in a row.
fn math(element: Element<'_>, to: &mut Paragraph) {
    let text: String = element.descendants().filter(|found| found.name() == "t").map(Element::text).collect();
    to.line.push(&text, None);
}
