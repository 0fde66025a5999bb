//! The table of what each part of the pipeline did and took.

use std::io::{self, Write};

use docmill_engine::PartMetrics;

use crate::terminal::{size, thousands};

/// Writes a line for each part that had something to do; nothing where none had.
pub(crate) fn timings(out: &mut dyn Write, parts: &[PartMetrics]) -> io::Result<()> {
    let all: f64 = parts.iter().map(|part| part.seconds).sum();
    let rows: Vec<[String; 7]> = parts
        .iter()
        .filter(|part| part.documents + part.dropped > 0)
        .map(|part| {
            [
                part.id.clone(),
                thousands(part.documents),
                size(part.bytes),
                format!("{:.3} s", part.seconds),
                format!("{:.0}%", 100.0 * share(part, all)),
                thousands(part.dropped),
                thousands(part.failed),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let head = ["part", "documents", "text", "time", "share", "dropped", "failed"].map(str::to_owned);
    let width = |column: usize| rows.iter().chain([&head]).map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 7] = std::array::from_fn(width);
    for row in [&head].into_iter().chain(&rows) {
        write!(out, "{:<width$}", row[0], width = widths[0])?;
        for (cell, width) in row.iter().zip(widths).skip(1) {
            write!(out, "  {cell:>width$}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The part that took most time, and its share of the time of all, 0..=1.
pub(crate) fn slowest(parts: &[PartMetrics]) -> Option<(&str, f64)> {
    let all: f64 = parts.iter().map(|part| part.seconds).sum();
    let slowest = parts.iter().max_by(|a, b| a.seconds.total_cmp(&b.seconds))?;
    (slowest.seconds > 0.0).then(|| (slowest.id.as_str(), share(slowest, all)))
}

fn share(part: &PartMetrics, all: f64) -> f64 {
    if all > 0.0 { part.seconds / all } else { 0.0 }
}
