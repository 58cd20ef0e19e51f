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

/// Seconds of some thirty thousand years, which clocks can count.
const FOREVER: u64 = 1 << 40;

/// Reads `Retry-After`: seconds, or a date in any of the three forms of RFC 9110 held against `now`,
/// once, when the answer arrives. A date that is over says to come back now; more seconds than can be
/// counted are still a wish for patience, and as many as can be added to any time.
pub fn retry_after(value: &str, now: jiff::Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = value.parse().unwrap_or(FOREVER);
        return Some(Duration::from_secs(seconds.min(FOREVER)));
    }
    let at = http_date(value)?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// A date of HTTP. The weekday says nothing that the date does not.
pub(super) fn http_date(value: &str) -> Option<jiff::Timestamp> {
    let date = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Ok(at) = date.parse_timestamp(value) {
        return Some(at);
    }
    let (_, behind) = value.split_once([',', ' '])?;
    let old = ["%d-%b-%y %H:%M:%S GMT", "%b %e %H:%M:%S %Y"];
    let read = |form| jiff::civil::DateTime::strptime(form, behind.trim()).ok();
    let at = old.into_iter().find_map(read)?;
    at.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn given_causes_give_given_pauses() {
        use Cause::{Throttled, Transient};
        let after = |seconds| Throttled(Some(Duration::from_secs(seconds)));
        // What happens, and between which bounds the pause is, in milliseconds.
        for (name, causes) in [
            (
                "the connection fails",
                [50, 100, 200, 400, 800, 1600, 3200].map(|most| (Transient, (0, most))).to_vec(),
            ),
            (
                "patience, without saying how long",
                [1, 2, 4, 8, 16, 20, 20].map(|most| (Throttled(None), (0, most * 1000))).to_vec(),
            ),
            ("what is asked for wins", vec![(after(3), (3000, 3300)), (after(0), (0, 0))]),
            ("within reason", vec![(after(u64::MAX), (600_000, 660_000))]),
            (
                "one after the other",
                vec![(Transient, (0, 50)), (Throttled(None), (0, 2000)), (Transient, (0, 200))],
            ),
        ] {
            for seed in 0..50 {
                let mut attempts = Attempts::new(8, seed);
                for (cause, (least, most)) in &causes {
                    attempts.made();
                    let pause = attempts.pause_at(Duration::ZERO, *cause).unwrap();
                    assert!(pause >= ms(*least) && pause <= ms(*most), "{name}: {pause:?}");
                }
            }
        }
    }

    #[test]
    fn pauses_are_spread_over_the_whole() {
        let pause = |seed| {
            let mut attempts = Attempts::new(8, seed);
            attempts.made();
            attempts.pause_at(Duration::ZERO, Cause::Throttled(None)).unwrap()
        };
        let pauses: Vec<_> = (0..200).map(pause).collect();
        let below = |most| pauses.iter().filter(|pause| **pause < ms(most)).count();
        for quarter in 1..=4 {
            let part = below(quarter * 250) - below((quarter - 1) * 250);
            assert!((25..=75).contains(&part), "{part} of 200 in quarter {quarter}");
        }
    }

    #[test]
    fn attempts_end_by_number_and_by_time() {
        let after = |seconds| Cause::Throttled(Some(Duration::from_secs(seconds)));
        for (most, made, elapsed, cause, again) in [
            (8, 7, 0, Cause::Transient, true),
            (8, 8, 0, Cause::Transient, false),
            (8, 8, 0, after(1), false),
            (1, 1, 0, Cause::Transient, false),
            (8, 1, 899, Cause::Transient, true),
            (8, 1, 900, Cause::Transient, false),
            (8, 1, 0, after(600), true),
            (8, 2, 600, after(200), true),
            (8, 2, 600, after(300), false),
        ] {
            let mut attempts = Attempts::new(most, 7);
            (0..made).for_each(|_| attempts.made());
            let pause = attempts.pause_at(Duration::from_secs(elapsed), cause);
            assert_eq!(pause.is_some(), again, "{made} of {most} after {elapsed} s: {cause:?}");
        }
    }

    #[test]
    fn a_status_tells_whether_waiting_may_help() {
        use Cause::{Throttled, Transient};
        let after = Some(Duration::from_secs(9));
        for (status, after, expected) in [
            (429, None, Some(Throttled(None))),
            (429, after, Some(Throttled(after))),
            (503, after, Some(Throttled(after))),
            (503, None, Some(Transient)),
            (500, None, Some(Transient)),
            (500, after, Some(Transient)),
            (502, None, Some(Transient)),
            (504, None, Some(Transient)),
            (408, None, Some(Transient)),
            (200, None, None),
            (202, after, None),
            (302, after, None),
            (400, None, None),
            (401, None, None),
            (403, None, None),
            (404, None, None),
            (409, None, None),
            (413, after, None),
            (422, None, None),
        ] {
            assert_eq!(Cause::of(status, after), expected, "{status} {after:?}");
        }
    }

    #[test]
    fn retry_after_is_read_in_all_forms() {
        let now: jiff::Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        for (value, expected) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("007", Some(7)),
            ("99999999999999999999999", Some(FOREVER)),
            ("18446744073709551615", Some(FOREVER)),
            ("Sun, 22 Nov 2026 10:00:30 GMT", Some(30)),
            ("Mon, 22 Nov 2026 10:00:30 GMT", Some(30)),
            ("Sunday, 22-Nov-26 10:00:30 GMT", Some(30)),
            ("Sun Nov 22 10:00:30 2026", Some(30)),
            ("Tue Dec  1 10:00:00 2026", Some(9 * 86_400)),
            // An hour behind, and an age.
            ("Sun, 22 Nov 2026 09:00:00 GMT", Some(0)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun Nov  6 08:49:37 1994", Some(0)),
            ("Wed, 29 Dec 9999 23:59:59 GMT", Some(251_606_786_399)),
            ("Sun, 22 Nov 2026", None),
            ("Sun, 42 Nov 2026 10:00:30 GMT", None),
            ("soon", None),
            ("", None),
            ("-3", None),
            ("+3", None),
            ("1.5", None),
            ("3 seconds", None),
        ] {
            assert_eq!(retry_after(value, now), expected.map(Duration::from_secs), "{value}");
        }
    }
}
