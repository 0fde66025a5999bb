//! Whether a text is a list of opinions on one thing, as the reviews of a product are.

use docmill_core::ByteSpan;

/// Fewer sentences are no list.
const FEWEST: usize = 12;

/// The share of the sentences that name the thing, at least.
const OF_ONE_THING: f64 = 0.6;

/// The share of the sentences that begin a line, at least.
const ON_THEIR_OWN: f64 = 0.6;

/// Whether most sentences stand on lines of their own and have one word in common, the thing that they are about. `stems` are those
/// of each sentence, as numbers below `distinct`.
pub(crate) fn are_opinions(text: &str, sentences: &[ByteSpan], stems: &[Vec<u32>], distinct: usize) -> bool {
    let all = sentences.len() as f64;
    let on_their_own = || sentences.iter().filter(|span| begins_a_line(text, **span)).count() as f64;
    sentences.len() >= FEWEST
        && most_with_one_stem(stems, distinct) >= OF_ONE_THING * all
        && on_their_own() >= ON_THEIR_OWN * all
}

/// In how many sentences the stem is that most have.
fn most_with_one_stem(stems: &[Vec<u32>], distinct: usize) -> f64 {
    let mut counts = vec![0_u32; distinct];
    let mut last = vec![usize::MAX; distinct];
    for (sentence, stems) in stems.iter().enumerate() {
        for stem in stems.iter().map(|stem| *stem as usize) {
            if last[stem] != sentence {
                last[stem] = sentence;
                counts[stem] += 1;
            }
        }
    }
    f64::from(counts.into_iter().max().unwrap_or_default())
}

fn begins_a_line(text: &str, span: ByteSpan) -> bool {
    let before = text.get(..span.start).unwrap_or_default().trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with(['\n', '\r'])
}

#[cfg(test)]
mod tests {
    use docmill_analysis::{Analysis, TokenKind};
    use docmill_core::Document;

    use super::*;

    fn check(text: &str, expected: bool) {
        let analysis = Analysis::of(&Document::from_text("test.txt", text));
        let stems = |sentence| {
            let words = analysis.sentence_tokens(sentence).iter().filter(|token| token.kind == TokenKind::Word);
            words.filter_map(|word| u32::try_from(word.term.index()).ok()).collect()
        };
        let (spans, stems): (Vec<_>, Vec<_>) =
            analysis.sentences().iter().map(|sentence| (sentence.span, stems(sentence))).unzip();
        assert_eq!(are_opinions(text, &spans, &stems, analysis.terms().len()), expected, "{text}");
    }

    const SAID: [&str; 4] =
        ["The lamp is bright.", "I like my lamp.", "My lamp broke soon.", "Nobody needs such a lamp."];

    #[test]
    fn lines_that_speak_of_one_thing_are_opinions() {
        check(&SAID.join("\n"), false);
        check(&[SAID.join("\n"), SAID.join("\r\n"), SAID.join("\n ")].join("\n"), true);
    }

    #[test]
    fn running_prose_and_lines_of_many_things_are_none() {
        check(&[SAID.join(" "), SAID.join(" "), SAID.join(" ")].join(" "), false);
        let things = ["lamp", "mill", "ferry", "crane"].map(|thing| format!("This {thing} pleased nobody.\nAll went."));
        check(&[things.join("\n"), things.join("\n")].join("\n"), false);
    }
}
