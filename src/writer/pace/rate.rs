//! How fast requests may follow each other: GCRA with a burst of one at the target's own rate, slowed
//! down by half whenever the target asks for patience, and let up again little by little.

use std::collections::VecDeque;
use std::time::Duration;

use crate::writer::watch::Wait;

/// The slowest that a target is slowed down to.
const SLOWEST: Duration = Duration::from_secs(30);
/// What a slowed rate gains in each step, as a part of the whole rate.
const GAIN: f64 = 0.05;
/// How long a step takes.
const STEP: Duration = Duration::from_secs(10);
/// Where a target has no rate of its own, the fastest that it is taken to have had: on a fast line a
/// few answers a moment apart would make a figure that halving does not bring down in time.
const FASTEST: Duration = Duration::from_millis(50);
/// How far back, and over how many requests, what was really sent is looked at.
const LATELY: (Duration, usize) = (Duration::from_secs(10), 32);

/// The rhythm of one target.
#[derive(Debug)]
pub(super) struct Rate {
    /// The least time between two requests that the target's settings say; zero for no limit.
    interval: Duration,
    last: Option<Duration>,
    /// When the last requests went out, where the settings say no rate.
    lately: VecDeque<Duration>,
    slowed: Option<Slowed>,
    /// Whether a request went out since the rate was last halved.
    fresh: bool,
    /// Nothing goes out before.
    held: Duration,
}

/// A rate that is not what it could be.
#[derive(Clone, Copy, Debug)]
struct Slowed {
    /// The time between two requests at the whole rate.
    whole: Duration,
    /// The part of the whole rate that was left at `since`.
    part: f64,
    since: Duration,
}

impl Slowed {
    /// The part of the whole rate that is allowed now.
    fn part(&self, now: Duration) -> f64 {
        let steps = (now.saturating_sub(self.since).as_secs_f64() / STEP.as_secs_f64()).floor();
        (self.part + GAIN * steps).min(1.0)
    }
}

impl Rate {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            interval,
            last: None,
            lately: VecDeque::new(),
            slowed: None,
            fresh: true,
            held: Duration::ZERO,
        }
    }

    /// When the next request may go out, and why it waits if not for the usual rhythm.
    pub(super) fn next(&mut self, now: Duration) -> (Duration, Option<Wait>) {
        let interval = self.interval(now);
        let slowed = self.slowed.is_some().then_some(Wait::Throttled);
        let due = self.last.map_or(Duration::ZERO, |last| last + interval);
        if self.held > due { (self.held, Some(Wait::Throttled)) } else { (due, slowed) }
    }

    /// Counts a request as made.
    pub(super) fn made(&mut self, now: Duration) {
        self.last = Some(now);
        self.fresh = true;
        if self.interval.is_zero() {
            self.lately.push_back(now);
            if self.lately.len() > LATELY.1 {
                self.lately.pop_front();
            }
        }
    }

    /// Nothing goes out before `until`.
    pub(super) fn hold(&mut self, until: Duration) {
        self.held = self.held.max(until);
    }

    /// Halves the rate, once for all requests that were under way: what is said to them was said to
    /// the rate before.
    pub(super) fn throttled(&mut self, now: Duration) {
        // Reading the rate lets it up, so that what was whole again is measured anew.
        self.interval(now);
        let (whole, part) = match self.slowed {
            Some(slowed) => (slowed.whole, slowed.part(now)),
            None if self.interval.is_zero() => (self.measured(now), 1.0),
            None => (self.interval, 1.0),
        };
        let part = if self.fresh { part / 2.0 } else { part };
        let least = (whole.as_secs_f64() / SLOWEST.as_secs_f64()).min(1.0);
        self.slowed = Some(Slowed { whole, part: part.max(least), since: now });
        self.fresh = false;
    }

    /// The time between two requests now. Where it is what it was before, nothing is slowed any more:
    /// a target without a rate of its own has none again, until it says otherwise.
    fn interval(&mut self, now: Duration) -> Duration {
        let part = self.slowed.map_or(1.0, |slowed| slowed.part(now));
        match self.slowed {
            Some(slowed) if part < 1.0 => slowed.whole.div_f64(part),
            _ => {
                self.slowed = None;
                self.interval
            }
        }
    }

    /// The time between two requests, as they were really sent lately.
    fn measured(&self, now: Duration) -> Duration {
        let lately = self.lately.iter().filter(|made| now.saturating_sub(**made) <= LATELY.0);
        let (mut first, mut gaps) = (None, 0_u32);
        for made in lately {
            match first {
                None => first = Some(*made),
                Some(_) => gaps += 1,
            }
        }
        let span = self.last.unwrap_or_default().saturating_sub(first.unwrap_or_default());
        span.checked_div(gaps).unwrap_or(FASTEST).max(FASTEST)
    }
}
