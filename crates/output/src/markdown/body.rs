//! The text of a document as Markdown, block by block.

use docmill_core::{Block, BlockKind, ByteSpan, Cell, Document};

use super::escape::{fence, line, lines, one_line};

/// Deepest list and heading; Markdown has no deeper heading, and deeper lists are no use.
const DEEPEST: usize = 6;
/// A table may have this many places for each cell that it has: one with more is no table, and would not fit anywhere.
const PLACES_PER_CELL: usize = 64;

/// Writes title, summary and text.
pub(super) fn write(doc: &Document, title: Option<&str>, summary: Option<&str>, out: &mut String) {
    let mut body = Body { text: doc.text(), out, titled: title.is_some(), list: Vec::new() };
    if let Some(title) = title {
        body.heading(1, title);
    }
    if let Some(summary) = summary {
        body.quote(summary);
    }
    body.blocks(doc.blocks());
}

struct Body<'a> {
    text: &'a str,
    out: &'a mut String,
    titled: bool,
    /// How far the text of the open list items is indented, by depth; empty outside of a list.
    list: Vec<usize>,
}

impl<'a> Body<'a> {
    fn blocks(&mut self, blocks: &[Block]) {
        let mut written = 0;
        let mut title_written = false;
        for block in blocks {
            // Between blocks is white space, unless a stage lost a block: its text is not lost.
            self.paragraphs(self.slice(ByteSpan { start: written, end: block.span.start }));
            written = written.max(block.span.end);
            // The first title stands at the top already.
            if block.kind == BlockKind::Title && !std::mem::replace(&mut title_written, true) {
                continue;
            }
            self.block(block);
        }
        self.paragraphs(self.slice(ByteSpan { start: written, end: self.text.len() }));
    }

    fn slice(&self, span: ByteSpan) -> &'a str {
        span.of(self.text).unwrap_or_default()
    }

    fn block(&mut self, block: &Block) {
        let text = self.slice(block.span);
        match block.kind {
            BlockKind::Title => self.heading(1, text),
            BlockKind::Heading => {
                let level = usize::from(block.level.unwrap_or(1));
                self.heading(if self.titled { level.max(2) } else { level }, text);
            }
            BlockKind::ListItem => self.list_item(usize::from(block.level.unwrap_or(1)), text),
            BlockKind::Table if is_grid(&block.cells) => self.table(&block.cells),
            // Without cells, its columns are held by spaces.
            BlockKind::Table | BlockKind::Code => self.code(text),
            BlockKind::Caption => self.caption(text),
            BlockKind::Quote => self.quote(text),
            BlockKind::PageBreak => {
                self.paragraphs(text);
                self.begin_block();
                self.out.push_str("---\n");
            }
            BlockKind::Paragraph
            | BlockKind::Masthead
            | BlockKind::Byline
            | BlockKind::Dateline
            | BlockKind::Header
            | BlockKind::Footer => self.paragraph(text),
        }
    }

    /// An empty line after what stands before.
    fn begin_block(&mut self) {
        self.list.clear();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn heading(&mut self, level: usize, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.begin_block();
        self.out.extend(std::iter::repeat_n('#', level.clamp(1, DEEPEST)));
        self.out.push(' ');
        one_line(text, self.out);
        self.out.push('\n');
    }

    /// Text that may hold several paragraphs.
    fn paragraphs(&mut self, text: &str) {
        if !text.trim().is_empty() {
            text.split("\n\n").for_each(|part| self.paragraph(part));
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.lines_with("", text);
    }

    fn quote(&mut self, text: &str) {
        self.lines_with("> ", text);
    }

    fn lines_with(&mut self, prefix: &str, text: &str) {
        let mut lines = lines(text).peekable();
        if lines.peek().is_none() {
            return;
        }
        self.begin_block();
        for part in lines {
            self.out.push_str(prefix);
            line(part, self.out);
            self.out.push('\n');
        }
    }

    fn caption(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.begin_block();
        self.out.push('*');
        one_line(text, self.out);
        self.out.push_str("*\n");
    }

    fn code(&mut self, text: &str) {
        self.begin_block();
        let fence = fence(text);
        self.out.push_str(&fence);
        self.out.push('\n');
        self.out.push_str(text);
        if !text.ends_with('\n') {
            self.out.push('\n');
        }
        self.out.push_str(&fence);
        self.out.push('\n');
    }

    fn list_item(&mut self, depth: usize, text: &str) {
        let (marker, rest) = marker(text.trim());
        let mut lines = lines(rest);
        let Some(first) = lines.next() else { return };
        if self.list.is_empty() {
            self.begin_block();
        }
        // An item can be one deeper than the one before it: any more, and Markdown would take it for code.
        self.list.truncate(depth.clamp(1, DEEPEST) - 1);
        let indent = self.list.last().copied().unwrap_or(0);
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(marker);
        self.out.push(' ');
        line(first, self.out);
        self.out.push('\n');
        let inner = indent + marker.len() + 1;
        self.list.push(inner);
        for part in lines {
            self.out.extend(std::iter::repeat_n(' ', inner));
            line(part, self.out);
            self.out.push('\n');
        }
    }

    fn table(&mut self, cells: &[Cell]) {
        self.begin_block();
        let mut cells: Vec<&Cell> = cells.iter().collect();
        cells.sort_by_key(|cell| (cell.row, cell.column));
        let columns = width(cells.iter().copied());
        let first = cells.first().map_or(0, |cell| cell.row);
        let headed = cells.iter().any(|cell| cell.row == first && cell.header);
        if !headed {
            self.row(&[], columns);
            self.rule(columns);
        }
        for row in cells.chunk_by(|a, b| a.row == b.row) {
            self.row(row, columns);
            if headed && row[0].row == first {
                self.rule(columns);
            }
        }
    }

    fn row(&mut self, cells: &[&Cell], columns: usize) {
        let mut cells = cells.iter().peekable();
        self.out.push('|');
        for column in 0..columns {
            self.out.push(' ');
            while let Some(cell) = cells.next_if(|cell| cell.column as usize == column) {
                let mut text = String::new();
                one_line(self.slice(cell.span), &mut text);
                self.out.push_str(&text.replace('|', "\\|"));
                self.out.push(' ');
            }
            self.out.push('|');
        }
        self.out.push('\n');
    }

    fn rule(&mut self, columns: usize) {
        self.out.push('|');
        self.out.extend(std::iter::repeat_n(" --- |", columns));
        self.out.push('\n');
    }
}

/// How many columns the cells need.
fn width<'c>(cells: impl Iterator<Item = &'c Cell>) -> usize {
    cells.map(|cell| cell.column as usize + 1).max().unwrap_or(0)
}

/// Whether the cells fill a table well enough to be written as one.
fn is_grid(cells: &[Cell]) -> bool {
    // Rows without cells are not written: the distinct ones are at most as many as the cells.
    let mut rows: Vec<u32> = cells.iter().map(|cell| cell.row).collect();
    rows.sort_unstable();
    rows.dedup();
    let places = rows.len().saturating_mul(width(cells.iter()));
    !cells.is_empty() && places <= cells.len().saturating_mul(PLACES_PER_CELL)
}

/// The marker of a list item in Markdown, and the text without the marker that it has in the document.
fn marker(text: &str) -> (&str, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=9).contains(&digits) && text[digits..].starts_with(['.', ')']) {
        let (marker, rest) = text.split_at(digits + 1);
        if rest.starts_with(char::is_whitespace) {
            return (marker, rest.trim_start());
        }
    }
    let rest = text.strip_prefix(['•', '‣', '◦', '▪', '·', '*', '-', '–', '—', '+']);
    match rest.filter(|rest| rest.starts_with(char::is_whitespace)) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("-", text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser};

    use super::*;

    fn document(parts: &[(BlockKind, Option<u8>, &str)]) -> Document {
        let text = parts.iter().map(|(_, _, text)| *text).collect::<Vec<_>>().join("\n\n");
        let mut doc = Document::from_text("a", &text);
        let mut start = 0;
        let mut blocks = Vec::new();
        for &(kind, level, text) in parts {
            blocks.push(Block { level, ..Block::new(kind, start..start + text.len()) });
            start += text.len() + 2;
        }
        doc.set_blocks(blocks);
        doc
    }

    fn markdown(doc: &Document) -> String {
        let mut out = String::new();
        write(doc, doc.title(), None, &mut out);
        out
    }

    fn check(parts: &[(BlockKind, Option<u8>, &str)], expected: &str) {
        assert_eq!(markdown(&document(parts)), expected);
    }

    fn table(text: &str, cells: &[(u32, u32, bool, &str)]) -> String {
        let mut doc = Document::from_text("a", text);
        let cell = |&(row, column, header, word): &(u32, u32, bool, &str)| {
            let start = text.find(word).unwrap();
            Cell { row, column, header, span: (start..start + word.len()).into() }
        };
        doc.set_blocks(vec![Block::table(0..text.len(), cells.iter().map(cell).collect())]);
        markdown(&doc)
    }

    #[test]
    fn each_block_has_its_form() {
        check(
            &[
                (BlockKind::Masthead, None, "The Paper, No. 7"),
                (BlockKind::Title, None, "A *title*\nin two lines"),
                (BlockKind::Caption, None, "A photo.\nSource: us"),
                (BlockKind::Heading, Some(1), "One #"),
                (BlockKind::Paragraph, None, "First line\n- second line"),
                (BlockKind::Quote, None, "Said\n\n> twice"),
                (BlockKind::Heading, Some(9), "Deep"),
                (BlockKind::Code, None, "let a = \"```\";\n"),
                (BlockKind::PageBreak, None, ""),
                (BlockKind::Footer, None, "7"),
            ],
            "# A \\*title\\* in two lines\n\nThe Paper, No. 7\n\n*A photo. Source: us*\n\n## One \\#\n\nFirst line\n\
             \\- second line\n\n> Said\n> \\> twice\n\n###### Deep\n\n````\nlet a = \"```\";\n````\n\n---\n\n7\n",
        );
    }

    #[test]
    fn list_items_are_nested_by_depth_and_keep_their_numbers() {
        let item = BlockKind::ListItem;
        check(
            &[
                (item, Some(1), "• one\nmore"),
                (item, Some(2), "3. three"),
                (item, Some(5), "deep"),
                (item, Some(1), "-5 degrees"),
                (BlockKind::Paragraph, None, "text"),
                (item, Some(3), "2024 was good"),
            ],
            "- one\n  more\n  3. three\n     - deep\n- -5 degrees\n\ntext\n\n- 2024 was good\n",
        );
    }

    #[test]
    fn cells_become_a_pipe_table() {
        assert_eq!(
            table(
                "Port Ships Hull 12 a|b",
                &[
                    (0, 0, true, "Port"),
                    (0, 1, true, "Ships"),
                    (1, 0, false, "Hull"),
                    (1, 1, false, "12"),
                    (4, 1, false, "a|b")
                ]
            ),
            "| Port | Ships |\n| --- | --- |\n| Hull | 12 |\n| | a\\|b |\n"
        );
        assert_eq!(table("x y", &[(0, 0, false, "x"), (0, 1, false, "y")]), "| | |\n| --- | --- |\n| x | y |\n");
    }

    #[test]
    fn a_table_that_is_no_grid_is_written_as_it_stands() {
        assert_eq!(table("x  y", &[]), "```\nx  y\n```\n");
        assert_eq!(table("x  y", &[(0, u32::MAX, false, "y")]), "```\nx  y\n```\n");
    }

    #[test]
    fn text_that_no_block_covers_is_not_lost() {
        let mut doc = Document::from_text("a", "before\n\ninside\n\nafter");
        doc.set_blocks(vec![Block::new(BlockKind::Paragraph, 8..14)]);
        assert_eq!(markdown(&doc), "before\n\ninside\n\nafter\n");
        doc.set_blocks(Vec::new());
        assert_eq!(markdown(&doc), "before\n\ninside\n\nafter\n");
    }

    fn kinds() -> impl Strategy<Value = BlockKind> {
        use BlockKind::*;
        prop::sample::select(vec![
            Title, Heading, Paragraph, ListItem, Table, Caption, Quote, Code, Masthead, Byline, Dateline, Header,
            Footer,
        ])
    }

    proptest! {
        #[test]
        fn the_words_of_every_block_are_read_back(
            parts in prop::collection::vec((kinds(), prop::option::of(0_u8..9), "[-+*_#>=|:~`<&;\\[\\]().1ab•é \n]{0,14}"), 0..6),
        ) {
            let parts: Vec<_> = parts.iter().map(|(kind, level, text)| (*kind, *level, text.trim())).collect();
            let doc = document(&parts);
            let mut text = String::new();
            for event in Parser::new_ext(&markdown(&doc), Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
                if let Event::Text(part) | Event::Html(part) | Event::InlineHtml(part) | Event::Code(part) = event {
                    text.push_str(&part);
                }
            }
            // Markers of lists are in the mark-up; so letters are what must come back, the first title before all else.
            let letters = |text: &str| text.chars().filter(|c| "abé".contains(*c)).collect::<String>();
            let title = parts.iter().position(|(kind, _, _)| *kind == BlockKind::Title);
            let rest = parts.iter().enumerate().filter(|(index, _)| Some(*index) != title).map(|(_, part)| part.2);
            let expected: String = title.map(|index| parts[index].2).into_iter().chain(rest).collect();
            prop_assert_eq!(letters(&text), letters(&expected));
        }
    }
}
