//! What the tests of all components share.

use docmill_core::{
    Block, BlockKind, BuildContext, Component, Context, CorpusContext, Document, Filter, Role, Stage, Verdict,
};

use std::sync::Arc;

pub(crate) fn stage(component: impl Component) -> Arc<dyn Stage> {
    match component.build(&BuildContext::default()) {
        Ok(Role::Stage(stage)) => stage,
        Ok(_) => panic!("not a stage"),
        Err(errors) => panic!("{errors:?}"),
    }
}

pub(crate) fn filter(component: impl Component) -> Arc<dyn Filter> {
    match component.build(&BuildContext::default()) {
        Ok(Role::Filter(filter)) => filter,
        Ok(_) => panic!("not a filter"),
        Err(errors) => panic!("{errors:?}"),
    }
}

/// The text that the component makes of `text`, whose paragraphs are parted by empty lines.
pub(crate) fn normalized(component: impl Component, text: &str) -> String {
    normalized_doc(component, Document::from_text("test.txt", text)).text().to_owned()
}

/// The text that the component makes of a text that is one block of `kind`.
pub(crate) fn normalized_as(kind: BlockKind, component: impl Component, text: &str) -> String {
    let mut doc = Document::from_text("test.txt", text);
    doc.set_blocks(vec![Block::new(kind, 0..text.len())]);
    normalized_doc(component, doc).text().to_owned()
}

pub(crate) fn normalized_doc(component: impl Component, mut doc: Document) -> Document {
    stage(component).apply(&mut doc, &Context::default()).expect("the stage takes every text");
    doc
}

/// What a filter says of a text, and the document with what it measured.
pub(crate) fn judged(component: impl Component, text: &str) -> (Verdict, Document) {
    let mut doc = Document::from_text("test.txt", text);
    let verdict = filter(component).judge(&mut doc, &Context::default()).expect("the filter takes every text");
    (verdict, doc)
}

/// The rule by which a filter drops a text, if it does.
pub(crate) fn rule(verdict: &Verdict) -> Option<&str> {
    match verdict {
        Verdict::Drop(reason) => Some(&reason.rule),
        Verdict::Keep | Verdict::Duplicate { .. } => None,
    }
}

/// The verdicts of a corpus-wide stage that may hold `memory` bytes, and the documents after it.
pub(crate) fn corpus_wide(component: impl Component, docs: Vec<Document>, memory: u64) -> Vec<(Verdict, Document)> {
    let stage = match component.build(&BuildContext::default()) {
        Ok(Role::Corpus(stage)) => stage,
        Ok(_) => panic!("not a corpus-wide stage"),
        Err(errors) => panic!("{errors:?}"),
    };
    let cx = Context::default();
    let mut aggregate = stage.aggregate(&CorpusContext { memory }).expect("it begins");
    for (position, doc) in (0..).zip(&docs) {
        let observation = stage.observe(doc, &cx).expect("it takes every document");
        aggregate.add(position, &doc.source().uri, &observation).expect("it takes every document");
    }
    let mut findings = aggregate.conclude().expect("it concludes");
    let judge = |(position, mut doc): (u64, Document)| {
        let finding = findings.finding(position).expect("it was observed");
        (stage.apply(&finding, &mut doc, &cx).expect("it takes every document"), doc)
    };
    (0..).zip(docs).map(judge).collect()
}
