//! The files that a PDF file carries.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, ObjectIdentifier};
use rustc_hash::FxHashSet;

/// Most files that are counted, and most nodes of the tree that names them.
const MOST: usize = 10_000;

/// How many files are attached.
pub(crate) fn count(pdf: &Pdf) -> usize {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let names = catalog.and_then(|catalog| catalog.get::<Dict<'_>>(b"Names"));
    let root = names.and_then(|names| names.get::<Dict<'_>>(b"EmbeddedFiles"));
    let mut open: Vec<Dict<'_>> = root.into_iter().collect();
    let mut seen: FxHashSet<ObjectIdentifier> = FxHashSet::default();
    let (mut files, mut nodes) = (0, 0);
    while let Some(node) = open.pop() {
        nodes += 1;
        if nodes > MOST || files >= MOST || node.obj_id().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        // Names and files by turns.
        files += node.get::<Array<'_>>(b"Names").map_or(0, |names| names.raw_iter().take(2 * MOST).count() / 2);
        if let Some(kids) = node.get::<Array<'_>>(b"Kids") {
            open.extend(kids.iter::<Dict<'_>>().take(MOST.saturating_sub(open.len())));
        }
    }
    files
}
