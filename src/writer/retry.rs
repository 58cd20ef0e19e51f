//! When a request is sent again, and after which pause. One layer, no waiting here.
//!
//! Pauses grow exponentially with full jitter; what the target asks for wins. Sources: the retry
//! behaviour that the large SDKs document (base 50 ms transient, 1 s throttled, cap 20 s), RFC 9110
//! section 10.2.3 for `Retry-After`.

use std::time::{Duration, Instant};

/// Why a request is to be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The connection or the server failed.
    Transient,
    /// The target asked for patience, perhaps for so long.
    Throttled(Option<Duration>),
}

impl Cause {
    /// What a status says of sending the same request again; nothing where it would be in vain, or
    /// where only the target's judge can tell. A 503 that names no time may be any failure behind a
    /// gateway.
    pub fn of(status: u16, after: Option<Duration>) -> Option<Self> {
        match (status, after) {
            (429, after) | (503, after @ Some(_)) => Some(Self::Throttled(after)),
            (408 | 500..=599, _) => Some(Self::Transient),
            _ => None,
        }
    }
}

/// The longest pause that we choose ourselves.
const CAP: Duration = Duration::from_secs(20);
/// The longest pause that a target may ask for.
const MOST: Duration = Duration::from_mins(10);

/// The longest that one request is tried.
const DEADLINE: Duration = Duration::from_mins(15);

/// Attempts of one request and the pauses between them.
#[derive(Clone, Debug)]
pub struct Attempts {
    began: Instant,
    made: u32,
    most: u32,
    dice: Dice,
}

/// A small generator of jitter (`SplitMix64`); its seed makes a run repeatable.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A part of `whole`, from nothing to all of it.
    fn part(&mut self, whole: Duration) -> Duration {
        let nanos = u64::try_from(whole.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(self.roll() % nanos.max(1))
    }
}

/// The pause that a target asked for, as far as it is followed: within reason, and with up to a tenth
/// more, so that not all who were asked come back at once.
pub(super) fn asked(after: Duration, dice: &mut Dice) -> Duration {
    let after = after.min(MOST);
    after + dice.part(after / 10)
}

impl Attempts {
    /// At most `most` attempts within a quarter of an hour from now; jitter from `seed`.
    pub fn new(most: u32, seed: u64) -> Self {
        Self { began: Instant::now(), made: 0, most, dice: Dice(seed) }
    }

    /// Counts an attempt as made.
    pub fn made(&mut self) {
        self.made += 1;
    }

    /// How many were made.
    pub fn count(&self) -> u32 {
        self.made
    }

    /// The pause before the next attempt, or nothing when there have been enough, or when the next
    /// would come too late.
    pub fn pause(&mut self, cause: Cause) -> Option<Duration> {
        self.pause_at(self.began.elapsed(), cause)
    }

    /// The same, so long after the beginning.
    fn pause_at(&mut self, elapsed: Duration, cause: Cause) -> Option<Duration> {
        if self.made >= self.most {
            return None;
        }
        let base = match cause {
            Cause::Throttled(Some(after)) => {
                return in_time(elapsed, asked(after, &mut self.dice));
            }
            Cause::Throttled(None) => Duration::from_secs(1),
            Cause::Transient => Duration::from_millis(50),
        };
        let times = 1_u32.checked_shl(self.made.saturating_sub(1)).unwrap_or(u32::MAX);
        in_time(elapsed, self.dice.part(base.saturating_mul(times).min(CAP)))
    }
}

/// The pause, unless an attempt behind it would come too late.
fn in_time(elapsed: Duration, pause: Duration) -> Option<Duration> {
    (elapsed.saturating_add(pause) < DEADLINE).then_some(pause)
}

/// Reads `Retry-After`: seconds, or a date held against `now`.
pub fn retry_after(value: &str, now: jiff::Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let at = date.parse_timestamp(value).ok()?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        for (cause, longest) in [
            (Cause::Transient, [50, 100, 200, 400]),
            (Cause::Throttled(None), [1000, 2000, 4000, 8000]),
        ] {
            let mut attempts = Attempts::new(5, 7);
            for most in longest {
                attempts.made();
                let pause = attempts.pause(cause).unwrap();
                assert!(pause <= Duration::from_millis(most), "{cause:?}: {pause:?} over {most}");
            }
            attempts.made();
            assert_eq!(attempts.pause(cause), None, "five attempts are enough");
        }
    }

    #[test]
    fn what_the_target_asks_for_wins_within_reason() {
        let mut attempts = Attempts::new(3, 7);
        attempts.made();
        let asked = Duration::from_secs(3);
        let pause = attempts.pause(Cause::Throttled(Some(asked))).unwrap();
        assert!(pause >= asked && pause <= Duration::from_millis(3300), "{pause:?}");
        let absurd = Duration::from_secs(1 << 40);
        let pause = attempts.pause(Cause::Throttled(Some(absurd))).unwrap();
        assert!(pause <= Duration::from_mins(11), "{pause:?}");
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now: jiff::Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        for (value, expected) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Sun, 22 Nov 2026 10:00:30 GMT", Some(30)),
            ("Sun, 22 Nov 2026 09:00:00 GMT", Some(0)),
            ("soon", None),
            ("-3", None),
        ] {
            assert_eq!(retry_after(value, now), expected.map(Duration::from_secs), "{value}");
        }
    }
}
