//! How much failing is allowed before a target is only asked now and then: a budget of tokens that
//! failures take from and successes fill, and the breaker that opens when it is empty.
//!
//! The figures are those that the large SDKs document for their retry quota. A run that meets an outage
//! waits in it, and does not try every request of a long file in vain.

use std::time::Duration;

/// Tokens of a full budget.
const FULL: u32 = 500;
/// What a failed request costs.
const FAILURE: u32 = 14;
/// What a request costs for which the target asked for patience.
const THROTTLE: u32 = 5;
/// What a breaker that closes begins with: enough for some failures of a server that is only just
/// up again, and not for all over again.
const REOPENED: u32 = 10 * FAILURE;
/// The pauses before the probes of an open breaker; the last stays.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(40),
    Duration::from_mins(1),
];
/// A probe of which nothing was told for so long is not waited for any more.
const LAPSE: Duration = Duration::from_mins(2);

/// When the quota lets a request out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ready {
    /// At any time.
    Now,
    /// One, from then on.
    At(Duration),
    /// Not while the probe is under way, or until it is given up.
    Probing { lapses: Duration },
}

/// The budget and the breaker.
#[derive(Debug)]
pub(super) struct Quota {
    tokens: u32,
    open: Option<Open>,
}

/// A breaker that is open.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// How many probes have failed.
    failed: usize,
    /// When the next probe may go out.
    next: Duration,
    /// When the probe that is under way went out.
    probe: Option<Duration>,
}

impl Default for Quota {
    fn default() -> Self {
        Self { tokens: FULL, open: None }
    }
}

impl Open {
    /// After so many failed probes, from `now` on.
    fn after(failed: usize, now: Duration) -> Self {
        let pause = PAUSES.get(failed).or(PAUSES.last()).copied().unwrap_or_default();
        Self { failed, next: now + pause, probe: None }
    }
}

impl Quota {
    /// When a request may go out.
    pub(super) fn ready(&self, now: Duration) -> Ready {
        match self.open {
            None => Ready::Now,
            Some(Open { probe: Some(probe), .. }) if now < probe + LAPSE => {
                Ready::Probing { lapses: probe + LAPSE }
            }
            Some(Open { next, .. }) => Ready::At(next),
        }
    }

    /// A request went out: while the breaker is open, the probe.
    pub(super) fn made(&mut self, now: Duration) {
        if let Some(open) = &mut self.open {
            open.probe = Some(now);
        }
    }

    pub(super) fn succeeded(&mut self) {
        if self.open.take().is_some() {
            self.tokens = REOPENED;
        }
        self.tokens = (self.tokens + 1).min(FULL);
    }

    pub(super) fn failed(&mut self, now: Duration) {
        self.pay(FAILURE, now);
    }

    pub(super) fn throttled(&mut self, now: Duration) {
        self.pay(THROTTLE, now);
    }

    /// Takes tokens; opens the breaker when there are none left, and keeps it open for longer when a
    /// probe failed. Requests that were under way before it opened change nothing.
    fn pay(&mut self, cost: u32, now: Duration) {
        self.tokens = self.tokens.saturating_sub(cost);
        self.open = match self.open {
            Some(open) if open.probe.is_some() => Some(Open::after(open.failed + 1, now)),
            None if self.tokens == 0 => Some(Open::after(0, now)),
            open => open,
        };
    }
}
