//! Numbers that look random and are the same each time.

/// The generator xorshift64* (Vigna, 2016).
pub(crate) struct Chance {
    state: u64,
}

impl Chance {
    /// From the beginning.
    pub(crate) fn new() -> Self {
        Self { state: 0x2545_F491_4F6C_DD1D }
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number from 0 up to and without 1.
    pub(crate) fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u32 << 24) as f32
    }

    /// Puts the elements into an order by chance.
    pub(crate) fn shuffle<T>(&mut self, elements: &mut [T]) {
        for last in (1..elements.len()).rev() {
            let other = self.next() % (last as u64 + 1);
            elements.swap(last, usize::try_from(other).unwrap_or(last));
        }
    }
}
