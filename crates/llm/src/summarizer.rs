//! The stage: a document's text to questions, and their answers to its summary.

use docmill_analysis::analysis;
use docmill_core::{Context, Document, Stage, StageError, Summary};

use crate::OnUnsupported;
use crate::flight::Flights;
use crate::llm::{Llm, Longer};
use crate::parts::parts;
use crate::prompt::{Place, Prompt};
use crate::question::Question;
use crate::server::Server;
use crate::support::{Checked, check};

/// The measure of the share of a summary's sentences that have support in the text.
const SUPPORTED: &str = "llm.supported";

/// Summarizes documents by a server's answers.
pub(crate) struct Summarizer {
    options: Llm,
    system: Prompt,
    prompt: Prompt,
    join: Prompt,
    server: Server,
    flights: Flights,
}

/// What prompts are filled with beside the text.
struct About {
    title: String,
    language: String,
    length: String,
    sentences: String,
    words: String,
}

impl Summarizer {
    /// With the prompts `system`, `prompt` and `join` of these options.
    pub(crate) fn new(options: Llm, [system, prompt, join]: [Prompt; 3], server: Server) -> Self {
        Self { options, system, prompt, join, server, flights: Flights::default() }
    }

    /// The summary of a text, or nothing where it has no words. The summaries of parts are joined, if need be in rounds, of which each
    /// must leave less to join.
    fn answer(&self, doc: &Document, cx: &Context) -> Result<Option<String>, StageError> {
        let about = self.about(doc);
        let mut prompt = &self.prompt;
        let mut joined: Option<Document> = None;
        loop {
            let doc = joined.as_ref().unwrap_or(doc);
            let spans = parts(doc, &analysis(doc), self.options.part);
            self.refuse(doc, spans.len())?;
            let count = spans.len();
            let mut answers = Vec::with_capacity(count);
            for (span, number) in spans.into_iter().zip(1..) {
                let text = span.of(doc.text()).unwrap_or_default();
                answers.push(self.ask(prompt, &about, text.trim(), [number, count], cx)?);
            }
            if count <= 1 {
                return Ok(answers.pop());
            }
            let text = answers.join("\n\n");
            if text.len() >= doc.text().len() {
                return Err(StageError::Failed("the summaries of the parts are no shorter than the text".to_owned()));
            }
            let mut next = Document::from_text("", &text);
            next.set_language(about.language.as_str());
            (joined, prompt) = (Some(next), &self.join);
        }
    }

    /// An error where the text has more parts than allowed.
    fn refuse(&self, doc: &Document, parts: usize) -> Result<(), StageError> {
        let characters = || format!("{} characters", doc.text().chars().count());
        if parts > 1 && self.options.longer == Longer::Refuse {
            let value = format!("{} characters", self.options.part);
            return Err(StageError::Limit { limit: "part", value, found: format!("a text of {}", characters()) });
        }
        if parts > self.options.most_parts {
            let found = format!("a text of {} in {parts} parts", characters());
            return Err(StageError::Limit { limit: "most_parts", value: self.options.most_parts.to_string(), found });
        }
        Ok(())
    }

    /// Asks once, whoever asks; what was answered before is not asked again.
    fn ask(
        &self,
        prompt: &Prompt,
        about: &About,
        text: &str,
        [part, parts]: [usize; 2],
        cx: &Context,
    ) -> Result<String, StageError> {
        let (part, parts) = (part.to_string(), parts.to_string());
        let value = |place| match place {
            Place::Text => text,
            Place::Title => &about.title,
            Place::Language => &about.language,
            Place::Length => &about.length,
            Place::Sentences => &about.sentences,
            Place::Words => &about.words,
            Place::Part => &part,
            Place::Parts => &parts,
        };
        let question = Question::new(&self.options, &self.system.filled(value), &prompt.filled(value));
        let server = self.server.url();
        let hash = question.hash(&server);
        let Some(answers) = cx.answers() else {
            return self.server.ask(&question, &hash, cx).map(|answer| answer.text);
        };
        let _flight = self.flights.begin(hash, cx)?;
        let asked: [&[u8]; 3] = [b"chat completion", server.as_bytes(), &question.body];
        let kept = answers.answer(&asked).and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(text) = kept {
            return Ok(text);
        }
        let answer = self.server.ask(&question, &hash, cx)?;
        answers.keep(&asked, answer.text.as_bytes());
        Ok(answer.text)
    }

    fn about(&self, doc: &Document) -> About {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let title = doc.title().or_else(|| doc.meta.text("title")).unwrap_or_default();
        About {
            title: title.to_owned(),
            language: doc.language().unwrap_or_default().to_owned(),
            length: self.options.length(),
            sentences: number(self.options.sentences),
            words: number(self.options.words),
        }
    }
}

impl Stage for Summarizer {
    fn apply(&self, doc: &mut Document, cx: &Context) -> Result<(), StageError> {
        let Some(answer) = self.answer(doc, cx)? else { return Ok(()) };
        let Checked { sentences, unsupported } = check(doc, &answer, self.options.support, cx)?;
        let count = sentences.len() + unsupported.len();
        if let (OnUnsupported::Fail, Some(first)) = (self.options.unsupported, unsupported.first()) {
            let without = unsupported.len();
            let message = format!(
                "{without} of {count} sentences of the summary have no support: {} ({})",
                first.text, first.why
            );
            return Err(StageError::Failed(message));
        }
        if count > 0 {
            doc.measure(SUPPORTED, sentences.len() as f64 / count as f64);
        }
        let summary = Summary { text: answer, ..Summary::of(sentences) };
        match self.options.unsupported {
            OnUnsupported::Mark | OnUnsupported::Fail => doc.summarize(Summary { unsupported, ..summary }),
            OnUnsupported::Keep => doc.summarize(summary),
            OnUnsupported::Drop if unsupported.is_empty() => doc.summarize(summary),
            OnUnsupported::Drop if summary.sentences.is_empty() => {
                doc.warn("no sentence of the model's summary has support in the text: there is no summary");
            }
            OnUnsupported::Drop => doc.summarize(Summary::of(summary.sentences)),
        }
        Ok(())
    }
}
