//! Words of Japanese: whether one ends between two characters is the sum of what the characters around, their scripts and the last
//! decisions say (`TinySegmenter` by Taku Kudo, 2008, whose weights these are).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::read(include_str!("japanese.txt")));

/// Before the first character of a text, and behind the last: the marks that the weights know these places by.
const BEFORE: [char; 3] = ['\u{E0B3}', '\u{E0B2}', '\u{E0B1}'];
const BEHIND: [char; 3] = ['\u{E0E1}', '\u{E0E2}', '\u{E0E3}'];

/// A feature of the characters: its name, and where they stand in the window of three before the place and three behind it.
const LETTERS: [(&str, usize, usize); 13] = [
    ("UW1", 0, 1),
    ("UW2", 1, 1),
    ("UW3", 2, 1),
    ("UW4", 3, 1),
    ("UW5", 4, 1),
    ("UW6", 5, 1),
    ("BW1", 1, 2),
    ("BW2", 2, 2),
    ("BW3", 3, 2),
    ("TW1", 0, 3),
    ("TW2", 1, 3),
    ("TW3", 2, 3),
    ("TW4", 3, 3),
];

/// The same of the scripts of the characters.
const SCRIPTS: [(&str, usize, usize); 13] = [
    ("UC1", 0, 1),
    ("UC2", 1, 1),
    ("UC3", 2, 1),
    ("UC4", 3, 1),
    ("UC5", 4, 1),
    ("UC6", 5, 1),
    ("BC1", 1, 2),
    ("BC2", 2, 2),
    ("BC3", 3, 2),
    ("TC1", 0, 3),
    ("TC2", 1, 3),
    ("TC3", 2, 3),
    ("TC4", 3, 3),
];

/// The same of the decisions on the last three places.
const DECISIONS: [(&str, usize, usize); 5] =
    [("UP1", 0, 1), ("UP2", 1, 1), ("UP3", 2, 1), ("BP1", 0, 2), ("BP2", 1, 2)];

/// A decision together with scripts: its name, which decision, and where the scripts stand.
const BOTH: [(&str, usize, usize, usize); 11] = [
    ("UQ1", 0, 0, 1),
    ("UQ2", 1, 1, 1),
    ("UQ3", 2, 2, 1),
    ("BQ1", 1, 1, 2),
    ("BQ2", 1, 2, 2),
    ("BQ3", 2, 1, 2),
    ("BQ4", 2, 2, 2),
    ("TQ1", 1, 0, 3),
    ("TQ2", 1, 1, 3),
    ("TQ3", 2, 0, 3),
    ("TQ4", 2, 1, 3),
];

/// The weights, each table with keys made by [`key`].
#[derive(Default)]
struct Weights {
    bias: i32,
    letters: [FxHashMap<u64, i32>; LETTERS.len()],
    scripts: [FxHashMap<u64, i32>; SCRIPTS.len()],
    decisions: [FxHashMap<u64, i32>; DECISIONS.len()],
    both: [FxHashMap<u64, i32>; BOTH.len()],
}

/// Up to four characters, or scripts and decisions, as one number.
fn key(letters: impl IntoIterator<Item = char>) -> u64 {
    letters.into_iter().fold(0, |key, letter| key << 16 | u64::from(u32::from(letter)) & 0xFFFF)
}

impl Weights {
    /// Reads lines of a feature's name and its entries, each the characters and a weight with its sign.
    fn read(file: &str) -> Self {
        let mut weights = Self::default();
        for line in file.lines() {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or_default();
            let Some(table) = weights.table(name) else {
                weights.bias = words.next().and_then(|bias| bias.parse().ok()).unwrap_or_default();
                continue;
            };
            for entry in words {
                let Some((letters, weight)) = entry.rfind(['+', '-']).map(|sign| entry.split_at(sign)) else {
                    continue;
                };
                table.insert(key(with_places(letters).chars()), weight.parse().unwrap_or_default());
            }
        }
        weights
    }

    fn table(&mut self, name: &str) -> Option<&mut FxHashMap<u64, i32>> {
        let place = |names: &[(&str, usize, usize)]| names.iter().position(|(known, ..)| *known == name);
        if let Some(at) = place(&LETTERS) {
            return self.letters.get_mut(at);
        }
        if let Some(at) = place(&SCRIPTS) {
            return self.scripts.get_mut(at);
        }
        if let Some(at) = place(&DECISIONS) {
            return self.decisions.get_mut(at);
        }
        self.both.get_mut(BOTH.iter().position(|(known, ..)| *known == name)?)
    }

    /// Whether a word ends in the middle of six characters, of these scripts, behind these three decisions.
    fn ends_word(&self, letters: &[char], scripts: &[char], decisions: [char; 3]) -> bool {
        let mut sum = self.bias;
        let mut add = |table: &FxHashMap<u64, i32>, key: u64| sum += table.get(&key).copied().unwrap_or_default();
        let of = |window: &[char], at: usize, count: usize| key(window.iter().skip(at).take(count).copied());
        for ((_, at, count), table) in LETTERS.iter().zip(&self.letters) {
            add(table, of(letters, *at, *count));
        }
        for ((_, at, count), table) in SCRIPTS.iter().zip(&self.scripts) {
            add(table, of(scripts, *at, *count));
        }
        for ((_, at, count), table) in DECISIONS.iter().zip(&self.decisions) {
            add(table, of(&decisions, *at, *count));
        }
        for ((_, decision, at, count), table) in BOTH.iter().zip(&self.both) {
            let scripts = scripts.iter().skip(*at).take(*count).copied();
            add(table, key(std::iter::once(decisions[*decision]).chain(scripts)));
        }
        sum > 0
    }
}

/// The characters of an entry, in which `B1` to `E2` are places beside the text.
fn with_places(letters: &str) -> String {
    let places = [("B3", BEFORE[0]), ("B2", BEFORE[1]), ("B1", BEFORE[2]), ("E1", BEHIND[0]), ("E2", BEHIND[1])];
    let place = places.iter().find_map(|(written, mark)| Some((mark, letters.strip_prefix(written)?)));
    match place {
        Some((mark, rest)) => std::iter::once(*mark).chain(rest.chars()).collect(),
        None => letters.to_owned(),
    }
}

/// The script of a character as the weights name it.
fn script(letter: char) -> char {
    match letter {
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千' | '万' | '億' | '兆' => {
            'M'
        }
        '一'..='龠' | '々' | '〆' | 'ヵ' | 'ヶ' => 'H',
        'ぁ'..='ん' => 'I',
        'ァ'..='ヺ' | 'ー' | 'ｦ'..='ﾟ' => 'K',
        'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' | 'À'..='ſ' => 'A',
        '0'..='9' | '０'..='９' => 'N',
        _ => 'O',
    }
}

/// Appends the ends of the words of `text[start..end]`; what stands around is looked at too.
pub(super) fn cut(text: &str, start: usize, end: usize, ends: &mut Vec<usize>) {
    let weights = &*WEIGHTS;
    let before = text.get(..start).unwrap_or_default().chars().rev().chain(BEFORE.into_iter().rev()).take(3);
    let mut letters: Vec<char> = before.collect();
    letters.reverse();
    letters.extend(text.get(start..end).unwrap_or_default().chars());
    letters.extend(text.get(end..).unwrap_or_default().chars().chain(BEHIND).take(3));
    let scripts: Vec<char> = letters.iter().copied().map(script).collect();
    let mut decisions = if start == 0 { ['U', 'U', 'U'] } else { ['O', 'O', 'B'] };
    let mut at = start;
    for (letters, scripts) in letters.windows(6).zip(scripts.windows(6)).skip(1) {
        at += letters[2].len_utf8();
        if at >= end {
            break;
        }
        let ends_word = weights.ends_word(letters, scripts, decisions);
        if ends_word {
            ends.push(at);
        }
        decisions = [decisions[1], decisions[2], if ends_word { 'B' } else { 'O' }];
    }
    if end > start {
        ends.push(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut ends = Vec::new();
        cut(text, 0, text.len(), &mut ends);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let words: Vec<&str> = starts.zip(&ends).map(|(start, end)| &text[start..*end]).collect();
        assert_eq!(words.join(" "), expected);
    }

    #[test]
    fn words_and_their_particles_are_told_apart() {
        check("市は港の浚渫工事に予算を投じると発表した", "市 は 港 の 浚渫 工事 に 予算 を 投じる と 発表 し た");
        check("大型の貨物船が入れるようになる", "大型 の 貨物 船 が 入れる よう に なる");
    }

    #[test]
    fn one_character_is_one_word_and_nothing_is_none() {
        check("港", "港");
        check("", "");
    }

    #[test]
    fn all_weights_are_read() {
        assert_eq!(WEIGHTS.bias, -332);
        let tables = WEIGHTS.letters.iter().chain(&WEIGHTS.scripts).chain(&WEIGHTS.decisions).chain(&WEIGHTS.both);
        assert!(tables.clone().all(|table| !table.is_empty()) && tables.map(FxHashMap::len).sum::<usize>() > 1_200);
    }
}
