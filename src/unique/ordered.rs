//! Keys in memory, in their order: a table that grows by little, in place, and is written as a sorted run
//! without sorting.
//!
//! It is open addressing with a key's slot in proportion to its fingerprint, and with each key as near behind
//! that slot as those before it in the order let it. So the whole is sorted, gaps aside, and a table can
//! grow by an eighth without a second one beside it: every key moves up.

use super::Fingerprint;

/// A key with its place. A slot without a key has the place 0, which is none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) key: Fingerprint,
    pub(super) place: u32,
}

impl Seen {
    const NONE: Self = Self { key: Fingerprint([0; 3]), place: 0 };

    /// How many bytes one takes, here and in a file.
    pub(super) const SIZE: usize = 16;

    fn is_none(&self) -> bool {
        self.place == 0
    }
}

/// Slots of the smallest table.
const SMALLEST: usize = 16;
/// Slots up to which a table doubles; a larger one grows by an eighth.
const DOUBLING: usize = 16 * 1024;

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
            Some(seen) if seen.key == key && !seen.is_none() => Ok(seen.place),
            _ => Err(slot),
        }
    }

    /// The slot of a key, or the one into which it would go.
    fn slot(&self, key: Fingerprint) -> usize {
        let home = self.home(key);
        let rest = self.slots.get(home..).unwrap_or_default();
        let rank = key.rank();
        let behind = rest.iter().position(|seen| seen.is_none() || seen.key.rank() >= rank);
        home + behind.unwrap_or(rest.len())
    }

    /// The first slot in which a key can be.
    fn home(&self, key: Fingerprint) -> usize {
        let head = if PLACES == 0 { 0 } else { key.head() & (u64::MAX << (64 - PLACES)) };
        // Both numbers are below 2^64, so the upper half of the product is below the number of slots.
        let slot = (u128::from(head) * self.spread as u128) >> 64;
        usize::try_from(slot).unwrap_or(usize::MAX)
    }

    /// What lies where a key would, for looking there in time.
    pub(super) fn near(&self, key: Fingerprint) -> u32 {
        self.slots.get(self.home(key)).map_or(0, |seen| seen.place)
    }

    /// Puts a key, which must not be there yet, into the slot that was found for it. There must be room.
    pub(super) fn put(&mut self, slot: usize, seen: Seen) {
        let gap = self.slots.get(slot..).and_then(|rest| rest.iter().position(Seen::is_none));
        let gap = gap.map_or(self.slots.len(), |gap| slot + gap);
        if gap == self.slots.len() {
            // A few slots more, not twice as many.
            if gap == self.slots.capacity() {
                self.slots.reserve_exact(SMALLEST);
            }
            self.slots.push(Seen::NONE);
        }
        self.slots.copy_within(slot..gap, slot + 1);
        if let Some(free) = self.slots.get_mut(slot) {
            *free = seen;
            self.len += 1;
        }
    }

    /// Gives a key, which must be there, another place.
    pub(super) fn replace(&mut self, seen: Seen) {
        let slot = self.slot(seen.key);
        if let Some(known) = self.slots.get_mut(slot) {
            *known = seen;
        }
    }

    /// Whether it has to grow before it takes another key.
    pub(super) fn is_full(&self) -> bool {
        (self.len + 1) * 10 > self.spread * 9
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

    /// What it would take once it has grown.
    pub(super) fn bytes_when_grown(&self) -> usize {
        self.grown() * Seen::SIZE
    }

    fn grown(&self) -> usize {
        match self.spread {
            0 => SMALLEST,
            few if few < DOUBLING => few * 2,
            many => many + many / 8,
        }
    }

    /// Grows. Keys between two gaps stay between them, because a larger table has no less room for them;
    /// so it is enough to move one such group after the other, from the last to the first.
    pub(super) fn grow(&mut self) {
        self.spread = self.grown();
        let mut end = self.slots.len();
        self.slots.reserve_exact(self.spread.saturating_sub(end));
        self.slots.resize(self.spread.max(end), Seen::NONE);
        let mut group = Vec::new();
        loop {
            let before = self.slots.get(..end).unwrap_or_default();
            let Some(last) = before.iter().rposition(|seen| !seen.is_none()) else { return };
            let before = before.get(..=last).unwrap_or_default();
            end = before.iter().rposition(Seen::is_none).map_or(0, |gap| gap + 1);
            let old = self.slots.get_mut(end..=last).unwrap_or_default();
            group.extend_from_slice(old);
            old.fill(Seen::NONE);
            self.lay(&mut group);
        }
    }

    /// Lays keys that follow each other into slots that are free.
    fn lay(&mut self, group: &mut Vec<Seen>) {
        let mut next = 0;
        for seen in group.drain(..) {
            let slot = self.home(seen.key).max(next);
            if slot >= self.slots.len() {
                self.slots.reserve_exact(slot + 1 - self.slots.len());
                self.slots.resize(slot + 1, Seen::NONE);
            }
            if let Some(free) = self.slots.get_mut(slot) {
                *free = seen;
            }
            next = slot + 1;
        }
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
            table.put(slot, Seen { key, place });
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
        let all: Vec<Fingerprint> = table.iter().map(|seen| seen.key).collect();
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
    fn a_key_takes_no_more_than_twenty_bytes() {
        let table = filled::<64>(scattered(60_000));
        assert!(table.slots.capacity() * Seen::SIZE <= 60_000 * 21, "{}", table.slots.capacity());
        assert_eq!(size_of::<Seen>(), Seen::SIZE);
    }
}
