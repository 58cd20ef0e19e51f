//! The one check that needs two rows: who has had this key before.
//!
//! A key is remembered as a 96-bit fingerprint under a secret of the run (SipHash-1-3, 128 bits,
//! cut), with the row that had it: 16 bytes. Two different keys share a fingerprint with a chance
//! of about 10^14 / 2^97 for ten million people, below 10^-15, and nobody can craft a pair without
//! the secret. Nothing depends on the order of the table.

use std::hash::Hasher as _;

use hashbrown::HashTable;
use siphasher::sip128::{Hasher128 as _, SipHasher13};

use crate::row::Location;

/// A key, as it is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint([u32; 3]);

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
    pub fn of(&self, key: &[u8]) -> Fingerprint {
        let mut hasher = SipHasher13::new_with_keys(self.secret[0], self.secret[1]);
        hasher.write(key);
        let hash = hasher.finish128();
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

    /// The lowest `PLACES` bits of it, which say where in a table it goes.
    fn hash<const PLACES: u32>(self) -> u64 {
        let all = u64::from(self.0[0]) | u64::from(self.0[1]) << 32;
        if PLACES >= 64 { all } else { all & ((1 << PLACES) - 1) }
    }
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    key: Fingerprint,
    place: u32,
}

/// How many tables the keys are spread over, so that growing one moves few of them.
const SHARDS: usize = 64;

/// The keys of one field that were seen, each with a place.
pub type Keys = Table<64>;

/// The keys of one field that were seen, each with a place. `PLACES` bits of a key say where in the
/// table it goes.
#[derive(Debug)]
pub struct Table<const PLACES: u32> {
    shards: Vec<HashTable<Seen>>,
    /// Where the rows of each input begin in the numbering of places.
    starts: Vec<(u16, u32)>,
}

impl<const PLACES: u32> Default for Table<PLACES> {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| HashTable::new()).collect(), starts: Vec::new() }
    }
}

impl<const PLACES: u32> Table<PLACES> {
    /// Remembers `at` as the place of a new key; for a key that is known, returns its place.
    pub fn insert(&mut self, key: Fingerprint, at: Location) -> Option<Location> {
        let place = self.number(at);
        let shard = shard(&mut self.shards, key)?;
        if let Some(seen) = shard.find(key.hash::<PLACES>(), |seen| seen.key == key) {
            let number = seen.place;
            return Some(self.location(number));
        }
        shard.insert_unique(key.hash::<PLACES>(), Seen { key, place }, |seen| {
            seen.key.hash::<PLACES>()
        });
        None
    }

    /// Remembers `at` as the place of a key, new or not.
    pub fn replace(&mut self, key: Fingerprint, at: Location) {
        let place = self.number(at);
        let Some(shard) = shard(&mut self.shards, key) else { return };
        match shard.find_mut(key.hash::<PLACES>(), |seen| seen.key == key) {
            Some(seen) => seen.place = place,
            None => {
                shard.insert_unique(key.hash::<PLACES>(), Seen { key, place }, |seen| {
                    seen.key.hash::<PLACES>()
                });
            }
        }
    }

    /// Whether none was seen.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The place of a key.
    pub fn get(&self, key: Fingerprint) -> Option<Location> {
        let shard = self.shards.get(shard_of(key))?;
        let seen = shard.find(key.hash::<PLACES>(), |seen| seen.key == key)?;
        Some(self.location(seen.place))
    }

    /// Rows are numbered through all inputs, so that a place takes four bytes. Inputs come one
    /// after the other and a row number never exceeds its line number, so a start is the end of
    /// the input before.
    fn number(&mut self, at: Location) -> u32 {
        match self.starts.last_mut() {
            Some((input, start)) if *input == at.input => start.saturating_add(at.row),
            _ => {
                let start = self.ends().unwrap_or(0);
                self.starts.push((at.input, start));
                start.saturating_add(at.row)
            }
        }
    }

    fn ends(&self) -> Option<u32> {
        let highest = self.shards.iter().flat_map(HashTable::iter).map(|seen| seen.place).max();
        Some(highest?.saturating_add(1))
    }

    fn location(&self, place: u32) -> Location {
        let at = self.starts.partition_point(|&(_, start)| start < place);
        let (input, start) =
            at.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or_default();
        Location { input, row: place - start, ..Location::default() }
    }
}

fn shard_of(key: Fingerprint) -> usize {
    key.0[2] as usize % SHARDS
}

fn shard(shards: &mut [HashTable<Seen>], key: Fingerprint) -> Option<&mut HashTable<Seen>> {
    shards.get_mut(shard_of(key))
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
            assert_eq!(keys.insert(print.of(row.to_string().as_bytes()), at(0, row)), None);
        }
        for row in 2..2000 {
            let key = print.of(row.to_string().as_bytes());
            assert_eq!(keys.insert(key, at(0, row + 5000)), Some(at(0, row)));
        }
        assert_eq!(keys.insert(print.of(b"new"), at(1, 2)), None);
        assert_eq!(keys.get(print.of(b"new")), Some(at(1, 2)));
        assert_eq!(keys.get(print.of(b"7")), Some(at(0, 7)));
        assert_eq!(keys.get(print.of(b"none")), None);
        keys.replace(print.of(b"7"), at(1, 9));
        assert_eq!(keys.get(print.of(b"7")), Some(at(1, 9)));
    }

    #[test]
    fn keys_that_differ_have_different_prints_and_secrets_differ() {
        let print = Fingerprinter::default();
        assert_ne!(print.of(b"a"), print.of(b"b"));
        assert_eq!(print.of(b"a"), print.of(b"a"));
        assert_ne!(print.of(b"a"), Fingerprinter::default().of(b"a"));
    }
}
