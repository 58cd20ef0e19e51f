//! How many requests may be under way: more payload files are prepared than that, so that whoever is answered
//! makes room for somebody who is ready.
//!
//! A request is put down as begun only when it has its slot, and lets go of it only when an answer has settled
//! it: in an outage no more people are in doubt than requests may be under way.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// The slots of a delivery.
#[derive(Debug)]
pub(super) struct Slots {
    free: Mutex<usize>,
    freed: Condvar,
    /// How many wait for one.
    waiting: AtomicUsize,
}

impl Slots {
    pub(super) fn new(free: usize) -> Self {
        Self { free: Mutex::new(free), freed: Condvar::new(), waiting: AtomicUsize::new(0) }
    }

    /// How many are ready and wait for a slot.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// What one worker has of the slots: one or none.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    slots: &'a Slots,
    held: Cell<bool>,
}

impl<'a> Slot<'a> {
    /// None yet.
    pub(super) fn of(slots: &'a Slots) -> Self {
        Self { slots, held: Cell::new(false) }
    }

    /// Waits for one, unless there is one.
    pub(super) fn take(&self) {
        if self.held.replace(true) {
            return;
        }
        self.slots.waiting.fetch_add(1, Ordering::Relaxed);
        let mut free = self.slots.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self.slots.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        self.slots.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// Lets go of it, if there is one.
    pub(super) fn leave(&self) {
        if self.held.replace(false) {
            *self.slots.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            self.slots.freed.notify_one();
        }
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}
