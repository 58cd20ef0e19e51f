//! The rules for the next request, taken together, without a clock of their own: whoever asks says
//! what time it is, and is told to go or until when to wait.

use std::time::Duration;

use super::quota::{Quota, Ready};
use super::rate::Rate;
use crate::writer::retry::{Dice, asked};
use crate::writer::watch::Wait;

/// A wait that is shorter is not told.
const NOTICEABLE: Duration = Duration::from_secs(1);

/// What is to be done about a request that wants to go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// It goes out, and is counted.
    Go,
    /// It waits, unless something happens before.
    Wait {
        until: Duration,
        /// Why, if that is to be told: it is said once.
        told: Option<Wait>,
    },
}

/// Rate, patience, quota and breaker of one target. Every time is counted from the same beginning.
#[derive(Debug)]
pub(super) struct Gate {
    rate: Rate,
    quota: Quota,
    dice: Dice,
    /// The first attempt since the last answer.
    quiet_since: Option<Duration>,
    /// The wait that was told last: until when.
    told: Option<(Wait, Duration)>,
}

impl Gate {
    /// At most one request in `interval`; jitter from `seed`.
    pub(super) fn new(interval: Duration, seed: u64) -> Self {
        Self {
            rate: Rate::new(interval),
            quota: Quota::default(),
            dice: Dice::new(seed),
            quiet_since: None,
            told: None,
        }
    }

    /// Whether a request may go out now. If so, it is counted.
    pub(super) fn ask(&mut self, now: Duration) -> Ask {
        let (mut until, mut cause) = self.rate.next(now);
        match self.quota.ready(now) {
            Ready::Now => {}
            Ready::At(at) if at >= until => (until, cause) = (at, Some(Wait::Breaker)),
            // How long the probe takes is not known.
            Ready::Probing { lapses } if lapses >= until => (until, cause) = (lapses, None),
            Ready::At(_) | Ready::Probing { .. } => {}
        }
        if until <= now {
            self.made(now);
            return Ask::Go;
        }
        let told = cause.filter(|cause| {
            let news = self.told.is_none_or(|(other, told)| other != *cause || until > told);
            news && until - now >= NOTICEABLE
        });
        if let Some(cause) = told {
            self.told = Some((cause, until));
        }
        Ask::Wait { until, told }
    }

    /// Counts a request as made.
    pub(super) fn made(&mut self, now: Duration) {
        self.rate.made(now);
        self.quota.made(now);
        self.quiet_since.get_or_insert(now);
    }

    /// The target is at work.
    pub(super) fn succeeded(&mut self) {
        self.quota.succeeded();
        self.quiet_since = None;
    }

    /// The connection or the server failed.
    pub(super) fn failed(&mut self, now: Duration) {
        self.quota.failed(now);
    }

    /// The target asked for patience.
    pub(super) fn throttled(&mut self, now: Duration, after: Option<Duration>) {
        self.quota.throttled(now);
        self.rate.throttled(now);
        if let Some(after) = after {
            self.rate.hold(now + asked(after, &mut self.dice));
        }
    }

    /// Since when nothing was answered.
    pub(super) fn silent_for(&self, now: Duration) -> Duration {
        self.quiet_since.map_or(Duration::ZERO, |since| now.saturating_sub(since))
    }
}
