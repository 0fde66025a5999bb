//! How well a sentence stands alone, by its form.

use docmill_analysis::{Analysis, Sentence, TokenKind};
use docmill_core::BlockKind;

/// Fewer words seldom say what a text is about.
const FEW_WORDS: usize = 7;

/// More words say too much at once.
const MANY_WORDS: usize = 60;

/// Beginnings of lines that say whose a picture is.
const CREDITS: &[&str] = &[
    "Image:",
    "Photo:",
    "Photo by ",
    "File photo",
    "Picture:",
    "Credit:",
    "Foto:",
    "Bild:",
    "Photo : ",
    "Crédit",
    "Crédito",
];

/// A factor for the sentence's score, 0..=1; 1 for a whole statement of usual length.
pub(crate) fn weight(text: &str, sentence: &Sentence, words: usize) -> f64 {
    let mut weight = match sentence.kind {
        BlockKind::ListItem => 0.6,
        BlockKind::Quote => 0.7,
        _ => 1.0,
    };
    if words < FEW_WORDS {
        weight *= 0.2 + 0.8 * words as f64 / FEW_WORDS as f64;
    } else if words > MANY_WORDS {
        weight *= 0.8;
    }
    let written = sentence.span.of(text).unwrap_or_default();
    weight *= ending_weight(written);
    if written.starts_with(['“', '"', '„', '«', '‘', '\'', '「', '…']) {
        weight *= 0.75;
    }
    if cuts_a_quotation(written) {
        weight *= 0.7;
    }
    if CREDITS.iter().any(|credit| written.starts_with(credit)) {
        weight *= 0.2;
    }
    weight
}

/// What the score is multiplied with where the sentence before it is not in the summary, 0..=1: less than 1 where it leans on that.
pub(crate) fn alone(analysis: &Analysis, sentence: &Sentence) -> f64 {
    if leans_on_the_one_before(analysis, sentence) { 0.8 } else { 1.0 }
}

/// Whether a quotation begins or ends outside of the sentence.
fn cuts_a_quotation(written: &str) -> bool {
    let count = |mark: char| written.chars().filter(|letter| *letter == mark).count();
    !written.is_ascii() && (count('“') != count('”') && count('„') == 0 || count('«') != count('»'))
        || count('"') % 2 == 1
}

/// Questions, and what announces or breaks off, say little by themselves.
fn ending_weight(written: &str) -> f64 {
    let bare = written.trim_end_matches(['”', '"', '’', '\'', '»', ')', '」']);
    match bare.chars().next_back() {
        Some(':' | '：') => 0.4,
        Some('?' | '？' | '؟') => 0.5,
        Some('…' | ',' | ';' | '-' | '–' | '—') => 0.6,
        Some('.' | '!' | '。' | '！' | '．' | '।') => 1.0,
        // No mark at its end: perhaps a line that is no sentence.
        _ => 0.7,
    }
}

/// Whether its first word points back to a sentence that a summary may not hold.
fn leans_on_the_one_before(analysis: &Analysis, sentence: &Sentence) -> bool {
    let mut words = analysis.sentence_tokens(sentence).iter().filter(|token| token.kind == TokenKind::Word);
    words.next().is_some_and(|first| is_anaphor(&analysis.term(first.term).text))
}

/// Pronouns and conjunctions that begin a sentence which leans on the one before it, in the languages with stop words.
fn is_anaphor(word: &str) -> bool {
    matches!(
        word,
        // English
        "he" | "she" | "it" | "they" | "his" | "her" | "its" | "their" | "this" | "that" | "these" | "those" | "but" | "and" | "so" | "or"
            | "yet" | "also" | "however" | "then" | "thus" | "therefore" | "such" | "nor" | "moreover" | "furthermore" | "meanwhile" | "instead"
            | "still" | "both" | "neither" | "he's" | "she's" | "it's" | "that's" | "they're" | "otherwise" | "hence" | "because"
            // German
            | "er" | "sie" | "es" | "dies" | "diese" | "dieser" | "dieses" | "aber" | "und" | "doch" | "jedoch" | "auch" | "damit" | "deshalb"
            | "daher" | "dadurch" | "außerdem" | "denn" | "dabei" | "dort"
            // French
            | "il" | "elle" | "ils" | "elles" | "ce" | "c'" | "cela" | "cette" | "cet" | "ces" | "mais" | "et" | "donc" | "pourtant" | "cependant"
            | "ainsi" | "aussi"
            // Spanish, Portuguese, Italian
            | "él" | "ella" | "ellos" | "esto" | "este" | "esta" | "estos" | "estas" | "eso" | "esa" | "ese" | "pero" | "y" | "además" | "así"
            | "ele" | "ela" | "eles" | "elas" | "isso" | "isto" | "mas" | "e" | "porém" | "também" | "lui" | "lei" | "loro" | "questo" | "questa"
            | "questi" | "queste" | "ma" | "però" | "inoltre" | "così"
            // Dutch, Swedish, Danish, Norwegian, Finnish
            | "hij" | "zij" | "ze" | "dit" | "deze" | "dat" | "maar" | "en" | "ook" | "daarom" | "han" | "hon" | "hun" | "de" | "dem" | "det" | "detta"
            | "dessa" | "dette" | "disse" | "men" | "och" | "og" | "också" | "også" | "därför" | "derfor" | "hän" | "tämä" | "se" | "nämä"
            | "mutta" | "ja"
    )
}
