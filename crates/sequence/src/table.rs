//! A map from hashes to small values, filled once and read often.

/// A map from the upper half of a hash to a number; 0 where it has none.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Keys with their values, at or after the place that a key's bits say; key 0 where free. Side by side, since most look-ups wait for
    /// memory.
    slots: Vec<(u32, u32)>,
    shift: u32,
}

impl Table {
    /// A table that holds up to `count` keys.
    pub(crate) fn of(count: usize) -> Self {
        let size = (count * 2).next_power_of_two().max(16);
        Self { slots: vec![(0, 0); size], shift: 32 - size.trailing_zeros() }
    }

    /// The value of the key, to be changed.
    pub(crate) fn entry(&mut self, key: u32) -> &mut u32 {
        let key = key.max(1);
        let mut place = self.place(key);
        while self.slots[place].0 != key && self.slots[place].0 != 0 {
            place = (place + 1) & (self.slots.len() - 1);
        }
        self.slots[place].0 = key;
        &mut self.slots[place].1
    }

    /// The value of the key, 0 where there is none.
    #[inline]
    pub(crate) fn get(&self, key: u32) -> u32 {
        let key = key.max(1);
        let mut place = self.place(key);
        loop {
            match self.slots[place] {
                (found, value) if found == key => return value,
                (0, _) => return 0,
                _ => place = (place + 1) & (self.slots.len() - 1),
            }
        }
    }

    #[inline]
    fn place(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9E37_79B1) >> self.shift) as usize
    }
}
