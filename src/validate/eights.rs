//! Short texts looked at eight bytes at a time: what letters, words and addresses are told by before
//! anybody looks at them one by one.

/// A byte in each place of a word of eight.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte.
const HIGH: u64 = each(0x80);

/// Whether all words of eight bytes of a text fit. Some bytes are looked at twice, and those of a text of
/// less than eight several times; of no bytes all fit.
#[inline]
pub(super) fn all(text: &[u8], fits: impl Fn(u64) -> bool) -> bool {
    match text.last_chunk() {
        Some(end) => {
            let (words, _) = text.as_chunks();
            fits(u64::from_le_bytes(*end)) && words.iter().all(|it| fits(u64::from_le_bytes(*it)))
        }
        None => text.is_empty() || fits(ends(text)),
    }
}

/// The first and the last four bytes of a text; of a shorter one all of its bytes, some of them twice.
#[inline]
pub(super) const fn ends(text: &[u8]) -> u64 {
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            (u32::from_le_bytes(*first) as u64) | (u32::from_le_bytes(*last) as u64) << 32
        }
        _ => match *text {
            [] => 0,
            [a] => each(a),
            [a, b] => u64::from_le_bytes([a, b, a, b, a, b, a, b]),
            [a, b, c, ..] => u64::from_le_bytes([a, b, c, a, b, c, a, b]),
        },
    }
}

/// Whether eight bytes are letters of ASCII.
#[inline]
pub(super) fn are_letters(word: u64) -> bool {
    let small = word & !HIGH | each(0x20);
    // A sum reaches the highest bit of its byte where the byte is not below the first letter, and where
    // it is beyond the last one. No sum goes beyond its byte.
    let from_a = small + each(0x80 - b'a');
    let beyond_z = small + each(0x7f - b'z');
    from_a & !beyond_z & !word & HIGH == HIGH
}

/// Whether of eight bytes none is a capital of ASCII, nor beyond it.
#[inline]
pub(super) fn are_folded(word: u64) -> bool {
    let plain = word & !HIGH;
    let from_a = plain + each(0x80 - b'A');
    let beyond_z = plain + each(0x7f - b'Z');
    (from_a & !beyond_z | word) & HIGH == 0
}

/// Bits that the words of a list set: a quick look at whether a word may be one of them.
pub(super) struct Sieve([u64; 64]);

impl Sieve {
    /// A sieve that lets nothing through.
    pub(super) const NONE: Self = Self([0; 64]);

    /// Lets a word through, in any case.
    #[expect(clippy::indexing_slicing, reason = "the compiler works it out, and would say so")]
    pub(super) const fn with(mut self, word: &[u8]) -> Self {
        let place = place(word);
        self.0[place / 64] |= 1 << (place % 64);
        self
    }

    /// Whether a word of ASCII may be one of the list.
    #[inline]
    pub(super) fn may_have(&self, word: &[u8]) -> bool {
        let place = place(word);
        self.0.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
    }
}

/// Where a word lies in a sieve, whatever the case of its letters.
#[inline]
const fn place(word: &[u8]) -> usize {
    let sum = (ends(word) | each(0x20)).wrapping_add(word.len() as u64);
    (sum.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn eight_bytes_at_a_time_say_what_one_after_the_other_says(
            text in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40),
            word in "[A-Za-z]{0,30}",
            at: proptest::sample::Index,
            byte: u8,
        ) {
            let mut near = word.clone().into_bytes();
            if !near.is_empty() {
                let at = at.index(near.len());
                near[at] = byte;
            }
            for text in [text, word.into_bytes(), near] {
                let folded = |byte: &u8| byte.is_ascii() && !byte.is_ascii_uppercase();
                assert_eq!(all(&text, are_letters), text.iter().all(u8::is_ascii_alphabetic));
                assert_eq!(all(&text, are_folded), text.iter().all(folded));
            }
        }

        #[test]
        fn a_sieve_lets_its_words_through(words in proptest::collection::vec("[a-z]{1,20}", 0..9)) {
            let sieve = words.iter().fold(Sieve::NONE, |sieve, word| sieve.with(word.as_bytes()));
            for word in &words {
                assert!(sieve.may_have(word.as_bytes()));
                assert!(sieve.may_have(word.to_uppercase().as_bytes()));
            }
        }
    }

    #[test]
    fn every_byte_is_told_in_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut word = [b'z'; 8];
                word[place] = byte;
                let word = u64::from_le_bytes(word);
                assert_eq!(are_letters(word), byte.is_ascii_alphabetic(), "{byte} {place}");
                let folded = byte.is_ascii() && !byte.is_ascii_uppercase();
                assert_eq!(are_folded(word), folded, "{byte} {place}");
            }
        }
    }
}
