//! Periods of history and parts of a year: `Q3 2017`, `first half of 2018`, `spring 2015`, `the nineties`, `XIXe siècle`.

use super::spelled::day_in_words;
use super::{CalendarDate, Read, Reader, year_at};
use crate::reading::{Period, Sense};

impl Reader<'_> {
    /// A part of a year: a quarter, a half, a season, a numbered month.
    pub(super) fn of_year(&self, at: usize) -> Option<Read> {
        if self.is_quarter(at) {
            let number = self.text.digits(at + 1)?.parse().ok()?;
            return self.quarter(number, at + 2);
        }
        if let Some(Sense::Period(Period::Season(_))) = self.text.sense(at) {
            let of = usize::from(self.text.is_word(at + 1, &["of", "de"]));
            let year = year_at(self.text, at + 1 + of).filter(|_| self.text.follows(at + 1))?;
            return Some(Read::date(at + 1 + of, CalendarDate::new(Some(year), None, None)?, 0.8));
        }
        let (number, last) = self.place(at)?;
        let next = last + 1;
        if !self.text.follows(next) {
            return None;
        }
        match self.text.sense(next)? {
            Sense::Period(Period::Quarter) if (1..=4).contains(&number) => self.quarter(number, next + 1),
            Sense::Period(Period::HalfYear) if number <= 2 => self.half_year(number, next + 1),
            Sense::Half if number <= 2 => {
                let of = self.text.is_word(next + 1, &["of"]);
                year_at(self.text, next + 2).filter(|_| of).and_then(|_| self.half_year(number, next + 1))
            }
            Sense::Period(Period::Month) if (1..=12).contains(&number) => {
                let of = self.text.is_word(next + 1, &["of", "de", "do"]);
                let year = year_at(self.text, next + 2).filter(|_| of)?;
                Some(Read::date(next + 2, CalendarDate::new(Some(year), Some(number), None)?, 1.0))
            }
            _ => None,
        }
    }

    /// A place in an order at `at`, with the index of its last lexeme: `first`, `3rd`, `1.`.
    fn place(&self, at: usize) -> Option<(i8, usize)> {
        if let Some(Sense::Ordinal(_)) = self.text.sense(at) {
            return day_in_words(self.text, at);
        }
        let number = self.text.digits(at).filter(|digits| digits.len() <= 2)?.parse().ok()?;
        let suffix = self.text.glued(at + 1)
            && (matches!(self.text.symbol(at + 1), Some('.' | 'º' | 'ª'))
                || self.text.is_word(at + 1, &["st", "nd", "rd", "th", "er", "ère", "e", "ème", "o"]));
        suffix.then_some((number, at + 1))
    }

    /// Whether the lexemes are a quarter such as `Q3`.
    pub(super) fn is_quarter(&self, at: usize) -> bool {
        matches!(self.text.word(at), Some("Q" | "q"))
            && self.text.glued(at + 1)
            && matches!(self.text.digits(at + 1), Some("1" | "2" | "3" | "4"))
    }

    /// The quarter with the year that may begin at the lexeme `next`.
    fn quarter(&self, number: i8, next: usize) -> Option<Read> {
        self.stretch(number * 3 - 2, number * 3, next)
    }

    fn half_year(&self, number: i8, next: usize) -> Option<Read> {
        self.stretch(number * 6 - 5, number * 6, next)
    }

    /// The months `first..=end` of the year that may begin at the lexeme `next`, or of the last such year.
    fn stretch(&self, first: i8, end: i8, next: usize) -> Option<Read> {
        let of = usize::from(
            self.text.is_word(next, &["of", "in", "de", "del", "do", "von"]) || self.text.symbol(next) == Some(','),
        );
        let stated = year_at(self.text, next + of).filter(|_| self.text.follows(next));
        let last = if stated.is_some() { next + of } else { next.checked_sub(1)? };
        let date = |month| CalendarDate::new(stated, Some(month), None);
        let (start, end) = (date(first)?, date(end)?);
        if stated.is_some() {
            return Some(Read::range(last, start, end, 1.0));
        }
        let start = start.last_before(self.reference?)?;
        Some(Read::range(last, start, end.in_year(start.year?)?, 0.8))
    }

    /// A decade or a century.
    pub(super) fn age_of_history(&self, at: usize) -> Option<Read> {
        self.century(at).or_else(|| self.named_decade(at)).or_else(|| self.numbered_decade(at))
    }

    /// `19th century`, `XIXe siècle`, `19. Jahrhundert`, `siglo XIX`.
    fn century(&self, at: usize) -> Option<Read> {
        let (number, last) = if self.text.phrase_of(at, Sense::Century) == Some(at) {
            (roman(self.text.word(at + 1)?)?, at + 1)
        } else {
            let roman = self.text.word(at).and_then(|word| {
                let numeral = word.trim_end_matches(['e', 'è', 'm']);
                Some((roman(numeral)?, at))
            });
            let (number, last) = roman.or_else(|| self.place(at))?;
            (number, self.text.phrase_of(last + 1, Sense::Century).filter(|_| self.text.follows(last + 1))?)
        };
        let before_christ = self.text.is_word(last + 1, &["BC", "BCE", "av", "avant", "v", "a", "antes"])
            && self.text.follows(last + 1);
        if before_christ || !(1..=21).contains(&number) || !self.text.follows(last) {
            return None;
        }
        let century = i16::from(number);
        let year = |year| CalendarDate::new(Some(year), None, None);
        Some(Read::range(last, year(century * 100 - 99)?, year(century * 100)?, 0.9))
    }

    /// `the nineties`, `années soixante`.
    fn named_decade(&self, at: usize) -> Option<Read> {
        let meant = |sense| if let Sense::Decade(tens) = sense { Some(tens) } else { None };
        let (tens, last) = self.text.phrase(at, meant)?;
        decade(1900 + i16::from(tens), last)
    }

    /// `années 1990`, `años 90`, `anos 90`, `1990er Jahre`, `90er`.
    fn numbered_decade(&self, at: usize) -> Option<Read> {
        let (number, last) = if self.text.is_word(at, &["années", "años", "anos"]) && self.text.follows(at + 1) {
            (at + 1, at + 1)
        } else {
            let years = self.text.is_word(at + 1, &["er"]) && self.text.glued(at + 1);
            let named = usize::from(self.text.is_word(at + 2, &["Jahre", "Jahren"]));
            years.then_some((at, at + 1 + named))?
        };
        let digits = self.text.digits(number).filter(|digits| digits.ends_with('0'))?;
        let year: i16 = digits.parse().ok()?;
        match digits.len() {
            2 => decade(if year < 30 { 2000 + year } else { 1900 + year }, last),
            4 if (1000..2200).contains(&year) => decade(year, last),
            _ => None,
        }
    }

    /// `1990s`, `the ’80s`.
    pub(super) fn decade(&self, at: usize) -> Option<Read> {
        let apostrophe = matches!(self.text.symbol(at), Some('’' | '\''));
        let number = if apostrophe { at + 1 } else { at };
        let digits = self.text.digits(number)?;
        let mut last = number + 1;
        if matches!(self.text.symbol(last), Some('’' | '\'')) && self.text.glued(last) {
            last += 1;
        }
        if !self.text.glued(last) || self.text.word(last) != Some("s") || !digits.ends_with('0') {
            return None;
        }
        let start: i16 = match digits.len() {
            4 if !apostrophe => digits.parse().ok().filter(|year| (1000..2200).contains(year))?,
            2 if apostrophe => {
                digits.parse::<i16>().ok().map(|year| if year < 30 { 2000 + year } else { 1900 + year })?
            }
            _ => return None,
        };
        decade(start, last)
    }
}

/// Ten years, or a hundred where the year is the first of a century.
fn decade(start: i16, last: usize) -> Option<Read> {
    let years = if start % 100 == 0 { 99 } else { 9 };
    let year = |year| CalendarDate::new(Some(year), None, None);
    Some(Read::range(last, year(start)?, year(start + years)?, 0.9))
}

/// A Roman numeral in capitals, up to 39.
fn roman(word: &str) -> Option<i8> {
    let units = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let tens = word.bytes().take_while(|byte| *byte == b'X').count();
    let rest = word.get(tens..)?;
    let (tens, rest) = if rest == "X" { (tens, "") } else { (tens, rest) };
    let units = units.iter().position(|numeral| *numeral == rest);
    let number = i8::try_from(tens * 10 + units?).ok()?;
    (tens <= 3 && number > 0).then_some(number)
}
