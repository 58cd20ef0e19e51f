//! The one check that needs two rows: who has had this key before.
//!
//! A key is remembered as a 96-bit fingerprint under a secret of the run (SipHash-1-3, 128 bits,
//! cut), with the row that had it: 16 bytes, 19 to 22 with the gaps between them (more in a table of a few
//! thousand, and where more keys were expected than came). Two different keys share a fingerprint with a chance of about 10^14 / 2^97 for ten million
//! people, below 10^-15, and nobody can craft a pair without the secret.
//!
//! Keys lie in memory in the order of their fingerprints (`ordered.rs`). When that goes beyond the
//! budget of the run (`budget.rs`), they are written as a sorted run into a file (`spilled.rs`), and a
//! small filter (`filter.rs`) tells for nearly every new key that it need not be looked for there. What
//! is answered is the same with any budget.

mod budget;
mod filter;
mod ordered;
mod sifted;
mod spilled;

use siphasher::sip128::SipHasher13;

pub use self::budget::{Budget, LEAST};
use self::ordered::{Ordered, Seen};
pub use self::sifted::Sifted;
use self::spilled::Spilled;
use crate::error::Result;
use crate::row::Location;

/// A key, as it is remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint([u32; 3]);

impl Ord for Fingerprint {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Fingerprint {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Makes the fingerprints that keys are remembered by.
pub type Fingerprinter = Printer<96>;

/// Makes fingerprints under one secret. All but the lowest `WIDTH` bits of each are zero.
#[derive(Clone, Copy, Debug)]
pub struct Printer<const WIDTH: u32> {
    secret: [u64; 2],
}

impl<const WIDTH: u32> Default for Printer<WIDTH> {
    /// A fresh secret, from the system's randomness through the standard library's hash keys.
    fn default() -> Self {
        use std::hash::BuildHasher as _;
        let state = std::hash::RandomState::new();
        Self { secret: [state.hash_one(1_u8), state.hash_one(2_u8)] }
    }
}

impl<const WIDTH: u32> Printer<WIDTH> {
    /// The fingerprint of a key.
    #[inline]
    pub fn of(&self, key: &[u8]) -> Fingerprint {
        let hash = SipHasher13::new_with_keys(self.secret[0], self.secret[1]).hash(key);
        let low = hash.h1.to_le_bytes();
        let high = hash.h2.to_le_bytes();
        let word = |bytes: [u8; 4]| u32::from_le_bytes(bytes);
        let [first, second, third] = [
            word([low[0], low[1], low[2], low[3]]),
            word([low[4], low[5], low[6], low[7]]),
            word([high[0], high[1], high[2], high[3]]),
        ];
        Fingerprint([
            first & mask(WIDTH),
            second & mask(WIDTH.saturating_sub(32)),
            third & mask(WIDTH.saturating_sub(64)),
        ])
    }
}

/// The lowest bits of a word, at most all of them.
const fn mask(bits: u32) -> u32 {
    if bits >= 32 { u32::MAX } else { (1 << bits) - 1 }
}

impl Fingerprint {
    /// The fingerprint of this key together with another one; the order matters.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let turned = [other.0[1].rotate_left(7), other.0[2].rotate_left(13), other.0[0]];
        Self(std::array::from_fn(|word| {
            let pair = self.0.get(word).zip(turned.get(word));
            pair.map_or(0, |(mine, theirs)| mine ^ theirs)
        }))
    }

    /// The part of it that says where in a table it goes, and the first in its order.
    fn head(self) -> u64 {
        u64::from(self.0[0]) | u64::from(self.0[1]) << 32
    }

    /// The rest of it.
    fn tail(self) -> u32 {
        self.0[2]
    }

    /// Its place in the order of all fingerprints.
    fn rank(self) -> u128 {
        u128::from(self.head()) << 32 | u128::from(self.tail())
    }
}

/// The keys of one field that were seen, each with a place.
pub type Keys = Table<64>;

/// The keys of one field that were seen, each with a place. `PLACES` bits of a key say where in the
/// table it goes.
#[derive(Debug, Default)]
pub struct Table<const PLACES: u32> {
    memory: Ordered<PLACES>,
    /// Keys for which there was no room in memory. What memory says of a key is newer.
    spilled: Spilled,
    budget: Budget,
    /// Where the rows of each input begin in the numbering of places.
    starts: Vec<(u16, u32)>,
    /// The highest place of a key.
    highest: u32,
    /// How many keys there will be, as far as anybody knows.
    expected: usize,
}

impl<const PLACES: u32> Table<PLACES> {
    /// An empty one, which takes no more memory than a budget allows.
    pub fn within(budget: &Budget) -> Self {
        Self { budget: budget.clone(), ..Self::default() }
    }

    /// Says that the keys so far came from `read` parts of `all` that come. A table with a budget takes nothing
    /// beforehand.
    pub fn foresee(&mut self, read: u64, all: u64) {
        let keys = self.memory.len() as u128 * u128::from(all) / u128::from(read.max(1));
        self.expected = usize::try_from(keys).unwrap_or_default();
    }

    /// Remembers `at` as the place of a new key; for a key that is known, returns its place.
    ///
    /// # Errors
    /// When keys that go beyond the budget cannot be written or read again.
    #[inline]
    pub fn insert(&mut self, key: Fingerprint, at: Location) -> Result<Option<Location>> {
        let place = self.number(at);
        let slot = match self.memory.find(key) {
            Ok(known) => return Ok(Some(self.location(known))),
            Err(slot) => slot,
        };
        if let Some(known) = self.spilled.get(key, &self.budget)? {
            return Ok(Some(self.location(known)));
        }
        self.put(slot, Seen::new(key, place))?;
        Ok(None)
    }

    /// Remembers `at` as the place of a key, new or not.
    ///
    /// # Errors
    /// When keys that go beyond the budget cannot be written.
    pub fn replace(&mut self, key: Fingerprint, at: Location) -> Result<()> {
        let place = self.number(at);
        match self.memory.find(key) {
            Ok(_) => {
                self.memory.replace(Seen::new(key, place));
                self.highest = self.highest.max(place);
                Ok(())
            }
            Err(slot) => self.put(slot, Seen::new(key, place)),
        }
    }

    /// The place of a key.
    ///
    /// # Errors
    /// When keys that went beyond the budget cannot be read again.
    pub fn get(&self, key: Fingerprint) -> Result<Option<Location>> {
        let known = match self.memory.find(key) {
            Ok(known) => Some(known),
            Err(_) => self.spilled.get(key, &self.budget)?,
        };
        Ok(known.map(|place| self.location(place)))
    }

    /// Looks at where some keys would lie, which are asked for soon: what has to come from far away then
    /// comes for all of them at once, while each of them alone would be waited for.
    pub fn warm(&self, keys: impl Iterator<Item = Fingerprint>) {
        let mut all = 0;
        for key in keys {
            all ^= self.memory.near(key) ^ self.spilled.near(key);
        }
        std::hint::black_box(all);
    }

    /// Puts a key that memory has not into the slot that was found for it.
    fn put(&mut self, slot: usize, seen: Seen) -> Result<()> {
        let mut slot = slot;
        if self.memory.is_full() {
            self.make_room()?;
            slot = self.memory.find(seen.key()).err().unwrap_or(slot);
        }
        self.memory.put(slot, seen);
        self.highest = self.highest.max(seen.place());
        Ok(())
    }

    /// Makes room for one more key: by more memory, or where that is used up, on the disk.
    #[cold]
    fn make_room(&mut self) -> Result<()> {
        if self.budget.is_endless() {
            self.memory.grow_for(self.expected);
            return Ok(());
        }
        let (now, grown) = (self.memory.bytes(), self.memory.bytes_when_grown());
        if !self.memory.is_unused() {
            if self.budget.grant(now, grown) {
                self.memory.grow();
                return Ok(());
            }
            self.spilled.take(&self.memory, &self.budget)?;
            self.budget.release(now);
            self.memory = Ordered::default();
        }
        self.budget.take(self.memory.bytes_when_grown());
        self.memory.grow();
        Ok(())
    }

    /// Rows are numbered through all inputs, so that a place takes four bytes. Inputs come one
    /// after the other and a row number never exceeds its line number, so a start is the end of
    /// the input before.
    #[inline]
    fn number(&mut self, at: Location) -> u32 {
        let start = match self.starts.last() {
            Some(&(input, start)) if input == at.input => start,
            _ => {
                let start = if self.highest == 0 { 0 } else { self.highest.saturating_add(1) };
                self.starts.push((at.input, start));
                start
            }
        };
        // No place is 0: rows count from 1.
        start.saturating_add(at.row.max(1))
    }

    fn location(&self, place: u32) -> Location {
        let at = self.starts.partition_point(|&(_, start)| start < place);
        let (input, start) =
            at.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or_default();
        Location { input, row: place - start, ..Location::default() }
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(input: u16, row: u32) -> Location {
        Location { input, row, ..Location::default() }
    }

    #[test]
    fn the_first_place_of_a_key_is_remembered() {
        let print = Fingerprinter::default();
        let mut keys = Keys::default();
        for row in 2..2000 {
            assert_eq!(
                keys.insert(print.of(row.to_string().as_bytes()), at(0, row)).unwrap(),
                None
            );
        }
        for row in 2..2000 {
            let key = print.of(row.to_string().as_bytes());
            assert_eq!(keys.insert(key, at(0, row + 5000)).unwrap(), Some(at(0, row)));
        }
        assert_eq!(keys.insert(print.of(b"new"), at(1, 2)).unwrap(), None);
        assert_eq!(keys.get(print.of(b"new")).unwrap(), Some(at(1, 2)));
        assert_eq!(keys.get(print.of(b"7")).unwrap(), Some(at(0, 7)));
        assert_eq!(keys.get(print.of(b"none")).unwrap(), None);
        keys.replace(print.of(b"7"), at(1, 9)).unwrap();
        assert_eq!(keys.get(print.of(b"7")).unwrap(), Some(at(1, 9)));
    }

    #[test]
    fn keys_that_differ_have_different_prints_and_secrets_differ() {
        let print = Fingerprinter::default();
        assert_ne!(print.of(b"a"), print.of(b"b"));
        assert_eq!(print.of(b"a"), print.of(b"a"));
        assert_ne!(print.of(b"a"), Fingerprinter::default().of(b"a"));
    }
}
