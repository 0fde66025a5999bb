//! Lines that begin with a time: the messages of a chat, and the entries of a log.

use docmill_core::BlockKind;

use super::lines::{Line, words};
use super::{Finder, hull};

impl Finder<'_> {
    /// The whole group, where most of its lines begin with a time. What people say is prose; what programs write is not.
    pub(super) fn stamped(&mut self, lines: &[Line<'_>]) -> Option<usize> {
        after_stamp(lines[0].text)?;
        let said: Vec<Option<bool>> = lines.iter().map(|line| after_stamp(line.text).map(has_speaker)).collect();
        let stamped = said.iter().flatten().count();
        if stamped < 2 && self.prose == 0 || stamped * 2 < lines.len() {
            return None;
        }
        let is_chat = said.iter().flatten().filter(|said| **said).count() * 2 >= stamped;
        if !is_chat {
            self.code = true;
            self.push(BlockKind::Code, hull(lines));
            return Some(lines.len());
        }
        let starts = said.iter().enumerate().filter(|(_, said)| said.is_some()).map(|(index, _)| index);
        let ends = starts.clone().skip(1).chain([lines.len()]);
        for (start, end) in starts.zip(ends) {
            let span = hull(&lines[start..end]);
            // Who joined or left is said by the program.
            if said[start] == Some(true) { self.paragraph(span) } else { self.push(BlockKind::Code, span) }
        }
        Some(lines.len())
    }
}

/// What follows the time, with or without a date, that a line begins with: `[09:14] `, `2017-05-02 08:15:00,123 `.
fn after_stamp(line: &str) -> Option<&str> {
    let is_part = |byte: u8| byte.is_ascii_digit() || b"[]():.,-/+TZ ".contains(&byte);
    let end = line.bytes().position(|byte| !is_part(byte)).unwrap_or(line.len());
    let (stamp, rest) = line.split_at(end);
    let bytes = stamp.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    // Hours and minutes.
    let mut colons = memchr::memchr_iter(b':', bytes);
    let timed = colons.any(|at| at > 0 && digit(at - 1) && digit(at + 1) && digit(at + 2));
    let parted = stamp.ends_with([' ', ']', ':']) || rest.starts_with(['A', 'P', 'a', 'p']);
    (timed && parted && !rest.is_empty()).then(|| {
        let half = ["AM", "PM", "am", "pm"].iter().find_map(|half| rest.strip_prefix(half));
        half.unwrap_or(rest).trim_start_matches([']', ' ', '-'])
    })
}

/// Whether a message says whose it is: `ada: `, `<ada> `.
fn has_speaker(message: &str) -> bool {
    let named = message.split_once(": ").is_some_and(|(name, said)| {
        words(name) <= 3
            && name.len() <= 40
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '\'' | '@'))
            && !said.trim().is_empty()
            && !matches!(name, "INFO" | "WARN" | "WARNING" | "ERROR" | "DEBUG" | "TRACE" | "FATAL" | "NOTICE")
    });
    named
        || message.strip_prefix('<').is_some_and(|rest| rest.split_once("> ").is_some_and(|(name, _)| words(name) <= 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_at_the_beginning_is_a_stamp() {
        for (line, rest) in [
            ("[09:14] ada: morning!", Some("ada: morning!")),
            ("2017-05-02 08:15:00,123 INFO up", Some("INFO up")),
            ("5/2/17, 9:14 PM - Bo: yes", Some("Bo: yes")),
            ("12:30 lunch", Some("lunch")),
            ("10:9 is a ratio", None),
            ("2017 was a good year: 12:30", None),
        ] {
            assert_eq!(after_stamp(line), rest, "{line}");
        }
    }

    #[test]
    fn a_message_has_a_speaker() {
        assert!(has_speaker("ada: morning!") && has_speaker("<bo> yes") && has_speaker("Ada Flint: yes"));
        assert!(
            !has_speaker("* cleo has joined")
                && !has_speaker("ERROR: no file")
                && !has_speaker("cannot open /x: no file")
        );
    }
}
