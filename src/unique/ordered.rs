//! Keys in memory, in their order: a table that grows by little, in place, and is written as a sorted run
//! without sorting.
//!
//! It is open addressing with a key's slot in proportion to its fingerprint, and with each key as near behind
//! that slot as those before it in the order let it. So the whole is sorted, gaps aside, and a table can
//! grow by little without a second one beside it: every key moves up.

use super::Fingerprint;

/// A key with its place, in two words: the head of the key, then its last part below the place. A slot
/// without a key has the place 0, which is none, and the highest head, so that no search goes on behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    head: u64,
    rest: u64,
}

impl Seen {
    const NONE: Self = Self { head: u64::MAX, rest: 0 };

    /// How many bytes one takes, here and in a file.
    pub(super) const SIZE: usize = 16;

    pub(super) fn new(key: Fingerprint, place: u32) -> Self {
        Self { head: key.head(), rest: u64::from(key.tail()) | u64::from(place) << 32 }
    }

    pub(super) fn key(self) -> Fingerprint {
        Fingerprint([low(self.head), low(self.head >> 32), low(self.rest)])
    }

    pub(super) fn place(self) -> u32 {
        low(self.rest >> 32)
    }

    fn is_none(&self) -> bool {
        self.rest >> 32 == 0
    }

    pub(super) fn to_bytes(self) -> [u8; Self::SIZE] {
        (u128::from(self.head) | u128::from(self.rest) << 64).to_le_bytes()
    }

    pub(super) fn from_bytes(bytes: [u8; Self::SIZE]) -> Self {
        let both = u128::from_le_bytes(bytes);
        let word = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or_default();
        Self { head: word(both), rest: word(both >> 64) }
    }
}

/// The lower half of a word.
fn low(word: u64) -> u32 {
    u32::try_from(word & u64::from(u32::MAX)).unwrap_or_default()
}

/// Slots of the smallest table.
const SMALLEST: usize = 16;
/// Slots up to which a table doubles.
const DOUBLING: usize = 16 * 1024;
/// Slots from which it grows by an eighth, and no longer by a sixth.
const LARGE: usize = 1024 * 1024;
/// How many times as many slots it takes at most at once, when more keys are expected: what comes may be of
/// another kind than what came.
const AT_ONCE: usize = 4;

/// Keys in their order, with gaps.
#[derive(Debug, Default)]
pub(super) struct Ordered<const PLACES: u32> {
    /// The slots over which keys are spread, and behind them what runs over.
    slots: Vec<Seen>,
    spread: usize,
    len: usize,
}

impl<const PLACES: u32> Ordered<PLACES> {
    /// The place of a key, or the slot into which it would go.
    pub(super) fn find(&self, key: Fingerprint) -> Result<u32, usize> {
        let slot = self.slot(key);
        match self.slots.get(slot) {
            Some(seen) if seen.key() == key && !seen.is_none() => Ok(seen.place()),
            _ => Err(slot),
        }
    }

    /// The slot of a key, or the one into which it would go.
    fn slot(&self, key: Fingerprint) -> usize {
        let (home, head) = (self.home(key.head()), key.head());
        let rest = self.slots.get(home..).unwrap_or_default();
        let behind = rest.iter().position(|seen| seen.head >= head);
        let behind = behind.unwrap_or(rest.len());
        // Two keys with one head are hardly ever met.
        let same = rest.get(behind..).unwrap_or_default();
        let lower = same.iter().position(|seen| seen.is_none() || seen.key() >= key);
        home + behind + lower.unwrap_or(same.len())
    }

    /// The first slot in which a key can be.
    fn home(&self, head: u64) -> usize {
        let head = if PLACES == 0 { 0 } else { head & (u64::MAX << (64 - PLACES)) };
        // Both numbers are below 2^64, so the upper half of the product is below the number of slots.
        let slot = (u128::from(head) * self.spread as u128) >> 64;
        usize::try_from(slot).unwrap_or(usize::MAX)
    }

    /// What lies where a key would, for looking there in time.
    pub(super) fn near(&self, key: Fingerprint) -> u32 {
        let home = self.home(key.head());
        // Hardly ever is a key held against one behind these lines of the cache, or such a one moved.
        let ahead = [0, 4, 8].into_iter().filter_map(|behind| self.slots.get(home + behind));
        ahead.fold(0, |all, seen| all ^ seen.place())
    }

    /// Puts a key, which must not be there yet, into the slot that was found for it. There must be room.
    pub(super) fn put(&mut self, slot: usize, seen: Seen) {
        self.len += 1;
        let behind = self.slots.get(slot..).unwrap_or_default();
        if let Some(gap) = behind.iter().position(Seen::is_none) {
            self.slots.copy_within(slot..slot + gap, slot + 1);
            self.set(slot, seen);
            return;
        }
        // A few slots more, not twice as many.
        if self.slots.len() == self.slots.capacity() {
            self.slots.reserve_exact(SMALLEST);
        }
        self.slots.insert(slot, seen);
    }

    /// Gives a key, which must be there, another place.
    pub(super) fn replace(&mut self, seen: Seen) {
        let slot = self.slot(seen.key());
        if let Some(known) = self.slots.get_mut(slot) {
            *known = seen;
        }
    }

    /// Whether it has to grow before it takes another key.
    pub(super) fn is_full(&self) -> bool {
        (self.len + 1) * 6 > self.spread * 5
    }

    /// Whether it has no slots yet.
    pub(super) fn is_unused(&self) -> bool {
        self.spread == 0
    }

    /// How many keys it holds.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// What it takes.
    pub(super) fn bytes(&self) -> usize {
        self.spread * Seen::SIZE
    }

    /// What it takes when it has grown by one step.
    pub(super) fn bytes_when_grown(&self) -> usize {
        self.next_step() * Seen::SIZE
    }

    fn next_step(&self) -> usize {
        match self.spread {
            0 => SMALLEST,
            few if few < DOUBLING => few * 2,
            some if some < LARGE => some + some / 6,
            many => many + many / 8,
        }
    }

    /// Grows by one step.
    pub(super) fn grow(&mut self) {
        self.grow_to(self.next_step());
    }

    /// Grows, where so many keys are expected in all. That is known the better the more there are: the steps before
    /// the last one are such that it ends where all have room.
    pub(super) fn grow_for(&mut self, expected: usize) {
        let step = self.next_step();
        if self.spread < DOUBLING {
            return self.grow_to(step);
        }
        let mut slots = expected.saturating_add(expected / 4);
        while slots > self.spread.saturating_mul(AT_ONCE) {
            slots /= AT_ONCE;
        }
        self.grow_to(slots.max(step));
    }

    /// All keys go to the end of the larger table, and from there, the first one first, to their places. None of
    /// these lies behind that of the same key at the end, so no key is lost under another.
    fn grow_to(&mut self, spread: usize) {
        let before = self.slots.len();
        self.spread = spread;
        self.lengthen(self.spread.max(before));
        let mut at = self.gather(before);
        let mut next = 0;
        while let Some(&seen) = self.slots.get(at) {
            let slot = self.home(seen.head).max(next);
            if slot > at {
                // More keys run over the end than did before: all that are left move up.
                let end = self.slots.len();
                self.lengthen(end + slot - at);
                self.slots.copy_within(at..end, slot);
                self.slots.get_mut(at..slot).unwrap_or_default().fill(Seen::NONE);
                at = slot;
            }
            self.set(at, Seen::NONE);
            self.set(slot, seen);
            next = slot + 1;
            at += 1;
        }
    }

    /// Moves the keys of the first slots to the end of all, and gives the place of the first of them. No
    /// key is in front of it.
    fn gather(&mut self, before: usize) -> usize {
        let mut first = self.slots.len();
        for at in (0..before).rev() {
            let seen = self.slots.get(at).copied().unwrap_or(Seen::NONE);
            // What is none is written too, and the next one over it: that takes no branch.
            self.set(first - 1, seen);
            first -= usize::from(!seen.is_none());
        }
        // What is new has none already.
        self.slots.get_mut(..first.min(before)).unwrap_or_default().fill(Seen::NONE);
        first
    }

    fn set(&mut self, slot: usize, seen: Seen) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = seen;
        }
    }

    /// Makes so many slots of those there are: not more, as a vector would by itself.
    fn lengthen(&mut self, slots: usize) {
        self.slots.reserve_exact(slots - self.slots.len());
        self.slots.resize(slots, Seen::NONE);
    }

    /// The keys in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Seen> + '_ {
        self.slots.iter().filter(|seen| !seen.is_none()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled<const PLACES: u32>(keys: impl Iterator<Item = Fingerprint>) -> Ordered<PLACES> {
        let mut table = Ordered::default();
        for (place, key) in (1..).zip(keys) {
            if table.is_full() {
                table.grow();
            }
            let slot = table.find(key).unwrap_err();
            table.put(slot, Seen::new(key, place));
        }
        table
    }

    /// A sequence in which every number differs, in no order.
    fn scattered(count: u32) -> impl Iterator<Item = Fingerprint> {
        (1..=count)
            .map(|n| Fingerprint([0, n.wrapping_mul(0x9e37_79b1), 0]).with(Fingerprint([n, n, n])))
    }

    fn check<const PLACES: u32>(table: &Ordered<PLACES>, keys: &[Fingerprint]) {
        for (place, key) in (1..).zip(keys) {
            assert_eq!(table.find(*key).ok(), Some(place));
        }
        let all: Vec<Fingerprint> = table.iter().map(Seen::key).collect();
        assert!(all.is_sorted(), "the keys lie in their order");
        assert_eq!((all.len(), table.len()), (keys.len(), keys.len()));
    }

    #[test]
    fn a_table_stays_sorted_while_it_grows() {
        for count in [0, 1, 14, 15, 1000, 60_000] {
            let keys: Vec<Fingerprint> = scattered(count).collect();
            check(&filled::<64>(keys.iter().copied()), &keys);
        }
    }

    #[test]
    fn keys_at_one_end_run_over_it_and_are_found() {
        for word in [0, u32::MAX, u32::MAX / 2] {
            let keys: Vec<Fingerprint> = (0..500).map(|n| Fingerprint([n, word, n])).collect();
            check(&filled::<64>(keys.iter().copied()), &keys);
            check(&filled::<0>(keys.iter().copied()), &keys);
            let back: Vec<Fingerprint> = keys.into_iter().rev().collect();
            check(&filled::<64>(back.iter().copied()), &back);
            check(&filled::<2>(back.iter().copied()), &back);
        }
    }

    #[test]
    fn a_table_that_expects_keys_is_filled_as_any_other() {
        let keys: Vec<Fingerprint> = scattered(200_000).collect();
        for expected in [0, 1, 30_000, 190_000, 200_000, 300_000, usize::MAX] {
            let (mut table, mut steps) = (Ordered::<64>::default(), 0);
            for (place, key) in (1..).zip(&keys) {
                if table.is_full() {
                    table.grow_for(expected);
                    steps += 1;
                }
                let slot = table.find(*key).unwrap_err();
                table.put(slot, Seen::new(*key, place));
            }
            check(&table, &keys);
            let bytes = table.slots.capacity() * Seen::SIZE;
            match expected {
                200_000 => assert!(steps <= 15 && bytes <= 21 * keys.len(), "{steps} {bytes}"),
                ..200_000 => assert!(bytes <= 24 * keys.len(), "{bytes}"),
                _ => assert!(bytes <= 24 * 4 * keys.len(), "{bytes}"),
            }
        }
    }

    #[test]
    fn a_key_takes_few_more_bytes_than_its_sixteen_where_there_are_many() {
        assert_eq!(size_of::<Seen>(), Seen::SIZE);
        for (count, most) in [(60_000, 23), (1_000_000, 23), (1_200_000, 22)] {
            let table = filled::<64>(scattered(count));
            let bytes = table.slots.capacity() * Seen::SIZE;
            assert!(bytes <= count as usize * most, "{bytes} for {count}");
        }
    }
}
