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
            told: None,
        }
    }

    /// Whether a request may go out now. If so, it is counted.
    pub(super) fn ask(&mut self, now: Duration) -> Ask {
        let (mut until, mut cause) = self.rate.next(now);
        match self.quota.ready(now) {
            Ready::At(at) if at >= until => (until, cause) = (at, Some(Wait::Breaker)),
            // How long the probe takes is not known.
            Ready::Probing { lapses } if lapses >= until => (until, cause) = (lapses, None),
            Ready::Now | Ready::At(_) | Ready::Probing { .. } => {}
        }
        if until <= now {
            self.made(now);
            return Ask::Go;
        }
        let told = cause.filter(|cause| {
            let news = self.told.is_none_or(|(other, told)| other != *cause || until > told);
            news && until.saturating_sub(now) >= NOTICEABLE
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
    }

    /// The target is at work.
    pub(super) fn succeeded(&mut self) {
        self.quota.succeeded();
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
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a request.
    #[derive(Clone, Copy)]
    enum Said {
        Fine,
        Failed,
        Throttled(Option<u64>),
    }
    use Said::{Failed, Fine, Throttled};

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// A clock that nobody waits for, and one who sends by it.
    struct Fake {
        gate: Gate,
        now: Duration,
        told: Vec<Wait>,
    }

    impl Fake {
        fn new(interval: Duration) -> Self {
            Self { gate: Gate::new(interval, 7), now: Duration::ZERO, told: Vec::new() }
        }

        /// Waits for a turn, and gives how long that took.
        fn turn(&mut self) -> Duration {
            let began = self.now;
            while let Ask::Wait { until, told } = self.gate.ask(self.now) {
                assert!(until > self.now);
                self.told.extend(told);
                self.now = until;
            }
            self.now.saturating_sub(began)
        }

        /// Takes the answer to a request.
        fn take(&mut self, said: Said) {
            match said {
                Fine => self.gate.succeeded(),
                Failed => self.gate.failed(self.now),
                Throttled(after) => self.gate.throttled(self.now, after.map(seconds)),
            }
        }
    }

    #[test]
    fn given_answers_give_given_delays() {
        let all_failed = [Failed; 36];
        let broken = |behind: &[Said]| [&all_failed, behind].concat();
        let none = |delays: &[f64]| [&[0.0; 36], delays].concat();
        for (name, interval, answers, delays) in [
            ("no limit", 0, vec![Fine; 3], vec![0.0; 4]),
            ("the rate", 2, vec![Fine; 3], vec![0.0, 2.0, 2.0, 2.0]),
            ("failures do not slow down", 0, vec![Failed; 3], vec![0.0; 4]),
            ("half the rate", 2, vec![Throttled(None), Fine], vec![0.0, 4.0, 4.0]),
            ("of what was", 2, vec![Throttled(None), Throttled(None)], vec![0.0, 4.0, 8.0]),
            ("so long as asked", 2, vec![Throttled(Some(60)), Fine], vec![0.0, 60.0, 2.0 / 0.8]),
            ("but the rate is kept", 2, vec![Throttled(Some(1))], vec![0.0, 4.0]),
            ("now", 0, vec![Throttled(Some(0))], vec![0.0, 0.1]),
            ("not for ever", 0, vec![Throttled(Some(u64::MAX))], vec![0.0, 600.0]),
            ("a broken target", 0, broken(&[Failed, Failed, Fine]), none(&[5.0, 10.0, 20.0, 0.0])),
            (
                "a broken target that asks for patience",
                0,
                broken(&[Throttled(Some(30)), Throttled(Some(7))]),
                none(&[5.0, 30.0, 20.0]),
            ),
            ("a broken target with a rate", 8, vec![Failed; 37], {
                let mut delays = vec![8.0; 38];
                (delays[0], delays[37]) = (0.0, 10.0);
                delays
            }),
        ] {
            let mut fake = Fake::new(seconds(interval));
            for (number, expected) in delays.into_iter().enumerate() {
                let found = fake.turn().as_secs_f64();
                // Up to a tenth more than the target asked for.
                let near = found > expected - 1e-6 && found < expected * 1.1 + 1e-6;
                assert!(near, "{name}: {found} before request {number}, not {expected}");
                if let Some(said) = answers.get(number) {
                    fake.take(*said);
                }
            }
        }
    }

    #[test]
    fn long_waits_are_told_once_with_their_cause() {
        for (interval, answers, told) in [
            (30, vec![Fine; 3], vec![]),
            (0, vec![Throttled(None)], vec![]),
            (0, vec![Throttled(Some(30))], vec![Wait::Throttled]),
            (1, vec![Throttled(None); 2], vec![Wait::Throttled; 2]),
            (0, vec![Failed; 38], vec![Wait::Breaker; 3]),
        ] {
            let mut fake = Fake::new(seconds(interval));
            for said in answers {
                fake.turn();
                fake.take(said);
            }
            // Somebody else who waits for the same says nothing more.
            let first = fake.gate.ask(fake.now);
            if let Ask::Wait { until, .. } = first {
                assert_eq!(fake.gate.ask(fake.now), Ask::Wait { until, told: None });
                fake.told.extend(match first {
                    Ask::Wait { told, .. } => told,
                    Ask::Go => None,
                });
            }
            assert_eq!(fake.told, told);
        }
    }
}
