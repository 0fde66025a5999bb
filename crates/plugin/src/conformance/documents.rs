//! The documents and options on which stages are tried.

use docmill_core::Document;
use serde_json::{Value, json};

/// A line before a text, in ASCII.
pub(super) const PLAIN: &str = "- - - -\n\n";
/// A line as long in characters, which bytes, code points and UTF-16 units count differently: none of its characters is a letter.
pub(super) const WIDE: &str = "— — 🜂 🜂\n\n";

/// A document on which a stage is tried.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) text: String,
    /// Whether it is prose, in which stages may find something.
    pub(super) is_prose: bool,
}

impl Sample {
    fn new(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.to_owned(), text: text.into(), is_prose: false }
    }

    fn prose(name: &str, text: impl Into<String>) -> Self {
        Self { is_prose: true, ..Self::new(name, text) }
    }

    /// The same after a line.
    pub(super) fn after(&self, line: &str) -> Self {
        Self { text: format!("{line}{}", self.text), ..self.clone() }
    }

    /// As a document.
    pub(super) fn document(&self) -> Document {
        let uri = format!("{}.txt", self.name.replace(' ', "-"));
        let mut doc = Document::from_text(&uri, &self.text);
        doc.enter(&std::sync::Arc::from("tested"));
        doc
    }
}

const NOTICE: &str = "Notice to Mariners\n\nThe harbor authority of Veldhaven closed the north channel on 4 May 2019 after the dredger \
Anna Maria lost an anchor there. Captain Jonas Okoro said that the work would cost about $1.2 million. \"Nobody was hurt,\" he told \
the Coastal Monitor. Ships are asked to use the rail bridge passage, or to write to pilots@veldhaven.example.\n\nThe channel opens \
again when the anchor is found. The harbor, the rail and the town depend on it.\n";

/// The documents, those of the user after those of the suite.
pub(super) fn samples(own: &[(String, String)]) -> Vec<Sample> {
    let mut samples = vec![
        Sample::prose("prose", NOTICE),
        Sample::prose("prose with accents", NOTICE.replace('o', "ö").replace("harbör", "harbor")),
        Sample::new("empty", ""),
        Sample::new("white space", " \t\n\r\n \u{a0}\u{2003}\n"),
        Sample::new("one letter", "a"),
        Sample::new("line ends of Windows", NOTICE.replace('\n', "\r\n")),
        Sample::new("no line end", NOTICE.trim_end()),
        Sample::new("one line", NOTICE.replace('\n', " ").repeat(40)),
        Sample::new("many lines", "harbor\n".repeat(5000)),
        Sample::new(
            "odd Unicode",
            "e\u{301}te\u{301} \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} \u{1F1EB}\u{1F1F7} \u{fb01}sh \u{10ffff} \u{e000} \
             \u{2028}\u{2029} \u{feff}harbor\u{200b}rail \u{1D573}\u{1D586}\u{1D597} ǅ ß İ ı",
        ),
        Sample::new(
            "right to left",
            "نُقِلَ الميناءُ إلى الشمال في ٤ مايو ٢٠١٩.\n\nהנמל נסגר בגלל סערה, והרכבת \u{202b}harbor 12\u{202c} המשיכה.",
        ),
        Sample::new("East Asian", "港は五月に閉鎖された。鉄道は動いている。\n\n항구는 닫혔다. 港口關閉了。"),
        Sample::new("NUL and control characters", "har\0bor \u{1}\u{1b}[31mrail\u{7f}\u{85}\0\n"),
        Sample::new(
            "quotes and escapes",
            "{\"type\":\"done\"}\n\\n \\u0000 ' \" </script> & &amp; %s {0} $(id) `id`\n",
        ),
    ];
    samples.extend(own.iter().map(|(name, text)| Sample::prose(name, text.clone())));
    samples
}

/// Documents that take long, in two ways.
pub(super) fn large() -> Vec<Sample> {
    vec![Sample::new("large", NOTICE.repeat(1500)), Sample::new("large and wide", "港 harbor 🜂 ".repeat(30_000))]
}

/// A value that does not fit the schema of an option, where that is easily told.
pub(super) fn misfit(schema: &Value) -> Option<Value> {
    match schema["type"].as_str()? {
        "string" | "boolean" | "integer" | "number" | "object" => Some(json!([[[]]])),
        "array" => Some(json!({"no": "list"})),
        _ => None,
    }
}
