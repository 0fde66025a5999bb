//! The few lines for people at the end of a run.

use std::io::{self, Write};
use std::path::Path;

use docmill_engine::{Counts, LedgerEntry, Reason, Report};

use crate::terminal::{size, thousands};

/// How many topics are named.
const TOPICS: usize = 8;
/// How many failures are named.
const FAILURES: usize = 5;

/// Writes documents, bytes and time; top topics; where the outputs are; what is in quarantine.
pub(crate) fn summary(out: &mut dyn Write, report: &Report, topic_scheme: &str) -> io::Result<()> {
    counts(out, report)?;
    if let Some(topics) = report.tags.get(topic_scheme).filter(|topics| !topics.is_empty()) {
        let named = topics.iter().take(TOPICS).map(|(label, count)| format!("{label} ({})", thousands(*count)));
        writeln!(out, "Topics: {}", named.collect::<Vec<_>>().join(", "))?;
    }
    let folder = &report.folder;
    let paths = report.manifest.files.iter().map(|file| file.path.strip_prefix(folder).unwrap_or(&file.path));
    // Of the files of an output that writes many, the folder is named once.
    let mut names: Vec<_> = paths.map(|path| named_part(path).display().to_string()).collect();
    names.push("manifest.json".to_owned());
    names.dedup();
    writeln!(out, "Outputs in {}: {}", folder.display(), names.join(", "))?;
    quarantine(out, report)
}

fn counts(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let manifest = &report.manifest;
    let counts = &manifest.counts;
    let documents = if counts.found == 1 { "document" } else { "documents" };
    let (found, bytes) = (thousands(counts.found), size(manifest.bytes));
    writeln!(out, "{found} {documents} ({bytes}) in {:.2} s: {}", manifest.seconds, ended(counts))
}

/// How the documents ended: how many are written, and how many of each other kind where there are any.
pub(crate) fn ended(counts: &Counts) -> String {
    let mut ended = format!("{} written", thousands(counts.written));
    let others =
        [(counts.dropped, "dropped"), (counts.duplicates, "duplicates"), (counts.quarantined, "in quarantine")];
    for (count, name) in others.into_iter().filter(|(count, _)| *count > 0) {
        ended.push_str(", ");
        ended.push_str(&thousands(count));
        ended.push(' ');
        ended.push_str(name);
    }
    ended
}

fn named_part(path: &Path) -> &Path {
    if path.is_absolute() {
        return path;
    }
    path.iter().next().map_or(path, Path::new)
}

fn quarantine(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let quarantined = report.manifest.counts.quarantined;
    if quarantined == 0 {
        return Ok(());
    }
    writeln!(out, "Quarantine:")?;
    for entry in report.failures.iter().take(FAILURES) {
        writeln!(out, "  {}: {}", entry.uri, why(entry))?;
    }
    let more = quarantined.saturating_sub(FAILURES as u64);
    if more > 0 {
        writeln!(out, "  and {} more in quarantine.jsonl", thousands(more))?;
    }
    Ok(())
}

fn why(entry: &LedgerEntry) -> String {
    let error = match &entry.reason {
        Some(Reason::Failed(chain)) => chain.join(": "),
        Some(Reason::Dropped(_) | Reason::Duplicate { .. }) | None => String::new(),
    };
    format!("{} ({})", error, entry.stage.as_deref().unwrap_or_default())
}
