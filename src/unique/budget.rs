//! How much memory the tables of a run may take together, and what of it each is sure of.
//!
//! Counted are tables and filters; not counted is the first key of each page of a file, 16 bytes for 256
//! keys. Only the thread that admits rows changes the count, so that it needs no lock.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The least that can be asked for: below it more time would go into files than into rows.
pub const LEAST: u64 = 1 << 20;

/// Bits of filter for each key in a file, as long as there is room for them.
const FILTER_BITS: usize = 10;

/// How much memory the tables of a run may take together. Without a limit, all that they need.
#[derive(Clone, Debug, Default)]
pub struct Budget(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    /// What each table may take whatever the others take.
    share: usize,
    /// What is there beyond these shares, for those who come first.
    pool: usize,
    used: AtomicUsize,
    /// What filters take of it.
    filters: AtomicUsize,
    /// Where keys go for which there is no room.
    folder: Option<PathBuf>,
}

impl Budget {
    /// So many bytes for so many tables. Keys for which there is no room go into unnamed files in
    /// `folder`, else in the system's own for such files.
    pub fn new(bytes: Option<u64>, tables: usize, folder: Option<&Path>) -> Self {
        let Some(bytes) = bytes else { return Self::default() };
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        let share = bytes / 4 / tables.max(1);
        Self(Some(Arc::new(Shared {
            share,
            pool: bytes - bytes / 4,
            used: AtomicUsize::new(0),
            filters: AtomicUsize::new(0),
            folder: folder.map(Path::to_owned),
        })))
    }

    /// Whether there is no limit.
    pub(super) fn is_endless(&self) -> bool {
        self.0.is_none()
    }

    /// Whether a table may grow to `bytes`; if so, that is taken.
    pub(super) fn grant(&self, now: usize, bytes: usize) -> bool {
        let Some(shared) = &self.0 else { return true };
        let more = shared.beyond(bytes) - shared.beyond(now);
        let used = shared.used.load(Ordering::Relaxed);
        let granted = more == 0 || used + more <= shared.pool;
        if granted {
            shared.used.store(used + more, Ordering::Relaxed);
        }
        granted
    }

    /// Takes what the smallest table needs, which every one has.
    pub(super) fn take(&self, bytes: usize) {
        if let Some(shared) = &self.0 {
            shared.used.fetch_add(shared.beyond(bytes), Ordering::Relaxed);
        }
    }

    /// Gives back what a table had taken.
    pub(super) fn release(&self, bytes: usize) {
        if let Some(shared) = &self.0 {
            shared.used.fetch_sub(shared.beyond(bytes), Ordering::Relaxed);
        }
    }

    /// Takes memory for the filter of a run of so many keys, and says how much. Filters have a half of the
    /// pool at most, and one for keys that were put together from all runs, a quarter: what they lack in
    /// bits costs looks into files, and nothing else.
    pub(super) fn take_for_filter(&self, keys: u64, whole: bool) -> usize {
        let Some(shared) = &self.0 else { return 0 };
        let filters = shared.filters.load(Ordering::Relaxed);
        let most = if whole { shared.pool / 4 } else { shared.pool / 2 };
        let keys = usize::try_from(keys).unwrap_or(usize::MAX);
        let bytes = (keys.saturating_mul(FILTER_BITS) / 8 + 63).min(most.saturating_sub(filters));
        let bytes = bytes / 64 * 64;
        shared.filters.store(filters + bytes, Ordering::Relaxed);
        shared.used.fetch_add(bytes, Ordering::Relaxed);
        bytes
    }

    /// Gives back what a filter had taken.
    pub(super) fn release_filter(&self, bytes: usize) {
        if let Some(shared) = &self.0 {
            shared.filters.fetch_sub(bytes, Ordering::Relaxed);
            shared.used.fetch_sub(bytes, Ordering::Relaxed);
        }
    }

    /// Where keys go for which there is no room.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.0.as_ref().and_then(|shared| shared.folder.as_deref())
    }
}

impl Shared {
    /// What a table of so many bytes takes beyond its share.
    fn beyond(&self, bytes: usize) -> usize {
        bytes.saturating_sub(self.share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_gets_what_is_there_and_the_others_keep_their_share() {
        let budget = Budget::new(Some(1000), 5, None);
        assert!(budget.grant(0, 800), "its share of 50, and the pool of 750");
        assert!(!budget.grant(800, 801));
        assert!(budget.grant(0, 50) && !budget.grant(50, 51));
        budget.release(800);
        assert!(budget.grant(50, 60));
        assert_eq!(budget.take_for_filter(u64::MAX, true), 128);
        assert_eq!(budget.take_for_filter(u64::MAX, false), 192);
        assert_eq!(budget.take_for_filter(u64::MAX, false), 0, "filters have half of it");
        budget.release_filter(128);
        assert_eq!(budget.take_for_filter(100, false), 128);
        assert!(Budget::default().grant(0, usize::MAX));
    }
}
