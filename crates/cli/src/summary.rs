//! The few lines for people at the end of a run.

use docmill_engine::{LedgerEntry, Reason, Report};

use crate::terminal::{size, thousands};

/// How many topics are named.
const TOPICS: usize = 8;
/// How many failures are named.
const FAILURES: usize = 5;

/// Documents, bytes and time; top topics; where the outputs are; what is in quarantine.
pub(crate) fn summary(report: &Report, topic_scheme: &str) -> String {
    let manifest = &report.manifest;
    let counts = &manifest.counts;
    let documents =
        |count: u64| if count == 1 { "1 document".to_owned() } else { format!("{} documents", thousands(count)) };
    let mut text = format!(
        "{} ({}) in {:.2} s: {} written",
        documents(counts.found),
        size(manifest.bytes),
        manifest.seconds,
        thousands(counts.written)
    );
    for (count, name) in
        [(counts.dropped, "dropped"), (counts.duplicates, "duplicates"), (counts.quarantined, "in quarantine")]
    {
        if count > 0 {
            text.push_str(&format!(", {} {name}", thousands(count)));
        }
    }
    text.push('\n');
    if let Some(topics) = report.tags.get(topic_scheme).filter(|topics| !topics.is_empty()) {
        let named: Vec<_> =
            topics.iter().take(TOPICS).map(|(label, count)| format!("{label} ({})", thousands(*count))).collect();
        text.push_str(&format!("Topics: {}\n", named.join(", ")));
    }
    text.push_str(&format!("Outputs in {}:", report.folder.display()));
    for file in &manifest.files {
        let shown = file.path.strip_prefix(&report.folder).unwrap_or(&file.path);
        // One file a document would fill the screen: the folder speaks for them.
        if shown.components().count() == 1 {
            text.push_str(&format!(" {}", shown.display()));
        }
    }
    let folders: std::collections::BTreeSet<_> = manifest
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix(&report.folder).ok())
        .filter(|shown| shown.components().count() > 1)
        .filter_map(|shown| shown.components().next())
        .collect();
    for folder in folders {
        text.push_str(&format!(" {}/", folder.as_os_str().to_string_lossy()));
    }
    text.push_str(" manifest.json\n");
    if counts.quarantined > 0 {
        text.push_str("Quarantine:\n");
        for entry in report.failures.iter().take(FAILURES) {
            text.push_str(&format!("  {}: {}\n", entry.uri, why(entry)));
        }
        let more = counts.quarantined.saturating_sub(FAILURES as u64);
        if more > 0 {
            text.push_str(&format!("  and {} more in quarantine.jsonl\n", thousands(more)));
        }
    }
    text
}

fn why(entry: &LedgerEntry) -> String {
    let error = match &entry.reason {
        Some(Reason::Failed(chain)) => chain.join(": "),
        Some(Reason::Dropped(_) | Reason::Duplicate { .. }) | None => String::new(),
    };
    format!("{} ({})", error, entry.stage.as_deref().unwrap_or_default())
}
