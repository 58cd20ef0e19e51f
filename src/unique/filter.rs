//! Which keys cannot be in a run: a Bloom filter in blocks, so that it costs one look into memory.

use super::Fingerprint;

/// Words of a block: 64 bytes, as a processor fetches them.
const WORDS: usize = 8;
/// Bits that are set for each key.
const BITS: u32 = 6;

/// A Bloom filter in blocks. Without blocks it rules nothing out.
#[derive(Debug, Default)]
pub(super) struct Filter {
    blocks: Vec<[u64; WORDS]>,
}

impl Filter {
    /// One of at most so many bytes.
    pub(super) fn of_bytes(bytes: usize) -> Self {
        Self { blocks: vec![[0; WORDS]; bytes / size_of::<[u64; WORDS]>()] }
    }

    /// What it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.blocks.as_slice())
    }

    /// Puts a key into it.
    pub(super) fn add(&mut self, key: Fingerprint) {
        let block = self.block(key);
        if let Some(words) = self.blocks.get_mut(block) {
            for (word, bit) in words.iter_mut().zip(bits(key)) {
                *word |= bit;
            }
        }
    }

    /// Whether a key may have been put into it; if not, it was not.
    pub(super) fn may_hold(&self, key: Fingerprint) -> bool {
        let words = self.blocks.get(self.block(key));
        words.is_none_or(|words| words.iter().zip(bits(key)).all(|(word, bit)| word & bit == bit))
    }

    /// What lies where a key would, for looking there in time.
    pub(super) fn near(&self, key: Fingerprint) -> u32 {
        self.blocks.get(self.block(key)).map_or(0, |words| u32::from(words.first() == Some(&1)))
    }

    fn block(&self, key: Fingerprint) -> usize {
        let block = (u64::from(key.tail()) * self.blocks.len() as u64) >> 32;
        usize::try_from(block).unwrap_or(usize::MAX)
    }
}

/// The bits of a key in the words of its block: those of one number each, six words of them.
fn bits(key: Fingerprint) -> [u64; WORDS] {
    let mut left = key.head();
    let mut bits = [0; WORDS];
    for _ in 0..BITS {
        let (word, bit) = (left & 7, left >> 3 & 63);
        left >>= 9;
        if let Some(into) = usize::try_from(word).ok().and_then(|word| bits.get_mut(word)) {
            *into |= 1 << bit;
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unique::Fingerprinter;

    #[test]
    fn what_was_put_in_is_never_ruled_out_and_little_else_is_let_through() {
        let print = Fingerprinter::default();
        let keys = |from: u32| (from..from + 20_000).map(move |n| print.of(&n.to_le_bytes()));
        for (bytes, most) in [(25_000, 600), (12_500, 4_000), (64, 20_000), (0, 20_000)] {
            let mut filter = Filter::of_bytes(bytes);
            keys(0).for_each(|key| filter.add(key));
            assert!(filter.bytes() <= bytes);
            assert!(keys(0).all(|key| filter.may_hold(key)));
            let wrong = keys(50_000).filter(|key| filter.may_hold(*key)).count();
            assert!(wrong <= most, "{wrong} of 20,000 were let through by {bytes} bytes");
        }
    }
}
