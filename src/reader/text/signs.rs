//! Where the characters stand that mean something to whoever cuts a text: found 64 bytes at a time,
//! because most bytes of a text mean nothing.

use memchr::memchr;

/// Bytes that are looked at together, and those that the processor takes at once.
const STEP: usize = 64;
const LANES: usize = 16;
/// How many different signs there may be.
const MOST: usize = 5;

/// Walks over the places of some bytes in a text, which is the same one in every call.
#[derive(Clone, Debug)]
pub(super) struct Signs {
    /// Each of the signs, as often as there are lanes.
    wanted: [[u8; LANES]; MOST],
    /// How many of them are looked for: the first ones.
    count: usize,
    /// Behind the bytes that were looked at last.
    behind: usize,
    /// Which of these are wanted, and are still to come: the lowest bit is the first byte.
    left: u64,
}

impl Signs {
    /// Those of a text, from its beginning.
    pub(super) fn new(wanted: [u8; MOST]) -> Self {
        let wanted = wanted.map(|sign| [sign; LANES]);
        Self { wanted, count: MOST, behind: 0, left: 0 }
    }

    /// Looks for those only that occur in the text.
    pub(super) fn narrow(&mut self, text: &[u8]) {
        let mut wanted: Vec<[u8; LANES]> = self.wanted.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|sign| memchr(sign[0], text).is_some());
        self.count = wanted.len();
        for (place, sign) in self.wanted.iter_mut().zip(wanted) {
            *place = sign;
        }
    }

    /// Goes on from a place, before or behind that of the last sign.
    pub(super) fn seek(&mut self, at: usize) {
        (self.left, self.behind) = (0, at);
    }

    /// The place of the next sign.
    #[inline]
    pub(super) fn next(&mut self, text: &[u8]) -> Option<usize> {
        if self.left == 0 && !self.look(text) {
            return None;
        }
        let at = self.behind + self.left.trailing_zeros() as usize - STEP;
        self.left &= self.left - 1;
        Some(at)
    }

    /// Looks at the next bytes until some are wanted; tells whether there are any.
    #[inline(never)]
    fn look(&mut self, text: &[u8]) -> bool {
        match self.count {
            0 => false,
            1 => self.look_for::<1>(text),
            2 => self.look_for::<2>(text),
            3 => self.look_for::<3>(text),
            4 => self.look_for::<4>(text),
            _ => self.look_for::<MOST>(text),
        }
    }

    #[inline]
    fn look_for<const N: usize>(&mut self, text: &[u8]) -> bool {
        let Some(wanted) = self.wanted.first_chunk::<N>() else { return false };
        while let Some(rest) = text.get(self.behind..).filter(|rest| !rest.is_empty()) {
            self.behind += STEP;
            self.left = if let Some(bytes) = rest.first_chunk() {
                among(bytes, wanted)
            } else {
                let mut bytes = [0; STEP];
                bytes.iter_mut().zip(rest).for_each(|(byte, last)| *byte = *last);
                among(&bytes, wanted) & ((1 << rest.len()) - 1)
            };
            if self.left != 0 {
                return true;
            }
        }
        false
    }
}

/// Which bytes are wanted. Comparisons without a branch, and eight answers gathered by one
/// multiplication: the compiler works on all lanes at once.
#[inline]
fn among<const N: usize>(bytes: &[u8; STEP], wanted: &[[u8; LANES]; N]) -> u64 {
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut hits = [0_u8; STEP];
    let (bytes, _) = bytes.as_chunks::<LANES>();
    for (hits, bytes) in hits.as_chunks_mut::<LANES>().0.iter_mut().zip(bytes) {
        for sign in wanted {
            for ((hit, byte), sign) in hits.iter_mut().zip(bytes).zip(sign) {
                *hit |= u8::from(byte == sign);
            }
        }
    }
    let (eights, _) = hits.as_chunks::<8>();
    eights
        .iter()
        .rev()
        .fold(0, |all, &eight| all << 8 | u64::from_le_bytes(eight).wrapping_mul(GATHER) >> 56)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_sign_is_found_from_anywhere(
            text in prop::collection::vec(prop::sample::select(b"a,\n\"\0\xff".as_slice()), 0..300),
            from in 0..300_usize,
            narrow in any::<bool>(),
        ) {
            for wanted in [*b",\n\"xy", [0, 0xff, b',', b',', 1], *b"zzzzz", *b"zzaaz"] {
                let mut signs = Signs::new(wanted);
                if narrow {
                    signs.narrow(&text);
                }
                let mut found = Vec::new();
                while let Some(at) = signs.next(&text) {
                    found.push(at);
                }
                let places = text.iter().enumerate().filter(|(_, byte)| wanted.contains(byte));
                let expected: Vec<usize> = places.map(|(at, _)| at).collect();
                prop_assert_eq!(&found, &expected);
                signs.seek(from);
                prop_assert_eq!(signs.next(&text), expected.into_iter().find(|at| *at >= from));
            }
        }
    }
}
