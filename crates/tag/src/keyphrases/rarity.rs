//! How much the words of a document weigh from the number of documents that each occurs in.

use docmill_analysis::Analysis;
use docmill_core::Document;
use xxhash_rust::xxh3::xxh3_64;

use super::borders::Names;
use super::candidates::{Counted, language_of, stems};

/// What is counted over all documents.
enum Term<'a> {
    /// All documents of a language have it: how many they are.
    Language,
    /// A stem.
    Stem(&'a str),
    /// A name that was annotated, in all its forms.
    Name(&'a str),
}

impl Term<'_> {
    /// A word of one language is none of another.
    fn hash(&self, language: &str, bytes: &mut Vec<u8>) -> u64 {
        let (kind, text) = match self {
            Self::Language => (0, ""),
            Self::Stem(stem) => (1, *stem),
            Self::Name(name) => (2, *name),
        };
        bytes.clear();
        bytes.extend_from_slice(language.as_bytes());
        bytes.extend([0, kind]);
        bytes.extend_from_slice(text.as_bytes());
        xxh3_64(bytes)
    }
}

/// The hashes of all terms of a document, sorted, each once.
pub(super) fn terms(doc: &Document, analysis: &Analysis) -> Vec<u64> {
    let language = language_of(doc);
    let names = Names::of(doc, analysis, &stems(analysis, language).0);
    let stems = analysis.terms().iter().filter(|term| !term.stop_word).map(|term| Term::Stem(&term.stem));
    let names = names.all.iter().map(|name| Term::Name(&name.label));
    let mut bytes = Vec::new();
    let all = std::iter::once(Term::Language).chain(stems).chain(names);
    let mut hashes: Vec<u64> = all.map(|term| term.hash(language, &mut bytes)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// What the weight of each stem is multiplied with: 1 + `weight` · ln(N / n) for one that n of N documents have. `counts` are
/// the documents with each of the `terms`.
pub(super) fn rarity(counted: &Counted<'_>, terms: &[u64], counts: &[u32], weight: f64) -> Vec<f64> {
    let mut bytes = Vec::new();
    let mut documents = |term: &Term<'_>| {
        let at = terms.binary_search(&term.hash(counted.language, &mut bytes)).ok();
        at.and_then(|at| counts.get(at)).map_or(1.0, |count| f64::from(*count))
    };
    let all = documents(&Term::Language);
    let mut rarity = vec![1.0; counted.stems.len()];
    for (stem, text) in counted.words() {
        rarity[stem] = 1.0 + weight * (all / documents(&Term::Stem(text))).ln().max(0.0);
    }
    for name in counted.sequences.iter().filter_map(|sequence| sequence.name.as_ref()) {
        if let Some(rarity) = rarity.get_mut(name.stem as usize) {
            *rarity = 1.0 + weight * (all / documents(&Term::Name(&name.label))).ln().max(0.0);
        }
    }
    rarity
}
