//! Keys, tokens and passwords.
//!
//! Those of known services are told by how they begin. Others stand behind words such as `password:` or `api_key =`, and have so many different
//! characters as nothing that is written by hand (Shannon's entropy).

use std::sync::LazyLock;

use docmill_core::ByteSpan;
use regex::Regex;

use super::{Values, pattern};

/// Least bits a character of what stands behind `token =` and the like.
const ENTROPY: f64 = 3.0;
/// Longest block of a private key, in bytes.
const BLOCK: usize = 16 * 1024;

/// How the keys of services look, as their documentation says.
static KNOWN: LazyLock<Regex> = LazyLock::new(|| {
    let forms = [
        // Amazon, Google, Stripe, SendGrid
        r"A(?:KI|SI)A[A-Z0-9]{16}",
        r"AIza[0-9A-Za-z_-]{35}",
        r"[rs]k_(?:live|test)_[0-9A-Za-z]{16,99}",
        r"SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}",
        // GitHub, GitLab, Slack
        r"gh[opsur]_[0-9A-Za-z]{36,99}",
        r"github_pat_[0-9A-Za-z_]{60,99}",
        r"glpat-[0-9A-Za-z_-]{20,64}",
        r"xox[abeprs]-[0-9A-Za-z-]{10,99}",
        // Package registries, and services of language models
        r"npm_[0-9A-Za-z]{36}",
        r"pypi-[0-9A-Za-z_-]{50,250}",
        r"hf_[0-9A-Za-z]{34}",
        r"sk-[0-9A-Za-z_-]{32,200}",
        // JSON Web Tokens (RFC 7519)
        r"eyJ[0-9A-Za-z_-]{10,2000}\.eyJ[0-9A-Za-z_-]{10,2000}\.[0-9A-Za-z_-]{10,1000}",
    ];
    pattern(&format!(r"\b(?:{})", forms.join("|")))
});

/// The name of a secret, and what it is said to be.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)(?:(?P<password>pass(?:word|wd|phrase)|passwort|kennwort|contraseña|senha|mot de passe)|api[ _-]?key|access[ _-]?key|secret(?:[ _-]?key)?|auth[ _-]?token|token|credentials?)["']?[ \t]*(?::=|=>|:|=)[ \t]*["']?(?P<secret>[^\s"'`,;<>{}\\]{8,200})"#,
    )
});

/// The password in an address, as in `postgres://app:secret@host`.
static IN_ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,64}:(?P<secret>[^\s/@]{3,128})@"));

static KEY_BEGINS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"-----BEGIN (?:[A-Z]{1,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----"));
static KEY_ENDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"-----END (?:[A-Z]{1,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----"));

/// The secrets of a text, in order and apart from each other.
pub(super) fn secrets(text: &str) -> Values {
    let mut spans: Vec<ByteSpan> = KNOWN.find_iter(text).map(|found| found.range().into()).collect();
    for named in NAMED.captures_iter(text) {
        let Some(secret) = named.name("secret") else { continue };
        let value = secret.as_str().trim_end_matches(['.', ')', ']', '!', '?']);
        if if named.name("password").is_some() { is_password(value) } else { is_token(value) } {
            spans.push(ByteSpan::new(secret.start(), secret.start() + value.len()));
        }
    }
    let in_addresses = IN_ADDRESS.captures_iter(text).filter_map(|address| address.name("secret"));
    spans.extend(
        in_addresses.filter(|secret| !is_placeholder(secret.as_str())).map(|secret| ByteSpan::from(secret.range())),
    );
    for begin in KEY_BEGINS.find_iter(text) {
        let room = begin.end().saturating_add(BLOCK).min(text.len());
        let room = (room..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        // A block without an end is secret as far as it goes.
        let end = KEY_ENDS.find(&text[begin.end()..room]).map_or(begin.end(), |end| begin.end() + end.end());
        spans.push(ByteSpan::new(begin.start(), end));
    }
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    spans.dedup_by(|next, before| next.overlaps(*before));
    spans.into_iter().map(|span| (span, super::of(text, span).to_owned())).collect()
}

/// Whether this is written in place of a secret.
fn is_placeholder(value: &str) -> bool {
    let small = value.to_lowercase();
    let is_said = ["example", "changeme", "placeholder", "redacted", "your", "xxxx", "****", "...", "$("];
    value.starts_with('$') || value.starts_with('%') || is_said.iter().any(|said| small.contains(said))
}

fn is_password(value: &str) -> bool {
    let has_others = value.chars().any(|c| !c.is_alphabetic());
    has_others && entropy(value) >= 2.5 && !is_placeholder(value) && !value.contains("://")
}

fn is_token(value: &str) -> bool {
    let has_digits = value.bytes().any(|byte| byte.is_ascii_digit());
    let has_letters = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    value.len() >= 16
        && has_digits
        && has_letters
        && entropy(value) >= ENTROPY
        && !is_placeholder(value)
        && !value.contains("://")
}

/// Bits a character, by how often each stands in the text (Shannon 1948).
fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::<char, u32>::new();
    for c in text.chars() {
        *counts.entry(c).or_default() += 1;
    }
    let length = f64::from(counts.values().sum::<u32>());
    counts.values().map(|count| f64::from(*count) / length).map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        secrets(text).into_iter().map(|(_, secret)| secret).collect()
    }

    /// A text with `{}` for what a key of a service has behind its beginning. Written so that no scanner takes this file for a leak.
    fn key(beginning: &str, length: usize) -> String {
        let letters = "k7Qm2ZtR9xWbL4vN8sJc3HfY6dGpT1eA5uKoXi0M";
        beginning.to_owned() + &letters.chars().cycle().take(length).collect::<String>()
    }

    #[test]
    fn keys_of_services_are_told_by_their_beginning() {
        let capitals = format!("AKIA{}", "Q7ZK2MTR9XWBL4VN");
        let token = format!("{}.{}.{}", key("eyJ", 20), key("eyJ", 30), key("", 24));
        for secret in [
            capitals,
            key("AIza", 35),
            key("sk_live_", 24),
            key("ghp_", 36),
            key("xoxb-", 24),
            key("glpat-", 20),
            token,
        ] {
            assert_eq!(found(&format!("It is {secret}, since May.")), [secret.as_str()]);
        }
    }

    #[test]
    fn what_is_named_a_secret_is_one_where_it_looks_like_one() {
        let token = key("", 24);
        assert_eq!(found(&format!("API_KEY={token}")), [token.as_str()]);
        assert_eq!(found(&format!("\"auth_token\": \"{token}\",")), [token.as_str()]);
        assert_eq!(found("The password: tide-9-Gate!mist."), ["tide-9-Gate!mist"]);
        assert_eq!(found("postgres://app:n0rthPier@db.example/ships"), ["n0rthPier"]);
        for text in [
            "the secret: patience and tides",
            "password: ********",
            "password=${DB_PASSWORD}",
            "token: your-token-goes-here-1234",
            "api key = aaaaaaaaaaaaaaaa1111",
            "Password: required",
            "The token: https://docs.example/tokens/2024",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_private_key_is_one_secret() {
        let block = format!("-----BEGIN RSA {0} KEY-----\n{1}\n-----END RSA {0} KEY-----", "PRIVATE", key("", 64));
        assert_eq!(found(&format!("Keep it:\n{block}\nas it is.")), [block.as_str()]);
        let cut = format!("-----BEGIN {} KEY-----", "PRIVATE");
        assert_eq!(found(&format!("{cut}\nMII")), [cut.as_str()]);
    }
}
