//! Makes the part-of-speech data of `tag.keyphrases`: `cargo run --example train_pos_lexicon -- FOLDER crates/tag/data/pos`.
//!
//! FOLDER holds `ewt.tsv`: a token a line with form, lemma, UPOS and XPOS between tabs, an empty line after a sentence, lines
//! with `#` in between. The same input gives the same files: `words.txt` (the classes of a word with their shares in ninths),
//! `endings.txt` (the same for what words end in) and `context.txt` (how much more or less likely a class is after
//! each class and after plurals, then before each class, in sixteenths of a natural logarithm).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Noun, name, adjective, comparative, verb, participle, -ing form, adverb, preposition, determiner, pronoun, modal, auxiliary,
/// conjunction and the rest, number, mark.
const CLASSES: &str = "NRAKVEGBPDOMXC#.";
const NAME: usize = 1;
const MARK: usize = 15;
/// After a plural a verb is likelier, and a noun less likely, than after other nouns.
const PLURAL: usize = 16;

type Counts = [u32; 16];
type Shares = [f64; 16];

struct Token {
    word: String,
    capital: bool,
    class: usize,
    plural: bool,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(input), Some(output)) = (arguments.next(), arguments.next()) else {
        return Err("expected two folders: where ewt.tsv is, and where to write".into());
    };
    let sentences = sentences(&std::fs::read_to_string(Path::new(&input).join("ewt.tsv"))?);
    let words = count_words(&sentences);
    let endings = endings(&words);
    let lexicon = lexicon(&words, &endings);
    let mut listed = String::new();
    for (word, shares) in &lexicon {
        let rare = words[word].iter().sum::<u32>() <= 2;
        // Of a rare word its ending tells enough, as long as both agree on what it is.
        let is_told = guess(&endings, word).is_some_and(|guessed| {
            digits(&guessed) == digits(shares) || rare && likeliest_of(&guessed) == likeliest_of(shares)
        });
        if !is_told {
            writeln!(listed, "{word}\t{}", digits(shares))?;
        }
    }
    let mut listed_endings = String::new();
    for (ending, shares) in &endings {
        writeln!(listed_endings, "{ending}\t{}", digits(shares))?;
    }
    let output = Path::new(&output);
    std::fs::write(output.join("words.txt"), listed)?;
    std::fs::write(output.join("endings.txt"), listed_endings)?;
    std::fs::write(output.join("context.txt"), context(&sentences, &lexicon))?;
    Ok(())
}

fn sentences(text: &str) -> Vec<Vec<Token>> {
    let mut sentences = vec![Vec::new()];
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if let [form, _, upos, xpos, ..] = fields[..] {
            // The parts of a hyphenated word stand on their own.
            if xpos != "HYPH" {
                let capital = form.chars().next().is_some_and(char::is_uppercase);
                let token =
                    Token { word: form.to_lowercase(), capital, class: class(upos, xpos), plural: xpos == "NNS" };
                sentences.last_mut().expect("there is always one").push(token);
            }
        } else if line.is_empty() {
            sentences.push(Vec::new());
        }
    }
    sentences
}

fn class(upos: &str, xpos: &str) -> usize {
    let letter = match (upos, xpos) {
        (_, "NNP" | "NNPS") => 'R',
        (_, "NN" | "NNS") => 'N',
        (_, "JJR" | "JJS" | "RBR" | "RBS") => 'K',
        (_, "JJ" | "AFX") => 'A',
        (_, "MD" | "TO") => 'M',
        ("AUX", _) => 'X',
        (_, "VBN") => 'E',
        (_, "VBG") => 'G',
        (_, "VB" | "VBD" | "VBP" | "VBZ") => 'V',
        (_, "RB" | "RP") => 'B',
        (_, "IN") => 'P',
        // A possessive `'s` begins a noun phrase, as `the` does.
        (_, "DT" | "PDT" | "WDT" | "PRP$" | "WP$" | "POS") => 'D',
        (_, "PRP" | "WP" | "EX") => 'O',
        (_, "CD") => '#',
        ("PUNCT" | "SYM", _) => '.',
        _ => 'C',
    };
    CLASSES.find(letter).expect("all letters are classes")
}

/// The classes of each word; names are known by their capitals, not by a list.
fn count_words(sentences: &[Vec<Token>]) -> BTreeMap<&str, Counts> {
    let mut words: BTreeMap<&str, Counts> = BTreeMap::new();
    for token in sentences.iter().flatten() {
        let is_word = token.word.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'\'');
        if is_word && token.class != NAME && token.class != MARK && token.word.len() < 24 {
            words.entry(&token.word).or_default()[token.class] += 1;
        }
    }
    words
}

/// What the endings of rare words say, where enough words share one.
fn endings<'a>(words: &BTreeMap<&'a str, Counts>) -> BTreeMap<&'a str, Shares> {
    let mut counted: BTreeMap<&str, (u32, Shares)> = BTreeMap::new();
    for (word, counts) in words.iter().filter(|(word, counts)| counts.iter().sum::<u32>() <= 8 && word.len() > 3) {
        let total = f64::from(counts.iter().sum::<u32>());
        for (start, _) in word.char_indices().skip(2).filter(|(start, _)| word.len() - start <= 5) {
            let (number, shares) = counted.entry(&word[start..]).or_default();
            *number += 1;
            for (share, count) in shares.iter_mut().zip(counts) {
                *share += f64::from(*count) / total;
            }
        }
    }
    let open = "NAKVEGB";
    counted
        .into_iter()
        .filter(|(ending, (number, _))| *number >= if ending.len() < 3 { 8 } else { 14 })
        .map(|(ending, (_, shares))| {
            let kept: Vec<f64> = CLASSES
                .chars()
                .zip(shares)
                .map(|(class, share)| if open.contains(class) { share } else { 0.0 })
                .collect();
            let total: f64 = kept.iter().sum();
            (ending, std::array::from_fn(|class| kept[class] / total.max(f64::MIN_POSITIVE)))
        })
        .collect()
}

fn guess(endings: &BTreeMap<&str, Shares>, word: &str) -> Option<Shares> {
    word.char_indices().skip(2).find_map(|(start, _)| endings.get(&word[start..]).copied())
}

/// The shares of each word: what was counted, and for rare words what their ending says too.
fn lexicon<'a>(words: &BTreeMap<&'a str, Counts>, endings: &BTreeMap<&str, Shares>) -> BTreeMap<&'a str, Shares> {
    let mut lexicon = BTreeMap::new();
    for (word, counts) in words {
        let total = f64::from(counts.iter().sum::<u32>());
        let guessed = guess(endings, word);
        let prior = if guessed.is_some() { 1.0 } else { 0.0 };
        let guessed = guessed.unwrap_or_default();
        lexicon.insert(
            *word,
            std::array::from_fn(|class| (f64::from(counts[class]) + prior * guessed[class]) / (total + prior)),
        );
    }
    lexicon
}

/// The classes with their shares in ninths, such as `N6V3`.
fn digits(shares: &Shares) -> String {
    let mut written = String::new();
    for (class, share) in CLASSES.chars().zip(shares) {
        let ninths = (share * 9.0).round();
        if ninths >= 1.0 {
            write!(written, "{class}{ninths}").expect("a string takes all");
        }
    }
    written
}

fn context(sentences: &[Vec<Token>], lexicon: &BTreeMap<&str, Shares>) -> String {
    let mut after = [[0.0; 16]; 17];
    let mut before = [[0.0; 16]; 16];
    for sentence in sentences {
        let mut previous = MARK;
        for (at, token) in sentence.iter().enumerate() {
            let next = sentence.get(at + 1).map_or(MARK, |next| likeliest(next, lexicon));
            after[previous][token.class] += 1.0;
            before[next][token.class] += 1.0;
            previous = if token.plural { PLURAL } else { token.class };
        }
    }
    format!("{}{}", ratios(&after), ratios(&before))
}

/// The class of a word by itself.
fn likeliest(token: &Token, lexicon: &BTreeMap<&str, Shares>) -> usize {
    match lexicon.get(&*token.word) {
        _ if token.class == MARK => MARK,
        Some(shares) if !token.capital => likeliest_of(shares),
        _ => token.class,
    }
}

fn likeliest_of(shares: &Shares) -> usize {
    (0..16).rev().max_by(|one, other| shares[*one].total_cmp(&shares[*other])).unwrap_or_default()
}

fn ratios(pairs: &[[f64; 16]]) -> String {
    let total: f64 = pairs.iter().flatten().sum();
    let of_class: Vec<f64> = (0..16).map(|class| pairs.iter().map(|row| row[class]).sum()).collect();
    let mut written = String::new();
    for row in pairs {
        let of_row: f64 = row.iter().sum();
        let ratios: Vec<String> = (0..16)
            .map(|class| {
                let expected = of_row * of_class[class] / total;
                let ratio = ((row[class] + 1.0) / (expected + 1.0)).ln() * 16.0;
                format!("{}", ratio.round().clamp(-100.0, 100.0))
            })
            .collect();
        writeln!(written, "{}", ratios.join(" ")).expect("a string takes all");
    }
    written
}
