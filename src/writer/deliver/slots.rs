//! How many requests are under way at once: each has a slot from its first turn to its answer.
//!
//! What is on the disk before a request and after its answer takes as long as the disk does, some
//! milliseconds each time. So a few workers more than slots are at work: while one writes down what came of
//! its request, another has the slot.

use std::sync::{Condvar, Mutex, PoisonError};

/// The slots that nobody has.
#[derive(Debug)]
pub(super) struct Slots {
    free: Mutex<usize>,
    freed: Condvar,
}

/// A slot that is had; dropping it gives it back.
#[derive(Debug)]
#[must_use]
pub(super) struct Slot<'a>(&'a Slots);

impl Slots {
    /// So many, one at least.
    pub(super) fn new(slots: usize) -> Self {
        Self { free: Mutex::new(slots.max(1)), freed: Condvar::new() }
    }

    /// Waits for a slot. Nobody has one for longer than the attempts of a request take.
    pub(super) fn take(&self) -> Slot<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.freed.wait_while(free, |free| *free == 0);
        *free.unwrap_or_else(PoisonError::into_inner) -= 1;
        Slot(self)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

/// How many work at once so that so many slots are hardly ever free. One goes strictly in order.
pub(super) fn workers(slots: usize) -> usize {
    match slots {
        0 | 1 => 1,
        many => many + many.div_ceil(4),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn no_more_have_a_slot_than_there_are() {
        let (slots, at_once, most) = (Slots::new(3), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..workers(3) + 3 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let _slot = slots.take();
                        let now = at_once.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        std::thread::yield_now();
                        at_once.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.into_inner() <= 3);
        assert_eq!(*slots.free.lock().unwrap(), 3);
        assert_eq!([1, 2, 4, 8, 16].map(workers), [1, 3, 5, 10, 20]);
    }
}
