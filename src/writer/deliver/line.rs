//! The line of payload files, and the workers who take from it.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use super::slot::Slot;
use super::{Deliver, Halt, Step, Stopped, lock};
use crate::journal::Planned;
use crate::writer::watch::Wait;

/// A payload file in the line.
#[derive(Clone, Copy)]
struct Place<'p> {
    entry: &'p Planned,
    /// How often the target had answered when it was put back, if it was.
    put_back: Option<u64>,
}

/// The files that nobody is at.
struct Line<'p>(Mutex<VecDeque<Place<'p>>>);

/// How many work for so many requests under way at once: half as many more, who read, check and note what
/// the others send. One request after the other is sent in the order of its files, by one.
fn workers(concurrency: usize) -> usize {
    match concurrency {
        0 | 1 => 1,
        many => many + many.div_ceil(2),
    }
}

impl Deliver<'_> {
    /// Settles these payload files: one after the other until the target has answered one, the others by
    /// the workers, and then those whose people are queued.
    pub(super) fn all(&self, open: &[&Planned]) -> Step {
        let places = open.iter().map(|&entry| Place { entry, put_back: None });
        let line = Line(Mutex::new(places.collect()));
        let halted: Mutex<Option<Halt>> = Mutex::new(None);
        match self.alone(&line) {
            Ok(()) => self.together(&line, &halted),
            Err(halt) => *lock(&halted) = Some(halt),
        }
        match halted.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(Halt::Run(stopped @ Stopped::GaveUp(_))) => {
                // Who is queued at the target can still be looked for, if it answers again.
                self.order.pace.open();
                self.confirm(open)?;
                Err(Halt::Run(stopped))
            }
            Some(halt) => Err(halt),
            None => {
                self.confirm(open)?;
                if self.order.pace.is_stopped() && self.is_any_queued() {
                    return Err(Halt::Run(Stopped::Interrupted));
                }
                Ok(())
            }
        }
    }

    /// Settles the first file, before any other request is under way.
    fn alone(&self, line: &Line<'_>) -> Step {
        while let Some(place) = self.next(line) {
            let slot = Slot::of(&self.slots);
            if self.one(line, place, &slot, self.order.rules.canary)? {
                break;
            }
        }
        Ok(())
    }

    /// Settles the files that are left, by several workers at once.
    fn together(&self, line: &Line<'_>, halted: &Mutex<Option<Halt>>) {
        let left = lock(&line.0).len();
        let workers = workers(self.order.rules.concurrency).min(left.max(1));
        std::thread::scope(|scope| {
            let work = || {
                while lock(halted).is_none() {
                    let Some(place) = self.next(line) else { return };
                    // It is held until everybody knows that the run has ended, if it has.
                    let slot = Slot::of(&self.slots);
                    if let Err(halt) = self.one(line, place, &slot, false) {
                        lock(halted).get_or_insert(halt);
                        // The others finish what is under way and begin nothing new.
                        self.order.pace.close();
                    }
                }
            };
            for _ in 1..workers {
                scope.spawn(work);
            }
            work();
        });
    }

    fn next<'p>(&self, line: &Line<'p>) -> Option<Place<'p>> {
        let mut places = lock(&line.0);
        let next = places.pop_front();
        self.waiting.store(places.len(), Ordering::Relaxed);
        next
    }

    /// Does what can be done for one file now. Says whether it was not put back to the end of the line.
    fn one<'p>(
        &self,
        line: &Line<'p>,
        place: Place<'p>,
        slot: &Slot<'_>,
        canary: bool,
    ) -> Step<bool> {
        match self.file(place.entry, slot, place.put_back, canary) {
            Ok(()) => Ok(true),
            Err(Halt::File) => {
                let put_back = Some(self.answers());
                {
                    let mut places = lock(&line.0);
                    places.push_back(Place { put_back, ..place });
                    self.waiting.store(places.len(), Ordering::Relaxed);
                }
                self.wait(Wait::Retry, self.pause_after_put_back());
                Ok(false)
            }
            Err(halt) => Err(halt),
        }
    }
}
