//! Who is cited: author, title and outlet in front of a date.

use super::source::Citation;
use crate::reading::{LexemeKind, Lexemes, Sense};

/// Words that stand in small letters within names.
const SMALL: &[&str] = &[
    "of", "the", "and", "for", "on", "in", "to", "at", "al", "et", "de", "la", "le", "les", "du", "des", "del", "di",
    "da", "do", "der", "die", "das", "und", "für", "von", "van", "y", "e", "el", "los", "las", "au", "aux", "a", "s",
];

/// Words that begin a remark with a date, not the name of a source.
const NOT_NAMES: &[&str] = &[
    "born",
    "died",
    "founded",
    "since",
    "until",
    "from",
    "about",
    "circa",
    "page",
    "pages",
    "figure",
    "fig",
    "table",
    "chapter",
    "version",
    "updated",
    "published",
    "posted",
    "née",
    "né",
    "geboren",
    "gestorben",
    "photo",
    "then",
    "now",
    "established",
    "effective",
    "opened",
    "closed",
    "released",
    "signed",
    "est",
    "b",
    "d",
    "c",
    "ca",
];

/// Author, title and outlet in the lexemes `first..end`.
pub(super) fn names(part: Lexemes<'_>, first: usize, end: usize) -> Option<Citation<'_>> {
    let mut segments: Vec<(usize, usize)> = Vec::new();
    let (mut title, mut issue) = (None, None);
    let mut at = first;
    while at < end {
        let start = at;
        if let Some(close) = part.symbol(at).and_then(closing_quote) {
            let closes = (at + 1..end).find(|at| part.symbol(*at) == Some(close))?;
            let last = (start + 1..closes).rev().find(|at| !matches!(part.symbol(*at), Some(',' | '.')))?;
            title = Some(part.span(start + 1, last).of(part.text)?);
            at = closes + 1;
        } else {
            while at < end && part.symbol(at) != Some(',') {
                at += 1;
            }
            if !segments.is_empty() && is_kind_of_text(part, start, at) {
                title = part.span(start, at - 1).of(part.text);
            } else if let Some(number) = numbered(part, start, at).filter(|_| !segments.is_empty()) {
                issue = Some(number);
            } else {
                let is_source = at > start && (is_name(part, start, at) || is_conversation(part, start, at));
                is_source.then(|| segments.push((start, at - 1)))?;
            }
        }
        if part.symbol(at) == Some(',') {
            at += 1;
        }
    }
    let &(outlet_first, outlet_last) = segments.last()?;
    let &(name_first, name_last) = segments.first()?;
    let by = segments.len() > 1 && is_person(part, name_first, name_last);
    let outlet_first = if by { outlet_first } else { name_first };
    // `Ministry of Ports, Veldhaven, March 3`: the place stays with the name.
    let outlet_first = if by { segments.get(1).map_or(outlet_first, |(first, _)| *first) } else { outlet_first };
    Some(Citation {
        span: part.span(first, end - 1),
        outlet: part.span(outlet_first, outlet_last).of(part.text)?,
        date: None,
        end: None,
        author: if by { part.span(name_first, name_last).of(part.text) } else { None },
        title,
        issue,
        page: None,
        comma: true,
    })
}

/// Kinds of texts that are named behind whoever published them.
const KINDS_OF_TEXT: &[&str] = &[
    "annual report",
    "blog",
    "briefing paper",
    "communiqué",
    "editorial",
    "fact sheet",
    "interim report",
    "news release",
    "op-ed",
    "policy paper",
    "press briefing",
    "press conference",
    "press release",
    "quarterly report",
    "report",
    "speech",
    "statement",
    "testimony",
    "transcript",
    "white paper",
    "working paper",
    "yearbook",
];

/// Whether the lexemes `first..end` say what kind of text it is.
fn is_kind_of_text(part: Lexemes<'_>, first: usize, end: usize) -> bool {
    if first >= end || end - first > 3 {
        return false;
    }
    let written = part.span(first, end - 1).of(part.text).unwrap_or_default();
    KINDS_OF_TEXT.iter().any(|kind| kind.eq_ignore_ascii_case(written))
}

/// The number of `No. 20`, `Issue 4`.
fn numbered(part: Lexemes<'_>, first: usize, end: usize) -> Option<&str> {
    let named = part.is_word(first, &["no", "nr", "issue", "number"]);
    let number = first + 1 + usize::from(part.symbol(first + 1) == Some('.'));
    part.digits(number).filter(|_| named && number + 1 == end)
}

/// Whether the lexemes `first..end` are the author's own conversation: `author interview`, `personal communication`, `interview
/// with the authors`.
fn is_conversation(part: Lexemes<'_>, first: usize, end: usize) -> bool {
    const CONVERSATIONS: &[&str] =
        &["interview", "interviews", "communication", "conversation", "conversations", "correspondence", "e", "email"];
    const AROUND: &[&str] = &[
        "author",
        "authors",
        "with",
        "by",
        "the",
        "s",
        "this",
        "writer",
        "telephone",
        "phone",
        "personal",
        "private",
        "own",
        "to",
        "mail",
        "and",
        "of",
        "a",
        "an",
        "video",
        "written",
    ];
    let kind = (first..end).any(|at| part.is_word(at, CONVERSATIONS));
    kind && end - first <= LONGEST_NAME
        && (first..end).all(|at| match part.word(at) {
            Some(word) => is_capital(word) || part.is_word(at, CONVERSATIONS) || part.is_word(at, AROUND),
            None => matches!(part.symbol(at), Some('’' | '\'' | '-' | '.')),
        })
}

fn closing_quote(open: char) -> Option<char> {
    match open {
        '“' | '„' => Some('”'),
        '"' => Some('"'),
        '‘' => Some('’'),
        '«' => Some('»'),
        _ => None,
    }
}

/// The most lexemes that a name has.
const LONGEST_NAME: usize = 24;

/// Whether a word has a capital, or letters without case.
pub(super) fn is_capital(word: &str) -> bool {
    word.chars().any(|letter| letter.is_uppercase() || !letter.is_lowercase())
}

/// Whether the lexemes `first..end` are a name: capitalized words, with small ones between them.
fn is_name(part: Lexemes<'_>, first: usize, end: usize) -> bool {
    if end - first > LONGEST_NAME {
        return false;
    }
    let opening = match part.word(first) {
        Some("the" | "The") => first + 1,
        Some(_) | None => first,
    };
    let opens = part.word(opening).is_some_and(|word| {
        let is_date = matches!(
            part.sense(opening),
            Some(
                Sense::Month(_)
                    | Sense::ForeignMonth(_)
                    | Sense::Weekday(_)
                    | Sense::Period(_)
                    | Sense::Part
                    | Sense::Shift(_)
                    | Sense::Near(_)
                    | Sense::Following
                    | Sense::Day(_)
                    | Sense::Ago
                    | Sense::BeforeYear
            )
        );
        let excused = end - opening > 1 && part.word(opening + 1).is_some_and(is_capital);
        is_capital(word) && (!is_date || excused) && !NOT_NAMES.contains(&word.to_lowercase().as_str())
    });
    opens
        && (opening..end).all(|at| match part.get(at).map(|lexeme| lexeme.kind) {
            Some(LexemeKind::Word(_)) => {
                let word = part.str(at);
                is_capital(word) || SMALL.contains(&word) || part.glued(at)
            }
            Some(LexemeKind::Number) => true,
            Some(LexemeKind::Symbol(symbol)) => {
                matches!(symbol, '.' | '&' | '-' | '–' | '\'' | '’' | '/' | '+' | '!' | '@' | '(' | ')' | '[' | ']')
            }
            None => false,
        })
}

/// Whether a name in front of another is that of a person: up to three words, each capitalized, and no abbreviation in capitals.
fn is_person(part: Lexemes<'_>, first: usize, last: usize) -> bool {
    let words = (first..=last).filter(|at| part.word(*at).is_some()).count();
    let plain = (first..=last).all(|at| match part.word(at) {
        Some(word) => is_capital(word) && (word.len() == 1 || word.chars().any(char::is_lowercase)),
        None => matches!(part.symbol(at), Some('.' | '-' | '’' | '\'')),
    });
    plain && words <= 3
}
