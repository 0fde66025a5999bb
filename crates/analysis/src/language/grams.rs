//! Tells languages of one script apart by the n-grams that their words are made of.
//!
//! The model says which n-grams of two to five letters are frequent in which languages, on four levels; the beginning and end of a
//! word count as letters. Long n-grams say more than short ones, and those of few languages more than those of many. `train_language.py` makes the model from the n-gram
//! frequencies of lingua (Apache 2.0; Leipzig Corpora Collection, Goldhahn, Eckart and Quasthoff 2012). It is searched as it lies in
//! the binary: nothing is loaded.

use std::ops::Range;
use std::sync::LazyLock;

/// Codes of the languages, the beginnings of the buckets, and in each bucket: part of the n-gram's hash (12 bits), how many
/// languages have it (4 bits), and for each of them its number (6 bits) and level (2 bits).
static MODEL: &[u8] = include_bytes!("model.bin");

const BUCKETS: usize = 1 << 16;
/// Bytes of the place at which a bucket begins.
const PLACE: usize = 4;
/// What an n-gram of two, three, four or five letters is worth.
const WORTH: [u32; 4] = [1, 4, 12, 28];
/// What an n-gram is worth by the number of languages that have it, in thousandths: one that few have says more (its power of -3/4).
const SPECIFIC: [u32; 16] = [0, 1_000, 595, 439, 354, 299, 261, 232, 210, 192, 178, 166, 155, 146, 138, 131];
/// Longer words are read up to here, in letters.
const LONGEST_WORD: usize = 40;
/// Most languages that the model may have: their numbers have 6 bits.
const MOST: usize = 64;

/// A script that several languages of the model are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Arabic,
}

const CYRILLIC: &[&str] = &["be", "bg", "kk", "mk", "mn", "ru", "sr", "uk"];
const ARABIC: &[&str] = &["ar", "fa", "ur"];

/// The best language of a text, by its place in the model, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Best {
    /// ISO 639-1.
    pub(super) code: &'static str,
    /// 0..=1.
    pub(super) score: f64,
}

/// Whether the model has a language.
pub(super) fn knows(code: &str) -> bool {
    codes().any(|known| known == code)
}

/// The best of the languages for which `allowed` holds; `None` where most letters of the text are of a script that one language or
/// none of the model has, or where nothing in it is known.
pub(super) fn best(text: &str, allowed: impl Fn(&str) -> bool) -> Option<Best> {
    let script = script(text)?;
    let mut totals = [0_u64; MOST];
    let mut word = Word::default();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphabetic() {
            word.push(c);
        } else {
            word.end(&mut totals);
        }
    }
    word.end(&mut totals);
    let candidates =
        codes().zip(totals.iter().zip(&*RICHNESS)).filter(|(code, _)| script_of(code) == script && allowed(code));
    let (mut first, mut second) = (("", 0.0), 0.0);
    for (code, (total, richness)) in candidates {
        let total = *total as f64 / richness;
        if total > first.1 {
            (first, second) = ((code, total), first.1);
        } else {
            second = second.max(total);
        }
    }
    let (code, total) = first;
    // Half as much again as the next language leaves no doubt.
    let lead = (total - second) / total;
    (total > 0.0).then_some(Best { code, score: (0.4 + 1.8 * lead).min(1.0) })
}

/// How much of the model each language has, by which its total is divided: one with many frequent n-grams (long texts, many
/// names) would find more of them in texts of its neighbours.
static RICHNESS: LazyLock<[f64; MOST]> = LazyLock::new(|| {
    let mut found = [0_u32; MOST];
    for number in 0..BUCKETS {
        let mut bucket = bucket(number);
        while let Some((_, languages, rest)) = entry(bucket) {
            for language in languages {
                found[usize::from(language >> 2)] += u32::from(language & 3) + 1;
            }
            bucket = rest;
        }
    }
    found.map(|found| f64::from(found.max(1)).sqrt().sqrt())
});

/// The script of most letters.
fn script(text: &str) -> Option<Script> {
    let (mut latin, mut cyrillic, mut arabic, mut other) = (0, 0, 0, 0);
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{AA}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => {
                latin += usize::from(c.is_alphabetic());
            }
            '\u{400}'..='\u{52F}' => cyrillic += 1,
            '\u{600}'..='\u{77F}' => arabic += usize::from(c.is_alphabetic()),
            _ => other += usize::from(c.is_alphabetic()),
        }
    }
    // A syllable or ideograph is worth several letters.
    let most = latin.max(cyrillic).max(arabic);
    match most {
        0 => None,
        _ if other * 2 > most => None,
        _ if most == latin => Some(Script::Latin),
        _ if most == cyrillic => Some(Script::Cyrillic),
        _ => Some(Script::Arabic),
    }
}

fn script_of(code: &str) -> Script {
    if CYRILLIC.contains(&code) {
        Script::Cyrillic
    } else if ARABIC.contains(&code) {
        Script::Arabic
    } else {
        Script::Latin
    }
}

/// A word being read, between two borders, and where its letters begin.
#[derive(Default)]
struct Word {
    written: String,
    starts: Vec<usize>,
}

impl Word {
    fn push(&mut self, letter: char) {
        if self.starts.is_empty() {
            self.starts.push(0);
            self.written.push('_');
        }
        if self.starts.len() <= LONGEST_WORD {
            self.starts.push(self.written.len());
            self.written.push(letter);
        }
    }

    /// Adds what the n-grams of the word are worth to the totals, and begins a new one.
    fn end(&mut self, totals: &mut [u64; MOST]) {
        if self.starts.is_empty() {
            return;
        }
        self.starts.push(self.written.len());
        self.written.push('_');
        self.starts.push(self.written.len());
        for (length, worth) in (2..).zip(WORTH) {
            for places in self.starts.windows(length + 1) {
                let gram = &self.written.as_bytes()[places[0]..places[length]];
                let languages = languages(gram);
                let worth = worth * SPECIFIC.get(languages.len()).copied().unwrap_or_default();
                for entry in languages {
                    let total = &mut totals[usize::from(entry >> 2)];
                    // The levels are logarithms of frequencies.
                    *total += u64::from(worth) * (5 + 3 * u64::from(entry & 3));
                }
            }
        }
        self.written.clear();
        self.starts.clear();
    }
}

/// The languages that have the n-gram: number (6 bits) and level (2 bits) of each.
fn languages(gram: &[u8]) -> &'static [u8] {
    let hash = hash(gram);
    let mut bucket = bucket((hash >> 16) as usize);
    let wanted = hash & 0xFFF;
    while let Some((hash, languages, rest)) = entry(bucket) {
        if hash == wanted {
            return languages;
        }
        bucket = rest;
    }
    &[]
}

/// The first entry of a bucket: the part of the hash, the languages, and the entries after it.
fn entry(bucket: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (head, rest) = bucket.split_first_chunk()?;
    let head = u16::from_le_bytes(*head);
    let (languages, rest) = rest.split_at_checked(usize::from(head & 0xF))?;
    Some((u32::from(head >> 4), languages, rest))
}

/// FNV-1a (Fowler, Noll and Vo), with its bits mixed.
fn hash(gram: &[u8]) -> u32 {
    let hash = gram.iter().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    let hash = (hash ^ (hash >> 15)).wrapping_mul(0x2C1B_3C6D);
    hash ^ (hash >> 12)
}

fn bucket(number: usize) -> &'static [u8] {
    let (places, entries) = MODEL[codes_end()..].split_at(PLACE * (BUCKETS + 1));
    let place = |number: usize| {
        let bytes: Range<usize> = PLACE * number..PLACE * (number + 1);
        places[bytes].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize)
    };
    entries.get(place(number)..place(number + 1)).unwrap_or_default()
}

fn codes_end() -> usize {
    1 + 2 * usize::from(MODEL[0])
}

/// The codes of the model's languages, in the order of their numbers.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    MODEL[1..codes_end()].chunks_exact(2).map(|code| std::str::from_utf8(code).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(best(text, |_| true).map(|best| best.code), expected, "{text}");
    }

    #[test]
    fn a_few_words_are_enough() {
        check("the old harbor", Some("en"));
        check("der alte Hafen", Some("de"));
        check("le vieux port", Some("fr"));
        check("Гавань была закрыта, и никто не пришёл.", Some("ru"));
        check("den gamle havnen ved sjøen", Some("nb"));
        check("Gamla hamnen är stängd", Some("sv"));
        check("sá höfnina í gær", Some("is"));
    }

    #[test]
    fn scripts_of_one_language_are_left_to_others() {
        check("港は閉まっていた", None);
        check("το λιμάνι", None);
        check("35 %", None);
    }

    #[test]
    fn every_language_is_in_the_model_once() {
        let all: Vec<&str> = codes().collect();
        assert!(all.len() > 50 && all.len() <= MOST && all.is_sorted_by(|one, next| one < next), "{all:?}");
        assert!(knows("cy") && !knows("ja"));
    }

    proptest! {
        #[test]
        fn any_text_has_a_score_within_bounds(text in any::<String>()) {
            if let Some(best) = best(&text, |_| true) {
                prop_assert!((0.0..=1.0).contains(&best.score) && knows(best.code));
            }
        }
    }
}
