//! Tells the language of a text.
//!
//! Where a text is long enough, its stop words tell at a tenth of the cost: in prose they are a third of all words or more,
//! and far fewer of them are words of another language. What they leave open (short texts, languages that are close to
//! each other or have no list) is decided by the n-grams of words; what these do not know (languages with a script of
//! their own, and a few others) by the trigrams and scripts of whatlang.

mod grams;

use whatlang::{Detector, Lang};

use crate::stop_words::Votes;

/// Longer texts are sampled: three parts of a third of this each, in bytes.
const SAMPLE: usize = 1_200;

/// Fewer words are too few to tell a language by its stop words.
const ENOUGH_WORDS: u32 = 60;

/// The least share of stop words in prose, and the most that another language may have of the first one's.
const LEAST_SHARE: f64 = 0.27;
const MOST_OF_NEXT: f64 = 0.6;

/// A language and how sure its detection is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detected {
    /// ISO 639-1 code where there is one, else ISO 639-3.
    pub code: &'static str,
    /// How sure it is, 0..=1.
    pub score: f64,
}

/// The language of the text among those with the given codes (ISO 639-1 or 639-3), or among all that are known where none
/// is given. `None` where the text has no letters, or none of the codes is known. Long texts are sampled at their start,
/// middle and end.
///
/// ```
/// let found = docmill_analysis::language::detect("Der Hafen wurde im Herbst wieder geöffnet.", &[]);
/// assert_eq!(found.map(|found| found.code), Some("de"));
/// ```
pub fn detect(text: &str, among: &[&str]) -> Option<Detected> {
    let sampled;
    let text = if text.len() > SAMPLE {
        sampled = sample(text);
        &sampled
    } else {
        text
    };
    let allowed: Vec<Lang> = among.iter().filter_map(|code| lang(code)).collect();
    let is_allowed = |lang: Lang| among.is_empty() || allowed.contains(&lang);
    if let Some(found) = by_stop_words(text).filter(|found| lang(found.code).is_some_and(is_allowed)) {
        return Some(found);
    }
    let best = grams::best(text, |code| is_among(code, among));
    let info = match (among, allowed.as_slice()) {
        ([], _) => Detector::new().detect(text),
        (_, []) => None,
        _ => Detector::with_allowlist(allowed).detect(text),
    };
    let other = info.filter(|info| best.is_none() || info.is_reliable() && !grams::knows(code(info.lang())));
    match (other, best) {
        (Some(info), _) => Some(Detected { code: code(info.lang()), score: info.confidence().clamp(0.0, 1.0) }),
        (None, best) => best.map(|best| Detected { code: best.code, score: best.score }),
    }
}

/// The codes of all languages that are told (ISO 639-1 where there is one, else ISO 639-3), some twice.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CODES.iter().map(|(_, code)| *code).chain(grams::codes())
}

/// Whether a language comes into question, given those that do; `no` stands for both of Norwegian's.
fn is_among(code: &str, among: &[&str]) -> bool {
    let is = |one: &&str| {
        let one = crate::lexicon::primary(one);
        one == code || one == "no" && matches!(code, "nb" | "nn")
    };
    among.is_empty() || among.iter().any(is)
}

/// The language of a text that is long enough, if its stop words leave no doubt.
fn by_stop_words(text: &str) -> Option<Detected> {
    let mut votes = Votes::default();
    let mut lower = String::new();
    for word in text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.len() > 1) {
        lower.clear();
        if word.is_ascii() {
            lower.push_str(word);
            lower.make_ascii_lowercase();
        } else {
            lower.extend(word.chars().flat_map(char::to_lowercase));
        }
        votes.add(&lower);
    }
    let (code, share, next) = votes.most();
    // Afrikaans shares most of its stop words with Dutch, Russian many with its neighbours, and Norwegian has two languages.
    let is_clear = !matches!(code, "nl" | "no" | "ru")
        && votes.words() >= ENOUGH_WORDS
        && share >= LEAST_SHARE
        && next <= share * MOST_OF_NEXT;
    // Half the words of plain prose are stop words; more says no more.
    is_clear.then(|| Detected { code, score: (0.9 + (share - LEAST_SHARE)).min(1.0) })
}

/// Parts of the start, middle and end of a long text.
fn sample(text: &str) -> String {
    let part = SAMPLE / 3;
    let mut sample = String::with_capacity(SAMPLE + 16);
    for start in [0, (text.len() - part) / 2, text.len() - part] {
        let boundary = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        sample.push_str(&text[boundary(start)..boundary(start + part)]);
        sample.push(' ');
    }
    sample
}

/// The language with this code.
fn lang(code: &str) -> Option<Lang> {
    let code = crate::lexicon::primary(code);
    let code = match code {
        "no" | "nn" => "nb",
        "zh" | "zho" => "zh",
        _ => code,
    };
    CODES.iter().find(|(_, short)| *short == code).map(|(lang, _)| *lang).or_else(|| Lang::from_code(code))
}

fn code(lang: Lang) -> &'static str {
    CODES.iter().find(|(of, _)| *of == lang).map_or_else(|| lang.code(), |(_, code)| code)
}

/// The ISO 639-1 code of each language that is told.
const CODES: &[(Lang, &str)] = &[
    (Lang::Afr, "af"),
    (Lang::Aka, "ak"),
    (Lang::Amh, "am"),
    (Lang::Ara, "ar"),
    (Lang::Aze, "az"),
    (Lang::Bel, "be"),
    (Lang::Ben, "bn"),
    (Lang::Bul, "bg"),
    (Lang::Cat, "ca"),
    (Lang::Ces, "cs"),
    (Lang::Cmn, "zh"),
    (Lang::Cym, "cy"),
    (Lang::Dan, "da"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Epo, "eo"),
    (Lang::Est, "et"),
    (Lang::Fin, "fi"),
    (Lang::Fra, "fr"),
    (Lang::Guj, "gu"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Hrv, "hr"),
    (Lang::Hun, "hu"),
    (Lang::Hye, "hy"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Jav, "jv"),
    (Lang::Jpn, "ja"),
    (Lang::Kan, "kn"),
    (Lang::Kat, "ka"),
    (Lang::Khm, "km"),
    (Lang::Kor, "ko"),
    (Lang::Lat, "la"),
    (Lang::Lav, "lv"),
    (Lang::Lit, "lt"),
    (Lang::Mal, "ml"),
    (Lang::Mar, "mr"),
    (Lang::Mkd, "mk"),
    (Lang::Mya, "my"),
    (Lang::Nep, "ne"),
    (Lang::Nld, "nl"),
    (Lang::Nob, "nb"),
    (Lang::Ori, "or"),
    (Lang::Pan, "pa"),
    (Lang::Pes, "fa"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Sin, "si"),
    (Lang::Slk, "sk"),
    (Lang::Slv, "sl"),
    (Lang::Sna, "sn"),
    (Lang::Spa, "es"),
    (Lang::Srp, "sr"),
    (Lang::Swe, "sv"),
    (Lang::Tam, "ta"),
    (Lang::Tel, "te"),
    (Lang::Tgl, "tl"),
    (Lang::Tha, "th"),
    (Lang::Tuk, "tk"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
    (Lang::Urd, "ur"),
    (Lang::Uzb, "uz"),
    (Lang::Vie, "vi"),
    (Lang::Yid, "yi"),
    (Lang::Zul, "zu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, among: &[&str], expected: Option<&str>) {
        assert_eq!(detect(text, among).map(|found| found.code), expected, "{text}");
    }

    #[test]
    fn languages_are_told_by_their_words_and_script() {
        check("The council voted to close the old bridge, and nobody spoke against it.", &[], Some("en"));
        check("Der Rat stimmte dafür, die alte Brücke zu schließen, und niemand sprach dagegen.", &[], Some("de"));
        check("Le conseil a voté la fermeture du vieux pont, et personne ne s’y est opposé.", &[], Some("fr"));
        check("港は閉まっていたので、誰も来なかった。", &[], Some("ja"));
        check("Гавань была закрыта, и никто не пришёл.", &[], Some("ru"));
    }

    #[test]
    fn only_the_languages_given_are_considered() {
        check("Havnen var lukket, og ingen kom.", &["da", "en"], Some("da"));
        check("Havnen var lukket, og ingen kom.", &["nb", "en"], Some("nb"));
        check("Havnen var lukket, og ingen kom.", &["no", "en"], Some("nb"));
        check("Havnen var lukket.", &["xx"], None);
    }

    #[test]
    fn a_text_without_letters_has_no_language() {
        check("", &[], None);
        check("2014 – 2016: 35 %", &[], None);
    }

    #[test]
    fn scores_are_between_0_and_1_and_long_texts_are_sampled() {
        let long = "The harbor was quiet, and the ships waited outside until the fog had gone. ".repeat(2_000);
        let found = detect(&long, &[]).unwrap();
        assert_eq!(found.code, "en");
        assert!((0.5..=1.0).contains(&found.score));
        assert_eq!(detect(&"é".repeat(5_000), &["xx"]), None);
        assert!(sample(&"é".repeat(5_000)).len() < SAMPLE + 16);
    }
}
