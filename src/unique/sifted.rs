//! A table that hardly ever has the key that it is asked for: what refused values read as, which every good row
//! is held against.

use super::{Budget, Fingerprint, Keys};
use crate::error::Result;
use crate::row::Location;

/// Bits that keys set, each its own. All of them lie in the cache next to the processor.
const BITS: usize = 1 << 16;

/// A table of keys behind a quick look at whether a key may be in it.
#[derive(Debug, Default)]
pub struct Sifted {
    keys: Keys,
    /// None before the first key.
    bits: Vec<u64>,
}

impl Sifted {
    /// An empty one, whose table takes no more memory than a budget allows.
    pub fn within(budget: &Budget) -> Self {
        Self { keys: Keys::within(budget), bits: Vec::new() }
    }

    /// Remembers `at` as the place of a new key; for a key that is known, returns its place.
    ///
    /// # Errors
    /// When keys that go beyond the budget cannot be written or read again.
    pub fn insert(&mut self, key: Fingerprint, at: Location) -> Result<Option<Location>> {
        self.bits.resize(BITS / 64, 0);
        let (word, bit) = place(key);
        if let Some(word) = self.bits.get_mut(word) {
            *word |= bit;
        }
        self.keys.insert(key, at)
    }

    /// The place of a key.
    ///
    /// # Errors
    /// When keys that went beyond the budget cannot be read again.
    #[inline]
    pub fn get(&self, key: Fingerprint) -> Result<Option<Location>> {
        let (word, bit) = place(key);
        match self.bits.get(word) {
            Some(word) if word & bit != 0 => self.keys.get(key),
            _ => Ok(None),
        }
    }
}

/// The bit of a key: its word, and the bit in that.
#[inline]
fn place(key: Fingerprint) -> (usize, u64) {
    let place = key.tail() as usize % BITS;
    (place / 64, 1 << (place % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unique::Fingerprinter;

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let print = Fingerprinter::default();
        let at = |row| Location { row, ..Location::default() };
        let key = |row: u32| print.of(&row.to_le_bytes());
        let mut sifted = Sifted::default();
        assert_eq!(sifted.get(key(1)).unwrap(), None);
        for row in 1..100_000 {
            assert_eq!(sifted.insert(key(row), at(row)).unwrap(), None);
        }
        for row in 1..100_000 {
            assert_eq!(sifted.get(key(row)).unwrap(), Some(at(row)));
            assert_eq!(sifted.get(key(row + 100_000)).unwrap(), None);
        }
        assert_eq!(sifted.insert(key(7), at(9)).unwrap(), Some(at(7)));
    }
}
