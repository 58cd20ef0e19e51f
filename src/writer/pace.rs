//! The rhythm of requests to one target: never two within its interval, and no waiting through the
//! user's wish to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// When the next request may go out.
#[derive(Debug)]
pub struct Pace<'a> {
    interval: Duration,
    last: Option<Instant>,
    stop: &'a AtomicBool,
}

impl<'a> Pace<'a> {
    /// At most one request in `interval`; `stop` is set when the user wants to stop.
    pub fn new(interval: Duration, stop: &'a AtomicBool) -> Self {
        Self { interval, last: None, stop }
    }

    /// Whether the user wants to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Counts a request as made now, by others.
    pub fn count(&mut self) {
        self.last = Some(Instant::now());
    }

    /// Waits until a request may go out, and counts it.
    pub fn turn(&mut self) {
        if let Some(last) = self.last {
            self.rest(self.interval.saturating_sub(last.elapsed()));
        }
        self.count();
    }

    /// Sleeps, but not through the user's wish to stop.
    pub fn rest(&self, pause: Duration) {
        let until = Instant::now() + pause;
        while !self.is_stopped() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(50)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_keep_their_distance_and_a_wish_to_stop_ends_all_waiting() {
        let stop = AtomicBool::new(false);
        let mut pace = Pace::new(Duration::from_millis(30), &stop);
        let began = Instant::now();
        pace.turn();
        assert!(began.elapsed() < Duration::from_millis(30), "the first need not wait");
        pace.turn();
        pace.turn();
        assert!(began.elapsed() >= Duration::from_millis(60));
        stop.store(true, Ordering::Relaxed);
        pace.rest(Duration::from_mins(10));
        assert!(pace.is_stopped());
    }
}
