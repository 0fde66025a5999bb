//! Sentences that say what their text is for: `This paper presents …`, `Here we show that …`.
//!
//! Such indicator phrases are among the oldest means of summarizing (Edmundson, *New methods in automatic extracting*, JACM 16,
//! 1969; Paice, *The automatic generation of literature abstracts*, SIGIR 1980).

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Phrases by which a text speaks of itself and of what it does, in lower case.
const PHRASES: &[&str] = &[
    // English
    "this paper ",
    "this study ",
    "this article ",
    "this report ",
    "this survey ",
    "this thesis ",
    "this project ",
    "this poster ",
    "the present study ",
    "the present paper ",
    "the present work ",
    "in this paper",
    "in this study",
    "in this article",
    "in this report",
    "in this work",
    "here we ",
    "here, we ",
    "we present ",
    "we propose ",
    "we introduce ",
    "we describe ",
    "we develop ",
    "we have developed",
    "we developed",
    "we investigate",
    "we examine",
    "we explore",
    "we report ",
    "we show that",
    "we argue that",
    "we conducted ",
    "the aim of this",
    "the purpose of this",
    "the goal of this",
    "the objective of this",
    // German
    "in dieser arbeit",
    "in dieser studie",
    "in diesem beitrag",
    "in diesem bericht",
    "diese arbeit ",
    "diese studie ",
    "dieser bericht ",
    "dieser beitrag ",
    "ziel dieser",
    "ziel dieses",
    "wir stellen ",
    "wir zeigen",
    "wir untersuchen",
    // French
    "cet article ",
    "cette étude ",
    "ce rapport ",
    "nous présentons",
    "nous proposons",
    "nous montrons",
    "l'objectif de cet",
    "l'objectif de ce",
    // Spanish
    "este artículo ",
    "este estudio ",
    "este informe ",
    "este trabajo ",
    "presentamos ",
    "proponemos ",
    "el objetivo de este",
    // Portuguese
    "este artigo ",
    "este estudo ",
    "este relatório ",
    "este trabalho ",
    "neste artigo",
    "apresentamos ",
    "o objetivo deste",
];

/// Phrases that announce how the text is built, which is not what it says.
const OF_STRUCTURE: &[&str] = &[
    "organized as follows",
    "organised as follows",
    "structured as follows",
    "is structured",
    "the rest of",
    "the remainder of",
    "the next section",
    "the following section",
    "in section",
    "wie folgt",
    "como sigue",
    "comme suit",
];

static INDICATORS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let all = PHRASES.iter().chain(OF_STRUCTURE);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(all).ok()
});

/// Whether a sentence says what its text is for, and not how it is built.
pub(crate) fn says_what_the_text_is_for(written: &str) -> bool {
    let Some(indicators) = &*INDICATORS else { return false };
    let written = written.to_lowercase();
    let mut found = false;
    for one in indicators.find_iter(&written) {
        if one.pattern().as_usize() >= PHRASES.len() {
            return false;
        }
        found |= written[..one.start()].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_is_for_is_told_by_its_phrases() {
        for (sentence, says) in [
            ("This paper describes a dam that holds.", true),
            ("Here, we build a dam of sand.", true),
            ("To that end we have developed a dam.", true),
            ("In dieser Arbeit wird ein Damm gebaut.", true),
            ("This paper is organized as follows.", false),
            ("The rest of this paper describes the dam.", false),
            ("The owe present of the dam holds.", false),
            ("The dam holds.", false),
            ("", false),
        ] {
            assert_eq!(says_what_the_text_is_for(sentence), says, "{sentence}");
        }
    }
}
