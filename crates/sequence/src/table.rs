//! A map from hashes to small values: two arrays, filled once and read often.

/// A map from the upper half of a hash to a number; 0 where it has none.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Keys at or after the place that their bits say, 0 where free.
    keys: Vec<u32>,
    values: Vec<u32>,
    shift: u32,
}

impl Table {
    /// A table that holds up to `count` keys.
    pub(crate) fn of(count: usize) -> Self {
        let size = (count * 2).next_power_of_two().max(16);
        Self { keys: vec![0; size], values: vec![0; size], shift: 32 - size.trailing_zeros() }
    }

    /// The value of the key, to be changed.
    pub(crate) fn entry(&mut self, key: u32) -> &mut u32 {
        let key = key.max(1);
        let mut place = self.place(key);
        while self.keys[place] != key && self.keys[place] != 0 {
            place = (place + 1) & (self.keys.len() - 1);
        }
        self.keys[place] = key;
        &mut self.values[place]
    }

    /// The value of the key, 0 where there is none.
    #[inline]
    pub(crate) fn get(&self, key: u32) -> u32 {
        let key = key.max(1);
        let mut place = self.place(key);
        loop {
            let found = self.keys[place];
            if found == key {
                return self.values[place];
            }
            if found == 0 {
                return 0;
            }
            place = (place + 1) & (self.keys.len() - 1);
        }
    }

    #[inline]
    fn place(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9E37_79B1) >> self.shift) as usize
    }
}
