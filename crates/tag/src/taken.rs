//! What other stages have taken: a span is one thing only.

use docmill_core::{ByteSpan, Document};

/// The parts of the text that annotations of some kinds cover, without overlaps and in order.
pub(crate) struct Taken(Vec<ByteSpan>);

impl Taken {
    /// What the annotations of `kinds` cover.
    pub(crate) fn by(doc: &Document, kinds: &[&str]) -> Self {
        let annotations = doc.annotations().iter();
        Self::of(annotations.filter(|found| kinds.contains(&&*found.kind)).map(|found| found.span))
    }

    /// What these spans cover.
    pub(crate) fn of(spans: impl IntoIterator<Item = ByteSpan>) -> Self {
        let mut spans: Vec<ByteSpan> = spans.into_iter().collect();
        spans.sort_unstable();
        spans.dedup_by(|next, kept| {
            let overlaps = next.start < kept.end;
            if overlaps {
                kept.end = kept.end.max(next.end);
            }
            overlaps
        });
        Self(spans)
    }

    /// Whether a part of `span` is taken.
    pub(crate) fn touches(&self, span: ByteSpan) -> bool {
        touches(&self.0, span)
    }

    /// Whether a part of `span` is taken by what is not wholly within it, or all of it.
    pub(crate) fn crosses(&self, span: ByteSpan) -> bool {
        let first = self.0.partition_point(|taken| taken.end <= span.start);
        let mut within = self.0[first..].iter().take_while(|taken| taken.start < span.end);
        within.any(|taken| taken.start < span.start || taken.end > span.end || *taken == span)
    }

    /// Whether all of `span` is taken.
    pub(crate) fn holds(&self, span: ByteSpan) -> bool {
        ending_after(&self.0, span.start).is_some_and(|taken| taken.start <= span.start && span.end <= taken.end)
    }
}

/// Whether a span shares text with one of others, which are in order and without overlaps.
pub(crate) fn touches(others: &[ByteSpan], span: ByteSpan) -> bool {
    ending_after(others, span.start).is_some_and(|other| other.start < span.end)
}

fn ending_after(spans: &[ByteSpan], offset: usize) -> Option<ByteSpan> {
    spans.get(spans.partition_point(|span| span.end <= offset)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use docmill_core::Annotation;

    #[test]
    fn only_the_kinds_that_were_asked_for_are_taken() {
        let mut doc = Document::from_text("test.txt", "US$12m on May 5, 2016");
        doc.annotate(Annotation::new("date", ByteSpan::new(10, 21)));
        doc.annotate(Annotation::new("money", ByteSpan::new(0, 6)));
        doc.annotate(Annotation::new("money", ByteSpan::new(3, 8)));
        let taken = Taken::by(&doc, &["money"]);
        assert!(taken.holds(ByteSpan::new(0, 2)) && taken.holds(ByteSpan::new(2, 8)));
        assert!(taken.touches(ByteSpan::new(7, 9)) && !taken.holds(ByteSpan::new(7, 9)));
        assert!(!taken.touches(ByteSpan::new(8, 21)));
    }

    #[test]
    fn what_holds_a_taken_span_and_more_does_not_cross_it() {
        let taken = Taken::of([ByteSpan::new(4, 8), ByteSpan::new(10, 12)]);
        for (start, end, crosses) in
            [(0, 4, false), (2, 9, false), (4, 9, false), (2, 12, false), (4, 8, true), (5, 9, true), (2, 11, true)]
        {
            assert_eq!(taken.crosses(ByteSpan::new(start, end)), crosses, "{start}..{end}");
        }
    }
}
