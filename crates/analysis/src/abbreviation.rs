//! Abbreviations that a full stop belongs to, and what follows them.

/// What may follow the full stop of an abbreviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follows {
    /// Always more of the sentence: titles before names, `e.g.`, `vs.`
    More,
    /// More of the sentence where a number follows, otherwise perhaps a new one: `No. 5`, `Feb. 19`.
    Number,
    /// A new sentence if the next word often begins one, otherwise more of this one: `Inc.`, `Jr.`, `etc.`
    Either,
}

use Follows::{Either, More, Number};

/// What may follow this lower-cased word and a full stop, if the word is an abbreviation.
pub(crate) fn follows(word: &str) -> Option<Follows> {
    // The longest entry has eight bytes; most words of a text are settled by this and their length.
    if word.len() > 8 {
        return None;
    }
    Some(match word {
        // Titles.
        "mr" | "mrs" | "ms" | "messrs" | "mx" | "dr" | "drs" | "prof" | "rev" | "hon" | "sr" | "srs" | "sra" | "srta" | "dra" | "dott" | "sig"
        | "fr" | "st" | "ste" | "mt" | "ft" | "gen" | "col" | "lt" | "maj" | "capt" | "cpt" | "cmdr" | "sgt" | "cpl" | "pvt" | "adm" | "brig"
        | "insp" | "supt" | "det" | "sen" | "rep" | "reps" | "gov" | "pres" | "amb" | "atty" | "msgr" | "mme" | "mlle" | "hr" | "hrn" | "frl" | "dipl"
        | "ing" | "mag" | "univ" | "asst" | "assoc" | "gouv" | "mgr" | "prov" | "dn" | "vda"
        // What compares, explains or approximates.
        | "eg" | "ie" | "vs" | "cf" | "viz" | "approx" | "ca" | "resp" | "bzw" | "bzgl" | "ggf" | "evtl" | "inkl" | "exkl" | "zzgl" | "vgl" | "sog"
        | "usf" | "geb" | "gest" | "urspr" | "insb" | "bspw" | "allg" | "incl" | "excl" | "esp" | "nb" | "bijv" | "jl" | "ev" | "kl" | "ung" | "bl"
        | "cit" | "op" | "ibid" | "tzv" => More,
        // What a number follows.
        "no" | "nos" | "nr" | "num" | "núm" | "nº" | "n" | "fig" | "figs" | "eq" | "eqs" | "p" | "pp" | "pg" | "vol" | "vols" | "ch" | "chap" | "sec" | "sect" | "art"
        | "arts" | "para" | "paras" | "ex" | "exh" | "tab" | "bd" | "kap" | "abs" | "abb" | "s" | "str" | "tel" | "ext" | "pt" | "pts" | "ser" | "suppl"
        | "app" | "nn" | "cap" | "pág" | "pag" | "págs" | "ziff" | "anm" | "ed" | "eds" | "apt" | "rm" | "v" | "c" | "r"
        | "jan" | "feb" | "febr" | "mar" | "apr" | "jun" | "jul" | "aug" | "sep" | "sept" | "oct" | "okt" | "nov" | "dec" | "dez"
        | "janv" | "févr" | "avr" | "juil" | "déc" | "ene" | "abr" | "ago" | "dic" | "giu" | "lug" | "ott" | "set" | "out" | "fev" => Number,
        // What may end a sentence.
        "inc" | "corp" | "ltd" | "co" | "cos" | "bros" | "plc" | "llc" | "llp" | "intl" | "mfg" | "gmbh" | "jr" | "esq" | "phd"
        | "etc" | "al" | "usw" | "jh" | "jhd" | "uvm" | "ua" | "ea" | "dept" | "dist" | "est" | "div" | "assn" | "inst" | "govt" | "natl" | "comm"
        | "ave" | "blvd" | "rd" | "hwy" | "pkwy" | "sq" | "ln" | "bldg" | "fl" | "mts" | "pl"
        | "ala" | "ariz" | "ark" | "calif" | "cal" | "colo" | "conn" | "del" | "fla" | "ga" | "ill" | "ind" | "kan" | "kans" | "ky" | "la" | "md" | "mass" | "mich"
        | "minn" | "miss" | "mo" | "mont" | "neb" | "nebr" | "nev" | "okla" | "ore" | "pa" | "penn" | "tenn" | "tex" | "va" | "vt" | "wash" | "wis" | "wyo"
        | "mon" | "tue" | "tues" | "wed" | "thu" | "thur" | "thurs" | "fri"
        | "lb" | "lbs" | "oz" | "yd" | "yds" | "hrs" | "min" | "mins" | "sek" | "std" | "mio" | "mrd" | "mill" | "max" | "mph" | "rpm"
        | "appt" | "hosp" | "ref" | "refs" | "anon" | "trans" | "pseud" | "misc" | "temp" | "avg" => Either,
        _ => return None,
    })
}

/// Whether this lower-cased word names a month, in a language that writes the day as an ordinal before it: `3. März`.
pub(crate) fn is_month_after_ordinal(word: &str) -> bool {
    matches!(
        word,
        "januar"
            | "jänner"
            | "februar"
            | "feber"
            | "märz"
            | "april"
            | "mai"
            | "juni"
            | "juli"
            | "august"
            | "september"
            | "oktober"
            | "november"
            | "dezember"
            | "januari"
            | "februari"
            | "marts"
            | "mars"
            | "maj"
            | "december"
            | "desember"
            | "jan"
            | "feb"
            | "mär"
            | "apr"
            | "jun"
            | "jul"
            | "aug"
            | "sep"
            | "sept"
            | "okt"
            | "nov"
            | "dez"
            | "dec"
            | "des"
    )
}
