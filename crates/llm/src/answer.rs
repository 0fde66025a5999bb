//! Reads the text of an answer out of a chat completion, and trusts none of it.

use serde::Deserialize;
use serde_json::Value;

use crate::failure::Failure;

/// The longest text of an answer, in bytes: far more than any summary has.
pub(crate) const LONGEST_TEXT: usize = 32 << 10;
/// How much of what a server said is shown, in characters.
const SHOWN: usize = 300;

/// What is read of a chat completion; servers add much of their own.
#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<Value>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    total_tokens: Option<u64>,
}

/// An answer: its text, and how many tokens question and answer had, where the server says so.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) tokens: Option<u64>,
}

/// The answer in the body of a response.
pub(crate) fn read(body: &[u8]) -> Result<Answer, Failure> {
    let no_completion = |found: String| Failure::NoCompletion { found };
    let completion: Completion = serde_json::from_slice(body)
        .map_err(|error| no_completion(format!("{error}, in {:?}", shown(&String::from_utf8_lossy(body)))))?;
    let Some(Choice { message, finish_reason }) = completion.choices.into_iter().next() else {
        return Err(no_completion(format!("it has no choice: {:?}", shown(&String::from_utf8_lossy(body)))));
    };
    match finish_reason.as_deref() {
        Some("length") => return Err(Failure::CutOff),
        Some("content_filter") => return Err(Failure::Filtered),
        _ => {}
    }
    if let Some(refusal) = message.refusal.filter(|refusal| !refusal.is_empty()) {
        return Err(Failure::Declined { told: shown(&refusal) });
    }
    let content = match message.content {
        Some(Value::String(content)) => content,
        None | Some(Value::Null) => return Err(Failure::Empty),
        Some(_) => return Err(no_completion("its content is no text".to_owned())),
    };
    let text = plain(without_thoughts(&content));
    if text.is_empty() {
        return Err(Failure::Empty);
    }
    if text.len() > LONGEST_TEXT {
        return Err(Failure::TooLarge { limit: LONGEST_TEXT });
    }
    Ok(Answer { text, tokens: completion.usage.and_then(|usage| usage.total_tokens) })
}

/// Models that think aloud do so between these marks, before they answer.
fn without_thoughts(content: &str) -> &str {
    let content = content.trim_start();
    if !content.starts_with("<think>") {
        return content;
    }
    content.split_once("</think>").map_or("", |(_, answer)| answer)
}

/// Without control characters, and with one line break at most between its lines.
fn plain(content: &str) -> String {
    let content = content.replace("\r\n", "\n");
    let clean: String = content.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    clean.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What the body of an error says: the message of its JSON, or its beginning.
pub(crate) fn explanation(body: &[u8]) -> String {
    let message = |value: &Value| {
        let error = value.get("error").unwrap_or(value);
        let message = error.get("message").or_else(|| value.get("detail")).unwrap_or(error);
        message.as_str().map(ToOwned::to_owned)
    };
    let said = serde_json::from_slice(body).ok().and_then(|value: Value| message(&value));
    shown(&said.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned()))
}

/// Whether the body of an error says that what was paid for is used up, which no waiting mends.
pub(crate) fn is_used_up(body: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return false };
    ["code", "type"].iter().any(|key| value["error"][key] == "insufficient_quota")
}

/// The beginning of a text on one line.
pub(crate) fn shown(text: &str) -> String {
    let plain: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(body: &str) -> Result<String, Failure> {
        read(body.as_bytes()).map(|answer| answer.text)
    }

    fn with(message: &str, finish: &str) -> String {
        format!(r#"{{"id": "x", "choices": [{{"index": 0, "message": {message}, "finish_reason": {finish}}}]}}"#)
    }

    #[test]
    fn the_text_is_that_of_the_first_choice_without_thoughts_and_control_characters() {
        let check = |content: &str, expected: &str| {
            let message = serde_json::json!({"role": "assistant", "content": content}).to_string();
            assert_eq!(read_text(&with(&message, "\"stop\"")).as_deref(), Ok(expected));
        };
        check(" The port grew.\n\n\nIt is wide. ", "The port grew.\nIt is wide.");
        check("<think>\nWhat grew?\n</think>\n\nThe port grew.", "The port grew.");
        check("The\u{1b}[2J port\r\ngrew.", "The [2J port\ngrew.");
    }

    #[test]
    fn an_answer_that_is_none_says_what_it_is() {
        let message = r#"{"content": "The port"}"#;
        assert_eq!(read_text(&with(message, "\"length\"")), Err(Failure::CutOff));
        assert_eq!(read_text(&with(message, "\"content_filter\"")), Err(Failure::Filtered));
        let declined = Failure::Declined { told: "I will not.".to_owned() };
        assert_eq!(read_text(&with(r#"{"content": null, "refusal": "I will not."}"#, "\"stop\"")), Err(declined));
        for empty in [r#"{"content": null}"#, r#"{"content": " \n"}"#, "{}", r#"{"content": "<think>and so on"}"#] {
            assert_eq!(read_text(&with(empty, "null")), Err(Failure::Empty), "{empty}");
        }
        let long = format!(r#"{{"content": "{}"}}"#, "a".repeat(LONGEST_TEXT + 1));
        assert_eq!(read_text(&with(&long, "\"stop\"")), Err(Failure::TooLarge { limit: LONGEST_TEXT }));
        for other in ["<html>Welcome</html>", "[]", r#"{"choices": []}"#, "{}", &with(r#"{"content": 7}"#, "null")] {
            assert!(matches!(read_text(other), Err(Failure::NoCompletion { .. })), "{other}");
        }
    }

    #[test]
    fn an_error_is_told_in_the_words_of_the_server() {
        let check = |body: &str, expected: &str| assert_eq!(explanation(body.as_bytes()), expected);
        check(r#"{"error": {"message": "No such model.", "type": "invalid_request_error"}}"#, "No such model.");
        check(r#"{"error": "model not\n found"}"#, "model not found");
        check(r#"{"detail": "Not Found"}"#, "Not Found");
        check("<h1>Bad\u{7} Gateway</h1>", "<h1>Bad Gateway</h1>");
        assert_eq!(explanation("é".repeat(1000).as_bytes()).chars().count(), SHOWN + 1);
        assert!(is_used_up(br#"{"error": {"code": "insufficient_quota"}}"#));
        assert!(!is_used_up(br#"{"error": {"code": "rate_limit_exceeded"}}"#));
    }
}
