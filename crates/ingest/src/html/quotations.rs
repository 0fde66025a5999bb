//! Quotations of what the page itself says: an earlier post of the same thread, or a line of the article set large.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashSet, FxHasher};

use super::article::Page;
use super::element::Element;
use super::tree::NodeId;

/// Words in a sequence by which quotations are told.
const SEQUENCE: usize = 5;

impl Page<'_> {
    /// Leaves out the quotations in `root` of which half or more stands before them, and says whether there was one.
    pub(super) fn drop_repeated_quotations(&mut self, root: NodeId) -> bool {
        let nodes = self.tree.nodes();
        let has_quotations = self.tree.subtree(root).any(|id| nodes[id].element == Some(Element::Blockquote));
        if !has_quotations {
            return false;
        }
        let mut dropped = false;
        let mut said: FxHashSet<u64> = FxHashSet::default();
        let mut words: Vec<u64> = Vec::new();
        let mut id = root + 1;
        while id < nodes[root].end {
            if self.marks[id].dropped {
                id = nodes[id].end;
            } else if nodes[id].element == Some(Element::Blockquote) {
                let quoted = self.hashed_words(id);
                let sequences = quoted.windows(SEQUENCE);
                let total = sequences.len();
                let known = sequences.filter(|words| said.contains(&hash(words))).count();
                self.marks[id].dropped = total > 0 && known * 2 >= total;
                dropped |= self.marks[id].dropped;
                id = nodes[id].end;
            } else {
                if nodes[id].element.is_none() {
                    let from = words.len().saturating_sub(SEQUENCE - 1);
                    add_words(self.tree.text(id), &mut words);
                    said.extend(words[from..].windows(SEQUENCE).map(hash));
                }
                id += 1;
            }
        }
        dropped
    }

    fn hashed_words(&self, root: NodeId) -> Vec<u64> {
        let mut words = Vec::new();
        for id in self.tree.subtree(root).filter(|&id| self.tree.element(id).is_none()) {
            add_words(self.tree.text(id), &mut words);
        }
        words
    }
}

fn add_words(text: &str, words: &mut Vec<u64>) {
    words.extend(text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(hash));
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;

    #[test]
    fn a_quotation_of_an_earlier_post_is_left_out_and_one_from_elsewhere_stays() {
        let post = "<p>The wall will run for two kilometres, from the tannery to the bridge, and back again.</p>";
        let reply = "<p>Who is going to sweep it once it stands, if not the mayor and his broom?</p>";
        let quoted = format!("{post}<blockquote>Ann said: {post}</blockquote>{reply}");
        assert_eq!(text(&quoted).matches("tannery").count(), 1);
        let from_elsewhere = format!("{reply}<blockquote>{post}</blockquote>{reply}");
        assert_eq!(text(&from_elsewhere).matches("tannery").count(), 1);
        let short = format!("{post}<blockquote>The wall.</blockquote>{reply}");
        assert!(text(&short).contains("The wall.\n"), "{}", text(&short));
    }
}
