//! A question: what is asked of a server, as the bytes of a request.

use serde_json::{Map, Value, json};

use crate::llm::Llm;

/// Fields of the request that have options of their own, or would change what an answer is.
pub(crate) const OURS: [&str; 7] = ["max_tokens", "messages", "model", "n", "seed", "stream", "temperature"];
/// About so many bytes make a token.
const BYTES_A_TOKEN: u64 = 4;

/// The body of a request for a chat completion.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) body: Vec<u8>,
    /// About how many tokens question and answer have.
    pub(crate) tokens: u64,
}

impl Question {
    /// Asks with the options of the stage. The same question always has the same bytes.
    pub(crate) fn new(options: &Llm, system: &str, prompt: &str) -> Self {
        let mut messages = Vec::new();
        if !system.is_empty() {
            messages.push(json!({"role": "system", "content": system}));
        }
        messages.push(json!({"role": "user", "content": prompt}));
        let mut fields: Map<String, Value> =
            options.extra.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        fields.insert("model".to_owned(), options.model.as_str().into());
        fields.insert("messages".to_owned(), messages.into());
        let settings = [
            ("temperature", options.temperature.map(Value::from)),
            ("seed", options.seed.map(Value::from)),
            ("max_tokens", options.max_tokens.map(Value::from)),
        ];
        for (name, value) in settings {
            fields.extend(value.map(|value| (name.to_owned(), value)));
        }
        let asked = (system.len() + prompt.len()) as u64 / BYTES_A_TOKEN;
        let tokens = asked + options.max_tokens.map_or(0, u64::from);
        Self { body: Value::Object(fields).to_string().into_bytes(), tokens }
    }

    /// Names the question to a server.
    pub(crate) fn hash(&self, server: &str) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(server.len() as u64).to_le_bytes()).update(server.as_bytes()).update(&self.body);
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_the_same_bytes_and_leaves_out_what_is_not_set() {
        let options = Llm { model: "small".to_owned(), temperature: None, ..Llm::default() };
        let question = Question::new(&options, "", "Say it.");
        let body = r#"{"messages":[{"content":"Say it.","role":"user"}],"model":"small"}"#;
        assert_eq!(
            serde_json::from_slice::<Value>(&question.body).unwrap(),
            serde_json::from_str::<Value>(body).unwrap()
        );
        assert_eq!(question.body, Question::new(&options, "", "Say it.").body);
        assert_ne!(question.hash("http://a"), question.hash("http://b"));
    }

    #[test]
    fn settings_and_extra_fields_are_sent() {
        let mut options = Llm { model: "small".to_owned(), seed: Some(7), max_tokens: Some(90), ..Llm::default() };
        options.extra.insert("top_p".to_owned(), json!(0.5));
        let question = Question::new(&options, "Be short.", "Say it.");
        let body: Value = serde_json::from_slice(&question.body).unwrap();
        assert_eq!(body["messages"][0], json!({"role": "system", "content": "Be short."}));
        assert_eq!((&body["temperature"], &body["seed"]), (&json!(0.0), &json!(7)));
        assert_eq!((&body["max_tokens"], &body["top_p"]), (&json!(90), &json!(0.5)));
        assert_eq!(question.tokens, 4 + 90);
    }
}
