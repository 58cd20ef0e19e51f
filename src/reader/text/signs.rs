//! Where the characters stand that mean something to whoever cuts a text: found 64 bytes at a time,
//! because most bytes of a text mean nothing. Tests hold the processor's widest registers and its narrowest to the
//! same answers.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};

/// Bytes that are looked at together: one for each bit of a word.
const STEP: usize = 64;
/// Steps that are looked at in one go, because each time has its own cost.
const STEPS: usize = 16;
/// How many different signs there may be.
const MOST: usize = 5;

/// Walks over the places of some bytes in a text, which is the same one in every call.
#[derive(Clone, Debug)]
pub(super) struct Signs {
    wanted: [u8; MOST],
    /// How many of them there are: the first ones.
    count: usize,
    /// How wide the registers of the processor are.
    level: Level,
    /// Which bytes are wanted of the steps that were looked at last: the lowest bit is the first byte.
    seen: [u64; STEPS],
    /// The first of these that is still to come.
    next: usize,
    /// Behind the step in front of it.
    behind: usize,
    /// Which bytes of that step are wanted, and are still to come.
    left: u64,
}

impl Signs {
    /// Those of a text, from its beginning.
    pub(super) fn new(wanted: [u8; MOST]) -> Self {
        let (mut signs, mut count) = ([0; MOST], 0);
        for sign in wanted {
            let is_new = !signs.iter().take(count).any(|known| *known == sign);
            if let Some(place) = signs.get_mut(count).filter(|_| is_new) {
                (*place, count) = (sign, count + 1);
            }
        }
        let (level, seen) = (Level::new(), [0; STEPS]);
        Self { wanted: signs, count, level, seen, next: STEPS, behind: 0, left: 0 }
    }

    /// Goes on from a place, before or behind that of the last sign, in this text or another one.
    pub(super) fn seek(&mut self, at: usize) {
        (self.left, self.next, self.behind) = (0, STEPS, at);
    }

    /// The same a little further on in the same text, of which nothing there was changed: what was looked at is not
    /// looked at again.
    #[inline]
    pub(super) fn skip_to(&mut self, at: usize) {
        if self.left != 0 && (self.at()..self.behind).contains(&at) {
            self.left &= u64::MAX << (at + STEP - self.behind);
            return;
        }
        self.seek(at);
    }

    /// Where the next sign stands, if one is left of the step.
    #[inline]
    fn at(&self) -> usize {
        self.behind + self.left.trailing_zeros() as usize - STEP
    }

    /// The place of the next sign.
    #[inline]
    pub(super) fn next(&mut self, text: &[u8]) -> Option<usize> {
        while self.left == 0 {
            if self.next == STEPS && !self.look(text) {
                return None;
            }
            self.left = self.seen.get(self.next).copied().unwrap_or_default();
            self.next += 1;
            self.behind += STEP;
        }
        let at = self.at();
        self.left &= self.left - 1;
        Some(at)
    }

    /// Looks at the next bytes; tells whether there are any.
    #[inline(never)]
    fn look(&mut self, text: &[u8]) -> bool {
        let Some(rest) = text.get(self.behind..).filter(|rest| !rest.is_empty()) else {
            return false;
        };
        match self.count {
            1 => self.look_for::<1>(rest),
            2 => self.look_for::<2>(rest),
            3 => self.look_for::<3>(rest),
            4 => self.look_for::<4>(rest),
            _ => self.look_for::<MOST>(rest),
        }
        self.next = 0;
        true
    }

    #[inline]
    fn look_for<const N: usize>(&mut self, text: &[u8]) {
        if let Some(wanted) = self.wanted.first_chunk::<N>() {
            dispatch!(self.level, simd => mark(simd, text, wanted, &mut self.seen));
        }
    }
}

/// Marks which bytes of the first steps of a text are wanted.
#[expect(clippy::inline_always, reason = "only then is it compiled for the registers there are")]
#[inline(always)]
fn mark<S: Simd, const N: usize>(simd: S, text: &[u8], wanted: &[u8; N], seen: &mut [u64; STEPS]) {
    let wanted = wanted.map(|sign| u8x64::splat(simd, sign));
    let (steps, rest) = text.as_chunks::<STEP>();
    for (seen, bytes) in seen.iter_mut().zip(steps) {
        *seen = among(simd, bytes, &wanted);
    }
    if let Some((last, behind)) = seen.get_mut(steps.len()..).and_then(<[_]>::split_first_mut) {
        let mut bytes = [0; STEP];
        bytes.iter_mut().zip(rest).for_each(|(byte, last)| *byte = *last);
        *last = among(simd, &bytes, &wanted) & ((1 << rest.len()) - 1);
        behind.fill(0);
    }
}

/// Which bytes are wanted.
#[expect(clippy::inline_always, reason = "only then is it compiled for the registers there are")]
#[inline(always)]
fn among<S: Simd>(simd: S, bytes: &[u8; STEP], wanted: &[u8x64<S>]) -> u64 {
    let bytes = u8x64::from_slice(simd, bytes);
    let mut all = 0;
    for sign in wanted {
        all |= bytes.simd_eq(*sign).to_bitmask();
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts of up to some goes, in which signs stand close together or far apart.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        let close = prop::sample::select(b"a,\n\"\0\xff".as_slice()).prop_map(|byte| vec![byte]);
        let far = (0..1500_usize).prop_map(|length| vec![b'a'; length]);
        let piece = prop_oneof![20 => close, 1 => far];
        prop::collection::vec(piece, 0..100).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_sign_is_found_from_anywhere(
            text in text(),
            from in 0..3000_usize,
            wide in any::<bool>(),
            hops in prop::collection::vec(0..200_usize, 0..60),
        ) {
            for wanted in [*b",\n\"xy", [0, 0xff, b',', b',', 1], *b"zzzzz", *b"zzaaz"] {
                let mut signs = Signs::new(wanted);
                if !wide {
                    signs.level = Level::baseline();
                }
                let mut found = Vec::new();
                while let Some(at) = signs.next(&text) {
                    found.push(at);
                }
                prop_assert_eq!(signs.next(&text), None);
                let places = text.iter().enumerate().filter(|(_, byte)| wanted.contains(byte));
                let expected: Vec<usize> = places.map(|(at, _)| at).collect();
                prop_assert_eq!(&found, &expected);
                signs.seek(from);
                let mut place = from;
                for hop in &hops {
                    let next = signs.next(&text);
                    prop_assert_eq!(next, expected.iter().copied().find(|at| *at >= place));
                    // A little on mostly, or back.
                    let on = next.unwrap_or(place) + hop.min(&80);
                    place = if hop % 2 == 0 { on } else { on.saturating_sub(hop / 9) };
                    if place == on {
                        signs.skip_to(place);
                    } else {
                        signs.seek(place);
                    }
                }
                prop_assert_eq!(signs.next(&text), expected.into_iter().find(|at| *at >= place));
            }
        }
    }
}
