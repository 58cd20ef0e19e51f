//! How fast requests are settled, and how long the rest will take, without wild jumps: the weighted
//! mean of what this process has done, in which the last half a minute counts most. A pause that was
//! announced is no work.

use std::time::Duration;

/// How long what was measured keeps about a third of its weight, where requests are quick.
const MEMORY: f64 = 30.0;

/// And so many requests, where they are slow.
const MEMORY_REQUESTS: f64 = 8.0;

/// Before so many requests and so much time there is nothing to go by.
const FEWEST: u64 = 2;
const SHORTEST: Duration = Duration::from_secs(2);

/// The speed of a delivery. Times are those of one clock that never goes back.
#[derive(Clone, Debug, Default)]
pub(super) struct Rate {
    began: Duration,
    last: Duration,
    /// Since when nothing is sent, and until when at most.
    pause: Option<(Duration, Duration)>,
    /// How much of the time since `last` was pauses.
    idle: Duration,
    settled: u64,
    /// Requests and seconds, both with the weight of their age.
    weighed: f64,
    seconds: f64,
}

impl Rate {
    pub(super) fn begin(&mut self, at: Duration) {
        *self = Self { began: at, last: at, ..Self::default() };
    }

    /// Nothing is sent for so long, at most.
    pub(super) fn pause(&mut self, at: Duration, pause: Duration) {
        self.resume(at);
        self.pause = Some((at, at + pause));
    }

    /// Something is sent.
    pub(super) fn resume(&mut self, at: Duration) {
        if let Some((from, until)) = self.pause.take() {
            self.idle += at.min(until).saturating_sub(from);
        }
    }

    /// A request was settled.
    pub(super) fn settle(&mut self, at: Duration) {
        let pause = self.pause;
        self.resume(at);
        let took = at.saturating_sub(self.last).saturating_sub(self.idle).as_secs_f64();
        // A pause that others still keep goes on.
        self.pause = pause.filter(|(_, until)| *until > at).map(|(_, until)| (at, until));
        self.settled += 1;
        let mean = if self.weighed > 0.0 { self.seconds / self.weighed } else { took };
        let fading = (-took / MEMORY.max(MEMORY_REQUESTS * mean)).exp();
        self.weighed = self.weighed * fading + 1.0;
        self.seconds = self.seconds * fading + took;
        self.last = at;
        self.idle = Duration::ZERO;
    }

    /// Requests a second.
    pub(super) fn per_second(&self) -> Option<f64> {
        let measured = self.settled >= FEWEST && self.last.saturating_sub(self.began) >= SHORTEST;
        (measured && self.seconds > 0.0).then(|| self.weighed / self.seconds)
    }

    /// How long so many requests will take. It counts down from one request to the next, but never
    /// further than one request can bring it.
    pub(super) fn left(&self, requests: u64, at: Duration) -> Option<Duration> {
        let each = self.per_second()?.recip();
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let whole = each * requests as f64;
        let since = at.saturating_sub(self.last).saturating_sub(self.idle).as_secs_f64();
        Duration::try_from_secs_f64((whole - since.min(each)).max(0.0)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// The estimates right after each request, from these times in milliseconds.
    fn estimates(times: &[u64], of: u64) -> Vec<Option<f64>> {
        let mut rate = Rate::default();
        rate.begin(ms(0));
        let settle = |(done, &at): (u64, &u64)| {
            rate.settle(ms(at));
            rate.left(of - done, ms(at)).map(|left| left.as_secs_f64())
        };
        (1..).zip(times).map(settle).collect()
    }

    #[test]
    fn an_even_pace_is_told_exactly_and_not_too_early() {
        let times: Vec<u64> = (1..=20).map(|n| n * 1500).collect();
        let left = estimates(&times, 24);
        assert_eq!(left[0], None, "one request is nothing to go by");
        for (done, left) in (1..=20_u32).zip(&left).skip(1) {
            let left = left.unwrap();
            let exact = f64::from(24 - done) * 1.5;
            assert!((left - exact).abs() < 1e-6, "after {done}: {left}");
        }
        assert_eq!(estimates(&[100, 200, 300], 9), [None; 3], "nor is a third of a second");
    }

    #[test]
    fn an_uneven_pace_does_not_make_the_estimate_jump() {
        // Bursts of four, as four senders make them, and one request that takes four times as long.
        let mut times = Vec::new();
        for burst in 1..=30_u64 {
            let late = if burst >= 20 { 3_000 } else { 0 };
            times.extend([0, 40, 80, 120].map(|more| burst * 1000 + late + more));
        }
        let left = estimates(&times, 400);
        let seen: Vec<f64> = left.into_iter().flatten().skip(8).collect();
        for pair in seen.windows(2) {
            let jump = pair[1] / pair[0];
            assert!((0.7..1.4).contains(&jump), "from {} to {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn a_pause_is_no_work_and_time_counts_down_between_requests() {
        let mut rate = Rate::default();
        rate.begin(ms(0));
        for n in 1..=10 {
            rate.settle(ms(n * 1000));
        }
        assert_eq!(rate.left(10, ms(10_000)), Some(ms(10_000)));
        assert_eq!(rate.left(10, ms(10_600)), Some(ms(9_400)));
        assert_eq!(rate.left(10, ms(19_000)), Some(ms(9_000)), "no further than one request");
        // A minute of patience was asked for, and work went on after a part of it.
        rate.pause(ms(10_000), ms(60_000));
        rate.resume(ms(40_000));
        rate.settle(ms(41_000));
        assert_eq!(rate.left(9, ms(41_000)), Some(ms(9_000)));
        // An answer that comes while others wait does not end their pause.
        rate.pause(ms(41_000), ms(20_000));
        rate.settle(ms(42_000));
        rate.settle(ms(62_000));
        let left = rate.left(7, ms(62_000)).unwrap();
        assert!(left < ms(8_000), "{left:?}");
    }
}
