//! SHA-256 (FIPS 180-4) of sixteen texts in lanes of 32 bits. Names of variables are those of its section 6.2.

use fearless_simd::prelude::*;
use fearless_simd::{Avx512, u8x64, u32x16};

use super::{Body, Digest};

/// Texts that are hashed together.
pub(super) const LANES: usize = 16;
/// Bytes of a block.
const BLOCK: usize = 64;
/// Bytes behind a text, at the least: a mark, and its length in bits.
const PADDING: usize = 9;

/// The hash of sixteen texts so far, word by word.
type State = [[u32; LANES]; 8];

/// Section 5.3.3.
#[rustfmt::skip]
const INITIAL: [u32; 8] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
];

/// Section 4.2.2, in portions of as many as a block has words.
#[rustfmt::skip]
const CONSTANTS: [[u32; 16]; 4] = [
    [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    ],
    [
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    ],
    [
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    ],
    [
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ],
];

/// SHA-256 of each body, where hashing as many together pays.
pub(super) fn digests(processor: Avx512, bodies: &[&Body]) -> Option<Vec<Digest>> {
    let blocks = |body: &Body| (body.len() + PADDING).div_ceil(BLOCK);
    let most = bodies.iter().map(|body| blocks(body)).max()?;
    let all: usize = bodies.iter().map(|body| blocks(body)).sum();
    // A lane whose text has ended works for nothing.
    if bodies.len() > LANES || all * 3 < most * LANES * 2 {
        return None;
    }
    let mut texts = bodies.iter();
    let mut lanes: [_; LANES] = std::array::from_fn(|_| {
        let body = texts.next();
        let pieces = body.into_iter().flat_map(|body| body.pieces());
        Blocks::of(pieces, body.map_or(0, |body| body.len()))
    });
    let mut digests = vec![Digest::default(); bodies.len()];
    let mut state = INITIAL.map(|word| [word; LANES]);
    for done in 1..=most {
        compress(processor, &mut state, lanes.each_mut().map(Blocks::next));
        for (lane, (body, digest)) in bodies.iter().zip(&mut digests).enumerate() {
            if blocks(body) == done {
                let own = state.iter().filter_map(|word| word.get(lane));
                for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(own) {
                    *bytes = word.to_be_bytes();
                }
            }
        }
    }
    Some(digests)
}

/// A text in blocks, with what section 5.1.1 wants behind it.
struct Blocks<'a, I> {
    pieces: I,
    /// What is left of the piece under way.
    piece: &'a [u8],
    /// Bytes of the whole text.
    len: usize,
    /// Blocks that were taken.
    taken: usize,
    /// A block that lies in several pieces, or goes beyond the text.
    own: [u8; BLOCK],
}

impl<'a, I: Iterator<Item = &'a [u8]>> Blocks<'a, I> {
    fn of(pieces: I, len: usize) -> Self {
        Self { pieces, piece: &[], len, taken: 0, own: [0; BLOCK] }
    }

    /// The next block; zeroes behind the last one.
    fn next(&mut self) -> &[u8; BLOCK] {
        self.taken += 1;
        match self.piece.split_first_chunk() {
            Some((block, rest)) => {
                self.piece = rest;
                block
            }
            None => self.gather(),
        }
    }

    #[cold]
    fn gather(&mut self) -> &[u8; BLOCK] {
        self.own.fill(0);
        let mut free = self.own.as_mut_slice();
        while !free.is_empty() {
            if self.piece.is_empty() {
                let Some(piece) = self.pieces.next() else { break };
                self.piece = piece;
            }
            let (now, later) = self.piece.split_at(free.len().min(self.piece.len()));
            let (filled, rest) = free.split_at_mut(now.len());
            filled.copy_from_slice(now);
            (self.piece, free) = (later, rest);
        }
        if self.len / BLOCK + 1 == self.taken
            && let Some(mark) = free.first_mut()
        {
            *mark = 0x80;
        }
        if (self.len + PADDING).div_ceil(BLOCK) == self.taken
            && let Some(bits) = self.own.last_chunk_mut()
        {
            *bits = (self.len as u64 * 8).to_be_bytes();
        }
        &self.own
    }
}

fearless_simd::kernel!(
    /// Takes the next block of each text into the hashes (section 6.2.2).
    #[expect(clippy::indexing_slicing, reason = "of arrays, in loops of a fixed length")]
    fn compress(processor: Avx512, state: &mut State, blocks: [&[u8; BLOCK]; LANES]) {
        use core::arch::x86_64::{
            __m512i, _mm512_add_epi32, _mm512_ror_epi32, _mm512_set1_epi32, _mm512_set4_epi32,
            _mm512_shuffle_epi8, _mm512_shuffle_i32x4, _mm512_srli_epi32,
            _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32, _mm512_unpackhi_epi64,
            _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
        };
        const XOR: i32 = 0b1001_0110;
        const CHOICE: i32 = 0b1100_1010;
        const MAJORITY: i32 = 0b1110_1000;

        // The bytes of each word the other way round.
        let other_way = _mm512_set4_epi32(0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203);
        // The words of a block each into a register, and from there the first of each block into the first
        // register, and so on.
        let mut words = blocks.map(|block| {
            _mm512_shuffle_epi8(u8x64::from_slice(processor, block).into(), other_way)
        });
        let mut turned = words;
        for at in (0..LANES).step_by(2) {
            let (one, other) = (words[at], words[at + 1]);
            turned[at] = _mm512_unpacklo_epi32(one, other);
            turned[at + 1] = _mm512_unpackhi_epi32(one, other);
        }
        for at in (0..LANES).step_by(4) {
            let [one, two, three, four] =
                [turned[at], turned[at + 1], turned[at + 2], turned[at + 3]];
            words[at] = _mm512_unpacklo_epi64(one, three);
            words[at + 1] = _mm512_unpackhi_epi64(one, three);
            words[at + 2] = _mm512_unpacklo_epi64(two, four);
            words[at + 3] = _mm512_unpackhi_epi64(two, four);
        }
        for at in 0..4 {
            for half in [0, 8] {
                let (one, other) = (words[half + at], words[half + at + 4]);
                turned[half + at] = _mm512_shuffle_i32x4::<0b1000_1000>(one, other);
                turned[half + at + 4] = _mm512_shuffle_i32x4::<0b1101_1101>(one, other);
            }
        }
        for at in 0..8 {
            let (one, other) = (turned[at], turned[at + 8]);
            words[at] = _mm512_shuffle_i32x4::<0b1000_1000>(one, other);
            words[at + 8] = _mm512_shuffle_i32x4::<0b1101_1101>(one, other);
        }

        let before = state.map(|word| __m512i::from(u32x16::from_slice(processor, &word)));
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = before;
        for (portion, constants) in CONSTANTS.iter().enumerate() {
            for at in 0..16 {
                if portion > 0 {
                    let (near, far) = (words[(at + 1) % 16], words[(at + 14) % 16]);
                    let s0 = _mm512_ternarylogic_epi32::<XOR>(
                        _mm512_ror_epi32::<7>(near),
                        _mm512_ror_epi32::<18>(near),
                        _mm512_srli_epi32::<3>(near),
                    );
                    let s1 = _mm512_ternarylogic_epi32::<XOR>(
                        _mm512_ror_epi32::<17>(far),
                        _mm512_ror_epi32::<19>(far),
                        _mm512_srli_epi32::<10>(far),
                    );
                    words[at] = _mm512_add_epi32(
                        _mm512_add_epi32(words[at], s0),
                        _mm512_add_epi32(words[(at + 9) % 16], s1),
                    );
                }
                let k = _mm512_set1_epi32(constants[at].cast_signed());
                let s1 = _mm512_ternarylogic_epi32::<XOR>(
                    _mm512_ror_epi32::<6>(e),
                    _mm512_ror_epi32::<11>(e),
                    _mm512_ror_epi32::<25>(e),
                );
                let choice = _mm512_ternarylogic_epi32::<CHOICE>(e, f, g);
                let t1 = _mm512_add_epi32(
                    _mm512_add_epi32(_mm512_add_epi32(h, k), words[at]),
                    _mm512_add_epi32(s1, choice),
                );
                let s0 = _mm512_ternarylogic_epi32::<XOR>(
                    _mm512_ror_epi32::<2>(a),
                    _mm512_ror_epi32::<13>(a),
                    _mm512_ror_epi32::<22>(a),
                );
                let majority = _mm512_ternarylogic_epi32::<MAJORITY>(a, b, c);
                (h, g, f, e) = (g, f, e, _mm512_add_epi32(d, t1));
                (d, c, b) = (c, b, a);
                a = _mm512_add_epi32(t1, _mm512_add_epi32(s0, majority));
            }
        }
        let after = [a, b, c, d, e, f, g, h];
        for ((word, before), after) in state.iter_mut().zip(before).zip(after) {
            let sum: u32x16<_> = _mm512_add_epi32(before, after).simd_into(processor);
            sum.store_slice(word);
        }
    }
);
