//! The words by which the parts of a sentence are told that a headline can do without.

/// Whether what the word stands in must stay, because the sentence would say something else without it: negations, conditions,
/// exceptions, doubts.
pub(super) fn weighs(word: &str) -> bool {
    word.ends_with("n't")
        || matches!(
            word,
            "not" | "no" | "never" | "none" | "nobody" | "nothing" | "nowhere" | "neither" | "nor" | "cannot" | "without" | "unless"
                | "except" | "excluding" | "hardly" | "barely" | "scarcely" | "rarely" | "seldom" | "only" | "if" | "but" | "although"
                | "though" | "until" | "instead" | "rather" | "allegedly" | "reportedly" | "perhaps" | "maybe" | "possibly"
                | "supposedly" | "fails" | "failed" | "denied" | "denies" | "deny" | "refused" | "refuses" | "lacks" | "theory"
                | "principle" | "absence" | "event"
                // German, French, Spanish, Portuguese, Italian, Dutch
                | "nicht" | "kein" | "keine" | "keinen" | "keiner" | "nie" | "niemals" | "ohne" | "außer" | "nur" | "falls" | "ne"
                | "pas" | "jamais" | "sans" | "sauf" | "aucun" | "aucune" | "nunca" | "sin" | "salvo" | "si" | "não" | "sem"
                | "exceto" | "se" | "non" | "mai" | "senza" | "tranne" | "niet" | "geen" | "nooit" | "zonder"
        )
}

/// Verbs of reporting that say nothing of whether what is reported is so.
pub(super) fn reports(word: &str) -> bool {
    matches!(
        word,
        "said" | "says" | "say" | "reported" | "reports" | "announced" | "announces" | "added" | "adds" | "told"
    )
}

/// Words with which a part between commas begins that is no clause of its own, and no attribution.
pub(super) fn subordinates(word: &str) -> bool {
    matches!(
        word,
        "who"
            | "which"
            | "whose"
            | "whom"
            | "where"
            | "when"
            | "and"
            | "or"
            | "but"
            | "while"
            | "after"
            | "before"
            | "because"
            | "although"
            | "though"
            | "if"
            | "unless"
            | "as"
            | "that"
            | "what"
    )
}

/// Words that begin a relative clause.
pub(super) fn relates(word: &str) -> bool {
    matches!(word, "which" | "who" | "whose" | "whom" | "where")
}

/// Words that begin a clause after the main one, which says what else there is.
pub(super) fn goes_on(word: &str) -> bool {
    matches!(word, "and" | "as" | "while" | "after" | "when" | "where" | "which" | "who" | "so")
        || word.len() > 5 && word.ends_with("ing")
}

/// Connectives of one word that may stand before a clause.
pub(super) fn connects(word: &str) -> bool {
    matches!(
        word,
        "however"
            | "meanwhile"
            | "moreover"
            | "furthermore"
            | "additionally"
            | "also"
            | "finally"
            | "indeed"
            | "thus"
            | "therefore"
            | "consequently"
            | "nevertheless"
            | "nonetheless"
            | "now"
            | "then"
            | "today"
            | "yesterday"
            | "recently"
            | "similarly"
            | "afterwards"
            | "later"
            | "earlier"
            | "still"
            | "besides"
            | "overall"
    )
}

/// Connectives of several words.
pub(super) const PHRASES: &[&[&str]] = &[
    &["in", "addition"],
    &["as", "a", "result"],
    &["for", "example"],
    &["for", "instance"],
    &["of", "course"],
    &["in", "fact"],
    &["at", "the", "same", "time"],
    &["in", "the", "meantime"],
    &["on", "the", "other", "hand"],
    &["at", "that", "time"],
    &["so", "far"],
    &["after", "all"],
    &["to", "this", "end"],
];

/// Words that begin an adverbial of time or place.
pub(super) fn places(word: &str) -> bool {
    matches!(
        word,
        "on" | "in" | "at" | "during" | "last" | "this" | "earlier" | "late" | "early" | "over" | "near" | "across"
    )
}

/// Words that tell a time.
pub(super) fn times(word: &str) -> bool {
    matches!(
        word.trim_end_matches('s'),
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "day"
            | "week"
            | "weekend"
            | "month"
            | "year"
            | "decade"
            | "century"
            | "quarter"
            | "morning"
            | "afternoon"
            | "evening"
            | "night"
            | "hour"
            | "spring"
            | "summer"
            | "autumn"
            | "winter"
            | "moment"
            | "time"
    )
}

/// Words before which a sentence can be cut.
pub(super) fn opens(word: &str) -> bool {
    goes_on(word)
        || places(word)
        || matches!(
            word,
            "by" | "for"
                | "from"
                | "to"
                | "with"
                | "into"
                | "about"
                | "against"
                | "between"
                | "because"
                | "that"
                | "through"
        )
}
