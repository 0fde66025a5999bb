//! Finds where sentences end.
//!
//! A question or exclamation mark, a full stop or an ellipsis may end one. Whether it does is told by the word before it (an
//! abbreviation, an initial, an ordinal), the closing quotes and brackets after it, and the next word: in lower case it goes
//! on, with a stop word in upper case (`The`, `He`) it most likely begins anew.
//!
//! Items that count up, lines that end early and empty lines are borders too; a quotation in single quotes within a sentence
//! has none.

mod enumeration;
mod lines;
mod quotation;

use docmill_core::ByteSpan;

use crate::abbreviation::{Follows, follows, is_month_after_ordinal};
use crate::lexicon::Lexicon;
use crate::{Term, Token, TokenKind};
use lines::Lines;

/// Longest parenthesis after a full stop that is still taken as a citation of the sentence before it, in tokens.
const LONGEST_CITATION: usize = 48;

/// The end of each sentence as an index into `tokens`, exclusive; the last is `tokens.len()`, also where that is 0.
///
/// `text` is the document's text, `terms` the terms that the tokens name.
pub(crate) fn ends(text: &str, tokens: &[Token], terms: &[Term], lexicon: &Lexicon) -> Vec<usize> {
    let lines = Lines::of(text, tokens);
    Splitter { text, tokens, terms, lexicon, lines }.ends()
}

/// What a token is to the end of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Terminator {
    /// `.`, or an abbreviation that holds its own.
    FullStop,
    /// `...` or `…`.
    Ellipsis,
    /// `!`, `?` and their like, where white space and a capital show that it ends.
    Mark,
    /// `。` and its like, which end a sentence of a script that has no capitals.
    Ideographic,
}

struct Splitter<'a> {
    text: &'a str,
    tokens: &'a [Token],
    terms: &'a [Term],
    lexicon: &'a Lexicon,
    /// The lines of the text, where it has several.
    lines: Option<Lines>,
}

impl Splitter<'_> {
    fn ends(&self) -> Vec<usize> {
        let mut items = enumeration::items(self.text, self.tokens).into_iter().peekable();
        let mut quotations = quotation::within_sentences(self.text, self.tokens).into_iter().peekable();
        let mut ends = Vec::new();
        let mut start = 0;
        let mut at = 0;
        while at < self.tokens.len() {
            let mut end = at + 1;
            // The number of an item belongs to what follows it.
            let item = items.next_if(|item| item.start <= at);
            while quotations.next_if(|quotation| quotation.end <= at).is_some() {}
            let is_end = match self.terminator(at) {
                Some(terminator) if item.is_none() => {
                    end = self.after_closers(end);
                    let quoted = quotations.peek().is_some_and(|quotation| quotation.start < at && end < quotation.end);
                    !quoted && self.is_end(terminator, start, at, end)
                }
                Some(_) | None => false,
            };
            if is_end {
                end = self.after_citation(end);
            }
            if let Some(item) = item {
                end = end.max(item.end);
            }
            let is_border =
                self.is_blank_line(end) || items.peek().is_some_and(|item| item.start == end) || self.is_line_end(end);
            // What holds no word is no sentence: a row of marks goes with the sentence before it.
            if is_end || is_border {
                if self.has_word(start, end) || ends.is_empty() {
                    ends.push(end);
                } else if let Some(last) = ends.last_mut() {
                    *last = end;
                }
                start = end;
            }
            at = end;
        }
        match ends.last_mut() {
            Some(last) if !self.has_word(start, self.tokens.len()) => *last = self.tokens.len(),
            _ => ends.push(self.tokens.len()),
        }
        ends
    }

    fn has_word(&self, start: usize, end: usize) -> bool {
        self.tokens[start..end].iter().any(|token| token.kind.is_wordlike())
    }

    fn span(&self, at: usize) -> ByteSpan {
        self.tokens[at].span
    }

    fn written(&self, at: usize) -> &str {
        self.span(at).of(self.text).unwrap_or_default()
    }

    fn term(&self, at: usize) -> &Term {
        &self.terms[self.tokens[at].term.index()]
    }

    fn terminator(&self, at: usize) -> Option<Terminator> {
        let token = self.tokens[at];
        let bytes = &self.text.as_bytes()[token.span.start..token.span.end];
        match (token.kind, bytes) {
            (TokenKind::Word, [.., b'.']) | (TokenKind::Punctuation, b".") => Some(Terminator::FullStop),
            (TokenKind::Punctuation, [b'.', ..]) => Some(Terminator::Ellipsis),
            (TokenKind::Punctuation, [b'!' | b'?', ..]) => Some(Terminator::Mark),
            (TokenKind::Punctuation, [0x80..=0xFF, ..]) => match self.written(at) {
                "…" | "‥" => Some(Terminator::Ellipsis),
                "‼" | "⁇" | "⁈" | "⁉" | "؟" | "।" | "॥" | "۔" | "։" | "።" | "፧" | "\u{104B}" | "\u{17D4}" => {
                    Some(Terminator::Mark)
                }
                "。" | "！" | "？" | "．" | "｡" => Some(Terminator::Ideographic),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether white space stands before the token.
    fn gap(&self, at: usize) -> bool {
        at > 0 && at < self.tokens.len() && self.span(at - 1).end < self.span(at).start
    }

    /// Whether an empty line stands before the token: a border even within a block.
    fn is_blank_line(&self, at: usize) -> bool {
        if !self.gap(at) || self.span(at - 1).end + 1 == self.span(at).start {
            return false;
        }
        let between = &self.text.as_bytes()[self.span(at - 1).end..self.span(at).start];
        memchr::memchr_iter(b'\n', between).nth(1).is_some()
    }

    /// Whether the line before the token was ended by the writer.
    fn is_line_end(&self, at: usize) -> bool {
        let Some(lines) = &self.lines else { return false };
        self.gap(at) && lines.part(self.text, self.tokens[at - 1], self.tokens[at], self.opens(at))
    }

    /// Skips further marks, closing quotes and brackets that stand right after a terminator, and note numbers in brackets.
    fn after_closers(&self, mut at: usize) -> usize {
        while at < self.tokens.len() {
            let written = self.written(at);
            let closes = if self.gap(at) {
                // French sets its closing quotes apart; a German `»` opens, and stands before a word without a space.
                written == "»" && (at + 1 == self.tokens.len() || self.gap(at + 1))
            } else {
                matches!(
                    written,
                    "\"" | "'"
                        | "”"
                        | "’"
                        | "“"
                        | "»"
                        | "«"
                        | "›"
                        | ")"
                        | "]"
                        | "}"
                        | "」"
                        | "』"
                        | "）"
                        | "】"
                        | "》"
                        | "〉"
                        | "*"
                ) || self.terminator(at).is_some() && !self.tokens[at].kind.is_wordlike()
            };
            if closes {
                at += 1;
            } else if let Some(end) = self.after_note(at).or_else(|| self.after_raised_note(at)) {
                at = end;
            } else {
                return at;
            }
        }
        at
    }

    /// The end of a note number in brackets, such as `[12]` or `[3, 4]`.
    fn after_note(&self, open: usize) -> Option<usize> {
        if self.written(open) != "[" || self.tokens.get(open + 1)?.kind != TokenKind::Number {
            return None;
        }
        let close = (open + 2..(open + 9).min(self.tokens.len())).find(|at| self.written(*at) == "]")?;
        let numbers = self.tokens[open + 1..close].iter().all(|token| token.kind != TokenKind::Word);
        numbers.then_some(close + 1)
    }

    /// The end of a note number that was raised in print: `(1987).1 According to`, `at sea.12 The`.
    fn after_raised_note(&self, at: usize) -> Option<usize> {
        let is_number = self.tokens[at].kind == TokenKind::Number
            && self.span(at).len() <= 2
            && self.written(at).bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || self.gap(at) || at < 2 || self.written(at - 1) != "." || self.gap(at - 1) || !self.gap(at + 1)
        {
            return None;
        }
        let before = self.written(at - 2);
        let whole = matches!(before, ")" | "]" | "”" | "\"")
            || before.len() > 3 && before.bytes().all(|byte| byte.is_ascii_lowercase()) && follows(before).is_none();
        (whole && self.opens(at + 1) && self.tokens[at + 1].kind != TokenKind::Number).then_some(at + 1)
    }

    /// Skips a parenthesis after the end of a sentence that cites its source: it holds a number and no sentence of its own.
    fn after_citation(&self, at: usize) -> usize {
        if at >= self.tokens.len() || self.written(at) != "(" {
            return at;
        }
        let reach = (at + LONGEST_CITATION).min(self.tokens.len());
        let Some(close) = (at + 1..reach).find(|inner| self.written(*inner) == ")") else { return at };
        let cites = self.tokens[at + 1..close].iter().any(|token| token.kind == TokenKind::Number)
            && self.terminator(close - 1).is_none();
        let after = self.after_closers(close + 1);
        if cites && (after == self.tokens.len() || self.gap(after) && self.opens(after)) { after } else { at }
    }

    /// Whether a sentence ends with the terminator at `at`, of the sentence that began at `start`, where `next` is the token
    /// after the terminator and its closers.
    fn is_end(&self, terminator: Terminator, start: usize, at: usize, next: usize) -> bool {
        if next >= self.tokens.len() {
            return true;
        }
        let closed = next > at + 1;
        if terminator == Terminator::Ideographic {
            // `「…。」と言った` goes on after the quotation.
            return !(closed && self.written(next).starts_with(['と', 'っ', 'は', 'を', 'が', 'の', 'に']));
        }
        if !self.gap(next) {
            return self.misses_space(at, next);
        }
        match terminator {
            // A parenthesis after an exclamation in quotes explains it: `‘Off!’ (So he thought.)`
            Terminator::Mark if closed && self.written(next) == "(" => false,
            Terminator::Mark => self.opens(next) || !closed && !self.is_exclaiming_name(at),
            Terminator::Ellipsis => self.opens(next) && self.terminator(next).is_none(),
            Terminator::FullStop => self.full_stop_ends(start, at, next, closed),
            Terminator::Ideographic => true,
        }
    }

    fn full_stop_ends(&self, start: usize, at: usize, next: usize, closed: bool) -> bool {
        // `. . .`: only the last may end.
        if self.terminator(next).is_some() && !self.tokens[next].kind.is_wordlike() {
            return false;
        }
        if !self.opens(next) {
            return !closed && self.goes_without_capitals(at, next);
        }
        let inner = self.tokens[at].kind == TokenKind::Word;
        let word = match (inner, at.checked_sub(1)) {
            (true, _) => at,
            (false, Some(before)) if before >= start && !self.gap(at) => before,
            (false, _) => return true,
        };
        let starter = self.starts_sentence(next);
        if inner {
            return self.dotted_abbreviation_ends(word, next, starter);
        }
        if self.tokens[word].kind == TokenKind::Number {
            return closed || self.number_ends(start, word, next, starter);
        }
        if self.tokens[word].kind != TokenKind::Word || closed {
            // `N°. 5`
            return self.written(word) != "°" || !self.number_follows(next);
        }
        // `d. The other things`: a letter that counts is no sentence.
        if word == start
            && self.written(word).bytes().all(|byte| byte.is_ascii_lowercase())
            && self.span(word).len() == 1
        {
            return false;
        }
        if self.is_initial(word) {
            return starter && !self.is_after_initial_or_title(word);
        }
        // `no`, `art`, `fig` and the like are words too: a number decides.
        match follows(&self.term(word).text) {
            None => true,
            Some(Follows::More) => false,
            Some(Follows::Number) => !self.number_follows(next),
            Some(Follows::Either) => starter,
        }
    }

    /// Whether the mark belongs to a name: `Yahoo! announced`.
    fn is_exclaiming_name(&self, at: usize) -> bool {
        let name = at.checked_sub(1).filter(|_| self.written(at) == "!" && !self.gap(at));
        name.is_some_and(|name| self.written(name).starts_with(char::is_uppercase))
    }

    /// Whether the writer begins sentences in lower case: after a whole word, in a text whose abbreviations are known well.
    fn goes_without_capitals(&self, at: usize, next: usize) -> bool {
        let Some(word) = at.checked_sub(1).filter(|_| !self.gap(at)) else { return false };
        if !self.lexicon.english || self.tokens[at].kind == TokenKind::Word || self.tokens[word].kind != TokenKind::Word
        {
            return false;
        }
        let written = self.written(word);
        written.len() > 3
            && written.bytes().all(|byte| byte.is_ascii_lowercase())
            && written.bytes().any(|byte| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
            && follows(&self.term(word).text).is_none()
            && self.tokens[next].kind == TokenKind::Word
    }

    /// Whether the word with its own full stops ends the sentence too.
    fn dotted_abbreviation_ends(&self, word: usize, next: usize, starter: bool) -> bool {
        let text = &*self.term(word).text;
        if matches!(
            text,
            "e.g." | "i.e." | "z.b." | "d.h." | "u.a." | "m.a.w." | "p.ej." | "p.ex." | "t.ex." | "d.v.s." | "bl.a."
        ) {
            return false;
        }
        // A time is seldom followed by a name that belongs to it, but by a time zone or a day.
        let time = matches!(text, "a.m." | "p.m.") && self.tokens[next].kind == TokenKind::Word;
        starter || time && !self.is_short_upper(next) && !is_weekday(&self.term(next).text)
    }

    fn is_short_upper(&self, at: usize) -> bool {
        let written = self.written(at);
        written.len() <= 4 && written.len() > 1 && written.bytes().all(|byte| byte.is_ascii_uppercase())
    }

    /// Whether a sentence ends after a number and a full stop: not where it counts an item or is an ordinal.
    fn number_ends(&self, start: usize, word: usize, next: usize, starter: bool) -> bool {
        // `2. New findings`: the number is all of the sentence so far.
        if word - start < 4 && !self.tokens[start..word].iter().any(|token| token.kind.is_wordlike()) {
            return false;
        }
        if self.lexicon.dotted_ordinals && self.span(word).len() <= 2 {
            return starter && !is_month_after_ordinal(&self.term(next).text);
        }
        true
    }

    /// Whether the word is one capital letter: `J.` of `J. Smith`.
    fn is_initial(&self, word: usize) -> bool {
        let mut letters = self.written(word).chars();
        matches!((letters.next(), letters.next()), (Some(letter), None) if letter.is_uppercase())
    }

    fn is_after_initial_or_title(&self, word: usize) -> bool {
        let Some(before) = word.checked_sub(2).filter(|_| self.written(word - 1) == ".") else { return false };
        self.is_initial(before) || follows(&self.term(before).text) == Some(Follows::More)
    }

    /// Whether a number, a Roman one or a letter that counts follows.
    fn number_follows(&self, next: usize) -> bool {
        let at = self.first_word(next);
        self.tokens[at].kind == TokenKind::Number
            || self.tokens[at].kind == TokenKind::Word && is_roman(self.written(at))
            || self.is_initial(at) && self.written(at) != "I" && self.written(at) != "A"
    }

    /// Whether a sentence can begin here: with no lower-case letter.
    fn opens(&self, next: usize) -> bool {
        let first = self.first_word(next);
        let Some(letter) = self.written(first).chars().next() else { return true };
        !letter.is_lowercase()
    }

    /// Whether the next word often begins a sentence: a stop word or a title, with a capital.
    fn starts_sentence(&self, next: usize) -> bool {
        let first = self.first_word(next);
        // A quotation or a parenthesis begins here.
        if first > next && matches!(self.written(next), "“" | "\"" | "„" | "«" | "¿" | "¡") {
            return true;
        }
        let text = &*self.term(first).text;
        let before_full_stop = first + 1 < self.tokens.len() && self.written(first + 1) == "." && !self.gap(first + 1);
        if text.len() == 1 && before_full_stop {
            return false;
        }
        self.tokens[first].kind == TokenKind::Word
            && (self.term(first).stop_word || before_full_stop && follows(text) == Some(Follows::More))
    }

    /// The first token from `at` on that is no opening quote, bracket, dash or bullet; `at` where the text ends with those.
    fn first_word(&self, at: usize) -> usize {
        let reach = (at + 4).min(self.tokens.len());
        (at..reach).find(|index| self.tokens[*index].kind.is_wordlike()).unwrap_or(at)
    }

    /// Whether a sentence ends although no space follows: `left.They came`, `Really?Yes`.
    fn misses_space(&self, at: usize, next: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        if next != at + 1
            || self.gap(at)
            || self.tokens[before].kind != TokenKind::Word
            || self.tokens[next].kind != TokenKind::Word
        {
            return false;
        }
        let ends_lower = self.written(before).chars().rev().take(2).filter(|letter| letter.is_lowercase()).count() == 2;
        let mut letters = self.written(next).chars();
        let begins_upper =
            letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase);
        let after_address =
            before > 0 && !self.gap(before) && matches!(self.written(before - 1), "/" | "@" | "=" | "." | "&");
        let goes_on =
            next + 1 < self.tokens.len() && !self.gap(next + 1) && matches!(self.written(next + 1), "@" | "/");
        ends_lower && begins_upper && !after_address && !goes_on
    }
}

fn is_roman(word: &str) -> bool {
    word.len() <= 6 && word != "I" && word.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X' | b'L' | b'C'))
}

fn is_weekday(word: &str) -> bool {
    matches!(word, "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")
}

#[cfg(test)]
mod tests {
    use docmill_core::{Block, BlockKind, Document};

    use crate::analysis;

    /// Checks that a text in a language is split where `|` stands.
    fn check_in(language: &str, marked: &str) {
        let mut doc = Document::from_text("note.txt", &marked.replace('|', ""));
        doc.set_language(language);
        let analysis = analysis(&doc);
        let found: Vec<&str> =
            analysis.sentences().iter().filter_map(|sentence| sentence.span.of(doc.text())).collect();
        let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
        assert_eq!(found, expected);
    }

    fn check(marked: &str) {
        check_in("en", marked);
    }

    #[test]
    fn titles_belong_to_the_name_after_them() {
        check(
            "Judge R. T. Adeyemi heard Mr. Voss, Mrs. Hale-Byrne and Dr. Quill. |Prof. Ines Marlow spoke for Lt. Dane.",
        );
        check(
            "The clerk of St. Edmund’s Quay met Ms. June Aldous Jr.—she shares a name with her aunt—on Monday. |Nobody spoke.",
        );
    }

    #[test]
    fn initials_do_not_end_a_sentence() {
        check("It was signed by J. R. Okoro and by E. Lund. |Both were there.");
        check("Did Albert I. Jones come? |We chose plan B. |It failed.");
    }

    #[test]
    fn a_company_ends_a_sentence_where_a_new_one_begins() {
        check("Warrants went to Halden Foods Inc. of Portland, Ore., and to Bianchi S.p.A. |Each was paid in full.");
        check("It belongs to Crane & Daughters Ltd. |The sum was large.");
        check("They met Mill Bros. Shipping Co. Wednesday at noon.");
    }

    #[test]
    fn numbers_and_dates_hold_their_full_stops() {
        check("See Warehouse No. 5, Fig. 3 and pp. 12 to 14. |It cost $7.8 million on Feb. 19, 2017. |All agreed.");
        check("From March to Dec. 2016, i.e., in nine months, it fell by 3.5 percent, e.g. in the north.");
        check("The count was 600. |How many were left? |None!");
        check("2. New findings of the year.");
    }

    #[test]
    fn times_end_a_sentence_before_a_name_but_not_before_a_zone() {
        check("It opens at 9:30 a.m. |Mr. Voss will come. |It closed at 4:15 p.m., after the vote.");
        check("It opens at 9 a.m. EST on weekdays, and at 10 a.m. Sunday.");
    }

    #[test]
    fn dotted_abbreviations_end_a_sentence_before_a_stop_word_only() {
        check("A suit is pending in a U.S. federal court. |He lives in the U.S. |The U.S. Senate voted.");
    }

    #[test]
    fn closing_quotes_and_brackets_go_with_their_sentence() {
        check("“They were polite.” |“Then they rang their lawyers.” |He said “no.” |Nobody laughed.");
        check("“Was it you?” she asked. |(It was not.) |He had lent it (he said so at once.) to a friend.");
        check("She said, “Wait!” and left.");
    }

    #[test]
    fn citations_and_notes_go_with_the_sentence_before_them() {
        check("Trade fell by half (Coast Wire, March 14; Ministry, 2014). |Ports closed.");
        check("Trade fell by half. (Coast Wire, March 14, 2014) |Ports closed.[3] |Ships waited. [4, 5] |None left.");
    }

    #[test]
    fn ellipses_end_a_sentence_before_a_capital() {
        check("I never meant that... |She left. |I was ... well, late. |It was . . . odd.");
    }

    #[test]
    fn an_address_is_no_border() {
        check("Write to Jane.Doe@post.example or see www.post.example/Is.it?Yes before you go.");
        check("We left.|They stayed.");
    }

    #[test]
    fn german_ordinals_and_abbreviations_hold_their_full_stops() {
        check_in(
            "de",
            "Am 3. März kam Dr. Weiß mit z.B. fünf Kisten im 19. Jahrhundert an. |Er blieb bis 1912. |Es waren zwölf.",
        );
        check_in("de", "Das zahlt die Stadt, vgl. Seite 4, ca. 20 Euro. |„Das reicht.“ |Der Rat schwieg.");
    }

    #[test]
    fn items_that_count_up_are_sentences() {
        check(
            "There are three. |1. The first ship |2. The second ship |3. The crew’s boat |1. Another list |2. Its end",
        );
        check("a.) The harbor |b.) The quay");
        check("• 9. Cast off |• 10. Set sail");
        check("We read Chapter 1. |Nobody knew. |Then came Chapter 2. |It was long.");
        check("Take plan a. |Then take plan b. |The rest is easy.");
        check("There are two. |1. We read Chapter 2. |It was long. |2. Then we slept.");
        check("d. The other boats");
    }

    #[test]
    fn a_line_that_ends_early_is_a_border() {
        check("fishing boats\n|tugs\n|ferries");
        check(
            "Harbor Day Regatta\n|The council will meet at noon on the old quay, and all who own a boat are\ninvited to come. |Bring a hat.",
        );
        check("They had asked the old harbor master and\nJohn Quill to come to the quay at noon by\nPort Elm.");
        check("H\nA\nRB\nOR");
    }

    #[test]
    fn a_quotation_in_single_quotes_does_not_break_its_sentence() {
        check("She thought, ‘What a day! How the gulls cry! I could stay!’ (She could not.) |Then she left.");
        check("He recalled the old song: `The sea! The sea!' |Nobody sang.");
        check("‘It is late.’ |‘We know.’ |The boys’ boat, she said, was gone. |It was theirs.");
    }

    #[test]
    fn a_raised_note_number_goes_with_its_sentence() {
        check("The table is taken from the Coast Wire (1987).1 |According to it, ships waited outside.12 |None left.");
        check("It was signed by Mr.2 Quill.");
    }

    #[test]
    fn other_languages_have_their_own_marks() {
        check_in("es", "El Dr. Ruiz pagó 3.500 euros el 3 de marzo. |¿Quién más? |Nadie, dijo la Sra. Gil.");
        check_in(
            "pt",
            "O Sr. Lima chegou às 9h30. |Custou R$ 1.250,50! |Ninguém viu, disse a Dra. Reis. |“Já é tarde.” |Foi.",
        );
        check_in("fr", "Mme Roux arrive à 9 h. |Elle paie 3,5 millions. |« Tant mieux ! » dit-il.");
        check_in(
            "ru",
            "Он ушёл в 9 часов. |Кто это? |Г-н Орлов молчал… |Потом пришла А. П. Лунина. |«Поздно», — сказала она.",
        );
        check_in("zh", "港口关闭了。|为什么？|没有人知道！|船在外面等。");
        check_in("de", "Der Hafen kostet 3,5 Mio. Euro. |Das sagt Prof. Dr. Weiß. |„Wirklich?“ |Ja!");
        check_in("es", "¿Cómo fue? |¡Bien! |El Sr. Ruiz pagó.");
        check_in("fr", "« C’est fini. » |Il est parti à Paris. |M. Roux reste.");
        check_in("ja", "港は閉まった。|「もう遅い。」と彼は言った。|なぜか？|誰も知らない。");
        check_in("hi", "यह घर है। |वह वहाँ है।");
    }

    #[test]
    fn blocks_and_empty_lines_are_borders() {
        check("No mark at the end\n\n|and none here");
        let mut doc = Document::from_text("note.txt", "Dr. Quill left. Why? It rained. So what?");
        doc.set_blocks(vec![Block::new(BlockKind::Title, 0..20), Block::new(BlockKind::Paragraph, 21..40)]);
        let kinds: Vec<_> = analysis(&doc).sentences().iter().map(|sentence| (sentence.block, sentence.kind)).collect();
        let (title, prose) = ((Some(0), BlockKind::Title), (Some(1), BlockKind::Paragraph));
        assert_eq!(kinds, [title, prose, prose]);
    }

    #[test]
    fn a_row_of_marks_goes_with_the_sentence_before_it() {
        check("It ended there. * * * ...");
        check("It ended. ??? |Nobody knew.");
    }
}
