//! Which request meets which fault: decided by its number and a seed, so that the order of arrival
//! is all that counts.

use std::time::Duration;

use serde::Deserialize;

use super::entry::WHOLE;
use super::kind::{Act, Place};

/// One fault with the requests that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) on: On,
    pub(super) path: String,
    /// The share of them, in millionths.
    pub(super) share: u32,
    pub(super) numbers: Option<Vec<u64>>,
    pub(super) from: u64,
    pub(super) until: u64,
    pub(super) every: u64,
    pub(super) from_ms: u64,
    pub(super) until_ms: u64,
    pub(super) act: Act,
}

/// Which requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum On {
    /// Those that carry people.
    Write,
    /// All others.
    Read,
    Any,
}

/// The faults in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    faults: Vec<Fault>,
}

/// How many requests each fault has had to do with.
#[derive(Debug, Default)]
pub(super) struct Counts(Vec<u64>);

/// A fault that a request meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Met {
    /// Its place in the file, from 1.
    pub(super) entry: usize,
    pub(super) act: Act,
    /// A number that is random and always the same.
    pub(super) dice: u64,
}

/// What is met: a new connection, or a request on one.
#[derive(Clone, Copy)]
pub(super) enum Meeting<'a> {
    Connection,
    Request { writes: bool, path: &'a str },
}

impl Plan {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self { faults }
    }

    pub(super) fn count(&self) -> usize {
        self.faults.len()
    }

    /// Whether some of it is about connections: each then takes one request, or none would be new.
    pub(super) fn is_about_connections(&self) -> bool {
        self.faults.iter().any(Fault::is_about_connections)
    }

    /// The faults that are met, in the order of the file, and counts the meeting.
    pub(super) fn meet(
        &self,
        counts: &mut Counts,
        seed: u32,
        meeting: Meeting<'_>,
        since: Duration,
    ) -> Vec<Met> {
        counts.0.resize(self.faults.len(), 0);
        let mut met = Vec::new();
        for (entry, (fault, count)) in (1..).zip(self.faults.iter().zip(&mut counts.0)) {
            if !fault.is_for(meeting) {
                continue;
            }
            *count += 1;
            let dice = roll(&[u64::from(seed), entry as u64, *count]);
            if fault.hits(*count, dice, since) {
                met.push(Met { entry, act: fault.act.clone(), dice });
            }
        }
        met
    }
}

impl Fault {
    fn is_about_connections(&self) -> bool {
        matches!(self.act, Act::Refuse { .. } | Act::Stall { at: Place::Accept, .. })
    }

    fn is_for(&self, meeting: Meeting<'_>) -> bool {
        match meeting {
            Meeting::Connection => self.is_about_connections(),
            Meeting::Request { writes, path } => {
                let kind = match self.on {
                    On::Write => writes,
                    On::Read => !writes,
                    On::Any => true,
                };
                !self.is_about_connections() && kind && path.starts_with(&self.path)
            }
        }
    }

    fn hits(&self, number: u64, dice: u64, since: Duration) -> bool {
        let ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        (self.from..=self.until).contains(&number)
            && number.is_multiple_of(self.every)
            && self.numbers.as_ref().is_none_or(|numbers| numbers.contains(&number))
            && self.from_ms <= ms
            && ms < self.until_ms
            && falls(dice, self.share)
    }
}

/// Whether a dice falls within a share in millionths.
pub(super) fn falls(dice: u64, share: u32) -> bool {
    dice % u64::from(WHOLE) < u64::from(share)
}

/// A number that follows from others and looks random (the steps of `SplitMix64`).
pub(super) fn roll(of: &[u64]) -> u64 {
    of.iter().fold(0x5eed, |state, part| {
        let mut z = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

#[cfg(test)]
mod tests {
    use super::super::entry::read;
    use super::*;

    /// The numbers of the first requests that meet a fault of these lines.
    fn hit(lines: &str, seed: u32, requests: u64) -> Vec<u64> {
        let plan = Plan::new(read(&format!("[[fault]]\nkind = \"html\"\n{lines}\n")).unwrap());
        let mut counts = Counts::default();
        let meeting = Meeting::Request { writes: true, path: "/api/v3/profiles/batch.json" };
        let mut meets = || !plan.meet(&mut counts, seed, meeting, Duration::ZERO).is_empty();
        (1..=requests).filter(|_| meets()).collect()
    }

    #[test]
    fn the_requests_are_those_that_are_named() {
        for (lines, expected) in [
            ("", &[1, 2, 3, 4, 5, 6, 7, 8][..]),
            ("numbers = [3, 7]", &[3, 7]),
            ("from = 5", &[5, 6, 7, 8]),
            ("from = 3\nuntil = 4", &[3, 4]),
            ("every = 4", &[4, 8]),
            ("every = 2\nfrom = 3", &[4, 6, 8]),
            ("share = 0.0", &[]),
            ("on = \"read\"", &[]),
            ("on = \"write\"\npath = \"/api/v3/\"", &[1, 2, 3, 4, 5, 6, 7, 8]),
            ("path = \"/scim\"", &[]),
            ("from_ms = 1", &[]),
            ("until_ms = 1", &[1, 2, 3, 4, 5, 6, 7, 8]),
        ] {
            assert_eq!(hit(lines, 1, 8), expected, "{lines}");
        }
    }

    #[test]
    fn a_share_is_about_that_share_and_another_one_for_each_seed() {
        let hits = hit("share = 0.2", 7, 10_000);
        assert!((1_800..2_200).contains(&hits.len()), "{}", hits.len());
        assert_eq!(hits, hit("share = 0.2", 7, 10_000));
        assert_ne!(hits, hit("share = 0.2", 8, 10_000));
    }

    #[test]
    fn a_fault_counts_only_what_it_is_for() {
        let text = "[[fault]]\nkind = \"html\"\non = \"write\"\nnumbers = [2]\n\
            [[fault]]\nkind = \"refuse\"\nnumbers = [1]\n";
        let plan = Plan::new(read(text).unwrap());
        let mut counts = Counts::default();
        let mut meet = |meeting| -> Vec<usize> {
            let met = plan.meet(&mut counts, 1, meeting, Duration::ZERO);
            met.iter().map(|met| met.entry).collect()
        };
        let request = |writes| Meeting::Request { writes, path: "/" };
        assert!(meet(request(true)).is_empty());
        assert!(meet(request(false)).is_empty());
        assert_eq!(meet(Meeting::Connection), [2]);
        assert_eq!(meet(request(true)), [1]);
        assert!(plan.is_about_connections());
    }
}
