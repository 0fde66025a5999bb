//! How well a model does on text that it was not trained on.
#![expect(clippy::print_stdout, reason = "what a program of the command line says")]

use docmill_sequence::{Lexicon, Model, NameKind, Names, PartOfSpeech, PartsOfSpeech, labels};

use crate::corpus::Labelled;

/// Prints precision, recall and F1 of each kind of name, and how often names of each probability are right.
pub(crate) fn names(lexicon: &Lexicon, model: &[u8], documents: &[Labelled]) -> anyhow::Result<()> {
    let model = Model::read(model)?;
    let mut counts = [(0, 0, 0); 4];
    let mut bins = [(0, 0); 10];
    for document in documents {
        let span = |words: &Vec<std::ops::Range<usize>>| {
            words.first().map_or(0, |word| word.start)..words.last().map_or(0, |word| word.end)
        };
        let sentences: Vec<_> = document.sentences.iter().map(span).collect();
        let mut gold = Vec::new();
        for (words, labels) in document.sentences.iter().zip(&document.labels) {
            for (first, end, kind) in labels::spans(labels) {
                gold.push((words[first].start..words[end - 1].end, kind));
                counts[kind as usize].1 += 1;
            }
        }
        for name in (Names { lexicon, model: &model }).find(&document.text, &sentences) {
            let kind = name.kind as usize;
            let right = usize::from(gold.contains(&(name.span.clone(), name.kind)));
            counts[kind].0 += 1;
            counts[kind].2 += right;
            let bin = &mut bins[(1u8..10).filter(|tenth| name.probabilities[kind] * 10.0 >= f32::from(*tenth)).count()];
            bin.0 += 1;
            bin.1 += right;
        }
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    for (kind, (found, gold, right)) in NameKind::ALL.iter().zip(counts) {
        let (precision, recall) = (percent(right, found), percent(right, gold));
        println!(
            "{}: precision {precision:.1}, recall {recall:.1}, F1 {:.1}",
            kind.code(),
            percent(2 * right, found + gold)
        );
    }
    for (bin, (found, right)) in bins.iter().enumerate() {
        println!("probability 0.{bin}: {found} names, {:.1} % right", percent(*right, *found));
    }
    Ok(())
}

/// Prints the share of words whose part of speech is right.
pub(crate) fn parts_of_speech(lexicon: &Lexicon, model: &[u8], documents: &[Labelled]) -> anyhow::Result<()> {
    let model = Model::read(model)?;
    let tagger = PartsOfSpeech { lexicon, model: &model };
    let (mut words, mut right) = (0usize, 0usize);
    for document in documents {
        for (sentence, labels) in document.sentences.iter().zip(&document.labels) {
            for (found, label) in tagger.of(&document.text, sentence).into_iter().zip(labels) {
                words += 1;
                right += usize::from(PartOfSpeech::ALL[usize::from(*label)].0 == found);
            }
        }
    }
    println!("{words} words, {:.2} % right", 100.0 * right as f64 / words.max(1) as f64);
    Ok(())
}
