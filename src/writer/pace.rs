//! When a request may go out: one rhythm for everything that asks one target, shared by the threads
//! that send. The rules stand in `pace/gate.rs`; here is the waiting, which ends when the user wants to stop.

mod gate;
mod quota;
mod rate;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use self::gate::{Ask, Gate};
use super::retry::Cause;
use super::watch::{Event, Watch};

/// What waiting for a turn came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Turn {
    /// A request may go out now, and is counted. What came of it is told by
    /// [`succeeded`](Pace::succeeded), [`failed`](Pace::failed) or [`throttled`](Pace::throttled).
    Go,
    /// The user wants to stop.
    Stopped,
}

/// How long a sleep is before the user's wish is looked for again.
const NAP: Duration = Duration::from_millis(50);

/// When the next request may go out.
///
/// Time is monotonic and counted from the making of it: no change of the clock shortens a wait or
/// lengthens one.
pub struct Pace<'a> {
    began: Instant,
    gate: Mutex<Gate>,
    changed: Condvar,
    stop: &'a AtomicBool,
    /// Set when one of those who send has ended it for all.
    closed: AtomicBool,
    watch: Option<&'a dyn Watch>,
}

impl fmt::Debug for Pace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace").field("gate", &self.gate).finish_non_exhaustive()
    }
}

impl<'a> Pace<'a> {
    /// At most one request in `interval`, none of them bound to it where it is zero; `stop` is set
    /// when the user wants to stop.
    pub fn new(interval: Duration, stop: &'a AtomicBool) -> Self {
        Self {
            began: Instant::now(),
            gate: Mutex::new(Gate::new(interval, u64::from(std::process::id()))),
            changed: Condvar::new(),
            stop,
            closed: AtomicBool::new(false),
            watch: None,
        }
    }

    /// The same, telling long waits.
    #[must_use]
    pub fn watched(mut self, watch: &'a dyn Watch) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Whether the user wants to stop, or nobody is to send any more.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.closed.load(Ordering::Relaxed)
    }

    /// Lets nobody send any more: all waiting ends as if the user wanted to stop.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }

    /// Takes [`close`](Self::close) back.
    pub fn open(&self) {
        self.closed.store(false, Ordering::Relaxed);
    }

    /// Counts a request as made now, by others.
    pub fn count(&self) {
        let now = self.now();
        self.gate().made(now);
    }

    /// Waits until a request may go out, and counts it.
    pub fn turn(&self) -> Turn {
        let mut gate = self.gate();
        while !self.is_stopped() {
            let now = self.now();
            match gate.ask(now) {
                Ask::Go => return Turn::Go,
                Ask::Wait { until, told } => {
                    let pause = until.saturating_sub(now);
                    if let (Some(cause), Some(watch)) = (told, self.watch) {
                        drop(gate);
                        watch.event(&Event::Waiting { cause, pause });
                        gate = self.gate();
                        continue;
                    }
                    let waited = self.changed.wait_timeout(gate, pause.min(NAP));
                    gate = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
        Turn::Stopped
    }

    /// A request was answered with this status: one of the three below, as [`Cause::of`] reads it.
    pub fn answered(&self, status: u16, after: Option<Duration>) {
        match Cause::of(status, after) {
            Some(Cause::Throttled(after)) => self.throttled(after),
            Some(Cause::Transient) => self.failed(),
            None => self.succeeded(),
        }
    }

    /// A request was answered, be it with a refusal: the target is at work.
    pub fn succeeded(&self) {
        self.gate().succeeded();
        self.changed.notify_all();
    }

    /// A request had no answer, or one that says that the server failed.
    pub fn failed(&self) {
        let now = self.now();
        self.gate().failed(now);
        self.changed.notify_all();
    }

    /// The target asked for patience, perhaps for so long: nobody sends before that is over, and
    /// everybody slower after it.
    pub fn throttled(&self, after: Option<Duration>) {
        let now = self.now();
        self.gate().throttled(now, after);
        self.changed.notify_all();
    }

    /// Sleeps, but not through the user's wish to stop.
    pub fn rest(&self, pause: Duration) {
        let began = Instant::now();
        while !self.is_stopped() {
            let left = pause.saturating_sub(began.elapsed());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(NAP));
        }
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// The rules hold whatever happened to a thread that used them.
    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::writer::watch::Wait;

    #[test]
    fn requests_keep_their_distance_and_a_wish_to_stop_ends_all_waiting() {
        let stop = AtomicBool::new(false);
        let pace = Pace::new(Duration::from_millis(30), &stop);
        let began = Instant::now();
        for _ in 0..3 {
            assert_eq!(pace.turn(), Turn::Go);
        }
        assert!(began.elapsed() >= Duration::from_millis(60));
        pace.count();
        assert_eq!(pace.turn(), Turn::Go, "what others sent counts, and is waited for");
        assert!(began.elapsed() >= Duration::from_millis(90));
        stop.store(true, Ordering::Relaxed);
        pace.rest(Duration::from_mins(10));
        assert!(pace.is_stopped());
        assert_eq!(pace.turn(), Turn::Stopped);
    }

    #[test]
    fn threads_share_one_rhythm() {
        let stop = AtomicBool::new(false);
        let pace = Pace::new(Duration::from_millis(5), &stop);
        let began = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..5).for_each(|_| assert_eq!(pace.turn(), Turn::Go)));
            }
        });
        assert!(began.elapsed() >= Duration::from_millis(19 * 5), "{:?}", began.elapsed());
    }

    /// Keeps what it is told.
    #[derive(Default)]
    struct Kept(Mutex<Vec<(Wait, Duration)>>);

    impl Watch for Kept {
        fn event(&self, event: &Event<'_>) {
            if let Event::Waiting { cause, pause } = event {
                self.0.lock().unwrap().push((*cause, *pause));
            }
        }
    }

    #[test]
    fn the_wish_for_patience_holds_everybody_and_is_told_once() {
        let (stop, kept) = (AtomicBool::new(false), Kept::default());
        let pace = Pace::new(Duration::ZERO, &stop).watched(&kept);
        assert_eq!(pace.turn(), Turn::Go);
        pace.throttled(Some(Duration::from_hours(48)));
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| pace.turn())).collect();
            while kept.0.lock().unwrap().is_empty() {
                std::thread::yield_now();
            }
            stop.store(true, Ordering::Relaxed);
            for thread in threads {
                assert_eq!(thread.join().unwrap(), Turn::Stopped);
            }
        });
        let told = kept.0.into_inner().unwrap();
        let [(Wait::Throttled, pause)] = told.as_slice() else { panic!("{told:?}") };
        assert!(
            *pause > Duration::from_secs(590) && *pause <= Duration::from_mins(11),
            "{pause:?}"
        );
    }

    #[test]
    fn an_answer_wakes_those_who_wait_for_a_probe() {
        let stop = AtomicBool::new(false);
        let pace = Pace::new(Duration::ZERO, &stop);
        for _ in 0..36 {
            assert_eq!(pace.turn(), Turn::Go);
            pace.answered(500, None);
        }
        let began = Instant::now();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| pace.turn());
            pace.answered(200, None);
            assert_eq!(waiting.join().unwrap(), Turn::Go);
        });
        assert!(began.elapsed() < Duration::from_secs(5), "it waited for the breaker");
        assert_eq!(pace.turn(), Turn::Go);
    }
}
