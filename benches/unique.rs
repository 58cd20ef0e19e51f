//! Who had a key before, of one and of ten million: in memory, and with room for a part of them only.
//!
//! The items are keys; each is made, looked ahead for in groups as the line does, and taken in.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed benchmark")]

use divan::Bencher;
use divan::counter::ItemsCount;
use upsheet::row::Location;
use upsheet::unique::{Budget, Fingerprint, Fingerprinter, Keys};

/// Keys that are looked ahead for together.
const TOGETHER: u32 = 64;

fn main() {
    divan::main();
}

fn take(budget: &Budget, count: u32) -> Keys {
    let print = Fingerprinter::default();
    let mut keys = Keys::within(budget);
    let mut group: Vec<Fingerprint> = Vec::new();
    for first in (1..=count).step_by(TOGETHER as usize) {
        let rows = first..=count.min(first + TOGETHER - 1);
        group.clear();
        group.extend(rows.clone().map(|row| print.of(&row.to_le_bytes())));
        keys.warm(group.iter().copied());
        for (row, key) in rows.zip(&group) {
            assert!(keys.insert(*key, Location { row, ..Location::default() }).unwrap().is_none());
        }
    }
    keys
}

/// All in memory.
#[divan::bench(args = [1_000_000, 10_000_000], sample_count = 5, sample_size = 1)]
fn a_in_memory(bencher: Bencher<'_, '_>, count: u32) {
    bencher.counter(ItemsCount::new(count)).bench_local(|| take(&Budget::default(), count));
}

/// With room for about a tenth of them.
#[divan::bench(args = [1_000_000, 10_000_000], sample_count = 3, sample_size = 1)]
fn b_with_room_for_a_tenth(bencher: Bencher<'_, '_>, count: u32) {
    let budget = || Budget::new(Some(u64::from(count) * 2), 1, None);
    bencher.counter(ItemsCount::new(count)).bench_local(|| take(&budget(), count));
}
